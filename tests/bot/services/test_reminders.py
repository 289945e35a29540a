"""Reminders: when, in whose daytime, and never for nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.blocks.actions import Address
from bot.services import people, reminders, walk_start, walkthrough
from bot.services.context import Actor, AppConfig
from bot.services.reminder_policy import ReminderPolicy
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person
from bot.store.sqlite import SqliteStore

WHO = Actor("T1", "U1")
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
TO_THE_DANGER_ZONE = [
    ("orders_stopped", {}), ("enter_version", {"version": "4.9.24.4"}), ("advance", {}), ("sees_key_set", {}),
    ("choose_region", {"choice": "europe"}), ("name_accounts", {"names": "Amazon.de"}), *[("advance", {})] * 7,
    ("ready_to_go", {}), ("advance", {}),
]  # fmt: skip


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(config: AppConfig, store: SqliteStore, clock: Clock) -> Services:
    object.__setattr__(config, "clock", clock)
    made = Services(config, store)
    made.unit_of_work(
        people.meet, Person(team_id="T1", user_id="U1", name="Erika", locale="de-DE", zone="Europe/Berlin")
    )
    return made


def begin(services: Services, events: list[tuple[str, dict[str, str]]] = []) -> int:  # noqa: B006 - never changed
    def case(unit: UnitOfWork) -> int:
        record = walk_start.begin(unit)
        for event, raw in events:
            current = unit.tx.walk(record.id)
            assert current is not None
            walkthrough.act(unit, current, event, raw)
        return record.id

    walk_id = services.do(WHO, case)
    assert walk_id is not None
    return walk_id


def said(store: SqliteStore) -> int:
    """Reminders in the history: an unsent message is taken back by the next, so the outbox does not tell."""
    return len([row for row in store.db.query("SELECT detail FROM events") if "reminder" in row["detail"]])


def address(services: Services, walk_id: int) -> Address:
    def case(unit: UnitOfWork) -> Address:
        record = unit.tx.walk(walk_id)
        assert record is not None
        assert record.live_key is not None
        return Address(record.id, record.version, record.step, record.live_key)

    found = services.do(WHO, case)
    assert found is not None
    return found


def test_a_walk_is_reminded_of_once_after_two_days(services: Services, store: SqliteStore, clock: Clock) -> None:
    """Outside the danger zone one reminder comes after two days, and then none."""
    begin(services)
    clock.now = NOON + timedelta(days=2, minutes=-1)
    assert not services.unit_of_work(reminders.remind_due)
    clock.now = NOON + timedelta(days=2)
    assert services.unit_of_work(reminders.remind_due)
    assert said(store) == 1
    clock.now = NOON + timedelta(days=30)
    assert not services.unit_of_work(reminders.remind_due)


def test_the_danger_zone_is_reminded_of_after_half_an_hour_and_a_day(
    services: Services, store: SqliteStore, clock: Clock
) -> None:
    """While orders are paused the reminders come after 30 minutes and again after a day."""
    begin(services, TO_THE_DANGER_ZONE)
    clock.now = NOON + timedelta(minutes=30)
    assert services.unit_of_work(reminders.remind_due)
    assert not services.unit_of_work(reminders.remind_due)
    clock.now += timedelta(days=1)
    assert services.unit_of_work(reminders.remind_due)
    assert said(store) == 2
    clock.now += timedelta(days=9)
    assert not services.unit_of_work(reminders.remind_due)


def test_nobody_is_woken(services: Services, clock: Clock, store: SqliteStore) -> None:
    """What falls due at night waits for the merchant's morning, also when the bot was down meanwhile."""
    clock.now = datetime(2026, 3, 2, 18, 50, tzinfo=UTC)  # 19:50 in Berlin
    begin(services, TO_THE_DANGER_ZONE)
    clock.now = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
    assert not services.unit_of_work(reminders.remind_due)
    clock.now = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    assert not services.unit_of_work(reminders.remind_due)
    clock.now = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)  # 8:00 in Berlin
    assert services.unit_of_work(reminders.remind_due)
    assert said(store) == 1


