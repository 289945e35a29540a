"""Writes all pictures for a look at them: as single files, or together on a contact sheet."""

from collections.abc import Iterator
from pathlib import Path

from bot.images.render import png
from conversations.all_texts import AllTexts
from conversations.engine.pictures import SIZE
from conversations.engine.texts import Language
from conversations.registry import Procedures

_PHONE = 0.5
_GAP = 24
_CAPTION = 44


def drawings(all_texts: AllTexts, procedures: Procedures) -> Iterator[tuple[str, dict[Language, str]]]:
    """One of each picture with made-up values: its name, and its SVG by language."""
    for procedure in procedures.values():
        for picture in procedure.pictures.all_examples():
            yield (
                f"{procedure.id}.{picture.name}",
                {
                    language: procedure.pictures.drawing(all_texts.of(language, procedure.id), picture)
                    for language in all_texts
                },
            )


def write_each(all_texts: AllTexts, procedures: Procedures, folder: Path) -> list[Path]:
    """Write `<procedure>.<picture>.<language>.png` for every picture into `folder`, created when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, by_language in drawings(all_texts, procedures):
        for language, svg in by_language.items():
            file = folder / f"{name}.{language}.png"
            file.write_bytes(png(svg))
            written.append(file)
    return written


def contact_sheet(all_texts: AllTexts, procedures: Procedures) -> bytes:
    """A PNG with a row for each picture: in each language in full size on white, then at a phone's width on black."""
    width, height = SIZE
    light_width = len(all_texts) * (width + _GAP) + _GAP
    sheet_width = light_width + len(all_texts) * (round(width * _PHONE) + _GAP) + _GAP
    rows = [
        _row(name, list(by_language.values()), light_width, _GAP + index * (height + _CAPTION))
        for index, (name, by_language) in enumerate(drawings(all_texts, procedures))
    ]
    total_height = _GAP + len(rows) * (height + _CAPTION)
    return png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet_width}" height="{total_height}">'
        f'<rect width="{light_width}" height="100%" fill="#ffffff"/>'
        f'<rect x="{light_width}" width="{sheet_width - light_width}" height="100%" fill="#1a1d21"/>'
        f"{''.join(rows)}</svg>",
        scale=1,
    )


def _row(name: str, svgs: list[str], light_width: int, top: int) -> str:
    width, height = SIZE
    small = round(width * _PHONE) + _GAP
    placed = [(_GAP + column * (width + _GAP), 1.0, svg) for column, svg in enumerate(svgs)]
    placed += [(light_width + _GAP + column * small, _PHONE, svg) for column, svg in enumerate(svgs)]
    caption = f'<text x="{_GAP}" y="{top + height + 28}">{name}</text>'
    return caption + "".join(
        f'<g transform="translate({x} {top}) scale({scale})">{svg}</g>' for x, scale, svg in placed
    )
