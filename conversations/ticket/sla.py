"""What happens to a ticket by itself, and when: nobody waits in silence, and nothing is closed while support owes.

Two clocks run while support owes the next word, in working time: one for an answer, started by each turn of the
merchant, and one for the solution, which stands still while the merchant owes. A third runs while the merchant owes,
and only then: after it the ticket is closed, which is announced first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from conversations.ticket.business_hours import BusinessHours
from conversations.ticket.chart import TicketState
from conversations.ticket.priority import Priority

TimerKind = Literal[
    "answer_warning", "answer_limit", "solution_warning", "solution_limit", "merchant_word", "close_announced", "close"
]
TO_SUPPORT: frozenset[TimerKind] = frozenset({"answer_warning", "answer_limit", "solution_warning", "solution_limit"})
"""What support is told; the rest is for the merchant."""
LIMITS: frozenset[TimerKind] = frozenset({"answer_limit", "solution_limit"})
_GRAVEST_FIRST: tuple[TimerKind, ...] = (
    "solution_limit",
    "answer_limit",
    "solution_warning",
    "answer_warning",
    "merchant_word",
    "close_announced",
    "close",
)
SUPPORT_OWES: frozenset[TicketState] = frozenset({"open", "claimed", "waiting_for_support"})
MERCHANT_OWES: frozenset[TicketState] = frozenset({"waiting_for_merchant", "resolved"})
MerchantsDay = Callable[[datetime], datetime]
"""A moment, or the next one at which the merchant may be written to."""
_TRIES = 14
"""Working days on which the merchant's daytime is looked for; more are needed where a week has one working day only."""
_BEGINNINGS = frozenset({"file", "reopen"})


def _any_time(at: datetime) -> datetime:
    return at


@dataclass(frozen=True)
class TicketAct:
    """One line of a ticket's history: when, what, and the state after it.

    What happened `by_itself` has its kind as name; `also` are the kinds that were due at the same time and went unsaid.
    """

    at: datetime
    name: str
    state: TicketState
    by_itself: bool = False
    also: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SlaTarget:
    """Within how much working time support answers, and solves."""

    answer: timedelta
    solution: timedelta


PROMISES: Mapping[Priority, SlaTarget] = {
    "P1": SlaTarget(timedelta(hours=1), timedelta(hours=8)),
    "P2": SlaTarget(timedelta(hours=4), timedelta(hours=16)),
    "P3": SlaTarget(timedelta(hours=8), timedelta(hours=40)),
}
"""What holds unless the operator decides otherwise."""


