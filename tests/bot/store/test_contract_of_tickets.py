"""What the services may rely on for tickets and what agents begin, whichever store they have."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.store.models import Destination, Row, TicketEvent, TicketMessage, TicketTimer
from bot.store.protocol import Conflict, Store
from bot.store.support_models import AnswerForm, Invitation, Outage, OutageRecipient, Template
from tests.bot.store.records import NOON, ticket, walk


def test_ticket_numbers_begin_at_1001_and_come_once(store: Store) -> None:
    """A number taken back with its transaction is no number of another stored ticket."""
    with store.transaction() as tx:
        first, second = tx.add_ticket(ticket()), tx.add_ticket(ticket(merchant_id="U2"))
        assert (first.number, second.number) == (1001, 1002)
        assert tx.tickets() == [second, first]
        assert tx.tickets(merchant_id="U1") == [first]
        assert tx.tickets(limit=1) == [second]
        assert tx.ticket(1003) is None


def test_a_walk_has_one_ticket(store: Store) -> None:
    """A second ticket of the same walk is refused, even in another transaction."""
    with store.transaction() as tx:
        stored = tx.add_walk(walk())
        first = tx.add_ticket(ticket(walk_id=stored.id, words=("ä", "b"), reason="second_failure"))
    with store.transaction() as tx:
        with pytest.raises(Conflict):
            tx.add_ticket(ticket(walk_id=stored.id))
        assert tx.ticket_of_walk(stored.id) == first
        assert tx.ticket_of_card(first.card_key) == first
        assert tx.ticket_of_card("another") is None
        assert tx.open_ticket_without_walk("T1", "U1") is None


def test_a_changed_ticket_is_stored(store: Store) -> None:
    """A resolved ticket no longer counts as open."""
    with store.transaction() as tx:
        first = tx.add_ticket(ticket())
        assert tx.open_ticket_without_walk("T1", "U1") == first
        claimed = replace(first, state="claimed", claimed_by="U8", claimed_at=NOON, words=("x",))
        tx.save_ticket(claimed)
        assert tx.open_ticket_without_walk("T1", "U1") == claimed
        resolved = replace(claimed, state="resolved", resolved_by="U8", resolved_at=NOON)
        tx.save_ticket(resolved)
        assert tx.open_ticket_without_walk("T1", "U1") is None
        assert tx.ticket(first.number) == resolved


def test_an_invitation_is_answered_in_place(store: Store) -> None:
    """It comes back as it was stored, and unknown ones are `None`."""
    offer = Invitation(
        team_id="T1", agent_id="U8", merchant_id="U1", procedure="amazon_token", message_key="k", invited_at=NOON
    )
    with store.transaction() as tx:
        stored = tx.add_invitation(offer)
        assert tx.invitation(stored.id) == stored
        answered = replace(stored, answer="accepted", answered_at=NOON)
        tx.save_invitation(answered)
        assert tx.invitation(stored.id) == answered
        assert tx.invitation(stored.id + 1) is None


def test_tickets_are_found_by_what_is_named(store: Store) -> None:
    """Team, merchant, owner and states narrow the list down; nothing named gives all of them, newest first."""
    with store.transaction() as tx:
        first = tx.add_ticket(ticket())
        second = tx.add_ticket(ticket(merchant_id="U2", state="claimed", claimed_by="U9"))
        third = tx.add_ticket(ticket(team_id="T2", state="closed"))
    with store.transaction() as tx:
        assert tx.tickets() == [third, second, first]
        assert tx.tickets(team_id="T1") == [second, first]
        assert tx.tickets(merchant_id="U1") == [third, first]
        assert tx.tickets(team_id="T1", claimed_by="U9") == [second]
        assert tx.tickets(states=frozenset({"open", "closed"})) == [third, first]
        assert tx.tickets(states=frozenset()) == []


def test_a_closed_ticket_outside_a_walk_is_not_open(store: Store) -> None:
    """Neither resolved nor closed: only then the next call adds to it."""
    with store.transaction() as tx:
        tx.add_ticket(ticket(state="closed"))
        assert tx.open_ticket_without_walk("T1", "U1") is None
        waiting = tx.add_ticket(ticket(state="waiting_for_merchant"))
        assert tx.open_ticket_without_walk("T1", "U1") == waiting


def test_what_is_done_in_a_ticket_is_kept_in_order(store: Store) -> None:
    """Acts are read back as they were written, oldest first, each with its ticket only."""
    with store.transaction() as tx:
        one, two = tx.add_ticket(ticket()).number, tx.add_ticket(ticket()).number
        acts = [
            TicketEvent(number=one, at=NOON, actor_id="U9", name="claim", state="open", next_state="claimed"),
            TicketEvent(
                number=one, at=NOON, actor_id="U9", name="hand", state="claimed", next_state="claimed",
                detail={"to": "U8"},
            ),
        ]  # fmt: skip
        for act in acts:
            tx.add_ticket_event(act)
    with store.transaction() as tx:
        assert tx.ticket_events(one) == acts
        assert tx.ticket_events(two) == []


def test_a_message_is_stored_once(store: Store) -> None:
    """The merchant's same message is refused; a correction changes the one that is there."""
    first = TicketMessage(number=0, side="merchant", author_id="U1", at=NOON, text="help", source="D1:1.1")
    with store.transaction() as tx:
        number = tx.add_ticket(ticket()).number
        stored = tx.add_ticket_message(replace(first, number=number))
        own = tx.add_ticket_message(replace(first, number=number, side="agent", source=None, key="k", note_key="n"))
        tx.add_ticket_message(replace(first, number=number, side="agent", source=None))
    with pytest.raises(Conflict), store.transaction() as tx:
        tx.add_ticket_message(replace(first, number=number))
    with store.transaction() as tx:
        corrected = replace(own, text="better", state="corrected")
        tx.save_ticket_message(corrected)
        assert tx.ticket_message(own.id) == corrected
        assert tx.ticket_messages(number)[:2] == [stored, corrected]
        assert tx.ticket_message(4711) is None


