"""The parts of an XLSX file -> what calamine does not tell of it, and sheets that are safe to read.

calamine gives values only: 0.0823 where Excel shows 8.2%, and an empty cell for a formula that was
never computed. It also sets up a grid as large as the addresses of the cells claim: one cell at
XFD1048576 takes 550 GB and ends the process. So each sheet is gone through once, cell by cell, for
the formats, and written anew with the rows and columns that are read.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from rag.load.parts import local, tree_of
from rag.load.sheet.book import MAX_COLUMNS, MAX_ROWS, Look, Place, Range, address
from rag.load.sheet.codes import BUILT_IN, GENERAL

MAX_MERGED = 20_000
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]{0,300}?\br=\"(\d{1,7})\"")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]{0,100}?\bref=\"([A-Za-z0-9$:]{1,30})\"")
_TAIL = 1_000_000
"""Bytes before the end of a sheet in which its last row begins."""
_NUMBER_TYPES = (None, "n", "d")


_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class Workbook:
    """An XLSX file made ready for calamine."""

    parts: dict[str, bytes]
    """To be packed; the sheets are called by their numbers, from 0."""
    names: list[str]
    """The names of the sheets that are shown, in their order."""
    hidden: list[str]
    """The names of the others, which are not read."""
    looks: list[Look]
    """What each sheet says of its cells."""
    from_1904: bool


def prepared(parts: Mapping[str, bytes]) -> Workbook:
    """Return the workbook that `parts` make up."""
    main = _main_part(parts)
    root = tree_of(parts.get(main, b""))
    targets = _targets(parts, main)
    styles = _part(parts, targets, "styles")
    codes = _codes(tree_of(styles))
    book = Workbook({}, [], [], [], _counts_from_1904(root))
    for node in root.iter("{*}sheet") if root is not None else ():
        ids = (value for key, value in node.attrib.items() if key.endswith("}id"))
        kind, name = targets.get(next(ids, ""), ("", ""))
        if kind != "worksheet":
            continue
        if node.get("state", "visible") != "visible":
            book.hidden.append(node.get("name", ""))
            continue
        look = Look()
        book.parts[f"xl/worksheets/{len(book.names)}.xml"] = _rewritten(
            parts.get(name, b""), codes, look
        )
        book.names.append(node.get("name", ""))
        book.looks.append(look)
    texts = _part(parts, targets, "sharedStrings")
    shared = {"xl/styles.xml": styles, "xl/sharedStrings.xml": texts}
    book.parts.update({name: content for name, content in shared.items() if content})
    book.parts.update(_frame(len(book.names), book.from_1904))
    return book


def _frame(count: int, from_1904: bool) -> dict[str, bytes]:
    """Return the parts that hold `count` sheets together."""
    sheets = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="s{n}"/>' for n in range(count))
    dates = '<workbookPr date1904="1"/>' if from_1904 else ""
    links = "".join(
        f'<Relationship Id="s{n}" Type="{_OFFICE}/worksheet" Target="worksheets/{n}.xml"/>'
        for n in range(count)
    )
    links += "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
        for name in ("styles", "sharedStrings")
    )
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{dates}<sheets>{sheets}</sheets></workbook>'
    )
    main = f'<Relationship Id="m" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">{main}</Relationships>'.encode(),
        "xl/workbook.xml": workbook.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'.encode(),
    }


def _counts_from_1904(root: etree._Element | None) -> bool:
    properties = next(root.iter("{*}workbookPr"), None) if root is not None else None
    return properties is not None and properties.get("date1904") in ("1", "true")


def _main_part(parts: Mapping[str, bytes]) -> str:
    found = (part for kind, part in _targets(parts, "").values() if kind == "officeDocument")
    return next(found, "xl/workbook.xml")


def _targets(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Return id -> kind and name of the parts that `part` refers to."""
    folder, name = posixpath.split(part)
    root = tree_of(parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), b""))
    found: dict[str, tuple[str, str]] = {}
    for node in root if root is not None else ():
        if local(node) == "Relationship" and node.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, node.get("Target", "")))
            kind = node.get("Type", "").rpartition("/")[2]
            found[node.get("Id", "")] = (kind, target.lstrip("/"))
    return found


