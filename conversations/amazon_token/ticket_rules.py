"""Tickets about this procedure: what files them, and how urgent they are.

P1: no account works, P2: some do not, P3: a question.
"""

from conversations.amazon_token import ticket_sections
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.triage import VENDOR_ONLY, Category, is_error_message, triage
from conversations.engine.answers import Raw
from conversations.engine.priority import Priority
from conversations.engine.procedure import TicketEffect, TicketRules
from conversations.engine.walk_state import WalkState

SECOND_FAILURE = "second_failure"
OWN_ANSWERS = (
    Category.vendor_keys, Category.developer_not_eligible, Category.secret_exposed, Category.unknown,
)  # fmt: skip
"""Categories whose first answer tells the merchant to ask support, so that agents need another text."""
_FAILURES_FOR_SUPPORT = 2
_WORKING_AGAIN = frozenset({"done", "old_access_restored"})


def _effect(step: str, event: str) -> TicketEffect | None:
    if event == "fetch_failed" and step == "second_fetch":
        return "file"
    return "add" if event == "describe_failure" else None


def _description(facts: Facts, text: str) -> Raw:
    return {"accounts": list(facts.failed_accounts), "error_text": text}


def priority(walk: WalkState[Facts] | None, reason: str) -> Priority:
    """The priority that follows from `walk`. A second failure without named accounts concerns all of them."""
    if walk is None:
        return "P1" if reason == SECOND_FAILURE else "P3"
    if walk.step in _WORKING_AGAIN:
        return "P3"
    facts = walk.facts
    failing = _is_failing(facts, reason)
    if failing and not facts.failed_accounts:
        return "P1"
    down = {account.name for account in facts.left} if facts.in_danger_zone else set[str]()
    if failing:
        down |= set(facts.failed_accounts)
    if not down:
        return "P3"
    return "P1" if all(account.name in down for account in facts.accounts) else "P2"


def _is_failing(facts: Facts, reason: str) -> bool:
    if facts.fetches and facts.fetches[-1].worked:
        return False
    failed = sum(not fetch.worked for fetch in facts.fetches)
    return reason == SECOND_FAILURE or failed >= _FAILURES_FOR_SUPPORT


TICKETS: TicketRules[Facts, TokenSettings] = TicketRules(
    effect=_effect, reason=SECOND_FAILURE, describe="describe_failure", description=_description,
    error_texts=lambda facts: facts.error_texts, priority=priority, categories=tuple(map(str, Category)), triage=triage,
    is_error_message=is_error_message, vendor_only=VENDOR_ONLY, own_answers=OWN_ANSWERS,
    sections=ticket_sections.sections, timeline=("fetches", "connect", "amazon", "tokens"),
    check_first=ticket_sections.check_first,
)  # fmt: skip
