"""A team that works by shifts: absence, training, shared time, overtime.

People, shifts and days are rows of columns (`Planned`); a replication decides who is absent, and
what follows from it is reckoned for all rows at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.roster.absence import LEAD_DAYS, absences, late_us, lateness
from ccsim.roster.model import Activity
from ccsim.roster.planned import Planned
from ccsim.roster.ranking import Groups
from ccsim.roster.shared_days import days_here
from ccsim.roster.shift_plan import Ints, ShiftDays, ShiftPlans
from ccsim.roster.shift_times import GOLDEN
from ccsim.scenario.clock import SECOND

if TYPE_CHECKING:
    from ccsim.scenario.blocks.duty import PlannedOvertime

# Where between the first and the last possible time a person's meeting, training and time elsewhere
# are: multiples of irrational numbers fill [0, 1) evenly, however many people there are.
MEETING_STEP = GOLDEN
TRAINING_STEP = 0.7548776662466927
ELSEWHERE_STEP = 0.5698402909980532
STAY_STEP = 0.4142135623730951
AT_A_TIME = 1 << 14  # shifts that are planned together: those of whole people, of one at least


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a replication decides, for each row of what is planned."""

    away: NDArray[np.int8]  # why nobody is there, an `Activity`; 0 where somebody is
    rank: Ints  # number among those `present` on the shift that day
    present: Ints
    training: Ints  # us
    late: NDArray[np.float64]  # in [0, 1): from punctual to the latest


