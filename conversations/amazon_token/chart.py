"""The statechart of the walkthrough: every step, and every way between two steps."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from statemachine import State, StateChart
from statemachine.transition_list import TransitionList

from conversations.amazon_token.checked_input import CheckedInput
from conversations.amazon_token.facts import Facts, Fetch
from conversations.amazon_token.policy import Policy


def _came_from(state: State) -> Callable[[Facts], bool]:
    """A guard that holds when `state` was the last one left. The ID is read late: states get theirs from the class."""

    def came_from(facts: Facts) -> bool:
        return bool(facts.came_from == state.id)

    return came_from


def _ways_back(*states: State) -> TransitionList:
    """For each way forward between two different steps, the guarded way back."""
    ways = TransitionList()
    seen: set[tuple[int, int]] = set()
    forward = [(s, t.target) for s in states for t in s.transitions]
    for source, target in forward:
        if target is None or target is source or target.final or (id(source), id(target)) in seen:
            continue
        seen.add((id(source), id(target)))
        ways = ways | target.to(source, cond=_came_from(source))
    return ways


FIRST_STEP = "briefing"


class Position:
    """The chart's model: the step of the walk at hand, so that one chart serves many walks."""

    def __init__(self) -> None:
        self.facts = Facts(step=FIRST_STEP)

    @property
    def step(self) -> str | None:
        """The step that the chart reads and writes."""
        return self.facts.step

    @step.setter
    def step(self, step: str) -> None:
        self.facts.step = step


