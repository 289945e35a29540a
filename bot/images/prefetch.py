"""Provides all pictures to the workspace in the background after the start, so that no step waits for one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.image import ImageReference
from bot.images.cache import ImageCache

AFTER_SECONDS = 1.0
"""Seconds before the first upload: the bot connects and answers first."""
PAUSE_SECONDS = 0.7
"""Seconds between two uploads; Slack takes about 100 a minute (files.*: Tier 4)."""

_log = structlog.get_logger()


@contextlib.asynccontextmanager
async def prefetched(
    image_cache: ImageCache | None, client: AsyncWebClient, pictures: Iterable[ImageReference]
) -> AsyncIterator[None]:
    """Fill `image_cache` with `pictures` while the block runs, and close it at the end."""
    if image_cache is None:
        yield
        return
    filling = asyncio.create_task(_fill(image_cache, client, pictures))
    try:
        yield
    finally:
        filling.cancel()
        await asyncio.gather(filling, return_exceptions=True)
        await image_cache.close()


async def _fill(image_cache: ImageCache, client: AsyncWebClient, pictures: Iterable[ImageReference]) -> None:
    """A picture that fails here is provided when a step needs it."""
    await asyncio.sleep(AFTER_SECONDS)
    try:
        identity = await client.auth_test()
    except (SlackClientError, OSError, TimeoutError) as error:
        _log.warning("pictures_not_prepared", error=type(error).__name__)
        return
    # The rows of an installation in a whole organization carry the organization's ID (bot/slack/payload.py).
    team_id = identity.get("enterprise_id") if identity.get("is_enterprise_install") else identity.get("team_id")
    await image_cache.warm_up(str(team_id), pictures, PAUSE_SECONDS)
