"""A merchant's pictures: passed on to support only after they have said that no token is visible in them.

Here and in the outbox a picture is the ID of its file in Slack; its bytes are fetched when it is sent and kept nowhere.
"""

from bot.blocks import screenshots as blocks
from bot.blocks.actions import Pictures
from bot.desk import cards, casework, hearing
from bot.desk.hearing import Said
from bot.desk.unit import Unit
from bot.store.records import TicketMessage, TicketRecord
from conversations.ticket.case import Mention

MOST_AT_ONCE = 10
"""Slack lets ten files stand in one message."""


def ask(unit: Unit, ticket: TicketRecord, said: Said) -> None:
    """Before anything is passed on: is a token visible? What is no picture is told to stay where it is."""
    guide = unit.guide_for(ticket.merchant_id)
    pictures = [file for file in said.files if file.is_picture][:MOST_AT_ONCE]
    if pictures:
        key = unit.house.new_key()
        question = Pictures(ticket.number, key, tuple(file.name for file in pictures))
        hearing.reply(unit, ticket, said, blocks.question(guide, question), key=key)
    if len(pictures) < len(said.files):
        hearing.reply(unit, ticket, said, blocks.line(guide, "not_a_picture"))


def pass_on(unit: Unit, question: Pictures, response_url: str | None) -> None:
    """„Nein, nichts davon“: support gets the pictures, each once, however often the button is pressed."""
    ticket = casework.mine(unit, question.number, response_url)
    if ticket is None:
        return
    known = {message.source for message in unit.tx.ticket_messages(ticket.number)}
    new = [name for name in question.files if _source(name) not in known]
    if new:
        ticket, first = hearing.turn(unit, ticket, unit.support_guide.say("mirror.pictures"))
        for position, name in enumerate(new):
            _pass_on(unit, ticket, name, ping=first and position == 0)
    _close_question(unit, ticket, question, "passed_on", response_url)


def hold_back(unit: Unit, question: Pictures, response_url: str | None) -> None:
    """„Ja, oder unsicher“: nothing is passed on, and how to cover a token."""
    ticket = casework.mine(unit, question.number, response_url)
    if ticket is not None:
        _close_question(unit, ticket, question, "held_back", response_url)


def _source(name: str) -> str:
    return f"file:{name.partition('.')[0]}"


def _pass_on(unit: Unit, ticket: TicketRecord, name: str, *, ping: bool) -> None:
    file_id, _, kind = name.partition(".")
    guide, key = unit.support_guide, unit.house.new_key()
    unit.tx.add_ticket_message(
        TicketMessage(
            number=ticket.number, side="merchant", author_id=unit.caller.user_id, at=unit.now,
            text=guide.say("talk.screenshots.in_history"), key=key, source=_source(name),
        )
    )  # fmt: skip
    filename = f"ticket-{ticket.number}-{key[:8]}.{kind}"
    owner = Mention(ticket.claimed_by) if ping and ticket.claimed_by is not None else None
    content = blocks.passed_on(guide, unit.name_of(ticket.merchant_id), file_id, filename, owner)
    unit.pass_on(unit.house.support_channel, content, key=key, thread=ticket.card_key)


def _close_question(
    unit: Unit, ticket: TicketRecord, question: Pictures, answer: str, response_url: str | None
) -> None:
    guide = unit.guide_for(ticket.merchant_id)
    unit.update(question.key, ticket.merchant_id, blocks.line(guide, answer), response_url=response_url)
    cards.note(unit, ticket, f"picture_{answer}", detail={"pictures": len(question.files)})
