"""Measures PostgreSQL against SQLite in one run, threads and processes. Start it with `make bench STORE=postgres`.

The server is the benchmark's own, on the same machine, and writes to the disk before it confirms, as SQLite does. Times
depend on the disk and on what else the machine does; the seconds of CPU that a step takes do so less.
"""

import asyncio
import contextlib
import logging
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import structlog

from bot.sandbox.server import Sandbox
from bot.sandbox.world import SandboxUser, default_people
from bot.store.choice import move
from bot.store.models import Destination, Row
from bot.store.postgres import open_store
from tests.bench import served
from tests.bench.__main__ import Parts, Round, in_turn, line
from tests.bench.presses import begun
from tests.postgres_server import Looks, PostgresServer, serving
from tests.seed import seed
from tests.waiting import QUICK, until

CROWD = [f"U0C{number:05d}" for number in range(int(os.environ.get("BENCH_CROWD", "40")))]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "8"))
CONFIGURATIONS = ((1, 1), (1, 2), (1, 4), (2, 2), (3, 2))
"""Processes, and threads of each."""
MESSAGES = 600
BACKLOG = 5_000
WALKS = 40
SERVER = {"fsync": "on", "shared_buffers": "128MB", "max_connections": "100"}


class PostgresParts(Parts):
    """The same over PostgreSQL."""

    def __init__(self, sandbox: Sandbox, folder: Path, server: PostgresServer) -> None:
        super().__init__(sandbox, folder)
        self._server = server
        self._urls: dict[str, str] = {}

    def url(self, name: str) -> str:
        return self._urls.setdefault(name, self._server.new_database())


def durable_write(folder: Path) -> float:
    """Milliseconds that the disk needs to confirm 8 kB, the median of many."""
    times = []
    with (folder / "write").open("wb") as file:
        for _ in range(200):
            file.write(b"x" * 8192)
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


async def step(sqlite: Parts, postgres: Parts) -> None:
    """One person who presses, in this process."""
    cpu: dict[str, list[float]] = {"SQLite": [], "PostgreSQL": []}

    def counted(name: str, walk: Round) -> Round:
        async def counting(count: int) -> list[float]:
            before = time.process_time()
            times = await walk(count)
            cpu[name].append((time.process_time() - before) / count * 1000)
            return times

        return counting

    _, _, over_sqlite = await sqlite.walker("step")
    _, _, over_postgres = await postgres.walker("step")
    times_postgres, times_sqlite, ratio = await in_turn(
        counted("PostgreSQL", over_postgres), counted("SQLite", over_sqlite)
    )
    line("step over SQLite    ", times_sqlite)
    line("step over PostgreSQL", times_postgres)
    print(f"PostgreSQL to SQLite: {ratio:.2f}")
    for name, rounds in cpu.items():
        print(f"CPU of a step in the bot, {name}: {statistics.median(rounds):.2f} ms")


async def drained(database: Path | str) -> None:
    """Wait until everything is sent."""
    unsent = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'running')"
    with contextlib.closing(Looks(database) if isinstance(database, str) else sqlite3.connect(database)) as looks:
        await until(lambda: looks.execute(unsent).fetchone() == (0,), "everything to be sent")


