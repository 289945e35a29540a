"""What a ticket's summary is written from. All times are aware and in UTC; people are user IDs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from conversations.engine.priority import Priority

TicketState = Literal[
    "open", "claimed", "waiting_for_merchant", "waiting_for_support", "postponed", "resolved", "closed"
]
TicketReason = str
"""`help`: the person asked for it; else the reason for which the procedure files tickets by itself."""


@dataclass(frozen=True)
class Contact:
    """The merchant of a ticket. On the phone, `phone_name` is the caller and the user is the agent who helps.

    `company` and `permalink` are empty when they are unknown; the summary then says so. `erased`: their data was
    deleted, and `user_id` is the pseudonym. `earlier` are the numbers of their tickets before this one, newest first.
    """

    name: str
    user_id: str
    workspace: str
    language: str
    phone_name: str = ""
    invited_by: str | None = None
    company: str = ""
    permalink: str = ""
    erased: bool = False
    earlier: tuple[int, ...] = ()


@dataclass(frozen=True)
class TicketFacts:
    """The present state of a ticket. `waiting_since` is when the state began.

    `merged_into` is the ticket of the same merchant in which this one, a duplicate, goes on; it is closed then.
    """

    number: int
    reason: TicketReason
    state: TicketState
    category: str
    priority: Priority
    opened_at: datetime
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    waiting_since: datetime | None = None
    merged_into: int | None = None
