"""`check --live --rehearse` against the sandbox with every rule on: whatever happens, nothing is left in Slack."""

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import check
from bot.cli.check import rehearse
from bot.cli.main import app
from bot.cli.rehearsal import member_id
from bot.cli.screens import every_screen
from bot.sandbox.server import Sandbox
from bot.settings.core import Settings, with_procedures
from conversations.registry import PROCEDURES
from tests.waiting import until

ERIKA = "U0ERIKA"
ACTS = [
    "the conversation is open",
    "a message is posted",
    "a picture is uploaded",
    "the picture is in the message",
    "the message is changed",
    "a reply is in its thread",
]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Rate limits on, and files that cannot be shown for 1.5 s."""
    async with Sandbox() as running:
        yield running


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> Settings:
    values: dict[str, Any] = {"slack_bot_token": sandbox.token, "support_channel_id": "C0SUPPORT"}
    return with_procedures(PROCEDURES)(
        _env_file=None, slack_api_url=sandbox.api_url, slack_app_token=sandbox.app_token,
        database_url=f"sqlite:///{tmp_path}/x.db", send_limit_seconds=1, **values,
    )  # fmt: skip


async def played(settings: Settings, user: str = ERIKA) -> tuple[list[str], list[str]]:
    """The findings, their milliseconds written as 0, and what was said meanwhile."""
    said: list[str] = []
    found: list[str] = []
    await rehearse(settings, user, said.append, lambda one: found.append(str(one)))
    return [re.sub(r"\d+ ms", "0 ms", one) for one in found], said


def left_in(sandbox: Sandbox) -> list[object]:
    """The messages and files of the bot."""
    messages = [message.text for channel in sandbox.world.channels.values() for message in channel.messages]
    return [*messages, *sandbox.workspace.files]


async def test_every_act_is_done_and_deleted(sandbox: Sandbox, settings: Settings) -> None:
    """Each act has its time, the picture waits until Slack can show it, and nothing is left."""
    before = left_in(sandbox)
    found, said = await played(settings)
    assert found == [f"✓ rehearsal: {what} (0 ms)" for what in [*ACTS, "everything is deleted"]]
    assert said == []
    assert left_in(sandbox) == before
    outcomes = [call.outcome for call in sandbox.calls if call.method == "chat.update"]
    assert outcomes[0] == "invalid_blocks"
    assert outcomes[-2:] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("method", "fault", "done"),
    [
        ("conversations.open", {"kind": "error", "code": "user_not_found"}, 0),
        ("chat.postMessage", {"kind": "error", "code": "not_in_channel"}, 1),
        ("files.getUploadURLExternal", {"kind": "error", "code": "missing_scope"}, 2),
        ("files.completeUploadExternal", {"kind": "error", "code": "file_not_found"}, 2),
        ("chat.update", {"kind": "error", "code": "cant_update_message"}, 3),
        ("chat.postMessage", {"kind": "error", "code": "no_permission", "skip": 1}, 5),
    ],
)
async def test_a_refusal_ends_it_and_leaves_nothing(
    sandbox: Sandbox, settings: Settings, method: str, fault: dict[str, Any], done: int
) -> None:
    """The act that Slack refuses is named with its code; what came before it is deleted."""
    before = left_in(sandbox)
    sandbox.misbehave(method, **fault)
    found, _ = await played(settings)
    assert found[: done + 1][-1].startswith(f"✗ rehearsal: not done: {ACTS[done]}: Slack says {fault['code']}")
    assert len([one for one in found if one.startswith("✓")]) == done + (done > 1)
    assert left_in(sandbox) == before


@pytest.mark.parametrize("skip", [0, 1])
async def test_a_lost_answer_leaves_no_message(sandbox: Sandbox, settings: Settings, skip: int) -> None:
    """A message, or a reply, that Slack has posted without answering is found and deleted."""
    before = left_in(sandbox)
    sandbox.misbehave("chat.postMessage", "timeout_after", skip=skip)
    found, _ = await played(settings)
    assert "no answer from Slack" in found[-2]
    assert found[-1].startswith("✓ rehearsal: everything is deleted")
    assert left_in(sandbox) == before


async def test_waits_that_slack_asks_for(sandbox: Sandbox, settings: Settings) -> None:
    """After 429 each act is tried again, deletions too, and the waits are said."""
    before = left_in(sandbox)
    for method in ("chat.postMessage", "chat.delete"):
        sandbox.misbehave(method, "rate_limited", retry_after=1)
    found, said = await played(settings)
    assert [one[0] for one in found] == ["✓"] * 7
    assert said == ["Slack asks to wait 1 s (ratelimited)"] * 2
    assert left_in(sandbox) == before


async def test_what_cannot_be_deleted_is_linked(sandbox: Sandbox, settings: Settings) -> None:
    """The rest is deleted, and the operator gets a link to what is left, or its ID."""
    sandbox.misbehave("chat.delete", "error", code="cant_delete_message", skip=1)
    sandbox.misbehave("files.delete", "error", code="cant_delete_file")
    found, _ = await played(settings)
    assert found[-2].startswith(
        "✗ rehearsal: a message is left behind (cant_delete_message)\n  Delete it yourself: http"
    )
    assert found[-1].startswith("✗ rehearsal: a file is left behind (cant_delete_file)\n  Delete it yourself: F")
    assert len(sandbox.world.channels["D0ERIKA"].messages) == 1


@pytest.mark.parametrize("stays", [False, True])
async def test_ctrl_c_deletes_what_is_there(sandbox: Sandbox, settings: Settings, *, stays: bool) -> None:
    """While the picture is waited for: everything is deleted before the command ends; what stays is said."""
    before = left_in(sandbox)
    said: list[str] = []
    found: list[str] = []
    if stays:
        sandbox.misbehave("chat.delete", "error", code="cant_delete_message")
    running = asyncio.create_task(rehearse(settings, ERIKA, said.append, lambda one: found.append(str(one))))
    await until(lambda: any(call.method == "chat.update" for call in sandbox.calls), "the picture")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert said[0].startswith("Interrupted")
    last = "✗ rehearsal: a message is left behind" if stays else "✓ rehearsal: everything is deleted"
    assert found[-1].startswith(last)
    assert len(left_in(sandbox)) - len(before) == int(stays)


def test_whose_direct_message() -> None:
    """An ID, also as Slack writes a mention; nothing else names a person."""
    assert member_id("U0ERIKA") == member_id(" <@U0ERIKA> ") == member_id("<@U0ERIKA|erika>") == "U0ERIKA"
    assert [member_id(other) for other in ("@me", "erika", "C0SUPPORT", "", "<@>")] == [None] * 5


async def test_the_whole_command(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check --live --rehearse` in an installation without faults: no fault, status 0, and nothing left."""
    before = left_in(sandbox)
    # More than a minute's calls would be waited for; test_screens.py has all of them.
    monkeypatch.setattr(check, "every_screen", lambda *given: islice(every_screen(*given), 120))
    for name in with_procedures(PROCEDURES).model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "SLACK_BOT_TOKEN": sandbox.token, "SLACK_APP_TOKEN": sandbox.app_token, "SUPPORT_CHANNEL_ID": "C0SUPPORT",
        "SLACK_API_URL": sandbox.api_url, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    result = await asyncio.to_thread(CliRunner().invoke, app, ["check", "--live", "--rehearse", f"<@{ERIKA}>"])
    assert result.exit_code == 0, result.stdout
    assert "✗" not in result.stdout
    assert "✓ screens: Slack accepts all 120" in result.stdout
    assert "✓ rehearsal: everything is deleted" in result.stdout
    assert "screens are checked" in result.stderr
    assert left_in(sandbox) == before


@pytest.mark.parametrize(
    ("given", "said"),
    [(["--live", "--rehearse", "@me"], "Copy member ID"), (["--rehearse", "U0ERIKA"], "--rehearse needs --live")],
)
def test_what_the_command_needs(given: list[str], said: str) -> None:
    """Before anything is checked: an ID, and where to find it; --live."""
    result = CliRunner().invoke(app, ["check", *given])
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
