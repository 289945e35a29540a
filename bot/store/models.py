"""What is kept between two events. All times are aware and in UTC; a person is (team ID, user ID)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from conversations.engine.priority import Priority
from conversations.ticket.models import TicketFacts, TicketState

RowMethod = Literal["post", "update", "respond", "publish", "upload", "unshare", "mirror"]
METHODS: tuple[RowMethod, ...] = get_args(RowMethod)
"""Rows of other methods are a newer version's, which serves the same database during an update: it sends them. So where
what is in `Row.content` is to be read otherwise, its method gets a new name.
"""
NEW_MESSAGES: frozenset[RowMethod] = frozenset({"post", "upload"})
"""What makes a new message in Slack; the rest changes one, or is none."""
_LIMITED_IN_WORKSPACE: frozenset[RowMethod] = frozenset({"update", "publish", "upload", "unshare"})
"""What Slack counts for the whole workspace, and not for each channel."""
RowState = Literal["pending", "running", "delivered", "dropped", "dead"]
ROW_STATES: tuple[RowState, ...] = get_args(RowState)
ROW_STATES_UNSENT = ("pending", "running", "dead")
TICKET_STATES: tuple[TicketState, ...] = get_args(TicketState)
SLACK = "slack"
"""The receiver of every row that is not for a ticket sender."""
RESPONSE_URL_LIFE = timedelta(minutes=30)
"""How long Slack accepts a response URL; five uses at most."""
NOT_UNDERSTOOD_KEPT = timedelta(days=30)
ERASED = "erased-"
"""How the pseudonym begins that replaces the user ID of somebody erased. No ID of Slack begins so."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in Slack. `language` is their choice; `locale` ("de-DE") and `zone` ("Europe/Berlin") are Slack's."""

    team_id: str
    user_id: str
    name: str = ""
    locale: str | None = None
    language: str | None = None
    home_opened: bool = False
    zone: str | None = None
    support_home: bool = False  # their Home tab shows the support desk as well
    unasked: bool = True  # may be invited, and reminded of an invitation


@dataclass(frozen=True)
class Destination:
    """Where something is sent: a workspace, and in it a channel, a person's direct message, or a ticket sender."""

    team_id: str
    to: str


@dataclass(frozen=True, kw_only=True)
class WalkRecord:
    """One walkthrough. `for_name` is the caller's name for a walk on the phone, and empty for one's own walk.

    `version` grows by one with every change and is 0 before the walk is stored. `procedure` is the ID of its
    procedure, `state` where it is and what is known, as JSON (`WalkState`). `live_key` is the row of its one live
    message. `transferred_from` and `transferred_to` are the walks before and after it, where one procedure handed the
    person over to another.
    """

    id: int = 0
    team_id: str
    worker_id: str
    for_name: str = ""
    invited_by: str | None = None
    procedure: str
    step: str
    version: int = 0
    state: str
    guide_version: str
    live_key: str | None = None
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None
    transferred_from: int | None = None
    transferred_to: int | None = None

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
    """When a walk is to be reminded of; `None`: no more. `sent` counts since it moved, `declined` is their wish."""

    walk_id: int
    due_at: datetime | None
    sent: int = 0
    declined: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketRecord(TicketFacts):
    """One case in the support channel. `number` is 0 until it is stored; numbers begin at 1001 and are never reused.

    `procedure` is that of its walk, or of the person's last one; `category` is one of its categories. `claimed_by` is
    the agent who owns it, `answered_at` when a person first answered the merchant, `talk_key` the row of the direct
    message whose thread is the conversation.
    """

    number: int = 0
    team_id: str
    merchant_id: str
    walk_id: int | None = None
    procedure: str
    state: TicketState = "open"
    category: str = "unknown"
    priority: Priority = "P3"
    language: str
    card_key: str
    words: tuple[str, ...] = ()
    closed_by: str | None = None
    answered_at: datetime | None = None
    talk_key: str | None = None

    @property
    def direct_message(self) -> Destination:
        """The merchant's conversation with the bot."""
        return Destination(self.team_id, self.merchant_id)


@dataclass(frozen=True, kw_only=True)
class TicketEvent:
    """One act in a ticket's life. `detail` holds codes and people's IDs, no words; without an actor a timer did it."""

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

    `key` is the row of the copy that the other side reads, `note_key` the row that shows an agent's message in the
    support thread. A merchant's message that is `held` is not passed on yet; its `note_key` is the row of the question
    whether it may be. `source` is "channel:ts" of a merchant's own message, so that it is never passed on twice.
    """

    id: int = 0
    number: int
    side: Literal["agent", "merchant"]
    author_id: str
    at: datetime
    text: str
    state: Literal["sent", "corrected", "taken_back", "held"] = "sent"
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
class NotUnderstood:
    """What somebody typed and the bot did not understand, redacted and cut; `nearest` is the question that came close.

    `step` is "" without a walk, `nearest` "" when no question came close. It is kept for `NOT_UNDERSTOOD_KEPT`.
    """

    team_id: str
    user_id: str
    procedure: str
    step: str
    language: str
    at: datetime
    text: str
    nearest: str


@dataclass(frozen=True, kw_only=True)
class Rating:
    """What somebody said at the end of their walk: one of `FACES`, and a `sentence` without secrets, or ""."""

    walk_id: int
    face: str
    sentence: str = ""
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Row:
    """Something to be shown in Slack, or sent to a ticket sender ("mirror"), in the words decided at the commit.

    `content` of a message has "text" and "blocks" (and "reply_broadcast" of a reply that is shown in the channel too;
    "plain" where all but its plainest form has been refused), of a Home tab "view", of a "mirror" what the sender has
    rendered. An upload has "filename", "title", "text" (the comment, which names the file) and one of: "data" (text);
    "file" (the ID of a picture in Slack, fetched when it is sent) with "instead" (the text if it is gone); "chart"
    (drawn when it is sent) with "alt". Once delivered it is emptied. An update names in `target` the row that posted
    the message; a reply names its parent in `thread`. An upload's `ts` is the ID of its file, which "unshare" deletes.
    Rows with the same `ordering_key` are sent in order, one at a time. `erased`: the recipient asked to be forgotten,
    so once delivered the row no longer names them.
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
    fence: int = field(
        default=0, compare=False
    )  # how often it was claimed: tells the present attempt from earlier ones

    @property
    def receiver(self) -> str:
        """Who gets it: Slack, or a ticket sender."""
        return self.destination.to if self.method == "mirror" else SLACK

    @property
    def limited_as(self) -> str | None:
        """What Slack counts it with: its workspace and method. `None` where only its channel or receiver counts."""
        return f"{self.destination.team_id} {self.method}" if self.method in _LIMITED_IN_WORKSPACE else None


@dataclass(frozen=True)
class PostedMessage:
    """A message of the bot's in Slack. While it is being sent, `channel` and `ts` are `None` and an edit waits."""

    key: str
    to: str  # the row's recipient
    channel: str | None
    ts: str | None
    thread: str | None = None  # the row of its parent


@dataclass(frozen=True, kw_only=True)
class ImageRecord:
    """A picture that a workspace was given."""

    team_id: str
    name: str
    language: str
    digest: str  # changes with the drawing
    values: tuple[tuple[str, str], ...] = ()  # what it was filled with
    file_id: str | None  # in that workspace; `None`: served at an address of the bot's own
    kept_at: datetime
