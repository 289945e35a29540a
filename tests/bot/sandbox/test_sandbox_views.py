"""Modals and Home tabs: triggers, stacks, hashes, limits."""

import asyncio
from typing import Any

import pytest
from sandbox_parts import actions, button, client_of, field, modal, plain, refused, section
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.driver import Visitor
from bot.sandbox.manifest import DEFAULT
from bot.sandbox.server import Sandbox


def trigger(sandbox: Sandbox) -> str:
    return sandbox.workspace.views.new_trigger("U0ERIKA")


async def test_a_trigger_works_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A second use is exchanged_trigger_id; an invalid view does not spend it."""
    key = trigger(sandbox)
    bad = await refused(client.views_open(trigger_id=key, view=modal(title=plain("x" * 25))))
    assert bad["error"] == "invalid_arguments"
    await client.views_open(trigger_id=key, view=modal())
    assert (await refused(client.views_open(trigger_id=key, view=modal())))["error"] == "exchanged_trigger_id"


async def test_a_trigger_expires(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A trigger that is too old, or was never given out, opens nothing."""
    sandbox.workspace.views.trigger_life = 0.01
    key = trigger(sandbox)
    await asyncio.sleep(0.03)
    assert (await refused(client.views_open(trigger_id=key, view=modal())))["error"] == "expired_trigger_id"
    assert (await refused(client.views_open(trigger_id="1.2", view=modal())))["error"] == "invalid_trigger_id"


async def test_three_modals_are_a_full_stack(sandbox: Sandbox, client: AsyncWebClient, erika: Visitor) -> None:
    """The fourth push is push_limit_reached; each view knows the one below and the root."""
    root = (await client.views_open(trigger_id=trigger(sandbox), view=modal()))["view"]
    second = (await client.views_push(trigger_id=trigger(sandbox), view=modal()))["view"]
    third = (await client.views_push(trigger_id=trigger(sandbox), view=modal()))["view"]
    assert (third["root_view_id"], third["previous_view_id"]) == (root["id"], second["id"])
    fourth = client.views_push(trigger_id=trigger(sandbox), view=modal())
    assert (await refused(fourth))["error"] == "push_limit_reached"
    assert len((await erika.state())["modals"]) == 3


async def test_an_update_must_know_the_view(sandbox: Sandbox, client: AsyncWebClient, erika: Visitor) -> None:
    """views.update finds by ID or external ID and refuses an old hash and a closed view."""
    view = (await client.views_open(trigger_id=trigger(sandbox), view=modal(external_id="e1")))["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view=modal(title=plain("Neu"), external_id="e1"))
    assert (await erika.modal())["title"]["text"] == "Neu"
    old = client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert (await refused(old))["error"] == "hash_conflict"
    await client.views_update(external_id="e1", view=modal(title=plain("Noch neuer")))
    await erika.close_modal()
    assert (await refused(client.views_update(view_id=view["id"], view=modal())))["error"] == "not_found"


async def test_a_home_tab_is_published(client: AsyncWebClient, erika: Visitor) -> None:
    """The Home tab keeps its ID, changes its hash and refuses an old one and a stranger."""
    home = {"type": "home", "blocks": [section("Willkommen")]}
    first = (await client.views_publish(user_id="U0ERIKA", view=home))["view"]
    second = (await client.views_publish(user_id="U0ERIKA", view=home, hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    stale = client.views_publish(user_id="U0ERIKA", view=home, hash=first["hash"])
    assert (await refused(stale))["error"] == "hash_conflict"
    assert (await refused(client.views_publish(user_id="U9", view=home)))["error"] == "user_not_found"
    assert (await erika.home("Willkommen"))["id"] == first["id"]


async def test_a_home_tab_needs_the_manifest() -> None:
    """Without home_tab_enabled there is none."""
    async with Sandbox({**DEFAULT, "features": {}}) as sandbox:
        publish = client_of(sandbox).views_publish(user_id="U0ERIKA", view={"type": "home", "blocks": []})
        assert (await refused(publish))["error"] == "not_enabled"


BAD_VIEWS: list[tuple[str, dict[str, Any], str]] = [
    ("long title", modal(title=plain("x" * 25)), "less than 25"),
    ("long submit", modal(submit=plain("x" * 25)), "less than 25"),
    ("long close", modal(close=plain("x" * 25)), "less than 25"),
    ("long metadata", modal(private_metadata="x" * 3001), "less than 3001"),
    ("long callback_id", modal(callback_id="x" * 256), "less than 256"),
    ("unknown key", modal(colour="red"), "invalid additional property: colour"),
    ("input without submit", modal(submit=None), "missing required field: submit"),
    ("a message's block", modal({"type": "markdown", "text": "a"}), "unsupported type"),
    ("101 blocks", modal(*[{"type": "divider"}] * 101), "no more than 100"),
    ("the same block twice", modal(field(), field()), "block_id already exists"),
    ("no blocks", modal(blocks=None), "missing required field: blocks"),
    ("a home", {"type": "home", "blocks": []}, "unsupported view type"),
]


@pytest.mark.parametrize(("view", "complaint"), [case[1:] for case in BAD_VIEWS], ids=[case[0] for case in BAD_VIEWS])
async def test_a_modal_keeps_to_the_limits(
    sandbox: Sandbox, client: AsyncWebClient, view: dict[str, Any], complaint: str
) -> None:
    """Each broken rule of a view is invalid_arguments with a message."""
    body = await refused(client.views_open(trigger_id=trigger(sandbox), view=view))
    assert body["error"] == "invalid_arguments"
    assert any(complaint in message for message in body["response_metadata"]["messages"])


async def test_a_view_has_a_size(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """More than 250 KB are view_too_large; no view at all is an invalid argument."""
    view = modal(*[section("x" * 2900) for _ in range(90)])
    opened = client.views_open(trigger_id=trigger(sandbox), view=view)
    assert (await refused(opened))["error"] == "view_too_large"
    nothing = client.api_call("views.open", json={"trigger_id": trigger(sandbox)})
    assert (await refused(nothing))["error"] == "invalid_arguments"


async def test_a_home_tab_has_no_title(client: AsyncWebClient) -> None:
    """What belongs to modals is refused on the Home tab."""
    home = {"type": "home", "title": plain("x"), "blocks": [actions(button())]}
    assert (await refused(client.views_publish(user_id="U0ERIKA", view=home)))["error"] == "invalid_arguments"