class ShiftTeam:
    """People by shifts, of whom the first has the number `first` on the payroll. What does not
    depend on the replication is found once; may be asked by several threads at a time."""

    def __init__(self, planned: Planned, first: int) -> None:
        self._planned, self._team, self._clock = planned, planned.team, planned.clock
        self._people = range(first, first + planned.people)
        self._days = ShiftDays([day for _, _, day in planned.on_day])
        self._on_shift = Groups(planned.number)
        self._monday = planned.days.start - self._clock.date(planned.days.start).weekday()
        self._week, self._in_week = self._weeks()
        self._overtime = [(row, *self._turns(row)) for row in self._team.overtime]
        self._room = self._whole_shifts().duty[planned.number]
        is_elsewhere = self._is_elsewhere()
        self._away = np.where(is_elsewhere, Activity.ELSEWHERE, 0).astype(np.int8)
        self._away[planned.is_holiday] = Activity.HOLIDAY
        """Why nobody is there on a row, whatever the replication; 0 for no such reason."""
        days = planned.days
        is_ours = (planned.day >= days.start) & (planned.day < days.stop)
        if not self._pays_elsewhere:
            is_ours &= ~is_elsewhere
        rows = np.flatnonzero(is_ours)
        a_person = np.bincount(planned.person[rows], minlength=planned.people)
        block = (np.cumsum(a_person) // AT_A_TIME)[planned.person[rows]]
        self._blocks = np.split(rows, np.flatnonzero(np.diff(block)) + 1)
        self._share = np.where(
            self._away == Activity.HOLIDAY,
            self._own_share("days", "hours"),
            self._own_share("hours"),
        )

    # --- what is planned ------------------------------------------------------------------------

    def _weeks(self) -> tuple[Groups, NDArray[np.bool_]]:
        """A person's rows of a week, from Monday on; whether a row is in a week of the calendar."""
        week = (self._planned.day - self._monday) // 7
        weeks = -((self._monday - self._clock.days) // 7)
        rows = Groups(self._planned.person * (weeks + 4) + week)
        return rows, (week >= 0) & (week < weeks)

    def _whole_shifts(self) -> ShiftPlans:
        """The shifts on each day from which nothing was taken yet."""
        day = np.arange(len(self._planned.on_day))
        none, one = np.zeros_like(day), np.ones_like(day)
        return ShiftPlans.of(self._days, day, day, none, one)

    def _is_elsewhere(self) -> NDArray[np.bool_]:
        """The days that a shared person spends elsewhere."""
        planned, available = self._planned, self._team.available
        elsewhere = np.zeros(len(planned.person), dtype=np.bool_)
        if available is None or available.by != "days":
            return elsewhere
        names = {name: number for number, (name, _, _) in enumerate(planned.on_day)}
        shift = np.array([names[name] for name, _, _ in planned.on_day], dtype=np.int64)
        worked = np.flatnonzero(~planned.is_holiday)
        elsewhere[worked] = ~days_here(
            available.share,
            planned.person[worked],
            planned.day[worked],
            shift[planned.number[worked]],
            _positions(np.arange(planned.people), ELSEWHERE_STEP),
        )
        return elsewhere

    @property
    def _pays_elsewhere(self) -> bool:
        return self._team.available is not None and self._team.available.paid == "wholly"

    def _own_share(self, *by: str) -> float:
        """The share of absences that is paid here: that of people who are shared in this way and
        paid by their share, else all."""
        available = self._team.available
        if available is None or available.by not in by or available.paid == "wholly":
            return 1.0
        return available.share

    # --- one replication ------------------------------------------------------------------------

    def plans(self, root: int) -> Iterator[ShiftPlans]:
        """What each person is scheduled for in the replication with a key, shift by shift; some
        people after others, so that what is needed meanwhile does not grow with their number."""
        drawn = self._drawn(root)
        for rows in self._blocks:
            plans = ShiftPlans.of(
                self._days,
                self._planned.person[rows],
                self._planned.number[rows],
                drawn.rank[rows],
                drawn.present[rows],
            )
            is_here = drawn.away[rows] == 0
            plans.away(drawn.away[rows])
            if bool(np.any(self._share[rows] < 1.0)):
                plans.shorten(np.where(is_here, 1.0, self._share[rows]))
            self._spend(plans, rows, drawn)
            if self._team.overtime:
                plans.stay(np.where(is_here, self._stays(rows, drawn.rank[rows]), 0))
            plans.one_after_the_other(self._clock.horizon_us)
            yield plans

    def _drawn(self, root: int) -> _Drawn:
        """What the replication with a key decides."""
        planned, people = self._planned, self._people
        away = absences(root, people, self._team.shrinkage, self._clock.days)
        away = away[planned.person, planned.day + LEAD_DAYS]
        away = np.where(self._away != 0, self._away, away)
        here = away == 0
        rank, present = self._on_shift.sums(here.astype(np.int64))
        late = np.zeros(len(away))
        if self._team.shrinkage.late > 0.0:
            late = lateness(root, people, planned.person, planned.day)
        # breaks of who is absent are those of somebody alone
        alone = np.where(here, rank, 0), np.where(here, present, 1)
        return _Drawn(away, *alone, self._training(here), late)

    def _spend(self, plans: ShiftPlans, rows: NDArray[np.intp], drawn: _Drawn) -> None:
        """Lateness, time elsewhere, training and meetings out of the time on duty."""
        shrinkage, available, person = self._team.shrinkage, self._team.available, plans.person
        if shrinkage.late > 0.0:
            plans.begin_late(late_us(drawn.late[rows], shrinkage.late, plans.duty))
        if available is not None and available.by == "hours":
            away = np.rint((1.0 - available.share) * plans.duty / SECOND).astype(np.int64) * SECOND
            plans.spend(Activity.ELSEWHERE, away, _positions(person, ELSEWHERE_STEP))
        if shrinkage.training:
            plans.place(Activity.TRAINING, drawn.training[rows], _positions(person, TRAINING_STEP))
        if shrinkage.meetings:
            meetings = np.full(len(rows), shrinkage.meetings)
            plans.place(Activity.MEETING, meetings, _positions(person, MEETING_STEP))
        if available is not None and not self._pays_elsewhere:
            plans.leave_out(Activity.ELSEWHERE)

    def _training(self, here: NDArray[np.bool_]) -> Ints:
        """Training (us) on each row: in each week from Monday on one of the days on which the
        person is there, the next person on the next one; what a day does not hold goes to the
        days after it, then to those before."""
        if not self._team.shrinkage.training:
            return np.zeros_like(self._room)
        week = (self._planned.day - self._monday) // 7
        room = np.where(here, self._room, 0)
        number, days = self._week.sums(here.astype(np.int64))
        turn = (self._planned.person + week) % np.maximum(days, 1)
        before, in_all = self._week.sums(room)
        _, before_turn = self._week.sums(np.where(here & (number == turn), before, 0))
        taken = before - before_turn + np.where(number < turn, in_all, 0)
        training = np.clip(self._team.shrinkage.training - taken, 0, room)
        return np.where(self._in_week, training, 0)

    def _stays(self, rows: NDArray[np.intp], rank: Ints) -> Ints:
        """Planned overtime (us) on some rows, for person number `rank` of those present."""
        stays = np.zeros_like(rank)
        number = self._planned.number[rows]
        for overtime, applies, begun in self._overtime:
            takes_turn = (overtime.share >= 1.0) | _steps(overtime.share, rank, begun[number])
            stays += np.where(applies[number] & takes_turn, overtime.for_, 0)
        return stays

    def _turns(self, overtime: PlannedOvertime) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """By shift and day: whether there is overtime, and whose turn it is first."""
        days = [(name, day) for name, day, _ in self._planned.on_day]
        applies = [
            self._clock.weekday(day) in overtime.days
            and (overtime.shifts is None or name in overtime.shifts)
            for name, day in days
        ]
        begun = [self._clock.date(day).toordinal() * STAY_STEP % 1.0 for _, day in days]
        return np.array(applies, dtype=np.bool_), np.array(begun)


def _positions(person: NDArray[np.intp], step: float) -> NDArray[np.float64]:
    """Where in [0, 1) the persons with these numbers are."""
    return np.asarray((person + 0.5) * step % 1.0, dtype=np.float64)


def _steps(share: float, number: Ints, begun: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a count that grows by `share` passes a whole number at step `number`."""
    before = (number * share + begun + 1e-9).astype(np.int64)
    after = ((number + 1) * share + begun + 1e-9).astype(np.int64)
    return after > before
