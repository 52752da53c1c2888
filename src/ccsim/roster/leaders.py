"""When people of a role that is asked for help are there: on the shifts of the teams they lead.

They are spread over those shifts like the teams' people, by largest remainder. Where no team works
shifts they are there throughout the calendar. They are absent like those whom they lead, unless the
role says otherwise; each by numbers of its own, so that they are ill on other days.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ccsim.roster.shift_times import largest_remainder, people_by_shift

if TYPE_CHECKING:
    from ccsim.scenario.schema import Role, Scenario, Team


def led_teams(scenario: Scenario, role: Role) -> tuple[str, ...]:
    """The teams that a role leads: those in `of`, else all; people on call are of another team."""
    named = role.of or tuple(scenario.teams)
    return tuple(name for name in named if scenario.teams[name].drawn_from is None)


def leaders(scenario: Scenario, role: Role, people: Mapping[str, int]) -> int:
    """How many there are: as counted, or one for so many people of the teams, rounded up."""
    if role.one_per is None:
        return role.count or 0
    led = sum(people[name] for name in led_teams(scenario, role))
    return math.ceil(led / role.one_per)


def leading_team(scenario: Scenario, role: Role, count: int) -> Team | None:
    """The leaders as a team that works the shifts of the led; None where nobody works shifts.

    Days off and time zone are those of the first team that works shifts, and so is shrinkage where
    the role has none of its own.
    """
    teams = [scenario.teams[name] for name in led_teams(scenario, role)]
    on_shifts = [team for team in teams if team.roster is not None]
    if not on_shifts:
        return None
    led: dict[str, int] = {}
    for team in on_shifts:
        for shift, people in people_by_shift(team).items():
            led[shift] = led.get(shift, 0) + people
    total = sum(led.values())
    counts = largest_remainder(count, [people / total for people in led.values()])
    first = on_shifts[0]
    return first.model_copy(
        update={
            "people": None,
            "roster": dict(zip(led, counts, strict=True)),
            "shrinkage": first.shrinkage if role.shrinkage is None else role.shrinkage,
            "handle_time": None,
            "pay": None,
            "available": None,
            "overtime": (),
        }
    )
