"""Reads the questions of a procedure in one language, and checks them as strictly as the other texts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import SchemaValidator, ValidationError
from pydantic_core.core_schema import (
    TypedDictField,
    dict_schema,
    list_schema,
    str_schema,
    typed_dict_field,
    typed_dict_schema,
)

from conversations.engine.procedure import AnyProcedure
from conversations.engine.texts import (
    Language,
    Problem,
    TextFile,
    Texts,
    TextsError,
    listed,
    placeholders,
    validation_problems,
    with_key,
)
from conversations.engine.understanding.questions import Question
from conversations.engine.understanding.words import fold

LONGEST_TITLE = 75
"""Characters of the first phrasing: it is shown on a button, and Slack takes no more there."""
_SECTION = "questions"
_ANSWERS = frozenset({"answer", "see"})
_TEXT = str_schema(min_length=1, max_length=900, strip_whitespace=True)


def _optional(schema: Any) -> TypedDictField:
    return typed_dict_field(schema, required=False)


_QUESTION = typed_dict_schema(
    {
        "ask": typed_dict_field(list_schema(_TEXT, min_length=1)),
        "answer": _optional(_TEXT),
        "see": _optional(_TEXT),
        "steps": _optional(list_schema(_TEXT)),
        "except": _optional(list_schema(_TEXT)),
        "only_if": _optional(_TEXT),
    },
    extra_behavior="forbid",
)
_FILE = SchemaValidator(
    typed_dict_schema(
        {
            _SECTION: _optional(dict_schema(str_schema(pattern="^[a-z][a-z0-9_]*$"), _QUESTION)),
            "alike": _optional(list_schema(list_schema(_TEXT, min_length=2))),
        },
        extra_behavior="forbid",
    )
)
_Mistakes = Iterator[tuple[tuple[str, ...], str, str]]


@dataclass(frozen=True)
class QuestionTexts:
    """The questions of a procedure in one language, words that mean the same there, and the order of its steps."""

    questions: tuple[Question, ...] = ()
    alike: tuple[tuple[str, ...], ...] = ()
    steps: tuple[str, ...] = ()


def read_questions(procedure: AnyProcedure, texts: Texts, files: Sequence[TextFile]) -> QuestionTexts:
    """The questions in the `files` of one language; a later file replaces what an earlier one says of a question.

    `see` refers to the `texts` of the procedure or to the answer of another question. Raises `TextsError` with every
    mistake, each in the last file that has its key.
    """
    newest_first = files[::-1]
    try:
        checked: Mapping[str, Any] = _FILE.validate_python(_together(files))
    except ValidationError as error:
        raise TextsError(list(validation_problems(error, newest_first))) from error
    found: Mapping[str, Any] = checked.get(_SECTION, {})
    own = {f"{_SECTION}.{key}.answer": one["answer"] for key, one in found.items() if "answer" in one}
    answers = {**texts.texts, **own}
    questions = {key: _question(key, entry, answers) for key, entry in found.items()}
    mistakes = [
        mistake for key, question in questions.items() for mistake in _mistakes(procedure, question, found[key])
    ]
    problems = [
        Problem(with_key(newest_first, path).name, ".".join(path), what, remedy)
        for path, what, remedy in [*mistakes, *_said_twice(texts.language, questions)]
    ]
    if problems:
        raise TextsError(problems)
    alike = tuple(tuple(words) for words in checked.get("alike", ()))
    return QuestionTexts(tuple(questions.values()), alike, tuple(procedure.steps))


def _together(files: Sequence[TextFile]) -> dict[str, Any]:
    """The keys of all files. A new `answer` replaces an older `see` as well, and the other way round."""
    together: dict[str, Any] = {}
    found: dict[Any, Any] = {}
    for file in files:
        together |= file.keys
        new = file.keys.get(_SECTION)
        for key, entry in new.items() if isinstance(new, dict) else ():
            old = found.get(key)
            if isinstance(old, dict) and isinstance(entry, dict):
                kept = old if _ANSWERS.isdisjoint(entry) else {k: v for k, v in old.items() if k not in _ANSWERS}
                found[key] = {**kept, **entry}
            else:
                found[key] = entry
    return {**together, _SECTION: found} if isinstance(together.get(_SECTION), dict) else together


def _question(key: str, entry: Mapping[str, Any], answers: Mapping[str, str]) -> Question:
    answer_key = entry.get("see", f"{_SECTION}.{key}.answer")
    return Question(
        key=key,
        asks=tuple(entry["ask"]),
        answer_key=answer_key,
        answer=answers.get(answer_key, ""),
        steps=tuple(entry.get("steps", ())),
        excluded=tuple(entry.get("except", ())),
        only_if=entry.get("only_if"),
    )


def _mistakes(procedure: AnyProcedure, question: Question, entry: Mapping[str, Any]) -> _Mistakes:
    def at(*names: str) -> tuple[str, ...]:
        return (_SECTION, question.key, *names)

    if len(_ANSWERS & entry.keys()) != 1:
        yield at(), "it needs either `answer` or `see`", "Write one of them."
    elif not question.answer:
        yield at("see"), f"there is no text {entry['see']}", "Correct the key, or write an `answer`."
    for name, steps in (("steps", question.steps), ("except", question.excluded)):
        for step in sorted(set(steps) - procedure.steps.keys()):
            yield at(name), f"there is no step {step}", "Correct its name."
    if question.only_if is not None and question.only_if not in procedure.conditions:
        known = ", ".join(procedure.conditions) or "none"
        yield at("only_if"), f"there is no condition {question.only_if}", f"Correct its name; there are: {known}."
    named = [procedure.steps[step].placeholders for step in question.steps if step in procedure.steps]
    supplied = frozenset.intersection(*named) if named else frozenset()
    if unknown := listed(placeholders(question.answer) - supplied):
        remedy = "Remove it, or name under `steps` only steps whose text may name it."
        yield at(*(_ANSWERS & entry.keys())), f"not every step of the question supplies {unknown}", remedy
    if len(question.title) > LONGEST_TITLE:
        what = f"the first phrasing is shown on a button and has more than {LONGEST_TITLE} characters"
        yield at("ask"), what, "Put a shorter one first."


def _said_twice(language: Language, questions: Mapping[str, Question]) -> _Mistakes:
    """Phrasings that are the same words as another one, or no words at all."""
    seen: dict[str, str] = {}
    for key, question in questions.items():
        for phrasing in question.asks:
            folded = fold(phrasing, language)
            if not folded:
                yield (_SECTION, key, "ask"), f"“{phrasing}” has no words", "Remove it."
            elif folded in seen:
                what = f"“{phrasing}” is a phrasing of {seen[folded]} already"
                yield (_SECTION, key, "ask"), what, "Remove one of them."
            else:
                seen[folded] = key


def differences(procedure: AnyProcedure, read: Mapping[Language, QuestionTexts]) -> Iterator[Problem]:
    """What the languages do not have in common: which questions there are, and where each is true."""
    where = {
        language: {one.key: (set(one.steps), set(one.excluded), one.only_if) for one in texts.questions}
        for language, texts in read.items()
    }
    for key in dict.fromkeys(key for questions in where.values() for key in questions):
        missing = [language for language in where if key not in where[language]]
        for language in missing:
            file = f"{procedure.id}/questions.{language}.yaml"
            yield Problem(file, f"{_SECTION}.{key}", "only another language has this question", "Add it here too.")
        places = [where[language][key] for language in where if key in where[language]]
        if not missing and any(place != places[0] for place in places):
            files = ", ".join(f"{procedure.id}/questions.{language}.yaml" for language in where)
            what = "`steps`, `except` and `only_if` are not the same in all languages"
            yield Problem(files, f"{_SECTION}.{key}", what, "Make them equal.")
