"""A card that Slack refused for good is there again at the next act, recovery, start or order of the operator."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app import scheduler
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from tests.faults.conftest import Finish, Serve
from tests.faults.test_slack_misbehaves import begun
from tests.waiting import until

pytestmark = pytest.mark.story
WORDS = "Wir kommen hier nicht weiter, Vorgang 4711"


def cards(messages: list[dict[str, Any]], number: int = 1001) -> list[dict[str, Any]]:
    """The cards of a ticket in the channel."""
    return [message for message in messages if not message["thread_ts"] and str(number) in message["text"]]


@pytest.mark.parametrize(
    ("code", "again"),
    [
        ("missing_scope", "an act"),
        ("missing_scope", "the operator"),
        ("msg_too_long", "a delivery"),
        ("msg_too_long", "a start"),
    ],
)
async def test_a_refused_card_comes_back_with_its_thread(
    sandbox: Sandbox, serve: Serve, finish: Finish, database: Path, monkeypatch: Any, again: str,
    code: str,
) -> None:  # fmt: skip
    """One card, the merchant's words once below it, no dead row, and what is edited afterwards is edited there."""
    monkeypatch.setattr(scheduler, "REMIND_SECONDS", 0.1)
    forms = 3 if code == "msg_too_long" else 1
    async with Visitor(sandbox.url, "U0ERIKA") as erika, Visitor(sandbox.url, "U0OLIVER") as oliver:
        async with serve() as bot:
            await begun(erika)
            await bot.outbox_worker.drain()
            sandbox.misbehave("chat.postMessage", "error", code=code, channel="C0SUPPORT", times=forms)
            await erika.press("form:help")
            await erika.fill_and_submit(sentence=WORDS)

            async def given_up() -> bool:
                return len(await bot.thread.run(bot.store.dead)) == 3

            await until(given_up, "the card and what is below it to be given up")
            if again == "an act":
                await erika.command("/amazon-token support")
            elif again == "a delivery":
                await oliver.command("/amazon-token support")
            elif again == "the operator":
                monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
                monkeypatch.setenv("SLACK_BOT_TOKEN", sandbox.token)
                monkeypatch.setenv("SLACK_APP_TOKEN", sandbox.app_token)
                monkeypatch.setenv("SUPPORT_CHANNEL_ID", "C0SUPPORT")
                told = await bot.thread.run(CliRunner().invoke, app, ["outbox", "resume", "C0SUPPORT"])
                assert "given up: 1" in told.stdout, told.output
        async with serve() as bot, Visitor(sandbox.url, "U0ANNA") as anna:
            card = await anna.wait_for(lambda m: bool(cards([m])) and "ticket:claim" in str(m), "#support")
            below = await anna.wait_for(lambda m: WORDS in str(m["blocks"]) and not cards([m]), "#support")
            await anna.press("ticket:claim", message=card, channel="#support")
            await anna.wait_for("In Arbeit bei", "#support")
            result = await finish(bot)
            messages = await anna.messages("#support")
    assert len(cards(messages)) == 1
    assert below["thread_ts"] == card["ts"]
    assert sum(WORDS in str(message["blocks"]) for message in messages if not cards([message])) == 1
    assert not result.faults["rows not delivered"]
    assert not result.faults["doubled messages"]
    assert not result.faults["tickets not exactly once"]
