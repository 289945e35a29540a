"""From the text of an event to what the person wrote: Slack's entities become readable words."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.services.merchant_messages import MerchantMessage, SlackFile
from bot.services.walkthrough import PressOrigin

_ENTITY = re.compile(r"<([^<>]{1,3000})>")
_NAMED = {"@": "@", "#": "#"}


def readable(text: str) -> str:
    """`text` without Slack's escapes and live entities; nothing in it pings anybody any more."""
    return html.unescape(_ENTITY.sub(_plain, text))


def _plain(found: re.Match[str]) -> str:
    inside = found[1]
    target, bar, label = inside.partition("|")
    if target.startswith("!"):
        return f"@{target[1:].partition('^')[0]}"
    if target[:1] in _NAMED:
        return f"{target[0]}{label or target[1:]}"
    if target.startswith(("http://", "https://", "mailto:")):
        shown = target.removeprefix("mailto:")
        return label if bar and label and label in shown else (f"{label} ({shown})" if bar and label else shown)
    # Slack makes no entity of anything else: a token with a pipe in angle brackets stays as it was typed.
    return f"<{inside}>"


Body = Mapping[str, Any]


def _part(body: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(body, Mapping):
            return None
        body = body.get(name)
    return body


def _text(body: Any, *path: str) -> str | None:
    value = _part(body, *path)
    return value if isinstance(value, str) and value else None


class Unreadable(Exception):  # noqa: N818 - the sender's fault, not ours
    """A payload without a team or a user: nobody to act for."""


def person(body: Body) -> tuple[str, str]:
    """(team ID, user ID) of who acts: in a command, an interaction or an event. Raises `Unreadable`."""
    event = _part(body, "event")
    team = _text(body, "user", "team_id") or _text(body, "team", "id") or _text(body, "team_id") or _text(event, "team")
    user = _text(body, "user", "id") or _text(body, "user_id") or _text(event, "user")
    if team is None or user is None:
        raise Unreadable
    return team, user


def changed_person(event: Body) -> tuple[str, str] | None:
    """(team ID, user ID) of whom a `user_change` tells."""
    team, user = _text(event, "user", "team_id"), _text(event, "user", "id")
    return (team, user) if team is not None and user is not None else None


def event_id(body: Body) -> str | None:
    """The same for every delivery of an event."""
    return _text(body, "event_id")


def kind(body: Body) -> str:
    """What came, in Slack's words: the type of an event or an interaction, or "command"."""
    return _text(body, "event", "type") or _text(body, "type") or ("command" if "command" in body else "unknown")


def said(event: Body) -> MerchantMessage:
    """What somebody typed in their direct message, in readable words, and where it stands."""
    return MerchantMessage(
        text=readable(_text(event, "text") or ""),
        channel=_text(event, "channel") or "",
        ts=_text(event, "ts") or "",
        thread_ts=_text(event, "thread_ts"),
        has_files=bool(_part(event, "files")),
        files=_files(_part(event, "files")),
    )


def _files(part: Any) -> tuple[SlackFile, ...]:
    found = []
    for one in part if isinstance(part, list) else ():
        file_id, size = _text(one, "id"), _part(one, "size")
        if file_id is not None:
            known = size if isinstance(size, int) else 0
            found.append(SlackFile(file_id, _text(one, "mimetype") or "", known))
    return tuple(found)


def edited(body: Body) -> tuple[tuple[str, str], MerchantMessage] | None:
    """Who edited a message of theirs, and how it reads now; `None` where it is no person's."""
    event = _part(body, "event")
    team, message = _text(body, "team_id") or _text(event, "team"), _part(event, "message")
    user = _text(message, "user")
    if team is None or user is None or _text(message, "bot_id") is not None:
        return None
    return (team, user), replace(said(message), channel=_text(event, "channel") or "")


def action(body: Body) -> tuple[str, str | None]:
    """Action ID and value of the element that was pressed."""
    pressed = _part(body, "actions")
    first = pressed[0] if isinstance(pressed, list) and pressed else None
    return _text(first, "action_id") or "", _text(first, "value")


def option(body: Body) -> str | None:
    """The value of the option that was chosen from a menu."""
    pressed = _part(body, "actions")
    first = pressed[0] if isinstance(pressed, list) and pressed else None
    return _text(first, "selected_option", "value")


def place(body: Body) -> PressOrigin:
    """Where the pressed button stands, and where answers to the press go."""
    return PressOrigin(
        channel=_text(body, "container", "channel_id") or _text(body, "channel", "id"),
        ts=_text(body, "container", "message_ts") or _text(body, "message", "ts"),
        response_url=_text(body, "response_url"),
    )


def callback(body: Body) -> str:
    """The callback ID of the modal that was submitted."""
    return _text(body, "view", "callback_id") or ""


def metadata(body: Body) -> str | None:
    """The private metadata of the modal that was submitted, or in which something was chosen."""
    return _text(body, "view", "private_metadata")


def modal(body: Body) -> tuple[str, str | None] | None:
    """ID and hash of the modal in which something was pressed or chosen; `None` for a message or a Home tab."""
    view_id = _text(body, "view", "id") if _text(body, "view", "type") == "modal" else None
    return (view_id, _text(body, "view", "hash")) if view_id is not None else None


def fields(body: Body) -> dict[str, str | list[str]]:
    """The values of a submitted modal by block ID: what was typed, or what was chosen."""
    values = _part(body, "view", "state", "values")
    found: dict[str, str | list[str]] = {}
    for block_id, inputs in _items(values):
        for _, element in _items(inputs):
            chosen = _part(element, "selected_options")
            if isinstance(chosen, list):
                found[block_id] = [value for option in chosen if (value := _text(option, "value")) is not None]
            else:
                found[block_id] = _text(element, "value") or _text(element, "selected_option", "value") or ""
    return found


def _items(part: Any) -> list[tuple[str, Any]]:
    return list(part.items()) if isinstance(part, Mapping) else []
