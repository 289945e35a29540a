"""Between payloads and the desk."""

import asyncio
import threading

import pytest

from bot.services import home_tab
from bot.slack import users
from bot.slack.dispatch import IncomingRequest, incoming
from tests.bot.slack.conftest import TEAM, Door, door
from tests.waiting import LIMIT, until

__all__ = ["door"]


async def test_use_cases_run_one_after_the_other_in_one_thread(door: Door) -> None:
    """The store's connection belongs to that thread; two acts at once do not mix."""
    threads: list[int] = []
    await asyncio.gather(
        *(door.dispatcher.do((TEAM, "U0ERIKA"), lambda _unit: threads.append(threading.get_ident())) for _ in range(5))
    )
    assert len(threads) == 5
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_the_courier_is_woken_after_each_use_case(door: Door) -> None:
    """It looks when the commit is done, also for a delivery that was seen before."""
    incoming.set(IncomingRequest("app_home_opened", "Ev1"))
    for _ in range(2):
        await door.dispatcher.do((TEAM, "U0ERIKA"), home_tab.opened)
    assert door.woken == [2]


async def test_the_guide_is_the_persons_own(door: Door) -> None:
    """By what is known of them; the default for somebody never met."""
    await door.dispatcher.users.meet(TEAM, "U0BEN")
    assert (await door.dispatcher.texts_for((TEAM, "U0BEN"))).language == "en"
    assert (await door.dispatcher.texts_for((TEAM, "U0NEW"))).language == "de"
    assert door.dispatcher.default_texts.language == "de"


async def test_look_ups_share_one_time(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a command that mentions somebody never met go side by side, and so do those of nine more."""
    monkeypatch.setattr(users, "LOOK_UP_SECONDS", LIMIT)
    door.slack.held = asyncio.Event()
    commands = asyncio.gather(*(door.command("for <@U0OLIVER>", f"U0NEW{n}") for n in range(10)))
    wanted = {f"U0NEW{n}" for n in range(10)} | {"U0OLIVER"}

    def under_way() -> bool:
        asked = {one["user"] for one in door.slack.called("users.info")}
        return asked == wanted and bool(door.slack.called("conversations.members"))

    await until(under_way, "every look-up to be under way, with none answered")
    assert not commands.done()
    door.slack.held.set()
    assert {answer.status for answer in await commands} == {200}


async def test_slack_that_hangs_is_not_waited_for(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command is answered without what Slack does not tell."""
    monkeypatch.setattr(users, "LOOK_UP_SECONDS", 0.1)
    door.slack.held = asyncio.Event()
    assert (await door.command("for <@U0OLIVER>", "U0NEW")).status == 200
    door.slack.held.set()
