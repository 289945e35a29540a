"""People type secrets everywhere; the search after every story (see conftest) finds none of them again."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.app.server import RunningBot
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import ActFailed, Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.server import Sandbox
from conversations.amazon_token.plays import ERROR, _account_in_connect, _seller_central, _to_accounts, _to_first_fetch
from conversations.engine.texts import Language, Texts
from tests.bytes_written import KINDS, TypedSecrets, sent
from tests.stories.presses import at_step, begun

pytestmark = pytest.mark.story
ROOT = Path(__file__).parent.parent.parent
LABELS = {kind: f"kinds.{kind}" for kind in KINDS}


async def _ask(person: Visitor, sentence: str) -> None:
    await person.press("form:help")
    await person.fill_and_submit(sentence=sentence)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_redacted_secret_says_what_it_was(
    line: RunningBot,
    erika: Visitor,
    anna: Visitor,
    typed_secrets: TypedSecrets,
    all_texts: dict[Language, Texts],
    kind: str,
) -> None:
    """Where a secret stood, agents read its kind; the words around it stay."""
    await begun(erika)
    await _ask(erika, f"CONNECT sagt {ERROR} zu {typed_secrets.new(kind)}, Händler A1EXAMPLE12345.")
    told = words(await anna.wait_for("A1EXAMPLE12345", "#support"))
    name = all_texts["de"].say(f"kinds.{kind}")
    assert all_texts["de"].say("redacted", kind=name) in told
    assert ERROR in told
    assert line.work


@pytest.mark.parametrize("mode", ["socket", "http"], indirect=True)
async def test_secrets_at_the_token_step(stage: SandboxStage, line: RunningBot, typed_secrets: TypedSecrets) -> None:
    """Whatever is pasted into the token's form or typed at its step, also in capitals and with a typing error."""
    erika = stage.merchant.visitor
    await _to_accounts(stage, ["DE"])
    await _account_in_connect(stage)
    await _seller_central(stage)
    await stage.merchant.press("walk:same_seller_id")
    for secret in [*typed_secrets.one_of_each().values(), typed_secrets.new().upper(), typed_secrets.new()[:-2] + "xy"]:
        await at_step(erika, "new_token")
        await erika.press("form:new_token")
        if not await erika.fill_and_submit(token=secret):
            break
        await erika.close_modal()
        await erika.say(f"Token: {secret}")
        await line.bot.outbox_worker.drain()
        shown = await erika.wait_for(lambda m: m["bot"], fresh=True)
        if "token" not in repr(shown["blocks"]):
            break
    await line.bot.outbox_worker.drain()


@pytest.mark.parametrize("mode", ["socket", "http"], indirect=True)
async def test_secrets_in_commands(
    line: RunningBot, erika: Visitor, anna: Visitor, typed_secrets: TypedSecrets
) -> None:
    """After the command, as a name on the phone, as a mention, as a language: answered, never repeated."""
    for kind in KINDS:
        for form in ("{}", "token {}", "phone {}", "phone Frau {} Beispiel", "for {}", "for <@{}>", "language {}"):
            for person in (erika, anna):
                await person.command(f"/amazon-token {form.format(typed_secrets.new(kind))}")
        await anna.command(f"/amazon-token phone Kunde {kind[0]}")
    await anna.command("/amazon-token status")
    await line.bot.outbox_worker.drain()


async def test_secrets_in_names_errors_and_replies(
    line: RunningBot, stage: SandboxStage, typed_secrets: TypedSecrets
) -> None:
    """As names of accounts, seller IDs and versions, in error texts, in threads, and as plain chatter."""
    erika, anna = stage.merchant.visitor, stage.agent.visitor
    await _to_first_fetch(stage)
    await stage.merchant.press("walk:fetch_failed")
    await stage.merchant.press("walk:fetch_failed")
    top = await at_step(erika, "with_support")
    for kind in KINDS:
        await erika.press("form:fetch_failure")
        await erika.fill_and_submit(error_text=f"{ERROR}\nToken={typed_secrets.new(kind)}")
        await line.bot.outbox_worker.drain()
        await erika.say(f"{ERROR}: {typed_secrets.new(kind)}")
        await erika.say(typed_secrets.new(kind), thread_ts=top["ts"])
        await erika.say("So: " + "\n".join(_lines(typed_secrets.new(kind))))
        await line.bot.outbox_worker.drain()
    card = await anna.wait_for("1001", "#support")
    await anna.say(typed_secrets.new("lwa_client_secret"), thread_ts=card["ts"], channel="#support")
    await line.bot.outbox_worker.drain()


