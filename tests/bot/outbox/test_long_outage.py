"""However long Slack or a channel is away: nothing is lost, nothing doubled, and the order is kept."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot.store.models import Row

MakeRow = Callable[..., Row]
_OLD_LIMIT = 8
"""Attempts after which a row was once given up: eleven minutes."""

WAYS = [
    *product(("C1", "U1"), ("internal_error", "page", "refused connections")),
    *product(("C1",), ("is_archived", "not_in_channel")),
]


class Shifted:
    """The time of day, moved on by what a test adds."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move_to(self, time: datetime) -> None:
        self._ahead += max(time - self.now(), timedelta())


@asynccontextmanager
async def trouble(slack: Any, fault: str) -> AsyncIterator[None]:
    """Until the block ends."""
    if fault == "refused connections":
        await slack.server.close()
        yield
        await slack.start()
    else:
        slack.always["chat.postMessage"] = fault
        yield
        slack.always.clear()


@pytest.mark.parametrize("away", [timedelta(minutes=15), timedelta(hours=2), timedelta(days=3)], ids=str)
@pytest.mark.parametrize(("to", "fault"), WAYS)
async def test_slack_is_away(outbox: Any, row: MakeRow, away: timedelta, to: str, fault: str) -> None:
    """What was said before, meanwhile and afterwards arrives once and in order, with a restart in the middle."""
    clock = Shifted()
    began, said, attempts = clock.now(), list[str](), 0

    async def say(text: str) -> None:
        said.append(f"text of {text}")
        await outbox.put(row(text, to=to, created_at=clock.now(), due_at=clock.now()))

    await say("before")
    for half in (1, 2):
        async with trouble(outbox.slack, fault), outbox.running(clock=clock.now, backoff=1.0) as outbox_worker:
            await say(f"meanwhile {half}")
            while clock.now() - began < away * half / 2:
                attempts += 1
                outbox_worker.wake()
                await outbox.until_attempted("before", attempts)
                # In three days there are 864 attempts; one an hour is enough of them.
                passes = timedelta(hours=1) if away.days else timedelta()
                clock.move_to(max(await outbox.run(outbox.store.next_due), clock.now() + passes))
    assert attempts >= _OLD_LIMIT
    clock.move_to(await outbox.run(outbox.store.next_due))
    await say("afterwards")
    await outbox.worker(clock=clock.now).drain()
    assert outbox.slack.texts("D1" if to == "U1" else to) == said
    assert await outbox.run(outbox.store.dead) == []
