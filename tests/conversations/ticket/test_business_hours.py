"""Working time: by the clocks of the zone, never on a holiday, the same through the change of the clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.settings.public_holidays import public_holidays
from conversations.ticket.business_hours import BusinessHours, NoBusinessHours

BERLIN = ZoneInfo("Europe/Berlin")
BAVARIA = public_holidays("DE", "BY")
OURS = BusinessHours(zone=BERLIN, is_holiday=BAVARIA)
ODD = BusinessHours(zone=ZoneInfo("America/Los_Angeles"), begins=time(1, 30), ends=time(3), days=frozenset({5, 6}))
MOMENTS = some.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001
SPANS = some.timedeltas(timedelta(), timedelta(hours=200))
TIMES = some.sampled_from([OURS, ODD])


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@settings(max_examples=150)
@given(TIMES, MOMENTS, SPANS)
def test_what_is_due_is_due_when_somebody_is_there(
    business_hours: BusinessHours, at: datetime, span: timedelta
) -> None:
    """A span of working time ends in working time, over years, holidays and changes of the clocks."""
    due = business_hours.add(at, span)
    assert due >= at
    assert business_hours.is_open(due)
    assert business_hours.works_on(business_hours.local_day(due))


@settings(max_examples=150)
@given(TIMES, MOMENTS, SPANS)
def test_adding_and_measuring_agree(business_hours: BusinessHours, at: datetime, span: timedelta) -> None:
    """Between a moment and the end of a span of working time lies that much working time."""
    assert business_hours.between(at, business_hours.add(at, span)) == span


@settings(max_examples=150)
@given(TIMES, MOMENTS, SPANS, SPANS)
def test_more_never_ends_earlier(business_hours: BusinessHours, at: datetime, span: timedelta, more: timedelta) -> None:
    """A longer span ends no earlier, and neither does one that begins later."""
    assert business_hours.add(at, span) <= business_hours.add(at, span + more)
    assert business_hours.add(at, span) <= business_hours.add(at + more, span)


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        ("2026-03-02T09:00", 4, "2026-03-02T13:00"),
        ("2026-03-02T06:00", 1, "2026-03-02T09:00"),  # before support is there
        ("2026-03-06T16:00", 2, "2026-03-09T09:00"),  # over a weekend
        ("2026-03-27T16:00", 2, "2026-03-30T09:00"),  # the clocks go forward on the Sunday
        ("2026-10-23T16:00", 2, "2026-10-26T09:00"),  # and back
        ("2026-04-02T16:00", 2, "2026-04-07T09:00"),  # Good Friday and Easter Monday
        ("2026-12-24T16:00", 2, "2026-12-28T09:00"),
        ("2026-01-05T16:00", 2, "2026-01-07T09:00"),  # Epiphany, in Bavaria only
        ("2026-03-02T08:00", 9, "2026-03-02T17:00"),  # the end of a day is still that day
    ],
)
def test_hours_go_by_the_clocks_of_the_place(begin: str, hours: int, end: str) -> None:
    """Nights, weekends, holidays of the state and the change of the clocks do not count."""
    assert OURS.add(berlin(begin), timedelta(hours=hours)) == berlin(end)


def test_the_next_open_moment_is_this_one_or_a_morning() -> None:
    """Within working time nothing is moved; outside it waits for the next morning."""
    assert OURS.next_open(berlin("2026-03-02T10:00")) == berlin("2026-03-02T10:00")
    assert OURS.next_open(berlin("2026-03-02T03:00")) == berlin("2026-03-02T08:00")
    assert OURS.next_open(berlin("2026-03-06T17:01")) == berlin("2026-03-09T08:00")


def test_without_any_working_day_it_is_told() -> None:
    """Without a working day the computation raises instead of running forever."""
    never = BusinessHours(zone=BERLIN, is_holiday=lambda _day: True)
    with pytest.raises(NoBusinessHours):
        never.add(berlin("2026-03-02T10:00"), timedelta(hours=1))
