"""Two procedures side by side: whoever starts in the wrong one ends in the right one and types nothing twice."""

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.actions import BEGIN_PATTERN, RESTART_PATTERN
from bot.services import home_tab, invitations, start
from bot.services.runner import Services
from bot.store.models import WalkRecord
from conversations.registry import PROCEDURES
from conversations.sp_api.settings import SpApiSettings
from tests.bot.services.visits import TEAM, URL, Visit

SP_API = '{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":""}]}'
FIRST, SECOND = "amazon_token", "sp_api"


def _switched_off(visit: Visit) -> Visit:
    services = visit.services
    changed = replace(services.config, settings={SECOND: SpApiSettings(sp_api_procedure=False)})
    visit.services = Services(changed, services.store)
    return visit


def _facts(visit: Visit) -> Any:
    return visit.state.facts


def _before(visit: Visit) -> WalkRecord:
    """The walk that was handed over to the present one."""
    before = visit.record.transferred_from
    assert before is not None
    record = visit.do(lambda unit: unit.tx.walk(before))
    assert record is not None
    return record


def test_the_mask_question_leads_on_and_everything_known_comes_along(erika: Visit) -> None:
    """Version and orders are not asked again; the first walk ends as handed over in the same act."""
    erika.go_to("which_mask")
    version = _facts(erika).version
    erika.press("sees_sp_api")
    assert (erika.record.procedure, erika.step) == (SECOND, "field_before")
    assert (_facts(erika).version, _facts(erika).orders_arriving) == (version, False)
    assert _facts(erika).orders_down_since is not None
    assert "notes.goes_on_sp_api" in erika.newest()
    assert "frame.urgent" in erika.newest()
    assert (_before(erika).step, _before(erika).transferred_to) == ("transferred", erika.walk_id)


def test_switched_off_the_newer_mask_ends_with_a_person_as_before(erika: Visit) -> None:
    """Nor does the word, the Home tab or an invitation lead there."""
    _switched_off(erika).go_to("which_mask")
    erika.press("sees_sp_api")
    assert (erika.record.procedure, erika.step) == (FIRST, "newer_mask")
    erika.press("cancel")
    assert SECOND not in erika.services.config.offered
    erika.do(lambda unit: start.start_pressed(unit, URL, SECOND))
    assert (erika.record.procedure, erika.record.ended_at) == (FIRST, None)


def test_another_procedure_can_be_begun_instead_of_a_walk(erika: Visit) -> None:
    """One that is offered; else it is the same one again."""
    erika.begin()
    under_way = erika.walk_id
    erika.do(lambda unit: start.restart_pressed(unit, under_way, URL, SECOND))
    assert (erika.record.procedure, erika.step) == (SECOND, "before_authorizing")
    assert RESTART_PATTERN.fullmatch(f"door:restart:{SECOND}")
    for other in (None, "", "unknown"):
        erika.do(lambda unit, name=other, walk=erika.walk_id: start.restart_pressed(unit, walk, URL, name))
        assert erika.record.procedure == SECOND


def test_a_walk_goes_on_after_its_procedure_was_switched_off(erika: Visit) -> None:
    """Nobody is thrown out in the middle."""
    erika.begin(PROCEDURES[SECOND])
    _switched_off(erika).press("orders_stopped")
    assert (erika.record.procedure, erika.step) == (SECOND, "accounts_mask")


@pytest.mark.parametrize("step", ["connect_version", "key_set", "disable_access"])
def test_an_error_of_sp_api_before_the_switch_off_leads_on(erika: Visit, step: str) -> None:
    """The message and the accounts come along; nothing was switched off."""
    erika.go_to(step)
    names = [account.name for account in _facts(erika).accounts]
    erika.type(SP_API)
    assert (erika.record.procedure, erika.step) == (SECOND, "accounts_mask")
    assert [account.name for account in _facts(erika).accounts] == names
    assert erika.state.errors[-1].step == step
    assert "notes.goes_on_after_error" in erika.newest()


def test_a_misread_mask_leads_back_past_the_question(erika: Visit) -> None:
    """The first procedure goes on where it was left, with what was typed there."""
    erika.go_to("which_mask")
    version = _facts(erika).version
    erika.press("sees_sp_api")
    erika.press("back")
    assert erika.step == "which_screen"
    erika.press("sees_old_fields")
    assert (erika.record.procedure, erika.step) == (FIRST, "account_region")
    assert (_facts(erika).version, _facts(erika).mask) == (version, "key_set")
    erika.press("back")
    assert erika.step == "account_mask", "the first step of the screen with the question"


