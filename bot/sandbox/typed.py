"""Typed text in the form in which Slack sends it to apps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.world import Channel, SandboxUser, World

_LINK = re.compile(r"(?<![<|\w])(https?://[^\s<>|]+)")
_SHOUT = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")


def escaped(text: str) -> str:
    """`text` with `&`, `<` and `>` as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
