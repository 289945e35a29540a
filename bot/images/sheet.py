"""Writes all pictures for a look at them: as single files, or together on a contact sheet."""

from collections.abc import Mapping
from pathlib import Path

from bot.images.render import png
from conversations.amazon_token.checks import MINIMUM_VERSION
from conversations.amazon_token.illustrations import NAMES, SIZE, Illustration, drawing
from conversations.engine.texts import Language, Texts

EXAMPLES = {
    "connect_version": (("minimum", str(MINIMUM_VERSION)),),
    "authorize_developer": (("developer_id", "1234-5678-9012"),),
}
"""The values in the pictures that need some. The developer ID is made up: a real one depends on the walk."""

_PHONE = 0.5
_GAP = 24
_CAPTION = 44


def examples() -> list[Illustration]:
    """One of each picture, in the order of the steps."""
    return [Illustration(name, EXAMPLES.get(name, ())) for name in NAMES]


def write_each(all_texts: Mapping[Language, Texts], folder: Path) -> list[Path]:
    """Write `<picture>.<language>.png` for every picture into `folder`, which is created when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for picture in examples():
        for language, texts in all_texts.items():
            file = folder / f"{picture.name}.{language}.png"
            file.write_bytes(png(drawing(texts, picture)))
            written.append(file)
    return written


def contact_sheet(all_texts: Mapping[Language, Texts]) -> bytes:
    """A PNG with a row for each picture: in each language in full size on white, then at a phone's width on black."""
    width, height = SIZE
    light_width = len(all_texts) * (width + _GAP) + _GAP
    sheet_width = light_width + len(all_texts) * (round(width * _PHONE) + _GAP) + _GAP
    rows = [
        _row(all_texts, picture, light_width, _GAP + index * (height + _CAPTION))
        for index, picture in enumerate(examples())
    ]
    total_height = _GAP + len(rows) * (height + _CAPTION)
    return png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet_width}" height="{total_height}">'
        f'<rect width="{light_width}" height="100%" fill="#ffffff"/>'
        f'<rect x="{light_width}" width="{sheet_width - light_width}" height="100%" fill="#1a1d21"/>'
        f"{''.join(rows)}</svg>",
        scale=1,
    )


def _row(all_texts: Mapping[Language, Texts], picture: Illustration, light_width: int, top: int) -> str:
    drawings = [drawing(texts, picture) for texts in all_texts.values()]
    width, height = SIZE
    small = round(width * _PHONE) + _GAP
    placed = [(_GAP + column * (width + _GAP), 1.0, svg) for column, svg in enumerate(drawings)]
    placed += [(light_width + _GAP + column * small, _PHONE, svg) for column, svg in enumerate(drawings)]
    name = f'<text x="{_GAP}" y="{top + height + 28}">{picture.name}</text>'
    return name + "".join(f'<g transform="translate({x} {top}) scale({scale})">{svg}</g>' for x, scale, svg in placed)
