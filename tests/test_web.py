"""Web addresses: fetched only when allowed, from public addresses only, within limits.

A server on this machine plays the public internet: names resolve to addresses of the tests, and
connections to public ones are led to it.
"""

from __future__ import annotations

import functools
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from rag.cli import add as add_module
from rag.cli.main import rag
from rag.errors import DocumentError, UsageError
from rag.index import Index, folder_of
from rag.load import web
from tests import samples
from tests.conftest import HashEmbedder

PUBLIC = "93.184.216.34"
PAGE = (
    f"<html><head><title>示例</title></head><h1>示例科技点评</h1><p>{samples.SENTENCE}</p></html>"
)
NAMES = {
    "reports.test": [PUBLIC],
    "local.test": ["127.0.0.1"],
    "mixed.test": [PUBLIC, "10.0.0.1"],
    "nowhere.test": [],
}


class Handler(http.server.BaseHTTPRequestHandler):
    """What the made-up internet answers."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/to/"):
            self.answer(302, b"", Location=self.path.removeprefix("/to/"))
        elif path == "/page":
            self.answer(200, PAGE.encode(), **{"Content-Type": "text/html; charset=utf-8"})
        elif path == "/notes.md":
            self.answer(200, b"# Notes\n\nText.", **{"Content-Type": "text/plain"})
        elif path == "/report.pdf":
            self.answer(200, b"%PDF-1.4", **{"Content-Type": "application/octet-stream"})
        elif path == "/film":
            self.answer(200, b"x", **{"Content-Type": "video/mp4"})
        elif path == "/packed":
            self.answer(200, b"x", **{"Content-Type": "text/html", "Content-Encoding": "gzip"})
        elif path == "/large":
            self.answer(200, b"x" * 5000, **{"Content-Type": "text/plain"})
        elif path == "/short":
            self.answer(200, b"x", **{"Content-Type": "text/plain", "Content-Length": "99"})
        elif path == "/slow":
            self.answer(200, b"", **{"Content-Type": "text/plain", "Content-Length": "99"})
            for _ in range(50):
                self.wfile.write(b"x")
                time.sleep(0.1)
        else:
            self.answer(404, b"")

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[web.Address]]:
    """Yield the addresses that were connected to, in order."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connected: list[web.Address] = []

    def resolve(host: str, port: int, **_: object) -> list[object]:
        places = NAMES.get(host, [host])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in places]

    def connect(address: web.Address, timeout: float) -> socket.socket:
        connected.append(address)
        sock = socket.socket()
        sock.settimeout(timeout)
        sock.connect(server.server_address)
        return sock

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(web, "_connected", connect)
    yield connected
    server.shutdown()
    server.server_close()


fetch = functools.partial(web.fetch, limit=4000, seconds=20)


def test_a_page_is_fetched_from_the_address_that_was_checked(asked: list[web.Address]) -> None:
    found = fetch("http://reports.test/page?id=1#top")
    assert found.data.decode() == PAGE
    assert found.name.startswith("reports.test-page-") and found.name.endswith(".html")
    assert asked == [(PUBLIC, 80)]
    assert fetch("http://reports.test:8080/page").name != found.name
    assert asked[1] == (PUBLIC, 8080)


@pytest.mark.parametrize(
    ("path", "suffix"), [("/notes.md", ".md"), ("/report.pdf", ".pdf"), ("/page", ".html")]
)
def test_the_kind_comes_from_the_answer_and_else_from_the_address(
    asked: list[web.Address], path: str, suffix: str
) -> None:
    assert Path(fetch(f"http://reports.test{path}").name).suffix == suffix


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "[::1]", "[fe80::1]", "[fc00::1]",
        "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::]", "local.test",
        "mixed.test", "nowhere.test",
    ],
)  # fmt: skip
def test_local_and_private_addresses_are_never_connected_to(
    asked: list[web.Address], host: str
) -> None:
    with pytest.raises(DocumentError, match="local or private address"):
        fetch(f"http://{host}/page")
    assert asked == []


