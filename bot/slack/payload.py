"""Reads Slack's payloads. A part that is missing or has another type than Slack's reads as absent."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.blocks.actions import FIELD_PATTERN, LESS
from bot.services.merchant_messages import MerchantMessage, SlackFile
from bot.services.walkthrough import PressOrigin

Body = Mapping[str, Any]
"""A payload, parsed from JSON."""

_ENTITY = re.compile(r"<([^<>]{1,3000})>")
_MENTION_SIGNS = frozenset("@#")


def readable(text: str) -> str:
    """`text` as its author saw it, with Slack's escapes and entities made plain text: nothing in it pings anybody."""
    return html.unescape(_ENTITY.sub(_entity_text, text))


def _entity_text(match: re.Match[str]) -> str:
    entity = match[1]
    target, bar, label = entity.partition("|")
    if target.startswith("!"):
        return f"@{target[1:].partition('^')[0]}"
    if target[:1] in _MENTION_SIGNS:
        return f"{target[0]}{label or target[1:]}"
    if target.startswith(("http://", "https://", "mailto:")):
        address = target.removeprefix("mailto:")
        if bar and label:
            return label if label in address else f"{label} ({address})"
        return address
    # Slack makes entities of nothing else: a token with a pipe, in angle brackets, stays as it was typed.
    return f"<{entity}>"


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
    """A payload without an installation or a user: nobody to act for."""


def installation(body: Body) -> str | None:
    """The ID of the workspace in which the app is installed, or of the organization that has installed it.

    It is never the person's own workspace (`user.team_id`, an event's `team`): in an Enterprise Grid that is another
    one. An installation in the whole organization has one token, and a user ID means the same person in all its
    workspaces. Its payloads name now one workspace, now another, now none, but always the organization.
    """
    authorized = _first(body, "authorizations")
    installed = authorized or body
    if _part(installed, "is_enterprise_install") in (True, "true"):
        organization = _text(body, "enterprise", "id") or _text(installed, "enterprise_id")
        if organization is not None:
            return organization
    return (
        _text(body, "view", "app_installed_team_id")
        or _text(authorized, "team_id")
        or _text(body, "team", "id")
        or _text(body, "team_id")
    )


def person(body: Body) -> tuple[str, str]:
    """(installation, user ID) of the person who acts, in a command, an interaction or an event. Raises `Unreadable`."""
    team = installation(body)
    user = _text(body, "user", "id") or _text(body, "user_id") or _text(body, "event", "user")
    if team is None or user is None:
        raise Unreadable
    return team, user


def changed_person(body: Body) -> tuple[str, str] | None:
    """(installation, user ID) of the person that a `user_change` is about."""
    team, user = installation(body), _text(body, "event", "user", "id")
    return (team, user) if team is not None and user is not None else None


def is_deactivated(event: Body) -> bool:
    """Whether the person that a `user_change` is about is deactivated."""
    user = event.get("user")
    return isinstance(user, dict) and user.get("deleted") is True


def event_id(body: Body) -> str | None:
    """The event's ID, the same in every delivery; `None` for anything but an event."""
    return _text(body, "event_id")


def kind(body: Body) -> str:
    """The type of an event or an interaction, "command", or "unknown"."""
    return _text(body, "event", "type") or _text(body, "type") or ("command" if "command" in body else "unknown")


def message(event: Body) -> MerchantMessage:
    """What a person typed in their direct message, as plain text: what they forwarded and snippets are part of it."""
    parts = [_text(event, "text"), *_forwarded(event), *_snippets(event)]
    return MerchantMessage(
        text=readable("\n".join(part for part in parts if part)),
        channel=_text(event, "channel") or "",
        ts=_text(event, "ts") or "",
        thread_ts=_text(event, "thread_ts"),
        has_files=bool(_part(event, "files")) and not any(_snippets(event)),
        files=_files([item for item in _items_of(_part(event, "files")) if not _is_snippet(item)]),
    )


def _forwarded(event: Body) -> list[str]:
    """The texts of shared messages (https://docs.slack.dev/reference/events/message/)."""
    shared = [item for item in _items_of(_part(event, "attachments")) if _part(item, "is_share") is True]
    return [_text(item, "text") or _text(item, "fallback") or "" for item in shared]


def _is_snippet(item: Any) -> bool:
    """Whether a file is a text: a long paste becomes one (https://docs.slack.dev/reference/objects/file-object/)."""
    return _text(item, "mode") == "snippet" or (_text(item, "mimetype") or "").startswith("text/")


def _snippets(event: Body) -> list[str]:
    """What Slack shows of each snippet: its beginning."""
    return [_text(item, "preview") or "" for item in _items_of(_part(event, "files")) if _is_snippet(item)]


