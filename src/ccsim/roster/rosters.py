"""The roster of one replication: who is on duty when, at which pace, and what is paid for.

A team works by shifts (`roster`), by stated heads (`staffing`), by a log (`duty_log`), stands by on
call (`drawn_from`), or, with `people` alone, is there throughout the calendar. Each team depends on
its own block, its shifts, the calendar and the replication only (on call: also on the shifts of the
team that it is drawn from): another team changes nothing, but that the people of teams before it in
the file have the first numbers on the payroll, which say who is absent when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import ScenarioError, ScenarioProblems
from ccsim.network.draws import root_key
from ccsim.roster.clocks import team_clock
from ccsim.roster.leaders import leaders, leading_team
from ccsim.roster.model import DUTY, SCHEDULE, SPANS, Activity, Roster
from ccsim.roster.on_call import on_call_turns
from ccsim.roster.payroll import PremiumBands
from ccsim.roster.shift_plan import BREAKS, Part
from ccsim.roster.shift_team import Parts, ShiftTeam
from ccsim.roster.shifts import people_by_shift
from ccsim.roster.staffing import Span, logged_spans, staffed_spans
from ccsim.roster.workforce import Paces
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.schema import Team
from ccsim.scenario.side_lines import consulting_roles

if TYPE_CHECKING:
    from ccsim.network.model import Network
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Scenario


def make_roster(design: Design, network: Network, seed: int, replication: int) -> Roster:
    """The agents of one replication, numbered team by team in the order of the file, then those
    who are asked for help.

    The same for the same design, seed and replication. Raises ScenarioProblems for files that do
    not hold what the scenario says.
    """
    return Rota(design, network).roster(seed, replication)


class Rota:
    """What the rosters of a design have in common over its replications, made once.

    May be asked by several threads at a time. Raises ScenarioProblems as `make_roster` does.
    """

    def __init__(self, design: Design, network: Network) -> None:
        scenario = design.scenario
        self._design, self._clock = design, LocalClock(scenario.calendar)
        self._index = {team.name: number for number, team in enumerate(network.teams)}
        self._on_payroll = 0  # by shifts: who has no shifts is never absent
        self._crews = [self._crew(name, team) for name, team in scenario.teams.items()]
        people = {crew.name: crew.people for crew in self._crews}
        for name in consulting_roles(scenario):
            self._crews.append(self._helpers(name, people))

    def roster(self, seed: int, replication: int) -> Roster:
        """That of one replication."""
        root = root_key(seed, replication)
        teams: list[int] = []
        spans: list[tuple[int, int, int, float, bool]] = []
        schedule: list[NDArray[np.void]] = []
        for crew in self._crews:
            rows: list[tuple[int, int, int, int, float]] = []
            for person, shifts in enumerate(crew.agents(root)):
                number = len(teams)
                teams.append(crew.index)
                spans += _duty_spans(number, shifts, crew.paces, person)
                rows += [(number, *part, 0.0) for shift in shifts for part in shift]
            schedule.append(crew.bands.split(np.array(rows, dtype=SCHEDULE)))
        return Roster(
            team=np.array(teams, dtype=np.int32),
            spans=np.array(spans, dtype=SPANS),
            schedule=np.concatenate([np.empty(0, dtype=SCHEDULE), *schedule]),
        )

    def _crew(self, name: str, team: Team) -> _Crew:
        clock = team_clock(self._clock, team)
        if team.roster is None:
            return self._always(name, team, _days_of(self._design, clock, name, team))
        shifts = ShiftTeam(clock, team, self._design.scenario.shifts)
        first, people = self._on_payroll, sum(people_by_shift(team).values())
        self._on_payroll += people
        return self._made(name, team, people, lambda root: shifts.agents(root, first))

    def _helpers(self, name: str, people: Mapping[str, int]) -> _Crew:
        """The people of a role that is asked for help, as a team."""
        scenario = self._design.scenario
        role = scenario.roles[name]
        count = leaders(scenario, role, people)
        team = leading_team(scenario, role, count)
        if team is not None:
            return self._crew(name, team)
        agents = _on_duty([[(0, self._clock.horizon_us)]] * count)
        return self._always(name, Team(people=max(count, 1)), agents)

    def _always(self, name: str, team: Team, agents: list[Parts]) -> _Crew:
        """A team whose days are the same in every replication."""
        return self._made(name, team, len(agents), lambda _: agents)

    def _made(
        self, name: str, team: Team, people: int, agents: Callable[[int], list[Parts]]
    ) -> _Crew:
        premium = team.pay.premium if team.pay is not None else {}
        bands = PremiumBands(premium, team_clock(self._clock, team))
        return _Crew(name, self._index[name], people, Paces(team, people), bands, agents)


@dataclass(frozen=True, slots=True)
class _Crew:
    """A team, or a role that is asked for help."""

    name: str
    index: int  # of its team in the network
    people: int
    paces: Paces
    bands: PremiumBands
    agents: Callable[[int], list[Parts]]
    """The scheduled parts of each person, shift by shift, in the replication with a key."""


def _days_of(design: Design, clock: LocalClock, name: str, team: Team) -> list[Parts]:
    """The scheduled parts of each person of a team without shifts. `clock` is the team's."""
    if team.drawn_from is not None:
        return _scheduled(_turns(design.scenario, clock, team), Activity.STANDBY)
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


def _turns(scenario: Scenario, clock: LocalClock, team: Team) -> list[list[Span]]:
    """The spans on call of each person of the team that a team is drawn from."""
    source = scenario.teams[team.drawn_from or ""]
    shifts = None
    if source.roster is not None:
        local = team_clock(LocalClock(scenario.calendar), source)
        shifts = ShiftTeam(local, source, scenario.shifts)
    return on_call_turns(clock, team, source, shifts)


def _on_duty(agents: list[list[Span]]) -> list[Parts]:
    return _scheduled(agents, Activity.ON_DUTY)


def _scheduled(agents: list[list[Span]], what: Activity) -> list[Parts]:
    return [[((start, until, what),) for start, until in spans] for spans in agents]


def _duty_spans(
    number: int, shifts: Parts, paces: Paces, person: int
) -> list[tuple[int, int, int, float, bool]]:
    """What the engine sees of a person. Touching spans are one and keep the first one's pace."""
    out: list[tuple[int, int, int, float, bool]] = []
    for shift in shifts:
        pace = paces.of(person, shift[0][0]) if shift else 1.0
        for i, (start, until, what) in enumerate(shift):
            if what not in DUTY:
                continue
            then_break = _goes_on_after_break(shift, i)
            if out and out[-1][2] == start:
                before = out.pop()
                out.append((number, before[1], until, before[3], then_break))
            else:
                out.append((number, start, until, pace, then_break))
    return out


def _goes_on_after_break(shift: tuple[Part, ...], i: int) -> bool:
    """Whether a break follows part number i, and duty again without time off in between."""
    if i + 1 == len(shift) or shift[i + 1][2] not in BREAKS:
        return False
    for before, part in zip(shift[i:], shift[i + 1 :], strict=False):
        if before[1] != part[0]:
            return False
        if part[2] in DUTY:
            return True
    return False
