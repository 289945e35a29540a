"""Duplicates of one merchant are merged: nothing of either is lost, and everything goes on in one place."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.blocks.actions import AnswerDraft, SeenTicket, TimelinePage
from bot.services import (
    deadlines,
    escalations,
    resolution_answers,
    ticket_actions,
    ticket_card,
    ticket_filing,
    ticket_merging,
    timeline,
    triage_form,
)
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord
from conversations.sp_api.procedure import PROCEDURE as SP_API
from tests.bot.blocks.slack_limits import check_view
from tests.bot.services.test_agent_messages import answers, form, send
from tests.bot.services.visits import TEAM, URL, Visit

CHANNEL = "C0SUPPORT"


def merge(agent: Visit, into: int, number: int) -> str:
    view: Any = agent.do(lambda unit: timeline.merge_pressed(unit, (into, number), None))
    check_view(view)
    return str(view)


def tickets(anyone: Visit) -> dict[int, TicketRecord]:
    return {ticket.number: ticket for ticket in anyone.tickets()}


def answer_due(agent: Visit, number: int) -> datetime | None:
    ticket = tickets(agent)[number]
    return agent.do(lambda unit: deadlines.answer_due(unit, ticket))


@pytest.fixture
def twice(erika: Visit) -> Visit:
    """Erika has called a person without a walk (1001), and later from a walk (1002)."""
    erika.command("support")
    erika.type("I cannot sign in")
    erika.begin()
    erika.submit("help", sentence="the walk is stuck")
    assert sorted(tickets(erika)) == [1001, 1002]
    return erika


def test_everything_is_carried_over(twice: Visit, anna: Visit) -> None:
    """Words, messages, walk, and since when the merchant waits. The merchant is told once; both threads say it."""
    before = tickets(twice)
    due = answer_due(anna, 1001)
    send(anna, "Which browser is it?", 1002)
    assert "history.duplicate.1002" in str(anna.do(lambda unit: timeline.show(unit, TimelinePage("t", 1001), URL)))
    shown = merge(anna, 1001, 1002)
    assert "desk.history.ticket.absorb" in shown
    assert "1002 · «de:desk.history.ticket.claim" in shown, "what was done there is in the timeline here"
    assert "history.duplicate" not in shown
    after = tickets(twice)
    kept, other = after[1001], after[1002]
    assert (other.state, other.merged_into, other.walk_id) == ("closed", 1001, None)
    assert (kept.walk_id, kept.claimed_by, kept.state) == (before[1002].walk_id, "U0ANNA", "claimed")
    assert set(kept.words) == {*before[1001].words, *before[1002].words}
    assert (kept.opened_at, kept.answered_at) == (before[1001].opened_at, other.answered_at)
    assert answer_due(anna, 1001) == due
    with anna.store.transaction() as tx:
        assert [message.text for message in tx.ticket_messages(1001)] == ["I cannot sign in", "Which browser is it?"]
        assert tx.ticket_messages(1002) == []
    assert ["answers.tickets_merged" in str(row) for row in twice.rows("post")].count(True) == 1
    threads = {row["thread"]: str(row["content"]) for row in anna.rows("post", to=CHANNEL) if row["thread"]}
    assert "ticket.thread.absorbed" in threads[kept.card_key]
    assert "ticket.thread.merged" in threads[other.card_key]
    content = anna.do(lambda unit: ticket_card.card(unit, other))
    assert "ticket.states.merged" in str(content)
    assert "ticket:reopen" not in str(content)


def test_the_confirmation_names_both_tickets(twice: Visit, anna: Visit) -> None:
    """Which one is closed and where its words go; marked as dangerous, since there is no way back."""
    shown: Any = anna.do(lambda unit: timeline.show(unit, TimelinePage("t", 1001), URL))
    check_view(shown)
    (duplicate,) = [block for block in shown["blocks"] if block.get("block_id") == "history.duplicate.1002"]
    asked = duplicate["accessory"]["confirm"]
    assert asked["style"] == "danger"
    assert asked["title"]["text"] == "«de:ticket.confirm.merge.title 1001 1002»"
    assert asked["text"]["text"] == "«de:ticket.confirm.merge.text 1001 1002»"
    assert twice.tickets()


def live(visit: Visit) -> str:
    """What the walk's live message shows after its last change."""
    key = visit.record.live_key
    (*_, newest) = [row for row in visit.rows() if key in (row["key"], row["target"])]
    return str(newest["content"])


