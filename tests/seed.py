"""Fill a database with walks as people make them, through the real desk: `python -m tests.seed --walks 5000 seed.db`.

No row is inserted here: people press, submit, type and wait, agents answer, reminders fall due, and the clock is moved.
The same seed gives the same walks.
"""

import argparse
import heapq
import itertools
import random
import time
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.blocks.actions import Address, AnswerDraft
from bot.services import (
    agent_messages,
    escalations,
    people,
    reminders,
    start,
    step_forms,
    ticket_actions,
    typed_input,
    walkthrough,
)
from bot.services.context import Actor, AppConfig
from bot.services.merchant_messages import MerchantMessage
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.services.walkthrough import PressOrigin
from bot.store.models import Person, WalkRecord
from bot.store.sqlite import open_store
from conversations.all_texts import load_texts
from conversations.engine.answers import Raw
from conversations.engine.examples import Examples
from conversations.engine.procedure import AnyProcedure, Offer
from conversations.registry import PROCEDURES, Procedures, first_of

T = TypeVar("T")
Acting = Generator[float, None, None]
"""Somebody who does things; each value is the pause in seconds until the next one."""
SUPPORT, TEAM = "C1SUPPORT", "T1"
AGENTS = ("U2AGENTA", "U2AGENTB", "U2AGENTC", "U2AGENTD")
BEGINS = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
WEEKS = 26
TICK = 3600.0
USUAL_SECONDS, USUALLY_GIVEN_UP = 45, 0.01
"""How long a step takes most people, and how likely they leave there, where the procedure says nothing."""


class Town:
    """The desk, the clock, and everybody who does something, in the order of time."""

    def __init__(self, path: Path, dice: random.Random, procedures: Procedures) -> None:
        self.dice = dice
        self.now = BEGINS
        keys = itertools.count(1)
        self.store = open_store(f"sqlite:///{path}")
        # A power cut in the middle would only mean to seed again.
        self.store.db.conn.execute("PRAGMA synchronous = OFF")
        self.config = AppConfig(
            all_texts=load_texts(procedures=procedures), procedures=procedures,
            hash_key=b"a key of 32 bytes, for seed only", support_channel=SUPPORT, bot_version="seed",
            clock=lambda: self.now, new_key=lambda: f"{next(keys):032x}",
        )  # fmt: skip
        self.services = Services(self.config, self.store)
        self._waiting: list[tuple[datetime, int, Acting]] = []
        self._turn = itertools.count()
        self.acts = 0

    def procedure(self, record: WalkRecord) -> AnyProcedure:
        """What a walk leads through: the one that is seeded, or one that it goes over into."""
        return self.config.procedures[record.procedure]

    def do(self, who: Actor, case: Callable[[UnitOfWork], T]) -> T | None:
        self.acts += 1
        return self.services.do(who, case)

    def later(self, seconds: float, acting: Acting) -> None:
        """Let somebody act in so many seconds; again and again, as long as they yield a pause."""
        heapq.heappush(self._waiting, (self.now + timedelta(seconds=seconds), next(self._turn), acting))

    def live(self, until: datetime) -> None:
        """Let everybody act until nobody has anything left, or the time is over."""
        while self._waiting:
            at, _, acting = heapq.heappop(self._waiting)
            if at > until:
                break
            self.now = max(self.now, at)
            pause = next(acting, None)
            if pause is not None:
                self.later(pause, acting)
        self.now = until

    def by_itself(self) -> Acting:
        """Reminders and what happens to waiting tickets, looked for every hour here."""
        while True:
            for case in (reminders.remind_due, escalations.fire_due):
                while self.services.unit_of_work(case):
                    pass
            yield TICK


