"""The card's acts over the real connections: menu, modals, and what each side reads of it."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import options_of, parts, words
from bot.sandbox.people_methods import user_object
from bot.sandbox.server import Sandbox
from bot.services import home_tab
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord
from tests.stories.presses import at_step, begun, press_as
from tests.waiting import until

pytestmark = pytest.mark.story


async def card(agent: Visitor, state: str = "") -> Any:
    """The ticket's card, once it says `state`."""

    def shown(message: Any) -> bool:
        own = message["thread_ts"] or message["ephemeral"]
        return not own and "1001" in message["text"] and state in message["text"]

    return await agent.wait_for(shown, "#support")


async def choose(agent: Visitor, act: str) -> None:
    """Choose from the card's menu."""
    await agent.press("ticket:more", option=f"{act}:1001", message=await card(agent), channel="#support")


async def test_a_ticket_goes_from_hand_to_hand(line: RunningBot, oliver: Visitor, anna: Visitor, ben: Visitor) -> None:
    """Anna claims and hands over, Ben gives back, Anna settles and closes: one card, each side in its language."""
    await oliver.command("/amazon-token support")
    await anna.press("ticket:claim", message=await card(anna), channel="#support")
    await oliver.wait_for("Anna Support* is")
    await choose(anna, "hand")
    view = await anna.modal(title="Ticket weitergeben")
    colleagues = [o["text"]["text"] for _, _, e in parts(view["blocks"]) for o in options_of(e)]
    assert colleagues == ["Ben Support"]
    assert await anna.fill_and_submit(view, to="Ben Support", note="ruft um drei zurück") == {}
    await anna.no_modal()
    await oliver.wait_for("Ben Support* is taking care of your case (ticket 1001) from now on")
    told = await ben.wait_for("ruft um drei zurück", "#support")
    assert "<@U0BEN>" in words(told)
    assert "drei" not in repr(await oliver.messages())
    await choose(anna, "release")
    view = await anna.modal(title="Nicht übernommen")
    assert "liegt bei *Ben Support*" in words(view)
    await anna.close_modal()
    await choose(ben, "release")
    await card(anna, "Offen seit")
    await choose(anna, "sort")
    view = await anna.modal(title="Priorität, Kategorie")
    assert await anna.fill_and_submit(view, priority="P1", category="seller_id") == {}
    await card(anna, "P1 · Verkäufer-ID ist falsch")
    for act, state in (("claim", "In Arbeit"), ("resolve", "Gelöst von"), ("close", "Geschlossen")):
        await anna.press(f"ticket:{act}", channel="#support")
        await card(anna, state)
    await ben.press("ticket:reopen", message=await card(ben), channel="#support")
    await oliver.wait_for("Anna Support* is working on your case")
    await card(anna, "Der Händler wartet auf")
    await line.bot.outbox_worker.drain()
    cards = [m for m in await anna.messages("#support") if not m["thread_ts"] and not m["ephemeral"]]
    assert len(cards) == 1


async def test_a_ticket_is_postponed_and_taken_up_again(line: RunningBot, oliver: Visitor, anna: Visitor) -> None:
    """By a form with days to choose from; Oliver reads the date, and his next word makes it support's turn."""
    await oliver.command("/amazon-token support")
    await anna.press("ticket:claim", message=await card(anna), channel="#support")
    await anna.press("ticket:postpone", message=await card(anna, "In Arbeit"), channel="#support")
    view = await anna.modal(title="Ticket zurückstellen")
    days = [o["text"]["text"] for _, _, e in parts(view["blocks"]) for o in options_of(e)]
    assert await anna.fill_and_submit(view, until=days[-1], note="wartet auf Version 5") == {}
    await card(anna, "Zurückgestellt bis")
    await anna.wait_for("wartet auf Version 5", "#support")
    await oliver.wait_for("*Anna Support* will write to you again on")
    assert "Version 5" not in repr(await oliver.messages())
    await oliver.say("it works in the meantime, thank you")
    await card(anna, "Der Händler wartet auf")
    assert line.work


async def test_the_timeline_opens_from_the_card(line: RunningBot, erika: Visitor, ben: Visitor) -> None:
    """In the agent's own language; reloading it shows what has happened since; a merchant's press opens nothing."""
    await begun(erika)
    await erika.press("form:help")
    await erika.fill_and_submit(sentence="Error: Invalid seller id: X")
    await ben.press("ticket:history", message=await card(ben), channel="#support")
    view = await ben.modal(title="Ticket 1001")
    assert "Check first" in words(view), "one press from the card"
    assert "Renewal started" in words(view)
    assert "claims it" not in words(view)
    await ben.press("ticket:claim", message=await card(ben), channel="#support")
    await ben.press_in(view, "history:turn:again")
    await ben.modal(shows=lambda top: "claims it" in words(top))
    assert line.work


