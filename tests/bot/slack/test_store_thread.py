"""The store's thread while another program locks the database."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.services import people
from bot.slack import store_thread
from bot.slack.store_thread import StoreThread
from bot.store.models import Person
from bot.store.protocol import ConcurrentChange, StoreError, StoreLockedError
from bot.store.sqlite import SqliteStore, open_store
from tests.bot.slack.conftest import TEAM, Harness, harness
from tests.waiting import LIMIT, until

__all__ = ["harness"]


@pytest.fixture
async def thread() -> AsyncIterator[StoreThread]:
    """A thread of its own."""
    started = StoreThread()
    yield started
    started.close()


@pytest.fixture
async def store(thread: StoreThread, tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A store in it, as the bot sets it up for serving."""
    opened = await thread.run(open_store, f"sqlite:///{tmp_path}/bot.db")
    await thread.run(opened.wait_for_locks, 0.01)
    thread.look = opened.try_lock
    yield opened
    await thread.at_once(opened.close)


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another program's connection to the same file."""
    connection = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    yield connection
    connection.close()


async def test_who_waits_for_an_answer_is_refused_in_time(
    thread: StoreThread, store: SqliteStore, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many at once are refused together, none after the other, and the time of the lock's beginning is known."""
    monkeypatch.setattr(store_thread, "LOCK_SECONDS", 0.3)
    holder.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    refused = await asyncio.gather(*(thread.run(store.recover) for _ in range(100)), return_exceptions=True)
    assert {type(error) for error in refused} == {StoreLockedError}
    assert time.monotonic() - started < 0.3 * 10
    assert thread.locked_since is not None
    assert "Close it" in thread.explanation
    holder.execute("ROLLBACK")
    await until(lambda: thread.locked_since is None, "the end of the lock to be seen")
    assert await thread.run(store.recover) == 0


async def test_a_request_has_one_limit_for_all_that_it_asks(
    thread: StoreThread, store: SqliteStore, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second call does not wait once more."""
    monkeypatch.setattr(store_thread, "LOCK_SECONDS", 0.5)
    holder.execute("BEGIN EXCLUSIVE")
    store_thread.begin_request()
    with pytest.raises(StoreLockedError):
        await thread.run(store.recover)
    monkeypatch.setattr(store_thread, "LOCK_SECONDS", LIMIT)
    async with asyncio.timeout(LIMIT / 2):
        with pytest.raises(StoreLockedError):
            await thread.run(store.recover)


async def test_what_nobody_waits_for_is_done_afterwards(
    thread: StoreThread, store: SqliteStore, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It outlasts every limit, while reading goes on beside it."""
    monkeypatch.setattr(store_thread, "LOCK_SECONDS", 0.05)
    holder.execute("BEGIN EXCLUSIVE")
    waiting = asyncio.create_task(thread.in_background(store.recover))
    with pytest.raises(StoreLockedError):
        await thread.run(store.recover)
    assert await thread.at_once(store.unsent_counts) == {"pending": 0, "running": 0, "dead": 0}
    assert await thread.at_once(store.person, "T1", "U1") is None
    assert not waiting.done()
    holder.execute("ROLLBACK")
    assert await waiting == 0


async def test_at_the_end_nobody_waits_any_more(
    thread: StoreThread, store: SqliteStore, holder: sqlite3.Connection
) -> None:
    """A stop is not held up; what waited in the background is refused, whole."""
    holder.execute("BEGIN EXCLUSIVE")
    waiting = asyncio.create_task(thread.in_background(store.recover))
    await until(lambda: thread.locked_since, "the lock to be seen")
    thread.end_waiting()
    with pytest.raises(StoreLockedError):
        await waiting
    with pytest.raises(StoreLockedError):
        await thread.in_background(store.recover)


async def test_another_trouble_is_told_to_whoever_asks_next(thread: StoreThread) -> None:
    """A look that ends with something else than a lock holds nobody up; without any look one just tries again."""
    answers: list[object] = [StoreLockedError("held"), StoreLockedError("held"), "done"]

    def look() -> None:
        raise StoreError("The disk reports an error.")

    def call() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert await thread.in_background(call) == "done"
    answers.extend([StoreLockedError("held"), "done"])
    thread.look = look
    assert await thread.in_background(call) == "done"


async def test_use_cases_are_refused_whole_or_done(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One alone and several that share a commit: nothing of them is stored, and the next one works."""
    monkeypatch.setattr(store_thread, "LOCK_SECONDS", 0.2)
    store = harness.services.store
    assert isinstance(store, SqliteStore)
    await harness.thread.run(store.wait_for_locks, 0.01)
    harness.thread.look = store.try_lock
    users = ["U0ERIKA", "U0OLIVER", "U0ANNA"]
    await asyncio.gather(*(harness.dispatcher.users.meet(TEAM, user) for user in users))
    holder = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)

    def rename(user: str) -> asyncio.Task[None]:
        return asyncio.create_task(
            harness.dispatcher.do(
                (TEAM, user), lambda unit: unit.tx.save_person(Person(team_id=TEAM, user_id=user, name="changed"))
            )
        )

    for names in (users[:1], users):
        holder.execute("BEGIN EXCLUSIVE")
        refused = await asyncio.gather(*map(rename, names), return_exceptions=True)
        holder.execute("ROLLBACK")
        assert {type(error) for error in refused} == {StoreLockedError}
        await until(lambda: harness.thread.locked_since is None, "the end of the lock to be seen")
        for user in names:
            person = await harness.thread.run(harness.services.unit_of_work, people.person, TEAM, user)
            assert person is not None
            assert person.name != "changed"
    await asyncio.gather(*map(rename, users))
    holder.close()
    person = await harness.thread.run(harness.services.unit_of_work, people.person, TEAM, users[0])
    assert person is not None
    assert person.name == "changed"


async def test_what_nobody_waits_for_is_repeated_while_other_processes_are_faster(thread: StoreThread) -> None:
    """However long that takes: the outbox and the scheduled jobs go on."""
    faster = iter([True, True, False])

    def work() -> str:
        if next(faster):
            raise ConcurrentChange
        return "done"

    assert await thread.in_background(work) == "done"


async def test_what_nobody_waits_for_waits_for_the_next_lock_too(
    thread: StoreThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else meets one when the end of the first was seen, and before those who wait hear of it."""
    attempts, ends = iter([True, False]), iter([True])

    def locked() -> str:
        raise StoreLockedError("locked")

    def note(event: str, **_: object) -> None:
        if event == "database_free" and next(ends, False):
            thread.submit(locked).add_done_callback(lambda future: future.exception())
            while thread.locked_since is None:
                time.sleep(0.001)

    monkeypatch.setattr(store_thread.log, "warning", note)
    assert await thread.in_background(lambda: locked() if next(attempts) else "done") == "done"


@pytest.mark.parametrize("back", [True, False])
async def test_an_attempt_that_took_all_the_time_is_not_the_last_one(
    monkeypatch: pytest.MonkeyPatch, *, back: bool
) -> None:
    """It asked after its commit until the server was there again: nobody reads of that. While it is away they do."""
    monkeypatch.setattr(store_thread, "OUTAGE_SECONDS", 0.05)
    monkeypatch.setattr(store_thread, "LOOK_SECONDS", 0.01)
    thread, attempts = StoreThread(on_server=True), list[float]()

    def look() -> None:
        if not back:
            raise StoreLockedError("it is away")

    def attempt() -> str:
        attempts.append(time.monotonic())
        if len(attempts) == 1:
            time.sleep(0.1)
            raise StoreLockedError("it was away")
        return "done"

    thread.look = look
    try:
        if back:
            assert await thread.run(attempt) == "done"
        else:
            with pytest.raises(StoreLockedError):
                await thread.run(attempt)
        assert len(attempts) == 1 + back
    finally:
        thread.close()
