"""Uploads files to Slack and downloads images.

`files_upload_v2` of the SDK does the three requests of an upload in one call, with retries of its own. Here each is one
request, so that the outbox worker's limits hold and an error belongs to one of them.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_api.errors import code_of

MOST_BYTES = 8 * 2**20
_CHUNK_BYTES = 64 * 1024
_OK = 200
_MISSING_CODES = frozenset({"file_not_found", "file_deleted", "not_visible"})
_MAGIC_BYTES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


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
    announce: Callable[[str], None] = lambda _: None,
) -> str:
    """Upload `data` and return the file's ID (F…).

    With `channel` the file is shared there as a new message that says `comment`, in the thread of `thread_ts` if set.
    Without, it is shared nowhere and can be shown by its ID in a block. `alt` is read aloud in place of an image.
    `announce` gets the ID before there is a file.
    Raises what a request can raise (`errors.REQUEST_ERRORS`); Slack deletes a file that was not completed.
    Scope: files:write.
    """
    target = await client.files_getUploadURLExternal(filename=filename, length=len(data), alt_txt=alt)
    file_id = str(target["file_id"])
    announce(file_id)
    # The URL alone permits the upload: the token must not be sent there.
    async with http.post(str(target["upload_url"]), data=data) as answer:
        answer.raise_for_status()
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": title}], channel_id=channel, initial_comment=comment, thread_ts=thread_ts
    )
    return file_id


class NotAnImage(Exception):  # noqa: N818 - it is an answer, not a fault
    """The file is gone, too large, or not an image. The message says which."""


async def fetch(client: AsyncWebClient, http: aiohttp.ClientSession, file_id: str) -> bytes:
    """The bytes of the image `file_id`, at most `MOST_BYTES`.

    Raises `NotAnImage`, or what a request can raise (`errors.REQUEST_ERRORS`). Scope: files:read.
    """
    try:
        answer = await client.files_info(file=file_id)
    except SlackApiError as error:
        if code_of(error) in _MISSING_CODES:
            raise NotAnImage(code_of(error)) from error
        raise
    file: dict[str, Any] = answer["file"]
    if int(file.get("size") or 0) > MOST_BYTES:
        raise NotAnImage("too_large")
    data = await _download(client, http, str(file.get("url_private_download") or file.get("url_private") or ""))
    if not data.startswith(_MAGIC_BYTES) and not (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        raise NotAnImage("not_a_picture")
    return data


async def fetch_text(client: AsyncWebClient, http: aiohttp.ClientSession, file_id: str) -> str:
    """The text of a file, at most `MOST_BYTES`; what is not UTF-8 in it is replaced. Raises as `fetch` does."""
    answer = await client.files_info(file=file_id)
    file: dict[str, Any] = answer["file"]
    data = await _download(client, http, str(file.get("url_private_download") or file.get("url_private") or ""))
    return data.decode("utf-8", errors="replace")


async def _download(client: AsyncWebClient, http: aiohttp.ClientSession, url: str) -> bytes:
    if not _is_slack(url, client.base_url):
        raise NotAnImage("elsewhere")  # the token is for Slack alone
    headers = {"Authorization": f"Bearer {client.token}"}
    data = bytearray()
    async with http.get(url, headers=headers, allow_redirects=False) as answer:
        answer.raise_for_status()
        if answer.status != _OK:
            raise NotAnImage("not_a_picture")  # Slack redirects to its sign-in page when it does not accept the token
        async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
            data += chunk
            if len(data) > MOST_BYTES:
                raise NotAnImage("too_large")
    return bytes(data)


def _is_slack(url: str, base_url: str) -> bool:
    target, api = urlsplit(url), urlsplit(base_url)
    if target.netloc == api.netloc and target.scheme == api.scheme:
        return True
    return target.scheme == "https" and (target.hostname or "").endswith(".slack.com")
