"""One test for each way through the chart; what goes wrong on the way is mended, and the walk is finished."""

from datetime import timedelta

import pytest
from token_walks import (
    ALONE,
    CONFIGURED,
    CONFIGURED_ID,
    HANDBOOK_ID,
    HONEST,
    NEW_ENOUGH,
    OTHER_SELLER_ID,
    SELLER_ID,
    STEP_BY_STEP,
    THREE,
    TOO_OLD,
    UNDECIDABLE,
    Answers,
    Merchant,
    accounts,
    at,
    token,
)

from conversations.amazon_token import variants
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.steps import STEPS
from conversations.engine.walkthrough import NotOffered, Walk

STRAIGHT = [
    *(
        "before_start",
        "connect_version",
        "account_mask",
        "which_mask",
        "account_region",
        "account_names",
        "select_account",
        "key_set",
    ),
    *("backup_token", "seller_central", "settings_menu", "user_permissions", "manage_apps", "ready_to_disable"),
    *(
        "disable_access",
        "new_developer",
        "authorize_developer",
        "licence_terms",
        "new_credentials",
        "check_seller_id",
        "new_token",
    ),
    *("save_account", "next_account", "first_fetch", "done"),
]
ABROAD: Answers = {"account_region": ("choose_region", {"choice": "north_america"})}
BOTH_FAIL: Answers = {"first_fetch": ("fetch_failed", {}), "second_fetch": ("fetch_failed", {})}


def test_straight_way_visits_every_documented_step_once() -> None:
    """A European merchant with one account goes through every step in the order of the procedure, and is done."""
    merchant = Merchant().finish()

    assert merchant.seen == STRAIGHT
    assert merchant.facts.orders_arriving is False
    assert (merchant.facts.key_set_before, merchant.facts.key_set) == ("standard", "alternativ")
    assert [fetch.worked for fetch in merchant.facts.fetches] == [True]
    assert not merchant.facts.in_danger_zone


def test_briefing_without_notice_asks_nothing() -> None:
    """With the notice switched off the briefing has one way on, and nothing is noted about orders."""
    merchant = Merchant(TokenSettings(mws_notice=False))

    assert [offer.event for offer in merchant.walk.offers()] == ["begin_now"]
    merchant.finish({"before_start": ("begin_now", {})})
    assert merchant.seen == STRAIGHT
    assert merchant.facts.orders_arriving is None


def test_orders_still_arriving_needs_a_second_yes() -> None:
    """A merchant who still gets orders is stopped; to continue takes an explicit second yes."""
    merchant = at("still_receiving")

    assert merchant.facts.orders_arriving is True
    assert merchant.walk.plain_next() is None
    merchant.do("continue_anyway")
    assert merchant.step == "connect_version"
    assert merchant.finish().step == "done"


def test_too_old_then_updated_days_later() -> None:
    """With an old version the walk waits at the update; days later it continues from there with the new one."""
    merchant = at("connect_version")

    merchant.do("enter_version", version=TOO_OLD)
    assert (merchant.step, merchant.facts.version) == ("update_required", TOO_OLD)
    still = merchant.do("enter_version", version=TOO_OLD)
    assert (still.moved, [note.code for note in still.notes]) == (False, ["version_still_too_old"])

    merchant.now += timedelta(days=5)
    merchant.do("enter_version", version=NEW_ENOUGH)
    assert (merchant.step, merchant.facts.version) == ("account_mask", NEW_ENOUGH)
    assert merchant.finish().step == "done"


@pytest.mark.parametrize("step", ["connect_version", "update_required"])
def test_undecidable_version_is_refused_and_asked_again(step: str) -> None:
    """A version with too few numbers to tell moves nothing; the full one does."""
    merchant = at(step)
    before = merchant.walk.state.model_copy(deep=True)

    outcome = merchant.do("enter_version", version=UNDECIDABLE)

    assert [refusal.field for refusal in outcome.refusals] == ["version"]
    assert (outcome.moved, merchant.walk.state) == (False, before)
    merchant.do("enter_version", version=NEW_ENOUGH)
    assert merchant.finish().step == "done"


def test_newer_mask_can_only_be_left_by_looking_again_or_ending() -> None:
    """In the newer form no token is pasted: the only ways are back and to an end."""
    merchant = at("newer_mask")

    assert merchant.facts.model_dump()["mask"] == "sp_api"
    assert [offer.event for offer in merchant.walk.offers()] == ["cancel"]
    merchant.do("back")
    merchant.do("sees_key_set")
    assert merchant.facts.mask == "key_set"
    assert merchant.finish().step == "done"


