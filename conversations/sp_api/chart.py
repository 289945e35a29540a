"""The statechart of the SP-API authorization: every step, and every way between two steps."""

from collections.abc import Sequence

from statemachine import State

from conversations.engine.charts import WalkChart, staying, ways_back
from conversations.engine.walk_state import WalkState
from conversations.sp_api.effects import SpApiEffects
from conversations.sp_api.facts import SpApiFacts


class SpApiChart(SpApiEffects, WalkChart):
    """Consent at Amazon once for each „Verkäufertoken“, then a fetch for each account. The actions are in `effects`."""

    retracing = frozenset({"back", "try_fetch_again"})

    before_authorizing = State(initial=True)
    accounts_mask = State()
    which_screen = State()
    field_before = State()
    connect_accounts = State()
    seller_tokens = State()
    ready_to_authorize = State()
    check_entry = State()
    differing_entry = State()
    press_button = State()
    sign_in_amazon = State()
    give_consent = State()
    look_at_field = State()
    look_again = State()
    save_if_asked = State()
    order_reports = State()
    fetch_start = State()
    further_entry = State()
    first_fetch = State()
    second_fetch = State()
    next_entry = State()
    with_support = State()
    done = State(final=True)
    cancelled = State(final=True)
    transferred = State(final=True)

    orders_stopped = before_authorizing.to(field_before, cond="screen_known") | before_authorizing.to(accounts_mask)
    orders_arriving = before_authorizing.to(field_before, cond="screen_known") | before_authorizing.to(accounts_mask)
    sees_refresh_token = which_screen.to(field_before)
    sees_old_fields = which_screen.to(transferred, cond="goes_on")
    name_accounts = connect_accounts.to(seller_tokens, cond="several_named") | connect_accounts.to(ready_to_authorize)
    one_seller = seller_tokens.to(next_entry, cond="one_group and authorized") | seller_tokens.to(
        ready_to_authorize, cond="one_group"
    )
    group_accounts = (
        staying(seller_tokens, cond="ungrouped_left")
        | seller_tokens.to(next_entry, cond="authorized")
        | seller_tokens.to(ready_to_authorize)
    )
    ready_to_go = ready_to_authorize.to(check_entry)
    not_now = staying(ready_to_authorize)
    entry_differs = check_entry.to(differing_entry)
    entry_corrected = differing_entry.to(check_entry)
    field_filled = (
        field_before.to(connect_accounts, unless="accounts_named")
        | field_before.to(seller_tokens, cond="ungrouped")
        | field_before.to(ready_to_authorize)
        | look_at_field.to(save_if_asked, unless="renewal")
        | look_again.to(save_if_asked)
        | further_entry.to(fetch_start, cond="start_unread", unless="renewal")
        | further_entry.to(first_fetch, unless="renewal")
    )
    field_empty = (
        field_before.to(connect_accounts, unless="accounts_named")
        | field_before.to(seller_tokens, cond="ungrouped")
        | field_before.to(ready_to_authorize)
        | look_at_field.to(look_again, unless="renewal")
        | look_again.to(with_support)
        | further_entry.to(press_button, unless="renewal")
    )
    reports_on = order_reports.to(fetch_start, cond="start_unread") | order_reports.to(first_fetch)
    reports_activated = order_reports.to(fetch_start, cond="start_unread") | order_reports.to(first_fetch)
    reports_not_seen = order_reports.to(fetch_start, cond="start_unread") | order_reports.to(first_fetch)
    note_start = fetch_start.to(first_fetch)
    start_not_seen = fetch_start.to(first_fetch)
    fetch_worked = first_fetch.to(next_entry) | second_fetch.to(next_entry)
    fetch_failed = first_fetch.to(second_fetch) | second_fetch.to(with_support)
    authorize_again = second_fetch.to(check_entry) | with_support.to(check_entry)
    turn_to_next = next_entry.to(check_entry, cond="left and next_needs_consent") | next_entry.to(
        further_entry, cond="left"
    )
    add_accounts = next_entry.to(seller_tokens)
    all_working = next_entry.to(done, unless="left")
    describe_failure = staying(with_support)
    problem_solved = with_support.to(next_entry, cond="others_left") | with_support.to(done)
    advance = (
        accounts_mask.to(which_screen)
        | check_entry.to(press_button)
        | press_button.to(sign_in_amazon)
        | sign_in_amazon.to(give_consent)
        | give_consent.to(look_at_field)
        | look_at_field.to(order_reports, cond="renewal and reports_open")
        | look_at_field.to(fetch_start, cond="renewal and start_unread")
        | look_at_field.to(first_fetch, cond="renewal")
        | save_if_asked.to(order_reports, cond="reports_open")
        | save_if_asked.to(fetch_start, cond="start_unread")
        | save_if_asked.to(first_fetch)
        | further_entry.to(fetch_start, cond="renewal and start_unread")
        | further_entry.to(first_fetch, cond="renewal")
    )
    back = ways_back(
        before_authorizing, accounts_mask, which_screen, field_before, connect_accounts, seller_tokens,
        ready_to_authorize, check_entry, differing_entry, press_button, sign_in_amazon, give_consent, look_at_field,
        look_again, save_if_asked, order_reports, fetch_start, further_entry, first_fetch, second_fetch, next_entry,
        with_support,
    )  # fmt: skip
    try_fetch_again = with_support.to(second_fetch, cond="came_from_fetch")
    cancel = cancelled.from_(
        before_authorizing, accounts_mask, which_screen, field_before, connect_accounts, seller_tokens,
        ready_to_authorize, check_entry, differing_entry, press_button, sign_in_amazon, give_consent, look_at_field,
        look_again, save_if_asked, order_reports, fetch_start, further_entry, first_fetch, second_fetch, next_entry,
        with_support,
    )  # fmt: skip

    # Guards

    def screen_known(self, facts: SpApiFacts) -> bool:
        """Whether the fields of CONNECT were looked at already, in the procedure before this one."""
        return facts.mask == "sp_api"

    def accounts_named(self, facts: SpApiFacts) -> bool:
        """Whether the accounts are known already."""
        return bool(facts.accounts)

    def several_named(self, answer: Sequence[str] | None = None) -> bool:
        """Whether more than one account was just named."""
        return answer is not None and len(answer) > 1

    def ungrouped(self, facts: SpApiFacts) -> bool:
        """Whether it is open which accounts share a „Verkäufertoken“."""
        return bool(facts.ungrouped)

    def ungrouped_left(self, facts: SpApiFacts, answer: Sequence[str] | None = None) -> bool:
        """Whether that is still open after the accounts that were just put together."""
        chosen = {*(answer or ()), *(account.name for account in facts.ungrouped[:1])}
        return any(account.name not in chosen for account in facts.ungrouped)

    def one_group(self, facts: SpApiFacts) -> bool:
        """Whether all accounts can share one „Verkäufertoken“: no two are known that do not."""
        return len({account.seller for account in facts.accounts if account.seller}) <= 1

    def authorized(self, facts: SpApiFacts) -> bool:
        """Whether consent was given before: accounts were added on the way."""
        return facts.authorized

    def renewal(self, facts: SpApiFacts) -> bool:
        """Whether the field held a value before the consent."""
        return facts.renewal

    def reports_open(self, walk: WalkState[SpApiFacts]) -> bool:
        """Whether nobody has looked at the order reports of this „Verkäufertoken“ yet."""
        seller = walk.facts.seller_of(walk.item)
        return seller is None or seller.reports is None

    def start_unread(self, walk: WalkState[SpApiFacts]) -> bool:
        """Whether „Auftragsabholung ab“ of this account is still to be read."""
        accounts = walk.facts.accounts
        return walk.item < len(accounts) and not accounts[walk.item].orders_from_asked

    def left(self, facts: SpApiFacts) -> bool:
        """Whether a fetch is still to work for an account."""
        return bool(facts.left)

    def next_needs_consent(self, facts: SpApiFacts) -> bool:
        """Whether consent was not given yet for the „Verkäufertoken“ of the next account."""
        seller = facts.seller_of(facts.next_account())
        return seller is None or seller.consent_at is None

    def others_left(self, walk: WalkState[SpApiFacts]) -> bool:
        """Whether a fetch is still to work for an account other than the present one."""
        accounts = walk.facts.accounts
        return any(account.working_at is None for index, account in enumerate(accounts) if index != walk.item)

    def came_from_fetch(self, walk: WalkState[SpApiFacts]) -> bool:
        """Whether it was the fetch that failed."""
        return walk.came_from == "second_fetch"
