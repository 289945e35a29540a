"""The timers of a ticket: when they are due, in which order, and that nobody waits in vain."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.services.reminder_policy import ReminderPolicy
from bot.settings.public_holidays import public_holidays
from bot.store.models import Person
from conversations.ticket.business_hours import BusinessHours
from conversations.ticket.chart import NotPossible, apply
from conversations.ticket.models import Priority
from conversations.ticket.sla import MERCHANT_OWES, SUPPORT_OWES, TO_SUPPORT, NextTimer, Sla, TicketAct, postponed_until

BERLIN = ZoneInfo("Europe/Berlin")
OURS = BusinessHours(zone=BERLIN, is_holiday=public_holidays("DE", "NW"))
PATIENCE = Sla(business_hours=OURS)
BY_DAY = partial(ReminderPolicy().by_day, person=None)
PEOPLE = ("claim", "answer", "hear", "hand", "release", "resolve", "close", "reopen")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


chart = lru_cache(apply)


class Case:
    """A ticket that follows the chart and records which timers were due."""

    def __init__(self, at: datetime, priority: Priority = "P2") -> None:
        self.priority: Priority = priority
        self.acts = [TicketAct(at, "file", "open")]
        self.fired: list[tuple[datetime, str]] = []

    def does(self, name: str, at: datetime) -> "Case":
        state = chart(self.acts[-1].state, name, owned=any(act.name == "claim" for act in self.acts))
        self.acts.append(TicketAct(at, name, state))
        return self

    def next(self, now: datetime) -> NextTimer | None:
        return PATIENCE.next(self.acts, self.priority, now, BY_DAY)

    def look(self, now: datetime) -> NextTimer | None:
        """At the time `now`, do what is due, as the services do."""
        due = PATIENCE.due(self.acts, self.priority, now, BY_DAY)
        if due is not None:
            state = "closed" if due.kind == "close" else self.acts[-1].state
            self.acts.append(TicketAct(now, due.kind, state, by_itself=True, also=due.also))
            self.fired.append((now, due.kind))
        return due

    def run(self, begin: datetime, end: datetime) -> "Case":
        """Run all timers, each when it is due."""
        now = begin
        while (following := self.next(now)) is not None and following.due_at <= end:
            now = following.due_at
            assert self.look(now) is not None
        return self


MONDAY = berlin("2026-03-02T09:00")


def test_support_is_warned_told_and_the_merchant_hears_of_it() -> None:
    """P2: a warning after three of four hours, at four the limit and a word, the next word a working day later."""
    case = Case(MONDAY).run(MONDAY, berlin("2026-03-03T13:30"))
    assert case.fired == [
        (berlin("2026-03-02T12:00"), "answer_warning"),
        (berlin("2026-03-02T13:00"), "answer_limit"),
        (berlin("2026-03-02T13:00"), "merchant_word"),
        (berlin("2026-03-03T12:00"), "solution_warning"),
        (berlin("2026-03-03T13:00"), "merchant_word"),
    ]


@pytest.mark.parametrize(("priority", "limit"), [("P1", "10:00"), ("P2", "13:00"), ("P3", "17:00")])
def test_the_more_urgent_the_sooner(priority: Priority, limit: str) -> None:
    """Each priority has its own time to the answer."""
    case = Case(MONDAY, priority).run(MONDAY, berlin("2026-03-02T23:00"))
    assert (berlin(f"2026-03-02T{limit}"), "answer_limit") in case.fired


def test_taking_a_ticket_stops_no_clock() -> None:
    """A ticket that is taken and then left alone is as overdue as one that nobody took."""
    case = Case(MONDAY).does("claim", MONDAY + timedelta(minutes=5)).run(MONDAY, berlin("2026-03-02T14:00"))
    assert [kind for _, kind in case.fired] == ["answer_warning", "answer_limit", "merchant_word"]


def test_every_turn_of_the_merchant_starts_the_answer_anew() -> None:
    """After an answer the merchant writes again: support has its time from then on, however often they write."""
    case = Case(MONDAY).does("claim", MONDAY).does("answer", berlin("2026-03-02T09:30"))
    case.does("hear", berlin("2026-03-02T11:00")).does("hear", berlin("2026-03-02T13:00"))
    assert case.next(berlin("2026-03-02T13:00")) == NextTimer("answer_warning", berlin("2026-03-02T14:00"))


def test_the_time_to_the_solution_stands_still_while_the_merchant_owes() -> None:
    """A week in which the merchant says nothing is not support's."""
    case = Case(MONDAY, "P1").does("claim", MONDAY).does("answer", berlin("2026-03-02T10:00"))
    case.does("hear", berlin("2026-03-04T10:00")).run(berlin("2026-03-04T10:00"), berlin("2026-03-05T16:00"))
    assert (berlin("2026-03-04T15:00"), "solution_warning") in case.fired
    assert (berlin("2026-03-04T17:00"), "solution_limit") in case.fired


