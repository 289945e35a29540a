"""An SVG as PNG, the same bytes on every machine: no fonts and no libraries of the system take part."""

import os
import sys
from functools import cache
from importlib.resources import files
from typing import BinaryIO

from bot.images import render_process

SCALE = 2
_FONTS = "fontpkg_atkinson_hyperlegible"


def png(svg: str, scale: float = SCALE) -> bytes:
    """The drawing as PNG, `scale` pixels for each unit. `ValueError` when it is not SVG.

    The renderer is loaded with the first picture: a program that shows none does not pay for it. It holds the
    interpreter's lock for about 50 ms, also in a thread: what serves people uses `bot.images.render_process`.
    """
    import resvg_py  # noqa: PLC0415 - see the docstring

    return resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, skip_system_fonts=True, font_files=font_files())


@cache
def font_files() -> list[str]:
    """The paths of the only fonts that pictures use: regular and bold of one family."""
    folder = files(_FONTS) / "files"
    return [str(folder / f"AtkinsonHyperlegible-{weight}.ttf") for weight in ("Regular", "Bold")]


def answer_all(requests: BinaryIO, answers: BinaryIO) -> None:
    """Render what is asked for until there are no more requests. What cannot be rendered is answered in words."""
    while (asked := render_process.read_request(requests)) is not None:
        number, svg = asked
        try:
            answer = render_process.answer(number, png(svg.decode()), done=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next drawing has nothing to do with it
            answer = render_process.answer(number, f"{type(error).__name__}: {error}".encode(), done=False)
        answers.write(answer)
        answers.flush()


if __name__ == "__main__":  # the process that `bot.images.render_process` starts
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is written does not get among the answers
    answer_all(sys.stdin.buffer, answers)
