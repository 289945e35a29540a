"""What goes between the bot and its renderer: numbered and with lengths, so that no answer is taken for another's."""

import asyncio
import contextlib
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from typing import BinaryIO, cast

_REQUEST = struct.Struct("!4sIQ")
_ANSWER = struct.Struct("!4sI?Q")
_ASKS, _SAYS = b"SVG?", b"PNG!"
ANSWER_BYTES = _ANSWER.size
"""How long the head of an answer is."""


def request(number: int, svg: bytes) -> bytes:
    """Asks for a picture."""
    return _REQUEST.pack(_ASKS, number, len(svg)) + svg


def read_request(stream: BinaryIO) -> tuple[int, bytes] | None:
    """The next request's number and drawing; `None` when there will be none. `ValueError` for anything else."""
    head = stream.read(_REQUEST.size)
    if not head:
        return None
    if len(head) < _REQUEST.size or not head.startswith(_ASKS):
        raise ValueError("not a request")
    _, number, size = _REQUEST.unpack(head)
    return number, stream.read(size)


def answer(number: int, content: bytes, *, done: bool) -> bytes:
    """Answers the request of this number: the picture, or if it is not `done`, why not."""
    return _ANSWER.pack(_SAYS, number, done, len(content)) + content


def read_answer(head: bytes) -> tuple[int, bool, int]:
    """Which request is answered, whether it is done, and how many bytes follow. `ValueError` for anything else."""
    start, number, done, size = _ANSWER.unpack(head)
    if start != _SAYS:
        raise ValueError("something that is no answer")
    return number, done, size


COMMAND = (sys.executable, "-P", "-m", "bot.images.render")
IDLE_SECONDS = 5.0
"""The process ends when no picture has been asked for this long; longer than the pauses between warm-up uploads."""
LIMIT_SECONDS = 60.0
"""A rendering that takes longer counts as failed."""
END_SECONDS = 5.0
"""A process that is no longer needed gets this long to end by itself."""


class RenderingFailed(Exception):  # noqa: N818 - the message says the rest
    """There is no picture. The message says why, in the renderer's words if it had any."""


class Renderer:
    """Renders one picture at a time, all of a burst in one process, which ends after `idle` seconds without work.

    A crash, an answer that makes no sense, or a caller who no longer waits ends the process at once: that picture is
    lost, and the next one gets a new process. `command` is the program that speaks `framing`.
    """

    def __init__(self, *, idle: float = IDLE_SECONDS, command: Sequence[str] = COMMAND) -> None:
        self._idle = idle
        self._command = command
        self._free = asyncio.Lock()
        self._closed = False
        self._process: Process | None = None
        self._until_idle: asyncio.TimerHandle | None = None
        self._endings: set[asyncio.Task[None]] = set()
        self._number = 0

    async def png(self, svg: str) -> bytes:
        """`rendering.png` of the drawing, while everything else continues. Raises `RenderingFailed`."""
        async with self._free:
            if self._closed:
                raise RenderingFailed("the renderer is closed")
            process = await self._at_work()
            sound = False
            try:
                async with asyncio.timeout(LIMIT_SECONDS):
                    done, content = await self._ask(process, svg)
                sound = True
            except TimeoutError as error:
                raise RenderingFailed(f"the renderer has not answered for {LIMIT_SECONDS:g} s") from error
            except ValueError as error:
                raise RenderingFailed(f"the renderer has answered with {error}") from error
            except (OSError, EOFError) as error:
                await _ended(process)
                raise RenderingFailed(f"the renderer has ended with {process.returncode}") from error
            finally:
                if sound:
                    self._until_idle = asyncio.get_running_loop().call_later(self._idle, self._leave)
                else:
                    self._process = None
                    await _killed(process)
        if not done:
            raise RenderingFailed(content.decode(errors="replace"))
        return content

    async def close(self) -> None:
        """End for good, and wait until no process is left; what is under way fails."""
        self._closed = True
        if self._process is not None and self._free.locked():
            await _killed(self._process)
        async with self._free:
            self._leave()
        await asyncio.gather(*self._endings)

    async def _at_work(self) -> Process:
        """The process of this burst, or the first of a new one."""
        self._stay()
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
        return self._process

    async def _ask(self, process: Process, svg: str) -> tuple[bool, bytes]:
        """Whether the process could, and the picture or what it says instead."""
        requests, answers = _pipes(process)
        self._number += 1
        requests.write(request(self._number, svg.encode()))
        await requests.drain()
        number, done, size = read_answer(await answers.readexactly(ANSWER_BYTES))
        if number != self._number:
            raise ValueError("what was asked for by another request")
        return done, await answers.readexactly(size)

    def _stay(self) -> None:
        if self._until_idle is not None:
            self._until_idle.cancel()
            self._until_idle = None

    def _leave(self) -> None:
        self._stay()
        process, self._process = self._process, None
        if process is not None:
            ending = asyncio.create_task(_ended(process))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)


def _pipes(process: Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    """Both are there: they were asked for."""
    return cast("asyncio.StreamWriter", process.stdin), cast("asyncio.StreamReader", process.stdout)


async def _ended(process: Process) -> None:
    """Let it end, which it does when its input ends."""
    _pipes(process)[0].close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    await _killed(process)


async def _killed(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
