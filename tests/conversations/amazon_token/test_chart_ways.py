"""One test for each way through the chart; what goes wrong on the way is mended, and the walk is finished."""

from datetime import timedelta

import pytest
from token_walks import (
    ALONE,
    CONFIGURED,
    CONFIGURED_ID,
    HANDBOOK_ID,
    NEW_ENOUGH,
    OTHER_SELLER_ID,
    SELLER_ID,
    STEP_BY_STEP,
    THREE,
    TOO_OLD,
    UNDECIDABLE,
    Answers,
    Merchant,
    at,
    token,
)

from conversations.amazon_token import variants
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings, given_developer_id
from conversations.engine.walkthrough import NotOffered

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
    assert given_developer_id(merchant.facts, CONFIGURED) == CONFIGURED_ID
    assert merchant.finish().facts.key_set == "standard"


def test_other_region_without_configured_id_takes_the_one_of_the_handbook() -> None:
    """Outside Europe without a configured ID the merchant is asked for the one of the handbook."""
    merchant = at("no_developer_id")

    assert given_developer_id(merchant.facts, merchant.settings) is None
    refused = merchant.do("enter_developer_id", developer_id="none")
    assert [refusal.field for refusal in refused.refusals] == ["developer_id"]
    merchant.do("enter_developer_id", developer_id=HANDBOOK_ID)
    assert merchant.step == "account_names"
    merchant.go_to("authorize_developer")
    assert given_developer_id(merchant.facts, merchant.settings) == HANDBOOK_ID
    assert merchant.walk.text_key.endswith(".handbook")
    assert merchant.finish().step == "done"


def test_keeping_standard_in_europe_needs_the_handbook() -> None:
    """A European account on „Standard“ does not get the documented ID and continues with its account."""
    merchant = at("key_set")

    merchant.do("keep_standard")
    assert merchant.step == "no_developer_id"
    merchant.do("enter_developer_id", developer_id=HANDBOOK_ID)
    assert merchant.step == "backup_token"
    assert given_developer_id(merchant.facts, merchant.settings) == HANDBOOK_ID
    assert merchant.finish().facts.key_set == "standard"


def test_keeping_standard_in_europe_with_configured_id() -> None:
    """A configured ID for Europe and „Standard“ spares the way to the handbook."""
    settings = TokenSettings(developer_ids={"europe:standard": CONFIGURED_ID})
    merchant = at("key_set", settings)

    merchant.do("keep_standard")
    assert merchant.step == "backup_token"
    assert given_developer_id(merchant.facts, settings) == CONFIGURED_ID
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
