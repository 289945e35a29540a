"""A program in the renderer's place: gives back what it is asked to render, or fails as the drawing says."""

import os
import sys
import time

from bot.images import render_process


def main() -> None:
    """Answer until the input ends."""
    out = sys.stdout.buffer
    while (asked := render_process.read_request(sys.stdin.buffer)) is not None:
        number, svg = asked
        whole = render_process.answer(number, svg, done=True)
        match svg:
            case b"crash":
                os._exit(3)
            case b"half an answer":
                out.write(whole[:-4])
                out.flush()
                os._exit(4)
            case b"garbage":
                whole = b"Segmentation fault, and more words than a head has bytes"
            case b"another's":
                whole = render_process.answer(number + 1, svg, done=True)
            case b"hang":
                time.sleep(3600)
        out.write(whole)
        out.flush()


if __name__ == "__main__":
    main()
