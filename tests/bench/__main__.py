"""Measures a step end to end against what no bot could leave out, and the bot under load. Start it with `make bench`.

A step is a signed press in, 200 out, everything durable. Bot and floor (`tests/bench/floor.py`) take turns in one run.
"""

import asyncio
import logging
import os
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Self

import structlog

from bot.app.bootstrap import Bot, assemble
from bot.sandbox.server import Sandbox
from bot.sandbox.world import SandboxUser, default_people
from bot.slack.store_thread import StoreThread
from tests.bench import database as databases
from tests.bench import served
from tests.bench.floor import Floor
from tests.bench.presses import USER, address_of, begun, percentile, settings, timed
from tests.waiting import QUICK

STEPS = int(os.environ.get("BENCH_STEPS", "1200"))
ROUNDS = 6
CROWD = [f"U0C{number:05d}" for number in range(500)]
MANY_WALKS = 200_000
MANY_ROWS = 200_000

Round = Callable[[int], Awaitable[list[float]]]


class Parts:
    """Bots in this process, each on a database of its own."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    def database(self, name: str) -> Path:
        return self._folder / f"{name}.db"

    def url(self, name: str) -> str:
        return f"sqlite:///{self.database(name)}"

    async def bot(self, name: str) -> Bot:
        thread = StoreThread()
        self._stack.callback(thread.close)
        bot = await assemble(settings(self._sandbox, self.url(name)), thread, "Sandbox")
        self._stack.push_async_callback(thread.run, bot.store.close)
        return bot

    async def walker(self, name: str) -> tuple[Bot, int, Round]:
        """A bot, the ID of Erika's walk, and rounds of presses in it."""
        bot = await self.bot(name)
        walk_id = (await begun(bot, [USER]))[USER]
        return bot, walk_id, lambda steps: timed(bot.app, steps, partial(address_of, bot, walk_id))


async def in_turn(one: Round, other: Round) -> tuple[list[float], list[float], float]:
    """The seconds of both, and the median of the rounds' ratios: single times on a shared machine say little."""
    await one(30)
    await other(30)
    ones: list[float] = []
    others: list[float] = []
    ratios = []
    for _ in range(ROUNDS):
        first, second = await one(STEPS // ROUNDS), await other(STEPS // ROUNDS)
        ones += first
        others += second
        ratios.append(statistics.median(first) / statistics.median(second))
    return ones, others, statistics.median(ratios)


def held(name: str, value: float, target: float, unit: str = "", *, at_least: bool = False, digits: int = 2) -> None:
    """Print a figure beside its target. A benchmark is no test: it says what is missed and fails nothing."""
    met = value >= target if at_least else value <= target
    sign = ">=" if at_least else "<="
    print(f"{name}: {value:,.{digits}f}{unit} (target {sign} {target:,g}{unit}: {'met' if met else 'NOT MET'})")


def line(name: str, times: list[float]) -> None:
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    print(f"{name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, worst {max(times) * 1000:.2f} ms")


async def against_the_floor(parts: Parts, folder: Path) -> None:
    bot, walk_id, ours = await parts.walker("bench")
    floor = Floor(folder, bot.client, parts.database("bench"), walk_id)
    steps, bare, ratio = await in_turn(ours, lambda count: timed(floor.app, count, floor.address))
    held("ratio", ratio, 2.0)
    line("step ", steps)
    line("floor", bare)
    held("p99 of a step in its p50s", percentile(steps, 0.99) / percentile(steps, 0.5), 4.0, digits=1)
    held("steps per second in one process", len(steps) / sum(steps), 500, at_least=True, digits=0)


async def with_many_walks(parts: Parts) -> None:
    _, few_id, few = await parts.walker("few")
    _, many_id, many = await parts.walker("many")
    databases.fill_walks(parts.database("few"), few_id, 1_000)
    databases.fill_walks(parts.database("many"), many_id, MANY_WALKS)
    times_many, times_few, ratio = await in_turn(many, few)
    line("step with   1,000 walks", times_few)
    line("step with 200,000 walks", times_many)
    held("200,000 walks to 1,000", ratio, 1.15)


async def crowd(sandbox: Sandbox, parts: Parts) -> None:
    bot = await parts.bot("crowd")
    await begun(bot, [*CROWD, USER])
    await bot.thread.run(bot.store.close)
    database = parts.database("crowd")
    async with served.serving(sandbox, database, http=True) as process:
        for name in ("500 at once after the start", "500 at once, once more"):
            times = await served.all_at_once(process, database, CROWD)
            line(name, times)
            held(f"{name}, worst", max(times), 2.0, " s")
    databases.fill_outbox(database, MANY_ROWS)
    async with served.serving(sandbox, database, http=True) as process:
        times = await served.healthz(process)
        line("/healthz, 200,000 rows", times)
        held("/healthz, 200,000 rows, p50", percentile(times, 0.5), 10, " ms", digits=1)


async def memory(sandbox: Sandbox, parts: Parts) -> None:
    bot = await parts.bot("memory")
    await begun(bot, CROWD[:50])
    await bot.thread.run(bot.store.close)
    database = parts.database("memory")
    async with served.serving(sandbox, database, http=True) as process:
        await served.steps(process, database, CROWD[:50], 200)
        first = process.megabytes()
        await served.steps(process, database, CROWD[:50], 4_800)
        held("memory after 200 steps", first, 90, " MB", digits=0)
        held("memory after 5,000 steps", process.megabytes(), 90, " MB", digits=0)
        held("growth from 200 to 5,000 steps", process.megabytes() - first, 0, " MB", digits=1)


async def as_a_process(sandbox: Sandbox, folder: Path) -> None:
    ready = []
    for number in range(3):
        async with served.serving(sandbox, folder / f"ready{number}.db", http=False) as process:
            ready.append(process.ready)
            if number:
                continue
            calls = await served.calls_per_step(sandbox)
            megabytes = process.megabytes()
    print("Slack calls per step: " + (", ".join(f"{m} {n:.1f}" for m, n in sorted(calls.items())) or "none"))
    held("ready in", statistics.median(ready), 1.0, " s")
    held("memory", megabytes, 90, " MB", digits=0)


async def main() -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    people = [
        *default_people(),
        *(
            SandboxUser(id=user, name=f"Merchant {user}", role="merchant", locale="de-DE", color="#888888")
            for user in CROWD
        ),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with Sandbox(people=people, **QUICK) as sandbox, Parts(sandbox, folder) as parts:
            await against_the_floor(parts, folder)
            await with_many_walks(parts)
            await crowd(sandbox, parts)
            await memory(sandbox, parts)
            await as_a_process(sandbox, folder)


if __name__ == "__main__":
    asyncio.run(main())
