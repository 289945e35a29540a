"""What is fixed about each step besides its texts: its number, where it happens, and its buttons in the order shown.

Numbers follow the order in which people take the steps: rows 1 to 17 of the documented procedure, rows 2 and 3
exchanged because the key set belongs to the selected account. Row 0 and our own questions have no number. Row 14 has
two fields, so two steps share it.
"""

from conversations.amazon_token.developer_ids import KEY_SETS, REGIONS
from conversations.amazon_token.sentences import regions_in
from conversations.amazon_token.version_check import Version
from conversations.engine.procedure import Offer, Screen, Step

CONNECT, SELLER_CENTRAL, BOTH = "connect", "seller_central", "both"
PLACES = (CONNECT, SELLER_CENTRAL, BOTH)

ITEMS = ("select_account", "key_set", "backup_token", "check_seller_id", "new_token")
"""What is to be done for a further account, in the order of its list: the steps that explain each."""
_ADVANCE = (Offer("advance"),)
_REVERT = Offer("restore_old_access", danger=True)
_CANCEL = Offer("cancel", danger=True)
_FAILED = Offer("fetch_failed", mark="✗")
_SECOND_FETCH = (Offer("fetch_worked"), _FAILED, _REVERT)
_MORE_ACCOUNTS = Offer("add_accounts", form="more_accounts")
_VERSION = (Offer("enter_version", form="connect_version"),)


def _asks(*offers: Offer, place: str | None = None, variants: str = "", names: str = "") -> Step:
    """A question of our own, which a typed „weiter“ does not answer."""
    return Step(place=place, offers=offers, confirmation=True, variants=_words(variants), placeholders=_names(names))


def _row(
    number: int,
    place: str,
    *offers: Offer,
    each: bool = False,
    repeated: bool = False,
    confirmation: bool = False,
    unfinished: bool = False,
    variants: str = "",
    names: str = "",
) -> Step:
    """A row of the documented procedure. Without `offers` it is „done“ or the way back to the old access."""
    return Step(
        number=number, place=place, offers=offers or (*_ADVANCE, _REVERT), each_item=each,
        repeated=each or repeated, confirmation=confirmation,
        unfinished=unfinished, variants=_words(variants), placeholders=_names(names),
    )  # fmt: skip


