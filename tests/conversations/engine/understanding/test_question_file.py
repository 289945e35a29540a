"""Questions are used only if they are complete and correct; each mistake is named with its remedy."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from conversations.all_texts import AllTexts, load_texts, own_files
from conversations.engine.texts import LANGUAGES, Language, Problem, TextsError
from tests.guides import FIRST, shipped
from tests.toys.procedures import COFFEE, TEA, WITH_TOYS

FEWEST_PHRASINGS = 6


def _own(folder: Path, language: Language, entries: dict[str, Any]) -> str:
    file = folder / COFFEE.id / f"questions.{language}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    return str(file)


def _load(folder: Path | None = None) -> AllTexts:
    return load_texts(folder, WITH_TOYS)


def _problems(folder: Path) -> list[Problem]:
    with pytest.raises(TextsError) as caught:
        _load(folder)
    return caught.value.problems


def test_a_question_has_its_phrasings_and_its_answer() -> None:
    """The answer is its own text, or the one that `see` names; both are texts of the procedure."""
    texts = _load()
    wait, tank, coffee = texts.questions("en", COFFEE.id).questions
    assert wait.title == "How long does the descaler work?"
    assert texts.of("en", COFFEE.id).say(wait.answer_key, minutes=20) == "Leave it in for 20 minutes."
    assert texts.of("en", COFFEE.id).say(tank.answer_key) == tank.answer == "The tank is on the left."
    assert (coffee.excluded, coffee.only_if) == (("done",), "machine_off")
    assert "questions.where_is_tank.answer" not in texts.of("en", COFFEE.id).texts


def test_questions_may_share_an_answer(tmp_path: Path) -> None:
    """`see` may name the answer of another question, and both are given the same one."""
    entries = {"where_is_tank": {"answer": "Left."}, "is_coffee_possible": {"see": "questions.where_is_tank.answer"}}
    _own(tmp_path, "en", {"questions": entries})
    _, tank, coffee = _load(tmp_path).questions("en", COFFEE.id).questions
    assert (coffee.answer_key, coffee.answer) == (tank.answer_key, "Left.")


def test_a_procedure_needs_no_questions() -> None:
    """Without files there is nothing to find."""
    index = _load().questions("de", TEA.id)
    assert index.questions == ()
    assert index.match("Wo ist der Tee?", None).nearest is None


def test_an_answer_is_given_where_it_is_true() -> None:
    """Not at the steps under `except`, not without its condition, and with placeholders at its own steps only."""
    wait, tank, coffee = _load().questions("en", COFFEE.id).questions
    assert (wait.true_at("fill_tank", ()), wait.true_at("rinse_tank", ()), wait.true_at(None, ())) == (
        True,
        False,
        False,
    )
    assert tank.true_at("fill_tank", ())
    assert tank.true_at(None, ())
    assert (coffee.true_at("fill_tank", ()), coffee.true_at("fill_tank", {"machine_off"})) == (False, True)
    assert not coffee.true_at("done", {"machine_off"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_questions_have_many_phrasings(language: Language) -> None:
    """A question with few phrasings is seldom found."""
    questions = shipped().questions(language, FIRST).questions
    assert len(questions) >= 50
    assert {question.key for question in questions if len(question.asks) < FEWEST_PHRASINGS} == set()


# The operator's file


def test_an_own_question_is_added_and_ours_are_replaced_key_by_key(tmp_path: Path) -> None:
    """Phrasings can be replaced alone; an answer of one's own takes the place of a `see`."""
    for language in LANGUAGES:
        new = {"ask": [f"May I drink it? {language}"], "answer": "No."}
        changed = {"where_is_tank": {"answer": "Left."}, "how_long_to_wait": {"ask": [f"Wait? {language}"]}, "own": new}
        _own(tmp_path, language, {"questions": changed})
    texts = _load(tmp_path)
    found = {question.key: question for question in texts.questions("en", COFFEE.id).questions}
    assert list(found) == ["how_long_to_wait", "where_is_tank", "is_coffee_possible", "own"]
    assert (found["where_is_tank"].answer, found["where_is_tank"].title) == ("Left.", "Where is the tank?")
    assert found["how_long_to_wait"].asks == ("Wait? en",)
    assert found["how_long_to_wait"].answer == "Leave it in for {minutes} minutes."
    assert texts.version_of(COFFEE.id) != _load().version_of(COFFEE.id)
    assert [file.name for file in own_files(tmp_path, "de", WITH_TOYS)] == ["questions.de.yaml"]


@pytest.mark.parametrize(
    ("entry", "key", "what"),
    [
        ({"ask": []}, "where_is_tank.ask", "at least 1 item"),
        ({"ask": ["?!"]}, "where_is_tank.ask", "has no words"),
        ({"ask": ["can i make COFFEE now"]}, "is_coffee_possible.ask", "is a phrasing of where_is_tank already"),
        ({"ask": ["Where?", "where"]}, "where_is_tank.ask", "is a phrasing of where_is_tank already"),
        ({"ask": ["x" * 76]}, "where_is_tank.ask", "more than 75 characters"),
        ({"see": "steps.fill_tank.were"}, "where_is_tank.see", "there is no text steps.fill_tank.were"),
        ({"see": "steps.fill_tank.where", "answer": "Left."}, "where_is_tank", "either `answer` or `see`"),
        ({"see": "steps.fill_tank.text"}, "where_is_tank.see", "not every step of the question supplies {minutes}"),
        ({"answer": "{minutes}", "steps": ["fill_tank", "rinse_tank"]}, "where_is_tank.answer", "supplies {minutes}"),
        ({"answer": ""}, "where_is_tank.answer", "it is still empty"),
        ({"steps": ["fill_tonk"]}, "where_is_tank.steps", "there is no step fill_tonk"),
        ({"except": ["fill_tonk"]}, "where_is_tank.except", "there is no step fill_tonk"),
        ({"only_if": "machine_on"}, "where_is_tank.only_if", "there is no condition machine_on"),
        ({"asks": ["Where?"]}, "where_is_tank.asks", "no use for this key"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, entry: dict[str, Any], key: str, what: str) -> None:
    """The file, the key, what is wrong, and what to do."""
    file = _own(tmp_path, "en", {"questions": {"where_is_tank": entry}})
    problems = [problem for problem in _problems(tmp_path) if problem.file == file or "en.yaml" in problem.file]
    named = [problem for problem in problems if problem.key == f"questions.{key}" and what in problem.what]
    assert named, problems
    assert all(problem.remedy for problem in named)


def test_both_languages_have_the_same_questions(tmp_path: Path) -> None:
    """A question that only one of them has, or that is true elsewhere in one of them, is a mistake."""
    _own(
        tmp_path,
        "en",
        {"questions": {"own": {"ask": ["May I?"], "answer": "No."}, "where_is_tank": {"except": ["done"]}}},
    )
    assert {(problem.file, problem.key) for problem in _problems(tmp_path)} == {
        ("coffee_machine/questions.de.yaml", "questions.own"),
        ("coffee_machine/questions.de.yaml, coffee_machine/questions.en.yaml", "questions.where_is_tank"),
    }


def test_words_that_mean_the_same_are_a_list_of_lists(tmp_path: Path) -> None:
    """One word alone is like nothing."""
    _own(tmp_path, "en", {"alike": [["tank"]]})
    assert [problem.key for problem in _problems(tmp_path)] == ["alike.0"]
