"""How much is kept, waits, or was forgotten."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.store.models import PostedMessage


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was forgotten of a person, and which messages in Slack still hold something of them.

    `messages` show their steps, `replies` are in the threads of their tickets, `cards` are the tickets' own messages,
    `files` uploads (`ts` is the file's ID).
    """

    walks: int
    tickets: tuple[int, ...] = ()
    messages: tuple[PostedMessage, ...] = ()
    replies: tuple[PostedMessage, ...] = ()
    cards: tuple[PostedMessage, ...] = ()
    files: tuple[PostedMessage, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PausedDestination:
    """Where sending has failed and is tried again: rows for it wait."""

    receiver: str  # `SLACK`, or the name of a ticket sender
    to: str  # a channel's or a person's ID at Slack
    error: str  # of the last attempt
    since: datetime  # when the message was made that is tried


@dataclass(frozen=True, kw_only=True)
class UndeliveredTickets:
    """Tickets whose card Slack has not confirmed: how many, and since when the first of them waits."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OutboxBacklog:
    """Rows for one receiver that have not arrived, by state; the age of the oldest that is not dead, 0 without one."""

    rows: dict[str, int] = field(default_factory=dict)
    oldest_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class StoreCounts:
    """How much there is of everything at one moment."""

    outbox: dict[str, OutboxBacklog] = field(default_factory=dict)  # by receiver
    walks: dict[tuple[str, str], int] = field(default_factory=dict)  # under way, by procedure and step
    tickets: dict[str, int] = field(default_factory=dict)  # by state
    due: dict[str, int] = field(default_factory=dict)  # what should have happened by itself already, by kind
    uploads: dict[str, int] = field(default_factory=dict)  # pictures that workspaces have, by language
    not_understood: dict[str, int] = field(default_factory=dict)  # what is kept of it, by language
    paused: tuple[PausedDestination, ...] = ()
    unclaimed_seconds: float = 0.0  # how long the oldest open ticket has waited for an agent
    undelivered_tickets: int = 0  # whose card Slack has not confirmed
    undelivered_seconds: float = 0.0  # how long the first of them has waited


@dataclass(frozen=True, kw_only=True)
class Purged:
    """How much was forgotten because its time was over; tickets only lost their words and their people."""

    walks: int = 0
    tickets: int = 0
    invitations: int = 0
    messages: int = 0
    people: int = 0
