"""`amazon-token serve` as a process of its own, pressed over HTTP."""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import aiohttp
import psycopg

from bot.blocks.actions import Address
from bot.demo.scene import Scene
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from tests.bench.presses import SECRET, USER, press

_ADDRESSES = "SELECT worker_id, id, version, step, live_key FROM walks WHERE ended_at IS NULL"
LIMIT = 60.0
"""Seconds that anything here may take before the measurement is given up."""


@dataclass(frozen=True)
class Served:
    """A serving bot: its port, its process and how many seconds it took until it answered."""

    port: int
    pid: int
    ready: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def megabytes(self) -> float:
        """Resident memory, in MB of 1024 * 1024 bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


@contextlib.asynccontextmanager
async def serving(sandbox: Sandbox, database: Path, *, http: bool, **settings: str) -> AsyncIterator[Served]:
    """The bot serves `database`, or what `settings` say, until the block ends, in Socket Mode or over HTTP."""
    kept = {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}
    env = {
        **{name: value for name, value in os.environ.items() if name in kept},
        "SLACK_BOT_TOKEN": sandbox.token,
        **({"SLACK_SIGNING_SECRET": SECRET} if http else {"SLACK_APP_TOKEN": sandbox.app_token}),
        "SUPPORT_CHANNEL_ID": "C0SUPPORT",
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "MESSAGES_PER_SECOND": "50",
        "PORT": "0",
        "LOG_FORMAT": "json",
        **settings,
    }
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env=env, cwd=database.parent, stdout=-1, stderr=asyncio.subprocess.STDOUT
    )
    drained = None
    try:
        port = await asyncio.wait_for(_port(process), LIMIT)
        drained = asyncio.create_task(_drain(process))
        await _answering(port)
        yield Served(port, process.pid, time.perf_counter() - started)
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
        if drained is not None:
            await drained


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stdout is not None
    told = []
    async for line in process.stdout:
        told.append(line.decode(errors="replace"))
        if '"ready"' in told[-1]:
            return int(json.loads(line)["port"])
    raise RuntimeError("the bot has ended:\n" + "".join(told))


async def _drain(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    async for _ in process.stdout:
        pass


async def _answering(port: int) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(LIMIT):
        while True:
            async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.01)


async def healthz(served: Served, times: int = 50) -> list[float]:
    """Seconds of each of so many looks at `/healthz`, one after the other."""
    seconds = []
    async with aiohttp.ClientSession() as session:
        for _ in range(times):
            started = time.perf_counter()
            async with session.get(f"{served.url}/healthz") as answer:
                assert answer.status == 200, await answer.text()
            seconds.append(time.perf_counter() - started)
    return seconds


def addresses(database: Path | str, users: Sequence[str]) -> dict[str, Address]:
    """Where the live buttons of each user's walk point now, read from the file, or from PostgreSQL at an address."""
    if isinstance(database, str):
        with psycopg.connect(database) as connection:
            rows = connection.execute(_ADDRESSES.encode()).fetchall()
    else:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as conn:
            rows = conn.execute(_ADDRESSES).fetchall()
    known = {worker: Address(*where) for worker, *where in rows}
    return {user: known[user] for user in users}


def _direction(address: Address) -> str:
    return "advance" if address.step == "settings_menu" else "back"


async def all_at_once(served: Served | Sequence[Served], database: Path | str, users: Sequence[str]) -> list[float]:
    """Seconds until each of `users`, who press in the same moment, is acknowledged; by several processes in turn."""
    processes = [served] if isinstance(served, Served) else served
    standing = addresses(database, users)
    presses = [press(standing[user], _direction(standing[user]), user) for user in users]
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=LIMIT)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:

        async def one(process: Served, body: str, headers: dict[str, str]) -> float:
            started = time.perf_counter()
            async with session.post(f"{process.url}/slack/events", data=body, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
                await answer.read()
            return time.perf_counter() - started

        return list(
            await asyncio.gather(
                *(one(*each) for each in zip(cycle(processes), *zip(*presses, strict=True), strict=False))
            )
        )


async def steps(served: Served, database: Path, users: Sequence[str], count: int) -> None:
    """So many presses, one after the other, by each of `users` in turn."""
    async with aiohttp.ClientSession() as session:
        for done in range(0, count, len(users)):
            for user, address in addresses(database, users[: count - done]).items():
                body, headers = press(address, _direction(address), user)
                async with session.post(f"{served.url}/slack/events", data=body, headers=headers) as answer:
                    assert answer.status == 200, await answer.text()


async def calls_per_step(sandbox: Sandbox) -> dict[str, float]:
    """Calls to Slack by method, for each of ten steps that somebody presses one after the other."""
    async with Visitor(sandbox.url, USER) as visitor:
        scene = Scene(visitor, "Erika", lambda _line: None)
        await scene.start()
        await scene.press("walk:orders_stopped")
        await scene.fill("form:connect_version", version="4.9.24.4")
        await asyncio.sleep(0.5)
        before = len(sandbox.calls)
        for number in range(10):
            await scene.press("walk:back" if number % 2 else "walk:sees_key_set")
        await asyncio.sleep(0.5)
        methods: dict[str, float] = {}
        for call in sandbox.calls[before:]:
            methods[call.method] = methods.get(call.method, 0) + 0.1
        return methods