@pytest.mark.parametrize("step", ALONE)
def test_an_error_from_sp_api_leads_to_the_newer_mask_while_the_access_is_on(step: str) -> None:
    """From every step before row 9 is done, with nothing switched off, and back from there; later from none.

    Nor from the way back to the old access, which switches nothing off.
    """
    merchant = at(step)
    before = merchant.facts.access_off_at
    stops = before is None and step not in {"newer_mask", "going_back", *PROCEDURE.ends}
    assert merchant.walk.can("sp_api_error") == stops
    if stops:
        merchant.do("sp_api_error")
        assert (merchant.step, merchant.facts.access_off_at) == ("newer_mask", None)
        merchant.do("back")
        assert merchant.step == step


def test_other_region_with_configured_id_skips_the_key_set() -> None:
    """Outside Europe a configured ID is given, and the key set stays as it is."""
    merchant = at("authorize_developer", CONFIGURED, ABROAD)

    assert not {"no_developer_id", "key_set"} & set(merchant.seen)
    assert variants.given_developer_id(merchant.facts, CONFIGURED) == CONFIGURED_ID
    assert merchant.finish().facts.key_set == "standard"


def test_other_region_without_configured_id_takes_the_one_of_the_handbook() -> None:
    """Outside Europe without a configured ID the merchant is asked for the one of the handbook."""
    merchant = at("no_developer_id")

    assert variants.given_developer_id(merchant.facts, merchant.settings) is None
    refused = merchant.do("enter_developer_id", developer_id="none")
    assert [refusal.field for refusal in refused.refusals] == ["developer_id"]
    merchant.do("enter_developer_id", developer_id=HANDBOOK_ID)
    assert merchant.step == "account_names"
    merchant.go_to("authorize_developer")
    assert variants.given_developer_id(merchant.facts, merchant.settings) == HANDBOOK_ID
    assert merchant.walk.text_key.endswith(".handbook")
    assert merchant.finish().step == "done"


def test_keeping_standard_in_europe_needs_the_handbook() -> None:
    """A European account on „Standard“ does not get the documented ID and continues with its account."""
    merchant = at("key_set")

    merchant.do("keep_standard")
    assert merchant.step == "no_developer_id"
    merchant.do("enter_developer_id", developer_id=HANDBOOK_ID)
    assert merchant.step == "backup_token"
    assert variants.given_developer_id(merchant.facts, merchant.settings) == HANDBOOK_ID
    assert merchant.finish().facts.key_set == "standard"


def test_keeping_standard_in_europe_with_configured_id() -> None:
    """A configured ID for Europe and „Standard“ spares the way to the handbook."""
    settings = TokenSettings(developer_ids={"europe:standard": CONFIGURED_ID})
    merchant = at("key_set", settings)

    merchant.do("keep_standard")
    assert merchant.step == "backup_token"
    assert variants.given_developer_id(merchant.facts, settings) == CONFIGURED_ID
    assert merchant.finish().step == "done"


def test_handbook_id_of_a_former_choice_is_forgotten() -> None:
    """Who kept „Standard“ first and then changes to „Alternativ“ gets the documented ID, not the typed one."""
    merchant = at("key_set")
    merchant.do("keep_standard")
    merchant.do("enter_developer_id", developer_id=HANDBOOK_ID)
    merchant.do("back")
    merchant.do("back")

    merchant.do("advance")

    assert merchant.facts.handbook_developer_id is None
    assert variants.id_source(merchant.facts) == "documented"
    assert merchant.finish().step == "done"


def test_three_accounts_are_all_changed_with_one_trip_to_seller_central() -> None:
    """Every account gets its key set, token and save; Seller Central's credentials are shown once."""
    merchant = Merchant().finish({**THREE, **STEP_BY_STEP})

    assert [merchant.seen.count(step) for step in ("select_account", "key_set", "backup_token", "save_account")] == [
        3
    ] * 4
    assert [merchant.seen.count(step) for step in ("seller_central", "disable_access", "new_credentials")] == [1] * 3
    assert all(account.saved_at and account.key_set_changed and account.backup for account in merchant.facts.accounts)
    saves = [account.saved_at for account in merchant.facts.accounts]
    assert saves == sorted(saves, key=lambda at: at or merchant.now)


