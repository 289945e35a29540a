"""`amazon-token demo`: runs the sandbox and the bot as two processes, for a person at the browser or for a play."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from aiohttp import web

from bot.demo.director import PAUSE_SECONDS, Director
from bot.demo.incidents import unless_incident
from bot.demo.stories import AGENT, perform
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.sandbox.world import PATIENCE
from bot.store.choice import empty_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import timedelta

    from conversations.engine.texts import Language

SERVE_DEMO = "serve-demo"
"""The hidden command that serves with a clock that can be moved."""
STOP_SECONDS = 10.0
LOG, LOG_LINES = "bot.log", 30
_KEPT_VARIABLES = frozenset(
    {
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TZ",
        "VIRTUAL_ENV",
        "PGPASSWORD",
        "PGPASSFILE",
        "COVERAGE_PROCESS_START",
        "COVERAGE_PROCESS_CONFIG",
    }
)


class NotStarted(Exception):  # noqa: N818 - the message is for the person at the terminal
    """One of the two processes did not start. The message contains the end of its output."""


def demo(*, play: str | None, language: Language, port: int, database: str | None = None, grid: bool = False) -> int:
    """Run the play of this name, or serve the browser until Ctrl-C. Returns the exit status."""
    return asyncio.run(_demo(play, language, port, database, grid=grid))


async def _demo(play: str | None, language: Language, port: int, database: str | None, *, grid: bool) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="amazon-token-") as folder:
        try:
            # A play on a slow machine is slow, and no failure.
            limit = 3.0 if play is None else PATIENCE
            async with sandbox_and_bot(Path(folder), port, limit=limit, database=database, grid=grid) as url:
                if play is not None:
                    return await _play(play, language, url, Path(folder, LOG))
                _say(f"The sandbox is open: {url}")
                _say("Be Erika, Oliver, Anna or Ben, and type /amazon-token. Ctrl-C ends it.")
                await stop.wait()
                return 0
        except NotStarted as error:
            _say(str(error))
            return 1


async def _play(play: str, language: Language, url: str, log: Path) -> int:
    started = time.monotonic()
    try:
        await unless_incident(perform(play, language, url, _say), log)
    except AssertionError as error:
        _say(f"\n{play} did not end as it should: {error}")
        return 1
    _say(f"\n{play} ended as it should ({time.monotonic() - started:.1f} s).")
    return 0


@contextlib.asynccontextmanager
async def sandbox_and_bot(
    folder: Path,
    port: int,
    program: Sequence[str] = (sys.executable, "-m", "bot"),
    *,
    limit: float = 3.0,
    database: str | None = None,
    grid: bool = False,
    pause: float = PAUSE_SECONDS,
) -> AsyncIterator[str]:
    """The address of a sandbox with a connected bot. A reset on the page restarts the bot with a new database.

    `limit`: how many seconds the sandbox waits for an answer or a modal. `database`: the URL of one in PostgreSQL.
    `grid`: it is an Enterprise Grid. `pause`: how many seconds the page's stories wait before each act.
    """
    async with _BotProcess(folder, program, database) as process, _directed(process, pause) as (director, address):
        command = [sys.executable, "-m", "bot.sandbox", "--port", str(port)]
        command += ["--on-reset", f"{address}/afresh", "--demo", address]
        command += ["--limit", str(limit), *(["--grid"] if grid else [])]
        sandbox = await asyncio.create_subprocess_exec(
            *command, env=_environment(), cwd=folder, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert sandbox.stdout is not None  # noqa: S101 - PIPE was asked for
            url = (await sandbox.stdout.readline()).decode().strip()
            if not url:
                raise NotStarted(f"The sandbox did not start. Is port {port} in use? Choose another with --port.")
            director.url = url
            await process.start(url)
            yield url
        finally:
            await process.stop()
            await _end(sandbox)


class _BotProcess:
    """The bot, with a clock that can be moved, connected to the sandbox. Each start uses a new database."""

    def __init__(self, folder: Path, program: Sequence[str], database: str | None) -> None:
        self._folder = folder
        self._program = program
        self._postgres = database
        self._hash_key = secrets.token_hex(32)
        self._database = contextlib.ExitStack()
        self._database_url = ""
        self._round = 0
        self._url = ""
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, url: str) -> None:
        """Start it and wait until it is connected. Raises `NotStarted`."""
        self._url = url
        self._round += 1
        file = self._folder / f"demo-{self._round}.db"
        self._database_url = self._database.enter_context(empty_database(self._postgres, file))
        log = self._folder / LOG
        with log.open("ab") as stream:
            self._process = await asyncio.create_subprocess_exec(
                *self._program, SERVE_DEMO, env=self._environment(), cwd=self._folder, stderr=stream,
                stdout=stream, stdin=asyncio.subprocess.PIPE,
            )  # fmt: skip
        end = time.monotonic() + PATIENCE
        async with Visitor(url, AGENT[0]) as visitor:
            while not (await visitor.state())["connected"]:
                if self._process.returncode is not None or time.monotonic() > end:
                    output = "\n".join(log.read_text("utf-8").splitlines()[-LOG_LINES:])
                    raise NotStarted(f"The bot did not start:\n{output}")
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Stop it, after it has finished what is under way."""
        if self._process is not None:
            await _end(self._process)
        self._database.close()

    def move_clock(self, ahead: timedelta) -> None:
        """Let the bot's clock go forward."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(f"{ahead.total_seconds()}\n".encode())

    async def restart(self) -> None:
        """Stop it and start it with an empty database."""
        await self.stop()
        await self.start(self._url)

    def _environment(self) -> dict[str, str]:
        return _environment() | {
            "SLACK_BOT_TOKEN": Sandbox.token,
            "SLACK_APP_TOKEN": Sandbox.app_token,
            "SUPPORT_CHANNEL_ID": "C0SUPPORT",
            "SLACK_API_URL": f"{self._url}/api/",
            "DATABASE_URL": self._database_url,
            "HASH_KEY": self._hash_key,
            "PORT": "0",
            "MESSAGES_PER_SECOND": "50",
            "LOG_FORMAT": "json",
        }


@contextlib.asynccontextmanager
async def _directed(process: _BotProcess, pause: float) -> AsyncIterator[tuple[Director, str]]:
    """The director, and the address at which the sandbox reaches it."""
    director = Director(process.restart, process.move_clock, pause)
    app = web.Application()
    app.add_routes(director.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield director, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in _KEPT_VARIABLES} | {"PYTHONUNBUFFERED": "1"}


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
