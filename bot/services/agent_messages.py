"""What agents write to merchants in modals, corrected or taken back. Nothing else of theirs reaches a merchant."""

from dataclasses import replace
from typing import Any

from bot.blocks import talk as blocks
from bot.blocks.actions import TEXT, AnswerDraft
from bot.blocks.forms import INPUT_LIMIT, sentence_view
from bot.blocks.kit import Content, View, say
from bot.services import awaited, evidence, templates, ticket_card
from bot.services.too_late import TooLate, refused_in_modal
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketMessage, TicketRecord
from bot.store.support_models import ANSWER_FORM_OPEN, AnswerForm
from conversations.engine.answers import Raw
from conversations.ticket.acts import refusal
from conversations.ticket.macros import OWN, macro_names, macro_text

# Answering


@refused_in_modal
def answer_form(unit: UnitOfWork, number: int, response_url: str | None) -> View | None:
    """The modal to open: the form, or why the user may not answer."""
    ticket = _answerable(unit, number)
    _note_open(unit, ticket, response_url)
    first = ticket.answered_at is None and evidence.is_explained(unit, ticket)
    text = _macro(unit, ticket, f"category.{ticket.category}") if first else None
    return _answer_view(unit, ticket, AnswerDraft(ticket.number, unit.config.new_key()), text or "")


def _note_open(unit: UnitOfWork, ticket: TicketRecord, response_url: str | None) -> None:
    """Remember that the user has the form open; those who have it open already are told, once.

    They read it below the message on which they pressed or, where there is none, as a direct message.
    """
    unit.tx.forget_old_answer_forms(unit.now - ANSWER_FORM_OPEN)
    forms = unit.tx.answer_forms(ticket.number)
    own = AnswerForm(number=ticket.number, agent_id=unit.user.user_id, opened_at=unit.now, response_url=response_url)
    unit.tx.open_answer_form(own)
    if any(form.agent_id == own.agent_id for form in forms):
        return
    for form in forms:
        theirs = unit.acting_for(ticket.team_id, form.agent_id)
        told = say(theirs.texts, "talk.answer.opened_too", agent=unit.user.name, ticket=ticket.number)
        if form.response_url is not None:
            theirs.post_ephemeral(form.response_url, blocks.sentence(told))
        else:
            theirs.post(theirs.direct_message, blocks.sentence(told))


def answer_form_closed(unit: UnitOfWork, draft: AnswerDraft) -> None:
    """The user has closed the modal without sending anything."""
    unit.tx.close_answer_form(draft.number, unit.user.user_id)


def insert_macro(unit: UnitOfWork, draft: AnswerDraft, name: str, raw: Raw) -> View | None:
    """The modal with the text of macro `name` added to what was entered, or saying that a colleague has deleted it."""
    try:
        ticket = _answerable(unit, draft.number)
    except TooLate as late:
        return sentence_view(unit.texts, late.key, **late.values)
    macro = _macro(unit, ticket, name)
    gone = macro is None and name.startswith(OWN)
    entered = _entered_text(raw)
    if macro is None and not gone:
        return None
    untouched = not entered or entered in _macro_texts(unit, ticket)
    text = entered if macro is None else macro if untouched else f"{entered}\n\n{macro}"
    redrawn = replace(draft, redrawn=draft.redrawn + 1)
    return _answer_view(unit, ticket, redrawn, text[:INPUT_LIMIT], gone=gone)


def answer(unit: UnitOfWork, draft: AnswerDraft, raw: Raw) -> View | None:
    """Send the text to the merchant. `None` when it is sent; else the `response_action` for Slack to carry out."""
    text = redacted(unit, unit.config.support_language, _entered_text(raw))
    try:
        ticket = _answerable(unit, draft.number)
    except TooLate as late:
        return _refused(unit, late, text)
    if any(message.key == draft.key for message in unit.tx.ticket_messages(ticket.number)):
        return None
    if not text:
        return _empty(unit, raw)
    unit.tx.close_answer_form(ticket.number, unit.user.user_id)
    send(unit, ticket, draft.key, text)
    return None


