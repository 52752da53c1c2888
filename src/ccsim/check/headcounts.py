"""Who is there: heads on duty by interval and team, from the roster that a run would use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.check.entries import Floats, interval_lengths, overlap
from ccsim.network.model import Network
from ccsim.roster import make_roster
from ccsim.roster.leaders import leading_team
from ccsim.roster.model import PAID, SHRINKAGE, Activity
from ccsim.roster.payroll import hours_by_activity, shrinkage_share
from ccsim.scenario.clock import LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Team

FEWEST, MOST = 5, 40  # replications over which absence is averaged
PERSON_DAYS = 3000  # so many are enough: days on which a small team happens to be away average out


@dataclass(frozen=True, slots=True)
class TeamStaff:
    """One team's people."""

    people: float  # agents in the roster, on average
    on_duty: Floats  # heads on duty by interval, on average
    pace: float  # what multiplies handle times, on average over time on duty
    shrinkage: float  # share of paid time that is lost
    measured_h: Floats  # hours scheduled after the warm-up, by `Activity`, on average
    premium_h: float  # the same hours, each times its premium


def team_staff(design: Design, network: Network, clock: LocalClock) -> tuple[TeamStaff, ...]:
    """Staff of every team in the network's order, averaged over the first replications: the more
    the fewer people and days there are."""
    seed = design.scenario.run.seed
    made = [make_roster(design, network, seed, 0)]
    days = max(len(made[0].team) * clock.days, 1)
    rosters = min(max(PERSON_DAYS // days, FEWEST), MOST)
    made += [make_roster(design, network, seed, number) for number in range(1, rosters)]
    lengths = interval_lengths(clock)
    count, until = len(network.teams), clock.horizon_us
    hours = np.sum([hours_by_activity(roster, count, 0, until) for roster in made], axis=0)
    window = clock.warm_up_us, max(until, clock.warm_up_us)
    measured = np.mean([hours_by_activity(each, count, *window) for each in made], axis=0)
    premium = np.mean([hours_by_activity(each, count, *window, premium=True) for each in made], 0)
    found = []
    for number, team in enumerate(network.teams):
        own = [roster.spans[roster.team[roster.spans["agent"]] == number] for roster in made]
        spans = np.concatenate(own)
        people = sum(int(np.sum(roster.team == number)) for roster in made) / rosters
        found.append(
            TeamStaff(
                people=people,
                on_duty=overlap(list(_pairs(spans)), clock) / lengths / rosters,
                pace=_mean_pace(spans),
                shrinkage=_shrinkage(design, team.name, hours[number]),
                measured_h=measured[number],
                premium_h=float(premium[number].sum()),
            )
        )
    return tuple(found)


def _shrinkage(design: Design, name: str, hours: Floats) -> float:
    """Share of paid time that is lost: whole days as written, what is lost within a shift as the
    roster has it, for two hours a week are more of a half-time person's. Machines have none."""
    block = design.scenario.teams.get(name) or _who_is_asked(design, name)
    if block is None:
        return 0.0
    if block.roster is None:
        return shrinkage_share(block)
    away = float(hours[[Activity.LEAVE, Activity.SICK]].sum())
    there = float(hours[list(PAID)].sum()) - away
    if there <= 0.0:
        return shrinkage_share(block)
    lost = float(hours[list(SHRINKAGE)].sum()) - away
    lacking = block.shrinkage
    absent = lacking.leave + (lacking.sick.share if lacking.sick is not None else 0.0)
    return min(1.0 - max(1.0 - absent, 0.0) * (1.0 - lost / there), 0.99)


def _who_is_asked(design: Design, name: str) -> Team | None:
    """People of a role that is asked for help, as a team that works shifts."""
    role = design.scenario.roles.get(name)
    return None if role is None else leading_team(design.scenario, role, count=1)


def _pairs(spans: NDArray[np.void]) -> zip[tuple[int, int]]:
    return zip(spans["start"].tolist(), spans["until"].tolist(), strict=True)


def _mean_pace(spans: NDArray[np.void]) -> float:
    time = (spans["until"] - spans["start"]).astype(np.float64)
    total = float(time.sum())
    return float(time @ spans["pace"]) / total if total > 0.0 else 1.0
