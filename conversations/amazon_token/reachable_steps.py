"""Where else a walk can go from where it stands: back along its trail, or to a fetch or the old access."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from conversations.amazon_token.facts import Facts
from conversations.amazon_token.interpret import Reader
from conversations.amazon_token.policy import Policy
from conversations.amazon_token.walk import Walk

LIMIT = 60
"""How far back is looked."""


@dataclass(frozen=True)
class Jump:
    """The events that lead there, each one allowed by the chart when its turn comes; `account` is a position."""

    step: str
    account: int
    events: tuple[str, ...]


def jumps(facts: Facts, policy: Policy, reader: Reader, now: datetime) -> list[Jump]:
    """Every place that can be reached, the nearest first and the old access last; `facts` stay as they are.

    What happened stays happened.
    """
    found = [
        *_by(facts, policy, reader, now, "go_on"), *_back(facts, policy, reader, now),
        *_by(facts, policy, reader, now, "revert"),
    ]  # fmt: skip
    here = (facts.step, facts.account_index)
    nearest: dict[tuple[str, int], Jump] = {}
    for way in found:
        if (way.step, way.account) != here:
            nearest.setdefault((way.step, way.account), way)
    return list(nearest.values())


def _by(facts: Facts, policy: Policy, reader: Reader, now: datetime, event: str) -> Iterator[Jump]:
    walk = Walk(facts.model_copy(deep=True), policy)
    if walk.can(event):
        walk.act(event, {}, reader, now)
        yield Jump(walk.step, walk.facts.account_index, (event,))


def _back(facts: Facts, policy: Policy, reader: Reader, now: datetime) -> Iterator[Jump]:
    walk = Walk(facts.model_copy(deep=True), policy)
    for count in range(1, LIMIT + 1):
        if not walk.can("back"):
            return
        walk.act("back", {}, reader, now)
        yield Jump(walk.step, walk.facts.account_index, ("back",) * count)
