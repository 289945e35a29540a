"""One pass over the history of walks: how far people came, how long it took, what was refused, which fetches worked."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.statistics.rows import EventRow, Spread, WalkRow, spread

SILENT_AFTER = timedelta(days=7)
"""A walk in which nobody has done anything for so long counts as abandoned."""
ENDS = ("done", "cancelled", "reverted")
WITH_SUPPORT = "with_support"
FETCH_STEPS = ("first_fetch", "second_fetch")
FETCH_RESULTS = {"fetched": True, "fetch_failed": False}
_BY_THE_BOT = frozenset({"shown_again", "resettled"})
_BROKEN_OFF = frozenset({"cancel", "restarted", "resettled"})
"""Events that end a stay at a step without finishing it, so that its duration does not count."""
_REMINDED = '"reminder'
_OFFERED_HELP = '"help_offered"'


@dataclass(frozen=True, kw_only=True)
class StepFigures:
    """One step. All counts except `visits` are of walks, so a share of `walks` is at most one.

    `cancelled` and `restarted` ended there; `silent` are there, and nobody has done anything for a week.
    `support`: support was called; `words`: „hilfe“ was typed; `where`: the longer explanation was opened.
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
        """Walks that were abandoned at this step."""
        return self.cancelled + self.restarted + self.silent

    @property
    def stumbled(self) -> int:
        """A measure of trouble at this step. Abandoned walks count twice, since nobody can help there any more."""
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
    """How often a fetch worked and failed; `which` is the step of the first or second fetch, or "later" for others."""

    which: str
    worked: int
    failed: int


@dataclass
class Tally:
    """The counts of one pass over the events, as `tally` returns them. Sets contain IDs of walks."""

    visits: Counter[str] = field(default_factory=Counter)
    stays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    walks: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    refusals: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    refused: dict[tuple[str, str, str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    fetches: Counter[tuple[str, bool]] = field(default_factory=Counter)
    endings: dict[int, str] = field(default_factory=dict)
    last_act: dict[int, datetime] = field(default_factory=dict)


def tally(events: Iterable[EventRow]) -> Tally:
    """Count `events`, which must be sorted by walk and then by time."""
    counts = Tally()
    walk_id, arrived = 0, datetime.min.replace(tzinfo=UTC)
    answered: set[str] = set()
    for event in events:
        if event.walk_id != walk_id:
            walk_id, answered = event.walk_id, set()
            arrived = event.at
        if event.name == "started":
            _enter(counts, event.step, walk_id)
            arrived = event.at
        elif event.step != event.next_step:
            if event.name not in _BROKEN_OFF:
                counts.stays[event.step].append((event.at - arrived).total_seconds())
            _enter(counts, event.next_step, walk_id)
            arrived = event.at
        if event.name not in _BY_THE_BOT:
            counts.last_act[walk_id] = event.at
        _note(counts, event, answered)
    return counts


def _enter(counts: Tally, step: str, walk_id: int) -> None:
    counts.visits[step] += 1
    counts.walks[step, "walks"].add(walk_id)


def _note(counts: Tally, event: EventRow, answered: set[str]) -> None:
    """Count what an event means besides the change of the step."""
    name, step, walk_id = event.name, event.step, event.walk_id
    if name in {"help", "asked_where", "back", "revert"}:
        counts.walks[step, name].add(walk_id)
    elif name in {"cancel", "restarted"}:
        counts.walks[step, name].add(walk_id)
        counts.endings[walk_id] = name
    elif name == "refused":
        counts.walks[step, name].add(walk_id)
        _note_refusal(counts, event)
    elif name == "shown_again":
        if _REMINDED in event.codes:
            counts.walks[step, "reminded"].add(walk_id)
        if _OFFERED_HELP in event.codes:
            counts.walks[step, "words"].add(walk_id)
    elif name in FETCH_RESULTS and step in FETCH_STEPS:
        which = "later" if step in answered else step
        answered.add(step)
        counts.fetches[which, FETCH_RESULTS[name]] += 1


def _note_refusal(counts: Tally, event: EventRow) -> None:
    codes = json.loads(event.codes)
    for name, reason in codes["reasons"].items():
        key = (event.step, codes["event"], name, reason)
        counts.refusals[key] += 1
        counts.refused[key].add(event.walk_id)


def silent(walks: Iterable[WalkRow], counts: Tally, now: datetime) -> dict[str, set[int]]:
    """The IDs of the walks under way in which nobody has done anything for a week, by step.

    A walk that waits for support is not among them.
    """
    by_step: dict[str, set[int]] = defaultdict(set)
    for walk in walks:
        last_act = counts.last_act.get(walk.id, walk.started_at)
        if walk.ended_at is None and walk.step != WITH_SUPPORT and now - last_act >= SILENT_AFTER:
            by_step[walk.step].add(walk.id)
    return by_step


def step_figures(steps: Sequence[str], counts: Tally, silent_by_step: dict[str, set[int]]) -> list[StepFigures]:
    """The steps that somebody reached, in the order of `steps`; those of another version of the procedure last.

    Ends are left out: `Outcomes` counts the walks that reached them.
    """
    all_steps = [*steps, *sorted(set(counts.visits) - set(steps))]
    return [
        _of_step(step, counts, len(silent_by_step.get(step, ())))
        for step in all_steps
        if step not in ENDS and counts.visits[step]
    ]


def _of_step(step: str, counts: Tally, silent_walks: int) -> StepFigures:
    def count(name: str) -> int:
        return len(counts.walks.get((step, name), ()))

    return StepFigures(
        step=step, walks=count("walks"), visits=counts.visits[step], cancelled=count("cancel"),
        restarted=count("restarted"), silent=silent_walks, support=count("help"), words=count("words"),
        where=count("asked_where"), back=count("back"), revert=count("revert"), refused=count("refused"),
        reminded=count("reminded"), time=spread(counts.stays.get(step, ())),
    )  # fmt: skip


def refusals(counts: Tally) -> list[Refusals]:
    """Refused entries, the most frequent first."""
    ranked = sorted(counts.refusals.items(), key=lambda refusal: (-refusal[1], refusal[0]))
    return [Refusals(*key, times, len(counts.refused[key])) for key, times in ranked]


def fetches(counts: Tally) -> list[Fetches]:
    """The first, the second and later fetches."""
    return [
        Fetches(which, counts.fetches[which, True], counts.fetches[which, False]) for which in (*FETCH_STEPS, "later")
    ]
