"""What is kept between two events. All times are aware and in UTC; a person is (team ID, user ID)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

RowMethod = Literal["post", "update", "respond", "publish", "upload", "unshare", "mirror"]
NEW_MESSAGES: frozenset[RowMethod] = frozenset({"post", "upload"})
"""What lets a new message stand in Slack; the rest changes one, or is none."""
RowState = Literal["pending", "running", "delivered", "dropped", "dead"]
TicketState = Literal["open", "claimed", "waiting_for_merchant", "waiting_for_support", "resolved", "closed"]
Priority = Literal["P1", "P2", "P3"]
ROW_STATES_UNSENT = ("pending", "running", "dead")
TICKET_STATES: tuple[TicketState, ...] = get_args(TicketState)
SLACK = "slack"
"""Who gets what the outbox carries, unless it is for a mirror."""

RESPONSE_URL_LIFE = timedelta(minutes=30)
"""How long Slack accepts a response URL; five uses at most."""
ERASED = "erased-"
"""How the pseudonym begins that replaces the user ID of somebody erased. No ID of Slack begins so."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in Slack. `support_home`: their Home tab shows the support desk as well.

    `language` is their choice; `locale` ("de-DE") and `zone` ("Europe/Berlin") are Slack's.
    """

    team_id: str
    user_id: str
    name: str = ""
    locale: str | None = None
    language: str | None = None
    home_opened: bool = False
    zone: str | None = None
    support_home: bool = False


@dataclass(frozen=True)
class Destination:
    """Where something is sent: a workspace, and in it a channel's ID or a person's, for their direct message.

    Of what a ticket sender gets, `to` is the sender's name.
    """

    team_id: str
    to: str


@dataclass(frozen=True, kw_only=True)
class WalkRecord:
    """One walkthrough. It belongs to (team, who works it, whom it is for).

    `for_name` is empty for one's own walk and the caller's name for a walk on the phone. `facts` is JSON. `version`
    grows by one with every change and is 0 for a walk not stored yet; `live_key` names the outbox row of its one live
    message.
    """

    id: int = 0
    team_id: str
    worker_id: str
    for_name: str = ""
    invited_by: str | None = None
    step: str
    version: int = 0
    facts: str
    guide_version: str
    live_key: str | None = None
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None

    @property
    def destination(self) -> Destination:
        """Where the walk is shown."""
        return Destination(self.team_id, self.worker_id)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a walk's history. `version` is the walk's before the event; `detail` holds codes and no words."""

    walk_id: int
    version: int
    at: datetime
    actor_id: str
    name: str
    step: str
    next_step: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """When a walk is to be reminded of; `due_at` is `None` when no more. `sent` counts since it moved."""

    walk_id: int
    due_at: datetime | None
    sent: int = 0
    declined: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketRecord:
    """One case in the support channel. `number` is 0 until it is stored; numbers begin at 1001 and are never reused.

    `claimed_by` is the agent who owns it. `waiting_since` is when the present state began, so how long whoever owes the
    next word has owed it. `answered_at` is the first answer that the merchant got from a person. `talk_key` names the
    row of the message in the merchant's direct message under whose thread the conversation is.
    """

    number: int = 0
    team_id: str
    merchant_id: str
    walk_id: int | None = None
    reason: Literal["second_failure", "help"]
    state: TicketState = "open"
    category: str = "unknown"
    priority: Priority = "P3"
    language: str
    card_key: str
    words: tuple[str, ...] = ()
    opened_at: datetime
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    answered_at: datetime | None = None
    waiting_since: datetime | None = None
    talk_key: str | None = None

    @property
    def direct_message(self) -> Destination:
        """The merchant's conversation with the bot."""
        return Destination(self.team_id, self.merchant_id)


