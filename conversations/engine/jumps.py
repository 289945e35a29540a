"""The other steps that a walk can go to: back along its trail, or where an event of the procedure leads.

An agent proposes one of them to the merchant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from conversations.engine.answers import Reader
from conversations.engine.charts import BACK
from conversations.engine.walkthrough import AnyWalk

LIMIT = 60
"""So many steps back are offered at most."""


@dataclass(frozen=True)
class Jump:
    """A step with the index of its item, and the events that lead there one after the other."""

    step: str
    item: int
    events: tuple[str, ...]


def jumps(walk: AnyWalk, reader: Reader, now: datetime) -> list[Jump]:
    """Every step that the chart allows to reach, the nearest first and what is dangerous last.

    Tried on copies: `walk` does not change. Going back undoes nothing that was done outside.
    """
    events = walk.procedure.jumps
    dangerous = {offer.event for offer in walk.procedure.offers if offer.danger}
    candidates = [
        *(jump for event in events if event not in dangerous for jump in _by_event(walk, reader, now, event)),
        *_back(walk, reader, now),
        *(jump for event in events if event in dangerous for jump in _by_event(walk, reader, now, event)),
    ]
    present = (walk.step, walk.state.item)
    nearest: dict[tuple[str, int], Jump] = {}
    for candidate in candidates:
        if (candidate.step, candidate.item) != present:
            nearest.setdefault((candidate.step, candidate.item), candidate)
    return list(nearest.values())


def _by_event(walk: AnyWalk, reader: Reader, now: datetime, event: str) -> Iterator[Jump]:
    tried = walk.copy()
    if tried.can(event):
        tried.act(event, {}, reader, now)
        yield Jump(tried.step, tried.state.item, (event,))


def _back(walk: AnyWalk, reader: Reader, now: datetime) -> Iterator[Jump]:
    tried = walk.copy()
    for count in range(1, LIMIT + 1):
        if not tried.can(BACK):
            return
        tried.act(BACK, {}, reader, now)
        yield Jump(tried.step, tried.state.item, (BACK,) * count)
