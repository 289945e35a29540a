"""The demonstration's clock: `serve` with a clock that is moved forward by lines on standard input.

Only the demonstration starts this; a bot for a real workspace has no such clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.app import scheduler, server
from bot.store.choice import right_to_serve
from bot.store.protocol import StoreError

if TYPE_CHECKING:
    from bot.app.bootstrap import Bot
    from bot.settings.core import Settings
    from conversations.ticket.business_hours import BusinessHours

_AHEAD = {"quarter": timedelta(minutes=15), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_SATURDAY = 5
log = structlog.get_logger()


class MovedClock:
    """Runs like the real clock, but `ahead` of it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """What time it is, aware and in UTC."""
        return datetime.now(UTC) + self.ahead


def moved(now: datetime, to: str, hours: BusinessHours) -> timedelta:
    """How far the clock goes forward from `now`, for one of `CLOCK`. Raises `KeyError` for anything else."""
    if to not in {"workday", "weekend"}:
        return _AHEAD[to]
    clock = time(10) if to == "workday" else time(12)
    day = hours.local_day(now)
    while True:
        then = hours.at(day, clock)
        if then > now and (hours.works_on(day) if to == "workday" else day.weekday() == _SATURDAY):
            return then - now
        day += timedelta(days=1)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; each line on standard input says how many seconds the clock goes forward."""
    with right_to_serve(settings.database_address):
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop, clock = asyncio.Event(), MovedClock()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with server.connected(settings, clock=clock) as running, server.prepared(running.bot):
        following = asyncio.create_task(_follow(running.bot, clock))
        try:
            await running.until(stop)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _follow(bot: Bot, clock: MovedClock) -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        clock.ahead += timedelta(seconds=float(line))
        log.info("clock_moved", ahead=clock.ahead.total_seconds())
        with contextlib.suppress(StoreError):  # the scheduler tries again
            await scheduler.do_what_is_due(bot)
        bot.outbox_worker.wake()
