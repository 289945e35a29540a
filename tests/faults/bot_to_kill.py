"""The bot as a process of its own that can be killed and started again on the same database."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

import aiohttp

from bot.app.crash_points import VARIABLE
from bot.sandbox.server import Sandbox
from tests.faults import altered_bot
from tests.faults.reckoning import Target, database
from tests.waiting import LIMIT, until

SEND_LIMIT = 1.0
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV")


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class BotToKill:
    """`amazon-token serve` against `sandbox`, everything it writes in `folder`; with a `port` it listens over HTTP.

    `settings` are environment variables that differ from those of the kill test.
    """

    def __init__(
        self, sandbox: Sandbox, folder: Path, port: int = 0, settings: Mapping[str, str] | None = None
    ) -> None:
        self._sandbox = sandbox
        self._port = port
        self.settings = dict(settings or {})
        self._folder = folder
        self.database = folder / "bot.db"
        self.target: Target = self.database
        self.log = folder / "bot.log"
        self.program = altered_bot.program("any_hour")
        self.code = Path.cwd()
        """The folder that the program is imported from."""
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """A test that fails leaves no process behind."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def start(self, kill_at: str = "") -> None:
        """Begin; `kill_at` as in `bot.app.crash_points`."""
        await until(lambda: not self._sandbox.sockets.connected, "the sandbox to see that the bot before it has gone")
        with self.log.open("ab") as stream:
            self._process = await asyncio.create_subprocess_exec(
                *self.program, "serve", env=self._environment(kill_at), cwd=self._folder, stdout=stream, stderr=stream
            )

    async def migrate(self) -> int:
        """`amazon-token migrate` beside it; the exit status."""
        with self.log.open("ab") as stream:
            migrating = await asyncio.create_subprocess_exec(
                *self.program, "migrate", env=self._environment(), cwd=self._folder, stdout=stream, stderr=stream
            )
        return await migrating.wait()

    def _environment(self, kill_at: str = "") -> dict[str, str]:
        return {name: os.environ[name] for name in _KEPT if name in os.environ} | {
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(self.code),
            "SLACK_BOT_TOKEN": Sandbox.token,
            **(
                {"SLACK_SIGNING_SECRET": Sandbox.signing_secret}
                if self._port
                else {"SLACK_APP_TOKEN": Sandbox.app_token}
            ),
            "SUPPORT_CHANNEL_ID": "C0SUPPORT",
            "SLACK_API_URL": self._sandbox.api_url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "PORT": str(self._port),
            "MESSAGES_PER_SECOND": "100",
            "SEND_LIMIT_SECONDS": str(SEND_LIMIT),
            "LOG_FORMAT": "json",
            VARIABLE: kill_at,
            **self.settings,
        }

    async def connected(self) -> None:
        """Wait until it listens."""
        if not self._port:
            await self._sandbox.sockets.wait_until_connected()
            return
        async with aiohttp.ClientSession() as session:

            async def listens() -> bool:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"http://127.0.0.1:{self._port}/healthz") as answer:
                        return answer.status == HTTPStatus.OK
                return False

            await until(listens, "the bot to listen")

    async def at_rest(self, waiting: str = "SELECT 1 FROM outbox WHERE state IN ('pending', 'running')") -> None:
        """Wait until nothing is on its way, neither to it nor from it; `waiting` finds what still is."""
        await self._sandbox.events.settle()
        with contextlib.closing(database(self.target)) as conn:
            await until(lambda: not conn.execute(f"{waiting} LIMIT 1").fetchone(), "nothing to be on its way")

    async def died(self, patience: float = LIMIT) -> bool:
        """Whether it has killed itself within so many seconds. It must not end in any other way."""
        try:
            async with asyncio.timeout(patience):
                status = await self._running.wait()
        except TimeoutError:
            return False
        if status != -signal.SIGKILL:
            raise AssertionError(f"the bot ended by itself with {status}:\n{self.last_lines()}")
        return True

    async def revive(self) -> bool:
        """Start it again if it has killed itself, with nothing to kill it any more; whether it had."""
        if self._running.returncode is None:
            return False
        await self.died()
        await self.start()
        await self.connected()
        return True

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """SIGSTOP: it does nothing in the block, and afterwards what it was about to do."""
        os.kill(self._running.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            self.go_on()

    def go_on(self) -> None:
        """SIGCONT: what was stopped goes on with what it was about to do."""
        os.kill(self._running.pid, signal.SIGCONT)

    async def kill(self) -> None:
        """SIGKILL, now."""
        if self._running.returncode is None:
            self._running.kill()
        await self.died()

    async def stop(self) -> int:
        """SIGTERM; the exit status."""
        if self._running.returncode is None:
            self._running.terminate()
        try:
            async with asyncio.timeout(LIMIT):
                return await self._running.wait()
        except TimeoutError:
            self._running.kill()
            return await self._running.wait()

    def lines(self) -> Iterator[dict[str, Any]]:
        """Its log, all lives together. A line that a kill has cut off is left out."""
        for line in self.log.read_text("utf-8", errors="replace").splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                yield found

    def last_lines(self, number: int = 15) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text("utf-8", errors="replace").splitlines()[-number:])

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "start it first"
        return self._process
