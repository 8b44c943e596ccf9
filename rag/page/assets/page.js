/* What the page does by itself: buttons inside HTML, hover cards, scrolling, announcements. */
() => {
  if (window.ragReady) return;
  window.ragReady = true;
  const find = (selector, root = document) => root.querySelector(selector);
  const narrow = () => window.matchMedia("(max-width: 900px)").matches;
  document.documentElement.lang = location.pathname.includes("/en") ? "en" : "zh";

  // What is added above must not push the answer out of a phone's window.
  document.documentElement.style.overflowAnchor = "none";

  // One live region for screen readers, and names for the parts that gradio gives none.
  const announcer = document.createElement("div");
  announcer.id = "announcer";
  announcer.setAttribute("role", "status");
  announcer.setAttribute("aria-live", "polite");
  document.body.append(announcer);
  const announce = (words) => {
    if (announcer.textContent !== words) announcer.textContent = words;
  };

  const heard = (part) => {
    const words = part.cloneNode(true);
    words.querySelectorAll(".hover").forEach((card) => card.remove());
    return words.textContent.replace(/\s+/g, " ");
  };

  const copy = async (button) => {
    const words = button.dataset.text;
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      const area = document.createElement("textarea"); // no clipboard outside of https
      area.value = words;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    announce(button.dataset.done);
    const label = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 1500);
  };

  // A click on a label: its card comes into view, the report follows from the server.
  let wanted = null;
  const focusCard = () => {
    const card = wanted && document.getElementById(`card-${wanted.exchange}-${wanted.label}`);
    document.querySelectorAll(".card.current").forEach((old) => old.classList.remove("current"));
    if (!card) return;
    card.classList.add("current");
    if (!narrow() || wanted.focus) card.scrollIntoView({ block: "nearest" });
    if (wanted.focus) card.focus({ preventScroll: true });
    wanted.focus = false;
  };
  const show = (data, button) => {
    wanted = { exchange: data.exchange, label: data.label, focus: button.matches(".pill") };
    focusCard();
    window.ragSend("do_show", data);
    if (narrow()) find("#chat-evidence")?.scrollIntoView();
  };

  const act = (button) => {
    const data = { ...button.dataset };
    const name = data.do;
    delete data.do;
    hide();
    if (name === "copy") copy(button);
    else if (name === "show") show(data, button);
    else if (name === "page") window.ragSend("do_page", { ...data, exchange: wanted?.exchange ?? "" });
    else if (name !== "remove" || window.confirm(data.confirm)) window.ragSend(`do_${name}`, data);
    if (name === "edit") find("#chat-box textarea")?.focus();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-do]");
    if (button && !button.disabled) act(button);
    const other = event.target.closest?.("a.page-language");
    if (other) other.search = location.search; // the same conversation in the other language
  });

  // Hover cards: placed against the window, so that no scrolling part cuts them off.
  let open = null;
  const hide = () => { open?.classList.remove("open"); open = null; };
  const reveal = (pill) => {
    const card = pill.nextElementSibling;
    if (open === card) return;
    hide();
    open = card;
    card.classList.add("open");
    const at = pill.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - card.offsetWidth - 8));
    const below = at.bottom + 6;
    const fits = below + card.offsetHeight < innerHeight - 8;
    card.style.left = `${left}px`;
    card.style.top = `${fits ? below : Math.max(8, at.top - card.offsetHeight - 6)}px`;
  };
  document.addEventListener("pointerover", (event) => {
    const pill = event.target.closest?.(".pill");
    if (pill) reveal(pill);
    else if (open && !event.target.closest?.(".hover")) hide();
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(".pill:focus-visible")) reveal(event.target);
    else hide();
  });
  document.addEventListener("scroll", hide, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    // Enter that chooses a word in a Chinese input method must not send the question.
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
      event.stopImmediatePropagation();
    }
  }, true);

  // What changes by itself is followed: the address, the end of the log, the marked place.
  const watch = (selector, follow) => {
    const wait = setInterval(() => {
      const part = find(selector);
      if (!part) return;
      clearInterval(wait);
      new MutationObserver(() => follow(part)).observe(part, { childList: true, subtree: true });
      follow(part);
    }, 100);
  };
  const toEnd = () => {
    const scroll = find("#chat-scroll");
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
  };
  let shown = "";
  watch("#chat-log", (part) => {
    const name = find(".log", part)?.dataset.conversation;
    const address = new URL(location.href);
    if (name) address.searchParams.set("c", name);
    else if (find(".welcome", part)) address.searchParams.delete("c");
    if (address.href !== location.href) history.replaceState(null, "", address);
    const last = [...part.querySelectorAll(".exchange")].at(-1);
    if (last && last.id !== shown) {
      shown = last.id;
      wanted = { exchange: last.id.slice(2), label: "1" };
      const said = find(".words, .failed, .stopped", last);
      if (said) announce(heard(said));
      // A long answer is read from its beginning.
      const scroll = find("#chat-scroll");
      if (last.offsetHeight > scroll.clientHeight || narrow()) last.scrollIntoView();
      else toEnd();
    }
  });
  watch("#chat-live", (part) => {
    const stage = find("[aria-current=step], .queue", part);
    if (stage) announce(stage.textContent);
    if (part.textContent.trim()) toEnd();
  });
  watch("#chat-evidence", focusCard);
  watch("#chat-preview", (part) => {
    const place = find(".box, mark.here", part);
    const frame = narrow() ? find(".read", part) : part;
    if (!place || !frame) return;
    const middle = () => {
      const offset = place.getBoundingClientRect().top - frame.getBoundingClientRect().top;
      frame.scrollTop += offset - frame.clientHeight / 3;
    };
    const picture = find("img", part);
    if (picture && !picture.complete) picture.addEventListener("load", middle);
    else middle();
  });
}
