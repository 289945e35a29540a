"""What agents do with a ticket, one act after another, and what happens to presses that come too late."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.blocks.actions import SeenTicket
from bot.services import step_proposals, ticket_actions, triage_form
from bot.services.context import Actor
from bot.store.models import ERASED, TicketEvent, TicketRecord
from tests.bot.services.visits import TEAM, URL, Visit, good_view

CHANNEL = "C0SUPPORT"
AGENTS = frozenset({"U0ANNA", "U0BEN"})
NUMBER = 1001


@pytest.fixture
def ticket(erika: Visit) -> Visit:
    """Erika has a ticket that nobody has taken yet."""
    return erika.go_to("with_support")


def press(agent: Visit, act: str, number: int = NUMBER, url: str | None = URL) -> Any:
    """The modal that says why not, or `None`."""
    return good_view(agent.do(partial(ticket_actions.HANDLERS[act], number=number, response_url=url)))


def hand(agent: Visit, to: str, owner: str | None, note: str = "") -> Any:
    seen, raw = SeenTicket(NUMBER, owner), {"to": to, "note": note}
    return agent.do(partial(triage_form.handover_submitted, seen=seen, raw=raw, agents=AGENTS))


def sort(agent: Visit, priority: str, category: str) -> Any:
    raw = {"priority": priority, "category": category}
    return agent.do(partial(triage_form.triage_submitted, seen=SeenTicket(NUMBER, None), raw=raw))


def now(visitor: Visit) -> TicketRecord:
    return visitor.tickets()[0]  # type: ignore[no-any-return]


def history(visitor: Visit) -> list[TicketEvent]:
    return visitor.do(lambda unit: unit.tx.ticket_events(NUMBER))


def card(visitor: Visit) -> str:
    return visitor.newest("update", to=CHANNEL)


def thread(visitor: Visit) -> str:
    row = visitor.rows("post", to=CHANNEL)[-1]
    assert row["thread"] == now(visitor).card_key
    return str(row["content"])


def answers(visitor: Visit) -> list[str]:
    return [str(row["content"]) for row in visitor.rows("respond")]


def test_a_released_ticket_is_open_to_all(ticket: Visit, anna: Visit, ben: Visit) -> None:
    """The owner gives it back: the card offers it again, the thread says so, and the merchant hears nothing."""
    press(anna, "claim")
    told = len(ticket.rows("post"))
    press(anna, "release")
    assert (now(anna).state, now(anna).claimed_by, now(anna).claimed_at) == ("open", None, None)
    assert "ticket:claim" in card(anna)
    assert "ticket.thread.released" in thread(anna)
    assert len(ticket.rows("post")) == told
    press(ben, "claim")
    assert now(ben).claimed_by == "U0BEN"


def test_only_the_owner_releases(ticket: Visit, anna: Visit, ben: Visit) -> None:
    """A colleague who wants the ticket takes it; giving back what is not theirs is answered."""
    press(anna, "claim")
    refused = press(ben, "release")
    assert now(ticket).claimed_by == "U0ANNA"
    assert "«en:answers.ticket_not_owner Anna Support 1001»" in str(refused)


def test_taking_a_ticket_over(ticket: Visit, anna: Visit, ben: Visit) -> None:
    """One owner at any time; the former one is named in the thread, and the merchant hears who takes care."""
    press(anna, "claim")
    press(ben, "take")
    assert (now(ticket).state, now(ticket).claimed_by) == ("claimed", "U0BEN")
    assert "ticket.thread.taken" in thread(ben)
    assert "<@U0ANNA>" in thread(ben)
    assert "«de:answers.ticket_handed Ben Support 1001»" in ticket.newest()
    assert history(ben)[-1].detail == {"to": "U0BEN", "from": "U0ANNA"}
    count = len(history(ben))
    press(ben, "take")
    assert len(history(ben)) == count


def test_handing_a_ticket_over_with_a_note(ticket: Visit, anna: Visit, ben: Visit) -> None:
    """The colleague is mentioned in the thread and finds the note there, without the secret that was in it."""
    press(anna, "claim")
    secret = "amzn.mws." + "4" * 8 + "-4444-4444-4444-" + "4" * 12
    assert hand(anna, "U0BEN", "U0ANNA", f"calls at three, {secret}") is None
    assert now(ben).claimed_by == "U0BEN"
    assert "ticket.thread.handed" in thread(ben)
    assert "<@U0BEN>" in thread(ben)
    assert "calls at three" in thread(ben)
    assert secret not in thread(ben)
    assert "«de:answers.ticket_handed Ben Support 1001»" in ticket.newest()
    assert "calls at three" not in str(ticket.rows("post"))
    press(anna, "resolve")
    assert now(ben).resolved_by == "U0ANNA"


def test_an_open_ticket_is_handed_to_somebody(ticket: Visit, anna: Visit) -> None:
    """Whoever sorts the tickets in the morning gives each to a colleague."""
    assert hand(anna, "U0BEN", None) is None
    assert (now(ticket).state, now(ticket).claimed_by) == ("claimed", "U0BEN")


def test_a_form_that_has_been_overtaken(ticket: Visit, anna: Visit, ben: Visit) -> None:
    """While Anna chose, Ben took the ticket: her choice has no effect, and the form says how things stand."""
    press(anna, "claim")
    press(ben, "take")
    answer = hand(anna, "U0ANNA", "U0ANNA")
    assert answer["response_action"] == "update"
    assert "«de:answers.ticket_not_now «de:desk.states.claimed Ben Support» 1001»" in str(answer["view"])
    assert now(ticket).claimed_by == "U0BEN"
    assert hand(anna, "U0BEN", "U0ANNA") is None  # what was wanted is so
    assert now(ticket).claimed_by == "U0BEN"


def test_a_ticket_goes_to_agents_only(ticket: Visit, anna: Visit) -> None:
    """Somebody who is not in the channel cannot be chosen, whatever the form says."""
    answer = hand(anna, "U0ERIKA", None)
    assert answer["errors"] == {"to": "«de:desk.forms.hand.not_an_agent »"}
    assert now(ticket).claimed_by is None


def test_the_form_names_the_colleagues(ticket: Visit, anna: Visit, ben: Visit) -> None:
    """Everybody in the channel whose name is known, but not the one who owns the ticket."""
    press(anna, "claim")
    assert now(ticket).claimed_by == "U0ANNA"
    agents = AGENTS | {"U0BOT"}
    view = anna.do(lambda unit: triage_form.handover_form(unit, NUMBER, URL, agents))
    assert view is not None
    options = [option["value"] for option in view["blocks"][1]["element"]["options"]]
    assert options == ["U0BEN"]
    assert view["private_metadata"] == "1001:U0ANNA"
    alone = ben.do(lambda unit: triage_form.handover_form(unit, NUMBER, URL, frozenset({"U0ANNA"})))
    assert "nobody_to_hand_to" in str(alone)


def test_closing_and_reopening(ticket: Visit, anna: Visit, ben: Visit) -> None:
    """A resolved ticket is closed; reopened it is with its owner again, and the merchant hears of it."""
    press(anna, "claim")
    press(anna, "resolve")
    press(ben, "close")
    assert (now(ticket).state, now(ticket).closed_by) == ("closed", "U0BEN")
    assert "ticket:reopen" in card(ben)
    assert "ticket:close" not in card(ben)
    press(ben, "reopen")
    assert (now(ticket).state, now(ticket).claimed_by) == ("waiting_for_support", "U0ANNA")
    assert (now(ticket).resolved_by, now(ticket).closed_by, now(ticket).closed_at) == (None, None, None)
    assert "«de:answers.ticket_reopened Anna Support 1001»" in ticket.newest()
    assert "ticket.thread.reopened" in thread(ben)
    names = [(event.name, event.actor_id, event.state, event.next_state) for event in history(ben)]
    assert names[1:] == [
        ("claim", "U0ANNA", "open", "claimed"),
        ("resolve", "U0ANNA", "claimed", "resolved"),
        ("close", "U0BEN", "resolved", "closed"),
        ("reopen", "U0BEN", "closed", "waiting_for_support"),
    ]


@pytest.mark.parametrize(
    ("before", "act"),
    [((), "close"), ((), "reopen"), ((), "release"), (("resolve",), "take"), (("resolve", "close"), "close")],
)
def test_an_act_that_the_state_does_not_allow(
    ticket: Visit, anna: Visit, ben: Visit, before: tuple[str, ...], act: str
) -> None:
    """The press of an old card is answered with how the ticket stands now, and changes nothing."""
    for earlier in before:
        press(anna, earlier)
    then, count = now(ticket), len(history(anna))
    for url in (URL, None):
        assert "answers.ticket_not_now" in str(press(ben, act, url=url))
    assert (now(ticket), len(history(anna))) == (then, count)
    assert answers(ben) == [], "a sentence at the end of the channel is far from an old card"


@pytest.mark.parametrize("act", ["claim", "resolve", "close", "reopen", "release"])
def test_a_double_click_is_one_act(ticket: Visit, anna: Visit, act: str) -> None:
    """The second press of the same agent finds it done and is passed over in silence."""
    way = {"claim": (), "resolve": (), "close": ("resolve",), "reopen": ("resolve",), "release": ("claim",)}
    for earlier in way[act]:
        press(anna, earlier)
    press(anna, act)
    then, count = now(ticket), len(history(anna))
    assert press(anna, act) is None
    assert (now(ticket), len(history(anna))) == (then, count)


@pytest.mark.parametrize("act", sorted(ticket_actions.HANDLERS))
def test_nobody_else_acts(ticket: Visit, anna: Visit, act: str) -> None:
    """A merchant, an agent of another team, and a number that is none are told so; nothing changes."""
    then = now(ticket)
    refused = [press(ticket, act), press(anna, act, number=4711)]
    anna.who = Actor("T2", "U0ANNA", is_agent=True)
    refused.append(press(anna, act))
    assert ["agents_only" in str(one) for one in refused] == [True] * 3
    assert now(ticket) == then


FORMS: dict[str, Callable[..., Any]] = {
    "hand": partial(triage_form.handover_form, agents=AGENTS),
    "sort": triage_form.triage_form,
    "postpone": triage_form.postpone_form,
    "step": step_proposals.form,
}


def opened(visitor: Visit, form: str) -> Any:
    view = good_view(visitor.do(lambda unit: FORMS[form](unit, NUMBER, URL)))
    assert answers(visitor) == []
    return view


@pytest.mark.parametrize("form", ["postpone", "step"])
@pytest.mark.usefixtures("ticket")
def test_what_only_the_owner_plans_says_whose_it_is(anna: Visit, ben: Visit, form: str) -> None:
    """And how a colleague makes it theirs."""
    press(anna, "claim")
    assert "«en:answers.ticket_not_owner Anna Support 1001»" in str(opened(ben, form))
    press(ben, "take")
    assert "submit" in (ben.do(lambda unit: FORMS[form](unit, NUMBER, URL)) or {})


@pytest.mark.parametrize("form", sorted(FORMS))
def test_forms_are_for_agents_and_for_tickets_that_are_not_over(ticket: Visit, anna: Visit, form: str) -> None:
    """Anybody else, and an agent who comes too late, gets a sentence and no form; so do forged submissions."""
    assert "agents_only" in str(opened(ticket, form))
    assert "agents_only" in str(hand(ticket, "U0BEN", None)["view"])
    assert "agents_only" in str(sort(ticket, "P1", "denied")["view"])
    press(anna, "resolve")
    assert "ticket_not_now" in str(opened(anna, form))
    assert "ticket_not_now" in str(hand(anna, "U0BEN", None)["view"])
    assert "ticket_not_now" in str(sort(anna, "P1", "denied")["view"])
    assert now(ticket).state == "resolved"


def test_priority_and_category_are_set(ticket: Visit, anna: Visit) -> None:
    """The form shows what is, the card what was chosen, and the history what it was before; no change is no act."""
    view = anna.do(lambda unit: triage_form.triage_form(unit, NUMBER, URL))
    assert view is not None
    chosen = [block["element"]["initial_option"]["value"] for block in view["blocks"]]
    assert chosen == ["P1", "unknown"]
    assert sort(anna, "P2", "seller_id") is None
    assert (now(ticket).priority, now(ticket).category) == ("P2", "seller_id")
    assert "ticket.title «de:categories.seller_id.name » 1001 P2" in card(anna)
    assert history(anna)[-1].name == "sort"
    assert history(anna)[-1].detail == {"priority": ["P1", "P2"], "category": ["unknown", "seller_id"]}
    count = len(history(anna))
    sort(anna, "P2", "seller_id")
    assert len(history(anna)) == count


def test_a_forged_choice_is_refused(ticket: Visit, anna: Visit) -> None:
    """Neither a priority nor a category that does not exist gets into a ticket."""
    for priority, category in (("P0", "unknown"), ("P1", "x"), ("", "")):
        answer = sort(anna, priority, category)
        assert answer["response_action"] == "update"
        assert "answers.form_outdated" in str(answer["view"])
    assert now(ticket).priority == "P1"


def test_what_happens_to_the_ticket_of_somebody_erased(ticket: Visit, anna: Visit) -> None:
    """The case can still be settled; nobody is written to."""
    gone = ERASED + "1"
    forgotten = replace(now(ticket), merchant_id=gone, walk_id=None)
    anna.do(lambda unit: unit.tx.save_ticket(forgotten))
    count = len(ticket.rows("post"))
    for act in ("claim", "resolve", "close", "reopen"):
        press(anna, act)
    assert len(ticket.rows("post")) == count
    assert anna.rows("post", to=gone) == []
    assert now(anna).team_id == TEAM
