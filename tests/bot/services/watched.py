"""A desk whose clock is moved by hand."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.services import escalations, ticket_actions, ticket_card, ticket_filing
from bot.services.context import AppConfig, SupportConfig
from bot.services.runner import Services
from bot.store.models import TicketEvent, TicketRecord
from bot.store.sqlite import SqliteStore
from tests.bot.services.visits import ANNA, ERIKA, URL, Visit

CHANNEL = "C0SUPPORT"


MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 9:00 in Berlin


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


class Watched:
    """A desk with Erika, Anna and a clock that is moved by hand."""

    def __init__(self, config: AppConfig, store: SqliteStore) -> None:
        self.clock = Clock()
        self.store = store
        self.services = Services(
            replace(config, clock=self.clock, support=SupportConfig(escalation=("U0CHEF",))), store
        )
        self.erika, self.anna = (Visit(self.services, store, who).meet() for who in (ERIKA, ANNA))

    def pass_to(self, moment: datetime) -> None:
        """Time passes in steps of five minutes, and the bot looks each time."""
        while self.clock.now < moment:
            self.clock.now = min(self.clock.now + timedelta(minutes=5), moment)
            self.look()

    def sleep_to(self, moment: datetime) -> None:
        """The bot is down until then."""
        self.clock.now = moment
        self.look()

    def look(self) -> None:
        while self.services.unit_of_work(escalations.fire_due):
            pass

    def file(self) -> TicketRecord:
        """Erika asks for help at her first step: a question, P3."""
        self.erika.begin()
        self.erika.do(lambda unit: ticket_filing.request_support(unit, unit.tx.open_walks("T1", "U0ERIKA")[0], "bitte"))
        return self.ticket

    def change(self, event: str, **fields: object) -> None:
        ticket = self.ticket
        self.anna.do(lambda unit: ticket_card.transition(unit, ticket, event, **fields))

    def answer(self) -> None:
        """Anna answers in the merchant's direct message."""
        self.change("answer", talk_key="talk", answered_at=self.clock.now)

    def claim(self) -> None:
        self.anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL))

    @property
    def ticket(self) -> TicketRecord:
        found: TicketRecord = self.erika.tickets()[0]
        return found

    @property
    def history(self) -> list[TicketEvent]:
        return self.erika.do(lambda unit: unit.tx.ticket_events(1001))

    @property
    def by_itself(self) -> list[str]:
        return [event.name for event in self.history if not event.actor_id]

    def timers(self) -> list[tuple[int, str]]:
        return [(row["number"], row["kind"]) for row in self.store.db.query("SELECT * FROM ticket_timers")]

    def thread(self) -> list[str]:
        """Replies in the ticket's thread, oldest first."""
        rows = [row for row in self.erika.rows("post", to=CHANNEL) if row["thread"]]
        return [json.dumps(row["content"], ensure_ascii=False) for row in rows]

    def to_merchant(self) -> list[str]:
        return [json.dumps(row["content"], ensure_ascii=False) for row in self.erika.rows("post")]
