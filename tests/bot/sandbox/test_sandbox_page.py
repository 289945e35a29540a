"""The page API and the visitor that uses it."""

import asyncio
import math
import os
import signal
import sys
from typing import Any

import aiohttp
import pytest
from sandbox_parts import Receiver, actions, button, listening, modal, over_socket, plain, section, tiny_app
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.driver import HEADERS, ActFailed, NotSeen, Visitor
from bot.sandbox.manifest import DEFAULT, read_manifest
from bot.sandbox.server import Sandbox
from bot.sandbox.sockets import MOST_CONNECTIONS
from tests.waiting import LIMIT


async def test_the_page_and_its_state(sandbox: Sandbox, erika: Visitor) -> None:
    """The page is served; people, commands and conversations are listed, to each person only their own."""
    async with aiohttp.ClientSession(sandbox.url) as http:
        async with http.get("/") as response:
            assert response.content_type == "text/html"
        async with http.get("/page/people") as response:
            assert (await response.json())["default"] == "U0ERIKA"
        async with http.get("/page/state", params={"as": "U9"}) as response:
            assert response.status == 404
    state = await erika.state()
    assert not state["connected"]
    assert state["commands"][0]["name"] == "/amazon-token"
    assert {c["id"] for c in state["conversations"]} == {"D0ERIKA", "C0GENERAL"}


async def test_unread_counts_until_read(client: AsyncWebClient, erika: Visitor) -> None:
    """A bot's message is unread until the person reads it."""
    posted = await client.chat_postMessage(channel="D0ERIKA", text="a")
    dm = (await erika.state())["conversations"][0]
    assert (dm["unread"], dm["last_ts"]) == (1, posted["ts"])
    await erika.act({"kind": "read", "channel": "D0ERIKA", "ts": posted["ts"]})
    assert (await erika.state())["conversations"][0]["unread"] == 0


async def test_no_other_site_reaches_in(sandbox: Sandbox) -> None:
    """POSTs need the header, the host must be this machine's, and a foreign origin is turned away."""
    async with aiohttp.ClientSession(sandbox.url) as http:
        async with http.post("/page/reset", json={}) as response:
            assert response.status == 403
        for headers in ({"Host": "evil.test"}, {"Origin": "http://evil.test"}):
            async with http.get("/page/people", headers=headers) as response:
                assert response.status == 403


