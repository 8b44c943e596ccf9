"""The report page over hand-made runs: what it shows, that it is whole, that text stays text."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from eval.compare import compare
from eval.estimates import Estimate
from eval.outcomes import of_run
from eval.report import pair_page, read_run, run_page
from eval.report.labels import WORDS, metric
from eval.report.marking import Piece, mark
from eval.report.plots import interval
from eval.report.tables import figures, losses, odds, outcomes, selective, times
from eval.stages import LostAt
from eval.summary import CORPUS_METRICS, METRICS, Axis, rows_by
from rag.cli.evaluation.report import report
from rag.errors import UsageError
from rag.schema import Check

QUOTE = "收入6602.57亿元，同比增长8%"
HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'&amp;{{ 7*7 }}"
HEADER = {
    "format": 2,
    "set": {"name": "made", "version": "3", "sha256": "a" * 64},
    "stage": "answer",
    "cases": 4,
    "command": ["rag", "eval", "run", "made"],
    "commit": "b" * 40,
    "dirty": True,
    "models": {"generator": {"name": "qwen", "sha256": "c" * 64}},
    "machine": "Linux, 2 CPUs",
    "settings": {"rag.refuse.THRESHOLD": 2.3},
}


def extract(text=QUOTE, **more):
    return {"source": "a.txt", "section": ["一"], "page": 3, "text": text} | more


def record(id_, **changes):
    """A question about revenue, answered right."""
    return {
        "id": id_,
        "kind": "fact",
        "lang": "zh",
        "answerable": True,
        "question": f"{id_}的收入？",
        "history": [],
        "answers": [["6602.57亿", "6603亿"]],
        "forbidden": [],
        "gold": [{"source": "a.txt", "quote": QUOTE, "page": 3, "parsed": True}],
        "relevant": [],
        "error": None,
        "standalone_question": f"{id_}的收入？",
        "status": "answered",
        "answer": f"{QUOTE} [1]。",
        "reason": None,
        "citations": [extract(label=1, quote=QUOTE)],
        "figures": [{"text": "6602.57亿", "label": 1, "check": "verified", "quote": "6602.57亿"}],
        "passages": [extract()],
        "odds": 4.0,
        "draft": f"{QUOTE} [1]。",
        "dropped": [],
        "hits": [extract("别的", rank=1, score=0.03), extract(rank=2, score=0.02)],
        "timings_ms": {"understand": 1, "retrieve": 9, "first_token": 900, "total": 2100},
        "tokens": {"prompt": 400, "completion": 20},
        "seconds": 2.1,
        "scores": {
            "correct": 1.0,
            "refused_answerable": 0.0,
            "refused_unanswerable": None,
            "recall@5": 1.0,
            "total_ms": 2100,
        },
    } | changes


def scored(correct, **more):
    return record("x")["scores"] | {"correct": correct} | more


RIGHT = record("c1")
WITHHELD = record(
    "c2",
    kind="table",
    status="refused",
    answer="没有答案。",
    reason="没有写明",
    citations=[],
    figures=[],
    odds=1.5,
    dropped=["dropped: 收入6602.57亿元", ""],
    scores=scored(0.0, refused_answerable=1.0),
)
INVENTED = record(
    "c3",
    kind="unanswerable",
    lang="en",
    answerable=False,
    answers=[],
    gold=[],
    odds=0.2,
    figures=[{"text": "9%", "label": 1, "check": "not_found", "quote": None}],
    scores=scored(0.0, refused_answerable=None, refused_unanswerable=0.0, **{"recall@5": None}),
)
ASKED = "id kind lang answerable question history answers forbidden gold relevant".split()
STOPPED = {key: record("c4")[key] for key in ASKED}
STOPPED |= {"error": "模型缺失", "scores": {"correct": 0.0}}
RECORDS = [RIGHT, WITHHELD, INVENTED, STOPPED]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("RAG_LANG", "en")


def write_run(path, records=RECORDS, **header):
    path.mkdir()
    (path / "header.json").write_text(json.dumps(HEADER | header), "utf-8")
    lines = (json.dumps(found, ensure_ascii=False) + "\n" for found in records)
    (path / "results.jsonl").write_text("".join(lines), "utf-8")
    return path


@pytest.fixture
def write(tmp_path):
    return lambda name, *records, **header: write_run(tmp_path / name, *records, **header)


def parsed(page):
    return LexborHTMLParser(page)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The page of `RECORDS`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAG_LANG", "en")
        return parsed(run_page(read_run(write_run(tmp_path_factory.mktemp("runs") / "a"))))


def cases(tree):
    return [node.css_first(".id").text() for node in tree.css("details.case > summary")]


def test_the_page_shows_every_failure_and_where_it_was_lost(tree):
    assert cases(tree) == ["c2 · table", "c3 · unanswerable", "c4 · fact"]
    stages = [node.attributes["data-stage"] for node in tree.css("details.case")]
    assert stages == ["withheld", "should_refuse", "error"]
    shown = tree.css("details.case")[0].text()
    for text in ("c2的收入？", "6603亿", "没有写明", "dropped: 收入", "1.50", "a.txt › 一 · p. 3"):
        assert text in shown
    assert "模型缺失" in tree.css("details.case")[2].text()


def test_means_are_those_of_the_summary(tree):
    table = tree.css("h2#summary ~ table")[0]
    shown = {row.css_first("code").text(): row.css(".n") for row in table.css("tbody tr")}
    rows = rows_by(Axis.ALL, RECORDS)
    assert list(shown) == [row.metric for row in rows]
    for row in rows:
        mean, interval, n = (cell.text() for cell in shown[row.metric])
        if row.metric != "total_ms":
            assert mean == f"{row.estimate.mean:.3f}"
            assert interval == f"{row.estimate.low:.3f}–{row.estimate.high:.3f}"
        assert n == str(row.estimate.n)


def test_gold_is_marked_where_it_was_found(tree):
    case = tree.css("details.case")[0]
    quoted = [node.text() for node in case.css("figure mark")]
    assert quoted == [QUOTE, QUOTE]
    assert "hit 2 · passage 1" in " ".join(case.text().split())


def test_the_header_is_told(tree):
    text = tree.css_first("dl").text()
    assert "rag eval run made" in text
    assert "bbbbbbbbbbbb… · with uncommitted changes" in text
    assert "generator qwen · sha256 cccccccccccc…" in text


def test_counts():
    assert outcomes(RECORDS) == {
        (True, "answered"): 1, (True, "refused"): 1, (False, "answered"): 1, (True, "errors"): 1,
    }  # fmt: skip
    lost = [(row.stage, row.refused, row.answered, row.stopped) for row in losses(RECORDS)]
    assert lost == [("error", 0, 0, 1), ("withheld", 1, 0, 0), ("should_refuse", 0, 1, 0)]
    checked = [(row.check, row.in_right, row.in_wrong) for row in figures(RECORDS)]
    assert checked == [("verified", 1, 0), ("not_found", 0, 1)]


def test_charts_of_a_single_case():
    waited = times([RIGHT])
    assert waited.rows == (("total", 1, 2.1, 2.1), ("first_token", 1, 0.9, 0.9))
    assert "<svg" in waited.chart
    known = odds([RIGHT])
    assert (known.answerable, known.unanswerable) == (1, 0)
    assert "<svg" in known.chart
    assert times([STOPPED]) is None
    assert odds([STOPPED]) is None


def test_fewer_answers_the_surest_first():
    """By words and right, then margins 2 right, 1 wrong; a refusal counts as a question only."""
    by_words, sure = record("a", margin=None), record("b", margin=2.0)
    doubtful = record("c", margin=1.0, scores=scored(0.0))
    refused = record("d", status="refused", answer="没有", margin=-1.0, scores=scored(0.0))
    found = selective([doubtful, refused, sure, by_words])
    assert (found.answered, found.right) == (0.75, pytest.approx(2 / 3))
    assert selective([refused]) is None
    # On the chart: x from 25 % to 75 %, y at the top twice, then a third lower.
    (path,) = (
        p
        for p in re.findall(r'<path d="([^"]+)"[^>]*var\(--blue\)', found.chart)
        if p.count("L") == 2
    )
    (x1, y1), (x2, y2), (x3, y3) = [
        tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", path)
    ]
    assert x2 - x1 == pytest.approx(x3 - x2) and y1 == y2 < y3


def test_a_bar_is_as_long_as_its_mean():
    """The scale is 180 wide with a hundredth of it as margin on both sides."""
    bar = interval(Estimate(0.5, 40, 0.35, 0.65), "blue")
    ends = [float(x) for x in re.findall(r"L ([\d.]+) 12  L", bar)]
    assert ends == pytest.approx([180 * 101 / 102, 180 * 51 / 102], abs=0.1)
    whiskers = [float(x) for x in re.findall(r"M ([\d.]+) 12.8", bar)]
    assert whiskers == pytest.approx([180 * 36 / 102, 180 * 66 / 102], abs=0.1)


def test_text_from_documents_stays_text(write):
    """Every text of a record and of the header is hostile; none becomes an element."""

    def poisoned(value):
        if isinstance(value, dict):
            kept = ("status", "check", "id", "error", "scores")
            return {k: v if k in kept else poisoned(v) for k, v in value.items()}
        if isinstance(value, list):
            return [poisoned(item) for item in value]
        return HOSTILE if isinstance(value, str) else value

    bad = [poisoned(found) for found in RECORDS]
    bad.append(poisoned(RIGHT) | {"id": HOSTILE, "error": HOSTILE})
    header = poisoned({k: v for k, v in HEADER.items() if k != "stage"})
    first = read_run(write("a", bad, **header))
    second = write("b", bad, **header)
    comparison = compare(of_run(second), of_run(second))
    for page in (run_page(first), pair_page(first, read_run(second), comparison)):
        tree = parsed(page)
        assert len(tree.css("script")) == 1
        assert not tree.css("img")
        assert not [n for n in tree.css("*") if any(a.startswith("on") for a in n.attributes)]
        assert HOSTILE in tree.css_first("details.case .q").text()
        assert tree.css_first("details.case").attributes["data-kind"] == HOSTILE


def test_words_cannot_be_turned_around_or_hidden(write):
    turned = WITHHELD | {"answer": "收入\u202e亿2066\u202c。\x00"}
    page = run_page(read_run(write("a", [turned])))
    assert not {"\u202e", "\u202c", "\x00"} & set(page)


def test_the_page_needs_nothing_else(tree):
    assert not tree.css("link, iframe, object, img, script[src]")
    assert all(a.attributes["href"].startswith("#") for a in tree.css("a"))
    style = tree.css_first("style").text()
    assert "url(" not in style
    assert "@import" not in style
    policy = tree.css_first("meta[http-equiv]").attributes["content"]
    assert "default-src 'none'" in policy


def test_element_names_are_unique(tree):
    names = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(names) == len(set(names))


def test_the_same_run_gives_the_same_page(write, tree):
    assert parsed(run_page(read_run(write("a")))).html == tree.html


def test_labels_follow_the_locale(write, monkeypatch):
    monkeypatch.setenv("RAG_LANG", "zh_CN.UTF-8")
    tree = parsed(run_page(read_run(write("a"))))
    assert tree.css_first("html").attributes["lang"] == "zh-CN"
    assert "误扣下" in tree.css_first("details.case summary").text()
    assert "第 3 页" in tree.css_first("details.case").text()


def test_there_is_a_word_for_everything():
    assert all(f"{kind}.{stage}" in WORDS for stage in LostAt for kind in ("lost", "why"))
    assert all(check in WORDS for check in Check)
    assert all(metric(name) for name in (*METRICS, *CORPUS_METRICS))
    assert all(en and zh for en, zh in WORDS.values())


def test_a_run_that_only_searched(write):
    found = {key: RIGHT[key] for key in (*ASKED, "error", "hits", "seconds")}
    missed = found | {"id": "c9", "hits": [], "scores": {"recall@5": 0.0, "recall@10": 0.0}}
    good = found | {"scores": {"recall@5": 1.0, "recall@10": 1.0}}
    tree = parsed(run_page(read_run(write("a", [good, missed], stage="retrieval"))))
    assert cases(tree) == ["c9 · fact"]
    assert "not retrieved" in tree.css_first("details.case summary").text()
    assert len(tree.css("svg.latency")) == 1
    assert not tree.css("svg.separation")


def test_side_by_side_shows_what_changed_first(write):
    now_right = WITHHELD | {key: RIGHT[key] for key in ("status", "answer", "scores")}
    now_wrong = RIGHT | {key: WITHHELD[key] for key in ("status", "answer", "scores")}
    after = [now_wrong, now_right, INVENTED, STOPPED]
    command = CliRunner().invoke(report, [str(write("before")), str(write("after", after))])
    assert command.exit_code == 0, command.output
    path = command.output.split(": ", 1)[1].strip()
    assert path.endswith("after/report-against-before.html")
    tree = parsed(Path(path).read_text("utf-8"))
    assert cases(tree) == ["c1 · fact", "c2 · table", "c3 · unanswerable", "c4 · fact"]
    badges = [node.text() for node in tree.css_first("details.case summary").css(".badge")]
    assert badges == ["A right", "B wrongly withheld"]
    sides = tree.css_first("details.case").css(".sides > div")
    assert [QUOTE in sides[0].text(), "没有答案。" in sides[1].text()] == [True, True]


def test_the_command_writes_beside_the_run_or_where_told(write, tmp_path):
    folder = write("a")
    runner = CliRunner()
    assert runner.invoke(report, [str(folder)]).exit_code == 0
    other = tmp_path / "new" / "page.html"
    assert runner.invoke(report, [str(folder), "--out", str(other)]).exit_code == 0
    assert other.read_text("utf-8") == (folder / "report.html").read_text("utf-8")


def test_what_is_no_run_is_told_in_a_line(write):
    error = CliRunner().invoke(report, ["nowhere"]).exception
    assert isinstance(error, UsageError)
    with pytest.raises(UsageError, match="no results yet"):
        read_run(write("empty", []))
    old = {key: value for key, value in RIGHT.items() if key != "gold"}
    with pytest.raises(UsageError, match="older version"):
        read_run(write("old", [old]))


@pytest.mark.parametrize(
    ("text", "quotes", "gold"),
    [
        ("甲乙丙丁", ["乙丙"], ["乙丙"]),
        ("| 收入 | ８% |\n", ["收入 8%"], ["收入 | ８%"]),
        ("8%和8%", ["8%"], ["8%", "8%"]),
        ("甲乙丙丁", ["甲乙", "乙丙"], ["甲乙丙"]),
        ("面积5㎡整", ["5m2"], ["5㎡"]),
        ("甲", ["乙", ""], []),
        ("", ["乙"], []),
    ],
)
def test_quotes_are_marked_as_scorers_find_them(text, quotes, gold):
    pieces = mark(text, quotes)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.gold] == gold
    assert Piece("", False) not in pieces
