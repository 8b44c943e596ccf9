"""The verbs that look after an index: what goes to stdout, what to stderr, and the exit codes."""

import json
import os
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from rag import embed
from rag.cli import add as add_module
from rag.cli import frame, library
from rag.cli.main import rag
from rag.errors import RagError
from rag.index import index as index_module
from tests.conftest import HashEmbedder

REPORT = "# 星河云[red]点评\n\n机构：东湖证券\n\n## 收入\n\n三季度收入86.5亿元，同比下降3.2%。\n\n| 项目 | 值 |\n|---|---|\n| 毛利率 | 38.6% |\n"
VERBS = (add_module.add, library.list_, library.show, library.remove, library.info, library.check)


@pytest.fixture(autouse=True)
def _small_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    def small(name: str, **_: object) -> HashEmbedder:
        made = HashEmbedder()
        made.name = name
        made.fingerprint = name
        return made

    monkeypatch.setattr(embed, "SentenceTransformerEmbedder", small)
    monkeypatch.setattr(index_module, "SentenceTransformerEmbedder", small)
    monkeypatch.setattr(add_module, "_fetch", lambda name: None)


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "cloud.md").write_text(REPORT, encoding="utf-8")
    (folder / "whale.md").write_text("# 蓝鲸\n\n流水12.4亿元。\n", encoding="utf-8")
    return folder


def run(*arguments: str) -> Result:
    """Run `rag` and give errors of ours the exit code that `main` gives them."""
    result = CliRunner().invoke(rag, arguments, standalone_mode=False)
    if isinstance(result.exception, RagError):
        result.exit_code = result.exception.exit_code
    elif isinstance(result.exception, click.UsageError):
        result.exit_code = 2
    elif result.exception:
        raise result.exception
    else:
        result.exit_code = result.return_value or 0
    return result


def test_a_folder_is_added_listed_shown_and_removed(reports: Path) -> None:
    added = run("add", "reports")
    assert added.exit_code == 0
    assert "2 added" in added.stdout
    rows = json.loads(run("list", "--json").stdout)
    fixed = {"doc_id", "source", "title", "publisher", "published", "pages", "chunks"}
    assert all(fixed <= row.keys() for row in rows)
    assert {row["source"] for row in rows} == {"cloud.md", "whale.md"}
    assert "86.5亿元" in run("show", "cloud.md", "--text").stdout
    assert "收入" in run("show", "cloud", "--sections").stdout
    assert "38.6%" in run("show", "cloud", "--tables").stdout
    assert "86.5亿元" not in run("show", "cloud", "--tables").stdout
    doc_id = next(row["doc_id"] for row in rows if row["source"] == "cloud.md")
    assert doc_id in run("remove", doc_id[:9]).stdout
    assert [r["source"] for r in json.loads(run("list", "--json").stdout)] == ["whale.md"]
    assert (reports / "cloud.md").exists()


def test_the_list_is_never_cut_in_a_pipe_and_titles_are_no_markup(reports: Path) -> None:
    run("add", "reports")
    listed = run("list").stdout
    for row in json.loads(run("list", "--json").stdout):
        line = next(line for line in listed.splitlines() if row["doc_id"] in line)
        assert row["title"] in line
        assert row["source"] in line
    assert "星河云[red]点评" in listed


def test_a_second_add_says_that_nothing_changed(reports: Path) -> None:
    run("add", "reports")
    again = run("add", "reports")
    assert again.exit_code == 0
    assert again.stdout.strip() == "2 unchanged"
    (reports / "cloud.md").unlink()
    gone = run("add", "reports", "--remove-missing", "--json")
    assert {Path(r["path"]).name: r["state"] for r in json.loads(gone.stdout)} == {
        "cloud.md": "removed",
        "whale.md": "unchanged",
    }


def test_adding_ends_with_what_was_read_and_what_was_not(reports: Path) -> None:
    (reports / "movie.mp4").write_bytes(b"x")
    (reports / "song.mp3").write_bytes(b"x")
    done = run("add", "reports")
    totals = dict(re.findall(r"(?m)^ *(\S.*?)  +(\d+) *$", done.stdout))
    assert (totals["documents"], totals["tables"], totals["pages by OCR"]) == ("2", "1", "0")
    assert totals["skipped: unsupported kind of file"] == "2"
    again = json.loads(run("add", "--rebuild", "--json").stdout)
    assert sum(row["tables"] for row in again) == 1
    assert sum(row["chunks"] for row in again) == int(totals["chunks"])


def test_a_file_that_repeats_another_is_told(reports: Path) -> None:
    text = "".join(f"第{n}季收入{n * 7 % 31}.5亿元，好于预期；" for n in range(60))
    (reports / "one.md").write_text(f"# 甲\n\n{text}\n", encoding="utf-8")
    (reports / "two.md").write_text(f"# 乙\n\n{text}以上。\n", encoding="utf-8")
    done = run("add", "reports")
    (line,) = [line for line in done.stderr.splitlines() if "near-duplicate" in line]
    assert re.search(r"two\.md: \d\d% the same as one\.md", line)


def test_facts_are_listed_and_shown_with_their_place(reports: Path) -> None:
    (reports / "20250428-x.md").write_text(
        "# 蓝鲸（300999.SZ）点评\n\n东湖证券 2025年4月28日\n\n投资评级：买入（首次）\n\n目标价：58.6元\n\n收入3亿元。\n",
        encoding="utf-8",
    )
    run("add", "reports")
    row = next(r for r in json.loads(run("list", "--json").stdout) if r["published"])
    assert (row["kind"], row["rating"], row["rating_change"]) == ("公司点评", "买入", "首次")
    assert row["target_price"] == "58.6 CNY"
    assert row["companies"] == [{"name": "蓝鲸", "also": ["300999.SZ"]}]
    assert "58.6 CNY" in run("list").stdout
    shown = run("show", "20250428").stdout
    assert re.search(r"published +2025-04-28 — text; file name \[\d+–\d+\]", shown)
    whole = json.loads(run("show", "20250428", "--json").stdout)
    rating = next(f for f in whole["facts"] if f["name"] == "rating")
    text = run("show", "20250428", "--text").stdout
    assert text[rating["start"] : rating["end"]] == "买入"


