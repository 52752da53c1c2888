"""The roster of one replication: who is on duty when, at which pace, and what is paid for.

A team works by shifts (`roster`), by stated heads (`staffing`), by a log (`duty_log`), or, with
`people` alone, is there throughout the calendar. Each team depends on its own block, the calendar
and the replication only: another team changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import ScenarioError, ScenarioProblems
from ccsim.network.draws import root_key
from ccsim.roster.absence import LEAD_DAYS, Presence, late_us, presence
from ccsim.roster.model import SCHEDULE, SPANS, Activity, Roster
from ccsim.roster.payroll import PremiumBands
from ccsim.roster.shift_plan import BREAKS, Part, ShiftPlan
from ccsim.roster.shifts import ShiftDay, people_by_shift, shift_day, works_on
from ccsim.roster.staffing import Span, logged_spans, staffed_spans
from ccsim.roster.workforce import Paces
from ccsim.scenario.clock import LocalClock

if TYPE_CHECKING:
    from ccsim.network.model import Network
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Shift, Team

# Where between the first and the last possible time a person's meeting and training are: multiples
# of irrational numbers fill [0, 1) evenly, however many people there are.
MEETING_STEP = 0.6180339887498949
TRAINING_STEP = 0.7548776662466927

Parts = list[tuple[Part, ...]]  # of one agent, a tuple for each shift


def make_roster(design: Design, network: Network, seed: int, replication: int) -> Roster:
    """The agents of one replication, numbered team by team in the order of the file.

    The same for the same design, seed and replication. Raises ScenarioProblems for files that do
    not hold what the scenario says.
    """
    root = root_key(seed, replication)
    clock = LocalClock(design.scenario.calendar)
    index = {team.name: number for number, team in enumerate(network.teams)}
    teams: list[int] = []
    spans: list[tuple[int, int, int, float, bool]] = []
    schedule: list[NDArray[np.void]] = []
    for name, team in design.scenario.teams.items():
        agents = _agents_of(design, clock, root, name, team)
        paces = Paces(team, len(agents))
        rows: list[tuple[int, int, int, int, float]] = []
        for person, shifts in enumerate(agents):
            number = len(teams)
            teams.append(index[name])
            spans += _duty_spans(number, shifts, paces, person)
            rows += [(number, *part, 0.0) for shift in shifts for part in shift]
        bands = PremiumBands(team.pay.premium if team.pay is not None else {}, clock)
        schedule.append(bands.split(np.array(rows, dtype=SCHEDULE)))
    return Roster(
        team=np.array(teams, dtype=np.int32),
        spans=np.array(spans, dtype=SPANS),
        schedule=np.concatenate([np.empty(0, dtype=SCHEDULE), *schedule]),
    )


def _agents_of(design: Design, clock: LocalClock, root: int, name: str, team: Team) -> list[Parts]:
    """The scheduled parts of each person of a team, shift by shift."""
    if team.roster is not None:
        return _ShiftTeam(clock, root, name, team, design.scenario.shifts).agents()
    try:
        if team.staffing is not None:
            return _on_duty(staffed_spans(team.staffing, design.files, clock))
        if team.duty_log is not None:
            return _on_duty(logged_spans(design.files[team.duty_log], clock))
    except ValueError as problem:
        field = "staffing" if team.staffing is not None else "duty_log"
        path = f"teams.{name}.{field}"
        file, line, column = design.places.get(path, (design.name, 0, 0))
        error = ScenarioError(str(file), line, column, path, str(problem))
        raise ScenarioProblems([error]) from None
    return _on_duty([[(0, clock.horizon_us)]] * (team.people or 0))


def _on_duty(agents: list[list[Span]]) -> list[Parts]:
    return [[((start, until, Activity.ON_DUTY),) for start, until in spans] for spans in agents]


def _duty_spans(
    number: int, shifts: Parts, paces: Paces, person: int
) -> list[tuple[int, int, int, float, bool]]:
    """What the engine sees of a person. Touching spans are one and keep the first one's pace."""
    out: list[tuple[int, int, int, float, bool]] = []
    for shift in shifts:
        last_on_duty = max(
            (i for i, part in enumerate(shift) if part[2] is Activity.ON_DUTY), default=-1
        )
        pace = paces.of(person, shift[0][0]) if shift else 1.0
        for i, (start, until, what) in enumerate(shift):
            if what is not Activity.ON_DUTY:
                continue
            then_break = i < last_on_duty and shift[i + 1][2] in BREAKS
            if out and out[-1][2] == start:
                before = out.pop()
                out.append((number, before[1], until, before[3], then_break))
            else:
                out.append((number, start, until, pace, then_break))
    return out


