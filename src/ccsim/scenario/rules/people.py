"""Rules about people: who works when, shifts and breaks, pay and money."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim import units
from ccsim.scenario.problem import Problem
from ccsim.scenario.rules.demand import covers_weekdays, divides_a_day, total_problem
from ccsim.scenario.rules.facts import Facts, listed
from ccsim.scenario.schema import Break, Pay, Role, Shift, Team
from ccsim.scenario.tree import Path

DAY_SECONDS = units.SECONDS_PER_DAY


def people_are_given(facts: Facts) -> Iterator[Problem]:
    """One way of saying who works when, and heads that agree."""
    for name, team in facts.scenario.teams.items():
        path: Path = ("teams", name)
        ways = [key for key in ("roster", "staffing", "duty_log") if getattr(team, key) is not None]
        for key in ways[1:]:
            yield Problem((*path, key), f"`{ways[0]}` and `{key}` both say who is there; keep one")
        if not ways and team.people is None:
            yield Problem(
                path, "how many they are is missing: people: 12, with a roster; or staffing"
            )
        if team.people is not None and ("staffing" in ways or "duty_log" in ways):
            yield Problem(
                (*path, "people"), f"`{ways[0]}` says how many are there; leave `people` out"
            )
        if team.roster is not None:
            yield from _roster_problems(team, path)


def _roster_problems(team: Team, path: Path) -> Iterator[Problem]:
    roster = team.roster or {}
    counts = {shift: n for shift, n in roster.items() if isinstance(n, int)}
    shares = {shift: n for shift, n in roster.items() if isinstance(n, float)}
    has_rest = "rest" in roster.values()
    if counts and shares:
        first = next(iter(shares))
        yield Problem(
            (*path, "roster", first),
            "counts and shares cannot be mixed; only `rest` goes with both",
        )
        return
    if counts and has_rest:
        if team.people is None:
            yield Problem((*path, "roster"), "`rest` of how many? 'people' is missing")
        elif sum(counts.values()) > team.people:
            yield Problem(
                (*path, "roster"),
                f"nothing is left for `rest`: {sum(counts.values())} of {team.people} people",
            )
    elif counts:
        if team.people is not None and sum(counts.values()) != team.people:
            yield Problem(
                (*path, "roster"),
                f"the shifts have {sum(counts.values())} people, the team {team.people}; "
                "leave `people` out, or make them agree",
            )
        elif sum(counts.values()) == 0:
            yield Problem((*path, "roster"), "nobody works any of these shifts")
    else:
        if team.people is None:
            yield Problem(path, "'people' is missing: shares of how many?")
        yield from total_problem(roster, (*path, "roster"))


def staffing_covers_the_day(facts: Facts) -> Iterator[Problem]:
    for name, team in facts.scenario.teams.items():
        path: Path = ("teams", name, "staffing")
        if isinstance(team.staffing, tuple):
            yield from divides_a_day(path, len(team.staffing), "heads")
            if team.staffing and max(team.staffing) == 0:
                yield Problem(path, "nobody is ever there")
        elif team.staffing is not None:
            yield from covers_weekdays(facts, path, team.staffing)


def net_teams_have_no_shifts(facts: Facts) -> Iterator[Problem]:
    """Days off belong to rosters: heads by interval and logs say who is there already."""
    for name, team in facts.scenario.teams.items():
        if team.roster is None and team.contract is not None and team.contract.works != (7, 7):
            yield Problem(
                ("teams", name, "contract", "works"), "days off need a `roster` of shifts"
            )


def shifts_are_worked(facts: Facts) -> Iterator[Problem]:
    """A team's shifts begin on some day of the calendar, or of the night before it."""
    shifts = facts.scenario.shifts
    for name, team in facts.scenario.teams.items():
        known = [shifts[shift] for shift in team.roster or {} if shift in shifts]
        if not known or len(known) < len(team.roster or {}):
            continue
        if not any(set(shift.days) & set(facts.weekdays) for shift in known):
            yield Problem(
                ("teams", name, "roster"),
                f"none of these shifts is on a day of the calendar ({listed(facts.weekdays)})",
            )


def breaks_fit_their_shift(facts: Facts) -> Iterator[Problem]:
    for name, shift in facts.scenario.shifts.items():
        path: Path = ("shifts", name)
        if shift.from_ == DAY_SECONDS:
            yield Problem((*path, "from"), 'a shift cannot begin at 24:00; write "00:00"')
        length = shift_seconds(shift)
        total = 0
        for number, one in enumerate(shift.breaks):
            total += one.for_ // units.US_PER_SECOND
            yield from _break_problems(one, shift, length, (*path, "breaks", number))
        if total >= length:
            yield Problem((*path, "breaks"), "the breaks are as long as the shift")


