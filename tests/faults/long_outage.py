"""Hours and days in which Slack is away, in a few seconds: a clock that is moved, and people who go on meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.app import scheduler
from bot.app.bootstrap import Bot
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.services import home_tab, ticket_filing
from tests.waiting import until

Json = dict[str, Any]
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""When it begins: a working day, and before anything that the sandbox's own clock says."""
JOBS = (*scheduler.DUE_JOBS, ticket_filing.refresh_due, home_tab.publish_due)
POSTING = ("chat.postMessage", "chat.update")
LOOKING = ("conversations.history", "conversations.replies")
PLACES: dict[str, tuple[tuple[str, ...], str]] = {
    "the support channel": ((*POSTING, *LOOKING), "C0SUPPORT"),
    "a merchant": ((*POSTING, *LOOKING), "D0ERIKA"),
    "everything": ((*POSTING, *LOOKING, "response_url", "views.publish", "conversations.open"), ""),
}
"""What Slack does not do while it is away, and where ("" is everywhere)."""


@dataclass
class Clock:
    """Stands still unless it is moved, so that nothing depends on the speed of the machine."""

    now: datetime = TUESDAY

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    async def pass_until(self, bot: Bot, end: datetime, jumps: int) -> None:
        """Move to `end`, in so many jumps at most. At each, whatever is due is tried."""
        step = (end - self.now) / jumps
        while self.now < end:
            self.now = min(end, self.now + step)
            await self.settle(bot)

    async def settle(self, bot: Bot) -> None:
        """Whatever is due happens, and what is to be sent by now has been tried."""
        for job in JOBS:
            while await bot.thread.run(bot.services.unit_of_work, job):
                pass

        async def tried() -> bool:
            bot.outbox_worker.wake()
            due_at = await bot.thread.run(bot.store.next_due)
            return not bot.outbox_worker._in_flight and (due_at is None or due_at > self.now)

        await until(tried, "everything that is due to be tried")

    async def finish(self, bot: Bot) -> None:
        """Move on until everything has been sent."""
        while (due_at := await bot.thread.run(bot.store.next_due)) is not None:
            self.now = max(self.now, due_at)
            await self.settle(bot)


def go_away(sandbox: Sandbox, place: str) -> None:
    """From now on Slack does not do what it does there."""
    methods, channel = PLACES[place]
    for method in methods:
        sandbox.misbehave(method, "error_503", channel=channel, times=10**6)


@dataclass
class Case:
    """A merchant and an agent who talk about ticket 1001, and another merchant who gets ticket 1002 meanwhile."""

    sandbox: Sandbox
    erika: Visitor
    oliver: Visitor
    anna: Visitor
    said: list[str] = field(default_factory=list)
    """What is to be in the thread of ticket 1001, in this order."""
    answered: list[str] = field(default_factory=list)

    async def begin(self) -> None:
        """Both merchants begin; Erika asks for help, and Anna sees it. Anna's Home tab is open."""
        await self.anna.home()
        for merchant in (self.erika, self.oliver):
            await merchant.command("/amazon-token")
            await merchant.wait_for(lambda m: "orders_stopped" in str(m["blocks"]))
        await self.erika.press("form:help")
        self.said.append("Erika braucht Hilfe")
        await self.erika.fill_and_submit(sentence=self.said[0])
        await self.anna.wait_for(self.said[0], "#support")

    async def act(self, number: int) -> None:
        """Erika writes, Anna answers, and Oliver calls support, once more each time."""
        answer, word = f"Antwort Nummer {number}.", f"Erikas Wort {number}."
        await self.anna.press("ticket:answer", message=await self.card(1001), channel="#support")
        view = await self.anna.modal()
        assert await self.anna.fill_and_submit(view, **{view["blocks"][-1]["block_id"]: answer}) == {}
        await self.erika.say(word)
        await self.sandbox.events.settle()
        self.said += [answer, word]
        self.answered.append(answer)
        if number == 1:
            await self.oliver.press("form:help")
            await self.oliver.fill_and_submit(sentence="Oliver needs help")
        elif number > 1:
            await self.oliver.command("/amazon-token support")

    async def card(self, number: int) -> Json:
        """The one card of a ticket."""
        (card,) = [m for m in await self._cards() if f"Ticket {number}" in m["text"]]
        return card

    async def _cards(self) -> list[Json]:
        return [m for m in await self.anna.messages("#support") if "ticket:answer" in str(m["blocks"]) and _top(m)]

    async def thread(self, number: int) -> list[str]:
        """What is below a ticket's card, oldest first."""
        card = await self.card(number)
        below = [m for m in await self.anna.messages("#support") if m["thread_ts"] == card["ts"] and not _top(m)]
        return [str(m["blocks"]) for m in sorted(below, key=lambda m: m["ts"])]

    async def answers(self) -> list[str]:
        """What Erika reads of the bot, oldest first."""
        return [str(m["blocks"]) for m in await self.erika.messages() if m["bot"]]


def _top(message: Json) -> bool:
    return message["thread_ts"] in {None, message["ts"]}


def once_in_order(texts: list[str], wanted: list[str], same: Callable[[str, str], bool] = str.__contains__) -> None:
    """Each of `wanted` is in one of `texts`, and they come in this order."""
    places = [[place for place, text in enumerate(texts) if same(text, one)] for one in wanted]
    assert [len(found) for found in places] == [1] * len(wanted), dict(zip(wanted, places, strict=True))
    assert places == sorted(places)
