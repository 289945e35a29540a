"""Tickets sent to a webhook over real HTTP."""

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


async def test_a_receiver_gets_a_signed_ticket(receiver: Receiver) -> None:
    """The ticket as in the schema, the row's key, the attempt, and a signature of timestamp and body."""
    sender = webhook(receiver)
    assert isinstance(await sender.send(row("6eed", sender.render(TICKET), "webhook", attempts=2)), Delivered)
    ((headers, body),) = receiver.taken
    assert (headers[KEY], headers[ATTEMPT]) == ("6eed", "2")
    assert abs(int(headers[TIMESTAMP]) - time.time()) < 60
    assert SyncedTicket.model_validate_json(body) == TICKET


def test_the_documented_signature_is_right() -> None:
    """The example in docs/ticket-sync.md was made with openssl: a receiver in any language can be tested with it."""
    made = signature("5eed" * 16, "1764000000", b'{"number":1001}')
    assert f"X-Amazon-Token-Signature: {made}" in (ROOT / "docs/ticket-sync.md").read_text("utf-8")


async def test_a_wrong_secret_is_tried_again(receiver: Receiver) -> None:
    """The operator can correct it within a day, and nothing is lost."""
    sender = webhook(receiver, secret=SecretStr("00" * 32))
    assert await sender.send(row("a", sender.render(TICKET), "webhook")) == Retry("HTTP 401")
    assert receiver.taken == []


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
async def test_the_answer_decides_what_becomes_of_the_row(receiver: Receiver, answer: object, outcome: object) -> None:
    """2xx is success, some errors are retried, others are not, and no redirect is followed."""
    receiver.answers = [answer]  # type: ignore[list-item]
    assert await webhook(receiver).send(row("a", {}, "webhook")) == outcome
    assert receiver.asked == ["POST"]


async def test_a_probe_sends_nothing(receiver: Receiver) -> None:
    """It makes a HEAD request and accepts any answer."""
    assert await webhook(receiver).probe() == "it answers (405 to HEAD)"
    assert receiver.taken == []


def test_the_schema_is_current() -> None:
    """docs/ticket.schema.json is that of the model; `python -m bot.services.ticket_sync` writes it."""
    assert json.loads((ROOT / "docs/ticket.schema.json").read_text("utf-8")) == json.loads(schema())


def test_every_field_is_always_there() -> None:
    """A receiver need not check for missing fields."""
    assert set(json.loads(schema())["required"]) == set(SyncedTicket.model_fields)
