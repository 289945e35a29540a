"""One use case inside one transaction: what may be read, changed and said in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.blocks.actions import Address
from bot.blocks.kit import Content
from bot.blocks.step import StepView, record_message, step_message
from bot.services import reminder_policy
from bot.services.context import Caller, House
from bot.store.models import Event, Person, Row, TicketRecord, WalkRecord
from bot.store.protocol import Transaction
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.interpret import TOKEN_EVENTS, Note, Raw
from conversations.amazon_token.messages import note_text
from conversations.amazon_token.walk import Walk
from conversations.engine.texts import Guide, Language
from conversations.secrets.fingerprint import keyed_hash


@dataclass(frozen=True)
class Trace:
    """What a use case did to a walk, for the log: nothing that a person wrote. The walk went from `step` on."""

    conversation: int
    act: str
    step: str
    next_step: str


@dataclass(frozen=True)
class Noted:
    """Something that happened to a ticket, with the words that were written, for whoever is told of tickets."""

    number: int
    act: str
    words: str = ""
    facts: Facts | None = None


class Unit:
    """What a use case does goes into `tx`; whatever Slack is to show becomes an outbox row in the same transaction."""

    def __init__(self, house: House, tx: Transaction, caller: Caller) -> None:
        self.house = house
        self.tx = tx
        self.caller = caller
        self.now = house.clock()
        self.trace: Trace | None = None
        self.noted: list[Noted] = []
        self._shown: dict[tuple[str, str], Row] = {}

    @property
    def guide(self) -> Guide:
        """The caller's guide."""
        return self.house.guides[self.caller.language]

    @property
    def support_guide(self) -> Guide:
        """The support channel's guide."""
        return self.house.guides[self.house.support_language]

    def seen_by(self, person: Person) -> "Unit":
        """The same unit with somebody else of the caller's team to speak to. Nothing is done in their name."""
        caller = Caller(
            team_id=person.team_id, user_id=person.user_id, name=person.name or person.user_id,
            language=self.house.language_of(person),
        )  # fmt: skip
        return Unit(self.house, self.tx, caller)

    def language_of(self, user_id: str) -> Language:
        """The language of somebody else of the caller's team."""
        return self.house.language_of(self.tx.person(self.caller.team_id, user_id))

    def guide_for(self, user_id: str) -> Guide:
        """The guide in which somebody of the caller's team reads."""
        return self.house.guides[self.language_of(user_id)]

    def name_of(self, user_id: str) -> str:
        """The name of somebody of the caller's team, their ID when we never learned it."""
        if user_id == self.caller.user_id:
            return self.caller.name
        person = self.tx.person(self.caller.team_id, user_id)
        return person.name if person and person.name else user_id

    # Saying

    def post(
        self,
        to: str,
        content: Content,
        *,
        key: str = "",
        thread: str | None = None,
        walk_id: int | None = None,
    ) -> str:
        """Let a new message stand in `to`; its key."""
        row_key = key or self.house.new_key()
        self._enqueue("post", to, content, key=row_key, thread=thread, walk_id=walk_id)
        return row_key

    def update(
        self, target: str, to: str, content: Content, *, response_url: str | None = None, erased: bool = False
    ) -> None:
        """Let the message of `target` show something else; `erased`: no row may name `to` once it is delivered."""
        self._enqueue("update", to, content, target=target, response_url=response_url, erased=erased)

    def respond(self, response_url: str, content: Content, *, erased: bool = False) -> None:
        """Answer a press to the one who pressed; `erased` as above."""
        self._enqueue("respond", self.caller.user_id, content, response_url=response_url, erased=erased)

    def whisper(self, response_url: str | None, content: Content) -> None:
        """Answer a press beside what was pressed, which stays; seen only by whoever pressed."""
        if response_url is not None:
            self.respond(response_url, {**content, "response_type": "ephemeral", "replace_original": False})

    def publish(self, user_id: str, view: dict[str, Any], *, erased: bool = False) -> None:
        """Let a person's Home tab show `view`; `erased` as above."""
        self._enqueue("publish", user_id, {"view": view}, erased=erased)

    def upload(self, to: str, data: str, *, filename: str, title: str, comment: str) -> None:
        """Let a file stand in `to`, with `comment`, which names it; `filename` is given to no other file."""
        content = {"text": comment, "filename": filename, "title": title, "data": data}
        self._enqueue("upload", to, content)

    def pass_on(self, to: str, content: Content, *, key: str, thread: str) -> None:
        """Let a picture that stands elsewhere in Slack stand in the thread of `thread` too; no message waits for it."""
        self._enqueue("upload", to, content, key=key, thread=thread, lane=f"{self.caller.team_id}:{to}:pictures")

    def draw(self, to: str, chart: dict[str, Any], *, filename: str, title: str, comment: str, alt: str) -> None:
        """Let a picture of figures stand in `to`, drawn when it is sent; `alt` is what is read aloud instead of it."""
        content = {"text": comment, "filename": filename, "title": title, "chart": chart, "alt": alt}
        self._enqueue("upload", to, content)

    def unshare(self, target: str, to: str) -> None:
        """Let the file of `target` be deleted, whose owner is erased."""
        self._enqueue("unshare", to, {}, target=target, erased=True)

    def _enqueue(self, method: Any, to: str, content: Content, *, key: str = "", **more: Any) -> None:
        team = self.caller.team_id
        # Home tabs have a lane of their own, so that an older view never lands on a newer one.
        lanes = dict.fromkeys(("post", "update", "upload", "unshare"), f"{team}:{to}") | {
            "publish": f"{team}:{to}:home"
        }
        row = Row(
            key=key or self.house.new_key(), team_id=team, method=method, to=to, content=content,
            created_at=self.now, due_at=self.now, **{"lane": lanes.get(method), **more},
        )  # fmt: skip
        if method in {"update", "publish"}:
            row = self._instead(row)
        self.tx.enqueue(row)

    def _instead(self, row: Row) -> Row:
        """Of all that one use case lets a message or a Home tab show, Slack gets the last."""
        place = (row.method, row.target or row.to)
        earlier = self._shown.get(place)
        if earlier is not None:
            self.tx.drop_pending(earlier.key)
            row = replace(row, response_url=row.response_url or earlier.response_url)
        self._shown[place] = row
        return row

    # Walks

    def open(self, record: WalkRecord) -> Walk:
        """The walk restored from what is stored."""
        return Walk(Facts.model_validate_json(record.facts), self.house.policy)

    def walk_of(self, ticket: TicketRecord) -> WalkRecord | None:
        """The walk that a ticket is about, under way or ended."""
        return self.tx.walk(ticket.walk_id) if ticket.walk_id is not None else None

    def retire(self, record: WalkRecord, text: str, response_url: str | None = None, *, mark: str = "✓") -> None:
        """Shrink the live message to `text`; one that was never sent is taken back instead.

        A `response_url` comes from a press of that very message: it was sent.
        """
        sent = response_url is not None
        if record.live_key is not None and (sent or not self.tx.drop_pending(record.live_key)):
            self.update(record.live_key, record.worker_id, record_message(text, mark), response_url=response_url)

    def show(
        self, record: WalkRecord, walk: Walk, notes: tuple[str, ...] = (), *, expanded: bool = False, sent: int = 0
    ) -> WalkRecord:
        """Store the walk as it stands now and post its step as the one live message; `sent` reminders preceded it."""
        key = self.house.new_key()
        changed = replace(
            record,
            step=walk.step,
            facts=walk.facts.model_dump_json(),
            live_key=None if walk.over else key,
            guide_version=self.house.guide_version,
            updated_at=self.now,
            ended_at=self.now if walk.over else None,
        )
        stored = self.tx.save_walk(changed) if record.id else self.tx.add_walk(changed)
        reminder_policy.plan(self.tx, self.house.rhythm, stored, walk.facts, self.now, sent)
        content = step_message(self.view(stored, walk, key, notes, expanded=expanded, reminded=sent > 0))
        self.post(stored.worker_id, content, key=key, walk_id=stored.id)
        return stored

    def view(
        self,
        record: WalkRecord,
        walk: Walk,
        key: str,
        notes: tuple[str, ...] = (),
        *,
        expanded: bool = False,
        reminded: bool = False,
    ) -> StepView:
        """The live message of `record`, in the language of whoever works it."""
        ticket = self.tx.ticket_of_walk(record.id) if walk.step == "with_support" else None
        return StepView(
            guide=self.guide_of(record),
            walk=walk,
            address=Address(record.id, record.version, walk.step, key),
            notes=notes,
            expanded=expanded,
            reminded=reminded,
            ticket=ticket.number if ticket is not None else None,
            phone_name=record.for_name,
        )

    def mark(self, event: str, raw: Raw) -> str | None:
        """By what the same answer is known again: a keyed hash, and nothing where the answer is a token."""
        if not raw or event in TOKEN_EVENTS:
            return None
        return keyed_hash(self.house.hash_key, json.dumps(raw, sort_keys=True))[:16]

    def guide_of(self, record: WalkRecord) -> Guide:
        """The guide of whoever works the walk, who need not be the caller."""
        if record.worker_id == self.caller.user_id:
            return self.guide
        return self.guide_for(record.worker_id)

    def show_again(
        self,
        record: WalkRecord,
        *notes: Note,
        sentences: tuple[str, ...] = (),
        expanded: bool = False,
        sent: int = 0,
    ) -> WalkRecord:
        """The same step once more as the newest message, with `sentences` and `notes` said above it."""
        guide, walk = self.guide_of(record), self.open(record)
        self.retire(record, guide.say("records.shown_again"), mark="↓")
        self.remember(record, "shown_again", walk.step, {"notes": [note.code for note in notes]})
        texts = (*sentences, *(note_text(guide, note) for note in notes))
        return self.show(record, walk, texts, expanded=expanded, sent=sent)

    def remember(self, before: WalkRecord, name: str, next_step: str, detail: Mapping[str, Any] | None = None) -> None:
        """Append to the walk's history; `before` is the walk as it was."""
        self.trace = Trace(before.id, name, before.step, next_step)
        self.tx.add_event(
            Event(
                walk_id=before.id, version=before.version, at=self.now, actor_id=self.caller.user_id, name=name,
                step=before.step, next_step=next_step, detail=dict(detail or {}),
            )
        )  # fmt: skip
