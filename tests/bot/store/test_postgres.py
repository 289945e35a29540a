"""What PostgreSQL adds: several processes at the same database."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

import psycopg
import pytest
from sqlite_utils import Database

from bot.store import postgres_schema
from bot.store.migrations import MIGRATIONS
from bot.store.models import Destination, Person, Row, TicketMessage, TicketRecord, WalkRecord
from bot.store.postgres import PostgresStore, open_store
from bot.store.postgres_connection import Connections
from bot.store.postgres_proof import losing
from bot.store.protocol import ConcurrentChange, StoreError, StoreLockedError, Transaction
from bot.store.sqlite import SqliteStore
from tests.postgres_server import PostgresServer, serving
from tests.waiting import until

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEASE = timedelta(seconds=11)
ROW = Row(
    key="a", destination=Destination("T1", "U1"), method="post", content={"text": "words"}, ordering_key="T1:U1",
    created_at=NOON, due_at=NOON,
)  # fmt: skip
TICKET = TicketRecord(
    team_id="T1", merchant_id="U1", procedure="amazon_token", reason="help", language="de", card_key="c", opened_at=NOON
)
WALK = WalkRecord(
    team_id="T1", worker_id="U1", procedure="amazon_token", step="before_start", state="{}", guide_version="1",
    started_at=NOON, updated_at=NOON,
)  # fmt: skip
ERIKA = Person(team_id="T1", user_id="U1", name="Erika")
LIVING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7001"
CONNECTED = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'amazon-token'"
)
COLUMNS = """
SELECT c.table_name, c.column_name FROM information_schema.columns AS c
WHERE c.table_schema = 'public' AND c.table_name NOT IN ('migrations', 'commits')
"""


@pytest.fixture
def one(postgres_url: str) -> Iterator[PostgresStore]:
    """The store of one process."""
    opened = open_store(postgres_url)
    yield opened
    opened.close()


@pytest.fixture
def other(postgres_url: str) -> Iterator[PostgresStore]:
    """The store of another process at the same database."""
    opened = open_store(postgres_url)
    yield opened
    opened.close()


class Open:
    """A transaction that is open until it is committed; so a test says in which order everything happens."""

    def __init__(self, store: PostgresStore) -> None:
        self._context = store.transaction()
        self.tx: Transaction = self._context.__enter__()

    def commit(self) -> None:
        self._context.__exit__(None, None, None)


def answer(connection_url: str, sql: str) -> list[Any]:
    with psycopg.connect(connection_url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_both_engines_have_the_same_tables_and_columns(postgres_url: str, sqlite_store: SqliteStore) -> None:
    """There is one description of the schema."""
    described = {
        (table.name, column.name)
        for table in sqlite_store.db.tables if not table.name.startswith(("_", "sqlite_"))
        for column in table.columns
    }  # fmt: skip
    assert set(answer(postgres_url, COLUMNS)) == described


def test_a_step_that_adds_something_is_made_up_for(postgres_url: str) -> None:
    """A database from before gets columns and indexes that are new, and keeps what is in it."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE outbox DROP COLUMN permalink")
        connection.execute("DROP TABLE not_understood")
        connection.execute("DELETE FROM migrations WHERE name IN ('permalinks', 'not_understood')")
        connection.execute("INSERT INTO people (team_id, user_id, name, home_opened) VALUES ('T1', 'U1', 'Erika', 0)")
    store = open_store(postgres_url)
    assert store.permalink("a") is None
    assert store.person("T1", "U1") == ERIKA
    assert store.figures(NOON).not_understood == {}
    store.close()