@dataclass(frozen=True)
class NextTimer:
    """The next thing that happens by itself, and when (UTC). `also` is what it says as well, being graver."""

    kind: TimerKind
    due_at: datetime
    also: frozenset[TimerKind] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Sla:
    """How long support and merchants may take. `warn_at` is the share of a limit at which it is warned of.

    The merchant's days are working days: after `announce_days` without a word closing is announced, and `close_days`
    after that was said the ticket is closed.
    """

    business_hours: BusinessHours
    promises: Mapping[Priority, SlaTarget] = field(default_factory=lambda: PROMISES)
    warn_at: float = 0.75
    announce_days: int = 3
    close_days: int = 2

    def next(
        self, acts: Sequence[TicketAct], priority: Priority, now: datetime, merchants_day: MerchantsDay = _any_time
    ) -> NextTimer | None:
        """What is next for a ticket with this history (oldest first), `now` at the earliest; `None` for a closed one.

        What support is told comes in working time, what the merchant is told by the merchant's day on a working day.
        """
        return min(self._moved(acts, priority, now, merchants_day), key=_order, default=None)

    def due(
        self, acts: Sequence[TicketAct], priority: Priority, now: datetime, merchants_day: MerchantsDay = _any_time
    ) -> NextTimer | None:
        """What is to be said `now`. Of several things that support is to be told only the gravest is left."""
        passed = [one for one in self._moved(acts, priority, now, merchants_day) if one.due_at <= now]
        if not passed:
            return None
        gravest = min(passed, key=lambda one: _GRAVEST_FIRST.index(one.kind))
        also = {one.kind for one in passed} & TO_SUPPORT - {gravest.kind} if gravest.kind in TO_SUPPORT else set()
        return replace(gravest, also=frozenset(also))

    def answer_due(self, acts: Sequence[TicketAct], priority: Priority) -> datetime | None:
        """Until when support owes its next answer; `None` while the merchant owes a word, and at the end."""
        if not acts or acts[-1].state not in SUPPORT_OWES:
            return None
        return self.business_hours.add(_turn(acts), self.promises[priority].answer)

    def is_late(self, acts: Sequence[TicketAct], priority: Priority, at: datetime) -> bool:
        """Whether support owes something whose limit has passed."""
        due = self.answer_due(acts, priority)
        return due is not None and (due <= at or self._owed(_life(acts), at) >= self.promises[priority].solution)

    def _moved(
        self, acts: Sequence[TicketAct], priority: Priority, now: datetime, merchants_day: MerchantsDay
    ) -> Iterator[NextTimer]:
        for one in self._ahead(acts, priority):
            at = max(one.due_at, now)
            moved = self.business_hours.next_open(at) if one.kind in TO_SUPPORT else self._by_day(at, merchants_day)
            yield replace(one, due_at=moved)

    def _by_day(self, at: datetime, merchants_day: MerchantsDay) -> datetime:
        """The merchant's next daytime on one of our working days."""
        for _ in range(_TRIES):
            at = merchants_day(at)
            day = self.business_hours.local_day(at)
            if self.business_hours.works_on(day):
                break
            at = self.business_hours.at(self.business_hours.next_day(day), self.business_hours.begins)
        return at

    def _ahead(self, acts: Sequence[TicketAct], priority: Priority) -> Iterable[NextTimer]:
        state = acts[-1].state if acts else None
        if state in SUPPORT_OWES:
            return self._of_support(acts, self.promises[priority])
        return [self._of_merchant(acts)] if state in MERCHANT_OWES else []

    def _of_support(self, acts: Sequence[TicketAct], promise: SlaTarget) -> Iterable[NextTimer]:
        turn, life = _turn(acts), _life(acts)
        said_in_turn, said_in_life = _said(act for act in acts if act.at >= turn), _said(life)
        if "answer_limit" not in said_in_turn:
            if "answer_warning" not in said_in_turn:
                yield NextTimer("answer_warning", self.business_hours.add(turn, promise.answer * self.warn_at))
            yield NextTimer("answer_limit", self.business_hours.add(turn, promise.answer))
        if "solution_limit" not in said_in_life:
            if "solution_warning" not in said_in_life:
                yield NextTimer("solution_warning", self._when_owed(life, turn, promise.solution * self.warn_at))
            yield NextTimer("solution_limit", self._when_owed(life, turn, promise.solution))
        yield NextTimer("merchant_word", self._next_word(acts, turn, promise))

    def _next_word(self, acts: Sequence[TicketAct], turn: datetime, promise: SlaTarget) -> datetime:
        """When the promised time is over, and then once each working day as long as support owes."""
        late = self.business_hours.add(turn, promise.answer)
        words = [act.at for act in acts if act.name == "merchant_word"]
        return max(late, self.business_hours.add(words[-1], self.business_hours.day)) if words else late

    def _when_owed(self, life: Sequence[TicketAct], turn: datetime, span: timedelta) -> datetime:
        """When support has owed `span` in all since the ticket's beginning, if it goes on owing."""
        before = self._owed(life, turn)
        return self.business_hours.add(turn, max(span - before, timedelta()))

    def _owed(self, life: Sequence[TicketAct], until: datetime) -> timedelta:
        """How much working time support has owed until then."""
        ends = [act.at for act in life[1:]] + [until]
        return sum(
            (
                self.business_hours.between(act.at, min(end, until))
                for act, end in zip(life, ends, strict=True)
                if act.state in SUPPORT_OWES
            ),
            timedelta(),
        )

    def _of_merchant(self, acts: Sequence[TicketAct]) -> NextTimer:
        """Counted from the last thing a person did: an agent who writes once more gives the merchant the time anew."""
        since = max(act.at for act in acts if not act.by_itself)
        announced = [act.at for act in acts if act.name == "close_announced" and act.at >= since]
        if not announced:
            return NextTimer(
                "close_announced", self.business_hours.add(since, self.business_hours.day * self.announce_days)
            )
        return NextTimer("close", self.business_hours.add(announced[-1], self.business_hours.day * self.close_days))


def _order(one: NextTimer) -> tuple[datetime, int]:
    return one.due_at, _GRAVEST_FIRST.index(one.kind)


def _said(acts: Iterable[TicketAct]) -> set[str]:
    """What was said by itself, in so many words or in graver ones."""
    return {name for act in acts if act.by_itself for name in (act.name, *act.also)}


def _turn(acts: Sequence[TicketAct]) -> datetime:
    """Since when support has owed the next word without a break."""
    since = acts[-1].at
    for act in reversed(acts):
        if act.state not in SUPPORT_OWES:
            break
        since = act.at
    return since


def _life(acts: Sequence[TicketAct]) -> Sequence[TicketAct]:
    """The acts since the ticket was filed or last reopened."""
    begins = max((place for place, act in enumerate(acts) if act.name in _BEGINNINGS), default=0)
    return acts[begins:]
