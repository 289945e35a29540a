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
from bot.store.models import Purged
from bot.store.protocol import StoreError

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEEP = timedelta(days=99)


class _Store:
    """Remembers when it was told to purge; fails at first if asked to."""

    def __init__(self, *, fails: bool) -> None:
        self.fails = fails
        self.purged: list[tuple[datetime, timedelta]] = []

    def forget_seen(self, _before: datetime) -> int:
        return 0

    def purge(self, now: datetime, keep: timedelta) -> Purged:
        if self.fails:
            self.fails = False
            raise StoreError("the disk is full")
        self.purged.append((now, keep))
        return Purged()


async def _run(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


async def _three_days_of(store: _Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sweep run each hour for three days of a clock of its own."""
    now = NOON

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)
        if now >= NOON + timedelta(days=3):
            raise asyncio.CancelledError

    monkeypatch.setattr(scheduler.asyncio, "sleep", sleep)
    config = SimpleNamespace(clock=lambda: now)
    bot: Any = SimpleNamespace(
        thread=SimpleNamespace(run=_run), store=store, services=SimpleNamespace(config=config), metrics=Metrics()
    )
    with contextlib.suppress(asyncio.CancelledError):
        await scheduler.sweep(bot, KEEP)


async def test_the_past_is_forgotten_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start and every 24 hours, by the setting."""
    store = _Store(fails=False)
    await _three_days_of(store, monkeypatch)
    assert store.purged == [(NOON + timedelta(days=day), KEEP) for day in range(3)]


async def test_a_purge_that_failed_is_tried_again_in_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk or a lock costs no day."""
    store = _Store(fails=True)
    await _three_days_of(store, monkeypatch)
    assert store.purged[0] == (NOON + timedelta(hours=1), KEEP)
