"""Error messages are evidence: kept wherever they are pasted, shown with step and time, and the newest one decides."""

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.actions import TimelinePage
from bot.services import ticket_filing, typed_input
from bot.services import timeline as shown_history
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.ticket_rules import ADVICE, answer
from conversations.amazon_token.triage import Category
from conversations.engine.walk_state import ERRORS_LIMIT, WalkState
from conversations.sp_api.settings import SpApiSettings
from tests.bot.services.marks import all_marked
from tests.bot.services.test_agent_messages import form, send
from tests.bot.services.test_ticket_actions import CHANNEL, NUMBER, history, now, press, sort
from tests.bot.services.visits import URL, Visit, titled
from tests.conversations.amazon_token.pastes import TOKEN

MISMATCH = "<Code>AccessDenied</Code><Message>AuthToken is not valid for SellerId and AWSAccountId</Message>"
MISSING = "Missing required MWSAuthToken for Seller"
SELLER = "Error: Invalid seller id: X"
NETWORK = "Der Remotename konnte nicht aufgelöst werden: 'mws-eu.amazonservices.com'"
SP_API = '{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":""}]}'


def _card(visit: Visit) -> str:
    rows = [row for row in visit.rows(to=CHANNEL) if row["method"] in {"post", "update"} and not row["thread"]]
    return str(rows[-1]["content"])


def _thread(visit: Visit) -> list[str]:
    return [str(row["content"]) for row in visit.rows("post", to=CHANNEL) if row["thread"]]


def _timeline(agent: Visit) -> str:
    view: Any = agent.do(lambda unit: shown_history.show(unit, TimelinePage("t", NUMBER), URL))
    all_marked(view)
    return str(view)


def test_an_error_at_an_early_step_is_in_the_ticket_that_is_filed_later(erika: Visit, anna: Visit) -> None:
    """Redacted, with its step and time: in the state, on the card, in its thread and in the timeline."""
    erika.go_to("key_set")
    erika.type(f"{MISSING} {TOKEN}")
    (kept,) = erika.state.errors
    assert (kept.step, TOKEN in kept.text, MISSING in kept.text) == ("key_set", False, True)
    erika.command("support")
    assert now(erika).category == "token_missing"
    assert "ticket.values.error_pasted" in erika.case()
    assert titled("key_set") in erika.case()
    assert any("ticket.thread.error_text_at" in said and MISSING in said for said in _thread(erika))
    assert "desk.history.walk.error_text" in _timeline(anna)
    assert MISSING in _timeline(anna)


def test_the_newest_error_decides_and_the_change_is_in_the_history(erika: Visit, anna: Visit) -> None:
    """Pasted at the step of a ticket that is open: category, card and the agent's answer follow it."""
    erika.go_to("with_support")
    erika.submit("fetch_failure", accounts=[], error_text=MISMATCH)
    assert now(erika).category == "token_mismatch"
    erika.submit("fetch_failure", accounts=[], error_text=SELLER)
    assert now(erika).category == "seller_id"
    assert "categories.seller_id.answer" in erika.case()
    assert "categories.seller_id.answer" in str(form(anna))
    changes = [event.detail for event in history(erika) if event.name == "error_text"]
    assert changes == [{"category": ["unknown", "token_mismatch"]}, {"category": ["token_mismatch", "seller_id"]}]
    assert "desk.history.ticket.error_text" in _timeline(anna)


def test_an_error_in_the_conversation_counts_too(erika: Visit, anna: Visit) -> None:
    """It is passed on once, kept with the step, and decides."""
    erika.go_to("manage_apps")
    erika.command("support")
    press(anna, "claim")
    send(anna, "What does it say?")
    version = erika.record.version
    erika.type(SELLER)
    assert now(erika).category == "seller_id"
    assert [error.step for error in erika.state.errors] == ["manage_apps"]
    assert erika.record.version == version
    assert sum(SELLER in said for said in _thread(erika)) == 1
    assert _timeline(anna).count("desk.history.walk.error_text") == 0


def test_an_error_while_a_ticket_is_open_is_in_the_ticket(erika: Visit) -> None:
    """Nobody has answered yet: the bot explains it, and the ticket gets it."""
    erika.go_to("key_set")
    erika.command("support")
    assert now(erika).category == "unknown"
    erika.type(SELLER)
    assert now(erika).category == "seller_id"
    assert now(erika).words == (SELLER,)
    assert any("ticket.thread.error_text_at" in said for said in _thread(erika))
    assert "notes.ticket_added" in erika.newest()


