"""Searches Slack for what an earlier attempt may have posted.

Slack's methods have no idempotency key. So every message carries its row's key in its metadata, every file has a unique
name, and both are searched for before they are sent a second time.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_api.errors import Fail, classify, code_of

EVENT_TYPE = "amazon_token_row"
_CLOCK_DIFFERENCE = timedelta(minutes=1)
"""Our clock and Slack's may differ: a search starts this long before the row was made."""
_PAGE_SIZE = 200


class UnreadableError(Exception):
    """The conversation's history cannot be read; the message is Slack's code for the reason."""


def metadata_for(key: str) -> dict[str, Any]:
    """The metadata that says which row a message is. Every app in the conversation can read it."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


async def find_message(
    client: AsyncWebClient, key: str, channel: str, *, since: datetime, thread_ts: str | None
) -> str | None:
    """The `ts` of the message of row `key` in `channel`, or in the thread of `thread_ts`; `None` when it is not there.

    `since` is when the row was made. Raises `UnreadableError` when Slack refuses for good, and what a request can
    raise (`errors.REQUEST_ERRORS`) when another attempt may work.
    """
    async with aclosing(_messages(client, channel, since, thread_ts, include_all_metadata=True)) as messages:
        async for message in messages:
            if _key(message) == key:
                return str(message["ts"])
    return None


async def find_file(
    client: AsyncWebClient, filename: str, channel: str, *, since: datetime, thread_ts: str | None
) -> str | None:
    """The ID of the file of that unique name; arguments and exceptions are those of `find_message`.

    `None` when it is not there; "" when a message whose text contains the name is there but not the file, which Slack
    shows only to apps with files:read.
    """
    async with aclosing(_messages(client, channel, since, thread_ts)) as messages:
        async for message in messages:
            for file in message.get("files") or ():
                if file.get("name") == filename:
                    return str(file.get("id") or "")
            if filename in (message.get("text") or ""):
                return ""
    return None


async def _messages(
    client: AsyncWebClient, channel: str, since: datetime, thread_ts: str | None, **options: Any
) -> AsyncGenerator[dict[str, Any]]:
    options |= {"channel": channel, "oldest": f"{(since - _CLOCK_DIFFERENCE).timestamp():.6f}", "limit": _PAGE_SIZE}
    cursor: str | None = None
    while True:
        try:
            if thread_ts is None:
                answer = await client.conversations_history(cursor=cursor, **options)
            else:
                answer = await client.conversations_replies(ts=thread_ts, cursor=cursor, **options)
        except SlackApiError as error:
            if isinstance(classify(error), Fail):
                raise UnreadableError(code_of(error)) from error
            raise
        page: dict[str, Any] = answer.data if isinstance(answer.data, dict) else {}
        for message in page.get("messages") or ():
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key: str | None = (metadata.get("event_payload") or {}).get("key")
    return key
