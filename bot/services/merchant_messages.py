"""What a merchant writes to support: copied from their direct message into the ticket's thread, once."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.blocks import talk as blocks
from bot.blocks.kit import Content, say
from bot.services import evidence, pleas, split_tokens, ticket_card, ticket_filing
from bot.services.agent_messages import post_to_merchant
from bot.services.ticket_lists import OPEN
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketMessage, TicketRecord
from conversations.engine.texts import Texts
from conversations.secrets.credentials import NOT_SECRET, SecretKind, kind_of, only_by_its_words
from conversations.ticket.chart import OVER
from conversations.ticket.models import TicketState

PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
"""What is passed on as a screenshot, and how such a file's name ends."""
RESOLVED: frozenset[TicketState] = frozenset({"resolved"})
_MOST_BYTES = 8 * 2**20
HELD = "held:"
"""Prefix of the scheduled job that passes a message on; the message's ID follows."""
LOOK = timedelta(minutes=2)
"""So long a merchant has to look at what is left of their message."""


@dataclass(frozen=True)
class SlackFile:
    """A file in a message: its ID in Slack, its MIME type, and its size in bytes, 0 when unknown."""

    id: str
    kind: str
    size: int = 0

    @property
    def is_picture(self) -> bool:
        """Whether it may be passed on when the merchant says so; what it really is shows when it is fetched."""
        return self.kind in PICTURES and self.size <= _MOST_BYTES

    @property
    def name(self) -> str:
        """ID and kind in one word."""
        return f"{self.id}.{PICTURES[self.kind]}"


@dataclass(frozen=True, kw_only=True)
class MerchantMessage:
    """A message in a person's direct message: its readable text and its address.

    `thread_ts` is the message it answers to, if it is a reply.
    """

    text: str
    channel: str = ""
    ts: str = ""
    thread_ts: str | None = None
    has_files: bool = False
    files: tuple[SlackFile, ...] = ()

    @property
    def source(self) -> str:
        """Identifies the message."""
        return f"{self.channel}:{self.ts}"


def secret_kind(unit: UnitOfWork, text: str) -> SecretKind | None:
    """What in `text` should be secret, or `None`."""
    kind = kind_of(text)
    rules = (procedure.tickets for procedure in unit.config.procedures.values())
    if kind is SecretKind.possible_token and any(rule.is_error_message(text) for rule in rules):
        return None  # errors carry IDs of that shape
    return kind if kind is not None and kind not in NOT_SECRET else None


def secret_warning(unit: UnitOfWork, texts: Texts, text: str) -> str:
    """What to do about a secret in `text`, as mrkdwn; "" when there is none."""
    return _warning(texts, secret_kind(unit, text))


def _warning(texts: Texts, kind: SecretKind | None) -> str:
    return say(texts, "answers.secret_without_walk", kind=texts.say(f"kinds.{kind}")) if kind is not None else ""


def ticket_of_thread(unit: UnitOfWork, said: MerchantMessage) -> TicketRecord | None:
    """The user's ticket in whose thread this was written, open or closed."""
    if said.thread_ts is None:
        return None
    ticket = unit.tx.ticket_of_talk(unit.user.team_id, said.channel, said.thread_ts)
    return ticket if ticket is not None and ticket.merchant_id == unit.user.user_id else None


def live_ticket(unit: UnitOfWork) -> TicketRecord | None:
    """The user's newest ticket that is not resolved yet; else the newest that is resolved and not closed."""
    user = unit.user
    for states in (OPEN, RESOLVED):
        newest = unit.tx.tickets(team_id=user.team_id, merchant_id=user.user_id, states=states, limit=1)
        if newest:
            return newest[0]
    return None


