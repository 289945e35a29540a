"""Which process owns a row of the outbox, and whether it is alive: it holds a lock while it is connected."""

import secrets
from threading import Lock

import psycopg

from bot.store.postgres_connection import Connections, as_psycopg, understood_on
from bot.store.postgres_session import Session
from bot.store.postgres_statements import patient
from bot.store.protocol import ConcurrentChange

LOCK_CLASS = 7001
"""Of the advisory locks that say who lives; `abandoned` in `bot/store/dialect.py` looks at them."""
_KNOWS_CLASS = 7006
"""Of the advisory locks that say of each living process what it knows."""
_OTHERS = as_psycopg(
    "SELECT count(*) FILTER (WHERE classid = CAST(:alive AS bigint) AND objsubid = 2)"
    " > count(*) FILTER (WHERE classid = CAST(:knows AS bigint) AND objid = CAST(:known AS bigint)) AS found"
    " FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_LOCK_CLAIMS = patient(
    "pg_advisory_xact_lock(7004, 0)",
    "NOT pg_try_advisory_xact_lock_shared(CAST(:lock_class AS int), CAST(:owner AS int)) AS is_held",
)


class Owner:
    """This process, as others see it.

    The connection that holds its lock does nothing else: the server ends one on which a transaction is left open.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = Lock()
        self._connection: Session | None = None
        self._number = 0
        self._says: tuple[Session, int] | None = None

    @property
    def number(self) -> int:
        """The number of the lock, which is taken where that has not been done yet."""
        with self._lock:
            if self._connection is None or self._connection.closed:
                self._connection, self._number = self._locked()
            return self._number

    def lock_claims(self) -> int:
        """Let no other process claim a row until the commit; the number of this process's lock, which it holds.

        When the connection with the lock was lost, `ConcurrentChange`, and there is another number from then on: what
        was claimed under the old one is taken by anybody once its lease is over.
        """
        number = self.number
        found = self._connections.execute(_LOCK_CLAIMS, {"lock_class": LOCK_CLASS, "owner": number}).fetchone()
        if found is None or not found["is_held"]:
            with self._lock:
                if self._connection is not None and number == self._number:
                    self._connection.close()
            raise ConcurrentChange("The connection with this process's lock was lost.")
        return number

    def others_differ(self, known: int) -> bool:
        """Whether another process lives that does not say `known`, as this one does from now on."""
        self._say(known)
        values = {"known": known, "alive": LOCK_CLASS, "knows": _KNOWS_CLASS}
        found = self._connections.execute(_OTHERS, values).fetchone()
        return found is not None and bool(found["found"])

    def _say(self, known: int) -> None:
        _ = self.number
        with self._lock:
            connection = self._connection
            if connection is None or self._says == (connection, known):
                return
            try:
                connection.execute(b"SELECT pg_advisory_lock_shared(%s::int, %s::int)", [_KNOWS_CLASS, known])
            except psycopg.Error as error:
                raise understood_on(connection, error) from error
            self._says = connection, known

    def _locked(self) -> tuple[Session, int]:
        connection = self._connections.connect()
        number = secrets.randbelow(2**31 - 1) + 1
        try:
            connection.execute(b"SELECT pg_advisory_lock(%s::int, %s::int)", [LOCK_CLASS, number])
        except psycopg.Error as error:
            meaning = understood_on(connection, error)
            connection.close()
            raise meaning from error
        return connection, number
