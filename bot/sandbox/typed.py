"""Typed text in the form in which Slack sends it to apps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.world import Channel, SandboxUser, World

_LINK = re.compile(r"(?<![<|\w])(https?://[^\s<>|]+)")
_SHOUT = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")


def escaped(text: str) -> str:
    """`text` with `&`, `<` and `>` as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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


def in_message(text: str, world: World) -> str:
    """A typed message in the form of an event: escaped, with mentions, channels and links as Slack's markup."""
    text = _LINK.sub(r"<\1>", escaped(text))
    text = _SHOUT.sub(r"<!\1>", text)
    text = _mentions(text, world.people.values(), with_name=False)
    return _channels(text, world.channels.values())


def in_command(text: str, world: World) -> str:
    """The text of a slash command that has should_escape in the manifest."""
    text = _mentions(escaped(text), world.people.values(), with_name=True)
    return _channels(text, world.channels.values())


def _mentions(text: str, people: Iterable[SandboxUser], *, with_name: bool) -> str:
    for person in people:
        first = person.name.split()[0]
        names = "|".join(re.escape(name) for name in (person.name, person.handle, first))
        entity = f"<@{person.id}|{person.handle}>" if with_name else f"<@{person.id}>"
        text = re.sub(rf"(?<![\w@])@(?:{names})(?![\w.]\w)", entity, text, flags=re.IGNORECASE)
    return text


def _channels(text: str, channels: Iterable[Channel]) -> str:
    for channel in channels:
        if channel.kind == "channel":
            entity = f"<#{channel.id}|{channel.name}>"
            text = re.sub(rf"(?<![\w#])#{re.escape(channel.name)}\b", entity, text)
    return text
