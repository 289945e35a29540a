"""What merchants are told of support's times: before the switch-off, with every ticket, and when the danger is over."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.blocks.kit import date
from bot.services import commands, ticket_actions, ticket_filing, typed_input, walkthrough
from bot.services.merchant_messages import MerchantMessage
from bot.services.runner import Services
from tests.bot.services.visits import PLACE, URL, Visit

SATURDAY, MONDAY_AT_EIGHT = datetime(2026, 3, 7, 9, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
TODAY_AT_FIVE, TOMORROW_AT_EIGHT = datetime(2026, 3, 2, 16, 0, tzinfo=UTC), datetime(2026, 3, 3, 7, 0, tzinfo=UTC)


def live(visit: Visit) -> list[dict[str, Any]]:
    """The blocks of the live message."""
    record = visit.record
    (row,) = visit.store.db.query("SELECT content FROM outbox WHERE key = ?", [str(record.live_key)])
    blocks: list[dict[str, Any]] = json.loads(row["content"])["blocks"]
    return blocks


def clock(services: Services) -> Any:
    """The clock of these services."""
    return services.config.clock


@pytest.mark.parametrize(
    ("now", "key", "times"),
    [
        (None, "support_there", (TOMORROW_AT_EIGHT, TODAY_AT_FIVE)),
        (TODAY_AT_FIVE, "support_there", (TOMORROW_AT_EIGHT, TODAY_AT_FIVE)),
        (SATURDAY, "support_away", (MONDAY_AT_EIGHT,)),
    ],
)
def test_before_the_switch_off_it_is_said_when_support_is_there(
    clocked: Services, erika: Visit, now: datetime | None, key: str, times: tuple[datetime, ...]
) -> None:
    """It is the last sentence above the buttons of the question, and of no other step.

    Somebody who reads it a day later learns from it when support is there again.
    """
    if now is not None:
        clock(clocked).now = now - timedelta(seconds=30)
    erika.go_to("ready_to_disable")
    above = next(number for number, block in enumerate(live(erika)) if block["type"] == "actions") - 1
    assert live(erika)[above]["text"]["text"] == f"«de:frame.{key} {' '.join(map(date, times))}»"
    erika.act("ready_to_go")
    assert "frame.support_" not in str(live(erika))


def test_support_times_are_those_of_the_moment_whenever_the_step_is_drawn(clocked: Services, erika: Visit) -> None:
    """Posted again, or changed where it is: it does not go on saying what was true when it was first shown."""
    erika.go_to("ready_to_disable")
    assert "frame.support_there" in str(live(erika))
    clock(clocked).now = SATURDAY
    address = erika.address
    erika.do(lambda unit: walkthrough.toggle(unit, address, PLACE, expanded=True))
    assert f"«de:frame.support_away {date(MONDAY_AT_EIGHT)}»" in erika.newest("update")
    clock(clocked).now = MONDAY_AT_EIGHT
    record = erika.record
    erika.do(lambda unit: unit.show_again(record))
    assert "«de:frame.support_there" in str(live(erika))


def test_every_message_about_a_ticket_names_a_time(erika: Visit, anna: Visit) -> None:
    """The step, the receipt and what an agent's act says; not while it is the merchant's turn."""
    erika.go_to("with_support")
    assert "frame.answer_by" in str(live(erika))
    erika.do(lambda unit: typed_input.message_typed(unit, MerchantMessage(text="Bitte helfen", channel="D1", ts="1.1")))
    rows = [str(row["content"]) for row in erika.store.db.query("SELECT content FROM outbox ORDER BY id")]
    assert any("talk.to_merchant.receipt_nobody" in row and "frame.answer_by" in row for row in rows)
    anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    rows = [str(row["content"]) for row in erika.store.db.query("SELECT content FROM outbox ORDER BY id")]
    assert any("answers.ticket_claimed" in row and "frame.answer_by" in row for row in rows)


def test_without_a_walk_the_receipt_names_a_time(erika: Visit) -> None:
    """Out of hours it is a time of the next working day."""
    erika.do(typed_input.support_requested)
    rows = [str(row["content"]) for row in erika.store.db.query("SELECT content FROM outbox")]
    assert any("answers.ticket_on_its_way" in row and "frame.answer_by" in row for row in rows)


def test_a_late_answer_is_not_promised_for_the_past(clocked: Services, erika: Visit) -> None:
    """A time that is over is not named."""
    erika.go_to("with_support")
    clock(clocked).now = SATURDAY
    record = erika.record
    erika.do(lambda unit: ticket_filing.request_support(unit, record))
    assert "frame.answer_by" not in str(live(erika))


def test_the_end_of_the_danger_is_said(erika: Visit) -> None:
    """With the last account that is saved, and not before."""
    erika.go_to("new_token").act("skip_token_check")
    assert "urgent_over" not in str(live(erika))
    erika.act("advance")
    assert "«de:notes.urgent_over »" in str(live(erika))


@pytest.mark.parametrize("typed", [True, False])
def test_status_names_the_danger_and_the_accounts(erika: Visit, *, typed: bool) -> None:
    """As a command and in words; without danger it says nothing of it."""

    def status() -> str:
        if not typed:
            return str(erika.do(lambda unit: commands.command(unit, "status", None, "A1")))
        said = MerchantMessage(text="Status", channel="D1", ts=f"{id(object())}.1")
        erika.do(lambda unit: typed_input.message_typed(unit, said))
        return str(live(erika))

    erika.go_to("ready_to_disable")
    assert "status_urgent" not in status()
    for event in ("ready_to_go", "advance"):
        erika.act(event)
    assert "«de:answers.status_urgent Amazon DE" in status()
