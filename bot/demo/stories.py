"""The stories of all procedures, and how one is played in a sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import Visitor
from conversations.all_texts import load_texts
from conversations.registry import PROCEDURES, first_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conversations.engine.procedure import AnyProcedure
    from conversations.engine.texts import Language

MERCHANTS: dict[Language, tuple[str, str]] = {"de": ("U0ERIKA", "Erika"), "en": ("U0OLIVER", "Oliver")}
AGENT = ("U0ANNA", "Anna")


def all_plays() -> list[str]:
    """The plays of all procedures; one whose name an earlier procedure has too is named with its procedure."""
    plays: list[str] = []
    for procedure in PROCEDURES.values():
        plays += [f"{procedure.id}:{play}" if play in plays else play for play in procedure.examples.plays]
    return plays


def main_play() -> str:
    """The play that shows most of the first procedure."""
    return first_of(PROCEDURES).examples.main_play


def play_named(play: str) -> tuple[AnyProcedure, str]:
    """The procedure of a play and its name there. Raises `KeyError` when there is none of this name."""
    procedure_id, _, name = play.rpartition(":")
    candidates = [PROCEDURES[procedure_id]] if procedure_id else PROCEDURES.values()
    for procedure in candidates:
        if name in procedure.examples.plays:
            return procedure, name
    raise KeyError(play)


async def perform(play: str, language: Language, url: str, say: Callable[[str], None], pause: float = 0.0) -> None:
    """Play a story in the sandbox at `url`. Raises `AssertionError` when it goes or ends as it should not."""
    user_id, name = MERCHANTS[language]
    procedure, name_of_play = play_named(play)
    texts = load_texts().of(language, procedure.id)
    async with Visitor(url, user_id) as merchant, Visitor(url, AGENT[0]) as agent:
        stage = SandboxStage(Scene(merchant, name, say, pause), Scene(agent, AGENT[1], say, pause), texts)
        await procedure.examples.plays[name_of_play](stage)
