// Filters the cases of the page by kind, stage and text. Without it every case is shown.
"use strict";
for (const form of document.querySelectorAll("form.filter")) {
  const cases = [...document.querySelectorAll("details.case")];
  const count = form.querySelector("output");
  const show = () => {
    const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of cases) {
      const text = words.length ? one.textContent.toLowerCase() : "";
      one.hidden =
        (form.kind.value && one.dataset.kind !== form.kind.value) ||
        (form.stage.value && !one.dataset.stage.split(" ").includes(form.stage.value)) ||
        !words.every((word) => text.includes(word));
      shown += one.hidden ? 0 : 1;
    }
    count.textContent = `${shown} / ${cases.length}`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of form.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      for (const one of cases) if (!one.hidden) one.open = button.value === "open";
    });
  }
  form.hidden = false;
  show();
}
