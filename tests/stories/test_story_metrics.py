"""What a monitor reads while people walk."""

import re

import aiohttp
import pytest

from bot.app.server import RunningBot
from bot.demo.stage import SandboxStage
from bot.sandbox.server import Sandbox
from bot.store.protocol import StoreError
from conversations.amazon_token import plays

pytestmark = pytest.mark.story
_LINE = re.compile(r"(\w+)(?:\{([^}]*)\})? (\S+)")
_LABELS = {"kind", "outcome", "method", "receiver", "state", "procedure", "step", "what", "language", "le"}


async def scraped(line: RunningBot) -> tuple[int, str]:
    """Status and body of /metrics."""
    url = f"http://127.0.0.1:{line.port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


def values(page: str) -> dict[tuple[str, str], float]:
    """Each sample by name and labels, as they stand there."""
    found = (_LINE.fullmatch(one) for one in page.splitlines() if not one.startswith("#"))
    return {(one[1], one[2] or ""): float(one[3]) for one in found if one}


async def test_a_story_is_in_the_figures(stage: SandboxStage, line: RunningBot) -> None:
    """Events, attempts, walks by step and tickets by state; a number each, and nobody's name in it."""
    await plays.PLAYS["second-failure"](stage)
    await line.bot.outbox_worker.drain()
    status, page = await scraped(line)
    found = values(page)
    assert status == 200
    assert found["amazon_token_events_total", 'kind="block_actions",outcome="done"'] > 5
    assert found["amazon_token_sends_total", 'method="post",outcome="delivered"'] > 5
    assert found["amazon_token_delivery_seconds_count", 'receiver="slack"'] > 5
    assert found["amazon_token_outbox_rows", 'receiver="slack",state="dead"'] == 0
    assert sum(n for (name, _), n in found.items() if name == "amazon_token_tickets") == 1
    assert found["amazon_token_healthy", ""] == 1
    assert found["amazon_token_last_purge_timestamp_seconds", ""] > 0
    labels = {name for _, pairs in found for name in re.findall(r'(\w+)="', pairs)}
    assert labels <= _LABELS
    told = " ".join(re.findall(r'="([^"]*)"', page))  # the values of labels; a number may be any number
    assert not re.search(r"U0|T0|D0|C0|1001|Erika|Muster", told)


async def test_a_sick_bot_is_told(sandbox: Sandbox, line: RunningBot) -> None:
    """What makes /healthz fail is a 0 here, so that an alert can tell it from a bot that is not there."""
    line.work["sweep"].cancel()
    sandbox.misbehave("apps.connections.open", "error_503", times=1)
    await sandbox.sockets.disconnect()
    assert values((await scraped(line))[1])["amazon_token_healthy", ""] == 0


async def test_a_store_that_cannot_be_read_is_told(line: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old figures would look well; there are none then, and the reason stands there."""

    def broken(_now: object) -> None:
        raise StoreError("The database cannot be read or written.")

    monkeypatch.setattr(line.bot.store, "figures", broken)
    assert await scraped(line) == (503, "The database cannot be read or written.")
