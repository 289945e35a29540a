"""Connections to PostgreSQL that are lost or refused, and commits whose answer does not arrive."""

import asyncio
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from bot.store.postgres import PostgresStore, open_store
from bot.store.postgres_connection import Connections, as_psycopg
from bot.store.postgres_proof import losing
from bot.store.protocol import StoreError, StoreLockedError
from tests.bot.store.several_stores import LEASE, NOON, ROW, answer
from tests.postgres_server import serving
from tests.waiting import until

CONNECTED = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'amazon-token'"
)

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'amazon-token'"
UNDER_WAY = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'amazon-token' AND query LIKE '%pg_sleep%'"


def test_a_server_that_was_restarted_is_not_noticed(one: PostgresStore, postgres_url: str) -> None:
    """Its connections are gone; the next act makes new ones."""
    with one.transaction() as tx:
        tx.enqueue(ROW)
    claimed = one.claim(NOON, LEASE, frozenset())
    assert claimed is not None
    answer(postgres_url, CUT)
    with one.transaction() as tx:
        tx.enqueue(replace(ROW, key="b", ordering_key="other"))
    answer(postgres_url, CUT)
    second = one.claim(NOON, LEASE, frozenset())
    assert second is not None
    assert second.key == "b"
    one.delivered(claimed, "D1", "1.0")
    assert one.state("a") == "delivered"


@pytest.mark.parametrize("statement", ["SELECT 1 AS found FROM {}", "INSERT INTO turns SELECT 'a', 0, 0 FROM {}"])
async def test_a_single_statement_whose_connection_is_lost_is_run_again(
    one: PostgresStore, postgres_url: str, statement: str
) -> None:
    """At once, over a new connection: the server may be there, so nobody has to wait for it."""
    slowly = as_psycopg(statement.format("pg_sleep(0.3)"))
    running = asyncio.create_task(asyncio.to_thread(one._connections.execute, slowly, {}))
    await until(lambda: answer(postgres_url, UNDER_WAY) == [(1,)], "the statement to run")
    answer(postgres_url, CUT)
    assert (await running).rowcount == 1


async def test_a_connection_whose_socket_fails_is_given_up(one: PostgresStore, postgres_url: str) -> None:
    """The driver notices while it waits, and takes the connection for a good one still: each use of it would fail."""
    slowly = as_psycopg("SELECT 1 AS found FROM pg_sleep(0.5)")
    running = asyncio.create_task(asyncio.to_thread(one._connections.execute, slowly, {}))
    await until(lambda: answer(postgres_url, UNDER_WAY) == [(1,)], "the statement to run")
    broken = next(
        connection for connection in one._connections._all if connection.info.transaction_status.name == "ACTIVE"
    )
    reader, writer = os.pipe()
    os.close(reader)
    os.dup2(writer, broken.fileno())
    os.close(writer)
    assert (await running).rowcount == 1
    assert broken.closed


@pytest.mark.parametrize("arrived", [True, False])
def test_a_commit_whose_answer_was_lost_is_asked_after(
    one: PostgresStore, monkeypatch: pytest.MonkeyPatch, *, arrived: bool
) -> None:
    """If it arrived, all is well; if not, nothing has changed, and it can be done again."""
    connection = one._connections._own()
    monkeypatch.setattr(connection, "execute", losing(connection, arrived=arrived))

    def enqueue() -> None:
        with one.transaction() as tx:
            tx.enqueue(ROW)

    if arrived:
        enqueue()
    else:
        with pytest.raises(StoreLockedError):
            enqueue()
    assert one.state("a") == ("pending" if arrived else None)


def test_a_commit_that_a_crash_has_lost_is_not_taken_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server gives the number of a transaction that it has lost to another one, which is committed."""
    with serving(wal_writer_delay="10s") as server:
        url = server.new_database()
        one = open_store(url)
        connection = one._connections._own()
        execute = connection.execute

        def crashing(query: Any, *args: Any, **more: Any) -> Any:
            if query != b"COMMIT":
                return execute(query, *args, **more)
            server.restart()
            other = open_store(url)
            with other.transaction() as tx:
                tx.enqueue(replace(ROW, key="b", ordering_key="T1:U2"))
            other.close()
            return execute(query)

        monkeypatch.setattr(connection, "execute", crashing)
        with pytest.raises(StoreLockedError), one.transaction() as tx:
            tx.enqueue(ROW)
        assert (one.state("a"), one.state("b")) == (None, "pending")
        one.close()


def test_a_server_that_does_not_answer_is_said() -> None:
    """Without the address, which may hold a password."""
    with pytest.raises(StoreLockedError) as caught:
        Connections("postgresql://bot:geheim@127.0.0.1:1/bot").connect()
    assert "PostgreSQL does not answer" in str(caught.value)
    assert "geheim" not in str(caught.value)


async def test_nothing_connects_after_the_store_was_closed(postgres_url: str) -> None:
    """A thread that is still at work then fails, and leaves no connection behind."""
    store = open_store(postgres_url, threads=4)
    everybody = threading.Barrier(5)
    refused: list[BaseException] = []

    def work(act: Callable[[], object]) -> None:
        act()
        everybody.wait()
        try:
            while True:
                act()
        except (StoreError, psycopg.Error) as error:
            refused.append(error)

    acts: list[Callable[[], object]] = [
        lambda: store.person("T1", "U1"),
        lambda: store.claim(NOON, LEASE, frozenset()),
        lambda: store.figures(NOON),
        store.try_lock,
    ]
    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    everybody.wait()
    store.close()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert len(refused) == len(acts)
    with pytest.raises(StoreError, match="closed"):
        store.person("T1", "U1")
    await until(lambda: answer(postgres_url, CONNECTED) == [(0,)], "no connection is left")
