"""What is written in a drawing, measured with the font itself."""

from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET

from PIL import ImageFont

from bot.images.render import font_files
from conversations.engine.pictures import SIZE

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"": 26, "small": 24}
BOLD, CENTRED = {"title", "on-dark"}, {"middle", "on-dark"}
_PRECISION = 20
_FONTS = {
    (bold, size): ImageFont.truetype(font_files()[bold], size * _PRECISION) for bold in (0, 1) for size in (24, 26)
}
MARGIN = 16
MARK = 21
"""The radius of a mark, as in `frame.svg`."""


@dataclass(frozen=True)
class Lettering:
    """One label of a drawing: its text, how wide it is, and its room (left, top, right, bottom), in units."""

    text: str
    width: float
    size: int
    room: tuple[float, float, float, float]
    centred: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Where the letters are: the room as far as it is filled."""
        left = (self.room[0] + self.room[2] - self.width) / 2 if self.centred else self.room[0]
        return (left, self.room[1], left + self.width, self.room[3])

    @property
    def room_width(self) -> float:
        return self.room[2] - self.room[0]


def letterings(svg: str, stretch: float = 1.0) -> list[Lettering]:
    """Every label of a filled drawing; `stretch` lengthens each of them."""
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    drawn = [text for group in root.findall(f"{SVG}g") for text in group.iter(f"{SVG}text")]
    return [_measured(text, stretch) for text in drawn]


def _measured(text: ET.Element, stretch: float) -> Lettering:
    classes = set(text.get("class", "").split())
    small = "small" in classes
    size = SIZES["small" if small else ""]
    font = _FONTS[int(bool(classes & BOLD) and not small), size]
    content = text.text or ""
    x, y, room = (float(text.attrib[name]) for name in ("x", "y", "data-room"))
    left = x - room / 2 if classes & CENTRED else x
    width = stretch * font.getlength(content) / _PRECISION
    return Lettering(
        content, width, size, (left, y - 0.74 * size, left + room, y + 0.24 * size), bool(classes & CENTRED)
    )


def _marks(svg: str) -> list[tuple[float, float, float, float]]:
    uses = [use for use in ET.fromstring(svg).iter(f"{SVG}use") if use.get("href", "").startswith("#mark-")]  # noqa: S314 - ours
    centres = [(float(use.attrib["x"]), float(use.attrib["y"])) for use in uses]
    return [(x - MARK, y - MARK, x + MARK, y + MARK) for x, y in centres]


def complaints(svg: str, stretch: float = 1.0) -> list[str]:
    """Each label wider than its room or under a mark, each room outside the picture, each two rooms that meet."""
    all_letterings = letterings(svg, stretch)
    messages = [
        f"cut off: {lettering.text} ({lettering.width:.0f} > {lettering.room_width:.0f})"
        for lettering in all_letterings
        if lettering.width > lettering.room_width
    ]
    messages += [
        f"outside: {lettering.text}"
        for lettering in all_letterings
        if lettering.room[0] < MARGIN or lettering.room[2] > SIZE[0] - MARGIN
    ]
    messages += [
        f"hidden by a mark: {lettering.text}"
        for lettering in all_letterings
        if any(_meet(lettering.box, mark) for mark in _marks(svg))
    ]
    return messages + [
        f"overlap: {a.text} / {b.text}" for a, b in combinations(all_letterings, 2) if _meet(a.room, b.room)
    ]


def _meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
