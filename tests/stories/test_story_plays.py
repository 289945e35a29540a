"""The plays of `amazon-token demo`, over both ways that Slack has, in both languages."""

import pytest

from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from conversations.amazon_token.plays import PLAYS
from conversations.engine.texts import Language, Texts
from tests.stories.conftest import MODES, Cast, Serve

pytestmark = pytest.mark.story
MERCHANTS: dict[Language, str] = {"de": "U0ERIKA", "en": "U0OLIVER"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", MERCHANTS)
@pytest.mark.parametrize("play", PLAYS)
async def test_each_play_ends_as_named(
    serve: Serve, cast: Cast, all_texts: dict[Language, Texts], language: Language, play: str
) -> None:
    """Whatever the connection and the merchant's language, the story takes its course."""
    dialogue: list[str] = []
    async with serve():
        merchant, agent = await cast(MERCHANTS[language]), await cast("U0ANNA")
        stage = SandboxStage(
            Scene(merchant, "M", dialogue.append), Scene(agent, "A", dialogue.append), all_texts[language]
        )
        await PLAYS[play](stage)
    assert dialogue
