"""Searches Slack for a message that an earlier attempt may have posted.

`chat.postMessage` has no idempotency key, so every message carries its row's key in its metadata and is searched for
before it is sent a second time.
"""

from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_api.errors import Fail, classify, code_of

EVENT_TYPE = "amazon_token_row"
CLOCK_DIFFERENCE = timedelta(minutes=1)
"""Our clock and Slack's may differ: a search starts this long before the row was made."""
_PAGE_SIZE = 200


class UnreadableError(Exception):
    """The conversation's history cannot be read; the message is Slack's code for the reason."""


def metadata_for(key: str) -> dict[str, Any]:
    """The metadata that says which row a message is. Every app in the conversation can read it."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


async def find(client: AsyncWebClient, key: str, channel: str, *, since: datetime, thread_ts: str | None) -> str | None:
    """The `ts` of the message of row `key` in `channel`, or in the thread of `thread_ts`; `None` when it is not there.

    `since` is when the row was made. Raises `UnreadableError` when Slack refuses for good, and what a request can
    raise (`errors.REQUEST_ERRORS`) when another attempt may work.
    """
    cursor: str | None = None
    while True:
        try:
            page = await _page(client, channel, since - CLOCK_DIFFERENCE, thread_ts, cursor)
        except SlackApiError as error:
            if isinstance(classify(error), Fail):
                raise UnreadableError(code_of(error)) from error
            raise
        for message in page.get("messages") or ():
            if _key(message) == key:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None


async def _page(
    client: AsyncWebClient, channel: str, oldest: datetime, thread_ts: str | None, cursor: str | None
) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "channel": channel,
        "oldest": f"{oldest.timestamp():.6f}",
        "include_all_metadata": True,
        "limit": _PAGE_SIZE,
        "cursor": cursor,
    }
    if thread_ts is None:
        answer = await client.conversations_history(**arguments)
    else:
        answer = await client.conversations_replies(ts=thread_ts, **arguments)
    return answer.data if isinstance(answer.data, dict) else {}


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key: str | None = (metadata.get("event_payload") or {}).get("key")
    return key
