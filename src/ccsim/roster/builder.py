"""The roster of one replication: who is on duty when, at which pace, and what is paid for.

A team works by shifts (`roster`), by stated heads (`staffing`), by a log (`duty_log`), stands by on
call (`drawn_from`), or, with `people` alone, is there throughout the calendar. Each team depends on
its own block, its shifts, the calendar and the replication only (on call: also on the shifts of the
team that it is drawn from): another team changes nothing, but that the people of teams before it in
the file have the first numbers on the payroll, which say who is absent when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import ScenarioError, ScenarioProblems
from ccsim.network.draws import root_key
from ccsim.roster.clocks import team_clock
from ccsim.roster.columns import duty_spans, scheduled
from ccsim.roster.leaders import leaders, leading_team
from ccsim.roster.model import SCHEDULE, SPANS, Activity, Roster
from ccsim.roster.on_call import on_call_turns
from ccsim.roster.payroll import PremiumBands
from ccsim.roster.planned import Planned
from ccsim.roster.shift_plan import ShiftPlans
from ccsim.roster.shift_team import ShiftTeam
from ccsim.roster.staffing import Span, logged_spans, staffed_spans
from ccsim.roster.workforce import Paces
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.schema import Team, Tenure
from ccsim.scenario.side_lines import consulting_roles

if TYPE_CHECKING:
    from ccsim.network.model import Network
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario


Rows = tuple[NDArray[np.void], NDArray[np.void]]  # SPANS and SCHEDULE


def make_roster(design: Design, network: Network, seed: int, replication: int) -> Roster:
    """The agents of one replication, numbered team by team in the order of the file, then those
    who are asked for help.

    The same for the same design, seed and replication. Raises ScenarioProblems for files that do
    not hold what the scenario says.
    """
    return RosterBuilder(design, network).roster(seed, replication)


class RosterBuilder:
    """What the rosters of a design have in common over its replications, made once.

    May be asked by several threads at a time. Raises ScenarioProblems as `make_roster` does.
    """

    def __init__(self, design: Design, network: Network) -> None:
        scenario = design.scenario
        self._design, self._clock = design, LocalClock(scenario.calendar)
        index = {team.name: number for number, team in enumerate(network.teams)}
        self._on_payroll = 0  # by shifts: who has no shifts is never absent
        self._agents = 0
        self._crews = [self._crew(name, team) for name, team in scenario.teams.items()]
        people = {crew.name: crew.people for crew in self._crews}
        for name in consulting_roles(scenario):
            self._crews.append(self._helpers(name, people))
        teams = [index[crew.name] for crew in self._crews]
        counts = [crew.people for crew in self._crews]
        self._team = np.repeat(np.array(teams, dtype=np.int32), counts)

    def roster(self, seed: int, replication: int) -> Roster:
        """That of one replication."""
        root = root_key(seed, replication)
        spans, schedule = [np.empty(0, SPANS)], [np.empty(0, SCHEDULE)]
        for crew in self._crews:
            for on_duty, plan in crew.rows(root):
                spans.append(on_duty)
                schedule.append(plan)
        return Roster(self._team, np.concatenate(spans), np.concatenate(schedule))

    def _crew(self, name: str, team: Team) -> _Crew:
        clock = team_clock(self._clock, team)
        if team.roster is None:
            return self._always(name, team, _days_of(self._design, clock, name, team))
        planned = Planned(clock, team, self._design.scenario.shifts)
        shifts = ShiftTeam(planned, self._on_payroll)
        self._on_payroll += planned.people
        rows = self._rows(team, planned.people)
        return _Crew(name, planned.people, lambda root: map(rows, shifts.plans(root)))

    def _helpers(self, name: str, people: Mapping[str, int]) -> _Crew:
        """The people of a role that is asked for help, as a team."""
        scenario = self._design.scenario
        role = scenario.roles[name]
        count = leaders(scenario, role, people)
        team = leading_team(scenario, role, count)
        if team is not None:
            return self._crew(name, team)
        always = ([[(0, self._clock.horizon_us)]] * count, Activity.ON_DUTY)
        return self._always(name, Team(people=max(count, 1)), always)

    def _always(self, name: str, team: Team, days: tuple[list[list[Span]], Activity]) -> _Crew:
        """A team whose days are the same in every replication: spans of each person, and what they
        are spent on."""
        agents, what = days
        if isinstance(team.handle_time, Tenure):
            agents = [self._by_day(spans) for spans in agents]
        number = [person for person, spans in enumerate(agents) for _ in spans]
        spans = np.array([span for own in agents for span in own], dtype=np.int64).reshape(-1, 2)
        plans = ShiftPlans(
            np.array(number, dtype=np.intp),
            np.arange(len(spans)),
            spans[:, 0],
            spans[:, 1],
            np.full(len(spans), what, dtype=np.int8),
        )
        rows = self._rows(team, len(agents))(plans)
        return _Crew(name, len(agents), lambda _: [rows])

    def _by_day(self, spans: list[Span]) -> list[Span]:
        """The spans cut at the calendar's midnights, at which people become experienced."""
        midnights = self._clock.day_starts.tolist()
        cut: list[Span] = []
        for start, until in spans:
            edges = [start, *(at for at in midnights if start < at < until), until]
            cut += pairwise(edges)
        return cut

    def _rows(self, team: Team, people: int) -> Callable[[ShiftPlans], Rows]:
        """How the plans of the next so many agents become rows of a roster."""
        premium = team.pay.premium if team.pay is not None else {}
        bands = PremiumBands(premium, team_clock(self._clock, team))
        paces, first = Paces(team, people), self._agents
        self._agents += people
        return lambda plans: (
            duty_spans(plans, first, paces),
            bands.split(scheduled(plans, first)),
        )


@dataclass(frozen=True, slots=True)
class _Crew:
    """A team, or a role that is asked for help."""

    name: str  # of its team in the network
    people: int
    rows: Callable[[int], Iterable[Rows]]
    """The spans and the schedule of its people in the replication with a key, some after others."""


def _days_of(
    design: Design, clock: LocalClock, name: str, team: Team
) -> tuple[list[list[Span]], Activity]:
    """The spans of each person of a team without shifts, and what they are spent on. `clock` is the
    team's."""
    if team.drawn_from is not None:
        return _turns(design.scenario, clock, team), Activity.STANDBY
    try:
        if team.staffing is not None:
            return staffed_spans(team.staffing, design.files, clock), Activity.ON_DUTY
        if team.duty_log is not None:
            return logged_spans(design.files[team.duty_log], clock), Activity.ON_DUTY
    except ValueError as problem:
        field = "staffing" if team.staffing is not None else "duty_log"
        path = f"teams.{name}.{field}"
        file, line, column = design.places.get(path, (design.name, 0, 0))
        error = ScenarioError(str(file), line, column, path, str(problem))
        raise ScenarioProblems([error]) from None
    return [[(0, clock.horizon_us)]] * (team.people or 0), Activity.ON_DUTY


def _turns(scenario: Scenario, clock: LocalClock, team: Team) -> list[list[Span]]:
    """The spans on call of each person of the team that a team is drawn from."""
    source = scenario.teams[team.drawn_from or ""]
    planned: list[Span] = []
    if source.roster is not None:
        local = team_clock(LocalClock(scenario.calendar), source)
        planned = Planned(local, source, scenario.shifts).spans()
    return on_call_turns(clock, team, source, planned)
