"""Forgers at the door, over real HTTP and over the socket: refused, and not a row of the database has changed."""

import contextlib
import io
import json
import re
import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
import pytest

from bot.gate import BODY_LIMIT
from bot.sandbox.delivery import NotAcknowledged, Parcel, signed
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.sandbox.world import TEAM_ID
from bot.serving import Line
from tests.stories.conftest import Serve
from tests.stories.presses import address_of, at_step, begun

pytestmark = pytest.mark.story
Json = dict[str, Any]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """Over HTTP, unless a story says otherwise."""
    return str(getattr(request, "param", "http"))


_REFUSED = re.compile(r"""INSERT INTO "events" .*'refused'""")


def dump(database: Path, *, without: tuple[str, ...] = ()) -> list[str]:
    """Every table, row by row, as SQL; lines that are about the tables `without` are left out.

    So are two that say nothing of what people did: the files of drawings, and the codes of an entry that was refused.
    """
    conn = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        left_out = tuple(f'INSERT INTO "{table}"' for table in ("pictures", *without))
        return [line for line in conn.iterdump() if not line.startswith(left_out) and not _REFUSED.match(line)]
    finally:
        conn.close()


async def knock(line: Line, body: str | bytes, headers: Json, content_type: str = FORM) -> int:
    """POST it to the bot; the status."""
    url = f"http://127.0.0.1:{line.port}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            url,
            data=io.BytesIO(body.encode() if isinstance(body, str) else body),
            headers={**headers, "Content-Type": content_type},
        ) as answer,
    ):
        await answer.read()
        return answer.status


def command(text: str = "", user: str = "U0ERIKA", team: str = TEAM_ID, trigger: str = "1.1.1") -> str:
    """A slash command as a request body, without a response_url."""
    return urlencode({"command": "/amazon-token", "text": text, "team_id": team, "user_id": user,
                      "api_app_id": "A0", "trigger_id": trigger})  # fmt: skip


def interaction(payload: Json, user: str = "U0ERIKA", team: str = TEAM_ID) -> str:
    """A press or a submission as a request body, without a response_url."""
    who = {"user": {"id": user, "team_id": team}, "team": {"id": team}, "trigger_id": "2.2.2"}
    return urlencode({"payload": json.dumps({**who, **payload})})


def press(action_id: str, value: str) -> Json:
    """A press on a button."""
    pressed = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
    return {"type": "block_actions", "container": {"type": "message"}, "actions": [pressed]}


