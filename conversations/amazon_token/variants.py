"""Which variant of a step's text applies, and the values of its placeholders."""

from conversations.amazon_token.checks import MINIMUM_VERSION
from conversations.amazon_token.developer_ids import DEVELOPER_NAME
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.settings import TokenSettings, given_developer_id
from conversations.amazon_token.steps import STEPS


def variant(step: str, facts: Facts, settings: TokenSettings) -> str:
    """The variant of the text of `step` that applies to these facts."""
    if step == "authorize_developer":
        return id_source(facts)
    if step == "with_support" and facts.error_texts:
        return "described"
    first_of_two = {
        "before_start": settings.mws_notice,
        "newer_mask": facts.mask == "sp_api",
        "check_seller_id": not facts.saved,
        "new_token": not facts.saved,
        "save_account": facts.key_set == "alternativ" and facts.region == "europe",
        "next_account": bool(facts.left),
        "further_account": facts.changes_key_set,
        "second_fetch": settings.fetch_wait_minutes > 0,
        "with_support": settings.answer_minutes is not None,
        "cancelled": facts.in_danger_zone,
    }
    return STEPS[step].variants[0 if first_of_two[step] else 1]


def id_source(facts: Facts) -> str:
    """Where the developer ID of this walk comes from: "documented", "configured" or "handbook"."""
    if facts.handbook_developer_id is not None:
        return "handbook"
    return "documented" if (facts.region, facts.key_set) == ("europe", "alternativ") else "configured"


def values(step: str, facts: Facts, settings: TokenSettings) -> dict[str, object]:
    """The values of placeholders; only the step that shows the developer ID gets it."""
    return {
        "minimum": MINIMUM_VERSION,
        "version": facts.version,
        "developer_name": DEVELOPER_NAME,
        "developer_id": given_developer_id(facts, settings) if step == "authorize_developer" else None,
        "saved": len(facts.saved),
        "left": len(facts.left),
        "total": len(facts.accounts),
        "wait_minutes": settings.fetch_wait_minutes,
        "answer_minutes": settings.answer_minutes,
    }
