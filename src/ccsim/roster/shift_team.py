"""A team that works by shifts: days off, rotation, absence, training, shared time, overtime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.roster.absence import LEAD_DAYS, Presence, late_us, presence
from ccsim.roster.clocks import shift_clock
from ccsim.roster.model import Activity
from ccsim.roster.shift_plan import Part, ShiftPlan
from ccsim.roster.shifts import (
    ALL_DAYS,
    GOLDEN,
    ShiftDay,
    days_by_hours,
    days_of_week,
    people_by_shift,
    shift_day,
    works_on,
)
from ccsim.roster.turns import turn_of
from ccsim.scenario.blocks.time import OFF
from ccsim.scenario.clock import SECOND, LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.quantities import Day
    from ccsim.scenario.schema import Shift, Team

# Where between the first and the last possible time a person's meeting, training and time elsewhere
# are: multiples of irrational numbers fill [0, 1) evenly, however many people there are.
MEETING_STEP = GOLDEN
TRAINING_STEP = 0.7548776662466927
ELSEWHERE_STEP = 0.5698402909980532
STAY_STEP = 0.4142135623730951

Parts = list[tuple[Part, ...]]  # of one agent, a tuple for each shift


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a team that works by shifts, in one replication."""

    root: int  # key of the replication
    number: int  # on the payroll
    ordinal: int  # number in the team
    entry: str  # of the roster: a shift, or a rotation
    position: int  # number among those of the entry
    presence: Presence
    training: dict[int, int]  # us of training by day
    elsewhere: frozenset[int]  # days that are spent elsewhere


