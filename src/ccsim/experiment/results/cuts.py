"""A measure cut by time: by interval, by time of day, by day, weekday or week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ccsim.scenario.clock import WEEKDAYS, LocalClock
from ccsim.statistics import Band
from ccsim.units import US_PER_SECOND

if TYPE_CHECKING:
    from ccsim.scenario.schema import Calendar

By = Literal["interval", "time", "day", "weekday", "week"]


@dataclass(frozen=True, eq=False)
class Groups:
    """Which group each interval of the horizon belongs to, and the groups in words.

    `days` is how many calendar days have intervals in each group: totals are per day of the group,
    except those of a week, which are per week. Weeks count from the first day that is measured.
    """

    by: By
    of_interval: NDArray[np.int64]  # (I,); -1: not measured (warm-up)
    labels: tuple[str, ...]  # '2027-03-01 07:30', '07:30', '2027-03-01', 'mon', 'week 2027-03-01'
    starts: tuple[int, ...]  # us since the calendar's start; for `time`: s after local midnight
    days: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.labels)

    def summed(self, by_interval: NDArray[np.float64]) -> NDArray[np.float64]:
        """(K, I) by interval -> (K, groups)."""
        measured = by_interval[:, self._first :]
        if self.by == "interval":
            return measured
        found = np.zeros((len(by_interval), len(self)))
        if self.by == "time":
            for first, last, group in self._stretches(step=1):
                found[:, group : group + last - first] += measured[:, first:last]
            return found
        starts, _, of_stretch = zip(*self._stretches(step=0), strict=True)
        sums = np.add.reduceat(measured, starts, axis=1)
        if of_stretch == tuple(range(len(self))):
            return sums
        for place, group in enumerate(of_stretch):
            found[:, group] += sums[:, place]
        return found

    @property
    def _first(self) -> int:
        """The first measured interval: a warm-up is before all others."""
        return int(np.count_nonzero(self.of_interval < 0))

    def _stretches(self, step: int) -> list[tuple[int, int, int]]:
        """Neighbours among the measured intervals of which each belongs to the group `step` after
        that of the one before: the first, the one after the last, and the first's group."""
        of = self.of_interval[self._first :]
        borders = np.flatnonzero(np.diff(of, prepend=of[0] - step - 1) != step)
        ends = np.append(borders[1:], len(of))
        return list(zip(borders.tolist(), ends.tolist(), of[borders].tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A measure by group of intervals: band.at(i) belongs to labels[i].

    A total (attempts, contacts) is that of the group on an average day of it; a ratio is a ratio
    of totals.
    """

    key: str
    groups: Groups
    band: Band

    @property
    def labels(self) -> tuple[str, ...]:
        return self.groups.labels


def cuts_of(calendar: Calendar) -> dict[By, Groups]:
    """Groups of the calendar's intervals. Those that begin in the warm-up belong to none."""
    clock = LocalClock(calendar)
    starts = clock.interval_starts
    days, seconds = clock.day_of(starts), _wall_seconds(clock, starts)
    dates = [f"{clock.date(day):%Y-%m-%d}" for day in range(clock.days)]
    weekday = np.array([WEEKDAYS.index(clock.weekday(day)) for day in range(clock.days)])

    measured = starts >= clock.warm_up_us
    weeks = (days - days[np.argmax(measured)]) // 7  # from the first day measured

    def time(i: int) -> str:
        return f"{seconds[i] // 3600:02d}:{seconds[i] // 60 % 60:02d}"

    def group(by: By, keys: NDArray[np.int64], word: Callable[[int], str]) -> Groups:
        found, first, which = np.unique(keys[measured], return_index=True, return_inverse=True)
        of_interval = np.full(len(starts), -1, dtype=np.int64)
        of_interval[measured] = which
        at_first = np.flatnonzero(measured)[first].tolist()
        pairs = np.unique(np.column_stack([which, days[measured]]), axis=0)
        covered = np.bincount(pairs[:, 0], minlength=len(found)).astype(np.float64)
        return Groups(
            by=by,
            of_interval=of_interval,
            labels=tuple(word(i) for i in at_first),
            starts=tuple((seconds if by == "time" else starts)[at_first].tolist()),
            days=np.ones(len(found)) if by == "week" else covered,
        )

    return {
        "interval": group(
            "interval", np.arange(len(starts)), lambda i: f"{dates[days[i]]} {time(i)}"
        ),
        "time": group("time", seconds, time),
        "day": group("day", days, lambda i: dates[days[i]]),
        "weekday": group("weekday", weekday[days], lambda i: WEEKDAYS[weekday[days[i]]]),
        "week": group("week", weeks, lambda i: f"week {dates[days[i]]}"),
    }


def _wall_seconds(clock: LocalClock, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """What the wall clock shows at instants of the calendar, in order: s after midnight."""
    shown = np.empty(len(starts), np.int64)
    for stretch in (each for day in range(clock.days) for each in clock.stretches(day)):
        inside = slice(*np.searchsorted(starts, [stretch.start, stretch.until]))
        shown[inside] = (stretch.wall + starts[inside] - stretch.start) // US_PER_SECOND
    return shown
