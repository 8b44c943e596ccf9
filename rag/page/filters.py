"""The filters: which documents questions are answered from; only wiring, see `choices`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.page import shelf
from rag.page.choices import Choice, Choices, choices, filters_of
from rag.page.progress import notice
from rag.page.service import Service
from rag.page.state import Shared
from rag.page.words import Words
from rag.schema import Filters


def build(service: Service, words: Words, shared: Shared) -> None:
    """Lay out the filters; they set `shared.filters` and follow `shared.index`."""
    parts = _Filters(service, words)
    with gr.Accordion(parts.title(Filters()), open=False, elem_id="filters") as fold:
        with gr.Row():
            company = _list(words("Company", "公司"), "filter-company")
            publisher = _list(words("Publisher", "机构"), "filter-publisher")
            kind = _list(words("Kind", "类型"), "filter-kind")
            rating = _list(words("Rating", "评级"), "filter-rating")
        with gr.Row():
            since = _date(words("From", "自"), "filter-since")
            until = _date(words("Until", "至"), "filter-until")
            clear = gr.Button(words("No filters", "清除筛选"), size="sm", min_width=100)
        said = gr.HTML(elem_id="filter-said")
    fields: list[Any] = [company, publisher, kind, rating, since, until]
    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "concurrency_limit": None,
        "api_visibility": "private",
    }
    offered: dict[str, Any] = quiet | {
        "fn": parts.offer,
        "inputs": shared.index,
        "outputs": [*fields, said],
    }
    shared.entered.then(**offered)
    shared.changed.change(**offered)
    shared.index.change(parts.renew, shared.index, [*fields, said, shared.filters, fold], **quiet)
    chosen = [*(field.change for field in fields[:4]), *(d.submit for d in fields[4:])]
    chosen += [since.blur, until.blur]
    gr.on(chosen, parts.choose, fields, [shared.filters, fold, said], **quiet)
    clear.click(parts.clear, None, [*fields, shared.filters, fold], **quiet)


class _Filters:
    """What the events of the filters do."""

    def __init__(self, service: Service, words: Words) -> None:
        self._service = service
        self._words = words

    def title(self, filters: Filters) -> str:
        """Return the line that is seen while the filters are folded."""
        values = (
            filters.company, filters.publisher, filters.kind, filters.rating, filters.since,
            filters.until,
        )  # fmt: skip
        count = sum(value is not None for value in values)
        if not count:
            return self._words("Filters: all documents", "筛选：全部文档")
        return self._words(f"Filters: {count} set", f"筛选：已设 {count} 项")

    def offer(self, index: str) -> list[Any]:
        """Return the lists with the values that the index has; what is chosen stays."""
        found = self._choices(index)
        lists = (found.companies, found.publishers, found.kinds, found.ratings)
        span = ""
        if found.first:
            span = self._words(
                f"The documents are dated {found.first} to {found.last}.",
                f"文档日期为 {found.first} 至 {found.last}。",
            )
        return [
            *(gr.update(choices=self._with_all(offered)) for offered in lists),
            gr.skip(),
            gr.skip(),
            notice(span) if span else "",
        ]

    def renew(self, index: str) -> list[Any]:
        """Return the lists of another index, with nothing chosen."""
        *_, said = offered = self.offer(index)
        lists = [gr.update(choices=update["choices"], value="") for update in offered[:4]]
        return [*lists, "", "", said, Filters(), gr.update(label=self.title(Filters()))]

    def choose(self, *fields: str | None) -> tuple[Any, ...]:
        """Return the filters that the fields stand for."""
        filters, wrong = filters_of(*fields)
        said: Any = gr.skip()
        if wrong is not None:
            said = notice(
                self._words(
                    f"“{wrong}” is not a date; expected 2024, 2024-03 or 2024-03-31",
                    f"“{wrong}”不是日期；应为 2024、2024-03 或 2024-03-31",
                ),
                bad=True,
            )
        return filters, gr.update(label=self.title(filters)), said

    def clear(self) -> list[Any]:
        """Return empty fields and no filters."""
        return [""] * 6 + [Filters(), gr.update(label=self.title(Filters()))]

    def _choices(self, index: str) -> Choices:
        if index not in self._service.indexes():
            return Choices()
        try:
            return choices(shelf.entries(index))
        except RagError:  # the library tab says what is wrong with it
            return Choices()

    def _with_all(self, offered: Sequence[Choice]) -> list[Choice]:
        return [(self._words("all", "全部"), ""), *offered]


def _list(label: str, name: str) -> gr.Dropdown:
    return gr.Dropdown(
        choices=[("", "")],
        value="",
        label=label,
        allow_custom_value=True,  # a company may be given by any name or code it has
        min_width=100,
        elem_id=name,
    )


def _date(label: str, name: str) -> gr.Textbox:
    return gr.Textbox(
        label=label, placeholder="2024-03-31", max_length=20, min_width=100, elem_id=name
    )
