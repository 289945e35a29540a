"""The conversation between an agent and a merchant: the agent's modals and buttons."""

import asyncio
from functools import partial
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import actions as ids
from bot.desk import handling, screenshots, settling, talking
from bot.listeners import payload
from bot.listeners.modals import OPEN_SECONDS, VIEW, open_view
from bot.reception import Reception

log = structlog.get_logger()


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of the conversation."""
    _forms(app, reception)
    _submissions(app, reception)
    _merchants(app, reception)

    @app.action(ids.TAKE_OVER)
    async def take_over(ack: AsyncAck, body: dict[str, Any]) -> None:
        number = ids.parse_number(payload.action(body)[1])
        if number is not None:
            case = partial(handling.take_from_answer, number=number, response_url=payload.place(body).response_url)
            await reception.do(payload.person(body), case, ask_agent=True)
        await ack()

    @app.action(ids.TAKE_BACK)
    async def take_back(ack: AsyncAck, body: dict[str, Any]) -> None:
        number = ids.parse_number(payload.action(body)[1])
        if number is not None:
            case = partial(talking.take_back, message_id=number, response_url=payload.place(body).response_url)
            await reception.do(payload.person(body), case, ask_agent=True)
        await ack()


def _merchants(app: AsyncApp, reception: Reception) -> None:
    @app.action(ids.PASS_ON)
    @app.action(ids.HOLD_BACK)
    async def pictures(ack: AsyncAck, body: dict[str, Any]) -> None:
        action_id, value = payload.action(body)
        question, url = ids.parse_pictures(value), payload.place(body).response_url
        if question is not None:
            decide = screenshots.pass_on if action_id == ids.PASS_ON else screenshots.hold_back
            case = partial(decide, question=question, response_url=url)
            await reception.do(payload.person(body), case)
        await ack()

    @app.action(ids.SETTLED)
    @app.action(ids.UNSETTLED)
    async def settled(ack: AsyncAck, body: dict[str, Any]) -> None:
        action_id, value = payload.action(body)
        question, url = ids.parse_draft(value), payload.place(body).response_url
        if question is not None:
            works = action_id == ids.SETTLED
            case = partial(settling.answered, question=question, response_url=url, works=works)
            await reception.do(payload.person(body), case)
        await ack()


def _forms(app: AsyncApp, reception: Reception) -> None:
    async def answer(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        number, url = ids.parse_number(payload.action(body)[1]), payload.place(body).response_url
        if number is not None:
            case = partial(talking.answer_form, number=number, response_url=url)
            context[VIEW] = await reception.do(payload.person(body), case, ask_agent=True)
        await ack()

    async def correct(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        number, url = ids.parse_number(payload.action(body)[1]), payload.place(body).response_url
        if number is not None:
            case = partial(talking.correct_form, message_id=number, response_url=url)
            context[VIEW] = await reception.do(payload.person(body), case, ask_agent=True)
        await ack()

    async def canned(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        draft, name = ids.parse_draft(payload.metadata(body)), payload.option(body)
        if draft is not None and name is not None:
            case = partial(talking.redraw, draft=draft, name=name, raw=payload.fields(body))
            context[VIEW] = await reception.do(payload.person(body), case, ask_agent=True)
        await ack()

    app.action(ids.ANSWER)(ack=answer, lazy=[open_view])
    app.action(ids.CORRECT)(ack=correct, lazy=[open_view])
    app.action(ids.CANNED)(ack=canned, lazy=[_update])


def _submissions(app: AsyncApp, reception: Reception) -> None:
    @app.view(ids.ANSWER)
    async def answered(ack: AsyncAck, body: dict[str, Any]) -> None:
        draft, answer = ids.parse_draft(payload.metadata(body)), None
        if draft is not None:
            case = partial(talking.answer, draft=draft, raw=payload.fields(body))
            answer = await reception.do(payload.person(body), case, ask_agent=True)
        await ack(**(answer or {}))

    @app.view(ids.CORRECT)
    async def corrected(ack: AsyncAck, body: dict[str, Any]) -> None:
        number, answer = ids.parse_number(payload.metadata(body)), None
        if number is not None:
            case = partial(talking.correct, message_id=number, raw=payload.fields(body))
            answer = await reception.do(payload.person(body), case, ask_agent=True)
        await ack(**(answer or {}))


async def _update(body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
    """Show the modal anew. Its hash keeps a late update from replacing a newer one."""
    view, shown = context.get(VIEW), payload.view(body)
    if view is None or shown is None:
        return
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await client.views_update(view_id=shown[0], hash=shown[1], view=view)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        # What was written still stands; choosing once more tries again.
        log.warning("form_not_updated", error=str(getattr(error, "response", error))[:200])
