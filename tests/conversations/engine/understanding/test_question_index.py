"""Which question somebody means: sure, up to three to choose from, or none."""

from dataclasses import replace

import pytest

from conversations.engine.texts import Language
from conversations.engine.understanding.question_index import LONGEST, QuestionIndex
from conversations.engine.understanding.questions import Question
from tests.guides import FIRST, shipped

DELETE = Question(
    key="delete", answer_key="a", answer="Yes.", steps=("one",),
    asks=("Kann ich das alte Token löschen?", "Darf das alte Token weg?"),
)  # fmt: skip
KEEP = Question(
    key="keep", answer_key="b", answer="No.", steps=("two",),
    asks=("Muss ich beide Konten umstellen?", "Gilt das für alle Konten?"),
)  # fmt: skip
ONLY = Question(
    key="only", answer_key="c", answer="One.", asks=("Reicht es, wenn ich nur ein Konto umstelle?", "nur eines?")
)
INDEX = QuestionIndex("de", (DELETE, KEEP, ONLY), [("löschen", "entfernen")], ("one", "two"))


@pytest.mark.parametrize("text", ["Kann ich das alte Token löschen?", "kann ich das ALTE token loeschen"])
def test_a_phrasing_is_sure(text: str) -> None:
    """Case, umlauts and punctuation aside, it is the same words."""
    match = INDEX.match(text, None)
    assert match.sure is DELETE
    assert match.same_words


def test_a_typing_mistake_is_forgiven() -> None:
    """It is sure as well, but not the same words."""
    match = INDEX.match("Kann ich das alte Tokn löschn?", None)
    assert match.sure is DELETE
    assert not match.same_words


@pytest.mark.parametrize(
    "text",
    [
        "Kann ich das alte Token nicht löschen?",
        "Kann ich das neue Token löschen?",
        "Kann ich das Token löschen?",
        "Kann ich auch das alte Token löschen?",
        "Kann ich das alte Token wieder löschen?",
        "Kann ich nur das alte Token löschen?",
    ],
)
def test_a_small_word_that_turns_the_sense_is_never_answered_by_the_same_answer(text: str) -> None:
    """It may be offered; then the person decides."""
    match = INDEX.match(text, "one")
    assert match.sure is None
    assert DELETE in match.offers


def test_the_small_words_of_another_phrasing_do_not_help() -> None:
    """„Bin ich der Hauptbenutzer?“ is no reason to take „ich bin der …“ for „ich bin nicht der …“; it is offered."""
    primary = Question(
        key="primary",
        answer_key="d",
        answer="Ask.",
        asks=("Bin ich der Hauptbenutzer?", "Ich bin nicht der Hauptbenutzer"),
    )
    match = QuestionIndex("de", (DELETE, KEEP, primary)).match("ich bin der hauptbenutzer", None)
    assert match.sure is None
    assert primary in match.offers


def test_an_age_that_no_phrasing_names_is_never_answered() -> None:
    """The new account is not the old one, however much of the rest is the same."""
    assert INDEX.match("Muss ich denn alle beide Konten jetzt umstellen?", "two").sure is KEEP
    assert INDEX.match("Muss ich denn alle beide neuen Konten jetzt umstellen?", "two").sure is None


@pytest.mark.parametrize("text", ["", "?!", "   "])
def test_no_words_are_no_question(text: str) -> None:
    """Nor is there a nearest one."""
    assert INDEX.match(text, None).nearest is None


def test_other_topics_are_left_alone() -> None:
    """What has nothing to do with any question is neither answered nor offered; the nearest is known all the same."""
    match = INDEX.match("Wie wird das Wetter in Italien?", None)
    assert (match.sure, match.offers) == (None, ())
    assert match.nearest is not None


def test_the_present_step_counts() -> None:
    """The same words mean first what belongs there."""
    assert INDEX.ranked("Und das hier?", "one")[0].question is DELETE
    assert INDEX.ranked("Und das hier?", "two")[0].question is KEEP


def test_a_word_of_the_same_meaning_counts() -> None:
    """Although no phrasing has it."""
    plain = QuestionIndex("de", (DELETE, KEEP, ONLY), (), ("one", "two"))
    text = "entfernen?"
    assert plain.ranked(text, "two")[0].question is KEEP
    assert INDEX.ranked(text, "one")[0].question is DELETE
    assert INDEX.ranked(text, "one")[0].score > plain.ranked(text, "one")[0].score


def test_a_question_that_is_not_true_there_is_not_found() -> None:
    """Not even by its own words."""
    untrue = Question(key="x", answer_key="x", answer="No.", asks=("Geht das so?",), excluded=("one",), only_if="off")
    index = QuestionIndex("de", (untrue,))
    assert index.match("Geht das so?", "one", {"off"}).sure is None
    assert index.match("Geht das so?", "two").sure is None
    assert index.match("Geht das so?", "two", {"off"}).sure is untrue


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("de", "wo steht die Versionsnumer", "where_is_version"),
        ("de", "Wo find ich denn die Nummer der Version?", "where_is_version"),
        ("en", "where do I find the version nubmer", "where_is_version"),
    ],
)
def test_shipped_questions_are_found(language: Language, text: str, key: str) -> None:
    """Typing mistakes, parts of compounds and other forms of a word make no difference."""
    match = shipped().questions(language, FIRST).match(text, "connect_version")
    assert match.sure is not None
    assert match.sure.key == key


def test_of_a_long_message_only_the_beginning_is_read() -> None:
    """Thousands of words take no longer than a hundred."""
    assert INDEX.match("nur eines? " + "x" * LONGEST + " wort" * 20_000, None).nearest is not None


def test_questions_with_one_answer_do_not_stand_against_each_other() -> None:
    """Between two of them it is a toss-up, but not what is answered; and they are offered as one."""
    text = "Altes Token und alle Konten?"
    apart = INDEX.match(text, None)
    assert apart.sure is None
    together = QuestionIndex("de", (DELETE, replace(KEEP, answer_key="a"), ONLY), INDEX.alike, INDEX.steps)
    match = together.match(text, None)
    assert match.sureness > apart.sureness
    shown = match.offers if match.sure is None else (match.sure,)
    assert [one.answer_key for one in shown].count("a") == 1
