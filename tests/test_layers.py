"""Imports go downhill only, without cycles; each heavy package has one room."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "rag"
LEVELS = (
    ("schema", "errors", "language"),
    (
        "text",
        "units",
        "amounts",
        "numerals",
        "dates",
        "trend",
        "figures",
        "pairs",
        "period",
        "prompts",
        "models",
    ),
    ("load", "sections", "chunk", "embed", "store", "vectors", "engine"),
    ("index",),
    ("question", "evidence", "retrieve", "generate", "repair", "verify", "derive", "refuse"),
    ("compose", "assistant", "present", "bench"),
    ("cli",),
)
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
ROOMS = {
    "xllamacpp": {"engine"},
    "faiss": {"vectors"},
    "sqlite3": {"store"},
    "jieba": {"text", "index"},
    "opencc": {"text"},
    "pypdfium2": {"load"},
    "selectolax": {"load"},
    "torch": {"embed", "engine"},
    "transformers": {"embed", "engine"},
    "sentence_transformers": {"embed"},
    "langchain_text_splitters": {"chunk"},
}
FILES = sorted(ROOT.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Return dotted names of everything imported anywhere in `path`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms_used(path: Path) -> set[str]:
    parts = (name.split(".") for name in imports(path) if name.startswith("rag."))
    return {p[1] for p in parts if p[1] in LEVEL}


def test_every_room_has_a_level() -> None:
    assert {room_of(p) for p in FILES} - {"__init__"} <= set(LEVEL)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_downhill_and_modules_say_what_they_are(path: Path) -> None:
    room = room_of(path)
    if room != "__init__":
        uphill = {r for r in rooms_used(path) if LEVEL[r] > LEVEL[room]}
        assert not uphill
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    for package, rooms in ROOMS.items():
        if any(name.split(".")[0] == package for name in imports(path)):
            assert room in rooms


def test_rooms_form_no_cycle() -> None:
    graph: dict[str, set[str]] = {}
    for path in FILES:
        graph.setdefault(room_of(path), set()).update(rooms_used(path) - {room_of(path)})
    done: list[str] = []
    while graph:
        free = [room for room, needs in graph.items() if needs <= set(done)]
        assert free, f"cycle among {sorted(graph)}"
        done += free
        for room in free:
            del graph[room]