def send(unit: UnitOfWork, ticket: TicketRecord, key: str, text: str) -> TicketMessage:
    """Send the text to the merchant of an open ticket, by the row of `key`, and show it in the ticket's thread.

    A ticket without an owner becomes the user's.
    """
    if ticket.state == "open":
        ticket = ticket_card.transition(unit, ticket, "claim", claimed_by=unit.user.user_id, claimed_at=unit.now)
    first, note_key = ticket.talk_key is None, unit.config.new_key()
    message = unit.tx.add_ticket_message(  # before the card, which says what is new since the newest answer
        TicketMessage(
            number=ticket.number, side="agent", author_id=unit.user.user_id, at=unit.now, text=text, key=key,
            note_key=note_key,
        )
    )  # fmt: skip
    ticket_card.transition(
        unit, ticket, "answer",
        talk_key=ticket.talk_key or key, answered_at=ticket.answered_at or unit.now, waiting_since=unit.now,
        words=text,
    )  # fmt: skip
    texts = unit.texts_for(ticket.merchant_id)
    content = blocks.to_merchant(texts, unit.user.name, ticket.number, text, first=first)
    post_to_merchant(unit, ticket, content, key=key)
    ticket_card.post_in_thread(unit, ticket, support_copy(unit, ticket, message), key=note_key)
    awaited.plan_answer(unit.tx, message.id, unit.now)
    return message


def _answerable(unit: UnitOfWork, number: int) -> TicketRecord:
    """The ticket, or the one into which it was merged, if the user may answer it now. Raises `TooLate`."""
    ticket = unit.ticket(number)
    if not unit.user.is_agent or ticket is None or ticket.team_id != unit.user.team_id:
        raise TooLate("answers.agents_only")
    if ticket.merchant_id.startswith(ERASED):
        raise TooLate("talk.late.nobody", ticket=ticket.number)
    refused = refusal("answer", ticket, unit.user.user_id)
    if refused == "state":
        raise TooLate("talk.late.over", ticket=ticket.number)
    if refused == "owner":
        agent, take = unit.name_of(str(ticket.claimed_by)), ("answer", ticket.number)
        raise TooLate("talk.late.not_owner", take=take, ticket=ticket.number, agent=agent)
    return ticket


def _answer_view(unit: UnitOfWork, ticket: TicketRecord, draft: AnswerDraft, text: str, *, gone: bool = False) -> View:
    forms = unit.tx.answer_forms(ticket.number)
    open_since = unit.now - ANSWER_FORM_OPEN
    return blocks.answer_view(
        unit.texts_about(ticket), unit.procedure_of(ticket).tickets, draft,
        merchant=unit.name_of(ticket.merchant_id), language=unit.language_of(ticket.merchant_id),
        category=ticket.category, text=text, last=_last_words(unit, ticket),
        own=[macro for macro, _ in templates.offered(unit, ticket)], gone=gone,
        others=[
            (unit.name_of(form.agent_id), form.opened_at)
            for form in forms
            if form.agent_id != unit.user.user_id and form.opened_at > open_since
        ],
    )  # fmt: skip


def _last_words(unit: UnitOfWork, ticket: TicketRecord) -> str:
    """What the merchant wrote last, in the conversation or when they asked for support."""
    messages = [message.text for message in unit.tx.ticket_messages(ticket.number) if message.side == "merchant"]
    words = [*ticket.words, *messages]
    return words[-1] if words else ""


# Correcting and taking back


@refused_in_modal
def correct_form(unit: UnitOfWork, message_id: int, _response_url: str | None) -> View | None:
    """The modal with the message's text, or why the user may not change it."""
    ticket, message = _changeable(unit, message_id)
    name = unit.name_of(ticket.merchant_id)
    return blocks.correct_view(unit.texts, message_id, merchant=name, text=message.text)


def correct(unit: UnitOfWork, message_id: int, raw: Raw) -> View | None:
    """Replace a sent message, marked as corrected. The merchant gets a notice, because Slack shows none for an edit."""
    text = redacted(unit, unit.config.support_language, _entered_text(raw))
    try:
        ticket, message = _changeable(unit, message_id)
    except TooLate as late:
        return _refused(unit, late, text)
    if not text:
        return _empty(unit, raw)
    if text != message.text:
        replace_text(unit, ticket, message, text)
    return None


def replace_text(unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage, text: str) -> None:
    """Replace the text of a sent message, as above."""
    changed = replace(message, text=text, state="corrected")
    unit.tx.save_ticket_message(changed)
    ticket_card.add_event(unit, ticket, "correct", detail={"message": message.id}, words=text)
    texts, author = unit.texts_for(ticket.merchant_id), unit.name_of(message.author_id)
    first = message.key == ticket.talk_key
    content = blocks.to_merchant(texts, author, ticket.number, text, first=first, corrected=True)
    unit.update(str(message.key), ticket.direct_message, content)
    notice = blocks.line(texts, "told_corrected", agent=unit.user.name)
    post_to_merchant(unit, ticket, notice, in_thread_only=True)
    refresh_copy(unit, ticket, changed)


@refused_in_modal
def take_back(unit: UnitOfWork, message_id: int, response_url: str | None) -> None:
    """Replace a sent message by a sentence that it was taken back; support still sees its text."""
    ticket, message = _changeable(unit, message_id)
    withdraw(unit, ticket, message, response_url)


