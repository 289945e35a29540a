"""Screens: consecutive steps that are shown in one message, and how one press moves through them.

A walk is at the first unfinished step of its screen. What is shown is a function of the walk alone: it is tried on
copies which steps the person can go through with plain acts, that is, without a value and without a decision.
"""

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from conversations.engine.answers import NO_READER, Reader
from conversations.engine.charts import BACK
from conversations.engine.pictures import Illustration
from conversations.engine.procedure import AnyProcedure, Offer, Screen
from conversations.engine.walkthrough import AnyWalk, StepResult

RANGE = "–"
"""Between the first and the last number of a screen, such as "5–8"."""


@dataclass(frozen=True)
class PlacedOffer:
    """An offer, the step it belongs to, and how many acts lead there: those are done with the same press."""

    offer: Offer
    at: str
    acts: int


@dataclass(frozen=True)
class ShownScreen:
    """What is shown of a walk: the steps that are done, and the walk at each open step, the present one first."""

    done: tuple[str, ...]
    open: tuple[AnyWalk, ...]

    @property
    def several(self) -> bool:
        """Whether it shows more than one step."""
        return len(self.done) + len(self.open) > 1

    @property
    def numbers(self) -> str:
        """The number of its step, or of the first and the last one; "" for a question of our own."""
        return _range(self.last.procedure, (*self.done, *(walk.step for walk in self.open)))

    @property
    def last(self) -> AnyWalk:
        """The walk at the last step shown, whose act finishes the screen."""
        return self.open[-1]

    @property
    def title_key(self) -> str:
        """The key of the title above the open steps: the step's own where it is alone, else that of its screen."""
        step, procedure = self.open[0].step, self.last.procedure
        return title_key(procedure, step) if self.several else f"steps.{step}.title"

    @cached_property
    def offers(self) -> tuple[PlacedOffer, ...]:
        """Every button, the one that finishes the screen first; of equal ones that which takes the fewest acts."""
        finishing = [PlacedOffer(offer, self.last.step, len(self.open) - 1) for offer in self.last.offers()]
        beside = [
            PlacedOffer(offer, walk.step, acts)
            for acts, walk in enumerate(self.open[:-1])
            for offer in walk.offers()[1:]
        ]
        first: dict[tuple[str, str | None], PlacedOffer] = {}
        for placed in (*finishing[:1], *beside, *finishing[1:]):
            first.setdefault((placed.offer.event, placed.offer.form), placed)
        return tuple(first.values())

    def inner_acts(self) -> list[PlacedOffer]:
        """What finishes each open step but the last: it has no button of its own, and may be put into words."""
        return [PlacedOffer(walk.offers()[0], walk.step, acts) for acts, walk in enumerate(self.open[:-1])]

    def typed_form(self) -> PlacedOffer | None:
        """The form whose value may be typed now, with its step; `None` when there is none."""
        for acts, walk in enumerate(self.open):
            name = walk.typed_form()
            for offer in walk.offers():
                if name is not None and offer.form == name:
                    return PlacedOffer(offer, walk.step, acts)
        return None

    def picture(self) -> tuple[int, Illustration] | None:
        """The picture of the hardest open step, or of the first with one when that is done; with the act's number."""
        screen = _screen(self.open[0])
        pictures = [(number, walk.step, walk.picture()) for number, walk in enumerate(self.open, len(self.done) + 1)]
        pictures.sort(key=lambda each: screen is None or each[1] != screen.pictured)
        return next(((number, picture) for number, _, picture in pictures if picture is not None), None)


def shown(walk: AnyWalk) -> ShownScreen:
    """What is shown of `walk`; of a step that is alone on its screen, the step."""
    screen = _screen(walk)
    if screen is None:
        return ShownScreen((), (walk,))
    return ShownScreen(tuple(_done(walk, screen)), tuple(_open(walk, screen)))


def advanced(walk: AnyWalk, at: str, acts: int) -> AnyWalk | None:
    """A copy of `walk` after `acts` plain acts, if it is at the step `at` then; `None` when a branch has changed."""
    tried = walk
    for _ in range(acts):
        event = tried.plain_next()
        if event is None:
            return None
        tried = tried.after(event)
    return tried if tried.step == at else None


