"""What each event of the walkthrough leaves behind in the facts."""

from datetime import datetime

from statemachine import State

from conversations.amazon_token.checks import CheckedInput
from conversations.amazon_token.facts import Account, Facts, Fetch, KeySet
from conversations.engine.walk_state import WalkState


def _account(walk: WalkState[Facts]) -> Account | None:
    """The account that is being changed now, `None` before the accounts are named."""
    accounts = walk.facts.accounts
    return accounts[walk.item] if walk.item < len(accounts) else None


class Effects:
    """The actions of `TokenChart`, which inherits them; `WalkChart` says how they are called."""

    def on_orders_stopped(self, facts: Facts) -> None:
        """Orders have stopped: the expected case."""
        facts.orders_arriving = False

    def on_orders_arriving(self, facts: Facts) -> None:
        """Orders still arrive: row 9 could cut a working connection."""
        facts.orders_arriving = True

    def on_enter_version(self, facts: Facts, answer: CheckedInput) -> None:
        """The version, also one that is too old: a ticket shows it."""
        facts.version = str(answer.version)

    def on_sees_key_set(self, facts: Facts) -> None:
        """CONNECT shows the form that this procedure describes."""
        facts.mask = "key_set"

    def on_sees_sp_api(self, facts: Facts) -> None:
        """CONNECT shows the newer form, in which no token is pasted."""
        facts.mask = "sp_api"

    def on_choose_region(self, facts: Facts, answer: str) -> None:
        """The region; answers that depended on another one are dropped."""
        facts.key_set = facts.key_set_before = facts.handbook_developer_id = None
        facts.region = answer

    def on_choose_key_set(self, facts: Facts, answer: KeySet) -> None:
        """Outside Europe the account keeps the key set that it has."""
        facts.key_set = facts.key_set_before = answer
        facts.handbook_developer_id = None

    def on_keep_standard(self, facts: Facts) -> None:
        """A European account that stays on „Standard“ does not get the documented ID."""
        facts.key_set = facts.key_set_before = "standard"
        facts.handbook_developer_id = None

    def on_enter_developer_id(self, facts: Facts, answer: CheckedInput) -> None:
        """The developer ID that the merchant found in the handbook."""
        facts.handbook_developer_id = answer.developer_id

    def on_back(self, target: State, facts: Facts) -> None:
        """Back at the key set, „Standard“ is taken back: else the step would be passed over on the way forward."""
        if target.id == "key_set" and facts.key_set == "standard" and facts.access_off_at is None:
            facts.key_set = facts.key_set_before = facts.handbook_developer_id = None

    def on_name_accounts(self, source: State, walk: WalkState[Facts], facts: Facts, answer: CheckedInput) -> None:
        """All accounts that CONNECT holds for this Amazon account; named with the region, they are European."""
        if source.id == "account_region":
            self.on_choose_region(facts, "europe")
        facts.name_accounts(list(answer.names))
        facts.accounts_brought = False
        walk.item = facts.next_account()

    def on_add_accounts(self, facts: Facts, answer: CheckedInput) -> None:
        """Accounts that the merchant did not name before."""
        facts.add_accounts(list(answer.names))

    def on_advance(self, source: State, walk: WalkState[Facts], facts: Facts, now: datetime) -> None:
        """„Done“ at a step at which the merchant changes something in CONNECT or Seller Central."""
        account = _account(walk)
        if source.id == "key_set":
            facts.key_set_before = facts.key_set_before or "standard"
            facts.key_set = "alternativ"
            facts.handbook_developer_id = None
            if account is not None:
                account.key_set_changed = True
        elif source.id == "backup_token" and account is not None:
            account.backup = True
        elif source.id == "disable_access":
            facts.access_off_at = facts.access_off_at or now
        elif source.id == "new_credentials":
            facts.credentials_shown = True
        elif source.id == "adopt_seller_id" and account is not None:
            account.seller_id = "changed"
        elif source.id == "save_account" and account is not None:
            account.saved_at = account.saved_at or now

    def on_remember_token(self, walk: WalkState[Facts], answer: CheckedInput) -> None:
        """A keyed hash of the old token, so that the old one is recognized when it is pasted as the new one."""
        account = _account(walk)
        if account is not None:
            account.backup = True
            account.old_token_hash = answer.token_hash

    def on_same_seller_id(self, walk: WalkState[Facts]) -> None:
        """The seller ID in field 1 is unchanged, as expected."""
        account = _account(walk)
        if account is not None:
            account.seller_id = "same"

    def on_compare_seller_id(self, walk: WalkState[Facts], answer: CheckedInput) -> None:
        """The seller ID in field 1 was compared. Where it differs, a question comes before anything is changed."""
        account = _account(walk)
        if account is not None:
            account.seller_id = "same" if answer.same else "differs"

    def on_seller_id_differs(self, walk: WalkState[Facts]) -> None:
        """The merchant sees that it differs."""
        account = _account(walk)
        if account is not None:
            account.seller_id = "differs"

    def on_wrong_entry(self, walk: WalkState[Facts]) -> None:
        """Another entry was selected in CONNECT: what was done there says nothing of this account."""
        account = _account(walk)
        if account is not None:
            account.seller_id = "not_checked"
            account.key_set_changed = account.backup = False
            account.old_token_hash = None

    def on_paste_token(self, walk: WalkState[Facts], facts: Facts, answer: CheckedInput) -> None:
        """What may be kept of the new token; until an account is saved, its hash is that of the first token."""
        account = _account(walk)
        if account is not None:
            account.token = answer.token
        if facts.first_token_hash is None or not facts.saved:
            facts.first_token_hash = answer.token_hash

    def on_skip_token_check(self, walk: WalkState[Facts], facts: Facts) -> None:
        """The token is entered in CONNECT only: nothing is known of it, nor of one that was checked before."""
        account = _account(walk)
        if account is not None:
            account.token = None
        if not facts.saved:
            facts.first_token_hash = None

    def on_turn_to_next(self, walk: WalkState[Facts], facts: Facts) -> None:
        """Work on the next account that is not saved."""
        facts.single_item = False
        walk.item = facts.next_account()

    def on_confirm_account(self, walk: WalkState[Facts], facts: Facts) -> None:
        """All that is to be done for a further account, confirmed with one press; it is saved with the next one."""
        account = _account(walk)
        if account is not None:
            account.backup = account.confirmed_together = True
            account.key_set_changed = facts.changes_key_set

    def on_open_item(self, facts: Facts) -> None:
        """One item of the list by itself; its step leads back to the list."""
        facts.single_item = True

    def on_step_by_step(self, walk: WalkState[Facts], facts: Facts) -> None:
        """The same, each step by itself."""
        facts.single_item = False
        account = _account(walk)
        if account is not None:
            account.confirmed_together = False

    def on_fetch_worked(self, facts: Facts, now: datetime) -> None:
        """Orders arrive again."""
        facts.fetches.append(Fetch(at=now, worked=True))

    def on_fetch_failed(self, facts: Facts, now: datetime) -> None:
        """The first failure is expected (row 17); after the second, `Walk.act` asks for a ticket."""
        facts.fetches.append(Fetch(at=now, worked=False))

    def on_describe_failure(self, facts: Facts, answer: CheckedInput) -> None:
        """Which accounts failed, and CONNECT's error message, from which `interpret` has removed secrets."""
        facts.failed_accounts = list(answer.names)
        if answer.error_text:
            facts.error_texts.append(answer.error_text)

    def on_confirm_reverted(self, facts: Facts, now: datetime) -> None:
        """The old authorization is back."""
        facts.access_on_again_at = now
