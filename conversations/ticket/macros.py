"""Canned answers: where an agent begins. Labels in the agent's language, texts in the merchant's."""

from dataclasses import dataclass

from conversations.amazon_token.triage import Category
from conversations.engine.texts import Texts
from conversations.ticket.text_schema import GENERAL_CANNED, OWN_CANNED

NAMES = (*(f"category.{code}" for code in Category), *(f"general.{name}" for name in GENERAL_CANNED))
"""The names of all canned answers."""


@dataclass(frozen=True)
class Macro:
    """One answer to begin with. `name` is "category.<code>" or "general.<name>"."""

    name: str
    label: str


def macros(texts: Texts, category: str) -> list[tuple[str, list[Macro]]]:
    """What is offered in the agent's `guide`, in titled groups: for this category, for any, for the other ones."""
    own = [Macro(f"category.{code}", texts.say(f"categories.{code}.name")) for code in map(str, Category)]
    general = [Macro(f"general.{name}", texts.say(f"talk.canned.general.{name}.label")) for name in GENERAL_CANNED]
    groups = {
        "here": [one for one in own if one.name == f"category.{category}"],
        "general": general,
        "others": [one for one in own if one.name != f"category.{category}"],
    }
    return [(texts.say(f"talk.canned.groups.{name}"), answers) for name, answers in groups.items() if answers]


def macro_text(texts: Texts, name: str) -> str | None:
    """The answer of that name in the merchant's `guide`, or `None` when there is none."""
    kind, _, code = name.partition(".")
    if kind == "general" and code in GENERAL_CANNED:
        return texts.say(f"talk.canned.general.{code}.text").strip()
    if kind == "category" and code in map(str, Category):
        key = f"talk.canned.own.{code}" if code in OWN_CANNED else f"categories.{code}.answer"
        return texts.say(key).strip()
    return None
