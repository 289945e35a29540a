"""What `/metrics` shows of the store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.store.models import Destination, ImageRecord, Reminder, Row, TicketRecord, TicketTimer, WalkRecord
from bot.store.protocol import Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROW = Row(key="a", destination=Destination("T1", "U1"), method="post", content={}, created_at=NOON, due_at=NOON)
WALK = WalkRecord(
    team_id="T1", worker_id="U1", procedure="amazon_token", step="before_start", state="{}", guide_version="1",
    started_at=NOON, updated_at=NOON,
)  # fmt: skip
TICKET = TicketRecord(
    team_id="T1", merchant_id="U1", procedure="amazon_token", reason="help", language="de", card_key="c", opened_at=NOON
)
LATER = NOON + timedelta(minutes=5)


def fill(store: Store, *acts: Any) -> None:
    with store.transaction() as tx:
        for name, one in acts:
            getattr(tx, name)(one)


def test_an_empty_store_has_all_its_figures(store: Store) -> None:
    """Nothing waits, and that is a 0 and not a gap."""
    found = store.figures(NOON)
    assert found.outbox["slack"].rows == {}
    assert found.outbox["slack"].oldest_seconds == 0
    assert found.due == {"reminder": 0, "timer": 0, "chore": 0}
    assert found.unclaimed_seconds == 0


def test_rows_are_counted_by_state_and_the_oldest_on_its_way_has_an_age(store: Store) -> None:
    """A dead row waits for the operator and makes nothing old; a delivered one is none any more."""
    fill(store, *(("enqueue", replace(ROW, key=key, created_at=NOON + timedelta(minutes=n)))
                  for n, key in enumerate("abcd")))  # fmt: skip
    for end in ("dead", "delivered"):
        row = store.claim(LATER, timedelta(seconds=9), frozenset())
        assert row is not None
        if end == "dead":
            store.dead_letter(row, "no")
        else:
            store.delivered(row, "D1", "1.0")
    store.claim(LATER, timedelta(seconds=9), frozenset())
    found = store.figures(LATER).outbox["slack"]
    assert found.rows == {"dead": 1, "running": 1, "pending": 1}
    assert found.oldest_seconds == 180


def test_a_destination_is_paused_while_its_row_is_tried_again(store: Store) -> None:
    """From the first failure until it has arrived; what waits behind that row pauses nothing of its own."""
    closed = replace(ROW, key="c", destination=Destination("T1", "C1"), ordering_key="T1:C1")
    fill(store, ("enqueue", closed), ("enqueue", replace(closed, key="behind")))
    assert store.paused() == []
    row = store.claim(LATER, timedelta(seconds=9), frozenset())
    assert row is not None
    store.postpone(row, LATER, "is_archived")
    (paused,) = store.paused()
    assert (paused.receiver, paused.to, paused.error, paused.since) == ("slack", "C1", "is_archived", NOON)
    assert store.figures(LATER).paused == (paused,)
    row = store.claim(LATER, timedelta(seconds=9), frozenset())
    assert row is not None
    store.delivered(row, "C1", "1.0")
    assert store.paused() == []


def test_ticket_senders_are_counted_by_their_names(store: Store) -> None:
    """Each ticket sender is a receiver like Slack, once there is a row for it."""
    for_mail = replace(ROW, method="mirror", destination=Destination("T1", "mail"))
    fill(store, ("enqueue", ROW), *(("enqueue", replace(for_mail, key=key)) for key in "xy"))
    found = store.figures(LATER).outbox
    assert {name: one.rows for name, one in found.items()} == {"slack": {"pending": 1}, "mail": {"pending": 2}}
    assert found["mail"].oldest_seconds == 300


def test_walks_under_way_are_counted_by_procedure_and_step(store: Store) -> None:
    """A step of the same name in another procedure is another one; an ended walk is not under way."""
    ended = replace(WALK, step="done", ended_at=NOON, for_name="B")
    other = replace(WALK, procedure="other", for_name="D")
    fill(store, *(("add_walk", walk) for walk in (WALK, ended, replace(WALK, for_name="C"), other)))
    assert store.figures(NOON).walks == {("amazon_token", "before_start"): 2, ("other", "before_start"): 1}


def test_tickets_are_counted_by_state_and_the_oldest_open_one_has_an_age(store: Store) -> None:
    """Only what nobody has taken waits for somebody."""
    waits = replace(TICKET, card_key="d", opened_at=NOON + timedelta(minutes=2))
    fill(store, ("add_ticket", replace(TICKET, state="claimed")), ("add_ticket", waits))
    found = store.figures(LATER)
    assert found.tickets == {"claimed": 1, "open": 1}
    assert found.unclaimed_seconds == 180


def test_a_ticket_is_undelivered_until_its_card_is_confirmed(store: Store) -> None:
    """Waiting, on its way or given up: it counts, with the time since when; other rows and people erased do not."""
    card = replace(ROW, key=TICKET.card_key)
    fill(store, ("add_ticket", TICKET), ("enqueue", replace(ROW, key="other")))
    assert store.undelivered_tickets().count == 0
    fill(store, ("enqueue", card))
    for outcome in ("postpone", "dead_letter", "revive", "delivered"):
        found = store.undelivered_tickets()
        assert (found.count, found.since) == (1, NOON)
        assert (store.figures(LATER).undelivered_tickets, store.figures(LATER).undelivered_seconds) == (1, 300)
        assert store.undelivered_tickets("T1").count == 1
        assert store.undelivered_tickets("T2").count == 0
        if outcome == "revive":
            with store.transaction() as tx:
                tx.revive(card.key, NOON)
            continue
        while (row := store.claim(LATER, timedelta(seconds=9), frozenset())) is not None and row.key != card.key:
            store.delivered(row, "C1", "1.0")
        assert row is not None
        assert store.undelivered_tickets().count == 1, "on its way"
        if outcome == "postpone":
            store.postpone(row, NOON, "is_archived")
        elif outcome == "dead_letter":
            store.dead_letter(row, "missing_scope")
        else:
            store.delivered(row, "C1", "2.0")
    assert store.undelivered_tickets().count == 0
    assert store.undelivered_tickets().since is None


def test_what_is_due_and_what_was_uploaded(store: Store) -> None:
    """What is planned for later is not due; a picture at an address was uploaded to nobody."""
    fill(store, ("add_walk", WALK), ("add_walk", replace(WALK, for_name="B")), ("add_ticket", TICKET),
         ("save_reminder", Reminder(walk_id=1, due_at=NOON)), ("save_reminder", Reminder(walk_id=2, due_at=LATER)),
         ("save_ticket_timer", TicketTimer(number=1001, due_at=NOON, kind="x")))  # fmt: skip
    picture = ImageRecord(team_id="T1", name="p", language="de", digest="1", file_id="F1", kept_at=NOON)
    store.save_picture(picture)
    store.save_picture(replace(picture, name="q", file_id=None))
    found = store.figures(NOON)
    assert found.due == {"reminder": 1, "timer": 1, "chore": 0}
    assert found.uploads == {"de": 1}
