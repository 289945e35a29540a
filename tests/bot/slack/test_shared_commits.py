"""Use cases that wait for the store at the same time share one durable commit, and nothing else."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from bot.services import people
from bot.services.context import Actor
from bot.services.runner import Services, UseCase
from bot.services.unit_of_work import UnitOfWork
from bot.slack.dispatch import GroupCommit
from bot.store.models import Person
from bot.store.protocol import StatementError, StoreError
from bot.store.sqlite import SqliteStore
from tests.bot.slack.conftest import TEAM, Door, door

__all__ = ["door"]


def meeting(user_id: str) -> Callable[[UnitOfWork], str]:
    """A use case that leaves a trace in the store."""

    def case(unit: UnitOfWork) -> str:
        unit.tx.save_person(Person(team_id=TEAM, user_id=user_id))
        return user_id

    return case


def failing(user_id: str, error: Exception) -> Callable[[UnitOfWork], None]:
    """A use case that has written already when it fails."""

    def case(unit: UnitOfWork) -> None:
        meeting(user_id)(unit)
        raise error

    return case


def by(case: Callable[[UnitOfWork], Any], event_id: str | None = None) -> UseCase:
    return UseCase(Actor(TEAM, "U0ERIKA"), case, event_id)


async def known(door: Door, *users: str) -> frozenset[str]:
    return await door.thread.run(door.services.unit_of_work, people.known, TEAM, users)


async def together(door: Door, *cases: UseCase) -> list[Any]:
    """What each gives or raises; all of them wait while the store is at work on something else."""
    commits = GroupCommit(door.services, door.thread)
    before = by(lambda _unit: None)
    _, *done = await asyncio.gather(*(commits.do(case) for case in (before, *cases)), return_exceptions=True)
    return done


def connection(door: Door) -> sqlite3.Connection:
    store = door.services.store
    assert isinstance(store, SqliteStore)
    return store.db.conn


async def test_waiting_use_cases_share_one_commit(door: Door) -> None:
    """Thirty wait, one commit makes all of them durable, and each gets its own result."""
    users, statements = [f"U{number}" for number in range(30)], list[str]()
    await door.thread.run(connection(door).set_trace_callback, statements.append)
    assert await together(door, *(by(meeting(user)) for user in users)) == users
    await door.thread.run(connection(door).set_trace_callback, None)
    assert statements.count("COMMIT") == 2  # of what they waited for, and theirs
    assert await known(door, *users) == set(users)


async def test_nobody_is_answered_before_the_commit(door: Door) -> None:
    """While the commit has not ended, none of those it is for is done."""
    seen: list[bool] = []
    waiting: list[asyncio.Task[Any]] = []
    commits = GroupCommit(door.services, door.thread)
    door.services._at = lambda _point: seen.append(any(task.done() for task in waiting))
    first = asyncio.create_task(commits.do(by(meeting("U0BEFORE"))))
    waiting += [asyncio.create_task(commits.do(by(meeting(f"U{number}")))) for number in range(5)]
    await asyncio.gather(first, *waiting)
    assert len(seen) == 12  # before and after the commit, for each
    assert not any(seen)


async def test_one_that_fails_takes_no_other_with_it(door: Door) -> None:
    """It raises what went wrong and leaves nothing; those before and after it are kept."""
    wrong = LookupError("mine")
    first, failed, last = await together(door, by(meeting("U1")), by(failing("U2", wrong)), by(meeting("U3")))
    assert (first, failed, last) == ("U1", wrong, "U3")
    assert await known(door, "U1", "U2", "U3") == {"U1", "U3"}


async def test_a_repeat_beside_its_first_delivery_does_nothing(door: Door) -> None:
    """Both wait for the same commit; the second one sees the mark of the first. After a failure there is none."""
    again = [by(meeting("U1"), "Ev1"), by(meeting("U2"), "Ev1")]
    assert await together(door, *again) == ["U1", None]
    failed, retried = await together(door, by(failing("U3", KeyError()), "Ev2"), by(meeting("U4"), "Ev2"))
    assert isinstance(failed, KeyError)
    assert retried == "U4"
    assert await known(door, "U1", "U2", "U3", "U4") == {"U1", "U4"}


def test_what_an_earlier_one_did_is_seen_by_the_later(services: Services) -> None:
    """They happen one after the other, as if each had committed."""
    seen = services.do_all([by(meeting("U1")), by(lambda unit: unit.tx.person(TEAM, "U1") is not None)])
    assert [one.result for one in seen] == ["U1", True]


def test_a_full_disk_is_told_to_all_of_them(services: Services, store: SqliteStore) -> None:
    """When SQLite has rolled everything back nobody is told that anything was kept; afterwards everything works."""
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    store.db.execute(f"PRAGMA max_page_count = {pages}").fetchone()
    long = "x" * 100_000

    def filling(unit: UnitOfWork) -> None:
        unit.tx.save_person(Person(team_id=TEAM, user_id="U2", name=long))

    with pytest.raises(StoreError):
        services.do_all([by(meeting("U1")), by(filling), by(meeting("U3"))])
    store.db.execute("PRAGMA max_page_count = 1000000").fetchone()
    assert services.unit_of_work(people.known, TEAM, ["U1", "U2", "U3"]) == frozenset()
    assert [one.error for one in services.do_all([by(meeting("U4"))])] == [None]


async def test_an_error_of_the_commit_is_everybodys(door: Door) -> None:
    """All of them raise it, none is kept, and the next one is served."""

    def no_commit(_action: int, name: str | None, *_more: object) -> int:
        return sqlite3.SQLITE_DENY if name == "COMMIT" else sqlite3.SQLITE_OK

    await door.thread.run(connection(door).set_authorizer, no_commit)
    refused = await together(door, by(meeting("U1")), by(meeting("U2")))
    await door.thread.run(connection(door).set_authorizer, None)
    assert [type(error) for error in refused] == [StatementError] * 2
    assert await together(door, by(meeting("U3"))) == ["U3"]
    assert await known(door, "U1", "U2", "U3") == {"U3"}


async def test_whoever_stops_waiting_holds_up_nobody(door: Door) -> None:
    """A cancelled request's use case happens all the same, and the others get their answers."""
    commits = GroupCommit(door.services, door.thread)
    gone, stays = (asyncio.create_task(commits.do(by(meeting(user)))) for user in ("U1", "U2"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == "U2"
    assert await known(door, "U1", "U2") == {"U1", "U2"}


async def test_whatever_else_wants_the_store_comes_to_its_turn(door: Door) -> None:
    """Whoever has asked for the store's thread before a commit begins is served before it, however many wait."""
    commits, order = GroupCommit(door.services, door.thread), list[int | str]()
    cases = [by(lambda _unit, n=number: order.append(n)) for number in range(2 * commits.MOST_IN_A_BATCH)]
    crowd = asyncio.gather(*(commits.do(case) for case in cases))
    await asyncio.sleep(0)  # all are handed over, and the first is given to the thread
    await door.thread.run(order.append, "courier")
    await crowd
    assert order == [0, "courier", *range(1, 2 * commits.MOST_IN_A_BATCH)]
