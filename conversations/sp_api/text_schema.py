"""The keys of this procedure's texts that do not follow from its steps and forms."""

from functools import partial

from conversations.engine.procedure import ProcedureTexts
from conversations.engine.texts import Text, Tree, text_group
from conversations.marketplaces import EUROPEAN_MARKETPLACES
from conversations.sp_api.checks import START_REASONS
from conversations.sp_api.plays import PLAYS
from conversations.sp_api.steps import PLACES

_texts = partial(text_group, limit=200)

_RECORDS = {
    **dict.fromkeys(
        (
            "orders_stopped", "orders_arriving", "sees_refresh_token", "sees_old_fields", "field_filled", "field_empty",
            "one_seller", "ready_to_go", "entry_differs", "entry_corrected",
            "reports_on", "reports_activated", "reports_not_seen", "start_not_seen",
            "fetch_worked", "fetch_failed", "authorize_again", "turn_to_next", "all_working", "problem_solved",
            "try_fetch_again",
        ),
        "",
    ),
    "name_accounts": "names",
    "add_accounts": "names",
    "group_accounts": "names",
    "note_start": "date",
}  # fmt: skip

_TICKET: Tree = {
    "sections": _texts("connect", "consent", "fetches", limit=60),
    "labels": _texts(
        "version", "mask", "region", "kind", "accounts", "sellers", "consents", "due", "reports", "orders_from",
        "orders_before", "orders_down", "attempts", "failed_accounts", "error_code", "error_text", "errors_before",
        limit=40,
    ),
    "card": {"masks": _texts("sp_api", "key_set", limit=40), **_texts("orders_down", placeholders="at", limit=60)},
    "values": {
        "masks": _texts("sp_api", "key_set"),
        "regions": _texts("europe", "near_europe", "north_america", "far_east", limit=60),
        "kinds": _texts("first", "renewal"),
        **_texts("accounts_done", placeholders="done total working left"),
        **_texts("seller", placeholders="names"),
        **_texts("consent", placeholders="names at"),
        **_texts("no_consent", placeholders="names"),
        "reports": _texts("were_on", "activated", "not_seen", "not_asked"),
        **_texts("reports_of", placeholders="names state"),
        "orders": _texts("arriving", "stopped"),
        **_texts("not_down", limit=60),
        **_texts("fetch_worked", "fetch_failed", placeholders="account at"),
        **_texts("fetch_not_tried", "no_error_text", "error_in_thread", "no_failure", "not_read", "not_found"),
        **_texts("orders_from_of", placeholders="name date"),
        **_texts("error_pasted", placeholders="message step at"),
    },
}  # fmt: skip
"""What the procedure's own sections of a ticket's summary say."""

_DEMO: Tree = {"plays": _texts(*PLAYS, limit=70)}
"""What the sandbox's page offers to try."""

TEXTS = ProcedureTexts(
    package="conversations.sp_api",
    records=_RECORDS,
    notes={"accounts_added": "names", "postponed": "", "went_back_to_key_set": ""},
    reasons={"no_accounts": "", "nothing_new": "", **START_REASONS},
    acts=("authorize_again",),
    words={"failed": "fetch_failed", "worked": "fetch_worked"},
    more={
        "marketplaces": {market: Text(limit=60) for market in EUROPEAN_MARKETPLACES},
        "frame": {"places": {place: Text(limit=60) for place in PLACES}},
        "ticket": _TICKET,
        "demo": _DEMO,
    },
)  # fmt: skip