def test_a_ticket_has_one_timer(store: Store) -> None:
    """Setting the next one replaces the last; the one due longest comes first; a forgotten one is gone."""
    with store.transaction() as tx:
        one, two = tx.add_ticket(ticket()).number, tx.add_ticket(ticket()).number
        tx.save_ticket_timer(TicketTimer(number=one, due_at=NOON, kind="warn"))
        later = TicketTimer(number=one, due_at=NOON + timedelta(hours=2), kind="escalate")
        tx.save_ticket_timer(later)
        other = TicketTimer(number=two, due_at=NOON + timedelta(hours=1), kind="close")
        tx.save_ticket_timer(other)
    with store.transaction() as tx:
        assert tx.ticket_timer(one) == later
        assert tx.due_ticket_timer(NOON) is None
        assert tx.due_ticket_timer(NOON + timedelta(hours=3)) == other
        tx.forget_ticket_timer(two)
        assert tx.ticket_timer(two) is None
        assert tx.due_ticket_timer(NOON + timedelta(hours=3)) == later


def test_a_ticket_is_found_by_its_conversation(store: Store) -> None:
    """Channel and ts of the message that began the conversation, within the team."""
    row = Row(key="talk", destination=Destination("T1", "U1"), method="post", content={}, created_at=NOON, due_at=NOON)
    with store.transaction() as tx:
        talked = tx.add_ticket(ticket(talk_key="talk"))
        tx.enqueue(row)
        tx.mark_delivered("talk", "D1", "1.1")
        assert tx.ticket_of_talk("T1", "D1", "1.1") == talked
        assert tx.ticket_of_talk("T2", "D1", "1.1") is None
        assert tx.ticket_of_talk("T1", "D1", "2.2") is None


def test_what_was_merged_is_found_where_it_goes_on(store: Store) -> None:
    """By its walk and by its conversation, also after the next merging; its messages are there too."""
    row = Row(key="talk", destination=Destination("T1", "U1"), method="post", content={}, created_at=NOON, due_at=NOON)
    with store.transaction() as tx:
        walk_id = tx.add_walk(walk()).id
        first = tx.add_ticket(ticket(walk_id=walk_id, talk_key="talk"))
        second, third = tx.add_ticket(ticket()), tx.add_ticket(ticket())
        tx.enqueue(row)
        tx.mark_delivered("talk", "D1", "1.1")
        said = TicketMessage(number=first.number, side="merchant", author_id="U1", at=NOON, text="stuck")
        tx.add_ticket_message(said)
        for duplicate, into in ((first, second), (second, third)):
            tx.merge_ticket(duplicate.number, into.number)
            tx.save_ticket(replace(duplicate, state="closed", merged_into=third.number))
        assert tx.ticket_of_walk(walk_id) == tx.ticket_of_talk("T1", "D1", "1.1") == third
        assert [message.text for message in tx.ticket_messages(third.number)] == ["stuck"]


