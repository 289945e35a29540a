"""The keys of this procedure's texts that do not follow from its steps and forms."""

from functools import partial

from conversations.amazon_token.checks import Reason
from conversations.amazon_token.plays import PLAYS, SAMPLES
from conversations.amazon_token.sentences import LISTS, REGION_OF
from conversations.amazon_token.steps import PLACES
from conversations.engine.procedure import ProcedureTexts
from conversations.engine.texts import Text, Tree, Words, text_group
from conversations.marketplaces import EUROPEAN_MARKETPLACES

_texts = partial(text_group, limit=200)

_RECORDS = {
    **dict.fromkeys(
        (
            "begin_now", "orders_stopped", "orders_arriving", "continue_anyway", "sees_key_set", "sees_sp_api",
            "sp_api_error",
            "keep_standard", "enter_developer_id", "ready_to_go", "same_seller_id", "compare_seller_id", "turn_to_next",
            "seller_id_differs", "both_right", "wrong_entry",
            "confirm_account", "step_by_step", "skip_token_check",
            "all_saved", "fetch_worked", "fetch_failed", "problem_solved", "try_fetch_again", "restore_old_access",
            "confirm_reverted",
        ),
        "",
    ),
    "enter_version": "version",
    "choose_region": "choice",
    "choose_key_set": "choice",
    "open_item": "choice",
    "name_accounts": "names",
    "remember_token": "last4",
    "paste_token": "last4",
}  # fmt: skip

_NOTES = {
    **dict.fromkeys(
        (
            "token_fine", "token_differs_from_first", "token_same_as_first", "token_remembered", "seller_id_same",
            "seller_id_unusual", "token_unchecked", "postponed",
            "goes_on_sp_api", "goes_on_after_error",
        ),
        "",
    ),
    "token_repaired": "repairs",
    "version_repaired": "version",
    "version_still_too_old": "version",
    "accounts_added": "names",
}  # fmt: skip

_OWN_REASONS = ("same_as_old", "no_accounts", "nothing_new")
"""Why a reader refuses an answer that the checks accept."""

_TICKET: Tree = {
    "sections": _texts("connect", "amazon", "fetches", "tokens", limit=60),
    "labels": _texts(
        "mws_gone", "version", "mask", "region", "key_set", "key_set_changed", "accounts", "developer_id", "seller_id",
        "orders_before", "access_off", "access_on_again", "backup", "fetch_1", "fetch_2", "fetch_more",
        "failed_accounts", "error_text", "errors_before", "token",
        limit=40,
    ),
    "card": {"masks": _texts("key_set", "sp_api", limit=40), **_texts("access_off", placeholders="at", limit=60)},
    "values": {
        **_texts("mws_gone", limit=300),
        "masks": _texts("key_set", "sp_api"),
        **_texts("key_set", placeholders="before after"),
        **_texts("accounts_done", placeholders="done total saved left"),
        **_texts("developer_id", placeholders="id source"),
        "id_sources": _texts("documented", "configured", "handbook"),
        "seller_id": _texts("same", "differs", "changed", "not_checked", "together", limit=60),
        "key_set_changed": _texts("yes", "no", "stays", limit=60),
        "backup": _texts("yes", "no", "together", limit=60),
        "orders": _texts("arriving", "stopped"),
        **_texts("access_not_off", "access_still_off"),
        **_texts("fetch_worked", "fetch_failed", placeholders="at"),
        **_texts("fetch_not_tried", "error_in_thread", "no_error_text", "accounts_not_named", "no_failure"),
        **_texts("error_pasted", placeholders="message step at"),
        **_texts("token_shape", placeholders="last4"),
        **_texts("token_repaired", placeholders="repairs"),
        **_texts("token_not_repaired", "token_not_checked", "token_together"),
        "same_as_old": _texts("yes", "no", "unknown"),
        "same_as_first": _texts("yes", "no", "unknown"),
        **_texts("not_needed", "none_given", limit=60),
    },
}  # fmt: skip
"""What the procedure's own sections of a ticket's summary say."""

_DEMO: Tree = {"plays": _texts(*PLAYS, limit=70), "samples": _texts(*SAMPLES, limit=70)}
"""What the sandbox's page offers to try."""

TEXTS = ProcedureTexts(
    package="conversations.amazon_token",
    records=_RECORDS,
    notes=_NOTES,
    reasons={
        **{str(reason): " ".join(reason.placeholders) for reason in Reason}, **dict.fromkeys(_OWN_REASONS, ""),
    },
    acts=("restore_old_access",),
    renamed={
        "frame.orders_paused": "frame.urgent",
        "frame.account": "frame.item",
        "frame.accounts_saved": "frame.items_done",
        "frame.accounts_left": "frame.items_left",
        "home.orders_paused": "home.urgent",
        "notes.reminder_orders_paused": "notes.reminder_urgent",
        "notes.delete_token_message": "notes.delete_typed_secret",
        "answers.ask_cancel_orders_paused": "answers.ask_cancel_urgent",
        "answers.delete_orders_paused": "answers.delete_urgent",
        "desk.overview.walk_paused": "desk.overview.walk_urgent",
        "ticket.values.step_account": "ticket.values.step_item",
    },
    words={"same": "same_seller_id", "failed": "fetch_failed", "worked": "fetch_worked"},
    more={
        "marketplaces": {market: Text(limit=60) for market in EUROPEAN_MARKETPLACES},
        "frame": {"places": {place: Text(limit=60) for place in PLACES}},
        "ticket": _TICKET,
        "demo": _DEMO,
        "countries": {country: Words() for country in REGION_OF},
        "around": {name: Words() for name in LISTS},
    },
)  # fmt: skip