def test_danger_zone_lasts_until_the_last_save() -> None:
    """Orders are paused from switching off until the last account is saved."""
    merchant = at("disable_access", answers=THREE)
    assert not merchant.facts.in_danger_zone
    paused = []
    while merchant.step != "first_fetch":
        merchant.answer({})
        paused.append((merchant.step, merchant.facts.in_danger_zone))

    assert [step for step, danger in paused if not danger] == ["next_account", "first_fetch"]


def test_account_remembered_late_joins_the_loop() -> None:
    """An account added when everything seemed saved opens the loop again; one already listed is refused."""
    merchant = at("next_account")
    assert merchant.walk.offers()[0].event == "all_saved"

    result = merchant.do("add_accounts", names="amazon de")
    assert [refusal.reason for refusal in result.refusals] == ["nothing_new"]
    added = merchant.do("add_accounts", names="Amazon DE\nAmazon FR")
    assert ([note.code for note in added.notes], added.moved) == (["accounts_added"], False)
    assert [account.name for account in merchant.facts.left] == ["Amazon FR"]
    with pytest.raises(NotOffered):
        merchant.do("all_saved")

    merchant.do("turn_to_next")
    assert merchant.walk.items[merchant.walk.state.item].name == "Amazon FR"
    assert merchant.finish().step == "done"


def test_seller_id_differs() -> None:
    """A field 1 that differs is first a question; only when both accounts are right it is copied, with its own act."""
    merchant = at("check_seller_id")

    outcome = merchant.do("compare_seller_id", connect=SELLER_ID, seller_central=OTHER_SELLER_ID)

    assert outcome.notes == (), "the next step says that they differ"
    assert (merchant.step, merchant.facts.accounts[0].seller_id) == ("differing_seller_id", "differs")
    merchant.do("both_right")
    assert (merchant.step, merchant.facts.accounts[0].seller_id) == ("adopt_seller_id", "differs")
    merchant.do("advance")
    assert (merchant.step, merchant.facts.accounts[0].seller_id) == ("new_token", "changed")
    assert merchant.finish().step == "done"


def test_the_wrong_entry_was_selected() -> None:
    """What was done in the wrong entry of CONNECT is asked again for the right one; Seller Central is left alone."""
    merchant = at("check_seller_id")
    merchant.do("seller_id_differs")
    merchant.do("wrong_entry")

    account = merchant.facts.accounts[0]
    assert (merchant.step, account.backup, account.key_set_changed) == ("select_account", False, False)
    assert account.seller_id == "not_checked"
    seen = len(merchant.seen)
    assert merchant.finish().step == "done"
    assert "disable_access" not in merchant.seen[seen:]


def test_seller_id_compared_and_equal() -> None:
    """Two equal IDs are as good as saying that they are."""
    merchant = at("check_seller_id")

    outcome = merchant.do("compare_seller_id", connect=SELLER_ID, seller_central=f" {SELLER_ID}\n")

    assert "seller_id_same" in [note.code for note in outcome.notes]
    assert merchant.facts.accounts[0].seller_id == "same"
    assert merchant.finish().step == "done"


def test_token_refused_then_recovered() -> None:
    """A damaged token changes nothing; the whole one, with blanks around it, is accepted."""
    merchant = at("new_token")
    before = merchant.walk.state.model_copy(deep=True)

    refused = merchant.do("paste_token", token=token()[:-5])
    assert [refusal.field for refusal in refused.refusals] == ["token"]
    assert merchant.walk.state == before
    accepted = merchant.do("paste_token", token=f"  {token()} ")
    assert [note.code for note in accepted.notes] == ["token_repaired"]
    assert merchant.finish().step == "done"


def test_old_token_is_recognized() -> None:
    """The old token is refused when it is pasted again; the new one is accepted."""
    merchant = at("backup_token")
    remembered = merchant.do("remember_token", token=token("a"))
    assert [note.code for note in remembered.notes] == ["token_remembered"]
    assert merchant.facts.accounts[0].backup
    merchant.go_to("new_token")

    again = merchant.do("paste_token", token=token("a"))
    assert [refusal.reason for refusal in again.refusals] == ["same_as_old"]
    merchant.do("paste_token", token=token("b"))
    assert merchant.facts.accounts[0].token is not None
    assert merchant.facts.accounts[0].token.same_as_old is False
    assert merchant.finish().step == "done"


