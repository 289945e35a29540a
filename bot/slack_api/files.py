"""A file brought to Slack: an address for it, its bytes, and the word that it is complete.

`files_upload_v2` of the SDK does the same three steps behind one call, with retries of its own; here each step is one
request, so that the courier's limits hold and a fault has one place.
"""

from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_api.errors import code_of

_PAGE = 200


async def upload(
    client: AsyncWebClient,
    http: aiohttp.ClientSession,
    data: bytes,
    filename: str,
    title: str,
    *,
    channel: str | None = None,
    comment: str | None = None,
    thread_ts: str | None = None,
    alt: str | None = None,
) -> str:
    """Upload `data`; the file's ID (F…).

    Without `channel` it is shared nowhere, and can be shown by its ID in a block; with one it stands there as a new
    message with `comment` as its words, in the thread of `thread_ts` if one is named; `alt` is read aloud instead of a
    picture. Raises what a request to Slack can raise (`outcomes.TROUBLE`), and what Slack stored by then without
    completing it goes away by itself. Scope: files:write.
    """
    place = await client.files_getUploadURLExternal(filename=filename, length=len(data), alt_txt=alt)
    # The address is a permission in itself: the token does not belong here.
    async with http.post(str(place["upload_url"]), data=data) as answer:
        answer.raise_for_status()
    file_id = str(place["file_id"])
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": title}], channel_id=channel, initial_comment=comment, thread_ts=thread_ts
    )
    return file_id


async def find_shared(
    client: AsyncWebClient, channel: str, filename: str, since: float, thread_ts: str | None = None
) -> str | None:
    """The ID of the file named `filename` that was shared in `channel` after `since` (epoch seconds), or `None`.

    A file that was shared in the thread of `thread_ts` is looked for there.

    "" when the message is there and the file is not told of it: Slack tells it only to apps that may read files. A
    file knows no metadata, so its name must be its own, and the comment that goes with it names it.
    """
    cursor: str | None = None
    while True:
        asked: dict[str, Any] = {"channel": channel, "oldest": f"{since:.6f}", "limit": _PAGE, "cursor": cursor}
        page: Any = await (
            client.conversations_history(**asked)
            if thread_ts is None
            else client.conversations_replies(ts=thread_ts, **asked)
        )
        for message in page.get("messages") or ():
            files = message.get("files") or ()
            found = next((str(file.get("id") or "") for file in files if file.get("name") == filename), None)
            if found is not None:
                return found
            if filename in (message.get("text") or ""):
                return ""
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None


MOST_BYTES = 8 * 2**20
_CHUNK = 64 * 1024
_GOOD = 200
_GONE = frozenset({"file_not_found", "file_deleted", "not_visible"})
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


class NotAnImage(Exception):  # noqa: N818 - it is an answer, not a fault
    """The file is gone, too large, or no picture. The message says which."""


async def fetch(client: AsyncWebClient, http: aiohttp.ClientSession, file_id: str) -> bytes:
    """The bytes of the picture `file_id`, at most `MOST_BYTES`. `NoPicture` when there is none to pass on.

    Whatever else a request to Slack can raise is raised (`outcomes.TROUBLE`). Scope: files:read.
    """
    try:
        answer = await client.files_info(file=file_id)
    except SlackApiError as error:
        if code_of(error) in _GONE:
            raise NotAnImage(code_of(error)) from error
        raise
    file: dict[str, Any] = answer["file"]
    if int(file.get("size") or 0) > MOST_BYTES:
        raise NotAnImage("too_large")
    data = await _download(client, http, str(file.get("url_private_download") or file.get("url_private") or ""))
    if not data.startswith(_BEGINNINGS) and not (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        raise NotAnImage("not_a_picture")
    return data


async def _download(client: AsyncWebClient, http: aiohttp.ClientSession, url: str) -> bytes:
    if not _is_slack(url, client.base_url):
        raise NotAnImage("elsewhere")  # the token is for Slack alone
    headers = {"Authorization": f"Bearer {client.token}"}
    data = bytearray()
    async with http.get(url, headers=headers, allow_redirects=False) as answer:
        answer.raise_for_status()
        if answer.status != _GOOD:
            raise NotAnImage("not_a_picture")  # Slack sends those whom it does not know to its sign-in page
        async for chunk in answer.content.iter_chunked(_CHUNK):
            data += chunk
            if len(data) > MOST_BYTES:
                raise NotAnImage("too_large")
    return bytes(data)


def _is_slack(url: str, base_url: str) -> bool:
    to, api = urlsplit(url), urlsplit(base_url)
    if to.netloc == api.netloc and to.scheme == api.scheme:
        return True
    return to.scheme == "https" and (to.hostname or "").endswith(".slack.com")
