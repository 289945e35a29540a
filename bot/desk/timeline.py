"""How long a walk stood at each step, from its history."""

from datetime import datetime

from bot.store.records import Event, WalkRecord
from conversations.ticket.case import StepTime


def step_times(events: list[Event], record: WalkRecord, now: datetime) -> list[StepTime]:
    """Seconds spent in each step and how often it was reached, in the order first met."""
    seconds: dict[str, float] = {}
    visits: dict[str, int] = {}
    since, step = record.started_at, events[0].step if events else record.step
    visits[step] = 1
    for event in events:
        if event.next_step == step:
            continue
        seconds[step] = seconds.get(step, 0.0) + (event.at - since).total_seconds()
        since, step = event.at, event.next_step
        visits[step] = visits.get(step, 0) + 1
    until = record.ended_at or now
    seconds[step] = seconds.get(step, 0.0) + (until - since).total_seconds()
    return [StepTime(name, round(spent), visits[name]) for name, spent in seconds.items()]
