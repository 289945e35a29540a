"""The ways in and out: commands, typed words, the Home tab, invitations, languages."""

import asyncio

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.server import Sandbox
from conversations.engine.texts import Language, Texts
from tests.stories.conftest import Cast, Serve
from tests.stories.presses import at_step, begun, live_steps

pytestmark = pytest.mark.story


async def test_an_introduction_instead_of_a_command(line: RunningBot, erika: Visitor) -> None:
    """Guests without commands write anything, are introduced, and start with a button."""
    await erika.say("Guten Morgen")
    await erika.wait_for("Guten Tag.")
    await erika.press("door:start")
    await at_step(erika, "before_start")
    assert line.work


async def test_start_is_typed(line: RunningBot, erika: Visitor) -> None:
    """„start“ begins; once more it shows where one is."""
    await erika.say("Start!")
    await at_step(erika, "before_start")
    await erika.say("start")
    await erika.wait_for("stehen geblieben")
    await line.bot.outbox_worker.drain()
    await at_step(erika, "before_start")


async def test_home_starts_and_shows_where_i_am(
    line: RunningBot, erika: Visitor, all_texts: dict[Language, Texts]
) -> None:
    """The Home tab starts a walk, names its step, and my ticket."""
    say = all_texts["de"].say
    home = await erika.home(say("buttons.start"))
    await erika.press_in(home, "door:start")
    await at_step(erika, "before_start")
    await erika.home(say("steps.before_start.title"))
    await erika.command("/amazon-token support")
    home = await erika.home("Ticket 1001")
    home = await erika.home(say("home.ticket_states.open"))
    await erika.press_in(home, "door:go_on")
    await erika.wait_for("stehen geblieben")
    assert line.work


async def test_who_has_a_walk_is_asked(line: RunningBot, erika: Visitor) -> None:
    """A second `/amazon-token` asks: go on, or start over."""
    await begun(erika)
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await erika.command("/amazon-token")
    assert "weitermachen oder von vorn" in await erika.ephemeral_text()
    await erika.press("door:go_on")
    await erika.wait_for("stehen geblieben")
    await erika.command("/amazon-token")
    await erika.ephemeral_text()
    await erika.press("door:restart")
    await at_step(erika, "before_start")
    assert line.work


@pytest.mark.parametrize(
    ("command", "action_id", "text"),
    [("cancel", "door:cancel", "beenden?"), ("restart", "door:restart", "von vorn beginnen?")],
)
async def test_what_ends_a_walk_asks_first(
    line: RunningBot, erika: Visitor, all_texts: dict[Language, Texts], command: str, action_id: str, text: str
) -> None:
    """The command alone changes nothing; „no“ keeps everything, „yes“ carries it out."""
    await begun(erika)
    await erika.press("walk:orders_stopped")
    version = await at_step(erika, "connect_version")
    await erika.command(f"/amazon-token {command}")
    assert text in await erika.ephemeral_text()
    await erika.press("door:keep")
    await erika.wait_for("bleibt alles")
    assert (await at_step(erika, "connect_version"))["ts"] == version["ts"]
    await erika.command(f"/amazon-token {command}")
    await erika.ephemeral_text()
    await erika.press(action_id)
    if command == "restart":
        await at_step(erika, "before_start")
    else:
        await erika.wait_for(all_texts["de"].say("steps.cancelled.title"))
        await line.bot.outbox_worker.drain()
        assert await live_steps(erika) == []


async def test_an_ended_walk_says_so(line: RunningBot, erika: Visitor) -> None:
    """A button of a walk that has ended names the way to a new one."""
    old = await begun(erika)
    await erika.command("/amazon-token cancel")
    await erika.ephemeral_text()
    await erika.press("door:cancel")
    await line.bot.outbox_worker.drain()
    await erika.press("walk:orders_stopped", message=old)
    assert "schon beendet" in await erika.ephemeral_text()
    assert await live_steps(erika) == []


async def test_status_and_usage(line: RunningBot, erika: Visitor, anna: Visitor) -> None:
    """`status` names the step, anything unknown the commands; those of agents are shown to agents only."""
    await erika.command("/amazon-token status")
    assert "keine Umstellung" in await erika.ephemeral_text()
    await begun(erika)
    await erika.command("/amazon-token status")
    assert "Bevor es losgeht" in await erika.ephemeral_text()
    await erika.command("/amazon-token abracadabra")
    assert "phone" not in await erika.ephemeral_text()
    await anna.command("/amazon-token help")
    assert "phone" in await anna.ephemeral_text()
    assert line.work


# Languages


async def test_the_language_changes_on_the_way(
    line: RunningBot, erika: Visitor, all_texts: dict[Language, Texts]
) -> None:
    """`language en` shows the step again in English; the German one shrinks."""
    await begun(erika)
    await erika.command("/amazon-token language en")
    assert "English" in await erika.ephemeral_text()
    await erika.wait_for(all_texts["en"].say("steps.before_start.title"))
    await line.bot.outbox_worker.drain()
    shown = await at_step(erika, "before_start")
    assert all_texts["en"].say("buttons.help") in repr(shown["blocks"])
    await erika.command("/amazon-token language fr")
    assert "language de" in await erika.ephemeral_text()


