"""`make late`: each answer of the sandbox's Web API comes up to half a second late, in an order of its own.

It finds tests that look once at what is still on its way, and those that a slow machine makes fail.
"""

import asyncio
import random

import pytest
from aiohttp import web

from bot.sandbox.webapi import WebApi

SECONDS = 0.25
"""At most, before the call takes effect and again before it is answered."""


def pytest_configure() -> None:
    """For every sandbox in the processes of the tests themselves; not for one that is a process of its own."""
    at_once = WebApi.answer

    async def late(self: WebApi, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(random.uniform(0, SECONDS))  # noqa: S311 - no secret
        answer = await at_once(self, request)
        await asyncio.sleep(random.uniform(0, SECONDS))  # noqa: S311 - the same
        return answer

    pytest.MonkeyPatch().setattr(WebApi, "answer", late)