class TokenChart(StateChart[Position]):
    """The renewal of the Amazon authorization, one state for each documented step.

    Flat, so that a walk is restored from one word (`Facts.step`). Guards have no side effects. An event that the
    present state does not offer raises `TransitionNotAllowed` and changes nothing. Each call names the facts and the
    policy it is about: the chart keeps nothing of them between two calls, and guards and actions get them as arguments.
    """

    atomic_configuration_update = True
    catch_errors_as_events = False
    allow_event_without_transition = False

    briefing = State(initial=True)
    still_receiving = State()
    connect_version = State()
    update_required = State()
    account_mask = State()
    which_mask = State()
    newer_mask = State()
    region = State()
    current_key_set = State()
    no_developer_id = State()
    accounts = State()
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
    licence = State()
    credentials = State()
    seller_id = State()
    token = State()
    save = State()
    next_account = State()
    first_fetch = State()
    second_fetch = State()
    with_support = State()
    going_back = State()
    done = State(final=True)
    cancelled = State(final=True)
    reverted = State(final=True)

    begin = briefing.to(connect_version, cond="without_notice")
    orders_stopped = briefing.to(connect_version, cond="with_notice")
    orders_arriving = briefing.to(still_receiving, cond="with_notice")
    continue_anyway = still_receiving.to(connect_version)
    enter_version = (
        connect_version.to(account_mask, cond="new_enough")
        | connect_version.to(update_required)
        | update_required.to(account_mask, cond="new_enough")
        | update_required.to.itself(internal=True)  # type: ignore[no-untyped-call]
    )
    sees_key_set = which_mask.to(region)
    sees_sp_api = which_mask.to(newer_mask)
    choose_region = region.to(accounts, cond="european") | region.to(current_key_set)
    choose_key_set = current_key_set.to(accounts, cond="id_configured") | current_key_set.to(no_developer_id)
    enter_developer_id = no_developer_id.to(backup_token, cond="accounts_named") | no_developer_id.to(accounts)
    name_accounts = accounts.to(select_account)
    keep_standard = key_set.to(backup_token, cond="access_is_on and standard_configured") | key_set.to(
        no_developer_id, cond="access_is_on"
    )
    remember_token = backup_token.to(seller_central, cond="credentials_missing") | backup_token.to(seller_id)
    ready = ready_to_disable.to(disable_access)
    postpone = ready_to_disable.to.itself(internal=True)  # type: ignore[no-untyped-call]
    same_seller_id = seller_id.to(token)
    compare_seller_id = seller_id.to(token)
    paste_token = token.to(save)
    add_accounts = next_account.to.itself(internal=True)  # type: ignore[no-untyped-call]
    turn_to_next = next_account.to(select_account, cond="accounts_left")
    all_saved = next_account.to(first_fetch, unless="accounts_left")
    fetched = first_fetch.to(done) | second_fetch.to(done)
    fetch_failed = first_fetch.to(second_fetch) | second_fetch.to(with_support)
    describe_failure = with_support.to.itself(internal=True)  # type: ignore[no-untyped-call]
    solved = with_support.to(done)
    advance = (
        account_mask.to(which_mask)
        | select_account.to(key_set, cond="changes_key_set")
        | select_account.to(backup_token)
        | key_set.to(backup_token)
        | backup_token.to(seller_central, cond="credentials_missing")
        | backup_token.to(seller_id)
        | seller_central.to(settings_menu)
        | settings_menu.to(user_permissions)
        | user_permissions.to(manage_apps)
        | manage_apps.to(ready_to_disable)
        | disable_access.to(new_developer)
        | new_developer.to(authorize_developer)
        | authorize_developer.to(licence)
        | licence.to(credentials)
        | credentials.to(seller_id)
        | save.to(next_account)
    )
    revert = (
        going_back.from_(disable_access, new_developer, authorize_developer, licence, credentials)
        | going_back.from_(seller_id, token, save, second_fetch, with_support)
        | going_back.from_(select_account, key_set, backup_token, next_account, ready_to_disable, cond="access_is_off")
        | going_back.from_(seller_central, settings_menu, user_permissions, manage_apps, cond="access_is_off")
    )
    confirm_reverted = going_back.to(reverted)
    back = _ways_back(
        briefing, still_receiving, connect_version, update_required, account_mask, which_mask, newer_mask, region,
        current_key_set, no_developer_id, accounts, select_account, key_set, backup_token, seller_central,
        settings_menu, user_permissions, manage_apps, ready_to_disable, disable_access, new_developer,
        authorize_developer, licence, credentials, seller_id, token, save, next_account, first_fetch, second_fetch,
        with_support,
    )  # fmt: skip
    go_on = with_support.to(second_fetch)
    cancel = cancelled.from_(
        briefing, still_receiving, connect_version, update_required, account_mask, which_mask, newer_mask, region,
        current_key_set, no_developer_id, accounts, select_account, key_set, backup_token, seller_central,
        settings_menu, user_permissions, manage_apps, ready_to_disable, disable_access, new_developer,
        authorize_developer, licence, credentials, seller_id, token, save, next_account, first_fetch, second_fetch,
        with_support, going_back,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(Position(), state_field="step")

    def offers(self, facts: Facts, policy: Policy) -> tuple[str, ...]:
        """The events that the step in `facts` accepts now. Raises `KeyError` when that step is not one of ours."""
        if self.states_map[facts.step].final:
            return ()
        self.model.facts = facts
        events: list[Any] = self.enabled_events(facts=facts, policy=policy)
        return tuple(dict.fromkeys(str(event.id) for event in events))

    def take(self, event: str, facts: Facts, policy: Policy, *, answer: CheckedInput, now: datetime) -> None:
        """Let `event` happen to `facts`. Raises `TransitionNotAllowed` when their step does not accept it."""
        self.model.facts = facts
        self.send(event, facts=facts, policy=policy, answer=answer, now=now)

    # Guards

    def with_notice(self, policy: Policy) -> bool:
        """The operator shows the MWS notice, so the briefing asks whether orders still arrive."""
        return policy.mws_notice

    def without_notice(self, policy: Policy) -> bool:
        """The operator switched the notice off."""
        return not policy.mws_notice

    def new_enough(self, answer: CheckedInput | None = None) -> bool:
        """The version just entered can go on (row 0)."""
        return answer is not None and answer.version is not None and answer.version.is_enough

    def european(self, answer: CheckedInput | None = None) -> bool:
        """The region just chosen is Europe in the sense of the procedure."""
        return answer is not None and answer.region == "europe"

    def id_configured(self, facts: Facts, policy: Policy, answer: CheckedInput | None = None) -> bool:
        """The operator configured an ID for the region and the key set just chosen."""
        key_set = answer.key_set if answer is not None else None
        return policy.developer_id(facts.region, key_set) is not None

    def standard_configured(self, facts: Facts, policy: Policy) -> bool:
        """The operator configured an ID for this region with key set „Standard“."""
        return policy.developer_id(facts.region, "standard") is not None

    def accounts_named(self, facts: Facts) -> bool:
        """The accounts are known already."""
        return bool(facts.accounts)

    def credentials_missing(self, facts: Facts) -> bool:
        """Seller Central has not shown the new credentials yet (row 13)."""
        return not facts.credentials_shown

    def access_is_on(self, facts: Facts) -> bool:
        """Row 9 is not done: the combination of region and key set may still be chosen."""
        return facts.access_off_at is None

    def changes_key_set(self, facts: Facts) -> bool:
        """Row 2 applies: a European account that is to run on „Alternativ“."""
        return facts.region == "europe" and facts.key_set != "standard"

    def accounts_left(self, facts: Facts) -> bool:
        """At least one account is not saved yet."""
        return bool(facts.left)

    def access_is_off(self, facts: Facts) -> bool:
        """Row 9 is done."""
        return facts.access_off_at is not None

    # What each event leaves behind

    def before_transition(self, source: State, target: State, event: str, facts: Facts) -> None:
        """Lay or take up the trail that `back` follows."""
        if event in {"back", "go_on"}:
            facts.retrace()
        elif target is not source and not target.final:
            facts.leave(source.id)

    def after_transition(self, source: State, target: State, facts: Facts) -> None:
        """Count how often a step is shown; drop the hashes at the end."""
        if target is not source:
            facts.repeats[target.id] = facts.repeats.get(target.id, 0) + 1
        if target.final:
            facts.forget_hashes()

    def on_orders_stopped(self, facts: Facts) -> None:
        """Orders have stopped: the expected case."""
        facts.orders_arriving = False

    def on_orders_arriving(self, facts: Facts) -> None:
        """Orders still arrive: row 9 could cut a working connection."""
        facts.orders_arriving = True

    def on_enter_version(self, facts: Facts, answer: CheckedInput) -> None:
        """Keep the version as numbers, also one that is too old: the ticket names it."""
        facts.version = str(answer.version)

    def on_sees_key_set(self, facts: Facts) -> None:
        """The mask of this procedure."""
        facts.mask = "key_set"

    def on_sees_sp_api(self, facts: Facts) -> None:
        """The newer mask, in which nothing is pasted by hand."""
        facts.mask = "sp_api"

    def on_choose_region(self, facts: Facts, answer: CheckedInput) -> None:
        """A region chosen anew takes the answers with it that depended on the former one."""
        facts.key_set = facts.key_set_before = facts.handbook_developer_id = None
        facts.region = answer.region

    def on_choose_key_set(self, facts: Facts, answer: CheckedInput) -> None:
        """The key set stays as it is outside Europe."""
        facts.key_set = facts.key_set_before = answer.key_set
        facts.handbook_developer_id = None

    def on_keep_standard(self, facts: Facts) -> None:
        """A European account that stays on „Standard“ does not get the documented ID."""
        facts.key_set = facts.key_set_before = "standard"
        facts.handbook_developer_id = None

    def on_enter_developer_id(self, facts: Facts, answer: CheckedInput) -> None:
        """The ID that the merchant read in the handbook."""
        facts.handbook_developer_id = answer.developer_id

    def on_name_accounts(self, facts: Facts, answer: CheckedInput) -> None:
        """All accounts that CONNECT holds for this Amazon account."""
        facts.name_accounts(list(answer.names))

    def on_add_accounts(self, facts: Facts, answer: CheckedInput) -> None:
        """Accounts that were remembered late."""
        facts.add_accounts(list(answer.names))

    def on_advance(self, source: State, facts: Facts, now: datetime) -> None:
        """What „done“ means for the steps that change something in the world."""
        account = facts.account
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
        elif source.id == "credentials":
            facts.credentials_shown = True
        elif source.id == "save":
            facts.note_save(now)

    def on_remember_token(self, facts: Facts, answer: CheckedInput) -> None:
        """A keyed hash of the old token, so that pasting it again can be noticed."""
        if facts.account is not None:
            facts.account.backup = True
            facts.account.old_token_hash = answer.token_hash

    def on_same_seller_id(self, facts: Facts) -> None:
        """Field 1 is unchanged, as it should be."""
        if facts.account is not None:
            facts.account.seller_id = "same"

    def on_compare_seller_id(self, facts: Facts, answer: CheckedInput) -> None:
        """Field 1 was compared; where it differs, Seller Central wins (row 14)."""
        if facts.account is not None:
            facts.account.seller_id = "same" if answer.same else "changed"

    def on_paste_token(self, facts: Facts, answer: CheckedInput) -> None:
        """What may be kept of the new token. Until an account is saved, a token entered anew is the first one."""
        if facts.account is not None:
            facts.account.token = answer.token
        if facts.first_token_hash is None or not facts.saved:
            facts.first_token_hash = answer.token_hash

    def on_turn_to_next(self, facts: Facts) -> None:
        """The next account that is not saved."""
        facts.point_to_next()

    def on_fetched(self, facts: Facts, now: datetime) -> None:
        """Orders arrive again."""
        facts.fetches.append(Fetch(at=now, worked=True))

    def on_fetch_failed(self, facts: Facts, now: datetime) -> None:
        """The first failure is expected (row 17), the second is support's."""
        facts.fetches.append(Fetch(at=now, worked=False))

    def on_describe_failure(self, facts: Facts, answer: CheckedInput) -> None:
        """Which accounts failed, and what CONNECT said (redacted before it comes here)."""
        facts.failed_accounts = list(answer.names)
        if answer.error_text:
            facts.error_texts.append(answer.error_text)

    def on_confirm_reverted(self, facts: Facts, now: datetime) -> None:
        """The old authorization is back."""
        facts.access_on_again_at = now
