"""The sandbox refuses what Slack really refuses. docs/sandbox-rules.md has a row for every test here, with its source.

Each test is called `test_<rule>`; the code names the rule where it holds.
"""

import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sandbox_parts import actions, button, client_of, field, over_socket, refused, section, tiny_app
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import rates
from bot.sandbox.driver import ActFailed, Visitor
from bot.sandbox.server import PROCESSING, Sandbox
from tests.waiting import until

ROOT = Path(__file__).parents[3]
METADATA = {"event_type": "row", "event_payload": {"key": "a"}}
Json = dict[str, Any]


def rich_text(text: str = "quoted") -> Json:
    elements = [{"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}]
    return {"type": "rich_text", "elements": elements}


async def post(client: AsyncWebClient, channel: str = "D0ERIKA", **more: Any) -> Any:
    return await client.chat_postMessage(channel=channel, **{"text": "x", **more})


async def told(sandbox: Sandbox, act: Any, subtype: str | None) -> Json:
    """The message event of this subtype that the app gets for what a person does."""
    app, events = tiny_app(sandbox), []

    @app.event("message")
    async def heard(event: Json) -> None:
        events.append(event)

    async with over_socket(sandbox, app):
        await act
        await until(lambda: any(event.get("subtype") == subtype for event in events), "the event")
    return next(event for event in events if event.get("subtype") == subtype)


# Messages


async def test_update_bytes(client: AsyncWebClient) -> None:
    """`chat.update` takes 4,000 bytes of text; an umlaut counts twice. A new message takes more."""
    long = "ü" * 2001
    posted = await post(client, text=long)
    assert (await refused(client.chat_update(channel="D0ERIKA", ts=posted["ts"], text=long)))["error"] == "msg_too_long"
    await client.chat_update(channel="D0ERIKA", ts=posted["ts"], text="ü" * 2000)


@pytest.mark.parametrize("blocks", [[section("x" * 2900)] * 4, [section("x" * 250)] * 40])
async def test_blocks_too_long(sandbox: Sandbox, client: AsyncWebClient, blocks: list[Json]) -> None:
    """Much text in few blocks, or less text in many: refused in a message, but not at a response_url."""
    assert (await refused(post(client, blocks=blocks)))["error"] == "msg_blocks_too_long"
    posted = await post(client, blocks=[section("x" * 2900)] * 3)
    update = client.chat_update(channel="D0ERIKA", ts=posted["ts"], text="x", blocks=blocks)
    assert (await refused(update))["error"] == "msg_blocks_too_long"
    url = sandbox.responses.issue(sandbox.world.channels["D0ERIKA"], "U0ERIKA")
    async with aiohttp.ClientSession() as http, http.post(url, json={"text": "x", "blocks": blocks}) as answer:
        assert answer.status == 200


async def test_reply_to_deleted_root(client: AsyncWebClient, erika: Visitor) -> None:
    """It arrives in the channel, at top level, and the answer has no `message.thread_ts`."""
    root = await post(client)
    kept = await post(client, thread_ts=root["ts"])
    assert kept["message"]["thread_ts"] == root["ts"]
    await client.chat_delete(channel="D0ERIKA", ts=root["ts"])
    reply = await post(client, text="lost", thread_ts=root["ts"])
    assert "thread_ts" not in reply["message"]
    assert (await erika.last())["thread_ts"] is None


async def test_block_mismatch(client: AsyncWebClient) -> None:
    """What has rich_text keeps some in a change; a text without any blocks is accepted."""
    posted = await post(client, blocks=[rich_text(), section()])
    change = {"channel": "D0ERIKA", "ts": posted["ts"], "text": "x"}
    assert (await refused(client.chat_update(**change, blocks=[section()])))["error"] == "block_mismatch"
    await client.chat_update(**change, blocks=[rich_text("taken back")])
    await client.chat_update(**change)


async def test_table_cells(client: AsyncWebClient) -> None:
    """Rows are arrays of at most 20 cells, each raw_text or rich_text."""
    raw = {"type": "raw_text", "text": "a"}
    await post(
        client, blocks=[{"type": "table", "rows": [[raw, rich_text()]], "column_settings": [{"align": "right"}]}]
    )
    for rows in ([[raw] * 21], [[{"type": "mrkdwn", "text": "a"}]], [raw], [[raw]] * 101):
        assert (await refused(post(client, blocks=[{"type": "table", "rows": rows}])))["error"] == "invalid_blocks"


async def test_response_url_404(sandbox: Sandbox) -> None:
    """Bad blocks are answered with status 404 and JSON."""
    url = sandbox.responses.issue(sandbox.world.channels["D0ERIKA"], "U0ERIKA")
    body = {"text": "a", "blocks": [{"type": "nothing"}]}
    async with aiohttp.ClientSession() as http, http.post(url, json=body) as answer:
        assert answer.status == 404
        assert (await answer.json())["error"] == "invalid_blocks"


async def told_of_press(sandbox: Sandbox, press: Any) -> Json:
    """The payload that the app gets for what a person does in a message."""
    app, seen = tiny_app(sandbox), []

    @app.action(re.compile(""))
    async def pressed(ack: Any, body: Json) -> None:
        await ack()
        seen.append(body)

    async with over_socket(sandbox, app):
        await press()
    return seen[-1] if seen else {}


def line(**more: Any) -> Json:
    return {**field("version", action_id="typed"), **more}


@pytest.mark.parametrize(("typed", "sent"), [("4.9", "4.9"), ("", None)])
async def test_state_of_messages(
    sandbox: Sandbox, client: AsyncWebClient, erika: Visitor, typed: str, sent: str | None
) -> None:
    """A press in a message sends what is in its fields, `null` for an empty one, and for Enter the same."""
    await post(client, blocks=[line(dispatch_action=True), actions(button())])
    pressed = await told_of_press(sandbox, lambda: erika.press("go", fields={"typed": typed}))
    assert pressed["state"]["values"] == {"version": {"typed": {"type": "plain_text_input", "value": sent}}}
    entered = await told_of_press(sandbox, lambda: erika.enter("typed", typed))
    assert entered["state"] == pressed["state"]
    (action,) = entered["actions"]
    assert (action["type"], action["block_id"], action["value"]) == ("plain_text_input", "version", typed)


async def test_inputs_dispatch_on_request(sandbox: Sandbox, client: AsyncWebClient, erika: Visitor) -> None:
    """Without `dispatch_action` nothing is sent for an input in a message; only a button sends its value."""
    await post(client, blocks=[line(), actions(button())])

    async def entered() -> None:
        with pytest.raises(ActFailed, match="invalid_action"):
            await erika.enter("typed", "4.9")

    assert await told_of_press(sandbox, entered) == {}
    pressed = await told_of_press(sandbox, lambda: erika.press("go", fields={"typed": "4.9"}))
    assert pressed["state"]["values"]["version"]["typed"]["value"] == "4.9"


# Metadata


async def test_metadata_stays(client: AsyncWebClient, erika: Visitor) -> None:
    """A change that sends none keeps what is there."""
    posted = await post(client, metadata=METADATA)
    await client.chat_update(channel="D0ERIKA", ts=posted["ts"], text="y")
    assert (await erika.last())["metadata"] == METADATA


async def test_empty_metadata_removes(client: AsyncWebClient, erika: Visitor) -> None:
    """`{}` removes it."""
    posted = await post(client, metadata=METADATA)
    await client.chat_update(channel="D0ERIKA", ts=posted["ts"], text="y", metadata={})
    assert (await erika.last())["metadata"] is None


async def test_metadata_on_request(client: AsyncWebClient) -> None:
    """A history shows it with `include_all_metadata` only."""
    await post(client, metadata=METADATA)
    for asked in (False, True):
        history = await client.conversations_history(channel="D0ERIKA", include_all_metadata=asked)
        assert ("metadata" in history["messages"][0]) is asked


# Files


async def uploaded(client: AsyncWebClient) -> str:
    answer = await client.files_upload_v2(content=b"\x89PNG..", filename="a.png", request_file_info=False)
    return str(answer["files"][0]["id"])


def picture(**file: str) -> Json:
    return {"type": "image", "alt_text": "a", "slack_file": file}


async def test_uploads_need_a_moment(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A completed file is "invalid slack file" for a while."""
    assert sandbox.workspace.processing == PROCESSING
    sandbox.workspace.processing = 0.2
    file = picture(id=await uploaded(client))
    assert "invalid slack file" in str(await refused(post(client, blocks=[file])))
    await until(lambda: sandbox.workspace.file_known(file["slack_file"]["id"]), "the file to be processed")
    await post(client, blocks=[file])


async def test_file_id_pattern(client: AsyncWebClient) -> None:
    """An ID that no file of Slack's can have is named as such."""
    for file_id in ("F0", "f0123456789", "https://example.slack.com/files/F0123456789"):
        assert "^[F][A-Z0-9]{8,}$" in str(await refused(post(client, blocks=[picture(id=file_id)])))


async def test_file_by_id_or_url(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Both together are refused, and so is neither."""
    sandbox.workspace.processing = 0.0
    file_id = await uploaded(client)
    for file in ({"id": file_id, "url": "https://files.slack.com/x"}, {}):
        assert (await refused(post(client, blocks=[picture(**file)])))["error"] == "invalid_blocks"


# Rates


async def limited(call: Any, most: int) -> tuple[int, Json]:
    """How many calls went well before the first 429, and its headers."""
    for number in range(most):  # noqa: B007 - it is the answer
        try:
            await call()
        except SlackApiError as error:
            response = error.response
            break
    else:
        return most, {}
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    return number, dict(response.headers)


async def test_rate_tiers(client: AsyncWebClient) -> None:
    """`chat.update` is of tier 3: 50 a minute. Another method is not affected."""
    posted = await post(client)
    went, headers = await limited(
        lambda: client.chat_update(channel="D0ERIKA", ts=posted["ts"], text="y"), rates.TIERS[3] + 5
    )
    assert rates.TIERS[3] <= went < rates.TIERS[3] + 5
    assert 1 <= int(headers["Retry-After"]) <= 2
    await client.users_info(user="U0ERIKA")


async def test_one_message_a_second(client: AsyncWebClient) -> None:
    """A short burst in a channel goes well, more does not; another channel has its own limit."""
    went, headers = await limited(lambda: post(client), rates.CHANNEL_BURST + 5)
    assert rates.CHANNEL_BURST <= went < rates.CHANNEL_BURST + 5
    assert headers["Retry-After"] == "1"
    await post(client, channel="C0SUPPORT")


async def test_history_once_a_minute() -> None:
    """For an app that is distributed outside the Marketplace, even where all other limits are off."""
    async with Sandbox(rates=float("inf"), history_limited=True) as sandbox:
        client = client_of(sandbox)
        went, headers = await limited(lambda: client.conversations_history(channel="D0ERIKA"), 2)
        assert (went, headers["Retry-After"]) == (1, "60")
        assert (await limited(lambda: post(client), 20))[0] == 20


async def test_history_of_fifteen() -> None:
    """Such an app gets fifteen messages at a time, and a cursor."""
    async with Sandbox(rates=float("inf"), history_limited=True) as sandbox:
        client = client_of(sandbox)
        for _ in range(16):
            await post(client)
        history = await client.conversations_history(channel="D0ERIKA", limit=200)
        assert (len(history["messages"]), history["has_more"]) == (15, True)


# What people send


async def test_client_msg_id(sandbox: Sandbox, erika: Visitor) -> None:
    """Every message of a person has one."""
    event = await told(sandbox, erika.say("Hallo"), None)
    assert re.fullmatch(r"[0-9a-f-]{36}", event["client_msg_id"])


async def test_people_write_rich_text(sandbox: Sandbox, erika: Visitor) -> None:
    """The text comes as blocks too, with people and links as elements and nothing escaped."""
    event = await told(sandbox, erika.say("A & B @Anna https://example.com"), None)
    (block,) = event["blocks"]
    (part,) = block["elements"]
    assert [element["type"] for element in part["elements"]] == ["text", "user", "text", "link"]
    assert part["elements"][0]["text"] == "A & B "
    assert event["text"] == "A &amp; B <@U0ANNA> <https://example.com>"


async def test_forwarded_messages(sandbox: Sandbox, erika: Visitor) -> None:
    """No text and no blocks of its own: the words are in an attachment."""
    event = await told(sandbox, erika.forward("Bitte das Token erneuern"), None)
    assert (event["text"], "blocks" in event) == ("", False)
    (attachment,) = event["attachments"]
    assert (attachment["is_share"], attachment["text"]) == (True, "Bitte das Token erneuern")


async def test_snippets(sandbox: Sandbox, erika: Visitor) -> None:
    """A file whose beginning is in `preview`."""
    event = await told(sandbox, erika.send_snippet("zeile\n" * 400), "file_share")
    (file,) = event["files"]
    assert (file["mode"], file["mimetype"], file["preview_is_truncated"]) == ("snippet", "text/plain", True)
    assert file["preview"].startswith("zeile\nzeile")


async def test_voice_clips(sandbox: Sandbox, erika: Visitor) -> None:
    """A file of the subtype slack_audio, without a text."""
    event = await told(sandbox, erika.send_file("audio_message.m4a", b"....", kind="audio/mp4"), "file_share")
    (file,) = event["files"]
    assert (file["subtype"], file["mimetype"], event["text"]) == ("slack_audio", "audio/mp4", "")


async def test_edits(sandbox: Sandbox, erika: Visitor) -> None:
    """They come as `message_changed` with both messages inside."""
    ts = await erika.say("vorher")
    event = await told(sandbox, erika.edit(ts, "nachher"), "message_changed")
    assert (event["message"]["text"], event["previous_message"]["text"]) == ("nachher", "vorher")
    assert event["message"]["edited"]["user"] == "U0ERIKA"


async def test_validate_as_strict(sandbox: Sandbox) -> None:
    """It refuses what posting or opening refuses, says where, and posts nothing; exactly one thing is checked."""
    client = client_of(sandbox)

    async def errors(**given: Any) -> tuple[str, list[tuple[str, str]]]:
        body = await refused(client.api_call("blocks.validate", json=given))
        return body["error"], [(one["pointer"], one["message"]) for one in body["errors"]]

    await client.api_call("blocks.validate", json={"blocks": [section()]})
    await client.api_call("blocks.validate", params={"message": json.dumps({"text": "x", "blocks": [section()]})})
    assert (await errors(blocks=[{"type": "alert", "text": {}}]))[1][0][0].startswith("/0")
    long = {"text": "x", "blocks": [section("x" * 2900) for _ in range(4)]}
    assert await errors(message=long) == ("invalid_message", [("", "msg_blocks_too_long")])
    view = {"type": "modal", "title": {"type": "plain_text", "text": "x" * 25}, "blocks": []}
    code, (where, *_) = await errors(view=view)
    assert (code, where[0]) == ("invalid_view", "/title/text")
    assert (await refused(client.api_call("blocks.validate", json={})))["error"] == "invalid_arguments"
    assert not sandbox.world.channels["D0ERIKA"].messages


# The table


def test_every_rule_has_its_row_and_every_row_its_test() -> None:
    """The rules named in the code, the rows of the table and the tests here are the same; each row has a source."""
    code = "\n".join(path.read_text() for path in (ROOT / "bot/sandbox").glob("*.py"))
    in_code = set(re.findall(r"[Tt]he rule (\w+)", code))
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.+) \|$", (ROOT / "docs/sandbox-rules.md").read_text(), re.MULTILINE)
    tests = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    tests.remove("every_rule_has_its_row_and_every_row_its_test")
    assert in_code == {name for name, _ in rows} == tests
    assert len(rows) == len(in_code)
    for name, source in rows:
        assert re.search(r"https://(?:docs\.slack\.dev|api\.slack\.com|github\.com)/", source), name