@pytest.mark.parametrize(
    ("onward", "said"),
    [
        ("http://local.test/page", "local or private address"),
        ("http://169.254.169.254/latest", "local or private address"),
        ("file:///etc/passwd", "no http or https address"),
        ("ftp://reports.test/a", "no http or https address"),
        ("http://reports.test/none", "answered 404"),
    ],
)
def test_a_redirect_is_checked_like_the_address_itself(
    asked: list[web.Address], onward: str, said: str
) -> None:
    with pytest.raises(DocumentError, match=said):
        fetch(f"http://reports.test/to/{onward}")
    assert {address for address, _ in asked} == {PUBLIC}


def test_redirects_are_followed_and_end(asked: list[web.Address]) -> None:
    assert fetch("http://reports.test/to//page").data.decode() == PAGE
    assert fetch("http://reports.test/to//to/http://reports.test/page").data.decode() == PAGE
    with pytest.raises(DocumentError, match="redirects more than 5 times"):
        fetch("http://reports.test" + "/to/" * 7 + "page")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", "no http or https address"),
        ("gopher://reports.test/x", "no http or https address"),
        ("http://", "no http or https address"),
        ("http://reports.test:99999/", "no web address"),
        ("http://me:secret@reports.test/page", "carries a user name"),
        ("http://reports.test/film", r"kind that is not read \(video/mp4\)"),
        ("http://reports.test/packed", "compressed"),
        ("http://reports.test/large", "larger than 0.004 MB"),
        ("https://reports.test/page", r"cannot be fetched \(\[SSL"),
        ("http://reports.test/short", "broke off|cannot be fetched"),
    ],
)
def test_what_cannot_be_fetched_is_one_line(asked: list[web.Address], url: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        fetch(url)
    assert "\n" not in caught.value.en + caught.value.zh


def test_a_server_that_drips_is_left_in_time(asked: list[web.Address]) -> None:
    with pytest.raises(DocumentError, match="took longer than"):
        fetch("http://reports.test/slow", seconds=0.5)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://a.test/b", True),
        ("HTTP://a.test", True),
        ("file:///a", True),
        ("reports/a.pdf", False),
        ("C:\\reports", False),
        ("报告://x", False),
    ],
)
def test_addresses_are_told_from_paths(text: str, is_one: bool) -> None:
    assert web.is_address(text) is is_one


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RAG_INDEXES", str(tmp_path))
    monkeypatch.delenv("RAG_ALLOW_URLS", raising=False)
    monkeypatch.delenv("RAG_OFFLINE", raising=False)
    monkeypatch.setattr(add_module, "_embedder", lambda *_: HashEmbedder())
    return folder_of("t")


def add(*arguments: str) -> click.testing.Result:
    line = ["add", *arguments, "--index", "t", "--jobs", "0"]
    return CliRunner().invoke(rag, line, standalone_mode=False)


def test_nothing_is_fetched_unless_allowed(asked: list[web.Address], made: Path) -> None:
    result = add("http://reports.test/page")
    assert isinstance(result.exception, UsageError)
    assert "--allow-urls" in str(result.exception)
    assert asked == [] and not made.exists()


def test_an_allowed_address_becomes_a_document(asked: list[web.Address], made: Path) -> None:
    result = add("http://reports.test/page", "--allow-urls")
    assert result.return_value == 0, result.output
    [document] = Index.open(made, HashEmbedder()).documents()
    assert document.title == "示例科技点评"
    assert [p.name for p in (made / "web").iterdir()] == [document.source]


def test_an_address_that_fails_is_one_line_and_the_rest_goes_on(
    asked: list[web.Address], made: Path
) -> None:
    result = add("http://local.test/page", "http://reports.test/page", "--allow-urls")
    assert result.return_value == 1
    assert "failed: http://local.test/page: leads to a local or private address" in result.output
    assert len(Index.open(made, HashEmbedder()).documents()) == 1


def test_addresses_that_all_fail_make_no_index(asked: list[web.Address], made: Path) -> None:
    assert add("http://local.test/page", "--allow-urls").return_value == 1
    assert not made.exists()


def test_addresses_are_not_watched(asked: list[web.Address], made: Path) -> None:
    result = add("http://reports.test/page", "--allow-urls", "--watch")
    assert isinstance(result.exception, UsageError)
    assert asked == []


def test_offline_means_offline(
    asked: list[web.Address], made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_OFFLINE", "1")
    assert isinstance(add("http://reports.test/page", "--allow-urls").exception, UsageError)
    assert asked == []
