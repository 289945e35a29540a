"""Unknown buttons, and what happens when a listener fails: a full log line, and its number for the person."""

import asyncio
import secrets
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncRespond
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.blocks.entry_messages import answer
from bot.blocks.forms import sentence_view
from bot.blocks.kit import Content, View
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Listener, ModalListener
from bot.store.protocol import StatementError, StoreError
from conversations.engine.texts import Texts

RESPOND_SECONDS = 1.5
"""A press has to be acknowledged within three seconds."""

log = structlog.get_logger()


def unknown(dispatcher: Dispatcher) -> tuple[Listener, ModalListener]:
    """The handlers of presses and of forms whose IDs nothing else handles."""

    async def press(body: payload.Body) -> None:
        url = payload.press_origin(body).response_url
        if url is not None:
            await dispatcher.do(
                payload.person(body), lambda unit: unit.post_ephemeral(url, answer(unit.texts, "stale"))
            )

    async def form(body: payload.Body) -> View:
        texts = await dispatcher.texts_for(payload.person(body))
        return {"response_action": "update", "view": sentence_view(texts, "answers.stale")}

    return press, form


def listen(app: AsyncApp, dispatcher: Dispatcher) -> None:
    """The error handler."""

    @app.error
    async def failed(
        error: Exception, body: dict[str, Any], request: AsyncBoltRequest, context: AsyncBoltContext
    ) -> BoltResponse:
        if isinstance(error, payload.Unreadable):
            return BoltResponse(status=400, body="")
        number = secrets.token_hex(4)
        kind = str(body.get("type") or ("command" if "command" in body else "unknown"))
        log.error("incident", number=number, kind=kind, exc_info=error, mode=request.mode)
        if kind not in {"block_actions", "view_submission", "command"}:
            return BoltResponse(status=500, body="")  # not acknowledged: Slack delivers the event again
        texts = await _texts(dispatcher, body)
        content = answer(texts, "incident", number=number)
        if kind == "command":
            return BoltResponse(status=200, body={"response_type": "ephemeral", **content})
        if kind == "view_submission":
            view = sentence_view(texts, "answers.incident", number=number)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        if context.respond is not None and payload.press_origin(body).response_url is not None:
            await _respond(context.respond, content, number)
        return BoltResponse(status=200, body="")


async def _respond(respond: AsyncRespond, content: Content, number: str) -> None:
    """Answer the press. When Slack cannot be reached either, the log has the number."""
    try:
        async with asyncio.timeout(RESPOND_SECONDS):
            await respond(response_type="ephemeral", replace_original=False, **content)
    except (ClientError, TimeoutError, OSError) as error:
        log.warning("incident_not_told", number=number, error=type(error).__name__)


async def _texts(dispatcher: Dispatcher, body: dict[str, Any]) -> Texts:
    """The texts in the person's language, or the default ones when it is the store that fails."""
    try:
        return await dispatcher.texts_for(payload.person(body))
    except (StoreError, StatementError):
        return dispatcher.default_texts
