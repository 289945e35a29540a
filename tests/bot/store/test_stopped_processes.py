"""What a process over PostgreSQL does to the others while it is stopped in a transaction, and what it meets then."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection

import psycopg
import pytest

from bot.store import postgres_connection
from bot.store.postgres import PostgresStore, open_store
from bot.store.postgres_connection import repeated
from bot.store.protocol import ConcurrentChange
from tests.bot.store.several_stores import LEASE, LIVING, NOON, ROW, TICKET, WALK, Open, answer
from tests.waiting import until

WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def add_word(store: PostgresStore, word: str, before_commit: Callable[[], object] = lambda: None) -> None:
    """A use case about a ticket."""
    with store.transaction() as tx:
        ticket = tx.ticket(1001)
        assert ticket is not None
        tx.save_ticket(replace(ticket, words=(*ticket.words, word)))
        before_commit()


def work(url: str, pipe: Connection) -> None:
    """What the other process does: one use case, in whose first attempt it waits before the commit."""
    store = open_store(url)
    attempts = 0

    def wait_once() -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            pipe.send("in the transaction")
            pipe.recv()

    repeated(lambda: add_word(store, "of the stopped one", wait_once))
    pipe.send(attempts)
    store.close()


def test_nobody_reads_an_error_because_a_process_is_stopped(one: PostgresStore, postgres_url: str) -> None:
    """Others have its rows within their patience; when it runs again it repeats what the server has rolled back."""
    with one.transaction() as tx:
        tx.add_ticket(TICKET)
    context = multiprocessing.get_context("spawn")
    pipe, far_end = context.Pipe()
    process = context.Process(target=work, args=(postgres_url, far_end))
    process.start()
    try:
        assert process.pid is not None
        assert pipe.recv() == "in the transaction"
        os.kill(process.pid, signal.SIGSTOP)
        repeated(lambda: add_word(one, "of the one that runs"))
        os.kill(process.pid, signal.SIGCONT)
        pipe.send("go on")
        assert pipe.recv() == 2, "attempts"
    finally:
        process.kill()
        process.join()
    with one.transaction() as tx:
        ticket = tx.ticket(1001)
    assert ticket is not None
    assert ticket.words == ("of the one that runs", "of the stopped one")


def test_a_process_that_is_stopped_while_it_claims_keeps_what_it_has(
    one: PostgresStore, other: PostgresStore, postgres_url: str
) -> None:
    """Others claim other rows before long. It is not taken for dead, so nobody sends what it may be sending."""
    with one.transaction() as tx:
        tx.enqueue(ROW)
        tx.enqueue(replace(ROW, key="b", ordering_key="other"))
    claimed = one.claim(NOON, LEASE, frozenset())
    assert claimed is not None
    living = answer(postgres_url, LIVING)
    with pytest.raises(ConcurrentChange), one._connections.transaction("READ COMMITTED"):  # noqa: PT012 - at its end
        one._this_process.lock_claims()
        found = other.claim(NOON + timedelta(hours=1), LEASE, frozenset())
        assert found is not None
        assert {claimed.key, found.key} == {"a", "b"}
    assert other.claim(NOON + timedelta(hours=1), LEASE, frozenset()) is None
    assert len(answer(postgres_url, LIVING)) == len(living) + 1, "the other has its lock now, and this one too"
    one.delivered(claimed, "D1", "1.0")
    assert other.state(claimed.key) == "delivered"


def test_a_process_that_was_stopped_tries_again_although_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has not used the time."""
    monkeypatch.setattr(postgres_connection, "CONFLICT_SECONDS", 0.0)
    attempts = iter([True, False])

    def attempt() -> str:
        if next(attempts):
            raise ConcurrentChange
        return "done"

    assert repeated(attempt) == "done"


def test_a_use_case_that_computes_for_long_is_done_at_the_second_attempt(postgres_url: str) -> None:
    """A slow process looks as one that is stopped does; then it is given more time, once."""
    store = open_store(f"{postgres_url}?options=-cidle_in_transaction_session_timeout%3D100ms")
    attempts = 0

    def compute() -> None:
        nonlocal attempts
        attempts += 1
        threading.Event().wait(0.3)

    with store.transaction() as tx:
        tx.add_ticket(TICKET)
    for expected in (2, 4):
        repeated(lambda: add_word(store, "word", compute))
        assert attempts == expected
    store.close()


async def test_a_step_and_an_agents_act_do_not_wait_for_each_other(
    one: PostgresStore, other: PostgresStore, postgres_url: str
) -> None:
    """Both rely on a walk and its ticket, and each changes another of them first: the later one is repeated at once.

    The server would notice only after a second that they block each other.
    """
    with one.transaction() as tx:
        walk = tx.add_walk(WALK)
        tx.add_ticket(replace(TICKET, walk_id=walk.id))
    step = Open(one)
    step.tx.save_walk(replace(walk, step="connect_version"))
    met: list[BaseException | None] = []

    def act() -> None:
        try:
            with other.transaction() as tx:
                ticket = tx.ticket(1001)
                assert ticket is not None
                tx.save_ticket(replace(ticket, claimed_by="U8"))
                tx.walk(walk.id)
        except ConcurrentChange as error:
            met.append(error.__cause__)

    thread = threading.Thread(target=act)
    thread.start()
    await until(lambda: answer(postgres_url, WAITING), "the act waits for the step")
    assert step.tx.ticket_of_walk(walk.id) is not None
    step.commit()
    await asyncio.to_thread(thread.join)
    assert [type(error) for error in met] == [psycopg.errors.SerializationFailure]
