"""The dispatcher: from listeners to use cases."""

import asyncio
import threading

import pytest

from bot.services import home_tab
from bot.slack import users
from bot.slack.dispatch import IncomingRequest, incoming
from tests.bot.slack.conftest import TEAM, Harness, harness
from tests.waiting import LIMIT, until

__all__ = ["harness"]


async def test_use_cases_run_one_after_the_other_in_one_thread(harness: Harness) -> None:
    """The store's connection belongs to that thread, and use cases do not overlap."""
    threads: list[int] = []
    await asyncio.gather(
        *(
            harness.dispatcher.do((TEAM, "U0ERIKA"), lambda _unit: threads.append(threading.get_ident()))
            for _ in range(5)
        )
    )
    assert len(threads) == 5
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_the_worker_is_woken_after_each_use_case(harness: Harness) -> None:
    """After the commit, and after a repeated delivery too."""
    incoming.set(IncomingRequest("app_home_opened", "Ev1"))
    for _ in range(2):
        await harness.dispatcher.do((TEAM, "U0ERIKA"), home_tab.opened)
    assert harness.woken == [2]


async def test_texts_are_in_the_persons_language(harness: Harness) -> None:
    """The default language for somebody of whom nothing is known."""
    await harness.dispatcher.users.meet(TEAM, "U0BEN")
    assert (await harness.dispatcher.texts_for((TEAM, "U0BEN"))).language == "en"
    assert (await harness.dispatcher.texts_for((TEAM, "U0NEW"))).language == "de"
    assert harness.dispatcher.default_texts.language == "de"


async def test_lookups_run_at_the_same_time(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of one command that mentions an unknown person, and those of ten commands."""
    monkeypatch.setattr(users, "LOOK_UP_SECONDS", LIMIT)
    harness.slack.lookups_allowed = asyncio.Event()
    commands = asyncio.gather(*(harness.command("for <@U0OLIVER>", f"U0NEW{n}") for n in range(10)))
    expected = {f"U0NEW{n}" for n in range(10)} | {"U0OLIVER"}

    def all_in_flight() -> bool:
        asked = {call["user"] for call in harness.slack.called("users.info")}
        return asked == expected and bool(harness.slack.called("conversations.members"))

    await until(all_in_flight, "every lookup to be in flight, with none answered")
    assert not commands.done()
    harness.slack.lookups_allowed.set()
    assert {answer.status for answer in await commands} == {200}


async def test_slack_that_hangs_is_not_waited_for(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command is answered without the names that Slack does not give."""
    monkeypatch.setattr(users, "LOOK_UP_SECONDS", 0.1)
    harness.slack.lookups_allowed = asyncio.Event()
    assert (await harness.command("for <@U0OLIVER>", "U0NEW")).status == 200
    harness.slack.lookups_allowed.set()
