"""The texts of the figures: what agents read on request and once a week, beside the picture and in it."""

from conversations.engine.texts import Text, Tree


def _texts(*keys: str, placeholders: str = "", limit: int = 300) -> dict[str, Text]:
    return dict.fromkeys(keys, Text(frozenset(placeholders.split()), limit))


STAGES = (
    "briefing", "connect_version", "account_mask", "accounts", "backup_token", "seller_central", "disable_access",
    "authorize_developer", "token", "first_fetch", "done",
)  # fmt: skip
"""The steps of which the funnel tells how many came there."""
KINDS = ("left", "support", "where", "back", "refused")
"""What counts as trouble at a step, in the order shown."""
TOKEN_REASONS = (
    "empty", "too_long", "not_a_token", "wrong_length", "not_hexadecimal", "look_alike", "missing_hyphens",
    "missing_prefix", "masked", "two_tokens", "example_token", "other_credential", "foreign_digits", "same_as_old",
)  # fmt: skip

FIGURES: Tree = {
    **_texts("day", placeholders="day month year", limit=40),
    **_texts("title", placeholders="first last", limit=48),
    **_texts("subtitle", placeholders="started done left under_way", limit=90),
    **_texts("funnel_title", "trouble_title", limit=60),
    **_texts("share", placeholders="count percent", limit=40),
    **_texts("stage_line", placeholders="label shown", limit=200),
    **_texts("trouble_line", placeholders="label parts", limit=400),
    **_texts("part", placeholders="kind count", limit=100),
    "stages": _texts(*STAGES, limit=60),
    "kinds": _texts(*KINDS, limit=34),
    **_texts("fetches", placeholders="first_worked first_asked second_worked second_asked"),
    **_texts("tokens", placeholders="count reasons", limit=600),
    "reasons": _texts(*TOKEN_REASONS, limit=60),
    **_texts("reason", placeholders="reason count", limit=100),
    **_texts("tickets", placeholders="count categories", limit=600),
    **_texts("answered", placeholders="median lower upper"),
    **_texts("nothing", placeholders="first last"),
    **_texts("file", placeholders="file", limit=120),
    **_texts("alt", placeholders="title funnel trouble", limit=200),
    **_texts("coming", "coming_channel", limit=200),
    **_texts("unknown", placeholders="command", limit=200),
}
