"""Three engines, one behaviour: real small weights, and a real HTTP server."""

import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from rag.engine import Engine, EngineSettings, open_engine
from rag.errors import ModelError
from rag.generate import GRAMMAR

SMALL = "qwen2.5-coder-0.5b-instruct-q4_k_m"
CHAT = [
    {"role": "system", "content": "你是研究报告问答助手，只根据给出的资料回答。"},
    {"role": "user", "content": "资料：\n[1] 星河云收入86.5亿元。\n\n问题：星河云收入是多少？"},
]


class Server(BaseHTTPRequestHandler):
    """Speaks just enough of the OpenAI protocol to be talked to."""

    def do_GET(self) -> None:
        self.reply({"data": [{"id": "tiny"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert body["model"] == "tiny"
        if body.get("stream"):
            events = [{"choices": [{"delta": {"content": c}}]} for c in "86亿"]
            events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
            data = "".join(f"data: {json.dumps(e)}\n\n" for e in events) + "data: [DONE]\n\n"
            self.send(data.encode(), "text/event-stream")
        elif body.get("logprobs"):
            top = [{"token": "是", "logprob": -0.1}, {"token": "否", "logprob": -2.4}]
            self.reply({"choices": [{"logprobs": {"content": [{"top_logprobs": top}]}}]})
        else:
            message = {"message": {"content": "86亿"}, "finish_reason": "stop"}
            self.reply(
                {"choices": [message], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}
            )

    def reply(self, record: object) -> None:
        self.send(json.dumps(record).encode(), "application/json")

    def send(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_server_by_url_writes_streams_and_judges(url: str) -> None:
    engine = open_engine(url)
    done = engine.complete(CHAT, max_tokens=9)
    assert (done.text, done.prompt_tokens, done.finished) == ("86亿", 7, True)
    pieces: list[str] = []
    assert engine.complete(CHAT, max_tokens=9, on_token=pieces.append).text == "86亿"
    assert pieces == ["8", "6", "亿"]
    assert engine.first_token(CHAT) == {"是": -0.1, "否": -2.4}
    assert engine.name.startswith("tiny@")


def test_server_that_does_not_answer_is_one_line() -> None:
    with pytest.raises(ModelError, match="OpenAI-compatible") as caught:
        open_engine("http://127.0.0.1:9/v1")
    assert "\n" not in str(caught.value)


def test_a_page_instead_of_a_reply_is_one_line(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(url)
    monkeypatch.setattr(
        Server, "do_POST", lambda self: self.send(b"<html>proxy</html>", "text/html")
    )
    with pytest.raises(ModelError, match="does not speak the OpenAI protocol") as caught:
        engine.complete(CHAT, max_tokens=9)
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module", params=["llama.cpp", "transformers"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    opened = open_engine(SMALL, EngineSettings(context=512), engine=request.param)
    yield opened
    opened.close()


@pytest.mark.model
def test_real_engine_reads_the_figure(engine: Engine) -> None:
    done = engine.complete(CHAT, max_tokens=40, grammar=GRAMMAR)
    assert "86.5" in done.text
    assert done.prompt_tokens > 20
    if engine.grammars:
        assert not set("[]【】") & set(done.text)


@pytest.mark.model
def test_streaming_gives_the_same_text(engine: Engine) -> None:
    pieces: list[str] = []
    streamed = engine.complete(CHAT, max_tokens=24, on_token=pieces.append)
    assert "".join(pieces).strip() == streamed.text.strip()
    assert streamed.text.strip() == engine.complete(CHAT, max_tokens=24).text.strip()


@pytest.mark.model
def test_first_token_is_a_probability_table(engine: Engine) -> None:
    ask = "资料里是否写明了这个问题的答案？只回答“是”或“否”。"
    question = [CHAT[0], {"role": "user", "content": CHAT[1]["content"] + "\n" + ask}]
    table = engine.first_token(question)
    assert 0.5 < sum(math.exp(v) for v in table.values()) <= 1.001
    assert {"是", "否"} & set(table)


@pytest.mark.model
def test_a_prompt_that_does_not_fit_is_an_error(engine: Engine) -> None:
    with pytest.raises(ModelError):
        engine.complete([{"role": "user", "content": "很长" * 3000}], max_tokens=5)
