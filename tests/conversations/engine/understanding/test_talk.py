"""A person in any words, yes and no to the bot's own question, commands, and chatter."""

import time
from pathlib import Path
from typing import get_args

import pytest

from conversations.engine.texts import LANGUAGES, Language
from conversations.engine.understanding import talk
from conversations.engine.understanding.intents import (
    Chatter,
    ChatterKind,
    Command,
    CommandWord,
    Confirm,
    ErrorMessage,
    PersonWanted,
    Press,
    ProblemTold,
    Unknown,
)
from conversations.engine.understanding.understand import understand
from tests.typed import at, command, meant

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", ["seller_central", "first_fetch", "new_token", None])
def test_a_person_is_wanted_in_any_words(step: str | None, language: Language) -> None:
    """At least 98 of 100, with a walk and without; „kein Ticket“ and questions about support are no such wish."""
    situation = at(step, language)
    wanted = (DATA / f"persons.{language}.txt").read_text("utf-8").splitlines()
    others = (DATA / f"no_persons.{language}.txt").read_text("utf-8").splitlines()
    assert len(wanted) >= 120
    missed = [text for text in wanted if not isinstance(understand(text, situation).intent, PersonWanted)]
    taken = [text for text in others if isinstance(understand(text, situation).intent, PersonWanted)]
    assert len(missed) / len(wanted) <= 0.02, missed
    assert taken == []


def test_the_sentence_goes_with_it_and_a_denial_does_not() -> None:
    """The help form holds what was written; „bitte kein Ticket“ files nothing."""
    assert meant("ich komme nicht weiter", "manage_apps") == PersonWanted("ich komme nicht weiter")
    assert meant("bitte kein Ticket", "manage_apps") == Chatter("declined")
    assert meant("I don't need any help, thanks", "manage_apps", "en") == Chatter("declined")
    assert meant("Kein Ticket bitte, rufen Sie mich an", "manage_apps") == PersonWanted(
        "Kein Ticket bitte, rufen Sie mich an"
    )


@pytest.mark.parametrize(
    ("typed", "word", "language"),
    [
        ("hilfe", "help", None), ("Zurück", "back", None), ("weiter", "next", None), ("abbrechen", "cancel", None),
        ("stop", "cancel", None), ("status", "status", None), ("Datenschutz", "privacy", None),
        ("deutsch bitte", "language", "de"), ("englisch", "language", "en"), ("English please", "language", "en"),
        ("von vorn", "restart", None), ("Wo finde ich das?", "where", None), ("help!", "help", None),
        ("go back", "back", None),
    ],
)  # fmt: skip
def test_commands_are_exact_words_in_both_languages(typed: str, word: str, language: str | None) -> None:
    """At a step and without a walk."""
    for step in ("seller_central", None):
        assert command(typed, step) == (word, language)


def test_stop_in_a_sentence_is_asked_and_never_done() -> None:
    """„STOP, ich will abbrechen“ is no exact command."""
    assert meant("STOP, ich will abbrechen", "disable_access") == Command("cancel", exact=False)
    assert meant("wir brechen das ab", "disable_access") == Command("cancel", exact=False)
    assert not isinstance(meant("bitte nicht abbrechen", "disable_access"), Command)
    assert not isinstance(meant("soll ich abbrechen?", "disable_access"), Command)