class Merchant:
    """Somebody who walks as well as they can: reads, errs, asks, goes back, walks away."""

    def __init__(self, town: Town, number: int) -> None:
        self.town, self.dice = town, town.dice
        self.who = Actor(TEAM, f"U1M{number:05d}")
        locale = self.dice.choices(("de-DE", "de-AT", "en-GB", "fr-FR", None), (60, 10, 20, 5, 5))[0]
        town.services.unit_of_work(
            people.meet, Person(team_id=TEAM, user_id=self.who.user_id, name=f"Merchant {number}", locale=locale)
        )
        self.slow = self.dice.lognormvariate(0, 0.5)
        self.care = self.dice.uniform(0.75, 0.98)
        self.helped = False

    def record(self) -> WalkRecord | None:
        with self.town.store.transaction() as tx:
            return next(iter(tx.open_walks(TEAM, self.who.user_id)), None)

    def do(self, case: Callable[[UnitOfWork], object]) -> None:
        self.town.do(self.who, case)

    def act(self) -> Acting:
        self.do(lambda unit: start.start_pressed(unit, None))
        while (record := self.record()) is not None:
            yield self.pause(record)
            record = self.record()
            if record is None:
                return
            if self.dice.random() < self.given_up(record):
                if self.dice.random() < 0.5:
                    return  # just gone
                if self.dice.random() < 0.6:
                    self.do(partial(start.cancel_pressed, walk_id=record.id, response_url=None))
                    return
                self.do(partial(start.restart_pressed, walk_id=record.id, response_url=None))
                continue
            self.something(record)

    def given_up(self, record: WalkRecord) -> float:
        return self.town.procedure(record).examples.given_up.get(record.step, USUALLY_GIVEN_UP)

    def pause(self, record: WalkRecord) -> float:
        slow = 40 * 3600 if self.dice.random() < 0.02 else 0.0
        seconds = self.town.procedure(record).examples.seconds.get(record.step, USUAL_SECONDS)
        return seconds * self.slow * self.dice.lognormvariate(0, 0.6) + slow

    def something(self, record: WalkRecord) -> None:
        """One act at the step: mostly the way on, sometimes a question first."""
        assert record.live_key is not None
        address = Address(record.id, record.version, record.step, record.live_key)
        place = PressOrigin(f"D{self.who.user_id}", record.live_key, "https://hooks.invalid/1")
        trouble = 3 * self.given_up(record)
        kind = self.dice.choices(
            ("on", "where", "back", "help", "typed", "stray"), (1, trouble, 0.03, trouble / 8, trouble / 3, trouble / 4)
        )[0]
        if kind == "where":
            self.do(partial(walkthrough.toggle, address=address, place=place, expanded=True))
        elif kind in {"back", "typed", "stray"}:
            texts = self.town.config.all_texts["de"]
            words = {"back": texts.words("words.back")[0], "typed": texts.words("words.help")[0]}
            ts = f"{self.town.now.timestamp():.6f}"
            said = MerchantMessage(text=words.get(kind, "Wie lange dauert das?"), channel=f"D{self.who.user_id}", ts=ts)
            self.do(partial(typed_input.message_typed, said=said))
        elif kind == "help" and not self.helped:
            self.helped = True
            self.do(partial(step_forms.submit, address=address, name="help", raw={"sentence": "Bitte helfen Sie."}))
        else:
            self.on(record, address, place)

    def on(self, record: WalkRecord, address: Address, place: PressOrigin) -> None:
        procedure = self.town.procedure(record)
        offers = list(procedure.steps[record.step].offers)
        while offers:
            weights = [procedure.examples.likely.get(one.event, 1) for one in offers]
            offer = self.dice.choices(offers, weights)[0]
            if self.take(offer, record, address, place):
                return
            offers.remove(offer)

    def take(self, offer: Offer, record: WalkRecord, address: Address, place: PressOrigin) -> bool:
        """Press it, or fill its form; False when the chart does not offer it now."""
        examples = self.town.procedure(record).examples
        if offer.form is not None:
            raw = self.answer(examples, offer.form)
            view = self.town.do(self.who, partial(step_forms.submit, address=address, name=offer.form, raw=raw))
            return view is None or view["response_action"] == "errors"
        likely = examples.likely_choices.get(offer.event, {})
        weights = [likely.get(choice, 1) for choice in offer.choices]
        choice = self.dice.choices(offer.choices, weights)[0] if offer.choices else None
        self.do(partial(walkthrough.press, address=address, event=offer.event, choice=choice, place=place))
        now = self.record()
        return now is None or now.version != record.version

    def answer(self, examples: Examples, form: str) -> Raw:
        """As it should be, or as it is refused by somebody who takes less care."""
        good = self.dice.random() < self.care
        ways = examples.answers[form] if good else examples.refused.get(form, examples.answers[form])
        return self.dice.choice(ways)(self.dice)


