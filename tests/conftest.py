"""What every test may use."""

import gc
import os
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import settings

from bot.app import bootstrap
from bot.images.render_process import Renderer
from bot.services.context import AppConfig
from bot.services.runner import Services
from bot.store import postgres
from bot.store.sqlite import SqliteStore, open_store
from conversations.all_texts import AllTexts
from tests import shared_texts
from tests.guides import all_marked_texts
from tests.postgres_server import PostgresServer, serving
from tests.shared_pictures import VARIABLE, shared_by
from tests.timing import unmeasured

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")  # an example that takes long on a busy machine is right all the same


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, then stories, in the order in which they were found.

    Coverage makes Python half as fast, so it follows neither long tests nor a story that is told again with other
    parameters: they go over lines that others cover.
    """
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("long", "story")])
    told = set[tuple[pytest.Item | pytest.Collector | None, str]]()
    for item in items:
        story = item.parent, getattr(item, "originalname", item.name)
        is_repeated = story in told and item.get_closest_marker("story") is not None
        if is_repeated or item.get_closest_marker("long") is not None:
            item.add_marker("unmeasured")
        told.add(story)


def pytest_configure() -> None:
    """Collect garbage rarely: to look at all that thousands of tests have loaded took a fifth of the whole time."""
    gc.set_threshold(20_000, 20, 10)


def pytest_collection_finish() -> None:
    """What is there by now stays: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _pictures_are_shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Bots in the tests' own processes, the workers' too, render each picture once. See `rendered_anew`."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "rendered"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "Renderer", shared_by(folder))
        patch.setenv(VARIABLE, str(folder))
        yield


@pytest.fixture(scope="session", autouse=True)
def _texts_are_read_once() -> Iterator[None]:
    """Bots in the tests' own processes share the shipped texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "load_texts", shared_texts.load_texts)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server of this process's own; the test is skipped where PostgreSQL is not installed, unless CI is set."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_database(postgres_server: PostgresServer) -> str:
    """The name of an empty database with the schema."""
    url = postgres_server.new_database()
    postgres.open_store(url).close()
    return url.rpartition("/")[2]


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, migrated_database: str) -> str:
    """The address of an empty database with the schema."""
    return postgres_server.new_database(migrated_database)


@pytest.fixture(autouse=True)
def _unmeasured(request: pytest.FixtureRequest) -> Iterator[None]:
    """Coverage follows neither a test that is `unmeasured` nor the programs that it starts."""
    with unmeasured() if request.node.get_closest_marker("unmeasured") else nullcontext():
        yield


@pytest.fixture
def rendered_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot renders its pictures itself, as it does in service."""
    monkeypatch.setattr(bootstrap, "Renderer", Renderer)


@pytest.fixture(scope="session")
def marked_guides() -> AllTexts:
    """Both languages, every text marked."""
    return all_marked_texts()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A real store in a file of its own."""
    opened = open_store(f"sqlite:///{tmp_path / 'test.db'}")
    yield opened
    opened.close()


@pytest.fixture
def config(marked_guides: AllTexts) -> AppConfig:
    """A house with marked guides."""
    return AppConfig(
        all_texts=marked_guides,
        hash_key=b"a key for tests only, 32 bytes!!",
        support_channel="C0SUPPORT",
        workspace="Muster Handel GmbH",
        bot_version="0.0.0",
    )


@pytest.fixture
def services(config: AppConfig, store: SqliteStore) -> Services:
    """The desk over a real store."""
    return Services(config, store)
