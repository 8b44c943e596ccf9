"""A picture of text -> its lines with their places, by the models that RapidOCR ships.

The packages belong to the extra ``ocr``. Nothing is fetched: the files of the models are named, so
that RapidOCR does not look for others. Knows no file format and no layout.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import DocumentError

MIN_SCORE = 0.5
"""Confidence below which a line is taken for a speck; RapidOCR's own threshold."""
GAP = 0.9
"""Heights of the line that part two pieces of it: columns of a table read as one line."""
PREFIX = 4
"""Heights of a line before it in which a number is looked for that was not detected."""
MAX_PREFIX = 5
"""Characters of such a number: （十二）."""
DARK = 150
"""Brightness, of 255, below which a pixel is ink."""

_PACKAGES = ("rapidocr", "onnxruntime")
_MODELS = {
    "Det.model_path": "PP-OCRv6_det_small.onnx",
    "Rec.model_path": "PP-OCRv6_rec_small.onnx",
    "Cls.model_path": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}
_THREADS = "OMP_NUM_THREADS"
_ENGINE = threading.Lock()


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A piece of a line of text. Pixels, from the top left of the picture."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    score: float
    """Confidence, 0 to 1."""

    @property
    def height(self) -> float:
        """Return how high it is."""
        return self.bottom - self.top


def available() -> bool:
    """Return whether the extra ``ocr`` is installed."""
    return all(importlib.util.find_spec(name) is not None for name in _PACKAGES)


def require(shown: str) -> None:
    """Check that pictures can be read.

    Raises:
        DocumentError: The extra ``ocr`` is not installed; `shown` is the file that needs it.
    """
    if not available():
        raise DocumentError(
            f"{shown}: is a picture of text, reading it needs OCR; type: pip install"
            " 'rag-research-reports[ocr]'",
            f"{shown}：文字在图像中，需要 OCR；请输入：pip install 'rag-research-reports[ocr]'",
        )


def recognise(image: npt.NDArray[np.uint8]) -> tuple[OcrLine, ...]:
    """Return the lines of text in `image`, top to bottom, where the extra ``ocr`` is installed.

    Args:
        image: Height x width x 3, red, green, blue; type about 20 pixels high is read best (A4 at
            150 to 200 dpi).
    """
    pixels = np.ascontiguousarray(image[:, :, ::-1])  # OpenCV's order of colours
    with _ENGINE:
        result = _engine()(pixels, use_det=True, use_cls=True, return_word_box=True)
        if getattr(result, "boxes", None) is None or result.txts is None:
            return ()
        words = result.word_results if len(result.word_results) == len(result.txts) else ()
        found: list[OcrLine] = []
        rows = zip(result.boxes, result.txts, result.scores, strict=True)
        for i, (box, text, score) in enumerate(rows):
            if score >= MIN_SCORE and text.strip():
                found += _pieces(_line(box, text, float(score)), words[i] if words else ())
        found = [_completed(line, found, pixels) for line in found]
    return tuple(sorted(found, key=lambda line: (line.top, line.x0)))


def _completed(line: OcrLine, others: Sequence[OcrLine], pixels: npt.NDArray[np.uint8]) -> OcrLine:
    """Return `line` with what stands before it and was not detected.

    The detector takes the 一、 of a heading for a rule, so what is printed on the left of a line is
    read once more together with it.
    """
    room = PREFIX * line.height
    beside = [o.x1 for o in others if o.x1 <= line.x0 + 1 and _overlap(o, line) > 0.5]
    left = int(max(line.x0 - room, max(beside, default=0.0), 0))
    top, bottom = max(0, int(line.top)), int(line.bottom)
    band = pixels[top:bottom, left : max(left, int(line.x0 - 0.1 * line.height))].min(axis=2)
    dark = np.flatnonzero((band < DARK).any(axis=0))
    if not len(dark) or not dark[0]:
        # Nothing, or something that goes on to the left: a rule, a picture.
        return line
    start = max(0, left + int(dark[0]) - int(0.3 * line.height))
    crop = np.ascontiguousarray(pixels[top:bottom, start : int(line.x1)])
    again = _engine()(crop, use_det=False, use_cls=False, return_word_box=False)
    text = (again.txts or ("",))[0].strip()
    added = len(text) - len(line.text)
    if 0 < added <= MAX_PREFIX and text.endswith(line.text[-len(line.text) // 2 :]):
        return replace(line, text=text, x0=float(start))
    return line


def _overlap(a: OcrLine, b: OcrLine) -> float:
    """Return how much of the lower one of two lines stands beside the other."""
    return (min(a.bottom, b.bottom) - max(a.top, b.top)) / max(1.0, min(a.height, b.height))


def _pieces(whole: OcrLine, words: Sequence[tuple[str, float, Any]]) -> list[OcrLine]:
    """Return a line, cut where there is a gap in it: the cells of a row stand that far apart."""
    text = whole.text
    pieces: list[OcrLine] = []
    start, left = 0, whole.x0
    at, right = 0, whole.x0
    for word, _, corners in words:
        found = text.find(word, at)
        if found < 0 or not word.strip():
            continue
        x0, x1 = float(min(x for x, _ in corners)), float(max(x for x, _ in corners))
        if at and x0 - right > GAP * whole.height:
            pieces.append(replace(whole, text=text[start:found].strip(), x0=left, x1=right))
            start, left = found, x0
        at, right = found + len(word), max(right, x1)
    return [*pieces, replace(whole, text=text[start:].strip(), x0=left)]


def _line(box: npt.NDArray[np.float32], text: str, score: float) -> OcrLine:
    xs, ys = np.asarray(box, dtype=float).T
    return OcrLine(
        text.strip(), float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()), score
    )


@functools.cache
def _engine() -> Any:  # noqa: ANN401 - rapidocr is not always installed
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    threads = os.environ.get(_THREADS, "")
    params: dict[str, object] = {key: str(folder / name) for key, name in _MODELS.items()}
    params["Global.log_level"] = "critical"
    if threads.isdecimal():
        params["EngineConfig.onnxruntime.intra_op_num_threads"] = int(threads)
    return rapidocr.RapidOCR(params=params)
