"""A picture that a person sent to the bot, fetched from Slack to be shown elsewhere; held in memory and nowhere else.

Source: https://docs.slack.dev/reference/objects/file-object ("Authentication": the token goes into the header).
"""

from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier.outcomes import code_of

MOST_BYTES = 8 * 2**20
_CHUNK = 64 * 1024
_GOOD = 200
_GONE = frozenset({"file_not_found", "file_deleted", "not_visible"})
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


class NoPicture(Exception):  # noqa: N818 - it is an answer, not a fault
    """The file is gone, too large, or no picture. The message says which."""


async def fetch(client: AsyncWebClient, http: aiohttp.ClientSession, file_id: str) -> bytes:
    """The bytes of the picture `file_id`, at most `MOST_BYTES`. `NoPicture` when there is none to pass on.

    Whatever else a request to Slack can raise is raised (`outcomes.TROUBLE`). Scope: files:read.
    """
    try:
        answer = await client.files_info(file=file_id)
    except SlackApiError as error:
        if code_of(error) in _GONE:
            raise NoPicture(code_of(error)) from error
        raise
    file: dict[str, Any] = answer["file"]
    if int(file.get("size") or 0) > MOST_BYTES:
        raise NoPicture("too_large")
    data = await _download(client, http, str(file.get("url_private_download") or file.get("url_private") or ""))
    if not data.startswith(_BEGINNINGS) and not (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        raise NoPicture("not_a_picture")
    return data


async def _download(client: AsyncWebClient, http: aiohttp.ClientSession, url: str) -> bytes:
    if not _is_slack(url, client.base_url):
        raise NoPicture("elsewhere")  # the token is for Slack alone
    headers = {"Authorization": f"Bearer {client.token}"}
    data = bytearray()
    async with http.get(url, headers=headers, allow_redirects=False) as answer:
        answer.raise_for_status()
        if answer.status != _GOOD:
            raise NoPicture("not_a_picture")  # Slack sends those whom it does not know to its sign-in page
        async for chunk in answer.content.iter_chunked(_CHUNK):
            data += chunk
            if len(data) > MOST_BYTES:
                raise NoPicture("too_large")
    return bytes(data)


def _is_slack(url: str, base_url: str) -> bool:
    to, api = urlsplit(url), urlsplit(base_url)
    if to.netloc == api.netloc and to.scheme == api.scheme:
        return True
    return to.scheme == "https" and (to.hostname or "").endswith(".slack.com")
