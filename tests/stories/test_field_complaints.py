"""What people complain about at other desks, one by one: none of it happens here."""

from datetime import timedelta
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import options_of, parts, words
from bot.sandbox.server import Sandbox
from bot.services import card_repair
from conversations.engine.texts import Language, Texts
from tests.bytes_written import TypedSecrets
from tests.one_transaction import OneTransaction
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun
from tests.stories.test_story_talk import answer, card
from tests.stories.time_machine import TimeMachine

pytestmark = pytest.mark.story
Guides = dict[Language, Texts]


async def called(merchant: Visitor, agent: Visitor) -> Any:
    """The card of a merchant who has called a person at their first step."""
    await begun(merchant)
    await merchant.press("form:help")
    await merchant.fill_and_submit(sentence="ich komme nicht weiter")
    return await card(agent, 1001)


async def heard(agent: Visitor, text: str) -> Any:
    """The merchant's words in the thread under the card."""
    return await agent.wait_for(lambda m: text in words(m) and bool(m["thread_ts"]), "#support")


# Handing over


async def test_one_need_not_leave_slack_to_settle_a_case(line: RunningBot, erika: Visitor, anna: Visitor) -> None:
    """Everything an agent does is on the card, a press each: no command in a thread, no other page."""
    shown = await called(erika, anna)
    found = {element["action_id"] for _, _, element in parts(shown["blocks"])}
    assert {"ticket:answer", "ticket:claim", "ticket:resolve", "ticket:more"} <= found
    menu = {
        option["value"].partition(":")[0] for _, _, element in parts(shown["blocks"]) for option in options_of(element)
    }
    assert {"hand", "sort"} <= menu
    await anna.press("ticket:resolve", message=shown, channel="#support")
    await anna.wait_for("Gelöst von", "#support")
    await erika.wait_for("als gelöst eingetragen")
    assert line.work


async def test_the_card_shows_nothing_that_is_nobodys_business(
    line: RunningBot, erika: Visitor, anna: Visitor, typed_secrets: TypedSecrets, all_texts: dict[Language, Texts]
) -> None:
    """What the merchant wrote is on the card and in the thread, without what is secret."""
    token = typed_secrets.new()
    await begun(erika)
    await erika.press("form:help")
    await erika.fill_and_submit(sentence=f"unser Token {token} wird abgelehnt")
    shown = await card(anna, 1001)
    assert "wird abgelehnt" in repr(shown)
    assert all_texts["de"].say("ticket.card.exposed") in repr(shown)
    await heard(anna, "wird abgelehnt")
    assert token not in repr(await anna.messages("#support"))
    assert line.work


async def test_no_slip_in_the_thread_reaches_the_merchant(
    line: RunningBot, sandbox: Sandbox, erika: Visitor, anna: Visitor
) -> None:
    """What is typed under the card stays there; only the form named „Antworten“ sends."""
    shown = await called(erika, anna)
    await anna.say("der versteht das nie", thread_ts=shown["ts"], channel="#support")
    await answer(anna, "Wir sehen uns das an.", message=shown)
    await anna.say("hoffentlich merkt er es nicht", thread_ts=shown["ts"], channel="#support")
    await erika.wait_for("Wir sehen uns das an.")
    await sandbox.events.settle()
    await line.bot.outbox_worker.drain()
    assert "versteht" not in await erika.dialogue()
    assert "hoffentlich" not in await erika.dialogue()


async def test_the_merchant_knows_who_is_speaking(line: RunningBot, erika: Visitor, anna: Visitor) -> None:
    """An agent's words bear the agent's name."""
    await answer(anna, "Guten Tag.", message=await called(erika, anna))
    assert "Anna Support" in words(await erika.wait_for("Guten Tag."))
    assert line.work


