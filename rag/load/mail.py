"""EML -> text with blocks: subject, sender and date, the body, the names of what is attached.

What is attached is no part of the text: `rag.load.inside` makes documents of it.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage, Message
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePosixPath
from typing import TypeVar

from rag.language import language_of, say
from rag.load import html, text
from rag.load.archive import clean_name
from rag.load.encoding import UndecodableError, decode
from rag.load.facts import facts_of
from rag.load.html.facts import is_name
from rag.load.imprint import house_of
from rag.load.parsed import Parsed
from rag.load.pieces import Piece, one_line, write
from rag.load.sniff import SUFFIXES
from rag.schema import BlockKind

_T = TypeVar("_T")

MAX_ATTACHMENTS = 200
MAX_HEADER = 300
"""Characters of a header line that are shown."""
MAX_FIELD = 10_000
"""Bytes of a header that are parsed: the standard library takes the square of its length."""

_FIELD = re.compile(rb"^[A-Za-z-]{1,60}:(?:[^\n]*\n[ \t])*[^\n]*", re.MULTILINE)
_HEADER_END = re.compile(rb"\r?\n\r?\n")


def parse(data: bytes, source: str) -> Parsed:
    """Return the blocks and stated facts of a mail.

    Args:
        data: The whole file.
        source: Its name, for warnings.
    """
    message = _message(data)
    subject, sender = _header(message, "Subject"), _header(message, "From")
    published = _published(_header(message, "Date"))
    pieces = [Piece(BlockKind.HEADING, subject, 1)] if subject else []
    pieces.append(Piece(BlockKind.NOTE, " · ".join(filter(None, (sender, published)))))
    pieces += _body(message, source)
    attached = list(attachments(data))
    if attached:
        chinese = language_of(subject + "".join(piece.text for piece in pieces)) == "zh"
        label = "附件：" if chinese else "Attachments: "
        pieces.append(Piece(BlockKind.NOTE, label + "; ".join(attached)))
    done = write([piece for piece in pieces if piece.text])
    stated = facts_of(done.text, done.blocks)
    return Parsed(
        text=done.text,
        blocks=done.blocks,
        title=subject or None,
        publisher=_house(sender) or stated.publisher or _name(sender),
        published=published or stated.published,
        warnings=_unread(attached, source),
    )


def attachments(data: bytes) -> dict[str, bytes]:
    """Return name -> bytes of what is attached to a mail, in its order, at most 200.

    A name has no part that leads upwards. Pictures that the body shows are not attachments; a mail
    inside the mail is one, called by its subject.
    """
    found: dict[str, bytes] = {}
    for part in _parts(_message(data))[:MAX_ATTACHMENTS]:
        inner = part.get_payload() if part.get_content_type() == "message/rfc822" else None
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            content = _safely(inner[0].as_bytes, b"")
            name = f"{_header(inner[0], 'Subject') or 'mail'}.eml".replace("/", "-")
        else:
            content = _payload(part)
            name = one_line(_safely(part.get_filename, None) or "")
        found[_unused(clean_name(name), found)] = content
    return found


def _parts(message: EmailMessage) -> list[Message]:
    """Return the parts of `message` that are neither its body nor shown by it."""
    none: list[Message] = []
    return _safely(lambda: [part for part in message.iter_attachments()], none)


def _message(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(_bounded(data), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _bounded(data: bytes) -> bytes:
    """Return a mail with overlong headers cut: all of its own, of its parts those that say what."""

    def cut(found: re.Match[bytes]) -> bytes:
        field = found.group()
        own = found.start() < end or field[:8].lower() == b"content-"
        return field[:MAX_FIELD] if own else field

    blank = _HEADER_END.search(data)
    end = blank.start() if blank else len(data)
    return _FIELD.sub(cut, data)


def _body(message: EmailMessage, source: str) -> list[Piece]:
    """Return the pieces of the richest body that holds text: HTML keeps tables, plain text none."""
    for kind in ("html", "plain"):
        part = _body_part(message, kind)
        if part is None:
            continue
        content = _text(part)
        if kind == "html":
            pieces = html.read_pieces(content)
        else:
            parsed = text.parse(content, source)
            pieces = [Piece(b.kind, parsed.text[b.start : b.end], b.level) for b in parsed.blocks]
        if pieces:
            return [replace(p, level=p.level + 1) if p.level else p for p in pieces]
    return []


def _body_part(message: EmailMessage, kind: str) -> Message | None:
    return _safely(lambda: message.get_body((kind,)), None)


def _text(part: Message) -> str:
    """Return a part as text; its charset is a claim like any other."""
    try:
        return decode(_payload(part), part.get_content_charset()).text
    except UndecodableError:
        return ""


def _payload(part: Message) -> bytes:
    payload: object = _safely(lambda: part.get_payload(decode=True), None)
    return payload if isinstance(payload, bytes) else b""


def _header(message: Message, name: str) -> str:
    raw = next((str(v) for k, v in message.raw_items() if k.lower() == name.lower()), "")
    if any("\udc80" <= c <= "\udcff" for c in raw):
        # Bytes beyond ASCII, which should have been encoded and often are not.
        try:
            value = decode(raw.encode("ascii", "surrogateescape")).text
        except (UndecodableError, UnicodeEncodeError):
            value = ""
    else:
        value = _safely(lambda: str(message.get(name) or ""), "")
    return one_line("".join(c if c.isprintable() else " " for c in value))[:MAX_HEADER]


def _published(date: str) -> str | None:
    moment: datetime | None = _safely(lambda: parsedate_to_datetime(date), None)
    return moment.date().isoformat() if moment and moment.year >= 1990 else None


def _house(sender: str) -> str | None:
    name = parseaddr(sender)[0]
    return next((h for word in (name, *name.split()) if word and (h := house_of(word))), None)


def _name(sender: str) -> str | None:
    name = parseaddr(sender)[0]
    return name if is_name(name) else None


def _unused(name: str, taken: dict[str, bytes]) -> str:
    path = PurePosixPath(name)
    names: Iterator[str] = (
        str(path.with_name(f"{path.stem} ({n}){path.suffix}")) if n else name for n in range(999)
    )
    return next(n for n in names if n not in taken)


def _unread(attached: list[str], source: str) -> tuple[str, ...]:
    unread = [n for n in attached if PurePosixPath(n).suffix.lower() not in SUFFIXES]
    if not unread:
        return ()
    listed = ", ".join(unread)
    return (
        say(
            f"{source}: attachments not read, unsupported kind: {listed}",
            f"{source}：未读取的附件（格式不支持）：{listed}",
        ),
    )


def _safely(get: Callable[[], _T], otherwise: _T) -> _T:
    """Return what `get` gives; `otherwise` where the standard library trips over a broken header."""
    try:
        return get()
    except Exception:
        return otherwise