def test_closing_is_announced_and_only_then_done() -> None:
    """Three working days of silence, the announcement, two more, closed; the weekend does not count."""
    case = Case(MONDAY).does("claim", MONDAY).does("answer", berlin("2026-03-05T10:00"))
    case.run(berlin("2026-03-05T10:00"), berlin("2026-04-01T10:00"))
    assert case.fired == [(berlin("2026-03-10T10:00"), "close_announced"), (berlin("2026-03-12T10:00"), "close")]
    assert case.next(berlin("2026-03-12T10:00")) is None


def test_another_word_of_support_gives_the_merchant_the_time_anew() -> None:
    """An agent who writes again after the announcement is not cut short by it."""
    case = Case(MONDAY).does("claim", MONDAY).does("answer", MONDAY).run(MONDAY, berlin("2026-03-05T10:00"))
    assert case.fired == [(berlin("2026-03-05T09:00"), "close_announced")]
    case.does("answer", berlin("2026-03-06T09:00"))
    assert case.next(berlin("2026-03-06T09:00")) == NextTimer("close_announced", berlin("2026-03-11T09:00"))


def test_after_days_away_the_merchant_still_gets_the_whole_notice() -> None:
    """The bot was down when the announcement was due: the days to the closing are counted from when it was said."""
    case = Case(MONDAY).does("claim", MONDAY).does("answer", MONDAY)
    case.run(berlin("2026-03-20T12:00"), berlin("2026-04-30T12:00"))
    assert case.fired == [(berlin("2026-03-20T12:00"), "close_announced"), (berlin("2026-03-24T12:00"), "close")]


def test_after_days_away_only_the_gravest_is_said() -> None:
    """Everything of support's was due meanwhile: one line, and one word to the merchant."""
    case = Case(MONDAY, "P1")
    now = berlin("2026-03-13T11:00")
    case.run(now, now)
    assert case.fired == [(now, "solution_limit"), (now, "merchant_word")]


def test_a_reopened_ticket_begins_anew() -> None:
    """What was said before it was solved counts no more."""
    case = Case(MONDAY, "P1").run(MONDAY, berlin("2026-03-04T10:00")).does("resolve", berlin("2026-03-04T10:00"))
    case.does("reopen", berlin("2026-03-05T09:00"))
    assert case.next(berlin("2026-03-05T09:00")) == NextTimer("answer_warning", berlin("2026-03-05T09:45"))


def test_support_is_told_in_working_time_after_a_downtime_too() -> None:
    """A bot that comes back at night waits for the morning."""
    case = Case(MONDAY)
    night = berlin("2026-03-03T02:00")
    assert case.look(night) is None
    assert case.next(night) == NextTimer("answer_limit", berlin("2026-03-03T08:00"))
    due = case.look(berlin("2026-03-03T08:00"))
    assert due == NextTimer("answer_limit", berlin("2026-03-03T08:00"), frozenset({"answer_warning"}))


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland", "Europe/Berlin"])
def test_a_merchant_far_away_is_written_to_by_day(zone: str) -> None:
    """A word to the merchant comes in the merchant's daytime on a working day of ours, wherever they are."""
    day = partial(ReminderPolicy().by_day, person=Person(team_id="T1", user_id="U1", zone=zone))
    friday = berlin("2026-03-06T16:30")
    case = Case(friday, "P1")
    case.acts.append(TicketAct(friday, "answer_limit", "open", by_itself=True))
    case.acts.append(TicketAct(friday, "solution_limit", "open", by_itself=True))
    for now in (friday + timedelta(hours=hours) for hours in range(100)):
        following = PATIENCE.next(case.acts, "P1", now, day)
        assert following is not None
        assert following.kind == "merchant_word"
        assert 8 <= following.due_at.astimezone(ZoneInfo(zone)).hour < 20
        assert OURS.works_on(OURS.local_day(following.due_at))


