"""Opening a modal or turning its page, after the acknowledgement: an answer to the press must not wait for Slack's."""

import asyncio
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

VIEW = "view_to_open"
"""Where a listener leaves the modal in its context for `open_view`, its lazy half."""
OPEN_SECONDS = 2.0
"""A trigger lives three seconds."""

log = structlog.get_logger()


async def open_view(body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
    """Open the modal that the listener left, if it left one; after a press in a modal it takes that one's place."""
    view = context.get(VIEW)
    if view is None:
        return
    pressed_in = body.get("view") or {}
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            if pressed_in.get("type") == "modal":
                await client.views_update(view_id=str(pressed_in.get("id")), view=view)
            else:
                await client.views_open(trigger_id=str(body.get("trigger_id")), view=view)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        # The button still stands; pressing it once more opens the form with a new trigger.
        log.warning("form_not_opened", form=view["callback_id"], error=str(getattr(error, "response", error))[:200])