def test_the_step_names_the_ticket_that_stays(twice: Visit, anna: Visit) -> None:
    """Above it, where the call was confirmed, and in the line with the time of the answer; no new message for it."""
    assert "notes.ticket_on_its_way 1002" in live(twice)
    merge(anna, 1001, 1002)
    assert "1002" not in live(twice)
    assert "notes.ticket_on_its_way 1001" in live(twice)
    assert "frame.answer_by" in live(twice)
    assert "answers.tickets_merged" in twice.newest()


def test_the_step_of_a_walk_with_support_names_the_ticket_that_stays(oliver: Visit, anna: Visit) -> None:
    """There the number is part of what to do. Merged once more, it follows; what stays as it is, is not drawn again."""
    oliver.command("support")
    oliver.go_to("with_support")
    assert "1002" in live(oliver)
    merge(anna, 1001, 1002)
    assert "1001" in live(oliver)
    assert "1002" not in live(oliver)
    changes = len(oliver.rows("update"))
    oliver.do(partial(_file_another, walk_id=None))
    merge(anna, 1001, 1003)
    assert len(oliver.rows("update")) == changes
    oliver.do(partial(_file_another, walk_id=None))
    merge(anna, 1004, 1001)
    assert "1004" in live(oliver)


def test_the_wait_in_the_other_ticket_counts(twice: Visit, anna: Visit) -> None:
    """An answered ticket is support's turn again when it takes in one that waits, and since that one waits."""
    send(anna, "Please try again.", 1002)
    due = answer_due(anna, 1001)
    assert due is not None
    merge(anna, 1002, 1001)
    kept = tickets(twice)[1002]
    assert kept.state == "waiting_for_support"
    assert "card.earlier" not in str(anna.do(lambda unit: ticket_card.card(unit, kept))), "it is no case of its own"
    assert answer_due(anna, 1002) == due


def test_that_it_takes_longer_is_said_once_a_day_for_both(twice: Visit, anna: Visit, clocked: Services) -> None:
    """Who was told so of a ticket is not told again on the same day because that was merged into another."""

    def said() -> int:
        while clocked.unit_of_work(escalations.fire_due):
            pass
        return sum("ticket_takes_longer" in str(row["content"]) for row in twice.rows("post"))

    anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    later = {"until": anna.services.config.clock().date().replace(day=9).isoformat(), "note": ""}
    anna.do(lambda unit: triage_form.postpone_submitted(unit, SeenTicket(1001, "U0ANNA"), later))
    assert tickets(anna)[1001].state == "postponed"
    clock: Any = clocked.config.clock
    clock.now += timedelta(days=1, hours=2)
    assert said() == 1
    merge(anna, 1001, 1002)
    assert said() == 1
    clock.now += timedelta(days=1)
    assert said() == 2


