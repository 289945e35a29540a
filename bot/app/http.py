"""What the bot answers over HTTP: how it is, its figures, its pictures, and Slack where there is no socket."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response

from bot.app.bootstrap import Bot
from bot.app.metrics import CONTENT_TYPE
from bot.images.http import PATH
from bot.settings.core import Settings
from bot.slack.request_verification import BODY_LIMIT, RequestRefused, RequestVerifier, is_certificate_check
from bot.store.protocol import StoreError

log = structlog.get_logger()

Troubles = Callable[[], Awaitable[list[str]]]


def web_app(settings: Settings, bot: Bot, troubles: Troubles) -> web.Application:
    """The pages of `bot`; `troubles` says why people wait in vain just now."""
    pages = web.Application(client_max_size=BODY_LIMIT)

    async def healthz(_request: web.Request) -> web.Response:
        told = await troubles()
        state: dict[str, Any] = {"status": "failing" if told else "ok"}
        if told:
            return web.json_response({**state, "reasons": told}, status=503)
        try:
            counts = await bot.thread.run(bot.store.unsent_counts)
        except StoreError as error:
            return web.json_response({"status": "failing", "reasons": [str(error)]}, status=503)
        return web.json_response({**state, "outbox": counts})

    async def metrics(_request: web.Request) -> web.Response:
        try:
            figures = await bot.thread.run(bot.store.figures, bot.services.config.clock())
        except StoreError as error:
            return web.Response(text=str(error), status=503)
        page = bot.metrics.page(figures, healthy=not await troubles())
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE})

    pages.router.add_get("/healthz", healthz)
    pages.router.add_get("/metrics", metrics)
    if bot.image_server is not None:
        pages.router.add_get(PATH, bot.image_server.answer)
    if settings.slack_app_token is None and settings.slack_signing_secret is not None:
        gate = RequestVerifier(settings.slack_signing_secret.get_secret_value())
        pages.router.add_post("/slack/events", partial(_knock, bot, gate))
    return pages


async def _knock(bot: Bot, gate: RequestVerifier, request: web.Request) -> web.Response:
    try:
        gate.look(request.headers)
        body = await request.read()
        if is_certificate_check(body):
            return web.Response()
        admitted = gate.admit(body, request.headers)
    except RequestRefused as refused:
        log.warning("refused", status=refused.status)
        return web.Response(status=refused.status)
    return await to_aiohttp_response(await bot.app.async_dispatch(admitted))
