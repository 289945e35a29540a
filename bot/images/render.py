"""Renders SVG as PNG, the same bytes on every machine: without fonts and libraries of the system.

As a program it is the process that `bot.images.render_process` starts.
"""

import os
import sys
from functools import cache
from importlib.resources import files
from typing import BinaryIO

from bot.images import render_process

SCALE = 2
_FONTS = "fontpkg_atkinson_hyperlegible"


def png(svg: str, scale: float = SCALE) -> bytes:
    """The drawing as PNG, `scale` pixels for each unit. Raises `ValueError` when it is not SVG.

    It holds the interpreter's lock for about 50 ms, in a thread too: the serving process uses
    `bot.images.render_process` instead.
    """
    import resvg_py  # noqa: PLC0415 - a program that renders no picture does not load it

    return resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, skip_system_fonts=True, font_files=font_files())


@cache
def font_files() -> list[str]:
    """The paths of the only fonts that pictures use: regular and bold of one family."""
    folder = files(_FONTS) / "files"
    return [str(folder / f"AtkinsonHyperlegible-{weight}.ttf") for weight in ("Regular", "Bold")]


def answer_all(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more; what cannot be rendered is answered with an error message."""
    while (request := render_process.read_request(requests)) is not None:
        number, svg = request
        try:
            answer = render_process.answer(number, png(svg.decode()), done=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next drawing can be rendered
            answer = render_process.answer(number, f"{type(error).__name__}: {error}".encode(), done=False)
        answers.write(answer)
        answers.flush()


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that nothing else is written between the answers
    answer_all(sys.stdin.buffer, answers)
