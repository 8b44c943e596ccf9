"""The Library tab: upload, list, search, remove; several indexes. Only wiring: see `upkeep`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.load.sniff import SUFFIXES
from rag.page import listing, picker, shelf, uploads
from rag.page.progress import notice
from rag.page.service import Service
from rag.page.state import Settings, Shared
from rag.page.upkeep import Upkeep
from rag.page.uploads import Upload
from rag.page.words import Words

_NAMES = "(files, _) => [files, JSON.stringify((files || []).map((f) => f.orig_name))]"
"""Run in the browser: the names that files had there, which the server shows but does not use."""
_REMOVE = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-remove]');
  if (button && confirm(button.dataset.question)) trigger('click', { remove: button.dataset.remove });
});
"""
_MB = 1_000_000


def build(service: Service, words: Words, shared: Shared) -> None:
    """Lay the tab out inside the open `gr.Tab`."""
    tab = _Tab(service, words)
    with gr.Row(equal_height=False):
        picker.build(service, words, shared, "library")
        with (
            gr.Column(min_width=280),
            gr.Accordion(words("Indexes", "管理索引"), open=False, elem_id="library-indexes"),
        ):
            name = gr.Textbox(
                label=words("Name of a new index", "新索引名称"),
                max_length=100,
                elem_id="library-new",
            )
            with gr.Row():
                make = gr.Button(words("Make", "建立"), size="sm", min_width=100)
                rebuild = gr.Button(words("Build anew", "重建当前索引"), size="sm", min_width=100)
                delete = gr.Button(
                    words("Delete", "删除当前索引"), size="sm", variant="stop", min_width=100
                )
    files = gr.File(
        label=words("Drop reports here, or click", "把研报拖到这里，或点击选择"),
        file_count="multiple",
        height=160,
        elem_id="library-drop",
    )
    names = gr.Textbox(visible=False)
    arrived = gr.State(())  # on the server: a path is never taken from a browser
    said_yes = gr.Textbox(visible=False)
    gr.HTML(f'<p class="limits">{_limits(words)}</p>')
    news = gr.HTML(elem_id="library-news")
    stop = gr.Button(words("Stop", "停止"), size="sm", visible=False, elem_id="library-stop")
    search = gr.Textbox(
        value="",
        label=words("Search the list", "在列表中搜索"),
        placeholder=words("title, company, code, publisher …", "标题、公司、代码、机构……"),
        elem_id="library-search",
    )
    listed = gr.HTML(js_on_load=_REMOVE, elem_id="library-list")

    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "concurrency_limit": None,
        "api_visibility": "private",
    }
    long: dict[str, Any] = quiet | {"trigger_mode": "multiple"}
    showing = {"fn": tab.show, "inputs": [shared.index, search], "outputs": listed} | quiet
    working = [news, stop, shared.changed]

    shared.entered.then(**showing)
    shared.entered.then(tab.resume, shared.index, working, **long)
    gr.on([shared.index.change, shared.changed.change, search.change], **showing)

    files.upload(tab.arrived, [files, names], [files, arrived], js=_NAMES, **quiet).then(
        tab.upload, [arrived, shared.index, shared.settings], working, **long
    )
    gr.on(
        [make.click, name.submit],
        tab.make,
        [name, shared.index, shared.settings],
        [*working, shared.index, name],
        **long,
    )
    rebuild.click(
        tab.rebuild,
        [said_yes, shared.index],
        working,
        js=_confirm(words("Read all files of this index again?", "重新读取此索引的全部文件？")),
        **long,
    )
    delete.click(
        tab.delete,
        [said_yes, shared.index],
        [news, shared.index, shared.changed],
        js=_confirm(
            words(
                "Delete this index with all files uploaded to it?",
                "删除此索引及上传到其中的全部文件？",
            )
        ),
        **quiet,
    )
    stop.click(tab.stop, shared.index, **quiet)
    listed.click(tab.remove, shared.index, [news, shared.changed], **quiet)


