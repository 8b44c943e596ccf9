"""What is uploaded is stored under a harmless name, within limits, and shown as it was called."""

from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.page import uploads
from rag.page.uploads import Limits, Upload, keep, safe_name, shown_name, sift

ROOMY = Limits(1000, 10, 10_000)


def upload(tmp_path: Path, name: str, content: bytes = b"text") -> Upload:
    path = tmp_path / f"tmp-{len(list(tmp_path.iterdir()))}"
    path.write_bytes(content)
    return Upload(path, name)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("研报 2024.pdf", "研报 2024.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\a\\b.pdf", "b.pdf"),
        ("<img src=x onerror=alert(1)>.html", "_img src=x onerror=alert(1)_.html"),
        ("a\x00b\nc\u202egnp.pdf", "abcgnp.pdf"),
        (".hidden.txt", "hidden.txt"),
        ("..", "_"),
        ("", "_"),
        ("/", "_"),
        ("CON.txt", "_CON.txt"),
        (".names.json.txt", "names.json.txt"),
    ],
)
def test_a_stored_name_is_no_path_and_hides_nothing(name: str, stored: str) -> None:
    assert safe_name(name) == stored


def test_a_long_name_keeps_its_suffix_and_whole_characters() -> None:
    stored = safe_name("研" * 500 + ".pdf")
    assert len(stored.encode()) <= 180
    assert stored.endswith("研.pdf")
    assert len(safe_name("x." + "y" * 500).encode()) <= 180


def test_the_original_name_is_shown_on_one_line() -> None:
    assert shown_name("x/<b>\u202e 三季报\n点评.pdf") == "<b> 三季报点评.pdf"


def test_the_same_file_is_kept_once_and_another_of_its_name_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    first = keep(upload(tmp_path, "a<1>.txt", b"one"), folder)
    same = keep(upload(tmp_path, "a<1>.txt", b"one"), folder)
    other = keep(upload(tmp_path, "a<1>.txt", b"two"), folder)
    assert first == same
    assert [p.name for p in (first, other)] == ["a_1_.txt", "a_1_ (2).txt"]
    assert uploads.originals(folder) == {"a_1_.txt": "a<1>.txt", "a_1_ (2).txt": "a<1>.txt"}
    assert uploads.stored_bytes(folder) == 6


def test_only_what_was_uploaded_is_ever_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    stored = keep(upload(tmp_path, "a<.txt"), folder)
    outside = tmp_path / "own.txt"
    outside.write_text("mine")
    for path in (outside, folder / "sources" / ".." / ".." / "own.txt", stored):
        uploads.forget(path, folder)
    assert outside.exists()
    assert not stored.exists()
    assert uploads.originals(folder) == {}


def test_limits_refuse_one_file_each_with_a_line(tmp_path: Path) -> None:
    given = [
        upload(tmp_path, "program.exe"),
        upload(tmp_path, "large.pdf", b"x" * 1001),
        upload(tmp_path, "a.txt", b"x" * 900),
        upload(tmp_path, "b.txt", b"x" * 900),
        upload(tmp_path, "c.txt", b"x" * 100),
        upload(tmp_path, "d.txt", b"x"),
    ]
    taken, refused = sift(given, Limits(1000, 2, 1500), stored_bytes=400)
    assert [u.original for u in taken] == ["a.txt", "c.txt"]
    assert [r.original for r in refused] == ["program.exe", "large.pdf", "b.txt", "d.txt"]
    said = [r.reason.en for r in refused]
    for line, part in zip(said, ("type", "a file may have", "may take", "at once"), strict=True):
        assert part in line
        assert "\n" not in line


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert uploads.limits() == Limits(100_000_000, 200, 4_000_000_000)
    monkeypatch.setenv("RAG_UPLOAD_FILES", "3")
    monkeypatch.setenv("RAG_MAX_FILE_MB", "1")
    assert uploads.limits().files == 3
    assert uploads.limits().file_bytes == 1_000_000
    monkeypatch.setenv("RAG_UPLOAD_FILES", "-3")
    with pytest.raises(UsageError, match="RAG_UPLOAD_FILES"):
        uploads.limits()
