"""A process that is stopped between claiming a row and sending it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.store.models import Row


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
