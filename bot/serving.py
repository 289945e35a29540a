"""Serves Slack over Socket Mode or HTTP until told to stop."""

import asyncio
import contextlib
import signal
import time
from datetime import timedelta

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import faults
from bot.reception import StoreThread
from bot.settings import Settings
from bot.store.sqlite import database_path, serving_lock
from bot.wiring import Bot, assemble, slack_client

SHUTDOWN_SECONDS = 8.0
"""What is under way gets this long after a signal."""
SEEN_FOR = timedelta(hours=26)
"""Slack delivers an event again for up to 24 hours."""
SWEEP_SECONDS = 3600.0
REMIND_SECONDS = 15.0
BODY_LIMIT = 1024 * 1024
GIVE_UP = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})

log = structlog.get_logger()


class RefusedBySlack(Exception):  # noqa: N818 - the message is for the operator
    """Slack does not accept the token. The message says what to do."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises `StoreError`, `GuideError` or `RefusedBySlack` when it cannot start."""
    with serving_lock(database_path(settings.database_url)):
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    thread = StoreThread()
    try:
        bot = await assemble(settings, thread, await _workspace(settings), faults.points(settings.slack_api_url))
        try:
            await _run(settings, bot, stop)
        finally:
            await thread.run(bot.store.close)
    finally:
        thread.close()


async def _workspace(settings: Settings) -> str:
    """The workspace's name. When Slack cannot be reached the bot starts all the same and tries to connect later."""
    try:
        answer = await slack_client(settings, own_retries=False).auth_test()
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code in GIVE_UP:
            message = f"Slack refuses SLACK_BOT_TOKEN ({code}). Take the token from the app's page “Install App”."
            raise RefusedBySlack(message) from error
        log.warning("slack_unreachable", error=code)
    except (SlackClientError, OSError, TimeoutError) as error:
        log.warning("slack_unreachable", error=type(error).__name__)
    else:
        return str(answer.get("team") or "")
    return ""


async def _run(settings: Settings, bot: Bot, stop: asyncio.Event) -> None:
    courier_stop = asyncio.Event()
    background = [
        asyncio.create_task(bot.courier.run_forever(courier_stop)),
        asyncio.create_task(_sweep(bot)),
        asyncio.create_task(_remind(bot)),
    ]
    runner = web.AppRunner(_site(settings, bot), access_log=None)
    await runner.setup()
    sockets = None
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        if settings.slack_app_token is not None:
            sockets = AsyncSocketModeHandler(bot.app, settings.slack_app_token.get_secret_value())
            await sockets.connect_async()  # type: ignore[no-untyped-call]
        log.info("ready", mode="socket" if sockets is not None else "http", host=settings.host, port=settings.port)
        await stop.wait()
        log.info("stopping")
    finally:
        if sockets is not None:
            await sockets.close_async()  # type: ignore[no-untyped-call]
        await runner.cleanup()
        started = time.monotonic()
        courier_stop.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SHUTDOWN_SECONDS):
                await background[0]
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        log.info("stopped", seconds=round(time.monotonic() - started, 2))


async def _sweep(bot: Bot) -> None:
    """Forget deliveries that Slack will not repeat any more."""
    while True:
        await bot.thread.run(bot.store.forget_seen, bot.desk.house.clock() - SEEN_FOR)
        await asyncio.sleep(SWEEP_SECONDS)


async def _remind(bot: Bot) -> None:
    """Look for due reminders; after a downtime each walk has one at most."""
    while True:
        while await bot.thread.run(bot.desk.remind):
            bot.courier.wake()
        await asyncio.sleep(REMIND_SECONDS)


def _site(settings: Settings, bot: Bot) -> web.Application:
    site = web.Application(client_max_size=BODY_LIMIT)

    async def healthz(_request: web.Request) -> web.Response:
        counts = await bot.thread.run(bot.store.outbox_counts)
        state = {"status": "ok", "outbox": counts}
        return web.json_response(state)

    async def events(request: web.Request) -> web.Response:
        answer = await bot.app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    site.router.add_get("/healthz", healthz)
    if settings.slack_app_token is None:
        site.router.add_post("/slack/events", events)
    return site
