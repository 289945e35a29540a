"""When support is there, and until when it owes an answer: what a merchant is told of its times."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.blocks.kit import say
from bot.services.context import SupportConfig
from bot.store.models import TicketEvent, TicketRecord
from bot.store.protocol import Transaction
from conversations.engine.texts import Texts
from conversations.ticket.business_hours import BusinessHours
from conversations.ticket.sla import TicketAct

_MOMENT = timedelta(microseconds=1)


def hours_line(texts: Texts, hours: BusinessHours, now: datetime) -> str:
    """Until when support is there and when again; or from when it is, and the question whether to begin (mrkdwn).

    The message may be read days later. So it names moments, which Slack shows as the reader's "today" or "yesterday".
    """
    opens = hours.next_open(now)
    if opens > now:
        return say(texts, "frame.support_away", at=opens)
    closes = hours.closes(now)
    return say(texts, "frame.support_there", at=closes, again=hours.next_open(closes + _MOMENT))


def answer_by(tx: Transaction, support: SupportConfig, ticket: TicketRecord, now: datetime) -> datetime | None:
    """Until when the merchant can expect an answer; `None` when none is owed, or when it is late already."""
    due = support.sla.answer_due(history(tx, ticket), ticket.priority)
    return due if due is not None and due > now else None


def history(tx: Transaction, ticket: TicketRecord) -> Sequence[TicketAct]:
    """The ticket's history. One from before histories were kept began when it was opened.

    So does one into which an older ticket was merged.
    """
    events = [
        TicketAct(
            event.at, event.name, event.next_state, by_itself=not event.actor_id,
            also=frozenset(event.detail.get("also", ())), until=_moment(event, "until"),
            since=_moment(event, "since"), told=_moment(event, "told"),
        )
        for event in tx.ticket_events(ticket.number)
    ] or [TicketAct(ticket.opened_at, "file", "open")]  # fmt: skip
    events[0] = replace(events[0], at=min(events[0].at, ticket.opened_at))
    if events[-1].state != ticket.state:
        events.append(TicketAct(ticket.waiting_since or ticket.opened_at, ticket.state, ticket.state))
    return events


def _moment(event: TicketEvent, name: str) -> datetime | None:
    value = event.detail.get(name)
    return datetime.fromisoformat(value) if isinstance(value, str) else None
