"""Every store passes one suite. Another one joins by its name in `params`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import postgres, sqlite
from bot.store.protocol import Store
from bot.store.sqlite import SqliteStore


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        opened: Store = sqlite.open_store(f"sqlite:///{tmp_path}/bot.db")
    else:
        opened = postgres.open_store(request.getfixturevalue("postgres_url"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A store for what only looks at the schema."""
    opened = sqlite.open_store(f"sqlite:///{tmp_path_factory.mktemp('schema')}/bot.db")
    yield opened
    opened.close()


@pytest.fixture
def one(postgres_url: str) -> Iterator[postgres.PostgresStore]:
    """The store of one process."""
    opened = postgres.open_store(postgres_url)
    yield opened
    opened.close()


@pytest.fixture
def other(postgres_url: str) -> Iterator[postgres.PostgresStore]:
    """The store of another process at the same database."""
    opened = postgres.open_store(postgres_url)
    yield opened
    opened.close()
