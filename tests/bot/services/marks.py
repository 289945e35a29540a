"""Nothing unmarked reaches Slack: what is shown consists of texts of the guide, values, and joints without letters."""

import re
from collections.abc import Iterator
from typing import Any

from bot.blocks.kit import escape, top_level_text

NAMES = ("Erika Beispiel", "Oliver Sample", "Anna Support", "Ben Support", "Frau Muster", "Herr Probe", "Amazon DE",
         "Amazon FR", "Amazon IT", "Kitchen", "Hall", "Mini", "Muster Handel GmbH", "5881-4686-6012",
         "Shop DE", "Shop FR", "MD5101")  # fmt: skip
"""Values that may stand outside a text of the guide: names of people, accounts and the workspace, the ID, a code."""

_INNERMOST = re.compile(r"«(?:de|en):[A-Za-z0-9_.]+ [^«»]*»")
_ENTITY = re.compile(r"<@[UW][A-Z0-9]+>|<!date\^[^>]*>|(?:https://slack\.com/archives|slack://)[^\s|>]*")
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


def quoted(content: Any) -> list[str]:
    """People's own words in a message, as the top-level text repeats them."""
    quotes = [
        block["elements"][0]["elements"][0]["text"]
        for block in content.get("blocks", [])
        if block["type"] == "rich_text"
    ]
    return [top_level_text(escape(quote)) for quote in quotes]


def unmarked(text: str, *values: str) -> str:
    """What is left of `text` without the guide's texts and the values; "" when nothing is left that says anything."""
    rest = _without(_whole(text), *values)
    while (shorter := _INNERMOST.sub("", rest)) != rest:
        rest = shorter
    rest = _ENTITY.sub("", rest)
    rest = _without(rest, *NAMES, *values)
    return "".join(re.findall(r"\w[\w ]*", re.sub(r"[0-9]+", "", rest)))


def _without(text: str, *values: str) -> str:
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, "") if value else text
    return text


def _whole(text: str) -> str:
    """A text that was cut at a limit loses its last, broken piece."""
    cut = text.endswith("…") and text.count("«") > text.count("»")
    return text[: text.rindex("«")] if cut else text


def all_marked(content: Any, *values: str) -> None:
    """Fails when `content` says something that stands in no guide. `values` are people's words shown in it."""
    for text in shown(content):
        left = unmarked(text, *values)
        assert not left, f"unmarked: {left!r} in {text!r}"
