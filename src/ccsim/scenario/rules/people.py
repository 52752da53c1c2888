"""Rules about people: how many they are, and their pay."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim import units
from ccsim.scenario.clock import HOUR
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.demand import covers_weekdays, divides_a_day, total_problem
from ccsim.scenario.rules.facts import Facts
from ccsim.scenario.schema import Contract, HeadsFile, Pay, Team
from ccsim.scenario.tables.timetables import most_heads

DAY_SECONDS = units.SECONDS_PER_DAY
MOST_HEADS = 100_000  # as a file may state
WORKING_DAYS = 5  # of a week, for meetings by the day


def people_are_given(facts: Facts) -> Iterator[Problem]:
    """One way of saying who works when, and heads that agree."""
    for name, team in facts.scenario.teams.items():
        path: Path = ("teams", name)
        keys = ("drawn_from", "roster", "staffing", "duty_log")
        ways = [key for key in keys if getattr(team, key) is not None]
        for key in ways[1:]:
            yield Problem((*path, key), f"`{ways[0]}` and `{key}` both say who is there; keep one")
        if not ways and team.people is None:
            yield Problem(
                path, "how many they are is missing: people: 12, with a roster; or staffing"
            )
        if team.people is not None and ways and ways[0] != "roster":
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


def somebody_is_left(facts: Facts) -> Iterator[Problem]:
    """Absence, training and meetings that leave nobody to serve are slips of the pen."""
    teams = facts.scenario.teams.items()
    blocks = [(("teams", name), team.shrinkage, team.contract) for name, team in teams]
    for name, role in facts.scenario.roles.items():
        if role.shrinkage is not None:
            blocks.append((("roles", name), role.shrinkage, None))
    for place, lost, own in blocks:
        path: Path = (*place, "shrinkage")
        away = lost.leave + (lost.sick.share if lost.sick is not None else 0.0)
        if away >= 1.0:
            yield Problem(
                path,
                f"leave and sickness take {units.print_share(round(away, 9))} of days: "
                "nobody is left to serve",
            )
        contract = own or Contract()
        week = contract.hours or contract.full_time
        inside = lost.training + lost.meetings * WORKING_DAYS
        if inside >= week:
            yield Problem(
                path,
                f"training and meetings take {inside / HOUR:g} h a week of "
                f"{week / HOUR:g} h: nobody is left to serve",
            )


def staffing_covers_the_day(facts: Facts) -> Iterator[Problem]:
    for name, team in facts.scenario.teams.items():
        path: Path = ("teams", name, "staffing")
        if isinstance(team.staffing, tuple):
            yield from divides_a_day(path, len(team.staffing), "heads")
            if team.staffing and max(team.staffing) == 0:
                yield Problem(path, "nobody is ever there")
        elif team.staffing is not None:
            taken = facts.channels_of[name]
            needed = [day for day in facts.weekdays if not taken or not facts.is_closed(day, taken)]
            yield from covers_weekdays(facts, path, team.staffing.file, needed)
            yield from _multiple_is_played(facts, path, team.staffing)


def _multiple_is_played(facts: Facts, path: Path, staffing: HeadsFile) -> Iterator[Problem]:
    """A multiple of a file's heads leaves people on duty, and no more than can be simulated."""
    table = facts.files.get(staffing.file)
    if table is None or staffing.times == 1.0:
        return  # a file that cannot be read is reported where it was read
    most = staffing.heads(most_heads(table.columns))
    if most == 0:
        yield Problem((*path, "times"), "with so small a multiple nobody is ever there")
    elif most > MOST_HEADS:
        yield Problem(
            (*path, "times"),
            f"{most:,} people would be on duty; no more than {MOST_HEADS:,} can be",
        )


def net_teams_have_no_shifts(facts: Facts) -> Iterator[Problem]:
    """Days off belong to rosters: heads by interval and logs say who is there already."""
    for name, team in facts.scenario.teams.items():
        if team.roster is not None:
            continue
        path: Path = ("teams", name)
        contract = team.contract if team.drawn_from is None else None
        if contract is not None and contract.works != (7, 7):
            yield Problem((*path, "contract", "works"), "days off need a `roster` of shifts")
        if contract is not None and contract.hours is not None:
            yield Problem((*path, "contract", "hours"), "part-time needs a `roster` of shifts")
        for key in ("available", "overtime"):
            if getattr(team, key):
                yield Problem((*path, key), f"`{key}` needs a `roster` of shifts")


# --- money ----------------------------------------------------------------------------------------
def pay_is_one_of_two(facts: Facts) -> Iterator[Problem]:
    for path, pay in pays(facts):
        if (pay.salary is None) == (pay.wage is None):
            what = (
                "is missing: 14 400 / year"
                if pay.salary is None
                else "and wage exclude one another"
            )
            yield Problem(path, f"'salary' {what}" + (", or wage" if pay.salary is None else ""))


def pays(facts: Facts) -> Iterator[tuple[Path, Pay]]:
    """The places of pay, of teams and of roles."""
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
        if role.shrinkage is not None and role.consults is None:
            yield Problem(
                (*path, "shrinkage"), "nobody asks them for help: 'consults' is missing", True
            )
        if role.of and role.one_per is None and role.consults is None:
            yield Problem((*path, "of"), "`of` says which people `one_per` counts")
        hourly = {"premium": bool(role.pay.premium), "overtime": role.pay.overtime != 1.0}
        for key, given in hourly.items():
            if given:
                yield Problem(
                    (*path, "pay", key),
                    f"a role is paid by the calendar, whoever works when: it has no {key}; put it "
                    "into the salary or wage",
                    at_key=True,
                )


def leaders_have_one_clock(facts: Facts) -> Iterator[Problem]:
    """Who is asked for help works the shifts of the teams led, by one wall clock with one set of
    holidays."""
    teams = facts.scenario.teams
    for name, role in facts.scenario.roles.items():
        if role.consults is None:
            continue
        led = [team for team in role.of or teams if team in teams and teams[team].roster]
        other = next((team for team in led if _clock(facts, team) != _clock(facts, led[0])), None)
        if other is not None:
            yield Problem(
                ("roles", name, "consults"),
                f"the teams '{led[0]}' and '{other}' work by different clocks or holidays, and "
                "leaders who are asked for help by those of their team; write a role for each, "
                "with `of`",
                at_key=True,
            )


def _clock(facts: Facts, name: str) -> tuple[str, object]:
    """The time zone and the holidays by which a team works."""
    calendar, team = facts.scenario.calendar, facts.scenario.teams[name]
    own = calendar.holidays if team.holidays is None else team.holidays
    return team.timezone or calendar.timezone, None if own == "worked" else own


RULES = (
    people_are_given,
    somebody_is_left,
    staffing_covers_the_day,
    net_teams_have_no_shifts,
    pay_is_one_of_two,
    roles_have_heads,
    leaders_have_one_clock,
)
