"""The SP-API authorization through the whole bot: a misread screen, an error of Amazon's page, a pasted token."""

import pytest

from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from conversations.all_texts import load_texts
from conversations.engine.texts import Language
from tests.stories.conftest import Cast, Serve

pytestmark = pytest.mark.story
MERCHANTS: dict[Language, str] = {"de": "U0ERIKA", "en": "U0OLIVER"}
REFRESH_TOKEN = "Atzr|IwEBI" + "Synthetic0Example1Token2" * 6


@pytest.mark.parametrize("language", MERCHANTS)
async def test_from_the_wrong_one_into_the_right_one_and_a_ticket_at_once(
    serve: Serve, cast: Cast, language: Language
) -> None:
    """Misread, back, and on again: nothing is asked twice. MD5101 files a ticket; a token reaches nobody."""
    texts = load_texts().of(language, "sp_api")
    async with serve():
        merchant, agent = await cast(MERCHANTS[language]), await cast("U0ANNA")
        stage = SandboxStage(Scene(merchant, "M", lambda _: None), Scene(agent, "A", lambda _: None), texts)
        me = stage.merchant
        await me.start()
        await me.press("walk:orders_stopped")
        await me.fill("form:connect_version", version="4.9.26.2")
        await me.press("walk:sees_sp_api")
        await me.press("walk:back")
        await me.press("walk:sees_old_fields")
        await me.press("walk:back")
        again = await me.press("walk:sees_sp_api")
        stage.expect(again["text"], stage.titled("field_before"))
        await me.press("walk:field_empty")
        await me.fill("form:account_names", marketplaces=[stage.text("marketplaces.DE")])
        await me.press("walk:ready_to_go")
        for _ in range(3):
            await me.press("walk:advance")
        await me.say(REFRESH_TOKEN, shown="(a refresh token)")
        said = await me.say("MD5101")
        stage.expect(said["text"], stage.text("categories.app_address.answer")[:40])
        card = await stage.agent.card("1001")
        stage.expect(card["text"], "MD5101")
        stage.expect(card["text"], "4.9.26.2")
        for everything in (await me.everything(), str(card)):
            stage.expect_not(everything, REFRESH_TOKEN[5:])
