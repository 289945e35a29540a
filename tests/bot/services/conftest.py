"""People at a real desk. After every test that has a store, all that was put into the outbox is looked through."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.services.context import Actor, AppConfig
from bot.services.runner import Services
from bot.store.sqlite import SqliteStore, open_store
from tests.bot.services.visits import ANNA, BEN, ERIKA, OLIVER, Clock, Told, Visit
from tests.bot.services.watched import Watched


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the schema, made once: migrating takes longer than most tests here."""
    path = tmp_path_factory.mktemp("desk") / "empty.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Iterator[SqliteStore]:
    """A real store in a file of its own."""
    shutil.copy(migrated, tmp_path / "test.db")
    opened = open_store(f"sqlite:///{tmp_path / 'test.db'}")
    yield opened
    opened.close()


@pytest.fixture
def watched(config: AppConfig, store: SqliteStore) -> Watched:
    return Watched(config, store)


@pytest.fixture(autouse=True)
def told(request: pytest.FixtureRequest) -> Iterator[Told | None]:
    """What was said in this test over SQLite: within Slack's limits, and nothing of it unmarked."""
    store = request.getfixturevalue("store") if "store" in request.fixturenames else None
    if not isinstance(store, SqliteStore):
        yield None
        return
    kept = Told(store)
    yield kept
    kept.check()


@pytest.fixture
def clocked(config: AppConfig, store: SqliteStore) -> Services:
    """A desk whose clock moves a second with each look."""
    return Services(replace(config, clock=Clock()), store)


@pytest.fixture
def visit(clocked: Services, store: SqliteStore) -> Callable[[Actor], Visit]:
    """Somebody who has been met."""
    return lambda who: Visit(clocked, store, who).meet()


@pytest.fixture
def erika(visit: Callable[[Actor], Visit]) -> Visit:
    return visit(ERIKA)


@pytest.fixture
def oliver(visit: Callable[[Actor], Visit]) -> Visit:
    return visit(OLIVER)


@pytest.fixture
def anna(visit: Callable[[Actor], Visit]) -> Visit:
    return visit(ANNA)


@pytest.fixture
def ben(visit: Callable[[Actor], Visit]) -> Visit:
    return visit(BEN)
