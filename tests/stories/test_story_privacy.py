"""People's own data: told, handed over as a file, and forgotten, in the file and in Slack."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app.server import RunningBot
from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.server import Sandbox
from bot.sandbox.world import TEAM_ID
from bot.services import people
from conversations.amazon_token.plays import ERROR, _account_in_connect, _seller_central, _to_accounts, _to_first_fetch
from conversations.engine.texts import Language, Texts
from tests.stories.conftest import Cast, Serve
from tests.stories.presses import at_step, begun, press_as

pytestmark = pytest.mark.story
SENTENCE = "Der Lagerist findet den Knopf zu ZX81 nicht."
SHOP = "Kleiner Feinkostladen"
WHO = {"de": ("U0ERIKA", "Erika Beispiel"), "en": ("U0OLIVER", "Oliver Sample")}

PlayIn = Callable[[Language], Any]


@pytest.fixture
def play_in(line: RunningBot, cast: Cast, anna: Visitor, all_texts: dict[Language, Texts]) -> PlayIn:
    """The stage with a merchant of this language."""
    assert line.work

    async def enter(language: Language) -> SandboxStage:
        merchant = Scene(await cast(WHO[language][0]), "merchant", _silent)
        return SandboxStage(merchant, Scene(anna, "Anna", _silent), all_texts[language])

    return enter


def _silent(_text: str) -> None:
    """Nobody reads along."""


def _bytes(database: Path) -> dict[str, bytes]:
    """The database with its write-ahead log and everything beside it, free pages included."""
    return {file.name: file.read_bytes() for file in database.parent.iterdir() if not file.name.endswith(".key")}


def _found(database: Path, *needles: str) -> list[tuple[str, str]]:
    return [(name, one) for name, kept in _bytes(database).items() for one in needles if one.encode() in kept]


async def _settled(line: RunningBot) -> None:
    """Everything is sent, and what was forgotten has left the disk."""
    await line.bot.outbox_worker.drain()
    await line.bot.thread.run(line.bot.services.scrub)


async def _file_of(visitor: Visitor) -> tuple[dict[str, Any], dict[str, Any]]:
    """The newest file in the direct message: what it is and what is in it."""
    message = await visitor.wait_for(lambda m: bool(m["files"]))
    (file,) = message["files"]
    return message, json.loads(await visitor.file(file["id"]))


async def _full_case(stage: SandboxStage) -> None:
    """Words of every kind: accounts, a token, an error message, a sentence for support."""
    await _to_first_fetch(stage)
    await stage.merchant.press("walk:fetch_failed")
    await stage.merchant.press("walk:fetch_failed")
    await stage.merchant.fill("form:fetch_failure", error_text=f"{ERROR} {SHOP}")
    await stage.merchant.visitor.press("form:help")
    await stage.merchant.visitor.fill_and_submit(sentence=SENTENCE)
    await stage.agent.visitor.wait_for(SENTENCE, "#support")


@pytest.mark.parametrize(
    ("user_id", "language", "line_typed"),
    [
        ("U0ERIKA", "de", "/amazon-token privacy"),
        ("U0ERIKA", "de", "/amazon-token Datenschutz"),
        ("U0OLIVER", "en", "/amazon-token privacy"),
    ],
)
async def test_privacy_is_told_in_plain_words(
    serve: Serve, cast: Cast, all_texts: dict[Language, Texts], user_id: str, language: Language, line_typed: str
) -> None:
    """What, why and how long; the number of days is the operator's; both ways out are buttons."""
    visitor = await cast(user_id)
    async with serve(retention_days=77):
        await visitor.command(line_typed)
        said = await visitor.ephemeral_text()
        assert "77" in said
        for name in ("export", "delete"):
            assert all_texts[language].say(f"buttons.{name}") in said


