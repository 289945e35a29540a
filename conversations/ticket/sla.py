"""The timers of a ticket: who is reminded or told something when the other side does not answer, and when it is closed.

Two clocks run while support has to answer, in working time: one for the answer, which starts whenever it becomes
support's turn, and one for the solution, which pauses while the merchant has to answer. A third runs only while the
merchant has to answer: when it ends, the ticket is closed, which is announced before.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from conversations.engine.priority import Priority
from conversations.ticket.business_hours import BusinessHours
from conversations.ticket.models import TicketState

TimerKind = Literal[
    "answer_warning",
    "answer_limit",
    "solution_warning",
    "solution_limit",
    "merchant_word",
    "close_announced",
    "close",
    "wake",
]
TO_SUPPORT: frozenset[TimerKind] = frozenset({"answer_warning", "answer_limit", "solution_warning", "solution_limit"})
"""The timers at which support is told something; the others are for the merchant."""
LIMITS: frozenset[TimerKind] = frozenset({"answer_limit", "solution_limit"})
_GRAVEST_FIRST: tuple[TimerKind, ...] = (
    "solution_limit",
    "answer_limit",
    "solution_warning",
    "answer_warning",
    "merchant_word",
    "close_announced",
    "close",
    "wake",
)
SUPPORT_OWES: frozenset[TicketState] = frozenset({"open", "claimed", "waiting_for_support"})
MERCHANT_OWES: frozenset[TicketState] = frozenset({"waiting_for_merchant", "resolved"})
MerchantsDay = Callable[[datetime], datetime]
"""Maps a moment to itself, or to the next one at which the merchant may be written to."""
_TRIES = 14
"""So many working days are tried to find one that is also a day on which the merchant may be written to."""
_OPENING_ACTS = frozenset({"file", "reopen"})


def _any_time(at: datetime) -> datetime:
    return at


@dataclass(frozen=True)
class TicketAct:
    """One line of a ticket's history: when, what, and the state after it.

    `by_itself`: a timer did it, and `name` is its kind; `also` are the kinds that were due too and were not said.
    `until`: the ticket was postponed until then. `since`: a duplicate was merged into it, in which it was support's
    turn since then; `told`: in which the merchant was last told then that it takes longer.
    """

    at: datetime
    name: str
    state: TicketState
    by_itself: bool = False
    also: frozenset[str] = frozenset()
    until: datetime | None = None
    since: datetime | None = None
    told: datetime | None = None


@dataclass(frozen=True)
class SlaTarget:
    """Within how much working time support is to answer, and to solve the problem."""

    answer: timedelta
    solution: timedelta


DEFAULT_TARGETS: Mapping[Priority, SlaTarget] = {
    "P1": SlaTarget(timedelta(hours=1), timedelta(hours=8)),
    "P2": SlaTarget(timedelta(hours=4), timedelta(hours=16)),
    "P3": SlaTarget(timedelta(hours=8), timedelta(hours=40)),
}
"""The targets unless the operator sets others."""


@dataclass(frozen=True)
class NextTimer:
    """The next timer of a ticket, and when it is due (UTC). `also`: less serious kinds that are due and not said."""

    kind: TimerKind
    due_at: datetime
    also: frozenset[TimerKind] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Sla:
    """How long support and merchants may take. `warn_at` is the share of a limit after which support is warned.

    The merchant's days are working days: after `announce_days` without an answer closing is announced, and `close_days`
    after the announcement the ticket is closed.
    """

    business_hours: BusinessHours
    targets: Mapping[Priority, SlaTarget] = field(default_factory=lambda: DEFAULT_TARGETS)
    warn_at: float = 0.75
    announce_days: int = 3
    close_days: int = 2

    def next(
        self, acts: Sequence[TicketAct], priority: Priority, now: datetime, merchants_day: MerchantsDay = _any_time
    ) -> NextTimer | None:
        """The next timer for a ticket with this history (oldest first), not before `now`; `None` for a closed one.

        Support is told in working time, the merchant in the merchant's daytime on a working day.
        """
        return min(self._shifted(acts, priority, now, merchants_day), key=_order, default=None)

    def due(
        self, acts: Sequence[TicketAct], priority: Priority, now: datetime, merchants_day: MerchantsDay = _any_time
    ) -> NextTimer | None:
        """The timer that is due `now`, if there is one. Of several for support only the most serious is returned."""
        passed = [timer for timer in self._shifted(acts, priority, now, merchants_day) if timer.due_at <= now]
        if not passed:
            return None
        gravest = min(passed, key=lambda timer: _GRAVEST_FIRST.index(timer.kind))
        also = {timer.kind for timer in passed} & TO_SUPPORT - {gravest.kind} if gravest.kind in TO_SUPPORT else set()
        return replace(gravest, also=frozenset(also))

    def answer_due(self, acts: Sequence[TicketAct], priority: Priority) -> datetime | None:
        """Until when support has to answer; `None` while it is the merchant's turn, and for a closed ticket."""
        if not acts or acts[-1].state not in SUPPORT_OWES:
            return None
        return self.business_hours.add(support_turn(acts), self.targets[priority].answer)

    def is_late(self, acts: Sequence[TicketAct], priority: Priority, at: datetime) -> bool:
        """Whether support has missed the limit for its answer or for the solution."""
        due = self.answer_due(acts, priority)
        return due is not None and (due <= at or self._owed(_since_opened(acts), at) >= self.targets[priority].solution)

    def _shifted(
        self, acts: Sequence[TicketAct], priority: Priority, now: datetime, merchants_day: MerchantsDay
    ) -> Iterator[NextTimer]:
        """All timers, each moved to a time at which its reader is there."""
        for timer in self._timers(acts, priority):
            at = max(timer.due_at, now)
            to_support = timer.kind in TO_SUPPORT or timer.kind == "wake"
            shifted = self.business_hours.next_open(at) if to_support else self._by_day(at, merchants_day)
            yield replace(timer, due_at=shifted)

    def _by_day(self, at: datetime, merchants_day: MerchantsDay) -> datetime:
        """The merchant's next daytime on a working day of support."""
        for _ in range(_TRIES):
            at = merchants_day(at)
            day = self.business_hours.local_day(at)
            if self.business_hours.works_on(day):
                break
            at = self.business_hours.at(self.business_hours.next_day(day), self.business_hours.begins)
        return at

    def _timers(self, acts: Sequence[TicketAct], priority: Priority) -> Iterable[NextTimer]:
        state = acts[-1].state if acts else None
        if state in SUPPORT_OWES:
            return self._for_support(acts, self.targets[priority])
        if state == "postponed":
            return [NextTimer("wake", until) for until in [postponed_until(acts)] if until is not None]
        return [self._for_merchant(acts)] if state in MERCHANT_OWES else []

    def _for_support(self, acts: Sequence[TicketAct], target: SlaTarget) -> Iterable[NextTimer]:
        turn, since_opened = support_turn(acts), _since_opened(acts)
        said_in_turn, said_in_all = _said(act for act in acts if act.at >= turn), _said(since_opened)
        if "answer_limit" not in said_in_turn:
            if "answer_warning" not in said_in_turn:
                yield NextTimer("answer_warning", self.business_hours.add(turn, target.answer * self.warn_at))
            yield NextTimer("answer_limit", self.business_hours.add(turn, target.answer))
        if "solution_limit" not in said_in_all:
            if "solution_warning" not in said_in_all:
                yield NextTimer("solution_warning", self._when_owed(since_opened, turn, target.solution * self.warn_at))
            yield NextTimer("solution_limit", self._when_owed(since_opened, turn, target.solution))
        yield NextTimer("merchant_word", self._next_word(acts, turn, target))

    def _next_word(self, acts: Sequence[TicketAct], turn: datetime, target: SlaTarget) -> datetime:
        """When the merchant reads that the answer takes longer: after the time for it, then once each working day."""
        late = self.business_hours.add(turn, target.answer)
        told = told_longer(acts)
        return max(late, self.business_hours.add(told, self.business_hours.day)) if told is not None else late

    def _when_owed(self, since_opened: Sequence[TicketAct], turn: datetime, span: timedelta) -> datetime:
        """When it will have been support's turn for `span` in all, if it stays its turn."""
        before = self._owed(since_opened, turn)
        return self.business_hours.add(turn, max(span - before, timedelta()))

    def _owed(self, since_opened: Sequence[TicketAct], until: datetime) -> timedelta:
        """For how much working time it was support's turn."""
        ends = [act.at for act in since_opened[1:]] + [until]
        return sum(
            (
                self.business_hours.between(act.at, min(end, until))
                for act, end in zip(since_opened, ends, strict=True)
                if act.state in SUPPORT_OWES
            ),
            timedelta(),
        )

    def _for_merchant(self, acts: Sequence[TicketAct]) -> NextTimer:
        """Counted from the last act of a person: when an agent writes again, the merchant's time starts again."""
        since = max(act.at for act in acts if not act.by_itself)
        announced = [act.at for act in acts if act.name == "close_announced" and act.at >= since]
        if not announced:
            return NextTimer(
                "close_announced", self.business_hours.add(since, self.business_hours.day * self.announce_days)
            )
        return NextTimer("close", self.business_hours.add(announced[-1], self.business_hours.day * self.close_days))


