"""From codes to words: notes, refusals and records in the language of one guide."""

from collections.abc import Mapping

from conversations.amazon_token.interpret import Notice, Refusal
from conversations.amazon_token.walk import StepResult
from conversations.engine.texts import Texts

_SECTIONS = {"kind": "kinds.{}", "category": "categories.{}.name", "answer": "categories.{}.answer"}
"""Values that are codes, and the guide's key for their words."""


def in_words(texts: Texts, values: Mapping[str, object]) -> dict[str, object]:
    """`values` with each code replaced by what the guide calls it."""
    spoken: dict[str, object] = {}
    for name, value in values.items():
        if name == "repairs" and isinstance(value, tuple):
            spoken[name] = ", ".join(texts.say(f"repairs.{repair}") for repair in value)
        elif name in _SECTIONS:
            spoken[name] = texts.say(_SECTIONS[name].format(value))
        else:
            spoken[name] = value
    return spoken


def notice_text(texts: Texts, note: Notice) -> str:
    """The sentence of a note."""
    return texts.say(f"notes.{note.code}", **in_words(texts, note.values))


def refusal_text(texts: Texts, refusal: Refusal) -> str:
    """Why an answer is refused: what is wrong, where, what to do."""
    return texts.say(f"reasons.{refusal.reason}", **in_words(texts, refusal.values))


def summary_line(texts: Texts, outcome: StepResult) -> str:
    """What the answered message shrinks to."""
    values = dict(outcome.record)
    if "choice" in values:
        values["choice"] = texts.say(f"choices.{outcome.event}.{values['choice']}")
    return texts.say(outcome.summary_key, **values)
