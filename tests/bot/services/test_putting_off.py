"""„Später“ asks when, and the step comes back then."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.blocks.kit import date
from bot.services import putting_off, reminder_policy, reminders, typed_input
from bot.services.merchant_messages import MerchantMessage
from bot.services.runner import Services
from bot.store.models import Reminder
from tests.bot.services.visits import PLACE, Visit

MORNING = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)  # 8:00 in Berlin on the day after


def shown(visit: Visit) -> str:
    """What the newest message, or the newest change of one, says."""
    rows = list(visit.store.db.query("SELECT content FROM outbox ORDER BY id"))
    return json.dumps(json.loads(rows[-1]["content"]), ensure_ascii=False)


def due(visit: Visit) -> datetime | None:
    """When the walk comes back."""
    walk_id = visit.walk_id
    return visit.do(lambda unit: unit.tx.job_due_at(f"{reminder_policy.LATER}{walk_id}"))


def reminder(visit: Visit) -> Reminder | None:
    """The usual reminder of the walk."""
    walk_id = visit.walk_id
    return visit.do(lambda unit: unit.tx.reminder(walk_id))


def say(visit: Visit, text: str) -> None:
    """Type a message."""
    said = MerchantMessage(text=text, channel="D1", ts=f"{datetime.now(UTC).timestamp()}")
    visit.do(lambda unit: typed_input.message_typed(unit, said))


def choose(visit: Visit, when: Any) -> None:
    """Press one of the buttons below the question."""
    address = visit.address
    visit.do(lambda unit: putting_off.chosen(unit, address, PLACE, when=when))


def come_back(services: Services, at: datetime) -> bool:
    """What is due at that moment."""
    services.config.clock.now = at  # type: ignore[attr-defined]
    return bool(services.unit_of_work(putting_off.come_back))


@pytest.mark.parametrize("typed", ["later", None])
def test_later_asks_when(erika: Visit, typed: str | None) -> None:
    """The button and the words; nothing is planned by asking."""
    erika.go_to("ready_to_disable")
    if typed is None:
        erika.press("not_now")
    else:
        say(erika, typed)
    assert "heard.later_when" in shown(erika)
    assert all(f"step:later:{when}" in shown(erika) for when in ("hour", "evening", "morning", "monday"))
    assert (erika.step, due(erika)) == ("ready_to_disable", None)


def test_it_comes_back_then_and_not_before(clocked: Services, erika: Visit) -> None:
    """The usual reminder does not come in between; afterwards it is planned again."""
    erika.go_to("ready_to_disable")
    choose(erika, "morning")
    assert f"«de:heard.later_planned {date(MORNING)}»" in shown(erika)
    assert due(erika) == MORNING
    planned = reminder(erika)
    assert planned is not None
    assert planned.due_at is None
    say(erika, "hallo?")
    assert due(erika) == MORNING, "a question in between changes nothing"
    assert not come_back(clocked, MORNING - timedelta(minutes=1))
    assert come_back(clocked, MORNING)
    assert "notes.later_over" in shown(erika)
    assert due(erika) is None
    assert not come_back(clocked, MORNING + timedelta(minutes=1))


def test_typed_it_is_planned_at_once(erika: Visit) -> None:
    """„In einer Stunde“ needs no press, also at night and where reminders were declined."""
    erika.go_to("seller_central")
    walk_id = erika.walk_id
    erika.do(lambda unit: reminder_policy.decline(unit.tx, walk_id))
    say(erika, "later_hour")
    assert "heard.later_planned" in shown(erika)
    assert due(erika) is not None


def test_who_goes_on_is_not_waited_for(clocked: Services, erika: Visit) -> None:
    """The step that comes next is not put off, and has its usual reminder."""
    erika.go_to("ready_to_disable")
    choose(erika, "morning")
    erika.act("ready_to_go")
    planned = reminder(erika)
    assert due(erika) is None
    assert planned is not None
    assert planned.due_at is not None
    assert not come_back(clocked, MORNING)


def test_a_walk_that_is_over_does_not_come_back(clocked: Services, erika: Visit) -> None:
    """Nor is it reminded of."""
    erika.go_to("ready_to_disable")
    choose(erika, "monday")
    erika.act("cancel")
    assert not come_back(clocked, MORNING + timedelta(days=9))
    assert not clocked.unit_of_work(reminders.remind_due)


def test_an_evening_that_is_over_is_asked_again(clocked: Services, erika: Visit) -> None:
    """It is not offered then either."""
    erika.go_to("ready_to_disable")
    clocked.config.clock.now = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)  # type: ignore[attr-defined]
    say(erika, "later_evening")
    assert "heard.later_when" in shown(erika)
    assert "step:later:evening" not in shown(erika)
    assert due(erika) is None
