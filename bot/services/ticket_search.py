"""Finds tickets, also those that are over: by number, person, words, category, state, and whose they are."""

import re
from collections.abc import Callable

from bot.services import ticket_lists
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord
from conversations.engine.formatter import Formatter
from conversations.ticket.chart import OVER
from conversations.ticket.models import TicketState
from conversations.ticket.progress import named_step

Test = Callable[[TicketRecord], bool]
_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>|(\S+)", re.ASCII)
_STATES: dict[str, frozenset[TicketState]] = {
    **dict.fromkeys(("open", "offen", "offene"), ticket_lists.OPEN),
    **dict.fromkeys(("new", "neu", "neue"), frozenset[TicketState]({"open"})),
    **dict.fromkeys(("waiting", "wartend", "wartende"), frozenset[TicketState]({"waiting_for_merchant"})),
    **dict.fromkeys(("postponed", "zurückgestellt", "zurückgestellte"), frozenset[TicketState]({"postponed"})),
    **dict.fromkeys(("resolved", "gelöst", "gelöste"), frozenset[TicketState]({"resolved"})),
    **dict.fromkeys(("closed", "geschlossen", "geschlossene"), frozenset[TicketState]({"closed"})),
}
MINE, OLD = frozenset({"mine", "meine"}), frozenset({"old", "alt", "alte"})


def found(unit: UnitOfWork, query: str) -> list[TicketRecord]:
    """The tickets of the user's workspace that fit every word of `query`, the most urgent first, then what is over.

    A number finds its ticket, however old; for all else the newest `ticket_lists.MOST` are looked at.
    """
    number = query.strip().lstrip("#")
    if number.isascii() and number.isdecimal():
        ticket = unit.tx.ticket(int(number[:18]))
        return [ticket] if ticket is not None and ticket.team_id == unit.user.team_id else []
    tests = [_test(unit, mention, word.casefold()) for mention, word in _MENTION.findall(query)]
    tickets = unit.tx.tickets(team_id=unit.user.team_id, limit=ticket_lists.MOST)
    fitting = [ticket for ticket in tickets if all(test(ticket) for test in tests)]
    under_way = sorted((ticket for ticket in fitting if ticket.state not in OVER), key=ticket_lists.urgency)
    return [*under_way, *(ticket for ticket in fitting if ticket.state in OVER)]


def _test(unit: UnitOfWork, mention: str, word: str) -> Test:
    if mention:
        return lambda ticket: mention in {ticket.merchant_id, ticket.claimed_by}
    if word in MINE:
        return lambda ticket: ticket.claimed_by == unit.user.user_id
    if word in OLD:
        return lambda ticket: ticket_lists.is_old(unit, ticket)
    if word in _STATES:
        return lambda ticket: ticket.state in _STATES[word]
    return lambda ticket: word in _words(unit, ticket)


def _words(unit: UnitOfWork, ticket: TicketRecord) -> str:
    """Everything by which people remember a ticket, in lower case."""
    record, texts = unit.walk_of(ticket), unit.texts_about(ticket)
    parts = [str(ticket.number), ticket.priority, ticket.category, ticket_lists.category(texts, ticket)]
    parts += [unit.name_of(person) for person in (ticket.merchant_id, ticket.claimed_by) if person is not None]
    parts += [*ticket.words, *(message.text for message in unit.tx.ticket_messages(ticket.number))]
    if record is not None:
        parts += [record.for_name, named_step(Formatter(texts), unit.procedure_of(record), record.step)]
    return "\n".join(parts).casefold()
