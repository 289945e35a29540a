"""Elements of Block Kit, and texts as Slack's markup."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.blocks.actions import VALUE
from bot.blocks.fit import Block, Blocks, Content, shortened, spread, without_formatting
from conversations.engine.formatter import Mention, Value
from conversations.engine.texts import Texts

__all__ = ["Block", "Blocks", "Content"]
View = dict[str, Any]
"""A modal or a Home tab."""

VIEW_BLOCKS = 100
_BOLD = re.compile(r"\*([^*\n]+)\*")
_DATE = "{date_short_pretty}, {time}"
_USER_ID = re.compile(r"[UW][A-Z0-9]+", re.ASCII)


def escape(text: str) -> str:
    """`text` with Slack's three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def date(at: datetime) -> str:
    """A moment that Slack shows in the reader's time zone; a client that cannot shows UTC."""
    return f"<!date^{int(at.timestamp())}^{_DATE}|{at:%Y-%m-%d %H:%M} UTC>"


def entity(value: datetime | Mention) -> str:
    """A moment or a person as Slack's own markup; the pseudonym of somebody erased stays plain text."""
    if isinstance(value, datetime):
        return date(value)
    return f"<@{value.user_id}>" if _USER_ID.fullmatch(value.user_id) else escape(value.user_id)


def say(texts: Texts, key: str, /, **values: object) -> str:
    """The text of `key` as mrkdwn: everything escaped; moments and people as Slack's own markup."""
    entities: list[str] = []
    filled: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, datetime | Mention):
            entities.append(entity(value))
            filled[name] = f"\x00{len(entities) - 1}\x00"
        else:
            filled[name] = str(value).replace("\x00", "")
    text = escape(texts.say(key, **filled))
    return re.sub("\x00([0-9]+)\x00", lambda match: entities[int(match[1])], text)


def top_level_text(*texts: str) -> str:
    """Mrkdwn without its formatting, as the `text` of a message, within Slack's limit."""
    return shortened(without_formatting("\n".join(text for text in texts if text)))


def plain(text: str) -> Block:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def section(mrkdwn: str) -> Block:
    """A section block with mrkdwn; one that is too long becomes several before it is sent (`bot.blocks.fit`)."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}


def context(*mrkdwn: str) -> Block:
    """A context block: small grey lines."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text} for text in mrkdwn]}


def header(text: str) -> Block:
    """A header block."""
    return {"type": "header", "text": plain(text[:150])}


def actions(block_id: str, *elements: Block) -> Block:
    """An actions block: a row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(
    action_id: str, label: str, value: str = "-", *, style: str | None = None, confirm: Block | None = None
) -> Block:
    """A button; `style` is "primary" or "danger"."""
    element: Block = {"type": "button", "action_id": action_id, "text": plain(label), "value": value}
    if style is not None:
        element["style"] = style
    if confirm is not None:
        element["confirm"] = confirm
    return element


def menu(action_id: str, *options: tuple[str, str]) -> Block:
    """The button „…“ with up to five options, each a label and a value."""
    option_objects = [{"text": plain(label), "value": value} for label, value in options]
    return {"type": "overflow", "action_id": action_id, "options": option_objects}


def choice(options: Sequence[tuple[str, str]], chosen: str | None = None) -> Block:
    """The element of a modal's field for one choice among (label, value) pairs; at most 100 are shown."""
    option_objects = [{"text": plain(label[:75]), "value": value} for label, value in options[:100]]
    element: Block = {"type": "static_select", "action_id": VALUE, "options": option_objects}
    initial = [option for option in option_objects if option["value"] == chosen]
    return {**element, "initial_option": initial[0]} if initial else element


def field(texts: Texts, block_id: str, key: str, element: Block, *, optional: bool = False) -> Block:
    """A field of a modal; its label and hint are the texts `<key>.label` and `<key>.hint`."""
    return {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": plain(texts.say(f"{key}.label")),
        "hint": plain(texts.say(f"{key}.hint")),
        "element": element,
    }


def text_input(limit: int, *, multiline: bool = True) -> Block:
    """The element of a modal's field for typing up to `limit` characters."""
    return {"type": "plain_text_input", "action_id": VALUE, "multiline": multiline, "max_length": limit}


def modal(title: str, close: str, blocks: Sequence[Block], *, submit: str = "", **more: str) -> Block:
    """A modal; without `submit` it has no submit button. `more`: callback ID and metadata."""
    shown = spread(list(blocks))[:VIEW_BLOCKS]
    view: Block = {"type": "modal", "title": plain(title), "close": plain(close), "blocks": shown, **more}
    return {**view, "submit": plain(submit)} if submit else view


def link_button(action_id: str, label: str, url: str) -> Block:
    """A button that opens `url`; Slack sends a press for it too."""
    return {"type": "button", "action_id": action_id, "text": plain(label), "url": url}


def link(url: str, label: str) -> str:
    """A link in mrkdwn; `label` is plain text."""
    return f"<{url.replace('&', '&amp;')}|{escape(label)}>"


def confirmation(texts: Texts, key: str, *, danger: bool = True, **values: object) -> Block:
    """The confirmation dialog of a button; its texts are those below `key`, of which title and text name `values`."""
    dialog: Block = {
        "title": plain(texts.say(f"{key}.title", **values)),
        "text": plain(texts.say(f"{key}.text", **values)),
        "confirm": plain(texts.say(f"{key}.yes")),
        "deny": plain(texts.say(f"{key}.no")),
    }
    if danger:
        dialog["style"] = "danger"
    return dialog


def remark(mrkdwn: str) -> Block:
    """Mrkdwn without entities as rich_text: Slack lets nothing else take the place of a message with a quotation."""
    elements: list[Block] = []
    for number, part in enumerate(_BOLD.split(mrkdwn)):
        plain_text = part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        if plain_text:
            style = {"style": {"bold": True}} if number % 2 else {}
            elements.append({"type": "text", "text": plain_text, **style})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def rich_lines(lines: Sequence[tuple[str, tuple[Value, ...]]], between: str = "\n") -> Block:
    """Lines, each a label in bold or "" and its values. No markup takes effect in them."""
    elements: list[Block] = []
    for number, (label, values) in enumerate(lines):
        if number:
            elements.append({"type": "text", "text": between})
        if label:
            elements.append({"type": "text", "text": f"{label}: ", "style": {"bold": True}})
        elements += [_inline(value) for value in values]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _inline(value: Value) -> Block:
    if isinstance(value, datetime):
        form = {"format": _DATE, "fallback": f"{value:%Y-%m-%d %H:%M} UTC"}
        return {"type": "date", "timestamp": int(value.timestamp()), **form}
    if isinstance(value, Mention) and _USER_ID.fullmatch(value.user_id):
        return {"type": "user", "user_id": value.user_id}
    return {"type": "text", "text": value.user_id if isinstance(value, Mention) else value}


def quote(text: str) -> Block:
    """What a person wrote, unchanged: no markup in it takes effect."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}],
    }
