"""From codes to words: notes, refusals and records in the language of one guide."""

from collections.abc import Mapping

from conversations.amazon_token.interpret import Note, Refusal
from conversations.amazon_token.walk import Outcome
from conversations.engine.texts import Guide

_SECTIONS = {"kind": "kinds.{}", "category": "categories.{}.name", "answer": "categories.{}.answer"}
"""Values that are codes, and the guide's key for their words."""


def in_words(guide: Guide, values: Mapping[str, object]) -> dict[str, object]:
    """`values` with each code replaced by what the guide calls it."""
    spoken: dict[str, object] = {}
    for name, value in values.items():
        if name == "repairs" and isinstance(value, tuple):
            spoken[name] = ", ".join(guide.say(f"repairs.{repair}") for repair in value)
        elif name in _SECTIONS:
            spoken[name] = guide.say(_SECTIONS[name].format(value))
        else:
            spoken[name] = value
    return spoken


def note_text(guide: Guide, note: Note) -> str:
    """The sentence of a note."""
    return guide.say(f"notes.{note.code}", **in_words(guide, note.values))


def refusal_text(guide: Guide, refusal: Refusal) -> str:
    """Why an answer is refused: what is wrong, where, what to do."""
    return guide.say(f"reasons.{refusal.reason}", **in_words(guide, refusal.values))


def record_text(guide: Guide, outcome: Outcome) -> str:
    """What the answered message shrinks to."""
    values = dict(outcome.record)
    if "choice" in values:
        values["choice"] = guide.say(f"choices.{outcome.event}.{values['choice']}")
    return guide.say(outcome.record_key, **values)
