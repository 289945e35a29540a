"""What a ticket's dossier is written from. All times are aware and in UTC; people are user IDs."""

from dataclasses import dataclass
from datetime import datetime

from conversations.ticket.chart import TicketState
from conversations.ticket.priority import Priority, Reason

__all__ = ["Contact", "Mention", "StepTime", "TicketFacts", "Value"]


@dataclass(frozen=True)
class Mention:
    """A person to be shown the way Slack shows people."""

    user_id: str


Value = str | datetime | Mention
"""A piece of a line: plain text, a moment for the reader's own time zone, or a person."""


@dataclass(frozen=True)
class Contact:
    """Who needs help. On the phone, `phone_name` is the caller and the user is the agent who helps.

    `company` and `permalink` are empty when nobody knows them; the dossier then says so. `erased`: their data was
    deleted, and `user_id` is the pseudonym.
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


@dataclass(frozen=True)
class TicketFacts:
    """A ticket as it stands. People are user IDs. `answer_due` is until when support owes an answer, if it owes one."""

    number: int
    reason: Reason
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
    answer_due: datetime | None = None
    late: bool = False


@dataclass(frozen=True)
class StepTime:
    """How long the walk stood at a step in all, in seconds, and how often it came there."""

    step: str
    seconds: float
    times: int
