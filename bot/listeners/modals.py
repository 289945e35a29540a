"""Modals: opened or redrawn after the acknowledgement, for the answer to a press must not wait for Slack's."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk.unit import Unit
from bot.listeners import payload
from bot.listeners.presses import Read
from bot.reception import Reception
from conversations.amazon_token.interpret import Raw

A = TypeVar("A")
View = dict[str, Any]
Shown = Callable[[payload.Body], Awaitable[View | None]]
"""What happens at a press, and the modal to show then. What happens at a submission, and what Slack is to carry out."""
Entered = Callable[[Unit, A, Raw], View | None]
"""What happens with what was entered. `None`: accepted. Else the `response_action` that Slack is to carry out."""

_VIEW = "view_to_show"
"""Where a listener leaves the modal in its context for its lazy half."""
OPEN_SECONDS = 2.0
"""A trigger lives three seconds."""

log = structlog.get_logger()


def on_look(app: AsyncApp, action_id: str | re.Pattern[str], look: Shown) -> None:
    """Let presses of `action_id` show the modal that `look` gives."""

    async def pressed(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        context[_VIEW] = await look(body)
        await ack()

    app.action(action_id)(ack=pressed, lazy=[_show])


async def _show(body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
    """Open the modal; after a press in a modal it takes that one's place, unless a newer one has done so already."""
    view, pressed_in = context.get(_VIEW), payload.modal(body)
    if view is None:
        return
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            if pressed_in is not None:
                await client.views_update(view_id=pressed_in[0], hash=pressed_in[1], view=view)
            else:
                await client.views_open(trigger_id=str(body.get("trigger_id")), view=view)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        # What was pressed still stands; pressing it once more tries again with a new trigger.
        log.warning("form_not_opened", form=view.get("callback_id"), error=str(getattr(error, "response", error))[:200])


def on_submit(app: AsyncApp, callback_id: str | re.Pattern[str], submit: Shown) -> None:
    """Let `submit` happen with what was entered in a modal of `callback_id`, and answer what it gives."""

    @app.view(callback_id)
    async def submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
        answer = await submit(body)
        await ack(**(answer or {}))


async def entered(reception: Reception, body: payload.Body, read: Read[A], case: Entered[A]) -> View | None:
    """Let `case` happen for an agent; nothing happens where `read` does not understand the modal's metadata."""
    about, raw = read(payload.metadata(body)), payload.fields(body)
    if about is None:
        return None
    return await reception.do(payload.person(body), lambda unit: case(unit, about, raw), ask_agent=True)