def _words(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


STEPS: dict[str, Step] = {
    "before_start": _asks(
        Offer("begin_now"), Offer("orders_stopped"), Offer("orders_arriving"), variants="notice plain", names="minimum"
    ),
    "still_receiving": Step(
        offers=(Offer("continue_anyway", danger=True), _CANCEL), confirmation=True, person_first=True
    ),
    "connect_version": Step(place=CONNECT, offers=_VERSION, placeholders=_names("minimum")),
    "update_required": Step(
        place=CONNECT, offers=_VERSION, placeholders=_names("minimum version"),
        true_while=lambda facts: facts.version is not None and not Version.read(facts.version).is_enough,
    ),
    "account_mask": _row(1, CONNECT, *_ADVANCE),
    "which_mask": _asks(Offer("sees_key_set"), Offer("sees_sp_api"), place=CONNECT),
    "newer_mask": Step(place=CONNECT, offers=(_CANCEL,), person_first=True, variants=("screen", "error")),
    "account_region": _asks(
        Offer("name_accounts", form="european_accounts", last=lambda facts: facts.accounts_brought),
        # Europe follows from the marketplaces in the form; a merchant who has named the accounts already chooses it.
        Offer(
            "choose_region", choices=REGIONS, in_sentence=regions_in,
            unshown=lambda facts: () if facts.accounts_brought else ("europe",),
        ),
        place=CONNECT,
    ),
    "current_key_set": _asks(Offer("choose_key_set", choices=KEY_SETS), place=CONNECT),
    "no_developer_id": Step(offers=(Offer("enter_developer_id", form="own_developer_id"),)),
    "account_names": Step(place=CONNECT, offers=(Offer("name_accounts", form="account_names"),)),
    "select_account": _row(2, CONNECT, each=True, names="item"),
    "key_set": _row(3, CONNECT, *_ADVANCE, Offer("keep_standard"), _REVERT, each=True),
    "backup_token": _row(4, CONNECT, *_ADVANCE, Offer("remember_token", form="old_token"), _REVERT, each=True),
    "seller_central": _row(5, SELLER_CENTRAL),
    "settings_menu": _row(6, SELLER_CENTRAL),
    "user_permissions": _row(7, SELLER_CENTRAL),
    "manage_apps": _row(8, SELLER_CENTRAL),
    "ready_to_disable": Step(
        place=SELLER_CENTRAL, offers=(Offer("ready_to_go", guarded=True), Offer("not_now", later=True), _REVERT),
        confirmation=True, support_hours=True,
    ),
    "disable_access": _row(9, SELLER_CENTRAL, Offer("advance", guarded=True), _REVERT),
    "new_developer": _row(10, SELLER_CENTRAL),
    "authorize_developer": _row(
        11, SELLER_CENTRAL, variants="documented configured handbook", names="developer_name developer_id"
    ),
    "licence_terms": _row(12, SELLER_CENTRAL),
    "new_credentials": _row(13, SELLER_CENTRAL),
    "check_seller_id": _row(
        14, BOTH, Offer("same_seller_id"), Offer("seller_id_differs"), Offer("compare_seller_id", form="seller_ids"),
        _REVERT, each=True, confirmation=True, variants="first further",
    ),
    "differing_seller_id": Step(
        place=BOTH, offers=(Offer("both_right"), Offer("wrong_entry"), _REVERT),
        each_item=True, repeated=True, confirmation=True,
    ),
    # Confirmed with a press of its own: it changes which seller CONNECT asks for.
    "adopt_seller_id": Step(
        place=CONNECT, offers=(*_ADVANCE, _REVERT), each_item=True, repeated=True, confirmation=True
    ),
    "new_token": _row(
        14, BOTH, Offer("paste_token", form="new_token"), Offer("skip_token_check"), _REVERT,
        each=True, variants="first further",
    ),
    "save_account": _row(
        15, CONNECT, *_ADVANCE, _MORE_ACCOUNTS, _REVERT, each=True, variants="alternativ unchanged"
    ),
    "next_account": _row(
        16, CONNECT, Offer("turn_to_next"), Offer("all_saved"), _MORE_ACCOUNTS, _REVERT,
        repeated=True, confirmation=True, variants="left complete", names="saved left total",
    ),
    "further_account": Step(
        place=CONNECT,
        offers=(
            Offer("confirm_account"), Offer("paste_token", form="new_token"),
            Offer(
                "open_item", choices=ITEMS, menu=True,
                unshown=lambda facts: () if facts.changes_key_set else ("key_set",),
            ),
            Offer("step_by_step", one_by_one=True), _REVERT,
        ),
        each_item=True, repeated=True, confirmation=True, variants=_words("alternativ unchanged"),
    ),
    "first_fetch": _row(17, CONNECT, Offer("fetch_worked"), _FAILED, confirmation=True, unfinished=True),
    "second_fetch": _row(
        17, CONNECT, *_SECOND_FETCH, confirmation=True, unfinished=True, variants="wait at_once", names="wait_minutes"
    ),
    "with_support": Step(
        offers=(
            Offer("describe_failure", form="fetch_failure", last=lambda facts: bool(facts.error_texts)),
            Offer("problem_solved"), Offer("try_fetch_again"), _REVERT,
        ),
        confirmation=True, with_support=True, unfinished=True, variants=_words("promised plain described"),
        placeholders=_names("ticket answer_minutes"),
    ),
    "going_back": _asks(Offer("confirm_reverted", guarded=True), place=BOTH),
    "done": Step(end="good"),
    "cancelled": Step(end="stopped", variants=_words("orders_paused plain")),
    "old_access_restored": Step(end="stopped"),
    "transferred": Step(end="transferred"),
}  # fmt: skip

SCREENS: dict[str, Screen] = {
    "mask_and_fields": Screen(("account_mask", "which_mask"), pictured="which_mask"),
    "account_and_key_set": Screen(("select_account", "key_set"), pictured="key_set"),
    "way_to_apps": Screen(("seller_central", "settings_menu", "user_permissions", "manage_apps"), "settings_menu"),
    "developer_form": Screen(("new_developer", "authorize_developer"), pictured="authorize_developer"),
    "save_and_next": Screen(("save_account", "next_account"), pictured="save_account"),
}
"""The steps that are shown together. Alone is what switches something, is shown once, or is easily done wrong: the
backup, „Bereit?“, switching the access off, the licence, the credentials, the seller ID, the token, and each fetch.
"""
