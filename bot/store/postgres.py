"""The store in PostgreSQL: several processes on several machines share it.

A use case is one transaction that sees one state of the database (REPEATABLE READ). Two use cases that both rely on the
same walk, ticket or person do not overlap: each writes these rows, also where it only reads them, so the later one is
rolled back with `ConcurrentChange` and repeated as a whole.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.statistics.rows import HistoryRows, Selection
from bot.store.models import Person, Row, TicketRecord, WalkRecord
from bot.store.postgres_connection import NO_IDLE_LIMIT, Connections, as_psycopg
from bot.store.postgres_owner import Owner
from bot.store.postgres_schema import migrate
from bot.store.postgres_statements import LOCK_ALL_KEYS, PostgresStatements, waited_for_row
from bot.store.protocol import ConcurrentChange, UnderWay
from bot.store.retention import SqlRetention
from bot.store.sql_outages import SqlOutages
from bot.store.sql_outbox import Result, SqlOutgoing
from bot.store.sql_store import SqlStore
from bot.store.sql_templates import SqlTemplates
from bot.store.sql_tickets import SqlTickets

_LISTS = frozenset({"tickets", "tickets_of_merchant", "walks_under_way", "walks_elsewhere", "dead_cards"})
"""A use case that asks for these looks at many and relies on none."""
MOST_KEYS = 200
"""So many ordering keys are locked one by one: the server has room for some thousand locks of all transactions."""


class PostgresTransaction(PostgresStatements, SqlRetention, SqlTickets, SqlTemplates, SqlOutages, SqlOutgoing):
    """`bot.store.protocol.Transaction` inside `PostgresStore.transaction()`."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self._actor: tuple[str, str] | None = None
        self._walks_read: set[int] = set()
        self._walks_claimed: set[int] = set()
        self._tickets_read: set[int] = set()
        self._tickets_claimed: set[int] = set()
        self._keys_locked: set[str] = set()

    def in_the_name_of(self, team_id: str, user_id: str) -> None:
        self._actor = (team_id, user_id)

    def first_time(self, event_id: str, at: datetime) -> bool:
        try:
            return super().first_time(event_id, at)
        except ConcurrentChange as error:
            if waited_for_row(error, "seen"):
                raise UnderWay(str(error)) from error
            raise

    def enqueue(self, row: Row) -> None:
        # Always first the records, then the ordering keys, which `flush` sorts: so two transactions do not block each
        # other. Rows of one key get their numbers in the order of the commits, because its lock is held until then.
        self.claim_subjects()
        super().enqueue(row)

    def save_walk(self, walk: WalkRecord) -> WalkRecord:
        self.claim_subjects()
        return super().save_walk(walk)

    def save_walk_state(self, walk: WalkRecord) -> None:
        self.claim_subjects()
        super().save_walk_state(walk)

    def save_ticket(self, ticket: TicketRecord) -> None:
        self.claim_subjects()
        super().save_ticket(ticket)

    def merge_ticket(self, number: int, into: int) -> None:
        self.claim_subjects()
        super().merge_ticket(number, into)

    def claim_subjects(self) -> None:
        """Write what was relied on so far: the person, then the walks, then the tickets, each after its walk.

        All do so in this order before they change one of them, so two transactions do not wait for each other.
        """
        if self._actor is not None:
            self._change("touch_person", team_id=self._actor[0], user_id=self._actor[1])
            self._actor = None
        if walks := self._walks_read - self._walks_claimed:
            self._change("touch_walks", walks=walks)
            self._walks_claimed |= walks
        if tickets := self._tickets_read - self._tickets_claimed:
            self._change("touch_tickets", numbers=tickets)
            self._tickets_claimed |= tickets

    def _lock_ordering_key(self, key: str) -> None:
        if key in self._keys_locked or len(self._keys_locked) > MOST_KEYS:
            return
        self._keys_locked.add(key)
        if len(self._keys_locked) > MOST_KEYS:
            # From here on nobody else adds rows until the commit. What waits for one of these keys gives up first.
            self._connections.execute(LOCK_ALL_KEYS, {})
        else:
            super()._lock_ordering_key(key)

    def _walks(self, query: str, /, **values: Any) -> list[WalkRecord]:
        walks = super()._walks(query, **values)
        if query not in _LISTS:
            self._walks_read.update(walk.id for walk in walks)
        return walks

    def _tickets(self, query: str, /, **values: Any) -> list[TicketRecord]:
        tickets = super()._tickets(query, **values)
        if query not in _LISTS:
            self._tickets_read.update(ticket.number for ticket in tickets)
            self._walks_read.update(ticket.walk_id for ticket in tickets if ticket.walk_id is not None)
        return tickets


class PostgresStore(PostgresStatements, SqlStore):
    """`bot.store.protocol.Store` for several threads: each has a connection of its own."""

    is_shared = True

    def __init__(self, connections: Connections, threads: int = 1) -> None:
        super().__init__(connections)
        self.threads = threads
        self._this_process = Owner(connections)

    @contextmanager
    def transaction(self) -> Iterator[PostgresTransaction]:
        with self._connections.transaction("REPEATABLE READ"):
            tx = PostgresTransaction(self._connections)
            yield tx
            if tx.changed:
                tx.claim_subjects()

    @contextmanager
    def shared_commit(self) -> Iterator[None]:
        """Each transaction of the block is durable by itself: the server joins the commits of several threads."""
        yield

    def recover(self) -> int:
        self._owner = self._this_process.number
        return super().recover()

    def person(self, team_id: str, user_id: str) -> Person | None:
        return PostgresTransaction(self._connections).person(team_id, user_id)

    def history(self, selection: Selection, default_language: str) -> HistoryRows:
        with self._connections.transaction("REPEATABLE READ READ ONLY"):
            self._connections.execute(as_psycopg(NO_IDLE_LIMIT), {})
            return PostgresTransaction(self._connections).history(selection, default_language)

    def scrub(self, now: datetime) -> bool:
        """Words that are forgotten leave the tables with PostgreSQL's own vacuum."""
        self._forget_response_urls(now)
        return self._forget_turns()

    def renew_seal(self) -> bool:
        """Whether something of the database is missing is the server's concern."""
        return True

    def wait_for_locks(self, seconds: float) -> None:
        """How long the server lets a statement wait is set for each connection."""

    def others_differ(self, known: int) -> bool:
        """Each says so with a lock that lasts as long as its connection."""
        return self._this_process.others_differ(known)

    def try_lock(self) -> None:
        """`StoreLockedError` while the server does not answer."""
        self._connections.connect().close()

    def close(self) -> None:
        """With the connections goes the owner's lock: others take what this process has left once a lease is over."""
        self._connections.close()

    def _claimed(self, now: datetime, lease: timedelta, held_keys: frozenset[str], busy: frozenset[str]) -> Row | None:
        self._owner = self._this_process.lock_claims()
        return super()._claimed(now, lease, held_keys, busy)

    def _whole(self, function: Callable[..., Result], *args: Any) -> Result:
        return self._connections.whole(function, *args)


def open_store(database_url: str, threads: int = 1) -> PostgresStore:
    """Connect to the database that `postgresql://…` names and bring its schema up to date. `StoreError`."""
    connections = Connections(database_url)
    try:
        migrate(connections)
    except BaseException:
        connections.close()
        raise
    return PostgresStore(connections, threads)
