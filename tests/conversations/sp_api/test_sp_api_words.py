"""The questions and words of the SP-API procedure: what their files must hold."""

from collections import Counter
from importlib import resources
from typing import Any

import pytest
import yaml

from conversations.all_texts import load_texts
from conversations.engine.texts import LANGUAGES, Language
from conversations.sp_api.procedure import PROCEDURE

QUESTIONS, ASKS, ANSWER_WORDS, SAID = 30, 18, 60, 8


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(resources.files("conversations.sp_api").joinpath(name).read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_phrasings_and_a_short_calm_answer(language: Language) -> None:
    """Each phrasing finds its own question, word for word."""
    index = load_texts().questions(language, PROCEDURE.id)
    assert len(index.questions) >= QUESTIONS
    for question in index.questions:
        assert len(question.asks) >= ASKS, question.key
        assert len(question.answer.split()) <= ANSWER_WORDS, question.key
        assert "!" not in question.answer, question.key
        for phrasing in question.asks:
            assert index.match(phrasing, None, set()).sure == question, phrasing


def test_both_languages_have_the_same_questions_in_the_same_order() -> None:
    """So that nobody is answered less."""
    assert list(_load("questions.de.yaml")["questions"]) == list(_load("questions.en.yaml")["questions"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_can_be_said_and_means_one_thing(language: Language) -> None:
    """Each event that a step offers has words there; no phrase means two acts, and no near-miss presses one."""
    said = _load(f"said.{language}.yaml")
    for name, step in PROCEDURE.steps.items():
        here = said["said"].get(name, {})
        assert set(here) == {offer.event for offer in step.offers}, name
        phrases = [phrase.casefold() for each in here.values() for phrase in each]
        assert [phrase for phrase, times in Counter(phrases).items() if times > 1] == [], name
        assert not {phrase.casefold() for phrase in said["not_said"].get(name, ())} & set(phrases), name
        assert all(len(each) >= SAID for each in here.values()), name
