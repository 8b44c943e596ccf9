"""Numbers -> inline SVG, drawn with matplotlib. Knows nothing of records, labels or languages.

Charts hold digits and Latin signs only: every word stands in the page, where it can be translated
and wraps. Colours are custom properties of the page, so a chart follows its light or dark theme.
"""

from __future__ import annotations

import io
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from eval.estimates import Estimate

INK, GRID = "#0a0b01", "#0a0b02"
COLOURS = {
    INK: "ink",
    GRID: "line",
    "#0a0b03": "blue",
    "#0a0b04": "orange",
    "#0a0b05": "grey",
    "#0a0b06": "green",
    "#0a0b07": "red",
}
"""Stand-ins that matplotlib draws with -> the custom property that takes their place."""
_BY_NAME = {name: colour for colour, name in COLOURS.items()}
_SVG = "{http://www.w3.org/2000/svg}"
_FONT = re.compile(r" font-family: [^;]*;")
"""The page's own font is inherited instead."""
_DPI = 72
"""One SVG unit a point: sizes below are CSS pixels."""
_BINS = 24
_STRIP = (180, 16)
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
"""A date would make every rendering another file."""


def interval(share: Estimate, colour: str) -> Markup:
    """Return a bar from 0 to a mean on a scale from 0 to 1, its 95 % interval across it.

    Args:
        share: The mean and its interval.
        colour: A name of `COLOURS`.
    """

    def draw(figure: Figure) -> None:
        axes = _bare(figure, 1.0)
        axes.barh(0, 1.0, height=0.5, color=GRID, alpha=0.7, clip_on=False)
        axes.barh(0, share.mean, height=0.5, color=_BY_NAME[colour], clip_on=False)
        for x in (share.low, share.high):
            axes.plot([x, x], [-0.3, 0.3], color=INK, linewidth=1.2, clip_on=False)
        axes.plot([share.low, share.high], [0, 0], color=INK, linewidth=1.2, clip_on=False)

    return _svg(draw, _STRIP, str(share), "strip")


def stacked(parts: Sequence[tuple[str, float]], upper: float, name: str) -> Markup:
    """Return one bar of ``(colour, length)`` parts on a scale from 0 to `upper`."""

    def draw(figure: Figure) -> None:
        axes, left = _bare(figure, upper), 0.0
        for colour, length in parts:
            axes.barh(0, length, left=left, height=0.6, color=_BY_NAME[colour], clip_on=False)
            left += length

    return _svg(draw, _STRIP, name, "strip")


def latencies(rows: Sequence[tuple[str, Sequence[float]]], name: str) -> Markup:
    """Return histograms one below the other on one logarithmic axis of seconds.

    Args:
        rows: (colour, milliseconds) of each, none of them empty or zero; the dashed line is the
            median, the dotted one the 95th percentile.
        name: What the chart shows, for those who cannot see it.
    """
    spans = [(_BY_NAME[colour], np.asarray(values, float) / 1000) for colour, values in rows]
    known = np.concatenate([seconds for _, seconds in spans])
    edges = np.geomspace(known.min() / 1.05, known.max() * 1.05, _BINS + 1)

    def draw(figure: Figure) -> None:
        charts = figure.subplots(len(rows), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (ink, seconds) in zip(charts, spans, strict=True):
            _plain(axes)
            axes.hist(seconds, bins=edges, color=ink, histtype="stepfilled")
            _quantiles(axes, seconds)
            axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
            axes.set_xscale("log")
        _seconds_axis(charts[-1], edges[0], edges[-1])

    return _svg(draw, (420, 70 + 75 * len(rows)), name, "latency")


def separation(positive: Sequence[float], negative: Sequence[float], name: str) -> Markup:
    """Return how well a score tells two groups apart: their histograms, and the curves below.

    A curve gives, for a threshold at each score, the share that would end on the wrong side:
    of `positive` what lies below it, of `negative` what does not.
    """
    sides = [(np.sort(positive), "blue"), (np.sort(negative), "orange")]
    edges = np.histogram_bin_edges(np.concatenate([values for values, _ in sides]), bins=_BINS)
    grid = np.linspace(edges[0], edges[-1], 400)

    def draw(figure: Figure) -> None:
        top, bottom = figure.subplots(2, 1, sharex=True)
        for axes in (top, bottom):
            _plain(axes)
        for values, colour in sides:
            ink = _BY_NAME[colour]
            top.hist(values, bins=edges, histtype="stepfilled", color=ink, alpha=0.65)
            if values.size:
                below = np.searchsorted(values, grid, side="left") / values.size
                bottom.plot(grid, below if colour == "blue" else 1 - below, color=ink)
        top.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        bottom.set_ylim(0, 1.02)
        bottom.yaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
        bottom.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:.0f}%"))

    return _svg(draw, (420, 220), name, "separation")