class _Tab:
    """What the events of the tab do."""

    def __init__(self, service: Service, words: Words) -> None:
        self._service = service
        self._words = words
        self._upkeep = Upkeep(service, words)

    def show(self, index: str, searched: str | None) -> str:
        """Return the list of documents."""
        if index not in self._service.indexes():
            return listing.documents((), 0, self._words)
        try:
            entries = shelf.entries(index)
        except RagError as error:
            return notice(self._words.error(error), bad=True)
        return listing.documents(shelf.matching(entries, searched or ""), len(entries), self._words)

    def arrived(self, files: Sequence[str] | None, names: str) -> tuple[None, tuple[Upload, ...]]:
        """Empty the field for files; return where they are and what they were called."""
        paths = [str(file) for file in files or ()]
        named = zip(paths, _named(paths, names), strict=True)
        return None, tuple(Upload(Path(path), name) for path, name in named)

    def upload(
        self, arrived: Sequence[Upload], index: str, settings: Settings
    ) -> Iterator[tuple[Any, ...]]:
        """Take what has arrived into the index."""
        yield from self._watch(self._upkeep.upload(index, settings.profile, arrived))

    def make(self, name: str, index: str, settings: Settings) -> Iterator[tuple[Any, ...]]:
        """Make an index and choose it."""
        name = name.strip()
        for html in self._upkeep.make(name, settings.profile):
            yield html, gr.skip(), gr.skip(), gr.skip(), gr.skip()
        there = name in self._service.indexes()
        yield (
            gr.skip(),
            gr.skip(),
            _now(),
            name if there else index,
            "" if there else name,
        )

    def rebuild(self, yes: str, index: str) -> Iterator[tuple[Any, ...]]:
        """Build the index anew, when the visitor said yes."""
        yield from self._watch(self._upkeep.rebuild(index) if yes else iter(()))

    def resume(self, index: str) -> Iterator[tuple[Any, ...]]:
        """Show what is under way when somebody comes, or comes back."""
        yield from self._watch(self._upkeep.resume(index))

    def _watch(self, shown: Iterator[str]) -> Iterator[tuple[Any, ...]]:
        html = None
        for html in shown:
            yield html, gr.update(visible=True), gr.skip()
        if html is not None:
            yield gr.skip(), gr.update(visible=False), _now()
        else:  # a generator that yields nothing would empty its outputs
            yield gr.skip(), gr.skip(), gr.skip()

    def stop(self, index: str) -> None:
        """Stop what is under way."""
        self._upkeep.stop(index)

    def delete(self, yes: str, index: str) -> tuple[Any, ...]:
        """Delete the index, when the visitor said yes."""
        if not yes:
            return gr.skip(), gr.skip(), gr.skip()
        try:
            shelf.delete(index)
        except (RagError, OSError) as error:
            return notice(self._words.error(error), bad=True), gr.skip(), gr.skip()
        self._service.close_index(index)
        said = notice(self._words(f"Index “{index}” is deleted.", f"索引“{index}”已删除。"))
        return said, self._service.first_index(), _now()

    def remove(self, index: str, event: gr.EventData) -> tuple[Any, ...]:
        """Remove the document whose button was pressed and confirmed."""
        try:
            gone = shelf.remove(index, [str(event._data["remove"])])
        except (RagError, OSError) as error:
            return notice(self._words.error(error), bad=True), gr.skip()
        said = self._words(f"{gone} document removed.", f"已移除 {gone} 份文档。")
        return notice(said), _now()


def _now() -> int:
    """Return a number that was never returned before: something has changed."""
    return time.time_ns()


def _named(paths: Sequence[str], names: str) -> list[str]:
    """Return the original name of each path; its own where the browser did not tell."""
    try:
        told = json.loads(names)
    except ValueError:
        told = None
    if isinstance(told, list) and len(told) == len(paths) and all(told):
        return [str(name) for name in told]
    return [Path(path).name for path in paths]


def _confirm(question: str) -> str:
    """Return script that asks and puts the answer in the first input: ``yes`` or nothing."""
    return f"(_, ...rest) => [confirm({json.dumps(question)}) ? 'yes' : '', ...rest]"


def _limits(words: Words) -> str:
    allowed = uploads.limits()
    known = " ".join(suffix.removeprefix(".") for suffix in SUFFIXES)
    size, total = allowed.file_bytes // _MB, allowed.total_bytes // _MB
    return words(
        f"Up to {allowed.files} files at once, {size} MB each, {total} MB in an index. Types: {known}.",
        f"一次最多 {allowed.files} 个文件，每个不超过 {size} MB，每个索引共 {total} MB。"
        f"类型：{known}。",
    )
