"""Where the gate stands: before the outbox, before the store, before an answer to a payload."""

import json
from dataclasses import replace
from typing import Any, cast

from bot.store.models import Event, NotUnderstood, Person, Rating, TicketEvent, TicketMessage, TicketRecord, WalkRecord
from bot.store.protocol import Transaction
from bot.store.support_models import Outage, Template
from conversations.secrets.gate import Gate

IN_SLACK = frozenset(
    {
        "type", "value", "action_id", "block_id", "callback_id", "private_metadata", "external_id", "image_url", "url",
        "file", "slack_file", "data", "response_action", "response_type",
    }
)  # fmt: skip
"""Fields of Block Kit and of rows that hold identifiers and addresses of the bot's own, which no person wrote.

`data` is an uploaded file, whose maker has gated each value in it.
"""
IN_RECORDS = frozenset({"mark", "key", "message", "step"})
"""Fields of stored details that hold identifiers and codes."""
KEPT = frozenset(
    {
        "key", "live_key", "card_key", "talk_key", "note_key", "message_key", "board_key", "target", "thread",
        "ordering_key", "guide_version", "mark", "value", "private_metadata", "source", "team_id", "user_id",
    }
)  # fmt: skip
"""The same in an export of what is kept."""


class GatedTransaction:
    """A transaction whose stored words have passed the gate; everything else is the transaction's own."""

    def __init__(self, tx: Transaction, gate: Gate) -> None:
        self._tx = tx
        self._gate = gate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def save_person(self, person: Person) -> None:
        self._tx.save_person(replace(person, name=self._words(person.name)))

    def add_walk(self, walk: WalkRecord) -> WalkRecord:
        return self._tx.add_walk(self._walk(walk))

    def save_walk(self, walk: WalkRecord) -> WalkRecord:
        return self._tx.save_walk(self._walk(walk))

    def save_walk_state(self, walk: WalkRecord) -> None:
        self._tx.save_walk_state(self._walk(walk))

    def add_event(self, event: Event) -> None:
        detail = self._gate.content(event.detail, IN_RECORDS)
        self._tx.add_event(replace(event, detail=detail.value) if detail.kinds else event)

    def add_not_understood(self, message: NotUnderstood) -> None:
        self._tx.add_not_understood(replace(message, text=self._words(message.text)))

    def save_rating(self, rating: Rating) -> None:
        self._tx.save_rating(replace(rating, sentence=self._words(rating.sentence)))

    def add_ticket(self, ticket: TicketRecord) -> TicketRecord:
        return self._tx.add_ticket(self._ticket(ticket))

    def save_ticket(self, ticket: TicketRecord) -> None:
        self._tx.save_ticket(self._ticket(ticket))

    def add_ticket_event(self, event: TicketEvent) -> None:
        detail = self._gate.content(event.detail, IN_RECORDS)
        self._tx.add_ticket_event(replace(event, detail=detail.value) if detail.kinds else event)

    def add_ticket_message(self, message: TicketMessage) -> TicketMessage:
        return self._tx.add_ticket_message(replace(message, text=self._words(message.text)))

    def save_ticket_message(self, message: TicketMessage) -> None:
        self._tx.save_ticket_message(replace(message, text=self._words(message.text)))

    def add_template(self, template: Template) -> Template:
        return self._tx.add_template(self._template(template))

    def save_template(self, template: Template) -> None:
        self._tx.save_template(self._template(template))

    def _template(self, template: Template) -> Template:
        return replace(template, label=self._words(template.label), text=self._words(template.text))

    def add_outage(self, outage: Outage) -> Outage:
        return self._tx.add_outage(self._outage(outage))

    def save_outage(self, outage: Outage) -> None:
        self._tx.save_outage(self._outage(outage))

    def _outage(self, outage: Outage) -> Outage:
        return replace(outage, text_de=self._words(outage.text_de), text_en=self._words(outage.text_en))

    def _words(self, text: str) -> str:
        return self._gate.text(text)[0]

    def _ticket(self, ticket: TicketRecord) -> TicketRecord:
        gated = self._gate.content(ticket.words)
        return replace(ticket, words=gated.value) if gated.kinds else ticket

    def _walk(self, walk: WalkRecord) -> WalkRecord:
        state = self._gate.content(json.loads(walk.state), IN_RECORDS)
        name = self._words(walk.for_name)
        if not state.kinds and name == walk.for_name:
            return walk
        return replace(
            walk, state=json.dumps(state.value, ensure_ascii=False) if state.kinds else walk.state, for_name=name
        )


def gated_transaction(tx: Transaction, gate: Gate) -> Transaction:
    """`tx`, storing only what has passed the gate."""
    return cast("Transaction", GatedTransaction(tx, gate))
