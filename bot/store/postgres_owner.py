"""Which process owns a row of the outbox, and whether it is alive: it holds a lock while it is connected."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

import psycopg

from bot.store.postgres_connection import Connections, Session, understood

LOCK_CLASS = 7001
"""Of the advisory locks that say who lives; `abandoned` in `bot/store/dialect.py` looks at them."""


class Owner:
    """This process, as others see it. Rows are claimed on the connection that holds its lock, so it holds it then."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = Lock()
        self._connection: Session | None = None
        self._number = 0

    @contextmanager
    def alive(self) -> Iterator[int]:
        """The calling thread uses the connection with the lock in the block; the number of the lock.

        When that connection is lost, the next one gets another number: what was claimed under the old one is taken
        by anybody once its lease is over.
        """
        with self._lock:
            connection = self._held()
            with self._connections.using(connection):
                yield self._number

    def _held(self) -> Session:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.execute(b"")
                return self._connection
            self._connection.close()
        connection = self._connections.connect()
        number = secrets.randbelow(2**31 - 1) + 1
        try:
            connection.execute(b"SELECT pg_advisory_lock(%s::int, %s::int)", [LOCK_CLASS, number])
        except psycopg.Error as error:
            connection.close()
            raise understood(error) from error
        self._connection, self._number = connection, number
        return connection
