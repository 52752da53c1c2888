"""Which days of a shift a person works, when it is, and when its breaks are. Nothing is random."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.scenario.clock import MINUTE, SECOND, WEEKDAYS, LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.quantities import Day
    from ccsim.scenario.schema import Break, Shift, Team

BREAK_STEP = 5 * MINUTE  # people take a break `between` two times in steps of this
ALL_DAYS = (7, 7)  # days of work that are not limited
GOLDEN = 0.6180339887498949  # multiples of it fill [0, 1) evenly, however many people there are


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

    parts: tuple[tuple[int, int], ...]  # one, or those of a split shift in order
    breaks: tuple[BreakWindow, ...]

    @property
    def start(self) -> int:
        """When it begins."""
        return self.parts[0][0]

    @property
    def until(self) -> int:
        """When it ends."""
        return self.parts[-1][1]


def shift_day(clock: LocalClock, shift: Shift, day: int) -> ShiftDay:
    """Wall-clock times of the shift on this day; on DST nights it lasts an hour less or more."""
    walls = shift.wall_spans
    parts = tuple((clock.instant_us(day, a), clock.instant_us(day, b)) for a, b in walls)
    first = walls[0][0]
    windows = tuple(_window(clock, first, day, parts[0][0], b) for b in shift.breaks)
    return ShiftDay(parts, windows)


def _window(clock: LocalClock, first: int, day: int, start: int, b: Break) -> BreakWindow:
    def instant(wall: int, not_before: int) -> int:
        """A time of day within the shift: after midnight when it is before the shift's start."""
        return clock.instant_us(day if wall >= not_before else day + 1, wall)

    if b.between is not None:
        earliest = instant(b.between[0], first)
        last = instant(b.between[1], first) - b.for_
        return BreakWindow(earliest, max((last - earliest) // BREAK_STEP + 1, 1), b.for_, b.paid)
    if b.at is not None:
        return BreakWindow(instant(b.at, first), 1, b.for_, b.paid)
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


def works_on(
    shift: Shift, works: tuple[int, int], position: int, date: dt.date, like: Day | None = None
) -> bool:
    """Whether person number `position` of those on the shift works on a date.

    `works` is (5, 7) for '5 of 7'. Of the days on which the shift is worked each person has as
    many off as exceed the first number, one after the other, and the next person's days off follow
    on: on every day as many are off as on any other, give or take one. A cycle that is no week
    (4 of 8) runs through the calendar instead of the week.

    `like` is the weekday whose shifts are worked on the date, where that is another one (a
    holiday): it says whether the shift is worked. Days off are those of the date all the same, so
    that a holiday moves nobody's; only where the date has none, as it is no day of the shift, they
    are those of `like`.
    """
    weekday = WEEKDAYS[date.weekday()]
    days = shift.days or ()
    if (weekday if like is None else like) not in days:
        return False
    if like is not None and weekday not in days:
        weekday = like
    count, cycle = works
    if cycle == 7:
        week = [day for day in WEEKDAYS if day in days]
        length, place = len(week), week.index(weekday)
    else:
        length, place = cycle, date.toordinal() % cycle
    off = max(length - count, 0)
    return (place - position * off) % length >= off


def days_of_week(days_a_week: float, position: int, date: dt.date) -> int:
    """Days that a part-time person works in the week of a date: 2.5 a week are 2 and 3 in turn.

    The fraction is carried from week to week; people begin at different points of it.
    """
    week = (date.toordinal() - 1) // 7  # 1 January of year 1 was a Monday
    begun = position * GOLDEN % 1.0
    return _whole((week + 1) * days_a_week + begun) - _whole(week * days_a_week + begun)


def days_a_week(team: Team, shift: Shift) -> float:
    """On how many days a week a person of the team works a shift, on average."""
    days = len(shift.days or ())
    derived = days_by_hours(team, shift)
    if derived is not None:
        return min(derived, days)
    count, cycle = team.contract.works if team.contract is not None else ALL_DAYS
    return min(count, days) if cycle == 7 else days * min(count / cycle, 1.0)


def days_by_hours(team: Team, shift: Shift) -> float | None:
    """Days a week that the contract's hours give of a shift; None where days are stated."""
    contract = team.contract
    if contract is None or contract.hours is None or contract.works != ALL_DAYS:
        return None
    seconds = paid_seconds(shift) if not shift.is_rotation else 0
    return contract.hours / SECOND / seconds if seconds > 0 else None


def _whole(value: float) -> int:
    """Rounded down; what is whole but for rounding counts as whole."""
    return math.floor(value + 1e-9)


def paid_seconds(shift: Shift) -> int:
    """The paid length of a shift by the wall clock."""
    unpaid = sum(one.for_ for one in shift.breaks if not one.paid) // SECOND
    return sum(until - start for start, until in shift.wall_spans) - unpaid
