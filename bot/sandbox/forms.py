"""The values of fields in a message or a modal, as Slack sends them to the app."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.sandbox.blocks_rules import elements_of
from bot.sandbox.refusal import SlackRefusal

if TYPE_CHECKING:
    from bot.sandbox.world import Json

_VALUE_KEYS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
}
"""For each element that has a state: the key of its value, and of its initial value."""

_SENTENCES = {
    "required": ("Bitte fülle dieses Pflichtfeld aus.", "Please complete this required field."),
    "short": ("Bitte gib mindestens {n} Zeichen ein.", "Please enter at least {n} characters."),
    "long": ("Bitte gib höchstens {n} Zeichen ein.", "Please enter no more than {n} characters."),
}
"""Slack's own error messages at a field, in German and English. They imitate Slack and are no texts of the bot."""


def values(blocks: list[Json], given: Json) -> Json:
    """The state of every element that has one: the value that was given, else the initial one; `None` when empty.

    The rule state_of_messages of docs/sandbox-rules.md: a press in a message sends it as well.
    """
    state: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in _VALUE_KEYS:
                continue
            key, initial = _VALUE_KEYS[element["type"]]
            empty: Any = [] if key.endswith("s") else None
            filled_in = given.get(block["block_id"], {}).get(element["action_id"])
            value = filled_in.get(key) if filled_in is not None else element.get(initial)
            state.setdefault(block["block_id"], {})[element["action_id"]] = {
                "type": element["type"],
                key: value or empty,
            }
    return state


def incomplete(blocks: list[Json], given: Json, *, german: bool) -> dict[str, str]:
    """The errors that Slack itself shows instead of submitting, by block ID."""
    errors: dict[str, str] = {}
    state = values(blocks, given)
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = state[block["block_id"]][element["action_id"]][_VALUE_KEYS[element["type"]][0]]
        words = value or "" if element["type"] == "plain_text_input" else ""
        problem, limit = "", 0
        if not value:
            problem = "" if block.get("optional") else "required"
        elif words and len(words) < element.get("min_length", 0):
            problem, limit = "short", element["min_length"]
        elif words and len(words) > element.get("max_length", len(words)):
            problem, limit = "long", element["max_length"]
        if problem:
            errors[block["block_id"]] = _SENTENCES[problem][0 if german else 1].format(n=limit)
    return errors


def acted(blocks: list[Json], action: Json) -> Json:
    """The action for the payload: fields of the element, overridden by what the page sent.

    Raises `SlackRefusal` for an input that waits for a submission: Slack's clients send nothing for it.
    """
    block_id, action_id = action.get("block_id"), action.get("action_id")
    fields: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if (block["block_id"], element.get("action_id")) == (block_id, action_id):
                # The rule inputs_dispatch_on_request of docs/sandbox-rules.md.
                if block["type"] == "input" and not block.get("dispatch_action"):
                    raise SlackRefusal("invalid_action")
                fields = {key: element[key] for key in ("type", "text", "value", "style") if key in element}
    return {**fields, **action, "action_ts": f"{time.time():.6f}"}
