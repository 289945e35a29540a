"""From codes to sentences: notices, refusals and summary lines in one language."""

from collections.abc import Mapping

from conversations.engine.answers import Notice, Refusal
from conversations.engine.texts import Texts
from conversations.engine.walkthrough import StepResult

_SECTIONS = {"kind": "kinds.{}", "category": "categories.{}.name", "answer": "{}"}
"""Values that are codes or keys, and the key of the text for each."""


def in_words(texts: Texts, values: Mapping[str, object]) -> dict[str, object]:
    """`values` with each code replaced by its text."""
    worded: dict[str, object] = {}
    for name, value in values.items():
        if name == "repairs" and isinstance(value, tuple):
            worded[name] = ", ".join(texts.say(f"repairs.{repair}") for repair in value)
        elif name in _SECTIONS:
            worded[name] = texts.say(_SECTIONS[name].format(value))
        else:
            worded[name] = value
    return worded


def notice_text(texts: Texts, note: Notice) -> str:
    """A notice as a sentence."""
    return texts.say(f"notes.{note.code}", **in_words(texts, note.values))


def refusal_text(texts: Texts, refusal: Refusal) -> str:
    """A refusal as text: what is wrong, where, and what to do."""
    return texts.say(f"reasons.{refusal.reason}", **in_words(texts, refusal.values))


def summary_line(texts: Texts, result: StepResult) -> str:
    """The one line that replaces the message of a step that was answered."""
    values = dict(result.record)
    if "choice" in values:
        values["choice"] = texts.say(f"choices.{result.event}.{values['choice']}")
    return texts.say(result.summary_key, **values)
