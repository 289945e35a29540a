"""The plays of `amazon-token demo`, over both ways that Slack has, in both languages."""

import pytest

from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.demo.stories import all_plays, play_named
from conversations.all_texts import load_texts
from conversations.engine.texts import Language
from tests.stories.conftest import MODES, Cast, Serve

pytestmark = pytest.mark.story
MERCHANTS: dict[Language, str] = {"de": "U0ERIKA", "en": "U0OLIVER"}
PAIRS = [
    (play, language, MODES[(number + at) % len(MODES)])
    for number, play in enumerate(all_plays())
    for at, language in enumerate(MERCHANTS)
]
"""Each play in each language and over each way; which of them go together changes from play to play."""


@pytest.mark.parametrize(("play", "language", "mode"), PAIRS)
async def test_each_play_ends_as_named(serve: Serve, cast: Cast, language: Language, play: str) -> None:
    """Whatever the connection and the merchant's language, the story takes its course."""
    procedure, name = play_named(play)
    texts = load_texts().of(language, procedure.id)
    dialogue: list[str] = []
    async with serve():
        merchant, agent = await cast(MERCHANTS[language]), await cast("U0ANNA")
        stage = SandboxStage(Scene(merchant, "M", dialogue.append), Scene(agent, "A", dialogue.append), texts)
        await procedure.examples.plays[name](stage)
    assert dialogue
