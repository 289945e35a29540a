"""Computes all figures of a selection from its rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeVar

from bot.statistics import walkthroughs as walking
from bot.statistics.rows import MIN_CASES, HistoryRows, Spread, TicketRow, WalkRow, spread
from conversations.engine.procedure import AnyProcedure

MIN_AGENTS = 3
"""With fewer agents, support's times would be those of one person, and nobody is to be measured."""
K = TypeVar("K", bound=Hashable)
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """What became of walks: each is counted in exactly one of the fields after `started`.

    `ended` counts by the step at which they ended; in `silent` ones nothing has happened for a week.
    """

    started: int
    ended: Mapping[str, int]
    silent: int
    under_way: int

    def items(self) -> Iterator[tuple[str, int]]:
        """All of it as a flat table."""
        yield "started", self.started
        yield from self.ended.items()
        yield "silent", self.silent
        yield "under_way", self.under_way


@dataclass(frozen=True, kw_only=True)
class Results:
    """What walks and tickets of one time came to. Spreads are as in `Figures`.

    `orders` walks came to a good end, `alone` of them without a person: no ticket, and no agent on the phone. `asked`
    questions were answered from the guide, `rejected` of the answers were not to the question. `faces` counts what
    merchants said at the end.
    """

    started: int
    orders: int
    alone: int
    time_to_orders: Spread
    first_answer: Spread
    asked: int
    rejected: int
    faces: Mapping[str, int]

    def share_of(self, face: str) -> int | None:
        """Per cent of all that said something; `None` when they are so few that it would be about single people."""
        said = sum(self.faces.values())
        return round(100 * self.faces[face] / said) if said >= MIN_CASES else None


@dataclass(frozen=True, kw_only=True)
class Week:
    """One week, by its Monday in the operator's time zone; walks count in the week in which they began."""

    monday: date
    outcomes: Outcomes
    results: Results
    tickets: int


