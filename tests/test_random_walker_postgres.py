"""The random walker of `test_random_walker.py` over PostgreSQL, for a few examples: the same holds after every act."""

from typing import Any, ClassVar

import pytest

from bot.store.postgres import open_store
from tests.postgres_server import Looks, PostgresServer
from tests.test_random_walker import TokenWalker, _bounded
from tests.walkers.ways import TYPED_SECRETS


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
