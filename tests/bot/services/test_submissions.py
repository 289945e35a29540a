"""Modals: what they hold, and what becomes of their submissions."""

from typing import Any

import pytest

from conversations.amazon_token.forms import FORMS
from conversations.amazon_token.steps import STEPS
from conversations.common_schema import HELP_FIELD
from conversations.marketplaces import EUROPEAN_MARKETPLACES
from tests.bot.services.visits import Visit
from tests.conversations.amazon_token.token_walks import THREE, TOO_OLD, token
from tests.guides import FIRST

FORM_FIELDS = {name: tuple(field.name for field in form.fields) for name, form in FORMS.items()}
FORM_FIELDS["help"] = (HELP_FIELD.name,)
MODALS = [name for name in FORM_FIELDS if name not in FORMS or not FORMS[name].in_message]
AT = {o.form: step for step, known in STEPS.items() for o in known.offers if o.form} | {"help": "before_start"}
GOOD: dict[str, dict[str, Any]] = {
    "connect_version": {"version": "4.9.24.4"},
    "own_developer_id": {"developer_id": "1111-2222-3333"},
    "account_names": {"marketplaces": [], "names": "Amazon DE"},
    "european_accounts": {"marketplaces": [], "names": "Amazon DE"},
    "more_accounts": {"marketplaces": [], "names": "Amazon FR"},
    "old_token": {"token": token("3")},
    "seller_ids": {"connect": "A1EXAMPLE12345", "seller_central": "A1EXAMPLE12345"},
    "new_token": {"token": token()},
    "fetch_failure": {"accounts": ["Amazon DE"], "error_text": "AccessDenied"},
    "help": {"sentence": "what now"},
}
BAD: dict[str, tuple[dict[str, Any], set[str]]] = {
    "connect_version": ({"version": "four"}, {"version"}),
    "own_developer_id": ({"developer_id": "5881-4686-6012"}, {"developer_id"}),
    "account_names": ({"marketplaces": [], "names": " "}, {"names"}),
    "european_accounts": ({"marketplaces": [], "names": " "}, {"names"}),
    "more_accounts": ({"marketplaces": ["Amazon DE"], "names": "amazon de"}, {"names"}),
    "old_token": ({"token": "amzn.mws.12"}, {"token"}),
    "seller_ids": ({"connect": "?", "seller_central": ""}, {"connect", "seller_central"}),
    "new_token": ({"token": ""}, {"token"}),
}


@pytest.mark.parametrize("form", MODALS)
def test_each_form_opens_at_its_step_with_its_fields(erika: Visit, form: str) -> None:
    """The modal carries the address it was opened from and fits Slack's limits; opening it changes nothing."""
    erika.go_to(AT[form])
    before = erika.record
    view = erika.form(form)
    assert view is not None
    assert view["private_metadata"] == str(erika.address)
    assert view["callback_id"] == f"form:{form}"
    fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    assert fields <= set(FORM_FIELDS[form])
    assert fields
    assert erika.record == before


@pytest.mark.parametrize("form", FORM_FIELDS)
def test_each_form_is_accepted_once_and_its_repeat_is_silent(erika: Visit, form: str) -> None:
    """A submission is acted upon; the same one again changes nothing and closes the modal."""
    erika.go_to(AT[form])
    where, events = erika.address, len(erika.events())
    assert erika.submit(form, at=where, **GOOD[form]) is None
    assert len(erika.events()) > events
    before = (erika.record, len(erika.rows()))
    assert erika.submit(form, at=where, **GOOD[form]) is None
    assert (erika.record, len(erika.rows())) == before


@pytest.mark.parametrize("form", [form for form in BAD if form in MODALS])
def test_a_refusal_stands_at_its_field_and_is_followed_by_recovery(erika: Visit, form: str) -> None:
    """The errors name fields that the modal shows; nothing has changed; a better answer is accepted."""
    erika.go_to(AT[form])
    before = (erika.record, len(erika.rows()))
    raw, fields = BAD[form]
    view = erika.form(form)
    answer = erika.submit(form, **raw)
    assert view is not None
    assert answer is not None
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == fields <= {block.get("block_id") for block in view["blocks"]}
    assert (erika.record, len(erika.rows())) == before
    assert erika.submit(form, **GOOD[form]) is None
    assert erika.record != before[0]


@pytest.mark.parametrize("form", FORM_FIELDS)
def test_a_submission_that_came_too_late_becomes_a_sentence(erika: Visit, form: str) -> None:
    """The walk went on elsewhere meanwhile: the modal turns into a sentence and nothing happens."""
    erika.go_to(AT[form])
    where = erika.address
    erika.act("cancel" if form == "help" else "back")
    before = (erika.record, len(erika.rows()))
    answer = erika.submit(form, at=where, **GOOD[form])
    assert answer is not None
    assert answer["response_action"] == "update"
    assert ("answers.ended" if form == "help" else "answers.stale") in str(answer["view"])
    assert (erika.record, len(erika.rows())) == before


def test_a_foreign_submission_says_so(erika: Visit, oliver: Visit) -> None:
    """The address in a modal is checked like any other."""
    erika.go_to("connect_version")
    answer = oliver.submit("connect_version", at=erika.address, version="4.9.24.4")
    assert "answers.foreign" in str(answer)
    assert erika.step == "connect_version"


@pytest.mark.parametrize("form", ["new_token", "nothing", "", "advance", "cancel"])
def test_a_form_that_the_step_does_not_offer_is_stale(erika: Visit, form: str) -> None:
    """Neither opening nor submitting it does anything, and an event is not smuggled in as the name of a form."""
    erika.go_to("connect_version")
    before = erika.record
    assert erika.form(form) is None
    assert "answers.stale" in erika.newest("respond")
    answer = erika.submit(form, token=token())
    assert "answers.stale" in str(answer)
    assert erika.record == before


