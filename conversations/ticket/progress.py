"""How far a walkthrough has come, as lines of a ticket's summary. The same for every procedure."""

from collections.abc import Sequence

from conversations.engine.formatter import Formatter, Line, StepTime
from conversations.engine.procedure import AnyProcedure
from conversations.engine.screens import numbers, title_key
from conversations.engine.walkthrough import AnyWalk

_WORTH_NAMING = 60
"""Seconds; steps that took less are only counted, so that the slow ones stand out."""


def named_step(formatter: Formatter, procedure: AnyProcedure, step: str) -> str:
    """The title of the step, or of its screen, with its number, or the bare ID of a step that no longer exists.

    Where support owes the next word, it is "Support".
    """
    title, number = _title(formatter, procedure, step), numbers(procedure, step) if _known(procedure, step) else ""
    return formatter.say("values.step", number=number, total=procedure.last_number, title=title) if number else title


def _known(procedure: AnyProcedure, step: str) -> bool:
    return step in procedure.steps or step in procedure.screens


def current_step(formatter: Formatter, walk: AnyWalk) -> str:
    """The step at which the merchant is now, in words."""
    return named_place(formatter, walk, walk.step, walk.state.item)


def named_place(formatter: Formatter, walk: AnyWalk, at_step: str, item: int) -> str:
    """A step in words, with the item (an index) where the step is taken once for each."""
    step, items = named_step(formatter, walk.procedure, at_step), walk.items
    properties = walk.procedure.steps.get(at_step)
    if item >= len(items) or properties is None or not properties.each_item:
        return step
    return formatter.say("values.step_item", step=step, position=item + 1, total=len(items), name=items[item].name)


def last_finished(formatter: Formatter, walk: AnyWalk, *, but_last: bool = False) -> Line:
    """The step finished last. `but_last`: the step that was left last was not finished."""
    trail, steps = walk.state.trail[:-1] if but_last else walk.state.trail, walk.procedure.steps
    finished = [entry.step for entry in trail if entry.step not in steps or not steps[entry.step].unfinished]
    value = named_step(formatter, walk.procedure, finished[-1]) if finished else formatter.say("values.no_step")
    return formatter.line("last_finished", value)


def stands_at(formatter: Formatter, walk: AnyWalk) -> Line:
    """Where the walk is now."""
    return formatter.line("stands_at", current_step(formatter, walk))


def taken(formatter: Formatter, walk: AnyWalk, times: Sequence[StepTime]) -> list[Line]:
    """How long the steps took, and which were repeated."""
    return [
        formatter.line("times", _times(formatter, walk.procedure, times)),
        formatter.line("repeated", _repeated(formatter, walk, times)),
    ]


def _title(formatter: Formatter, procedure: AnyProcedure, step: str) -> str:
    if step in procedure.steps and procedure.steps[step].with_support:
        return formatter.say("values.support_next")  # the title is a sentence to the merchant, and no place
    return formatter.texts.say(title_key(procedure, step)) if _known(procedure, step) else step


def _times(formatter: Formatter, procedure: AnyProcedure, times: Sequence[StepTime]) -> str:
    if not times:
        return formatter.say("values.not_known")
    total = formatter.say("values.total_time", time=formatter.duration(sum(step_time.seconds for step_time in times)))
    slow = [step_time for step_time in times if step_time.seconds >= _WORTH_NAMING]
    parts = [
        formatter.say(
            "values.step_time",
            title=_title(formatter, procedure, step_time.step),
            time=formatter.duration(step_time.seconds),
        )
        for step_time in slow
    ]
    if len(slow) < len(times):
        parts.append(formatter.say("values.quick_steps", count=len(times) - len(slow)))
    return " · ".join([total, *parts])


def _repeated(formatter: Formatter, walk: AnyWalk, times: Sequence[StepTime]) -> str:
    """The steps that were reached more often than their items explain."""
    counts: dict[str, int] = {}
    for step, count in walk.state.repeats.items():
        screen = walk.procedure.screen_of.get(step, step)
        counts[screen] = max(counts.get(screen, 0), count)
    for step_time in times:
        counts[step_time.step] = max(counts.get(step_time.step, 0), step_time.times)
    done = sum(item.done for item in walk.items)
    rounds = max(1, min(len(walk.items), done + 1))
    repeated = [
        formatter.say("values.step_repeated", title=_title(formatter, walk.procedure, step), times=count)
        for step, count in counts.items()
        if count > (rounds if _repeats(walk.procedure, step) else 1)
    ]
    return " · ".join(repeated) or formatter.say("values.no_step")


def _repeats(procedure: AnyProcedure, name: str) -> bool:
    """Whether the step, or the first step of the screen, comes once for every item."""
    first = procedure.screens[name].steps[0] if name in procedure.screens else name
    return first in procedure.steps and procedure.steps[first].repeated
