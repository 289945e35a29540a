"""What the outbox worker may rely on, whichever store it has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.store.models import Destination, Row
from bot.store.protocol import Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEASE = timedelta(seconds=11)
NONE_HELD: frozenset[str] = frozenset()


def row(key: str, **changes: Any) -> Row:
    first = Row(
        key=key,
        destination=Destination("T1", "U1"),
        method="post",
        content={"text": "words"},
        ordering_key="T1:U1",
        created_at=NOON,
        due_at=NOON,
    )
    return replace(first, **changes)


def put(store: Store, *rows: Row) -> None:
    with store.transaction() as tx:
        for one in rows:
            tx.enqueue(one)


def claim(store: Store, at: datetime = NOON, held: frozenset[str] = NONE_HELD) -> Row | None:
    return store.claim(at, LEASE, held)


def claimed(store: Store, at: datetime = NOON) -> Row:
    found = claim(store, at)
    assert found is not None
    return found


def test_a_claimed_row_is_complete(store: Store) -> None:
    """It is running, one attempt further, and tells when its lease ends; everything else is as enqueued."""
    first = row("a", content={"text": "ä", "blocks": [{"type": "divider"}]}, response_url="https://x", thread="t")
    put(store, first)
    found = claimed(store)
    assert found == replace(first, id=found.id, state="running", attempts=1, due_at=NOON + LEASE)
    assert store.state("a") == "running"


def test_rows_of_one_key_are_sent_in_order_and_one_at_a_time(store: Store) -> None:
    """A running or postponed row holds up those behind it, whatever is due; other ordering keys are not affected."""
    put(store, row("a"), row("b"), row("other", ordering_key="T1:C1"))
    first = claimed(store)
    assert (first.key, claimed(store).key) == ("a", "other")
    assert claim(store) is None
    store.postpone(first, NOON + timedelta(seconds=5), "ratelimited")
    assert claim(store) is None
    assert store.next_due() == NOON + timedelta(seconds=5)
    again = claimed(store, NOON + timedelta(seconds=5))
    assert (again.key, again.attempts, again.error) == ("a", 2, "ratelimited")


def test_a_row_of_a_method_that_is_not_known_is_left_to_whoever_knows_it(store: Store) -> None:
    """A newer version has written it, during an update: it waits as it is, with what is behind it; others are sent."""
    newer: Any = "react"
    put(store, row("a", method=newer), row("b"), row("other", ordering_key="T1:C1"))
    other = claimed(store)
    assert other.key == "other"
    store.delivered(other, "C1", "1.0")
    assert claim(store, NOON + timedelta(days=1)) is None
    assert [(one.key, one.state, one.attempts, one.error) for one in store.unsent()] == [
        ("a", "pending", 0, None),
        ("b", "pending", 0, None),
    ]


@pytest.mark.parametrize("end", ["delivered", "dead", "dropped"])
def test_a_finished_row_holds_up_nothing(store: Store, end: str) -> None:
    """Neither a delivered, a dead nor a dropped one."""
    put(store, row("a"), row("b"))
    if end == "dropped":
        with store.transaction() as tx:
            assert tx.drop_pending("a")
    elif end == "dead":
        store.dead_letter(claimed(store), "channel_not_found")
    else:
        store.delivered(claimed(store), "D1", "1.0")
    assert store.state("a") == end
    assert claimed(store).key == "b"


def test_rows_without_an_ordering_key_are_independent(store: Store) -> None:
    """They do not wait for each other."""
    put(store, row("a", ordering_key=None), row("b", ordering_key=None))
    assert [claimed(store).key, claimed(store).key] == ["a", "b"]


def test_a_row_is_not_claimed_before_it_is_due(store: Store) -> None:
    """The one due first is first, whatever its place in the table."""
    put(store, row("late", ordering_key=None, due_at=NOON + timedelta(hours=1)), row("soon", ordering_key="x"))
    assert store.next_due() == NOON
    assert claimed(store).key == "soon"
    assert claim(store) is None
    assert claimed(store, NOON + timedelta(hours=1)).key == "soon", "its lease is over"


def test_under_a_held_key_no_new_message_is_sent_but_one_is_changed(store: Store) -> None:
    """The rate limit counts new messages only; other ordering keys are not affected."""
    put(store, row("a"), row("b"), row("u", method="update", target="a"), row("o", ordering_key="T1:C1"))
    store.delivered(claimed(store), "D1", "1.0")
    store.hold("T1:U1", 60)
    held = frozenset(store.held(0))
    other = claim(store, held=held)
    assert other is not None
    assert other.key == "o"
    assert claim(store, held=held) is None
    store.delivered(claimed(store), "D1", "2.0")
    update = claim(store, held=held)
    assert update is not None
    assert update.key == "u"


@pytest.mark.parametrize("end", ["dead", "dropped"])
def test_an_update_of_a_message_that_never_came_is_dropped(store: Store, end: str) -> None:
    """The next row of its ordering key is claimed instead."""
    put(store, row("a"), row("u", method="update", target="a"), row("b"))
    if end == "dead":
        store.dead_letter(claimed(store), "is_archived")
    else:
        with store.transaction() as tx:
            tx.drop_pending("a")
    assert claimed(store).key == "b"
    assert store.state("u") == "dropped"


def test_only_the_current_attempt_is_recorded(store: Store) -> None:
    """A sender whose lease ran out changes nothing any more."""
    put(store, row("a"))
    late, current = claimed(store), claimed(store, NOON + LEASE)
    assert current.attempts == 2
    store.postpone(late, NOON, "late")
    store.dead_letter(late, "late")
    store.delivered(late, "D1", "1.0")
    assert (store.state("a"), store.address("a")) == ("running", None)
    store.delivered(current, "D1", "2.0")
    assert store.address("a") == ("D1", "2.0")


def test_a_row_is_taken_back_only_before_the_first_attempt(store: Store) -> None:
    """Once attempted it may be in Slack, also while it is postponed."""
    put(store, row("a"))
    store.postpone(claimed(store), NOON, "TimeoutError")
    with store.transaction() as tx:
        assert not tx.drop_pending("a")
        assert not tx.drop_pending("unknown")
    assert store.state("a") == "pending"


def test_a_press_proves_delivery(store: Store) -> None:
    """The row is not sent again, a late sender's word does not count, and an address once known stays."""
    put(store, row("a"))
    running = claimed(store)
    with store.transaction() as tx:
        tx.mark_delivered("a", "D1", "1.0")
        tx.mark_delivered("a", "D1", "9.9")
    store.delivered(running, "D1", "5.0")
    store.postpone(running, NOON, "TimeoutError")
    assert (store.state("a"), store.address("a")) == ("delivered", ("D1", "1.0"))
    assert claim(store) is None


