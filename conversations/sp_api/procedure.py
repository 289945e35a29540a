"""The SP-API authorization: everything that the bot needs to know about it."""

from collections.abc import Sequence
from typing import Any

from conversations.engine.answers import Notice
from conversations.engine.procedure import Attempts, Handover, Item, Measures, Procedure, Urgency
from conversations.engine.walk_state import TrailEntry, WalkState
from conversations.sp_api.chart import SpApiChart
from conversations.sp_api.examples import EXAMPLES
from conversations.sp_api.facts import SpApiFacts
from conversations.sp_api.forms import FORMS
from conversations.sp_api.illustrations import PICTURES
from conversations.sp_api.readers import READERS
from conversations.sp_api.settings import SpApiSettings
from conversations.sp_api.steps import SCREENS, STEPS
from conversations.sp_api.text_schema import TEXTS
from conversations.sp_api.ticket_rules import TICKETS
from conversations.sp_api.variants import values, variant

_MEASURES = Measures(
    funnel=(
        "before_authorizing", "field_before", "connect_accounts", "press_button", "give_consent", "order_reports",
        "first_fetch", "done",
    ),
    attempts=Attempts(("first_fetch", "second_fetch"), {"fetch_worked": True, "fetch_failed": False}),
    counted=("authorize_again",),
)  # fmt: skip


def _notes(event: str, _answered_step: str, _walk: WalkState[SpApiFacts]) -> tuple[Notice, ...]:
    if event == "sees_old_fields":
        return (Notice("went_back_to_key_set"),)
    return (Notice("postponed"),) if event == "not_now" else ()


def _items(facts: SpApiFacts) -> Sequence[Item]:
    """The accounts in CONNECT, grouped by „Verkäufertoken“."""
    return [Item(account.name, done=account.working_at is not None, group=account.seller) for account in facts.accounts]


def _urgency(facts: SpApiFacts) -> Urgency | None:
    """Orders are down, from the start or since a fetch has failed twice."""
    if facts.orders_down_since is None:
        return None
    return Urgency(facts.orders_down_since, tuple(account.name for account in facts.left), len(facts.accounts))


def _restarted(facts: SpApiFacts) -> SpApiFacts:
    """Starting over keeps the accounts that were typed; what has been authorized is looked at again."""
    known = SpApiFacts(version=facts.version, region=facts.region)
    known.add_accounts([account.name for account in facts.accounts])
    if len(known.accounts) == 1:
        known.group(known.accounts)
    return known


def _carry(handover: Handover) -> WalkState[SpApiFacts]:
    """Where a walk begins that comes from the other procedure; nothing that is known is asked again."""
    before: Any = handover.facts
    facts = handover.earlier.facts.model_copy(deep=True) if handover.earlier is not None else SpApiFacts()
    facts.version, facts.region = before.version or facts.version, before.region or facts.region
    facts.mask = "sp_api" if before.mask == "sp_api" else None
    if not facts.accounts and before.accounts:
        facts.name_accounts([account.name for account in before.accounts])
    if before.orders_arriving is not None:
        facts.orders_arriving = before.orders_arriving
        facts.orders_down_since = None if before.orders_arriving else facts.orders_down_since or handover.at
    state = PROCEDURE.begin(facts)
    state.errors = list(handover.errors)
    if facts.orders_arriving is not None:
        # Going back leads to the question of what CONNECT shows, and from there to the other procedure.
        state.step = "field_before" if facts.mask is not None else "accounts_mask"
        state.trail = [TrailEntry(step="which_screen", item=0)] if facts.mask is not None else []
    return state


PROCEDURE: Procedure[SpApiFacts, SpApiSettings] = Procedure(
    id="sp_api", chart=SpApiChart, facts=SpApiFacts, settings=SpApiSettings, steps=STEPS, screens=SCREENS, forms=FORMS,
    readers=READERS, texts=TEXTS, pictures=PICTURES, tickets=TICKETS, measures=_MEASURES, examples=EXAMPLES,
    variant=variant, values=values, notes=_notes, items=_items, urgency=_urgency,
    begun=lambda facts: facts.authorized,
    jumps=("try_fetch_again", "authorize_again"), restarted=_restarted, transfers={"sees_old_fields": "amazon_token"},
    carry=_carry, switched_on=lambda settings: settings.sp_api_procedure,
)  # fmt: skip
