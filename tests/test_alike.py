"""Texts that are the same up to small edits are found, those that are merely alike are not."""

import random
from pathlib import Path

import pytest

from rag.index import Index
from rag.index.alike import SAME, Likes, likeness, signature
from tests.conftest import HashEmbedder

LETTERS = "东西南北上下左右前后春夏秋冬日月星辰山川河海风雨雷电花鸟鱼虫金木水火土石"


def report(seed: int, sentences: int = 120) -> str:
    pick = random.Random(seed)
    return "".join("".join(pick.choices(LETTERS, k=24)) + "。\n" for _ in range(sentences))


def edited(text: str, edits: int) -> str:
    pick = random.Random(7)
    letters = list(text)
    for at in pick.sample(range(len(letters)), edits):
        letters[at] = pick.choice(LETTERS)
    return "".join(letters)


def test_likeness_is_the_share_of_common_shingles() -> None:
    text = report(1)
    assert likeness(text, text) == 1
    assert likeness(text, text.replace("。", " ；\n\n")) == 1, "spaces and punctuation aside"
    assert likeness(text, report(2)) < 0.01
    half = likeness(text, text[: len(text) // 2])
    assert half == pytest.approx(0.5, abs=0.02)


def test_the_near_duplicate_is_found_among_others() -> None:
    texts = {f"d{n}": report(n) for n in range(50)}
    likes = Likes({name: sign for name, text in texts.items() if (sign := signature(text))})
    asked = edited(texts["d31"], 30)
    sign = signature(asked)
    assert sign is not None
    name, share = likes.nearest(asked, sign, texts.get, ()) or ("", 0)
    assert name == "d31"
    assert SAME < share < 1
    assert likes.nearest(asked, sign, texts.get, ["d31"]) is None
    far = edited(texts["d31"], 300)
    assert likes.nearest(far, signature(far) or b"", texts.get, ()) is None


def test_short_texts_are_not_compared() -> None:
    assert signature("收入3亿元。") is None


def test_adding_says_which_files_repeat_another(tmp_path: Path, embedder: HashEmbedder) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    text, other = report(1), report(2)
    (folder / "a.md").write_text(f"# 甲\n\n{text}", encoding="utf-8")
    (folder / "b.md").write_text(f"# 乙\n\n{other}", encoding="utf-8")
    (folder / "c.md").write_text(f"# 甲修订\n\n{edited(text, 20)}", encoding="utf-8")
    index = Index.create(tmp_path / "ix", embedder)
    rows = {Path(r.path).name: r for r in index.add([folder]).rows}
    assert [rows[name].near for name in ("a.md", "b.md", "c.md")] == [None, None, "a.md"]
    assert SAME < (rows["c.md"].likeness or 0) < 1
    # A changed file is not a duplicate of what it was.
    (folder / "b.md").write_text(f"# 乙\n\n{edited(other, 20)}", encoding="utf-8")
    assert [r.near for r in index.add([folder / "b.md"]).rows] == [None]
    # Compared with what an earlier run stored.
    (folder / "d.md").write_text(f"# 丁\n\n{edited(other, 40)}", encoding="utf-8")
    assert [r.near for r in index.add([folder / "d.md"]).rows] == ["b.md"]
