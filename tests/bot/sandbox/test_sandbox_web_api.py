"""The Web API, called as an app calls it."""

from typing import Any

import aiohttp
import pytest
from sandbox_parts import client_of, refused, section
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.driver import Visitor
from bot.sandbox.manifest import DEFAULT
from bot.sandbox.server import Sandbox

METADATA = {"event_type": "row", "event_payload": {"key": "a-1"}}


async def test_a_message_can_be_posted_changed_and_deleted(client: AsyncWebClient, erika: Visitor) -> None:
    """A user ID as channel means that person's direct message; chat.update with a text alone removes the blocks."""
    posted = await client.chat_postMessage(channel="U0ERIKA", text="eins", blocks=[section("eins")])
    assert posted["channel"] == "D0ERIKA"
    assert (await erika.last())["blocks"][0]["block_id"]
    await client.chat_update(channel="D0ERIKA", ts=posted["ts"], text="zwei")
    assert (await erika.last())["text"] == "zwei"
    assert (await erika.last())["blocks"] == []
    assert (await client.chat_getPermalink(channel="D0ERIKA", message_ts=posted["ts"]))["permalink"]
    await client.chat_delete(channel="D0ERIKA", ts=posted["ts"])
    assert await erika.messages() == []


async def test_json_and_forms_and_token_arguments_are_taken(sandbox: Sandbox) -> None:
    """The same call works as JSON and as a form, with the token in the header or among the arguments."""
    message = {"channel": "D0ERIKA", "text": "Hallo"}
    async with aiohttp.ClientSession() as http:
        url = f"{sandbox.api_url}chat.postMessage"
        bearer = {"Authorization": f"Bearer {sandbox.token}"}
        for kind in ({"json": message, "headers": bearer}, {"data": {**message, "token": sandbox.token}}):
            async with http.post(url, **kind) as response:
                assert (await response.json())["ok"]
    assert all("token" not in call.args for call in sandbox.calls)


async def test_history_pages_and_ranges(client: AsyncWebClient) -> None:
    """History is newest first, honours oldest, latest, inclusive, limit and cursor, and leaves out replies."""
    ts = [(await client.chat_postMessage(channel="C0SUPPORT", text=str(n)))["ts"] for n in range(5)]
    await client.chat_postMessage(channel="C0SUPPORT", text="reply", thread_ts=ts[0])
    texts = [m["text"] async for page in await paged(client, limit=2) for m in page]
    assert texts == ["4", "3", "2", "1", "0"]
    history = await client.conversations_history(channel="C0SUPPORT", oldest=ts[1], latest=ts[3])
    assert [m["text"] for m in history["messages"]] == ["2"]
    history = await client.conversations_history(channel="C0SUPPORT", oldest=ts[1], latest=ts[3], inclusive=True)
    assert [m["text"] for m in history["messages"]] == ["3", "2", "1"]
    assert (await refused(client.conversations_history(channel="C0SUPPORT", cursor="?")))["error"] == "invalid_cursor"
    assert (await refused(client.conversations_history(channel="C0SUPPORT", limit=0)))["error"] == "invalid_limit"


async def paged(client: AsyncWebClient, limit: int) -> Any:
    async def pages() -> Any:
        async for page in await client.conversations_history(channel="C0SUPPORT", limit=limit):
            yield page["messages"]

    return pages()


async def test_a_range_is_made_of_time_stamps(client: AsyncWebClient) -> None:
    """What is no time stamp is refused by the name of the argument."""
    await client.chat_postMessage(channel="C0SUPPORT", text="a")
    for name in ("oldest", "latest"):
        asked = client.conversations_history(channel="C0SUPPORT", **{name: "today"})
        assert (await refused(asked))["error"] == f"invalid_ts_{name}"


