"""A token that a merchant sends in pieces: the last piece is removed, and those that were passed on are edited away."""

from dataclasses import replace
from datetime import timedelta

from bot.blocks import talk as blocks
from bot.services import ticket_card
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketMessage, TicketRecord
from conversations.secrets.credentials import SecretKind
from conversations.secrets.split import joined

WITHIN = timedelta(minutes=10)
MESSAGES = 3
"""So many messages of a merchant are read together, the new one included."""


def remove(
    unit: UnitOfWork, ticket: TicketRecord, messages: list[TicketMessage], text: str
) -> tuple[str, SecretKind | None]:
    """`text` as it may be passed on, and the kind of the secret that it completed with the last of `messages`.

    Nothing is kept of a piece for this: what was passed on within the time is read again where it is stored.
    """
    own = [
        message
        for message in messages
        if message.side == "merchant" and message.author_id == unit.user.user_id and unit.now - message.at <= WITHIN
    ]
    recent = own[-(MESSAGES - 1) :]
    label = unit.config.removed(unit.config.support_language)
    found = joined([*(message.text for message in recent), text], label) if recent else None
    if found is None:
        return text, None
    for message, cleaned in zip(recent, found.texts[:-1], strict=True):
        if cleaned != message.text:
            _edit(unit, ticket, message, cleaned)
    return found.texts[-1], found.kind


def _edit(unit: UnitOfWork, ticket: TicketRecord, message: TicketMessage, text: str) -> None:
    unit.tx.save_ticket_message(replace(message, text=text, state="corrected"))
    ticket_card.add_event(unit, ticket, "edit", detail={"message": message.id}, words=text)
    name = unit.name_of(ticket.merchant_id)
    content = blocks.heard_copy(unit.support_texts, ticket.number, name, text, changed=True)
    unit.update(str(message.key), unit.support_channel, content)
