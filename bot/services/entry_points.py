"""The desk: every use case is one transaction in the one thread that owns the store."""

from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.services import (
    card_repair,
    daily_digest,
    escalations,
    home_tab,
    notify,
    reminders,
    statistics,
    ticket_card,
    ticket_filing,
)
from bot.services.context import Caller, House, Who
from bot.services.unit_of_work import Unit
from bot.store.models import Person
from bot.store.protocol import Points, Store, Transaction, nowhere
from conversations.amazon_token.steps import STEPS
from conversations.secrets.redact import redact

T = TypeVar("T")
NOBODY = ""
"""Who does what happens by itself."""


class NotMet(Exception):  # noqa: N818 - it is an answer: Slack is to be asked first
    """Nothing is known, or nothing any more, of somebody whom the use case is about."""


@dataclass(frozen=True)
class UseCase:
    """Who does what. A delivery seen before (`event_id`) does nothing. `NotMet` when one of `met` is unknown."""

    who: Who
    case: Callable[[Unit], Any]
    event_id: str | None = None
    met: Collection[str] = ()


@dataclass(frozen=True)
class Done:
    """What a use case gave: its result, `None` for a repeat; or the exception with which it was rolled back."""

    result: Any = None
    error: BaseException | None = None


class Desk:
    """Carries out use cases. Its methods run in the store's thread. `at` is told before_commit and after_commit."""

    def __init__(self, house: House, store: Store, at: Points = nowhere) -> None:
        self.house = house
        self.store = store
        self._at = at

    def do(self, who: Who, case: Callable[[Unit], T], event_id: str | None = None) -> T | None:
        """Let `case` happen, whole or not at all. A delivery seen before (`event_id`) does nothing and gives `None`."""
        result: T | None = self._carry_out(UseCase(who, case, event_id))
        self._at("after_commit")
        return result

    def do_all(self, cases: Sequence[UseCase]) -> list[Done]:
        """Let each of `cases` happen, whole or not at all, and commit once for all that waited together.

        One that fails changes nothing for the others. An error of the commit is raised; then none has happened.
        """
        with self.store.shared_commit() if len(cases) > 1 else nullcontext():
            done = [self._tried(case) for case in cases]
        for _ in done:
            self._at("after_commit")
        return done

    def _tried(self, case: UseCase) -> Done:
        try:
            return Done(self._carry_out(case))
        except Exception as error:  # noqa: BLE001 - it is raised where the use case is waited for
            return Done(error=error)

    def _carry_out(self, case: UseCase) -> Any:
        with self.store.transaction() as tx:
            if any(tx.person(case.who.team_id, user_id) is None for user_id in case.met):
                raise NotMet
            if case.event_id is not None and not tx.first_time(case.event_id, self.house.clock()):
                return None
            unit = self._unit(tx, case.who)
            result = case.case(unit)
            notify.mirror(unit)
            self._at("before_commit")
        return result

    def meet(self, person: Person) -> None:
        """Keep what Slack says of a person; their own choices stay. A name in which a secret stands loses it."""
        removed = self.house.removed(self.house.language_of(person))
        person = replace(person, name=redact(person.name, removed))
        with self.store.transaction() as tx:
            known = tx.person(person.team_id, person.user_id)
            if known is not None:
                person = replace(
                    known, name=person.name or known.name, locale=person.locale or known.locale,
                    zone=person.zone or known.zone,
                )  # fmt: skip
            if person != known:
                tx.save_person(person)

    def remind(self) -> bool:
        """Look at the reminder that has been due longest; whether there was one."""
        with self.store.transaction() as tx:
            now = self.house.clock()
            due = tx.due_reminder(now)
            record = tx.walk(due.walk_id) if due is not None else None
            if due is None or record is None:
                return False
            reminders.remind(self._unit(tx, Who(record.team_id, record.worker_id)), record, due)
            return True

    def resettle(self) -> int:
        """Bring walks back to a step that there is, after a change of the procedure; how many. For the start."""
        with self.store.transaction() as tx:
            lost = tx.walks_elsewhere(STEPS)
            for record in lost:
                reminders.resettle(self._unit(tx, Who(record.team_id, record.worker_id)), record)
        return len(lost)

    def catch_up(self) -> bool:
        """Let a card follow its walk, or agents' Home tabs what has changed, if that is due; whether it was."""
        with self.store.transaction() as tx:
            now = self.house.clock()
            card = tx.due_chore(ticket_card.FOLLOW, now)
            if card is not None:
                tx.forget_chore(card)
                self._follow(tx, int(card.removeprefix(ticket_card.FOLLOW)))
                return True
            if tx.due_chore(home_tab.CHORE, now) is None:
                return False
            tx.save_chore(home_tab.CHORE, now + home_tab.AGAIN)
            for team_id, user_id in tx.support_homes():
                home_tab.publish_desk(self._unit(tx, Who(team_id, user_id)))
            return True

    def keep_agents(self, members: frozenset[str]) -> None:
        """Whoever is not among the `members` of the support channel does not see the desk on their Home tab."""
        with self.store.transaction() as tx:
            for team_id, user_id in tx.support_homes():
                if user_id not in members:
                    home_tab.withdraw(self._unit(tx, Who(team_id, user_id)))

    def _follow(self, tx: Transaction, number: int) -> None:
        ticket = tx.ticket(number)
        if ticket is not None:
            ticket_filing.show_again(self._unit(tx, Who(ticket.team_id, ticket.merchant_id)), number)

    def wait(self) -> bool:
        """Look at the ticket's timer that has been due longest; whether there was one."""
        with self.store.transaction() as tx:
            due = tx.due_ticket_timer(self.house.clock())
            if due is None:
                return False
            ticket = tx.ticket(due.number)
            unit = self._unit(tx, Who(ticket.team_id if ticket is not None else "", NOBODY))
            escalations.fire(unit, due)
            notify.mirror(unit)
            self._at("before_commit")
        self._at("after_commit")
        return True

    def mend(self) -> bool:
        """Show the card of a ticket again that was deleted in Slack; whether there was one."""
        refused = [row for row in self.store.dead() if row.error in card_repair.GONE]
        if not refused:
            return False
        with self.store.transaction() as tx:
            for team_id in sorted({row.team_id for row in refused}):
                unit = self._unit(tx, Who(team_id, NOBODY))
                ticket = card_repair.lost_card(unit, [row for row in refused if row.team_id == team_id])
                if ticket is not None:
                    break
            else:
                return False
            its = [row for row in refused if ticket.card_key in {row.target, row.thread}]
            card_repair.show_again(unit, ticket, its)
        for row in its:
            self.store.drop_unsent(row.key)
        return True

    def digest(self) -> bool:
        """Say the morning's list in each workspace if it is due; whether it was."""
        with self.store.transaction() as tx:
            if not daily_digest.is_due(self.house, tx, self.house.clock()):
                return False
            for team_id in daily_digest.teams(tx):
                daily_digest.say(self._unit(tx, Who(team_id, NOBODY)))
            return True

    def weekly(self) -> bool:
        """Tell last week's figures in each workspace if they are due; whether they were."""
        with self.store.transaction() as tx:
            if not statistics.is_due(self.house, tx, self.house.clock()):
                return False
            for team_id in tx.teams():
                statistics.weekly(self._unit(tx, Who(team_id, NOBODY)))
            return True

    def person(self, team_id: str, user_id: str) -> Person | None:
        """What is known of somebody."""
        with self.store.transaction() as tx:
            return tx.person(team_id, user_id)

    def known(self, team_id: str, users: Collection[str]) -> frozenset[str]:
        """Those of `users` of whom something is known."""
        with self.store.transaction() as tx:
            return frozenset(user_id for user_id in users if tx.person(team_id, user_id) is not None)

    def scrub(self) -> None:
        """Let what was forgotten leave the disk. Where a reader is in the way, the courier does it later."""
        self.store.scrub(self.house.clock())

    def _unit(self, tx: Transaction, who: Who) -> Unit:
        person = tx.person(who.team_id, who.user_id)
        caller = Caller(
            team_id=who.team_id,
            user_id=who.user_id,
            name=person.name if person is not None and person.name else who.user_id,
            language=self.house.language_of(person),
            is_agent=who.is_agent,
        )
        return Unit(self.house, tx, caller)
