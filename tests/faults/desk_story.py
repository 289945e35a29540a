"""Two merchants and two agents, German and English, from the first command to closed tickets, act by act.

Both pairs act side by side: Erika (on a walk, ticket 1002) with Anna and then Ben, Oliver (without a walk, ticket 1001)
with Ben and then Anna. Each act can be tried again, and says whether it has come about.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import parts, words
from tests.stories.presses import address_of

Json = dict[str, Any]
Do = Callable[[], Awaitable[Any]]
PNG = b"\x89PNG\r\n\x1a\nwhat CONNECT shows" + bytes(range(200))
SUPPORT = "#support"
ERIKAS, OLIVERS = 1002, 1001


@dataclass(frozen=True)
class Act:
    """What somebody does. `ready` opens the form that `do` sends; what is `once` Slack itself delivers again."""

    who: Visitor
    do: Do
    seen: Callable[[], Awaitable[bool]]
    ready: Do | None = None
    once: bool = False


@dataclass(frozen=True)
class Turn:
    """What the two pairs do side by side. `killed`: a kill has to be survived here."""

    name: str
    acts: tuple[Act, ...]
    killed: bool = True


async def reads(visitor: Visitor, text: str, channel: str = "dm") -> bool:
    """Whether this person can read it in a message that everybody there sees."""
    return any(text in words(m) and not m["ephemeral"] for m in await visitor.messages(channel))


@dataclass(frozen=True)
class Cast:
    """Everybody in it."""

    erika: Visitor
    oliver: Visitor
    anna: Visitor
    ben: Visitor

    def turns(self) -> list[Turn]:
        """The story."""
        erika, oliver, anna, ben = self.erika, self.oliver, self.anna, self.ben
        return [
            Turn("command", (self._begin(), self._support())),
            Turn("call", (self._help("Ich finde die Maske nicht."), self._say(oliver, "No orders since Monday"))),
            Turn("claim", (self._press(anna, ERIKAS, "claim", "claimed"),
                           self._press(ben, OLIVERS, "claim", "claimed"))),
            Turn("question", (self._answer(anna, ERIKAS, erika, "Was zeigt CONNECT?"),
                              self._answer(ben, OLIVERS, oliver, "What does CONNECT show?"))),
            Turn("answer with a screenshot", (self._send(erika, "So sieht es aus", "Was zeigt CONNECT?"),
                                              self._send(oliver, "It looks like this", "What does CONNECT show?"))),
            Turn("no token is visible", (self._pass_on(erika, ERIKAS), self._pass_on(oliver, OLIVERS))),
            Turn("hand to a colleague", (self._hand(anna, ERIKAS, "Ben Support", "ruft um drei an"),
                                         self._hand(ben, OLIVERS, "Anna Support", "rings at three"))),
            Turn("a wrong answer", (self._answer(ben, ERIKAS, erika, "Schalten Sie alles ab."),
                                    self._answer(anna, OLIVERS, oliver, "Please swich it off.")), killed=False),
            Turn("take-back", (self._take_back(ben, "Schalten Sie alles ab."),
                               self._correct(anna, oliver, "Please swich it off.", "Please switch it off."))),
            Turn("resolve", (self._press(ben, ERIKAS, "resolve", "resolved"),
                             self._press(anna, OLIVERS, "resolve", "resolved"))),
            Turn("it failed again", (self._say(erika, "Es geht wieder nicht", "Was zeigt CONNECT?"),
                                     self._settle(oliver, OLIVERS, "unsettled", "waiting_for_support"))),
            Turn("resolve once more", (self._press(ben, ERIKAS, "resolve", "resolved"),
                                       self._press(anna, OLIVERS, "resolve", "resolved")), killed=False),
            Turn("close", (self._press(ben, ERIKAS, "close", "closed"),
                           self._settle(oliver, OLIVERS, "settled", "closed"))),
            Turn("reopen", (self._press(anna, ERIKAS, "reopen", "waiting_for_support"),
                            self._press(ben, OLIVERS, "reopen", "waiting_for_support"))),
            Turn("resolve at last", (self._press(ben, ERIKAS, "resolve", "resolved"),
                                     self._press(anna, OLIVERS, "resolve", "resolved")), killed=False),
            Turn("close at last", (self._press(ben, ERIKAS, "close", "closed"),
                                   self._press(anna, OLIVERS, "close", "closed"))),
        ]  # fmt: skip

    def _begin(self) -> Act:
        async def seen() -> bool:
            return any(address_of(message) is not None for message in await self.erika.messages())

        return Act(self.erika, lambda: self.erika.command("/amazon-token"), seen)

    def _support(self) -> Act:
        seen = self._stands(OLIVERS, "open")
        return Act(self.oliver, lambda: self.oliver.command("/amazon-token support"), seen)

    def _help(self, sentence: str) -> Act:
        erika = self.erika

        async def ready() -> None:
            await erika.press("form:help")
            await erika.modal()

        return Act(erika, lambda: erika.fill_and_submit(sentence=sentence), self._stands(ERIKAS, "open"), ready)

    def _press(self, agent: Visitor, number: int, act: str, becomes: str) -> Act:
        async def do() -> None:
            await agent.press(f"ticket:{act}", message=await self._card(number), channel=SUPPORT)

        return Act(agent, do, self._stands(number, becomes))

    def _answer(self, agent: Visitor, number: int, merchant: Visitor, text: str) -> Act:
        async def ready() -> None:
            await agent.press("ticket:answer", message=await self._card(number), channel=SUPPORT)
            await agent.modal()

        async def do() -> None:
            view = await agent.modal()
            assert await agent.fill_and_submit(view, **{view["blocks"][-1]["block_id"]: text}) == {}

        return Act(agent, do, lambda: reads(merchant, text), ready)

    def _say(self, merchant: Visitor, text: str, in_thread_of: str = "") -> Act:
        async def do() -> None:
            root = (await merchant.wait_for(in_thread_of))["ts"] if in_thread_of else None
            await merchant.say(text, thread_ts=root)

        return Act(merchant, do, lambda: reads(self.anna, text, SUPPORT), once=True)

    def _send(self, merchant: Visitor, text: str, in_thread_of: str) -> Act:
        async def do() -> None:
            root = (await merchant.wait_for(in_thread_of))["ts"]
            await merchant.send_file("connect.png", PNG, text, thread_ts=root)

        async def seen() -> bool:
            return await reads(self.anna, text, SUPPORT) and await _offers(merchant, "talk:pass_on")

        return Act(merchant, do, seen, once=True)

    def _pass_on(self, merchant: Visitor, number: int) -> Act:
        async def seen() -> bool:
            thread = (await self._card(number))["ts"]
            return any(m["files"] and m["thread_ts"] == thread for m in await self.anna.messages(SUPPORT))

        return Act(merchant, lambda: merchant.press("talk:pass_on"), seen)

    def _hand(self, agent: Visitor, number: int, to: str, note: str) -> Act:
        async def ready() -> None:
            card = await self._card(number)
            await agent.press("ticket:more", option=f"hand:{number}", message=card, channel=SUPPORT)
            await agent.modal()

        return Act(
            agent, lambda: agent.fill_and_submit(to=to, note=note), lambda: reads(agent, note, SUPPORT), ready
        )  # fmt: skip

    def _take_back(self, agent: Visitor, text: str) -> Act:
        async def do() -> None:
            copy = await agent.wait_for(lambda m: text in words(m) and _has(m, "talk:take_back"), SUPPORT)
            await agent.press("talk:take_back", message=copy, channel=SUPPORT)

        async def seen() -> bool:
            return not await reads(self.erika, text)

        return Act(agent, do, seen)

    def _correct(self, agent: Visitor, merchant: Visitor, wrong: str, right: str) -> Act:
        async def ready() -> None:
            copy = await agent.wait_for(lambda m: wrong in words(m) and _has(m, "talk:correct"), SUPPORT)
            await agent.press("talk:correct", message=copy, channel=SUPPORT)
            await agent.modal()

        return Act(agent, lambda: agent.fill_and_submit(**{"text.0": right}), lambda: reads(merchant, right), ready)

    def _settle(self, merchant: Visitor, number: int, answer: str, becomes: str) -> Act:
        return Act(merchant, lambda: merchant.press(f"talk:{answer}"), self._stands(number, becomes))

    def _stands(self, number: int, state: str) -> Callable[[], Awaitable[bool]]:
        async def seen() -> bool:
            cards = await self.anna.messages(SUPPORT)
            return any(block.get("block_id") == f"ticket.{number}.{state}" for m in cards for block in m["blocks"])

        return seen

    async def _card(self, number: int) -> Json:
        def is_it(message: Json) -> bool:
            return any(block.get("block_id", "").startswith(f"ticket.{number}.") for block in message["blocks"])

        return await self.anna.wait_for(is_it, SUPPORT)


def _has(message: Json, action_id: str) -> bool:
    return any(action_id in names for names, _, _ in parts(message["blocks"]))


async def _offers(visitor: Visitor, action_id: str) -> bool:
    return any(_has(message, action_id) for message in await visitor.messages())