def withdraw(unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage, response_url: str | None = None) -> None:
    """Take a sent message back, as above."""
    changed = replace(message, state="taken_back")
    unit.tx.save_ticket_message(changed)
    ticket_card.add_event(unit, ticket, "take_back", detail={"message": message.id})
    content = blocks.taken_back(unit.texts_for(ticket.merchant_id), unit.user.name)
    unit.update(str(message.key), ticket.direct_message, content)
    refresh_copy(unit, ticket, changed, response_url)


def _changeable(unit: UnitOfWork, message_id: int) -> tuple[TicketRecord, TicketMessage]:
    """The message and its ticket, if the user wrote the message or owns the ticket. Raises `TooLate`."""
    message = unit.tx.ticket_message(message_id)
    ticket = unit.tx.ticket(message.number) if message is not None else None
    if not unit.user.is_agent or (ticket is not None and ticket.team_id != unit.user.team_id):
        raise TooLate("answers.agents_only")
    if message is None or ticket is None or message.side != "agent" or message.key is None:
        raise TooLate("talk.late.message_gone")
    if ticket.state == "closed":
        raise TooLate("talk.late.over", ticket=ticket.number)
    if unit.user.user_id not in {message.author_id, ticket.claimed_by}:
        raise TooLate("talk.late.not_owner", ticket=ticket.number, agent=unit.name_of(message.author_id))
    if message.state == "taken_back":
        raise TooLate("talk.late.message_gone")
    return ticket, message


def refresh_copy(
    unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage, response_url: str | None = None
) -> None:
    """Update the copy in the thread to the present message."""
    if message.note_key is not None:
        copy = support_copy(unit, ticket, message)
        unit.update(message.note_key, unit.support_channel, copy, response_url=response_url)


def support_copy(unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage) -> dict[str, Any]:
    """The copy of an agent's message in the ticket's thread, with its buttons."""
    agent, merchant = unit.name_of(message.author_id), unit.name_of(ticket.merchant_id)
    why = awaited.undelivered(unit.tx, message, unit.now)
    return blocks.sent_copy(unit.support_texts, message.id, agent, merchant, message.text, message.state, why)


# What both directions need


def post_to_merchant(
    unit: UnitOfWork, ticket: TicketRecord, content: Content, *, key: str = "", in_thread_only: bool = False
) -> str:
    """Post to the merchant, in the thread of their conversation with support if there is one; the row's key."""
    if ticket.talk_key is not None and not in_thread_only:
        content = {**content, "reply_broadcast": True}
    return unit.post(ticket.direct_message, content, key=key, thread=ticket.talk_key)


def redacted(unit: UnitOfWork, language: Any, text: str) -> str:
    """What a person wrote, without secrets: fit to be stored and passed on."""
    return unit.config.reader(language).error_text(text.strip())


def _refused(unit: UnitOfWork, late: TooLate, text: str) -> View:
    """The modal's replacement: why nothing was sent, and the text that was entered."""
    sentence = say(unit.texts, late.key, **late.values)
    return {"response_action": "update", "view": blocks.not_sent_view(unit.texts, sentence, text or "…")}


def _empty(unit: UnitOfWork, raw: Raw) -> View:
    return {"response_action": "errors", "errors": {_field(raw): unit.texts.say("talk.answer.empty")}}


def _entered_text(raw: Raw) -> str:
    text = raw.get(_field(raw), "")
    return text.strip() if isinstance(text, str) else ""


def _field(raw: Raw) -> str:
    return next((name for name in raw if name.startswith(f"{TEXT}.")), f"{TEXT}.0")


def _macro(unit: UnitOfWork, ticket: TicketRecord, name: str) -> str | None:
    """The text of a macro in the merchant's language."""
    own = {macro.name: text for macro, text in templates.offered(unit, ticket)}
    return own[name] if name in own else _guide_macro(unit, ticket, name)


def _guide_macro(unit: UnitOfWork, ticket: TicketRecord, name: str) -> str | None:
    texts = unit.texts_about(ticket, unit.language_of(ticket.merchant_id))
    here = name == f"category.{ticket.category}" and evidence.is_explained(unit, ticket)
    answer = evidence.answer_key(unit, ticket) if here else ""
    return macro_text(texts, unit.procedure_of(ticket).tickets, name, answer)


def _macro_texts(unit: UnitOfWork, ticket: TicketRecord) -> set[str]:
    names = macro_names(unit.procedure_of(ticket).tickets)
    own = {text for _, text in templates.offered(unit, ticket)}
    return own | {text for name in names if (text := _guide_macro(unit, ticket, name)) is not None}
