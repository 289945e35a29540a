"""A person of support and a merchant talk: over real HTTP and WebSockets, in two languages."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.server import Sandbox
from conversations.engine.texts import Language, Texts
from tests.bytes_written import TypedSecrets
from tests.stories.presses import at_step, begun, press_as

pytestmark = pytest.mark.story
Json = dict[str, Any]
Guides = dict[Language, Texts]


async def answer(agent: Visitor, text: str, *, message: Json | None = None) -> None:
    """Press „Antworten“, write, send."""
    await agent.press("ticket:answer", message=message, channel="#support")
    view = await agent.modal()
    assert await agent.fill_and_submit(view, **{view["blocks"][-1]["block_id"]: text}) == {}


async def card(agent: Visitor, number: int) -> Json:
    """The ticket's card."""
    return await agent.wait_for(lambda m: str(number) in m["text"] and not m["thread_ts"], "#support")


async def test_two_merchants_and_two_agents_talk_side_by_side(
    line: RunningBot, erika: Visitor, oliver: Visitor, anna: Visitor, ben: Visitor, all_texts: Guides
) -> None:
    """Each reads their own language, each word reaches the right side, and the two conversations never mix."""
    for merchant in (erika, oliver):
        await begun(merchant)
        await merchant.press("form:help")
        await merchant.fill_and_submit(sentence=f"{merchant.user_id} needs help")
        await merchant.wait_for("Ticket 100" if merchant is erika else "icket 100")
    await asyncio.gather(card(anna, 1001), card(ben, 1002))
    await answer(anna, "Guten Tag, was zeigt CONNECT?", message=await card(anna, 1001))
    await answer(ben, "Hello, what does CONNECT show?", message=await card(ben, 1002))
    first = await erika.wait_for("was zeigt CONNECT")
    assert "Anna Support" in words(first)
    assert all_texts["de"].say("talk.to_merchant.how").strip() in words(first)
    other = await oliver.wait_for("what does CONNECT show")
    assert "Ben Support" in words(other)
    await erika.say("Es steht nichts da", thread_ts=first["ts"])
    await oliver.say("It says nothing")
    for agent, text in ((anna, "Es steht nichts da"), (ben, "It says nothing")):
        await agent.wait_for(lambda m, text=text: bool(m["thread_ts"]) and text in words(m), "#support")
    await erika.wait_for(all_texts["de"].say("talk.to_merchant.receipt", agent="Anna Support").replace("*", "").strip())
    receipt = await oliver.wait_for(
        all_texts["en"].say("talk.to_merchant.receipt", agent="Ben Support").replace("*", "").strip()
    )
    assert receipt["broadcast"]
    await answer(anna, "Dann starten Sie die Abholung.", message=await card(anna, 1001))
    second = await erika.wait_for("Dann starten Sie")
    assert (second["thread_ts"], second["broadcast"]) == (first["ts"], True)
    await line.bot.outbox_worker.drain()
    assert "CONNECT show" not in await erika.dialogue()
    assert "was zeigt" not in await oliver.dialogue()
    assert (await at_step(erika, "before_start"))["ts"] < first["ts"]


async def test_what_is_written_in_the_internal_thread_reaches_nobody(
    line: RunningBot, sandbox: Sandbox, erika: Visitor, anna: Visitor, ben: Visitor
) -> None:
    """Agents may say what they like under the card, before, during and after a conversation."""
    await erika.command("/amazon-token support")
    shown = await card(anna, 1001)
    await anna.say("intern: das ist wieder der Händler", thread_ts=shown["ts"], channel="#support")
    await answer(anna, "Guten Tag.")
    copy = await anna.wait_for("Guten Tag.", "#support")
    await ben.say("intern: lass ihn warten @Erika", thread_ts=shown["ts"], channel="#support")
    await ben.say("intern: im Kanal", channel="#support")
    await ben.say("intern: zur Kopie", thread_ts=copy["thread_ts"], channel="#support")
    await erika.say("Ich bin da")
    await anna.wait_for("Ich bin da", "#support")
    await sandbox.events.settle()
    await line.bot.outbox_worker.drain()
    assert "intern" not in await erika.dialogue()
    assert "intern" not in str([call.args for call in sandbox.calls])


