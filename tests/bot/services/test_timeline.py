"""The timeline: everything that happened to a case, on one screen, for agents of the team."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.blocks.actions import TimelinePage
from bot.blocks.timeline import PAGE
from bot.services import ticket_card
from bot.services import timeline as shown_history
from bot.services.context import Actor
from bot.store.models import TicketMessage
from tests.bot.blocks.slack_limits import check_view
from tests.bot.services.marks import all_marked
from tests.bot.services.test_ticket_actions import NUMBER, hand, press, sort
from tests.bot.services.visits import NOON, URL, Visit
from tests.conversations.amazon_token.token_walks import THREE

TICKET = TimelinePage("t", NUMBER)


def timeline(agent: Visit, about: TimelinePage = TICKET, *words: str) -> Any:
    view = agent.do(lambda unit: shown_history.show(unit, about, URL))
    if view is not None:
        check_view(view)
        all_marked(view, *words)
    return view


def test_the_whole_case_is_on_one_screen(erika: Visit, anna: Visit) -> None:
    """State, place, fetches, tokens, the category with its answer, what was pasted, and each act."""
    erika.begin()
    erika.press("orders_stopped")
    erika.submit("connect_version", version="4.9.24.10")
    erika.press("advance")
    erika.press("sees_key_set")
    erika.press("choose_region", "europe")
    record = erika.record
    erika.do(lambda unit: unit.add_event(record, "asked_where", record.step))
    erika.submit("help", sentence="Error: Invalid seller id: X")
    press(anna, "claim")
    said = str(timeline(anna))
    for key in (
        "desk.history.state P3 «de:desk.states.claimed Anna Support»", "desk.history.stands Erika Beispiel",
        "ticket.sections.fetches", "ticket.labels.fetch_2", "ticket.sections.tokens", "categories.seller_id.answer",
        "steps.before_start.buttons.orders_stopped", "steps.connect_version.buttons.enter_version",
        "choices.choose_region.europe", "desk.history.walk.started", "desk.history.walk.asked_where",
        "desk.history.walk.help", "desk.history.ticket.file", "desk.history.ticket.claim",
        "Error: Invalid seller id: X",
    ):  # fmt: skip
        assert key in said, key
    assert said.index("desk.history.ticket.claim") < said.index("desk.history.walk.started")


def test_acts_and_messages_are_told_by_who_did_them(erika: Visit, anna: Visit, ben: Visit) -> None:
    """Handing over names both, sorting what was before and after, and words stand as they were sent."""
    erika.go_to("with_support", THREE)
    press(anna, "claim")
    hand(anna, "U0BEN", "U0ANNA")
    sort(ben, "P2", "seller_id")
    for side, author, state in (
        ("agent", "U0BEN", "corrected"), ("merchant", "U0ERIKA", "sent"), ("agent", "U0BEN", "taken_back"),
    ):  # fmt: skip
        message: Any = TicketMessage(
            number=NUMBER, side=side, author_id=author, at=NOON + timedelta(hours=1), text=f"wort {side}", state=state
        )
        anna.do(partial(_add, message=message))
    said = str(timeline(anna, TICKET))
    for key in (
        "«de:desk.history.ticket.hand <@U0ANNA>  <@U0BEN>»", "P1 → P2 · «de:categories.unknown.name »",
        "«de:desk.history.messages.agent <@U0BEN> Erika Beispiel»", "desk.history.messages.corrected",
        "desk.history.messages.taken_back", "wort merchant", "desk.history.messages.merchant",
    ):  # fmt: skip
        assert key in said, key
    assert "desk.history.ticket.answer" not in said


def _add(unit: Any, message: TicketMessage) -> None:
    unit.tx.add_ticket_message(message)


def test_a_long_walk_has_pages(erika: Visit, anna: Visit) -> None:
    """Each page fits, the newest comes first, a page that does not exist is the last one, and every act is on one."""
    erika.go_to("new_developer")
    erika.submit("help", sentence="")
    record = erika.record
    for _ in range(PAGE):
        erika.do(lambda unit: unit.add_event(record, "advance", "licence_terms"))
        erika.do(lambda unit: unit.add_event(record, "back", "new_developer"))
    walk = TimelinePage("w", record.id)
    first, second, last = (timeline(anna, walk.at_page(page)) for page in (0, 1, 99))
    assert "history:turn:older" in str(first)
    assert "history:turn:newer" not in str(first)
    assert {"history:turn:older", "history:turn:newer"} <= {
        element["action_id"]
        for block in second["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }
    assert last["private_metadata"] == f"w{record.id}:2"
    assert "desk.history.walk.started" in str(last)
    assert "ticket.sections.fetches" not in str(last)


def test_reminders_are_told_and_repeats_are_not(erika: Visit, anna: Visit) -> None:
    """A step that is shown again is no news; that the merchant was reminded is."""
    erika.begin()
    erika.do(lambda unit: unit.show_again(unit.tx.walk(1) or pytest.fail("no walk")))
    walk = TimelinePage("w", erika.walk_id)
    count = str(timeline(anna, walk)).count("desk.history.walk.")
    record = erika.record
    erika.do(lambda unit: unit.add_event(record, "shown_again", record.step, {"notes": ["reminder"]}))
    erika.do(lambda unit: unit.add_event(record, "event_of_another_version", "gone"))
    said = str(timeline(anna, walk))
    assert said.count("desk.history.walk.") == count + 2
    assert "desk.history.walk.reminded" in said
    assert "desk.history.walk.happened" in said


def test_a_ticket_without_a_walk_has_a_timeline(oliver: Visit, anna: Visit) -> None:
    """There is less to tell, and it says so."""
    oliver.command("support")
    said = str(timeline(anna))
    assert "desk.history.no_walk Oliver Sample" in said
    assert "desk.history.ticket.file" in said


def test_an_act_of_a_later_version_is_told_by_its_code(erika: Visit, anna: Visit) -> None:
    """A database written by a newer program still has a readable history."""
    erika.go_to("with_support")
    anna.do(_strange)
    view = anna.do(lambda unit: shown_history.show(unit, TICKET, URL))
    assert "«de:desk.history.ticket.other unheard_of «de:desk.history.itself »»" in str(view)


def _strange(unit: Any) -> None:
    unit.user = replace(unit.user, user_id="")
    ticket_card.add_event(unit, unit.tx.ticket(NUMBER), "unheard_of")


@pytest.mark.parametrize("about", [TICKET, TimelinePage("w", 1), TimelinePage("t", 4711), TimelinePage("w", 4711)])
def test_nobody_else_looks(erika: Visit, anna: Visit, about: TimelinePage) -> None:
    """A merchant, also of their own walk, an agent of another team, and numbers that are none: told so."""
    erika.go_to("with_support")
    assert "agents_only" in str(timeline(erika, about))
    anna.who = Actor("T2", "U0ANNA", is_agent=True)
    assert "agents_only" in str(timeline(anna, about))


def test_each_call_has_its_reason(erika: Visit, anna: Visit) -> None:
    """Filed for help, called again after the second failure: the history has both reasons, each at its own time."""
    erika.go_to("first_fetch", THREE)
    erika.submit("help", sentence="")
    erika.act("fetch_failed")
    erika.act("fetch_failed")
    said = str(timeline(anna))
    for name, reason in (("file", "help"), ("call", "second_failure")):
        assert f"«de:desk.history.ticket.{name} <@U0ERIKA>  » · «de:ticket.values.reasons.{reason} »" in said
