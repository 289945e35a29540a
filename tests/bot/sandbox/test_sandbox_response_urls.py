"""response_url: five answers in half an hour."""

from typing import Any

import aiohttp
import pytest
from sandbox_parts import section
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox


def issue(sandbox: Sandbox, ts: str | None = None) -> AsyncWebhookClient:
    channel = sandbox.world.channels["D0ERIKA"]
    original = channel.find(ts, for_user="U0ERIKA") if ts else None
    return AsyncWebhookClient(sandbox.responses.issue(channel, "U0ERIKA", original))


async def test_an_answer_goes_to_one_person_or_to_all(sandbox: Sandbox, erika: Visitor) -> None:
    """New words are ephemeral unless response_type says in_channel."""
    hook = issue(sandbox)
    assert (await hook.send(text="nur du")).body == "ok"
    await hook.send(text="alle", response_type="in_channel")
    assert [(m["text"], m["ephemeral"]) for m in await erika.messages()] == [("nur du", True), ("alle", False)]


async def test_an_answer_takes_the_place_of_the_original(
    sandbox: Sandbox, client: AsyncWebClient, erika: Visitor
) -> None:
    """replace_original keeps the ts and the metadata; delete_original removes; after that there is nothing left."""
    metadata = {"event_type": "row", "event_payload": {"key": "a"}}
    posted = await client.chat_postMessage(channel="D0ERIKA", text="vorher", metadata=metadata)
    hook = issue(sandbox, posted["ts"])
    await hook.send(text="nachher", blocks=[section("nachher")], replace_original=True)
    last = await erika.last()
    assert (last["text"], last["ts"], last["metadata"], last["edited"]) == ("nachher", posted["ts"], metadata, False)
    assert (await hook.send(delete_original=True)).status_code == 200
    assert await erika.messages() == []
    for gone in ({"delete_original": True}, {"replace_original": True, "text": "x"}):
        assert "message_not_found" in (await hook.send_dict(gone)).body


async def test_five_uses_and_no_more(sandbox: Sandbox) -> None:
    """The sixth answer is used_url with status 404."""
    hook = issue(sandbox)
    for _ in range(5):
        assert (await hook.send(text="a")).status_code == 200
    sixth = await hook.send(text="a")
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)
    assert sandbox.calls[-1].outcome == "used_url"


async def test_it_expires(sandbox: Sandbox) -> None:
    """An old or invented address answers 404."""
    hook = issue(sandbox)
    sandbox.responses.life = 0
    assert "expired_url" in (await hook.send(text="a")).body
    assert "invalid_url" in (await AsyncWebhookClient(f"{sandbox.url}/response/x").send(text="a")).body


@pytest.mark.parametrize(
    ("error", "body"),
    [
        ("no_text", {"blocks": []}),
        ("invalid_arguments", {"text": "a", "colour": "red"}),
        ("msg_too_long", {"text": "x" * 40_001}),
    ],
)
async def test_it_is_as_strict_as_the_web_api(sandbox: Sandbox, error: str, body: dict[str, Any]) -> None:
    """What chat.postMessage refuses is refused here, with a status that is not 2xx."""
    answer = await issue(sandbox).send_dict(body)
    assert (answer.status_code, error in answer.body) == (400, True)


async def test_it_misbehaves_too(sandbox: Sandbox) -> None:
    """Misbehaviour is asked for under the method name response_url; what is no JSON is refused."""
    hook = issue(sandbox)
    sandbox.misbehave("response_url", "error_500")
    assert (await hook.send(text="a")).status_code == 500
    async with aiohttp.ClientSession() as http, http.post(hook.url, data="no JSON") as response:
        assert "invalid_payload" in await response.text()