@pytest.mark.parametrize(
    ("locale", "default", "spoken"),
    [("de-AT", "en", "de"), ("fr-FR", "de", "en"), ("en-US", "de", "en"), ("", "de", "de"), ("", "en", "en")],
)
async def test_the_locale_decides(
    sandbox: Sandbox, serve: Serve, cast: Cast, all_texts: dict[Language, Texts], locale: str, default: str, spoken: str
) -> None:
    """German for `de*`, English for any other known locale, the setting for who has none."""
    sandbox.world.people["U0ERIKA"].locale = locale
    language: Language = "de" if spoken == "de" else "en"
    async with serve(default_locale=default):
        erika = await cast("U0ERIKA")
        await erika.command("/amazon-token")
        await erika.wait_for(all_texts[language].say("steps.before_start.title"))


async def test_a_new_locale_counts(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, all_texts: dict[Language, Texts]
) -> None:
    """Who changes Slack's language is spoken to in it from then on."""
    await begun(erika)
    await sandbox.change_locale("U0ERIKA", "en-GB")
    await sandbox.events.settle()
    await erika.press("walk:orders_stopped")
    await erika.wait_for(all_texts["en"].say("steps.connect_version.title"))
    assert line.work


# Agents


@pytest.mark.parametrize(("answer", "begins"), [("invitation:accept", True), ("invitation:decline", False)])
async def test_an_invitation_is_answered(
    line: RunningBot, erika: Visitor, anna: Visitor, answer: str, *, begins: bool
) -> None:
    """`for @merchant` names the agent and starts nothing until the merchant agrees; the agent hears of it."""
    await anna.command("/amazon-token for @Erika Beispiel")
    assert "Einladung" in await anna.ephemeral_text()
    invitation = await erika.wait_for("Anna Support")
    await line.bot.outbox_worker.drain()
    assert await live_steps(erika) == []
    await erika.press(answer, message=invitation)
    if begins:
        assert "Anna Support" in words(await at_step(erika, "before_start"))
    await anna.wait_for("Erika Beispiel", fresh=False)
    await erika.press(answer, message=invitation)
    await line.bot.outbox_worker.drain()
    assert len(await live_steps(erika)) == (1 if begins else 0)
    assert len([m for m in await anna.messages() if "Erika" in m["text"] and not m["ephemeral"]]) == 1


async def test_several_are_invited_at_once(line: RunningBot, erika: Visitor, anna: Visitor) -> None:
    """Fault 20: `for @one @two` asks first, names both, and invites both; one message shows what becomes of it."""
    await anna.command("/amazon-token for @Erika Beispiel @Oliver Sample")
    preview = await anna.wait_for(lambda m: "Oliver Sample" in words(m) and m["ephemeral"])
    assert "Erika Beispiel" in words(preview)
    await anna.press("invitation:all", message=preview)
    await erika.press("invitation:accept", message=await erika.wait_for("Anna Support"))
    await at_step(erika, "before_start")
    await anna.wait_for(lambda m: "Angenommen, 1: Erika Beispiel" in words(m), fresh=False)
    assert line.work


async def test_the_phone_several_at_a_time(line: RunningBot, anna: Visitor) -> None:
    """An agent works two walks at once; each goes its own way, and a typed word asks which is meant."""
    for name in ("Frau Klein", "Herr Groß"):
        await anna.command(f"/amazon-token phone {name}")
        assert name in await anna.ephemeral_text()
    klein = await anna.wait_for(lambda m: "Frau Klein" in words(m) and not m["ephemeral"])
    await anna.wait_for(lambda m: "Herr Groß" in words(m) and not m["ephemeral"])
    assert {address.step for address in await live_steps(anna)} == {"before_start"}
    await anna.press("walk:orders_stopped", message=klein)
    await anna.wait_for(lambda m: "Frau Klein" in words(m) and "Version" in words(m))
    await line.bot.outbox_worker.drain()
    assert sorted(address.step for address in await live_steps(anna)) == ["before_start", "connect_version"]
    await anna.say("weiter")
    await anna.wait_for(lambda m: "Frau Klein, Herr Groß" in words(m) or "Herr Groß, Frau Klein" in words(m))


async def test_the_same_phone_name_goes_on(line: RunningBot, anna: Visitor) -> None:
    """`phone` with a name that is under way shows that walk again; without a name it asks for one."""
    for _ in range(2):
        await anna.command("/amazon-token phone Frau Klein")
        await anna.ephemeral_text()
    await line.bot.outbox_worker.drain()
    assert len(await live_steps(anna)) == 1
    await anna.command("/amazon-token phone")
    assert "Es fehlt der Name" in await anna.ephemeral_text()


@pytest.mark.parametrize("line_typed", ["for @Oliver Sample", "phone Frau Klein"])
async def test_agents_commands_are_for_agents(
    line: RunningBot, erika: Visitor, oliver: Visitor, line_typed: str
) -> None:
    """A merchant who tries them is told so, and nothing happens."""
    await erika.command(f"/amazon-token {line_typed}")
    assert "Support vorbehalten" in await erika.ephemeral_text()
    await line.bot.outbox_worker.drain()
    assert await oliver.messages() == []
    assert await live_steps(erika) == []


async def test_two_merchants_do_not_meet(line: RunningBot, erika: Visitor, oliver: Visitor) -> None:
    """Each has a walk and a language of their own, at the same time."""
    await asyncio.gather(begun(erika), begun(oliver))
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await at_step(oliver, "before_start")
    assert line.work