def test_what_an_agent_has_corrected_is_not_overruled_by_an_older_text(erika: Visit, anna: Visit) -> None:
    """Calls and refreshes leave the correction alone; a newer message decides again."""
    erika.go_to("key_set")
    erika.type(MISSING)
    erika.command("support")
    sort(anna, "P2", "unknown")
    erika.command("support")
    assert now(erika).category == "unknown"
    sort(anna, "P2", "marketplace")
    erika.submit("help", sentence="Es geht nicht")
    assert now(erika).category == "marketplace"
    erika.type(SELLER)
    assert now(erika).category == "seller_id"


def test_a_sentence_decides_only_while_nothing_is_known(erika: Visit) -> None:
    """An error message weighs more than what somebody says beside it."""
    erika.go_to("key_set")
    erika.type(MISSING)
    erika.submit("help", sentence="Ich kann mich nicht anmelden")
    assert now(erika).category == "token_missing"


def test_an_error_that_is_no_category_replaces_an_older_one(erika: Visit, anna: Visit) -> None:
    """Not the token: nobody is answered with the older cause, and what is said names the right one."""
    erika.go_to("key_set")
    erika.type(MISSING)
    erika.command("support")
    erika.type(NETWORK)
    assert now(erika).category == "unknown"
    assert "advice.network" in erika.case()
    assert "advice.network" in str(form(anna))


def test_the_answers_follow_from_what_has_happened(erika: Visit) -> None:
    """Before a token is saved nothing is said about a new one: neither to the merchant nor on the card."""
    erika.go_to("key_set")
    erika.type(MISMATCH)
    assert "advice.before_token" in erika.newest()
    erika.command("support")
    assert "advice.before_token" in erika.case()
    assert "categories.token_mismatch.answer" not in erika.case()


def test_a_bare_refusal_is_answered_by_how_far_one_is(erika: Visit) -> None:
    """Before a token is saved there is nothing to look at; afterwards, what was set and saved."""
    erika.go_to("key_set")
    erika.type("Fehler 401")
    assert "advice.before_token" in erika.newest()
    erika.press("cancel")
    erika.go_to("second_fetch")
    erika.type("Fehler 401")
    assert "advice.refused" in erika.newest()


def test_without_a_walk_nothing_is_said_of_a_new_token(erika: Visit) -> None:
    """Nobody knows whether there is one; who has been through a renewal is answered by how far that came."""
    erika.type(MISMATCH)
    assert "advice.without_walk" in erika.newest()
    erika.go_to("key_set")
    erika.press("cancel")
    erika.type(MISMATCH)
    assert "advice.before_token" in erika.newest()


def _without_the_other(visit: Visit) -> None:
    """Switch the procedure off that would go on."""
    services = visit.services
    config = services.config
    changed = replace(config, settings={**config.settings, "sp_api": SpApiSettings(sp_api_procedure=False)})
    visit.services = type(services)(changed, services.store)


def test_an_error_of_sp_api_stops_the_walk_while_the_access_is_on(erika: Visit) -> None:
    """With the other procedure off: the reason and the way to a person; nothing is switched off, back is open."""
    _without_the_other(erika)
    for step in ("connect_version", "key_set", "manage_apps", "ready_to_disable", "disable_access"):
        erika.go_to(step)
        erika.type(SP_API)
        assert erika.step == "newer_mask", step
        assert "steps.newer_mask.text.error" in erika.newest()
        assert erika.facts.access_off_at is None
        assert erika.state.errors[-1].step == step
        erika.press("back")
        assert titled(erika.step) == titled(step)
        erika.press("cancel")


def test_an_error_of_sp_api_after_that_is_explained(erika: Visit) -> None:
    """The access is off already: a person at once, P1; the step stays, and nothing more is to be changed."""
    erika.go_to("new_developer")
    erika.type("invalid_grant")
    assert erika.step == "new_developer"
    assert "advice.sp_api_off" in erika.newest()
    assert (now(erika).priority, now(erika).category) == ("P1", "version_or_mask")


def test_a_secret_in_a_call_for_help_is_a_category_of_its_own(erika: Visit, anna: Visit) -> None:
    """Recognized by what stands in its place, with an answer that fits its kind; the secret itself is nowhere."""
    erika.go_to("key_set")
    erika.submit("help", sentence="Mein Passwort: Sommer2026!")
    assert now(erika).category == "secret_exposed"
    assert "advice.secret_password" in erika.case()
    assert "advice.secret_password" in str(form(anna))
    assert "Sommer2026" not in str(list(erika.store.db.query("SELECT * FROM tickets"))) + str(erika.rows(to=CHANNEL))


