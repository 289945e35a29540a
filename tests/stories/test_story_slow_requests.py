"""Somebody sends requests that never end; everybody else is served."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from bot.app import unfinished_requests
from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from tests.stories.conftest import Mode, Serve
from tests.stories.presses import at_step, begun
from tests.stories.test_story_serving import health
from tests.waiting import LIMIT, until

pytestmark = pytest.mark.story
HEAD = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"
BEGINNINGS = {
    "nothing": b"",
    "a part of the head": HEAD,
    "a part of the body": HEAD + b"Content-Length: 500\r\n\r\n{",
    "chunks without an end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "another address": b"GET /nowhere HTTP/1.1\r\nHost: bot\r\n",
}
SYSTEM_BUFFERS = 16 * 1024 * 1024
"""Bytes; more than the operating system keeps of one connection (Linux: 4 MB to send, 6 MB received)."""


class Slow(asyncio.Protocol):
    """A connection that begins a request and never ends it."""

    is_dropped = False
    error: Exception | None = None
    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The bot has ended it."""
        self.error, self.is_dropped = exc, True

    async def dribble(self) -> None:
        """Send a byte now and then, so that there is always something new."""
        while not self.is_dropped:
            self.transport.write(b"X")
            await asyncio.sleep(0.02)


Connect = Callable[[bytes], Awaitable[Slow]]


@pytest.fixture
def mode() -> Mode:
    """Over HTTP."""
    return "http"


@pytest.fixture
async def line(serve: Serve) -> AsyncIterator[RunningBot]:
    """The bot, serving."""
    async with serve() as serving:
        yield serving


@pytest.fixture
async def slow(line: RunningBot) -> AsyncIterator[Connect]:
    """Makes a connection that sends the beginning of a request."""
    made: list[Slow] = []

    async def connect(beginning: bytes) -> Slow:
        _, one = await asyncio.get_running_loop().create_connection(Slow, "127.0.0.1", line.port)
        one.transport.write(beginning)
        made.append(one)
        return one

    yield connect
    for one in made:
        one.transport.abort()
    await until(lambda: all(one.is_dropped for one in made), "the connections to be closed")


async def test_requests_without_an_end_are_dropped_and_others_served(
    line: RunningBot, slow: Connect, erika: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every kind; meanwhile a merchant goes on, and pages are answered."""
    monkeypatch.setattr(unfinished_requests, "SECONDS", 1.0)
    senders = [await slow(beginning) for beginning in BEGINNINGS.values()]
    dribbling = [asyncio.create_task(one.dribble()) for one in senders[1:3]]
    message = await begun(erika)
    await erika.press("walk:orders_stopped", message=message)
    await at_step(erika, "connect_version")
    assert (await health(line))[0] == 200
    await until(lambda: all(one.is_dropped for one in senders), "the bot to drop what does not end")
    await asyncio.gather(*dribbling)


async def test_so_many_at_once_are_unfinished_and_no_more(
    line: RunningBot, slow: Connect, erika: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest go; whoever comes with a whole request is served, however many hang."""
    monkeypatch.setattr(unfinished_requests, "GRACE_SECONDS", 0.2)
    beginnings = list(BEGINNINGS.values())
    senders = [await slow(beginnings[number % len(beginnings)]) for number in range(250)]
    await erika.command("/amazon-token")
    await until(
        lambda: sum(not one.is_dropped for one in senders) <= unfinished_requests.MOST, "those above the limit to go"
    )
    assert [one.is_dropped for one in senders[:150]] == [True] * 150
    assert (await health(line))[0] == 200
    await at_step(erika, "before_start")


async def test_many_whole_requests_at_once_are_all_answered(line: RunningBot) -> None:
    """More than may be unfinished: they are received in a moment, and nobody is dropped for another."""
    url = f"http://127.0.0.1:{line.port}/healthz"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask() -> int:
            async with session.get(url) as answer:
                return answer.status

        assert await asyncio.gather(*(ask() for _ in range(250))) == [200] * 250


async def test_a_connection_is_used_again(slow: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has had its answer may stay for the next request; one that begins another and stops is dropped."""
    monkeypatch.setattr(unfinished_requests, "SECONDS", 0.3)
    kept = await slow(b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n")
    other = await slow(b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n")
    late = await slow(b"")
    await until(lambda: late.is_dropped, "a connection that says nothing to be dropped")
    assert not kept.is_dropped
    assert not other.is_dropped
    other.transport.write(b"GET /heal")
    await until(lambda: other.is_dropped, "a second request that does not end to be dropped")
    assert not kept.is_dropped


async def test_an_answer_that_nobody_takes_is_dropped(
    line: RunningBot, slow: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender asks for a lot at once and reads nothing: not even the way back can be held."""
    monkeypatch.setattr(unfinished_requests, "SECONDS", 0.5)
    request = b"GET /metrics HTTP/1.1\r\nHost: bot\r\n\r\n"
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{line.port}/metrics") as answer:
        size = len(await answer.read())
    sender = await slow(b"")
    sender.transport.pause_reading()
    # Not without a pause: who writes on and on keeps the loop that both share from answering.
    sender.transport.write(request * (SYSTEM_BUFFERS // size + 1))
    async with asyncio.timeout(LIMIT):
        while not sender.is_dropped:
            await asyncio.sleep(0.1)
            sender.transport.write(request)  # who reads nothing learns only by writing that the connection is gone
