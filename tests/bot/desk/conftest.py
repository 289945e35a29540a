"""People at a real desk. After every test that has a store, all that was put into the outbox is looked through."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.desk.desk import Desk
from bot.desk.house import House, Who
from bot.store.sqlite import SqliteStore
from tests.bot.desk.visits import ANNA, BEN, ERIKA, OLIVER, Clock, Told, Visit


@pytest.fixture(autouse=True)
def told(request: pytest.FixtureRequest) -> Iterator[Told | None]:
    """What was said in this test: within Slack's limits, and nothing of it unmarked."""
    if "store" not in request.fixturenames:
        yield None
        return
    kept = Told(request.getfixturevalue("store"))
    yield kept
    kept.check()


@pytest.fixture
def clocked(house: House, store: SqliteStore) -> Desk:
    """A desk whose clock moves a second with each look."""
    return Desk(replace(house, clock=Clock()), store)


@pytest.fixture
def visit(clocked: Desk, store: SqliteStore) -> Callable[[Who], Visit]:
    """Somebody who has been met."""
    return lambda who: Visit(clocked, store, who).meet()


@pytest.fixture
def erika(visit: Callable[[Who], Visit]) -> Visit:
    return visit(ERIKA)


@pytest.fixture
def oliver(visit: Callable[[Who], Visit]) -> Visit:
    return visit(OLIVER)


@pytest.fixture
def anna(visit: Callable[[Who], Visit]) -> Visit:
    return visit(ANNA)


@pytest.fixture
def ben(visit: Callable[[Who], Visit]) -> Visit:
    return visit(BEN)
