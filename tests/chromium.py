"""The chat page served in a process of its own, and what tests do with it in Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ANSWER_MS = 120_000
expect.set_options(timeout=60_000)  # five seconds are few on a busy machine
_RAG = [sys.executable, "-c", "from rag.cli.main import main; main()"]


def rag(place: Path, *arguments: str) -> None:
    """Run a command of ours over the indexes of `place`."""
    subprocess.run([*_RAG, *arguments], env=_environment(place), check=True, capture_output=True)


@contextmanager
def served(place: Path, *options: str, **variables: str) -> Iterator[str]:
    """Serve the page over the indexes of `place`, and yield its address."""
    if CHROMIUM is None:
        pytest.skip("needs chromium: apt-get install chromium")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*_RAG, "ui", "--port", str(port), *options]
    with (place / "log").open("wb") as log:
        page = subprocess.Popen(command, env=_environment(place) | variables, stderr=log)
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            page.terminate()
            page.wait(20)


def is_local(url: str, server: str) -> bool:
    """Return whether a request stays on this machine."""
    return url.startswith((server, "data:", "blob:"))


def ask(page: Page, question: str, *, wait: bool = True) -> None:
    """Type a question and press Enter; `wait` until it is answered."""
    count = page.locator(".exchange").count()
    page.locator("#chat-box textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".live, .exchange")
    if wait:
        expect(page.locator(".exchange")).to_have_count(count + 1, timeout=ANSWER_MS)


def _environment(place: Path) -> dict[str, str]:
    own = {"RAG_INDEXES": place / "indexes", "RAG_DATA": place / "data", "PYTHONPATH": ROOT}
    return os.environ | {name: str(path) for name, path in own.items()} | {"RAG_LANG": "en"}


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the page does not start")