@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_home_tab_leads_there(
    line: RunningBot, cast: Cast, all_texts: dict[Language, Texts], language: Language
) -> None:
    """A quiet button on the Home tab; the answer stands in the direct message, and the step stays the newest."""
    visitor = await cast(WHO[language][0])
    await begun(visitor)
    home = await visitor.home()
    await visitor.press_in(home, "privacy:show")
    await visitor.wait_for(all_texts[language].say("buttons.delete"))
    await at_step(visitor, "before_start")
    await line.bot.outbox_worker.drain()
    assert "form:help" in repr((await visitor.last())["blocks"])


async def test_it_can_be_asked_for_in_words(line: RunningBot, erika: Visitor) -> None:
    """„Datenschutz“ typed in the direct message is understood with and without a walk."""
    await erika.say("Datenschutz")
    await erika.wait_for("Meine Daten löschen")
    assert line.work


@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_export_arrives_as_a_file(
    line: RunningBot, play_in: PlayIn, all_texts: dict[Language, Texts], language: Language
) -> None:
    """All that the person typed and that is kept stands in it, and the token does not (see `typed_secrets`)."""
    stage = await play_in(language)
    await _full_case(stage)
    await stage.merchant.visitor.command("/amazon-token export")
    assert all_texts[language].say("answers.export_coming").strip() in await stage.merchant.visitor.ephemeral_text()
    message, kept = await _file_of(stage.merchant.visitor)
    assert message["files"][0]["name"] in message["text"]
    written = json.dumps(kept, ensure_ascii=False)
    user_id, name = WHO[language]
    for word in (user_id, name, SENTENCE, SHOP, ERROR, "4.9.24.10", all_texts[language].say("marketplaces.DE")):
        assert word in written
    assert "amzn.mws" not in written
    assert "xoxb-" not in written
    assert line.work


async def test_the_export_of_somebody_never_met(line: RunningBot, oliver: Visitor) -> None:
    """A person and nothing else: asking is the first thing that is known of them. By the button as well."""
    await oliver.command("/amazon-token privacy")
    await oliver.press("privacy:export")
    _, kept = await _file_of(oliver)
    assert [one["name"] for one in kept["person"]] == ["Oliver Sample"]
    assert {name for name, rows in kept.items() if rows} <= {"team_id", "user_id", "person", "messages"}
    assert line.work


@pytest.mark.parametrize("language", ["de", "en"])
async def test_deleting_asks_and_can_be_declined(
    line: RunningBot, cast: Cast, all_texts: dict[Language, Texts], language: Language
) -> None:
    """The question says what it means for the walk under way; „no“ leaves everything as it is."""
    visitor = await cast(WHO[language][0])
    await begun(visitor)
    await visitor.command("/amazon-token delete my data")
    asked = await visitor.ephemeral_text()
    assert all_texts[language].say("steps.before_start.title") in asked
    await visitor.press("door:keep")
    await at_step(visitor, "before_start")
    await visitor.press("walk:orders_stopped")
    await at_step(visitor, "connect_version")
    assert line.work


async def test_the_question_warns_in_the_danger_zone(
    line: RunningBot, stage: SandboxStage, all_texts: dict[Language, Texts]
) -> None:
    """Orders are paused: it says so first, and that nobody will remind any more; an open ticket is named too."""
    await _to_accounts(stage, ["DE"])
    await _account_in_connect(stage)
    await _seller_central(stage)
    erika = stage.merchant.visitor
    await erika.press("form:help")
    await erika.fill_and_submit(sentence="")
    await erika.wait_for("Ticket 1001")
    await erika.command("/amazon-token daten löschen")
    asked = await erika.ephemeral_text()
    warning = all_texts["de"].say("answers.delete_urgent").strip()
    assert warning.replace("*", "") in asked.replace("*", "")
    assert "Ticket 1001" in asked
    assert line.work


