"""What a person can read and press in a message, a modal or a Home tab."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.blocks_rules import elements_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.world import Json

    Condition = str | Callable[[Json], bool]


def words(shown: Json) -> str:
    """All readable texts of a message or view, each on a line of its own."""
    title = (shown.get("title") or {}).get("text", "")
    return "\n".join(part for part in (shown.get("text", ""), title, *_texts(shown.get("blocks", []))) if part)


def described(condition: Condition) -> str:
    """The text, or where the condition is written in the source."""
    if isinstance(condition, str):
        return condition
    code = getattr(condition, "__code__", None)
    return f"the condition at {code.co_filename}:{code.co_firstlineno}" if code else f"the condition {condition!r}"


def fulfils(shown: Json, condition: Condition) -> bool:
    """Whether a message or view fulfils a condition."""
    return condition in words(shown) if isinstance(condition, str) else condition(shown)


def snapshot(message: Json) -> str:
    """A string that is different as soon as the message changes in any way."""
    return json.dumps([message["text"], message["blocks"], message["reply_count"]], sort_keys=True)


def parts(blocks: list[Json]) -> Iterator[tuple[tuple[str, str], Json, Json]]:
    """Each element that can be pressed or filled in: its names (label, action ID), its block, and itself."""
    for block in blocks:
        for element in elements_of(block):
            if "action_id" in element:
                label: Json = element.get("text") or {}
                action_id: str = element["action_id"]
                yield (label.get("text") or action_id, action_id), block, element


def has_part(blocks: list[Json], name: str) -> bool:
    """Whether something of this label or action ID can be pressed or filled in."""
    return any(name in names for names, _, _ in parts(blocks))


def options_of(element: Json) -> list[Json]:
    """The options of a menu, including those in groups."""
    grouped = [option for group in element.get("option_groups") or [] for option in group["options"]]
    return [*(element.get("options") or []), *grouped]


def describe(messages: list[Json]) -> str:
    """A conversation as text: names, texts, and buttons in brackets."""
    lines = []
    for message in messages:
        who = message.get("name", "view") + (" (only you)" if message.get("ephemeral") else "")
        body = "\n    ".join(_texts(message["blocks"])) or message.get("text", "")
        buttons = " ".join(f"[{names[0]}]" for names, _, _ in parts(message["blocks"]))
        lines.append(f"{who}: {body} {buttons}".rstrip())
    return "\n".join(lines) or "(nothing has been said)"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            elif key not in ("confirm", "placeholder"):
                yield from _texts(inner)
