"""Signed presses in, acknowledgements out: on the bot as it is, in this process."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote_plus

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.app.bootstrap import Bot
from bot.blocks.actions import Address
from bot.sandbox.server import Sandbox
from bot.services import people, walk_start, walkthrough
from bot.services.context import Actor
from bot.services.unit_of_work import UnitOfWork
from bot.settings.core import Settings
from bot.store.models import Person

TEAM, USER = "T0SANDBOX", "U0ERIKA"
SECRET = "sandbox-signing-secret"
TO_SETTINGS_MENU: tuple[tuple[str, dict[str, Any]], ...] = (
    ("orders_stopped", {}),
    ("enter_version", {"version": "4.9.24.4"}),
    ("advance", {}),
    ("sees_key_set", {}),
    ("choose_region", {"choice": "europe"}),
    ("name_accounts", {"names": "Amazon.de"}),
    ("advance", {}),
    ("advance", {}),
    ("advance", {}),
    ("advance", {}),
)
AddressOf = Callable[[], Awaitable[Address]]


def settings(sandbox: Sandbox, database_url: str) -> Settings:
    """Settings of a bot that talks to the sandbox over HTTP."""
    return Settings(
        _env_file=None,
        slack_bot_token=sandbox.token,
        slack_signing_secret=SECRET,
        support_channel_id="C0SUPPORT",
        slack_api_url=sandbox.api_url,
        database_url=database_url,
        hash_key=None if database_url.startswith("sqlite:") else "5e" * 32,
    )


def press(address: Address, event: str, user: str = USER) -> tuple[str, dict[str, str]]:
    """Body and headers of a signed press of a button."""
    payload = {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "sandbox"},
        "user": {"id": user, "team_id": TEAM, "name": "erika"},
        "api_app_id": "A0SANDBOX",
        "token": "-",
        "trigger_id": "1.2.3",
        "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": "D0ERIKA"},
        "channel": {"id": "D0ERIKA", "name": "directmessage"},
        "response_url": "http://127.0.0.1:9/response",
        "actions": [
            {
                "type": "button",
                "action_id": f"walk:{event}",
                "block_id": "main",
                "value": str(address),
                "action_ts": "1700000000.1",
            }
        ],
    }
    body = f"payload={quote_plus(json.dumps(payload))}"
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    return body, {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": str(signature),
    }


async def timed(app: AsyncApp, steps: int, address_of: AddressOf) -> list[float]:
    """Seconds of each of `steps` presses, forward and back in turn, from the request to the acknowledgement."""
    times = []
    for number in range(steps):
        body, headers = press(await address_of(), "back" if number % 2 else "advance")
        request = AsyncBoltRequest(body=body, headers={**headers})
        started = time.perf_counter()
        answer = await app.async_dispatch(request)
        times.append(time.perf_counter() - started)
        assert answer.status == 200, answer.body
    return times


def begin(unit: UnitOfWork) -> int:
    """A walk of one account at the settings menu; its ID."""
    record = walk_start.begin(unit)
    for event, raw in TO_SETTINGS_MENU:
        walk = unit.tx.walk(record.id)
        assert walk is not None
        walkthrough.act(unit, walk, event, raw)
    return record.id


async def begun(bot: Bot, users: list[str]) -> dict[str, int]:
    """The ID of a new walk of each of `users`, by user."""
    walks = {}
    for user in users:
        await bot.thread.run(
            bot.services.unit_of_work, people.meet, Person(team_id=TEAM, user_id=user, name=user, locale="de-DE")
        )
        walk_id = await bot.thread.run(bot.services.do, Actor(TEAM, user), begin)
        assert walk_id is not None
        walks[user] = walk_id
    return walks


async def address_of(bot: Bot, walk_id: int, user: str = USER) -> Address:
    """Where the live buttons of the walk point."""

    def look(unit: UnitOfWork) -> Address:
        record = unit.tx.walk(walk_id)
        assert record is not None
        return Address(record.id, record.version, record.step, str(record.live_key))

    address = await bot.thread.run(bot.services.do, Actor(TEAM, user), look)
    assert address is not None
    return address


def percentile(times: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000