def advance(walk: AnyWalk, at: str, acts: int, now: datetime) -> Iterator[StepResult]:
    """Do up to `acts` plain acts, and stop at `at` or where a branch has changed. Yields each act once it is done."""
    for _ in range(acts):
        event = walk.plain_next()
        if event is None or walk.step == at:
            return
        yield walk.act(event, {}, NO_READER, now)


def go_back(walk: AnyWalk, reader: Reader, now: datetime) -> Iterator[StepResult]:
    """Go back to the first visited step of the screen that the person came from. Raises `NotOffered`."""
    yield walk.act(BACK, {}, reader, now)
    screen = _screen(walk)
    while screen is not None and walk.can(BACK) and walk.state.came_from in screen.steps:
        yield walk.act(BACK, {}, reader, now)


def title_key(procedure: AnyProcedure, step: str) -> str:
    """The key of the title that people read at `step`, which may also be the name of a screen."""
    name = procedure.screen_of.get(step, step)
    return f"screens.{name}.title" if name in procedure.screens else f"steps.{step}.title"


def title_shown(walk: AnyWalk) -> str:
    """The key of the title that people read above the present step."""
    return shown(walk).title_key


def groups(walk: AnyWalk, screen: ShownScreen) -> bool:
    """Whether the present step can be shown with others: then people may choose to see them one by one.

    `screen` is what is shown of the walk.
    """
    if walk.procedure.screen_of.get(walk.step, walk.step) not in walk.procedure.screens:
        return False
    if walk.state.one_by_one:
        together = walk.copy()
        together.state.one_by_one = False
        screen = shown(together)
    return screen.several


def numbers(procedure: AnyProcedure, step: str) -> str:
    """The number of the step, or the numbers of its screen, such as "5–7"; "" for a question of our own."""
    screen = procedure.screens.get(procedure.screen_of.get(step, step))
    return _range(procedure, screen.steps if screen is not None else (step,))


def _range(procedure: AnyProcedure, steps: Sequence[str]) -> str:
    counted = [name for name in (_number(procedure, name) for name in steps) if name]
    if not counted:
        return ""
    return counted[0] if counted[0] == counted[-1] else f"{counted[0]}{RANGE}{counted[-1]}"


def _number(procedure: AnyProcedure, step: str) -> str:
    """The number of the step, with a letter where several share it: "14a", "14b"; "" without one."""
    number = procedure.steps[step].number
    if number is None:
        return ""
    # Of steps that are never taken one after the other, none needs a letter.
    sharing = [name for name, other in procedure.steps.items() if other.number == number and not other.unfinished]
    letter = string.ascii_lowercase[sharing.index(step)] if step in sharing and len(sharing) > 1 else ""
    return f"{number}{letter}"


def number_of_item(walk: AnyWalk) -> tuple[str, int] | None:
    """For a step that is taken again for a further item: its number among those of the item, and how many there are.

    Of a step that is shown with others, the numbers of its screen.
    """
    if not walk.properties.repeated or not any(item.done for item in walk.items[: walk.state.item]):
        return None
    if any(item.group for item in walk.items):
        return None  # what is done once for a group is left out for its other items, so that counting would mislead
    steps = [name for name, step in walk.procedure.steps.items() if step.repeated and step.number is not None]
    if walk.step not in steps:
        return None
    screen = _screen(walk)
    counted = [str(steps.index(name) + 1) for name in (screen.steps if screen is not None else (walk.step,))]
    return RANGE.join(dict.fromkeys((counted[0], counted[-1]))), len(steps)


def _screen(walk: AnyWalk) -> Screen | None:
    """The screen of the present step; `None` for a step that is alone on it, or that the person wants alone."""
    procedure = walk.procedure
    return None if walk.state.one_by_one else procedure.screens.get(procedure.screen_of.get(walk.step, walk.step))


def _done(walk: AnyWalk, screen: Screen) -> list[str]:
    """The steps of the screen that were left for the present one, one after the other."""
    done: list[str] = []
    after = screen.steps.index(walk.step)
    for entry in reversed(walk.state.trail):
        if entry.step not in screen.steps[:after] or entry.item != walk.state.item:
            break
        after = screen.steps.index(entry.step)
        done.insert(0, entry.step)
    return done


def _open(walk: AnyWalk, screen: Screen) -> Iterator[AnyWalk]:
    yield walk
    for following in screen.steps[screen.steps.index(walk.step) + 1 :]:
        event = walk.plain_next()
        if event is None:
            return
        walk = walk.after(event)
        if walk.step != following:
            return
        yield walk