def _lines(secret: str) -> list[str]:
    return [secret[at : at + 76] for at in range(0, len(secret), 76)]


async def test_secrets_in_fields_before_the_token(
    line: RunningBot, stage: SandboxStage, typed_secrets: TypedSecrets
) -> None:
    """A version, an account's name, a seller ID: a secret in their place is refused with a word at the field."""
    erika = stage.merchant.visitor
    await stage.merchant.start()
    await stage.merchant.press("walk:orders_stopped")
    for kind in KINDS:
        await erika.enter("field:connect_version:version", typed_secrets.new(kind))
        await line.bot.outbox_worker.drain()
        await erika.wait_for("keine Versionsnummer", fresh=True)
        await erika.say(f"4.9 {typed_secrets.new(kind)}")
        await line.bot.outbox_worker.drain()
        await erika.wait_for("Version von CONNECT nachsehen", fresh=True)
    await stage.merchant.fill("form:connect_version", version="4.9.24.4")
    await stage.merchant.press("walk:sees_key_set")
    for kind in KINDS:
        await erika.press("form:european_accounts")
        assert await erika.fill_and_submit(names=f"Amazon DE\n{typed_secrets.new(kind)}")
        await erika.close_modal()
    await line.bot.outbox_worker.drain()


async def test_nobody_s_name_is_a_secret_that_is_kept(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, typed_secrets: TypedSecrets
) -> None:
    """Somebody who renames themselves to a token in Slack: neither the database nor a card holds it."""
    sandbox.world.people["U0ERIKA"].name = f"Erika {typed_secrets.new()}"
    await erika.command("/amazon-token support")
    await line.bot.outbox_worker.drain()


async def test_what_operators_print_holds_no_secret(
    line: RunningBot, database: Path, erika: Visitor, typed_secrets: TypedSecrets
) -> None:
    """`export`, `backup`, `tickets` and `outbox` of somebody who typed secrets: not a byte of them."""
    await begun(erika)
    for kind in KINDS:
        await _ask(erika, f"Hilfe {typed_secrets.new(kind)}")
        await line.bot.outbox_worker.drain()
    commands = (
        ["export", "T0SANDBOX", "U0ERIKA"],
        ["tickets", "list"],
        ["tickets", "show", "1001"],
        ["outbox", "list"],
        ["backup", str(database.parent / "copy.db")],
    )
    for arguments in commands:
        said = await _operator(database, *arguments)
        assert said
        assert typed_secrets.found_in(said) == []
    assert (database.parent / "copy.db").exists()


async def _operator(database: Path, *arguments: str) -> str:
    """What `amazon-token …` prints."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{database}", "SLACK_BOT_TOKEN": "xoxb-synthetic",
        "SLACK_APP_TOKEN": "xapp-synthetic", "SUPPORT_CHANNEL_ID": "C0SUPPORT",
    }  # fmt: skip
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, env=environment, cwd=database.parent,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await running.communicate()
    assert running.returncode == 0, said
    return said.decode()


async def test_the_search_sees_what_is_really_sent(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, typed_secrets: TypedSecrets
) -> None:
    """The same search, told to look for a word that the bot did say, finds it in calls and in answers."""
    await erika.command("/amazon-token status")
    await begun(erika)
    await line.bot.outbox_worker.drain()
    probe = TypedSecrets()
    said = max((words(m) for m in await erika.messages() if m["bot"]), key=len)
    probe.type(said[:60])
    assert probe.leaks(sent(sandbox))
    assert typed_secrets.typed == []
    with pytest.raises(ActFailed):
        await erika.act({"kind": "close", "view_id": "V0"})