YES = {
    "de": "ja|Ja!|ja, danke|Ja, es klappt|jetzt klappt es|läuft wieder|alles gut|funktioniert wieder, danke|erledigt|👍"
    "|super, geht wieder|ja geht jetzt|Bestellungen kommen wieder an|ja, alles bestens, vielen Dank|gelöst|passt",
    "en": "yes|Yes!|yes, thanks|it works now|works now|all good|fixed|it's fixed, thank you|yep|solved|:+1:"
    "|yes it works|great, it works|working again|orders are coming in|resolved",
}
NO = {
    "de": "nein|nein, noch nicht|noch nicht|leider nein|leider nicht|geht immer noch nicht|klappt nicht|nö|👎"
    "|immer noch nicht|nein, immer noch nicht|funktioniert nicht|es klappt noch nicht|gleicher Fehler|nein leider nicht"
    "|Nein, geht nicht",
    "en": "no|no, not yet|not yet|still failing|nope|doesn't work|it still doesn't work|still not working|same error"
    "|unfortunately not|no, it failed again|not really|still the same|still nothing|no luck|it's still broken",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", ["with_support", "done", None])
def test_yes_and_no_answer_the_bots_own_question(step: str | None, language: Language) -> None:
    """In their many forms."""
    for typed in YES[language].split("|"):
        assert meant(typed, step, language, asked="works_now") == Confirm(yes=True), typed
    for typed in NO[language].split("|"):
        assert meant(typed, step, language, asked="works_now") == Confirm(yes=False), typed


def test_other_words_after_that_question_reopen_or_do_not() -> None:
    """A problem does; thanks, a greeting and „schaue ich morgen“ do not; an error message is one."""
    for typed in (
        "ja, aber UK fehlt noch",
        "Es kommen nur Bestellungen aus DE, UK fehlt",
        "nein, jetzt kommt gar nichts",
    ):
        assert meant(typed, "with_support", asked="works_now") == ProblemTold(typed), typed
    assert meant("thanks a lot!", "with_support", "en", asked="works_now") == Chatter("thanks")
    assert meant("schaue ich morgen", "with_support", asked="works_now") == Chatter("later")
    assert meant("Guten Morgen", "with_support", asked="works_now") == Chatter("greeting")
    assert isinstance(meant("AccessDenied (401)", "with_support", asked="works_now"), ErrorMessage)
    assert not isinstance(meant("Klappt es jetzt?", "with_support", asked="works_now"), Confirm | ProblemTold)


AGREED = {
    "de": "ja|Ja, bitte|jawohl|ja ja|ja, genau|Ja, leg los|richtig|👍",
    "en": "yes|yes please|yep|yes yes|yes, do it|go ahead|exactly|:+1:",
}
NOT_AGREED = {
    "de": "geht wieder|alles gut|jetzt klappt es, danke|geht wieder, passt schon|hat geklappt|erledigt|passt|läuft"
    "|fehlgeschlagen|ok|ja, aber erst morgen|ja?",
    "en": "works again|all good|it works now, thanks|it worked|solved|done|failed|ok|yes, but not now|yes?",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", ["second_fetch", "first_fetch", "disable_access"])
def test_an_act_is_confirmed_by_yes_and_by_nothing_else(step: str, language: Language) -> None:
    """That something works is no answer to „Meinen Sie …?“: the act may be the one that gives it up again."""
    for typed in AGREED[language].split("|"):
        assert meant(typed, step, language, asked="press") == Confirm(yes=True), typed
    for typed in NOT_AGREED[language].split("|"):
        assert not isinstance(meant(typed, step, language, asked="press"), Confirm | ProblemTold), typed
    assert meant("nein", step, language, asked="press") == Confirm(yes=False)
    assert isinstance(meant("fehlgeschlagen", "first_fetch", asked="press"), Press)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Einzeln zeigen", "one_by_one"), ("bitte einzeln", "one_by_one"), ("show one by one", "one_by_one"),
        ("one step at a time please", "one_by_one"), ("Zusammen zeigen", "together"), ("together again", "together"),
    ],
)  # fmt: skip
def test_how_steps_are_shown_can_be_said(typed: str, word: CommandWord) -> None:
    """In either language; a question is none."""
    assert meant(typed, "seller_central") == Command(word)
    assert meant(f"{typed}?", "seller_central") != Command(word)


CHATTER = {
    "thanks": "Danke!|vielen Dank|thanks a lot|thx|super, danke|🙏|thank you very much",
    "greeting": "Hallo|good morning|Guten Tag!|moin|hi there|👋",
    "presence": "hallo? ist da jemand?|anybody there?|are you there?|Jemand da?",
    "later": "schaue ich morgen|Moment bitte|I'll check tomorrow|später|one moment please|bin noch dran",
    "laughter": "lol|haha|😂|hahaha|:joy:",
    "acknowledged": "ok, verstanden|I see|alles klar, gut zu wissen",
    "declined": "bitte kein Ticket|no ticket please|Ich brauche keine Hilfe",
}


@pytest.mark.parametrize("kind", CHATTER)
def test_chatter_is_heard_as_what_it_is(kind: str) -> None:
    """Also without a walk, and it presses nothing."""
    for typed in CHATTER[kind].split("|"):
        assert meant(typed, None) == Chatter(kind), typed  # type: ignore[arg-type]
        if kind != "acknowledged":  # at a question, an "ok" is asked about
            assert meant(typed, "first_fetch") == Chatter(kind), typed  # type: ignore[arg-type]


def test_without_a_walk_errors_and_persons_are_understood_too() -> None:
    """Who has no walk, or has finished one, is heard as well."""
    assert meant("Ich brauche einen Menschen", None) == PersonWanted("Ich brauche einen Menschen")
    assert isinstance(meant("AuthToken is not valid for SellerId and AWSAccountId", None), ErrorMessage)
    assert command("help", None) == ("help", None)


def test_every_kind_of_chatter_has_a_rank() -> None:
    """One without would never be found."""
    assert set(talk._RANK) == set(get_args(ChatterKind))


@pytest.mark.parametrize("piece", ["&amp;", "klappt, ", "Seite 3 gelesen; Konto DE\n"])
def test_a_message_of_very_many_clauses_is_a_log_or_a_letter(piece: str) -> None:
    """No button is pressed by it, and it is understood in bounded time; a person wanted in it is heard."""
    situation = at("first_fetch")
    understand("Hallo", situation)
    began = time.process_time()
    assert understand(piece * 8000, situation).intent == Unknown()
    assert time.process_time() - began < 1.5
    assert isinstance(understand(f"bitte rufen Sie mich an\n{piece * 100}", situation).intent, PersonWanted)
    about_it = at("first_fetch", ticket="resolved", asked="works_now")
    assert isinstance(understand(piece * 100, about_it).intent, ProblemTold)
