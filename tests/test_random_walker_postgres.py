"""The random walker of `test_random_walker.py` over PostgreSQL, for a few examples: the same holds after every act."""

from collections.abc import Iterator
from typing import Any, ClassVar

import psycopg
import pytest
from psycopg.rows import dict_row

from bot.store.postgres import open_store
from tests.postgres_server import PostgresServer
from tests.test_random_walker import TokenWalker, _bounded
from tests.walkers.ways import TYPED_SECRETS

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"


class Looks:
    """What the walker asks of SQLite directly, for PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def query(self, sql: str) -> Iterator[dict[str, Any]]:
        return iter(self._connection.cursor(row_factory=dict_row).execute(sql.encode()).fetchall())

    def execute(self, sql: str) -> psycopg.Cursor[Any]:
        return self._connection.execute(sql.encode())

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Each table with all that is in it."""
        for (table,) in self.execute(TABLES).fetchall():
            rows = self.execute(f"SELECT CAST(t AS text) FROM {table} AS t").fetchall()  # noqa: S608 - the schema's own
            yield table, repr(rows).encode()

    def close(self) -> None:
        self._connection.close()


class PostgresWalker(TokenWalker):
    """Each example has a database of its own."""

    server: ClassVar[PostgresServer]
    template: ClassVar[str]

    def __init__(self) -> None:
        self._url = self.server.new_database(self.template)
        self._looks = Looks(self._url)
        super().__init__()

    def _open(self) -> Any:
        store: Any = open_store(self._url)
        store.db = self._looks
        return store

    def teardown(self) -> None:
        leaks = TYPED_SECRETS.leaks(self._looks.everything())
        self._looks.close()
        super().teardown()
        assert leaks == []


@pytest.fixture(scope="module", autouse=True)
def _server(postgres_server: PostgresServer, migrated_database: str) -> None:
    PostgresWalker.server, PostgresWalker.template = postgres_server, migrated_database


TestRandomWalkerOnPostgres = pytest.mark.long(PostgresWalker.TestCase)
TestRandomWalkerOnPostgres.settings = _bounded(5)