def curve(points: Sequence[tuple[float, float]], name: str) -> Markup:
    """Return shares over shares, both from 0 to 1, as a line that ends in a dot.

    Args:
        points: (x, y), x rising.
        name: What the chart shows, for those who cannot see it.
    """
    xs, ys = zip(*points, strict=True)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        _plain(axes)
        axes.plot(xs, ys, color=_BY_NAME["blue"])
        axes.plot(xs[-1:], ys[-1:], "o", color=_BY_NAME["blue"], clip_on=False)
        for axis, limit in ((axes.xaxis, axes.set_xlim), (axes.yaxis, axes.set_ylim)):
            limit(0, 1.02)
            axis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]))
            axis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f}%"))

    return _svg(draw, (420, 220), name, "curve")


def _bare(figure: Figure, upper: float) -> Axes:
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    # A little room on both sides, or the line of an interval that ends at 0 or 1 is cut in half.
    axes.set_xlim(-0.01 * upper, 1.01 * upper)
    axes.set_ylim(-0.5, 0.5)
    return axes


def _plain(axes: Axes) -> None:
    axes.patch.set_alpha(0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0, labelsize=11)


def _quantiles(axes: Axes, values: np.ndarray) -> None:
    for share, style in ((0.5, "--"), (0.95, ":")):
        at = float(np.quantile(values, share))
        axes.axvline(at, color=INK, linewidth=1.2, linestyle=style)


def _seconds_axis(axes: Axes, low: float, high: float) -> None:
    """Label 1, 2 and 5 of every power of ten within the range, at most seven of them."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    marks = [step * 10.0**power for power in powers for step in (1, 2, 5)]
    marks = [mark for mark in marks if low <= mark <= high]
    thin = marks if len(marks) <= 7 else [mark for mark in marks if f"{mark:e}"[0] == "1"]
    axes.xaxis.set_major_locator(FixedLocator(thin))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g} s"))


def _svg(draw: Callable[[Figure], None], size: tuple[float, float], name: str, kind: str) -> Markup:
    """Return what `draw` draws as an ``<svg>`` element without identifiers of its own."""
    figure = Figure(figsize=(size[0] / _DPI, size[1] / _DPI), dpi=_DPI, layout="constrained")
    if kind == "strip":
        figure.set_layout_engine("none")
    out = io.StringIO()
    # Text stays text, in the page's own font; the salt makes two renderings of a run the same.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": kind + name}):
        draw(figure)
        figure.savefig(out, format="svg", transparent=True, metadata=_NO_METADATA)
    return _inline(out.getvalue(), size, name, kind)


def _inline(svg: str, size: tuple[float, float], name: str, kind: str) -> Markup:
    for colour, custom in COLOURS.items():
        svg = svg.replace(colour, f"var(--{custom})")
    root = ET.fromstring(_FONT.sub("", svg))
    _prune(root)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        element.text, element.tail = (element.text or "").strip(), ""
        # Groups are named figure_1, patch_2 ... in every chart: names must be unique in a page.
        if element.tag == "g":
            element.attrib.pop("id", None)
    for attribute in ("height", "version"):
        root.attrib.pop(attribute, None)
    root.attrib |= {"class": kind, "width": f"{size[0]:g}", "role": "img", "aria-label": name}
    if kind == "strip":
        root.set("preserveAspectRatio", "none")  # it fills its column, however wide
    return Markup(ET.tostring(root, encoding="unicode"))


def _prune(element: ET.Element) -> None:
    """Remove what draws nothing, and the style sheet, which would hold for the whole page."""
    for child in list(element):
        _prune(child)
        empty = child.tag in (f"{_SVG}g", f"{_SVG}defs") and not len(child)
        unseen = child.get("style") in ("fill: none", "fill: none; opacity: 0")
        if empty or unseen or child.tag in (f"{_SVG}metadata", f"{_SVG}style"):
            element.remove(child)
