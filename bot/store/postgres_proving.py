"""What the proofs need: processes at one database, several of them at once, and connections that are cut."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from bot.store.models import Destination, Row
from bot.store.postgres import PostgresStore
from bot.store.postgres_connection import Connections, as_psycopg
from bot.store.postgres_schema import migrate
from bot.store.postgres_session import Session

_CUT = "SELECT pg_terminate_backend(:pid)"
_THERE = "SELECT 1 FROM pg_stat_activity WHERE pid = :pid"
_GONE_SECONDS = 10.0

T = TypeVar("T")


TEAM = "T0PROOF"
LEASE = timedelta(seconds=1)


class NotProven(Exception):  # noqa: N818 - it is an answer
    """A promise does not hold. The message says what happened instead."""


def expect(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - it is the thing itself
    """`NotProven` with these words unless it holds."""
    if not holds:
        raise NotProven(otherwise)


def there(value: T | None, otherwise: str) -> T:
    """The value; `NotProven` with these words when there is none."""
    if value is None:
        raise NotProven(otherwise)
    return value


def at_once(*acts: Callable[[], T]) -> list[T]:
    """The results of all, which begin at the same moment in threads of their own."""
    together = Barrier(len(acts))

    def begun(act: Callable[[], T]) -> T:
        together.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(begun, act) for act in acts]]


def row_of(key: str, ordering_key: str, number: int = 0) -> Row:
    """A row of the outbox that is due now."""
    now = datetime.now(UTC)
    return Row(
        key=key, destination=Destination(TEAM, ordering_key), method="post", content={"number": number},
        ordering_key=ordering_key, created_at=now, due_at=now,
    )  # fmt: skip


class _Remembered(Connections):
    """Connections that remember which ones they have made."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.made: list[Session] = []

    def connect(self) -> Session:
        connection = super().connect()
        self.made.append(connection)
        return connection


class Process(PostgresStore):
    """A process of the bot, as the server sees it: with connections and an owner's lock of its own."""

    def __init__(self, url: str) -> None:
        self.connections = _Remembered(url)
        super().__init__(self.connections)

    def add(self, *rows: Row) -> None:
        """Put rows into the outbox, in one transaction."""
        with self.transaction() as tx:
            for row in rows:
                tx.enqueue(row)

    def take(self, later: timedelta = timedelta()) -> Row | None:
        """Claim the next row, now or as if it were later."""
        return self.claim(datetime.now(UTC) + later, LEASE, frozenset())

    def ask(self, sql: str, **values: Any) -> Any:
        """The first column of the first row of an answer, or `None`."""
        row = self.connections.execute(as_psycopg(sql), values).fetchone()
        return None if row is None else next(iter(row.values()))


class Proving:
    """Processes over one database, which gets the schema here."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self._url = url
        self._stack = stack
        self._watcher = self.process()
        migrate(self._watcher.connections)

    def process(self) -> Process:
        """Another process."""
        store = Process(self._url)
        self._stack.callback(store.close)
        return store

    def cut(self, store: Process) -> None:
        """End all connections of one process on the server, and wait until they are gone."""
        pids = [connection.info.backend_pid for connection in store.connections.made if not connection.closed]
        store.connections.made.clear()
        for pid in pids:
            self._watcher.ask(_CUT, pid=pid)
        give_up = time.monotonic() + _GONE_SECONDS
        for pid in pids:
            while self._watcher.ask(_THERE, pid=pid) is not None:
                expect(time.monotonic() < give_up, "a connection cannot be ended: does a pooler lend it?")

    def unsent(self) -> int:
        """How many rows of the outbox have not arrived."""
        counts = self._watcher.unsent_counts()
        return counts["pending"] + counts["running"]

    @staticmethod
    @contextmanager
    def thread() -> Iterator[Any]:
        """Something that runs a function in another thread; the block ends when it has."""
        with ThreadPoolExecutor(1) as pool:
            yield pool
