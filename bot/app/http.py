"""What the bot serves over HTTP: health, metrics, images, and Slack's requests where Socket Mode is not used."""

from datetime import timedelta
from functools import partial

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response

from bot.app.bootstrap import Bot
from bot.app.health import FindProblems, HealthPages
from bot.app.last_known import LastKnown
from bot.app.metrics import CONTENT_TYPE
from bot.app.unfinished_requests import body_received, notice_requests
from bot.images.http import PATH
from bot.settings.core import Settings
from bot.slack.request_verification import BODY_LIMIT, RequestRefused, RequestVerifier, is_certificate_check
from bot.store.protocol import StoreError

log = structlog.get_logger()


def web_app(settings: Settings, bot: Bot, find_problems: FindProblems) -> web.Application:
    """The HTTP server's application, for `bot.app.server`."""
    application = web.Application(client_max_size=BODY_LIMIT, middlewares=[notice_requests])

    clock = bot.services.config.clock
    figures = LastKnown(lambda now: bot.thread.at_once(bot.store.figures, now), clock)

    async def metrics(_request: web.Request) -> web.Response:
        try:
            known = await figures.get()
        except StoreError as error:
            return web.Response(text=str(error), status=503)
        if known is None:
            return web.Response(text="The database has not been read yet. Ask again in a moment.", status=503)
        counts, read_at = known
        now, locked_since = clock(), bot.thread.locked_since
        page = bot.metrics.page(
            counts,
            healthy=not await find_problems(),
            age=now - read_at,
            locked_for=now - locked_since if locked_since is not None else timedelta(),
        )
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE})

    HealthPages(bot, find_problems).add_to(application.router)
    application.router.add_get("/metrics", metrics)
    if bot.image_server is not None:
        application.router.add_get(PATH, bot.image_server.answer)
    if settings.slack_app_token is None and settings.slack_signing_secret is not None:
        verifier = RequestVerifier(settings.slack_signing_secret.get_secret_value())
        application.router.add_post("/slack/events", partial(_slack_request, bot, verifier))
    return application


async def _slack_request(bot: Bot, verifier: RequestVerifier, request: web.Request) -> web.Response:
    try:
        verifier.check_headers(request.headers)
        body = await request.read()
        body_received(request)
        if is_certificate_check(body):
            return web.Response()
        verified = verifier.verify(body, request.headers)
    except RequestRefused as refusal:
        log.warning("refused", status=refusal.status)
        return web.Response(status=refusal.status)
    return await to_aiohttp_response(await bot.app.async_dispatch(verified))