def test_bad_files_get_one_line_on_stderr_each_and_the_rest_is_added(reports: Path) -> None:
    (reports / "empty.txt").write_bytes(b"")
    (reports / "broken.pdf").write_bytes(b"%PDF-1.7\nrubbish")
    (reports / "binary.md").write_bytes(bytes(range(256)) * 9)
    (reports / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    done = run("add", "reports")
    assert done.exit_code == 0
    for name in ("empty.txt", "broken.pdf", "binary.md", "photo.jpg"):
        assert len([line for line in done.stderr.splitlines() if name in line]) == 1
        assert name not in done.stdout
    assert "2 added" in done.stdout


@pytest.mark.parametrize(
    ("paths", "code"),
    [
        (["reports"], 0),
        (["reports", "empty.txt"], 1),
        (["empty.txt"], 1),
        (["nowhere.md"], 1),
        (["void"], 1),
        ([], 2),
    ],
)
def test_exit_codes_of_add(reports: Path, paths: list[str], code: int) -> None:
    Path("empty.txt").write_bytes(b"")
    Path("void").mkdir()
    assert run("add", *paths).exit_code == code
    if "reports" in paths:
        assert len(json.loads(run("list", "--json").stdout)) == 2


def test_terminals_are_not_driven_by_file_names(reports: Path) -> None:
    (reports / "a\x1b[31mb\n.md").write_text("# 题\n\n收入3亿元。\n", encoding="utf-8")
    done = run("add", "reports")
    assert done.exit_code == 0
    assert "\x1b" not in done.output + run("list").output + run("list", "--json").output
    assert "3 added" in done.stdout


def test_names_that_are_no_utf8_can_be_printed(reports: Path) -> None:
    (reports / os.fsdecode(b"\xb1\xa8\xb8\xe6.md")).write_text("# 题\n\n收入3亿元。\n")
    done = run("add", "reports", "--json")
    assert done.exit_code == 0
    done.stdout.encode()
    run("list", "--json").stdout.encode()


def test_another_embedder_is_refused_until_rebuilt(reports: Path) -> None:
    run("add", "reports")
    refused = run("add", "reports", "--embedder", "other")
    assert refused.exit_code == 1
    assert "--rebuild" in str(refused.exception)
    assert run("add", "--rebuild", "--embedder", "other").exit_code == 0
    facts = json.loads(run("info", "--json").stdout)
    assert (facts["embedder"], facts["documents"]) == ("other", 2)
    # Neither adding nor rebuilding goes back to the default behind the user's back.
    assert run("add", "reports").exit_code == 0
    assert run("add", "--rebuild").exit_code == 0
    assert json.loads(run("info", "--json").stdout)["embedder"] == "other"


def test_check_exits_with_one_until_repaired(reports: Path, tmp_path: Path) -> None:
    run("add", "reports")
    assert run("check").exit_code == 0
    (tmp_path / "indexes" / "default" / "vectors.faiss").write_bytes(b"rubbish")
    broken = run("check")
    assert broken.exit_code == 1
    assert "rag check --repair" in broken.stdout
    assert run("check", "--repair").exit_code == 0
    assert run("check").exit_code == 0


def test_errors_name_what_is_there(reports: Path) -> None:
    run("add", "reports", "--index", "demo")
    missing = run("list", "--index", "nope")
    assert missing.exit_code == 1
    assert re.search(r"demo.*rag add PATH --index nope", str(missing.exception))
    several = run("show", "md", "--index", "demo")
    assert several.exit_code == 1
    assert "cloud.md" in str(several.exception)
    assert "whale.md" in str(several.exception)
    assert run("list", "--index", "..").exit_code == 2
    assert run("show", "cloud", "--page", "3", "--index", "demo").exit_code == 2


def test_the_index_may_be_a_path_or_come_from_the_environment(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", "reports", "--index", "./here/ix")
    assert Path("here/ix/manifest.json").is_file()
    monkeypatch.setenv("RAG_INDEX", "./here/ix")
    assert len(json.loads(run("list", "--json").stdout)) == 2
    # An index is not a document: adding the folder that holds it does not swallow it.
    assert run("add", "here").exit_code == 1


def test_every_example_runs(reports: Path) -> None:
    Path("eval").mkdir()
    reports.rename("eval/reports")
    (Path("eval/reports") / "tencent-q3.md").write_text("# 甲\n\n收入1亿元。\n", encoding="utf-8")
    for verb in VERBS:
        (example,) = re.findall(r"Example: (rag .+)", verb.epilog or "")
        words = shlex.split(example)[1:]
        if "remove" in words:  # the id in the help is made up
            listed = json.loads(run("list", "--json", "--index", "demo").stdout)
            words = [listed[0]["doc_id"] if w.startswith("d1-") else w for w in words]
        assert run(*words).exit_code == 0, example


def test_main_turns_errors_into_one_line(
    reports: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, code in ((["list", "--index", "nope"], 1), (["list", "--wrong"], 2)):
        monkeypatch.setattr("sys.argv", ["rag", *arguments])
        with pytest.raises(SystemExit) as stop:
            frame.run(rag)
        assert stop.value.code == code
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "Traceback" not in printed.err
        if code == 1:
            assert len(printed.err.splitlines()) == 1
