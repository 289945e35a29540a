"""A file brought to Slack: an address for it, its bytes, and the word that it is complete.

`files_upload_v2` of the SDK does the same three steps behind one call, with retries of its own; here each step is one
request, so that the courier's limits hold and a fault has one place.
"""

from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

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


async def shared(
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