def test_accounts_typed_in_the_second_are_not_typed_again_in_the_first(erika: Visit) -> None:
    """Also for somebody who began in the second; the notice about MWS is not skipped where orders arrive."""
    erika.begin(PROCEDURES[SECOND])
    for event in ("orders_stopped", "advance", "sees_refresh_token", "field_empty"):
        erika.press(event)
    erika.submit("account_names", names="Shop DE, Shop FR")
    for _ in range(3):
        erika.press("back")
    assert erika.step == "accounts_mask", "the first step of the screen with the question"
    erika.press("advance")
    erika.press("sees_old_fields")
    assert (erika.record.procedure, erika.step) == (FIRST, "connect_version")
    erika.submit("connect_version", version="4.9.24.10")
    for event in ("advance", "sees_key_set"):
        erika.press(event)
    erika.press("choose_region", "europe")
    assert erika.step == "select_account"
    assert [account.name for account in _facts(erika).accounts] == ["Shop DE", "Shop FR"]


def test_the_error_after_which_somebody_left_is_no_way_round_what_was_answered(erika: Visit) -> None:
    """Sent on by an error and back by the mask: one step before the one that was left, accounts and all."""
    erika.go_to("key_set")
    erika.type(SP_API)
    erika.press("advance")
    erika.press("sees_old_fields")
    assert (erika.record.procedure, erika.step) == (FIRST, "select_account")
    assert _facts(erika).accounts


def test_the_second_procedure_starts_by_its_word_and_from_home(erika: Visit) -> None:
    """The Home tab has a button for each procedure, which starts that one."""
    erika.do(home_tab.opened)
    action = f"door:begin:{SECOND}"
    assert action in str(erika.rows("publish")[-1]["content"])
    assert BEGIN_PATTERN.fullmatch(action)
    erika.do(lambda unit: start.start_pressed(unit, URL, SECOND))
    assert erika.record.procedure == SECOND


@pytest.mark.parametrize(("offered", "begins"), [(True, SECOND), (False, FIRST)])
def test_an_invitation_begins_the_procedure_it_names(anna: Visit, erika: Visit, begins: str, *, offered: bool) -> None:
    """If that was switched off before it is accepted, the first one begins."""
    merchant = erika.do(lambda unit: unit.tx.person(TEAM, "U0ERIKA"))
    assert merchant is not None
    anna.do(lambda unit: invitations.invite(unit, merchant, PROCEDURES[SECOND]))
    invitation = erika.do(lambda unit: unit.tx.last_invitation(TEAM, "U0ERIKA"))
    assert invitation is not None
    if not offered:
        _switched_off(erika)
    erika.do(lambda unit: invitations.answered(unit, invitation.id, URL, accepted=True))
    assert (erika.record.procedure, erika.record.invited_by) == (begins, "U0ANNA")


def test_help_and_home_name_what_else_can_be_started(erika: Visit) -> None:
    """The word that begins it, and which button is right for somebody who does not know; neither when it is off."""
    assert "commands.begin" in str(erika.command("help"))
    erika.do(home_tab.opened)
    assert "home.which_button" in str(erika.rows("publish")[-1]["content"])
    _switched_off(erika)
    assert "commands.begin" not in str(erika.command("help"))
    erika.do(home_tab.opened)
    assert "home.which_button" not in str(erika.rows("publish")[-1]["content"])


def test_an_error_that_only_the_vendor_can_act_on_files_a_ticket_at_once(erika: Visit) -> None:
    """The code of Amazon's page is on the card, and what to do meanwhile is said."""
    erika.begin(PROCEDURES[SECOND])
    for event in ("orders_stopped", "advance", "sees_refresh_token", "field_empty"):
        erika.press(event)
    erika.submit("account_names", names="Shop DE")
    for event in ("ready_to_go", "advance", "advance", "advance"):
        erika.press(event)
    assert erika.step == "give_consent"
    erika.type("MD5101")
    walk_id = erika.walk_id
    ticket = erika.do(lambda unit: unit.tx.ticket_of_walk(walk_id))
    assert ticket is not None
    assert (ticket.category, ticket.priority, erika.step) == ("app_address", "P1", "give_consent")
    assert "categories.app_address.answer" in erika.newest()
