"""Pictures rendered once for the whole run of the tests: whichever bot is the first to need one, all get it."""

import os
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parent.parent)  # not tests/, which has a `bot` too

from bot.images.render_process import Renderer
from tests.waiting import LIMIT

VARIABLE = "SHARED_PICTURES"
"""Names the folder to the tests that start bots as processes."""


class SharedRenderer(Renderer):
    """The bot's own renderer, which looks into `folder` before it renders: PNGs by their drawing's digest."""

    folder: Path

    async def png(self, svg: str) -> bytes:
        """The picture, whole in any case: a file is there only once it has been written to its end."""
        file = self.folder / f"{sha256(svg.encode()).hexdigest()}.png"
        try:
            return file.read_bytes()
        except FileNotFoundError:
            pass
        picture = await super().png(svg)
        _write_whole(file, picture)
        return picture


def _write_whole(file: Path, content: bytes) -> None:
    number, unfinished = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(number, "wb") as stream:
        stream.write(content)
    Path(unfinished).replace(file)


def shared_by(folder: Path) -> type[SharedRenderer]:
    """A renderer for everybody who is given the same folder."""
    folder.mkdir(exist_ok=True)
    return type("SharedRenderer", (SharedRenderer,), {"folder": folder})


TOYS = "WITH_TOYS"
"""The environment variable with which a bot in a process of its own has the toys as well."""


def program() -> list[str]:
    """What starts `amazon-token` in a process of its own: with the run's pictures, if there are any."""
    folder = shared_folder()
    return [sys.executable, __file__, *folder] if folder else [sys.executable, "-m", "bot"]


def shared_folder() -> list[str]:
    """The folder with the run's pictures, for a program that begins with `main`, or nothing."""
    folder = os.environ.get(VARIABLE)
    return [] if folder is None else [folder]


def main() -> None:
    """Run `amazon-token` with the pictures of the folder that is the first argument."""
    if os.environ.get(TOYS):
        from conversations import registry  # noqa: PLC0415 - before anything else takes its procedures
        from tests.toys.procedures import WITH_TOYS  # noqa: PLC0415 - the same

        registry.PROCEDURES = WITH_TOYS
    from bot.__main__ import app  # noqa: PLC0415 - only where this file is the program
    from bot.app import bootstrap  # noqa: PLC0415 - the same
    from bot.slack import routes  # noqa: PLC0415 - the same

    routes.OPEN_SECONDS = LIMIT  # no modal is missing because the machine is busy
    bootstrap.Renderer = shared_by(Path(sys.argv.pop(1)))  # type: ignore[misc]
    app()


if __name__ == "__main__":
    main()
