"""One pass over the walks' history: how far people came, how long it took, what was refused, what fetches gave."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.statistics.rows import EventRow, Spread, WalkRow, spread

SILENT_AFTER = timedelta(days=7)
"""A walk in which nobody has done anything for so long counts as left."""
ENDS = ("done", "cancelled", "reverted")
WITH_SUPPORT = "with_support"
FETCH_STEPS = ("first_fetch", "second_fetch")
FETCH_RESULTS = {"fetched": True, "fetch_failed": False}
_NOT_OWN = frozenset({"shown_again", "resettled"})
_BROKEN_OFF = frozenset({"cancel", "restarted", "resettled"})
"""What ends a stay at a step without a way on: how long it was says nothing about the step."""
_REMINDED = '"reminder'
_OFFERED_HELP = '"help_offered"'


@dataclass(frozen=True, kw_only=True)
class StepFigures:
    """One step. Besides `visits` all counts are of walks, so a share of `walks` is at most one.

    `cancelled` and `restarted` ended there; `silent` stand there and nobody has done anything for a week.
    `support`: a person was called; `words`: „hilfe“ was typed; `where`: the longer explanation was opened.
    """

    step: str
    walks: int
    visits: int
    cancelled: int
    restarted: int
    silent: int
    support: int
    words: int
    where: int
    back: int
    revert: int
    refused: int
    reminded: int
    time: Spread

    @property
    def left(self) -> int:
        """Walks that came to their end here without reaching a good one."""
        return self.cancelled + self.restarted + self.silent

    @property
    def stumbled(self) -> int:
        """A measure of trouble at this step: leaving counts twice, since whoever left is not helped any more."""
        return 2 * self.left + self.support + self.words + self.where + self.back + self.refused


@dataclass(frozen=True)
class Refusals:
    """How often an entry was refused for one reason, and in how many walks."""

    step: str
    event: str
    field: str
    reason: str
    times: int
    walks: int


@dataclass(frozen=True)
class Fetches:
    """What the first and the second fetch gave, by the first answer of each walk; later ones together."""

    which: str
    worked: int
    failed: int


@dataclass
class Tally:
    """What one pass over the events has counted."""

    visits: Counter[str] = field(default_factory=Counter)
    stays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    walks: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    refusals: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    refused: dict[tuple[str, str, str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    fetches: Counter[tuple[str, bool]] = field(default_factory=Counter)
    endings: dict[int, str] = field(default_factory=dict)
    last_act: dict[int, datetime] = field(default_factory=dict)


def tally(events: Iterable[EventRow]) -> Tally:
    """Count `events`, which come walk by walk and in the order they happened."""
    told = Tally()
    walk_id, arrived = 0, datetime.min.replace(tzinfo=UTC)
    answered: set[str] = set()
    for event in events:
        if event.walk_id != walk_id:
            walk_id, answered = event.walk_id, set()
            arrived = event.at
        if event.name == "started":
            _enter(told, event.step, walk_id)
            arrived = event.at
        elif event.step != event.next_step:
            if event.name not in _BROKEN_OFF:
                told.stays[event.step].append((event.at - arrived).total_seconds())
            _enter(told, event.next_step, walk_id)
            arrived = event.at
        if event.name not in _NOT_OWN:
            told.last_act[walk_id] = event.at
        _note(told, event, answered)
    return told


def _enter(told: Tally, step: str, walk_id: int) -> None:
    told.visits[step] += 1
    told.walks[step, "walks"].add(walk_id)


def _note(told: Tally, event: EventRow, answered: set[str]) -> None:
    """What the event says besides where it leads."""
    name, step, walk_id = event.name, event.step, event.walk_id
    if name in {"help", "asked_where", "back", "revert"}:
        told.walks[step, name].add(walk_id)
    elif name in {"cancel", "restarted"}:
        told.walks[step, name].add(walk_id)
        told.endings[walk_id] = name
    elif name == "refused":
        told.walks[step, name].add(walk_id)
        _note_refusal(told, event)
    elif name == "shown_again":
        if _REMINDED in event.codes:
            told.walks[step, "reminded"].add(walk_id)
        if _OFFERED_HELP in event.codes:
            told.walks[step, "words"].add(walk_id)
    elif name in FETCH_RESULTS and step in FETCH_STEPS:
        which = "later" if step in answered else step
        answered.add(step)
        told.fetches[which, FETCH_RESULTS[name]] += 1


def _note_refusal(told: Tally, event: EventRow) -> None:
    codes = json.loads(event.codes)
    for name, reason in codes["reasons"].items():
        key = (event.step, codes["event"], name, reason)
        told.refusals[key] += 1
        told.refused[key].add(event.walk_id)


def silent(walks: Iterable[WalkRow], told: Tally, now: datetime) -> dict[str, set[int]]:
    """The walks under way in which nobody has done anything for a week, by the step where they stand.

    Whoever waits for support has not left.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for walk in walks:
        last_act = told.last_act.get(walk.id, walk.started_at)
        if walk.ended_at is None and walk.step != WITH_SUPPORT and now - last_act >= SILENT_AFTER:
            found[walk.step].add(walk.id)
    return found


def step_figures(steps: Sequence[str], told: Tally, quiet: dict[str, set[int]]) -> list[StepFigures]:
    """The steps that somebody reached, in the order of `steps`; those of another version of the procedure last.

    The ends are no steps: what became of the walks says how many came there.
    """
    known = [*steps, *sorted(set(told.visits) - set(steps))]
    known = [step for step in known if step not in ENDS]
    return [_of_step(step, told, len(quiet.get(step, ()))) for step in known if told.visits[step]]


def _of_step(step: str, told: Tally, quiet: int) -> StepFigures:
    def count(name: str) -> int:
        return len(told.walks.get((step, name), ()))

    return StepFigures(
        step=step, walks=count("walks"), visits=told.visits[step], cancelled=count("cancel"),
        restarted=count("restarted"), silent=quiet, support=count("help"), words=count("words"),
        where=count("asked_where"), back=count("back"), revert=count("revert"), refused=count("refused"),
        reminded=count("reminded"), time=spread(told.stays.get(step, ())),
    )  # fmt: skip


def refusals(told: Tally) -> list[Refusals]:
    """Refused entries, the most frequent first."""
    ranked = sorted(told.refusals.items(), key=lambda one: (-one[1], one[0]))
    return [Refusals(*key, times, len(told.refused[key])) for key, times in ranked]


def fetches(told: Tally) -> list[Fetches]:
    """First, second and later fetches."""
    return [Fetches(which, told.fetches[which, True], told.fetches[which, False]) for which in (*FETCH_STEPS, "later")]