async def test_the_bot_does_not_talk_into_it_and_takes_up_again(
    line: RunningBot, clock: TimeMachine, sandbox: Sandbox, erika: Visitor, anna: Visitor
) -> None:
    """While a person talks the bot says nothing of its own, days long; when they are done it is at the same step."""
    await answer(anna, "Was zeigt CONNECT?", message=await called(erika, anna))
    first = await erika.wait_for("Was zeigt CONNECT?")
    await erika.say("nur eine leere Maske", thread_ts=first["ts"])
    await heard(anna, "nur eine leere Maske")
    await sandbox.events.settle()
    await line.bot.outbox_worker.drain()
    before = [m["ts"] for m in await erika.messages() if not m["thread_ts"]]
    await erika.say("und jetzt ein Fenster mit Fehler")
    await heard(anna, "und jetzt ein Fenster")
    await clock.to(clock() + timedelta(days=4))
    said = [m for m in await erika.messages() if m["bot"] and not m["thread_ts"] and m["ts"] not in before]
    assert said == []
    await anna.press("ticket:resolve", channel="#support")
    await erika.wait_for("als gelöst eingetragen")
    await at_step(erika, "before_start")


# The life of a ticket


async def test_whoever_waits_hears_something(
    line: RunningBot, clock: TimeMachine, erika: Visitor, anna: Visitor, all_texts: Guides
) -> None:
    """Support is reminded, then reminded louder, and the merchant is told that it takes longer."""
    await called(erika, anna)
    kinds = [await clock.to_the_next() for _ in range(3)]
    assert kinds == ["answer_warning", "answer_limit", "merchant_word"]
    await heard(anna, "wird fällig")
    await heard(anna, "Überfällig:")
    await erika.wait_for("dauert länger, als wir möchten")
    assert all_texts["de"].say("ticket.waiting.merchant_word") in await anna.dialogue("#support")
    assert line.work


async def test_nothing_closes_while_support_owes(
    line: RunningBot, clock: TimeMachine, erika: Visitor, anna: Visitor
) -> None:
    """The merchant has answered, support says nothing for half a year: the ticket is still there."""
    await answer(anna, "Was zeigt CONNECT?", message=await called(erika, anna))
    first = await erika.wait_for("Was zeigt CONNECT?")
    await erika.say("nur eine leere Liste", thread_ts=first["ts"])
    await heard(anna, "nur eine leere Liste")
    for _ in range(26):
        await clock.to(clock() + timedelta(days=7))
    assert not {"close_announced", "expire"} & {name for _, name in await clock.history()}
    assert "Geschlossen" not in words(await card(anna, 1001))
    assert line.work


async def test_closing_is_announced_and_a_word_opens_it_again(
    serve: Serve, clock: TimeMachine, erika: Visitor, anna: Visitor
) -> None:
    """The merchant owes: told first, closed days later by another process, and back with the same agent by one word."""
    async with serve():
        await answer(anna, "Hat es geklappt?", message=await called(erika, anna))
        first = await erika.wait_for("Hat es geklappt?")
        assert await clock.to_the_next() == "close_announced"
        told = await erika.wait_for("Sonst schließen wir ihn")
        assert (told["thread_ts"], told["broadcast"]) == (first["ts"], True)
        await heard(anna, "Dem Händler wird angekündigt")
    async with serve():
        assert await clock.to_the_next() == "close"
        await erika.wait_for("ist jetzt geschlossen")
        await anna.wait_for(lambda m: "Geschlossen" in m["text"] and not m["thread_ts"], "#support")
        assert await clock.to_the_next() == ""
        await erika.say("doch nicht", thread_ts=first["ts"])
        await heard(anna, "doch nicht")
        await anna.wait_for(lambda m: "wartet auf" in m["text"] and not m["thread_ts"], "#support")
        history = await clock.history()
        assert [name for who, name in history if not who] == ["close_announced", "expire"]
        assert history[-2:] == [("U0ERIKA", "reopen"), ("U0ERIKA", "hear")]


async def test_hard_cases_are_not_forgotten(
    line: RunningBot, clock: TimeMachine, erika: Visitor, oliver: Visitor, anna: Visitor
) -> None:
    """Each working morning the channel reads what waits, the overdue and the oldest first, with a way to each."""
    business_hours = line.bot.services.config.support.sla.business_hours
    morning = line.bot.services.config.support.digest_time
    await clock.to(clock())
    await called(erika, anna)
    await clock.to(clock() + timedelta(days=15))
    await oliver.command("/amazon-token support")
    await card(anna, 1002)
    day = business_hours.next_day(business_hours.local_day(clock()))
    await clock.to(business_hours.at(day, morning))
    listed = await anna.wait_for(lambda m: m["text"].startswith("Offene Tickets heute: 2"), "#support")
    assert not listed["thread_ts"]
    told = words(listed)
    assert told.index("Überfällig") < told.index("Ticket 1001") < told.index("Ticket 1002")
    assert "/archives/C0SUPPORT/p" in repr(listed["blocks"])
    while (day := day + timedelta(days=1)) and business_hours.works_on(day):
        pass
    lists = len([m for m in await anna.messages("#support") if m["text"].startswith("Offene Tickets")])
    await clock.to(business_hours.at(day, morning))
    assert len([m for m in await anna.messages("#support") if m["text"].startswith("Offene Tickets")]) == lists


