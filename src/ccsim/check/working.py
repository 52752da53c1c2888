"""Who works when, in sentences: shifts, rotation, part-time, shared people, overtime, on call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ccsim.network.explain import duration, share
from ccsim.roster.clocks import team_clock
from ccsim.roster.shift_times import people_by_shift
from ccsim.scenario.clock import HOUR, LocalClock
from ccsim.units import WEEKDAYS, print_time

if TYPE_CHECKING:
    from ccsim.network.plan import NetworkPlan
    from ccsim.scenario.schema import Scenario, Shift, Team


def working(plan: NetworkPlan) -> tuple[str, ...]:
    """A sentence for each team, and one for the holidays of the calendar."""
    scenario = plan.scenario
    sentences = [
        f"{name}: {'; '.join(_of_team(scenario, team))}." for name, team in scenario.teams.items()
    ]
    return (*sentences, *_holidays(plan.clock, scenario))


def _of_team(scenario: Scenario, team: Team) -> Iterator[str]:
    if team.drawn_from is not None:
        yield from _on_call(team)
        return
    if team.roster is not None:
        counts = people_by_shift(team)
        yield "; ".join(
            f"{count} {_shift_words(scenario.shifts, name)}" for name, count in counts.items()
        )
    elif team.staffing is not None or team.duty_log is not None:
        yield "by heads on duty as stated" if team.staffing is not None else "by a log of duty"
    else:
        yield f"{team.people} people throughout the calendar"
    contract = team.contract
    if contract is not None and contract.hours is not None:
        yield f"{contract.hours / HOUR:g} of {contract.full_time / HOUR:g} hours a week each"
    if contract is not None and contract.works != (7, 7):
        yield f"{contract.works[0]} of {contract.works[1]} days"
    if team.timezone is not None:
        yield f"by the clock of {team.timezone}"
    if (available := team.available) is not None:
        here = f"at hand for {share(available.share)} of their {available.by}"
        yield here + (", paid wholly" if available.paid == "wholly" else ", paid by that share")
    if team.take == "home_first":
        yield "who is free takes first the lines in whose routes the team stands earliest"
    for row in team.overtime:
        who = "" if row.share >= 1.0 else f" for {share(row.share)} of them"
        yield f"{duration(row.for_)} of planned overtime on {_days_words(row.days)}{who}"


def _shift_words(shifts: dict[str, Shift], name: str) -> str:
    """`early (mon-fri 07:00 to 15:30)`, `in turns early, late and off, 1 week each`."""
    shift = shifts[name]
    if shift.rotates is not None:
        return f"in turns {', '.join(shift.rotates)}, {shift.period_days} d each"
    hours = " and ".join(
        f"{print_time(a % 86_400)} to {print_time((b - 1) % 86_400 + 1)}"
        for a, b in shift.wall_spans
    )
    zone = f" in {shift.timezone}" if shift.timezone is not None else ""
    return f"{name} ({_days_words(shift.days or ())} {hours}{zone})"


def _days_words(days: Sequence[str]) -> str:
    """`mon-fri`, `daily`, `mon, wed and sat`."""
    places = [WEEKDAYS.index(day) for day in days]
    if len(days) == 7:
        return "daily"
    if len(days) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{days[0]}-{days[-1]}"
    return " and ".join([", ".join(days[:-1]), days[-1]]) if len(days) > 1 else "".join(days)


def _on_call(team: Team) -> Iterator[str]:
    count = team.people_at_once or 1
    who = "one person" if count == 1 else f"{count} people"
    when = "by the hours stated" if isinstance(team.hours, dict) else "outside the shifts"
    yield f"{who} of {team.drawn_from} on call {when}, in turns week by week"
    if team.reaction:
        yield f"reached within {duration(team.reaction)}"


def _holidays(clock: LocalClock, scenario: Scenario) -> Iterator[str]:
    holidays = scenario.calendar.holidays
    if holidays is not None:
        days = [day for day in range(clock.days) if clock.is_holiday(day)]
        like = [
            f"{what} like {weekday}"
            for what, weekday in (
                ("demand", holidays.demand_like),
                ("shifts", holidays.shifts_like),
                ("opening hours", holidays.opens_like or holidays.shifts_like),
            )
            if weekday is not None
        ]
        if holidays.shifts_like is not None:
            like.append("days off by the date")
        named = ", ".join(f"{clock.date(day):%a %d %b %Y}" for day in days)
        yield f"Public holidays: {named or 'none in the calendar'} ({'; '.join(like)})."
    for name, team in scenario.teams.items():
        if team.holidays is not None and not isinstance(team.holidays, str):
            own = team_clock(clock, team)
            named = ", ".join(
                f"{own.date(day):%a %d %b %Y}" for day in range(clock.days) if own.is_holiday(day)
            )
            yield f"Holidays of {name}: {named or 'none in the calendar'}."
