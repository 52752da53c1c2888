"""Local time: wall clocks, weekdays and daylight saving, resolved to the model's one clock.

The model counts microseconds since the local midnight at which the calendar starts, in elapsed
(UTC) time. People write wall-clock times. `LocalClock` is the only place where the two meet.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ccsim import units
from ccsim.scenario.holidays import holiday_dates

if TYPE_CHECKING:
    from ccsim.scenario.blocks.time import Holidays
    from ccsim.scenario.quantities import Day
    from ccsim.scenario.schema import Calendar

SECOND = units.US_PER_SECOND
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEKDAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_ONE_US = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a local day in which the wall clock runs evenly."""

    start: int  # us since the calendar's start
    until: int
    wall: int  # us after midnight that the wall clock shows at `start`


class LocalClock:
    """The calendar's days in its time zone, or in that of a team.

    Days are numbered from 0; -1 is the day before the calendar, and days beyond its end exist too.
    In another zone day 0 has the same date and another midnight; instants and the horizon are the
    calendar's everywhere. Raises ValueError if a zone is unknown.
    """

    def __init__(self, calendar: Calendar, timezone: str | None = None) -> None:
        self.calendar = calendar
        self.start: dt.date = calendar.start
        self.days: int = calendar.days
        self.interval_us: int = calendar.interval
        self.holidays: Holidays | None = calendar.holidays
        self.zone = _zone(calendar.timezone)
        self._origin = 0
        self._origin = self._utc_us(self.start, 0)
        # the local midnight that ends the last day
        self.horizon_us: int = self.instant_us(self.days, 0)
        self.is_elsewhere = timezone is not None and timezone != calendar.timezone
        if timezone is not None:
            self.zone = _zone(timezone)
        self._stretches: dict[int, tuple[Stretch, ...]] = {}
        self._starts: dict[int, int] = {}

    def elsewhere(self, timezone: str | None, holidays: Holidays | None) -> LocalClock:
        """The same calendar by the wall clock of another zone, with these holidays."""
        clock = LocalClock(self.calendar, timezone)
        clock.holidays = holidays
        return clock

    # --- days -----------------------------------------------------------------------------------

    def date(self, day: int) -> dt.date:
        """The date of a day."""
        return self.start + dt.timedelta(days=int(day))

    def weekday(self, day: int) -> Day:
        """'mon' to 'sun'."""
        return WEEKDAYS[(self.start.weekday() + day) % 7]

    def is_holiday(self, day: int) -> bool:
        """Whether a day is a public holiday."""
        return self.date(day) in self._holiday_dates

    def demand_weekday(self, day: int) -> Day:
        """The weekday whose volume and shape a day has."""
        return self._like(day, self.holidays.demand_like if self.holidays else None)

    def shifts_weekday(self, day: int) -> Day:
        """The weekday whose shifts are worked on a day."""
        return self._like(day, self.holidays.shifts_like if self.holidays else None)

    def opening_weekday(self, day: int) -> Day:
        """The weekday whose opening hours a day has."""
        holidays = self.holidays
        return self._like(day, (holidays.opens_like or holidays.shifts_like) if holidays else None)

    def _like(self, day: int, like: Day | None) -> Day:
        return like if like is not None and self.is_holiday(day) else self.weekday(day)

    @cached_property
    def _holiday_dates(self) -> frozenset[dt.date]:
        return holiday_dates(self.holidays, self.date(-8), self.date(self.days + 8))

    def day_start_us(self, day: int) -> int:
        """Local midnight (or the first instant of the day, where midnight is skipped)."""
        known = self._starts.get(day)
        if known is None:
            known = self._starts[day] = self.instant_us(day, 0)
        return known

    @cached_property
    def day_starts(self) -> NDArray[np.int64]:
        """Starts of the calendar's days and its end: days + 1 instants."""
        return np.array([self.day_start_us(d) for d in range(self.days + 1)], dtype=np.int64)

    def day_of(self, us: ArrayLike) -> NDArray[np.int64]:
        """The day of each instant; -1 before the calendar, `days` from its end on."""
        return np.searchsorted(self.day_starts, np.asarray(us), side="right").astype(np.int64) - 1

    @property
    def staffed_days(self) -> range:
        """The days whose shifts may reach into the calendar: from the day before it (in another
        zone, whose days begin up to 26 hours apart, some more) to its last one."""
        return range(-3, self.days + 2) if self.is_elsewhere else range(-1, self.days)

    # --- wall clock -----------------------------------------------------------------------------

    def instant_us(self, day: int, seconds_after_midnight: float) -> int:
        """When the wall clock shows this time on this day (86,400 and more: on later days).

        A time that is skipped in spring moves forward by the gap; one that comes twice in autumn is
        its first occurrence.
        """
        wall = round(float(seconds_after_midnight) * SECOND)
        later, wall = divmod(wall, DAY)
        return self._utc_us(self.start + dt.timedelta(days=int(day) + later), wall) - self._origin

    @property
    def warm_up_us(self) -> int:
        """When the warm-up ends: its whole days at a local midnight, whatever their hours, so that
        a week of warm-up over a change of the clocks leaves no day that is measured in part."""
        days, rest = divmod(self.calendar.warm_up, DAY)
        return self.instant_us(days, rest / SECOND)

    def instants_us(self, days: ArrayLike, wall_us: ArrayLike) -> NDArray[np.int64]:
        """`instant_us` for many at once; `wall_us` are microseconds after midnight, below a day."""
        day = np.asarray(days, dtype=np.int64)
        wall = np.asarray(wall_us, dtype=np.int64)
        out = np.empty(day.shape, dtype=np.int64)
        for d in np.unique(day).tolist():
            mine = day == d
            stretches = self.stretches(d)
            if len(stretches) == 1:
                out[mine] = wall[mine] + (stretches[0].start - stretches[0].wall)
            else:
                out[mine] = [self.instant_us(d, w / SECOND) for w in wall[mine].tolist()]
        return out

    def local_time(self, us: int) -> dt.datetime:
        """What calendar and wall clock show at an instant, with the zone."""
        return (_EPOCH + (int(us) + self._origin) * _ONE_US).astimezone(self.zone)

    def stretches(self, day: int) -> tuple[Stretch, ...]:
        """The day cut where the wall clock jumps: one stretch on all but one or two days a year."""
        known = self._stretches.get(day)
        if known is None:
            known = self._stretches[day] = tuple(self._cut(day))
        return known

    def _cut(self, day: int) -> list[Stretch]:
        start, end = self.day_start_us(day), self.day_start_us(day + 1)
        if end - start == DAY and self._offset(start) == self._offset(end - 1):
            return [Stretch(start, end, 0)]
        cuts = [start]
        for at in range(start, end, HOUR):
            until = min(at + HOUR, end - 1)
            if self._offset(at) != self._offset(until):
                cuts.append(self._jump(at, until))
        out = []
        for a, b in zip(cuts, [*cuts[1:], end], strict=True):
            shown = self.local_time(a)
            midnight = shown.replace(hour=0, minute=0, second=0, microsecond=0)
            wall = (shown.replace(tzinfo=None) - midnight.replace(tzinfo=None)) // _ONE_US
            if b > a:
                out.append(Stretch(a, b, wall))
        return out

    def _jump(self, before: int, after: int) -> int:
        """The first instant with the offset of `after`."""
        target = self._offset(after)
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset(middle) == target:
                after = middle
            else:
                before = middle
        return after

    def _offset(self, us: int) -> dt.timedelta:
        offset = self.local_time(us).utcoffset()
        return offset if offset is not None else dt.timedelta(0)

    def _utc_us(self, date: dt.date, wall_us: int) -> int:
        """Microseconds since 1970 of a wall-clock time; fold 0 gives the rule of `instant_us`."""
        midnight = dt.datetime(date.year, date.month, date.day, tzinfo=self.zone)
        wall = midnight.replace(tzinfo=None) + wall_us * _ONE_US
        return (wall.replace(tzinfo=self.zone).astimezone(dt.UTC) - _EPOCH) // _ONE_US

    # --- intervals ------------------------------------------------------------------------------

    @cached_property
    def interval_starts(self) -> NDArray[np.int64]:
        """Starts of the reporting intervals: equal elapsed steps from each local midnight.

        A day of 23 or 25 hours has fewer or more of them; its last one may be shorter.
        """
        days = range(self.days)
        return np.concatenate(
            [
                np.arange(
                    self.day_start_us(d),
                    self.day_start_us(d + 1),
                    self.interval_us,
                    dtype=np.int64,
                )
                for d in days
            ]
        )

    def interval_of(self, us: ArrayLike) -> NDArray[np.int64]:
        """The interval of each instant, an index into `interval_starts`; -1 before the calendar.

        Instants from the horizon on count to the last interval.
        """
        found = np.searchsorted(self.interval_starts, np.asarray(us), side="right")
        return found.astype(np.int64) - 1


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"no time zone is named '{name}'") from problem
