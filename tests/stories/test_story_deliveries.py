"""What people read about a ticket that does not reach the support channel, and what happens once it does."""

from datetime import timedelta

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.misbehaviour import Fault
from bot.sandbox.server import Sandbox
from tests.mirror_places import mail_server
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun
from tests.stories.test_story_desk import card, home_says
from tests.stories.test_story_talk import answer
from tests.stories.time_machine import TimeMachine
from tests.waiting import until

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


async def test_an_urgent_ticket_takes_a_second_way(
    sandbox: Sandbox, serve: Serve, clock: TimeMachine, erika: Visitor, anna: Visitor, ben: Visitor
) -> None:
    """The channel is archived for longer than two minutes, with a restart in between.

    Each agent gets one direct message, the mailbox one more mail. Anna answers from there; the card, once it is in the
    channel, shows that it is hers, and nobody gets another message.
    """
    close_channel(sandbox)
    async with mail_server() as mailbox:
        mail = {
            "ticket_sync_smtp_host": "127.0.0.1", "ticket_sync_smtp_port": mailbox.port, "ticket_sync_smtp_tls": "none",
            "ticket_sync_smtp_from": "bot@example.com", "ticket_sync_smtp_to": ("desk@example.com",),
        }  # fmt: skip
        async with serve(**mail) as line:
            await begun(erika)
            await erika.press("form:help")
            await erika.fill_and_submit(sentence="InvalidAccessKeyId")
            await erika.wait_for("wird unserem Support zugestellt")
            await until(lambda: len(mailbox.mails) == 1, "the mail about the new ticket")
            assert "Dringend" not in await anna.dialogue()
        async with serve(**mail) as line:
            clock.ahead += timedelta(minutes=2)
            told = await anna.wait_for("Dringend und noch nicht im Support-Kanal angekommen")
            await ben.wait_for("Urgent, and not in the support channel yet")
            assert "1001" in words(told)
            assert "Erika Beispiel" in words(told)
            await until(lambda: len(mailbox.mails) == 2, "the mail about the second way")
            await anna.press("ticket:answer", message=told)
            view = await anna.modal()
            assert await anna.fill_and_submit(view, **{view["blocks"][-1]["block_id"]: "Wir kümmern uns."}) == {}
            await erika.wait_for("Wir kümmern uns.")
            sandbox.misbehaviour.stop()
            await line.bot.thread.run(line.bot.store.resume, SUPPORT, clock())
            line.bot.outbox_worker.wake()
            await card(ben, "U0ANNA")
            await line.bot.outbox_worker.drain()
        assert "Das Ticket ist in Slack noch nicht im Support-Kanal" in mailbox.mails[1].get_content()
    for agent in (anna, ben):
        assert len([m for m in await agent.messages() if "1001" in words(m)]) == 1
