"""What the figures are computed from. All times are aware and in UTC; nobody is named."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which walks and tickets count: those that began in [`since`, `until`); `None` sets no bound.

    `language` is that of whoever works the walk, and of a ticket the one it was filed in. `guide` is how the version of
    the guides begins that a walk showed last. `team_id` is a workspace.
    """

    since: datetime | None = None
    until: datetime | None = None
    language: str | None = None
    guide_version: str | None = None
    team_id: str | None = None


class WalkRow(NamedTuple):
    """One walk. `step` is where it stands or ended; `on_the_phone`: an agent works it for somebody."""

    id: int
    started_at: datetime
    ended_at: datetime | None
    step: str
    language: str
    guide_version: str
    on_the_phone: bool


class EventRow(NamedTuple):
    """One line of a walk's history. `codes` is the JSON of the line's detail where figures need it, else ""."""

    walk_id: int
    at: datetime
    name: str
    step: str
    next_step: str
    codes: str


class TicketRow(NamedTuple):
    """One ticket. `taken_at` is when the first agent owned it; nothing says which agent."""

    number: int
    opened_at: datetime
    taken_at: datetime | None
    answered_at: datetime | None
    resolved_at: datetime | None
    state: str
    reason: str
    category: str
    priority: str


@dataclass(frozen=True)
class HistoryRows:
    """The rows of a selection: walks by ID, their events in the order they happened, tickets by number.

    `agents` is how many different people owned one of the tickets: whether a median would be one person's.
    """

    walks: list[WalkRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    tickets: list[TicketRow] = field(default_factory=list)
    agents: int = 0


MIN_CASES = 5
"""With fewer there is no median: it would be somebody's own figure."""


@dataclass(frozen=True)
class Spread:
    """A median and its quartiles in seconds; `None` below the least number of cases."""

    cases: int
    median: float | None = None
    lower: float | None = None
    upper: float | None = None


def spread(seconds: Iterable[float], at_least: int = MIN_CASES) -> Spread:
    """The quartiles of `seconds`, interpolated between neighbours (the inclusive method)."""
    known = sorted(seconds)
    if len(known) < max(at_least, 2):
        return Spread(len(known))
    lower, median, upper = quantiles(known, n=4, method="inclusive")
    return Spread(len(known), median, lower, upper)