class ShiftTeam:
    """People by shifts, on the team's clock. What is planned does not depend on the replication and
    is found once; may be asked by several threads at a time."""

    def __init__(self, clock: LocalClock, team: Team, shifts: dict[str, Shift]) -> None:
        self.clock, self.team, self.shifts = clock, team, shifts
        self._clocks = {key: shift_clock(clock, shift) for key, shift in shifts.items()}
        zones = [self._clocks[key] for key in self._worked_shifts()]
        days = [zone.staffed_days for zone in zones]
        self.days = range(min(d.start for d in days), max(d.stop for d in days))
        # A thread that finds one of these anew finds the same: they need no lock.
        self._shift_days: dict[tuple[str, int], ShiftDay] = {}
        self._room: dict[tuple[str, int], int] = {}
        self._planned: dict[tuple[str, int], tuple[str | None, ...]] = {}
        self._first_planned = min(self.days.start, -LEAD_DAYS)
        self._until_planned = max(self.days.stop, clock.days + LEAD_DAYS)
        self._week = {key: days_by_hours(team, shift) for key, shift in shifts.items()}

    # --- who is planned -------------------------------------------------------------------------

    def planned(self) -> list[tuple[int, int]]:
        """The spans (us) of all shifts that somebody is planned to work, absent or not."""
        groups = people_by_shift(self.team)
        found: dict[tuple[int, int], None] = {}
        for day in self.days:
            for entry, count in groups.items():
                for position in range(count):
                    shift = self._shift_of(entry, position, day)
                    if shift is not None:
                        found.update(dict.fromkeys(self._shift_day(shift, day).parts))
        return sorted(found)

    def _worked_shifts(self) -> tuple[str, ...]:
        """The shifts of the roster, those of rotations in their place."""
        names = (
            name
            for entry in self.team.roster or {}
            for name in self.shifts[entry].rotates or (entry,)
        )
        return tuple(dict.fromkeys(name for name in names if name != OFF))

    def _shift_of(self, entry: str, position: int, day: int) -> str | None:
        """The shift that a person is planned to work on a day; None for a day off."""
        return self._shifts_of(entry, position)[day - self._first_planned]

    def _shifts_of(self, entry: str, position: int) -> tuple[str | None, ...]:
        """The same for every day from `_first_planned` on."""
        known = self._planned.get((entry, position))
        if known is None:
            days = range(self._first_planned, self._until_planned)
            known = tuple(self._found_shift_of(entry, position, day) for day in days)
            self._planned[entry, position] = known
        return known

    def _found_shift_of(
        self, entry: str, position: int, day: int, on_holiday: bool = True
    ) -> str | None:
        """What `_shift_of` tells; without `on_holiday`, as if a holiday were a day like others."""
        date = self.clock.date(day)
        turn = turn_of(self.shifts, entry, position, date)
        if turn is None:
            return None
        name, number = turn
        like: Day | None = self.clock.shifts_weekday(day) if on_holiday else None
        works = self.team.contract.works if self.team.contract is not None else ALL_DAYS
        week = self._week[name]
        if week is not None:
            works = days_of_week(week, number, date), 7
        return name if works_on(self.shifts[name], works, number, date, like) else None

    def _shift_day(self, shift: str, day: int) -> ShiftDay:
        known = self._shift_days.get((shift, day))
        if known is None:
            known = shift_day(self._clocks[shift], self.shifts[shift], day)
            self._shift_days[shift, day] = known
        return known

    def _room_of(self, shift: str, day: int) -> int:
        """Time on duty (us) of a shift on a day from which nothing was taken yet."""
        known = self._room.get((shift, day))
        if known is None:
            known = ShiftPlan(self._shift_day(shift, day), 0, 1).duty
            self._room[shift, day] = known
        return known

    # --- days of people -------------------------------------------------------------------------

    def agents(self, root: int, first: int) -> list[Parts]:
        """What each person is scheduled for in a replication, shift by shift. `root` is the
        replication's key, `first` the number on the payroll of the team's first person."""
        people = list(self._people(root, first))
        parts: list[Parts] = [[] for _ in people]
        for day in self.days:
            groups: dict[str, list[Person]] = {}
            for person in people:
                shift = self._shift_of(person.entry, person.position, day)
                if shift is not None:
                    groups.setdefault(shift, []).append(person)
                elif plan := self._paid_holiday(person, day):
                    self._add(parts[person.ordinal], plan)
            for shift, group in groups.items():
                for ordinal, plan in self._plans(shift, day, group):
                    self._add(parts[ordinal], plan)
        return parts

    def _add(self, own: Parts, plan: Sequence[Part]) -> None:
        """A shift that has begun before the last one ended begins at its end; what lies outside the
        calendar altogether is left out."""
        free_from = own[-1][-1][1] if own else plan[0][0] if plan else 0
        left = tuple(
            (max(start, free_from), until, what) for start, until, what in plan if until > free_from
        )
        if left and left[-1][1] > 0 and left[0][0] < self.clock.horizon_us:
            own.append(left)

    def _people(self, root: int, first: int) -> Iterator[Person]:
        ordinal = 0
        for entry, count in people_by_shift(self.team).items():
            for position in range(count):
                number = first + ordinal
                away = presence(root, number, self.team.shrinkage, self.clock.days)
                planned = self._planned_days(entry, position)
                elsewhere = self._days_elsewhere(ordinal, planned)
                here = [d for d in planned if d not in elsewhere and away.absence(d) is None]
                training = self._training_days(ordinal, entry, position, here)
                yield Person(root, number, ordinal, entry, position, away, training, elsewhere)
                ordinal += 1

    def _planned_days(self, entry: str, position: int) -> list[int]:
        """A person's working days around the calendar, where training or time elsewhere ask."""
        if not self.team.shrinkage.training and self.team.available is None:
            return []
        shifts = self._shifts_of(entry, position)
        days = range(-LEAD_DAYS, self.clock.days + LEAD_DAYS)
        return [day for day in days if shifts[day - self._first_planned] is not None]

    def _plans(
        self, shift: str, day: int, group: list[Person]
    ) -> Iterator[tuple[int, tuple[Part, ...]]]:
        """The day of everybody scheduled for a shift; breaks are spread over those present."""
        on_day = self._shift_day(shift, day)
        here = [p for p in group if p.presence.absence(day) is None and day not in p.elsewhere]
        ranks = {person.ordinal: rank for rank, person in enumerate(here)}
        for person in group:
            absence = person.presence.absence(day)
            if day in person.elsewhere:
                absence = Activity.ELSEWHERE if self._pays_elsewhere else None
                if absence is None:
                    continue
            if absence is not None:
                plan = ShiftPlan(on_day, 0, 1)
                plan.away(absence)
                if self._own_share("hours") < 1.0:
                    plan.shorten(self._own_share("hours"))
            else:
                plan = ShiftPlan(on_day, ranks[person.ordinal], len(here))
                self._spend(plan, person, day)
                plan.stay(self._stays(shift, day, ranks[person.ordinal]))
            yield person.ordinal, tuple(plan.parts)

    def _spend(self, plan: ShiftPlan, person: Person, day: int) -> None:
        """Lateness, time elsewhere, training and meetings out of the time on duty."""
        shrinkage = self.team.shrinkage
        plan.begin_late(late_us(person.root, person.number, day, shrinkage.late, plan.duty))
        number = person.ordinal + 0.5
        available = self.team.available
        if available is not None and available.by == "hours":
            away = round((1.0 - available.share) * plan.duty / SECOND) * SECOND
            plan.spend(Activity.ELSEWHERE, away, number * ELSEWHERE_STEP % 1.0)
        plan.place(Activity.TRAINING, person.training.get(day, 0), number * TRAINING_STEP % 1.0)
        plan.place(Activity.MEETING, shrinkage.meetings, number * MEETING_STEP % 1.0)
        if not self._pays_elsewhere:
            plan.leave_out(Activity.ELSEWHERE)

    @property
    def _pays_elsewhere(self) -> bool:
        return self.team.available is not None and self.team.available.paid == "wholly"

    def _own_share(self, *by: str) -> float:
        """The share of absences that is paid here: that of people who are shared in this way and
        paid by their share, else all."""
        available = self.team.available
        if available is None or available.by not in by or available.paid == "wholly":
            return 1.0
        return available.share

    def _stays(self, shift: str, day: int, rank: int) -> int:
        """Planned overtime (us) of person number `rank` of those present."""
        weekday, date = self.clock.weekday(day), self.clock.date(day)
        return sum(
            row.for_
            for row in self.team.overtime
            if weekday in row.days
            and (row.shifts is None or shift in row.shifts)
            and _takes_turn(row.share, rank, date.toordinal())
        )

    def _days_elsewhere(self, ordinal: int, planned: list[int]) -> frozenset[int]:
        """Days that a shared person spends elsewhere: of its working days so many that the share at
        hand is kept, evenly spread; people begin at different points."""
        available = self.team.available
        if available is None or available.by != "days":
            return frozenset()
        begun = (ordinal + 0.5) * ELSEWHERE_STEP % 1.0
        here = {day for number, day in enumerate(planned) if _steps(available.share, number, begun)}
        return frozenset(planned) - here

    def _paid_holiday(self, person: Person, day: int) -> tuple[Part, ...]:
        """The shift that is not worked because of a holiday, where it is paid."""
        holidays = self.clock.holidays
        if holidays is None or not holidays.paid or not self.clock.is_holiday(day):
            return ()
        shift = self._found_shift_of(person.entry, person.position, day, on_holiday=False)
        if shift is None:
            return ()
        plan = ShiftPlan(self._shift_day(shift, day), 0, 1)
        plan.away(Activity.HOLIDAY)
        if self._own_share("days", "hours") < 1.0:
            plan.shorten(self._own_share("days", "hours"))
        return tuple(plan.parts)

    def _training_days(
        self, ordinal: int, entry: str, position: int, here: list[int]
    ) -> dict[int, int]:
        """Training by day: in each week from Monday on one of the days on which the person is
        there, the next person on the next one; what a day does not hold goes to another."""
        amount = self.team.shrinkage.training
        if not amount:
            return {}
        out: dict[int, int] = {}
        first = self.days.start
        monday = first - self.clock.date(first).weekday()
        for week, start in enumerate(range(monday, self.clock.days, 7)):
            days = [day for day in here if start <= day < start + 7]
            left = amount
            turn = (ordinal + week) % len(days) if days else 0
            for day in days[turn:] + days[:turn]:
                shift = self._shift_of(entry, position, day)
                room = self._room_of(shift, day) if shift else 0
                out[day] = min(left, room)
                left -= out[day]
                if not left:
                    break
        return out


def _takes_turn(share: float, rank: int, day: int) -> bool:
    """Whether person number `rank` is among a share of people, others on other days."""
    return share >= 1.0 or _steps(share, rank, day * STAY_STEP % 1.0)


def _steps(share: float, number: int, begun: float) -> bool:
    """Whether a count that grows by `share` passes a whole number at step `number`."""
    return int((number + 1) * share + begun + 1e-9) > int(number * share + begun + 1e-9)
