"""EML -> text with blocks; what is attached is a document of its own."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from rag.load import discover, load
from rag.load.mail import attachments, parse
from rag.schema import BlockKind
from tests import samples

K = BlockKind


def blocks(parsed):
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def test_a_mail_in_order():
    parsed = parse(samples.mail(), "a.eml")
    assert blocks(parsed) == [
        (K.HEADING, 1, "示例科技：三季报点评"),
        (K.NOTE, 0, "示例证券研究所 <research@example.com> · 2024-11-14"),
        (K.PARAGRAPH, 0, samples.SENTENCE),
        (K.TABLE, 0, "项目 | 2023年 | 2024年\n营业收入 | 154.8 | 167.2\n净利润 | 45.0 | 59.8"),
        (K.NOTE, 0, "附件：明细.csv; logo.exe"),
    ]
    facts = (parsed.title, parsed.publisher, parsed.published)
    assert facts == ("示例科技：三季报点评", "示例证券", "2024-11-14")
    assert parsed.warnings == ("a.eml: attachments not read, unsupported kind: logo.exe",)


def test_a_plain_mail():
    message = EmailMessage()
    message["From"] = "李四 <li@example.com>"
    message.set_content("一、概览\n\n" + samples.SENTENCE)
    parsed = parse(message.as_bytes(), "a.eml")
    assert blocks(parsed)[1:] == [
        (K.HEADING, 2, "一、概览"), (K.PARAGRAPH, 0, samples.SENTENCE),
    ]  # fmt: skip
    assert (parsed.title, parsed.publisher, parsed.published) == (None, "李四", None)


@pytest.mark.parametrize("charset", ["gb18030", "utf-8", "gb2312", "x-unknown"])
def test_a_body_in_another_encoding_than_it_says(charset):
    head = f"From: a@example.com\nSubject: x\nContent-Type: text/plain; charset={charset}\n\n"
    data = head.encode() + (samples.SENTENCE * 3).encode("gb18030")
    assert samples.SENTENCE in parse(data, "a.eml").text


def test_a_subject_in_raw_bytes():
    data = "From: a@example.com\nSubject: 三季报点评\n\n正文。".encode("gb18030")
    assert parse(data, "a.eml").title == "三季报点评"


def test_attachments_of_known_kinds_are_documents(tmp_path):
    inner = samples.letter(**{"内.txt": samples.SENTENCE.encode()})
    message = samples.letter(
        **{"报告.docx": samples.word(), "a.exe": b"MZ", "包.zip": samples.archive()}
    )
    message.add_attachment(inner)
    path = tmp_path / "信.eml"
    path.write_bytes(message.as_bytes())
    found = [(str(f.path.relative_to(tmp_path)), f.reason) for f in discover([tmp_path])]
    assert found == [
        ("信.eml", None),
        ("信.eml/报告.docx", None),
        ("信.eml/a.exe", "unsupported kind of file"),
        ("信.eml/包.zip/一/a.txt", None),
        ("信.eml/包.zip/b.docx", None),
        ("信.eml/包.zip/inner.zip/深处.txt", None),
        ("信.eml/包.zip/c.exe", "unsupported kind of file"),
        ("信.eml/示例科技：三季报点评.eml", None),
        ("信.eml/示例科技：三季报点评.eml/内.txt", None),
    ]
    documents = [load(f.path) for f in discover([path]) if f.reason is None]
    assert [d.source for d in documents][1] == "信.eml/报告.docx"
    assert documents[-1].text == samples.SENTENCE
    assert documents[-1].doc_id == documents[2].doc_id, "the same bytes, the same document"


def test_names_of_attachments_never_lead_upwards():
    message = samples.letter(**{"../../../etc/x.txt": b"1", "": b"2"})
    message.add_attachment(b"3", maintype="text", subtype="plain", filename="__/__/__/etc/x.txt")
    assert list(attachments(message.as_bytes())) == [
        "__/__/__/etc/x.txt", "_", "__/__/__/etc/x (1).txt",
    ]  # fmt: skip


def test_a_text_that_begins_like_a_mail_is_one_only_with_marks_of_a_mail_program(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("From: 研究部\nSubject: 周报\n\n正文。", "utf-8")
    assert load(path).format == "text"
    path.write_bytes(samples.mail())
    assert load(path).format == "eml"


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: multipart/mixed\n",
        "Content-Type: multipart/mixed; boundary=x\n",
        "Content-Type: text/html; charset=\x00\n",
        "Content-Type: message/rfc822\n",
        "Content-Transfer-Encoding: base64\n",
        "Date: 99 Foo 20240 99:99\n",
        "From: =?utf-8?b?////?=\n",
    ],
)
def test_broken_heads_do_no_harm(head):
    parsed = parse(f"From: a@example.com\nSubject: 题\n{head}\n正文。".encode(), "a.eml")
    assert parsed.title == "题"


def test_an_empty_folder_of_mail(tmp_path):
    (tmp_path / "a.eml").write_bytes(b"")
    assert [f.path for f in discover([tmp_path])] == [Path(tmp_path / "a.eml")]
