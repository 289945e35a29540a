"""What a merchant writes to support: copied from their direct message into the ticket's thread, once."""

from dataclasses import dataclass, replace
from typing import Any

from bot.blocks import talk as blocks
from bot.blocks.actions import SharedPictures
from bot.blocks.kit import Content, say
from bot.services import split_tokens, ticket_card, ticket_filing
from bot.services.agent_messages import post_to_merchant, redacted
from bot.services.ticket_lists import OPEN
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketMessage, TicketRecord
from conversations.engine.formatter import Mention
from conversations.engine.texts import Texts
from conversations.secrets.credentials import NOT_SECRET, SecretKind, kind_of
from conversations.ticket.chart import IN_CONVERSATION, OVER
from conversations.ticket.models import TicketState

PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
"""What is passed on as a screenshot, and how such a file's name ends."""
_MOST_BYTES = 8 * 2**20


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


def ticket_in_conversation(unit: UnitOfWork) -> TicketRecord | None:
    """The user's newest ticket in which they and support are in conversation."""
    return _newest(unit, IN_CONVERSATION)


def open_ticket(unit: UnitOfWork) -> TicketRecord | None:
    """The user's newest ticket that is neither resolved nor closed."""
    return _newest(unit, OPEN)


def _newest(unit: UnitOfWork, states: frozenset[TicketState]) -> TicketRecord | None:
    user = unit.user
    return next(iter(unit.tx.tickets(team_id=user.team_id, merchant_id=user.user_id, states=states, limit=1)), None)


def pass_on_message(unit: UnitOfWork, ticket: TicketRecord, said: MerchantMessage) -> None:
    """Copy the message to support. The first since support's last message gets a receipt; the others get no answer."""
    text = redacted(unit, unit.config.support_language, said.text)
    messages = unit.tx.ticket_messages(ticket.number)
    if not text or any(message.source == said.source for message in messages):
        return
    text, split = split_tokens.remove(unit, ticket, messages, text)
    ticket, first = merchant_turn(unit, ticket, text)
    key = unit.config.new_key()
    unit.tx.add_ticket_message(
        TicketMessage(
            number=ticket.number, side="merchant", author_id=unit.user.user_id, at=unit.now, text=text, key=key,
            source=said.source,
        )
    )  # fmt: skip
    _post_copy(unit, ticket, text, key, owner=ticket.claimed_by if first else None)
    _receipt(unit, ticket, said, split, first=first)


def merchant_turn(unit: UnitOfWork, ticket: TicketRecord, words: str = "") -> tuple[TicketRecord, bool]:
    """Record the merchant's turn: the changed ticket, and whether this is the first message since support's last."""
    messages = unit.tx.ticket_messages(ticket.number)
    first = ticket.state in OVER or not messages or messages[-1].side == "agent"
    if ticket.state in OVER:
        ticket = ticket_filing.reopen(unit, ticket)
    return ticket_card.transition(unit, ticket, "hear", words=words), first


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
        reply(unit, ticket, said, blocks.line(texts, "receipt" if values else "receipt_nobody", **values))
    warning = secret_warning(unit, texts, said.text) or _warning(texts, split)
    if warning:
        reply(unit, ticket, said, blocks.sentence(warning))


def reply(unit: UnitOfWork, ticket: TicketRecord, said: MerchantMessage, content: Content, *, key: str = "") -> None:
    """Reply where the message was written: in the thread, or visibly in the direct message."""
    post_to_merchant(unit, ticket, content, key=key, in_thread_only=said.thread_ts is not None)


def follow_edit(unit: UnitOfWork, said: MerchantMessage) -> None:
    """The merchant has edited a message: update its copy in the thread, marked as edited."""
    message = unit.tx.ticket_message_of(said.source)
    ticket = unit.tx.ticket(message.number) if message is not None else None
    text = redacted(unit, unit.config.support_language, said.text)
    if message is None or ticket is None or message.author_id != unit.user.user_id or text in {"", message.text}:
        return
    unit.tx.save_ticket_message(replace(message, text=text, state="corrected"))
    ticket_card.add_event(unit, ticket, "edit", detail={"message": message.id}, words=text)
    name = unit.name_of(ticket.merchant_id)
    content = blocks.heard_copy(unit.support_texts, ticket.number, name, text, changed=True)
    unit.update(str(message.key), unit.support_channel, content)


MOST_AT_ONCE = 10
"""Slack's limit of files in one message."""


def ask_about_screenshots(unit: UnitOfWork, ticket: TicketRecord, said: MerchantMessage) -> None:
    """Ask whether a token is visible before any image is passed on. Other files are not passed on, which is said."""
    texts = unit.texts_for(ticket.merchant_id)
    pictures = [file for file in said.files if file.is_picture][:MOST_AT_ONCE]
    if pictures:
        key = unit.config.new_key()
        question = SharedPictures(ticket.number, key, tuple(file.name for file in pictures))
        reply(unit, ticket, said, blocks.question(texts, question), key=key)
    if len(pictures) < len(said.files):
        reply(unit, ticket, said, blocks.screenshot_line(texts, "not_a_picture"))


def share_screenshots(unit: UnitOfWork, question: SharedPictures, response_url: str | None) -> None:
    """„Nein, nichts davon“: support gets the pictures, each once, however often the button is pressed."""
    ticket = ticket_filing.own_ticket(unit, question.number, response_url)
    if ticket is None:
        return
    shared = {message.source for message in unit.tx.ticket_messages(ticket.number)}
    unshared = [name for name in question.files if _source(name) not in shared]
    if unshared:
        ticket, first = merchant_turn(unit, ticket, unit.support_texts.say("mirror.pictures"))
        for position, name in enumerate(unshared):
            _share_screenshot(unit, ticket, name, ping=first and position == 0)
    _close_question(unit, ticket, question, "passed_on", response_url)


def decline_screenshots(unit: UnitOfWork, question: SharedPictures, response_url: str | None) -> None:
    """„Ja, oder unsicher“: nothing is passed on, and how to cover a token."""
    ticket = ticket_filing.own_ticket(unit, question.number, response_url)
    if ticket is not None:
        _close_question(unit, ticket, question, "held_back", response_url)


def _source(name: str) -> str:
    return f"file:{name.partition('.')[0]}"


def _share_screenshot(unit: UnitOfWork, ticket: TicketRecord, name: str, *, ping: bool) -> None:
    file_id, _, kind = name.partition(".")
    texts, key = unit.support_texts, unit.config.new_key()
    unit.tx.add_ticket_message(
        TicketMessage(
            number=ticket.number, side="merchant", author_id=unit.user.user_id, at=unit.now,
            text=texts.say("talk.screenshots.in_history"), key=key, source=_source(name),
        )
    )  # fmt: skip
    filename = f"ticket-{ticket.number}-{key[:8]}.{kind}"
    owner = Mention(ticket.claimed_by) if ping and ticket.claimed_by is not None else None
    content = blocks.passed_on(texts, unit.name_of(ticket.merchant_id), file_id, filename, owner)
    unit.pass_on(unit.support_channel, content, key=key, thread=ticket.card_key)


def _close_question(
    unit: UnitOfWork, ticket: TicketRecord, question: SharedPictures, answer: str, response_url: str | None
) -> None:
    texts = unit.texts_for(ticket.merchant_id)
    unit.update(question.key, ticket.direct_message, blocks.screenshot_line(texts, answer), response_url=response_url)
    ticket_card.add_event(unit, ticket, f"picture_{answer}", detail={"pictures": len(question.files)})
