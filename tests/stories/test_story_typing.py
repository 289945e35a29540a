"""What is typed into the conversation and into the forms: taken, refused, and never kept when it is secret."""

import pytest

from bot.app.server import RunningBot
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from conversations.amazon_token.plays import ERROR, NEW_ENOUGH, _account_in_connect, _seller_central, _to_accounts
from tests.bytes_written import TypedSecrets
from tests.stories.presses import at_step, begun

pytestmark = pytest.mark.story
VERSION = "field:connect_version:version"


async def _to_token(stage: SandboxStage) -> None:
    await _to_accounts(stage, ["DE"])
    await _account_in_connect(stage)
    await _seller_central(stage)
    await stage.merchant.press("walk:same_seller_id")


async def test_a_typed_token_is_checked_and_to_be_deleted(
    line: RunningBot, stage: SandboxStage, typed_secrets: TypedSecrets
) -> None:
    """At its step a token counts; the merchant is told to delete the message, and the bot repeats none of it."""
    erika = stage.merchant.visitor
    await _to_token(stage)
    broken = typed_secrets.new()[:-1]
    await erika.say(broken)
    refused = await erika.wait_for("statt")
    assert "Bitte löschen Sie Ihre Nachricht" in words(refused)
    assert (await at_step(erika, "new_token"))["ts"] == refused["ts"]
    token = typed_secrets.new()
    ts = await erika.say(token)
    shown = await at_step(erika, "save_account")
    assert "Bitte löschen Sie Ihre Nachricht" in words(shown)
    await erika.delete(ts)
    await line.bot.outbox_worker.drain()
    bot_said = repr([m for m in await erika.messages() if m["bot"]])
    assert typed_secrets.found_in(bot_said.encode()) == []


@pytest.mark.parametrize("begin", [True, False])
async def test_a_token_at_the_wrong_place(
    line: RunningBot, erika: Visitor, typed_secrets: TypedSecrets, *, begin: bool
) -> None:
    """With or without a walk, a token that was not asked for is not kept, and is to be deleted."""
    if begin:
        await begun(erika)
    await erika.say(f"ist das richtig? {typed_secrets.new()}")
    await erika.wait_for("nicht gespeichert")
    await line.bot.outbox_worker.drain()
    bot_said = repr([m for m in await erika.messages() if m["bot"]])
    assert typed_secrets.found_in(bot_said.encode()) == []


async def test_a_token_in_every_other_field(stage: SandboxStage, line: RunningBot, typed_secrets: TypedSecrets) -> None:
    """In the fields of seller IDs, account names and errors a token is refused or removed."""
    erika = stage.merchant.visitor
    token = typed_secrets.new()
    await _to_accounts(stage, ["DE"])
    await _account_in_connect(stage)
    await erika.press("walk:back")
    await at_step(erika, "backup_token")
    await erika.press("form:old_token")
    assert await erika.fill_and_submit(token=token) == {}
    await at_step(erika, "seller_central")
    await _seller_central(stage)
    await erika.press("form:seller_ids")
    assert set(await erika.fill_and_submit(connect=token, seller_central=token)) == {"connect", "seller_central"}
    await erika.close_modal()
    await stage.merchant.press("walk:same_seller_id")
    await erika.press("form:new_token")
    said = await erika.fill_and_submit(token=token)
    assert "das alte Token" in said["token"]
    await erika.close_modal()
    await line.bot.outbox_worker.drain()


async def test_typed_words_move_like_buttons(line: RunningBot, erika: Visitor) -> None:
    """„weiter“, „zurück“, a version, "next", "back": as good as the buttons, where there is one way only."""
    await begun(erika)
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    for said in ("weiter", "Versionsnummer gefunden"):
        await erika.say(said)
        await erika.wait_for("unten in das Feld", fresh=True)
    await erika.say(NEW_ENOUGH)
    await at_step(erika, "account_mask")
    await erika.say("Ist geöffnet.")
    await at_step(erika, "which_mask")
    await erika.say("back")
    await at_step(erika, "account_mask")
    await erika.say("Schlüsselset und Token")
    await at_step(erika, "account_region")
    await erika.say("weiter")
    await erika.wait_for("braucht eine Angabe")
    await line.bot.outbox_worker.drain()
    await at_step(erika, "account_region")


async def test_help_error_and_chatter_keep_the_step(line: RunningBot, erika: Visitor) -> None:
    """„hilfe“ explains, a pasted error is interpreted, anything else is answered kindly; none moves the walk."""
    await begun(erika)
    await erika.say("hilfe")
    await erika.wait_for("Was auf Sie zukommt")
    await erika.say(ERROR)
    await erika.wait_for("Token passt nicht zum Konto")
    await erika.say("asdf qwertz")
    await erika.wait_for("Das habe ich nicht verstanden")
    await line.bot.outbox_worker.drain()
    await at_step(erika, "before_start")


async def test_errors_stand_at_their_fields(line: RunningBot, erika: Visitor) -> None:
    """A refused form stays open with the reason at the field; corrected, it is taken."""
    await begun(erika)
    await erika.press("walk:orders_stopped")
    await erika.say(NEW_ENOUGH)
    await erika.press("walk:sees_key_set")
    await erika.press("form:european_accounts")
    view = await erika.modal()
    errors = await erika.fill_and_submit(view, names=" ")
    assert "mindestens" in errors["names"]
    assert (await erika.modal())["id"] == view["id"]
    assert await erika.fill_and_submit(names="Amazon DE") == {}
    await erika.no_modal()
    await at_step(erika, "select_account")
    assert line.work


@pytest.mark.parametrize("mode", ["socket", "http"], indirect=True)
@pytest.mark.parametrize("way", ["enter", "press"])
async def test_the_version_is_typed_into_the_message(line: RunningBot, erika: Visitor, way: str) -> None:
    """Enter in the field, or the button below: a wrong value is answered in the message and stays there."""

    async def send(version: str) -> None:
        if way == "enter":
            await erika.enter(VERSION, version)
        else:
            await erika.press("form:connect_version", fields={VERSION: version})

    await begun(erika)
    await erika.press("walk:orders_stopped")
    message = await at_step(erika, "connect_version")
    await send("")
    await erika.wait_for("noch leer", fresh=True)
    await send("4.9")
    refused = await erika.wait_for("fehlt das Ende", fresh=True)
    assert refused["ts"] == message["ts"]
    assert [block["element"]["initial_value"] for block in refused["blocks"] if block["type"] == "input"] == ["4.9"]
    await erika.press("step:where", fields={VERSION: "4.9.24"})
    shown = await erika.wait_for("Titelzeile", fresh=True)
    assert [block["element"]["initial_value"] for block in shown["blocks"] if block["type"] == "input"] == ["4.9.24"]
    await send(NEW_ENOUGH)
    await at_step(erika, "account_mask")
    assert (await erika.state())["modals"] == []
    assert line.work


async def test_a_form_that_comes_too_late_says_so(line: RunningBot, erika: Visitor) -> None:
    """A form of an earlier step turns into a sentence; what stands meanwhile is not changed."""
    await begun(erika)
    await erika.press("form:help")
    view = await erika.modal()
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    assert await erika.fill_and_submit(view, sentence="Bitte helfen Sie.") == {}
    assert "früheren Schritt" in words(await erika.modal(title="Nicht übernommen"))
    await line.bot.outbox_worker.drain()
    await at_step(erika, "connect_version")
