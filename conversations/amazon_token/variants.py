"""Which variant of a step's text applies, and the values of its placeholders."""

from conversations.amazon_token.checks import MINIMUM_VERSION
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.policy import DEVELOPER_NAME, Policy

VARIANTS: dict[str, tuple[str, ...]] = {
    "briefing": ("notice", "plain"),
    "authorize_developer": ("documented", "configured", "handbook"),
    "seller_id": ("first", "further"),
    "token": ("first", "further"),
    "save": ("alternativ", "unchanged"),
    "next_account": ("left", "complete"),
    "second_fetch": ("wait", "at_once"),
    "with_support": ("promised", "plain", "described"),
    "cancelled": ("orders_paused", "plain"),
}
"""Steps whose text depends on the facts or the policy, and their variants; every other step has one text."""

SUPPLIED: dict[str, frozenset[str]] = {
    "briefing": frozenset({"minimum"}),
    "connect_version": frozenset({"minimum"}),
    "update_required": frozenset({"minimum", "version"}),
    "authorize_developer": frozenset({"developer_name", "developer_id"}),
    "next_account": frozenset({"saved", "left", "total"}),
    "second_fetch": frozenset({"wait_minutes"}),
    "with_support": frozenset({"ticket", "answer_minutes"}),
}
"""The placeholders that each step's text may name."""


def text_key(step: str, facts: Facts, policy: Policy) -> str:
    """The key of the instruction for `step` that applies to these facts."""
    if step not in VARIANTS:
        return f"steps.{step}.text"
    return f"steps.{step}.text.{_variant(step, facts, policy)}"


def _variant(step: str, facts: Facts, policy: Policy) -> str:
    if step == "authorize_developer":
        return id_source(facts)
    if step == "with_support" and facts.error_texts:
        return "described"
    first_of_two = {
        "briefing": policy.mws_notice,
        "seller_id": not facts.saved,
        "token": not facts.saved,
        "save": facts.key_set == "alternativ" and facts.region == "europe",
        "next_account": bool(facts.left),
        "second_fetch": policy.fetch_wait_minutes > 0,
        "with_support": policy.answer_minutes is not None,
        "cancelled": facts.in_danger_zone,
    }
    return VARIANTS[step][0 if first_of_two[step] else 1]


def id_source(facts: Facts) -> str:
    """Where the developer ID of this walk comes from: "documented", "configured" or "handbook"."""
    if facts.handbook_developer_id is not None:
        return "handbook"
    return "documented" if (facts.region, facts.key_set) == ("europe", "alternativ") else "configured"


def given_developer_id(facts: Facts, policy: Policy) -> str | None:
    """The developer ID that may be shown to this merchant, or `None`. Steps, pictures and tickets use the same."""
    return facts.handbook_developer_id or policy.developer_id(facts.region, facts.key_set)


def values(step: str, facts: Facts, policy: Policy, ticket: int | None = None) -> dict[str, object]:
    """The values of the placeholders in the text of `step`; only the step that shows the developer ID gets it."""
    supplied: dict[str, object] = {
        "minimum": MINIMUM_VERSION,
        "version": facts.version,
        "developer_name": DEVELOPER_NAME,
        "developer_id": given_developer_id(facts, policy) if step == "authorize_developer" else None,
        "saved": len(facts.saved),
        "left": len(facts.left),
        "total": len(facts.accounts),
        "wait_minutes": policy.fetch_wait_minutes,
        "ticket": ticket,
        "answer_minutes": policy.answer_minutes,
    }
    return {name: supplied[name] for name in SUPPLIED.get(step, ())}
