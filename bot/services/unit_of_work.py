"""One unit of work: one transaction, and what is to be sent when it is committed."""

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Any, TypeVar, cast

import structlog

from bot.blocks.actions import Address
from bot.blocks.entry_messages import with_line
from bot.blocks.kit import Content, say
from bot.blocks.lead import Lead
from bot.blocks.message_field import NOTHING_TYPED, TypedFields
from bot.blocks.rating import GivenRating
from bot.blocks.step import StepView, step_message, summary_message
from bot.services import answer_times, awaited, reminder_policy
from bot.services.changes import TicketChange, Trace
from bot.services.context import SYSTEM, Actor, AppConfig, NewerVersion, User
from bot.services.gating import IN_SLACK, gated_transaction
from bot.services.publisher import OutgoingRows, Publisher
from bot.store.models import Event, TicketRecord, WalkRecord
from bot.store.protocol import Transaction
from bot.store.support_models import Invitation, Outage
from conversations.engine.answers import Notice, Raw
from conversations.engine.messages import notice_text
from conversations.engine.procedure import AnyProcedure
from conversations.engine.texts import Language, Texts
from conversations.engine.walk_state import WalkState
from conversations.engine.walkthrough import AnyWalk, Walk
from conversations.secrets.redact import fingerprint

log = structlog.get_logger()
T = TypeVar("T")
_ABOUT_BUTTONS = frozenset(
    {"needs_value", "needs_choice", "which_value", "which_button", "ok_presses_nothing", "help_offered"}
)
"""Notes about the buttons or the explanation of a step, which are not there while an outage holds it."""


