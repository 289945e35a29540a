"""What the tests of the store in PostgreSQL share: records, a transaction that is open, a look into the database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bot.store.models import Destination, Person, Row, TicketRecord, WalkRecord
from bot.store.postgres import PostgresStore

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


class Open:
    """A transaction that is open until it is committed; so a test says in which order everything happens."""

    def __init__(self, store: PostgresStore) -> None:
        self._context = store.transaction()
        self.tx = self._context.__enter__()

    def commit(self) -> None:
        self._context.__exit__(None, None, None)


def answer(connection_url: str, sql: str) -> list[Any]:
    with psycopg.connect(connection_url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()
