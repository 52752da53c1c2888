"""When a shift and its breaks are, and how many people of a team work it. Nothing is random."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.scenario.clock import MINUTE, SECOND, LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.schema import Break, Shift, Team

BREAK_STEP = 5 * MINUTE  # people take a break `between` two times in steps of this
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


def paid_seconds(shift: Shift) -> int:
    """The paid length of a shift by the wall clock."""
    unpaid = sum(one.for_ for one in shift.breaks if not one.paid) // SECOND
    return sum(until - start for start, until in shift.wall_spans) - unpaid
