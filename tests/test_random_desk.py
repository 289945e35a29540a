"""Merchants and agents who do anything in any order, with days going by: what holds between them after every act."""

import itertools
import json
import shutil
import string
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.blocks.actions import TEXT, AnswerDraft, SeenTicket
from bot.services import (
    agent_messages,
    daily_digest,
    deliveries,
    escalations,
    home_tab,
    people,
    reminders,
    start,
    ticket_actions,
    ticket_filing,
    timeline,
    triage_form,
    typed_input,
    walkthrough,
)
from bot.services.context import Actor, AppConfig
from bot.services.merchant_messages import MerchantMessage
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person, Row, TicketMessage, TicketRecord
from bot.store.sqlite import SqliteStore, open_store
from conversations.amazon_token.procedure import PROCEDURE
from conversations.ticket.chart import IN_CONVERSATION, OVER
from tests.guides import shipped
from tests.test_random_walker import TOKEN_WAY

T = TypeVar("T")
MERCHANTS = (Actor("T1", "U1ERIKA"), Actor("T1", "U2OLIVER"))
AGENTS = (Actor("T1", "U3ANNA", is_agent=True), Actor("T1", "U4BEN", is_agent=True))
IDS = frozenset(one.user_id for one in MERCHANTS)
STAFF = frozenset(one.user_id for one in AGENTS)
SUPPORT = "C1SUPPORT"
LEASE = timedelta(seconds=30)
URL = "https://hooks.invalid/1"
WHO = st.sampled_from([None, None, *AGENTS])
"""An agent, or whoever it is that owns the ticket or wrote the answer."""


class Shown(dict[str, Row]):
    """What stands in Slack, by key, in the words that it has now."""

    def take(self, row: Row) -> None:
        if row.method == "post":
            self[row.key] = row
        elif row.method == "update" and row.target in self:
            self[row.target] = replace(self[row.target], content=row.content)


def words_of(row: Row) -> str:
    return json.dumps(row.content, ensure_ascii=False)


