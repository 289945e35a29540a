"""Going back, putting off, ending, choosing anew, and going on from what was stored."""

from datetime import timedelta

import pytest
from token_walks import ALONE, HONEST, STEP_BY_STEP, THREE, Answers, Merchant, accounts, at, token

from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.steps import STEPS
from conversations.engine.walkthrough import Walk

ABROAD: Answers = {"account_region": ("choose_region", {"choice": "north_america"})}


BOTH_FAIL: Answers = {"first_fetch": ("fetch_failed", {}), "second_fetch": ("fetch_failed", {})}


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
