"""Working time: when support is there, and how much working time lies between two moments. All moments are aware."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONDAY_TO_FRIDAY = frozenset(range(5))
LONGEST_PAUSE = 366
"""After so many days without a working day `NoBusinessHours` is raised."""


class NoBusinessHours(ValueError):  # noqa: N818 - the message is for the operator
    """There is no working day in a whole year, so that no moment can be computed."""


def _never(_day: date) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class BusinessHours:
    """From `begins` until `ends`, in the time of `zone`, on each of `days` (Monday is 0) that is no holiday."""

    zone: ZoneInfo
    begins: time = time(8)
    ends: time = time(17)
    days: frozenset[int] = MONDAY_TO_FRIDAY
    is_holiday: Callable[[date], bool] = field(default=_never)

    @property
    def day(self) -> timedelta:
        """The length of a working day."""
        return datetime.combine(date.min, self.ends) - datetime.combine(date.min, self.begins)

    def works_on(self, day: date) -> bool:
        """Whether this is a working day."""
        return day.weekday() in self.days and not self.is_holiday(day)

    def local_day(self, at: datetime) -> date:
        """The date in `zone` at this moment."""
        return at.astimezone(self.zone).date()

    def is_open(self, at: datetime) -> bool:
        """Whether support is there. The last moment of a day counts, so that what is due then is still sent then."""
        begins, ends = self._span(self.local_day(at))
        return self.works_on(self.local_day(at)) and begins <= at <= ends

    def next_open(self, at: datetime) -> datetime:
        """This moment if support is there, else the next moment at which it is (UTC)."""
        if self.is_open(at):
            return at.astimezone(UTC)
        return next(begins for begins, _ in self._spans(at) if begins >= at)

    def closes(self, at: datetime) -> datetime:
        """The end (UTC) of the working day that it is, else of the next one."""
        return next(ends for _, ends in self._spans(at))

    def add(self, at: datetime, span: timedelta) -> datetime:
        """The first moment (UTC) at which `span` of working time has passed since `at`."""
        left = span
        for begins, ends in self._spans(at):
            start = max(begins, at)
            if ends - start >= left:
                return start + left
            left -= max(ends - start, timedelta())
        raise NoBusinessHours

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments; zero when `end` is earlier than `start`."""
        passed = timedelta()
        day, last = self.local_day(start), self.local_day(end)
        while day <= last:
            if self.works_on(day):
                begins, ends = self._span(day)
                passed += max(min(ends, end) - max(begins, start), timedelta())
            day += timedelta(days=1)
        return passed

    def at(self, day: date, moment: time) -> datetime:
        """The time `moment` of `day` in `zone`, as UTC."""
        return datetime.combine(day, moment, tzinfo=self.zone).astimezone(UTC)

    def next_day(self, day: date) -> date:
        """The first working day after `day`."""
        for ahead in range(1, LONGEST_PAUSE + 1):
            if self.works_on(candidate := day + timedelta(days=ahead)):
                return candidate
        raise NoBusinessHours("there is no working day in a whole year")

    def _span(self, day: date) -> tuple[datetime, datetime]:
        return self.at(day, self.begins), self.at(day, self.ends)

    def _spans(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Begin and end of each working day that ends at or after `at`. The iterator does not end."""
        day = self.local_day(at)
        if self.works_on(day) and self._span(day)[1] >= at:
            yield self._span(day)
        while True:
            day = self.next_day(day)
            yield self._span(day)