def test_a_reminder_that_became_due_at_night_is_moved(services: Services, clock: Clock, store: SqliteStore) -> None:
    """A bot that comes back at night looks at the clock again before it says anything."""
    begin(services)
    clock.now = datetime(2026, 3, 5, 23, 0, tzinfo=UTC)
    assert services.unit_of_work(reminders.remind_due)
    assert said(store) == 0
    clock.now = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    assert services.unit_of_work(reminders.remind_due)
    assert said(store) == 1


def test_a_walk_that_ended_is_left_in_peace(services: Services, clock: Clock, store: SqliteStore) -> None:
    """After the end nothing is due."""
    begin(services, [*TO_THE_DANGER_ZONE, ("cancel", {})])
    clock.now = NOON + timedelta(days=9)
    assert not services.unit_of_work(reminders.remind_due)
    assert said(store) == 0


def test_an_act_starts_the_waiting_anew(services: Services, clock: Clock) -> None:
    """Whoever goes on is not reminded of where they were."""
    walk_id = begin(services)
    clock.now = NOON + timedelta(days=1)
    services.do(WHO, lambda unit: walkthrough.act(unit, unit.tx.walk(walk_id), "orders_stopped", {}))  # type: ignore[arg-type]
    clock.now = NOON + timedelta(days=2, hours=1)
    assert not services.unit_of_work(reminders.remind_due)


def test_reminders_can_be_declined(services: Services, clock: Clock, store: SqliteStore) -> None:
    """The button under a reminder ends the reminders of this walk, also for its later steps."""
    walk_id = begin(services)
    clock.now = NOON + timedelta(days=2)
    assert services.unit_of_work(reminders.remind_due)
    newest = list(store.db.query("SELECT content FROM outbox WHERE method = 'post' ORDER BY id DESC LIMIT 1"))
    assert "step:quiet" in newest[0]["content"]
    where = address(services, walk_id)
    services.do(WHO, lambda unit: walkthrough.quiet(unit, where, walkthrough.PressOrigin()))
    services.do(WHO, lambda unit: walkthrough.act(unit, unit.tx.walk(walk_id), "orders_stopped", {}))  # type: ignore[arg-type]
    clock.now = NOON + timedelta(days=30)
    assert not services.unit_of_work(reminders.remind_due)


def test_a_reminder_can_be_declined_where_more_or_less_of_it_is_shown(
    services: Services, clock: Clock, store: SqliteStore
) -> None:
    """The button stays when the message is drawn anew, until it was pressed."""
    walk_id = begin(services)
    clock.now = NOON + timedelta(days=2)
    assert services.unit_of_work(reminders.remind_due)
    where, there = address(services, walk_id), walkthrough.PressOrigin()

    def drawn() -> str:
        updates = store.db.query("SELECT content FROM outbox WHERE method = 'update' ORDER BY id DESC LIMIT 1")
        return str(next(iter(updates))["content"])

    for expanded in (True, False):
        services.do(WHO, lambda unit, more=expanded: walkthrough.toggle(unit, where, there, expanded=more))
        assert "step:quiet" in drawn()
    services.do(WHO, lambda unit: walkthrough.quiet(unit, where, there))
    services.do(WHO, lambda unit: walkthrough.toggle(unit, where, there, expanded=True))
    assert "step:quiet" not in drawn()


def test_declining_too_late_changes_nothing(services: Services, clock: Clock, store: SqliteStore) -> None:
    """The button of an old reminder is answered like any old button."""
    walk_id = begin(services)
    clock.now = NOON + timedelta(days=2)
    services.unit_of_work(reminders.remind_due)
    where = address(services, walk_id)
    services.do(WHO, lambda unit: walkthrough.act(unit, unit.tx.walk(walk_id), "orders_stopped", {}))  # type: ignore[arg-type]
    services.do(
        WHO, lambda unit: walkthrough.quiet(unit, where, walkthrough.PressOrigin(response_url="http://127.0.0.1:9/r"))
    )
    answers = list(store.db.query("SELECT content FROM outbox WHERE method = 'respond'"))
    assert "answers.stale" in answers[0]["content"]


def test_an_unknown_zone_is_the_default_one() -> None:
    """A time zone that Slack made up, or did not tell, counts as Berlin."""
    reminders = ReminderPolicy()
    night = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
    somebody = Person(team_id="T1", user_id="U1")
    for person in (replace(somebody, zone="Mars/Base"), somebody, None):
        assert reminders.by_day(night, person) == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