def test_first_token_corrected_before_saving_counts_as_the_first() -> None:
    """A wrong first token, replaced before it was saved, is not what the next account is compared with."""
    merchant = at("new_token", answers=THREE)
    merchant.do("paste_token", token=token("a"))
    merchant.do("back")
    merchant.do("paste_token", token=token("b"))
    merchant.answer({})
    merchant.go_to("new_token", STEP_BY_STEP)

    second = merchant.do("paste_token", token=token("b"))

    assert [note.code for note in second.notes] == ["token_fine", "token_same_as_first"]


def test_first_fetch_works() -> None:
    """Orders at the first try end the walk well."""
    merchant = at("first_fetch")
    merchant.do("fetch_worked")
    assert merchant.step == "done"


def test_second_fetch_works() -> None:
    """The first failure is expected: no ticket, and the second try ends the walk well."""
    merchant = at("first_fetch")

    assert merchant.do("fetch_failed").ticket is None
    assert merchant.step == "second_fetch"
    merchant.do("fetch_worked")
    assert merchant.step == "done"
    assert [fetch.worked for fetch in merchant.facts.fetches] == [False, True]


def test_second_fetch_fails_and_support_solves_it() -> None:
    """The second failure files the ticket; the merchant describes it, and support's help ends the walk well."""
    merchant = at("second_fetch", answers=THREE)

    assert merchant.do("fetch_failed").ticket == "file"
    assert merchant.step == "with_support"
    result = merchant.do("describe_failure", accounts=["Amazon FR"], error_text="AccessDenied")
    assert (result.ticket, result.moved) == ("add", False)
    assert merchant.facts.failed_accounts == ["Amazon FR"]
    merchant.do("problem_solved")
    assert merchant.step == "done"


def test_second_fetch_fails_and_the_merchant_tries_again() -> None:
    """From support the second fetch can be tried again, as often as needed."""
    merchant = at("with_support")

    for _ in range(3):
        merchant.do("try_fetch_again")
        assert merchant.step == "second_fetch"
        assert merchant.do("fetch_failed").ticket == "file"
    merchant.do("try_fetch_again")
    merchant.do("fetch_worked")
    assert merchant.step == "done"
    assert [fetch.worked for fetch in merchant.facts.fetches] == [False] * 5 + [True]


ONE_SAVED = ("select_account", "key_set", "backup_token", "next_account")
DANGER = (
    "disable_access", "new_developer", "authorize_developer", "licence_terms", "new_credentials", "check_seller_id",
    "new_token", "save_account", "differing_seller_id", "adopt_seller_id",
)  # fmt: skip


def _in_danger(step: str) -> Merchant:
    merchant = Merchant()
    if step in ONE_SAVED:
        merchant.go_to("next_account", THREE)
        return merchant if step == "next_account" else merchant.go_to(step, STEP_BY_STEP)
    return merchant.go_to(step)


def test_no_way_back_is_offered_before_the_access_is_off() -> None:
    """While the merchant is only asked whether they are ready, the old access is on; going back is offered later."""
    merchant = Merchant().go_to("ready_to_disable")
    assert "restore_old_access" not in [offer.event for offer in merchant.walk.offers()]
    merchant.go_to("new_developer")
    while merchant.step != "ready_to_disable":
        merchant.do("back")
    assert "restore_old_access" in [offer.event for offer in merchant.walk.offers()]


@pytest.mark.parametrize("step", [*DANGER, *ONE_SAVED, "second_fetch", "with_support"])
def test_going_back_from_each_step_of_the_danger_zone(step: str) -> None:
    """The old authorization can be had back wherever orders may be paused; until it is confirmed one can return."""
    merchant = _in_danger(step)

    merchant.do("restore_old_access")
    assert merchant.step == "going_back"
    merchant.do("back")
    assert merchant.step == step
    merchant.do("restore_old_access")
    merchant.do("confirm_reverted")

    assert merchant.step == "old_access_restored"
    assert merchant.facts.access_on_again_at == merchant.now
    assert not merchant.facts.in_danger_zone


@pytest.mark.parametrize("step", ["select_account", "key_set", "backup_token"])
def test_nothing_to_go_back_to_before_the_access_is_off(step: str) -> None:
    """Before row 9 the old authorization is still valid, so going back to it is not offered."""
    assert "restore_old_access" not in [offer.event for offer in at(step).walk.offers()]


