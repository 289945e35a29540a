"""Unknown buttons, and what happens when a listener fails: a full log line, and its number for the person.

A database that another program holds, or in which others are always faster, is no fault of the bot's, nor is a step
that only a newer version has, which serves beside it during an update: the person reads that nothing has changed.
"""

import asyncio
import secrets
from collections.abc import Awaitable
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncRespond
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError

from bot.blocks.entry_messages import answer
from bot.blocks.forms import sentence_view
from bot.blocks.kit import Content, View
from bot.services.context import NewerVersion
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Listener, ModalListener
from bot.slack.store_thread import patience
from bot.store.protocol import ConcurrentChange, StatementError, StoreError, StoreLockedError, UnderWay
from conversations.engine.texts import Texts

SLACK_SECONDS = 3.0
"""So long Slack waits for an answer to an event before it delivers it again."""
RESPOND_SECONDS = 1.0
"""A press has to be acknowledged within three seconds, of which it may have waited for the store before it failed."""
TEXTS_SECONDS = 0.3
"""How long the person's language is looked for in a store that fails."""

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
        kind = _kind(body)
        if key := _no_fault(error, kind):
            texts = await _texts(dispatcher, body)
            # Another process that is at the same message answers it. Should it not come to an end, Slack asks again.
            tell_writer = not isinstance(error, UnderWay) and _is_to_tell(request)
            return await _answer_unchanged(key, body, context, texts, tell_writer=tell_writer)
        number = secrets.token_hex(4)
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
            await _told(_below(context.respond, content), number=number)
        return BoltResponse(status=200, body="")


def _no_fault(error: Exception, kind: str) -> str | None:
    """The key of the sentence for what can be tried again, with a line in the log; `None` for a fault."""
    if isinstance(error, UnderWay):
        log.info("delivery_under_way", kind=kind)
        return "locked"
    if isinstance(error, StoreLockedError | ConcurrentChange):
        log.warning("refused_while_locked", kind=kind, todo=str(error), **patience().told())
        return "locked"
    if isinstance(error, NewerVersion):
        log.warning("left_to_newer_version", kind=kind, step=str(error))
        return "updating"
    return None


def _is_to_tell(request: AsyncBoltRequest) -> bool:
    """Whether this delivery of a message is the one after which its writer reads that it has not been handled.

    After three seconds Slack has delivered it again, and it may have been handled: the next delivery knows. One whose
    answer arrived has said so before.
    """
    has_been_told = request.headers.get("x-slack-retry-reason", [""])[0] == "http_error"
    return not has_been_told and patience().seconds < SLACK_SECONDS


async def _answer_unchanged(
    key: str, body: dict[str, Any], context: AsyncBoltContext, texts: Texts, *, tell_writer: bool
) -> BoltResponse:
    """Say that nothing has changed, wherever it can be read; below a message only if `tell_writer`.

    Slack delivers an event again, so it is not lost.
    """
    content, kind = answer(texts, key), _kind(body)
    if kind == "command":
        return BoltResponse(status=200, body={"response_type": "ephemeral", **content})
    if kind == "view_submission":
        return BoltResponse(status=200, body=_form_unchanged(key, body, texts))
    if kind == "block_actions":
        if context.respond is not None and payload.press_origin(body).response_url is not None:
            await _told(_below(context.respond, content))
        elif body.get("trigger_id"):
            # On the Home tab or in a modal there is nothing to answer below.
            show = context.client.views_push if payload.modal(body) else context.client.views_open
            await _told(show(trigger_id=str(body["trigger_id"]), view=sentence_view(texts, f"answers.{key}")))
        return BoltResponse(status=200, body="")
    channel = payload.typed_in(body)
    if channel is not None and tell_writer:
        await _told(context.client.chat_postMessage(channel=channel, **answer(texts, f"{key}_message")))
    return BoltResponse(status=503, body="")


def _form_unchanged(key: str, body: payload.Body, texts: Texts) -> View:
    """The sentence at the form's first field, so that what was typed stays there; or instead of a form without one."""
    field = payload.first_field(body)
    if field is None:
        return {"response_action": "update", "view": sentence_view(texts, f"answers.{key}")}
    return {"response_action": "errors", "errors": {field: texts.say(f"answers.{key}")}}


def _kind(body: payload.Body) -> str:
    return str(body.get("type") or ("command" if "command" in body else "unknown"))


def _below(respond: AsyncRespond, content: Content) -> Awaitable[Any]:
    return respond(response_type="ephemeral", replace_original=False, **content)


async def _told(telling: Awaitable[Any], **logged: str) -> None:
    """Answer the person. When Slack cannot be reached either, the log says so."""
    try:
        async with asyncio.timeout(RESPOND_SECONDS):
            await telling
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        log.warning("trouble_not_told", error=type(error).__name__, **logged)


async def _texts(dispatcher: Dispatcher, body: dict[str, Any]) -> Texts:
    """The texts in the person's language, or the default ones when it is the store that fails."""
    try:
        async with asyncio.timeout(TEXTS_SECONDS):
            return await dispatcher.texts_for(payload.person(body))
    except (StoreError, StatementError, TimeoutError):
        return dispatcher.default_texts
