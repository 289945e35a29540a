"""The ghost step: Slack has a message that the bot does not know of, and its history does not show it yet."""

from typing import Any

import pytest

from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.store.sql_outbox import SqlOutgoing
from tests.faults.conftest import Finish, Serve
from tests.faults.patient_people import addresses
from tests.faults.reckoning import Reckoning

pytestmark = pytest.mark.story
Json = dict[str, Any]


async def at(visitor: Visitor, step: str) -> Json:
    """The message that is at this step, waiting for it."""
    return await visitor.wait_for(lambda m: any(a.step == step for a in addresses(m["blocks"])))


async def pressed_before_the_look(sandbox: Sandbox, serve: Serve, finish: Finish, action_id: str) -> Reckoning:
    """Slack takes a step and never answers; its button is pressed before the second attempt; the history is stale."""
    async with serve(send_limit_seconds=1.0) as bot, Visitor(sandbox.url, "U0ERIKA") as erika:
        await erika.command("/amazon-token")
        await at(erika, "before_start")
        await bot.outbox_worker.drain()
        sandbox.misbehave("chat.postMessage", "timeout_after")
        sandbox.misbehave("conversations.history", "stale", times=20)
        await erika.press("walk:orders_stopped")
        ghost = await at(erika, "connect_version")
        assert (await bot.thread.run(bot.store.outbox_counts))["running"] == 1
        await erika.press(action_id, message=ghost)
        await bot.outbox_worker.drain()
        return await finish(bot)


@pytest.mark.parametrize("action_id", ["step:where", "walk:back"])
async def test_a_press_proves_what_the_history_does_not_show(
    sandbox: Sandbox, serve: Serve, finish: Finish, action_id: str
) -> None:
    """The button carries its row's key: the press marks the row delivered, and the step is not sent again."""
    result = await pressed_before_the_look(sandbox, serve, finish, action_id)
    assert result.faults["doubled messages"] == []
    assert result.faults["walks without exactly one live step"] == []
    assert result.faults["rows not delivered"] == []


async def test_without_that_proof_the_count_notices(
    sandbox: Sandbox, serve: Serve, finish: Finish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the defence taken out the same press leaves the step twice: the defence is needed, and the count sees it."""
    monkeypatch.setattr(SqlOutgoing, "mark_delivered", lambda *_: None)
    result = await pressed_before_the_look(sandbox, serve, finish, "step:where")
    assert len(result.faults["doubled messages"]) == 1
