"""How people walk through this procedure. Every value is made up."""

from collections.abc import Callable, Sequence
from random import Random

from conversations.amazon_token import plays
from conversations.amazon_token.steps import ITEMS
from conversations.engine.answers import Raw
from conversations.engine.examples import Act, Examples, MakeAnswer

_ERRORS = ("AccessDenied", "Error 401: The request signature is invalid", "Timeout while fetching", "It does not work")
_NAMES = ("Amazon DE", "Amazon FR", "Amazon IT")


def _digits(dice: Random, length: int) -> str:
    return "".join(dice.choice("0123456789abcdef") for _ in range(length))


def _token(dice: Random) -> str:
    """A token in the right format that never belonged to anybody."""
    return f"amzn.mws.{'-'.join(_digits(dice, length) for length in (8, 4, 4, 4, 12))}"


def _filled(name: str, *values: str) -> tuple[MakeAnswer, ...]:
    """For each value an answer with this one field."""
    return tuple(_always({name: value}) for value in values)


def _always(raw: Raw) -> MakeAnswer:
    return lambda _dice: raw


def _with_token(change: Callable[[str], str] = str) -> MakeAnswer:
    return lambda dice: {"token": change(_token(dice))}


def _some_names(dice: Random) -> Raw:
    return {"names": ", ".join(_NAMES[: dice.choices((1, 2, 3), (7, 2, 1))[0]])}


def _failure(dice: Random) -> Raw:
    return {"accounts": ["Amazon DE"], "error_text": dice.choice(_ERRORS)}


_TOKEN = (_with_token(),)
_BAD_TOKEN = (
    _with_token(lambda token: token[:-4]), _with_token(lambda token: f"{token}a"),
    _with_token(lambda token: token.replace("amzn.mws.", "")), _always({"token": ""}),
)  # fmt: skip
_SAME = {"connect": "A1EXAMPLE12345", "seller_central": "A1EXAMPLE12345"}


def _advancing(*steps: str) -> Sequence[Act]:
    return [Act(step, "advance") for step in steps]


WAY = (
    Act("before_start", "orders_arriving"),
    Act("still_receiving", "continue_anyway"),
    Act("connect_version", "enter_version", form="connect_version", answer=_always({"version": plays.TOO_OLD})),
    Act("update_required", "enter_version", form="connect_version", answer=_always({"version": plays.NEW_ENOUGH})),
    Act("account_mask", "advance"),
    Act("which_mask", "sees_key_set"),
    Act("account_region", "choose_region", choice="north_america"),
    Act("current_key_set", "choose_key_set", choice="standard"),
    Act(
        "no_developer_id",
        "enter_developer_id",
        form="own_developer_id",
        answer=_filled("developer_id", "1234-5678-9012")[0],
    ),
    Act("account_names", "back"),
    Act("no_developer_id", "back"),
    Act("current_key_set", "back"),
    Act(
        "account_region",
        "name_accounts",
        form="european_accounts",
        answer=_always({"marketplaces": ["Deutschland", "Frankreich"], "names": ""}),
    ),
    *_advancing("select_account", "key_set", "backup_token", "seller_central", "settings_menu", "user_permissions"),
    Act("manage_apps", "advance"),
    Act("ready_to_disable", "ready_to_go"),
    *_advancing("disable_access", "new_developer", "authorize_developer", "licence_terms", "new_credentials"),
    Act("check_seller_id", "seller_id_differs"),
    Act("differing_seller_id", "both_right"),
    Act("adopt_seller_id", "advance"),
    Act("new_token", "paste_token", form="new_token", answer=_with_token()),
    Act("save_account", "advance"),
    Act("next_account", "turn_to_next"),
    Act("further_account", "confirm_account"),
    Act("save_account", "advance"),
    Act("next_account", "all_saved"),
    Act("first_fetch", "fetch_failed"),
    Act("second_fetch", "fetch_failed"),
    Act("with_support", "restore_old_access"),
    Act("going_back", "confirm_reverted"),
)

EXAMPLES = Examples(
    answers={
        "connect_version": _filled("version", "4.9.24.4", "5.0.1.2", "4.8.1.0"),
        "own_developer_id": _filled("developer_id", "1111-2222-3333"),
        "account_names": (_some_names,),
        "european_accounts": (_some_names,),
        "more_accounts": _filled("names", "Amazon ES"),
        "old_token": _TOKEN,
        "seller_ids": (_always(_SAME),),
        "new_token": _TOKEN,
        "fetch_failure": (_failure,),
    },
    refused={
        "connect_version": _filled("version", "4.9", "", "neu"),
        "own_developer_id": _filled("developer_id", "5881-4686-6012", "12", ""),
        "account_names": _filled("names", ""),
        "european_accounts": _filled("names", ""),
        "more_accounts": _filled("names", ""),
        "old_token": _BAD_TOKEN,
        "seller_ids": (_always({"connect": "A1EXAMPLE12345", "seller_central": "?"}),),
        "new_token": _BAD_TOKEN,
    },
    way=WAY,
    likely={
        "orders_stopped": 12, "orders_arriving": 1, "continue_anyway": 1, "cancel": 2, "sees_key_set": 11,
        "sees_sp_api": 1, "ready_to_go": 9, "not_now": 1, "name_accounts": 9,
        "same_seller_id": 8, "compare_seller_id": 1, "seller_id_differs": 1, "both_right": 3, "wrong_entry": 1,
        "fetch_worked": 3,
        "fetch_failed": 2, "turn_to_next": 9,
        "confirm_account": 9, "open_item": 0.3, "step_by_step": 0.3, "paste_token": 9, "all_saved": 9,
        "add_accounts": 0.2, "describe_failure": 3,
        "problem_solved": 1,
        "try_fetch_again": 1, "restore_old_access": 0.03, "keep_standard": 0.4, "remember_token": 1, "advance": 6,
    },
    likely_choices={
        "open_item": dict.fromkeys(ITEMS, 1),
        "choose_region": {"europe": 1, "near_europe": 1, "north_america": 1, "far_east": 0.5},
        "choose_key_set": {"standard": 2, "alternativ": 1},
    },
    seconds={
        "before_start": 40, "connect_version": 120, "account_names": 90, "user_permissions": 150, "manage_apps": 110,
        "ready_to_disable": 60, "authorize_developer": 200, "new_credentials": 90, "new_token": 130, "first_fetch": 240,
        "second_fetch": 420, "with_support": 3600, "update_required": 86400,
    },
    given_up={
        "connect_version": 0.06, "which_mask": 0.04, "key_set": 0.03, "user_permissions": 0.05, "manage_apps": 0.04,
        "ready_to_disable": 0.06, "authorize_developer": 0.05, "new_credentials": 0.03, "new_token": 0.04,
        "with_support": 0.02,
    },
    plays=plays.PLAYS,
    main_play="second-failure",
    samples=plays.SAMPLES,
)  # fmt: skip
