"""Tickets to a receiver of the operator's own, over real HTTP."""

import json
import time
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.outbox.webhook_sender import ATTEMPT, KEY, TIMESTAMP, signature
from bot.services.ticket_sync import SyncedTicket, schema
from bot.slack_api.errors import Delivered, Fail, Retry
from tests.bot.ticket_sync.conftest import TICKET, row, webhook
from tests.mirror_places import Receiver

ROOT = Path(__file__).parents[3]


async def test_what_a_receiver_gets(place: Receiver) -> None:
    """The ticket as the schema says, the key of the row, the attempt, and a signature over time and body."""
    mirror = webhook(place)
    assert isinstance(await mirror.send(row("6eed", mirror.render(TICKET), "webhook", attempts=2)), Delivered)
    ((headers, body),) = place.taken
    assert (headers[KEY], headers[ATTEMPT]) == ("6eed", "2")
    assert abs(int(headers[TIMESTAMP]) - time.time()) < 60
    assert SyncedTicket.model_validate_json(body) == TICKET


def test_the_signature_can_be_made_elsewhere() -> None:
    """The example of docs/mirrors.md was made with openssl; a receiver in any language can be checked by it."""
    made = signature("5eed" * 16, "1764000000", b'{"number":1001}')
    assert f"X-Amazon-Token-Signature: {made}" in (ROOT / "docs/mirrors.md").read_text("utf-8")


async def test_a_wrong_secret_is_tried_again(place: Receiver) -> None:
    """The receiver refuses it; the operator can mend that within a day, and nothing is lost."""
    mirror = webhook(place, secret=SecretStr("00" * 32))
    assert await mirror.send(row("a", mirror.render(TICKET), "webhook")) == Retry("HTTP 401")
    assert place.taken == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (200, Delivered()),
        (429, Retry("HTTP 429")),
        (503, Retry("HTTP 503", unsure=True)),
        (web.Response(status=503, headers={"Retry-After": "7"}), Retry("HTTP 503", after=7.0, unsure=True)),
        (web.Response(status=429, headers={"Retry-After": "999999"}), Retry("HTTP 429", after=3600.0)),
        (400, Fail("HTTP 400")),
        (410, Fail("HTTP 410")),
        (web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), Fail("HTTP 302")),
    ],
    ids=str,
)
async def test_what_the_receiver_answers(place: Receiver, answer: object, outcome: object) -> None:
    """2xx has it, what may pass is tried again when it asks to, what never will be is given up; nothing is followed."""
    place.answers = [answer]  # type: ignore[list-item]
    assert await webhook(place).send(row("a", {}, "webhook")) == outcome
    assert place.asked == ["POST"]


async def test_a_probe_sends_nothing(place: Receiver) -> None:
    """It asks for the head and is content with any answer."""
    assert await webhook(place).probe() == "it answers (405 to HEAD)"
    assert place.taken == []


def test_the_schema_is_current() -> None:
    """docs/ticket.schema.json is what the model says: `python -m bot.services.ticket_sync` writes it."""
    assert json.loads((ROOT / "docs/ticket.schema.json").read_text("utf-8")) == json.loads(schema())


def test_every_field_is_always_there() -> None:
    """Whoever writes a receiver need not ask whether something is missing."""
    assert set(json.loads(schema())["required"]) == set(SyncedTicket.model_fields)
