"""How people walk through this procedure. Every value is made up."""

from collections.abc import Sequence
from random import Random

from conversations.engine.answers import Raw
from conversations.engine.examples import Act, Examples, MakeAnswer
from conversations.sp_api import plays

_ERRORS = (plays.EXPIRED, "MD5101", "QuotaExceeded: You exceeded your quota for the requested resource.", "It fails")
_NAMES = ("Amazon DE", "Amazon FR", "Amazon IT")


def _always(raw: Raw) -> MakeAnswer:
    return lambda _dice: raw


def _some_names(dice: Random) -> Raw:
    return {"names": ", ".join(_NAMES[: dice.choices((1, 2, 3), (7, 2, 1))[0]])}


def _failure(dice: Random) -> Raw:
    return {"accounts": ["Amazon DE"], "error_text": dice.choice(_ERRORS)}


def _advancing(*steps: str) -> Sequence[Act]:
    return [Act(step, "advance") for step in steps]


WAY = (
    Act("before_authorizing", "orders_arriving"),
    Act("accounts_mask", "advance"),
    Act("which_screen", "sees_refresh_token"),
    Act("field_before", "field_empty"),
    Act("connect_accounts", "name_accounts", form="account_names", answer=_always({"names": ", ".join(_NAMES[:2])})),
    Act("seller_tokens", "one_seller"),
    Act("ready_to_authorize", "ready_to_go"),
    Act("check_entry", "entry_differs"),
    Act("differing_entry", "entry_corrected"),
    *_advancing("check_entry", "press_button", "sign_in_amazon", "give_consent"),
    Act("look_at_field", "field_empty"),
    Act("look_again", "field_filled"),
    Act("save_if_asked", "advance"),
    Act("order_reports", "reports_activated"),
    Act("fetch_start", "note_start", form="orders_from", answer=_always({"date": "01.11.2025"})),
    Act("first_fetch", "fetch_failed"),
    Act("second_fetch", "fetch_worked"),
    Act("next_entry", "turn_to_next"),
    Act("further_entry", "field_filled"),
    Act("fetch_start", "note_start", form="orders_from", answer=_always({"date": "15.11.2025"})),
    Act("first_fetch", "fetch_failed"),
    Act("second_fetch", "fetch_failed"),
    Act("with_support", "problem_solved"),
)

EXAMPLES = Examples(
    answers={
        "account_names": (_some_names, _always({"marketplaces": ["Deutschland"], "names": ""})),
        "more_accounts": (_always({"names": "Amazon ES"}),),
        "same_seller": (_always({"accounts": []}), _always({"accounts": ["Amazon FR"]})),
        "orders_from": (_always({"date": "01.11.2025"}), _always({"date": "2025-11-01 00:00"})),
        "fetch_failure": (_failure,),
    },
    refused={
        "account_names": (_always({"names": ""}),),
        "more_accounts": (_always({"names": ""}),),
        "orders_from": (_always({"date": "gestern"}), _always({"date": ""}), _always({"date": "1" * 60})),
    },
    way=WAY,
    likely={
        "orders_stopped": 3, "orders_arriving": 2, "sees_refresh_token": 12, "sees_old_fields": 1, "field_filled": 3,
        "field_empty": 1, "one_seller": 6, "group_accounts": 1, "ready_to_go": 9, "not_now": 1, "entry_differs": 0.5,
        "entry_corrected": 9, "reports_on": 4,
        "reports_activated": 2, "reports_not_seen": 1, "note_start": 3, "start_not_seen": 1, "fetch_worked": 4,
        "fetch_failed": 1, "authorize_again": 0.3, "turn_to_next": 9, "all_working": 9, "add_accounts": 0.2,
        "describe_failure": 3, "problem_solved": 1, "try_fetch_again": 0.5, "advance": 8, "cancel": 1,
    },
    seconds={
        "before_authorizing": 60, "connect_accounts": 90, "ready_to_authorize": 120, "sign_in_amazon": 150,
        "give_consent": 90, "order_reports": 120, "first_fetch": 240, "second_fetch": 420, "with_support": 3600,
    },
    given_up={
        "before_authorizing": 0.03, "ready_to_authorize": 0.05, "sign_in_amazon": 0.05, "look_at_field": 0.02,
        "with_support": 0.02,
    },
    plays=plays.PLAYS,
    main_play="sp-api-second-failure",
)  # fmt: skip
