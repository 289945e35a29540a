"""What becomes of tickets when an agent leaves the support channel, or somebody's account in Slack is deactivated."""

from bot.blocks import entry_messages
from bot.blocks import tickets as blocks
from bot.services import home_tab, ticket_card
from bot.services.ticket_lists import OPEN
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED

_GONE = "merchant_gone"
_MOST = 400
"""As many numbers fit into one message; the next look releases the rest."""


def left_channel(unit: UnitOfWork, channel: str) -> None:
    """The user has left a channel; if it is the support channel they are no agent any more."""
    if channel == unit.config.support_channel:
        home_tab.left_channel(unit, channel)
        _release_tickets(unit)


def deactivated(unit: UnitOfWork, team_id: str, user_id: str) -> None:
    """Somebody is deactivated in Slack: their tickets as an agent are free, and nobody reads answers to them."""
    _release_tickets(unit.acting_for(team_id, user_id))
    unit = unit.acting_for(team_id, "")
    for ticket in unit.tx.tickets(team_id=team_id, merchant_id=user_id, states=OPEN):
        if all(event.name != _GONE for event in unit.tx.ticket_events(ticket.number)):
            ticket_card.add_event(unit, ticket, _GONE)
            line = blocks.in_thread(unit.support_texts, f"ticket.thread.{_GONE}", name=unit.name_of(user_id))
            ticket_card.post_in_thread(unit, ticket, line)


def release_from_others(unit: UnitOfWork, members: frozenset[str]) -> None:
    """Release the tickets of everybody who is not among the `members` of the support channel.

    They left while the bot was away, or a merchant has reopened a ticket of theirs since.
    """
    owners = {
        (ticket.team_id, ticket.claimed_by)
        for ticket in unit.tx.tickets(states=OPEN, limit=_MOST)
        if ticket.claimed_by is not None and not ticket.claimed_by.startswith(ERASED)
    }
    for team_id, owner in sorted(owners):
        if owner not in members:
            _release_tickets(unit.acting_for(team_id, owner))


def _release_tickets(unit: UnitOfWork) -> None:
    """Release the open tickets that the user owns; the channel reads which."""
    user = unit.user
    owned = unit.tx.tickets(team_id=user.team_id, claimed_by=user.user_id, states=OPEN, limit=_MOST)
    for ticket in owned:
        ticket_card.transition(unit, ticket, "release", claimed_by=None, claimed_at=None)
    if owned:
        numbers = ", ".join(str(number) for number in sorted(ticket.number for ticket in owned))
        content = entry_messages.paragraph(unit.support_texts, "ticket.owner_left", agent=user.name, tickets=numbers)
        unit.post(unit.support_channel, content)