@pytest.mark.parametrize("language", ["de", "en"])
async def test_what_is_deleted_is_gone(
    sandbox: Sandbox,
    line: RunningBot,
    database: Path,
    play_in: PlayIn,
    all_texts: dict[Language, Texts],
    language: Language,
) -> None:
    """No byte of ID, name, words and hashes stays in the file and its log; in Slack stays the ticket's bare case."""
    stage = await play_in(language)
    me, texts = stage.merchant.visitor, all_texts[language]
    user_id, name = WHO[language]
    await _full_case(stage)
    await me.home()
    await me.command("/amazon-token export")
    message, _ = await _file_of(me)
    hashes = await line.bot.thread.run(_hashes, line)
    mine = {user_id, name, SENTENCE, SHOP, ERROR, "4.9.24.10", *hashes}
    assert hashes
    assert {needle for _, needle in _found(database, *mine)} == mine

    await me.command("/amazon-token delete")
    await me.press("privacy:erase")
    await me.wait_for(texts.say("answers.deleted").strip())
    await _settled(line)
    assert _found(database, *mine) == []

    assert message["files"][0]["id"] not in sandbox.workspace.contents
    bot_said = {m["text"] for m in await me.messages() if m["bot"] and not m["ephemeral"]}
    assert bot_said == {texts.say("answers.deleted_message"), message["text"]}
    at_support = repr(await stage.agent.visitor.messages("#support"))
    assert [word for word in mine if word in at_support] == []
    assert all_texts["de"].say("answers.deleted_reply") in at_support
    assert all_texts["de"].say("ticket.card.erased") in at_support
    assert "1001" in at_support
    assert texts.say("buttons.start") in words(await me.home(texts.say("buttons.start")))


def _hashes(line: RunningBot) -> set[str]:
    """Every keyed hash in the state of walks and in the details of events."""
    texts = [
        *line.bot.store.db.execute("SELECT state FROM walks"),
        *line.bot.store.db.execute("SELECT detail FROM events"),
    ]
    return {one for (text,) in texts for one in re.findall(r'"((?:[0-9a-f]{16}){1,4})"', text)}


