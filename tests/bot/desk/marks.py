"""Nothing unmarked reaches Slack: what is shown consists of texts of the guide, values, and joints without letters."""

import re
from collections.abc import Iterator
from typing import Any

from bot.blocks.kit import SECTION_LIMIT, TEXT_LIMIT

NAMES = ("Erika Beispiel", "Oliver Sample", "Anna Support", "Ben Support", "Frau Muster", "Herr Probe", "Amazon DE",
         "Amazon FR", "Amazon IT", "Muster Handel GmbH", "5881-4686-6012")  # fmt: skip
"""Values that may stand outside a text of the guide: names of people, accounts and the workspace, the ID."""

_INNERMOST = re.compile(r"«(?:de|en):[a-z0-9_.]+ [^«»]*»")
_ENTITY = re.compile(r"<@[UW][A-Z0-9]+>|<!date\^[^>]*>")
_WITHOUT_WORDS = frozenset({"rich_text"})
"""Blocks that hold people's own words."""


def shown(content: Any) -> Iterator[str]:
    """Every text that a person sees of a message, an answer or a view."""
    if isinstance(content, list):
        for part in content:
            yield from shown(part)
    elif isinstance(content, dict) and content.get("type") not in _WITHOUT_WORDS:
        for key, value in content.items():
            if key == "text" and isinstance(value, str):
                yield value
            elif isinstance(value, dict | list):
                yield from shown(value)


def unmarked(text: str, *values: str) -> str:
    """What is left of `text` without the guide's texts and the values; "" when nothing is left that says anything."""
    rest = _whole(text)
    while (shorter := _INNERMOST.sub("", rest)) != rest:
        rest = shorter
    rest = _ENTITY.sub("", rest)
    for value in sorted((*NAMES, *values), key=len, reverse=True):
        rest = rest.replace(value, "") if value else rest
    return "".join(re.findall(r"\w[\w ]*", re.sub(r"[0-9]+", "", rest)))


def _whole(text: str) -> str:
    """A text that was cut at a limit loses its last, broken piece."""
    cut = len(text) in {SECTION_LIMIT, TEXT_LIMIT} and text.count("«") > text.count("»")
    return text[: text.rindex("«")] if cut else text


def all_marked(content: Any, *values: str) -> None:
    """Fails when `content` says something that stands in no guide. `values` are people's words shown in it."""
    for text in shown(content):
        left = unmarked(text, *values)
        assert not left, f"unmarked: {left!r} in {text!r}"
