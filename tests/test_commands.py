"""The two commands as a user types them: exit codes, streams, the JSON contract."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rag.cli.main import _VERBS

BIN = Path(sys.executable).parent
REPORT = """# 星河云三季报点评

机构：东湖证券

2024年三季度，星河云实现收入86.5亿元，同比下降3.2%；其中海外收入12.4亿元，同比增长41%。

星河云三季度毛利率为38.6%，去年同期为35.1%。
"""


def run(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / arguments[0]), *arguments[1:]]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=600)


@pytest.mark.slow
@pytest.mark.parametrize("verb", [[], *([v] for v in _VERBS)])
def test_every_help_has_an_example(verb: list[str]) -> None:
    done = run("rag", *verb, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout or "Commands" in done.stdout


@pytest.mark.slow
def test_errors_are_one_line_with_the_exit_codes_of_the_contract() -> None:
    missing = run("ask", "--index", "nowhere", "收入？")
    assert missing.returncode == 1
    assert missing.stdout == ""
    assert len(missing.stderr.splitlines()) == 1
    assert "rag add" in missing.stderr
    assert run("ask").returncode == 2
    assert run("rag", "nonsense").returncode == 2
    assert run("rag", "list", "--index", "a:b").returncode == 2
    bad_batch = run("ask", "--index", "nowhere", "--json", "--batch", "-", text="not json\n")
    assert bad_batch.returncode in (1, 2)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    (folder / "cloud.md").write_text(REPORT, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    place = tmp_path_factory.mktemp("indexes") / "t"
    done = run("rag", "add", str(folder), "--index", str(place), "--profile", "light")
    assert done.returncode == 0, done.stderr
    assert "empty.txt" in done.stderr
    return place


@pytest.mark.model
def test_list_show_info_and_check_read_what_was_added(indexed: Path) -> None:
    (row,) = json.loads(run("rag", "list", "--index", str(indexed), "--json").stdout)
    assert {"doc_id", "source", "title", "publisher", "published", "pages", "chunks"} <= set(row)
    assert row["title"] == "星河云三季报点评"
    text = run("rag", "show", "cloud", "--text", "--index", str(indexed)).stdout
    assert "星河云实现收入86.5亿元" in text
    assert run("rag", "show", row["doc_id"][:9], "--index", str(indexed)).returncode == 0
    assert run("rag", "check", "--index", str(indexed)).returncode == 0
    assert (
        json.loads(run("rag", "info", "--index", str(indexed), "--json").stdout)["documents"] == 1
    )


@pytest.mark.model
def test_named_file_that_fails_is_an_error_but_loses_nothing(indexed: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00\x01" * 99)
    done = run("rag", "add", str(bad), "--index", str(indexed))
    assert done.returncode == 1
    assert len(json.loads(run("rag", "list", "--index", str(indexed), "--json").stdout)) == 1


@pytest.mark.model
def test_hits_load_no_language_model(indexed: Path) -> None:
    done = run("ask", "--index", str(indexed), "--hits", "--json", "毛利率")
    assert done.returncode == 0
    assert "38.6%" in json.loads(done.stdout)["hits"][0]["text"]


@pytest.mark.model
def test_batch_answers_keep_the_contract(indexed: Path) -> None:
    lines = [
        {"id": "a", "question": "星河云2024年三季度毛利率是多少？"},
        {"id": "b", "question": "白鹭公司2021年净利润是多少？"},
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    done = run(
        "ask", "--index", str(indexed), "--profile", "light", "--json", "--batch", "-", text=text
    )
    assert done.returncode == 0, done.stderr
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    document = run("rag", "show", "cloud", "--text", "--index", str(indexed)).stdout
    for record in (first, second):
        for citation in record["citations"]:
            assert citation["quote"] in document
            assert citation["quote"] in citation["text"]
        for figure in record["figures"]:
            assert figure["check"] in ("verified", "rounded", "derived")
    assert (first["id"], second["id"]) == ("a", "b")
    assert second["status"] == "refused"
    assert second["citations"] == []
    assert second["reason"]


@pytest.mark.model
def test_refused_question_exits_with_three(indexed: Path) -> None:
    done = run("ask", "--index", str(indexed), "--profile", "light", "白鹭公司2021年净利润是多少？")
    assert done.returncode == 3
    assert "cloud" not in done.stderr
