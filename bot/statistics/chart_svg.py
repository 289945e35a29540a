"""Draws the statistics as SVG, readable on a phone and without telling colours apart.

All words and numbers come with the chart (see `bot.services.statistics_text`), so that the same chart always gives the
same picture.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

WIDTH = 1080
"""Pixels. A phone shows it at a third of that, so nothing is written smaller than 27 pixels."""
_SMALLEST, _MARGIN, _ROW, _BAR, _LINE, _TILE, _RESULT = 27, 54, 104, 40, 44, 16, 48
_WHOLE = WIDTH - 2 * _MARGIN
_INK, _PALE, _FAINT, _PAPER, _BLUE = "#1d1c1d", "#454245", "#e8e8e8", "#ffffff", "#0072B2"
_RISING, _FALLING = "M-2 2 2-2M0 16 16 0M14 18 18 14", "M-2 14 2 18M0 0 16 16M14-2 18 2"
_DOTS = "M4 4h0M12 4h0M0 12h0M8 12h0M16 12h0"
KINDS = (
    ("#D55E00", ""),
    ("#E69F00", _RISING),
    ("#56B4E9", _DOTS),
    ("#009E73", _FALLING),
    ("#CC79A7", _RISING + _FALLING),
)
"""Okabe and Ito's colours, with the white strokes of each tile, which differ too."""
_EMS = {
    character: ems
    for characters, ems in (
        ("',.:;|\u202f", 0.25), (" !`ijl\u00a0·", 0.33), ('"()*-[]_frt{}', 0.44), ("/17FIL\\csvxyz–“”„", 0.55),
        ("29<>EJ^abdeghknopu~äöü", 0.6), ("#&@ACDGHNOQUXYwÄÖÜ€", 0.79), ("%MWm…", 0.98),
    )
    for character in characters
}  # fmt: skip
"""Widths of characters in multiples of the font's size, rounded up, since no font is loaded that could measure text."""
_OTHER_EMS = 0.66


def svg(chart: Mapping[str, Any]) -> str:
    """The drawing of `chart`, in units that the renderer turns into two pixels each."""
    drawn = [_text(_MARGIN, 86, chart["title"], 46, bold=True), _text(_MARGIN, 136, chart["subtitle"], 30)]
    y = 154
    if results := chart.get("results"):  # a chart that waits since the version before has none
        drawn.append(_text(_MARGIN, 210, chart["results_title"], 36, bold=True))
        y = 234
        for result in results:
            drawn += _head(y, result["label"], result["shown"])
            y += _RESULT
    drawn.append(_text(_MARGIN, y + 56, chart["funnel_title"], 36, bold=True))
    y += 80
    for bar in chart["funnel"]:
        drawn += _head(y, bar["label"], bar["shown"])
        drawn += [
            _box(_MARGIN, y + _LINE, _WHOLE * part, _BAR, fill) for part, fill in ((1, _FAINT), (bar["share"], _BLUE))
        ]
        y += _ROW
    if chart["trouble"]:
        drawn.append(_text(_MARGIN, y + 70, chart["trouble_title"], 36, bold=True))
        drawn += _legend(chart["kinds"], y + 96)
        y += 106 + (len(chart["kinds"]) + 1) // 2 * 46
        drawn += _trouble(chart["trouble"], y)
        y += _ROW * len(chart["trouble"])
    height = y + 46
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH / 2:g}" height="{height / 2:g}"'
        f' viewBox="0 0 {WIDTH} {height}" font-family="Atkinson Hyperlegible">{"".join(_hatches())}'
        f'<rect width="{WIDTH}" height="{height}" fill="{_PAPER}"/>{"".join(drawn)}</svg>'
    )


def _hatches() -> Iterator[str]:
    for kind, (colour, strokes) in enumerate(KINDS):
        yield (
            f'<pattern id="kind-{kind}" width="{_TILE}" height="{_TILE}" patternUnits="userSpaceOnUse">'
            f'<rect width="{_TILE}" height="{_TILE}" fill="{colour}"/>'
            f'<path d="{strokes}" stroke="{_PAPER}" stroke-width="2.5" stroke-linecap="round"/></pattern>'
        )


def _text(
    x: float, y: float, text: str, size: float, room: float = _WHOLE, *, bold: bool = False, end: bool = False
) -> str:
    """One line with its baseline at `y`. Where it could be wider than `room` it is set smaller, and then cut."""
    size = max(_SMALLEST, min(size, room / max(_ems(text), 1)))
    if _ems(text) * size > room:
        while text and _ems(f"{text}…") * size > room:
            text = text[:-1]
        text = f"{text.rstrip()}…"
    look = f'fill="{_INK}" font-weight="bold"' if bold else f'fill="{_PALE}"'
    anchor = "end" if end else "start"
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:.1f}" {look} text-anchor="{anchor}">{escape(text)}</text>'


def _ems(text: str) -> float:
    return sum(_EMS.get(character, _OTHER_EMS) for character in text)


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:g}" width="{width:.2f}" height="{height:g}" fill="{fill}"/>'


def _head(y: float, label: str, shown: str) -> tuple[str, str]:
    """The label above a bar at the left, and the number at the right."""
    room = _WHOLE - _ems(shown) * 28 - 24
    return _text(_MARGIN, y + 34, label, 28, room), _text(WIDTH - _MARGIN, y + 34, shown, 28, bold=True, end=True)


def _trouble(rows: Sequence[Mapping[str, Any]], y: float) -> Iterator[str]:
    most = max(sum(row["parts"]) for row in rows)
    for row in rows:
        yield from _head(y, row["label"], str(sum(row["parts"])))
        x = float(_MARGIN)
        for kind, part in enumerate(row["parts"]):
            width = _WHOLE * part / most
            if part:
                # A gap, so that neighbours can be told apart without their colours.
                yield _box(x, y + _LINE, max(width - 4, 3), _BAR, f"url(#kind-{kind})")
            x += width
        y += _ROW


def _legend(kinds: Sequence[str], y: float) -> Iterator[str]:
    """Two columns of boxes with their names."""
    for kind, name in enumerate(kinds):
        x, at = _MARGIN + kind % 2 * _WHOLE / 2, y + kind // 2 * 46
        yield _box(x, at, 34, 34, f"url(#kind-{kind})")
        yield _text(x + 48, at + 27, name, 28, _WHOLE / 2 - 60)
