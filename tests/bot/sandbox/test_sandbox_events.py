"""Which events reach the app, in what envelope, and how often."""

import asyncio
from typing import Any

import aiohttp
import pytest
from sandbox_parts import Receiver, listening, over_socket, tiny_app
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.driver import Visitor
from bot.sandbox.manifest import DEFAULT
from bot.sandbox.server import Sandbox
from tests.waiting import LIMIT


def hearing(receiver: Receiver, sandbox: Sandbox) -> Any:
    sandbox.delivery.transport = sandbox.http_transport
    return listening(receiver.receive)


def texts(receiver: Receiver) -> list[str]:
    return [body["event"].get("text") for _, body in receiver.got]


async def test_a_typed_message_is_escaped_and_live(sandbox: Sandbox, erika: Visitor) -> None:
    """Text is escaped as Slack does it, and what people typed as mentions, channels, shouts and links is live."""
    receiver = Receiver()
    async with hearing(receiver, sandbox) as sandbox.request_url:
        await erika.say("a & <b> @Anna #support @channel https://x.test/?a=1")
        await sandbox.events.settle()
    expected = "a &amp; &lt;b&gt; <@U0ANNA> <#C0SUPPORT|support> <!channel> <https://x.test/?a=1>"
    assert texts(receiver) == [expected]
    event = receiver.got[0][1]["event"]
    assert (event["channel"], event["channel_type"], event["user"]) == ("D0ERIKA", "im", "U0ERIKA")


async def test_requests_are_signed(sandbox: Sandbox, erika: Visitor) -> None:
    """An HTTP delivery carries a signature that slack_sdk accepts."""
    kept: list[tuple[bytes, dict[str, str]]] = []

    async def receive(request: Any) -> Any:
        kept.append((await request.read(), dict(request.headers)))
        return await Receiver().receive(request)

    sandbox.delivery.transport = sandbox.http_transport
    async with listening(receive) as sandbox.request_url:
        await erika.say("Hallo")
        await sandbox.events.settle()
    assert SignatureVerifier(sandbox.signing_secret).is_valid_request(*kept[0])


async def test_an_event_comes_again_until_it_is_taken(sandbox: Sandbox, erika: Visitor) -> None:
    """Retries carry the same event_id, a number and a reason, and end with the acknowledgement."""
    receiver = Receiver(500, 500)
    async with hearing(receiver, sandbox) as sandbox.request_url:
        await erika.say("Hallo")
        await sandbox.events.settle()
    assert len({body["event_id"] for _, body in receiver.got}) == 1
    retries = [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h, _ in receiver.got]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error")]


async def test_slack_gives_up_in_the_end(sandbox: Sandbox, erika: Visitor) -> None:
    """Too late is as good as never; after the last retry the event is given up."""
    receiver = Receiver(delay=LIMIT)
    sandbox.http_transport._timeout = aiohttp.ClientTimeout(total=0.2)
    async with hearing(receiver, sandbox) as sandbox.request_url:
        await erika.say("Hallo")
        await sandbox.events.settle()
    assert receiver.got[1][0]["X-Slack-Retry-Reason"] == "http_timeout"
    assert len(sandbox.events.given_up) == 1


async def test_the_bots_own_messages_come_back(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Posts, changes and deletions of the bot are events too, marked as the bot's."""
    receiver = Receiver()
    async with hearing(receiver, sandbox) as sandbox.request_url:
        posted = await client.chat_postMessage(channel="D0ERIKA", text="a")
        await client.chat_update(channel="D0ERIKA", ts=posted["ts"], text="b")
        await client.chat_delete(channel="D0ERIKA", ts=posted["ts"])
        await sandbox.events.settle()
    subtypes = {body["event"].get("subtype") for _, body in receiver.got}
    assert subtypes == {None, "message_changed", "message_deleted"}
    assert any(body["event"].get("bot_id") for _, body in receiver.got)


async def test_only_what_the_manifest_allows_is_sent(erika: Visitor, sandbox: Sandbox) -> None:
    """No subscription, no scope, or no membership: no event."""
    unsubscribed = {**DEFAULT, "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}}}
    unscoped = {**DEFAULT, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    for manifest in (unsubscribed, unscoped):
        async with Sandbox(manifest) as strict:
            assert not strict.events.happened({"type": "message"}, strict.world.channels["D0ERIKA"])
    assert not sandbox.events.happened({"type": "message"}, sandbox.world.channels["C0GENERAL"])
    assert not sandbox.events.happened({"type": "emoji_changed"})
    await erika.say("in a channel without the bot", channel="#general")


async def test_people_and_memberships_change(sandbox: Sandbox) -> None:
    """A new locale, joining, leaving and uninstalling are announced."""
    receiver = Receiver()
    async with hearing(receiver, sandbox) as sandbox.request_url:
        await sandbox.change_locale("U0ERIKA", "en-US")
        sandbox.change_membership("U0ERIKA", "C0SUPPORT", joins=True)
        sandbox.change_membership("U0ERIKA", "C0SUPPORT", joins=False)
        sandbox.uninstall()
        await sandbox.events.settle()
    events = {body["event"]["type"]: body["event"] for _, body in receiver.got}
    assert events["user_change"]["user"]["locale"] == "en-US"
    assert {"member_joined_channel", "member_left_channel", "tokens_revoked", "app_uninstalled"} <= events.keys()


async def test_an_event_can_come_twice(sandbox: Sandbox, erika: Visitor) -> None:
    """A doubled delivery has the same event_id."""
    receiver = Receiver()
    sandbox.misbehave("delivery", "double")
    async with hearing(receiver, sandbox) as sandbox.request_url:
        await erika.say("eins")
        await erika.say("zwei")
        await sandbox.events.settle()
    assert sorted(texts(receiver)) == ["eins", "eins", "zwei"]
    assert len({body["event_id"] for _, body in receiver.got}) == 2


async def test_events_can_come_out_of_order(sandbox: Sandbox, erika: Visitor) -> None:
    """With disorder an event is overtaken by the next one."""
    receiver = Receiver()
    sandbox.misbehave("delivery", "disorder")
    async with hearing(receiver, sandbox) as sandbox.request_url:
        await erika.say("eins")
        await erika.say("zwei")
        await sandbox.events.settle()
    assert texts(receiver) == ["zwei", "eins"]


async def test_a_doubled_command_runs_twice(sandbox: Sandbox, erika: Visitor) -> None:
    """A double click or doubled command reaches the app twice over a socket, too."""
    seen: list[str] = []
    app = tiny_app(sandbox)

    @app.command("/amazon-token")
    async def command(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body["trigger_id"])
        await ack()

    async with over_socket(sandbox, app):
        sandbox.misbehave("delivery", "double")
        await erika.command("/amazon-token")
    assert len(seen) == 2
    assert len(set(seen)) == 1


@pytest.mark.parametrize("warning", [None, 0.05])
async def test_a_broken_connection_is_made_again(sandbox: Sandbox, erika: Visitor, warning: float | None) -> None:
    """Disconnected with or without warning, Bolt comes back and hears the next message."""
    heard = asyncio.Queue[str]()
    app = tiny_app(sandbox)

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        if "text" in event:
            heard.put_nowait(event["text"])

    async with over_socket(sandbox, app):
        await sandbox.sockets.disconnect(warning=warning)
        await sandbox.sockets.wait_until_connected()
        await erika.say("wieder da")
        assert await asyncio.wait_for(heard.get(), LIMIT) == "wieder da"
    assert sandbox.sockets.connections_ever >= 2
