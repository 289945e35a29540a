"""A ticket's card that Slack refused comes again with its whole thread: each row once, and in order."""

from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.actions import SeenTicket
from bot.services import agent_messages, card_repair, escalations, ticket_actions, ticket_filing, triage_form
from bot.store.outbox_protocol import NEVER_ARRIVED
from bot.store.sqlite import SqliteStore
from tests.bot.services.test_agent_messages import send
from tests.bot.services.visits import NOON, URL, Visit
from tests.one_transaction import OneTransaction

CHANNEL = "C0SUPPORT"
LATER = NOON + timedelta(days=9)


def deliver(store: SqliteStore, refused: str = "") -> list[str]:
    """Send what waits, as the worker does; cards are refused with a code. What has arrived in the channel."""
    arrived = []
    while (row := store.claim(LATER, timedelta(seconds=30), frozenset())) is not None:
        parent = row.thread or (row.target if row.method == "update" else None)
        if parent is not None and store.address(parent) is None:
            store.dead_letter(row, NEVER_ARRIVED)
        elif refused and row.destination.to == CHANNEL and row.method == "post" and row.thread is None:
            store.dead_letter(row, refused)
        else:
            store.delivered(row, row.destination.to, f"{row.id:05}.0001")
            if row.destination.to == CHANNEL and row.method != "update":
                arrived.append(str(row.content))
    return arrived


def called(erika: Visit, store: SqliteStore, refused: str = "missing_scope") -> None:
    """A ticket whose card was refused, with what the merchant wrote."""
    erika.go_to("with_support")
    erika.submit("help", sentence="so nervous")
    deliver(store, refused)


def in_order(arrived: list[str], *words: str) -> None:
    """Each of `words` has arrived once, and they in this order."""
    assert [sum(word in text for text in arrived) for word in words] == [1] * len(words), words
    places = [next(place for place, text in enumerate(arrived) if word in text) for word in words]
    assert places == sorted(places)