@dataclass(frozen=True, kw_only=True)
class SupportFigures:
    """Seconds from the opening of a ticket until it was taken, answered and solved, over all agents.

    There is no median for fewer than `MIN_CASES` tickets or `MIN_AGENTS` agents.
    """

    taken: Spread
    answered: Spread
    solved: Spread


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything about one selection as of `now`. Times are in seconds."""

    now: datetime
    procedure: AnyProcedure
    results: Results
    sentences: list[tuple[str, str]]
    """What merchants wrote at the end, each with its face."""
    outcomes: Outcomes
    restarted: int
    on_the_phone: int
    steps: list[walking.StepFigures]
    refusals: list[walking.Refusals]
    attempts: list[walking.AttemptFigures]
    tickets: int
    tickets_by: dict[str, dict[str, int]]
    """For reason, category, priority and state: how many tickets."""
    support: SupportFigures
    weeks: list[Week]
    languages: dict[str, Outcomes]
    by_guide_version: dict[str, Outcomes]
    not_understood: dict[tuple[str, str], int]
    """How many messages, by step ("" without a walk) and language; only what is still kept."""

    @property
    def done(self) -> int:
        """Walks that came to a good end."""
        return self.results.orders


def compute(
    history: HistoryRows, procedure: AnyProcedure, now: datetime, zone: tzinfo, *, min_agents: int = MIN_AGENTS
) -> Figures:
    """The figures of `history`, whose walks went through `procedure`; weeks begin on Monday in `zone`."""
    counts = walking.tally(history.events, procedure)
    silent_by_step = walking.silent(history.walks, counts, procedure, now)
    silent_walks = frozenset().union(*silent_by_step.values())

    def outcomes(walks: Iterable[WalkRow]) -> Outcomes:
        return _outcomes(walks, silent_walks, procedure)

    def results(walks: Sequence[WalkRow], tickets: Sequence[TicketRow]) -> Results:
        return _results(walks, tickets, counts, procedure, min_agents)

    return Figures(
        now=now,
        procedure=procedure,
        results=results(history.walks, history.tickets),
        sentences=history.sentences,
        outcomes=outcomes(history.walks),
        restarted=sum(name == "restarted" for name in counts.endings.values()),
        on_the_phone=sum(walk.on_the_phone for walk in history.walks),
        steps=walking.step_figures(procedure, counts, silent_by_step),
        refusals=walking.refusals(counts),
        attempts=walking.attempts(procedure, counts),
        tickets=len(history.tickets),
        tickets_by=_tickets_by(history.tickets),
        support=_support(history.tickets, min_agents),
        weeks=_weeks(history, outcomes, results, zone),
        languages={key: outcomes(walks) for key, walks in _by(history.walks, lambda walk: walk.language).items()},
        by_guide_version={
            key: outcomes(walks) for key, walks in _by(history.walks, lambda walk: walk.guide_version).items()
        },
        not_understood=dict(Counter((row.step, row.language) for row in history.not_understood).most_common()),
    )


def _outcomes(walks: Iterable[WalkRow], silent_walks: frozenset[int], procedure: AnyProcedure) -> Outcomes:
    counts = Counter(
        "silent" if walk.id in silent_walks else walk.step if walk.ended_at else "under_way" for walk in walks
    )
    ends = {name: counts[name] for name, step in procedure.steps.items() if step.end is not None}
    return Outcomes(started=counts.total(), ended=ends, silent=counts["silent"], under_way=counts["under_way"])


def _by(rows: Iterable[R], key: Callable[[R], K]) -> dict[K, list[R]]:
    groups: dict[K, list[R]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), str(group[0]))))


def _tickets_by(tickets: Sequence[TicketRow]) -> dict[str, dict[str, int]]:
    return {
        name: dict(Counter(str(getattr(ticket, name)) for ticket in tickets).most_common())
        for name in ("reason", "category", "priority", "state")
    }


def _results(
    walks: Sequence[WalkRow],
    tickets: Sequence[TicketRow],
    counts: walking.Tally,
    procedure: AnyProcedure,
    min_agents: int,
) -> Results:
    good = {name for name, step in procedure.steps.items() if step.end == "good"}
    durations, alone = [], 0
    for walk in walks:
        if walk.ended_at is not None and walk.step in good:
            durations.append((walk.ended_at - walk.started_at).total_seconds())
            alone += not walk.with_person and not walk.on_the_phone
    return Results(
        started=len(walks),
        orders=len(durations),
        alone=alone,
        time_to_orders=spread(durations),
        first_answer=_since_opened(tickets, "answered_at", min_agents),
        asked=sum(counts.answered[walk.id] for walk in walks),
        rejected=sum(counts.rejected[walk.id] for walk in walks),
        faces=Counter(walk.face for walk in walks if walk.face is not None),
    )


def _support(tickets: Sequence[TicketRow], min_agents: int) -> SupportFigures:
    taken, answered, solved = (
        _since_opened(tickets, name, min_agents) for name in ("taken_at", "answered_at", "resolved_at")
    )
    return SupportFigures(taken=taken, answered=answered, solved=solved)


def _since_opened(tickets: Sequence[TicketRow], name: str, min_agents: int) -> Spread:
    moments = [(ticket.opened_at, getattr(ticket, name)) for ticket in tickets]
    durations = [(at - opened).total_seconds() for opened, at in moments if at is not None]
    agents = {ticket.owner for ticket in tickets if ticket.owner is not None}
    return spread(durations) if len(agents) >= min_agents else Spread(len(durations))


def monday(moment: datetime, zone: tzinfo) -> date:
    """The Monday of the week in which `moment` is, in `zone`."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _weeks(
    history: HistoryRows,
    outcomes: Callable[[Iterable[WalkRow]], Outcomes],
    results: Callable[[Sequence[WalkRow], Sequence[TicketRow]], Results],
    zone: tzinfo,
) -> list[Week]:
    """Every week from the first to the last in which a walk or ticket began, including empty ones between them."""
    walks = _by(history.walks, lambda walk: monday(walk.started_at, zone))
    tickets = _by(history.tickets, lambda ticket: monday(ticket.opened_at, zone))
    with_data = sorted({*walks, *tickets})
    if not with_data:
        return []
    count = (with_data[-1] - with_data[0]).days // 7 + 1
    mondays = [with_data[0] + timedelta(weeks=number) for number in range(count)]
    return [
        Week(
            monday=first, outcomes=outcomes(walks.get(first, ())), tickets=len(tickets.get(first, ())),
            results=results(walks.get(first, ()), tickets.get(first, ())),
        )
        for first in mondays
    ]  # fmt: skip
