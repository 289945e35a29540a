"""Presses that come twice, too late, from somebody else or out of nowhere: none of them changes what it should not."""

import asyncio
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.server import Sandbox
from conversations.engine.texts import Language, Texts
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun, live_steps, press_as

pytestmark = pytest.mark.story


async def test_a_double_press_is_one_step(line: RunningBot, erika: Visitor) -> None:
    """The second press of an impatient finger is passed over in silence."""
    briefing = await begun(erika)
    presses = (erika.press("walk:orders_stopped", message=briefing) for _ in range(2))
    await asyncio.gather(*presses)
    await at_step(erika, "connect_version")
    await line.bot.outbox_worker.drain()
    (only_the_greeting,) = [m for m in await erika.messages() if m["ephemeral"]]
    assert "Es geht los" in only_the_greeting["text"]
    assert len(await live_steps(erika)) == 1


async def test_an_old_press_leads_to_the_present_step(line: RunningBot, erika: Visitor) -> None:
    """An old button says that nothing changed and offers the present step, which then is the newest message."""
    old = await begun(erika)
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await erika.press("walk:orders_arriving", message=old)
    told = await erika.wait_for(lambda m: m["ephemeral"] and "früheren Schritt" in m["text"], fresh=True)
    await at_step(erika, "connect_version")
    await erika.press("door:show_step", message=told)
    await erika.wait_for("stehen geblieben")
    await line.bot.outbox_worker.drain()
    shown = await at_step(erika, "connect_version")
    assert [m["ts"] for m in await erika.messages() if not m["ephemeral"]][-1] == shown["ts"]


async def test_a_foreign_press_changes_nothing(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, all_texts: dict[Language, Texts]
) -> None:
    """Oliver cannot move Erika's walk, not even with her button's own value; he is told so."""
    briefing = await begun(erika)
    await press_as(sandbox, "U0OLIVER", briefing, "walk:orders_stopped")
    await line.bot.outbox_worker.drain()
    assert (await at_step(erika, "before_start"))["ts"] == briefing["ts"]
    (answer,) = [call for call in sandbox.calls if call.method == "response_url"]
    assert answer.args["text"] == all_texts["en"].say("answers.foreign").strip()
    assert answer.args["response_type"] == "ephemeral"
    assert answer.args["replace_original"] is False


@pytest.mark.parametrize(
    "action_id",
    ["form:connect_version", "form:help", "step:where", "step:quiet", "door:cancel", "door:restart", "door:go_on"],
)
async def test_a_foreigner_opens_and_ends_nothing(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, oliver: Visitor, action_id: str
) -> None:
    """Whatever the button, somebody else's walk stays as it is and shows nothing of itself."""
    briefing = await begun(erika)
    value = "1" if action_id.startswith("door:") else None
    await press_as(sandbox, "U0OLIVER", briefing, action_id, value)
    await line.bot.outbox_worker.drain()
    assert (await at_step(erika, "before_start"))["ts"] == briefing["ts"]
    assert (await oliver.state())["modals"] == []
    assert await oliver.messages() == []


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("walk:orders_stopped", "1:1:before_start:" + "0" * 32 + "0"),
        ("walk:orders_stopped", "99:1:before_start:" + "0" * 32),
        ("walk:orders_stopped", "1:77:before_start:" + "0" * 32),
        ("walk:advance", "1:1:save_account:" + "0" * 32),
        ("walk:choose_region:atlantis", None),
        ("walk:fetch_worked", None),
        ("walk:file_ticket", None),
        ("form:new_token", None),
        ("form:no_such_form", None),
        ("no:such:action", None),
        ("ticket:resolve", "1001"),
        ("invitation:accept", "1"),
        ("door:cancel", "999999"),
    ],
)
async def test_a_forged_press_changes_nothing(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, logged: list[Any], action_id: str, value: str | None
) -> None:
    """Values and actions that no button of ours holds move nothing and break nothing."""
    briefing = await begun(erika)
    address = next(e["value"] for b in briefing["blocks"] for e in b.get("elements", []) if "value" in e)
    await press_as(sandbox, "U0ERIKA", briefing, action_id, value or address)
    await line.bot.outbox_worker.drain()
    assert (await at_step(erika, "before_start"))["ts"] == briefing["ts"]
    assert not any(entry["event"] == "incident" for entry in logged)


async def test_an_event_that_comes_twice_is_answered_once(sandbox: Sandbox, line: RunningBot, erika: Visitor) -> None:
    """The same event_id, delivered twice at once: one answer."""
    await begun(erika)
    sandbox.misbehave("delivery", "double")
    await erika.say("wie geht das?")
    await sandbox.events.settle()
    await line.bot.outbox_worker.drain()
    answers = [m for m in await erika.messages() if m["bot"] and not m["ephemeral"]]
    assert len(answers) == 2


async def test_a_new_process_serves_old_buttons(sandbox: Sandbox, serve: Serve, erika: Visitor) -> None:
    """After a restart the live step goes on, and a message typed in between is delivered again and answered."""
    async with serve():
        briefing = await begun(erika)
    await erika.say("weiter")
    async with serve() as line:
        await sandbox.events.settle()
        await line.bot.outbox_worker.drain()
        shown = await at_step(erika, "before_start")
        assert shown["ts"] != briefing["ts"]
        assert "Wählen Sie bitte eine der Schaltflächen" in words(shown)
        await erika.press("walk:orders_stopped", message=shown)
        await at_step(erika, "connect_version")


async def test_where_stays_at_the_step(line: RunningBot, erika: Visitor) -> None:
    """„Wo finde ich das?“ and „Weniger anzeigen“ change the message in place; the step's buttons still work."""
    briefing = await begun(erika)
    await erika.press("step:where")
    await erika.wait_for("Was auf Sie zukommt")
    await erika.press("step:less")
    await erika.wait_for(lambda m: "Was auf Sie zukommt" not in words(m) and m["ts"] == briefing["ts"])
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    assert line.work


async def test_back_is_where_i_came_from(line: RunningBot, erika: Visitor) -> None:
    """„Zurück“ and `back` go one step back; at the beginning `back` says that there is nothing before."""
    await begun(erika)
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await erika.press("walk:back")
    await at_step(erika, "before_start")
    await erika.command("/amazon-token back")
    assert "Weiter zurück geht es" in await erika.ephemeral_text()
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await erika.command("/amazon-token back")
    await at_step(erika, "before_start")
    assert line.work
