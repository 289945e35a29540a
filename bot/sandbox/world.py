"""The workspace's content: people, conversations and messages. It knows neither the network nor the API's rules."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from bot.sandbox.rich_text import rich_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Json = dict[str, Any]

TEAM_ID = "T0SANDBOX"
TEAM_NAME = "Muster Handel GmbH"
BOT_USER = "U0BOT"
BOT_ID = "B0SANDBOX"
BOT_NAME = "Amazon Token"
APP_ID = "A0SANDBOX"
BOT_TOKEN = "xoxb-sandbox"  # noqa: S105 - it opens nothing but this sandbox
APP_TOKEN = "xapp-sandbox"  # noqa: S105 - the same
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105 - the same
PATIENCE = 60.0
"""For so many seconds tests and demonstrations wait for something. Long enough for a busy machine."""


@dataclass(kw_only=True)
class SandboxUser:
    """A person whose part can be taken on the page."""

    id: str
    name: str
    role: Literal["merchant", "agent"]
    locale: str
    color: str
    home_team: str = TEAM_ID
    """The workspace that the person belongs to: in an Enterprise Grid perhaps another one than the app's."""

    @property
    def handle(self) -> str:
        """The name after the at sign in a mention."""
        return self.name.lower().replace(" ", ".")

    def as_page(self) -> Json:
        """The person as the page shows them."""
        initials = "".join(word[0] for word in self.name.split()[:2])
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role,
            "locale": self.locale,
            "initials": initials,
            "color": self.color,
        }


@dataclass(kw_only=True)
class Message:
    """One message. `only_for` names the one person who sees an ephemeral message."""

    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    only_for: str | None = None
    edited: bool = False
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    broadcast: bool = False
    team: str = TEAM_ID
    attachments: list[Json] = field(default_factory=list)
    client_msg_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def is_reply(self) -> bool:
        """Whether it is a reply in a thread."""
        return self.thread_ts not in (None, self.ts)

    def as_slack(self, *, with_metadata: bool = False) -> Json:
        """The message as the Web API and the payloads show it."""
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts, "team": self.team, "text": self.text}
        if self.user == BOT_USER:
            shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
            shown["bot_profile"] = {"id": BOT_ID, "app_id": APP_ID, "name": BOT_NAME, "team_id": TEAM_ID}
        else:
            # The rule client_msg_id of docs/sandbox-rules.md.
            shown["client_msg_id"] = self.client_msg_id
        if self.blocks:
            shown["blocks"] = self.blocks
        elif self.user != BOT_USER and self.text:
            # The rule people_write_rich_text of docs/sandbox-rules.md.
            shown["blocks"] = [rich_text(self.text)]
        if self.attachments:
            shown["attachments"] = self.attachments
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.edited:
            shown["edited"] = {"user": self.user, "ts": self.ts}
        if self.files:
            shown["files"] = self.files
        if with_metadata and self.metadata:
            shown["metadata"] = self.metadata
        return shown


@dataclass(kw_only=True)
class Channel:
    """A conversation. A direct message has the person and the bot as members."""

    id: str
    name: str
    kind: Literal["dm", "channel"]
    private: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)

    @property
    def family(self) -> Literal["im", "groups", "channels"]:
        """The first half of the scopes that open this kind of conversation."""
        if self.kind == "dm":
            return "im"
        return "groups" if self.private else "channels"

    def find(self, ts: str, *, for_user: str | None = None) -> Message | None:
        """The message at `ts`; an ephemeral one only for its reader."""
        return next((m for m in self.messages if m.ts == ts and m.only_for in (None, for_user)), None)

    def replies(self, ts: str) -> list[Message]:
        """The replies in the thread that begins at `ts`, oldest first, without ephemeral ones."""
        return [m for m in self.messages if m.thread_ts == ts and m.ts != ts and m.only_for is None]


def direct_message_id(user_id: str) -> str:
    """The ID of this person's direct message with the bot."""
    return f"D{user_id[1:]}"


def default_people() -> list[SandboxUser]:
    """Two merchants and two agents, in two languages each."""
    return [
        SandboxUser(id="U0ERIKA", name="Erika Beispiel", role="merchant", locale="de-DE", color="#7b3fa0"),
        SandboxUser(id="U0OLIVER", name="Oliver Sample", role="merchant", locale="en-GB", color="#1264a3"),
        SandboxUser(id="U0ANNA", name="Anna Support", role="agent", locale="de-DE", color="#2e7d4f"),
        SandboxUser(id="U0BEN", name="Ben Support", role="agent", locale="en-US", color="#a8551f"),
    ]


