"""An Office file or e-book, which is a zip of XML parts -> its parts, safe to give to a library.

The libraries unpack whole parts without looking at their size and know one dialect of XML, so what
they get is packed anew. Knows nothing of what stands in the parts.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from lxml import etree

from rag.errors import DocumentError, RagError
from rag.load.archive import Archive, DamagedError, TooLargeError

MAX_PART = 150_000_000
"""Bytes of one part; the text of a book of 5,000 pages has 30 MB of markup."""
MAX_ALL = 400_000_000
"""Bytes of all parts together."""

# ISO/IEC 29500 Strict names the same things otherwise; python-docx and its like know Transitional.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
# Macro-enabled files and templates differ from documents in their content type alone.
_VARIANT = re.compile(
    rb"application/vnd\.(?:ms-(?:word|powerpoint|excel)\.(document|template|presentation|slideshow|sheet)"
    rb"\.macroEnabled|openxmlformats-officedocument\.(?:wordprocessingml|presentationml|spreadsheetml)"
    rb"\.(template|slideshow))\.main\+xml"
)
_MAIN = {
    b"word": b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    b"presentation": b"application/vnd.openxmlformats-officedocument.presentationml.presentation"
    b".main+xml",
    b"sheet": b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}


def parts_of(data: bytes, shown: str, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return name -> bytes of all parts; those not `wanted` are there, but empty.

    Raises:
        DocumentError: The file is damaged or encrypted, or unpacks to more than any report holds.
    """
    found: dict[str, bytes] = {}
    room = MAX_ALL
    try:
        with Archive(data) as archive:
            for member in archive.members:
                name = member.info.filename
                if name in found:
                    continue
                content = b""
                if wanted(name):
                    content = archive.unpacked(member, min(MAX_PART, room))
                    room -= len(content)
                found[name] = content
    except TooLargeError as error:
        raise DocumentError(
            f"{shown}: {error}, the limit is {MAX_PART // 10**6} MB a part and {MAX_ALL // 10**6} MB"
            " in all; expected a report, split it into smaller files",
            f"{shown}：{error}，每部分上限 {MAX_PART // 10**6} MB、合计上限 {MAX_ALL // 10**6} MB；"
            "请拆分为较小的文件",
        ) from error
    except DamagedError as error:
        raise broken(shown, str(error)) from error
    return found


def is_markup(name: str) -> bool:
    """Return whether a part is one of those that hold text, not a picture, font or program."""
    return name.lower().endswith((".xml", ".rels"))


def packed(parts: Mapping[str, bytes]) -> io.BytesIO:
    """Return an Office file made of `parts`, in the dialect that every library reads."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            if name == "[Content_Types].xml":
                content = _VARIANT.sub(_plain_type, content)
            if b"purl.oclc.org/ooxml" in content[:20_000]:
                content = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
            file.writestr(name, content)
    buffer.seek(0)
    return buffer


def tree_of(xml: bytes) -> etree._Element | None:
    """Return the root of `xml`, whose entities stay unresolved; None when it is no XML at all."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local(node: etree._Element) -> str:
    """Return the name of an element without its namespace, empty for comments and the like."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


@contextmanager
def reading(shown: str) -> Iterator[None]:
    """Turn whatever a library raises on a damaged file into a `DocumentError`.

    Damage leads the libraries into errors of any kind (KeyError, AttributeError, an assertion), so
    only calls of a library belong in here.
    """
    try:
        yield
    except RagError:
        raise
    except Exception as error:
        raise broken(shown, f"{type(error).__name__}: {error}") from error


def broken(shown: str, fault: str) -> DocumentError:
    """Return the error for a file that cannot be read because of `fault`."""
    fault = "".join(c if c.isprintable() else " " for c in fault)[:120]
    return DocumentError(
        f"{shown}: is damaged or no such file as its name says ({fault}); open it, save it again "
        "and retry",
        f"{shown}：文件已损坏或与后缀不符（{fault}）；请打开后另存再试",
    )


def with_password(shown: str) -> DocumentError:
    """Return the error for an Office file that is encrypted."""
    return DocumentError(
        f"{shown}: is encrypted, expected a file that opens without a password; save a copy without"
        " one",
        f"{shown}：已加密，应为无需密码即可打开的文件；请另存为不加密的副本",
    )


def _plain_type(found: re.Match[bytes]) -> bytes:
    kind = found[0]
    if b"word" in kind:
        return _MAIN[b"word"]
    return _MAIN[b"sheet" if b"excel" in kind or b"spreadsheet" in kind else b"presentation"]
