"""Conversations on disk: one JSON file each, in a folder for each person."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import threading
from pathlib import Path
from typing import Any

import platformdirs

from rag.page.conversation import Conversation, Exchange, State
from rag.page.records import from_record, to_record

VARIABLE = "RAG_DATA"
FORMAT = 1
_ID = re.compile(r"[0-9a-f]{24}")
_KEPT = 200
"""Conversations that are listed."""


def data_folder() -> Path:
    """Return where the page keeps what people made: ``RAG_DATA``, or the platform's place."""
    override = os.environ.get(VARIABLE)
    own = platformdirs.user_data_path("rag-research-reports")
    return Path(override).expanduser() if override else own


class Folder:
    """The conversations of one person; what cannot be read is passed over."""

    def __init__(self, person: str) -> None:
        """Take the folder of `person`, whatever the name is: it is hashed, never a path."""
        name = hashlib.sha256(person.encode()).hexdigest()[:16]
        self._place = data_folder() / "conversations" / name
        self._writing = threading.Lock()

    def conversations(self) -> list[Conversation]:
        """Return the conversations, the last changed first."""
        paths = sorted(self._place.glob("*.json"), key=_changed, reverse=True)[:_KEPT]
        return [c for path in paths if (c := self.load(path.stem)) and c.exchanges]

    def load(self, name: str) -> Conversation | None:
        """Return the conversation of that id; None if there is none, or its file is damaged."""
        if not _ID.fullmatch(name):
            return None
        try:
            return _read(json.loads((self._place / f"{name}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def save(self, conversation: Conversation) -> None:
        """Keep `conversation`: whole or, if that fails, as it was.

        Raises:
            OSError: It cannot be written.
        """
        path = self._path(conversation.id)
        record = json.dumps(_record(conversation), ensure_ascii=False)
        with self._writing:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.with_suffix(f".{os.getpid()}.tmp")
            draft.write_text(record, encoding="utf-8")
            os.replace(draft, path)

    def delete(self, name: str) -> None:
        """Delete a conversation; there may be none of that id."""
        if _ID.fullmatch(name):
            with self._writing, contextlib.suppress(FileNotFoundError):
                self._path(name).unlink()

    def _path(self, name: str) -> Path:
        if not _ID.fullmatch(name):
            raise ValueError(f"no id of a conversation: {name[:40]!r}")
        return self._place / f"{name}.json"


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _record(conversation: Conversation) -> dict[str, Any]:
    exchanges = [
        {
            "id": e.id,
            "index": e.index,
            "question": e.question,
            "state": str(e.state),
            "answer": to_record(e.answer) if e.answer else None,
            "error": e.error,
        }
        for e in conversation.exchanges
    ]
    head = {"format": FORMAT, "id": conversation.id, "changed": conversation.changed}
    return head | {"exchanges": exchanges}


def _read(record: dict[str, Any]) -> Conversation:
    if record["format"] != FORMAT:
        raise ValueError("another format")
    exchanges = tuple(
        Exchange(
            id=str(e["id"]),
            index=str(e["index"]),
            question=str(e["question"]),
            state=State(e["state"]),
            answer=from_record(e["answer"]) if e["answer"] else None,
            error=str(e["error"]),
        )
        for e in record["exchanges"]
    )
    return Conversation(str(record["id"]), str(record["changed"]), exchanges)