def test_postponing_keeps_the_step_and_says_so() -> None:
    """A merchant who is not ready to switch off stays at the question, reads so, and continues a day later."""
    merchant = at("ready_to_disable")
    before = merchant.walk.state.model_copy(deep=True)

    outcome = merchant.do("not_now")
    assert (outcome.moved, merchant.walk.state) == (False, before)
    assert [note.code for note in outcome.notes] == ["postponed"]
    merchant.now += timedelta(days=1)
    assert merchant.finish().step == "done"


@pytest.mark.parametrize("step", [step for step in STEPS if step not in PROCEDURE.ends])
def test_cancel_from_each_step(step: str) -> None:
    """Every step but an end can be cancelled; then nothing is offered and no hash is kept."""
    merchant = at(step, answers={"backup_token": ("remember_token", {"token": token("a")})})

    merchant.do("cancel")

    assert (merchant.step, merchant.walk.over, merchant.walk.offers()) == ("cancelled", True, [])
    assert merchant.facts.first_token_hash is None
    assert all(account.old_token_hash is None for account in merchant.facts.accounts)


@pytest.mark.parametrize("step", [step for step in STEPS if step not in PROCEDURE.ends | {"before_start"}])
def test_back_leads_where_the_merchant_came_from(step: str) -> None:
    """One step back is the step before, with everything known still known; forward again is the same step."""
    merchant = at(step)
    came_from = merchant.seen[-2]
    where = {"step", "item", "trail", "repeats"}
    known_before = merchant.walk.state.model_dump(exclude=where)

    merchant.do("back")

    assert merchant.step == came_from
    assert merchant.walk.state.model_dump(exclude=where) == known_before


def test_back_retraces_a_whole_walk_account_by_account() -> None:
    """Pressed again and again, back passes every step in reverse, each with the account it was about."""
    merchant = Merchant()
    been = [(merchant.step, merchant.walk.state.item)]
    while merchant.step != "with_support":
        merchant.answer({**THREE, **BOTH_FAIL})
        been.append((merchant.step, merchant.walk.state.item))

    returned = [(merchant.step, merchant.walk.state.item)]
    while merchant.walk.can("back"):
        merchant.do("back")
        returned.append((merchant.step, merchant.walk.state.item))

    assert returned == been[::-1]
    assert merchant.facts.access_off_at is not None
    assert all(account.saved_at for account in merchant.facts.accounts)


def test_back_then_forward_does_not_repeat_what_happened_in_the_world() -> None:
    """Steps shown again keep the first time of switching off and of saving."""
    merchant = at("next_account")
    off, saved = merchant.facts.access_off_at, merchant.facts.accounts[0].saved_at
    while merchant.step != "disable_access":
        merchant.do("back")

    merchant.go_to("next_account")

    assert (merchant.facts.access_off_at, merchant.facts.accounts[0].saved_at) == (off, saved)


def test_accounts_named_anew_keep_what_is_known() -> None:
    """Naming the accounts again keeps saved ones and what is known of the others."""
    merchant = at("next_account", answers=THREE)
    while merchant.step != "account_names":
        merchant.do("back")

    merchant.answer({"account_names": accounts("amazon fr", "Amazon ES")})

    assert [account.name for account in merchant.facts.accounts] == ["Amazon DE", "Amazon FR", "Amazon ES"]
    assert merchant.walk.items[merchant.walk.state.item].name == "Amazon FR"
    assert merchant.finish().step == "done"


def test_region_chosen_anew_drops_what_depended_on_it() -> None:
    """A corrected region takes key set and handbook ID with it."""
    merchant = at("account_names", answers=ABROAD)
    while merchant.step != "account_region":
        merchant.do("back")

    merchant.do("choose_region", choice="europe")

    assert (merchant.facts.key_set, merchant.facts.handbook_developer_id) == (None, None)
    assert merchant.finish().facts.key_set == "alternativ"


def test_walk_restored_before_every_act_ends_the_same() -> None:
    """Nothing of a walk lives outside its JSON: restored before every act it learns exactly the same."""
    steady, forgetful = (Merchant(forgetful=forgetful).finish({**THREE, **BOTH_FAIL}) for forgetful in (False, True))
    assert (forgetful.walk.state, forgetful.seen) == (steady.walk.state, steady.seen)


