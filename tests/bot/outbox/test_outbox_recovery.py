"""A channel that takes messages again after it has refused one for good is told of, once for each recovery."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.store.models import Row

MakeRow = Callable[..., Row]


@pytest.fixture
def recovered() -> list[str]:
    """The channels of which the worker has told."""
    return []


async def test_the_first_delivery_after_a_refusal_is_a_recovery(
    outbox: Any, row: MakeRow, recovered: list[str]
) -> None:
    """Not a delivery elsewhere, and not each one after it."""
    outbox.slack.next["chat.postMessage"] = ["missing_scope"]
    async with outbox.running(recovered=recovered.append):
        await outbox.put(row("refused", to="C1"), row("elsewhere", to="C2"), row("a person", to="U1"))
        await outbox.until_delivered("elsewhere", "a person")
        assert recovered == []
        await outbox.put(row("accepted", to="C1"))
        await outbox.until_delivered("accepted")
        await outbox.put(row("and again", to="C1"))
        await outbox.until_delivered("and again")
    assert recovered == ["C1"]


async def test_what_is_refused_twice_for_the_same_reason_is_no_matter_of_the_channel(
    outbox: Any, row: MakeRow, recovered: list[str]
) -> None:
    """A row that Slack refuses while it takes others is not tried after each of them for ever."""

    def tell(channel: str) -> None:
        recovered.append(channel)
        with outbox.store.transaction() as tx:
            assert tx.revive("poison", row("now").due_at) == 1

    outbox.slack.next["chat.postMessage"] = ["no_permission"]
    async with outbox.running(recovered=tell):
        await outbox.put(row("poison", to="C1"))
        await outbox.until_attempted("poison", 1)
        outbox.slack.next["chat.postMessage"] = ["", "no_permission"]
        for number in range(3):
            await outbox.put(row(f"accepted {number}", to="C1"))
            await outbox.until_delivered(f"accepted {number}")
        await outbox.until_attempted("poison", 2)
        assert await outbox.state("poison") == "dead"
    assert recovered == ["C1"]
    assert outbox.slack.texts("C1") == [f"text of accepted {number}" for number in range(3)]


async def test_people_and_what_was_given_up_behind_something_do_not_count(
    outbox: Any, row: MakeRow, recovered: list[str]
) -> None:
    """Only channels have cards, and a reply to a message that never came says nothing about the channel."""
    outbox.slack.next["chat.postMessage"] = ["user_is_restricted"]
    await outbox.put(row("refused", to="U1"), row("accepted", to="U1"))
    await outbox.put(row("reply", to="C1", thread="unknown"), row("other", to="C1"))
    await outbox.worker(recovered=recovered.append).drain()
    assert (await outbox.state("refused"), await outbox.state("reply")) == ("dead", "dead")
    assert recovered == []
