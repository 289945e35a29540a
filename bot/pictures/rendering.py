"""An SVG as PNG, the same bytes on every machine: no fonts and no libraries of the system take part."""

import sys
from functools import cache
from importlib.resources import files

SCALE = 2
_FONTS = "fontpkg_atkinson_hyperlegible"


def png(svg: str, scale: float = SCALE) -> bytes:
    """The drawing as PNG, `scale` pixels for each unit. `ValueError` when it is not SVG.

    The renderer is loaded with the first picture: a program that shows none does not pay for it. It holds the
    interpreter's lock for about 70 ms, also in a thread: what serves people uses `bot.pictures.apart`.
    """
    import resvg_py  # noqa: PLC0415 - see the docstring

    return resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, skip_system_fonts=True, font_files=font_files())


@cache
def font_files() -> list[str]:
    """The paths of the only fonts that pictures use: regular and bold of one family."""
    folder = files(_FONTS) / "files"
    return [str(folder / f"AtkinsonHyperlegible-{weight}.ttf") for weight in ("Regular", "Bold")]


if __name__ == "__main__":  # the process that `bot.pictures.apart` starts
    sys.stdout.buffer.write(png(sys.stdin.buffer.read().decode()))
