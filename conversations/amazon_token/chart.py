"""The statechart of the walkthrough: every step, and every way between two steps."""

from statemachine import State

from conversations.amazon_token.checks import CheckedInput
from conversations.amazon_token.effects import Effects
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.settings import TokenSettings, given_developer_id
from conversations.engine.charts import WalkChart, staying, ways_back
from conversations.engine.walk_state import WalkState


class TokenChart(Effects, WalkChart):
    """The renewal of the Amazon authorization, one state for each documented step. `Effects` are what events change."""

    retracing = frozenset({"back", "try_fetch_again"})

    before_start = State(initial=True)
    still_receiving = State()
    connect_version = State()
    update_required = State()
    account_mask = State()
    which_mask = State()
    newer_mask = State()
    account_region = State()
    current_key_set = State()
    no_developer_id = State()
    account_names = State()
    select_account = State()
    key_set = State()
    backup_token = State()
    seller_central = State()
    settings_menu = State()
    user_permissions = State()
    manage_apps = State()
    ready_to_disable = State()
    disable_access = State()
    new_developer = State()
    authorize_developer = State()
    licence_terms = State()
    new_credentials = State()
    check_seller_id = State()
    differing_seller_id = State()
    adopt_seller_id = State()
    new_token = State()
    save_account = State()
    next_account = State()
    further_account = State()
    first_fetch = State()
    second_fetch = State()
    with_support = State()
    going_back = State()
    done = State(final=True)
    cancelled = State(final=True)
    old_access_restored = State(final=True)
    transferred = State(final=True)

    begin_now = before_start.to(connect_version, cond="without_notice")
    orders_stopped = before_start.to(connect_version, cond="with_notice")
    orders_arriving = before_start.to(still_receiving, cond="with_notice")
    continue_anyway = still_receiving.to(connect_version)
    enter_version = (
        connect_version.to(account_mask, cond="new_enough")
        | connect_version.to(update_required)
        | update_required.to(account_mask, cond="new_enough")
        | staying(update_required)
    )
    sees_key_set = which_mask.to(account_region)
    sees_sp_api = which_mask.to(transferred, cond="goes_on") | which_mask.to(newer_mask)
    sp_api_error = transferred.from_(
        before_start, still_receiving, connect_version, update_required, account_mask, which_mask, account_region,
        current_key_set, no_developer_id, account_names, select_account, key_set, backup_token, seller_central,
        settings_menu, user_permissions, manage_apps, ready_to_disable, disable_access,
        cond="access_is_on and goes_on",
    ) | newer_mask.from_(
        before_start, still_receiving, connect_version, update_required, account_mask, which_mask, account_region,
        current_key_set, no_developer_id, account_names, select_account, key_set, backup_token, seller_central,
        settings_menu, user_permissions, manage_apps, ready_to_disable, disable_access,
        cond="access_is_on",
    )  # fmt: skip
    choose_region = (
        account_region.to(select_account, cond="european and brought_accounts")
        | account_region.to(account_names, cond="european")
        | account_region.to(current_key_set)
    )
    choose_key_set = current_key_set.to(account_names, cond="id_configured") | current_key_set.to(no_developer_id)
    enter_developer_id = no_developer_id.to(backup_token, cond="accounts_named") | no_developer_id.to(account_names)
    name_accounts = account_region.to(select_account) | account_names.to(select_account)
    keep_standard = key_set.to(backup_token, cond="access_is_on and standard_configured") | key_set.to(
        no_developer_id, cond="access_is_on"
    )
    remember_token = (
        backup_token.to(further_account, cond="single_item")
        | backup_token.to(seller_central, cond="credentials_missing")
        | backup_token.to(check_seller_id)
    )
    # Nobody switches off without an ID, by whatever way they came.
    ready_to_go = ready_to_disable.to(disable_access, cond="id_known") | ready_to_disable.to(no_developer_id)
    not_now = staying(ready_to_disable)
    same_seller_id = check_seller_id.to(further_account, cond="single_item") | check_seller_id.to(new_token)
    seller_id_differs = check_seller_id.to(differing_seller_id)
    compare_seller_id = (
        check_seller_id.to(differing_seller_id, unless="same_ids")
        | check_seller_id.to(further_account, cond="single_item")
        | check_seller_id.to(new_token)
    )
    both_right = differing_seller_id.to(adopt_seller_id)
    wrong_entry = differing_seller_id.to(select_account)
    paste_token = (
        new_token.to(further_account, cond="single_item") | new_token.to(save_account) | staying(further_account)
    )
    skip_token_check = new_token.to(further_account, cond="single_item") | new_token.to(save_account)
    add_accounts = staying(save_account) | staying(next_account)
    turn_to_next = next_account.to(further_account, cond="accounts_left and shown_together") | next_account.to(
        select_account, cond="accounts_left"
    )
    confirm_account = further_account.to(save_account)
    step_by_step = further_account.to(select_account)
    open_item = (
        further_account.to(select_account, cond="opens_selection")
        | further_account.to(key_set, cond="opens_key_set and changes_key_set")
        | further_account.to(backup_token, cond="opens_backup")
        | further_account.to(check_seller_id, cond="opens_seller_id")
        | further_account.to(new_token, cond="opens_token")
    )
    all_saved = next_account.to(first_fetch, unless="accounts_left")
    fetch_worked = first_fetch.to(done) | second_fetch.to(done)
    fetch_failed = first_fetch.to(second_fetch) | second_fetch.to(with_support)
    describe_failure = staying(with_support)
    problem_solved = with_support.to(done)
    advance = (
        account_mask.to(which_mask)
        | select_account.to(further_account, cond="single_item")
        | select_account.to(key_set, cond="changes_key_set")
        | select_account.to(backup_token, cond="id_known")
        | select_account.to(no_developer_id)
        | key_set.to(further_account, cond="single_item")
        | key_set.to(backup_token)
        | backup_token.to(further_account, cond="single_item")
        | backup_token.to(seller_central, cond="credentials_missing")
        | backup_token.to(check_seller_id)
        | seller_central.to(settings_menu)
        | settings_menu.to(user_permissions)
        | user_permissions.to(manage_apps)
        | manage_apps.to(ready_to_disable)
        | disable_access.to(new_developer)
        | new_developer.to(authorize_developer)
        | authorize_developer.to(licence_terms)
        | licence_terms.to(new_credentials)
        | new_credentials.to(check_seller_id)
        | adopt_seller_id.to(further_account, cond="single_item")
        | adopt_seller_id.to(new_token)
        | save_account.to(next_account)
    )
    restore_old_access = (
        going_back.from_(disable_access, new_developer, authorize_developer, licence_terms, new_credentials)
        | going_back.from_(differing_seller_id, adopt_seller_id)
        | going_back.from_(check_seller_id, new_token, save_account, second_fetch, with_support)
        | going_back.from_(select_account, key_set, backup_token, next_account, ready_to_disable, cond="access_is_off")
        | going_back.from_(further_account, cond="access_is_off")
        | going_back.from_(seller_central, settings_menu, user_permissions, manage_apps, cond="access_is_off")
    )
    confirm_reverted = going_back.to(old_access_restored)
    back = ways_back(
        before_start, still_receiving, connect_version, update_required, account_mask, which_mask, newer_mask,
        account_region, current_key_set, no_developer_id, account_names, select_account, key_set, backup_token,
        seller_central, settings_menu, user_permissions, manage_apps, ready_to_disable, disable_access, new_developer,
        authorize_developer, licence_terms, new_credentials, check_seller_id, differing_seller_id, adopt_seller_id,
        new_token, save_account, next_account, further_account, first_fetch, second_fetch, with_support,
    )  # fmt: skip
    try_fetch_again = with_support.to(second_fetch)
    cancel = cancelled.from_(
        before_start, still_receiving, connect_version, update_required, account_mask, which_mask, newer_mask,
        account_region, current_key_set, no_developer_id, account_names, select_account, key_set, backup_token,
        seller_central, settings_menu, user_permissions, manage_apps, ready_to_disable, disable_access, new_developer,
        authorize_developer, licence_terms, new_credentials, check_seller_id, differing_seller_id, adopt_seller_id,
        new_token, save_account, next_account, further_account, first_fetch, second_fetch, with_support, going_back,
    )  # fmt: skip

    # Guards

    def with_notice(self, settings: TokenSettings) -> bool:
        """Whether the operator shows the MWS notice: the briefing then asks whether orders still arrive."""
        return settings.mws_notice

    def without_notice(self, settings: TokenSettings) -> bool:
        """Whether the operator switched the notice off."""
        return not settings.mws_notice

    def new_enough(self, answer: CheckedInput | None = None) -> bool:
        """Whether the version just entered has what the procedure needs (row 0)."""
        return answer is not None and answer.version is not None and answer.version.is_enough

    def european(self, answer: str | None = None) -> bool:
        """Whether the region just chosen is Europe in the sense of the procedure."""
        return answer == "europe"

    def brought_accounts(self, facts: Facts) -> bool:
        """Whether the accounts were named in another procedure, so that nobody names them twice."""
        return facts.accounts_brought and bool(facts.accounts)

    def id_configured(self, facts: Facts, settings: TokenSettings, answer: str | None = None) -> bool:
        """Whether the operator configured an ID for the region and the key set just chosen."""
        return settings.developer_id(facts.region, answer) is not None

    def id_known(self, facts: Facts, settings: TokenSettings) -> bool:
        """Whether there is an ID for this region and key set."""
        return given_developer_id(facts, settings) is not None

    def standard_configured(self, facts: Facts, settings: TokenSettings) -> bool:
        """Whether the operator configured an ID for this region with key set „Standard“."""
        return settings.developer_id(facts.region, "standard") is not None

    def accounts_named(self, facts: Facts) -> bool:
        """Whether the accounts are known already."""
        return bool(facts.accounts)

    def credentials_missing(self, facts: Facts) -> bool:
        """Whether Seller Central has not shown the new credentials yet (row 13)."""
        return not facts.credentials_shown

    def same_ids(self, answer: CheckedInput | None = None) -> bool:
        """Whether the two seller IDs that were just compared are the same."""
        return answer is not None and bool(answer.same)

    def single_item(self, facts: Facts) -> bool:
        """Whether one item of the list for a further account was opened: its step leads back to the list."""
        return facts.single_item

    def opens_selection(self, answer: str | None = None) -> bool:
        """Whether the item just opened is the selection in CONNECT; before one is chosen any is possible."""
        return answer in {None, "select_account"}

    def opens_key_set(self, answer: str | None = None) -> bool:
        """Whether it is the key set."""
        return answer == "key_set"

    def opens_backup(self, answer: str | None = None) -> bool:
        """Whether it is the backup of the old token."""
        return answer == "backup_token"

    def opens_seller_id(self, answer: str | None = None) -> bool:
        """Whether it is the seller ID."""
        return answer == "check_seller_id"

    def opens_token(self, answer: str | None = None) -> bool:
        """Whether it is the new token."""
        return answer == "new_token"

    def access_is_on(self, facts: Facts) -> bool:
        """Whether row 9 is still to come: region and key set may then be chosen again."""
        return facts.access_off_at is None

    def changes_key_set(self, facts: Facts) -> bool:
        """Whether row 2 applies: a European account that is to use „Alternativ“."""
        return facts.changes_key_set

    def accounts_left(self, facts: Facts) -> bool:
        """Whether an account is not saved yet."""
        return bool(facts.left)

    def shown_together(self, walk: WalkState[Facts]) -> bool:
        """Whether what is to be done for a further account is one list: people may want each step by itself."""
        return not walk.one_by_one

    def access_is_off(self, facts: Facts) -> bool:
        """Whether row 9 is done."""
        return facts.access_off_at is not None
