"""Who works which shift on which day, and when its breaks are. Nothing here is random."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.scenario.clock import MINUTE, WEEKDAYS, LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.schema import Break, Shift, Team

BREAK_STEP = 5 * MINUTE  # people take a break `between` two times in steps of this


@dataclass(frozen=True, slots=True)
class BreakWindow:
    """When a break of one shift on one day may begin: at first, first + 5 min, ... (us)."""

    first: int
    slots: int
    length: int
    paid: bool

    def start(self, rank: int, present: int) -> int:
        """When person number `rank` of the `present` takes it: spread evenly over the slots."""
        return self.first + BREAK_STEP * (rank * self.slots // max(present, 1))


@dataclass(frozen=True, slots=True)
class ShiftDay:
    """A shift on the day it starts, resolved to instants (us since the calendar's start)."""

    start: int
    until: int
    breaks: tuple[BreakWindow, ...]


def shift_day(clock: LocalClock, shift: Shift, day: int) -> ShiftDay:
    """Wall-clock times of the shift on this day; on DST nights it lasts an hour less or more."""
    start = clock.instant_us(day, shift.from_)
    until = clock.instant_us(day if shift.to > shift.from_ else day + 1, shift.to)
    windows = tuple(_window(clock, shift, day, start, b) for b in shift.breaks)
    return ShiftDay(start, until, windows)


def _window(clock: LocalClock, shift: Shift, day: int, start: int, b: Break) -> BreakWindow:
    def instant(wall: int, not_before: int) -> int:
        """A time of day within the shift: after midnight when it is before the shift's start."""
        return clock.instant_us(day if wall >= not_before else day + 1, wall)

    if b.between is not None:
        first = instant(b.between[0], shift.from_)
        last = instant(b.between[1], shift.from_) - b.for_
        return BreakWindow(first, max((last - first) // BREAK_STEP + 1, 1), b.for_, b.paid)
    if b.at is not None:
        return BreakWindow(instant(b.at, shift.from_), 1, b.for_, b.paid)
    return BreakWindow(start + (b.into or 0), 1, b.for_, b.paid)


def people_by_shift(team: Team) -> dict[str, int]:
    """How many people of the team work each shift, in the order of the file.

    Shares are of `people` and rounded by largest remainder (Hamilton's method; equal remainders in
    the order of the file); counts are taken as they are. `rest` is what is left of 100 %, or, among
    counts, of `people`.
    """
    roster: Mapping[str, float | int | str] = team.roster or {}
    stated = {name: value for name, value in roster.items() if not isinstance(value, str)}
    if stated and all(isinstance(value, int) for value in stated.values()):
        left = (team.people or 0) - int(sum(stated.values()))
        return {name: int(stated.get(name, max(left, 0))) for name in roster}
    rest = max(1.0 - sum(stated.values()), 0.0)
    shares = [float(stated.get(name, rest)) for name in roster]
    return dict(zip(roster, largest_remainder(team.people or 0, shares), strict=True))


def largest_remainder(total: int, shares: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the shares that add up to `total` (if the shares do to 1)."""
    # 0.29 x 100 is 28.999999999999996: what is whole but for rounding counts as whole
    quotas = [round(total * share, 9) for share in shares]
    counts = [math.floor(quota) for quota in quotas]
    left = round(sum(quotas)) - sum(counts)
    by_remainder = sorted(range(len(shares)), key=lambda i: (counts[i] - quotas[i], i))
    for i in by_remainder[:left]:
        counts[i] += 1
    return counts


def works_on(shift: Shift, works: tuple[int, int], position: int, date: dt.date) -> bool:
    """Whether person number `position` of those on the shift works on a date.

    `works` is (5, 7) for '5 of 7'. Of the days on which the shift is worked each person has as
    many off as exceed the first number, one after the other, and the next person's days off follow
    on: on every day as many are off as on any other, give or take one. A cycle that is no week
    (4 of 8) runs through the calendar instead of the week.
    """
    weekday = WEEKDAYS[date.weekday()]
    if weekday not in shift.days:
        return False
    count, cycle = works
    if cycle == 7:
        week = [day for day in WEEKDAYS if day in shift.days]
        length, place = len(week), week.index(weekday)
    else:
        length, place = cycle, date.toordinal() % cycle
    off = max(length - count, 0)
    return (place - position * off) % length >= off
