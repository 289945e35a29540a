"""Renders in a process of its own: the renderer holds the interpreter's lock, and its memory is never given back."""

import asyncio
import contextlib
import sys


class RenderingFailed(Exception):  # noqa: N818 - the message says the rest
    """The renderer has ended without a picture. The message is its last line."""


class Renderer:
    """Renders one picture at a time, each in a process of its own that ends with it."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(1)

    async def png(self, svg: str) -> bytes:
        """`rendering.png` of the drawing, while everything else goes on. Raises `RenderingFailed`."""
        async with self._free:
            renderer = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "bot.pictures.rendering",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            try:
                data, told = await renderer.communicate(svg.encode())
            finally:
                if renderer.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        renderer.kill()
                    await renderer.wait()
        if renderer.returncode != 0:
            lines = told.decode(errors="replace").splitlines()
            raise RenderingFailed(lines[-1] if lines else f"the renderer has ended with {renderer.returncode}")
        return data
