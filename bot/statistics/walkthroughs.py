"""One pass over the history of walks: how far people came, how long it took, what was refused, what worked."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.statistics.rows import INFERRED, EventRow, Spread, WalkRow, spread
from conversations.engine.charts import BACK, CANCEL
from conversations.engine.procedure import HELP, AnyProcedure, Measures

SILENT_AFTER = timedelta(days=7)
"""A walk in which nobody has done anything for so long counts as abandoned."""
ASKED, REJECTED = "asked", "answer_rejected"
"""Events of a walk: a question was answered from the guide; the answer was not to what had been asked."""
_BY_THE_BOT = frozenset({"shown_again", "resettled"})
_BROKEN_OFF = frozenset({CANCEL, "restarted", "resettled"})
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
    counted: Mapping[str, int]
    """Walks by the events that the procedure has counted besides."""
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
class AttemptFigures:
    """How often an attempt worked and failed; `which` is its step, or "later" where it was repeated at that step."""

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
    attempts: Counter[tuple[str, bool]] = field(default_factory=Counter)
    endings: dict[int, str] = field(default_factory=dict)
    last_act: dict[int, datetime] = field(default_factory=dict)
    answered: Counter[int] = field(default_factory=Counter)
    rejected: Counter[int] = field(default_factory=Counter)
    """Questions answered from the guide, and answers that were not to the question, by walk."""


def tally(events: Iterable[EventRow], procedure: AnyProcedure) -> Tally:
    """Count `events`, which must be sorted by walk and then by time.

    Steps of one screen count as one: what happens on it counts for the screen, and how long somebody was there is
    known only of the whole.
    """
    counts = Tally()
    screens = procedure.screen_of
    walk_id, arrived = 0, datetime.min.replace(tzinfo=UTC)
    answered: set[str] = set()
    for event in events:
        if event.walk_id != walk_id:
            walk_id, answered = event.walk_id, set()
            arrived = event.at
        here, there = screens.get(event.step, event.step), screens.get(event.next_step, event.next_step)
        if event.name == "started":
            _enter(counts, here, walk_id)
            arrived = event.at
        elif here != there:
            if event.name not in _BROKEN_OFF and INFERRED not in event.codes:
                counts.stays[here].append((event.at - arrived).total_seconds())
            _enter(counts, there, walk_id)
            arrived = event.at
        if event.name not in _BY_THE_BOT:
            counts.last_act[walk_id] = event.at
        _note(counts, event, here, procedure.measures, answered)
    return counts


def _enter(counts: Tally, step: str, walk_id: int) -> None:
    counts.visits[step] += 1
    counts.walks[step, "walks"].add(walk_id)


def _note(counts: Tally, event: EventRow, step: str, measures: Measures, answered: set[str]) -> None:
    """Count what an event means besides the change of the step; `step` is the screen where it happened."""
    name, walk_id = event.name, event.walk_id
    if name in {HELP, "asked_where", BACK, *measures.counted}:
        counts.walks[step, name].add(walk_id)
    elif name in {CANCEL, "restarted"}:
        counts.walks[step, name].add(walk_id)
        counts.endings[walk_id] = name
    elif name == ASKED:
        counts.answered[walk_id] += 1
    elif name == REJECTED:
        counts.rejected[walk_id] += 1
    elif name == "refused":
        counts.walks[step, name].add(walk_id)
        _note_refusal(counts, event, step)
    elif name == "shown_again":
        if _REMINDED in event.codes:
            counts.walks[step, "reminded"].add(walk_id)
        if _OFFERED_HELP in event.codes:
            counts.walks[step, "words"].add(walk_id)
    elif name in measures.attempts.results and event.step in measures.attempts.steps:
        which = "later" if event.step in answered else event.step
        answered.add(event.step)
        counts.attempts[which, measures.attempts.results[name]] += 1


def _note_refusal(counts: Tally, event: EventRow, step: str) -> None:
    codes = json.loads(event.codes)
    for name, reason in codes["reasons"].items():
        key = (step, codes["event"], name, reason)
        counts.refusals[key] += 1
        counts.refused[key].add(event.walk_id)


def silent(walks: Iterable[WalkRow], counts: Tally, procedure: AnyProcedure, now: datetime) -> dict[str, set[int]]:
    """The IDs of the walks under way in which nobody has done anything for a week, by step.

    A walk that waits for support is not among them.
    """
    by_step: dict[str, set[int]] = defaultdict(set)
    for walk in walks:
        last_act = counts.last_act.get(walk.id, walk.started_at)
        waits = walk.step in procedure.steps and procedure.steps[walk.step].with_support
        if walk.ended_at is None and not waits and now - last_act >= SILENT_AFTER:
            by_step[procedure.screen_of.get(walk.step, walk.step)].add(walk.id)
    return by_step


def step_figures(procedure: AnyProcedure, counts: Tally, silent_by_step: dict[str, set[int]]) -> list[StepFigures]:
    """The screens that somebody reached, in the order of the procedure; those of another version of it last.

    Ends are left out: `Outcomes` counts the walks that reached them.
    """
    screens = list(dict.fromkeys(procedure.screen_of.values()))
    all_screens = [*screens, *sorted(set(counts.visits) - set(screens))]
    return [
        _of_step(screen, counts, len(silent_by_step.get(screen, ())), procedure.measures.counted)
        for screen in all_screens
        if screen not in procedure.ends and counts.visits[screen]
    ]


def _of_step(step: str, counts: Tally, silent_walks: int, counted: Iterable[str]) -> StepFigures:
    def count(name: str) -> int:
        return len(counts.walks.get((step, name), ()))

    return StepFigures(
        step=step, walks=count("walks"), visits=counts.visits[step], cancelled=count(CANCEL),
        restarted=count("restarted"), silent=silent_walks, support=count(HELP), words=count("words"),
        where=count("asked_where"), back=count(BACK),
        counted={name: count(name) for name in counted}, refused=count("refused"),
        reminded=count("reminded"), time=spread(counts.stays.get(step, ())),
    )  # fmt: skip


def refusals(counts: Tally) -> list[Refusals]:
    """Refused entries, the most frequent first."""
    ranked = sorted(counts.refusals.items(), key=lambda refusal: (-refusal[1], refusal[0]))
    return [Refusals(*key, times, len(counts.refused[key])) for key, times in ranked]


def attempts(procedure: AnyProcedure, counts: Tally) -> list[AttemptFigures]:
    """The attempts at each step, and the repeated ones; none where the procedure has no attempts."""
    steps = procedure.measures.attempts.steps
    return [
        AttemptFigures(which, counts.attempts[which, True], counts.attempts[which, False])
        for which in (*steps, *(["later"] if steps else []))
    ]