class UnitOfWork(Publisher):
    """One transaction (`tx`) in the name of `user`, and what is to be sent and synced when it is committed."""

    def __init__(self, config: AppConfig, tx: Transaction, actor: Actor = SYSTEM) -> None:
        self.config = config
        self.tx = gated_transaction(tx, config.gate(config.support_language))
        self.now = config.clock()
        self.user = self._known(actor)
        self.outgoing = OutgoingRows()
        self.ticket_changes: list[TicketChange] = []
        self.trace: Trace | None = None
        self._outages: dict[str, Outage | None] = {}

    def outage(self, team_id: str) -> Outage | None:
        """The outage in the workspace that people are to read about now."""
        if team_id not in self._outages:
            live = self.tx.live_outage(team_id)
            self._outages[team_id] = live if live is not None and live.ends_at > self.now else None
        return self._outages[team_id]

    def outage_changed(self, outage: Outage) -> None:
        """Store the changed outage; what is shown from now on follows it."""
        self.tx.save_outage(outage)
        self._outages.clear()

    def ticket_changed(self, number: int, act: str, words: str = "", walk: AnyWalk | None = None) -> None:
        """Remember what happened to a ticket for the systems that sync tickets."""
        by = self.user.name if self.user.user_id else ""
        self.ticket_changes.append(TicketChange(number, act, by, words, walk))

    def acting_for(self, team_id: str, user_id: str) -> "UnitOfWork":
        """The same unit of work in the name of somebody else, or of nobody (""), for what happens by itself."""
        unit = copy(self)
        unit.user = self._known(Actor(team_id, user_id))
        return unit

    def _known(self, actor: Actor) -> User:
        person = self.tx.person(actor.team_id, actor.user_id) if actor.user_id else None
        return User(
            team_id=actor.team_id, user_id=actor.user_id, is_agent=actor.is_agent,
            name=person.name if person is not None and person.name else actor.user_id,
            language=self.config.language_of(person),
        )  # fmt: skip

    def gated(self, answer: T) -> T:
        """The answer to a payload (a modal, errors at fields, the text for a command) without secrets.

        An answer that is not Slack content is returned unchanged.
        """
        if not isinstance(answer, dict):
            return answer
        gated = self.config.gate(self.user.language).content(answer, IN_SLACK)
        if gated.kinds:
            log.warning("secret_removed", method="answer", kinds=[str(kind) for kind in gated.kinds])
        return cast("T", gated.value)

    @property
    def texts(self) -> Texts:
        """The common texts in the user's language."""
        return self.config.all_texts[self.user.language]

    @property
    def support_texts(self) -> Texts:
        """The common texts in the support channel's language."""
        return self.config.all_texts[self.config.support_language]

    def language_of(self, user_id: str) -> Language:
        """The language of somebody in the user's workspace."""
        return self.config.language_of(self.tx.person(self.user.team_id, user_id))

    def texts_for(self, user_id: str) -> Texts:
        """The common texts for somebody in the user's workspace."""
        return self.config.all_texts[self.language_of(user_id)]

    def name_of(self, user_id: str) -> str:
        """The name of somebody in the user's workspace; their ID when it is not known."""
        if user_id == self.user.user_id:
            return self.user.name
        person = self.tx.person(self.user.team_id, user_id)
        return person.name if person and person.name else user_id

    def procedure_of(self, subject: "WalkRecord | TicketRecord | Invitation") -> AnyProcedure:
        """The procedure of a walkthrough, a ticket or an invitation. `NewerVersion`."""
        procedure = self.config.procedures.get(subject.procedure)
        if procedure is None:
            raise NewerVersion(subject.procedure)
        return procedure

    def texts_about(self, subject: "WalkRecord | TicketRecord", language: Language | None = None) -> Texts:
        """The texts of the subject's procedure and the common ones, in the user's language unless another is named."""
        return self.config.all_texts.of(language or self.user.language, self.procedure_of(subject).id)

    def support_texts_about(self, subject: "WalkRecord | TicketRecord") -> Texts:
        """The same in the support channel's language."""
        return self.texts_about(subject, self.config.support_language)

    def walk(self, procedure: AnyProcedure, state: WalkState[Any]) -> AnyWalk:
        """A walkthrough in this state, under the operator's settings."""
        return Walk(procedure, state, self.config.settings_of(procedure), self.config.offered.keys())

    def open(self, record: WalkRecord) -> AnyWalk:
        """The walkthrough of a stored record. `NewerVersion`."""
        procedure = self.procedure_of(record)
        if record.ended_at is None and record.step not in procedure.steps:
            raise NewerVersion(f"{procedure.id}.{record.step}")
        return self.walk(procedure, procedure.load(record.state))

    def ticket(self, number: int) -> TicketRecord | None:
        """The ticket of this number, or the one into which it was merged."""
        found = self.tx.ticket(number)
        return self.tx.ticket(found.merged_into) if found is not None and found.merged_into is not None else found

    def walk_of(self, ticket: TicketRecord) -> WalkRecord | None:
        """The walkthrough that a ticket is about, open or ended."""
        return self.tx.walk(ticket.walk_id) if ticket.walk_id is not None else None

    def shrink(self, record: WalkRecord, text: str, response_url: str | None = None, *, mark: str = "✓") -> None:
        """Replace the live message by the line `text`; one that was never sent, or was refused, is withdrawn instead.

        A `response_url` comes from a press of that very message: it was sent.
        """
        key, sent = record.live_key, response_url is not None
        if key is not None and (sent or not (self.drop_pending(key) or self.tx.drop_dead(key))):
            self.update(key, record.destination, summary_message(text, mark), response_url=response_url)

    def show(
        self,
        record: WalkRecord,
        walk: AnyWalk,
        notes: tuple[str, ...] = (),
        *,
        lead: Lead | None = None,
        below: bool = False,
        expanded: bool = False,
        sent: int = 0,
    ) -> WalkRecord:
        """Store the walkthrough and post its step as the one live message; `sent` reminders preceded it.

        `below`: the `notes` and the `lead` come right above the buttons.
        """
        key = self.config.new_key()
        changed = replace(
            record,
            step=walk.step,
            state=walk.state.model_dump_json(),
            live_key=None if walk.over else key,
            guide_version=self.config.guide_versions[walk.procedure.id],
            updated_at=self.now,
            ended_at=self.now if walk.over else None,
        )
        stored = self.tx.save_walk(changed) if record.id else self.tx.add_walk(changed)
        reminder_policy.plan(
            self.tx, self.config.reminders, stored, walk, self.now, sent, moved=walk.step != record.step
        )
        view = self.view(stored, walk, key, notes, lead=lead, below=below, expanded=expanded, reminded=sent > 0)
        content = step_message(view)
        self.post(stored.destination, content, key=key, walk_id=stored.id)
        return stored

    def view(
        self,
        record: WalkRecord,
        walk: AnyWalk,
        key: str,
        notes: tuple[str, ...] = (),
        *,
        lead: Lead | None = None,
        below: bool = False,
        expanded: bool = False,
        reminded: bool = False,
        fields: TypedFields = NOTHING_TYPED,
    ) -> StepView:
        """The content of the live message, in the language of the person who works on it."""
        open_ticket = None if walk.over else self.tx.ticket_of_walk(record.id)
        ticket = open_ticket if walk.properties.with_support else None
        support, texts = self.config.support, self.texts_of(record)
        due = answer_times.answer_by(self.tx, support, open_ticket, self.now) if open_ticket is not None else None
        hours = support.sla.business_hours if walk.properties.support_hours else None
        rating = self.tx.rating(record.id) if walk.over else None
        about_outage = self._about_outage(record, walk, texts)
        held = about_outage if walk.can_wait else ""
        return StepView(
            texts=texts,
            walk=walk,
            address=Address(record.id, record.version, walk.step, key),
            notes=(about_outage, *notes) if about_outage and not held else notes,
            held=held,
            lead=lead,
            below=below,
            expanded=expanded,
            reminded=reminded,
            ticket=ticket.number if ticket is not None else None,
            ticket_arrived=ticket is not None and awaited.card_arrived(self.tx, ticket, self.now),
            answer_by=(open_ticket.number, due) if open_ticket is not None and due is not None else None,
            hours=answer_times.hours_line(texts, hours, self.now) if hours is not None else "",
            phone_name=record.for_name,
            rating=GivenRating(rating.face, bool(rating.sentence)) if rating is not None else None,
            fields=fields,
        )

    def _about_outage(self, record: WalkRecord, walk: AnyWalk, texts: Texts) -> str:
        """What the person reads of an outage and what it means for them, while there is one; else ""."""
        outage = self.outage(record.team_id)
        if outage is None or walk.over:
            return ""
        code = "held" if walk.can_wait else "orders_down" if walk.urgency is not None else "running"
        return notice_text(texts, Notice(f"outage_{code}", {"text": outage.text(texts.language)}))

    def with_answer_time(self, content: Content, number: int) -> Content:
        """The message to the merchant of a ticket with the time by which an answer can be expected, if one is owed."""
        ticket = self.tx.ticket(number)
        due = answer_times.answer_by(self.tx, self.config.support, ticket, self.now) if ticket is not None else None
        if ticket is None or due is None:
            return content
        return with_line(content, say(self.texts_for(ticket.merchant_id), "frame.answer_by", ticket=number, at=due))

    def mark(self, record: WalkRecord, event: str, raw: Raw) -> str | None:
        """A keyed hash that identifies a repeated answer; `None` for secrets, of which nothing is kept here."""
        if not raw or event in self.procedure_of(record).secret_events:
            return None
        return fingerprint(self.config.hash_key, json.dumps(raw, sort_keys=True))[:16]

    def texts_of(self, record: WalkRecord) -> Texts:
        """The texts of its procedure for the person who works on it, who need not be the user."""
        if record.worker_id == self.user.user_id:
            return self.texts_about(record)
        return self.texts_about(record, self.language_of(record.worker_id))

    def show_again(
        self,
        record: WalkRecord,
        *notes: Notice,
        sentences: tuple[str, ...] = (),
        lead: Lead | None = None,
        expanded: bool = False,
        sent: int = 0,
    ) -> WalkRecord:
        """Post the step again as the newest message, with what is said right above its buttons.

        There are `sentences`, `notes` and the `lead`; a reminder and „Hier sind Sie stehen geblieben:“ come above it.
        """
        texts, walk = self.texts_of(record), self.open(record)
        self.shrink(record, texts.say("records.shown_again"), mark="↓")
        if self.outage(record.team_id) is not None and walk.can_wait:  # what it says about the step is not shown then
            notes = tuple(note for note in notes if note.code not in _ABOUT_BUTTONS)
        self.add_event(record, "shown_again", walk.step, {"notes": [note.code for note in notes]})
        said = (*sentences, *(notice_text(texts, note) for note in notes))
        below = not sent and all(note.code != "welcome_back" for note in notes)
        return self.show(record, walk, said, lead=lead, below=below, expanded=expanded, sent=sent)

    def add_event(self, before: WalkRecord, name: str, next_step: str, detail: Mapping[str, Any] | None = None) -> None:
        """Add to the walkthrough's history; `before` is the walkthrough before the event."""
        self.trace = Trace(before.id, name, before.step, next_step)
        self.tx.add_event(
            Event(
                walk_id=before.id, version=before.version, at=self.now, actor_id=self.user.user_id, name=name,
                step=before.step, next_step=next_step, detail=dict(detail or {}),
            )
        )  # fmt: skip
