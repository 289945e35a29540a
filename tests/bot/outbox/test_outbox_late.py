"""A process that is stopped between claiming a row and sending it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.store.models import Row
from tests.waiting import until


async def test_no_send_begins_after_its_lease(outbox: Any, row: Callable[..., Row]) -> None:
    """By then it may be another's, who has sent it. It is claimed once more, and looked for before it is sent."""
    began, looks = datetime.now(UTC), 0

    def clock() -> datetime:
        """An hour passes after the first claim."""
        nonlocal looks
        looks += 1
        return began if looks == 1 else began + timedelta(hours=1)

    await outbox.put(row("a", due_at=began))
    async with outbox.running(clock=clock):
        await outbox.until_delivered("a")
    assert outbox.slack.methods() == ["conversations.open", "conversations.history", "chat.postMessage"]


async def test_no_attempt_outlasts_its_lease(outbox: Any, row: Callable[..., Row]) -> None:
    """What has waited between claim and sending has less time: the next attempt begins when this one is over."""
    outcomes: list[tuple[int, str]] = []
    looks = 0

    def clock() -> datetime:
        """The first claim is 0.7 s ago when its sending begins."""
        nonlocal looks
        looks += 1
        return datetime.now(UTC) - timedelta(seconds=0.7 if looks == 1 else 0.0)

    def observe(tried: Row, outcome: str, _seconds: float, _now: datetime) -> None:
        outcomes.append((tried.attempts, outcome))

    outbox.slack.slow = 0.8
    outbox.slack.next = {"chat.postMessage": ["slow"]}
    await outbox.put(row("a", due_at=datetime.now(UTC) - timedelta(seconds=5)))
    async with outbox.running(clock=clock, observer=observe):
        await outbox.until_delivered("a")
        await until(lambda: not outbox.slack.answering, "Slack to have answered")
    assert outcomes == [(1, "again"), (2, "delivered")]