@pytest.mark.parametrize("step", ALONE)
def test_restored_from_json_at_every_step(step: str) -> None:
    """A walk restored from what is stored knows, offers and does the same as one that was never stored."""
    merchant = at(step, answers=THREE)
    twin = Walk(PROCEDURE, PROCEDURE.load(merchant.walk.state.model_dump_json()), merchant.settings, ())

    assert (twin.step, twin.over, twin.offers()) == (step, step in PROCEDURE.ends, merchant.walk.offers())
    assert (twin.plain_next(), twin.value_form()) == (merchant.walk.plain_next(), merchant.walk.value_form())
    assert twin.state == merchant.walk.state
    if step in HONEST:
        merchant.answer({})
        other = Merchant(merchant.settings)
        other.walk, other.now = twin, merchant.now - timedelta(minutes=1)
        other.answer({})
        assert other.walk.state == merchant.walk.state


def test_a_further_account_is_confirmed_together_and_saved_by_itself() -> None:
    """Nothing is known of it before; afterwards it is written down that all was confirmed with one press."""
    merchant = at("further_account", answers=THREE)
    assert merchant.walk.items[merchant.walk.state.item].name == "Amazon FR"
    second = merchant.facts.accounts[1]
    assert (second.backup, second.key_set_changed, second.confirmed_together, second.saved_at) == (
        False, False, False, None,
    )  # fmt: skip
    merchant.do("confirm_account")
    second = merchant.facts.accounts[1]
    assert (merchant.step, second.backup, second.key_set_changed, second.confirmed_together) == (
        "save_account", True, True, True,
    )  # fmt: skip
    assert second.saved_at is None
    merchant.do("back")
    assert merchant.step == "further_account"
    merchant.do("step_by_step")
    assert (merchant.step, merchant.facts.accounts[1].confirmed_together) == ("select_account", False)


def test_the_token_of_a_further_account_can_be_checked_and_need_not() -> None:
    """The check stays at the list; a wrong token is refused with its reason."""
    merchant = at("further_account", answers=THREE)
    assert merchant.do("paste_token", token="amzn.mws.1").refusals
    outcome = merchant.do("paste_token", token=token())
    assert (merchant.step, [note.code for note in outcome.notes]) == (
        "further_account", ["token_fine", "token_same_as_first"],
    )  # fmt: skip
    memory = merchant.facts.accounts[1].token
    assert memory is not None
    assert memory.last4 == "1111"


def test_a_merchant_who_sees_steps_one_by_one_gets_no_list() -> None:
    """„Zum nächsten Konto“ then leads to its first step."""
    merchant = at("next_account", answers=THREE)
    merchant.walk.state.one_by_one = True
    merchant.do("turn_to_next")
    assert merchant.step == "select_account"


def test_the_token_need_not_be_shown_to_the_bot() -> None:
    """„Ohne Prüfung weiter“ says what to look out for; nothing is known of the token then, not even a hash."""
    merchant = at("new_token")
    merchant.do("paste_token", token=token("a"))
    merchant.do("back")
    outcome = merchant.do("skip_token_check")
    assert [note.code for note in outcome.notes] == ["token_unchecked"]
    assert merchant.step == "save_account"
    assert (merchant.facts.accounts[0].token, merchant.facts.first_token_hash) == (None, None)
    assert merchant.finish().step == "done"


@pytest.mark.parametrize(
    ("item", "act"),
    [
        ("select_account", ("advance", {})), ("key_set", ("advance", {})), ("backup_token", ("advance", {})),
        ("backup_token", ("remember_token", {"token": token("b")})), ("check_seller_id", ("same_seller_id", {})),
        ("new_token", ("skip_token_check", {})), ("new_token", ("paste_token", {"token": token()})),
    ],
)  # fmt: skip
def test_one_item_of_the_list_by_itself(item: str, act: tuple[str, dict[str, str]]) -> None:
    """Its step leads back to the list, where nothing is ticked by it; the walk ends as usual."""
    merchant = at("further_account")
    merchant.do("open_item", choice=item)
    assert merchant.step == item
    merchant.do(act[0], **act[1])
    assert merchant.step == "further_account"
    assert not merchant.facts.accounts[1].confirmed_together
    merchant.do("back")
    assert merchant.step == item
    merchant.do(act[0], **act[1])
    assert merchant.finish().step == "done"


def test_a_differing_id_of_a_further_account_leads_back_to_the_list() -> None:
    """After the question and the copying; step by step afterwards goes on as ever."""
    merchant = at("further_account")
    merchant.do("open_item", choice="check_seller_id")
    for event in ("seller_id_differs", "both_right", "advance"):
        merchant.do(event)
    assert (merchant.step, merchant.facts.accounts[1].seller_id) == ("further_account", "changed")
    merchant.do("step_by_step")
    merchant.do("advance")
    assert merchant.step == "key_set"
