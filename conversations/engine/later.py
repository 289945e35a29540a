"""When somebody who puts a step off wants to be asked again."""

from datetime import UTC, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

Later = Literal["hour", "evening", "morning", "monday"]
"""In an hour, this evening, tomorrow morning, on Monday morning."""
ALL_LATER: tuple[Later, ...] = get_args(Later)
_EVENING, _LAST_CALL = time(18), time(17)
_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), 7


def moment(later: Later, now: datetime, zone: ZoneInfo, morning: time) -> datetime | None:
    """The moment (UTC) that is meant, in the time of `zone`, or `None` when it is past or nearly so."""
    local = now.astimezone(zone)
    match later:
        case "hour":
            return (now + _HOUR).astimezone(UTC)
        case "evening":
            evening = datetime.combine(local.date(), _EVENING, tzinfo=zone)
            return evening.astimezone(UTC) if local.time() < _LAST_CALL else None
        case "morning":
            ahead = _DAY
        case "monday":
            ahead = timedelta(days=_WEEK - local.weekday())
    return datetime.combine(local.date() + ahead, morning, tzinfo=zone).astimezone(UTC)


def choices(now: datetime, zone: ZoneInfo, morning: time) -> tuple[Later, ...]:
    """What to offer: each moment that is to come, and each once. On a Sunday tomorrow morning is Monday."""
    offered: dict[datetime, Later] = {}
    for later in ALL_LATER:
        at = moment(later, now, zone, morning)
        if at is not None:
            offered.setdefault(at, later)
    return tuple(offered.values())
