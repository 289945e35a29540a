"""The modals: opened at once, checked again when they come back."""

import asyncio
from functools import partial
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import actions as ids
from bot.desk import walking
from bot.listeners import payload
from bot.reception import Reception

OPEN_SECONDS = 2.0
"""A trigger lives three seconds."""

_VIEW = "form_view"

log = structlog.get_logger()


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of the modals."""

    async def look(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        action_id, value = payload.action(body)
        address = ids.parse_address(value)
        if address is not None:
            case = partial(walking.form, address=address, name=action_id.partition(":")[2], place=payload.place(body))
            context[_VIEW] = await reception.do(payload.person(body), case)
        await ack()

    app.action(ids.FORM_PATTERN)(ack=look, lazy=[_open])

    @app.view(ids.FORM_PATTERN)
    async def submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        address = ids.parse_address(view.get("private_metadata"))
        answer = None
        if address is not None:
            name = str(view.get("callback_id")).partition(":")[2]
            case = partial(walking.submit, address=address, name=name, raw=payload.fields(body))
            answer = await reception.do(payload.person(body), case)
        await ack(**(answer or {}))


async def _open(body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
    """After the acknowledgement: an answer to the press must not wait for Slack's answer to us."""
    view = context.get(_VIEW)
    if view is None:
        return
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await client.views_open(trigger_id=str(body.get("trigger_id")), view=view)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        # The button still stands; pressing it once more opens the form with a new trigger.
        log.warning("form_not_opened", form=view["callback_id"], error=str(getattr(error, "response", error))[:200])
