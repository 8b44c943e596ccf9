"""Zip archives as folders of documents: what is in them, and what they must not do."""

import contextlib
import io
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from rag.errors import DocumentError
from rag.load import discover, doc_id_of, exists, inside, load, stamp
from rag.load.archive import Archive, DamagedError
from tests import samples


@pytest.fixture
def put(tmp_path):
    def write(data, name="a.zip"):
        path = tmp_path / name
        path.write_bytes(samples.zipped(data) if isinstance(data, dict) else data)
        return path

    return write


def found(path):
    return [(str(f.path.relative_to(path.parent)), f.reason) for f in discover([path])]


def test_members_are_documents_named_by_archive_and_member(put):
    path = put(samples.archive())
    assert found(path) == [
        ("a.zip/一/a.txt", None),
        ("a.zip/b.docx", None),
        ("a.zip/inner.zip/深处.txt", None),
        ("a.zip/c.exe", "unsupported kind of file"),
    ]
    text, word, deep = (load(f.path) for f in discover([path]) if f.reason is None)
    assert (text.source, word.source) == ("a.zip/一/a.txt", "a.zip/b.docx")
    assert deep.source == "a.zip/inner.zip/深处.txt"
    assert (word.format, word.title) == ("docx", "示例科技三季报点评")
    assert text.doc_id == doc_id_of(samples.SENTENCE.encode())


def test_a_member_s_name_gives_facts_as_a_file_s_does(put):
    path = put({"2024/20241114-示例证券-三季报点评.txt": samples.SENTENCE})
    document = load(path / "2024/20241114-示例证券-三季报点评.txt")
    assert (document.title, document.publisher) == ("三季报点评", "示例证券")


def test_an_archive_in_a_folder(put, tmp_path):
    put({"b.txt": samples.SENTENCE})
    put(b"x", "0.txt")
    assert [f.path.name for f in discover([tmp_path])] == ["0.txt", "b.txt"]


def test_an_archive_is_no_document_itself(put):
    with pytest.raises(DocumentError, match="is an archive, not a document; type: rag add"):
        load(put({"b.txt": samples.SENTENCE}))


@pytest.mark.parametrize("name", ["a.docx", "a.txt"])
def test_an_archive_by_another_name(put, name):
    with pytest.raises(DocumentError, match="is an archive, not a document"):
        load(put({"b.txt": samples.SENTENCE}, name))


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04" + b"x" * 99, b"no zip at all", samples.archive()[:300]]
)
def test_a_damaged_archive_is_reported_by_whoever_loads_it(put, data):
    path = put(data)
    assert found(path) == [("a.zip", None)]
    with pytest.raises(DocumentError):
        load(path)


def test_a_member_that_is_not_there(put):
    path = put({"b.txt": samples.SENTENCE})
    with pytest.raises(DocumentError, match="no such file"):
        load(path / "c.txt")
    with pytest.raises(DocumentError, match="no such file"):
        load(path / "b.txt" / "c.txt")


def test_whether_a_member_is_there_and_when_it_changed(put):
    path = put(samples.archive())
    assert exists(path / "b.docx") and exists(path / "inner.zip" / "深处.txt")
    assert not exists(path / "z.txt") and not exists(path.parent / "gone.zip" / "b.txt")
    status = path.stat()
    assert stamp(path / "b.docx") == (status.st_size, status.st_mtime_ns) == stamp(path)
    assert stamp(path.parent / "gone.txt") == (0, 0)


def test_an_inner_archive_that_changed_is_read_again(put):
    name = Path("inner.zip/x.txt")
    path = put({"inner.zip": samples.zipped({"x.txt": "旧的内容。"})})
    assert load(path / name).text == "旧的内容。"
    put({"inner.zip": samples.zipped({"x.txt": "新的内容。"})})
    assert load(path / name).text == "新的内容。"


# Names


def test_names_never_lead_out_of_the_archive(put):
    names = ["../../etc/x.txt", "/abs/y.txt", "C:\\win\\z.txt", "a/./b//w.txt", "..\\v.txt"]
    path = put(dict.fromkeys(names, samples.SENTENCE))
    assert [name for name, _ in found(path)] == [
        "a.zip/__/__/etc/x.txt",
        "a.zip/abs/y.txt",
        "a.zip/win/z.txt",
        "a.zip/a/b/w.txt",
        "a.zip/__/v.txt",
    ]
    for f in discover([path]):
        assert f.path.resolve().is_relative_to(path.resolve())
        assert load(f.path).text == samples.SENTENCE


