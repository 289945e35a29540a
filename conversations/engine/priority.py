"""How urgent a ticket is."""

from typing import Literal

Priority = Literal["P1", "P2", "P3"]
"""P1: nothing works, P2: something does not, P3: a question."""


def higher(first: Priority, second: Priority) -> Priority:
    """The more urgent of two: news may raise the priority of a ticket and never lowers it."""
    return min(first, second)
