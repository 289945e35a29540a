"""A typed message as the rich_text block that Slack makes of it."""

from __future__ import annotations

import re
from typing import Any

_MARKUP = re.compile(r"<([@!#]?)([^<>|]*)(?:\|([^<>]*))?>")


def rich_text(text: str) -> dict[str, Any]:
    """The block that Slack makes of a typed message, given in the form of an event."""
    elements: list[dict[str, Any]] = []
    end = 0
    for match in _MARKUP.finditer(text):
        elements += [*_plain(text[end : match.start()]), _element(match[1], match[2])]
        end = match.end()
    elements += _plain(text[end:])
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _plain(text: str) -> list[dict[str, Any]]:
    readable = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [{"type": "text", "text": readable}] if readable else []


def _element(sign: str, name: str) -> dict[str, Any]:
    if sign == "@":
        return {"type": "user", "user_id": name}
    if sign == "#":
        return {"type": "channel", "channel_id": name}
    return {"type": "broadcast", "range": name} if sign == "!" else {"type": "link", "url": name}
