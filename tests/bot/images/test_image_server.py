"""Pictures at addresses of the bot's own: those that stand in messages are served for good."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlite_utils import Database

from bot.blocks.image import ImageReference
from bot.images.drawings import Drawings, drawer
from bot.images.http import PATH, ImageServer
from bot.store.dialect import to_text
from bot.store.migrations import MIGRATIONS
from bot.store.sqlite import open_store
from conversations.registry import PROCEDURES
from tests.guides import shipped

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN = ImageReference("amazon_token.token", "de")
EARLIER = "0" * 32
"""The digest of a drawing that has changed since."""


async def _as_svg(svg: str) -> bytes:
    return svg.encode()


async def _run(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


@pytest.fixture
def drawings() -> Drawings:
    """The real drawings; they are served as SVG, which is quicker."""
    return Drawings(drawer(shipped(), PROCEDURES), _as_svg, b"a key for tests only, 32 bytes!!")


@pytest.fixture
async def client(tmp_path: Path, drawings: Drawings) -> AsyncIterator[TestClient[Any, Any]]:
    """A server over a database of version 0.1 that this version has opened."""
    older = Database(tmp_path / "bot.db")
    MIGRATIONS.apply(older, stop_before="procedures")
    for digest in (drawings.digest(TOKEN), EARLIER):
        older.table("pictures").insert(
            {
                "team_id": "T1", "name": "token", "language": "de", "digest": digest, "filled": "[]", "file_id": None,
                "kept_at": to_text(NOON),
            }
        )  # fmt: skip
    older.close()
    store = open_store(f"sqlite:///{tmp_path}/bot.db")
    site = web.Application()
    site.router.add_get(PATH, ImageServer(store, _run, drawings).answer)
    async with TestClient(TestServer(site)) as opened:
        yield opened
    store.close()


@pytest.mark.parametrize("name", ["token", "amazon_token.token"])
async def test_an_address_of_an_older_version_is_still_served(
    client: TestClient[Any, Any], drawings: Drawings, name: str
) -> None:
    """Messages in Slack hold it: version 0.1 named no procedure in it. The address with the procedure works too."""
    answer = await client.get(f"/pictures/{name}-de-{drawings.digest(TOKEN)}.png")
    assert (answer.status, await answer.read()) == (HTTPStatus.OK, await drawings.png(TOKEN))
    assert "immutable" in answer.headers["Cache-Control"]
    earlier = await client.get(f"/pictures/{name}-de-{EARLIER}.png")
    assert (earlier.status, await earlier.read()) == (HTTPStatus.OK, await drawings.png(TOKEN))
    assert "immutable" not in earlier.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["save", "other.token", "amazon_token.save", "amazon_token.amazon_token.token"])
async def test_what_is_not_recorded_is_not_served(client: TestClient[Any, Any], drawings: Drawings, name: str) -> None:
    """Another picture, or one of another procedure, under a digest that exists."""
    answer = await client.get(f"/pictures/{name}-de-{drawings.digest(TOKEN)}.png")
    assert answer.status == HTTPStatus.NOT_FOUND
