"""What Slack accepts as elements of a block: buttons, menus, inputs. Limits are those of the Block Kit reference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.shapes import (
    Check,
    Faults,
    Shape,
    anything,
    boolean,
    fault,
    integer,
    items,
    one_of,
    plain,
    string,
    text,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIRM = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": string(3000)})
RICH_OPTION = Shape({"text": text(75), "value": string(150)}, {"description": text(75)})
GROUP = Shape({"label": plain(75), "options": items(OPTION, 100)})

_any: Mapping[str, Check] = {"type": anything}
_named: Mapping[str, Check] = {"action_id": string(255), "confirm": CONFIRM, "focus_on_load": boolean}
_hint: Mapping[str, Check] = {"placeholder": plain(150)}
_dispatch = Shape(may={"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})


def _either(check: Shape, *, first: str, second: str) -> Check:
    """An object that has exactly one of two keys."""

    def checked(value: Any, at: str, faults: Faults) -> None:
        check(value, at, faults)
        if (value.get(first) is None) == (value.get(second) is None):
            fault(faults, f"exactly one of {first} and {second} is required", at)

    return checked


def _initial_among_options(check: Check) -> Check:
    """The preselected options must be equal to some of the options."""

    def checked(value: Any, at: str, faults: Faults) -> None:
        check(value, at, faults)
        grouped = [o for g in value.get("option_groups") or [] for o in g.get("options", [])]
        options = [*(value.get("options") or []), *grouped]
        chosen = [value["initial_option"]] if value.get("initial_option") else value.get("initial_options", [])
        for option in chosen:
            if option not in options:
                fault(faults, "the initial option is not among the options", at)

    return checked


def _options(option: Check, most: int, initial: str, **more: Check) -> Check:
    chosen: Check = items(option, most) if initial == "initial_options" else option
    shape = Shape({**_any, "options": items(option, most)}, {**_named, initial: chosen, **more})
    return _initial_among_options(shape)


def _menu(initial: str, **more: Check) -> Check:
    chosen: Check = items(OPTION, 100) if initial == "initial_options" else OPTION
    lists: Mapping[str, Check] = {"options": items(OPTION, 100), "option_groups": items(GROUP, 100)}
    shape = Shape(_any, {**_named, **_hint, **lists, initial: chosen, **more})
    return _initial_among_options(_either(shape, first="options", second="option_groups"))


def _picker(**more: Check) -> Check:
    return Shape(_any, {**_named, **_hint, **more})


def _file_id(value: Any, at: str, faults: Faults) -> None:
    string(255)(value, at, faults)
    # The rule file_id_pattern of docs/sandbox-rules.md.
    if isinstance(value, str) and not FILE_ID.fullmatch(value):
        fault(faults, f"input must match regex pattern: {FILE_ID.pattern}", at)


FILE_ID = re.compile(r"^[F][A-Z0-9]{8,}$")
# The rule file_by_id_or_url of docs/sandbox-rules.md.
SLACK_FILE = _either(Shape(may={"id": _file_id, "url": string(3000)}), first="id", second="url")
IMAGE = _either(
    Shape({**_any, "alt_text": string(2000)}, {"image_url": string(3000), "slack_file": SLACK_FILE}),
    first="image_url",
    second="slack_file",
)
_many: Mapping[str, Check] = {"max_selected_items": integer(1, 100)}

ELEMENTS: dict[str, Check] = {
    "button": Shape(
        {**_any, "text": plain(75)},
        {
            "action_id": string(255),
            "value": string(2000),
            "url": string(3000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "overflow": Shape({**_any, "options": items(OPTION, 5)}, {"action_id": string(255), "confirm": CONFIRM}),
    "static_select": _menu("initial_option"),
    "multi_static_select": _menu("initial_options", **_many),
    "external_select": _picker(min_query_length=integer(0, 100), initial_option=OPTION),
    "users_select": _picker(initial_user=string(255)),
    "multi_users_select": _picker(initial_users=items(string(255), 100), **_many),
    "conversations_select": _picker(
        initial_conversation=string(255),
        default_to_current_conversation=boolean,
        response_url_enabled=boolean,
        filter=anything,
    ),
    "channels_select": _picker(initial_channel=string(255), response_url_enabled=boolean),
    "radio_buttons": _options(RICH_OPTION, 10, "initial_option"),
    "checkboxes": _options(RICH_OPTION, 10, "initial_options"),
    "datepicker": _picker(initial_date=string(10, 10)),
    "timepicker": _picker(initial_time=string(5, 5), timezone=string(255)),
    "plain_text_input": Shape(
        _any,
        {
            "action_id": string(255),
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
            "dispatch_action_config": _dispatch,
            "focus_on_load": boolean,
            **_hint,
        },
    ),
    "number_input": Shape(
        {**_any, "is_decimal_allowed": boolean},
        {
            "action_id": string(255),
            "initial_value": string(255),
            "min_value": string(255),
            "max_value": string(255),
            "dispatch_action_config": _dispatch,
            "focus_on_load": boolean,
            **_hint,
        },
    ),
    "image": IMAGE,
}

_PICKS = ("overflow", "static_select", "external_select", "users_select", "conversations_select", "channels_select")
_CHOICES = ("radio_buttons", "checkboxes", "datepicker", "timepicker")
_MANY = ("multi_static_select", "multi_users_select")

ACCESSORY = typed(ELEMENTS, "button", "image", *_PICKS, *_CHOICES, *_MANY)
IN_ACTIONS = typed(ELEMENTS, "button", *_PICKS, *_CHOICES)
IN_INPUT = typed(ELEMENTS, "plain_text_input", "number_input", *_PICKS[1:], *_CHOICES, *_MANY)
IN_CONTEXT: Check = typed({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": text(3000, "mrkdwn")})
