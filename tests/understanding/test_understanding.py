"""Floors of what `make understanding` prints: whoever changes questions or the index sees what it costs."""

import pytest

from conversations.engine.texts import LANGUAGES, Language
from tests.understanding import measure


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrasings_that_the_index_has_not_seen_are_understood(language: Language) -> None:
    """A fifth of all phrasings, asked of the others; the whole is `make understanding`. Each takes little time."""
    figures = measure.cross_validated(language, most_folds=1)
    assert figures.share("right") >= FLOORS["right"]
    assert figures.share("right", "offered") >= FLOORS["right or offered"]
    assert figures.share("wrong") <= FLOORS["wrong"]
    assert figures.took(0.99) <= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrasing_is_understood_as_its_own_question(language: Language) -> None:
    """Word for word, at a step of the question."""
    index = measure.shipped_index(language)
    for question in index.questions:
        holding = {question.only_if} if question.only_if is not None else set()
        for phrasing in question.asks:
            match = index.match(phrasing, question.steps[0] if question.steps else None, holding)
            assert (match.sure, match.same_words) == (question, True), phrasing


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_guide_answers_is_left_alone(language: Language) -> None:
    """Small talk, other topics and senseless typing, at many steps."""
    figures = measure.nonsense(language)
    assert figures.share("answered") <= FLOORS["nonsense answered"], figures.examples


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_word_more_or_less_is_never_answered_alike(language: Language) -> None:
    """„nicht“, „nur“ and „auch“, added or left out; the few that are left are in the words of another phrasing."""
    figures = measure.turned(language, every=8)
    assert figures.share("dangerous") <= FLOORS["dangerous"], figures.examples


FLOORS = {"right": 68, "right or offered": 92, "wrong": 3, "nonsense answered": 2, "dangerous": 0.3}
"""In per cent."""
