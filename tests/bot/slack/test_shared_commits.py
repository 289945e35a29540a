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
from tests.bot.slack.conftest import TEAM, Harness, harness

__all__ = ["harness"]


def saving(user_id: str) -> Callable[[UnitOfWork], str]:
    """A use case that saves a person."""

    def case(unit: UnitOfWork) -> str:
        unit.tx.save_person(Person(team_id=TEAM, user_id=user_id))
        return user_id

    return case


def failing(user_id: str, error: Exception) -> Callable[[UnitOfWork], None]:
    """A use case that fails after it has saved a person."""

    def case(unit: UnitOfWork) -> None:
        saving(user_id)(unit)
        raise error

    return case


def as_erika(case: Callable[[UnitOfWork], Any], event_id: str | None = None) -> UseCase:
    return UseCase(Actor(TEAM, "U0ERIKA"), case, event_id)


async def stored(harness: Harness, *users: str) -> frozenset[str]:
    return await harness.thread.run(harness.services.unit_of_work, people.known, TEAM, users)


async def run_together(harness: Harness, *cases: UseCase) -> list[Any]:
    """The result or exception of each; all of them wait while the store is busy with another use case."""
    commits = GroupCommit(harness.services, harness.thread)
    before = as_erika(lambda _unit: None)
    _, *done = await asyncio.gather(*(commits.do(case) for case in (before, *cases)), return_exceptions=True)
    return done


def connection(harness: Harness) -> sqlite3.Connection:
    store = harness.services.store
    assert isinstance(store, SqliteStore)
    return store.db.conn


async def test_waiting_use_cases_share_one_commit(harness: Harness) -> None:
    """Thirty wait, one commit makes all of them durable, and each gets its own result."""
    users, statements = [f"U{number}" for number in range(30)], list[str]()
    await harness.thread.run(connection(harness).set_trace_callback, statements.append)
    assert await run_together(harness, *(as_erika(saving(user)) for user in users)) == users
    await harness.thread.run(connection(harness).set_trace_callback, None)
    assert statements.count("COMMIT") == 2  # that of the use case they waited for, and theirs
    assert await stored(harness, *users) == set(users)


async def test_what_nobody_waits_for_any_more_is_not_begun(harness: Harness) -> None:
    """As when the bot stops: whoever sent it has had no answer."""
    commits = GroupCommit(harness.services, harness.thread)
    before, given_up, after = (asyncio.create_task(commits.do(as_erika(saving(user)))) for user in ("U1", "U2", "U3"))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(before, after)
    assert given_up.cancelled()
    assert await stored(harness, "U1", "U2", "U3") == {"U1", "U3"}


async def test_nobody_is_answered_before_the_commit(harness: Harness) -> None:
    """No use case is done before its commit has ended."""
    seen: list[bool] = []
    waiting: list[asyncio.Task[Any]] = []
    commits = GroupCommit(harness.services, harness.thread)
    harness.services._at = lambda _point: seen.append(any(task.done() for task in waiting))
    first = asyncio.create_task(commits.do(as_erika(saving("U0BEFORE"))))
    waiting += [asyncio.create_task(commits.do(as_erika(saving(f"U{number}")))) for number in range(5)]
    await asyncio.gather(first, *waiting)
    assert len(seen) == 12  # before and after the commit, for each
    assert not any(seen)


async def test_a_failing_use_case_affects_no_other(harness: Harness) -> None:
    """It raises its exception and changes nothing; those before and after it are committed."""
    wrong = LookupError("mine")
    first, failed, last = await run_together(
        harness, as_erika(saving("U1")), as_erika(failing("U2", wrong)), as_erika(saving("U3"))
    )
    assert (first, failed, last) == ("U1", wrong, "U3")
    assert await stored(harness, "U1", "U2", "U3") == {"U1", "U3"}


async def test_a_repeat_in_the_same_commit_does_nothing(harness: Harness) -> None:
    """The second delivery sees the mark of the first. If the first failed there is none."""
    deliveries = [as_erika(saving("U1"), "Ev1"), as_erika(saving("U2"), "Ev1")]
    assert await run_together(harness, *deliveries) == ["U1", None]
    failed, retried = await run_together(
        harness, as_erika(failing("U3", KeyError()), "Ev2"), as_erika(saving("U4"), "Ev2")
    )
    assert isinstance(failed, KeyError)
    assert retried == "U4"
    assert await stored(harness, "U1", "U2", "U3", "U4") == {"U1", "U4"}


def test_a_later_use_case_sees_what_an_earlier_one_did(services: Services) -> None:
    """They run one after the other, as if each had committed."""
    results = services.do_all([as_erika(saving("U1")), as_erika(lambda unit: unit.tx.person(TEAM, "U1") is not None)])
    assert [result.result for result in results] == ["U1", True]


def test_a_full_disk_fails_all_of_them(services: Services, store: SqliteStore) -> None:
    """SQLite rolls everything back, so none succeeds; afterwards everything works again."""
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    store.db.execute(f"PRAGMA max_page_count = {pages}").fetchone()
    long = "x" * 100_000

    def filling(unit: UnitOfWork) -> None:
        unit.tx.save_person(Person(team_id=TEAM, user_id="U2", name=long))

    with pytest.raises(StoreError):
        services.do_all([as_erika(saving("U1")), as_erika(filling), as_erika(saving("U3"))])
    store.db.execute("PRAGMA max_page_count = 1000000").fetchone()
    assert services.unit_of_work(people.known, TEAM, ["U1", "U2", "U3"]) == frozenset()
    assert [result.error for result in services.do_all([as_erika(saving("U4"))])] == [None]


async def test_an_error_of_the_commit_fails_all_of_them(harness: Harness) -> None:
    """All of them raise it, none is committed, and the next one works."""

    def no_commit(_action: int, name: str | None, *_more: object) -> int:
        return sqlite3.SQLITE_DENY if name == "COMMIT" else sqlite3.SQLITE_OK

    await harness.thread.run(connection(harness).set_authorizer, no_commit)
    refused = await run_together(harness, as_erika(saving("U1")), as_erika(saving("U2")))
    await harness.thread.run(connection(harness).set_authorizer, None)
    assert [type(error) for error in refused] == [StatementError] * 2
    assert await run_together(harness, as_erika(saving("U3"))) == ["U3"]
    assert await stored(harness, "U1", "U2", "U3") == {"U3"}


async def test_a_cancelled_caller_delays_nobody(harness: Harness) -> None:
    """Its use case runs all the same, and the others get their results."""
    commits = GroupCommit(harness.services, harness.thread)
    cancelled, waiting = (asyncio.create_task(commits.do(as_erika(saving(user)))) for user in ("U1", "U2"))
    await asyncio.sleep(0)
    cancelled.cancel()
    assert await waiting == "U2"
    assert await stored(harness, "U1", "U2") == {"U1", "U2"}


async def test_other_calls_of_the_store_get_their_turn(harness: Harness) -> None:
    """A call that was made before a commit starts runs before it, however many use cases wait."""
    commits, order = GroupCommit(harness.services, harness.thread), list[int | str]()
    cases = [as_erika(lambda _unit, n=number: order.append(n)) for number in range(2 * commits.MOST_IN_A_BATCH)]
    use_cases = asyncio.gather(*(commits.do(case) for case in cases))
    await asyncio.sleep(0)  # all of them wait, and the first one is in the thread
    await harness.thread.run(order.append, "outbox worker")
    await use_cases
    assert order == [0, "outbox worker", *range(1, 2 * commits.MOST_IN_A_BATCH)]
