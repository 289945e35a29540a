"""Renders pictures in a process of their own: `Renderer` for the bot, and the messages that both processes exchange.

Messages have numbers and lengths, so that no answer is taken for that of another request.
"""

import asyncio
import contextlib
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from typing import BinaryIO, cast

_REQUEST = struct.Struct("!4sIQ")
_ANSWER = struct.Struct("!4sI?Q")
_REQUEST_START, _ANSWER_START = b"SVG?", b"PNG!"
ANSWER_BYTES = _ANSWER.size
"""The length of an answer's head."""

COMMAND = (sys.executable, "-P", "-m", "bot.images.render")
IDLE_SECONDS = 5.0
"""The process ends when no picture has been asked for this long; longer than the pauses between warm-up uploads."""
LIMIT_SECONDS = 60.0
"""A rendering that takes longer counts as failed."""
END_SECONDS = 5.0
"""A process that is no longer needed gets this long to end by itself."""


def request(number: int, svg: bytes) -> bytes:
    """The bytes of a request for a picture."""
    return _REQUEST.pack(_REQUEST_START, number, len(svg)) + svg


def read_request(stream: BinaryIO) -> tuple[int, bytes] | None:
    """The next request's number and drawing; `None` at the end. Raises `ValueError` for anything else."""
    head = stream.read(_REQUEST.size)
    if not head:
        return None
    if len(head) < _REQUEST.size or not head.startswith(_REQUEST_START):
        raise ValueError("not a request")
    _, number, size = _REQUEST.unpack(head)
    return number, stream.read(size)


def answer(number: int, content: bytes, *, done: bool) -> bytes:
    """The bytes of an answer to the request of this number: the picture, or when it is not `done`, why not."""
    return _ANSWER.pack(_ANSWER_START, number, done, len(content)) + content


def read_answer(head: bytes) -> tuple[int, bool, int]:
    """The number of an answer, whether it is done, and how many bytes follow. Raises `ValueError` for anything else."""
    start, number, done, size = _ANSWER.unpack(head)
    if start != _ANSWER_START:
        raise ValueError("something that is no answer")
    return number, done, size


class RenderingFailed(Exception):  # noqa: N818 - the message says the rest
    """There is no picture. The message says why; it is the renderer's own if there is one."""


class Renderer:
    """Renders one picture at a time in one process, which is started when needed and ends after `idle` seconds.

    A crash, an invalid answer, or a caller that was cancelled ends the process at once: that picture is lost, and the
    next one gets a new process. `command` is the program that answers the requests.
    """

    def __init__(self, *, idle: float = IDLE_SECONDS, command: Sequence[str] = COMMAND) -> None:
        self._idle = idle
        self._command = command
        self._lock = asyncio.Lock()
        self._closed = False
        self._process: Process | None = None
        self._until_idle: asyncio.TimerHandle | None = None
        self._endings: set[asyncio.Task[None]] = set()
        self._number = 0

    async def png(self, svg: str) -> bytes:
        """`render.png` of the drawing, without blocking the event loop. Raises `RenderingFailed`."""
        async with self._lock:
            if self._closed:
                raise RenderingFailed("the renderer is closed")
            process = await self._running_process()
            answered = False
            try:
                async with asyncio.timeout(LIMIT_SECONDS):
                    done, content = await self._ask(process, svg)
                answered = True
            except TimeoutError as error:
                raise RenderingFailed(f"the renderer has not answered for {LIMIT_SECONDS:g} s") from error
            except ValueError as error:
                raise RenderingFailed(f"the renderer has answered with {error}") from error
            except (OSError, EOFError) as error:
                await _end(process)
                raise RenderingFailed(f"the renderer has ended with {process.returncode}") from error
            finally:
                if answered:
                    self._until_idle = asyncio.get_running_loop().call_later(self._idle, self._release)
                else:
                    self._process = None
                    await _kill(process)
        if not done:
            raise RenderingFailed(content.decode(errors="replace"))
        return content

    async def close(self) -> None:
        """End the process and wait for it. A rendering under way fails, and so does every later call of `png`."""
        self._closed = True
        if self._process is not None and self._lock.locked():
            await _kill(self._process)
        async with self._lock:
            self._release()
        await asyncio.gather(*self._endings)

    async def _running_process(self) -> Process:
        """The process that is running, or a new one."""
        self._cancel_idle_timer()
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
        return self._process

    async def _ask(self, process: Process, svg: str) -> tuple[bool, bytes]:
        """Whether the process could render the drawing, and the picture or its error message."""
        requests, answers = _pipes(process)
        self._number += 1
        requests.write(request(self._number, svg.encode()))
        await requests.drain()
        number, done, size = read_answer(await answers.readexactly(ANSWER_BYTES))
        if number != self._number:
            raise ValueError("what was asked for by another request")
        return done, await answers.readexactly(size)

    def _cancel_idle_timer(self) -> None:
        if self._until_idle is not None:
            self._until_idle.cancel()
            self._until_idle = None

    def _release(self) -> None:
        self._cancel_idle_timer()
        process, self._process = self._process, None
        if process is not None:
            ending = asyncio.create_task(_end(process))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)


def _pipes(process: Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    """The pipes to and from the process, which it has since it was started with them."""
    return cast("asyncio.StreamWriter", process.stdin), cast("asyncio.StreamReader", process.stdout)


async def _end(process: Process) -> None:
    """Close its input, on which it ends by itself, and wait; kill it when it does not end in time."""
    _pipes(process)[0].close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    await _kill(process)


async def _kill(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
