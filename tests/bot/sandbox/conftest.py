"""A sandbox that gives nothing up unless a test says so, a client of its Web API, and a person at its page."""

from collections.abc import AsyncIterator

import pytest
from sandbox_parts import client_of
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from tests.waiting import LIMIT


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(ack_limit=LIMIT, retry_after=(0.0, 0.05), trigger_life=LIMIT) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return client_of(sandbox)


@pytest.fixture
async def erika(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with Visitor(sandbox.url, "U0ERIKA") as visitor:
        yield visitor
