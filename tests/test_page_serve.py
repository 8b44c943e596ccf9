"""The page as a web server, without a browser: what it sends, what it does not."""

import re
import socket
import warnings

import pytest
from starlette.testclient import TestClient

from rag.errors import UsageError
from rag.index import Index
from rag.page.service import Service

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from rag.page import serve


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Return a visitor of a page over an empty library, and what serves it."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("RAG_INDEXES", str(tmp_path_factory.mktemp("indexes")))
        service = Service()
        yield TestClient(serve.application(service), base_url="http://127.0.0.1"), service


def test_the_address_leads_to_the_language_of_the_browser(page):
    visitor, _ = page
    for accept, path in (("en-US", "/en/"), ("zh-CN", "/zh/")):
        found = visitor.get("/?c=1", headers={"accept-language": accept}, follow_redirects=False)
        assert found.headers["location"] == f"{path}?c=1"


def test_the_first_paint_loads_no_model_and_nothing_from_elsewhere(page):
    visitor, service = page
    for path in ("/zh/", "/en/"):
        html = visitor.get(path).text
        loaded = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"([^\"]*)", html)
        assert loaded and not [url for url in loaded if re.match(r"(https?:)?//", url)]
    assert service._model is None and not service._asked and not service._embedders


@pytest.mark.parametrize("path", ["/etc/passwd", "pyproject.toml", "../../etc/passwd"])
def test_no_file_is_served_by_its_path(page, path):
    visitor, _ = page
    for address in (f"/zh/gradio_api/file={path}", f"/zh/file={path}", f"/export/zh/{path}.md"):
        assert visitor.get(address).status_code in (403, 404)


def test_the_actions_of_the_page_are_no_public_interface(page):
    visitor, _ = page
    described = visitor.get("/zh/gradio_api/info").json()
    assert not [name for name in described["named_endpoints"] if "ask" in name or "remove" in name]


def test_a_taken_port_is_one_line(tmp_path, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"--port {port + 1}"):
            serve.serve(Service(), port=port)


def test_another_address_without_a_password_is_refused():
    with pytest.raises(UsageError, match="--password"):
        serve.serve(Service(), host="0.0.0.0")


def test_an_index_is_opened_without_its_embedder(tmp_path, embedder, monkeypatch):
    monkeypatch.setenv("RAG_INDEXES", str(tmp_path))
    Index.create(tmp_path / "lib", embedder).close()
    service = Service()
    assert service.index("lib") is service.index("lib")
    service.close_index("lib")
    assert service.index("lib").documents() == []
    service.close()