def csv_file(event: Body) -> str | None:
    """The ID of the first CSV file in a message, or `None`."""
    names = ((_text(item, "id"), _text(item, "name") or "") for item in _items_of(_part(event, "files")))
    return next((file_id for file_id, name in names if file_id and name.lower().endswith(".csv")), None)


def _files(part: Any) -> tuple[SlackFile, ...]:
    files = []
    for item in part if isinstance(part, list) else ():
        file_id, size = _text(item, "id"), _part(item, "size")
        if file_id is not None:
            files.append(SlackFile(file_id, _text(item, "mimetype") or "", size if isinstance(size, int) else 0))
    return tuple(files)


def edited_message(body: Body) -> tuple[tuple[str, str], MerchantMessage] | None:
    """Author (installation, user ID) and new text of an edited message.

    `None` when its author is not a person, or the text is what it was: Slack reports a change also when it adds the
    preview of a link or the count of replies, or leaves a mark where a message with replies was deleted.
    """
    event = _part(body, "event")
    team, edited = installation(body), _part(event, "message")
    user = _text(edited, "user")
    if team is None or user is None or _text(edited, "bot_id") is not None or _part(edited, "subtype") == "tombstone":
        return None
    now, before = message(edited), _part(event, "previous_message")
    if isinstance(before, Mapping) and message(before).text == now.text:
        return None
    return (team, user), replace(now, channel=_text(event, "channel") or "")


def deleted_message(body: Body) -> tuple[tuple[str, str], str] | None:
    """Author (installation, user ID) of a deleted message, and what identifies it; `None` when it was no person's."""
    event = _part(body, "event")
    team, before = installation(body), _part(event, "previous_message")
    user, ts = _text(before, "user"), _text(event, "deleted_ts")
    if team is None or user is None or ts is None or _text(before, "bot_id") is not None:
        return None
    return (team, user), MerchantMessage(text="", channel=_text(event, "channel") or "", ts=ts).source


def typed_in(body: Body) -> str | None:
    """The direct message in which a person typed, or `None` when the event is anything else."""
    event = _part(body, "event")
    typed = _text(event, "type") == "message" and _text(event, "channel_type") == "im" and _text(event, "user")
    return _text(event, "channel") if typed and not _text(event, "bot_id") else None


def first_field(body: Body) -> str | None:
    """The block ID of the first input of a submitted modal, or `None` when it has none."""
    blocks = _items_of(_part(body, "view", "blocks"))
    return next((_text(block, "block_id") for block in blocks if _text(block, "type") == "input"), None)


def _items_of(part: Any) -> list[Any]:
    return part if isinstance(part, list) else []


def _first(body: Body, name: str) -> Any:
    """The first of a list; `None` when there is none."""
    return next(iter(_items_of(_part(body, name))), None)


def action(body: Body) -> tuple[str, str | None]:
    """Action ID and value of the element that was pressed."""
    element = _first(body, "actions")
    return _text(element, "action_id") or "", _text(element, "value")


def option(body: Body) -> str | None:
    """The value of the option that was chosen from a menu."""
    return _text(_first(body, "actions"), "selected_option", "value")


def press_origin(body: Body) -> PressOrigin:
    """The message of the pressed button, and the response URL for answers to the press."""
    return PressOrigin(
        channel=_text(body, "container", "channel_id") or _text(body, "channel", "id"),
        ts=_text(body, "container", "message_ts") or _text(body, "message", "ts"),
        response_url=_text(body, "response_url"),
        typed=_typed(body),
        expanded=any(_text(element, "action_id") == LESS for element in _elements(body)),
    )


def _typed(body: Body) -> dict[str, str]:
    """What is in the fields of the message of a press, by action ID."""
    elements = [one for _, inputs in _items(_part(body, "state", "values")) for one in _items(inputs)]
    return {name: _text(one, "value") or "" for name, one in elements if FIELD_PATTERN.fullmatch(str(name))}


def _elements(body: Body) -> list[Any]:
    """The buttons of the message of a press."""
    return [one for block in _items_of(_part(body, "message", "blocks")) for one in _items_of(_part(block, "elements"))]


def block_id(body: Body) -> str | None:
    """The ID of the block of the element that was pressed."""
    return _text(_first(body, "actions"), "block_id")


def callback_id(body: Body) -> str:
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
    values: dict[str, str | list[str]] = {}
    for block_id, inputs in _items(_part(body, "view", "state", "values")):
        for _, element in _items(inputs):
            options = _part(element, "selected_options")
            if isinstance(options, list):
                values[block_id] = [value for option in options if (value := _text(option, "value")) is not None]
            else:
                values[block_id] = _text(element, "value") or _text(element, "selected_option", "value") or ""
    return values


def _items(part: Any) -> list[tuple[str, Any]]:
    return list(part.items()) if isinstance(part, Mapping) else []
