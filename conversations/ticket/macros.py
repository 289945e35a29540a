"""Macros: prepared answers that an agent starts from. Labels are in the agent's language, texts in the merchant's.

Those of the guide are texts; the agents' own are templates, which may name some placeholders.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversations.engine.procedure import TicketRules
from conversations.engine.rules import answer_of
from conversations.engine.texts import Texts
from conversations.ticket.text_schema import GENERAL_MACROS

AnyRules = TicketRules[Any, Any]
OWN = "own."
"""Before the ID of a template in the name of its macro."""
PLACEHOLDERS = ("merchant", "agent", "ticket")
"""What a template may name, in braces: the merchant, the agent who answers, and the ticket's number."""
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Macro:
    """One prepared answer. `name` is "category.<code>", "general.<name>" or, of the agents' own, "own.<ID>"."""

    name: str
    label: str


def macro_names(rules: AnyRules) -> Iterator[str]:
    """The names of all macros."""
    yield from (f"category.{code}" for code in rules.categories)
    yield from (f"general.{name}" for name in GENERAL_MACROS)


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces in a template and is no placeholder, in its order."""
    return [name for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if name not in PLACEHOLDERS]


def filled_template(text: str, values: Mapping[str, str]) -> str:
    """The template with a value for each of `PLACEHOLDERS`; other braces stay."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def macros(texts: Texts, rules: AnyRules, category: str, own: Sequence[Macro] = ()) -> list[tuple[str, list[Macro]]]:
    """All macros in titled groups: for this category, the agents' `own`, for any category, and for the other ones."""
    of_categories = [Macro(f"category.{code}", texts.say(f"categories.{code}.name")) for code in rules.categories]
    general = [Macro(f"general.{name}", texts.say(f"talk.canned.general.{name}.label")) for name in GENERAL_MACROS]
    groups = {
        "here": [macro for macro in of_categories if macro.name == f"category.{category}"],
        "own": list(own),
        "general": general,
        "others": [macro for macro in of_categories if macro.name != f"category.{category}"],
    }
    return [(texts.say(f"talk.canned.groups.{name}"), group) for name, group in groups.items() if group]


def macro_text(texts: Texts, rules: AnyRules, name: str, answer: str = "") -> str | None:
    """The text of a macro in the merchant's language, or `None` when there is no macro of this name.

    `answer` is the key of what is said to this category here, if it is not the category's own.
    """
    kind, _, code = name.partition(".")
    if kind == "general" and code in GENERAL_MACROS:
        return texts.say(f"talk.canned.general.{code}.text").strip()
    if kind == "category" and code in rules.categories:
        own = f"talk.canned.own.{code}" if code in rules.own_answers else answer_of(code)
        key = own if answer in {"", answer_of(code)} else answer
        return texts.say(key).strip()
    return None
