"""What is fixed about each step besides its texts: its number, where it happens, and its buttons in the order shown.

Numbers follow the order in which people take the steps: rows 1 to 17 of the documented procedure, rows 2 and 3
exchanged because the key set belongs to the selected account. Row 0 and our own questions have no number. Row 14 has
two fields, so two steps share it.
"""

from dataclasses import dataclass
from typing import Literal

LAST_NUMBER = 17

Place = Literal["connect", "seller_central", "both"]


@dataclass(frozen=True)
class Offer:
    """One button. With a `form` it opens the modal of that name, whose submission is the event; else a press is."""

    event: str
    form: str | None = None
    danger: bool = False


@dataclass(frozen=True)
class Step:
    """A state of the chart as merchants see it. The first offer that the chart enables is the primary button."""

    number: int | None
    place: Place | None
    offers: tuple[Offer, ...]
    confirmation: bool = False
    """A typed „weiter“ does not answer it."""


_ADVANCE = (Offer("advance"),)
_REVERT = Offer("revert", danger=True)
_CANCEL = Offer("cancel", danger=True)
_SECOND_FETCH = (Offer("fetched"), Offer("fetch_failed"), _REVERT)
_MORE_ACCOUNTS = Offer("add_accounts", form="more_accounts")
_VERSION = Offer("enter_version", form="version")

STEPS: dict[str, Step] = {
    "briefing": Step(
        None, None, (Offer("begin"), Offer("orders_stopped"), Offer("orders_arriving")), confirmation=True,
    ),
    "still_receiving": Step(None, None, (Offer("continue_anyway", danger=True), _CANCEL), confirmation=True),
    "connect_version": Step(None, "connect", (_VERSION,)),
    "update_required": Step(None, "connect", (_VERSION,)),
    "account_mask": Step(1, "connect", _ADVANCE),
    "which_mask": Step(None, "connect", (Offer("sees_key_set"), Offer("sees_sp_api")), confirmation=True),
    "newer_mask": Step(None, "connect", (_CANCEL,)),
    "region": Step(None, None, (Offer("choose_region"),), confirmation=True),
    "current_key_set": Step(None, "connect", (Offer("choose_key_set"),), confirmation=True),
    "no_developer_id": Step(None, None, (Offer("enter_developer_id", form="developer_id"),)),
    "accounts": Step(None, "connect", (Offer("name_accounts", form="accounts"),)),
    "select_account": Step(2, "connect", (*_ADVANCE, _REVERT)),
    "key_set": Step(3, "connect", (*_ADVANCE, Offer("keep_standard"), _REVERT)),
    "backup_token": Step(4, "connect", (*_ADVANCE, Offer("remember_token", form="old_token"), _REVERT)),
    "seller_central": Step(5, "seller_central", (*_ADVANCE, _REVERT)),
    "settings_menu": Step(6, "seller_central", (*_ADVANCE, _REVERT)),
    "user_permissions": Step(7, "seller_central", (*_ADVANCE, _REVERT)),
    "manage_apps": Step(8, "seller_central", (*_ADVANCE, _REVERT)),
    "ready_to_disable": Step(
        None, "seller_central", (Offer("ready"), Offer("postpone"), _REVERT), confirmation=True,
    ),
    "disable_access": Step(9, "seller_central", (*_ADVANCE, _REVERT)),
    "new_developer": Step(10, "seller_central", (*_ADVANCE, _REVERT)),
    "authorize_developer": Step(11, "seller_central", (*_ADVANCE, _REVERT)),
    "licence": Step(12, "seller_central", (*_ADVANCE, _REVERT)),
    "credentials": Step(13, "seller_central", (*_ADVANCE, _REVERT)),
    "seller_id": Step(
        14, "both", (Offer("same_seller_id"), Offer("compare_seller_id", form="seller_ids"), _REVERT),
        confirmation=True,
    ),
    "token": Step(14, "both", (Offer("paste_token", form="token"), _REVERT)),
    "save": Step(15, "connect", (*_ADVANCE, _REVERT)),
    "next_account": Step(
        16, "connect", (Offer("turn_to_next"), Offer("all_saved"), _MORE_ACCOUNTS, _REVERT),
        confirmation=True,
    ),
    "first_fetch": Step(17, "connect", (Offer("fetched"), Offer("fetch_failed")), confirmation=True),
    "second_fetch": Step(17, "connect", _SECOND_FETCH, confirmation=True),
    "with_support": Step(
        None, None, (Offer("describe_failure", form="failure"), Offer("solved"), Offer("go_on"), _REVERT),
        confirmation=True,
    ),
    "going_back": Step(None, "both", (Offer("confirm_reverted"),), confirmation=True),
    "done": Step(None, None, ()),
    "cancelled": Step(None, None, ()),
    "reverted": Step(None, None, ()),
}  # fmt: skip

ENDS = frozenset({"done", "cancelled", "reverted"})
FORM_FIELDS: dict[str, tuple[str, ...]] = {
    "version": ("version",),
    "developer_id": ("developer_id",),
    "accounts": ("marketplaces", "names"),
    "more_accounts": ("marketplaces", "names"),
    "old_token": ("token",),
    "seller_ids": ("connect", "seller_central"),
    "token": ("token",),
    "failure": ("accounts", "error_text"),
    "help": ("sentence",),
}
"""The fields of each form, in the order shown."""
FORM_EVENTS = {offer.form: offer.event for step in STEPS.values() for offer in step.offers if offer.form}
"""The event of each form; the form "help" has none, since it files a ticket."""
REGIONS = ("europe", "near_europe", "north_america", "far_east")
KEY_SETS = ("standard", "alternativ")
CHOICES = {"choose_region": REGIONS, "choose_key_set": KEY_SETS}
"""Events that are offered as one button for each choice."""


def offer_of(step: str, event: str) -> Offer | None:
    """How `step` offers `event`, or `None` when it does not."""
    return next((offer for offer in STEPS[step].offers if offer.event == event), None)
