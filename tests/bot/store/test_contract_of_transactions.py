"""What the services may rely on, whichever store they have."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store.models import Event, Person
from bot.store.protocol import Conflict, Store
from tests.bot.store.records import NOON, walk
from tests.one_transaction import OneTransaction


def test_all_of_a_transaction_holds_or_none_of_it(store: Store) -> None:
    """An exception in the block takes everything back and comes through."""

    def fail() -> None:
        with store.transaction() as tx:
            tx.add_walk(walk())
            tx.save_person(Person(team_id="T1", user_id="U1"))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with store.transaction() as tx:
        assert tx.open_walks("T1", "U1") == []
        assert tx.person("T1", "U1") is None


def test_transactions_are_not_nested(store: Store) -> None:
    """A second transaction inside the first is a mistake, and the first is rolled back."""

    def nest() -> None:
        with store.transaction() as tx:
            tx.add_walk(walk())
            with store.transaction():
                pass

    with pytest.raises(RuntimeError, match="not nested"):
        nest()
    with store.transaction() as tx:
        assert tx.last_walk("T1", "U1") is None


def test_a_delivery_is_new_once(store: Store) -> None:
    """The second delivery of an event is known, until it is forgotten."""
    with store.transaction() as tx:
        assert tx.first_time("Ev1", NOON)
        assert not tx.first_time("Ev1", NOON + timedelta(hours=1))
    assert OneTransaction(store).forget_seen(NOON) == 0
    assert OneTransaction(store).forget_seen(NOON + timedelta(seconds=1)) == 1
    with store.transaction() as tx:
        assert tx.first_time("Ev1", NOON)


def test_a_rolled_back_delivery_is_new_again(store: Store) -> None:
    """The mark belongs to the transaction that did the work."""

    def fail() -> None:
        with store.transaction() as tx:
            tx.first_time("Ev1", NOON)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with store.transaction() as tx:
        assert tx.first_time("Ev1", NOON)


def test_a_person_is_replaced_and_belongs_to_a_team(store: Store) -> None:
    """The same user ID in another team is somebody else."""
    erika = Person(team_id="T1", user_id="U1", name="Erika", locale="de-DE", language="en", home_opened=True)
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T1", user_id="U1"))
        tx.save_person(erika)
        assert tx.person("T1", "U1") == erika
        assert tx.person("T2", "U1") is None


def test_whose_home_tab_shows_the_desk(store: Store) -> None:
    """Those of every team for whom it is noted, and nobody once it is taken back."""
    anna = Person(team_id="T1", user_id="U2", support_home=True)
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T1", user_id="U1"))
        tx.save_person(anna)
        tx.save_person(replace(anna, team_id="T2"))
        assert tx.person("T1", "U2") == anna
        assert tx.support_homes() == [("T1", "U2"), ("T2", "U2")]
        tx.save_person(replace(anna, support_home=False))
        assert tx.support_homes() == [("T2", "U2")]


def test_a_walk_comes_back_as_it_was_stored(store: Store) -> None:
    """Every field survives, to the microsecond and in UTC."""
    with store.transaction() as tx:
        stored = tx.add_walk(walk(for_name="Oliver", invited_by="U9", live_key="k1", state='{"a":"ä"}'))
        assert stored.version == 1
        assert tx.walk(stored.id) == stored
        assert tx.walk(stored.id + 1) is None


def test_a_changed_walk_is_one_version_further(store: Store) -> None:
    """With an old version it is a conflict, and nothing is changed."""
    with store.transaction() as tx:
        first = tx.add_walk(walk())
        second = tx.save_walk(replace(first, step="account_region", live_key="k2", updated_at=NOON + timedelta(1)))
        assert second.version == 2
        assert tx.walk(first.id) == second
        with pytest.raises(Conflict):
            tx.save_walk(replace(first, step="account_names"))
        assert tx.walk(first.id) == second


def test_one_walk_of_the_same_three_is_under_way(store: Store) -> None:
    """A second one is refused until the first has ended; another worker, caller or team is free."""
    with store.transaction() as tx:
        first = tx.add_walk(walk())
        with pytest.raises(Conflict):
            tx.add_walk(walk(step="account_region"))
        for other in (walk(for_name="Anna"), walk(worker_id="U2"), walk(team_id="T2")):
            tx.add_walk(other)
        tx.save_walk(replace(first, ended_at=NOON))
        again = tx.add_walk(walk())
        assert again.id != first.id


def test_open_walks_come_last_changed_first(store: Store) -> None:
    """Ended walks are left out there, and count for the last walk."""
    with store.transaction() as tx:
        old = tx.add_walk(walk(for_name="A"))
        new = tx.add_walk(walk(for_name="B", updated_at=NOON + timedelta(minutes=1)))
        gone = tx.add_walk(walk(for_name="C", updated_at=NOON + timedelta(minutes=2), ended_at=NOON))
        assert tx.open_walks("T1", "U1") == [new, old]
        assert tx.last_walk("T1", "U1") == gone
        assert tx.last_walk("T2", "U1") is None


def test_walks_at_unknown_steps_are_found_by_procedure(store: Store) -> None:
    """Those under way at none of the steps, oldest first; another procedure may have a step of any name."""
    with store.transaction() as tx:
        gone = tx.add_walk(walk(step="gone"))
        tx.add_walk(walk(for_name="A"))
        tx.add_walk(walk(for_name="B", step="gone", ended_at=NOON))
        other = tx.add_walk(walk(for_name="C", procedure="other"))
        late = tx.add_walk(walk(for_name="D", step="other"))
        assert tx.walks_elsewhere("amazon_token", {"before_start"}) == [gone, late]
        assert tx.walks_elsewhere("other", {"gone"}) == [other]
        assert tx.walks_elsewhere("unknown", set()) == []


def test_history_is_kept_in_order(store: Store) -> None:
    """Events come back oldest first, each with its codes, and only those of the walk."""
    with store.transaction() as tx:
        one, two = tx.add_walk(walk()), tx.add_walk(walk(worker_id="U2"))
        events = [
            Event(
                walk_id=one.id,
                version=version,
                at=NOON,
                actor_id="U1",
                name="next",
                step="a",
                next_step="b",
                detail={"n": version},
            )
            for version in (1, 2, 3)
        ]
        for event in events:
            tx.add_event(event)
        tx.add_event(replace(events[0], walk_id=two.id))
        assert tx.events(one.id) == events


def test_a_recurring_task_keeps_when_it_is_due(store: Store) -> None:
    """By its name; setting it again replaces."""
    with store.transaction() as tx:
        assert tx.job_due_at("digest") is None
        tx.schedule_job("digest", NOON)
        tx.schedule_job("digest", NOON + timedelta(days=1))
        assert tx.job_due_at("digest") == NOON + timedelta(days=1)


def test_due_jobs_of_a_kind(store: Store) -> None:
    """The one due longest of those whose name begins so; a forgotten one is not there any more."""
    with store.transaction() as tx:
        for name, minutes in (("card:1002", 2), ("card:1001", 1), ("digest", 0), ("card:1003", 9)):
            tx.schedule_job(name, NOON + timedelta(minutes=minutes))
        now = NOON + timedelta(minutes=5)
        assert tx.due_job("card:", NOON) is None
        assert tx.due_job("card:", now) == "card:1001"
        tx.unschedule_job("card:1001")
        assert tx.due_job("card:", now) == "card:1002"
        tx.unschedule_job("card:1002")
        assert tx.due_job("card:", now) is None
        assert tx.due_job("digest", now) == "digest"
        assert tx.is_planned("digest", now)
        assert not tx.is_planned("card:", now), "the last one is due later"


def test_walks_under_way_of_a_team(store: Store) -> None:
    """The one that has stood still longest comes first; ended ones and other teams' are not among them."""
    with store.transaction() as tx:
        late = tx.add_walk(walk(updated_at=NOON + timedelta(hours=1)))
        early = tx.add_walk(walk(worker_id="U2"))
        tx.add_walk(walk(worker_id="U3", ended_at=NOON))
        tx.add_walk(walk(team_id="T2", worker_id="U4"))
        assert tx.walks_under_way("T1") == [early, late]
        assert tx.walks_under_way("T1", limit=1) == [early]
