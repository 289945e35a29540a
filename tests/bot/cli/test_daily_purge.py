"""`serve` forgets by itself."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.app import scheduler
from bot.app.metrics import Metrics
from bot.services import privacy
from bot.store.counts import Purged
from bot.store.protocol import StoreError
from conversations.registry import PROCEDURES

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEEP = timedelta(days=99)


class _Services:
    """Remembers when it was asked to purge; fails at first if asked to."""

    def __init__(self, *, fails: bool) -> None:
        self.fails = fails
        self.purged: list[tuple[datetime, timedelta]] = []
        self.scrubbed = 0
        self.config = SimpleNamespace(clock=lambda: NOON)

    def unit_of_work(self, case: Callable[..., Any], span: timedelta) -> Any:
        if case is privacy.forget_deliveries:
            return 0
        if self.fails:
            self.fails = False
            raise StoreError("the disk is full")
        self.purged.append((self.config.clock(), span))
        return Purged()

    def scrub(self) -> None:
        self.scrubbed += 1


async def _run(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


async def _three_days_of(services: _Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sweep run each hour for three days of a clock of its own."""
    now = NOON

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)
        if now >= NOON + timedelta(days=3):
            raise asyncio.CancelledError

    monkeypatch.setattr(scheduler.asyncio, "sleep", sleep)
    services.config.clock = lambda: now
    bot: Any = SimpleNamespace(
        thread=SimpleNamespace(in_background=_run), services=services, metrics=Metrics(PROCEDURES)
    )
    with contextlib.suppress(asyncio.CancelledError):
        await scheduler.sweep(bot, KEEP)


async def test_the_past_is_forgotten_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start and every 24 hours, by the setting."""
    services = _Services(fails=False)
    await _three_days_of(services, monkeypatch)
    assert services.purged == [(NOON + timedelta(days=day), KEEP) for day in range(3)]
    assert services.scrubbed == 3  # the bytes leave the disk too


async def test_a_purge_that_failed_is_tried_again_in_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk or a lock costs no day."""
    services = _Services(fails=True)
    await _three_days_of(services, monkeypatch)
    assert services.purged[0] == (NOON + timedelta(hours=1), KEEP)