class RandomDesk(RuleBasedStateMachine):
    """Two merchants and two agents at one desk; whatever is said is delivered at once."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="random-desk-"))
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        keys = itertools.count(1)
        self.config = AppConfig(
            all_texts=shipped(), settings={PROCEDURE.id: TOKEN_WAY.settings}, hash_key=b"k" * 32,
            support_channel=SUPPORT, bot_version="0", clock=lambda: self.now, new_key=lambda: f"{next(keys):032x}",
        )  # fmt: skip
        self.store = self._open()
        self.services = Services(self.config, self.store)
        self.shown, self.sent = Shown(), 0
        self.all: list[Row] = []
        self.heard: list[tuple[int, str]] = []
        self.internal: list[str] = []
        self.words = ("".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=3))

    def _open(self) -> SqliteStore:
        store = open_store(f"sqlite:///{self.folder}/bot.db")
        store.db.conn.execute("PRAGMA synchronous = OFF")
        return store

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def new_words(self, kind: str) -> str:
        """Words that nobody said before and that no step takes for an answer."""
        return f"{kind} zz{next(self.words)}zz"

    def do(self, who: Actor, case: Callable[[UnitOfWork], T]) -> T | None:
        self.now += timedelta(seconds=20)
        result = self.services.do(who, case)
        self.deliver()
        return result

    def deliver(self) -> list[Row]:
        """Everything in the outbox reaches Slack, in order; what it was."""
        self.now += LEASE + timedelta(seconds=1)
        went: list[Row] = []
        while (row := self.store.claim(self.now, LEASE, frozenset())) is not None:
            self.sent += 1
            self.shown.take(row)
            went.append(row)
            self.store.delivered(row, f"D{row.destination.to}", f"{self.sent}.000100")
        self.all += went
        return went

    def tickets(self, merchant: str | None = None) -> list[TicketRecord]:
        with self.store.transaction() as tx:
            return tx.tickets(merchant_id=merchant)

    def ticket(self, data: st.DataObject) -> TicketRecord:
        return data.draw(st.sampled_from(self.tickets()))

    def talks(self, merchant: str) -> bool:
        return any(one.state in IN_CONVERSATION for one in self.tickets(merchant))

    def of(self, ticket: TicketRecord, who: Actor | None) -> Actor:
        """Who, or the owner of the ticket; of one that nobody owns the first agent."""
        return who or next((one for one in AGENTS if one.user_id == ticket.claimed_by), AGENTS[0])

    @initialize(
        merchant=st.sampled_from(MERCHANTS), acts=st.integers(0, 12), words=st.integers(0, 3), before=st.booleans()
    )
    def everybody_is_there(self, merchant: Actor, acts: int, words: int, before: bool) -> None:  # noqa: FBT001
        for who, name, locale in zip(
            (*MERCHANTS, *AGENTS), ("Erika", "Oliver", "Anna", "Ben"), ("de-DE", "en-GB", "de-DE", "en-US"), strict=True
        ):
            zone = "Europe/Berlin" if who != MERCHANTS[1] else "America/Los_Angeles"
            self.services.unit_of_work(
                people.meet, Person(team_id="T1", user_id=who.user_id, name=name, locale=locale, zone=zone)
            )
        self.services.unit_of_work(daily_digest.post_due)
        if before:
            self.call(merchant)
        self.go_on(merchant, acts)
        self.call(merchant)
        for number in range(words):
            if number % 2:
                self.writes(merchant, None)
            else:
                self.answers(AGENTS[0], self.tickets()[0])

    # What merchants do

    @rule(merchant=st.sampled_from(MERCHANTS), acts=st.integers(1, 9))
    def go_on(self, merchant: Actor, acts: int) -> None:
        """Walk on by the step's own answers; a merchant without a walk begins one."""
        for _ in range(acts):
            with self.store.transaction() as tx:
                walks = tx.open_walks("T1", merchant.user_id)
            if not walks:
                self.do(merchant, lambda unit: start.start_pressed(unit, None))
                continue
            record = walks[0]
            walk = self.services.do(merchant, partial(lambda unit, record: unit.open(record), record=record))
            assert walk is not None
            event, _form, raw = TOKEN_WAY.next(walk)
            self.do(merchant, partial(walkthrough.act, record=record, event=event, raw=raw))

    @rule(merchant=st.sampled_from(MERCHANTS))
    def call(self, merchant: Actor) -> None:
        self.do(merchant, typed_input.support_requested)

    @rule(merchant=st.sampled_from(MERCHANTS), in_thread=st.booleans(), data=st.data())
    def write(self, merchant: Actor, in_thread: bool, data: st.DataObject) -> None:  # noqa: FBT001
        tickets = [one for one in self.tickets(merchant.user_id) if one.talk_key in self.shown]
        self.writes(merchant, data.draw(st.sampled_from(tickets)) if in_thread and tickets else None)

    def writes(self, merchant: Actor, thread: TicketRecord | None) -> None:
        """Words to support in the thread, or anywhere while they talk; the bot answers neither with a step."""
        at = None
        if thread is not None:
            with self.store.transaction() as tx:
                at = tx.address(str(thread.talk_key))
        text, talked = self.new_words("merchant"), self.talks(merchant.user_id)
        said = MerchantMessage(
            text=text, channel=f"D{merchant.user_id}", ts=f"9{self.sent}.{len(self.heard)}",
            thread_ts=at[1] if at is not None else None,
        )  # fmt: skip
        before = len(self.all)
        self.do(merchant, partial(typed_input.message_typed, said=said))
        self.do(merchant, partial(typed_input.message_typed, said=said))
        if thread is not None or talked:
            self.heard.append((thread.number if thread is not None else 0, text))
            self.nothing_of_the_walk(merchant.user_id, self.all[before:])

    def nothing_of_the_walk(self, merchant: str, rows: list[Row]) -> None:
        """While a person talks the bot is silent, but for what belongs to the ticket."""
        assert [row for row in rows if row.destination.to == merchant and row.method == "post" and row.walk_id] == []

    # What agents do

    @precondition(lambda self: self.tickets())
    @rule(agent=WHO, act=st.sampled_from(sorted(ticket_actions.HANDLERS)), data=st.data())
    def press(self, agent: Actor | None, act: str, data: st.DataObject) -> None:
        ticket = self.ticket(data)
        self.do(self.of(ticket, agent), lambda unit: ticket_actions.HANDLERS[act](unit, ticket.number, URL))

    @precondition(lambda self: self.tickets())
    @rule(agent=WHO, data=st.data())
    def answer(self, agent: Actor | None, data: st.DataObject) -> None:
        ticket = self.ticket(data)
        self.answers(self.of(ticket, agent), ticket)

    def answers(self, agent: Actor, ticket: TicketRecord) -> None:
        """The owner's words arrive, also when the button is pressed twice; anybody else's do not."""
        text, before = self.new_words("agent"), self.tickets()
        draft = AnswerDraft(ticket.number, self.config.new_key())
        for _ in range(2):
            self.do(agent, partial(agent_messages.answer, draft=draft, raw={f"{TEXT}.0": text}))
        ticket = next(one for one in before if one.number == (ticket.merged_into or ticket.number))
        may = ticket.state not in OVER and ticket.claimed_by in {None, agent.user_id}
        arrived = [row for row in self.shown.values() if row.destination.to in IDS and text in words_of(row)]
        assert len(arrived) == may
        assert all(row.destination.to == ticket.merchant_id for row in arrived)

    @precondition(lambda self: self.tickets())
    @rule(agent=st.sampled_from(AGENTS), to=st.sampled_from(AGENTS), data=st.data())
    def hand(self, agent: Actor, to: Actor, data: st.DataObject) -> None:
        """To a colleague, with a note that is nobody else's business."""
        ticket, note = self.ticket(data), self.new_words("internal")
        self.internal.append(note)
        seen, raw = SeenTicket(ticket.number, ticket.claimed_by), {"to": to.user_id, "note": note}
        self.do(agent, partial(triage_form.handover_submitted, seen=seen, raw=raw, agents=STAFF))

    @precondition(lambda self: self.tickets())
    @rule(agent=st.sampled_from(AGENTS), priority=st.sampled_from(["P1", "P2", "P3"]), data=st.data())
    def sort(self, agent: Actor, priority: str, data: st.DataObject) -> None:
        ticket = self.ticket(data)
        seen, raw = SeenTicket(ticket.number, None), {"priority": priority, "category": ticket.category}
        self.do(agent, partial(triage_form.triage_submitted, seen=seen, raw=raw))

    @precondition(lambda self: len(self.tickets()) > 1)
    @rule(agent=st.sampled_from(AGENTS), data=st.data())
    def merge(self, agent: Actor, data: st.DataObject) -> None:
        """Only duplicates of one merchant that are under way: then one is left, with the words of both."""
        kept, other = data.draw(st.permutations(self.tickets()))[:2]
        self.do(agent, partial(timeline.merge_pressed, pair=(kept.number, other.number), _response_url=None))
        may = (
            kept.number != other.number
            and kept.merchant_id == other.merchant_id
            and not {kept.state, other.state} & OVER
        )
        now = {ticket.number: ticket for ticket in self.tickets()}
        assert (now[other.number].merged_into == kept.number) == (may or other.merged_into == kept.number)
        assert not may or {*kept.words, *other.words} == set(now[kept.number].words)

    def answered(self) -> list[TicketMessage]:
        with self.store.transaction() as tx:
            return [one for row in tx.tickets() for one in tx.ticket_messages(row.number) if one.side == "agent"]

    @precondition(lambda self: self.answered())
    @rule(who=WHO, back=st.booleans(), data=st.data())
    def think_again(self, who: Actor | None, back: bool, data: st.DataObject) -> None:  # noqa: FBT001
        """An answer is corrected or taken back by who may; then the merchant does not read it any more."""
        own = self.answered()
        message, text = data.draw(st.sampled_from(own)), self.new_words("agent")
        agent = who or next(one for one in AGENTS if one.user_id == message.author_id)
        if back:
            self.do(agent, partial(agent_messages.take_back, message_id=message.id, response_url=URL))
        else:
            self.do(agent, partial(agent_messages.correct, message_id=message.id, raw={f"{TEXT}.0": text}))
        with self.store.transaction() as tx:
            now = tx.ticket_message(message.id)
        assert now is not None
        if now != message:
            assert message.text not in words_of(self.shown[str(message.key)])

    # Time goes by

    @rule(hours=st.sampled_from([1, 3, 24, 72, 24 * 9]), often=st.booleans())
    def wait(self, hours: int, often: bool) -> None:  # noqa: FBT001
        """With the bot looking every now and then, or down all the while."""
        for _ in range(6 if often else 1):
            self.now += timedelta(hours=hours / 6 if often else hours)
            talking_now = [one for one in IDS if self.talks(one)]
            before, stood = len(self.all), {ticket.number: ticket for ticket in self.tickets()}
            for case in (
                reminders.remind_due,
                escalations.fire_due,
                daily_digest.post_due,
                ticket_filing.refresh_due,
                deliveries.look_for_card,
                home_tab.publish_due,
            ):
                while self.services.unit_of_work(case):
                    pass
            self.deliver()
            for merchant in talking_now:
                self.nothing_of_the_walk(merchant, self.all[before:])
            for ticket in self.tickets():
                if ticket.state != stood[ticket.number].state:
                    assert (ticket.state, stood[ticket.number].state) in {
                        ("closed", "waiting_for_merchant"), ("closed", "resolved"),
                    }  # fmt: skip

    @rule()
    def start_again(self) -> None:
        """The process ends and another takes over the file."""
        before = self.tickets()
        self.store.close()
        self.store = self.services.store = self._open()
        self.store.recover()
        assert self.tickets() == before

    # What holds after every act

    @invariant()
    def nothing_internal_reaches_a_merchant(self) -> None:
        to_merchants = "\n".join(words_of(row) for row in self.all if row.destination.to in IDS)
        assert [note for note in self.internal if note in to_merchants] == []
        cards = {ticket.card_key for ticket in self.tickets()}
        theirs = [row for row in self.all if row.destination.to in IDS]
        assert [row.key for row in theirs if (row.target or row.thread) in cards] == []
        assert [row.key for row in theirs if row.thread and row.thread not in self.shown] == []

    @invariant()
    def nothing_a_merchant_said_is_missing(self) -> None:
        threads = {ticket.card_key: ticket.number for ticket in self.tickets()}
        merged = {ticket.number: ticket.merged_into for ticket in self.tickets() if ticket.merged_into is not None}
        replies = [(threads[row.thread], words_of(row)) for row in self.shown.values() if row.thread in threads]
        for number, text in self.heard:
            found = [of for of, words in replies if text in words]
            assert len(found) == 1, text
            assert {number, merged.get(number)} & {0, found[0], merged.get(found[0])}

    @invariant()
    def every_living_ticket_has_one_timer_and_a_closed_one_none(self) -> None:
        timers = sorted(row["number"] for row in self.store.db.query("SELECT number FROM ticket_timers"))
        assert timers == sorted(ticket.number for ticket in self.tickets() if ticket.state != "closed")

    @invariant()
    def no_two_agents_own_a_ticket(self) -> None:
        """By the history as well: nobody takes what somebody has, and only the owner answers."""
        for ticket in self.tickets():
            owner: str | None = None
            with self.store.transaction() as tx:
                events = tx.ticket_events(ticket.number)
            for event in events:
                if event.name == "claim":
                    assert owner is None
                    owner = event.actor_id
                elif event.name == "hand":
                    assert event.detail["from"] == owner
                    owner = event.detail["to"]
                elif event.name == "absorb" and "to" in event.detail:
                    assert owner is None
                    owner = event.detail["to"]
                elif event.name == "release":
                    assert owner == event.actor_id
                    owner = None
                elif event.name == "answer":
                    assert owner == event.actor_id
            assert owner == ticket.claimed_by


TestRandomDesk = pytest.mark.long(RandomDesk.TestCase)
TestRandomDesk.settings = settings(
    max_examples=4,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
