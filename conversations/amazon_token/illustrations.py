"""Which picture belongs to each step, and what is written into it."""

from collections.abc import Iterator

from conversations.amazon_token.checks import MINIMUM_VERSION
from conversations.amazon_token.developer_ids import DEVELOPER_NAME, DOCUMENTED_FOR
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.settings import TokenSettings, given_developer_id
from conversations.amazon_token.steps import CONNECT, SELLER_CENTRAL, STEPS
from conversations.amazon_token.variants import variant
from conversations.engine.pictures import Illustration, Pictures

LABELS = (
    # of Speed4Trade CONNECT, which is German in both languages
    "settings_connect", "accounts_and_access", "amazon", "key_set", "standard", "alternativ", "seller_id_connect",
    "token_connect", "save", "sp_api_token", "sp_api_button",
    # of Seller Central
    "primary_user", "settings", "user_permissions", "third_party", "visit_apps", "my_apps", "disable", "enable",
    "authorize_new", "developer_name_field", "developer_id_field", "licence", "seller_id", "new_token",
    # captions
    "first_try", "may_fail", "second_try",
)  # fmt: skip
"""The labels in the pictures, by code; their texts are `pictures.labels.<code>`."""

BY_STEP: dict[str, str | None] = {
    "before_start": None,  # asked by the bot, on no screen
    "still_receiving": None,  # the same
    "connect_version": "connect_version",
    "update_required": "connect_version",
    "account_mask": "account_mask",
    "which_mask": "which_mask",
    "newer_mask": "newer_mask",
    "account_region": "accounts",
    "current_key_set": "current_key_set",
    "no_developer_id": None,  # in the handbook, not on a screen
    "account_names": "accounts",
    "select_account": "select_account",
    "key_set": "key_set",
    "backup_token": "backup_token",
    "seller_central": "seller_central",
    "settings_menu": "settings_menu",
    "user_permissions": "user_permissions",
    "manage_apps": "manage_apps",
    "ready_to_disable": None,  # asked by the bot, on no screen
    "disable_access": "disable_access",
    "new_developer": "new_developer",
    "authorize_developer": "authorize_developer",
    "licence_terms": "licence",
    "new_credentials": "credentials",
    "check_seller_id": "seller_id",
    "differing_seller_id": "seller_id",
    "adopt_seller_id": "seller_id",
    "new_token": "token",
    "save_account": "save",
    "next_account": "next_account",
    "further_account": "select_account",
    "first_fetch": "first_fetch",
    "second_fetch": "second_fetch",
    "with_support": None,  # support's turn
    "going_back": "going_back",
    "done": None,
    "cancelled": None,
    "old_access_restored": None,
    "transferred": None,
}
"""The picture of each step; `None` for a step that happens on no screen."""

SECOND_VARIANTS = {"save": "save_unchanged", "next_account": "accounts_saved"}
"""The picture that replaces another one where the second variant of the step's text applies (`Step.variants`)."""

NAMES = (*dict.fromkeys(name for name in BY_STEP.values() if name is not None), *SECOND_VARIANTS.values())
"""Every picture; `<name>.svg` is its drawing, `pictures.alt.<name>` its alternative text."""


def picture_of(step: str, facts: Facts, settings: TokenSettings) -> Illustration | None:
    """The picture of `step`, or `None` for a step that happens on no screen.

    The developer form is drawn only where its ID may be shown (the same rule as in the step's text).
    """
    name = BY_STEP[step]
    if name is None:
        return None
    if name == "authorize_developer":
        developer_id = given_developer_id(facts, settings)
        return Illustration(name, (("developer_id", developer_id),)) if developer_id is not None else None
    if name == "connect_version":
        return Illustration(name, (("minimum", str(MINIMUM_VERSION)),))
    second = name in SECOND_VARIANTS and variant(step, facts, settings) == STEPS[step].variants[1]
    return Illustration(SECOND_VARIANTS[name] if second else name)


def _drawn_beforehand(settings: TokenSettings) -> Iterator[Facts]:
    """Of the pictures with a developer ID, those with a documented or a configured one."""
    for region, key_set in (DOCUMENTED_FOR, *(name.split(":") for name in settings.developer_ids)):
        yield Facts.model_validate({"region": region, "key_set": key_set})


PICTURES = Pictures(
    package="conversations.amazon_token", names=NAMES, by_step=BY_STEP, of=picture_of, labels=LABELS,
    places=(CONNECT, SELLER_CENTRAL), constants={"developer_name": DEVELOPER_NAME},
    alt_values={
        "connect_version": frozenset({"minimum"}), "authorize_developer": frozenset({"developer_name", "developer_id"}),
    },
    # The developer ID is made up: a real one depends on the walk.
    examples={
        "connect_version": (("minimum", str(MINIMUM_VERSION)),),
        "authorize_developer": (("developer_id", "1234-5678-9012"),),
    },
    beforehand=_drawn_beforehand,
)  # fmt: skip
