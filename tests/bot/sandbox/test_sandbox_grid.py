"""Payloads of an Enterprise Grid: whose workspace they name. Bolt, which knows Slack's, reads the same from them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sandbox_parts import Receiver, actions, button, client_of, listening
from slack_bolt.request import internals as bolt

from bot.sandbox.driver import Visitor
from bot.sandbox.installation import ENTERPRISE_ID, Installation
from bot.sandbox.server import Sandbox
from bot.sandbox.world import TEAM_ID, default_people
from tests.waiting import LIMIT

HOME = "T0HOME"


async def payloads(installation: Installation) -> dict[str, dict[str, Any]]:
    """A command, a press, and the event of a typed message, as the app gets them."""
    people = [replace(person, home_team=HOME) for person in default_people()]
    receiver = Receiver()
    async with (
        Sandbox(ack_limit=LIMIT, people=people, installation=installation) as sandbox,
        Visitor(sandbox.url, "U0ERIKA") as erika,
        listening(receiver.receive) as sandbox.request_url,
    ):
        sandbox.delivery.transport = sandbox.http_transport
        await erika.command("/amazon-token")
        await client_of(sandbox).chat_postMessage(channel="D0ERIKA", text="x", blocks=[actions(button())])
        await erika.press("go")
        await erika.say("Hallo")
        await sandbox.events.settle()
    bodies = [json.loads(body["payload"]) if "payload" in body else body for _, body in receiver.got]
    typed = next(body for body in bodies if body.get("event", {}).get("user") == "U0ERIKA")
    return {"command": bodies[0], "press": next(b for b in bodies if b.get("type") == "block_actions"), "typed": typed}


@pytest.mark.parametrize("where", ["workspace", "grid", "organization"])
async def test_where_the_app_is_installed(where: Any) -> None:
    """The workspace or the organization in every payload; the person's own workspace only where Slack has it too."""
    installation = Installation(where)
    got = await payloads(installation)
    for name, body in got.items():
        assert bool(bolt.extract_is_enterprise_install(body)) == installation.org_wide, name
        assert bolt.extract_enterprise_id(body) == (None if where == "workspace" else ENTERPRISE_ID), name
        if not installation.org_wide:
            assert bolt.extract_team_id(body) == TEAM_ID, name
    assert got["press"]["user"]["team_id"] == HOME
    assert got["typed"]["event"]["team"] == HOME
    assert (got["press"]["team"] is None) == installation.org_wide
