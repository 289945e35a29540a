"""Plans to look whether what people are told about has arrived. `bot/services/deliveries.py` looks.

A look is a scheduled job in the store, so no kill and no restart loses it.
"""

from datetime import datetime, timedelta

from bot.blocks.talk import Undelivered
from bot.store.models import TicketMessage, TicketRecord
from bot.store.protocol import Transaction

CARD = "arrived:"
"""Prefix of the job about a ticket's card. Its number follows and, after a colon, the key of a receipt if there is one:
a message outside a walk that is to say when the card has arrived."""
URGENT = "urgent:"
"""Prefix of the job that looks whether a ticket is urgent and not in the channel yet; its number follows."""
DIRECT = "direct:"
"""Prefix of the job that lets agents know of such a ticket by direct message."""
URGENT_AFTER = timedelta(minutes=2)
ANSWER = "answer:"
"""Prefix of the job about an agent's message. Its ID follows and, after a colon, why its copy in the ticket's thread
says that it has not arrived, if it does."""
_FIRST, LONGEST, RARELY = timedelta(seconds=1), timedelta(seconds=30), timedelta(minutes=5)
"""Between two looks, the more the longer it takes; rarely at what only an operator can still send."""

LATE = timedelta(minutes=2)
"""A message that has not reached its merchant by then is marked in the ticket's thread and on its card."""
_GONE = frozenset({"user_disabled", "user_not_found", "user_not_visible", "account_inactive"})
_CLOSED = frozenset(
    {"channel_not_found", "is_archived", "messages_tab_disabled", "not_in_channel", "restricted_action"}
)
"""Slack's error codes for a message to a person who is not there any more, or cannot be written to."""


def card_arrived(tx: Transaction, ticket: TicketRecord, now: datetime, receipt: str = "") -> bool:
    """Whether the ticket's card is in the support channel.

    If not, it is looked for until it is; then the merchant's step, their Home tab, or the message of the key `receipt`
    says so. Of an urgent ticket the agents are told in another way after `URGENT_AFTER`.
    """
    if tx.address(ticket.card_key) is not None:
        return True
    for name, after in ((f"{CARD}{ticket.number}:{receipt}", _FIRST), (f"{URGENT}{ticket.number}", URGENT_AFTER)):
        if tx.job_due_at(name) is None:
            tx.schedule_job(name, now + after)
    return False


def plan_answer(tx: Transaction, message_id: int, now: datetime) -> None:
    """Look whether the agent's message reaches its merchant; its copy shows when it does not."""
    tx.schedule_job(f"{ANSWER}{message_id}:", now + _FIRST)


def undelivered(tx: Transaction, message: TicketMessage, now: datetime) -> Undelivered:
    """Whether an agent's message has failed to reach the merchant, or is late, as support sees it."""
    row = tx.row(str(message.key))
    if row is None or row.state == "delivered" or message.state == "taken_back":
        return Undelivered()
    error = row.error or ""
    if row.state in {"dead", "dropped"}:
        code = error.rpartition(": ")[2]
        return Undelivered("gone" if code in _GONE else "closed" if code in _CLOSED else "refused", error)
    return Undelivered("waiting" if now - row.created_at >= LATE else "", error)


def look_again(tx: Transaction, name: str, now: datetime, since: datetime, longest: timedelta = LONGEST) -> None:
    """Plan the next look of the job `name` at something that has been on its way since then."""
    tx.schedule_job(name, now + min(max(_FIRST, (now - since) / 4), longest))
