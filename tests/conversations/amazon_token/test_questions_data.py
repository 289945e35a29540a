"""The questions that merchants ask and the words they say instead of pressing: what their files must hold."""

import re
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from typing import Any

import pytest
import yaml

from conversations.amazon_token.steps import STEPS
from conversations.engine.texts import LANGUAGES

FACTS = {"access_on", "access_off"}
QUESTIONS, ASKS, ANSWER_WORDS = 60, 7, 60
SAID, NOT_SAID = 8, 60


def _load(name: str) -> dict[str, Any]:
    text = resources.files("conversations.amazon_token").joinpath(name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _questions(language: str) -> dict[str, dict[str, Any]]:
    questions: dict[str, dict[str, Any]] = _load(f"questions.{language}.yaml")["questions"]
    return questions


def _plain(phrase: str) -> str:
    """The phrase as it is compared here: a question mark makes a difference, other marks and the case do not."""
    return " ".join(re.sub(r"[^\w?]+", " ", phrase.casefold()).split())


def _acts(step: str) -> set[str]:
    """Every event that `step` offers, with its choices as `event.choice`."""
    offers = STEPS[step].offers
    return {offer.event for offer in offers if not offer.choices} | {
        f"{offer.event}.{choice}" for offer in offers for choice in offer.choices
    }


def _repeated(phrases: Iterable[str]) -> list[str]:
    return [phrase for phrase, times in Counter(phrases).items() if times > 1]


def test_both_languages_have_the_same_questions() -> None:
    """The same keys in the same order, and everything but the wording is the same."""
    worded = {"ask", "answer"}
    german, english = (
        [
            (key, {name: value for name, value in entry.items() if name not in worded})
            for key, entry in _questions(language).items()
        ]
        for language in LANGUAGES
    )

    assert german == english
    assert len(german) >= QUESTIONS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_complete(language: str) -> None:
    """Enough phrasings, one answer, and only steps, facts and texts that exist."""
    texts = _load(f"texts.{language}.yaml") | _load(f"questions.{language}.yaml")
    for key, entry in _questions(language).items():
        assert set(entry) <= {"steps", "except", "only_if", "ask", "answer", "see"}, key
        assert len(entry["ask"]) >= ASKS, key
        assert all(isinstance(phrase, str) for phrase in entry["ask"]), key
        assert {*entry.get("steps", ()), *entry.get("except", ())} <= set(STEPS), key
        assert not {*entry.get("steps", ())} & {*entry.get("except", ())}, key
        assert entry.get("only_if", "access_on") in FACTS, key
        assert ("answer" in entry) != ("see" in entry), key
        if "see" in entry:
            found: Any = texts
            for part in entry["see"].split("."):
                found = found[part]
            assert isinstance(found, str), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrasing_belongs_to_two_questions(language: str) -> None:
    """Nor is one written down twice in the same question."""
    every = [phrase for entry in _questions(language).values() for phrase in entry["ask"]]

    assert _repeated(_plain(phrase).replace("?", "") for phrase in every) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_short_and_calm(language: str) -> None:
    """No answer is long, shouts, or names a developer ID, which is valid for some merchants only."""
    for key, entry in _questions(language).items():
        answer = entry.get("answer", "")
        assert len(answer.split()) <= ANSWER_WORDS, key
        assert "!" not in answer, key
        assert not re.search(r"\d{4}\D?\d{4}\D?\d{4}", answer + " ".join(entry["ask"])), key


def test_every_act_can_be_said() -> None:
    """Each event that a step offers has words in both languages, at the step or for all steps."""
    for language in LANGUAGES:
        said = _load(f"said.{language}.yaml")
        assert set(said) == {"said", "any_step", "not_said"}
        for step in STEPS:
            here = said["said"].get(step, {})
            assert set(here) <= _acts(step), step
            assert _acts(step) <= {*here, *said["any_step"]}, step
            assert all(len(phrases) >= SAID for phrases in here.values()), step
        assert all(len(phrases) >= SAID for phrases in said["any_step"].values())
        assert set(said["any_step"]) <= {act for step in STEPS for act in _acts(step)}


def test_what_is_said_means_one_thing() -> None:
    """At a step, no phrase of either language means two acts, is a near-miss, or is a phrasing of a question."""
    files = [_load(f"said.{language}.yaml") for language in LANGUAGES]
    asked = {_plain(phrase) for lang in LANGUAGES for entry in _questions(lang).values() for phrase in entry["ask"]}
    for step in STEPS:
        meant: dict[str, set[str]] = {}
        for said in files:
            everywhere = {act: said["any_step"][act] for act in said["any_step"] if act in _acts(step) | {"cancel"}}
            pressing = [*said["said"].get(step, {}).items(), *everywhere.items()]
            assert all(_repeated(map(_plain, phrases)) == [] for _, phrases in pressing), step
            for act, phrases in pressing:
                meant.setdefault(act, set()).update(map(_plain, phrases))
        missed = {_plain(phrase) for said in files for phrase in said["not_said"].get(step, ())}

        assert _repeated(phrase for phrases in meant.values() for phrase in phrases) == [], step
        assert not set().union(*meant.values()) & (missed | asked), step


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_near_misses(language: str) -> None:
    """Enough messages that only resemble an act, at steps that exist."""
    not_said = _load(f"said.{language}.yaml")["not_said"]

    assert set(not_said) <= set(STEPS)
    assert sum(len(phrases) for phrases in not_said.values()) >= NOT_SAID
    assert all(len(set(phrases)) == len(phrases) for phrases in not_said.values())
