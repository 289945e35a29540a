"""What people type in the direct message: words, values, secrets, error messages, anything else."""

import pytest

from tests.bot.services.visits import ANNA, Visit, titled
from tests.conversations.amazon_token.token_walks import token

WORDS = ("next", "back", "help", "start", "status", "privacy")
WRITTEN = [(word, text) for word in WORDS for text in (word, f"de-{word}", f"EN-{word.upper()}!", f" „{word}“. ")]
PASSWORD = "Passwort: geheim-" + "geheim1"


@pytest.mark.parametrize(("word", "text"), WRITTEN)
def test_each_word_is_understood_in_both_languages_at_any_step(erika: Visit, word: str, text: str) -> None:
    """Whatever the word and its spelling, there is an answer, one live step, and never „unclear“."""
    erika.go_to("settings_menu")
    erika.type(text)
    assert "notes.unclear" not in erika.newest()
    assert erika.live_steps() == 1
    expected = {
        "next": titled("ready_to_disable"), "back": titled("seller_central"), "help": "notes.help_offered",
        "start": "notes.welcome_back", "status": "answers.status", "privacy": titled("settings_menu"),
    }  # fmt: skip
    assert expected.get(word, "notes.not_possible_here") in erika.newest()


@pytest.mark.parametrize(
    ("step", "note"),
    [
        ("connect_version", "needs_field"), ("account_names", "needs_value"), ("new_token", "needs_value"),
        ("before_start", "needs_choice"), ("ready_to_disable", "needs_choice"), ("check_seller_id", "welcome"),
        ("first_fetch", "needs_choice"), ("with_support", "needs_value"), ("next_account", "needs_choice"),
    ],
)  # fmt: skip
def test_a_typed_next_passes_neither_a_value_nor_a_confirmation(erika: Visit, step: str, note: str) -> None:
    """„weiter“ where a value or a decision is asked for says so, and the step stays."""
    erika.go_to(step)
    before = erika.facts
    erika.type("next")
    if note == "welcome":
        assert erika.step in {"check_seller_id", "new_token"}
        return
    assert f"notes.{note}" in erika.newest()
    assert erika.facts == before


def test_a_typed_back_at_the_first_step_says_that_there_is_none(erika: Visit) -> None:
    """Nowhere to go back to: a sentence, and the step again."""
    erika.begin()
    erika.type("back")
    assert "notes.nothing_to_go_back" in erika.newest()
    assert erika.step == "before_start"


def test_words_for_results_work_where_they_are_asked_for(erika: Visit) -> None:
    """„gleich“ at field 1; „fehlgeschlagen“ twice files the ticket; „geklappt“ ends the walk."""
    erika.go_to("check_seller_id")
    erika.type("same")
    assert erika.step == "new_token"
    erika.type(token())
    erika.act("advance")
    erika.act("all_saved")
    erika.type("failed")
    assert erika.step == "second_fetch"
    erika.type("de-failed")
    assert erika.step == "with_support"
    assert [ticket.reason for ticket in erika.tickets()] == ["second_failure"]
    erika.press("try_fetch_again")
    erika.type("worked")
    assert erika.step == "done"


def test_a_typed_version_is_taken_repaired_or_refused_and_recovers(erika: Visit) -> None:
    """Refused with the reason above the same step; then the right one is accepted."""
    erika.go_to("connect_version")
    erika.type("4.9")
    assert "reasons.version_incomplete" in erika.newest()
    assert erika.step == "connect_version"
    erika.type("4.9.24,4")
    assert erika.step == "account_mask"
    assert "notes.version_repaired" in erika.newest()


def test_a_typed_developer_id_is_taken(erika: Visit) -> None:
    """The documented ID is refused where it does not belong; the handbook's is accepted."""
    erika.go_to("no_developer_id")
    erika.type("5881-4686-6012")
    assert "reasons.documented_id" in erika.newest()
    erika.type("1111-2222-3333")
    assert erika.step == "account_names"


@pytest.mark.parametrize(("text", "note"), [(token(), "token_fine"), (f"„{token()}“", "token_repaired")])
def test_a_typed_token_is_checked_and_its_message_to_be_deleted(erika: Visit, text: str, note: str) -> None:
    """Accepted or repaired, it is not kept, and the merchant is told to delete the message and why."""
    erika.go_to("new_token")
    erika.type(text)
    assert erika.step == "save_account"
    assert "notes.delete_typed_secret" in erika.newest()
    assert f"notes.{note}" in erika.newest()
    assert token() not in str(erika.rows()) + str(erika.rows(to="C0SUPPORT")) + erika.record.state


@pytest.mark.parametrize("text", ["amzn.mws.1234", token()[:-3], token().replace("1", "ѕ", 1)])
def test_a_typed_token_that_is_refused_is_followed_by_recovery(erika: Visit, text: str) -> None:
    """The reason and the word about deleting stand above the step; the right token is accepted then."""
    erika.go_to("new_token")
    erika.type(text)
    assert erika.step == "new_token"
    assert "reasons." in erika.newest()
    assert "notes.delete_typed_secret" in erika.newest()
    assert text not in str(erika.rows())
    erika.type(token("4"))
    assert erika.step == "save_account"