class Agent:
    """Somebody of support: takes what is open, answers, and calls it solved."""

    def __init__(self, town: Town, user_id: str) -> None:
        self.town, self.dice = town, town.dice
        self.who = Actor(TEAM, user_id, is_agent=True)
        town.services.unit_of_work(people.meet, Person(team_id=TEAM, user_id=user_id, name=user_id, locale="de-DE"))

    def act(self) -> Acting:
        while True:
            yield self.dice.uniform(600, 5400)
            if not 6 <= self.town.now.hour < 16 or self.town.now.weekday() > 4:
                continue
            self.work()

    def work(self) -> None:
        with self.town.store.transaction() as tx:
            mine = tx.tickets(claimed_by=self.who.user_id, states=frozenset({"claimed", "waiting_for_support"}))
            answered = tx.tickets(claimed_by=self.who.user_id, states=frozenset({"waiting_for_merchant"}))
            free = tx.tickets(states=frozenset({"open"}))
        if mine:
            draft = AnswerDraft(mine[-1].number, self.town.config.new_key())
            raw = {"text.0": "Bitte öffnen Sie die Einstellungen noch einmal."}
            assert self.town.do(self.who, partial(agent_messages.answer, draft=draft, raw=raw)) is None
        elif answered and self.dice.random() < 0.5:
            self.town.do(self.who, partial(ticket_actions.resolve, number=answered[-1].number, response_url=None))
        elif free:
            self.town.do(self.who, partial(ticket_actions.claim, number=free[-1].number, response_url=None))


def seed(
    path: Path,
    walks: int,
    weeks: int = WEEKS,
    number: int = 4711,
    procedure: AnyProcedure | None = None,
    others: Procedures = PROCEDURES,
) -> Town:
    """Make `path` with `walks` merchants who begin `procedure` within `weeks`, mostly by day; some begin anew.

    Without one it is the first procedure. What people answer and how long they take is from its examples. `others` are
    there besides, for a walk that goes over into one.
    """
    first = procedure or first_of(others)
    chance = random.Random(number)  # noqa: S311 - the same walks each time
    town = Town(path, chance, {first.id: first, **others})  # what comes first is what starts
    for one in range(walks):
        day, hour = town.dice.randrange(weeks * 7), min(max(town.dice.gauss(8, 3), 0), 20)
        town.later(timedelta(days=day, hours=hour).total_seconds(), Merchant(town, one).act())
    for user_id in AGENTS:
        town.later(0, Agent(town, user_id).act())
    town.later(0, town.by_itself())
    town.live(BEGINS + timedelta(weeks=weeks))
    return town


def main() -> None:
    """Seed and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--walks", type=int, default=5000, help="how many merchants begin")
    parser.add_argument("--weeks", type=int, default=WEEKS, help="over how many weeks")
    parser.add_argument("--seed", type=int, default=4711, help="another number gives other walks")
    first = first_of(PROCEDURES).id
    parser.add_argument("--procedure", choices=PROCEDURES, default=first, help=f"what they walk through ({first})")
    parser.add_argument("path", type=Path, help="the new database")
    given = parser.parse_args()
    if given.path.exists():
        parser.error(f"{given.path} exists already")
    began = time.monotonic()
    town = seed(given.path, given.walks, given.weeks, given.seed, PROCEDURES[given.procedure])
    counts = {name: town.store.db[name].count for name in ("walks", "events", "tickets", "ticket_events", "outbox")}
    town.store.close()
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"{told}; {town.acts} acts in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
