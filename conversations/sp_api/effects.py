"""What each event leaves behind in the facts."""

from collections.abc import Sequence
from datetime import datetime

from statemachine import State

from conversations.engine.walk_state import WalkState
from conversations.sp_api.facts import AccountFetch, ConnectAccount, Seller, SpApiFacts


def _account(walk: WalkState[SpApiFacts]) -> ConnectAccount | None:
    """The account that is being worked on, `None` before the accounts are named."""
    accounts = walk.facts.accounts
    return accounts[walk.item] if walk.item < len(accounts) else None


def _seller(walk: WalkState[SpApiFacts]) -> Seller:
    """The seller of that account; a passing one before it is known."""
    return walk.facts.seller_of(walk.item) or Seller()


class SpApiEffects:
    """The actions of `SpApiChart`, which inherits them; `WalkChart` says how they are called."""

    def on_orders_stopped(self, facts: SpApiFacts, now: datetime) -> None:
        """Orders are down from the start, for which this procedure is not the cause."""
        facts.orders_arriving = False
        facts.orders_down_since = facts.orders_down_since or now

    def on_orders_arriving(self, facts: SpApiFacts) -> None:
        """Orders still arrive, so one account is tried before the others."""
        facts.orders_arriving = True
        facts.orders_down_since = None

    def on_sees_refresh_token(self, facts: SpApiFacts) -> None:
        """The screen that this procedure describes."""
        facts.mask = "sp_api"

    def on_sees_old_fields(self, facts: SpApiFacts) -> None:
        """The older screen: another procedure goes on."""
        facts.mask = "key_set"

    def on_field_filled(self, source: State, facts: SpApiFacts) -> None:
        """Before the consent a value in the field means a renewal."""
        if source.id == "field_before":
            facts.kind = "renewal"

    def on_field_empty(self, source: State, facts: SpApiFacts) -> None:
        """Before the consent an empty field means a first authorization."""
        if source.id == "field_before":
            facts.kind = "first"

    def on_name_accounts(self, walk: WalkState[SpApiFacts], facts: SpApiFacts, answer: Sequence[str]) -> None:
        """All accounts that CONNECT holds."""
        facts.name_accounts(answer)
        walk.item = facts.next_account()

    def on_add_accounts(self, facts: SpApiFacts, answer: Sequence[str]) -> None:
        """Accounts that were not named before."""
        facts.add_accounts(answer)

    def on_one_seller(self, facts: SpApiFacts) -> None:
        """All accounts have the same „Verkäufertoken“."""
        facts.group(facts.accounts)

    def on_group_accounts(self, facts: SpApiFacts, answer: Sequence[str]) -> None:
        """The first account that is open, and those with the same „Verkäufertoken“."""
        chosen = {*answer, *(account.name for account in facts.ungrouped[:1])}
        facts.group(account for account in facts.accounts if account.name in chosen)

    def on_back(self, target: State, facts: SpApiFacts) -> None:
        """Back at the question which accounts belong together, it is open again where no consent was given."""
        if target.id == "seller_tokens":
            facts.ungroup()

    def on_advance(self, source: State, walk: WalkState[SpApiFacts], now: datetime) -> None:
        """The moment of the consent counts: after 365 days Amazon wants it again."""
        if source.id == "give_consent":
            _seller(walk).consent_at = now

    def on_reports_on(self, walk: WalkState[SpApiFacts]) -> None:
        """The order reports were on already."""
        _seller(walk).reports = "were_on"

    def on_reports_activated(self, walk: WalkState[SpApiFacts]) -> None:
        """They were off, and the button was pressed once."""
        _seller(walk).reports = "activated"

    def on_reports_not_seen(self, walk: WalkState[SpApiFacts]) -> None:
        """It could not be seen whether they are on; the ticket says so."""
        _seller(walk).reports = "not_seen"

    def on_note_start(self, walk: WalkState[SpApiFacts], answer: str) -> None:
        """„Auftragsabholung ab“ of this account as it was read."""
        account = _account(walk)
        if account is not None:
            account.orders_from, account.orders_from_asked = answer, True

    def on_start_not_seen(self, walk: WalkState[SpApiFacts]) -> None:
        """The field of this account was not found."""
        account = _account(walk)
        if account is not None:
            account.orders_from, account.orders_from_asked = None, True

    def on_turn_to_next(self, walk: WalkState[SpApiFacts], facts: SpApiFacts) -> None:
        """On to the next account without a working fetch; its field is looked at as if nothing had been repeated."""
        walk.item = facts.next_account()
        facts.authorizing_again = False

    def on_authorize_again(self, facts: SpApiFacts) -> None:
        """The field holds a value by now, so that from here on only a fetch counts."""
        facts.authorizing_again = True

    def on_fetch_worked(self, walk: WalkState[SpApiFacts], facts: SpApiFacts, now: datetime) -> None:
        """Only this proves that the account works."""
        account = _account(walk)
        if account is not None:
            account.working_at = account.working_at or now
            facts.fetches.append(AccountFetch(account=account.name, at=now, worked=True))
        self._up_again(facts)

    def on_fetch_failed(self, source: State, walk: WalkState[SpApiFacts], facts: SpApiFacts, now: datetime) -> None:
        """The first failure may be a passing one; after the second no orders arrive."""
        account = _account(walk)
        if account is not None:
            account.working_at = None
            facts.fetches.append(AccountFetch(account=account.name, at=now, worked=False))
        if source.id == "second_fetch":
            facts.orders_down_since = facts.orders_down_since or now

    def on_describe_failure(self, facts: SpApiFacts, answer: tuple[Sequence[str], str]) -> None:
        """Which accounts fail, and what CONNECT or Amazon says, without secrets."""
        names, error_text = answer
        facts.failed_accounts = list(names)
        if error_text:
            facts.error_texts.append(error_text)

    def on_problem_solved(self, walk: WalkState[SpApiFacts], facts: SpApiFacts, now: datetime) -> None:
        """The account fetches after all."""
        account = _account(walk)
        if account is not None:
            account.working_at = account.working_at or now
        self._up_again(facts)

    def _up_again(self, facts: SpApiFacts) -> None:
        if not facts.left:
            facts.orders_down_since = None
