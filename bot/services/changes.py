"""What a use case has done, for the log and for the systems that sync tickets."""

from dataclasses import dataclass

from conversations.engine.walkthrough import AnyWalk


@dataclass(frozen=True)
class Trace:
    """What a use case did to a walkthrough, for the log: the event, the step before and the step after."""

    conversation: int
    act: str
    step: str
    next_step: str


@dataclass(frozen=True)
class TicketChange:
    """Something that happened to a ticket, with the words that were written, for the systems that sync tickets.

    `by` is the name of the person who did it, empty for what the bot did by itself.
    """

    number: int
    act: str
    by: str
    words: str = ""
    walk: AnyWalk | None = None
