"""Bad days, on request."""

import asyncio
from typing import Any

import aiohttp
import pytest
from sandbox_parts import refused
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.driver import HEADERS, Visitor
from bot.sandbox.rates import TIER_1_BURST
from bot.sandbox.server import Sandbox
from tests.waiting import LIMIT, until


@pytest.mark.parametrize(("kind", "status"), [("rate_limited", 429), ("error_500", 500), ("error_503", 503)])
async def test_a_call_fails_with_a_status(sandbox: Sandbox, client: AsyncWebClient, kind: Any, status: int) -> None:
    """So many calls fail, then all is well; a 429 says for how long."""
    sandbox.misbehave("chat.postMessage", kind, times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="D0ERIKA", text="a")
        assert caught.value.response.status_code == status
        assert caught.value.response.headers.get("Retry-After") == ("7" if status == 429 else None)
    await client.chat_postMessage(channel="D0ERIKA", text="a")
    assert [call.outcome for call in sandbox.calls] == [kind, kind, "ok"]


@pytest.mark.parametrize(("kind", "messages_then"), [("timeout_before", 0), ("timeout_after", 1)])
async def test_an_answer_stays_away(sandbox: Sandbox, erika: Visitor, kind: Any, messages_then: int) -> None:
    """A time-out comes before or after the call took effect."""
    sandbox.misbehave("chat.postMessage", kind)
    patient = AsyncWebClient(token=sandbox.token, base_url=sandbox.api_url, timeout=3600, retry_handlers=[])
    posting = asyncio.create_task(patient.chat_postMessage(channel="D0ERIKA", text="a"))
    await until(lambda: [call.outcome for call in sandbox.calls] == [kind], "the call to be left open")
    assert len(await erika.messages()) == messages_then
    assert not posting.done()
    posting.cancel()
    await asyncio.gather(posting, return_exceptions=True)


async def test_an_answer_is_broken(sandbox: Sandbox, client: AsyncWebClient, erika: Visitor) -> None:
    """Broken JSON comes with status 200."""
    sandbox.misbehave("chat.postMessage", "broken_json")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="D0ERIKA", text="a")
    assert await erika.messages() == []


async def test_a_history_can_be_stale(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A message that has just been posted exists but is not shown yet."""
    await client.chat_postMessage(channel="D0ERIKA", text="a")
    sandbox.misbehave("conversations.history", "stale")
    assert (await client.conversations_history(channel="D0ERIKA"))["messages"] == []
    assert len((await client.conversations_history(channel="D0ERIKA"))["messages"]) == 1


async def test_pictures_can_be_lost(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A message with a picture is refused as a whole, one without is not."""
    picture = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
    sandbox.workspace.pictures_lost = True
    refusal = await refused(client.chat_postMessage(channel="D0ERIKA", text="a", blocks=[picture]))
    assert refusal["error"] == "invalid_blocks"
    await client.chat_postMessage(channel="D0ERIKA", text="a")
    sandbox.workspace.pictures_lost = False
    await client.chat_postMessage(channel="D0ERIKA", text="a", blocks=[picture])


async def test_any_code_can_be_asked_for(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """An error code of choice, for any method, after so many calls that go well."""
    sandbox.misbehave("*", "error", code="fatal_error", skip=1)
    await client.auth_test()
    assert (await refused(client.auth_test()))["error"] == "fatal_error"
    sandbox.misbehave("*", "error", times=100)
    sandbox.misbehaviour.stop()
    await client.auth_test()


async def test_one_channel_alone_can_have_it(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Other channels go well meanwhile."""
    sandbox.misbehave("chat.postMessage", "error", code="is_archived", channel="C0SUPPORT")
    await client.chat_postMessage(channel="D0ERIKA", text="a")
    assert (await refused(client.chat_postMessage(channel="C0SUPPORT", text="a")))["error"] == "is_archived"
    await client.chat_postMessage(channel="C0SUPPORT", text="a")


async def test_other_processes_can_ask(sandbox: Sandbox, client: AsyncWebClient, erika: Visitor) -> None:
    """The same over HTTP: misbehaviour, the log of calls, people and memberships."""
    async with aiohttp.ClientSession(sandbox.url, headers=HEADERS) as http:

        async def ask(path: str, **body: Any) -> int:
            async with http.post(path, json=body) as response:
                return response.status

        assert await ask("/sandbox/misbehave", method="auth.test", kind="error", code="fatal_error") == 200
        assert (await refused(client.auth_test()))["error"] == "fatal_error"
        assert await ask("/sandbox/misbehave", method="auth.test", kind="dance") == 400
        assert await ask("/sandbox/misbehave", method="auth.test", kind="double") == 400
        assert await ask("/sandbox/misbehave", how="badly") == 400
        assert await ask("/sandbox/disconnect") == 200
        assert await ask("/sandbox/person", id="U0ERIKA", locale="en-GB") == 200
        assert (await erika.state())["me"]["locale"] == "en-GB"
        assert await ask("/sandbox/member", user="U0ERIKA", channel="C0SUPPORT", joined=True) == 200
        assert "support" in [c["name"] for c in (await erika.state())["conversations"]]
        async with http.get("/sandbox/calls") as response:
            call = (await response.json())["calls"][-1]
    assert (call["method"], call["outcome"]) == ("auth.test", "error")


async def test_stopping_ends_what_is_kept_waiting(sandbox: Sandbox) -> None:
    """A call that is kept without an answer does not hold up the end."""
    sandbox.misbehave("auth.test", "timeout_before")
    async with aiohttp.ClientSession() as http:
        waiting = asyncio.create_task(http.post(f"{sandbox.api_url}auth.test"))
        await until(lambda: sandbox.calls, "the call")
        async with asyncio.timeout(LIMIT):
            await sandbox.stop()
        assert (await waiting).status == 504


async def test_a_reset_is_another_workspace(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """After a reset the calls before it no longer count against a rate limit."""
    for _ in range(TIER_1_BURST):
        await client.apps_connections_open(app_token=sandbox.app_token)
    assert (await refused(client.apps_connections_open(app_token=sandbox.app_token)))["error"] == "ratelimited"
    await sandbox.start_afresh()
    await client.apps_connections_open(app_token=sandbox.app_token)