@dataclass(frozen=True, slots=True)
class _Person:
    """One person of a team that works by shifts."""

    ordinal: int  # number in the team
    shift: str
    position: int  # number among those on the shift
    presence: Presence
    training: dict[int, int]  # us of training by day


class _ShiftTeam:
    """A team that works by shifts, with days off, absence, training and meetings."""

    def __init__(
        self, clock: LocalClock, root: int, name: str, team: Team, shifts: dict[str, Shift]
    ) -> None:
        self.clock, self.root, self.name, self.team, self.shifts = clock, root, name, team, shifts
        self.works = team.contract.works if team.contract is not None else (7, 7)
        self.days = range(-1, clock.days)
        self._shift_days: dict[tuple[str, int], ShiftDay] = {}

    def agents(self) -> list[Parts]:
        people = list(self._people())
        parts: list[Parts] = [[] for _ in people]
        for day in self.days:
            on_day = [p for p in people if self._is_scheduled(p.shift, p.position, day)]
            for shift, group in groupby(on_day, key=lambda person: person.shift):
                for ordinal, plan in self._plans(shift, day, list(group)):
                    if plan and plan[-1][1] > 0:
                        parts[ordinal].append(plan)
        return parts

    def _people(self) -> Iterator[_Person]:
        ordinal = 0
        for shift, count in people_by_shift(self.team).items():
            for position in range(count):
                away = presence(self.root, self.name, ordinal, self.team.shrinkage, self.clock.days)
                training = self._training_days(ordinal, shift, position, away)
                yield _Person(ordinal, shift, position, away, training)
                ordinal += 1

    def _is_scheduled(self, shift: str, position: int, day: int) -> bool:
        return works_on(self.shifts[shift], self.works, position, self.clock.date(day))

    def _shift_day(self, shift: str, day: int) -> ShiftDay:
        known = self._shift_days.get((shift, day))
        if known is None:
            known = shift_day(self.clock, self.shifts[shift], day)
            self._shift_days[shift, day] = known
        return known

    def _plans(
        self, shift: str, day: int, group: list[_Person]
    ) -> Iterator[tuple[int, tuple[Part, ...]]]:
        """The day of everybody scheduled for a shift; breaks are spread over those present."""
        on_day = self._shift_day(shift, day)
        present = sum(person.presence.absence(day) is None for person in group)
        rank = 0
        for person in group:
            absence = person.presence.absence(day)
            if absence is not None:
                plan = ShiftPlan(on_day, 0, 1)
                plan.away(absence)
            else:
                plan = ShiftPlan(on_day, rank, present)
                self._spend(plan, person, day)
                rank += 1
            yield person.ordinal, tuple(plan.parts)

    def _spend(self, plan: ShiftPlan, person: _Person, day: int) -> None:
        """Lateness, training and meetings out of the time on duty."""
        shrinkage = self.team.shrinkage
        plan.begin_late(
            late_us(self.root, self.name, person.ordinal, day, shrinkage.late, plan.duty)
        )
        number = person.ordinal + 0.5
        plan.place(Activity.TRAINING, person.training.get(day, 0), number * TRAINING_STEP % 1.0)
        plan.place(Activity.MEETING, shrinkage.meetings, number * MEETING_STEP % 1.0)

    def _training_days(
        self, ordinal: int, shift: str, position: int, away: Presence
    ) -> dict[int, int]:
        """Training by day: in each week from Monday on one of the days on which the person is
        there, the next person on the next one; what a day does not hold goes to another."""
        amount = self.team.shrinkage.training
        if not amount:
            return {}
        out: dict[int, int] = {}
        first = self.clock.date(-1)
        monday = -1 - first.weekday()
        for week, start in enumerate(range(monday, self.clock.days, 7)):
            days = [
                day
                for day in range(start, start + 7)
                if -LEAD_DAYS <= day < self.clock.days + LEAD_DAYS
                and self._is_scheduled(shift, position, day)
                and away.absence(day) is None
            ]
            left = amount
            turn = (ordinal + week) % len(days) if days else 0
            for day in days[turn:] + days[:turn]:
                room = ShiftPlan(self._shift_day(shift, day), 0, 1).duty
                out[day] = min(left, room)
                left -= out[day]
                if not left:
                    break
        return out
