"""The rows that statistics are computed from, and quartiles. All times are aware and in UTC; nobody is named."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which walks and tickets count: those that began in [`since`, `until`); `None` selects all.

    `language` is that of a walk's person, or that in which a ticket was filed. `guide_version` is the beginning of the
    version of the texts that a walk showed last. `team_id` is a workspace, `procedure` the ID of one.
    """

    since: datetime | None = None
    until: datetime | None = None
    language: str | None = None
    guide_version: str | None = None
    team_id: str | None = None
    procedure: str | None = None


INFERRED = '"inferred"'
"""In the detail of an event that was not pressed by itself, but with a later one of the same screen."""


class WalkRow(NamedTuple):
    """One walk. `step` is the present or the last one; `on_the_phone`: an agent does it for a caller.

    `with_person`: there was a ticket, in this walk or the one that was handed over to it. `face` is what the merchant
    said at the end, if they did.
    """

    id: int
    started_at: datetime
    ended_at: datetime | None
    step: str
    language: str
    guide_version: str
    on_the_phone: bool
    with_person: bool
    face: str | None


class EventRow(NamedTuple):
    """One line of a walk's history. `codes` is its detail as JSON where the figures need it, else ""."""

    walk_id: int
    at: datetime
    name: str
    step: str
    next_step: str
    codes: str


class TicketRow(NamedTuple):
    """One ticket. `taken_at` is when it first had an owner.

    `owner` is a number that only tells the owners of one selection apart, `None` without one.
    """

    number: int
    opened_at: datetime
    taken_at: datetime | None
    answered_at: datetime | None
    resolved_at: datetime | None
    state: str
    reason: str
    category: str
    priority: str
    owner: int | None


class NotUnderstoodRow(NamedTuple):
    """A message that the bot did not understand, without who wrote it; `nearest` is the question that came close."""

    procedure: str
    step: str
    language: str
    text: str
    nearest: str


@dataclass(frozen=True)
class HistoryRows:
    """The rows of a selection: walks by ID, their events in the order they happened, tickets by number.

    `sentences` are what merchants wrote at the end of walks, each with its face, in no order that tells whose they are.
    `not_understood` are the messages of that time not understood and still kept; none with a text version.
    """

    walks: list[WalkRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    tickets: list[TicketRow] = field(default_factory=list)
    sentences: list[tuple[str, str]] = field(default_factory=list)
    not_understood: list[NotUnderstoodRow] = field(default_factory=list)


MIN_CASES = 5
"""With fewer cases there is no median, since it would say something about single people."""


@dataclass(frozen=True)
class Spread:
    """Median and quartiles in seconds; `None` when there are too few cases."""

    cases: int
    median: float | None = None
    lower: float | None = None
    upper: float | None = None


def spread(seconds: Iterable[float], at_least: int = MIN_CASES) -> Spread:
    """The quartiles of `seconds`, interpolated between neighbours (the inclusive method)."""
    values = sorted(seconds)
    if len(values) < max(at_least, 2):
        return Spread(len(values))
    lower, median, upper = quantiles(values, n=4, method="inclusive")
    return Spread(len(values), median, lower, upper)
