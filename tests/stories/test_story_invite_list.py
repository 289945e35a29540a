"""`amazon-token invite` beside a bot that serves."""

import asyncio
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.app.server import RunningBot
from bot.cli.main import app
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.server import Sandbox

pytestmark = pytest.mark.story


async def test_the_people_of_a_list_are_invited(
    line: RunningBot, sandbox: Sandbox, database: Path, tmp_path: Path, erika: Visitor, anna: Visitor
) -> None:
    """After a preview and a confirmation, by the serving bot; what comes of it is on one message of the agent's."""
    (tmp_path / "list.csv").write_text("name;id\nErika;U0ERIKA\nOliver;U0OLIVER\nNobody;U0NOBODY\n", "utf-8")
    environment = {
        "SLACK_BOT_TOKEN": sandbox.token, "SLACK_APP_TOKEN": sandbox.app_token, "SUPPORT_CHANNEL_ID": "C0SUPPORT",
        "SLACK_API_URL": sandbox.api_url, "DATABASE_URL": f"sqlite:///{database}",
    }  # fmt: skip

    async def invite(*arguments: str, typed: str = "") -> Result:
        given = ["invite", str(tmp_path / "list.csv"), *arguments]
        return await asyncio.to_thread(CliRunner().invoke, app, given, input=typed, env=environment)

    refused = await invite("--from", "U0ERIKA", "--yes")
    assert "not a member of the support channel" in refused.output
    asked = await invite("--from", "U0ANNA", typed="n\n")
    assert "✓ Erika Beispiel (U0ERIKA)" in asked.output
    assert "U0NOBODY is unknown" in asked.output
    assert "Invite these people (2)?" in asked.output
    assert (asked.exit_code, await erika.messages()) == (1, [])
    done = await invite("--from", "U0ANNA", "--yes")
    assert "Invitations: 2." in done.output
    message = await erika.wait_for("bietet Ihnen an")
    await erika.press("invitation:decline", message=message)
    told = await anna.wait_for(lambda m: "Abgelehnt, 1: Erika Beispiel" in words(m))
    assert "Oliver Sample" in words(told)
    await anna.press("invitation:withdraw_all", message=told)
    await anna.wait_for("Zurückgenommen, 1: Oliver Sample")
    again = await invite("--from", "U0ANNA", "--yes")
    assert "Erika Beispiel (U0ERIKA) declined an invitation" in again.output
    (tmp_path / "list.csv").write_text("U0ERIKA\nsomebody\n", "utf-8")
    unclear = await invite("--from", "U0ANNA", "--yes")
    assert "not exactly one member ID in line 2" in unclear.output
    assert line.work


async def test_an_agent_uploads_a_list(line: RunningBot, erika: Visitor, anna: Visitor) -> None:
    """In their direct message with the bot: the same preview, one press, one invitation each; not a merchant's.

    The plea to delete the message goes when that is done.
    """
    await erika.send_file("list.csv", b"U0OLIVER\n", kind="text/csv")
    sent = await anna.send_file("Liste.CSV", "name;id\nMüller;U0ERIKA\n?;U0NOBODY\n".encode("cp1252"), kind="text/csv")
    asked = await anna.wait_for("Personen, 1: Erika Beispiel")
    assert "U0NOBODY* ist in diesem Workspace nicht bekannt" in words(asked)
    await anna.wait_for("Bitte löschen Sie Ihre Nachricht")
    await anna.delete(sent)
    await anna.wait_for("Ihre Nachricht ist gelöscht. Danke.")
    await anna.press("invitation:all", message=asked)
    await erika.wait_for("bietet Ihnen an")
    await anna.wait_for("Noch ohne Antwort, 1: Erika Beispiel")
    await anna.send_file("list.csv", b"id\nU0ERIKA,U0OLIVER\n", kind="text/csv")
    await anna.wait_for("Bitte prüfen Sie Zeile 2")
    assert "Oliver" not in repr(await erika.messages())
    assert line.work
