"""Which shift each person of a team works on which date. Nothing is random.

Days off are laid around a circle, that of the days on which a shift is worked in a week (or of a
stated cycle such as 4 of 8). Each person's days off follow one another, and begin where those of
the person before end. However many days off each person has, every day of the circle is then taken
equally often, give or take one: daily headcounts of a shift are level to one, and so are those of
all shifts of a team with the same days, because each shift begins where the one before ended.

A contract by hours gives a person a fraction of days in a week, such as 2.5. The whole numbers are
steps of a cumulative count: person number p in week w works floor((w + p + 1) x) - floor((w + p) x)
of x days. Over any weeks a person is within a day of what the contract gives, and in any week so
are any persons that follow one another.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.roster.shift_times import paid_seconds, people_by_shift
from ccsim.scenario.blocks.time import OFF
from ccsim.scenario.clock import SECOND, WEEKDAYS

if TYPE_CHECKING:
    from ccsim.scenario.quantities import Day
    from ccsim.scenario.schema import Shift, Team

ALL_DAYS = (7, 7)  # days of work that are not limited
DAY_OFF = -1

Ints = NDArray[np.int64]
Circle = tuple[object, ...]  # identifies the days that persons take off in turn


@dataclass(frozen=True, slots=True)
class _Group:
    """The persons of one roster entry who are due on one shift on a date."""

    shift: int  # number of the shift
    person: Ints  # numbers in the team, in the order in which they take days off
    count: Ints | None  # how often each has had this place of the rotation, where hours are stated
    phase: tuple[int, int]  # the place (and its week) among those of the rotation, how many


class WorkingDays:
    """The working days of a team's people, by shift and date."""

    def __init__(self, team: Team, shifts: Mapping[str, Shift]) -> None:
        self._shifts = shifts
        self._works = team.contract.works if team.contract is not None else ALL_DAYS
        self._entries = people_by_shift(team)
        self._share = {name: share_of_days(team, shifts, name) for name in self._entries}
        self._first = self._first_steps()
        names = (n for entry in self._entries for n in shifts[entry].rotates or (entry,))
        self.shifts = tuple(dict.fromkeys(name for name in names if name != OFF))
        """The shifts that are worked, those of rotations in place of the rotation."""
        self.people = sum(self._entries.values())

    def on(self, date: dt.date, like: Day | None = None) -> Ints:
        """For each person the number of the shift (in `shifts`) it works on a date, or DAY_OFF.

        `like` is the weekday whose shifts are worked on the date, where that is another one (a
        holiday): it says which shifts are worked. Days off are those of the date all the same, so
        that a holiday moves nobody's; only where the date is no day of the shift they are those of
        `like`.
        """
        worked = np.full(self.people, DAY_OFF, dtype=np.int64)
        begin: dict[Circle, int] = defaultdict(int)
        first = 0
        for entry, people in self._entries.items():
            for group in self._groups(entry, first, people, date):
                shift = self._shifts[self.shifts[group.shift]]
                circle, place, length = self._circle(entry, shift, date, like)
                if length == 0:
                    continue
                off = np.maximum(length - self._days(entry, group, length), 0)
                start = begin[circle] + np.cumsum(off) - off
                begin[circle] += int(off.sum())
                if (like or WEEKDAYS[date.weekday()]) in (shift.days or ()):
                    worked[group.person[(place - start) % length >= off]] = group.shift
            first += people
        return worked

    def _groups(self, entry: str, first: int, people: int, date: dt.date) -> list[_Group]:
        """The persons of an entry by the shift on which they are due on a date.

        In a rotation of n shifts person i stands i places further along than person 0, and all go
        one place on after each period. Periods are counted from a Monday on (1 January of year 1),
        so that those of whole weeks begin on Mondays.
        """
        position = np.arange(people)
        shift, day = self._shifts[entry], date.toordinal() - 1
        if shift.rotates is None:
            count = day // 7 + self._first[entry] + position
            return [_Group(self.shifts.index(entry), first + position, count, (0, 1))]
        places, period = len(shift.rotates), day // shift.period_days
        weeks = shift.period_days // 7 if shift.period_days % 7 == 0 else 1
        week = day % shift.period_days // 7 if weeks > 1 else 0
        working = [place for place, name in enumerate(shift.rotates) if name != OFF]
        place = (period + position) % places
        groups = []
        for name in dict.fromkeys(shift.rotates[place] for place in working):
            same = [number for number in working if shift.rotates[number] == name]
            # one place of the rotation after another, in each round of people
            turn = np.array([same.index(n) if n in same else -1 for n in range(places)])[place]
            due = np.flatnonzero(turn >= 0)
            due = due[np.argsort(due // places * len(same) + turn[due], kind="stable")]
            number = np.array([working.index(n) if n in working else 0 for n in range(places)])
            for at in [None] if self._share[entry] is None else same:
                own = due if at is None else due[place[due] == at]
                phase = int(number[at]) * weeks + week if at is not None else 0
                groups.append(
                    _Group(
                        self.shifts.index(name),
                        first + own,
                        (period + own) // places,
                        (phase, len(working) * weeks),
                    )
                )
        return groups

    def _circle(
        self, entry: str, shift: Shift, date: dt.date, like: Day | None
    ) -> tuple[Circle, int, int]:
        """The circle of days among which days off are laid, the date's place in it, its length."""
        days, weekday = shift.days or (), WEEKDAYS[date.weekday()]
        period = self._shifts[entry].period_days if self._shifts[entry].rotates else 7
        if self._share[entry] is not None and period % 7:
            day = date.toordinal() - 1
            begins = date - dt.timedelta(days=day % period)
            block = [begins + dt.timedelta(days=number) for number in range(period)]
            own = [each for each in block if WEEKDAYS[each.weekday()] in days]
            return (entry, days), sum(each < date for each in own), len(own)
        if self._share[entry] is None and self._works[1] != 7:
            cycle = self._works[1]
            return (cycle,), date.toordinal() % cycle, cycle
        if weekday not in days and like is not None:
            weekday = like
        week = [day for day in WEEKDAYS if day in days]
        return (days,), week.index(weekday) if weekday in week else 0, len(week)

    def _days(self, entry: str, group: _Group, length: int) -> Ints:
        """How many days of the circle each person of a group works."""
        share = self._share[entry]
        if share is None or group.count is None:
            return np.full(len(group.person), self._works[0], dtype=np.int64)
        due = share * length
        phase, phases = group.phase
        # steps of (count x due + phase / phases), in whole numbers
        step, begun, unit = (
            due.numerator * phases,
            phase * due.denominator,
            due.denominator * phases,
        )
        at = group.count * step + begun
        days: Ints = (at + step) // unit - at // unit
        return days

    def _first_steps(self) -> dict[str, int]:
        """The number of the first person of each entry in the cumulative count: entries with the
        same days a week go on counting where the one before ended."""
        counted: dict[Fraction, int] = defaultdict(int)
        first = {}
        for entry, people in self._entries.items():
            share, days = self._share[entry], len(self._shifts[entry].days or ())
            key = (share or Fraction(0)) * days
            first[entry] = counted[key]
            counted[key] += people
        return first


def share_of_days(team: Team, shifts: Mapping[str, Shift], entry: str) -> Fraction | None:
    """The share of the days on which an entry's shifts are worked that a person works, so that its
    paid hours are those of the contract on average; at most 1.

    None where the contract states no hours, or states the days (`works`).
    """
    contract = team.contract
    if contract is None or contract.hours is None or contract.works != ALL_DAYS:
        return None
    available = _seconds_a_week(shifts, entry, {})
    if available <= 0:
        return None
    return min(Fraction(int(contract.hours), SECOND) / available, Fraction(1))


def paid_seconds_a_week(team: Team, shifts: Mapping[str, Shift], entry: str) -> float:
    """Paid seconds a week of a person on an entry of the roster, on average over a rotation."""
    share = share_of_days(team, shifts, entry)
    if share is not None:
        return float(share * _seconds_a_week(shifts, entry, {}))
    count, cycle = team.contract.works if team.contract is not None else ALL_DAYS
    worked = {}
    for name in shifts[entry].rotates or (entry,):
        days = len(shifts[name].days or ()) if name != OFF else 0
        by_cycle = min(Fraction(count, cycle), Fraction(1)) * days
        worked[name] = Fraction(min(count, days)) if cycle == 7 else by_cycle
    return float(_seconds_a_week(shifts, entry, worked))


def _seconds_a_week(
    shifts: Mapping[str, Shift], entry: str, days: Mapping[str, Fraction]
) -> Fraction:
    """Paid seconds a week over the places of an entry, with `days` a week by shift (default: all
    days of the shift)."""
    names = shifts[entry].rotates or (entry,)
    total = sum(
        (
            days.get(name, Fraction(len(shifts[name].days or ()))) * paid_seconds(shifts[name])
            for name in names
            if name != OFF
        ),
        Fraction(0),
    )
    return total / len(names)
