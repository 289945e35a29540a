"""Serves Slack over Socket Mode or HTTP until it is stopped."""

import asyncio
import contextlib
import gc
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from aiohttp import web
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.app import crash_points, scheduler
from bot.app.bootstrap import Bot, assemble, slack_client
from bot.app.http import web_app
from bot.app.socket_mode import ANSWER_SECONDS, RefusedBySlack, SocketConnection, code_of_refusal
from bot.app.unfinished_requests import GuardedSite
from bot.blocks.image import ImageReference
from bot.images.drawings import every_image
from bot.images.prefetch import prefetched
from bot.services.context import AppConfig
from bot.settings.core import Settings
from bot.slack.store_thread import StoreThread
from bot.slack_api.errors import REVOKED_CODES, remedy
from bot.store import seal
from bot.store.choice import right_to_serve
from bot.store.sqlite import database_path
from conversations.engine.texts import LANGUAGES
from conversations.registry import PROCEDURES, Procedures

__all__ = ["RefusedBySlack", "RunningBot", "connected", "running", "serve"]

SHUTDOWN_SECONDS = 9.0
"""How long a shutdown may take, so that what is in flight is finished."""

log = structlog.get_logger()

_PREPARE_AFTER_SECONDS = 1.0
"""The bot connects and answers first."""
_IDLE_SECONDS, _IDLE_WITHIN_SECONDS = 0.3, 30.0


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises `StoreError`, `TextsError` or `RefusedBySlack` when it cannot start."""
    with right_to_serve(settings.database_address):
        asyncio.run(_serve(settings))


def accept_loss(settings: Settings) -> None:
    """Let `serve` start although something of the database is missing, and log what that is. Raises `StoreError`."""
    path = database_path(settings.database_url)
    with right_to_serve(settings.database_url):
        if lost := seal.accept_loss(path):
            log.warning("loss_accepted", lost=lost)


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    async with connected(settings) as running_bot, prepared(running_bot.bot):
        await running_bot.until(stop)
        log.info("stopping")


async def _workspace_name(settings: Settings) -> str:
    """The workspace's name, or "" when Slack cannot be reached: the bot starts all the same and connects later.

    Raises `RefusedBySlack` when Slack does not accept the bot token.
    """
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


def _load_holidays(settings: Settings) -> None:
    """Compute this decade's public holidays now, so that no ticket waits for them."""
    settings.business_hours().is_holiday(datetime.now(UTC).date())


def _images(config: AppConfig) -> Iterable[ImageReference]:
    """Every image of the walkthrough, those in the default language first."""
    languages = (config.default_language, *(language for language in LANGUAGES if language != config.default_language))
    return every_image(languages, config.procedures, config.settings)


async def _until_idle(thread: StoreThread) -> None:
    """Return when nobody has pressed or typed for a moment; where that never happens, after half a minute."""
    give_up_at = time.monotonic() + _IDLE_WITHIN_SECONDS
    while (left := _IDLE_SECONDS - thread.idle_seconds) > 0 and time.monotonic() < give_up_at:  # noqa: ASYNC110
        await asyncio.sleep(left)


@contextlib.asynccontextmanager
async def prepared(bot: Bot) -> AsyncIterator[None]:
    """Build what understanding needs while the block runs, so that the first typed message does not wait for it.

    Part by part while nobody presses: it takes a second of the processor, which those who press would wait for.
    """
    parts = bot.services.config.all_texts.warm_up(bot.services.config.procedures)

    async def build() -> None:
        await asyncio.sleep(_PREPARE_AFTER_SECONDS)
        started = time.monotonic()
        built: object = None
        while built is not parts:
            await _until_idle(bot.thread)
            built = await asyncio.to_thread(next, parts, parts)
        log.info("understanding_ready", seconds=round(time.monotonic() - started, 2))
        await _until_idle(bot.thread)
        # What was built stays until the end. To look at it in every full collection makes somebody wait 60 ms.
        gc.collect()
        gc.freeze()

    building = asyncio.create_task(build())
    try:
        yield
    finally:
        building.cancel()
        await asyncio.gather(building, return_exceptions=True)