def test_a_secret_in_the_conversation_is_the_category_while_nothing_else_is_known(erika: Visit, anna: Visit) -> None:
    """What is known of the cause already is not given up for it."""
    erika.go_to("key_set")
    erika.command("support")
    send(anna, "x")
    erika.type(f"Ich habe {TOKEN} kopiert")
    assert now(erika).category == "secret_exposed"
    assert "advice.secret_access" in erika.case()
    erika.type(SELLER)
    erika.type(f"Oder {TOKEN}")
    assert now(erika).category == "seller_id"
    assert TOKEN not in str(list(erika.store.db.query("SELECT * FROM tickets"))) + str(erika.rows(to=CHANNEL))


def test_an_error_with_a_secret_in_it_is_an_error_and_warned_about(erika: Visit) -> None:
    """Both are said, also where the error files a ticket or hands it over; the plea in a message of its own."""
    erika.go_to("key_set")
    for error, said in (
        (SELLER, "categories.seller_id.name"),
        ("SignatureDoesNotMatch", "notes.ticket_on_its_way"),
        ("invalid_grant", "notes.goes_on_after_error"),
    ):
        erika.type(f"{error} {TOKEN}")
        plea, answer = erika.rows("post")[-2:]
        assert "answers.secret_without_walk" in str(plea["content"])
        assert said in str(answer["content"])


def test_only_the_newest_errors_are_kept_and_none_twice_in_a_row(erika: Visit) -> None:
    """So that the stored state stays small."""
    erika.go_to("key_set")
    for number in range(ERRORS_LIMIT + 2):
        for _ in range(2):
            erika.type(f"Error 500: number {number}x")
    assert [error.text for error in erika.state.errors] == [
        f"Error 500: number {n}x" for n in range(2, ERRORS_LIMIT + 2)
    ]


def test_a_ticket_of_a_walk_stored_before_has_its_error_text(erika: Visit) -> None:
    """A walk without `errors` in its state loads, and what was described is still shown."""
    erika.go_to("with_support")
    record = erika.record
    old = PROCEDURE.load(record.state).model_dump(mode="json", exclude={"errors"})
    old["facts"]["error_texts"] = [SELLER]
    state = PROCEDURE.state_type.model_validate(old)
    erika.do(lambda unit: ticket_filing.add_failure(unit, record, unit.walk(PROCEDURE, state)))
    assert now(erika).category == "seller_id"
    assert SELLER in _card(erika)


@pytest.mark.parametrize("category", Category)
def test_every_category_has_an_answer_at_every_step(category: Category) -> None:
    """Its key is the category's own or one of the advice; before a token is saved none speaks of it."""
    for step in PROCEDURE.steps:
        for mask in ("key_set", "sp_api"):
            walk = WalkState[Facts](step=step, facts=Facts.model_validate({"mask": mask}))
            key = answer(category, (), walk)
            assert key in {f"categories.{category}.answer", *(f"advice.{code}" for code in ADVICE)}
            if mask == "sp_api":
                assert category not in {"token_mismatch", "unknown"} or key.startswith("advice.")


LOG = "".join(f"2026-03-02 09:17:{number % 60:02} INFO Seite {number} gelesen, Konto DE\n" for number in range(700))
"""38,000 characters; Slack's messages have up to 40,000."""


def test_an_error_at_the_end_of_a_long_log_is_evidence(erika: Visit) -> None:
    """It is what is understood and kept, without the secret in front of it; a log is understood in bounded time."""
    erika.go_to("key_set")
    erika.type(f"{LOG}{TOKEN}\n{MISSING}")
    (kept,) = erika.state.errors
    assert MISSING in kept.text
    assert TOKEN not in kept.text
    erika.command("support")
    assert now(erika).category == "token_missing"


def test_an_error_at_the_end_of_a_long_log_reaches_the_ticket(erika: Visit) -> None:
    """In the conversation with support, too: the copy has it, and it decides the category."""
    erika.go_to("key_set")
    erika.command("support")
    erika.type(f"{LOG}{MISSING}")
    assert now(erika).category == "token_missing"
    assert MISSING in erika.state.errors[-1].text
    assert any(MISSING in said for said in _thread(erika))


def test_a_long_log_is_passed_on_with_its_error(oliver: Visit) -> None:
    """Without a walk there is only the conversation with support."""
    oliver.do(typed_input.support_requested)
    oliver.type(f"{LOG}{MISSING}")
    assert any(MISSING in said for said in _thread(oliver))
    assert now(oliver).category == "token_missing"