def pass_on_message(
    unit: UnitOfWork, ticket: TicketRecord, said: MerchantMessage, *, silent: bool = False, quiet: bool = False
) -> None:
    """Copy the message to support. The first since support's last message gets a receipt; the others get no answer.

    `silent`: no receipt, since the bot answers. `quiet`: it changes nothing about the ticket, as thanks do not.
    """
    text = evidence.redacted(unit, said.text)
    messages = unit.tx.ticket_messages(ticket.number)
    if not text or any(message.source == said.source for message in messages):
        return
    for earlier in messages:
        ticket = _pass_on_held(unit, ticket, earlier)
    text, split = split_tokens.remove(unit, ticket, messages, text)
    if only_by_its_words(said.text):
        _hold(unit, ticket, said, text)
        return
    first, key = not quiet and begins_turn(unit, ticket), unit.config.new_key()
    unit.tx.add_ticket_message(  # before the card, which shows the newest words
        TicketMessage(
            number=ticket.number, side="merchant", author_id=unit.user.user_id, at=unit.now, text=text, key=key,
            source=said.source,
        )
    )  # fmt: skip
    if quiet:
        ticket_card.save_and_refresh(unit, ticket)
    else:
        ticket = merchant_turn(unit, ticket, text)
    _post_copy(unit, ticket, text, key, owner=ticket.claimed_by if first else None)
    _keep_evidence(unit, ticket, text, said.text)
    _receipt(unit, ticket, said, split, first=first and not silent)


def _hold(unit: UnitOfWork, ticket: TicketRecord, said: MerchantMessage, text: str) -> None:
    """Let the merchant see the cleaned text first; in two minutes it is passed on whatever they do."""
    key = unit.config.new_key()
    message = unit.tx.add_ticket_message(
        TicketMessage(
            number=ticket.number, side="merchant", author_id=unit.user.user_id, at=unit.now, text=text, state="held",
            note_key=key, source=said.source,
        )
    )  # fmt: skip
    unit.tx.schedule_job(f"{HELD}{message.id}", unit.now + LOOK)
    reply(unit, ticket, said, _held_question(unit, ticket, message.id, said, text), key=key)


def _held_question(
    unit: UnitOfWork, ticket: TicketRecord, message_id: int, said: MerchantMessage, text: str
) -> Content:
    texts = unit.texts_for(ticket.merchant_id)
    return blocks.held_question(texts, message_id, text, secret_warning(unit, texts, said.text))


def pass_on_pressed(unit: UnitOfWork, message_id: int, response_url: str | None) -> None:
    """„So weitergeben“: support gets the cleaned text. Pressed again it changes nothing."""
    message = unit.tx.ticket_message(message_id)
    ticket = ticket_filing.own_ticket(unit, message.number if message is not None else 0, response_url)
    if ticket is not None and message is not None:
        _pass_on_held(unit, ticket, message, response_url)


def pass_on_due(unit: UnitOfWork) -> bool:
    """Pass on the message that has waited longest for its merchant's look; whether there was one."""
    due = unit.tx.due_job(HELD, unit.now)
    if due is None:
        return False
    unit.tx.unschedule_job(due)
    message = unit.tx.ticket_message(int(due.removeprefix(HELD)))
    ticket = unit.tx.ticket(message.number) if message is not None else None
    if message is not None and ticket is not None and not ticket.merchant_id.startswith(ERASED):
        _pass_on_held(unit.acting_for(ticket.team_id, ticket.merchant_id), ticket, message)
    return True


def _pass_on_held(
    unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage, response_url: str | None = None
) -> TicketRecord:
    """The ticket, after the message was passed on if it was held."""
    if message.state != "held":
        return ticket
    unit.tx.unschedule_job(f"{HELD}{message.id}")
    first, key = begins_turn(unit, ticket), unit.config.new_key()
    unit.tx.save_ticket_message(replace(message, state="sent", key=key, note_key=None))  # before the card, as above
    ticket = merchant_turn(unit, ticket, message.text)
    _post_copy(unit, ticket, message.text, key, owner=ticket.claimed_by if first else None)
    shown = blocks.held_line(unit.texts_for(ticket.merchant_id))
    unit.update(str(message.note_key), ticket.direct_message, shown, response_url=response_url)
    return _keep_evidence(unit, ticket, message.text, message.text)


