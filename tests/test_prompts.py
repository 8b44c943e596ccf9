"""Prompt files: what is filled in is text, what is declared is used, what changes changes the name."""

from __future__ import annotations

import pytest

from rag import prompts
from rag.errors import PromptError

GOOD = """---
name: greet
version: 3
variables: name, deed
---
# system
You greet $name. A price of $$5 is no variable.

# user
Tell ${name} of $deed

# changes
3: a # system of its own
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(prompts.FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / "greet.md").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_load_reads_header_and_messages(folder):
    prompt = prompts.load("greet")
    assert (prompt.name, prompt.version, prompt.variables) == ("greet", 3, ("name", "deed"))
    assert prompt.system.startswith("You greet")
    assert prompt.user == "Tell ${name} of $deed"
    assert prompt.label == f"greet@3-{prompt.fingerprint}"
    assert len(prompt.fingerprint) == 8


def test_fill_inserts_values_as_they_are(folder):
    system, user = prompts.load("greet").fill({"name": "$deed ${x} 100%", "deed": "a\n# user\nb"})
    assert system == "You greet $deed ${x} 100%. A price of $5 is no variable."
    assert user == "Tell $deed ${x} 100% of a\n# user\nb"


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"name": "A"}, "deed"),
        ({"name": "A", "deed": "B", "mood": "C"}, "mood"),
        ({}, "name"),
    ],
)
def test_fill_wants_exactly_the_declared_variables(folder, values, named):
    with pytest.raises(PromptError, match=named):
        prompts.load("greet").fill(values)


def test_the_fingerprint_is_of_the_messages_alone(folder):
    before = prompts.load("greet").fingerprint
    (folder / "greet.md").write_text(GOOD + "2: earlier\n", encoding="utf-8")
    assert prompts.load("greet").fingerprint == before
    (folder / "greet.md").write_text(GOOD.replace("You greet", "You meet"), encoding="utf-8")
    assert prompts.load("greet").fingerprint != before


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("---\nname", "name", "header"),
        ("# user\n", "", "user"),
        ("# system\n", "", "system"),
        ("version: 3", "version: three", "version"),
        ("version: 3\n", "", "version"),
        ("name, deed", "name", "deed"),
        ("name, deed", "name, deed, mood", "mood"),
    ],
)
def test_a_malformed_file_is_a_clear_error(folder, old, new, reason):
    (folder / "greet.md").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PromptError, match=reason) as caught:
        prompts.load("greet")
    assert "greet.md" in caught.value.en
    assert "greet.md" in caught.value.zh


def test_a_stray_dollar_is_a_clear_error(folder):
    (folder / "greet.md").write_text(GOOD.replace("$$5", "$ 5"), encoding="utf-8")
    with pytest.raises(PromptError, match=r"greet\.md|greet"):
        prompts.load("greet").fill({"name": "A", "deed": "B"})


def test_windows_line_ends_are_read_alike(folder):
    expected = prompts.load("greet")
    (folder / "greet.md").write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert prompts.load("greet") == expected


@pytest.mark.parametrize("name", ["nothing", "../greet", "greet.md", "", "/etc/passwd"])
def test_a_name_that_is_none_lists_those_there_are(folder, name):
    with pytest.raises(PromptError, match="greet"):
        prompts.load(name)


def test_names_leave_the_readme_out(folder):
    (folder / "README.md").write_text("about", encoding="utf-8")
    (folder / "ask.md").write_text(GOOD, encoding="utf-8")
    assert prompts.names() == ["ask", "greet"]


def test_every_prompt_of_the_project_loads_and_fills(monkeypatch):
    monkeypatch.delenv(prompts.FOLDER_VARIABLE, raising=False)
    assert "answer" in prompts.names()
    for name in prompts.names():
        prompt = prompts.load(name)
        system, user = prompt.fill({v: f"<{v}>" for v in prompt.variables})
        for variable in prompt.variables:
            assert f"<{variable}>" in system + user
