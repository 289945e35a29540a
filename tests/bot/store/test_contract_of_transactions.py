"""What the desk may rely on, whichever store it has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.store.protocol import Store, VersionConflict
from bot.store.records import Event, Invitation, Person, TicketRecord, WalkRecord

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)


def walk(**changes: Any) -> WalkRecord:
    first = WalkRecord(
        team_id="T1",
        worker_id="U1",
        step="briefing",
        facts="{}",
        guide_version="g1",
        started_at=NOON,
        updated_at=NOON,
    )
    return replace(first, **changes)


def ticket(**changes: Any) -> TicketRecord:
    first = TicketRecord(team_id="T1", merchant_id="U1", reason="help", language="de", card_key="card", opened_at=NOON)
    return replace(first, **changes)


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
    assert store.forget_seen(NOON) == 0
    assert store.forget_seen(NOON + timedelta(seconds=1)) == 1
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


def test_a_walk_comes_back_as_it_was_stored(store: Store) -> None:
    """Every field survives, to the microsecond and in UTC."""
    with store.transaction() as tx:
        stored = tx.add_walk(walk(for_name="Oliver", invited_by="U9", live_key="k1", facts='{"a":"ä"}'))
        assert stored.version == 1
        assert tx.walk(stored.id) == stored
        assert tx.walk(stored.id + 1) is None


def test_a_changed_walk_is_one_version_further(store: Store) -> None:
    """Who holds an old version is told, and changes nothing."""
    with store.transaction() as tx:
        first = tx.add_walk(walk())
        second = tx.save_walk(replace(first, step="region", live_key="k2", updated_at=NOON + timedelta(1)))
        assert second.version == 2
        assert tx.walk(first.id) == second
        with pytest.raises(VersionConflict):
            tx.save_walk(replace(first, step="accounts"))
        assert tx.walk(first.id) == second


def test_one_walk_of_the_same_three_is_under_way(store: Store) -> None:
    """A second one is refused until the first has ended; another worker, caller or team is free."""
    with store.transaction() as tx:
        first = tx.add_walk(walk())
        with pytest.raises(VersionConflict):
            tx.add_walk(walk(step="region"))
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


def test_ticket_numbers_begin_at_1001_and_come_once(store: Store) -> None:
    """A number taken back with its transaction is no number of another stored ticket."""
    with store.transaction() as tx:
        first, second = tx.add_ticket(ticket()), tx.add_ticket(ticket(merchant_id="U2"))
        assert (first.number, second.number) == (1001, 1002)
        assert tx.tickets() == [second, first]
        assert tx.tickets(merchant_id="U1") == [first]
        assert tx.tickets(limit=1) == [second]
        assert tx.ticket(1003) is None


def test_a_walk_has_one_ticket(store: Store) -> None:
    """A second ticket of the same walk is refused, even in another transaction."""
    with store.transaction() as tx:
        stored = tx.add_walk(walk())
        first = tx.add_ticket(ticket(walk_id=stored.id, words=("ä", "b"), reason="second_failure"))
    with store.transaction() as tx:
        with pytest.raises(VersionConflict):
            tx.add_ticket(ticket(walk_id=stored.id))
        assert tx.ticket_of_walk(stored.id) == first
        assert tx.open_ticket_without_walk("T1", "U1") is None


def test_a_changed_ticket_is_stored(store: Store) -> None:
    """A resolved ticket no longer counts as open."""
    with store.transaction() as tx:
        first = tx.add_ticket(ticket())
        assert tx.open_ticket_without_walk("T1", "U1") == first
        claimed = replace(first, state="claimed", claimed_by="U8", claimed_at=NOON, words=("x",))
        tx.save_ticket(claimed)
        assert tx.open_ticket_without_walk("T1", "U1") == claimed
        resolved = replace(claimed, state="resolved", resolved_by="U8", resolved_at=NOON)
        tx.save_ticket(resolved)
        assert tx.open_ticket_without_walk("T1", "U1") is None
        assert tx.ticket(first.number) == resolved


def test_an_invitation_is_answered_in_place(store: Store) -> None:
    """It comes back as it was stored, and unknown ones are `None`."""
    offer = Invitation(team_id="T1", agent_id="U8", merchant_id="U1", message_key="k", invited_at=NOON)
    with store.transaction() as tx:
        stored = tx.add_invitation(offer)
        assert tx.invitation(stored.id) == stored
        answered = replace(stored, answer="accepted", answered_at=NOON)
        tx.save_invitation(answered)
        assert tx.invitation(stored.id) == answered
        assert tx.invitation(stored.id + 1) is None