@contextlib.asynccontextmanager
async def connected(
    settings: Settings, procedures: Procedures = PROCEDURES, clock: Callable[[], datetime] | None = None
) -> AsyncIterator["RunningBot"]:
    """Assemble a bot and let it serve as long as the block lasts. The caller holds the lock on its database.

    `clock` replaces the real one: the demonstration's can be moved.
    """
    thread = StoreThread(1) if settings.on_sqlite else StoreThread(settings.store_threads, on_server=True)
    try:
        workspace, _ = await asyncio.gather(_workspace_name(settings), asyncio.to_thread(_load_holidays, settings))
        at = crash_points.crash_points(settings.slack_api_url)
        bot = await assemble(settings, thread, workspace, at, procedures, clock)
        try:
            async with (
                prefetched(bot.image_cache, bot.client, _images(bot.services.config)),
                running(settings, bot) as running_bot,
            ):
                yield running_bot
        finally:
            await bot.renderer.close()
            await thread.at_once(bot.store.close)
    finally:
        thread.close()


@contextlib.asynccontextmanager
async def running(settings: Settings, bot: Bot) -> AsyncIterator["RunningBot"]:
    """Let `bot` serve as long as the block lasts. At its end, what is in flight is given `SHUTDOWN_SECONDS`."""
    stop_outbox = asyncio.Event()
    work = {
        "outbox": asyncio.create_task(bot.outbox_worker.run_forever(stop_outbox)),
        "sweep": asyncio.create_task(scheduler.sweep(bot, timedelta(days=settings.retention_days))),
        "reminders": asyncio.create_task(scheduler.remind(bot)),
        "following": asyncio.create_task(scheduler.refresh(bot)),
    }
    running_bot = RunningBot(bot, work)
    application = web_app(settings, bot, running_bot.find_problems)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=ANSWER_SECONDS)
    await runner.setup()
    try:
        await GuardedSite(runner, settings.host, settings.port).start()
        running_bot.port = runner.addresses[0][1]
        if settings.slack_app_token is not None:
            running_bot.socket = SocketConnection(bot, settings.slack_app_token.get_secret_value())
            running_bot.connecting = asyncio.create_task(running_bot.connect(settings.host))
        else:
            log.info("ready", mode="http", host=settings.host, port=running_bot.port)
        yield running_bot
    finally:
        started = time.monotonic()
        if running_bot.socket is not None:
            await running_bot.socket.finish(running_bot.connecting)
        await runner.cleanup()
        stop_outbox.set()
        bot.thread.end_waiting()
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
    """A bot that serves: its tasks by name, the port it listens on, and its connection in Socket Mode."""

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
        """Wait for `stop`. Raises `RefusedBySlack` when Slack does not accept the app token."""
        stopped = asyncio.create_task(stop.wait())
        try:
            if self.connecting is not None:
                await asyncio.wait({stopped, self.connecting}, return_when=asyncio.FIRST_COMPLETED)
                if self.connecting.done():
                    self.connecting.result()
            await stopped
        finally:
            stopped.cancel()

    async def find_problems(self) -> list[str]:
        """Why the bot does not work at present, for `/healthz`; empty when it does."""
        problems = [f"{name} has ended" for name, task in self.work.items() if task.done()]
        if self.socket is not None and not await self.socket.client.is_connected():
            problems.append("not connected to Slack")
        if since := self.bot.thread.locked_since:
            problems.append(f"{self.bot.thread.explanation} So it is since {since:%Y-%m-%d %H:%M:%S} UTC.")
        if code := self.bot.outbox_worker.paused:
            problems.append(f"Slack refuses the app ({code}), every message waits. {remedy(code)}")
        return problems