def _keep_evidence(unit: UnitOfWork, ticket: TicketRecord, text: str, unredacted: str) -> TicketRecord:
    """The ticket with what was said in the conversation about the cause: an error counts like one at a step."""
    procedure, record = unit.procedure_of(ticket), unit.walk_of(ticket)
    is_error = procedure.tickets.is_error_message(unredacted)
    if is_error and record is not None:
        evidence.keep(unit, record, text)
    if is_error or evidence.category(procedure, (unredacted,), ticket.category) != ticket.category:
        return ticket_filing.add_evidence(unit, ticket, text, unredacted, copied=True)
    return ticket


def begins_turn(unit: UnitOfWork, ticket: TicketRecord) -> bool:
    """Whether the merchant's next message is the first since support's last."""
    messages = [message for message in unit.tx.ticket_messages(ticket.number) if message.state != "held"]
    return ticket.state in OVER or not messages or messages[-1].side == "agent"


def merchant_turn(unit: UnitOfWork, ticket: TicketRecord, words: str) -> TicketRecord:
    """Record the merchant's turn: the changed ticket."""
    if ticket.state in OVER:
        ticket = ticket_filing.reopen(unit, ticket)
    return ticket_card.transition(unit, ticket, "hear", words=words)


def _post_copy(unit: UnitOfWork, ticket: TicketRecord, text: str, key: str, *, owner: str | None) -> None:
    name = unit.name_of(ticket.merchant_id)
    content = blocks.heard_copy(unit.support_texts, ticket.number, name, text, owner=owner)
    ticket_card.post_in_thread(unit, ticket, content, key=key)


def _receipt(
    unit: UnitOfWork, ticket: TicketRecord, said: MerchantMessage, split: SecretKind | None, *, first: bool
) -> None:
    """The receipt for the first message of a turn, and for each the warning about a secret in it, or in pieces."""
    texts = unit.texts_for(ticket.merchant_id)
    if first:
        values: dict[str, Any] = {}
        if ticket.claimed_by is not None:
            values["agent"] = unit.name_of(ticket.claimed_by)
        receipt = blocks.line(texts, "receipt" if values else "receipt_nobody", **values)
        reply(unit, ticket, said, unit.with_answer_time(receipt, ticket.number))
    warning = secret_warning(unit, texts, said.text) or _warning(texts, split)
    if warning:
        reply(unit, ticket, said, blocks.sentence(warning), key=pleas.key_for(unit, said.source))


def reply(unit: UnitOfWork, ticket: TicketRecord, said: MerchantMessage, content: Content, *, key: str = "") -> None:
    """Reply where the message was written: in the thread, or visibly in the direct message."""
    post_to_merchant(unit, ticket, content, key=key, in_thread_only=said.thread_ts is not None)


def follow_edit(unit: UnitOfWork, said: MerchantMessage) -> bool:
    """The merchant has edited a message: update its copy in the thread, marked as edited. Whether it was passed on."""
    message = unit.tx.ticket_message_of(said.source)
    ticket = unit.tx.ticket(message.number) if message is not None else None
    text = evidence.redacted(unit, said.text)
    if message is None or ticket is None or message.author_id != unit.user.user_id:
        return False
    if text in {"", message.text}:
        return True
    if message.state == "held":
        message = replace(message, text=text)
        unit.tx.save_ticket_message(message)
        if only_by_its_words(said.text):
            content = _held_question(unit, ticket, message.id, said, text)
            unit.update(str(message.note_key), ticket.direct_message, content)
        else:
            _pass_on_held(unit, ticket, message)
        return True
    unit.tx.save_ticket_message(replace(message, text=text, state="corrected"))
    ticket_card.add_event(unit, ticket, "edit", detail={"message": message.id}, words=text)
    name = unit.name_of(ticket.merchant_id)
    content = blocks.heard_copy(unit.support_texts, ticket.number, name, text, changed=True)
    unit.update(str(message.key), unit.support_channel, content)
    ticket_card.save_and_refresh(unit, ticket)
    return True
