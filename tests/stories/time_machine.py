"""The clock of a story: a working morning, moved by hand to the moment at which something is due, or by days."""

from datetime import UTC, datetime, time, timedelta

from bot.app.server import RunningBot
from bot.services import daily_digest, escalations, putting_off, reminders
from conversations.ticket.business_hours import BusinessHours

_WEDNESDAY = 2


def working_morning(now: datetime, hours: BusinessHours) -> datetime:
    """Ten o'clock of the next Wednesday that is no holiday, always later than `now`."""
    day = hours.next_day(hours.local_day(now))
    while day.weekday() != _WEDNESDAY:
        day = hours.next_day(day)
    return hours.at(day, time(10))


class TimeMachine:
    """The clock of the bots of a story. It runs like the real one, but ahead of it, from a working morning on.

    By the real one a story would be another at night: nobody is written to unasked then, and no support is there.
    """

    line: RunningBot
    """The bot that serves, or the one that served last."""

    def __init__(self, hours: BusinessHours) -> None:
        now = datetime.now(UTC)
        self.ahead = working_morning(now, hours) - now

    def __call__(self) -> datetime:
        """What time it is, aware and in UTC."""
        return datetime.now(UTC) + self.ahead

    async def to(self, moment: datetime) -> None:
        """It is that moment, unless it is later already; what is due happens, after all that is under way is sent."""
        bot = self.line.bot
        await bot.outbox_worker.drain()
        self.ahead += max(moment - self(), timedelta())
        for case in (reminders.remind_due, escalations.fire_due, daily_digest.post_due, putting_off.come_back):
            while await bot.thread.run(bot.services.unit_of_work, case):
                pass
        bot.outbox_worker.wake()
        await bot.outbox_worker.drain()

    async def to_the_next(self, number: int = 1001) -> str:
        """It is the moment of the ticket's timer; its kind, "" when there is none."""
        timer = await self.line.bot.thread.run(self._timer, number)
        if timer is None:
            return ""
        await self.to(timer[0])
        return timer[1]

    def _timer(self, number: int) -> tuple[datetime, str] | None:
        with self.line.bot.store.transaction() as tx:
            found = tx.ticket_timer(number)
            return None if found is None else (found.due_at, found.kind)

    async def history(self, number: int = 1001) -> list[tuple[str, str]]:
        """What happened to the ticket: who (empty for what happens by itself) and what."""

        def read() -> list[tuple[str, str]]:
            with self.line.bot.store.transaction() as tx:
                return [(event.actor_id, event.name) for event in tx.ticket_events(number)]

        return await self.line.bot.thread.run(read)