def _part(parts: Mapping[str, bytes], targets: Mapping[str, tuple[str, str]], kind: str) -> bytes:
    """Return the part of one kind that the workbook refers to, empty when there is none."""
    return next((parts.get(name, b"") for k, name in targets.values() if k == kind), b"")


def _codes(styles: etree._Element | None) -> list[str]:
    """Return the format code of each cell style, by its number."""
    if styles is None:
        return []
    own = {node.get("numFmtId"): node.get("formatCode", "") for node in styles.iter("{*}numFmt")}
    formats = next(styles.iter("{*}cellXfs"), None)
    ids = [
        node.get("numFmtId", "0")
        for node in (formats if formats is not None else ())
        if local(node) == "xf"
    ]
    built_in = {str(number): code for number, code in BUILT_IN.items()}
    return [own.get(number) or built_in.get(number, GENERAL) for number in ids]


def _rewritten(xml: bytes, codes: list[str], look: Look) -> bytes:
    """Return a sheet with the rows and columns that are read, and fill `look` on the way."""
    buffer = io.BytesIO()
    root = etree.QName(MAIN, "worksheet"), etree.QName(MAIN, "sheetData")
    with (
        etree.xmlfile(buffer, encoding="utf-8") as writer,
        writer.element(root[0], nsmap={None: MAIN}),
        writer.element(root[1]),
    ):
        for row in _rows(xml):
            kept = _row(row, codes, look)
            if kept is not None:
                writer.write(kept)
            if look.rows > MAX_ROWS:
                break
    end = xml.rfind(b"sheetData>")
    if look.rows > MAX_ROWS:
        later = _ROW.findall(xml, max(0, end - _TAIL), end)
        look.rows = max(look.rows, *(int(number) for number in later))
    references = _MERGED.findall(xml, max(0, end))[:MAX_MERGED]
    look.merged += filter(None, (_range(r.decode("ascii", "replace")) for r in references))
    return buffer.getvalue()


def _rows(xml: bytes) -> Iterator[etree._Element]:
    """Yield the rows of a sheet one by one; where it is damaged they end."""
    events = etree.iterparse(
        io.BytesIO(xml), tag="{*}row", resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, recover=True,
    )  # fmt: skip
    try:
        for _, node in events:
            yield node
            node.clear()
            parent = node.getparent()
            while parent is not None and node.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError:
        return


def _row(row: etree._Element, codes: list[str], look: Look) -> etree._Element | None:
    """Return a row with the cells that are read, each with its address; None when it is cut off."""
    number = row.get("r", "")
    at = int(number) - 1 if number.isdecimal() and len(number) < 8 else look.rows
    if at < look.rows:
        return None
    look.rows = at + 1
    if at >= MAX_ROWS:
        return None
    kept = etree.Element(etree.QName(MAIN, "row"), {"r": str(at + 1)}, nsmap={None: MAIN})
    column = -1
    for cell in [node for node in row if local(node) == "c"]:
        found = _place(cell.get("r", ""))
        column = found[1] if found else column + 1
        look.columns = max(look.columns, column + 1)
        if column < MAX_COLUMNS:
            _note(cell, (at, column), codes, look)
            cell.set("r", address((at, column)))
            kept.append(cell)
    return kept


def _note(cell: etree._Element, place: Place, codes: list[str], look: Look) -> None:
    """Note how a cell is shown, and whether it holds a formula without a value."""
    inner = {local(node): node for node in cell}
    value = inner.get("v")
    if (
        "f" in inner
        and (value is None or not (value.text or "").strip())
        and cell.get("t") != "str"
    ):
        look.uncached += 1
        look.first_uncached = look.first_uncached or place
    style = cell.get("s", "")
    if cell.get("t") in _NUMBER_TYPES and style.isdecimal() and int(style) < len(codes):
        look.formats[place] = codes[int(style)]


def _range(reference: str) -> Range | None:
    """Return the part of a rectangle such as ``A1:C3`` that is read."""
    first, _, last = reference.partition(":")
    a, b = _place(first), _place(last or first)
    if a is None or b is None or a[0] >= MAX_ROWS or a[1] >= MAX_COLUMNS or b < a or b[1] < a[1]:
        return None
    return a, (min(b[0], MAX_ROWS - 1), min(b[1], MAX_COLUMNS - 1))


def _place(reference: str) -> Place | None:
    found = _ADDRESS.fullmatch(reference)
    if not found or int(found[2]) == 0:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
