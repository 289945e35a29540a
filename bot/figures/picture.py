"""The picture of the figures: made for a phone, and for eyes that do not tell colours apart.

Everything in it is in the chart already, words as well, so that the same chart gives the same picture.
"""

import gc
import io
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

WIDTH = 1080
"""Pixels. A phone shows it at a third of that, so nothing is written smaller than 27 pixels."""
_MARGIN, _ROW, _BAR, _LINE = 54, 104, 40, 44
_INK, _PALE, _FAINT, _PAPER = "#1d1c1d", "#454245", "#e8e8e8", "#ffffff"
_BLUE = "#0072B2"
# Okabe and Ito's colours; the hatches tell the kinds apart without any.
KINDS = (("#D55E00", ""), ("#E69F00", "//"), ("#56B4E9", ".."), ("#009E73", "\\\\"), ("#CC79A7", "xx"))
_LABEL = 62
"""Characters of a label that fit above a bar."""
_DPI = 100


def draw(chart: Mapping[str, Any]) -> bytes:
    """PNG of `chart` (see `bot.desk.reporting`). Loads matplotlib with the first picture; call it in a thread."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see the docstring
    from matplotlib.figure import Figure  # noqa: PLC0415 - the same

    height = 250 + _ROW * (len(chart["funnel"]) + len(chart["trouble"])) + 330
    figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=_PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    pen = _Pen(axes)
    y = _head(pen, chart)
    y = _funnel(pen, chart, y)
    _trouble(pen, chart, y + 40)
    out = io.BytesIO()
    # Without the metadata the same chart is the same file.
    figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
    # The canvas and its figure hold each other, and ten megabytes: they are not to wait for the collector.
    gc.collect()
    return out.getvalue()


class _Pen:
    """Writes and fills, in pixels from the upper left corner."""

    def __init__(self, axes: "Axes") -> None:
        self._axes = axes

    def write(self, x: float, y: float, text: str, size: int, *, bold: bool = False, right: bool = False) -> None:
        """One line whose baseline is at `y`; `size` in pixels."""
        self._axes.text(
            x, y, text, fontproperties=_font(bold=bold), fontsize=size * 72 / _DPI, parse_math=False,
            color=_INK if bold else _PALE, ha="right" if right else "left", va="baseline",
        )  # fmt: skip

    def fill(self, x: float, y: float, width: float, height: float, colour: str, hatch: str = "") -> None:
        """A bar; one with a hatch has white strokes in it."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - see the module's docstring

        edge = _PAPER if hatch else colour
        self._axes.add_patch(
            Rectangle((x, y), width, height, facecolor=colour, edgecolor=edge, hatch=hatch, linewidth=0)
        )


@cache
def _font(*, bold: bool) -> "FontProperties":
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - see the module's docstring

    name = f"AtkinsonHyperlegible-{'Bold' if bold else 'Regular'}.ttf"
    return FontProperties(fname=str(files("fontpkg_atkinson_hyperlegible") / "files" / name))


def _head(pen: _Pen, chart: Mapping[str, Any]) -> float:
    pen.write(_MARGIN, 86, chart["title"], 46, bold=True)
    pen.write(_MARGIN, 136, chart["subtitle"], 30)
    return 210


def _funnel(pen: _Pen, chart: Mapping[str, Any], y: float) -> float:
    pen.write(_MARGIN, y, chart["funnel_title"], 36, bold=True)
    whole = WIDTH - 2 * _MARGIN
    y += 24
    for bar in chart["funnel"]:
        pen.write(_MARGIN, y + 34, _cut(bar["label"]), 28)
        pen.write(WIDTH - _MARGIN, y + 34, bar["shown"], 28, bold=True, right=True)
        pen.fill(_MARGIN, y + _LINE, whole, _BAR, _FAINT)
        pen.fill(_MARGIN, y + _LINE, whole * bar["share"], _BAR, _BLUE)
        y += _ROW
    return y


def _trouble(pen: _Pen, chart: Mapping[str, Any], y: float) -> None:
    if not chart["trouble"]:
        return
    pen.write(_MARGIN, y + 30, chart["trouble_title"], 36, bold=True)
    y = _legend(pen, chart["kinds"], y + 56)
    whole = WIDTH - 2 * _MARGIN
    most = max(sum(row["parts"]) for row in chart["trouble"])
    for row in chart["trouble"]:
        pen.write(_MARGIN, y + 34, _cut(row["label"]), 28)
        pen.write(WIDTH - _MARGIN, y + 34, str(sum(row["parts"])), 28, bold=True, right=True)
        x = float(_MARGIN)
        for part, (colour, hatch) in zip(row["parts"], KINDS, strict=True):
            width = whole * part / most
            if part:
                # A gap, so that neighbours are told apart without their colours.
                pen.fill(x, y + _LINE, max(width - 4, 3), _BAR, colour, hatch)
            x += width
        y += _ROW


def _legend(pen: _Pen, kinds: Sequence[str], y: float) -> float:
    """Two columns of boxes with their names."""
    for number, (name, (colour, hatch)) in enumerate(zip(kinds, KINDS, strict=True)):
        x = _MARGIN + (number % 2) * (WIDTH - 2 * _MARGIN) / 2
        at = y + (number // 2) * 46
        pen.fill(x, at, 34, 34, colour, hatch)
        pen.write(x + 48, at + 27, name, 28)
    return y + (len(kinds) + 1) // 2 * 46 + 10


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL else f"{label[: _LABEL - 1].rstrip()}…"
