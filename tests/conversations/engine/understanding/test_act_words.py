"""Typed words press a button only when the whole message means it."""

from collections.abc import Iterator

import pytest

from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import LANGUAGES, Language
from conversations.engine.understanding.intents import (
    Answer,
    AskWhich,
    Chatter,
    Command,
    Press,
    Suggestions,
    TypedValue,
)
from conversations.engine.understanding.situation import situation_of
from conversations.engine.understanding.understand import understand
from conversations.engine.walkthrough import Walk
from tests.toys.procedures import COFFEE, TEA
from tests.typed import asked, at, meant, pressed, shipped

STEPS = [name for name, step in PROCEDURE.steps.items() if step.offers]
DANGEROUS = {"ready_to_go", "restore_old_access", "cancel", "continue_anyway", "confirm_reverted"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_the_words_of_a_button_press_it(step: str, language: Language) -> None:
    """In either language, in any case, with or without punctuation; a form's button opens the form."""
    situation = at(step, language, guide=False)
    for act in situation.acts:
        for button in situation.vocabulary.buttons(act.at, act.event, act.choice):
            for typed in (button, button.upper(), f"{button}.", f"„{button}“!", f"{button} 👍"):
                intent = understand(typed, situation).intent
                assert isinstance(intent, Press | TypedValue), (typed, intent)
                assert intent.act == act, typed


@pytest.mark.unmeasured
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_say_instead_presses_it_too(language: Language) -> None:
    """At least 95 of 100, with „so“ and „jetzt“ around it and with two letters exchanged.

    What may mean several acts of one screen („ist offen“) is asked.
    """
    right = total = 0
    for step in STEPS:
        situation = at(step, language, guide=False)
        for act in situation.acts:
            for number, entry in enumerate(act.words):
                typed = list(_around(entry, language))[number % 6]
                intent = understand(typed, situation).intent
                total += 1
                # „Beenden“ is a command as well, which is asked like the button.
                right += (
                    (isinstance(intent, Press) and intent.act == act)
                    or (situation.several_acts and isinstance(intent, AskWhich) and act in intent.offers)
                    or (act.event == "cancel" and isinstance(intent, Command))
                )
    assert total > 2000
    assert right / total >= 0.95


def _around(entry: str, language: Language) -> Iterator[str]:
    yield entry.upper()
    yield f"so, {entry}"
    yield f"{entry} jetzt" if language == "de" else f"{entry} now"
    yield f"{entry}, danke" if language == "de" else f"{entry}, thanks"
    yield f"{entry}!"
    words = entry.split()
    longest = max(range(len(words)), key=lambda index: len(words[index]))
    word = words[longest]
    if len(word) > 6 and word.isalpha():
        middle = len(word) // 2
        words[longest] = word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :]
    yield " ".join(words)


def test_statements_press_and_the_same_words_as_a_question_do_not() -> None:
    """Neither a question mark nor the order of a question presses anything."""
    assert pressed("so, ist offen jetzt", "account_mask") == "advance"
    assert pressed("Bin angemeldet", "seller_central") == "advance"
    assert pressed("it's open now, thanks", "account_mask", "en") == "advance"
    assert pressed("Ja, hat geklappt!", "first_fetch") == "fetch_worked"
    assert pressed("hat nicht funktioniert", "first_fetch") == "fetch_failed"
    assert pressed("istoffen", "account_mask") == "advance"
    for question in ("ist offen?", "ist das offen", "ist die Seite offen", "is it open", "is the page open?"):
        assert pressed(question, "user_permissions") is None, question


@pytest.mark.unmeasured
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_near_miss_presses_anything(language: Language) -> None:
    """Those that were written down, and every phrase negated, asked, doubted, put off, conditional or restricted."""
    missed = written = 0
    for step in STEPS:
        situation = at(step, language, guide=False)
        texts = shipped().of(language, PROCEDURE.id)
        for typed in texts.lists.get(f"not_said.{step}", ()):
            written += 1
            assert not isinstance(understand(typed, situation).intent, Press), (step, typed)
        for act in situation.acts:
            for number, entry in enumerate(act.words):
                ways = list(_near_misses(entry, language))
                for typed in (ways[number % len(ways)], ways[(number + 7) % len(ways)]):
                    intent = understand(typed, situation).intent
                    missed += 1
                    said_so = typed.casefold() in map(str.casefold, act.words)
                    assert said_so or not (isinstance(intent, Press) and intent.act == act), (step, typed)
    assert written >= 150
    assert missed >= 3000


def _near_misses(entry: str, language: Language) -> Iterator[str]:
    said = entry.rstrip(".!?")
    german = (
        "{}?", "{}, oder?", "wenn {}", "sobald {}", "falls {}", "{} noch nicht", "{}, aber etwas stimmt nicht",
        "fast {}", "noch nicht {}", "nicht {}", "{} gleich", "ist das {}?", "{} hoffentlich", "{} und was jetzt?",
        "{} bis auf UK", "{}, nur bei FR nicht", "vielleicht {}", "{} wahrscheinlich", "bald {}",
    )  # fmt: skip
    english = (
        "{}?", "{}, right?", "if {}", "once {}", "when {}", "not {}", "not yet {}", "{} not yet",
        "{} but something is wrong", "almost {}", "{} soon", "hopefully {}", "{} and now what?", "{} except UK",
        "{}, only not for FR", "{} probably", "will be {}", "nearly {}", "never {}",
    )  # fmt: skip
    for way in german if language == "de" else english:
        yield way.format(said)