def test_a_form_of_an_answered_step_is_not_opened_again(erika: Visit) -> None:
    """The button of an old message gets a sentence instead of a modal, also when its form was accepted."""
    erika.go_to("connect_version")
    where = erika.address
    erika.submit("connect_version", version="4.9.24.4")
    assert erika.form("connect_version", at=where) is None
    assert "answers.stale" in erika.newest("respond")


def test_the_marketplaces_are_offered_to_european_merchants_only(erika: Visit, oliver: Visit) -> None:
    """Elsewhere there are no European marketplaces to choose from; the names can be typed."""
    erika.go_to("account_names")
    view = erika.form("account_names")
    assert view is not None
    assert [block.get("block_id") for block in view["blocks"]][1:] == ["marketplaces", "names"]
    oliver.go_to("no_developer_id")
    oliver.submit("own_developer_id", developer_id="1111-2222-3333")
    abroad = oliver.form("account_names")
    assert abroad is not None
    assert [block.get("block_id") for block in abroad["blocks"]][1:] == ["names"]


def test_what_was_named_is_ticked_and_what_is_listed_is_not_offered_again(erika: Visit) -> None:
    """Coming back to the accounts shows the choice made; „add“ offers only the others."""
    erika.go_to("account_names")
    view = erika.form("account_names")
    assert view is not None
    options = [option["value"] for option in view["blocks"][1]["element"]["options"]]
    erika.submit("account_names", marketplaces=options[:2], names="")
    erika.act("back")
    again = erika.form("account_names")
    assert again is not None
    assert [option["value"] for option in again["blocks"][1]["element"]["initial_options"]] == options[:2]
    erika.submit("account_names", marketplaces=options[:2], names="")
    for event in ("advance", "advance", "advance", *["advance"] * 4, "ready_to_go", *["advance"] * 5, "same_seller_id"):
        erika.act(event)
    erika.submit("new_token", token=token())
    erika.act("advance")
    more = erika.form("more_accounts")
    assert more is not None
    assert [option["value"] for option in more["blocks"][1]["element"]["options"]] == options[2:]


def test_when_every_marketplace_is_named_only_own_names_can_be_added(erika: Visit) -> None:
    """An empty choice would be refused by Slack, so it is left out."""
    options = [
        erika.services.config.all_texts.of("de", FIRST).say(f"marketplaces.{market}")
        for market in EUROPEAN_MARKETPLACES
    ]
    erika.go_to("next_account", {"account_names": ("name_accounts", {"marketplaces": options, "names": ""})})
    more = erika.form("more_accounts")
    assert more is not None
    assert [block.get("block_id") for block in more["blocks"]][1:] == ["names"]


def test_the_failed_accounts_are_chosen_from_those_of_the_walk(erika: Visit) -> None:
    """What was chosen and what CONNECT said reaches the ticket."""
    erika.go_to("with_support", THREE)
    view = erika.form("fetch_failure")
    assert view is not None
    chosen = [option["value"] for option in view["blocks"][1]["element"]["options"]]
    assert chosen == ["Amazon DE", "Amazon FR", "Amazon IT"]
    erika.submit("fetch_failure", accounts=["Amazon FR", "forged"], error_text="AuthToken is not valid for SellerId")
    assert erika.facts.failed_accounts == ["Amazon FR"]
    assert erika.tickets()[0].category == "token_mismatch"
    assert "notes.failure_described" in erika.newest()


def test_a_version_that_is_too_old_waits_and_goes_on_days_later(erika: Visit) -> None:
    """The walk says what to do, is still there later, and goes on with the new version."""
    erika.go_to("connect_version")
    erika.submit("connect_version", version=TOO_OLD)
    assert erika.step == "update_required"
    erika.submit("connect_version", version=TOO_OLD)
    assert "notes.version_still_too_old" in erika.newest()
    erika.submit("connect_version", version="v4.9.24.4")
    assert erika.step == "account_mask"
    assert "notes.version_repaired" in erika.newest()


@pytest.mark.parametrize("sentence", ["", "   ", "I see no button", ["a", "list"]])
def test_help_files_the_ticket_and_leaves_the_step(erika: Visit, sentence: object) -> None:
    """„Ich brauche Hilfe“ with or without a sentence: a ticket, its number above the same step."""
    erika.go_to("settings_menu")
    erika.submit("help", sentence=sentence)
    assert erika.step == "settings_menu"
    words = ("I see no button",) if sentence == "I see no button" else ()
    assert [(t.reason, t.words) for t in erika.tickets()] == [("help", words)]
    assert "notes.ticket_on_its_way" in erika.newest()


def test_a_refused_entry_goes_into_the_history_as_codes(erika: Visit) -> None:
    """Which field, which reason, nothing that was typed; the walk itself and its messages stay as they were."""
    erika.go_to("new_token")
    before, rows = erika.record, len(erika.rows())
    erika.submit("new_token", token="amzn.mws.this-is-no-token")
    with erika.store.transaction() as tx:
        event = tx.events(before.id)[-1]
    assert (event.name, event.step, event.next_step) == ("refused", "new_token", "new_token")
    assert event.detail["event"] == "paste_token"
    assert set(event.detail) == {"event", "reasons"}
    assert set(event.detail["reasons"]) == {"token"}
    assert "this-is-no-token" not in str(event.detail)
    assert (erika.record, len(erika.rows())) == (before, rows)