def shift_seconds(shift: Shift) -> int:
    """The length of a shift on the wall clock."""
    end = shift.to if shift.to > shift.from_ else shift.to + DAY_SECONDS
    return end - shift.from_


def _break_problems(one: Break, shift: Shift, length: int, path: Path) -> Iterator[Problem]:
    given = [key for key in ("between", "at", "into") if getattr(one, key) is not None]
    if len(given) != 1:
        what = f"found {listed(given)}" if given else "none is given"
        yield Problem(path, f"a break has one of between, at and into; {what}")
        return
    seconds = one.for_ // units.US_PER_SECOND
    if one.into is not None:
        start = end = one.into // units.US_PER_SECOND
    else:
        first, last = one.between if one.between is not None else (one.at or 0, one.at or 0)
        start = (first - shift.from_) % DAY_SECONDS
        end = start + (last - first) % DAY_SECONDS
    if one.between is not None and end - start < seconds:
        yield Problem((*path, "between"), "the break is longer than the time that it lies in")
    elif max(start + seconds, end) > length:
        hours = f"{units.print_time(shift.from_)} to {units.print_time(shift.to)}"
        yield Problem((*path, given[0]), f"the break lies outside the shift ({hours})")


# --- money ----------------------------------------------------------------------------------------
def pay_is_one_of_two(facts: Facts) -> Iterator[Problem]:
    for path, pay in _pays(facts):
        if (pay.salary is None) == (pay.wage is None):
            what = (
                "is missing: 14 400 / year"
                if pay.salary is None
                else "and wage exclude one another"
            )
            yield Problem(path, f"'salary' {what}" + (", or wage" if pay.salary is None else ""))


def _pays(facts: Facts) -> Iterator[tuple[Path, Pay]]:
    for name, team in facts.scenario.teams.items():
        if team.pay is not None:
            yield ("teams", name, "pay"), team.pay
    for name, role in facts.scenario.roles.items():
        yield ("roles", name, "pay"), role.pay


def roles_have_heads(facts: Facts) -> Iterator[Problem]:
    for name, role in facts.scenario.roles.items():
        path: Path = ("roles", name)
        if (role.count is None) == (role.one_per is None):
            found = "both are given" if role.count is not None else "neither is given"
            yield Problem(path, f"a role has `count` or `one_per`; {found}")
        if role.of and role.one_per is None:
            yield Problem((*path, "of"), "`of` says which people `one_per` counts")
        if role.one_per is not None:
            yield from _span_is_known(role, path)


def _span_is_known(role: Role, path: Path) -> Iterator[Problem]:
    if len(set(role.of)) < len(role.of):
        yield Problem((*path, "of"), "a team is named twice")


def money_has_a_currency(facts: Facts) -> Iterator[Problem]:
    scenario = facts.scenario
    if scenario.currency is not None:
        if not scenario.currency.strip():
            yield Problem(("currency",), "is empty")
        return
    path = next(_money(facts), None)
    if path is not None:
        yield Problem(path, "money is written, but the scenario has no `currency: UAH`")


def _money(facts: Facts) -> Iterator[Path]:
    """The places of money, in the order of the file's blocks."""
    for name, contact in facts.scenario.contacts.items():
        if contact.lost_if_abandoned is not None:
            yield ("contacts", name, "lost_if_abandoned")
    for path, _ in _pays(facts):
        yield path
    for key in ("seat", "phone_minute"):
        if getattr(facts.scenario.costs, key) is not None:
            yield ("costs", key)


def pay_is_given_when_costs_are_asked(facts: Facts) -> Iterator[Problem]:
    """With any money in the scenario, every team's pay is a fact that must be given."""
    scenario = facts.scenario
    costs = scenario.costs
    asked = (
        any(team.pay is not None for team in scenario.teams.values())
        or bool(scenario.roles)
        or costs.seat is not None
        or costs.phone_minute is not None
        or any(one.measure.startswith("cost.") for one in scenario.expect)
    )
    for name, team in scenario.teams.items():
        if asked and team.pay is None:
            yield Problem(
                ("teams", name),
                "'pay' is missing: costs are asked for, and no wage is assumed "
                "(pay: {wage: 0 / h} for those who cost nothing)",
            )


RULES = (
    people_are_given,
    staffing_covers_the_day,
    net_teams_have_no_shifts,
    shifts_are_worked,
    breaks_fit_their_shift,
    pay_is_one_of_two,
    roles_have_heads,
    money_has_a_currency,
    pay_is_given_when_costs_are_asked,
)
