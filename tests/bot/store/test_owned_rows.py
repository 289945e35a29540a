"""Rows of the outbox that processes over PostgreSQL send: each is one process's, and of a dead one it is taken."""

import threading
from dataclasses import replace
from datetime import timedelta

from bot.store.postgres import PostgresStore
from tests.bot.store.several_stores import LEASE, LIVING, NOON, ROW, answer
from tests.waiting import until


async def cut_off(store: PostgresStore, postgres_url: str) -> None:
    """The process looks dead from here: the server has ended the connection with its lock."""
    left = len(answer(postgres_url, LIVING)) - 1
    owner = store._this_process._connection
    assert owner is not None
    answer(postgres_url, f"SELECT pg_terminate_backend({owner.info.backend_pid})")
    await until(lambda: len(answer(postgres_url, LIVING)) == left, "its lock is gone")


async def test_a_row_of_a_living_process_is_left_to_it(
    one: PostgresStore, other: PostgresStore, postgres_url: str
) -> None:
    """However long it takes: it may be stopped in the middle of sending. Of a dead one it is taken after the lease."""
    with one.transaction() as tx:
        tx.enqueue(ROW)
    claimed = one.claim(NOON, LEASE, frozenset())
    assert claimed is not None
    much_later = NOON + timedelta(hours=1)
    assert other.claim(much_later, LEASE, frozenset()) is None
    assert other.recover() == 0
    await cut_off(one, postgres_url)
    assert other.claim(NOON + LEASE / 2, LEASE, frozenset()) is None, "its lease is not over"
    taken = other.claim(much_later, LEASE, frozenset())
    assert taken is not None
    assert (taken.key, taken.attempts) == ("a", 2)
    one.delivered(claimed, "D1", "1.0")
    assert other.state("a") == "running", "the word of the one before does not count"


async def test_a_process_that_died_is_no_refusal(one: PostgresStore, other: PostgresStore, postgres_url: str) -> None:
    """What it left is put back, one attempt less; the fence tells the attempts apart all the same."""
    with one.transaction() as tx:
        tx.enqueue(ROW)
    first = one.claim(NOON, LEASE, frozenset())
    second = one.claim(NOON + LEASE, LEASE, frozenset())
    assert first is not None
    assert second is not None
    await cut_off(one, postgres_url)
    assert other.recover() == 1
    third = other.claim(NOON + 2 * LEASE, LEASE, frozenset())
    assert third is not None
    assert third.attempts == second.attempts == 2
    one.postpone(second, NOON, "late")
    assert other.state("a") == "running"


def test_two_processes_never_claim_the_same_row(one: PostgresStore, other: PostgresStore) -> None:
    """Both take what is due, as fast as they can, and each row is one's."""
    with one.transaction() as tx:
        for number in range(40):
            tx.enqueue(replace(ROW, key=f"k{number}", ordering_key=f"T1:U{number}"))
    taken: list[str] = []

    def take(store: PostgresStore) -> None:
        while row := store.claim(NOON, LEASE, frozenset()):
            taken.append(row.key)

    threads = [threading.Thread(target=take, args=(store,)) for store in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"k{number}" for number in range(40))


def test_a_process_that_says_nothing_is_another_version(one: PostgresStore, other: PostgresStore) -> None:
    """As all do that were there before this was said."""
    one.recover()
    assert not one.others_differ(1)
    other.recover()
    assert one.others_differ(1)
    assert not other.others_differ(1)
    assert not one.others_differ(1)