async def test_news_come_over_a_websocket(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Each page hears of what its person can see, and of nothing else."""
    async with aiohttp.ClientSession(sandbox.url) as http, http.ws_connect("/page/ws?as=U0ERIKA") as news:
        await client.chat_postMessage(channel="D0OLIVER", text="a")
        await client.chat_postEphemeral(channel="C0SUPPORT", user="U0ANNA", text="a")
        await client.chat_postMessage(channel="D0ERIKA", text="a")
        assert await news.receive_json(timeout=LIMIT) == {"what": "messages", "channel": "D0ERIKA"}
        await client.views_publish(user_id="U0ERIKA", view={"type": "home", "blocks": []})
        assert await news.receive_json(timeout=LIMIT) == {"what": "home"}
        sandbox.workspace.views.open("U0ERIKA", modal())
        assert await news.receive_json(timeout=LIMIT) == {"what": "modals"}


async def test_starting_afresh_tells_the_app(sandbox: Sandbox, erika: Visitor) -> None:
    """Messages, modals and Home tabs go, and the address of on_reset gets a POST."""
    receiver = Receiver()
    await erika.say("weg damit")
    sandbox.workspace.views.open("U0ERIKA", modal())
    async with (
        listening(receiver.receive) as sandbox.on_reset,
        aiohttp.ClientSession(sandbox.url, headers=HEADERS) as http,
        http.post("/page/reset", json={}),
    ):
        pass
    assert len(receiver.got) == 1
    assert await erika.messages() == []
    assert (await erika.state())["modals"] == []


async def test_threads_and_deleting(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Replies carry their thread; people delete their own messages only."""
    async with Visitor(sandbox.url, "U0ANNA") as anna:
        root = (await client.chat_postMessage(channel="C0SUPPORT", text="Fall"))["ts"]
        reply = await anna.say("ich kümmere mich", thread_ts=root, channel="#support")
        first, second = await anna.messages("#support")
        assert (first["reply_count"], first["thread_ts"], second["thread_ts"]) == (1, None, root)
        with pytest.raises(ActFailed, match="cant_delete_message"):
            await anna.delete(root, "#support")
        await anna.delete(reply, "#support")
        assert len(await anna.messages("#support")) == 1
        with pytest.raises(ActFailed, match="message_not_found"):
            await anna.delete(reply, "#support")


@pytest.mark.parametrize(
    ("error", "act"),
    [
        ("not_in_channel", {"kind": "message", "channel": "C0SUPPORT", "text": "a"}),
        ("no_text", {"kind": "message", "channel": "D0ERIKA", "text": " "}),
        ("thread_not_found", {"kind": "message", "channel": "D0ERIKA", "text": "a", "thread_ts": "1.2"}),
        ("message_not_found", {"kind": "press", "channel": "D0ERIKA", "ts": "1.2", "action": {}}),
        ("not_found", {"kind": "submit", "view_id": "V9", "state": {"values": {}}}),
        ("invalid_arguments", {"kind": "dance"}),
    ],
)
async def test_an_act_is_refused(erika: Visitor, error: str, act: dict[str, Any]) -> None:
    """What a person cannot do is answered with a code."""
    with pytest.raises(ActFailed) as caught:
        await erika.act(act)
    assert caught.value.error == error


async def test_nobody_acts_in_anothers_modal(sandbox: Sandbox, erika: Visitor) -> None:
    """A modal belongs to the person it was opened for."""
    view = sandbox.workspace.views.open("U0OLIVER", modal())
    with pytest.raises(ActFailed, match="not_found"):
        await erika.fill_and_submit(view, name="a")


async def test_foreign_conversations_are_closed(erika: Visitor) -> None:
    """Somebody else's direct message cannot be read."""
    with pytest.raises(aiohttp.ClientResponseError):
        await erika.messages("D0OLIVER")


async def test_a_read_only_messages_tab_takes_no_words() -> None:
    """messages_tab_read_only_enabled keeps people from typing to the bot."""
    home = {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}
    manifest = {**DEFAULT, "features": {"app_home": home}}
    async with Sandbox(manifest) as sandbox, Visitor(sandbox.url, "U0ERIKA") as erika:
        with pytest.raises(ActFailed, match="messages_tab_disabled"):
            await erika.say("Hallo")


async def test_a_wait_in_vain_shows_the_dialogue(client: AsyncWebClient, erika: Visitor) -> None:
    """What was seen instead is in the exception, with buttons in brackets."""
    await client.chat_postMessage(channel="D0ERIKA", text="a", blocks=[section("Hallo"), actions(button())])
    with pytest.raises(NotSeen, match=r"(?s)waited 0 s for: Tschüss.*Amazon Token: Hallo.*\[Weiter\]"):
        await erika.wait_for("Tschüss", timeout=0)
    with pytest.raises(NotSeen, match="a modal"):
        await erika.modal(timeout=0)
    with pytest.raises(NotSeen, match="condition"):
        await erika.wait_for(lambda _: False, timeout=0)


async def test_a_visitor_says_what_cannot_be_done(sandbox: Sandbox, client: AsyncWebClient, erika: Visitor) -> None:
    """Unknown buttons, options and fields are named."""
    await client.chat_postMessage(channel="D0ERIKA", text="a", blocks=[actions(button())])
    old = await erika.last()
    with pytest.raises(ActFailed, match="no such button"):
        await erika.press("nirgends", message=old)
    view = sandbox.workspace.views.open("U0ERIKA", modal())
    with pytest.raises(ActFailed, match="no such field"):
        await erika.fill_and_submit(view, nirgends="a")
    with pytest.raises(RuntimeError, match="context manager"):
        await Visitor(sandbox.url, "U0ERIKA").state()


async def test_every_kind_of_choice_can_be_filled_in(sandbox: Sandbox, erika: Visitor) -> None:
    """Menus, radio buttons and checkboxes are chosen by label or value; what is given wrong is named."""
    options = [{"text": plain("Rot"), "value": "r"}, {"text": plain("Blau"), "value": "b"}]
    kinds = {"static_select": "Rot", "radio_buttons": "b", "checkboxes": ["Rot", "b"]}
    blocks = [
        {
            "type": "input",
            "block_id": kind,
            "label": plain(kind),
            "element": {"type": kind, "action_id": "x", "options": options},
        }
        for kind in kinds
    ]
    seen: list[dict[str, Any]] = []
    app = tiny_app(sandbox)

    @app.view("form")
    async def form(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body["view"]["state"]["values"])
        await ack()

    async with over_socket(sandbox, app):
        view = sandbox.workspace.views.open("U0ERIKA", modal(*blocks))
        with pytest.raises(ActFailed, match="the options are"):
            await erika.fill_and_submit(view, static_select="Grün")
        assert await erika.fill_and_submit(view, **kinds) == {}
    assert seen[0]["static_select"]["x"]["selected_option"]["value"] == "r"
    assert seen[0]["radio_buttons"]["x"]["selected_option"]["value"] == "b"
    assert [o["value"] for o in seen[0]["checkboxes"]["x"]["selected_options"]] == ["r", "b"]


async def test_sockets_need_a_ticket_and_are_limited(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """An address is good for one connection, and the eleventh connection is sent away."""
    sandbox.workspace.rates.factor = math.inf
    async with aiohttp.ClientSession() as http:
        sockets = []
        for _ in range(MOST_CONNECTIONS):
            address = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
            sockets.append(await http.ws_connect(address))
            assert (await sockets[-1].receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(address)
        address = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
        async with http.ws_connect(address) as eleventh:
            assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
        for socket in sockets:
            await socket.close()


async def test_it_runs_as_a_process() -> None:
    """It prints its address as one line and stops on SIGTERM with status 0."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await asyncio.wait_for(process.stdout.readline(), LIMIT)).decode().strip()
    async with Visitor(url, "U0ERIKA") as erika:
        assert (await erika.state())["me"]["id"] == "U0ERIKA"
    os.kill(process.pid, signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), LIMIT) == 0


def test_a_manifest_is_a_mapping(tmp_path: Any) -> None:
    """A file that is something else is named in the error."""
    path = tmp_path / "manifest.yml"
    path.write_text("- a list")
    with pytest.raises(ValueError, match=r"manifest\.yml is not an app manifest"):
        read_manifest(path)
