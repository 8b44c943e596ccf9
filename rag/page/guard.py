"""Who may talk to the page: this machine, or those who know the password; nothing calls out."""

from __future__ import annotations

import hmac
import html
import ipaddress
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from rag.errors import UsageError
from rag.page.words import Words, language_wanted

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PERSON = "rag.person"
"""Key of the request's scope: the name that was given with the password."""
_COOKIE = "rag-session"
_LOGIN = "/login"
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_TRIES = 10
_WITHIN = 60.0
"""Wrong passwords that are let pass within so many seconds, from everybody together."""
_LONGEST_FORM = 4096
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; worker-src 'self' blob:; media-src 'self' blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    # Not no-referrer: with it a browser hides from which site a form was sent, even from ours.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
"""The frontend's templates need inline scripts and `eval`; all that is inserted is escaped."""


def require_password(host: str, password: str | None) -> None:
    """Do nothing when the page may listen on `host`.

    Raises:
        UsageError: It is another address than this machine's, and there is no password.
    """
    if not (password or is_this_machine(host)):
        raise UsageError(
            f"others could reach the page at {host}; give a password: rag ui --host {host}"
            " --password ...",
            f"其他人可以访问 {host} 上的页面；请设置密码：rag ui --host {host} --password ...",
        )


def is_this_machine(host: str) -> bool:
    """Return whether only this machine can reach an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """An ASGI application around another that lets only those in who may."""

    def __init__(self, app: App, password: str | None = None) -> None:
        """Guard `app`.

        Args:
            app: What is guarded.
            password: Asked of everybody; None: only browsers of this machine are let in, and no
                foreign site through them.
        """
        self._app = app
        self._password = password
        self._people: dict[str, str] = {}
        self._wrong: list[float] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or say why not."""
        if scope["type"] == "websocket":  # the page uses none
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._foreign(Headers(scope=scope), scope["method"])
        if refused is None and self._password is not None:
            refused = await self._unknown(scope, receive)
        if refused is not None:
            await refused(scope, receive, _with_headers(send))
            return
        await self._app(scope, receive, _with_headers(send))

    def _foreign(self, headers: Headers, method: str) -> Response | None:
        """Return the refusal of a request that another site sent, or that names another host."""
        host = headers.get("host", "")
        name = urlsplit(f"//{host}").hostname or ""
        if self._password is None and name not in _THIS_MACHINE:
            return PlainTextResponse("open the page as http://127.0.0.1", 421)
        origin = headers.get("origin")
        if method not in ("GET", "HEAD") and origin and urlsplit(origin).netloc != host:
            return PlainTextResponse("requests from other sites are refused", 403)
        return None

    async def _unknown(self, scope: Scope, receive: Receive) -> Response | None:
        """Return what somebody gets who has not signed in; note the person in `scope` otherwise."""
        request = Request(scope, receive)
        person = self._people.get(request.cookies.get(_COOKIE, ""))
        if person is not None:
            scope[PERSON] = person
            return None
        if scope["path"] == _LOGIN:
            return await self._login(request)
        wants_page = "text/html" in request.headers.get("accept", "")
        return RedirectResponse(_LOGIN, 303) if wants_page else PlainTextResponse("sign in", 401)

    async def _login(self, request: Request) -> Response:
        """Return the form or, for the right password, the way in."""
        words = Words(language_wanted(request.headers.get("accept-language", "")))
        if request.method != "POST":
            return _form(words)
        now = time.monotonic()
        self._wrong = [moment for moment in self._wrong if now - moment < _WITHIN]
        if len(self._wrong) >= _TRIES:
            return _form(
                words, words("Too many tries; wait a minute.", "尝试过多，请等一分钟。"), 429
            )
        fields = parse_qs((await _body(request)).decode("utf-8", "replace"))
        given, person = (fields.get(key, [""])[0] for key in ("password", "person"))
        if not hmac.compare_digest(given.encode(), (self._password or "").encode()):
            self._wrong.append(now)
            return _form(words, words("Wrong password.", "密码不对。"), 403)
        token = secrets.token_urlsafe(32)
        self._people[token] = person.strip()[:100]
        answer = RedirectResponse("/", 303)
        answer.set_cookie(_COOKIE, token, httponly=True, samesite="lax")
        return answer


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return b""
    return body


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return sending


def _form(words: Words, problem: str = "", status: int = 200) -> HTMLResponse:
    title = words("Sign in", "登录")
    return HTMLResponse(
        f'<!doctype html><html lang="{words.language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" '
        f'content="light dark"><title>{title}</title><style>body{{font:1rem system-ui;'
        "max-width:20rem;margin:4rem auto;padding:0 1rem}label,input,button{display:block;"
        "width:100%;margin:.5rem 0;font:inherit;box-sizing:border-box}</style>"
        f'<h1>{title}</h1><p role="alert">{html.escape(problem)}</p><form method="post">'
        f'<label>{words("Your name", "你的名字")}<input name="person" maxlength="100" '
        f'autocomplete="username"></label><label>{words("Password", "密码")}'
        '<input name="password" type="password" required autocomplete="current-password">'
        f"</label><button>{title}</button></form></html>",
        status,
    )
