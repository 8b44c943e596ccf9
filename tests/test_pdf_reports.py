"""PDF -> documents, on real reports where there are any."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from rag.load import load
from rag.load.filename import facts_of_name
from rag.text import normalise
from tests.sheets import K, assert_sound

SHARED = Path(__file__).resolve().parents[2] / "shared" / "pdf"


def chinese(text):
    folded = unicodedata.normalize("NFKC", normalise(text))
    return Counter(c for c in folded if "\u4e00" <= c <= "\u9fff")


def unmerged(document, page):
    """Yield the blocks of a page, but of its tables each text once."""
    for block in document.blocks:
        start, end = max(block.start, page.start), min(block.end, page.end)
        content = document.text[start:end] if start < end else ""
        yield from set(re.split(r" ?\| ?|\n", content)) if block.kind is K.TABLE else [content]


REPORTS = sorted(SHARED.glob("*.pdf")) if SHARED.exists() else []


@pytest.mark.skipif(not REPORTS, reason="the shared sample reports are not here")
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem[:12])
def test_a_real_report(path):
    document = load(path)
    assert_sound(document)
    named = facts_of_name(path.stem)
    assert document.publisher == named.publisher
    assert named.published in (None, document.published)
    assert len(set(document.title) & set(named.title or "")) >= 6
    levels = [b.level for b in document.blocks if b.kind is K.HEADING]
    assert len(levels) >= 12 and max(levels) >= 2
    assert not re.search(r"请务必阅读正文|\[Table_|hibor", document.text)
    source = pdfium.PdfDocument(path)
    assert len(document.pages) == len(source)
    everything, kept = Counter(), Counter()
    for page in document.pages:
        raw = chinese(source[page.number - 1].get_textpage().get_text_bounded())
        here = chinese(document.text[page.start : page.end])
        # A merged cell of a table is printed once and stands in every place that it covers.
        once = chinese("".join(unmerged(document, page)))
        assert not once - raw, f"page {page.number} holds what is not printed on it"
        everything += raw
        kept += here & raw
    # What is missing is running headers and footers and the labels of charts.
    assert kept.total() >= 0.85 * everything.total()