def test_rows_left_running_are_put_back_until_their_lease_ends(store: Store) -> None:
    """What a killed process sent may still arrive until then."""
    put(store, row("a"), row("b", ordering_key="x"))
    claimed(store)
    assert store.recover() == 1
    assert store.state("a") == "pending"
    assert claimed(store).key == "b"
    assert claim(store, NOON + LEASE - timedelta(seconds=1)) is None
    assert claimed(store, NOON + LEASE).attempts == 2


def test_dying_is_no_refusal(store: Store) -> None:
    """However often the bot dies over a row, Slack has not refused it once; but that it was tried stays known."""
    put(store, row("a"))
    at = NOON
    for tries in (1, 2, 2, 2):
        assert claimed(store, at).attempts == tries
        assert store.recover() == 1
        at += LEASE
    store.postpone(claimed(store, at), at, "HTTP 503")
    assert claimed(store, at).attempts == 3
    assert store.recover() == 1
    assert claimed(store, at + LEASE).attempts == 3, "what Slack refused before stays counted"


def test_the_operator_sees_dead_rows_and_sends_them_again(store: Store) -> None:
    """A dead row keeps its words and loses its response URL; sent again, it counts one attempt already."""
    put(store, row("a", response_url="https://x"), row("b"))
    store.dead_letter(claimed(store), "is_archived")
    (dead,) = store.dead()
    assert (dead.key, dead.state, dead.error, dead.content) == ("a", "dead", "is_archived", {"text": "words"})
    assert dead.response_url is None
    assert not store.send_again("unknown", NOON)
    assert store.send_again("a", NOON)
    assert (claimed(store).attempts, store.dead()) == (2, [])
    assert not store.send_again("a", NOON), "it is under way"


def test_the_operator_has_tried_now_what_waits(store: Store) -> None:
    """One row by its key, or whatever waits for a destination; the wait before the next attempt is short again."""
    put(store, row("a"), row("b"))
    later = NOON + timedelta(hours=5)
    store.postpone(claimed(store), later, "is_archived")
    assert store.claim(NOON, LEASE, frozenset()) is None
    assert store.resume("somebody else", NOON) == 0
    assert store.resume(row("a").destination.to, NOON) == 2
    found = claimed(store)
    assert (found.key, found.attempts) == ("a", 2)
    store.postpone(found, later, "is_archived")
    assert store.unsent_keys("", 9) == ["a", "b"]
    assert store.unsent_keys("b", 9) == ["b"]
    assert store.send_again("a", NOON)
    assert claimed(store).key == "a"


def test_rows_are_counted_by_state(store: Store) -> None:
    """Every state is there, also with nothing in it."""
    put(store, row("a"), row("b"))
    claimed(store)
    assert store.outbox_counts() == {"pending": 1, "running": 1, "delivered": 0, "dropped": 0, "dead": 0}
    assert store.unsent_counts() == {"pending": 1, "running": 1, "dead": 0}


def test_an_empty_outbox_has_nothing_to_say(store: Store) -> None:
    """No row, no due moment, no state, no address."""
    assert claim(store) is None
    assert store.next_due() is None
    assert store.state("a") is None
    assert store.address("a") is None


def test_response_urls_are_forgotten_after_half_an_hour(store: Store) -> None:
    """A waiting row loses its URL when it is past use."""
    put(store, row("a", response_url="https://x"))
    assert store.scrub(NOON + timedelta(minutes=29))
    assert claimed(store).response_url == "https://x"
    assert store.scrub(NOON + timedelta(minutes=31))
    assert claimed(store, NOON + LEASE).response_url is None