@dataclass(frozen=True, kw_only=True)
class TicketEvent:
    """One act in a ticket's life: who did what and when. `detail` holds codes and IDs of people and no words.

    `actor_id` is empty for what happens by itself when a time is over.
    """

    number: int
    at: datetime
    actor_id: str
    name: str
    state: TicketState
    next_state: TicketState
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TicketMessage:
    """What a merchant and an agent wrote to each other, redacted. `id` is 0 until it is stored.

    `key` is the row of the copy that the other side reads: in the merchant's direct message for an agent's, in the
    support thread for a merchant's. `note_key` is the row that shows an agent's message in the support thread.
    `source` is "channel:ts" of a merchant's own message, so that the same one is never passed on twice.
    """

    id: int = 0
    number: int
    side: Literal["agent", "merchant"]
    author_id: str
    at: datetime
    text: str
    state: Literal["sent", "corrected", "taken_back"] = "sent"
    key: str | None = None
    note_key: str | None = None
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class TicketTimer:
    """The one next thing that happens to a ticket by itself, and when. It is looked at again when it is due."""

    number: int
    due_at: datetime
    kind: str


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An agent's offer to a merchant to start a walk; `answer` is `None` until the merchant decides."""

    id: int = 0
    team_id: str
    agent_id: str
    merchant_id: str
    message_key: str
    invited_at: datetime
    answer: Literal["accepted", "declined"] | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """Something to be shown in Slack, or told to a mirror, in the words decided at the commit.

    Of a "mirror" `content` is what the sender has rendered. Of everything else, for Slack, it holds "text" and "blocks"
    of a message (and "reply_broadcast" of a reply that stands in the conversation too), or "view" of a Home tab; of an
    upload "data" (text), or "file" (the ID of a picture in Slack, fetched when it is sent) and "instead" (what is said
    should it be gone), or "chart" (a picture drawn when it is sent) and "alt" (what is read aloud), "filename", "title"
    and "text" (the comment, which names the file). An update names in `target` the row that posted the message; a reply
    names its parent in `thread`. An upload's `ts` is the ID of its file, which "unshare" deletes. `lane` orders what
    belongs together; rows without a lane are independent. Once delivered, `content` is emptied. `erased`: the recipient
    asked to be forgotten, so once it is delivered the row does not name them any more.
    """

    key: str
    destination: Destination
    method: RowMethod
    content: dict[str, Any]
    ordering_key: str | None = None
    target: str | None = None
    thread: str | None = None
    response_url: str | None = None
    walk_id: int | None = None
    state: RowState = "pending"
    attempts: int = 0
    created_at: datetime
    due_at: datetime
    id: int = 0
    channel: str | None = None
    ts: str | None = None
    error: str | None = None
    erased: bool = False


@dataclass(frozen=True)
class PostedMessage:
    """A message of the bot's that stands in Slack. `to` is the row's; `thread` names the row of its parent, if any.

    `channel` and `ts` are `None` while it is being sent: an edit of it then waits in the outbox until that is known.
    """

    key: str
    to: str
    channel: str | None
    ts: str | None
    thread: str | None = None


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was forgotten of a person, and which messages in Slack still hold something of them.

    `messages` stand in the person's direct message (and wherever else a step of theirs was shown), `replies` in the
    threads of their tickets, and `cards` are the tickets' own messages;
    `files` are the uploads (their `ts` is the file's ID).
    """

    walks: int
    tickets: tuple[int, ...] = ()
    messages: tuple[PostedMessage, ...] = ()
    replies: tuple[PostedMessage, ...] = ()
    cards: tuple[PostedMessage, ...] = ()
    files: tuple[PostedMessage, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImageRecord:
    """A picture that a workspace was given. `digest` changes with the drawing, `values` is what it was filled with.

    `file_id` is the file in that workspace; `None` where the picture is served at an address of the bot's own.
    """

    team_id: str
    name: str
    language: str
    digest: str
    values: tuple[tuple[str, str], ...] = ()
    file_id: str | None
    kept_at: datetime


@dataclass(frozen=True, kw_only=True)
class OutboxBacklog:
    """Rows for one receiver that have not arrived, by state; the age of the oldest that is not dead, 0 without one."""

    rows: dict[str, int] = field(default_factory=dict)
    oldest_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class StoreCounts:
    """How much there is of everything at one moment, and nothing of whom.

    `walks` are those under way by step, `due` what should have happened by itself already, `uploads` the pictures that
    workspaces have by language, `unclaimed_seconds` how long the oldest open ticket has waited for somebody.
    """

    outbox: dict[str, OutboxBacklog] = field(default_factory=dict)
    walks: dict[str, int] = field(default_factory=dict)
    tickets: dict[str, int] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)
    uploads: dict[str, int] = field(default_factory=dict)
    unclaimed_seconds: float = 0.0


def receiver(method: str, to: str) -> str:
    """Who gets a row: Slack, or the mirror that it is for."""
    return to if method == "mirror" else SLACK


@dataclass(frozen=True, kw_only=True)
class Purged:
    """How much was forgotten because its time was over; tickets lost their words and their people."""

    walks: int = 0
    tickets: int = 0
    invitations: int = 0
    messages: int = 0
    people: int = 0
