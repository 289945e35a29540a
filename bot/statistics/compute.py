"""All figures of a selection from its rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeVar

from bot.statistics import walkthroughs as walking
from bot.statistics.rows import HistoryRows, Spread, TicketRow, WalkRow, spread

MIN_AGENTS = 3
"""With fewer agents the desk's times would be those of a person, whom nobody is to measure."""
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """What became of walks: each is in exactly one of the fields after `started`.

    `cancelled` includes those who began anew; `silent` stand still for a week.
    """

    started: int
    done: int
    cancelled: int
    reverted: int
    silent: int
    under_way: int


@dataclass(frozen=True, kw_only=True)
class Week:
    """One week, by its Monday in the operator's time zone; walks count in the week in which they began."""

    monday: date
    outcomes: Outcomes
    tickets: int


@dataclass(frozen=True, kw_only=True)
class SupportFigures:
    """The desk as a whole, in seconds of elapsed time since a ticket was opened: taken, answered, solved.

    No median is shown of fewer than `MIN_CASES` tickets or `MIN_AGENTS` agents.
    """

    taken: Spread
    answered: Spread
    solved: Spread


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything about one selection as of `now`. Times are in seconds."""

    now: datetime
    outcomes: Outcomes
    restarted: int
    on_the_phone: int
    whole: Spread
    """From the beginning of a walk to „done“."""
    steps: list[walking.StepFigures]
    refusals: list[walking.Refusals]
    fetches: list[walking.Fetches]
    tickets: int
    tickets_by: dict[str, dict[str, int]]
    """For reason, category, priority and state: how many tickets."""
    services: SupportFigures
    weeks: list[Week]
    languages: dict[str, Outcomes]
    by_guide_version: dict[str, Outcomes]


def compute(
    history: HistoryRows, steps: Sequence[str], now: datetime, zone: tzinfo, *, min_agents: int = MIN_AGENTS
) -> Figures:
    """The figures of `history`. `steps` is the order in which people walk, `zone` where weeks begin."""
    told = walking.tally(history.events)
    quiet = walking.silent(history.walks, told, now)
    still = frozenset().union(*quiet.values())

    def outcomes(walks: Iterable[WalkRow]) -> Outcomes:
        return _outcomes(walks, still)

    took = [
        (walk.ended_at - walk.started_at).total_seconds()
        for walk in history.walks
        if walk.ended_at is not None and walk.step == "done"
    ]
    return Figures(
        now=now,
        outcomes=outcomes(history.walks),
        restarted=sum(name == "restarted" for name in told.endings.values()),
        on_the_phone=sum(walk.on_the_phone for walk in history.walks),
        whole=spread(took),
        steps=walking.step_figures(steps, told, quiet),
        refusals=walking.refusals(told),
        fetches=walking.fetches(told),
        tickets=len(history.tickets),
        tickets_by=_tickets_by(history.tickets),
        services=_support(history, min_agents),
        weeks=_weeks(history, outcomes, zone),
        languages={key: outcomes(walks) for key, walks in _by(history.walks, lambda one: one.language).items()},
        by_guide_version={
            key: outcomes(walks) for key, walks in _by(history.walks, lambda one: one.guide_version).items()
        },
    )


def _outcomes(walks: Iterable[WalkRow], still: frozenset[int]) -> Outcomes:
    found = Counter("silent" if walk.id in still else walk.step if walk.ended_at else "under_way" for walk in walks)
    # A walk can only have ended at one of these.
    ends = {name: found[name] for name in walking.ENDS}
    return Outcomes(started=found.total(), silent=found["silent"], under_way=found["under_way"], **ends)


def _by(walks: Iterable[WalkRow], key: Callable[[WalkRow], K]) -> dict[K, list[WalkRow]]:
    found: dict[K, list[WalkRow]] = defaultdict(list)
    for walk in walks:
        found[key(walk)].append(walk)
    return dict(sorted(found.items(), key=lambda one: (-len(one[1]), str(one[0]))))


def _tickets_by(tickets: Sequence[TicketRow]) -> dict[str, dict[str, int]]:
    return {
        name: dict(Counter(str(getattr(ticket, name)) for ticket in tickets).most_common())
        for name in ("reason", "category", "priority", "state")
    }


def _support(history: HistoryRows, min_agents: int) -> SupportFigures:
    enough = history.agents >= min_agents

    def since_opened(name: str) -> Spread:
        moments = [(ticket.opened_at, getattr(ticket, name)) for ticket in history.tickets]
        took = [(at - opened).total_seconds() for opened, at in moments if at is not None]
        return spread(took) if enough else Spread(len(took))

    return SupportFigures(
        taken=since_opened("taken_at"), answered=since_opened("answered_at"), solved=since_opened("resolved_at")
    )


def monday(moment: datetime, zone: tzinfo) -> date:
    """The Monday of the week in which `moment` lies in `zone`."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _weeks(history: HistoryRows, outcomes: Callable[[Iterable[WalkRow]], Outcomes], zone: tzinfo) -> list[Week]:
    """Every week from the first to the last in which something began, the empty ones between them too."""
    walks = _by(history.walks, lambda walk: monday(walk.started_at, zone))
    tickets = Counter(monday(ticket.opened_at, zone) for ticket in history.tickets)
    known = sorted({*walks, *tickets})
    if not known:
        return []
    count = (known[-1] - known[0]).days // 7 + 1
    mondays = [known[0] + timedelta(weeks=number) for number in range(count)]
    return [Week(monday=one, outcomes=outcomes(walks.get(one, ())), tickets=tickets[one]) for one in mondays]
