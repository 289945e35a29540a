"""Pictures that a merchant sends: nothing is passed on before they have said that no token is to be seen."""

from bot.blocks import talk as blocks
from bot.blocks.actions import SharedPictures
from bot.services import pleas, ticket_card, ticket_filing
from bot.services.merchant_messages import MerchantMessage, begins_turn, merchant_turn, reply
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketMessage, TicketRecord
from conversations.engine.formatter import Mention

MOST_AT_ONCE = 10
"""Slack's limit of files in one message."""


def ask_about_screenshots(unit: UnitOfWork, ticket: TicketRecord, said: MerchantMessage) -> None:
    """Ask whether a token is visible before any image is passed on. Other files are not passed on, which is said."""
    texts = unit.texts_for(ticket.merchant_id)
    pictures = [file for file in said.files if file.is_picture][:MOST_AT_ONCE]
    if pictures:
        key = pleas.key_for(unit, said.source, "pictures")
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
        first = begins_turn(unit, ticket)
        ticket = merchant_turn(unit, ticket, unit.support_texts.say("mirror.pictures"))
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
    detail = {"pictures": len(question.files), "key": question.key}
    ticket_card.add_event(unit, ticket, f"picture_{answer}", detail=detail)