def test_the_old_token_can_be_typed_at_the_backup(erika: Visit) -> None:
    """A keyed hash is remembered, and pasting the same token as the new one is noticed later."""
    erika.go_to("backup_token")
    erika.type(token("7"))
    assert "notes.token_remembered" in erika.newest()
    assert "notes.delete_typed_secret" in erika.newest()
    assert token("7") not in erika.record.state
    for event in (*["advance"] * 4, "ready_to_go", *["advance"] * 5, "same_seller_id"):
        erika.act(event)
    erika.type(token("7"))
    assert "reasons.same_as_old" in erika.newest()
    assert erika.step == "new_token"


@pytest.mark.parametrize("step", ["before_start", "connect_version", "no_developer_id", "account_names", "manage_apps"])
@pytest.mark.parametrize("text", [token(), PASSWORD])
def test_a_secret_typed_at_another_step_is_to_be_deleted(erika: Visit, step: str, text: str) -> None:
    """Its kind is named, the message is to be deleted, nothing is kept and the step stays."""
    erika.go_to(step)
    erika.type(text)
    assert "notes.delete_secret_message" in erika.newest()
    assert erika.step == step
    assert text not in str(erika.rows()) + erika.record.state


def test_a_secret_is_to_be_deleted_also_with_several_walks(anna: Visit) -> None:
    """An agent with several callers is told that the message holds a secret, before being asked which walk."""
    anna.command("phone Frau Muster")
    anna.command("phone Herr Probe")
    anna.type(token())
    *_, plea, which = anna.rows("post")
    assert "answers.secret_without_walk" in str(plea["content"])
    assert "answers.several_walks" in str(which["content"])


def test_without_a_walk_every_message_is_answered(oliver: Visit) -> None:
    """An introduction with a start button, and a person; a secret is named; „start“ begins."""
    for text in ("whatever", "status", ""):
        oliver.type(text)
        assert "en:answers.introduction" in oliver.newest()
        assert "door:start" in oliver.newest()
        assert "door:person" in oliver.newest()
    oliver.type("help")
    assert "door:person" in oliver.newest()
    oliver.type(token())
    *_, plea, answer = oliver.rows("post")
    assert "answers.secret_without_walk" in str(plea["content"])
    assert "door:person" in str(answer["content"])
    oliver.type("start")
    assert oliver.step == "before_start"


def test_a_pasted_error_is_explained_at_the_step(erika: Visit) -> None:
    """What the message points to and what to check stand above the same step."""
    erika.go_to("first_fetch")
    erika.type("Error: AuthToken is not valid for SellerId and AWSAccountId")
    assert "notes.error_text_understood" in erika.newest()
    assert "categories.token_mismatch.name" in erika.newest()
    assert erika.step == "first_fetch"
    assert erika.tickets() == []


def test_an_error_with_digits_is_no_version(erika: Visit) -> None:
    """An error message at the step that asks for a version is explained and not read as one."""
    erika.go_to("connect_version")
    erika.type("Error 401: Access denied")
    assert "notes.error_text_understood" in erika.newest()


def test_with_support_an_error_goes_to_the_ticket(erika: Visit) -> None:
    """What the merchant adds later reaches the ticket, in their own words, once, with the choice of accounts kept."""
    erika.go_to("with_support")
    erika.submit("fetch_failure", accounts=["Amazon DE"], error_text="")
    text = "Error: Access to Orders.ListOrders is denied"
    erika.type(text)
    erika.type(text)
    assert erika.facts.failed_accounts == ["Amazon DE"]
    assert erika.tickets()[0].words == (text,)
    threads = [row for row in erika.rows("post", to="C0SUPPORT") if row["thread"]]
    assert len(threads) == 2, "what was known, and what was added"
    assert "notes.failure_described" in erika.newest()


def test_a_picture_elsewhere_is_not_needed(erika: Visit) -> None:
    """A file without words gets an answer; with words the words count."""
    erika.go_to("licence_terms")
    erika.type("", has_files=True)
    assert "notes.files_not_needed" in erika.newest()
    erika.type("what is this?", has_files=True)
    assert "heard.unknown" in erika.newest()


@pytest.mark.parametrize(("step", "first"), [("manage_apps", "notes.unclear"), ("new_credentials", "heard.unknown")])
def test_anything_else_is_answered_kindly(erika: Visit, step: str, first: str) -> None:
    """The step stays and is the newest message again; a person is offered the second time, or at once if it hurts."""
    erika.go_to(step)
    for number, text in enumerate(("wie bitte?", "…", "<!channel> & co", "x" * 4000)):
        erika.type(text)
        assert ("heard.unknown" if number else first) in erika.newest()
        assert erika.step == step


def test_with_several_walks_typing_asks_for_the_buttons(anna: Visit) -> None:
    """Nobody can tell which caller is meant, so nothing is acted upon."""
    anna.begin()
    anna.command("phone Frau Muster")
    before = anna.record
    anna.type("weiter")
    assert "answers.several_walks" in anna.newest()
    anna.type("status")
    assert anna.newest().count("answers.status") == 4, "each of them, in the blocks and for screen readers"
    assert anna.record == before
    assert ANNA.user_id == before.worker_id
