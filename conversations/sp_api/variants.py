"""Which variant of a step's text applies, and the values of its placeholders."""

from conversations.sp_api.facts import SpApiFacts
from conversations.sp_api.settings import SpApiSettings


def variant(step: str, facts: SpApiFacts, settings: SpApiSettings) -> str:
    """The variant of the text of `step` that applies to these facts."""
    one = len(facts.accounts) == 1
    kind = "renewal" if facts.renewal else "first"
    promise = "plain" if settings.answer_minutes is None else "promised"
    return {
        "seller_tokens": "all_open" if len(facts.ungrouped) == len(facts.accounts) else "next_open",
        "ready_to_authorize": "stopped" if facts.orders_arriving is False else "arriving_one" if one else "arriving",
        "look_at_field": kind,
        "further_entry": kind,
        "next_entry": "left" if facts.left else "complete_one" if one else "complete",
        "with_support": "described" if facts.error_texts else promise,
        "cancelled": "authorized" if facts.authorized else "unchanged",
    }[step]


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
