"""The page as a web server: its address, its two languages, who may come in."""

from __future__ import annotations

import os
import socket
from importlib import resources

# Read by gradio while it is imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from rag.errors import UsageError
from rag.load.files import size_limit
from rag.page import export, shell
from rag.page.folder import Folder
from rag.page.guard import PERSON, Guard, require_password
from rag.page.service import Service
from rag.page.words import LANGUAGES, Words, language_wanted

PORT = 7860
HOST = "127.0.0.1"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def application(service: Service, password: str | None = None) -> Guard:
    """Return the whole page as an ASGI application: ``/zh/``, ``/en/``, ``/export/``.

    Args:
        service: Answers the questions.
        password: Asked of everybody, see `Guard`.
    """
    app = FastAPI(openapi_url=None)
    app.add_api_route("/", _choose)
    app.add_api_route("/favicon.ico", _icon)
    app.add_api_route("/export/{language}/{name}.{suffix}", _exported)
    for language in LANGUAGES:
        gr.mount_gradio_app(
            app,
            shell.build(service, Words(language)),
            f"/{language}",
            auth_dependency=_person if password else None,
            theme=_theme(),
            css=_asset("page.css") + _asset("library.css"),
            js=_asset("page.js"),
            footer_links=[],
            run_history=False,
            show_error=False,
            ssr_mode=False,
            max_file_size=size_limit(),
        )
    return Guard(app, password)


def serve(
    service: Service | None = None,
    host: str = HOST,
    port: int = PORT,
    password: str | None = None,
) -> None:
    """Serve the page until interrupted.

    Args:
        service: Answers the questions; it is closed in the end.
        host: Address to listen on.
        port: Port to listen on.
        password: Asked of everybody.

    Raises:
        UsageError: Others could reach `host`, and there is no password; or the port is taken.
    """
    require_password(host, password)
    _require_free(host, port)
    service = service or Service()
    try:
        uvicorn.run(application(service, password), host=host, port=port, log_level="warning")
    finally:
        service.close()


def _require_free(host: str, port: int) -> None:
    """Try to listen, for one clear line instead of a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"cannot listen on {host}:{port} ({error.strerror}); try: rag ui --port {port + 1}",
                f"无法监听 {host}:{port}（{error.strerror}）；可试：rag ui --port {port + 1}",
            ) from error


def _choose(request: Request) -> RedirectResponse:
    """Lead to the page in the language of the browser."""
    wanted = language_wanted(request.headers.get("accept-language", ""))
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{wanted}/{query}")


def _icon() -> Response:
    return Response(_asset("icon.svg"), media_type="image/svg+xml")


def _exported(language: str, name: str, suffix: str, request: Request) -> Response:
    """Send a conversation of whoever asks, as a file."""
    shown = Folder(request.scope.get(PERSON) or "").load(name)
    if shown is None or language not in LANGUAGES or suffix not in ("md", "docx"):
        raise HTTPException(404)
    words = Words(language)
    headers = {"content-disposition": f'attachment; filename="{shown.id}.{suffix}"'}
    if suffix == "md":
        return Response(export.markdown(words, shown), 200, headers, "text/markdown; charset=utf-8")
    return Response(export.docx(words, shown), 200, headers, _WORD)


def _person(request: Request) -> str | None:
    person: str | None = request.scope.get(PERSON)
    return person


def _theme() -> gr.themes.Base:
    fonts = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    theme = gr.themes.Default(font=fonts, font_mono=["ui-monospace", "monospace"])
    # The theme's own greys are too faint to be read by everybody.
    faint = {"body_text_color_subdued": "*neutral_600", "block_info_text_color": "*neutral_600"}
    return theme.set(**faint, input_placeholder_color="*neutral_500")


def _asset(name: str) -> str:
    return resources.files("rag.page").joinpath("assets", name).read_text(encoding="utf-8")