def test_what_a_step_changes_is_changed_here_too(postgres_url: str) -> None:
    """Before the index that allows it no longer is made: of several open invitations of a person the newest stays."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP INDEX invitations_live")
        connection.execute("DELETE FROM migrations WHERE name = 'invitations'")
        for day in (1, 2):
            connection.execute(
                "INSERT INTO invitations (team_id, merchant_id, agent_id, procedure, invited_at, message_key)"
                " VALUES ('T1', 'U1', 'U2', 'amazon_token', %s, %s)",
                [f"2026-11-0{day}T12:00:00.000000+00:00", f"key{day}"],
            )
    open_store(postgres_url).close()
    assert answer(postgres_url, "SELECT message_key, answer FROM invitations ORDER BY id") == [
        ("key1", "over"),
        ("key2", None),
    ]


def test_no_step_changes_what_is_stored_in_sqlite_only() -> None:
    """A step since there is PostgreSQL that changes rows, or allows fewer, has its statements in `DATA`."""
    with Database(memory=True, execute_plugins=False) as db:
        names = [migration.name for migration in MIGRATIONS.pending(db)]
        for name, following in zip_longest(names, names[1:]):
            seen: list[str] = []
            with db.tracer(lambda sql, _values, seen=seen: seen.append(sql)):
                MIGRATIONS.apply(db, stop_before=following)
            changing = [sql for sql in seen if re.match(r"\s*(UPDATE|DELETE|CREATE UNIQUE INDEX)\b", sql)]
            since = names.index(name) > names.index("owners")
            assert not changing or not since or name in postgres_schema.DATA or _of_a_new_table(changing, seen), name


def _of_a_new_table(changing: list[str], seen: list[str]) -> bool:
    """Whether each statement is about a table that the same step makes: there is nothing in it."""
    made = {match[1] for sql in seen if (match := re.match(r'\s*CREATE TABLE "?\[?(\w+)', sql))}
    return all(made & set(re.findall(r"\w+", sql)) for sql in changing)


def test_a_database_of_a_newer_program_is_refused(postgres_url: str) -> None:
    """What it would do to what it does not know is not known."""
    answer(postgres_url, "INSERT INTO migrations VALUES ('from_the_future', now()) RETURNING name")
    with pytest.raises(StoreError, match="newer version of this program \\(from_the_future\\)"):
        open_store(postgres_url)


def test_the_version_before_starts_on_a_schema_that_only_grew(postgres_url: str) -> None:
    """Each step says whether it did. So a process may start again during an update, and one can go back after it."""
    grown = "SELECT DISTINCT only_adds FROM migrations WHERE name NOT IN ('invitations')"
    assert answer(postgres_url, grown) == [(1,)]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("INSERT INTO migrations VALUES ('from_the_future', now(), 1)")
        connection.execute("ALTER TABLE walks ADD COLUMN newer text NOT NULL DEFAULT ''")
    store = open_store(postgres_url)
    with store.transaction() as tx:
        assert tx.walk(tx.add_walk(WALK).id) is not None
    store.close()


def test_a_step_with_statements_of_its_own_shuts_the_version_before_out(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It rewrote what is stored, or says that it cannot be lived with."""
    monkeypatch.setattr(postgres_schema, "DATA", {"owners": ()})
    url = postgres_server.new_database()
    open_store(url).close()
    assert answer(url, "SELECT name FROM migrations WHERE only_adds = 0") == [("owners",)]


def test_what_the_version_before_cannot_live_with_waits_until_nobody_serves(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a step is refused while a process of the version before serves, and nothing has changed; then it is done."""
    before = open_store(postgres_url)
    before.recover()
    answer(postgres_url, "DELETE FROM migrations WHERE name = 'owners' RETURNING name")
    monkeypatch.setattr(postgres_schema, "DATA", {"owners": ()})
    with pytest.raises(StoreError, match="still use the database \\(there are 1\\)"):
        open_store(postgres_url)
    assert answer(postgres_url, "SELECT name FROM migrations WHERE name = 'owners'") == []
    before.close()
    open_store(postgres_url).close()
    assert answer(postgres_url, "SELECT only_adds FROM migrations WHERE name = 'owners'") == [(0,)]


def test_a_process_goes_on_when_a_newer_one_has_migrated_the_database(one: PostgresStore, postgres_url: str) -> None:
    """New columns are none of its business, also in statements that the server has prepared already."""
    with one.transaction() as tx:
        tx.save_person(ERIKA)
        walk = tx.add_walk(WALK)
        ticket = tx.add_ticket(replace(TICKET, walk_id=walk.id))

    def look() -> None:
        with one.transaction() as tx:
            assert tx.walk(walk.id) == walk
            assert tx.ticket(ticket.number) == ticket
            assert tx.person("T1", "U1") == ERIKA
            assert tx.export_person("T1", "U1")["walks"]

    for _ in range(7):
        look()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for table in ("walks", "tickets", "people", "outbox"):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN newer text".encode())
    look()
    with one.transaction() as tx:
        tx.enqueue(ROW)
    assert one.claim(NOON, LEASE, frozenset()) is not None


def test_programs_that_start_together_make_one_schema(
    postgres_server: PostgresServer, sqlite_store: SqliteStore
) -> None:
    """They wait for each other at a lock."""
    url, failed = postgres_server.new_database(), []

    def start() -> None:
        try:
            open_store(url).close()
        except Exception as error:  # noqa: BLE001 - it is told
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    names = {row[0] for row in answer(url, "SELECT name FROM migrations")}
    assert names == {migration.name for migration in MIGRATIONS.applied(sqlite_store.db)}


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


def test_a_server_that_was_restarted_is_not_noticed(one: PostgresStore, postgres_url: str) -> None:
    """Its connections are gone; the next act makes new ones."""
    with one.transaction() as tx:
        tx.enqueue(ROW)
    claimed = one.claim(NOON, LEASE, frozenset())
    assert claimed is not None
    answer(
        postgres_url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'amazon-token'"
    )
    with one.transaction() as tx:
        tx.enqueue(replace(ROW, key="b", ordering_key="other"))
    answer(
        postgres_url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'amazon-token'"
    )
    second = one.claim(NOON, LEASE, frozenset())
    assert second is not None
    assert second.key == "b"
    one.delivered(claimed, "D1", "1.0")
    assert one.state("a") == "delivered"


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
