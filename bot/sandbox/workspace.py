"""The state that the methods of the Web API work on, and their arguments."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.installation import Installation
from bot.sandbox.rates import Rates
from bot.sandbox.refusal import SlackRefusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.manifest import Manifest
    from bot.sandbox.views import Views
    from bot.sandbox.world import Channel, Json, World


HERE = ("127.0.0.1", "localhost")
FETCH_SECONDS = 3.0


@dataclass(frozen=True)
class Args:
    """The arguments of a call, whether they came as a form or as JSON."""

    raw: Json

    def text(self, name: str) -> str | None:
        """A string, or `None` when it is not given."""
        value = self.raw.get(name)
        return None if value is None else str(value)

    def required(self, name: str) -> str:
        """A string. Raises `SlackRefusal` when it is missing or empty."""
        value = self.text(name)
        if not value:
            raise SlackRefusal("invalid_arguments", f"[ERROR] missing required field: {name}")
        return value

    def json(self, name: str) -> Any:
        """A structured value; in a form it is JSON in a string."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            code = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}
            raise SlackRefusal(code.get(name, "invalid_arguments"), f"[ERROR] {name} is not JSON") from None

    def flag(self, name: str) -> bool:
        """A boolean; "true" and "1" are true."""
        return str(self.raw.get(name, "")).lower() in {"true", "1"}

    def number(self, name: str, default: int, most: int) -> int:
        """A number from 1 to `most`. Raises `SlackRefusal` for anything else."""
        try:
            value = int(self.raw.get(name, default))
        except ValueError:
            raise SlackRefusal("invalid_arguments", f"[ERROR] {name} must be a number") from None
        if not 1 <= value <= most:
            raise SlackRefusal("invalid_limit")
        return value


@dataclass(kw_only=True)
class Workspace:
    """The state behind the API. `base_url` is the sandbox's own address."""

    world: World
    manifest: Manifest
    views: Views
    installation: Installation = field(default_factory=Installation)
    files: dict[str, Json] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    base_url: str = ""
    socket_ticket: Callable[[], str] = str
    revoked: bool = False
    pictures_lost: bool = False
    processing: float = 0.0
    """Seconds until a completed file can be shown."""
    rates: Rates = field(default_factory=Rates)
    fetched: set[str] = field(default_factory=set)

    def need(self, *scopes: str) -> None:
        """Raise `SlackRefusal` unless the app has one of these scopes."""
        if scopes and not self.manifest.scopes.intersection(scopes):
            provided = ",".join(sorted(self.manifest.scopes))
            raise SlackRefusal("missing_scope", needed=",".join(scopes), provided=provided)

    def channel(self, channel_id: str) -> Channel:
        """The conversation of this ID. Raises `SlackRefusal` when there is none, or a private one without the app."""
        channel = self.world.channels.get(channel_id)
        if channel is None or (channel.private and not self.inside(channel)):
            raise SlackRefusal("channel_not_found")
        return channel

    def inside(self, channel: Channel) -> bool:
        """Whether the bot is a member."""
        return "U0BOT" in channel.members

    def file_known(self, file_id: str) -> bool:
        """Whether a block can show this file: it was uploaded and completed, and is processed."""
        file = self.files.get(file_id, {})
        return bool(file.get("completed")) and time.monotonic() >= file.get("usable_at", 0.0)

    async def fetch_pictures(self, raw: Json) -> None:
        """Fetch the pictures of a message from their addresses, as Slack does when it is posted.

        Only addresses on this machine are fetched; at any other address a picture is assumed.
        """
        for url in addresses(raw.get("blocks")) - self.fetched:
            if urlsplit(url).hostname in HERE and await _is_picture(url):
                self.fetched.add(url)

    def picture_fetched(self, url: str) -> bool:
        """Whether there is a picture at this address (see `fetch_pictures`)."""
        return urlsplit(url).hostname not in HERE or url in self.fetched


def addresses(blocks: Any) -> set[str]:
    """Every image_url in the blocks of a call, which may be JSON in a string."""
    if isinstance(blocks, str):
        try:
            blocks = json.loads(blocks)
        except ValueError:
            return set()
    if isinstance(blocks, list):
        return set().union(*(addresses(inner) for inner in blocks))
    if isinstance(blocks, dict):
        own = {blocks["image_url"]} if isinstance(blocks.get("image_url"), str) else set()
        return own.union(*(addresses(inner) for inner in blocks.values() if isinstance(inner, list | dict)))
    return set()


async def _is_picture(url: str) -> bool:
    try:
        limit = aiohttp.ClientTimeout(total=FETCH_SECONDS)
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(url) as answer:
            return answer.ok and answer.content_type.startswith("image/")
    except (aiohttp.ClientError, TimeoutError):
        return False


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method of the Web API. It needs one of `scopes`, and the token of that kind: "bot", "app" or "none"."""

    run: Callable[[Workspace, Args], Json]
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105 - a kind, not a secret