async def test_a_deleted_card_leaves_no_orphan(
    line: RunningBot, sandbox: Sandbox, clock: TimeMachine, erika: Visitor, anna: Visitor
) -> None:
    """Somebody deletes the card in the middle of a conversation: it comes back with all that was said, and once."""
    await erika.command("/amazon-token support")
    shown = await card(anna, 1001)
    await answer(anna, "Was zeigt CONNECT?", message=shown)
    first = await erika.wait_for("Was zeigt CONNECT?")
    await line.bot.outbox_worker.drain()
    await line.bot.client.chat_delete(channel="C0SUPPORT", ts=shown["ts"])
    await erika.say("eine leere Maske", thread_ts=first["ts"])
    await sandbox.events.settle()
    await line.bot.outbox_worker.drain()
    while await line.bot.thread.run(line.bot.services.unit_of_work, card_repair.repair_one):
        pass
    await clock.to(clock())
    again = await anna.wait_for(lambda m: "wartet auf" in m["text"] and not m["thread_ts"], "#support")
    under = [words(m) for m in await anna.messages("#support") if m["thread_ts"] == again["ts"]]
    assert [sum(text in one for one in under) for text in ("Was zeigt CONNECT?", "eine leere Maske")] == [1, 1]
    assert await line.bot.thread.run(line.bot.store.dead) == []
    await erika.say("und noch etwas", thread_ts=first["ts"])
    told = await heard(anna, "und noch etwas")
    assert told["thread_ts"] == again["ts"]
    await answer(anna, "Danke, das genügt.", message=again)
    await erika.wait_for("Danke, das genügt.")


async def test_choices_and_acts_are_all_in_the_history(
    line: RunningBot, clock: TimeMachine, erika: Visitor, anna: Visitor, ben: Visitor
) -> None:
    """What the merchant chose, and who of support did what: on one screen, whoever did it."""
    await begun(erika)
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await erika.press("form:help")
    await erika.fill_and_submit(sentence="")
    await anna.press("ticket:claim", message=await card(anna, 1001), channel="#support")
    await anna.wait_for("In Arbeit bei", "#support")
    await answer(anna, "Ich sehe nach.")
    await erika.wait_for("Ich sehe nach.")
    await anna.press("ticket:resolve", channel="#support")
    await anna.wait_for("Gelöst von", "#support")
    acts = [name for who, name in await clock.history() if who]
    assert acts == ["file", "claim", "answer", "resolve"]

    def walk() -> list[str]:
        with line.bot.store.transaction() as tx:
            return [event.name for event in tx.events(1)]

    assert "orders_stopped" in await line.bot.thread.run(walk)
    await line.bot.outbox_worker.drain()
    assert "Offene Tickets" not in await ben.dialogue("#support")


async def test_what_is_over_is_forgotten_when_it_was_said(
    line: RunningBot, clock: TimeMachine, erika: Visitor, anna: Visitor
) -> None:
    """How long logs are kept is a setting: after it a closed ticket has no words and names nobody."""
    await erika.command("/amazon-token support")
    await answer(anna, "Wir melden uns.", message=await card(anna, 1001))
    await erika.say("ich komme nicht weiter")
    await heard(anna, "ich komme nicht weiter")
    await answer(anna, "Jetzt besser?")
    await erika.wait_for("Jetzt besser?")
    while await clock.to_the_next():
        pass
    store, keep = line.bot.store, timedelta(days=180)
    await line.bot.thread.run(OneTransaction(store).purge, clock() + keep + timedelta(days=1), keep)

    def kept() -> str:
        with store.transaction() as tx:
            return repr((tx.ticket(1001), tx.ticket_messages(1001)))

    left = await line.bot.thread.run(kept)
    assert "ich komme nicht weiter" not in left
    assert "Wir melden uns" not in left
    assert "U0ERIKA" not in left
