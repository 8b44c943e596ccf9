"""The page as a web server: its address, its two languages, nothing from outside."""

from __future__ import annotations

import os
from importlib import resources

# Read by gradio while it is imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse

from rag.load.files import largest
from rag.page import shell
from rag.page.service import Service
from rag.page.words import LANGUAGES, Words, language_wanted

PORT = 7860
HOST = "127.0.0.1"


def application(service: Service) -> FastAPI:
    """Return the whole page as an ASGI application: ``/zh/`` and ``/en/``."""
    app = FastAPI(openapi_url=None)

    @app.get("/", include_in_schema=False)
    def choose(request: Request) -> RedirectResponse:
        wanted = language_wanted(request.headers.get("accept-language", ""))
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{wanted}/{query}")

    for language in LANGUAGES:
        gr.mount_gradio_app(
            app,
            shell.build(service, Words(language)),
            f"/{language}",
            theme=_theme(),
            css=_asset("page.css") + _asset("library.css"),
            max_file_size=largest(),
            js=_asset("page.js"),
            footer_links=[],
            show_error=False,
            ssr_mode=False,
        )
    return app


def serve(
    index: str | None = None, host: str = HOST, port: int = PORT, password: str | None = None
) -> None:
    """Serve the page until interrupted."""
    uvicorn.run(application(Service(index)), host=host, port=port, log_level="warning")


def _theme() -> gr.themes.Base:
    fonts = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    return gr.themes.Default(font=fonts, font_mono=["ui-monospace", "monospace"])


def _asset(name: str) -> str:
    return resources.files("rag.page").joinpath("assets", name).read_text(encoding="utf-8")