async def test_correct_and_take_back(line: RunningBot, erika: Visitor, anna: Visitor, all_texts: Guides) -> None:
    """The merchant reads the new version and a note; what is taken back is gone from their conversation."""
    await erika.command("/amazon-token support")
    await card(anna, 1001)
    await answer(anna, "Schalten Sie alles ab.")
    await anna.press("talk:correct", channel="#support")
    await anna.fill_and_submit(**{"text.0": "Schalten Sie noch nichts ab."})
    shown = await erika.wait_for("Schalten Sie noch nichts ab.")
    assert "korrigiert" in words(shown)
    await erika.wait_for("hat eine Nachricht an Sie korrigiert")
    assert "alles ab" not in await erika.dialogue()
    await anna.wait_for("korrigiert:", "#support")
    await anna.press("talk:take_back", channel="#support")
    await erika.wait_for("zurückgenommen")
    await line.bot.outbox_worker.drain()
    assert "noch nichts" not in await erika.dialogue()
    assert "noch nichts" in await anna.dialogue("#support")
    assert all_texts["de"].say("talk.buttons.correct") not in await anna.dialogue("#support")


async def test_a_canned_answer_is_chosen_and_edited(
    line: RunningBot, oliver: Visitor, anna: Visitor, all_texts: Guides
) -> None:
    """A German agent chooses by German labels and sends English to an English merchant."""
    await oliver.command("/amazon-token support")
    await card(anna, 1001)
    await anna.press("ticket:answer", channel="#support")
    view = await anna.modal()
    await anna.press_in(view, "talk:canned", all_texts["de"].say("talk.canned.general.screenshot.label"))
    view = await anna.modal(shows=lambda view: view["blocks"][-1]["block_id"] == "text.1")
    text = view["blocks"][-1]["element"]["initial_value"]
    assert text == all_texts["en"].say("talk.canned.general.screenshot.text").strip()
    assert await anna.fill_and_submit(view, **{"text.1": f"Hello Oliver. {text}"}) == {}
    await oliver.wait_for("Hello Oliver. Could you send me a screenshot")
    assert line.work


async def test_words_of_the_merchant_are_redacted_and_follow_an_edit(
    line: RunningBot, erika: Visitor, anna: Visitor, typed_secrets: TypedSecrets
) -> None:
    """A token never arrives; an edited message changes its copy."""
    await erika.command("/amazon-token support")
    await card(anna, 1001)
    await answer(anna, "Was steht da?")
    await erika.wait_for("Was steht da?")
    token = typed_secrets.new()
    ts = await erika.say(f"Das Token {token} <!channel>")
    told = await anna.wait_for("[entfernt: ", "#support")
    assert token not in repr(await anna.messages("#support"))
    assert "<!channel>" not in told["text"]
    await erika.wait_for("geheim bleiben")
    await erika.edit(ts, "Das Token stimmt")
    changed = await anna.wait_for("Das Token stimmt", "#support")
    assert "geändert" in words(changed)
    await line.bot.outbox_worker.drain()


async def test_a_merchant_cannot_press_what_is_for_agents(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, oliver: Visitor, anna: Visitor, all_texts: Guides
) -> None:
    """Somebody outside the support channel who presses „Antworten“, „Korrigieren“ or „Zurücknehmen“ changes nothing."""
    await erika.command("/amazon-token support")
    shown = await card(anna, 1001)
    await press_as(sandbox, "U0ERIKA", shown, "ticket:answer")
    await answer(anna, "Guten Tag.")
    copy = await anna.wait_for("Guten Tag.", "#support")
    for action_id in ("talk:correct", "talk:take_back"):
        await press_as(sandbox, "U0OLIVER", copy, action_id)
    await line.bot.outbox_worker.drain()
    for merchant, language in ((erika, "de"), (oliver, "en")):
        told = await merchant.modal()
        assert told["submit"] is None
        assert all_texts[language].say("answers.agents_only").strip() in words(told)
    await erika.wait_for("Guten Tag.")


