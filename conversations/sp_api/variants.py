"""Which variant of a step's text applies, and the values of its placeholders."""

from conversations.sp_api.facts import SpApiFacts
from conversations.sp_api.settings import SpApiSettings
from conversations.sp_api.steps import STEPS


def variant(step: str, facts: SpApiFacts, settings: SpApiSettings) -> str:
    """The variant of the text of `step` that applies to these facts."""
    if step == "with_support" and facts.error_texts:
        return "described"
    first_of_two = {
        "seller_tokens": len(facts.ungrouped) == len(facts.accounts),
        "ready_to_authorize": facts.orders_arriving is not False,
        "look_at_field": not facts.renewal,
        "further_entry": not facts.renewal,
        "next_entry": bool(facts.left),
        "with_support": settings.answer_minutes is not None,
        "cancelled": facts.authorized,
    }
    return STEPS[step].variants[0 if first_of_two[step] else 1]


def values(_step: str, facts: SpApiFacts, settings: SpApiSettings) -> dict[str, object]:
    """The values of placeholders. `account` is the one of which is asked which others share its „Verkäufertoken“."""
    asked = facts.ungrouped[:1] or facts.accounts[:1]
    return {
        "account": asked[0].name if asked else "",
        "working": len(facts.working),
        "total": len(facts.accounts),
        "answer_minutes": settings.answer_minutes,
        "due": facts.due_at if facts.due_at is not None else "–",
    }