LIVES = some.lists(
    some.tuples(some.sampled_from((*PEOPLE, "look", "look", "down")), some.timedeltas(timedelta(), timedelta(days=9))),
    max_size=10,
)
BEGINS = some.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001
PRIORITIES = some.sampled_from(["P1", "P2", "P3"])


@settings(max_examples=60, deadline=None)
@given(BEGINS, PRIORITIES, LIVES)
def test_whatever_people_do_nobody_is_forgotten_or_cut_short(
    begin: datetime, priority: Priority, life: list[tuple[str, timedelta]]
) -> None:
    """Over any life of a ticket, with days of downtime: the rules of waiting hold.

    A living ticket always has a next thing; support hears in working time only; nothing is closed that support owes or
    that was not announced; each turn is escalated once; the merchant hears once a working day at most.
    """
    case, now = Case(begin, priority), begin
    for what, later in life:
        if what == "look":
            case.run(now, now + later)
            now += later
        elif what == "down":
            now += later
        else:
            now += later
            try:
                case.does(what, now)
            except NotPossible:
                continue
        following = case.next(now)
        assert (following is None) == (case.acts[-1].state == "closed")
        assert following is None or following.due_at >= now
    for act, before in zip(case.acts[1:], case.acts, strict=False):
        if act.by_itself:
            owing = SUPPORT_OWES if act.name in TO_SUPPORT | {"merchant_word"} else MERCHANT_OWES
            assert before.state in owing
            assert act.name not in TO_SUPPORT or OURS.is_open(act.at)
        if act.name == "close" and act.by_itself:
            announced = [one.at for one in case.acts if one.name == "close_announced" and one.at <= act.at]
            assert OURS.between(announced[-1], act.at) >= OURS.day * PATIENCE.close_days
    words = [act.at for act in case.acts if act.name == "merchant_word"]
    assert all(OURS.between(earlier, later) >= OURS.day for earlier, later in pairwise(words))
    for index, act in enumerate(case.acts):
        if act.name == "answer_limit":
            rest = case.acts[index + 1 :]
            turn = [
                later.name
                for later in rest[: next((n for n, o in enumerate(rest) if o.state not in SUPPORT_OWES), None)]
            ]
            assert "answer_limit" not in turn


def test_a_postponed_ticket_wakes_on_its_date_and_no_clock_runs_until_then() -> None:
    """Neither side owes anything; then support has its whole time. An answer meanwhile does not change the date."""
    until = berlin("2026-03-16T08:00")
    case = Case(MONDAY, "P1").does("claim", MONDAY).does("postpone", MONDAY)
    case.acts[-1] = replace(case.acts[-1], until=until)
    assert case.next(MONDAY) == NextTimer("wake", until)
    case.does("answer", berlin("2026-03-05T10:00"))
    assert case.next(berlin("2026-03-05T10:00")) == NextTimer("wake", until)
    assert postponed_until(case.acts) == until
    case.does("wake", until)
    assert postponed_until(case.acts) is None
    assert PATIENCE.answer_due(case.acts, "P1") == berlin("2026-03-16T09:00")


def test_a_word_of_the_merchant_wakes_a_postponed_ticket() -> None:
    """Support has its time from then on, and the date means nothing any more."""
    case = Case(MONDAY).does("claim", MONDAY).does("postpone", MONDAY)
    case.acts[-1] = replace(case.acts[-1], until=berlin("2026-03-16T08:00"))
    case.does("hear", berlin("2026-03-04T10:00"))
    assert case.next(berlin("2026-03-04T10:00")) == NextTimer("answer_warning", berlin("2026-03-04T13:00"))
