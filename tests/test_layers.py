"""Imports go downhill only, without cycles; each third-party package has one room."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1] / "rag"
LEVELS = (
    "schema errors language",
    "text numerals units amounts dates trend figures years pairs_en pairs period cells forward clauses timing measures "
    "prompts models "
    "table tablegrid tableunits tablepanels tabletitle flattened "
    "lexicon aliases glossary colloquial naming",
    "load sections chunk embed store vectors engine",
    "index",
    "question enumeration excerpt byline romanized resolve retrieve evidence asking conjuncts inrow than coordinate turned coordinate_en followup decompose scales generate ellipsis marks binding saying clash locate repair stated numbered verify originals statement subject whose lost askedunit askedtime region house part modifier fit extract corroborate moved premise dated predicate aboutness column derive contrast revised ranked sooner extreme signed superlative succession contrary listed listing means refuse join",
    "compose explain reader assistant present bench",
    "page cli serve",
)
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms.split()}

# Package -> the files or folders under rag/ that may import it.
HOMES = {
    "xllamacpp": ("engine/llama_cpp.py",),
    "torch": ("engine/hf.py", "embed.py", "models/"),
    "transformers": ("engine/hf.py", "embed.py", "models/"),
    "sentence_transformers": ("embed.py",),
    "faiss": ("vectors.py",),
    "sqlite3": ("store/", "index/"),
    "jieba": ("text.py", "index/place.py"),  # place: its version is part of an index's fingerprint
    "opencc": ("text.py",),
    "pypdfium2": ("load/",),
    "selectolax": ("load/",),
    "markdown_it": ("load/",),
    "yaml": ("load/",),
    "charset_normalizer": ("load/",),
    "lxml": ("load/",),
    "docx": ("load/docx/", "page/export.py"),
    "pptx": ("load/slides.py",),
    "python_calamine": ("load/sheet/",),
    "rapidocr": ("load/ocr.py",),
    "PIL": ("load/image.py",),
    "langchain_text_splitters": ("chunk.py",),
    "huggingface_hub": ("models/",),
    "gguf": ("models/",),
    "platformdirs": ("models/", "aliases.py", "page/folder.py"),
    "click": ("cli/",),
    "gradio": ("page/",),
    "fastapi": ("page/",),
    "starlette": ("page/",),
    "uvicorn": ("page/",),
}
# Where a module of our own may be imported inside a function: to start fast, to load one engine.
LATE = ("cli/", "engine/choose.py", "assistant.py")
# Slow to import: only ever inside a function.
HEAVY = (
    "torch", "transformers", "sentence_transformers", "xllamacpp", "rapidocr", "docx", "pptx",
)  # fmt: skip


class Import(NamedTuple):
    """An imported dotted name; `late` when the statement stands inside a function."""

    name: str
    late: bool


def imports(source: str) -> list[Import]:
    """Return everything that a module imports at run time, type checking apart."""
    found: list[Import] = []

    def visit(node: ast.AST, late: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                found.extend(Import(alias.name, late) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert not child.level, "relative import"
                found.extend(Import(f"{child.module}.{a.name}", late) for a in child.names)
            elif not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
                inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                visit(child, late or inside)

    visit(ast.parse(source), late=False)
    return found


FILES = {
    p.relative_to(ROOT).as_posix(): imports(p.read_text("utf-8"))
    for p in sorted(ROOT.rglob("*.py"))
}


def module_of(path: str) -> str:
    """Return ``rag.load.pdf`` for ``load/pdf/__init__.py``."""
    return ".".join(("rag", *path.removesuffix(".py").split("/"))).removesuffix(".__init__")


MODULES = {module_of(path): path for path in FILES}


def target(name: str) -> str | None:
    """Return the module of ours that an imported name is or comes from."""
    while name.startswith("rag"):
        if name in MODULES:
            return name
        name = name.rpartition(".")[0]
    return None


def room(module: str) -> str:
    return [*module.split("."), ""][1]


def allowed(path: str, places: tuple[str, ...]) -> bool:
    return any(path == p or (p.endswith("/") and path.startswith(p)) for p in places)


def test_every_room_has_a_level():
    assert {room(m) for m in MODULES} - {""} <= set(LEVEL)


@pytest.mark.parametrize("path", FILES)
def test_imports_go_downhill(path):
    own = room(module_of(path))
    if own:
        used = {room(t) for i in FILES[path] if (t := target(i.name))} - {""}
        assert not {r for r in used if LEVEL[r] > LEVEL[own]}


@pytest.mark.parametrize("path", FILES)
def test_packages_stay_in_their_rooms(path):
    for name in {i.name.split(".")[0] for i in FILES[path]} & set(HOMES):
        assert allowed(path, HOMES[name]), name


@pytest.mark.parametrize("path", FILES)
def test_imports_inside_functions_only_delay_what_is_slow(path):
    own = {i.name for i in FILES[path] if i.late and target(i.name)}
    assert not own or allowed(path, LATE)
    early = {i.name.split(".")[0] for i in FILES[path] if not i.late}
    assert not early & set(HEAVY)


@pytest.mark.parametrize("path", FILES)
def test_a_module_says_what_it_is(path):
    docstring = ast.get_docstring(ast.parse((ROOT / path).read_text("utf-8"))) or ""
    assert len(docstring.split("\n")[0]) > 10


@pytest.mark.parametrize("path", FILES)
def test_a_module_is_short_enough_to_read(path):
    assert len((ROOT / path).read_text("utf-8").splitlines()) < 350


def _cycles(graph: dict[str, set[str]]) -> set[str]:
    """Return the nodes that lie on cycles or lead into one: what cannot be ordered."""
    graph = {node: set(needs) for node, needs in graph.items()}
    while free := {node for node, needs in graph.items() if not needs & graph.keys()}:
        graph = {node: needs for node, needs in graph.items() if node not in free}
    return set(graph)


def test_modules_form_no_cycle():
    """A package's own `__init__` gathers its modules: they must not import it back."""
    graph = {
        module: {t for i in FILES[path] if (t := target(i.name)) and t != module}
        for module, path in MODULES.items()
    }
    assert _cycles(graph) == set()


def test_rooms_form_no_cycle():
    graph: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        used = {room(t) for i in FILES[path] if (t := target(i.name))}
        graph.setdefault(room(module), set()).update(used - {room(module), ""})
    assert _cycles(graph) == set()


def test_the_rules_catch_what_they_should():
    found = imports(
        "import faiss\nfrom rag import cli\ndef f():\n    from rag.text import words\n"
        "if TYPE_CHECKING:\n    import torch\n"
    )
    assert found == [
        Import("faiss", False), Import("rag.cli", False), Import("rag.text.words", True),
    ]  # fmt: skip
    assert target("rag.text.words") == "rag.text"
    assert _cycles({"a": {"b"}, "b": {"a"}, "c": set()}) == {"a", "b"}
    assert allowed("engine/hf.py", ("engine/",))
    assert not allowed("engine.py", ("engine/",))
