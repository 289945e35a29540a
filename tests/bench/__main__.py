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

from bot.reception import StoreThread
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Person, the_people
from bot.wiring import Bot, assemble
from tests.bench import database as databases
from tests.bench import served
from tests.bench.floor import Floor
from tests.bench.presses import USER, address_of, begun, percentile, settings, timed

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

    async def bot(self, name: str) -> Bot:
        thread = StoreThread()
        self._stack.callback(thread.close)
        bot = await assemble(settings(self._sandbox, self.database(name)), thread, "Sandbox")
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


def line(name: str, times: list[float]) -> None:
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    print(f"{name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, worst {max(times) * 1000:.2f} ms")


async def against_the_floor(parts: Parts, folder: Path) -> None:
    bot, walk_id, ours = await parts.walker("bench")
    floor = Floor(folder, bot.client, parts.database("bench"), walk_id)
    steps, bare, ratio = await in_turn(ours, lambda count: timed(floor.app, count, floor.address))
    print(f"ratio: {ratio:.2f}")
    line("step ", steps)
    line("floor", bare)
    print(f"p99 of a step: {percentile(steps, 0.99) / percentile(steps, 0.5):.1f} times its p50")
    print(f"steps per second in one process: {len(steps) / sum(steps):.0f}")


async def with_many_walks(parts: Parts) -> None:
    _, few_id, few = await parts.walker("few")
    _, many_id, many = await parts.walker("many")
    databases.fill_walks(parts.database("few"), few_id, 1_000)
    databases.fill_walks(parts.database("many"), many_id, MANY_WALKS)
    times_many, times_few, ratio = await in_turn(many, few)
    line("step with   1,000 walks", times_few)
    line("step with 200,000 walks", times_many)
    print(f"200,000 walks to 1,000: {ratio:.2f}")


async def crowd(sandbox: Sandbox, parts: Parts) -> None:
    bot = await parts.bot("crowd")
    await begun(bot, [*CROWD, USER])
    await bot.thread.run(bot.store.close)
    database = parts.database("crowd")
    async with served.serving(sandbox, database, http=True) as process:
        line("500 at once, nobody met yet", await served.all_at_once(process, database, CROWD))
        line("500 at once, once more     ", await served.all_at_once(process, database, CROWD))
    databases.fill_outbox(database, MANY_ROWS)
    async with served.serving(sandbox, database, http=True) as process:
        line("/healthz, 200,000 rows", await served.healthz(process))


async def memory(sandbox: Sandbox, parts: Parts) -> None:
    bot = await parts.bot("memory")
    await begun(bot, CROWD[:50])
    await bot.thread.run(bot.store.close)
    database = parts.database("memory")
    async with served.serving(sandbox, database, http=True) as process:
        for count in (200, 4_800):
            await served.steps(process, database, CROWD[:50], count)
            print(f"memory after {200 if count == 200 else 5000:,} steps: {process.megabytes():.0f} MB")


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
    print(f"ready in {statistics.median(ready):.2f} s")
    print(f"memory: {megabytes:.0f} MB")


async def main() -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    people = [
        *the_people(),
        *(Person(id=user, name=f"Merchant {user}", role="merchant", locale="de-DE", color="#888888") for user in CROWD),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with Sandbox(people=people) as sandbox, Parts(sandbox, folder) as parts:
            await against_the_floor(parts, folder)
            await with_many_walks(parts)
            await crowd(sandbox, parts)
            await memory(sandbox, parts)
            await as_a_process(sandbox, folder)


if __name__ == "__main__":
    asyncio.run(main())