@pytest.mark.parametrize("long", ["/" * 500, "../" * 300, "x" * 290 + "../../../", "长" * 900])
def test_long_names_are_cut_and_still_lead_nowhere(put, long):
    path = put({f"{long}etc/a.txt": samples.SENTENCE})
    (member,) = (f.path for f in discover([path]))
    assert member.is_relative_to(path) and ".." not in member.parts
    assert load(member).text == samples.SENTENCE


def test_two_members_of_one_name_are_two_documents(put):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file, pytest.warns(UserWarning):
        file.writestr("a.txt", "第一份。")
        file.writestr("a.txt", "第二份。")
    path = put(buffer.getvalue())
    assert [load(f.path).text for f in discover([path])] == ["第一份。", "第二份。"]
    assert [name for name, _ in found(path)] == ["a.zip/a.txt", "a.zip/a (2).txt"]


def test_chinese_names_as_windows_writes_them(put):
    data = samples.zipped({"XXXX.txt": samples.SENTENCE})
    path = put(data.replace(b"XXXX", "报告".encode("gbk")))
    assert found(path) == [("a.zip/报告.txt", None)]


def test_hidden_members_are_left_out(put):
    path = put({"__MACOSX/._a.txt": "x", ".git/b.txt": "x", "c.txt": samples.SENTENCE})
    assert [reason for _, reason in found(path)] == ["hidden", "hidden", None]


def test_control_characters_in_a_name_are_not_shown(put):
    assert found(put({"a\x1b[31m.txt": "正文。"})) == [("a.zip/a\ufffd[31m.txt", None)]


# Bombs


def test_a_member_that_grows_too_much(put):
    path = put({"a.txt": "0" * 50_000_000, "b.txt": samples.SENTENCE})
    (_, reason), (_, other) = found(path)
    assert "times its size" in reason and other is None
    with pytest.raises(DocumentError, match="cannot be unpacked"):
        load(path / "a.txt")


def test_a_member_above_the_limit(put, monkeypatch):
    monkeypatch.setenv("RAG_MAX_FILE_MB", "1")
    content = b"".join(
        struct.pack("<I", zlib.crc32(b"%d" % n)).hex().encode() for n in range(200_000)
    )
    assert found(put({"a.txt": content})) == [("a.zip/a.txt", "2 MB, the limit is 1 MB")]


def test_archives_inside_one_another_end_somewhere(put):
    data = samples.zipped({"x.txt": samples.SENTENCE})
    for _ in range(6):
        data = samples.zipped({"n.zip": data})
    assert found(put(data)) == [
        ("a.zip/n.zip/n.zip/n.zip", "more than 3 archives inside one another")
    ]


def test_an_archive_that_holds_itself_by_name(put):
    path = put({"a.zip": samples.zipped({"a.zip": samples.zipped({"a.txt": samples.SENTENCE})})})
    assert [load(f.path).text for f in discover([path])] == [samples.SENTENCE]


def test_too_many_members_are_counted(put):
    path = put({f"{n}.txt": samples.SENTENCE for n in range(10)})
    *kept, last = inside.entries(path, 10**6, most=3)
    assert [entry.reason for entry in kept] == [None] * 3
    assert last.path.name == "3.txt" and "left out with 6 more" in last.reason


def test_a_header_that_lies_about_the_size():
    """The directory says 10 bytes, the stream holds 100 million: 10 are read, or none."""
    content = b"0" * 100_000_000
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packed.compress(content) + packed.flush()
    crc = zlib.crc32(content[:10])
    head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(stream), 10, 5, 0)
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(stream), 10, 5, 0, 0, 0, 0, 0, 0
    )  # fmt: skip
    body = head + b"a.txt" + stream
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) + 5, len(body), 0)
    tracemalloc.start()
    with Archive(body + entry + b"a.txt" + end) as archive:
        (member,) = archive.members
        with contextlib.suppress(DamagedError):
            assert archive.unpacked(member, 1000) == b"0" * 10
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


def test_a_member_with_a_password(put):
    data = bytearray(samples.zipped({"a.txt": samples.SENTENCE}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = put(bytes(data))
    assert found(path) == [("a.zip/a.txt", "needs a password")]
    with pytest.raises(DocumentError, match="cannot be unpacked"):
        load(path / "a.txt")
