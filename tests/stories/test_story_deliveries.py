"""What people read about a ticket that does not reach the support channel, and what happens once it does."""

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.misbehaviour import Fault
from bot.sandbox.server import Sandbox
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun
from tests.stories.test_story_desk import card, home_says
from tests.stories.test_story_talk import answer

pytestmark = pytest.mark.story
SUPPORT = "C0SUPPORT"


def close_channel(sandbox: Sandbox) -> None:
    """Slack accepts no message for the support channel, until `sandbox.misbehaviour.stop()`."""
    sandbox.misbehaviour.order(
        Fault(method="chat.postMessage", kind="error", code="is_archived", times=10**6, channel=SUPPORT)
    )


async def test_support_has_the_case_when_the_card_is_there(
    sandbox: Sandbox, serve: Serve, erika: Visitor, oliver: Visitor, anna: Visitor
) -> None:
    """The channel is archived, and the bot restarts: nobody reads that support has the case until it has.

    Then the messages that are there say it, the buttons of the step work, and no further message came for it.
    """
    close_channel(sandbox)
    async with serve():
        await begun(erika)
        await erika.press("form:help")
        await erika.fill_and_submit(sentence="")
        step = await erika.wait_for("*Ticket 1001* aufgenommen und wird unserem Support zugestellt")
        await oliver.command("/amazon-token support")
        receipt = await oliver.wait_for("*ticket 1002* and is being delivered to our support")
        await oliver.home("filed, being delivered")
        before = len(await erika.messages()), len(await oliver.messages())
        assert "hat Ihren Fall" not in await erika.dialogue()
        assert "has your case" not in await oliver.dialogue()
    sandbox.misbehaviour.stop()
    async with serve():
        await card(anna)
        confirmed = await erika.wait_for("Unser Support hat Ihren Fall: *Ticket 1001*")
        assert confirmed["ts"] == step["ts"]
        told = await oliver.wait_for("Our support has your case: *ticket 1002*")
        assert told["ts"] == receipt["ts"]
        await home_says(oliver, "with our support")
        assert "being delivered" not in words(told)
        await erika.press("walk:orders_stopped", message=confirmed)
        await at_step(erika, "connect_version")
        assert (len(await erika.messages()) - 1, len(await oliver.messages())) == before


async def test_an_answer_that_does_not_arrive_is_marked_in_the_thread(
    sandbox: Sandbox, line: RunningBot, oliver: Visitor, anna: Visitor
) -> None:
    """Oliver is deactivated when Anna answers: the copy of her answer says so, until the answer has arrived."""
    await oliver.command("/amazon-token support")
    await oliver.wait_for("Our support has your case")
    gone = Fault(method="chat.postMessage", kind="error", code="user_disabled", channel="D0OLIVER")
    sandbox.misbehaviour.order(gone)
    await answer(anna, "Bitte abwarten.")
    marked = await anna.wait_for("Oliver Sample ist in Slack deaktiviert", "#support")
    assert "Bitte abwarten." in words(marked)
    (row,) = await line.bot.thread.run(line.bot.store.dead)
    await line.bot.thread.run(line.bot.store.send_again, row.key, line.bot.services.config.clock())
    line.bot.outbox_worker.wake()
    await oliver.wait_for("Bitte abwarten.")
    clean = await anna.wait_for(lambda m: m["ts"] == marked["ts"] and "zugestellt" not in words(m), "#support")
    assert "Bitte abwarten." in words(clean)
