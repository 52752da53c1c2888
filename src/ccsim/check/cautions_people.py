"""What a lead should know about a design's people: contracts, rest between shifts, holidays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from ccsim.roster.clocks import team_clock
from ccsim.roster.shift_times import people_by_shift
from ccsim.roster.working_days import paid_seconds_a_week
from ccsim.scenario.blocks.time import OFF
from ccsim.scenario.clock import HOUR

if TYPE_CHECKING:
    from ccsim.network.plan import NetworkPlan
    from ccsim.scenario.clock import LocalClock
    from ccsim.scenario.schema import Shift, Team

SHORT_REST = 11.0  # h between shifts, below which the Working Time Directive 2003/88/EC, article 3,
# speaks of too little daily rest
OFF_BY = 0.05  # of the hours of a contract


def people_warnings(plan: NetworkPlan) -> Iterator[str]:
    """Sentences about contracts, rotations and holidays."""
    scenario = plan.scenario
    for name, team in scenario.teams.items():
        yield from _hours(name, team, scenario.shifts)
        yield from _over_and_above(name, team, scenario.shifts, team_clock(plan.clock, team))
    for name, shift in scenario.shifts.items():
        yield from _rest(name, shift, scenario.shifts)
    clock = plan.clock
    known = scenario.calendar.holidays is not None
    if known and not any(clock.is_holiday(day) for day in range(clock.days)):
        yield "No public holiday falls into the calendar."


def _hours(name: str, team: Team, shifts: dict[str, Shift]) -> Iterator[str]:
    """Shifts that do not give the hours of the contract."""
    contract = team.contract
    if contract is None or contract.hours is None or team.roster is None:
        return
    people = people_by_shift(team)
    wanted = contract.hours / HOUR
    total = sum(
        count * paid_seconds_a_week(team, shifts, entry) / 3600
        for entry, count in people.items()
        if count
    )
    given = total / max(sum(people.values()), 1)
    if abs(given - wanted) > OFF_BY * wanted:
        yield (
            f"{name}: the contract has {wanted:g} hours a week, the shifts give a person "
            f"{given:.1f} on average."
        )


def _over_and_above(
    name: str, team: Team, shifts: dict[str, Shift], clock: LocalClock
) -> Iterator[str]:
    """Shifts that a holiday adds to the days on which they are worked."""
    holidays = [day for day in range(clock.days) if clock.is_holiday(day)]
    for entry in people_by_shift(team):
        for shift in dict.fromkeys(shifts[entry].rotates or (entry,)):
            days = () if shift == OFF else shifts[shift].days or ()
            added = [
                clock.date(day)
                for day in holidays
                if clock.shifts_weekday(day) in days and clock.weekday(day) not in days
            ]
            if added:
                dates = ", ".join(f"{date:%a %d %b %Y}" for date in added)
                yield (
                    f"{name}: {shift} is worked on public holidays over and above its days, for "
                    f"more paid hours: {dates}."
                )


def _rest(name: str, shift: Shift, shifts: dict[str, Shift]) -> Iterator[str]:
    """Turns of a rotation that leave too little rest when people change."""
    names = shift.rotates or ()
    for before, after in dict.fromkeys(pairwise([*names, *names[:1]])):
        if OFF in (before, after) or before == after:
            continue
        begins = shifts[after].wall_spans[0][0] + 86_400
        rest = (begins - shifts[before].wall_spans[-1][1]) / 3600
        if rest < SHORT_REST:
            yield (
                f"{name}: who goes from {before} to {after} rests {rest:g} h in between, when "
                f"both are worked on neighbouring days; {SHORT_REST:g} h are the least in the "
                "European Union."
            )


__all__ = ["people_warnings"]
