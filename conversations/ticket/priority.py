"""How urgent a ticket is: P1 no account works, P2 some do not, P3 a question."""

from conversations.amazon_token.facts import Facts
from conversations.ticket.models import Priority, TicketReason

_FAILURES_FOR_SUPPORT = 2
_WORKING_AGAIN = frozenset({"done", "reverted"})


def priority(facts: Facts | None, reason: TicketReason) -> Priority:
    """The priority that follows from `facts`. A second failure without named accounts concerns all of them."""
    if facts is None:
        return "P1" if reason == "second_failure" else "P3"
    if facts.step in _WORKING_AGAIN:
        return "P3"
    failing = _is_failing(facts, reason)
    if failing and not facts.failed_accounts:
        return "P1"
    down = {account.name for account in facts.left} if facts.in_danger_zone else set[str]()
    if failing:
        down |= set(facts.failed_accounts)
    if not down:
        return "P3"
    return "P1" if all(account.name in down for account in facts.accounts) else "P2"


def higher(first: Priority, second: Priority) -> Priority:
    """The more urgent of two: news may raise the priority of a ticket and never lowers it."""
    return min(first, second)


def _is_failing(facts: Facts, reason: TicketReason) -> bool:
    if facts.fetches and facts.fetches[-1].worked:
        return False
    failed = sum(not fetch.worked for fetch in facts.fetches)
    return reason == "second_failure" or failed >= _FAILURES_FOR_SUPPORT
