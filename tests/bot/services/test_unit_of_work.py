"""One unit of work: everything that changes something is whole or not there, told to whoever syncs, in one order."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.blocks.entry_messages import answer
from bot.services import home_tab, people, runner, ticket_filing
from bot.services.context import AppConfig
from bot.services.runner import ATTEMPTS, LEAST_ATTEMPTS, Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Destination, Person
from bot.store.protocol import ConcurrentChange, Conflict, ConnectionLostError, Transaction
from bot.store.sqlite import SqliteStore

ROOT = Path(__file__).parents[3]
ANNA = Person(team_id="T1", user_id="U0ANNA", name="Anna")


class Contended:
    """A store in which somebody else is quicker `times` times: the commit fails after everything was done."""

    def __init__(self, store: SqliteStore, times: int, error: Exception | None = None) -> None:
        self.store, self.times, self.error = store, times, error or Conflict()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.store.transaction() as tx:
            yield tx
            if self.times:
                self.times -= 1
                raise self.error


@pytest.mark.parametrize("times", range(ATTEMPTS))
def test_a_unit_of_work_is_repeated_whole_when_others_are_quicker(
    config: AppConfig, store: SqliteStore, times: int
) -> None:
    """What was done in a lost attempt leaves no trace, and the caller notices nothing."""
    services = Services(config, Contended(store, times))  # type: ignore[arg-type]
    key = services.unit_of_work(lambda unit: unit.post(Destination("T1", "C1"), answer(unit.texts, "stale")))
    assert [row.key for row in store.unsent()] == [key]


@pytest.mark.parametrize("error", [ConcurrentChange("others"), ConnectionLostError("the server")])
def test_a_process_that_has_lost_the_time_still_tries(
    config: AppConfig, store: SqliteStore, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It was stopped, or waited for its machine: its attempts are counted then, and end."""
    monkeypatch.setattr(runner, "CONFLICT_SECONDS", -1.0)
    services = Services(config, Contended(store, LEAST_ATTEMPTS - 1, error))  # type: ignore[arg-type]
    services.unit_of_work(people.meet, ANNA)
    assert store.person("T1", "U0ANNA") is not None
    with pytest.raises(type(error)):
        Services(config, Contended(store, LEAST_ATTEMPTS, error)).unit_of_work(people.meet, ANNA)  # type: ignore[arg-type]


def test_a_conflict_that_does_not_end_is_an_error(config: AppConfig, store: SqliteStore) -> None:
    """Nobody waits for ever, and nothing is half written."""
    services = Services(config, Contended(store, ATTEMPTS))  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        services.unit_of_work(people.meet, ANNA)
    assert services.unit_of_work(people.person, "T1", "U0ANNA") is None


def test_rows_are_written_in_the_order_of_their_ordering_keys(config: AppConfig, store: SqliteStore) -> None:
    """Two units of work that lock the same keys never wait for each other; within a key nothing changes places."""

    def speak(unit: UnitOfWork) -> list[str]:
        places = (Destination("T1", "U9"), Destination("T1", "C1"), Destination("T1", "U9"), Destination("T0", "C1"))
        return [unit.post(to, answer(unit.texts, "stale")) for to in places]

    keys = Services(config, store).unit_of_work(speak)
    assert [row.key for row in store.unsent()] == [keys[3], keys[1], keys[0], keys[2]]


def test_crash_points_are_passed_by_whatever_writes_and_by_nothing_else(config: AppConfig, store: SqliteStore) -> None:
    """A look that finds nothing to do would only make kills harmless."""
    passed: list[str] = []
    services = Services(config, store, passed.append)
    for look in (ticket_filing.refresh_due, home_tab.publish_due):
        assert not services.unit_of_work(look)
    assert passed == []
    services.unit_of_work(people.meet, ANNA)
    assert passed == ["before_commit", "after_commit"]


def test_there_is_one_way_to_a_transaction() -> None:
    """Whoever opens one by hand forgets the syncing systems, the crash points or the order of the rows."""
    opened = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "bot").rglob("*.py")
        if re.search(r"\.transaction\(\)", path.read_text("utf-8")) and path.parent.name != "store"
    }
    # The command line reads tickets and what is kept of a person, and has cards looked at again.
    assert opened == {"bot/services/runner.py", "bot/cli/main.py", "bot/cli/data.py", "bot/cli/outbox.py"}