def submission(callback_id: str, metadata: str, values: Json) -> Json:
    """A submitted form."""
    state = {name: {"value": {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    view = {"id": "V1", "type": "modal", "callback_id": callback_id, "private_metadata": metadata}
    return {"type": "view_submission", "view": view | {"state": {"values": state}}}


def event(text: str, event_id: str = "Ev1", user: str = "U0ERIKA") -> str:
    """A typed message as a request body."""
    said = {"type": "message", "channel_type": "im", "channel": "D1", "user": user, "text": text, "ts": "1.1"}
    return json.dumps({"type": "event_callback", "team_id": TEAM_ID, "event_id": event_id, "event": said})


@pytest.fixture
async def address(line: Line, erika: Visitor, oliver: Visitor) -> str:
    """Erika's step „Version“; Oliver has a walk of his own, and everything is delivered."""
    await begun(oliver)
    await begun(erika)
    await erika.press("walk:orders_stopped")
    message = await at_step(erika, "connect_version")
    await line.bot.courier.drain()
    return str(address_of(message))


async def test_a_look_at_the_certificate_is_answered_and_does_nothing(line: Line, address: str, database: Path) -> None:
    """Slack checks a command's address with unsigned requests: 200, and whatever else stands in one is not read."""
    assert address
    before = dump(database)
    for body in ("ssl_check=1&token=abc", f"{command('support')}&ssl_check=1"):
        assert await knock(line, body, {}) == 200
    for body in (f"{command('support')}&ssl_check=0", "my_ssl_check=1", "ssl_check=11"):
        assert await knock(line, body, {}) == 401
    assert dump(database) == before


UNSIGNED: dict[str, Any] = {
    "wrong": lambda body: signed(body + " "),
    "of another secret": lambda body: {**signed(body), "X-Slack-Signature": f"v0={'0' * 64}"},
    "missing": lambda _body: {},
    "without a time": lambda body: {"X-Slack-Signature": signed(body)["X-Slack-Signature"]},
    "without a signature": lambda body: {"X-Slack-Request-Timestamp": signed(body)["X-Slack-Request-Timestamp"]},
    "old": lambda body: signed(body, int(time.time()) - 301),
    "from the future": lambda body: signed(body, int(time.time()) + 301),
    "old with a new time": lambda body: {
        **signed(body, int(time.time()) - 301), "X-Slack-Request-Timestamp": str(int(time.time())),
    },
    "no number": lambda body: {**signed(body), "X-Slack-Request-Timestamp": "now"},
    "a number of 5000 digits": lambda body: {**signed(body), "X-Slack-Request-Timestamp": "1" * 5000},
    "not ASCII": lambda body: {**signed(body), "X-Slack-Signature": "v0=ä" + "0" * 63},
    "of the version before": lambda body: {
        **signed(body), "X-Slack-Signature": signed(body)["X-Slack-Signature"].replace("v0", "v1"),
    },
}  # fmt: skip


@pytest.mark.parametrize("headers", UNSIGNED)
async def test_a_signature_that_is_none_of_slacks(line: Line, address: str, database: Path, headers: str) -> None:
    """401 for a command, a press, a form and an event, and nothing is touched."""
    before = dump(database)
    form = submission("form:version", address, {"version": "4.9.24.4"})
    for body, kind in (
        (command("support"), FORM), (interaction(press("walk:back", address)), FORM), (interaction(form), FORM),
        (event("4.9.24.4"), JSON),
    ):  # fmt: skip
        assert await knock(line, body, UNSIGNED[headers](body), kind) == 401
    assert dump(database) == before


async def test_a_replayed_command_does_nothing(line: Line, address: str, database: Path) -> None:
    """The same bytes with the same signature, within the five minutes and after a restart of the connection."""
    body = command("support")
    headers = signed(body)
    assert address
    assert await knock(line, body, headers) == 200
    await line.bot.courier.drain()
    before = dump(database)
    assert any(row.startswith('INSERT INTO "tickets"') for row in before)
    for _ in range(3):
        assert await knock(line, body, headers) == 200
    assert dump(database) == before
    # Slack signs every request anew: the same command, typed again, is another one.
    again = command("support", trigger="1.1.2")
    assert await knock(line, again, signed(again)) == 200
    assert dump(database) != before


async def test_a_replay_is_known_after_a_restart(serve: Serve, erika: Visitor) -> None:
    """What was accepted is remembered in the database, in the same transaction as what it did."""
    body = command("language en")
    headers = signed(body)
    async with serve() as line:
        assert await knock(line, body, headers) == 200
        german = command("language de", trigger="1.1.3")
        assert await knock(line, german, signed(german)) == 200
        await line.bot.courier.drain()
    async with serve() as line:
        assert await knock(line, body, headers) == 200
        known = await line.bot.thread.run(line.bot.desk.person, TEAM_ID, "U0ERIKA")
        assert known is not None
        assert known.language == "de"
    assert erika


async def test_a_replayed_press_form_and_event_do_nothing(line: Line, address: str, database: Path) -> None:
    """Presses and forms by their signature and by the version, events by their ID."""
    form = interaction(submission("form:version", address, {"version": "4.9.24.4"}))
    typed = event("weiter")
    bodies = [(interaction(press("step:where", address)), FORM), (form, FORM), (typed, JSON)]
    sent = [(body, signed(body), kind) for body, kind in bodies]
    for body, headers, kind in sent:
        assert await knock(line, body, headers, kind) == 200
    await line.bot.courier.drain()
    before = dump(database)
    for body, headers, kind in [*sent, (typed, signed(typed, int(time.time()) - 60), JSON)]:
        assert await knock(line, body, headers, kind) == 200
    # The same form signed anew is a repeat of an accepted answer: only the delivery is noted.
    assert await knock(line, form, signed(form, int(time.time()) - 9)) == 200
    assert dump(database, without=("seen",)) == [row for row in before if not row.startswith('INSERT INTO "seen"')]


FORGED: dict[str, Any] = {
    "another user's walk, pressed": lambda a: interaction(press("walk:back", a), "U0OLIVER"),
    "another user's form": lambda a: interaction(
        submission("form:version", a, {"version": "4.9.24.4"}), "U0OLIVER"),
    "another team": lambda a: interaction(press("walk:back", a), team="T0OTHER"),
    "another team's form": lambda a: interaction(submission("form:version", a, {"version": "5.0.0.0"}), team="T0OTHER"),
    "another step": lambda a: interaction(press("walk:fetched", a.replace("connect_version", "first_fetch"))),
    "an event of another step": lambda a: interaction(press("walk:fetched", a)),
    "a form of another step": lambda a: interaction(submission("form:token", a, {"token": "x"})),
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
    "a huge form": lambda a: interaction(submission("form:version", a, {"version": "4." * 100_000})),
    "many fields": lambda a: interaction(submission("form:version", a, {f"f{n}": "x" for n in range(5_000)})),
    "another command": lambda _a: command().replace("amazon-token", "other"),
}  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("mode", ["http", "socket"], indirect=True)
async def test_forged_but_signed(
    sandbox: Sandbox, line: Line, address: str, database: Path, logged: list[Any], forged: str, mode: str
) -> None:
    """Everybody's walk, every ticket and every message stay; only that something came is noted."""
    noted = ("seen", "people")  # a person of another team is met
    before = dump(database, without=noted)
    body = FORGED[forged](address)
    if mode == "http":
        assert await knock(line, body, signed(body)) in {200, 400, 404}
    elif "payload" in body:
        form = dict(parse_qsl(body))
        with contextlib.suppress(NotAcknowledged):
            await sandbox.delivery.send(Parcel(kind="interactive", payload=json.loads(form["payload"])))
    else:
        return  # over the socket Slack delivers no command that the app does not have
    await line.bot.courier.drain()
    assert dump(database, without=noted) == before
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
async def test_absurd_requests(line: Line, address: str, database: Path, logged: list[Any], absurd: str) -> None:
    """Signed or not: a client's error, no 500, no incident, nothing changed."""
    before = dump(database)
    body, kind = ABSURD[absurd]
    assert await knock(line, body, {}, kind) in {400, 401}
    if absurd != "not UTF-8":
        assert await knock(line, body, signed(body.decode()), kind) in {400, 401, 404}
    assert dump(database) == before
    assert [one for one in logged if one["event"] in {"incident", "error"}] == []
    assert address


async def test_a_body_over_the_limit(line: Line, address: str, database: Path) -> None:
    """413, whether it is signed or not, and whether it says its length or not."""
    before = dump(database)
    body = "payload=" + "x" * BODY_LIMIT
    assert await knock(line, body, signed(body)) == 413
    assert await knock(line, body, {}) == 413
    assert dump(database) == before
    assert address