def cpu_seconds(pids: Iterable[int]) -> float:
    """What these processes have used so far."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def backends(url: str) -> list[int]:
    """The processes of the server."""
    with psycopg.connect(url) as connection:
        return [pid for (pid,) in connection.execute("SELECT pid FROM pg_stat_activity").fetchall()]


async def crowd(sandbox: Sandbox, parts: Parts, name: str, processes: int, threads: int) -> None:
    """Everybody presses at once, again and again, while the bots send what they have said, without pictures.

    The CPU is that of the steps and of sending their messages.
    """
    bot = await parts.bot(name)
    await begun(bot, CROWD)
    await bot.thread.run(bot.store.close)
    url = parts.url(name)
    database: Path | str = parts.database(name) if url.startswith("sqlite:") else url
    settings = {"DATABASE_URL": url, "STORE_THREADS": str(threads), "HASH_KEY": "5e" * 32, "PICTURES": "false"}
    async with AsyncExitStack() as stack:
        bots = [
            await stack.enter_async_context(served.serving(sandbox, parts.database(name), http=True, **settings))
            for _ in range(processes)
        ]
        await served.all_at_once(bots, database, CROWD)
        await drained(database)
        own = [one.pid for one in bots]
        server = backends(url) if isinstance(database, str) else []
        used, served_by = cpu_seconds(own), cpu_seconds(server)
        seconds, times = 0.0, list[float]()
        for _ in range(ROUNDS):
            started = time.perf_counter()
            times += await served.all_at_once(bots, database, CROWD)
            seconds += time.perf_counter() - started
        await drained(database)
        used, served_by = cpu_seconds(own) - used, cpu_seconds(server) - served_by
    what = "SQLite, 1 process" if isinstance(database, Path) else f"PostgreSQL, {processes} x {threads} threads"
    print(f"{what}: {len(times) / seconds:,.0f} steps/s, p50 {statistics.median(times) * 1000:.0f} ms,"
          f" worst {max(times) * 1000:.0f} ms; CPU of a step: bot {used / len(times) * 1000:.1f} ms,"
          f" server {served_by / len(times) * 1000:.1f} ms")  # fmt: skip


def outbox(server: PostgresServer, processes: int, waiting: int = 0) -> None:
    """How fast rows are claimed and confirmed, without anything sent, while `waiting` others are not due yet."""
    url = server.new_database()
    stores = [open_store(url) for _ in range(processes)]
    now = datetime.now(UTC)
    for number in range(waiting + MESSAGES):
        with stores[0].transaction() as tx:
            later = timedelta(hours=1) if number < waiting else timedelta()
            tx.enqueue(
                Row(
                    key=f"{number:032d}", destination=Destination("T1", "U1"), method="post", content={},
                    ordering_key=f"U{number}", created_at=now, due_at=now + later,
                )
            )  # fmt: skip

    def send(number: int) -> None:
        while row := stores[number].claim(now, timedelta(seconds=60), frozenset()):
            stores[number].delivered(row, "D1", "1.0")

    started = time.perf_counter()
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(send, range(processes)))
    rate = MESSAGES / (time.perf_counter() - started)
    print(f"outbox, {processes} processes, {waiting:,} rows waiting: {rate:,.0f} messages/s claimed and confirmed")
    for store in stores:
        store.close()


def size(server: PostgresServer, folder: Path) -> None:
    """What a walk takes on the disk, with its history, tickets and messages."""
    file = folder / "seeded.db"
    seed(file, WALKS, 5).store.close()
    kilobytes = file.stat().st_size / 1024
    url = server.new_database()
    move(f"sqlite:///{file}", url)
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT sum(pg_total_relation_size(oid)), (SELECT count(*) FROM walks), (SELECT count(*) FROM events),"
            " (SELECT count(*) FROM outbox) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchone()
    assert found is not None
    in_postgres, walks, events, rows = (float(value) for value in found)
    print(f"a walk: {events / walks:.0f} events, {rows / walks:.0f} messages and edits,"
          f" {in_postgres / 1024 / walks:.0f} kB in PostgreSQL, {kilobytes / walks:.0f} kB in SQLite")  # fmt: skip


async def main() -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    merchants = (
        SandboxUser(id=user, name=f"Merchant {user}", role="merchant", locale="de-DE", color="#888888")
        for user in CROWD
    )
    with tempfile.TemporaryDirectory() as name, serving(**SERVER) as server:
        folder = Path(name)
        (folder / "postgres").mkdir()
        async with (
            Sandbox(people=[*default_people(), *merchants], **QUICK) as sandbox,
            Parts(sandbox, folder) as sqlite,
            PostgresParts(sandbox, folder / "postgres", server) as postgres,
        ):
            print(f"the disk confirms a write in {durable_write(folder):.2f} ms")
            await step(sqlite, postgres)
            await crowd(sandbox, sqlite, "crowd", 1, 1)
            for processes, threads in CONFIGURATIONS:
                await crowd(sandbox, postgres, f"crowd{processes}x{threads}", processes, threads)
        for processes, waiting in ((1, 0), (3, 0), (3, BACKLOG)):
            outbox(server, processes, waiting)
        size(server, folder)


if __name__ == "__main__":
    asyncio.run(main())