def people_of_a_grid() -> list[SandboxUser]:
    """The same people; each belongs to another workspace of the organization than the one that the app is in."""
    return [replace(person, home_team=f"T0HOME{number}") for number, person in enumerate(default_people())]


def default_channels(people: Iterable[SandboxUser]) -> list[Channel]:
    """#support with the agents and the bot, #general with everybody, and one direct message each."""
    everybody = list(people)
    agents = {person.id for person in everybody if person.role == "agent"}
    dms = [Channel(id=direct_message_id(p.id), name=BOT_NAME, kind="dm", members={p.id, BOT_USER}) for p in everybody]
    support = Channel(id="C0SUPPORT", name="support", kind="channel", members=agents | {BOT_USER})
    general = Channel(id="C0GENERAL", name="general", kind="channel", members={p.id for p in everybody})
    return [*dms, support, general]


def ignore(*_: object) -> None:
    """Do nothing, as long as nobody is to be notified."""


class World:
    """People (two merchants and two agents unless others are given), conversations and messages.

    `on_change(what, channel_id, user_id)` notifies the page, `on_event(event, channel)` the app. `clock` says what time
    it is, in seconds since 1970, and a demonstration may be `ahead` of it; messages are stamped with that.
    """

    def __init__(self, people: Iterable[SandboxUser] | None = None) -> None:
        self.people: dict[str, SandboxUser] = {person.id: person for person in (people or default_people())}
        self.channels: dict[str, Channel] = {c.id: c for c in default_channels(self.people.values())}
        self.on_change: Callable[[str, str | None, str | None], None] = ignore
        self.on_event: Callable[[Json, Channel | None], object] = ignore
        self.clock: Callable[[], float] = time.time
        self.ahead = 0.0
        self._last = 0

    def now(self) -> float:
        """What time it is here, in seconds since 1970."""
        return self.clock() + self.ahead

    def next_ts(self) -> str:
        """A time stamp for a new message in Slack's format; each is greater than the one before."""
        self._last = max(self._last + 1, int(self.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def named(self, user_id: str) -> str:
        """The name of a person or of the bot."""
        return BOT_NAME if user_id == BOT_USER else self.people[user_id].name

    def post(self, channel: Channel, user: str, text: str, **more: Any) -> Message:
        """Add a message to a conversation and notify the page and the app."""
        team = self.people[user].home_team if user in self.people else TEAM_ID
        message = Message(ts=self.next_ts(), user=user, text=text, team=team, **more)
        channel.messages.append(message)
        if user in self.people and message.only_for is None:
            channel.read[user] = message.ts
        self.on_change("messages", channel.id, message.only_for)
        if message.only_for is None:
            self.on_event(message_event(channel, message), channel)
        return message

    def edit(self, channel: Channel, message: Message, **changed: Any) -> None:
        """Change a message and notify the page and the app."""
        before = message.as_slack()
        for name, value in changed.items():
            setattr(message, name, value)
        self.on_change("messages", channel.id, message.only_for)
        if message.only_for is None:
            about = {"message": message.as_slack(), "previous_message": before, "hidden": True}
            self.on_event(self._altered(channel, "message_changed", about), channel)

    def remove(self, channel: Channel, message: Message) -> None:
        """Delete a message and notify the page and the app."""
        channel.messages.remove(message)
        self.on_change("messages", channel.id, message.only_for)
        if message.only_for is None:
            about = {"deleted_ts": message.ts, "previous_message": message.as_slack(), "hidden": True}
            self.on_event(self._altered(channel, "message_deleted", about), channel)

    def start_afresh(self) -> None:
        """Delete all messages; people, conversations and memberships stay. Time is what it was."""
        self.ahead, self._last = 0.0, 0
        for channel in self.channels.values():
            channel.messages.clear()
            channel.read.clear()

    def _altered(self, channel: Channel, subtype: str, about: Json) -> Json:
        # The rule edits of docs/sandbox-rules.md.
        return {
            "type": "message",
            "subtype": subtype,
            "channel": channel.id,
            "channel_type": CHANNEL_TYPES[channel.family],
            "ts": self.next_ts(),
            **about,
        }


CHANNEL_TYPES = {"im": "im", "groups": "group", "channels": "channel"}


def message_event(channel: Channel, message: Message) -> Json:
    """The event that announces a new message."""
    event = message.as_slack() | {
        "channel": channel.id,
        "channel_type": CHANNEL_TYPES[channel.family],
        "event_ts": message.ts,
    }
    if message.files and message.user != BOT_USER:
        event["subtype"] = "file_share"
    return event
