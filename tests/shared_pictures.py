"""Pictures rendered once for the whole run of the tests: whichever bot is the first to need one, all get it."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from bot.pictures.apart import Renderer


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