async def test_another_step_is_offered_and_taken(line: RunningBot, erika: Visitor, ben: Visitor) -> None:
    """Ben, in English, proposes a step back; Erika, in German, goes there by a button; the card follows by itself."""
    await begun(erika)
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await erika.press("form:help")
    await erika.fill_and_submit(sentence="")
    await ben.press("ticket:claim", message=await card(ben), channel="#support")
    await card(ben, "In Arbeit")
    await choose(ben, "step")
    view = await ben.modal(title="Offer a step")
    assert await ben.fill_and_submit(view, place="before_start:0") == {}
    told = await erika.wait_for("*Ben Support* vom Support schlägt vor")
    await erika.press("offer:go", message=told)
    await at_step(erika, "before_start")
    await erika.wait_for("Gut, weiter geht es dort")
    await ben.wait_for("macht weiter bei", "#support")
    await erika.press("walk:orders_stopped")
    await erika.wait_for("Version")
    await card(ben, "Version")
    assert line.work


async def test_home_tabs_follow(
    line: RunningBot, oliver: Visitor, anna: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anna sees that a ticket is filed and that it is hers; Oliver sees that it is being worked on; nobody reloads."""
    monkeypatch.setattr(home_tab, "SOON", timedelta(seconds=0.2))
    await anna.home("Kein Ticket ist offen")
    await oliver.home("You have no ticket")
    await oliver.command("/amazon-token support")
    await home_says(oliver, "with our support")
    await home_says(anna, "Oliver Sample")
    await anna.press("ticket:claim", message=await card(anna), channel="#support")
    await home_says(oliver, "being worked on")
    await home_says(anna, "in Arbeit bei Anna Support")
    await anna.press_in((await anna.state())["home"], "ticket:history")
    assert "Oliver Sample" in words(await anna.modal(title="Ticket 1001"))
    await oliver.press_in((await oliver.state())["home"], "home:language:de")
    await home_says(oliver, "wird gerade bearbeitet")
    assert "Offene Tickets" not in words((await oliver.state())["home"])
    assert line.work


async def test_a_ticket_is_claimed_and_answered_on_the_home_tab(
    line: RunningBot, oliver: Visitor, anna: Visitor, ben: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One press each, without the channel; a tab that is out of date says who has the ticket and is then current."""
    monkeypatch.setattr(home_tab, "SOON", timedelta(seconds=0.2))
    await anna.home("Kein Ticket ist offen")
    await ben.home("No ticket is open")
    await oliver.command("/amazon-token support")
    await anna.home("Oliver Sample")
    stale = await ben.home("Oliver Sample")
    await anna.press_in((await anna.state())["home"], "ticket:claim")
    await oliver.wait_for("Anna Support* is")
    await home_says(anna, "in Arbeit bei Anna Support")
    await ben.press_in(stale, "ticket:claim")
    await ben.modal(shows=lambda top: "Anna Support" in words(top))
    await home_says(ben, "with Anna Support")
    await anna.press_in((await anna.state())["home"], "ticket:answer")
    assert await anna.fill_and_submit(**{"text.0": "Which account is it?"}) == {}
    await oliver.wait_for("Which account is it?")
    assert line.work


async def test_duplicates_are_merged_once_when_two_agents_press_at_once(
    line: RunningBot, oliver: Visitor, anna: Visitor, ben: Visitor
) -> None:
    """Each in the other direction: one of the tickets closes and names the other, and Oliver is told once."""
    await oliver.command("/amazon-token support")
    await oliver.say("I cannot sign in")
    await begun(oliver)
    await oliver.press("form:help")
    await oliver.fill_and_submit(sentence="I am stuck")
    views = []
    for agent, number in ((anna, 1001), (ben, 1002)):
        shown = await agent.wait_for(partial(_is_card, number=number), "#support")
        await agent.press("ticket:history", message=shown, channel="#support")
        views.append(await agent.modal(shows=lambda top: "ticket:merge" in str(top)))
    await asyncio.gather(anna.press_in(views[0], "ticket:merge"), ben.press_in(views[1], "ticket:merge"))
    merged = await anna.wait_for("Zusammengeführt mit Ticket", "#support")
    await oliver.wait_for("are about the same case and are now one")
    await line.bot.outbox_worker.drain()
    told = [message for message in await oliver.messages() if "are now one" in message["text"]]
    assert len(told) == 1
    stays = 1001 if "Zusammengeführt mit Ticket 1001" in merged["text"] else 1002
    await oliver.say("are you there?")
    await anna.wait_for("are you there?", "#support")

    def stored(unit: UnitOfWork) -> tuple[TicketRecord | None, TicketRecord | None, list[str]]:
        words = [message.text for message in unit.tx.ticket_messages(stays)]
        return unit.tx.ticket(stays), unit.tx.ticket(2003 - stays), words

    kept, other, words = await line.bot.thread.run(line.bot.services.unit_of_work, stored)
    assert kept is not None
    assert other is not None
    assert (other.state, other.merged_into, kept.merged_into) == ("closed", stays, None)
    assert words == ["I cannot sign in", "are you there?"]
    assert "I am stuck" in kept.words


def _is_card(message: Any, number: int) -> bool:
    return not message["thread_ts"] and not message["ephemeral"] and f"Ticket {number}" in message["text"]


async def test_an_agent_calls_support_for_a_caller_and_for_a_merchant(
    line: RunningBot, oliver: Visitor, anna: Visitor
) -> None:
    """The command asks for whom; a button is a caller on the phone, a mention is a merchant, who is told."""
    await anna.command("/amazon-token phone Frau Muster")
    await anna.command("/amazon-token support")
    await anna.press("Frau Muster", channel="dm")
    await anna.wait_for("Frau Muster", "#support")
    await anna.command("/amazon-token support @Oliver Sample cannot sign in")
    assert "Der Fall von *Oliver Sample* ist aufgenommen" in await anna.ephemeral_text()
    await anna.wait_for("cannot sign in", "#support")
    await oliver.wait_for("1002")
    assert line.work


async def home_says(visitor: Visitor, text: str) -> None:
    """Wait until the Home tab that is open says so."""

    async def says() -> bool:
        return text in words((await visitor.state())["home"])

    async def home() -> str:
        return words((await visitor.state())["home"])

    await until(says, f"the Home tab to say {text}", home)


async def test_a_merchant_cannot_use_the_menu(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, anna: Visitor
) -> None:
    """Every act forged by somebody outside the channel leaves the card as it is, and opens nothing."""
    await erika.command("/amazon-token support")
    shown = await card(anna)
    for act in ("close", "reopen", "take", "release", "hand", "sort", "history"):
        value = "t1001:0" if act == "history" else "1001"
        await press_as(sandbox, "U0ERIKA", shown, f"ticket:{act}", value=value)
    await line.bot.outbox_worker.drain()
    assert (await card(anna))["blocks"] == shown["blocks"]
    for view in (await erika.state())["modals"]:
        assert "unserem Support vorbehalten" in words(view)
        assert not view["submit"]


async def test_whoever_leaves_the_channel_gives_back_their_tickets(
    sandbox: Sandbox, line: RunningBot, oliver: Visitor, erika: Visitor, anna: Visitor, ben: Visitor
) -> None:
    """Anna leaves the channel with two tickets: both are free again, and the channel reads so once.

    Later Slack deactivates Ben, who has claimed one, and Oliver, whose ticket's thread says that nobody reads there.
    """
    await oliver.command("/amazon-token support")
    await anna.press("ticket:claim", message=await card(anna), channel="#support")
    await card(ben, "U0ANNA")
    await erika.command("/amazon-token support")
    second = await ben.wait_for(lambda m: "1002" in m["text"] and not m["thread_ts"], "#support")
    await anna.press("ticket:claim", message=second, channel="#support")
    await ben.wait_for(lambda m: m["ts"] == second["ts"] and "U0ANNA" in m["text"], "#support")
    sandbox.change_membership("U0ANNA", "C0SUPPORT", joins=False)
    await ben.wait_for("*Anna Support* ist nicht mehr im Support-Kanal. Wieder frei: Ticket 1001, 1002", "#support")
    await ben.press("ticket:claim", message=await card(ben, "Offen seit"), channel="#support")
    await card(ben, "U0BEN")
    for user_id in ("U0BEN", "U0OLIVER"):
        user = user_object(sandbox.world.people[user_id], with_locale=True) | {"deleted": True}
        sandbox.world.on_event({"type": "user_change", "user": user, "event_ts": sandbox.world.next_ts()}, None)
    await ben.wait_for("*Ben Support* ist nicht mehr im Support-Kanal. Wieder frei: Ticket 1001", "#support")
    await ben.wait_for("Oliver Sample ist in Slack deaktiviert", "#support")
    told = [m for m in await ben.messages("#support") if "nicht mehr im Support-Kanal" in m["text"]]
    assert len(told) == 2
    assert line.work


async def test_a_colleagues_ticket_is_taken_over_from_the_window_that_refuses(
    line: RunningBot, oliver: Visitor, anna: Visitor, ben: Visitor
) -> None:
    """The window is before the agent's eyes, wherever the card is; its button opens the form of the answer instead."""
    await oliver.command("/amazon-token support")
    await anna.press("ticket:claim", message=await card(anna), channel="#support")
    await ben.wait_for("In Arbeit", "#support")
    await ben.press("ticket:answer", message=await card(ben), channel="#support")
    refusal = await ben.modal(shows=lambda top: "Anna Support" in words(top))
    await ben.press_in(refusal, "talk:take_over")
    await ben.modal(title="Answer to merchant")
    assert line.work
