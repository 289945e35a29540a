"""The desk: every use case is one transaction in the one thread that owns the store."""

from collections.abc import Callable
from typing import TypeVar

from bot.desk.house import Caller, House, Who
from bot.desk.unit import Unit
from bot.store.protocol import Store, Transaction
from bot.store.records import Person

T = TypeVar("T")


class Desk:
    """Carries out use cases. Its methods run in the store's thread."""

    def __init__(self, house: House, store: Store) -> None:
        self.house = house
        self.store = store

    def do(self, who: Who, case: Callable[[Unit], T], event_id: str | None = None) -> T | None:
        """Let `case` happen, whole or not at all. A delivery seen before (`event_id`) does nothing and gives `None`."""
        with self.store.transaction() as tx:
            if event_id is not None and not tx.first_time(event_id, self.house.clock()):
                return None
            return case(Unit(self.house, tx, self._caller(tx, who)))

    def meet(self, person: Person) -> None:
        """Keep what Slack says of a person; their own choices stay."""
        with self.store.transaction() as tx:
            known = tx.person(person.team_id, person.user_id)
            if known is not None:
                language, opened = known.language, known.home_opened
                person = Person(
                    team_id=person.team_id, user_id=person.user_id, name=person.name or known.name,
                    locale=person.locale or known.locale, language=language, home_opened=opened,
                )  # fmt: skip
            if person != known:
                tx.save_person(person)

    def person(self, team_id: str, user_id: str) -> Person | None:
        """What is known of somebody."""
        with self.store.transaction() as tx:
            return tx.person(team_id, user_id)

    def _caller(self, tx: Transaction, who: Who) -> Caller:
        person = tx.person(who.team_id, who.user_id)
        return Caller(
            team_id=who.team_id,
            user_id=who.user_id,
            name=person.name if person is not None and person.name else who.user_id,
            language=self.house.language_of(person),
            is_agent=who.is_agent,
        )
