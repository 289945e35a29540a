"""Which picture belongs to each step, and what is written into it."""

from conversations.engine.pictures import Illustration, Pictures
from conversations.sp_api.facts import SpApiFacts
from conversations.sp_api.settings import SpApiSettings
from conversations.sp_api.steps import AMAZON, CONNECT

LABELS = (
    # of Speed4Trade CONNECT, which is German in both languages
    "settings_connect", "accounts_and_access", "amazon", "key_set", "token_connect", "seller_token", "marketplace",
    "refresh_token", "authorize", "save", "reports_button", "fetch_start",
    # of Amazon
    "primary_user", "consent", "confirm_english",
    # captions
    "first_try", "may_fail", "second_try", "before_closing", "after_opening", "country", "only_if_asked", "empty",
    "signed_out",
)  # fmt: skip
"""The labels in the pictures, by code; their texts are `pictures.labels.<code>`."""

BY_STEP: dict[str, str | None] = {
    "before_authorizing": None,  # asked by the bot, on no screen
    "accounts_mask": "open_accounts",
    "which_screen": "two_screens",
    "field_before": "field_before",
    "connect_accounts": "all_accounts",
    "seller_tokens": "same_seller",
    "ready_to_authorize": "signed_out",
    "check_entry": "check_entry",
    "differing_entry": "check_entry",
    "press_button": "press_button",
    "sign_in_amazon": "sign_in",
    "give_consent": "consent",
    "look_at_field": "field_filled",
    "look_again": "reopened",
    "save_if_asked": "save_if_asked",
    "order_reports": "order_reports",
    "fetch_start": "fetch_start",
    "further_entry": "further_entry",
    "first_fetch": "first_fetch",
    "second_fetch": "second_fetch",
    "next_entry": "accounts_left",
    "with_support": None,  # support's turn
    "done": None,
    "cancelled": None,
    "transferred": None,
}
"""The picture of each step; `None` for a step that happens on no screen."""

NAMES = (*dict.fromkeys(name for name in BY_STEP.values() if name is not None), "accounts_working")
"""Every picture; `<name>.svg` is its drawing, `pictures.alt.<name>` its alternative text."""


def picture_of(step: str, facts: SpApiFacts, _settings: SpApiSettings) -> Illustration | None:
    """The picture of `step`. In a renewal a filled field proves nothing, so the screen is shown closed and reopened."""
    name = BY_STEP[step]
    if name is None:
        return None
    if step == "look_at_field" and facts.renewal:
        return Illustration("reopened")
    if step == "next_entry" and not facts.left:
        return Illustration("accounts_working")
    return Illustration(name)


PICTURES: Pictures[SpApiFacts, SpApiSettings] = Pictures(
    package="conversations.sp_api", names=NAMES, by_step=BY_STEP, of=picture_of, labels=LABELS,
    places=(CONNECT, AMAZON), constants={"product": "Speed4Trade CONNECT"}, beforehand=lambda _settings: [SpApiFacts()],
)  # fmt: skip
