"""The Settings tab: how answers are made, and the models for it; only wiring."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import gradio as gr

from rag.models import PROFILES
from rag.page import picker, weights
from rag.page.preferences import FEWEST, MOST, as_kept, checked
from rag.page.progress import notice
from rag.page.service import Service
from rag.page.state import Settings, Shared
from rag.page.upkeep import Upkeep
from rag.page.words import Words

_KEPT = "() => [localStorage.getItem('rag-settings') || '']"
_KEEP = "(settings) => { localStorage.setItem('rag-settings', settings); }"


def build(service: Service, words: Words, shared: Shared) -> None:
    """Lay the tab out inside the open `gr.Tab`."""
    tab = _Tab(service, words)
    with gr.Row(equal_height=False):
        with gr.Column(min_width=280):
            picker.build(service, words, shared, "settings")
            profile = gr.Radio(
                choices=tab.profiles(),
                value=service.settings.profile,
                label=words("Profile", "配置"),
                info=words(
                    "Which models are used; that of an index is fixed when it is made.",
                    "使用哪一组模型；索引的检索模型在建立时确定。",
                ),
                elem_id="setting-profile",
            )
            model = gr.Dropdown(
                choices=tab.models(),
                value=service.settings.model or "",
                label=words("Model that answers", "回答所用模型"),
                elem_id="setting-model",
            )
        with gr.Column(min_width=280):
            k = gr.Slider(
                FEWEST,
                MOST,
                value=service.settings.k,
                step=1,
                label=words("Passages to search out", "检索段落数"),
                info=words("More finds more and takes longer.", "越多越不易遗漏，但更慢。"),
                elem_id="setting-k",
            )
            strict = gr.Checkbox(
                value=service.settings.strict,
                label=words("Strict", "严格"),
                info=words(
                    "Figures that agree only by rounding are withheld, and doubtful answers are"
                    " refused sooner. Figures are checked either way.",
                    "仅四舍五入后一致的数字不予显示，把握不大的回答更早拒答。无论是否勾选，数字都会核验。",
                ),
                elem_id="setting-strict",
            )
    state = gr.HTML(elem_id="setting-state")
    with gr.Row():
        fetch = gr.Button(words("Fetch what is missing", "下载缺少的模型"), visible=False)
    news = gr.HTML(elem_id="setting-news")
    table = gr.HTML(elem_id="setting-models")
    kept = gr.Textbox(visible=False)

    page = gr.context.Context.root_block
    assert page is not None
    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "concurrency_limit": None,
        "api_visibility": "private",
    }
    fields: list[Any] = [profile, model, k, strict]
    models = [state, fetch, table]
    page.load(tab.enter, kept, [shared.settings, *fields], js=_KEPT, **quiet).then(
        tab.look, shared.settings, models, **quiet
    )
    page.load(tab.resume, shared.settings, [news, *models], **quiet)
    gr.on(
        [field.input for field in fields],
        tab.choose,
        [shared.settings, *fields],
        [shared.settings, kept],
        **quiet,
    ).then(None, kept, js=_KEEP).then(tab.look, shared.settings, models, **quiet)
    fetch.click(tab.fetch, shared.settings, [news, *models], **quiet)


class _Tab:
    """What the events of the tab do."""

    def __init__(self, service: Service, words: Words) -> None:
        self._service = service
        self._words = words
        self._upkeep = Upkeep(service, words)

    def profiles(self) -> list[tuple[str, str]]:
        """Return the profiles, each with its models."""
        names = {
            "default": self._words("default", "标准"),
            "light": self._words("light: smaller and clearly worse", "轻量：更小，效果明显较差"),
        }
        return [
            (f"{names.get(name, name)} · {profile.embedder} + {profile.generator}", name)
            for name, profile in PROFILES.items()
        ]

    def models(self) -> list[tuple[str, str]]:
        """Return the language models to choose from."""
        own = (self._words("that of the profile", "配置自带"), "")
        return [own, *((name, name) for name in self._allowed())]

    def enter(self, kept: str | None) -> list[Any]:
        """Return the settings of the last visit, and what the fields show of them."""
        try:
            given = json.loads(kept or "")
        except ValueError:
            given = None
        settings = checked(given, self._service.settings, self._allowed())
        return [settings, settings.profile, settings.model or "", settings.k, settings.strict]

    def choose(
        self, before: Settings, profile: str, model: str, k: float, strict: bool
    ) -> tuple[Settings, str]:
        """Return the settings that the fields show, and what the browser keeps of them."""
        given = {"profile": profile, "model": model, "k": k, "strict": strict}
        settings = checked(given, before, self._allowed())
        return settings, json.dumps(as_kept(settings))

    def look(self, settings: Settings) -> list[Any]:
        """Return what is there of the models these settings need."""
        used = weights.wanted(settings.profile, settings.model)
        missing = weights.missing(used)
        said = (
            notice(
                self._words(
                    f"Not on this machine yet: {', '.join(missing)}",
                    f"尚未下载：{'、'.join(missing)}",
                ),
                bad=True,
            )
            if missing
            else notice(self._words("All models are on this machine.", "所需模型均已就绪。"))
        )
        return [said, gr.update(visible=bool(missing)), weights.table(self._words, used)]

    def fetch(self, settings: Settings) -> Iterator[list[Any]]:
        """Fetch what is missing, showing how far it is."""
        yield from self._watch(self._upkeep.fetch(settings.profile, settings.model), settings)

    def resume(self, settings: Settings) -> Iterator[list[Any]]:
        """Show a fetch that is under way when somebody comes."""
        yield from self._watch(self._upkeep.resume(), settings)

    def _watch(self, shown: Iterator[str], settings: Settings) -> Iterator[list[Any]]:
        html = None
        for html in shown:
            yield [html, gr.skip(), gr.skip(), gr.skip()]
        if html is not None:
            yield [gr.skip(), *self.look(settings)]
        else:  # a generator that yields nothing would empty its outputs
            yield [gr.skip()] * 4

    def _allowed(self) -> list[str]:
        """Return the models a visitor may choose: the catalogue's, and that of the command line."""
        started = self._service.settings.model
        return list(dict.fromkeys((*([started] if started else []), *weights.generators())))
