"""What happens when a listener fails: a sentence with a number for the person, a full line in the log."""

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
from bot.blocks.kit import Content
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Listener, ModalListener, View
from bot.store.protocol import StatementError, StoreError
from conversations.engine.texts import Texts

TELL_SECONDS = 1.5
"""A press is to be acknowledged within three seconds."""

log = structlog.get_logger()


def unknown(dispatcher: Dispatcher) -> tuple[Listener, ModalListener]:
    """The answers to presses and to forms that belong to nothing."""

    async def press(body: payload.Body) -> None:
        url = payload.place(body).response_url
        if url is not None:
            await dispatcher.do(payload.person(body), lambda unit: unit.whisper(url, answer(unit.texts, "stale")))

    async def form(body: payload.Body) -> View:
        texts = await dispatcher.texts_for(payload.person(body))
        return {"response_action": "update", "view": sentence_view(texts, "answers.stale")}

    return press, form


def register(app: AsyncApp, dispatcher: Dispatcher) -> None:
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
        texts = await _guide(dispatcher, body)
        said = answer(texts, "incident", number=number)
        if kind == "command":
            return BoltResponse(status=200, body={"response_type": "ephemeral", **said})
        if kind == "view_submission":
            view = sentence_view(texts, "answers.incident", number=number)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        if context.respond is not None and payload.place(body).response_url is not None:
            await _tell(context.respond, said, number)
        return BoltResponse(status=200, body="")


async def _tell(respond: AsyncRespond, said: Content, number: str) -> None:
    """Answer the press; when Slack cannot be reached either, the log has the number."""
    try:
        async with asyncio.timeout(TELL_SECONDS):
            await respond(response_type="ephemeral", replace_original=False, **said)
    except (ClientError, TimeoutError, OSError) as error:
        log.warning("incident_not_told", number=number, error=type(error).__name__)


async def _guide(dispatcher: Dispatcher, body: dict[str, Any]) -> Texts:
    """The person's guide; the default one when the store is what failed."""
    try:
        return await dispatcher.texts_for(payload.person(body))
    except (StoreError, StatementError):
        return dispatcher.default_texts
