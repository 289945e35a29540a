"""A transaction that adds rows with thousands of ordering keys, as a start after a long outage may do."""

import asyncio
import threading
from dataclasses import replace

from bot.store.postgres import MOST_KEYS, open_store
from tests.bot.store.several_stores import LEASE, NOON, ROW, Open, answer
from tests.postgres_server import serving
from tests.waiting import until

WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def add(many: Open, count: int) -> None:
    """A row for each of so many keys, in their order."""
    for number in range(count):
        key = f"T1:U{number:05}"
        many.tx.enqueue(replace(ROW, key=key, ordering_key=key))


def test_the_servers_table_of_locks_does_not_fill() -> None:
    """It has room for some hundred locks here, by default for some thousand."""
    with serving(max_locks_per_transaction="10", max_connections="20") as server:
        store = open_store(server.new_database())
        many = Open(store)
        add(many, 2_000)
        many.commit()
        assert store.outbox_counts()["pending"] == 2_000
        store.close()


async def test_rows_of_each_of_many_keys_get_their_places_in_the_order_of_the_commits(postgres_url: str) -> None:
    """Also of those keys that are not locked one by one."""
    one, other = open_store(postgres_url), open_store(postgres_url)
    many = Open(one)
    add(many, MOST_KEYS + 10)

    def add_another() -> None:
        with other.transaction() as tx:
            tx.enqueue(replace(ROW, key="late", ordering_key=f"T1:U{MOST_KEYS + 5:05}"))

    thread = threading.Thread(target=add_another)
    thread.start()
    await until(lambda: answer(postgres_url, WAITING), "the second transaction waits for the first")
    many.commit()
    await asyncio.to_thread(thread.join)
    taken = []
    while row := other.claim(NOON, LEASE, frozenset()):
        taken.append(row)
        other.delivered(row, "D1", "1.0")
    assert taken[-1].key == "late"
    for store in (one, other):
        store.close()