async def test_settled_not_yet_and_settled_for_good(
    line: RunningBot, oliver: Visitor, anna: Visitor, all_texts: Guides
) -> None:
    """„Gelöst“ asks the merchant; „not yet“ wakes the ticket and its owner; the next „yes“ closes it."""
    await oliver.command("/amazon-token support")
    shown = await card(anna, 1001)
    await answer(anna, "Please try it now.")
    await anna.press("ticket:resolve", message=shown, channel="#support")
    asked = await oliver.wait_for("Did it work this time?")
    assert asked["broadcast"]
    await oliver.press("talk:unsettled")
    await anna.wait_for(all_texts["de"].say("talk.to_support.unsettled", name="Oliver Sample").strip(), "#support")
    await oliver.wait_for("The case is open again")
    await oliver.say("It failed again")
    told = await anna.wait_for("It failed again", "#support")
    await answer(anna, "And now?", message=told)
    await oliver.wait_for("And now?")
    await anna.press("ticket:resolve", message=await card(anna, 1001), channel="#support")
    await oliver.press("talk:settled", message=await oliver.wait_for("Did it work this time?"))
    await oliver.wait_for("The case is closed")
    closed = await anna.wait_for(lambda m: not m["thread_ts"] and "Geschlossen" in words(m), "#support")
    assert closed["ts"] == shown["ts"]
    await line.bot.outbox_worker.drain()


PNG = b"\x89PNG\r\n\x1a\nstory" + bytes(range(200))


async def test_a_screenshot_is_passed_on_after_the_question(
    line: RunningBot, sandbox: Sandbox, database: Path, erika: Visitor, anna: Visitor
) -> None:
    """Asked first, then shown in the support thread, byte for byte; the bytes are in no file of the bot's."""
    await erika.command("/amazon-token support")
    await card(anna, 1001)
    await answer(anna, "Können Sie mir ein Bild schicken?")
    first = await erika.wait_for("ein Bild schicken")
    await erika.send_file("fehler.png", PNG, "So sieht es aus", thread_ts=first["ts"])
    await anna.wait_for("So sieht es aus", "#support")
    await erika.wait_for("Ist darauf ein Token")
    await line.bot.outbox_worker.drain()
    assert not any(message["files"] for message in await anna.messages("#support"))
    await erika.press("talk:pass_on")
    shown = await anna.wait_for(lambda m: bool(m["files"]), "#support")
    assert shown["thread_ts"]
    assert "Erika Beispiel" in shown["text"]
    assert await anna.file(shown["files"][0]["id"]) == PNG
    await erika.wait_for("Weitergegeben.")
    await line.bot.outbox_worker.drain()
    kept = b"".join(file.read_bytes() for file in database.parent.iterdir())
    assert PNG[8:40] not in kept
    assert not any("fehler.png" in str(call.args) for call in sandbox.calls)


async def test_a_screenshot_that_is_held_back(line: RunningBot, oliver: Visitor, ben: Visitor) -> None:
    """Unsure: nothing goes anywhere, and how to cover a token."""
    await oliver.command("/amazon-token support")
    await card(ben, 1001)
    await answer(ben, "A picture, please.")
    await oliver.wait_for("A picture, please.")
    await oliver.send_file("error.png", PNG)
    await oliver.press("talk:hold_back")
    await oliver.wait_for("black rectangle")
    await line.bot.outbox_worker.drain()
    assert not any(message["files"] for message in await ben.messages("#support"))
