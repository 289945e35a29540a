"""Modals and Home tabs: triggers that are valid once and for seconds, stacks of up to three modals, hashes."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

from bot.sandbox.blocks_rules import KnownImages, check_blocks, with_ids
from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.shapes import Check, Faults, Shape, anything, boolean, fault, plain, string
from bot.sandbox.world import APP_ID, BOT_ID, TEAM_ID

if TYPE_CHECKING:
    from bot.sandbox.installation import Installation
    from bot.sandbox.world import Json, World

STACK = 3
VIEW_BYTES = 250_000

_common: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
MODAL = Shape(
    {"type": anything, "title": plain(24), "blocks": anything},
    {
        **_common,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = Shape({"type": anything, "blocks": anything}, _common)


def check_view(view: Any, expected: str, pictures: KnownImages) -> None:
    """Raise `SlackRefusal` for what Slack would not open as a view of type `expected` ("modal" or "home")."""
    faults: Faults = []
    if not isinstance(view, dict) or view.get("type") != expected:
        raise SlackRefusal("invalid_arguments", "[ERROR] unsupported view type [json-pointer:/view/type]")
    (MODAL if expected == "modal" else HOME)(view, "/view", faults)
    if isinstance(view.get("blocks"), list):
        surface = check_blocks(view["blocks"], "modal" if expected == "modal" else "home", pictures)
        faults += [f.replace("[json-pointer:/blocks", "[json-pointer:/view/blocks") for f in surface]
        inputs = [b for b in view["blocks"] if isinstance(b, dict) and b.get("type") == "input"]
        if expected == "modal" and inputs and not view.get("submit"):
            fault(faults, "missing required field: submit", "/view")
    if faults:
        raise SlackRefusal("invalid_arguments", *faults)
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackRefusal("view_too_large")


class Views:
    """Everybody's open modals and Home tabs. A trigger is valid for `trigger_life` seconds."""

    def __init__(self, world: World, trigger_life: float, installation: Installation) -> None:
        self._world = world
        self._installation = installation
        self.trigger_life = trigger_life
        self.stacks: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}
        self.errors: dict[str, dict[str, str]] = {}
        self._triggers: dict[str, tuple[str, float]] = {}
        self._spent: set[str] = set()

    def new_trigger(self, user_id: str) -> str:
        """A trigger for this person's next modal."""
        trigger = f"{time.time_ns()}.{secrets.token_hex(8)}"
        self._triggers[trigger] = (user_id, time.monotonic())
        return trigger

    def spend_trigger(self, trigger: str) -> str:
        """The person of a trigger, which is used up now. Raises `SlackRefusal` for an invalid one."""
        if trigger in self._spent:
            raise SlackRefusal("exchanged_trigger_id")
        if trigger not in self._triggers:
            raise SlackRefusal("invalid_trigger_id")
        user_id, issued_at = self._triggers[trigger]
        if time.monotonic() - issued_at > self.trigger_life:
            raise SlackRefusal("expired_trigger_id")
        self._spent.add(trigger)
        return user_id

    def open(self, user_id: str, view: Json) -> Json:
        """Show a modal instead of those that are open."""
        self.stacks[user_id] = []
        return self.push(user_id, view)

    def push(self, user_id: str, view: Json) -> Json:
        """Show a modal on top of those that are open. Raises `SlackRefusal` for a fourth one."""
        stack = self.stacks.setdefault(user_id, [])
        if len(stack) >= STACK:
            raise SlackRefusal("push_limit_reached")
        below = stack[-1] if stack else None
        stored = self._stored(view, f"V{secrets.token_hex(5).upper()}")
        stored["root_view_id"] = stack[0]["id"] if stack else stored["id"]
        stored["previous_view_id"] = below["id"] if below else None
        stack.append(stored)
        self._world.on_change("modals", None, user_id)
        return stored

    def find(self, view_id: str | None, external_id: str | None = None) -> tuple[str, Json]:
        """The person and the open modal with one of these IDs. Raises `SlackRefusal` when there is none."""
        for user_id, stack in self.stacks.items():
            for view in stack:
                if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                    return user_id, view
        raise SlackRefusal("not_found")

    def update(self, user_id: str, old: Json, view: Json) -> Json:
        """Replace `old` by `view`."""
        new = self._stored(view, old["id"])
        new |= {"root_view_id": old["root_view_id"], "previous_view_id": old["previous_view_id"]}
        stack = self.stacks[user_id]
        stack[stack.index(old)] = new
        self.errors.pop(old["id"], None)
        self._world.on_change("modals", None, user_id)
        return new

    def close(self, user_id: str, view: Json) -> None:
        """Close one modal."""
        self.stacks[user_id].remove(view)
        self.errors.pop(view["id"], None)
        self._world.on_change("modals", None, user_id)

    def clear(self, user_id: str) -> None:
        """Close all modals of a person."""
        self.stacks[user_id] = []
        self._world.on_change("modals", None, user_id)

    def show_errors(self, user_id: str, view: Json, errors: dict[str, str]) -> None:
        """Show errors at the fields of a modal that was submitted."""
        self.errors[view["id"]] = errors
        self._world.on_change("modals", None, user_id)

    def publish(self, user_id: str, view: Json) -> Json:
        """Replace this person's Home tab."""
        old = self.homes.get(user_id)
        stored = self._stored(view, old["id"] if old else f"V{secrets.token_hex(5).upper()}")
        stored |= {"root_view_id": stored["id"], "previous_view_id": None}
        self.homes[user_id] = stored
        self._world.on_change("home", None, user_id)
        return stored

    def start_afresh(self) -> None:
        """Delete all modals and Home tabs."""
        self.stacks.clear()
        self.homes.clear()
        self.errors.clear()

    def _stored(self, view: Json, view_id: str) -> Json:
        return {
            "id": view_id,
            "team_id": TEAM_ID,
            "app_id": APP_ID,
            "app_installed_team_id": self._installation.view_team_id,
            "bot_id": BOT_ID,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **view,
            "blocks": with_ids(view["blocks"]),
            "state": {"values": {}},
            "hash": f"{time.time_ns()}.{secrets.token_hex(4)}",
        }
