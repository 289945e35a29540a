"""Two processes over PostgreSQL at the same records: the later transaction is done again, or waits for its turn."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store.models import TicketMessage
from bot.store.postgres import PostgresStore
from bot.store.protocol import ConcurrentChange, Transaction, UnderWay
from tests.bot.store.several_stores import ERIKA, LEASE, NOON, ROW, TICKET, WALK, Open, answer
from tests.waiting import until


def claim(tx: Transaction, agent: str) -> None:
    ticket = tx.ticket(1001)
    assert ticket is not None
    assert ticket.claimed_by is None
    tx.save_ticket(replace(ticket, state="claimed", claimed_by=agent))


def reply(tx: Transaction, _agent: str) -> None:
    """Written to an open ticket; the ticket itself stays as it is."""
    ticket = tx.ticket(1001)
    assert ticket is not None
    assert ticket.state == "open"
    message = TicketMessage(number=1001, side="merchant", author_id="U1", at=NOON, text="words")
    tx.add_ticket_message(message)


@pytest.mark.parametrize(("first", "second"), [(claim, claim), (claim, reply), (reply, claim)])
def test_of_two_that_rely_on_one_ticket_the_later_does_it_again(
    one: PostgresStore, other: PostgresStore, first: Callable[..., None], second: Callable[..., None]
) -> None:
    """Also where the later one, or the earlier one, only reads the ticket: the ticket is not the same any more."""
    with one.transaction() as tx:
        tx.add_ticket(TICKET)
    early, late = Open(one), Open(other)
    first(early.tx, "U8")
    assert late.tx.ticket(1001) == replace(TICKET, number=1001)
    early.commit()
    with pytest.raises(ConcurrentChange):  # noqa: PT012 - wherever in the transaction it is noticed
        try:
            second(late.tx, "U9")
            late.commit()
        except BaseException as error:
            late._context.__exit__(type(error), error, None)
            raise


def test_a_delivery_that_another_process_is_at_is_recognized(one: PostgresStore, other: PostgresStore) -> None:
    """Until that one has committed it; then it has been seen. Another delivery is not held up."""
    early = Open(one)
    assert early.tx.first_time("Ev1", NOON)
    with pytest.raises(UnderWay), other.transaction() as late:
        late.first_time("Ev1", NOON)
    with other.transaction() as late:
        assert late.first_time("Ev2", NOON)
    early.commit()
    with other.transaction() as late:
        assert not late.first_time("Ev1", NOON)


def test_two_calls_of_one_person_do_not_overlap(one: PostgresStore, other: PostgresStore) -> None:
    """Each would open a ticket of its own: neither sees that of the other."""
    with one.transaction() as tx:
        tx.save_person(ERIKA)
    early, late = Open(one), Open(other)
    for call in (early, late):
        call.tx.in_the_name_of("T1", "U1")
        assert call.tx.open_ticket_without_walk("T1", "U1") is None
    early.tx.add_ticket(TICKET)
    early.commit()
    late.tx.add_ticket(TICKET)
    with pytest.raises(ConcurrentChange):
        late.commit()


def test_somebody_erased_meanwhile_has_no_new_walk(one: PostgresStore, other: PostgresStore) -> None:
    """The erasure does not see the walk, and the walk not the erasure: the later of the two is done again."""
    with one.transaction() as tx:
        tx.save_person(ERIKA)
    erasure, press = Open(one), Open(other)
    erasure.tx.erase_person("T1", "U1")
    press.tx.in_the_name_of("T1", "U1")
    assert press.tx.person("T1", "U1") is not None
    press.tx.add_walk(WALK)
    erasure.commit()
    with pytest.raises(ConcurrentChange):
        press.commit()


def test_independent_people_are_not_in_each_others_way(one: PostgresStore, other: PostgresStore) -> None:
    """Two walks of two people overlap completely, and both are stored."""
    transactions = [Open(one), Open(other)]
    for number, transaction in enumerate(transactions):
        transaction.tx.save_person(replace(ERIKA, user_id=f"U{number}"))
        transaction.tx.in_the_name_of("T1", f"U{number}")
        walk = transaction.tx.add_walk(replace(WALK, worker_id=f"U{number}"))
        transaction.tx.enqueue(replace(ROW, key=f"k{number}", ordering_key=f"T1:U{number}", walk_id=walk.id))
    for transaction in transactions:
        transaction.commit()
    assert one.outbox_counts()["pending"] == 2


async def test_rows_of_one_ordering_key_get_their_places_in_the_order_of_the_commits(
    one: PostgresStore, other: PostgresStore, postgres_url: str
) -> None:
    """Whoever adds a row waits until the one before has committed: otherwise a later message could go out first."""
    early = Open(one)
    early.tx.enqueue(ROW)

    def enqueue_too() -> None:
        with other.transaction() as tx:
            tx.enqueue(replace(ROW, key="b"))

    thread = threading.Thread(target=enqueue_too)
    thread.start()
    waits = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    await until(lambda: answer(postgres_url, waits), "the second transaction waits for the first")
    assert one._value("state", key="b") is None
    early.commit()
    await asyncio.to_thread(thread.join)
    first = other.claim(NOON, LEASE, frozenset())
    assert first is not None
    assert first.key == "a"


def test_of_several_jobs_that_are_due_each_process_takes_another(one: PostgresStore, other: PostgresStore) -> None:
    """Neither waits for the other, and none is done twice."""
    with one.transaction() as tx:
        for number in (1, 2):
            tx.schedule_job(f"card:{number}", NOON + number * LEASE)
    late = NOON + timedelta(hours=1)
    with one.transaction() as first, other.transaction() as second:
        taken = [tx.due_job("card:", late) for tx in (first, second)]
        assert taken == ["card:1", "card:2"]
        assert second.is_planned("card:", late), "planning asks for no lock"
        for tx, job in zip((first, second), taken, strict=True):
            tx.unschedule_job(str(job))
    with one.transaction() as tx:
        assert not tx.is_planned("card:", late)
