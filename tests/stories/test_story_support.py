"""A person is called: the ticket in the support channel, who has it, and how it ends."""

import asyncio
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.server import Sandbox
from conversations.amazon_token.plays import ERROR, _to_first_fetch
from conversations.engine.texts import Language, Texts
from tests.bytes_written import TypedSecrets
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun, press_as

pytestmark = pytest.mark.story


async def card(agent: Visitor, number: int = 1001) -> Any:
    """The ticket's card."""
    return await agent.wait_for(lambda m: str(number) in m["text"] and not m["thread_ts"], "#support")


@pytest.mark.parametrize("sentence", ["", "Ich finde das Menü nicht."])
async def test_help_calls_a_person(line: RunningBot, erika: Visitor, anna: Visitor, sentence: str) -> None:
    """The step stays, a ticket is filed, and what is known and what was written are in its thread."""
    await begun(erika)
    await erika.press("form:help")
    assert await erika.fill_and_submit(sentence=sentence) == {}
    await card(anna)
    if sentence:
        await anna.wait_for(lambda m: sentence in m["text"] and bool(m["thread_ts"]), "#support")
    shown = await erika.wait_for("Ticket 1001")
    assert (await at_step(erika, "before_start"))["ts"] == shown["ts"]
    await line.bot.outbox_worker.drain()
    assert len([m for m in await anna.messages("#support") if m["bot"]]) == (3 if sentence else 2)


async def test_words_are_redacted_for_the_agents(
    line: RunningBot, erika: Visitor, anna: Visitor, typed_secrets: TypedSecrets
) -> None:
    """A token in the sentence for the agents is removed before anybody sees it; pings in it are disarmed."""
    token = typed_secrets.new()
    await begun(erika)
    await erika.press("form:help")
    await erika.fill_and_submit(sentence=f"Das Token {token} geht nicht <!channel> *fett*")
    told = await anna.wait_for("geht nicht", "#support")
    assert "[entfernt: " in words(told)
    assert token not in repr(await anna.messages("#support"))
    # People's words stand in rich text, where nothing is markup.
    assert [b["type"] for b in told["blocks"] if "geht nicht" in words({"blocks": [b]})] == ["rich_text"]
    assert "<!channel>" not in told["text"]
    assert line.work


async def test_support_without_a_walk(line: RunningBot, erika: Visitor, anna: Visitor) -> None:
    """`support` reaches a person without any walk; a second call adds to the same ticket."""
    await erika.command("/amazon-token support")
    assert "1001" in await erika.ephemeral_text()
    await card(anna)
    await erika.command("/amazon-token support")
    assert "1001" in await erika.ephemeral_text()
    await line.bot.outbox_worker.drain()
    cards = [m for m in await anna.messages("#support") if m["bot"] and not m["thread_ts"]]
    assert len(cards) == 1


async def test_the_second_agent_is_told_who_was_first(
    line: RunningBot, erika: Visitor, anna: Visitor, ben: Visitor
) -> None:
    """One agent has the ticket; the other learns who. The merchant hears of it once."""
    await erika.command("/amazon-token support")
    shown = await card(anna)
    await anna.press("ticket:claim", message=shown, channel="#support")
    await erika.wait_for("Anna Support")
    await ben.press("ticket:claim", message=shown, channel="#support")
    assert "Anna Support" in words(await ben.modal())
    await line.bot.outbox_worker.drain()
    assert len([m for m in await erika.messages() if "Anna Support" in m["text"]]) == 1
    claimed = await card(anna)
    assert "Anna Support" in words(claimed) or "U0ANNA" in words(claimed)


async def test_a_merchant_cannot_decide_on_a_ticket(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, anna: Visitor
) -> None:
    """Only members of the support channel claim and resolve."""
    await erika.command("/amazon-token support")
    shown = await card(anna)
    for action_id in ("ticket:claim", "ticket:resolve"):
        await press_as(sandbox, "U0ERIKA", shown, action_id)
    await line.bot.outbox_worker.drain()
    assert (await card(anna))["blocks"] == shown["blocks"]


async def test_resolved_asks_the_merchant_who_may_go_on(line: RunningBot, stage: SandboxStage) -> None:
    """„Gelöst“ asks; help opens the ticket again with the same agent; „go on“ leads back to the step; one ticket."""
    erika, anna = stage.merchant.visitor, stage.agent.visitor
    await _to_first_fetch(stage)
    await stage.merchant.press("walk:fetch_failed")
    await stage.merchant.press("walk:fetch_failed")
    await at_step(erika, "with_support")
    await erika.say(ERROR)
    await anna.wait_for(ERROR, "#support")
    await anna.press("ticket:claim", channel="#support")
    await anna.press("ticket:resolve", channel="#support")
    await erika.wait_for("als gelöst eingetragen")
    await erika.press("form:help")
    await erika.fill_and_submit(sentence="Es geht noch immer nicht.")
    again = await anna.wait_for("Es geht noch immer nicht.", "#support")
    assert again["thread_ts"]
    await anna.wait_for("Der Händler wartet auf", "#support")
    await erika.press("walk:try_fetch_again")
    await at_step(erika, "second_fetch")
    await erika.press("walk:fetch_worked")
    await erika.wait_for(stage.titled("done"))
    await line.bot.outbox_worker.drain()
    assert len([m for m in await anna.messages("#support") if m["bot"] and not m["thread_ts"]]) == 1


async def test_support_reads_its_own_language(
    line: RunningBot, oliver: Visitor, anna: Visitor, all_texts: dict[Language, Texts]
) -> None:
    """An English merchant reads English, the German support channel German; the words stay as they were written."""
    await begun(oliver)
    await oliver.press("form:help")
    await oliver.fill_and_submit(sentence="I cannot find the menu.")
    shown = await card(anna)
    assert all_texts["de"].say("ticket.labels.stands_at") in words(shown)
    await anna.wait_for(all_texts["de"].say("ticket.labels.reason"), "#support")
    assert "I cannot find the menu." in words(shown)
    await anna.press("ticket:claim", channel="#support")
    said = all_texts["en"].say("answers.ticket_claimed", agent="Anna Support", ticket=1001).replace("*", "")
    await oliver.wait_for(said.strip())
    assert line.work


@pytest.mark.parametrize("support_locale", ["de", "en"])
async def test_the_support_language_is_a_setting(
    serve: Serve, erika: Visitor, anna: Visitor, all_texts: dict[Language, Texts], support_locale: Language
) -> None:
    """`SUPPORT_LOCALE` decides what the card speaks, whoever asks for help."""
    async with serve(support_locale=support_locale):
        await erika.command("/amazon-token support")
        shown = await card(anna)
        assert all_texts[support_locale].say("ticket.labels.walk") in words(shown)
        await anna.wait_for(all_texts[support_locale].say("ticket.labels.first_answer"), "#support")


async def test_a_new_agent_counts_at_once(sandbox: Sandbox, line: RunningBot, erika: Visitor, anna: Visitor) -> None:
    """Who joins the support channel may decide, who leaves may not any more."""
    await erika.command("/amazon-token support")
    shown = await card(anna)
    await press_as(sandbox, "U0OLIVER", shown, "ticket:claim")
    sandbox.change_membership("U0OLIVER", "C0SUPPORT", joins=True)
    await sandbox.events.settle()
    await asyncio.sleep(0)
    await press_as(sandbox, "U0OLIVER", shown, "ticket:claim")
    await erika.wait_for("Oliver Sample")
    assert line.work
