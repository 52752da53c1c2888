"""Who is planned to work which shift on which day: by roster, days off and rotation, absent or not.

Nothing of it is random: it is found once for all replications.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.roster.absence import LEAD_DAYS
from ccsim.roster.clocks import shift_clock
from ccsim.roster.shift_times import shift_day
from ccsim.roster.working_days import DAY_OFF, WorkingDays
from ccsim.scenario.clock import LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.schema import Shift, Team

Ints = NDArray[np.int64]


class Planned:
    """The shifts that the people of a team are planned to work, on the team's clock.

    Columns have a row for each shift of a person, sorted by (person, day): the `person` (number in
    the team), the `day` it starts on, its `number` in `on_day`, and whether it `is_holiday`: not
    worked because of a public holiday, and paid.
    """

    def __init__(self, clock: LocalClock, team: Team, shifts: dict[str, Shift]) -> None:
        self.clock, self.team = clock, team
        self._working = WorkingDays(team, shifts)
        zones = {name: shift_clock(clock, shifts[name]) for name in self._working.shifts}
        staffed = [zone.staffed_days for zone in zones.values()]
        self.days = range(min(d.start for d in staffed), max(d.stop for d in staffed))
        """The days whose shifts may reach into the calendar."""
        self.people = self._working.people
        names = self._working.shifts
        shift, self.person, self.day, self.is_holiday = self._rows()
        codes, self.number = np.unique(
            shift * len(self._all_days()) + self.day - self._all_days().start, return_inverse=True
        )
        first, count = self._all_days().start, len(self._all_days())
        numbers = [(names[code // count], code % count + first) for code in codes.tolist()]
        self.on_day = [
            (name, day, shift_day(zones[name], shifts[name], day)) for name, day in numbers
        ]
        """The shifts on the days on which somebody is planned: name, day, when it is."""

    def spans(self) -> list[tuple[int, int]]:
        """When (us) any of the shifts is that may reach into the calendar."""
        worked = np.unique(self.number[~self.is_holiday]).tolist()
        days = [self.on_day[number] for number in worked]
        return sorted({span for _, day, shift in days if day in self.days for span in shift.parts})

    def _all_days(self) -> range:
        """The days that are planned: more where it depends on whole weeks, and on the days before,
        who has training or is elsewhere."""
        if self.team.shrinkage.training or self.team.available is not None:
            return range(-LEAD_DAYS, self.clock.days + LEAD_DAYS)
        return self.days

    def _rows(self) -> tuple[Ints, NDArray[np.intp], Ints, NDArray[np.bool_]]:
        """Shift, person, day, and whether it is a holiday, sorted by person and day."""
        clock, own, days = self.clock, self.clock.holidays, self._all_days()
        shift = np.full((self.people, len(days)), DAY_OFF, dtype=np.int64)
        is_holiday = np.zeros(shift.shape, dtype=np.bool_)
        for column, day in enumerate(days):
            date, like = clock.date(day), clock.shifts_weekday(day)
            works = self._working.on(date, like)
            if own is not None and own.paid and day in self.days and clock.is_holiday(day):
                usual = self._working.on(date, clock.weekday(day))
                is_holiday[:, column] = (works == DAY_OFF) & (usual != DAY_OFF)
                works = np.where(works == DAY_OFF, usual, works)
            shift[:, column] = works
        person, column_of = np.nonzero(shift != DAY_OFF)
        at = person, column_of
        return shift[at], person, column_of + days.start, is_holiday[at]
