"""The other steps that a walk can go to: back along its trail, on to the second fetch, or back to the old access.

An agent proposes one of them to the merchant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from conversations.amazon_token.facts import Facts
from conversations.amazon_token.interpret import Reader
from conversations.amazon_token.policy import Policy
from conversations.amazon_token.walk import Walk

LIMIT = 60
"""So many steps back are offered at most."""


@dataclass(frozen=True)
class ReachableStep:
    """A step with the index of its account, and the events that lead there one after the other."""

    step: str
    account: int
    events: tuple[str, ...]


def reachable_steps(facts: Facts, policy: Policy, reader: Reader, now: datetime) -> list[ReachableStep]:
    """Every step that the chart allows to reach, the nearest first and the old access last.

    Tried on copies: `facts` stay as they are. Going back undoes nothing that was done in CONNECT or Seller Central.
    """
    candidates = [
        *_by_event(facts, policy, reader, now, "go_on"), *_back(facts, policy, reader, now),
        *_by_event(facts, policy, reader, now, "revert"),
    ]  # fmt: skip
    present = (facts.step, facts.account_index)
    nearest: dict[tuple[str, int], ReachableStep] = {}
    for candidate in candidates:
        if (candidate.step, candidate.account) != present:
            nearest.setdefault((candidate.step, candidate.account), candidate)
    return list(nearest.values())


def _by_event(facts: Facts, policy: Policy, reader: Reader, now: datetime, event: str) -> Iterator[ReachableStep]:
    walk = Walk(facts.model_copy(deep=True), policy)
    if walk.can(event):
        walk.act(event, {}, reader, now)
        yield ReachableStep(walk.step, walk.facts.account_index, (event,))


def _back(facts: Facts, policy: Policy, reader: Reader, now: datetime) -> Iterator[ReachableStep]:
    walk = Walk(facts.model_copy(deep=True), policy)
    for count in range(1, LIMIT + 1):
        if not walk.can("back"):
            return
        walk.act("back", {}, reader, now)
        yield ReachableStep(walk.step, walk.facts.account_index, ("back",) * count)
