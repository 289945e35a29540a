"""Tickets about this procedure: what files them, and how urgent they are.

P1: no account works, P2: some do not, P3: a question.
"""

from conversations.engine.answers import Raw
from conversations.engine.priority import Priority
from conversations.engine.procedure import TicketEffect, TicketRules
from conversations.engine.walk_state import WalkState
from conversations.sp_api import ticket_sections
from conversations.sp_api.facts import SpApiFacts
from conversations.sp_api.settings import SpApiSettings
from conversations.sp_api.triage import VENDOR_ONLY, Cause, is_error_message, triage

NOT_WORKING = "not_working"
"""Why the walk files a ticket by itself: a second fetch failed, or the field stays empty."""
OWN_ANSWERS = (*sorted(VENDOR_ONLY), Cause.secret_exposed, Cause.unknown)
"""Categories whose first answer tells the merchant to ask support, so that agents need another text."""


def _effect(step: str, event: str) -> TicketEffect | None:
    if (step, event) in {("second_fetch", "fetch_failed"), ("look_again", "field_empty")}:
        return "file"
    return "add" if event == "describe_failure" else None


def _description(facts: SpApiFacts, text: str) -> Raw:
    return {"accounts": list(facts.failed_accounts), "error_text": text}


def priority(walk: WalkState[SpApiFacts] | None, reason: str) -> Priority:
    """The priority that follows from `walk`: what counts is how many accounts get no orders."""
    if walk is None:
        return "P1" if reason == NOT_WORKING else "P3"
    facts = walk.facts
    if walk.step == "done" or (reason != NOT_WORKING and facts.orders_down_since is None):
        return "P3"
    return "P2" if facts.working or (reason == NOT_WORKING and _others_arrive(facts)) else "P1"


def _others_arrive(facts: SpApiFacts) -> bool:
    """Whether orders arrived at the start, and another account has not been touched yet."""
    tried = {fetch.account for fetch in facts.fetches}
    return facts.orders_arriving is True and any(account.name not in tried for account in facts.accounts)


TICKETS: TicketRules[SpApiFacts, SpApiSettings] = TicketRules(
    effect=_effect, reason=NOT_WORKING, describe="describe_failure", description=_description,
    error_texts=lambda facts: facts.error_texts, priority=priority, categories=tuple(map(str, Cause)), triage=triage,
    is_error_message=is_error_message, vendor_only=frozenset(map(str, VENDOR_ONLY)),
    own_answers=tuple(map(str, OWN_ANSWERS)), sections=ticket_sections.sections, card=ticket_sections.card,
)  # fmt: skip