async def test_an_upload_may_be_a_form(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The content comes as it is or as a form; unknown files are 404."""
    upload = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with aiohttp.ClientSession(sandbox.url) as http:
        form = aiohttp.FormData()
        form.add_field("file", b"abc", filename="a.txt")
        async with http.post(upload["upload_url"], data=form) as response:
            assert await response.text() == "OK - 3"
        async with http.post("/upload/F9", data=b"a") as response:
            assert response.status == 404
        async with http.get("/files/F9", headers={"Authorization": f"Bearer {sandbox.token}"}) as response:
            assert response.status == 404


async def test_metadata_is_shown_to_who_asks(client: AsyncWebClient) -> None:
    """Metadata of messages and replies comes with include_all_metadata only."""
    root = await client.chat_postMessage(channel="C0SUPPORT", text="root", metadata=METADATA)
    await client.chat_postMessage(channel="C0SUPPORT", text="reply", thread_ts=root["ts"], metadata=METADATA)
    for method in (client.conversations_history, client.conversations_replies):
        about: dict[str, Any] = {"channel": "C0SUPPORT"}
        about |= {"ts": root["ts"]} if method == client.conversations_replies else {}
        plain = (await method(**about))["messages"]
        full = (await method(**about, include_all_metadata=True))["messages"]
        assert not any("metadata" in m for m in plain)
        assert all(m["metadata"] == METADATA for m in full)


async def test_replies_begin_with_the_root(client: AsyncWebClient) -> None:
    """conversations.replies shows the root and then the replies, whatever `oldest` is."""
    root = (await client.chat_postMessage(channel="C0SUPPORT", text="root"))["ts"]
    early = (await client.chat_postMessage(channel="C0SUPPORT", text="early", thread_ts=root))["ts"]
    await client.chat_postMessage(channel="C0SUPPORT", text="late", thread_ts=root)
    history = await client.conversations_replies(channel="C0SUPPORT", ts=root, oldest=early)
    assert [m["text"] for m in history["messages"]] == ["root", "late"]
    assert history["messages"][0]["reply_count"] == 2


async def test_who_is_who(client: AsyncWebClient) -> None:
    """auth.test names the scopes; people have names, locales and memberships."""
    answer = await client.auth_test()
    assert "chat:write" in answer.headers["x-oauth-scopes"]
    assert (await client.users_info(user="U0ERIKA", include_locale=True))["user"]["locale"] == "de-DE"
    assert "locale" not in (await client.users_info(user="U0ERIKA"))["user"]
    assert (await client.users_info(user="U0BOT"))["user"]["is_bot"]
    assert (await client.team_info())["team"]["id"] == "T0SANDBOX"
    assert (await client.bots_info(bot="B0SANDBOX"))["bot"]["user_id"] == "U0BOT"
    assert (await client.conversations_open(users="U0BEN"))["channel"]["id"] == "D0BEN"
    assert (await client.conversations_info(channel="D0BEN"))["channel"]["user"] == "U0BEN"
    about = (await client.conversations_info(channel="C0SUPPORT", include_num_members=True))["channel"]
    assert (about["name"], about["num_members"]) == ("support", 3)
    members = [
        m async for page in await client.conversations_members(channel="C0SUPPORT", limit=2) for m in page["members"]
    ]
    assert members == ["U0ANNA", "U0BEN", "U0BOT"]
    assert (await client.api_test(foo="bar"))["args"]["foo"] == "bar"


async def test_a_file_is_uploaded_in_two_steps_and_used_by_id(
    sandbox: Sandbox, client: AsyncWebClient, erika: Visitor
) -> None:
    """A file can be used in an image block once it is complete, and not before."""
    sandbox.workspace.processing = 0.0
    picture = [{"type": "image", "alt_text": "a", "slack_file": {"id": "F0123456789"}}]
    assert (await refused(client.chat_postMessage(channel="D0ERIKA", text="a", blocks=picture)))[
        "error"
    ] == "invalid_blocks"
    uploaded = await client.files_upload_v2(
        content=b"\x89PNG..", filename="a.png", channel="D0ERIKA", request_file_info=False
    )
    file = uploaded["files"][0]
    picture[0]["slack_file"] = {"id": file["id"]}
    await client.chat_postMessage(channel="D0ERIKA", text="a", blocks=picture)
    token = {"Authorization": f"Bearer {client.token}"}
    async with aiohttp.ClientSession() as http, http.get(file["url_private"], headers=token) as response:
        assert await response.read() == b"\x89PNG.."
    assert (await erika.messages())[0]["files"][0]["id"] == file["id"]


REFUSALS: list[tuple[str, str, dict[str, Any]]] = [
    ("no_text", "chat.postMessage", {"channel": "D0ERIKA", "blocks": []}),
    ("no_text", "chat.postMessage", {"channel": "D0ERIKA", "text": " "}),
    ("msg_too_long", "chat.postMessage", {"channel": "D0ERIKA", "text": "x" * 40_001}),
    ("invalid_blocks", "chat.postMessage", {"channel": "D0ERIKA", "text": "x", "blocks": [{"type": "nothing"}]}),
    ("invalid_blocks_format", "chat.postMessage", {"channel": "D0ERIKA", "text": "x", "blocks": "[{"}),
    ("channel_not_found", "chat.postMessage", {"channel": "C9", "text": "x"}),
    ("not_in_channel", "chat.postMessage", {"channel": "C0GENERAL", "text": "x"}),
    ("invalid_arguments", "chat.postMessage", {"text": "x"}),
    ("invalid_metadata_format", "chat.postMessage", {"channel": "D0ERIKA", "text": "x", "metadata": {"key": 1}}),
    (
        "invalid_metadata_format",
        "chat.postMessage",
        {"channel": "D0ERIKA", "text": "x", "metadata": {"event_type": "", "event_payload": {}}},
    ),
    (
        "metadata_too_large",
        "chat.postMessage",
        {"channel": "D0ERIKA", "text": "x", "metadata": {"event_type": "x", "event_payload": {"a": "x" * 9000}}},
    ),
    ("message_not_found", "chat.update", {"channel": "D0ERIKA", "ts": "1.2", "text": "x"}),
    ("message_not_found", "chat.getPermalink", {"channel": "D0ERIKA", "message_ts": "1.2"}),
    ("user_not_in_channel", "chat.postEphemeral", {"channel": "C0SUPPORT", "user": "U0ERIKA", "text": "x"}),
    ("user_not_found", "users.info", {"user": "U9"}),
    ("bot_not_found", "bots.info", {"bot": "B9"}),
    ("user_not_found", "conversations.open", {"users": "U9"}),
    ("users_list_not_supplied", "conversations.open", {}),
    ("thread_not_found", "conversations.replies", {"channel": "D0ERIKA", "ts": "1.2"}),
    ("not_in_channel", "conversations.history", {"channel": "C0GENERAL"}),
    ("unknown_method", "chat.shout", {}),
    ("file_not_found", "files.completeUploadExternal", {"files": [{"id": "F9"}]}),
    ("invalid_arguments", "files.completeUploadExternal", {}),
    ("some_error", "api.test", {"error": "some_error"}),
]


@pytest.mark.parametrize(("error", "method", "args"), REFUSALS, ids=[f"{m}-{e}" for e, m, _ in REFUSALS])
async def test_a_call_is_refused_with_slacks_code(
    client: AsyncWebClient, sandbox: Sandbox, error: str, method: str, args: dict[str, Any]
) -> None:
    """Each refusal has Slack's error code and is in the log of calls."""
    assert (await refused(client.api_call(method, json=args)))["error"] == error
    assert sandbox.calls[-1].outcome == error


async def test_a_fault_in_blocks_is_pointed_at(client: AsyncWebClient) -> None:
    """invalid_blocks says what is wrong and where."""
    body = await refused(client.chat_postMessage(channel="D0ERIKA", text="x", blocks=[section("x" * 3001)]))
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


async def test_foreign_messages_are_left_alone(client: AsyncWebClient, erika: Visitor) -> None:
    """The bot can neither change nor delete what a person wrote, and an update is limited to 4,000 characters."""
    ts = await erika.say("mine")
    assert (await refused(client.chat_update(channel="D0ERIKA", ts=ts, text="x")))["error"] == "cant_update_message"
    assert (await refused(client.chat_delete(channel="D0ERIKA", ts=ts)))["error"] == "cant_delete_message"
    own = (await client.chat_postMessage(channel="D0ERIKA", text="x" * 5000))["ts"]
    long = client.chat_update(channel="D0ERIKA", ts=own, text="x" * 4001)
    assert (await refused(long))["error"] == "msg_too_long"


async def test_only_the_apps_own_files_can_be_deleted(client: AsyncWebClient, erika: Visitor) -> None:
    """What a person sent is theirs; the app's own file is gone from the message that showed it."""
    await erika.send_file("mine.png", b"\x89PNG..")
    theirs = (await erika.messages())[-1]["files"][0]["id"]
    assert (await refused(client.files_delete(file=theirs)))["error"] == "cant_delete_file"
    assert await erika.file(theirs) == b"\x89PNG.."
    uploaded = await client.files_upload_v2(
        content=b"\x89PNG..", filename="a.png", channel="D0ERIKA", request_file_info=False
    )
    own = uploaded["files"][0]["id"]
    await client.files_delete(file=own)
    assert not (await erika.messages())[-1].get("files")
    assert (await refused(client.files_delete(file=own)))["error"] == "file_not_found"


async def test_tokens_are_checked(sandbox: Sandbox) -> None:
    """No token, a wrong one, one of the wrong kind, and one of a removed app have different errors."""
    assert (await refused(client_of(sandbox, "xoxb-wrong").auth_test()))["error"] == "invalid_auth"
    assert (await refused(client_of(sandbox, sandbox.app_token).auth_test()))["error"] == "not_allowed_token_type"
    nobody = AsyncWebClient(base_url=sandbox.api_url)
    assert (await refused(nobody.auth_test()))["error"] == "not_authed"
    sandbox.uninstall()
    assert (await refused(client_of(sandbox).auth_test()))["error"] == "account_inactive"


@pytest.mark.parametrize(
    ("scope", "method", "args"),
    [
        ("chat:write", "chat.postMessage", {"channel": "D0ERIKA", "text": "x"}),
        ("users:read", "users.info", {"user": "U0ERIKA"}),
        ("im:write", "conversations.open", {"users": "U0ERIKA"}),
        ("im:history", "conversations.history", {"channel": "D0ERIKA"}),
        ("channels:read", "conversations.members", {"channel": "C0SUPPORT"}),
    ],
)
async def test_a_scope_that_the_manifest_lacks_is_missed(scope: str, method: str, args: dict[str, Any]) -> None:
    """missing_scope says what is needed and what is provided."""
    scopes = [s for s in DEFAULT["oauth_config"]["scopes"]["bot"] if s != scope]
    async with Sandbox({**DEFAULT, "oauth_config": {"scopes": {"bot": scopes}}}) as sandbox:
        body = await refused(client_of(sandbox).api_call(method, json=args))
    assert (body["error"], body["needed"], body["provided"]) == ("missing_scope", scope, ",".join(sorted(scopes)))


async def test_a_private_channel_is_hidden_from_outsiders(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A private channel without the bot does not exist for it."""
    sandbox.world.channels["C0GENERAL"].private = True
    assert (await refused(client.conversations_info(channel="C0GENERAL")))["error"] == "channel_not_found"
    sandbox.change_membership("U0BOT", "C0GENERAL", joins=True)
    assert (await client.conversations_info(channel="C0GENERAL"))["channel"]["is_private"]