def test_what_comes_for_the_other_ticket_arrives(twice: Visit, anna: Visit, ben: Visit) -> None:
    """Another call from the walk, an answer from the old thread, an old question: all reach the ticket that stays."""
    anna.do(lambda unit: ticket_actions.resolve(unit, 1002, URL))
    anna.do(lambda unit: ticket_actions.reopen(unit, 1002, URL))
    merge(anna, 1001, 1002)
    twice.submit("help", sentence="still stuck")
    assert "still stuck" in tickets(twice)[1001].words
    send(anna, "I am here.", 1002)
    assert "talk.to_merchant.intro Anna Support 1001" in str(answers(twice)[-1])
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    question = AnswerDraft(1002, "k" * 32)
    twice.do(lambda unit: resolution_answers.answered(unit, question, URL, works=False))
    after = tickets(twice)
    assert (after[1001].state, after[1002].state) == ("waiting_for_support", "closed")
    refused = ben.do(lambda unit: ticket_actions.reopen(unit, 1002, URL))
    assert "answers.ticket_merged 1001 1002" in str(refused)
    assert tickets(twice)[1002].state == "closed"
    assert "take_over" in str(form(ben, 1002)), "Anna has it"


def test_a_second_merge_changes_nothing_and_a_third_follows(twice: Visit, anna: Visit, ben: Visit) -> None:
    """In the other direction too. What was merged into a ticket goes along when that is merged."""
    merge(anna, 1001, 1002)
    before = twice.tickets()
    for pair in ((1001, 1002), (1002, 1001), (1001, 1001)):
        assert "answers." in merge(ben, *pair)
    assert twice.tickets() == before
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    twice.do(partial(_file_another, walk_id=None))
    anna.do(lambda unit: ticket_actions.reopen(unit, 1001, URL))
    merge(anna, 1003, 1001)
    assert {number: ticket.merged_into for number, ticket in tickets(twice).items()} == {
        1001: 1003,
        1002: 1003,
        1003: None,
    }


def _file_another(unit: UnitOfWork, walk_id: int | None) -> None:
    first = unit.tx.tickets(team_id=TEAM)[-1]
    unit.tx.add_ticket(
        TicketRecord(
            team_id=TEAM, merchant_id=first.merchant_id, walk_id=walk_id, procedure=first.procedure, reason="help",
            language="de", card_key="z" * 32, opened_at=unit.now + timedelta(seconds=1), words=("third",),
        )
    )  # fmt: skip


def test_the_walk_of_another_procedure_stays_with_its_ticket(oliver: Visit, anna: Visit) -> None:
    """A ticket knows one procedure: the other one is merged into that of the walk, which goes on as before."""
    oliver.command("support")
    oliver.begin(SP_API)
    oliver.submit("help", sentence="Which field is it?")
    first, second = sorted(tickets(oliver))
    assert tickets(oliver)[first].procedure != tickets(oliver)[second].procedure
    assert "answers.tickets_apart" in merge(anna, first, second)
    assert "ticket:merge" not in str(anna.do(lambda unit: timeline.show(unit, TimelinePage("t", first), URL)))
    assert "desk.history.ticket.absorb" in merge(anna, second, first)
    oliver.submit("help", sentence="Which one?")
    kept = tickets(oliver)[second]
    assert (kept.walk_id, kept.procedure) == (oliver.walk_id, SP_API.id)
    assert {"Which field is it?", "Which one?"} <= set(kept.words)


def test_only_tickets_of_one_merchant_are_merged_and_only_by_agents(
    twice: Visit, oliver: Visit, anna: Visit, ben: Visit
) -> None:
    """Two callers whom one agent helps on the phone are two people."""
    oliver.command("support")
    assert "answers.tickets_apart" in merge(anna, 1001, 1003)
    assert "answers.agents_only" in merge(oliver, 1001, 1002)
    for name in ("Frau Muster", "Herr Probe"):
        ben.command(f"phone {name}")
        record = ben.record
        ben.do(partial(ticket_filing.request_support, record=record))
    assert [ticket.merged_into for ticket in twice.tickets()].count(None) == len(twice.tickets())
    phone = [number for number, ticket in tickets(twice).items() if ticket.merchant_id == "U0BEN"]
    assert "answers.tickets_apart" in merge(anna, *phone)
    first = tickets(twice)[phone[0]]
    assert not anna.do(lambda unit: ticket_merging.duplicates(unit, first))
