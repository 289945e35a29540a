"""The renewal of the MWS authorization: everything that the bot needs to know about it."""

from collections.abc import Sequence
from typing import Any

from conversations.amazon_token.chart import TokenChart
from conversations.amazon_token.examples import EXAMPLES
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.forms import FORMS
from conversations.amazon_token.illustrations import PICTURES
from conversations.amazon_token.readers import READERS
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.steps import SCREENS, STEPS
from conversations.amazon_token.text_schema import TEXTS
from conversations.amazon_token.ticket_rules import TICKETS
from conversations.amazon_token.variants import values, variant
from conversations.engine.answers import Notice
from conversations.engine.procedure import TRANSFERRED, Attempts, Handover, Item, Measures, Procedure, Urgency
from conversations.engine.walk_state import WalkState

_MEASURES = Measures(
    funnel=(
        "before_start", "connect_version", "account_mask", "account_region", "backup_token", "seller_central",
        "disable_access", "authorize_developer", "new_token", "first_fetch", "done",
    ),
    attempts=Attempts(("first_fetch", "second_fetch"), {"fetch_worked": True, "fetch_failed": False}),
    counted=("restore_old_access",),
    secret_reasons=(
        "empty", "too_long", "not_a_token", "wrong_length", "not_hexadecimal", "look_alike", "missing_hyphens",
        "missing_prefix", "masked", "two_tokens", "example_token", "other_credential", "foreign_digits", "same_as_old",
    ),
)  # fmt: skip


def _notes(event: str, answered_step: str, walk: WalkState[Facts]) -> tuple[Notice, ...]:
    if event == "enter_version" and answered_step == walk.step == "update_required":
        return (Notice("version_still_too_old", {"version": walk.facts.version}),)
    if walk.step == TRANSFERRED:
        return (Notice("goes_on_sp_api" if event == "sees_sp_api" else "goes_on_after_error"),)
    code = {"not_now": "postponed", "skip_token_check": "token_unchecked"}.get(event)
    return (Notice(code, to_do=code == "token_unchecked"),) if code is not None else ()


def _items(facts: Facts) -> Sequence[Item]:
    """The marketplace accounts in CONNECT."""
    return [Item(account.name, done=account.saved_at is not None) for account in facts.accounts]


def _urgency(facts: Facts) -> Urgency | None:
    """CONNECT cannot fetch orders while the old access is off and not every account is saved."""
    if facts.access_off_at is None or not facts.in_danger_zone:
        return None
    return Urgency(facts.access_off_at, tuple(account.name for account in facts.left), len(facts.accounts))


def _restarted(facts: Facts) -> Facts:
    """What a new walk knows of the one before: in the danger zone, since when the old access is off."""
    return Facts(access_off_at=facts.access_off_at) if facts.in_danger_zone else Facts()


def _access_off(facts: Facts) -> bool:
    """Whether the old access is off, saved or not."""
    return facts.access_off_at is not None and facts.access_on_again_at is None


def _carry(handover: Handover) -> WalkState[Facts]:
    """Where a walk begins whose fields turned out to be those of this procedure; nothing that is known is asked again.

    Somebody who was here before is where they left, past the question that is answered by now.
    """
    before: Any = handover.facts
    state = handover.earlier.model_copy(deep=True) if handover.earlier is not None else PROCEDURE.begin()
    by_mask, facts = state.facts.mask == "sp_api", state.facts
    facts.mask = "key_set"
    facts.orders_arriving = before.orders_arriving if facts.orders_arriving is None else facts.orders_arriving
    if not facts.accounts and before.accounts:
        facts.add_accounts([account.name for account in before.accounts])
        facts.accounts_brought = True
    state.errors = list(handover.errors)
    if handover.earlier is None:
        state.step = {None: None, False: "connect_version", True: "still_receiving"}[facts.orders_arriving]
    elif by_mask:
        state.leave("which_mask")
        state.step = "account_region"
    elif state.trail:
        state.step = state.trail[-1].step
        state.retrace()
    else:
        state.step = None
    return state


_OLD_IDS = {
    "accounts": "account_names",
    "begin": "begin_now",
    "briefing": "before_start",
    "credentials": "new_credentials",
    "developer_id": "own_developer_id",
    "failure": "fetch_failure",
    "fetched": "fetch_worked",
    "go_on": "try_fetch_again",
    "licence": "licence_terms",
    "postpone": "not_now",
    "ready": "ready_to_go",
    "region": "account_region",
    "revert": "restore_old_access",
    "reverted": "old_access_restored",
    "save": "save_account",
    "seller_id": "check_seller_id",
    "solved": "problem_solved",
    "token": "new_token",
    "version": "connect_version",
}
"""What steps, events and forms were called in version 0.1."""

PROCEDURE: Procedure[Facts, TokenSettings] = Procedure(
    id="amazon_token", chart=TokenChart, facts=Facts, settings=TokenSettings, steps=STEPS, screens=SCREENS, forms=FORMS,
    readers=READERS, texts=TEXTS, pictures=PICTURES, tickets=TICKETS, measures=_MEASURES, examples=EXAMPLES,
    variant=variant, values=values, notes=_notes, items=_items, urgency=_urgency,
    begun=lambda facts: facts.access_off_at is not None,
    jumps=("try_fetch_again", "restore_old_access"), restarted=_restarted, old_ids=_OLD_IDS, carry=_carry,
    transfers={"sees_sp_api": "sp_api", "sp_api_error": "sp_api"},
    conditions={"access_off": _access_off, "access_on": lambda facts: not _access_off(facts)},
)  # fmt: skip
