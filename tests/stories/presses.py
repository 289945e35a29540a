"""What the stories look at: live steps, and presses as only a forger can make them."""

import threading
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.blocks.actions import Address, parse_address
from bot.sandbox.delivery import AppRequest
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import parts
from bot.sandbox.server import Sandbox
from bot.sandbox.world import APP_ID, TEAM_ID
from tests.waiting import until

Json = dict[str, Any]


def address_of(message: Json) -> Address | None:
    """The address that the buttons of a step carry."""
    found = (parse_address(element.get("value")) for _, _, element in parts(message["blocks"] or []))
    return next((address for address in found if address is not None), None)


async def live_steps(visitor: Visitor) -> list[Address]:
    """The messages that are still a step: one for each walk under way."""
    return [address for _, address in await _live(visitor)]


async def at_step(visitor: Visitor, step: str) -> Json:
    """Wait until `step` is the one live step of this person, every other has shrunk; its message."""
    found: list[tuple[Json, Address]] = []

    async def alone() -> bool:
        found[:] = await _live(visitor)
        return [(address.step, message["ephemeral"]) for message, address in found] == [(step, False)]

    await until(alone, f"{step} to be the one live step", visitor.dialogue)
    return found[0][0]


async def _live(visitor: Visitor) -> list[tuple[Json, Address]]:
    found = [(message, address_of(message)) for message in await visitor.messages()]
    return [(message, address) for message, address in found if address is not None]


async def begun(visitor: Visitor) -> Json:
    """A walk at its first step."""
    await visitor.command("/amazon-token")
    return await at_step(visitor, "before_start")


async def press_as(sandbox: Sandbox, user_id: str, message: Json, action_id: str, value: str | None = None) -> None:
    """A press that the page does not allow: of somebody else's message, or with a value of one's own."""
    channel = next(c for c in sandbox.world.channels.values() if c.find(message["ts"]) is not None)
    original = channel.find(message["ts"])
    element = next((e for names, _, e in parts(message["blocks"]) if action_id in names), {"value": "-"})
    pressed = {"action_id": action_id, "block_id": "any", "type": "button", "value": value or element["value"]}
    payload = {
        "type": "block_actions",
        "user": {"id": user_id, "username": "x", "name": "x", "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": "sandbox",
        "team": {"id": TEAM_ID, "domain": "sandbox"},
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel.id, "is_ephemeral": False},
        "channel": {"id": channel.id, "name": "directmessage"},
        "response_url": sandbox.responses.issue(channel, user_id, original),
        "trigger_id": sandbox.workspace.views.new_trigger(user_id),
        "actions": [pressed],
    }
    await sandbox.delivery.send(AppRequest(kind="interactive", payload=payload))


def arrivals(line: RunningBot, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set as soon as somebody's act is in the desk's hands."""
    arrived, do_all = threading.Event(), line.bot.services.do_all

    def noticed(*args: Any) -> Any:
        arrived.set()
        return do_all(*args)

    monkeypatch.setattr(line.bot.services, "do_all", noticed)
    return arrived