def test_templates_and_open_forms_are_kept(store: Store) -> None:
    """Templates by team and label. A form that is opened again counts from the first time."""
    made = Template(
        team_id="T1", procedure="", category="", language="de", label="b", text="text", author_id="U1", changed_at=NOON
    )
    with store.transaction() as tx:
        last = tx.add_template(made)
        first = tx.add_template(replace(made, label="a"))
        tx.add_template(replace(made, team_id="T2"))
        assert tx.templates("T1") == [first, last]
        changed = replace(last, text="other")
        tx.save_template(changed)
        assert tx.template("T1", last.id) == changed
        assert tx.template("T2", last.id) is None
        tx.delete_template("T2", last.id)
        tx.delete_template("T1", first.id)
        assert tx.templates("T1") == [changed]
        opened = AnswerForm(number=1001, agent_id="U1", opened_at=NOON)
        tx.open_answer_form(opened)
        tx.open_answer_form(replace(opened, opened_at=NOON + timedelta(minutes=1)))
        tx.open_answer_form(replace(opened, agent_id="U2", opened_at=NOON + timedelta(minutes=1)))
        assert [form.agent_id for form in tx.answer_forms(1001)] == ["U1", "U2"]
        tx.forget_old_answer_forms(NOON + timedelta(seconds=1))
        tx.close_answer_form(1001, "U2")
        assert tx.answer_forms(1001) == []


def test_a_team_has_one_outage_at_a_time(store: Store) -> None:
    """A second one is a conflict until the first has ended; it comes back as it was stored."""
    announced = Outage(
        team_id="T1", agent_id="U8", text_de="ä", text_en="a", begun_at=NOON, ends_at=NOON, board_key="k"
    )  # fmt: skip
    with store.transaction() as tx:
        assert tx.live_outage("T1") is None
        first = tx.add_outage(announced)
        assert tx.live_outage("T1") == tx.outage(first.id) == first
        assert tx.live_outage("T2") is None
    with pytest.raises(Conflict), store.transaction() as tx:
        tx.add_outage(announced)
    with store.transaction() as tx:
        ended = replace(first, ended_at=NOON, ending="over", text_en="b")
        tx.save_outage(ended)
        assert tx.live_outage("T1") is None
        assert tx.outage(first.id) == ended
        assert tx.add_outage(announced).id != first.id


def test_recipients_of_an_outage_are_told_one_by_one(store: Store) -> None:
    """Each is stored once; those who are still to be told something are due, tickets first."""
    with store.transaction() as tx:
        person = OutageRecipient(outage_id=1, user_id="U1")
        answered = OutageRecipient(outage_id=1, user_id="U2", number=1001)
        for recipient in (person, answered, replace(person, state="told")):
            tx.add_outage_recipient(recipient)
        assert tx.outage_recipients(1) == [person, answered]
        assert tx.due_outage_recipient() == answered
        tx.save_outage_recipient(replace(answered, state="told", message_id=7))
        assert tx.due_outage_recipient() == person
        tx.save_outage_recipient(replace(person, state="gone"))
        assert tx.due_outage_recipient() is None
        assert tx.outage_recipients(1)[1].message_id == 7


def test_what_recipients_of_an_outage_are_told_next(store: Store) -> None:
    """A changed text only those who have read the former; of the end all of them; and of another outage nothing."""
    states: Any = {"U1": "planned", "U2": "told", "U3": "changed", "U4": "gone"}
    expected: Any = {
        "changed": ["planned", "changed", "changed", "gone"], "leaving": ["gone", "leaving", "leaving", "gone"]
    }  # fmt: skip
    with store.transaction() as tx:
        for number, planned in enumerate(expected, 1):
            for user_id, state in states.items():
                tx.add_outage_recipient(OutageRecipient(outage_id=number, user_id=user_id, state=state))
            tx.plan_outage_recipients(number, planned)
        for number, found in enumerate(expected.values(), 1):
            assert [one.state for one in tx.outage_recipients(number)] == found


def test_everybody_under_way_is_a_recipient_once(store: Store) -> None:
    """Also with several walks; not those of another team, nor who is one already or has come to an end."""
    outage = Outage(team_id="T1", agent_id="U8", text_de="ä", text_en="a", begun_at=NOON, ends_at=NOON, board_key="k")
    with store.transaction() as tx:
        for walker in (
            {}, {"for_name": "A"}, {"worker_id": "U2"}, {"worker_id": "U3"}, {"worker_id": "U4", "ended_at": NOON},
            {"worker_id": "U5", "team_id": "T2"},
        ):  # fmt: skip
            tx.add_walk(walk(**walker))
        added = tx.add_outage(outage)
        answered = OutageRecipient(outage_id=added.id, user_id="U3", number=1001)
        tx.add_outage_recipient(answered)
        assert tx.people_under_way("T1") == 3
        tx.add_people_under_way(added.id)
        assert tx.outage_recipients(added.id) == [
            *(OutageRecipient(outage_id=added.id, user_id=user_id) for user_id in ("U1", "U2")), answered,
        ]  # fmt: skip


def test_a_refusal_stays(store: Store) -> None:
    """Kept once, by its hash, and by no other; purging does not take it."""
    with store.transaction() as tx:
        tx.keep_refusal("a" * 64, NOON)
        tx.keep_refusal("a" * 64, NOON)
        tx.purge(NOON + timedelta(days=999), timedelta(days=1))
        assert tx.has_refused("a" * 64)
        assert not tx.has_refused("b" * 64)
