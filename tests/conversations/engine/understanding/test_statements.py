"""What people say in words of their own: asked where it states an act, and never pressed by too little."""

import pytest

from conversations.engine.understanding.intents import Answer, AskWhich, Chatter, Command, Press, Suggestions
from tests.typed import asked, meant, pressed


@pytest.mark.parametrize(
    ("typed", "step", "event"),
    [
        ("seit Freitagabend ist Schluss, es kommt nichts mehr rein", "before_start", "orders_stopped"),
        ("also da steht Entwickler-Schlüsselset und darunter Autorisierungstoken", "which_mask", "sees_key_set"),
        ("i see the first two fields i think", "which_mask", "sees_key_set"),
        ("ok clicked on Germany in the list", "select_account", "advance"),
        ("so um i have copied the token into my password manager i think", "backup_token", "advance"),
        ("ok now i see the list with all the apps", "manage_apps", "advance"),
        ("yep they match up", "check_seller_id", "same_seller_id"),
        ("worked for both this time", "second_fetch", "fetch_worked"),
    ],
)
def test_an_act_that_is_stated_among_other_words_is_asked_about(typed: str, step: str, event: str) -> None:
    """No question of the guide is given as the answer to „als Hauptnutzer angemeldet, fertig“."""
    assert event in asked(typed, step), meant(typed, step)


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("Bitte erklären Sie mir Schlüsselset und Token", "which_mask"), ("key set meaning", "which_mask"),
        ("Ich bin mit dem falschen Konto angemeldet", "seller_central"), ("ist das Token gesichert", "backup_token"),
        ("Habe versehentlich die falsche App deaktiviert", "disable_access"),
        ("Die Liste ist leer, keine Anwendung zu sehen", "manage_apps"),
        ("I accidentally disabled the wrong app", "disable_access"),
    ],
)  # fmt: skip
def test_trouble_and_questions_are_none_of_that(typed: str, step: str) -> None:
    """They are answered from the guide, or its questions are offered."""
    assert isinstance(meant(typed, step), Answer | Suggestions), meant(typed, step)


def test_what_switches_off_is_not_even_offered_for_a_few_of_its_words() -> None:
    """„Trotzdem weitermachen“ is among „mein Chef will aber, dass wir das trotzdem machen“."""
    intent = meant("mein Chef will aber, dass wir das trotzdem machen", "still_receiving")
    assert not isinstance(intent, Press)
    assert not isinstance(intent, AskWhich) or "continue_anyway" not in [act.event for act in intent.offers]


@pytest.mark.parametrize("typed", ["verstanden", "understood", "ok will do", "mache ich", "alright", "got it"])
@pytest.mark.parametrize("step", ["manage_apps", "backup_token", "seller_central"])
def test_what_is_understood_is_not_done(typed: str, step: str) -> None:
    """It is acknowledged; "ok" and „fertig“ press what is plain."""
    assert meant(typed, step) == Chatter("acknowledged")


@pytest.mark.parametrize("typed", ["weiter", "next", "zurück", "back"])
def test_a_command_with_a_question_mark_asks(typed: str) -> None:
    """Nothing goes on or back by „weiter?“."""
    assert isinstance(meant(typed, "backup_token"), Command)
    assert not isinstance(meant(f"{typed}?", "backup_token"), Command | Press)


@pytest.mark.parametrize(
    ("typed", "step", "event"),
    [
        ("hat net geklappt", "first_fetch", "fetch_failed"), ("hat nich geklapt", "first_fetch", "fetch_failed"),
        ("it aint working", "first_fetch", "fetch_failed"), ("hats geklappt", "first_fetch", None),
        ("habs gespeichert", "save_account", "advance"),
    ],
)  # fmt: skip
def test_what_is_written_as_it_is_spoken_is_understood(typed: str, step: str, event: str | None) -> None:
    """„Net“, „nich“ and "aint" are „nicht“ and "not", for acts and for questions."""
    if event is not None:
        assert pressed(typed, step) == event, meant(typed, step)
    assert not isinstance(meant(f"{typed}?", step), Press)


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("morgen", "morning"), ("tomorrow", "morning"), ("tonight", "evening"), ("heute Abend", "evening"),
        ("heut abend", "evening"), ("remind me tomorrow at 9", "morning"), ("morgen um 9 Uhr", "morning"),
        ("ich mach das heut abend weiter", "evening"), ("erinnern Sie mich Montag gegen 8", "monday"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", ["ready_to_disable", "seller_central", "backup_token"])
def test_when_to_come_back_counts_more_than_that_it_is_later(typed: str, when: str, step: str) -> None:
    """Also where „Später“ is a button of the step: it would only ask when."""
    assert meant(typed, step) == Chatter("later", when)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("nochmal zurück bitte", "back"), ("halt stopp", "cancel"), ("pls delete everything you have on me", "privacy"),
        ("löschen Sie bitte meine Daten", "privacy"),
    ],
)  # fmt: skip
def test_commands_in_a_few_more_words(typed: str, word: str) -> None:
    """As people say them."""
    intent = meant(typed, "backup_token")
    assert isinstance(intent, Command)
    assert intent.word == word


@pytest.mark.parametrize(
    "typed",
    [
        "die Abholung hat nicht geklappt", "Die Abholung hat leider nicht funktioniert.", "Abholung geht nicht",
        "die Auftragsabholung klappt nicht", "the fetch did not work", "the order fetch doesn't work",
        "fetching isn't working",
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", ["first_fetch", "second_fetch"])
def test_a_failed_fetch_is_reported_in_whole_sentences(typed: str, step: str) -> None:
    """Not only „hat nicht geklappt“."""
    assert pressed(typed, step) == "fetch_failed", str(meant(typed, step))[:200]
    assert not isinstance(meant(f"{typed}?", step), Press)
