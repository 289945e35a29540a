"""A step that Slack takes in no form is there again at the next word, or at the next start."""

from typing import Any

import pytest

from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from tests.faults.conftest import Finish, Serve
from tests.faults.patient_people import addresses
from tests.faults.test_slack_misbehaves import at_step, begun

pytestmark = pytest.mark.story
FORMS = 3
"""In how many forms a message is tried: whole, shortened, as text."""


@pytest.mark.parametrize("again", ["a message", "a command", "a press", "a start"])
async def test_a_step_that_is_refused_in_every_form_comes_back(
    sandbox: Sandbox, serve: Serve, finish: Finish, logged: list[Any], again: str
) -> None:
    """One live step, whose button works, no dead row, and nothing doubled."""
    async with Visitor(sandbox.url, "U0ERIKA") as erika:
        async with serve() as bot:
            pressed = await begun(erika)
            await bot.outbox_worker.drain()
            sandbox.misbehave("chat.postMessage", "error", code="msg_too_long", times=FORMS)
            await erika.press("walk:orders_stopped", message=pressed)
            await bot.outbox_worker.drain()
            assert [line["error"] for line in logged if line["event"] == "outbox_row_dead"] == ["msg_too_long"]
            if again == "a message":
                await erika.say("hallo")
            elif again == "a command":
                await erika.command("/amazon-token status")
            elif again == "a press":
                await erika.press("walk:orders_stopped", message=pressed)
            else:
                sandbox.misbehaviour.stop()
        async with serve() as bot:
            await at_step(erika, "connect_version")
            await erika.press("step:where")
            result = await finish(bot)
            steps = [a.step for m in await erika.messages() for a in addresses(m["blocks"])]
    assert set(steps) == {"connect_version"}
    assert not result.faults["walks without exactly one live step"]
    assert not result.faults["rows not delivered"]
    assert not result.faults["doubled messages"]
