"""The bot's clock, moved by hand: to the moment at which something is due by itself, or by days."""

from datetime import UTC, datetime, timedelta

from bot.app.server import RunningBot
from bot.services import daily_digest, escalations, putting_off, reminders


class TimeMachine:
    """Runs like the real clock, but ahead of it. Made for one line; `follow` takes it to the next process."""

    def __init__(self, line: RunningBot) -> None:
        self.ahead = timedelta()
        self.line = line
        self.follow(line)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def follow(self, line: RunningBot) -> None:
        """The desk and the courier of this process go by this clock."""
        self.line = line
        object.__setattr__(line.bot.services.config, "clock", self)
        line.bot.outbox_worker._clock = self

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