def postponed_until(acts: Sequence[TicketAct]) -> datetime | None:
    """Until when the ticket is postponed; `None` when it is not."""
    if not acts or acts[-1].state != "postponed":
        return None
    return next((act.until for act in reversed(acts) if act.until is not None), None)


def told_longer(acts: Sequence[TicketAct]) -> datetime | None:
    """When the merchant was last told that the answer takes longer."""
    told = (act.at if act.name == "merchant_word" else act.told for act in acts)
    return max((at for at in told if at is not None), default=None)


def _order(timer: NextTimer) -> tuple[datetime, int]:
    return timer.due_at, _GRAVEST_FIRST.index(timer.kind)


def _said(acts: Iterable[TicketAct]) -> set[str]:
    """The kinds of timers that were said, or covered by a more serious one."""
    return {name for act in acts if act.by_itself for name in (act.name, *act.also)}


def support_turn(acts: Sequence[TicketAct]) -> datetime:
    """Since when it has been support's turn to answer."""
    since = acts[-1].at
    for act in reversed(acts):
        if act.state not in SUPPORT_OWES:
            break
        since = min(since, act.at, act.since or act.at)
    return since


def _since_opened(acts: Sequence[TicketAct]) -> Sequence[TicketAct]:
    """The acts since the ticket was filed or last reopened."""
    first = max((index for index, act in enumerate(acts) if act.name in _OPENING_ACTS), default=0)
    return acts[first:]