ACTS: dict[str, Any] = {
    "claim": lambda _erika, anna: anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL)),
    "answer": lambda _erika, anna: send(anna, "an answer"),
    "the merchant's message": lambda erika, _anna: erika.submit("help", sentence="another sentence"),
    "resolve": lambda _erika, anna: anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL)),
    "a hand-over": lambda _erika, anna: anna.do(
        lambda unit: triage_form.handover_submitted(
            unit, SeenTicket(1001, None), {"to": "U0BEN", "note": "a note"}, frozenset({"U0BEN"})
        )
    ),
    "a step of the walk": lambda erika, _anna: erika.services.unit_of_work(ticket_filing.refresh_card, 1001),
    "a limit": lambda erika, _anna: erika.services.unit_of_work(
        lambda unit: escalations._tell_longer(unit.acting_for("T1", ""), unit.tx.ticket(1001))
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_next_act_brings_a_refused_card_back(erika: Visit, anna: Visit, store: SqliteStore, act: str) -> None:
    """Whoever does something with the ticket: one card, what was known, and everything that was written before."""
    called(erika, store)
    assert [row.error for row in store.dead()] == ["missing_scope", NEVER_ARRIVED, NEVER_ARRIVED]
    card = erika.tickets()[0].card_key
    ACTS[act](erika, anna)
    arrived = deliver(store)
    assert store.dead() == []
    assert erika.tickets()[0].card_key == card, "looked for before it is sent again"
    assert "ticket.title" in arrived[0], "the card comes first"
    in_order(arrived, "ticket.thread.snapshot", "so nervous")
    before = len(arrived)
    assert not erika.services.unit_of_work(card_repair.try_all_again)
    assert len(deliver(store)) == 0
    assert before == len(arrived)


def test_the_whole_thread_comes_in_order(erika: Visit, anna: Visit, store: SqliteStore) -> None:
    """Words of both sides as they were written one after the other; what was taken back meanwhile is taken back."""
    called(erika, store)
    for text in ("first", "second", "third"):
        send(anna, f"{text} answer")
        deliver(store, "missing_scope")
    message = erika.do(lambda unit: unit.tx.ticket_messages(1001))[1]
    anna.do(lambda unit: agent_messages.take_back(unit, message.id, URL))
    arrived = deliver(store)
    in_order(arrived, "so nervous", "first answer", "second answer", "third answer")
    assert store.dead() == []
    shown = anna.rows("update", to=CHANNEL)
    assert message.note_key in {row["target"] for row in shown if row["state"] == "delivered"}
    assert shown[-1]["state"] == "delivered"


def test_a_card_that_is_refused_again_is_tried_once_an_act(erika: Visit, anna: Visit, store: SqliteStore) -> None:
    """No loop, and what was behind it is still there."""
    called(erika, store)
    for number in range(3):
        send(anna, f"answer {number}.")
        deliver(store, "missing_scope")
        assert sum(row.error == "missing_scope" for row in store.dead()) == 1
    assert erika.services.unit_of_work(card_repair.try_all_again) == 1
    in_order(deliver(store), "so nervous", "answer 0.", "answer 1.", "answer 2.")
    assert store.dead() == []


def test_a_channel_that_takes_messages_again_gets_its_cards(erika: Visit, oliver: Visit, store: SqliteStore) -> None:
    """All cards of that channel, and no other's."""
    called(erika, store)
    oliver.go_to("with_support")
    deliver(store, "missing_scope")
    assert erika.services.unit_of_work(card_repair.try_all_again, "C0ANOTHER") == 0
    assert erika.services.unit_of_work(card_repair.try_all_again, CHANNEL) == 2
    in_order(deliver(store), "so nervous", "'Oliver Sample: '")
    assert store.dead() == []
    assert anna_sees(store) == {"1001": 1, "1002": 1}


def anna_sees(store: SqliteStore) -> dict[str, int]:
    """How many cards each ticket has in the channel."""
    query = (
        "SELECT t.number, count(*) AS cards FROM tickets AS t JOIN outbox AS o ON o.key = t.card_key"
        " WHERE o.state = 'delivered' GROUP BY t.number"
    )
    return {str(row["number"]): row["cards"] for row in store.db.query(query)}


def test_the_operators_word_is_carried_out_by_the_bot(erika: Visit, store: SqliteStore) -> None:
    """`outbox resume` leaves word for the serving bot, which tries the cards of that channel once."""
    called(erika, store)
    OneTransaction(store).schedule_job(f"{card_repair.RESUMED}{CHANNEL}", NOON)
    assert erika.services.unit_of_work(card_repair.resume_due)
    assert not erika.services.unit_of_work(card_repair.resume_due)
    in_order(deliver(store), "so nervous")
    assert store.dead() == []


def test_what_came_too_late_for_its_card_follows_it(erika: Visit, store: SqliteStore) -> None:
    """A row given up behind a card that was then sent, by an operator's retry or meanwhile, is sent too."""
    called(erika, store)
    card = erika.tickets()[0].card_key
    assert not erika.services.unit_of_work(card_repair.revive_orphans), "its card is still dead"
    assert store.send_again(card, NOON)
    assert deliver(store)
    assert erika.services.unit_of_work(card_repair.revive_orphans)
    in_order(deliver(store), "so nervous")
    assert not erika.services.unit_of_work(card_repair.revive_orphans)
    assert store.dead() == []


def test_the_card_of_somebody_erased_is_not_tried_again(erika: Visit, store: SqliteStore) -> None:
    """Nobody brings back what was forgotten."""
    called(erika, store)
    OneTransaction(store).erase_person("T1", "U0ERIKA")
    assert erika.services.unit_of_work(card_repair.try_all_again) == 0
    erika.services.unit_of_work(ticket_filing.refresh_card, 1001)
    assert not any("so nervous" in text for text in deliver(store))


def test_a_reply_whose_content_was_refused_is_tried_again_too(erika: Visit, anna: Visit, store: SqliteStore) -> None:
    """The card is there; the reply comes with the next act, and the worker sees why it was refused."""
    erika.go_to("with_support")
    deliver(store)
    send(anna, "first answer")
    while (row := store.claim(LATER, timedelta(seconds=30), frozenset())) is not None:
        if row.thread is not None and row.destination.to == CHANNEL:
            store.dead_letter(row, "msg_too_long")
        else:
            store.delivered(row, row.destination.to, f"{row.id:05}.0001")
    assert [row.error for row in store.dead()] == ["msg_too_long"]
    send(anna, "second answer")
    in_order(deliver(store), "first answer", "second answer")
    assert store.dead() == []
