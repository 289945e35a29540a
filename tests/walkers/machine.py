"""Somebody who presses, types and waits at random, with the real desk on a real store: what holds after every act."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot.blocks.actions import Address
from bot.blocks.step import step_message
from bot.services import invitations, merchant_messages, people, start, step_forms, ticket_actions, typed_input
from bot.services.context import Actor
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Event, Person, WalkRecord
from conversations.engine.charts import CANCEL
from conversations.engine.texts import LANGUAGES
from tests.walkers.base import AGENT, MERCHANT, STRANGER, SUPPORT, Button, WalkerBase, buttons_of
from tests.walkers.phrases import phrases
from tests.walkers.ways import TYPED_SECRETS


class RandomWalker(WalkerBase):
    """One merchant, one agent, one stranger; a screen that shows what the courier has delivered so far.

    What is here holds for every procedure. A subclass names the `ways`: through the procedure that people begin, and
    through those that it goes over into. It adds what else holds there.
    """

    @initialize(data=st.data(), locale=st.sampled_from(["de-DE", "en-GB"]))
    def begin_somewhere(self, data: st.DataObject, locale: str) -> None:
        self.services.unit_of_work(
            people.meet, Person(team_id="T1", user_id=MERCHANT.user_id, name="Erika", locale=locale)
        )
        step = data.draw(st.sampled_from(("", *self.way.begins)))
        if step:
            self.do(lambda unit: start.start_pressed(unit, None))
            self.go_straight_on(30, step)
        attempts = self.way.procedure.measures.attempts
        failed = next((event for event, worked in attempts.results.items() if not worked), "")
        for _ in range(data.draw(st.integers(0, 2)) if step in attempts.steps else 0):
            self.press(next(button for button in self.live() if button.action_id == f"walk:{failed}"))

    @rule(way=st.sampled_from(["button", "word", "invitation"]))
    def start(self, way: str) -> None:
        if way == "button":
            self.do(lambda unit: start.start_pressed(unit, "https://hooks.invalid/2"))
        elif way == "word":
            self.say("start")
        else:
            merchant = self.services.unit_of_work(people.person, "T1", MERCHANT.user_id)
            assert merchant is not None
            self.do(partial(invitations.invite, merchant=merchant), AGENT)
            (count,) = self.store.db.execute("SELECT count(*) FROM invitations").fetchone()
            url = "https://hooks.invalid/3"
            self.do(lambda unit: invitations.answered(unit, count or None, url, accepted=True))
        assert self.under_way() is not None

    @rule(acts=st.integers(1, 6))
    def straight_on(self, acts: int) -> None:
        self.go_straight_on(acts)

    @precondition(lambda self: self.under_way() is not None)
    @rule(data=st.data(), good=st.booleans())
    def press_something(self, data: st.DataObject, good: bool) -> None:  # noqa: FBT001
        button = data.draw(st.sampled_from(self.live()))
        name = button.action_id.removeprefix("form:")
        answers = self.way.good if good else self.way.bad
        raw = data.draw(st.sampled_from(answers.get(name) or self.way.good[name])) if name in self.way.good else None
        self.press(button, raw)

    @precondition(lambda self: self.under_way() is not None)
    @rule(data=st.data())
    def press_twice(self, data: st.DataObject) -> None:
        presses = [button for button in self.live() if button.action_id.startswith("walk:")]
        if not presses:
            return  # a step where a walk began that came from another procedure, and that only asks for a value
        button = data.draw(st.sampled_from(presses))
        self.press(button)
        assert self.changes_no_walk(lambda: self.press(button)) == 0

    @precondition(lambda self: any(button != self.last for button in self.once_seen))
    @rule(data=st.data())
    def press_something_old(self, data: st.DataObject) -> None:
        record = self.under_way()
        versions = {} if record is None else {record.id: record.version}
        old = [b for b in self.once_seen if versions.get(b.address.walk_id) != b.address.version]
        if old:
            button = data.draw(st.sampled_from(old))
            assert self.changes_no_walk(lambda: self.press(button)) <= 1

    @precondition(lambda self: self.under_way() is not None)
    @rule(data=st.data(), who=st.sampled_from([STRANGER, AGENT, Actor("T2", MERCHANT.user_id)]))
    def press_what_belongs_to_somebody_else(self, data: st.DataObject, who: Actor) -> None:
        button = data.draw(st.sampled_from(self.live()))
        assert self.changes_no_walk(lambda: self.press(button, who=who)) == 1

    @precondition(lambda self: self.under_way() is not None)
    @rule(data=st.data())
    def forge(self, data: st.DataObject) -> None:
        procedure = self.way.procedure
        name = data.draw(st.sampled_from(sorted(self.way.good)))
        event = data.draw(st.sampled_from(sorted({*procedure.events, "cancelled", "send"} - {CANCEL})))
        address = self.live()[0].address
        offered = {button.action_id for button in self.live()}
        if f"form:{name}" not in offered:
            self.changes_no_walk(lambda: self.press(Button(f"form:{name}", address)))
            case = partial(step_forms.submit, address=address, name=name, raw=self.way.good[name][0])
            self.changes_no_walk(lambda: self.do(case))
        # The act of a step that is shown with others had a button of its own in messages of former versions.
        acts = {offer.event for offer in self.opened(record).offers()} if (record := self.under_way()) else set()
        if event not in acts | {action_id.split(":")[1] for action_id in offered if action_id.startswith("walk:")}:
            self.changes_no_walk(lambda: self.press(Button(f"walk:{event}", address)))
        for choosing in procedure.choices:
            self.changes_no_walk(lambda choosing=choosing: self.press(Button(f"walk:{choosing}:mars", address)))

    @rule(data=st.data(), has_files=st.booleans())
    def type_something(self, data: st.DataObject, has_files: bool) -> None:  # noqa: FBT001
        self.say(data.draw(st.sampled_from(self.way.typed)), has_files=has_files)

    @rule(text=phrases())
    def type_as_people_do(self, text: str) -> None:
        self.say(text)

    def say(self, text: str, *, has_files: bool = False) -> None:
        """A message of its own: it is answered or in the ticket, and none is refused while a person is expected."""
        self.said.append(text)
        said = merchant_messages.MerchantMessage(
            text=text, channel="D1", ts=f"1700000000.{len(self.said):06}", has_files=has_files
        )
        is_expected, refused, newest = self.do(merchant_messages.live_ticket), self.refused(), self.newest_row()
        self.do(partial(typed_input.message_typed, said=said))
        came = [row["recipient"] for row in self.rows(f"id > {newest}")]
        assert {MERCHANT.user_id, SUPPORT} & set(came), f"nothing comes of {text!r}"
        assert is_expected is None or self.refused() == refused, f"{text!r} is not understood, and a person is expected"

    def in_own_words(self, content: str) -> str:
        """A row's content without what the merchant has typed, which a form may hold ready."""
        for text in self.said:
            content = content.replace(json.dumps(text, ensure_ascii=False)[1:-1], "") if text else content
        return content

    def newest_row(self) -> int:
        return max((row["id"] for row in self.rows("1 = 1")), default=0)

    def refused(self) -> int:
        """How many messages the bot could do nothing with."""
        return next(self.store.db.query("SELECT count(*) AS count FROM not_understood"))["count"]

    @rule()
    def call_support(self) -> None:
        without_walk = self.under_way() is None
        number = self.do(typed_input.support_requested)
        assert number in {ticket.number for ticket in self.tickets()}
        self.support_called += without_walk

    @precondition(lambda self: self.under_way() is not None)
    @rule(what=st.sampled_from(["restart", "cancel", "go_on"]))
    def press_a_door(self, what: str) -> None:
        record = self.under_way()
        assert record is not None
        url = "https://hooks.invalid/4"
        case = {
            "restart": start.restart_pressed, "cancel": start.cancel_pressed, "go_on": start.go_on_pressed,
        }[what]  # fmt: skip
        press = partial(case, walk_id=record.id, response_url=url)
        self.do(press)
        if what != "go_on":
            assert self.changes_no_walk(lambda: self.do(press)) == 1

    @rule(language=st.sampled_from(LANGUAGES))
    def choose_language(self, language: Any) -> None:
        self.do(partial(start.choose_language, language=language))

    @precondition(lambda self: self.tickets())
    @rule(case=st.sampled_from([ticket_actions.claim, ticket_actions.resolve]))
    def handle_ticket(self, case: Callable[..., None]) -> None:
        number = self.tickets()[0].number
        self.do(partial(case, number=number, response_url=None), AGENT)

    @rule(count=st.integers(1, 5))
    def courier_sends_a_few(self, count: int) -> None:
        for _ in range(count):
            self.deliver()

    @rule()
    def courier_is_killed_after_sending(self) -> None:
        self.deliver(forget=True)
        self.store.close()
        self.store = self.services.store = self._open()
        self.store.recover()

    @rule(minutes=st.sampled_from([1, 31, 60 * 24 * 5]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    # What holds after every act

    @invariant()
    def no_secret_is_stored(self) -> None:
        stored = [row["content"] for row in self.rows("content <> '{}'")] + [walk.state for walk in self.walks()]
        stored += [word for ticket in self.tickets() for word in ticket.words]
        assert TYPED_SECRETS.found_in("\n".join(stored)) == []

    @invariant()
    def ticket_exists_exactly_if_an_event_files_one_or_a_person_was_asked_for(self) -> None:
        tickets = self.tickets()
        of_walks = [ticket.walk_id for ticket in tickets if ticket.walk_id is not None]
        with self.store.transaction() as tx:
            wanted = {
                event.walk_id
                for walk in self.walks_in(tx)
                for event in tx.events(walk.id)
                if event.name == "help" or self.files_a_ticket(walk, event)
            }
        assert sorted(of_walks) == sorted(wanted)
        assert bool(len(tickets) - len(of_walks)) == bool(self.support_called)
        cards = [key for to, key in self.in_the_end() if to == SUPPORT]
        assert {ticket.card_key for ticket in tickets} <= set(cards)

    def files_a_ticket(self, walk: WalkRecord, event: Event) -> bool:
        """Whether support gets a ticket by it. A subclass says it in words of its own."""
        return self.way_through[walk.procedure].procedure.tickets.effect(event.step, event.name) == "file"

    def walks_in(self, tx: Any) -> list[WalkRecord]:
        last = tx.last_walk(MERCHANT.team_id, MERCHANT.user_id)
        return [walk for number in range(1, (last.id if last else 0) + 1) if (walk := tx.walk(number))]

    @invariant()
    def exactly_one_step_is_live(self) -> None:
        record = self.under_way()
        live = {
            key: buttons
            for (to, key), content in self.in_the_end().items()
            if to == MERCHANT.user_id and (buttons := buttons_of(content))
        }
        if record is None:
            assert live == {}
            return
        assert list(live) == [record.live_key]
        # Where several steps are one message, buttons of later ones say so besides.
        addresses = {replace(button.address, at="", acts=0, said="") for button in live[str(record.live_key)]}
        assert addresses == {Address(record.id, record.version, record.step, str(record.live_key))}

    @invariant()
    def some_way_leads_to_an_end(self) -> None:
        record = self.under_way()
        if record is None:
            return
        state = self.way.procedure.load(record.state)
        if (seen := state.model_dump_json(exclude={"trail", "repeats"})) not in self.known_ways:
            self.known_ways.add(seen)
            assert self.way.leads_to_an_end(state), record.step

    @invariant()
    def reopening_the_store_changes_nothing(self) -> None:
        record = self.under_way()
        if record == self.reopened:
            return
        before = self._rendered(record)
        if self.store.outbox_counts()["running"] == 0:
            self.store.close()
            self.store = self.services.store = self._open()
            assert self.store.recover() == 0
        assert self.under_way() == record
        assert self._rendered(record) == before
        self.reopened = record

    def _rendered(self, record: WalkRecord | None) -> Any:
        if record is None:
            return None

        def read(unit: UnitOfWork) -> Any:
            walk = unit.open(record)
            return walk.offers(), step_message(unit.view(record, walk, record.live_key or ""))

        return self.services.do(MERCHANT, read)
