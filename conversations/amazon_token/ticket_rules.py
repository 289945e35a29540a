"""Tickets about this procedure: what files them, and how urgent they are.

P1: no account works, P2: some do not, P3: a question.
"""

from collections.abc import Sequence

from conversations.amazon_token import ticket_sections
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.triage import VENDOR_ONLY, Category, Hint, diagnose, is_error_message, triage
from conversations.engine.answers import Raw
from conversations.engine.priority import Priority
from conversations.engine.procedure import TicketEffect, TicketRules
from conversations.engine.rules import answer_of
from conversations.engine.walk_state import WalkState

SECOND_FAILURE = "second_failure"
OWN_ANSWERS = (
    Category.vendor_keys, Category.developer_not_eligible, Category.secret_exposed, Category.unknown,
)  # fmt: skip
"""Categories whose first answer tells the merchant to ask support, so that agents need another text."""
_ABOUT_NEW_TOKEN = frozenset(
    {Category.token_mismatch, Category.authorization_missing, Category.token_missing, Category.partial_rollout}
)
"""Categories whose answer speaks of the new token."""
_ABOUT_KEY_SET = _ABOUT_NEW_TOKEN | {Category.developer_region, Category.access_denied, Category.version_or_mask}
"""Categories that mean something else where CONNECT is not on MWS."""
ADVICE = (
    "before_token", "without_walk", "unclassified", "sp_api", "sp_api_off",
    *(str(hint) for hint in Hint if hint not in {Hint.nothing, Hint.sp_api}),
)  # fmt: skip
"""What is said in place of a category's answer, `advice.<code>`."""
_FAILURES_FOR_SUPPORT = 2
_WORKING_AGAIN = frozenset({"done", "old_access_restored"})


def _effect(step: str, event: str) -> TicketEffect | None:
    if event == "fetch_failed" and step == "second_fetch":
        return "file"
    return "add" if event == "describe_failure" else None


def _description(facts: Facts, text: str) -> Raw:
    return {"accounts": list(facts.failed_accounts), "error_text": text}


def stops(text: str) -> bool:
    """Whether the message comes from SP-API: CONNECT is not on MWS, and nothing may be switched off for it."""
    return diagnose(text).hint is Hint.sp_api


def calls(text: str, walk: WalkState[Facts]) -> bool:
    """Whether the message comes from SP-API after the old access was switched off: nobody should be alone with that."""
    return stops(text) and walk.facts.access_off_at is not None and walk.step not in _WORKING_AGAIN


def explained(text: str) -> bool:
    """Whether the message says that the cause is no category of ours, such as the network."""
    found = diagnose(text)
    return found.category is Category.unknown and found.hint is not Hint.nothing


def answer(category: str, texts: Sequence[str], walk: WalkState[Facts] | None) -> str:
    """The key of what is said to `category`, from the newest of `texts` that has it, and from what has happened.

    Nothing is said of a new token before one is saved, and nothing of key sets where CONNECT shows none.
    """
    hint = next((found.hint for found in map(diagnose, reversed(texts)) if found.category == category), Hint.nothing)
    if hint not in {Hint.nothing, Hint.sp_api, Hint.refused}:
        return f"advice.{hint}"
    about_token = category in _ABOUT_NEW_TOKEN or hint is Hint.refused
    if walk is None:
        return _without_walk(category, hint, about_token=about_token)
    newer = walk.facts.mask == "sp_api" or walk.step == "newer_mask"
    if hint is Hint.sp_api or (newer and category in _ABOUT_KEY_SET):
        return "advice.sp_api" if walk.facts.access_off_at is None else "advice.sp_api_off"
    if about_token and not walk.facts.saved:
        return "advice.before_token"
    if category == Category.unknown and (newer or not walk.facts.saved):
        return "advice.unclassified"
    return f"advice.{hint}" if hint is Hint.refused else answer_of(category)


def _without_walk(category: str, hint: Hint, *, about_token: bool) -> str:
    if hint is Hint.sp_api:
        return "advice.sp_api"
    if category == Category.unknown:
        return "advice.unclassified"
    return "advice.without_walk" if about_token else answer_of(category)


def priority(walk: WalkState[Facts] | None, reason: str) -> Priority:
    """The priority that follows from `walk`. A second failure without named accounts concerns all of them."""
    if walk is None:
        return "P1" if reason == SECOND_FAILURE else "P3"
    if walk.step in _WORKING_AGAIN:
        return "P3"
    if any(calls(error.text, walk) for error in walk.errors):
        return "P1"
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
    sections=ticket_sections.sections, card=ticket_sections.card,
    check_first=ticket_sections.check_first, answer=answer, advice=ADVICE, explained=explained, stops=stops,
    stop="sp_api_error", calls=calls,
)  # fmt: skip
