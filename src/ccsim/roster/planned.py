"""Who is planned to work which shift on which day: by roster, days off and rotation, absent or not.

Nothing of it is random: it is found once for all replications.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ccsim.roster.absence import LEAD_DAYS
from ccsim.roster.clocks import shift_clock
from ccsim.roster.rotation import rotation_shift
from ccsim.roster.shift_times import (
    ALL_DAYS,
    days_by_hours,
    days_of_week,
    people_by_shift,
    shift_day,
    works_on,
)
from ccsim.scenario.blocks.time import OFF
from ccsim.scenario.clock import LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.quantities import Day
    from ccsim.scenario.schema import Shift, Team


class Planned:
    """The shifts that the people of a team are planned to work, on the team's clock.

    Columns have a row for each shift of a person, sorted by (person, day): the `person` (number in
    the team), the `day` it starts on, its `number` in `on_day`, and whether it `is_holiday`: not
    worked because of a public holiday, and paid.
    """

    def __init__(self, clock: LocalClock, team: Team, shifts: dict[str, Shift]) -> None:
        self.clock, self.team, self._shifts = clock, team, shifts
        zones = {name: shift_clock(clock, shifts[name]) for name in self._worked_shifts()}
        staffed = [zone.staffed_days for zone in zones.values()]
        self.days = range(min(d.start for d in staffed), max(d.stop for d in staffed))
        """The days whose shifts may reach into the calendar."""
        self.people = sum(people_by_shift(team).values())
        self._week = {name: days_by_hours(team, shift) for name, shift in shifts.items()}
        rows = list(self._rows())
        numbers: dict[tuple[str, int], int] = {}
        for _, day, shift, _ in rows:
            numbers.setdefault((shift, day), len(numbers))
        self.on_day = [
            (name, day, shift_day(zones[name], shifts[name], day)) for name, day in numbers
        ]
        """The shifts on the days on which somebody is planned: name, day, when it is."""
        self.person = np.array([person for person, _, _, _ in rows], dtype=np.intp)
        self.day = np.array([day for _, day, _, _ in rows], dtype=np.int64)
        self.number = np.array([numbers[shift, day] for _, day, shift, _ in rows], dtype=np.int64)
        self.is_holiday = np.array([holiday for _, _, _, holiday in rows], dtype=np.bool_)

    def spans(self) -> list[tuple[int, int]]:
        """When (us) any of the shifts is that may reach into the calendar."""
        worked = np.unique(self.number[~self.is_holiday]).tolist()
        days = [self.on_day[number] for number in worked]
        return sorted({span for _, day, shift in days if day in self.days for span in shift.parts})

    def _worked_shifts(self) -> tuple[str, ...]:
        """The shifts of the roster, those of rotations in their place."""
        names = (
            name
            for entry in self.team.roster or {}
            for name in self._shifts[entry].rotates or (entry,)
        )
        return tuple(dict.fromkeys(name for name in names if name != OFF))

    def _rows(self) -> Iterator[tuple[int, int, str, bool]]:
        """Person, day, shift, and whether it is a holiday."""
        days = self.days
        if self.team.shrinkage.training or self.team.available is not None:
            # whose turn it is depends on whole weeks, and on the days before
            days = range(-LEAD_DAYS, self.clock.days + LEAD_DAYS)
        clock, own = self.clock, self.clock.holidays
        dates = [(day, clock.date(day), clock.shifts_weekday(day)) for day in days]
        paid = own is not None and own.paid
        holidays = {day for day in self.days if paid and clock.is_holiday(day)}
        person = 0
        for entry, count in people_by_shift(self.team).items():
            for position in range(count):
                for day, date, like in dates:
                    shift = self._shift_of(entry, position, date, like)
                    if shift is not None:
                        yield person, day, shift, False
                    elif day in holidays:
                        shift = self._shift_of(entry, position, date, clock.weekday(day))
                        if shift is not None:
                            yield person, day, shift, True
                person += 1

    def _shift_of(self, entry: str, position: int, date: dt.date, like: Day) -> str | None:
        """The shift that a person is planned to work on a date, on which the shifts of a weekday
        are worked; None for a day off."""
        turn = rotation_shift(self._shifts, entry, position, date)
        if turn is None:
            return None
        name, number = turn
        works = self.team.contract.works if self.team.contract is not None else ALL_DAYS
        week = self._week[name]
        if week is not None:
            works = days_of_week(week, number, date), 7
        return name if works_on(self._shifts[name], works, number, date, like) else None
