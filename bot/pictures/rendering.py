"""An SVG as PNG, the same bytes on every machine: no fonts and no libraries of the system take part."""

import subprocess
import sys
from functools import cache
from importlib.resources import files

SCALE = 2
_LIMIT = 60
"""Seconds after which a process that renders is given up; one takes half a second on a slow machine."""
_FONTS = "fontpkg_atkinson_hyperlegible"


def png(svg: str, scale: float = SCALE) -> bytes:
    """The drawing as PNG, `scale` pixels for each unit. `ValueError` when it is not SVG.

    The renderer is loaded with the first picture: a bot that shows none does not pay for it.
    """
    import resvg_py  # noqa: PLC0415 - see the docstring

    return resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, skip_system_fonts=True, font_files=font_files())


def png_apart(svg: str) -> bytes:
    """The same as `png`, by a process of its own: for a thread beside an event loop. `ValueError` as there.

    The renderer holds the interpreter's lock while it works, so in a thread it would halt everybody (70 ms, measured);
    and what it needs is given back. `subprocess.TimeoutExpired` after a minute.
    """
    command = [sys.executable, "-m", "bot.pictures.rendering"]
    done = subprocess.run(command, input=svg.encode(), capture_output=True, check=False, timeout=_LIMIT)  # noqa: S603 - ourselves
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").strip())
    return done.stdout


@cache
def font_files() -> list[str]:
    """The paths of the only fonts that pictures use: regular and bold of one family."""
    folder = files(_FONTS) / "files"
    return [str(folder / f"AtkinsonHyperlegible-{weight}.ttf") for weight in ("Regular", "Bold")]


def main() -> int:
    """Read an SVG from standard input and write its PNG to standard output; 1 when it is not SVG."""
    try:
        sys.stdout.buffer.write(png(sys.stdin.buffer.read().decode()))
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
