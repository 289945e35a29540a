"""The SP-API authorization through the whole bot: the wrong start, errors of Amazon, an invitation, a pasted token."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from conversations.all_texts import load_texts
from conversations.amazon_token.plays import made_up_token
from conversations.engine.texts import Language
from conversations.registry import PROCEDURES
from conversations.sp_api.plays import EXPIRED, START
from tests.stories.conftest import Cast, Serve
from tests.stories.presses import at_step

pytestmark = pytest.mark.story
MERCHANTS: dict[Language, str] = {"de": "U0ERIKA", "en": "U0OLIVER"}
OF_MWS, NEWER = "4.9.24.10", "4.9.26.2"
SENTENCES: dict[Language, tuple[str, str]] = {
    "de": ("Ich sehe SP-API Refreshtoken", "Ich sehe das Schlüsselset"),
    "en": ("I see SP-API Refreshtoken", "I see the key set"),
}
"""What people write at the question which fields CONNECT shows: the newer ones, the older ones."""
REFRESH_TOKEN = "Atzr|IwEBI" + "Synthetic0Example1Token2" * 6


@asynccontextmanager
async def played(serve: Serve, cast: Cast, language: Language) -> AsyncIterator[SandboxStage]:
    """The bot, and a merchant and an agent in front of it."""
    texts = load_texts().of(language, "sp_api")
    async with serve():
        merchant, agent = await cast(MERCHANTS[language]), await cast("U0ANNA")
        yield SandboxStage(Scene(merchant, "M", lambda _: None), Scene(agent, "A", lambda _: None), texts)


def entered_once(database: Path, *events: str) -> None:
    """Over all walks these forms were submitted or typed, each once and no other; the last walk is done."""
    forms = {event for procedure in PROCEDURES.values() for event in procedure.form_events.values()}
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM events")]
        (last,) = connection.execute("SELECT step FROM walks ORDER BY id DESC LIMIT 1").fetchone()
    assert Counter(name for name in names if name in forms) == dict.fromkeys(events, 1)
    assert last == "done"


async def to_mask(stage: SandboxStage, version: str) -> None:
    """In the first procedure, to the question which fields CONNECT shows."""
    await stage.merchant.start()
    await stage.merchant.press("walk:orders_stopped")
    await stage.merchant.fill("form:connect_version", version=version)


async def accounts(stage: SandboxStage, form: str) -> None:
    await stage.merchant.fill(form, marketplaces=[stage.text("marketplaces.DE")])


async def authorize(stage: SandboxStage) -> None:
    """A renewal with one account, from „Abgemeldet und bereit“ to the end."""
    me = stage.merchant
    await me.press("walk:ready_to_go")
    for _ in ("check_entry", "press_button", "sign_in_amazon", "give_consent", "look_at_field"):
        await me.press("walk:advance")
    await me.press("walk:reports_on")
    await me.fill("form:orders_from", date=START)
    await me.press("walk:fetch_worked")
    end = await me.press("walk:all_working")
    stage.expect(end["text"], stage.titled("done"))


@pytest.mark.parametrize(("language", "way"), [("de", "press"), ("de", "sentence"), ("en", "sentence")])
async def test_started_in_the_first_and_ended_in_the_second(
    serve: Serve, cast: Cast, database: Path, language: Language, way: str
) -> None:
    """The newer fields, pressed or written: the second procedure goes on with what is known."""
    async with played(serve, cast, language) as stage:
        me = stage.merchant
        await to_mask(stage, NEWER)
        arrived = await (me.press("walk:sees_sp_api") if way == "press" else me.say(SENTENCES[language][0]))
        stage.expect(arrived["text"], stage.titled("field_before"))
        await me.press("walk:field_filled")
        await accounts(stage, "form:account_names")
        await authorize(stage)
    entered_once(database, "enter_version", "name_accounts", "note_start")


async def test_an_error_of_sp_api_leads_from_the_first_to_the_end_of_the_second(
    serve: Serve, cast: Cast, database: Path
) -> None:
    """Pasted before anything is switched off: version, accounts and the message come along."""
    async with played(serve, cast, "de") as stage:
        me = stage.merchant
        await to_mask(stage, NEWER)
        await me.press("walk:sees_key_set")
        await accounts(stage, "form:european_accounts")
        arrived = await me.say(EXPIRED)
        stage.expect(arrived["text"], stage.text("screens.account_and_fields.title"))
        await me.press("walk:sees_refresh_token")
        ready = await me.press("walk:field_filled")
        stage.expect(ready["text"], stage.titled("ready_to_authorize"))
        await authorize(stage)
    entered_once(database, "enter_version", "name_accounts", "note_start")


@pytest.mark.parametrize(("language", "way"), [("de", "sentence"), ("en", "press")])
async def test_started_in_the_second_and_ended_in_the_first(
    serve: Serve, cast: Cast, database: Path, language: Language, way: str
) -> None:
    """The older fields, noticed after the accounts were typed: the first procedure takes them over to its end."""
    async with played(serve, cast, language) as stage:
        me = stage.merchant
        await me.start("/amazon-token sp-api")
        await me.press("walk:orders_stopped")
        await me.press("walk:sees_refresh_token")
        await me.press("walk:field_filled")
        await accounts(stage, "form:account_names")
        await me.press("walk:back")
        await me.press("walk:back")
        await me.press("walk:back")
        await (me.press("walk:sees_old_fields") if way == "press" else me.say(SENTENCES[language][1]))
        await me.fill("form:connect_version", version=OF_MWS)
        await me.press("walk:sees_key_set")
        await me.press("walk:choose_region:europe")
        for _ in ("account_and_key_set", "backup_token", "way_to_apps"):
            await me.press("walk:advance")
        await me.press("walk:ready_to_go")
        for _ in ("disable_access", "developer_form", "licence_terms", "new_credentials"):
            await me.press("walk:advance")
        await me.press("walk:same_seller_id")
        await me.fill("form:new_token", token=made_up_token())
        await me.press("walk:all_saved")
        await me.press("walk:fetch_worked")
    entered_once(database, "name_accounts", "enter_version", "paste_token")


async def test_an_error_of_sp_api_while_the_access_is_off_calls_a_person(serve: Serve, cast: Cast) -> None:
    """No change of procedure: P1 at once, and the step stays."""
    async with played(serve, cast, "de") as stage:
        me = stage.merchant
        await to_mask(stage, OF_MWS)
        await me.press("walk:sees_key_set")
        await accounts(stage, "form:european_accounts")
        for _ in ("account_and_key_set", "backup_token", "way_to_apps"):
            await me.press("walk:advance")
        await me.press("walk:ready_to_go")
        there = await me.press("walk:advance")
        await me.say(EXPIRED)
        card = await stage.agent.card("1001")
        stage.expect(card["text"], "P1")
        stage.expect(card["text"], "Access to requested resource is denied")
        again = await me.press("walk:advance")
        stage.expect_not(again["text"], stage.text("screens.account_and_fields.title"))
        assert again["text"] != there["text"]


@pytest.mark.parametrize("language", MERCHANTS)
async def test_invited_to_the_second_and_ended_there(
    serve: Serve, cast: Cast, database: Path, language: Language
) -> None:
    """The agent names the procedure after the mention; whoever accepts begins in it."""
    name = {"de": "Erika Beispiel", "en": "Oliver Sample"}[language]
    async with played(serve, cast, language) as stage:
        me, anna = stage.merchant, await cast("U0ANNA")
        await anna.command(f"/amazon-token for @{name} sp-api")
        invitation = await me.hear("Anna Support")
        stage.expect(invitation["text"], {"de": "einzurichten oder zu erneuern", "en": "set up or renew"}[language])
        first = await me.press("invitation:accept")
        stage.expect(first["text"], stage.titled("before_authorizing"))
        await me.press("walk:orders_arriving")
        await me.press("walk:sees_refresh_token")
        await me.press("walk:field_filled")
        await accounts(stage, "form:account_names")
        await authorize(stage)
    entered_once(database, "name_accounts", "note_start")


@pytest.mark.parametrize("language", MERCHANTS)
async def test_from_the_wrong_one_into_the_right_one_and_a_ticket_at_once(
    serve: Serve, cast: Cast, language: Language
) -> None:
    """Misread, back, and on again: nothing is asked twice. MD5101 files a ticket; a token reaches nobody."""
    async with played(serve, cast, language) as stage:
        me = stage.merchant
        await to_mask(stage, NEWER)
        await me.press("walk:sees_sp_api")
        await me.press("walk:back")
        await me.press("walk:sees_old_fields")
        await me.press("walk:back")
        again = await me.press("walk:sees_sp_api")
        stage.expect(again["text"], stage.titled("field_before"))
        await me.press("walk:field_empty")
        await accounts(stage, "form:account_names")
        await me.press("walk:ready_to_go")
        for _ in range(3):
            await me.press("walk:advance")
        await me.say(REFRESH_TOKEN, shown="(a refresh token)")
        said = await me.say("MD5101")
        stage.expect(said["text"], stage.text("categories.app_address.answer")[:40])
        card = await stage.agent.card("1001")
        stage.expect(card["text"], "MD5101")
        stage.expect(card["text"], NEWER)
        for everything in (await me.everything(), str(card)):
            stage.expect_not(everything, REFRESH_TOKEN[5:])


@pytest.mark.parametrize("language", ["de", "en"])
async def test_it_can_be_begun_instead_of_what_was_begun(serve: Serve, cast: Cast, language: Language) -> None:
    """By its word while another procedure is under way: its name is the button, and the other one ends."""
    async with played(serve, cast, language) as stage:
        me = stage.merchant.visitor
        await stage.merchant.start()
        await me.command("/amazon-token sp-api")
        assert stage.text("procedure.name") in await me.ephemeral_text()
        await me.press("door:restart:sp_api")
        await at_step(me, "before_authorizing")
        await me.command("/amazon-token")
        assert stage.text("buttons.start_over") in await me.ephemeral_text()
