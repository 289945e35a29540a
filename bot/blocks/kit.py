"""Small pieces of Block Kit, and the way from a guide's text to Slack's markup."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.blocks.actions import VALUE
from conversations.engine.texts import Texts
from conversations.ticket.models import Mention

Block = dict[str, Any]
Content = dict[str, Any]
"""`text` (what notifications and screen readers get: the whole message) and `blocks`."""

TEXT_LIMIT = 3900
"""`chat.update` refuses more than 4,000 characters of top-level text."""
SECTION_LIMIT = 3000
_USER_ID = re.compile(r"[UW][A-Z0-9]+", re.ASCII)
_MARKUP = re.compile(r"```|[*`]|(?<![\w])_(?=\S)|(?<=\S)_(?![\w])")


def escape(text: str) -> str:
    """`text` with Slack's three control characters disarmed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def date(at: datetime) -> str:
    """A moment in the reader's own time zone; UTC where the client cannot tell."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def entity(value: datetime | Mention) -> str:
    """A moment or a person as Slack's own entity; the pseudonym of somebody erased stays a plain word."""
    if isinstance(value, datetime):
        return date(value)
    return f"<@{value.user_id}>" if _USER_ID.fullmatch(value.user_id) else escape(value.user_id)


def say(texts: Texts, key: str, /, **values: object) -> str:
    """The guide's text as mrkdwn: everything escaped; moments and people as Slack's own entities."""
    live: list[str] = []
    filled: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, datetime | Mention):
            live.append(entity(value))
            filled[name] = f"\x00{len(live) - 1}\x00"
        else:
            filled[name] = str(value).replace("\x00", "")
    text = escape(texts.say(key, **filled))
    return re.sub("\x00([0-9]+)\x00", lambda found: live[int(found[1])], text)


def read_aloud(*texts: str) -> str:
    """Mrkdwn without its marks, for the top-level text."""
    return _MARKUP.sub("", "\n".join(text for text in texts if text))[:TEXT_LIMIT]


def plain(text: str) -> Block:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def section(mrkdwn: str) -> Block:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn[:SECTION_LIMIT]}}


def context(*mrkdwn: str) -> Block:
    """Small grey lines."""
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": text[:SECTION_LIMIT]} for text in mrkdwn],
    }


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(text[:150])}


def actions(block_id: str, *elements: Block) -> Block:
    """A row of buttons."""
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
    """„…“ with what is needed less often: label and value of up to five options."""
    listed = [{"text": plain(label), "value": value} for label, value in options]
    return {"type": "overflow", "action_id": action_id, "options": listed}


def choice(options: Sequence[tuple[str, str]], chosen: str | None = None) -> Block:
    """A field of a modal with one choice of (label, value); at most 100 are shown."""
    listed = [{"text": plain(label[:75]), "value": value} for label, value in options[:100]]
    element: Block = {"type": "static_select", "action_id": VALUE, "options": listed}
    first = [option for option in listed if option["value"] == chosen]
    return {**element, "initial_option": first[0]} if first else element


def field(texts: Texts, block_id: str, key: str, element: Block, *, optional: bool = False) -> Block:
    """A field of a modal; the guide words its label and its hint below `key`."""
    return {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": plain(texts.say(f"{key}.label")),
        "hint": plain(texts.say(f"{key}.hint")),
        "element": element,
    }


def text_input(limit: int, *, multiline: bool = True) -> Block:
    """What is typed into a field of a modal, up to `limit` characters."""
    return {"type": "plain_text_input", "action_id": VALUE, "multiline": multiline, "max_length": limit}


def modal(title: str, close: str, blocks: Sequence[Block], *, submit: str = "", **more: str) -> Block:
    """A modal, its words plain; without `submit` there is only something to read. `more`: callback ID and metadata."""
    view: Block = {"type": "modal", "title": plain(title), "close": plain(close), "blocks": list(blocks), **more}
    return {**view, "submit": plain(submit)} if submit else view


def link_button(action_id: str, label: str, url: str) -> Block:
    """A button that opens `url`; Slack sends a press all the same."""
    return {"type": "button", "action_id": action_id, "text": plain(label), "url": url}


def link(url: str, label: str) -> str:
    """A link in mrkdwn; `url` is one of ours, `label` plain text."""
    return f"<{url.replace('&', '&amp;')}|{escape(label)}>"


def confirmation(texts: Texts, key: str, *, danger: bool = True) -> Block:
    """The dialog before something that cannot be taken back; `key` is where the guide words it."""
    dialog: Block = {
        "title": plain(texts.say(f"{key}.title")),
        "text": plain(texts.say(f"{key}.text")),
        "confirm": plain(texts.say(f"{key}.yes")),
        "deny": plain(texts.say(f"{key}.no")),
    }
    if danger:
        dialog["style"] = "danger"
    return dialog


def words(text: str) -> Block:
    """People's words, as they are: no markup in them works."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": text[:SECTION_LIMIT]}]}],
    }
