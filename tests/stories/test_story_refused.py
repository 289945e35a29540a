"""Forgers at the door, over real HTTP and over the socket: refused, and not a row of the database has changed.

One bot for each way of delivery serves all of these tests: what changes nothing leaves nothing behind.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import pytest_asyncio
from slack_sdk.signature import Clock

from bot.app import server
from bot.app.server import RunningBot
from bot.sandbox.delivery import AppRequest, signed
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.slack.request_verification import BODY_LIMIT
from tests.stories.conftest import MODES, ROOT, Mode, settings
from tests.stories.forging import FORM, JSON, command, dump, event, interaction, knock, press, submission
from tests.stories.presses import address_of, at_step, begun
from tests.waiting import QUICK, until

pytestmark = [pytest.mark.story, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class Door:
    """A bot in service: Oliver at the first step of his walk, Erika at „Version“, and everything is delivered."""

    sandbox: Sandbox
    line: RunningBot
    address: str
    database: Path


@asynccontextmanager
async def in_service(mode: Mode, folder: Path) -> AsyncIterator[Door]:
    """A door of its own kind, as long as the block lasts."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(ROOT / "manifest.yml", delivery=mode, **QUICK))
        database = folder / "bot.db"
        line = await stack.enter_async_context(server.connected(settings(sandbox, mode, database)))
        if mode == "http":
            sandbox.request_url = f"http://127.0.0.1:{line.port}/slack/events"
        else:
            await sandbox.sockets.wait_until_connected()
        oliver, erika = [await stack.enter_async_context(Visitor(sandbox.url, f"U0{n}")) for n in ("OLIVER", "ERIKA")]
        await begun(oliver)
        await begun(erika)
        await erika.press("walk:orders_stopped")
        message = await at_step(erika, "connect_version")
        await line.bot.outbox_worker.drain()
        yield Door(sandbox, line, str(address_of(message)), database)
        await sandbox.events.settle()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[Mode, Door]]:
    """One for each way of delivery."""
    async with AsyncExitStack() as stack:
        yield {mode: await stack.enter_async_context(in_service(mode, tmp_path_factory.mktemp(mode))) for mode in MODES}


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """Over HTTP, unless a test says otherwise."""
    return str(getattr(request, "param", "http"))


@pytest.fixture
def door(doors: dict[Mode, Door], mode: Mode) -> Door:
    """That of the test's way of delivery."""
    return doors[mode]


@pytest.fixture
def sandbox(door: Door) -> Sandbox:
    """The door's."""
    return door.sandbox


@pytest.fixture
def line(door: Door) -> RunningBot:
    """The door's."""
    return door.line


@pytest.fixture
def address(door: Door) -> str:
    """Of Erika's step."""
    return door.address


@pytest.fixture
def database(door: Door) -> Path:
    """The door's."""
    return door.database


async def test_a_look_at_the_certificate_is_answered_and_does_nothing(
    line: RunningBot, address: str, database: Path
) -> None:
    """Slack checks a command's address with unsigned requests: 200, and whatever else stands in one is not read."""
    assert address
    before = dump(database)
    for body in ("ssl_check=1&token=abc", f"{command('support')}&ssl_check=1"):
        assert await knock(line, body, {}) == 200
    for body in (f"{command('support')}&ssl_check=0", "my_ssl_check=1", "ssl_check=11"):
        assert await knock(line, body, {}) == 401
    assert dump(database) == before


UNSIGNED: dict[str, Any] = {
    "wrong": lambda body, now: signed(body + " ", now),
    "of another secret": lambda body, now: {**signed(body, now), "X-Slack-Signature": f"v0={'0' * 64}"},
    "missing": lambda _body, _now: {},
    "without a time": lambda body, now: {"X-Slack-Signature": signed(body, now)["X-Slack-Signature"]},
    "without a signature": lambda body, now: {
        "X-Slack-Request-Timestamp": signed(body, now)["X-Slack-Request-Timestamp"],
    },
    "old": lambda body, now: signed(body, now - 301),
    "from the future": lambda body, now: signed(body, now + 301),
    "old with a new time": lambda body, now: {**signed(body, now - 301), "X-Slack-Request-Timestamp": str(now)},
    "no number": lambda body, now: {**signed(body, now), "X-Slack-Request-Timestamp": "now"},
    "a number of 5000 digits": lambda body, now: {**signed(body, now), "X-Slack-Request-Timestamp": "1" * 5000},
    "not ASCII": lambda body, now: {**signed(body, now), "X-Slack-Signature": "v0=ä" + "0" * 63},
    "of the version before": lambda body, now: {
        **signed(body, now), "X-Slack-Signature": signed(body, now)["X-Slack-Signature"].replace("v0", "v1"),
    },
}  # fmt: skip


