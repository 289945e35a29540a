"""What ticket senders send. This is the published format: docs/ticket.schema.json is generated from it."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from conversations.engine.priority import Priority
from conversations.ticket.models import TicketState

ChangeName = Literal[
    "file", "call", "told", "sort", "claim", "release", "hand", "answer", "hear", "edit", "correct", "take_back",
    "resolve", "reopen", "close", "expire", "erased", "second_way",
]  # fmt: skip


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SyncedChange(_Model):
    """One thing that happened to the ticket."""

    name: ChangeName = Field(description="What happened; erased: delete what you keep of this ticket's merchant")
    by: str = Field(description="The name of who did it, empty for what happens by itself")
    sentence: str = Field(description="The same in the support channel's language")
    words: str = Field("", description="What was written, secrets removed; empty where nothing was")


class SyncedLine(_Model):
    """A label and what is known."""

    label: str
    value: str


class SyncedSection(_Model):
    """Lines that belong together."""

    title: str
    lines: tuple[SyncedLine, ...]


class SyncedTicket(_Model):
    """What happened to a ticket in one unit of work, and the whole ticket after it. Texts are plain."""

    version: Literal[1]
    number: int = Field(ge=1001, description="The ticket's number; it never means another ticket")
    thread: str = Field(description="The same in everything that is told of one ticket, and nowhere else")
    at: datetime = Field(description="When it happened, UTC")
    acts: tuple[SyncedChange, ...] = Field(min_length=1, description="What happened, in this order")
    title: str
    status: str
    state: TicketState
    priority: Priority
    category: str
    reason: str
    language: str = Field(description="The merchant's: de or en")
    merchant: str = Field(description="The merchant's name; a pseudonym once they were erased")
    owner: str | None = Field(description="The name of the agent who has taken the ticket")
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    dossier: tuple[SyncedSection, ...] = Field(description="Everything on the ticket's card")
    how_to_answer: str


def plain(ticket: SyncedTicket) -> str:
    """The ticket as plain text, in the support channel's language: what happened, and all that is known."""
    return "\n".join(_lines(ticket)) + "\n"


def _lines(ticket: SyncedTicket) -> Iterator[str]:
    for act in ticket.acts:
        yield act.sentence
        yield from (f"> {line}" for line in act.words.splitlines())
    yield from ("", ticket.status)
    for section in ticket.dossier:
        yield from ("", section.title.upper())
        yield from (f"{line.label}: {line.value}" for line in section.lines)
    yield from ("", "-- ", ticket.how_to_answer)


class TicketRenderer(Protocol):
    """The half of a ticket sender that services use: it renders the row's content, inside the transaction.

    `name` is short, of small letters, and never changes: it is in the outbox's rows.
    """

    @property
    def name(self) -> str:
        """What rows are addressed to."""

    def render(self, ticket: SyncedTicket) -> dict[str, Any]:
        """What `send` will need, ready for JSON. Nothing is asked of anybody here."""


def schema() -> str:
    """The JSON schema of what a webhook gets, as docs/ticket.schema.json holds it."""
    made = SyncedTicket.model_json_schema(mode="serialization")
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **made}, indent=2) + "\n"


if __name__ == "__main__":
    Path("docs/ticket.schema.json").write_text(schema(), "utf-8")
