"""Serves Slack over Socket Mode or HTTP until told to stop."""

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from aiohttp import web
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.app import crash_points, scheduler
from bot.app.bootstrap import Bot, assemble, slack_client
from bot.app.http import web_app
from bot.app.socket_mode import ANSWER_SECONDS, RefusedBySlack, SocketConnection, code_of_refusal
from bot.blocks.image import ImageReference
from bot.images.drawings import every_image
from bot.images.prefetch import prefetched
from bot.services.context import AppConfig
from bot.settings.core import Settings
from bot.slack.dispatch import StoreThread
from bot.slack_api.errors import REVOKED_CODES, remedy
from bot.store.sqlite import database_path, serving_lock
from conversations.engine.texts import LANGUAGES

__all__ = ["RefusedBySlack", "RunningBot", "connected", "running", "serve"]

SHUTDOWN_SECONDS = 9.0
"""What is under way gets this long after a signal."""

log = structlog.get_logger()


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises `StoreError`, `GuideError` or `RefusedBySlack` when it cannot start."""
    with serving_lock(database_path(settings.database_url)):
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with connected(settings) as line:
        await line.until(stop)
        log.info("stopping")


async def _workspace(settings: Settings) -> str:
    """The workspace's name. When Slack cannot be reached the bot starts all the same and tries to connect later."""
    try:
        answer = await slack_client(settings, own_retries=False).auth_test()
    except SlackApiError as error:
        code = code_of_refusal(error)
        if code in REVOKED_CODES:
            message = f"Slack refuses SLACK_BOT_TOKEN ({code}). Take the token from the app's page “Install App”."
            raise RefusedBySlack(message) from error
        log.warning("slack_unreachable", error=code)
    except (SlackClientError, OSError, TimeoutError) as error:
        log.warning("slack_unreachable", error=type(error).__name__)
    else:
        return str(answer.get("team") or "")
    return ""


def _know_holidays(settings: Settings) -> None:
    """Look this decade's up now, so that no ticket waits for it."""
    settings.business_hours().is_holiday(datetime.now(UTC).date())


def _pictures(config: AppConfig) -> Iterable[ImageReference]:
    """Every picture of the walks, those in the workspace's language first."""
    languages = (config.default_language, *(one for one in LANGUAGES if one != config.default_language))
    return every_image(languages, config.policy)


@contextlib.asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator["RunningBot"]:
    """A bot that serves as long as the block lasts. The lock on its database is the caller's to hold."""
    thread = StoreThread()
    try:
        workspace, _ = await asyncio.gather(_workspace(settings), asyncio.to_thread(_know_holidays, settings))
        bot = await assemble(settings, thread, workspace, crash_points.crash_points(settings.slack_api_url))
        try:
            async with (
                prefetched(bot.image_cache, bot.client, _pictures(bot.services.config)),
                running(settings, bot) as line,
            ):
                yield line
        finally:
            await bot.renderer.close()
            await thread.run(bot.store.close)
    finally:
        thread.close()


@contextlib.asynccontextmanager
async def running(settings: Settings, bot: Bot) -> AsyncIterator["RunningBot"]:
    """`bot` listens and works as long as the block lasts. What is under way at its end is finished, within limits."""
    courier_stop = asyncio.Event()
    work = {
        "outbox": asyncio.create_task(bot.outbox_worker.run_forever(courier_stop)),
        "sweep": asyncio.create_task(scheduler.sweep(bot, timedelta(days=settings.retention_days))),
        "reminders": asyncio.create_task(scheduler.remind(bot)),
        "following": asyncio.create_task(scheduler.follow(bot)),
    }
    line = RunningBot(bot, work)
    runner = web.AppRunner(web_app(settings, bot, line.troubles), access_log=None, shutdown_timeout=ANSWER_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        line.port = runner.addresses[0][1]
        if settings.slack_app_token is not None:
            line.socket = SocketConnection(bot, settings.slack_app_token.get_secret_value())
            line.connecting = asyncio.create_task(line.connect(settings.host))
        else:
            log.info("ready", mode="http", host=settings.host, port=line.port)
        yield line
    finally:
        started = time.monotonic()
        if line.socket is not None:
            await line.socket.finish(line.connecting)
        await runner.cleanup()
        courier_stop.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SHUTDOWN_SECONDS - (time.monotonic() - started)):
                await asyncio.wait({work["outbox"]})
        await bot.users.close()
        for task in work.values():
            task.cancel()
        await asyncio.gather(*work.values(), return_exceptions=True)
        log.info("stopped", seconds=round(time.monotonic() - started, 2))


@dataclass
class RunningBot:
    """A serving bot: the port it listens on, its connection in Socket Mode, and its work in the background."""

    bot: Bot
    work: dict[str, asyncio.Task[None]]
    port: int = 0
    socket: SocketConnection | None = None
    connecting: asyncio.Task[None] | None = None

    async def connect(self, host: str) -> None:
        """Return once connected in Socket Mode. Raises `RefusedBySlack`."""
        if self.socket is not None:
            await self.socket.connect()
            log.info("ready", mode="socket", host=host, port=self.port)

    async def until(self, stop: asyncio.Event) -> None:
        """Wait for `stop`. Raises `RefusedBySlack` when the connection is refused for good."""
        stopped = asyncio.create_task(stop.wait())
        try:
            if self.connecting is not None:
                await asyncio.wait({stopped, self.connecting}, return_when=asyncio.FIRST_COMPLETED)
                if self.connecting.done():
                    self.connecting.result()
            await stopped
        finally:
            stopped.cancel()

    async def troubles(self) -> list[str]:
        """Why people wait in vain just now: for the operator, and for whatever restarts the bot."""
        ended = [f"{name} has ended" for name, task in self.work.items() if task.done()]
        if self.socket is not None and not await self.socket.client.is_connected():
            ended.append("not connected to Slack")
        if refused := self.bot.outbox_worker.paused:
            ended.append(f"Slack refuses the app ({refused}), every message waits. {remedy(refused)}")
        return ended
