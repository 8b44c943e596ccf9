"""Checked sentences -> the same with what the passage prints behind each figure of another scale.

"Revenue was US$2.46 billion (24.6亿美元)", "净利润13.5亿元（RMB1,350m）": the reader finds it in the quote.
"""

from __future__ import annotations

from dataclasses import replace

from rag.scales import SCALED, WORDED
from rag.schema import FigureCheck
from rag.verify import Checked, CheckedSentence


def told(checked: Checked) -> Checked:
    """Return the sentences of `checked`, each converted figure with its original in brackets."""
    return replace(checked, sentences=tuple(map(_restored, checked.sentences)))


def _restored(sentence: CheckedSentence) -> CheckedSentence:
    text = sentence.text
    for check in sentence.figures:
        printed = " ".join((check.quote or "").split())
        at = text.find(check.text)
        if at < 0 or printed in text or not _converted(check):
            continue
        end = at + len(check.text)
        words = f" ({printed})" if text.isascii() or SCALED.search(printed) else f"（{printed}）"
        text = f"{text[:end]}{words}{text[end:]}"
    return replace(sentence, text=text)


def _converted(check: FigureCheck) -> bool:
    """Return whether a figure is told in 万 or 亿 and printed in millions, or the other way round."""
    printed = check.quote or ""
    if SCALED.search(printed):
        return check.text.isascii()
    return bool(WORDED.search(printed) and SCALED.search(check.text))