def test_what_is_guarded_is_asked_once() -> None:
    """A property of the offer itself; the press says so, and the caller asks with two buttons."""
    guarded = {act.event for step in STEPS for act in at(step).acts if act.guarded}
    assert guarded >= DANGEROUS
    for typed, step in (
        ("Ja, ich bin bereit", "ready_to_disable"),
        ("Zugang ist deaktiviert", "disable_access"),
        ("zum alten Zugang zurück", "save_account"),
        ("alles zurückgestellt", "going_back"),
    ):
        intent = meant(typed, step)
        assert isinstance(intent, Press), typed
        assert intent.guarded, typed


def test_an_ok_presses_the_first_button_of_a_plain_step_only() -> None:
    """Not in the danger zone, at no form, at no question, and no thumb alone presses anything."""
    assert pressed("ok", "backup_token") == "advance"
    assert pressed("erledigt", "backup_token") == "advance"
    assert pressed("erledigt", "seller_central") is None, "of four acts"
    assert pressed("done", "licence_terms", "en") == "advance"
    assert pressed("ok", "licence_terms") is None
    assert asked("👍", "backup_token") == ["advance", "remember_token"]
    assert asked(":+1:", "backup_token") == ["advance", "remember_token"]
    assert meant("ok danke", "backup_token") == Chatter("thanks")
    for step in ("ready_to_disable", "connect_version", "account_names", "first_fetch", "new_token", "which_mask"):
        for typed in ("ok", "👍", "danke", "thanks", "okay"):
            intent = meant(typed, step)
            assert not isinstance(intent, Press) or intent.guarded, (step, typed)


OK = ("ok", "OK.", "okay", "alles klar", "👍", ":+1:", "✅", "danke", "ok danke", "thanks")
DONE = ("fertig", "Fertig!", "erledigt", "gemacht", "done", "finished")


@pytest.mark.parametrize("step", STEPS)
def test_rule_and_lists_agree_on_what_an_ok_does(step: str) -> None:
    """What presses unasked is the one button of a plain step: an "ok" outside the danger zone, „fertig“ anywhere."""
    situation = at(step)
    primary, walk = situation.primary, situation.walk
    assert walk is not None
    plain = primary is not None and primary.form is None and not walk.properties.confirmation
    plain = plain and not situation.several_acts
    for typed in (*OK, *DONE):
        intent = understand(typed, situation).intent
        assert isinstance(intent, Press | AskWhich | Chatter | Suggestions), (typed, intent)
        if isinstance(intent, Press) and not intent.guarded:
            assert plain, typed
            assert typed in DONE or not situation.danger_zone, typed
    if plain:
        assert all(isinstance(understand(typed, situation).intent, Press) for typed in DONE)


def test_a_statement_in_the_other_order_presses_and_a_question_does_not() -> None:
    """„Schlüsselset sehe ich“ has its verb second, „sehe ich das Schlüsselset“ has it first."""
    assert pressed("Schlüsselset sehe ich", "which_mask") == pressed("I can see the key set", "which_mask")
    assert pressed("SP-API sehe ich", "which_mask") == "sees_sp_api"
    assert pressed("Angemeldet bin ich", "seller_central") == "advance"
    for typed, step in (("bin ich angemeldet", "seller_central"), ("sehe ich das Schlüsselset", "which_mask")):
        assert pressed(typed, step) is None
    assert pressed("Schlüsselset sehe ich nicht", "which_mask") is None


def test_go_on_is_a_command_and_an_ok_is_none() -> None:
    """„Weiter“ says what to do; "ok" and „fertig“ say how things are, and another rule decides about them."""
    lists = shipped().vocabulary(PROCEDURE).lists
    assert not {*lists.phrases("next")} & {*lists.phrases("agree"), *lists.phrases("finished"), *lists.phrases("yes")}
    assert meant("weiter", "disable_access") == meant("go on", "disable_access") == Command("next")


def test_a_bare_yes_or_no_is_the_button_that_begins_with_it_or_is_asked() -> None:
    """„Nein“ answers „Kommen noch Aufträge an?“; after a fetch it could be either."""
    assert pressed("Nein", "before_start") == "orders_stopped"
    assert pressed("ja", "before_start") == "orders_arriving"
    assert asked("nein", "first_fetch") == ["fetch_worked", "fetch_failed"]
    assert pressed("nein, später", "ready_to_disable") == "not_now"


def test_mixed_messages_are_asked() -> None:
    """„Klappt, nur UK nicht“ says two things; what is asked may be a question of the guide, and nothing is pressed."""
    assert isinstance(meant("klappt, nur UK nicht", "second_fetch"), AskWhich)
    asked = (AskWhich, Chatter, Answer, Suggestions)
    assert isinstance(meant("Gespeichert, aber FR noch nicht", "save_account"), asked)
    assert isinstance(meant("ist noch nicht gespeichert", "save_account"), asked)
    assert isinstance(meant("it is not saved yet", "save_account", "en"), asked)


@pytest.mark.parametrize(
    ("toy", "step", "typed", "event"),
    [
        (TEA, "boil_water", "blubbert", "advance"),
        (TEA, "boil_water", "it's boiling, thanks", "advance"),
        (TEA, "boil_water", "doch lieber Kaffee", "rather_coffee"),
        (TEA, "add_tea", "fertig!", "advance"),
    ],
)
def test_any_procedure_is_understood(toy: object, step: str, typed: str, event: str) -> None:
    """Nothing in the understanding belongs to one procedure."""
    assert toy in (COFFEE, TEA)
    walk = Walk(TEA, TEA.state_type(step=step, facts=TEA.facts()), ProcedureSettings())
    situation = situation_of(shipped().vocabulary(TEA), "de", walk)
    intent = understand(typed, situation).intent
    assert isinstance(intent, Press)
    assert intent.event == event
    assert isinstance(understand(f"{typed}?", situation).intent, Press) is False