@pytest.mark.parametrize("headers", UNSIGNED)
async def test_a_signature_that_is_none_of_slacks(
    line: RunningBot, address: str, database: Path, headers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """401 for a command, a press, a form and an event, and nothing is touched."""
    before = dump(database)
    now = int(time.time())
    monkeypatch.setattr(Clock, "now", lambda _clock: now)  # so that a second more or less is one on any machine
    form = submission("form:connect_version", address, {"version": "4.9.24.4"})
    for body, kind in (
        (command("support"), FORM), (interaction(press("walk:back", address)), FORM), (interaction(form), FORM),
        (event("4.9.24.4"), JSON),
    ):  # fmt: skip
        assert await knock(line, body, UNSIGNED[headers](body, now), kind) == 401
    assert dump(database) == before


FORGED: dict[str, Any] = {
    "another user's walk, pressed": lambda a: interaction(press("walk:back", a), "U0OLIVER"),
    "another user's form": lambda a: interaction(
        submission("form:connect_version", a, {"version": "4.9.24.4"}), "U0OLIVER"),
    "another team": lambda a: interaction(press("walk:back", a), team="T0OTHER"),
    "another team's form": lambda a: interaction(
        submission("form:connect_version", a, {"version": "5.0.0.0"}), team="T0OTHER"),
    "another step": lambda a: interaction(press("walk:fetch_worked", a.replace("connect_version", "first_fetch"))),
    "an event of another step": lambda a: interaction(press("walk:fetch_worked", a)),
    "a form of another step": lambda a: interaction(submission("form:new_token", a, {"token": "x"})),
    "a form that is none": lambda a: interaction(submission("form:nothing", a, {"version": "4.9.24.4"})),
    "the next version": lambda a: interaction(press("walk:back", a.replace(":2:", ":3:"))),
    "another key": lambda a: interaction(press("walk:back", a.rpartition(":")[0] + ":" + "0" * 32)),
    "a walk that is none": lambda a: interaction(press("walk:back", "99" + a)),
    "past the form": lambda a: interaction(press("walk:enter_version", a)),
    "an unknown action": lambda a: interaction(press("admin:everything", a)),
    "an unknown form": lambda a: interaction(submission("admin", a, {})),
    "an unknown type": lambda a: interaction({**press("walk:back", a), "type": "workflow_step_edit"}),
    "no actions": lambda a: interaction({**press("walk:back", a), "actions": []}),
    "a ticket by a merchant": lambda _a: interaction(press("ticket:claim", "1001")),
    "an invitation of nobody": lambda _a: interaction(press("invitation:accept", "1")),
    "huge values": lambda a: interaction(press("walk:back", a + "0" * 200_000)),
    "a huge form": lambda a: interaction(submission("form:connect_version", a, {"version": "4." * 100_000})),
    "many fields": lambda a: interaction(submission("form:connect_version", a, {f"f{n}": "x" for n in range(5_000)})),
    "another command": lambda _a: command().replace("amazon-token", "other"),
}  # fmt: skip


@pytest.fixture
def handled(line: RunningBot, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set as soon as the bot is done with something that has come over the socket."""
    done = asyncio.Event()
    if line.socket is not None:
        client = line.socket.client
        (listener,) = client.socket_mode_request_listeners

        async def listen_and_note(*args: Any) -> None:
            await listener(*args)
            done.set()

        monkeypatch.setattr(client, "socket_mode_request_listeners", [listen_and_note])
    return done


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("mode", ["http", "socket"], indirect=True)
async def test_forged_but_signed(
    sandbox: Sandbox, line: RunningBot, address: str, database: Path, logged: list[Any], forged: str, mode: Mode,
    handled: asyncio.Event,
) -> None:  # fmt: skip
    """Everybody's walk, every ticket and every message stay; only that something came is noted."""
    may_change = ("seen", "people")  # a person of another team is met
    before = dump(database, without=may_change)
    body = FORGED[forged](address)
    if mode == "http":
        assert await knock(line, body, signed(body)) in {200, 400, 404}
    elif "payload" in body:
        form = dict(parse_qsl(body))
        sending = asyncio.create_task(
            sandbox.delivery.send(AppRequest(kind="interactive", payload=json.loads(form["payload"])))
        )
        await until(handled.is_set, "the bot to be done with it, whether it answers or not")
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    else:
        return  # over the socket Slack delivers no command that the app does not have
    await line.bot.outbox_worker.drain()
    assert dump(database, without=may_change) == before
    assert [one for one in logged if one["event"] == "incident"] == []


DEEP = 100_000
ABSURD: dict[str, tuple[bytes, str]] = {
    "deep JSON": (b'{"a":' * DEEP + b"1" + b"}" * DEEP, JSON),
    "deep lists": (b"[" * DEEP + b"]" * DEEP, JSON),
    "a deep payload": (b"payload=" + b'{"a":' * DEEP + b"1" + b"}" * DEEP, FORM),
    "no JSON": (b"{nothing", JSON),
    "a number": (b"17", JSON),
    "a list": (b"[1, 2]", JSON),
    "null": (b"null", JSON),
    "a payload that is a list": (b"payload=%5B%5D", FORM),
    "a payload that is no JSON": (b"payload=%7Bx", FORM),
    "parts of another type": (b'{"team": 7, "user": [1], "event": "x", "type": {}, "authorizations": 3}', JSON),
    "not UTF-8": (b"command=%2Famazon-token&text=\xff\xfe", FORM),
    "NaN": (b'{"type": NaN, "event": {"type": Infinity}}', JSON),
    "a long number": (b'{"event": ' + b"9" * 5000 + b"}", JSON),
    "many fields": (b"&".join(b"f%d=x" % n for n in range(60_000)), FORM),
    "nothing": (b"", FORM),
}


@pytest.mark.parametrize("absurd", ABSURD)
async def test_absurd_requests(line: RunningBot, address: str, database: Path, logged: list[Any], absurd: str) -> None:
    """Signed or not: a client's error, no 500, no incident, nothing changed."""
    before = dump(database)
    body, kind = ABSURD[absurd]
    assert await knock(line, body, {}, kind) in {400, 401}
    if absurd != "not UTF-8":
        assert await knock(line, body, signed(body.decode()), kind) in {400, 401, 404}
    assert dump(database) == before
    assert [one for one in logged if one["event"] in {"incident", "error"}] == []
    assert address


async def test_a_body_over_the_limit(line: RunningBot, address: str, database: Path) -> None:
    """413, whether it is signed or not, and whether it says its length or not."""
    before = dump(database)
    body = "payload=" + "x" * BODY_LIMIT
    assert await knock(line, body, signed(body)) == 413
    assert await knock(line, body, {}) == 413
    assert dump(database) == before
    assert address