async def test_the_operators_command_edits_slack_too(
    sandbox: Sandbox, line: RunningBot, database: Path, erika: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`amazon-token erase` beside the serving bot: its courier edits the messages; whoever returns is known by name."""
    await begun(erika)
    await line.bot.outbox_worker.drain()
    for setting, value in {
        "SLACK_BOT_TOKEN": sandbox.token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SUPPORT_CHANNEL_ID": "C0SUPPORT",
        "DATABASE_URL": f"sqlite:///{database}",
    }.items():
        monkeypatch.setenv(setting, value)
    done = await asyncio.to_thread(CliRunner().invoke, app, ["erase", TEAM_ID, "U0ERIKA", "--yes"])
    assert done.exit_code == 0, done.output
    assert "Deleted: 1 walks" in done.stdout
    await erika.wait_for("Diese Nachricht ist auf Ihren Wunsch gelöscht.")
    await begun(erika)
    met = await line.bot.thread.run(line.bot.services.unit_of_work, people.person, TEAM_ID, "U0ERIKA")
    assert met is not None
    assert met.name == "Erika Beispiel"


async def test_somebody_elses_yes_deletes_nothing(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, oliver: Visitor
) -> None:
    """The button belongs to whom it was shown, and to nobody else."""
    await begun(erika)
    await begun(oliver)
    shown = await at_step(erika, "before_start")
    await press_as(sandbox, "U0OLIVER", shown, "privacy:erase", f"{TEAM_ID}:U0ERIKA")
    await press_as(sandbox, "U0ERIKA", shown, "privacy:erase", "nonsense")
    await line.bot.outbox_worker.drain()
    await at_step(erika, "before_start")
    await at_step(oliver, "before_start")


async def test_deleting_twice(line: RunningBot, erika: Visitor) -> None:
    """A second „ja“ finds nothing and says the same; whoever begins again is met anew, by name."""
    await begun(erika)
    await erika.command("/amazon-token delete")
    await erika.press("privacy:erase")
    await erika.wait_for("Ihre Daten sind gelöscht")
    await erika.command("/amazon-token delete")
    await erika.press("privacy:erase")
    await line.bot.outbox_worker.drain()
    assert len([m for m in await erika.messages() if "Ihre Daten sind gelöscht" in m["text"]]) == 2
    kept = await line.bot.thread.run(lambda: list(line.bot.store.db.query("SELECT * FROM people")))
    assert kept == []
    await begun(erika)
    met = await line.bot.thread.run(line.bot.services.unit_of_work, people.person, TEAM_ID, "U0ERIKA")
    assert met.name == "Erika Beispiel"


async def test_deleting_while_a_step_is_on_its_way(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, database: Path
) -> None:
    """A step that Slack has not taken yet does not arrive; one that it may have taken is edited when it stands."""
    sandbox.misbehave("chat.postMessage", "timeout_after")
    await erika.command("/amazon-token")
    await at_step(erika, "before_start")
    await press_as(sandbox, "U0ERIKA", await at_step(erika, "before_start"), "privacy:erase", f"{TEAM_ID}:U0ERIKA")
    await line.bot.outbox_worker.drain()
    await line.bot.thread.run(line.bot.services.scrub)
    assert _found(database, "U0ERIKA", "Erika Beispiel") == []
    standing = [m for m in await erika.messages() if m["bot"] and not m["ephemeral"]]
    assert [m["text"] for m in standing] == ["Diese Nachricht ist auf Ihren Wunsch gelöscht."]
    assert await line.bot.thread.run(line.bot.store.outbox_counts) | {"delivered": 0, "dropped": 0} == {
        "pending": 0, "running": 0, "delivered": 0, "dropped": 0, "dead": 0,
    }  # fmt: skip


async def test_an_agent_is_forgotten_on_the_tickets_too(
    line: RunningBot, erika: Visitor, anna: Visitor, database: Path
) -> None:
    """Who handled a ticket stands on its card under a pseudonym afterwards; the merchant's case stays."""
    await erika.command("/amazon-token support")
    await anna.press("ticket:claim", channel="#support")
    await erika.wait_for("Anna Support")
    await anna.command("/amazon-token delete")
    await anna.press("privacy:erase")
    await anna.wait_for("Ihre Daten sind gelöscht")
    await _settled(line)
    assert "U0ANNA" not in repr([m["blocks"] for m in await anna.messages("#support")])
    assert "Erika Beispiel" in repr(await anna.messages("#support"))
    assert _found(database, "U0ANNA", "Anna Support") == []


async def test_a_talk_with_support_is_forgotten_on_both_sides(
    line: RunningBot, erika: Visitor, anna: Visitor, database: Path
) -> None:
    """What support answered and what the merchant wrote back is in neither conversation nor in the file any more."""
    question, said = "Guten Tag, was zeigt CONNECT?", "Es steht ZX81 in der roten Zeile"
    await erika.command("/amazon-token support")
    await anna.press("ticket:answer", channel="#support")
    view = await anna.modal()
    assert await anna.fill_and_submit(view, **{view["blocks"][-1]["block_id"]: question}) == {}
    first = await erika.wait_for(question)
    await erika.say(said, thread_ts=first["ts"])
    await anna.wait_for(said, "#support")
    await line.bot.outbox_worker.drain()

    await erika.command("/amazon-token delete")
    await erika.press("privacy:erase")
    await erika.wait_for("Ihre Daten sind gelöscht")
    await _settled(line)
    assert _found(database, "U0ERIKA", "Erika Beispiel", question, said) == []
    for name, bot_said in (
        ("dm", [m for m in await erika.messages() if m["bot"]]),
        ("#support", await anna.messages("#support")),
    ):
        assert [word for word in (question, said, "U0ERIKA", "Erika Beispiel") if word in repr(bot_said)] == [], name
