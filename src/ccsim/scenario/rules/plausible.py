"""Rules about numbers that can be read and cannot be meant: slips of the pen and of the unit."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim import units
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.facts import Facts, distributions
from ccsim.scenario.schema import Handle, Team

LONGEST_HANDLING = units.US_PER_WEEK
LONGEST_WRAP_UP = units.US_PER_DAY
MOST_VARIATION = 3.0  # coefficient of variation of a day's or a half hour's factor
MOST_LATENESS = 0.5  # of hours


def handling_takes_hours_at_most(facts: Facts) -> Iterator[Problem]:
    """Handle time is somebody's working time; what waits for others is `waits_for`."""
    for path, block in distributions(facts.scenario):
        if not isinstance(block, Handle):
            continue
        for key, value, most in (
            ("mean", block.mean or 0, LONGEST_HANDLING),
            ("wrap_up", block.wrap_up, LONGEST_WRAP_UP),
        ):
            if value > most:
                told, bound = units.print_duration(value), units.print_duration(most)
                yield Problem(
                    (*path, key),
                    f"{told} of one person's work for one contact cannot be meant (at most "
                    f"{bound}); is the unit right?",
                )


def short_things_are_short(facts: Facts) -> Iterator[Problem]:
    """A try in vain, a bot and a question to the team leader take minutes, not days; so do waits
    of people for people."""
    scenario = facts.scenario
    found: list[tuple[Path, int]] = []
    for name, team in scenario.teams.items():
        found.append((("teams", name, "reaction"), team.reaction or 0))
    for name, channel in scenario.channels.items():
        if channel.callback is not None:
            found.append((("channels", name, "callback", "try_for"), channel.callback.try_for))
            after = channel.callback.offered_after
            found.append((("channels", name, "callback", "offered_after"), after))
        for number, message in enumerate(channel.messages):
            found.append((("channels", name, "messages", number, "after"), message.after))
        for key, machine in (("ivr", channel.ivr), ("bot", channel.bot)):
            if machine is not None and machine.takes.mean is not None:
                found.append((("channels", name, key, "takes"), machine.takes.mean))
    for name, contact in scenario.contacts.items():
        if contact.outbound is not None:
            found.append((("contacts", name, "outbound", "try_for"), contact.outbound.try_for))
        for number, row in enumerate(contact.escalates):
            path: Path = ("contacts", name, "escalates", number)
            handover = row.handover.mean if row.handover is not None else None
            found += [((*path, "handover"), handover or 0), ((*path, "waits"), row.waits or 0)]
    for name, role in scenario.roles.items():
        if role.consults is not None:
            found.append((("roles", name, "consults", "for"), role.consults.for_))
            found.append((("roles", name, "consults", "waits"), role.consults.waits))
    for path, value in found:
        if value > LONGEST_WRAP_UP:
            told = units.print_duration(value)
            yield Problem(path, f"{told} cannot be meant (at most 1 d); is the unit right?")


def weeks_have_168_hours(facts: Facts) -> Iterator[Problem]:
    """Nobody has a contract for more hours than a week has, and a share of nothing is nobody."""
    for name, team in facts.scenario.teams.items():
        path: Path = ("teams", name)
        if team.contract is not None:
            for key in ("full_time", "hours"):
                if (getattr(team.contract, key) or 0) > units.US_PER_WEEK:
                    yield Problem((*path, "contract", key), "a week has 168 hours")
        if team.available is not None and team.available.share == 0.0:
            yield Problem((*path, "available"), "nobody would ever be at hand")


def days_vary_within_bounds(facts: Facts) -> Iterator[Problem]:
    """With a coefficient of variation of 300 % nearly all contacts of a year come on a few days."""
    for name, contact in facts.scenario.contacts.items():
        busyness = contact.arrivals.busyness
        if busyness is None:
            continue
        path: Path = ("contacts", name, "arrivals", "busyness")
        within = busyness.within_day
        found = [(path, busyness.cv)]
        found += [] if within is None else [((*path, "within_day"), within.cv)]
        for where, cv in found:
            if cv > MOST_VARIATION:
                yield Problem(
                    (*where, "cv"),
                    f"{units.print_share(cv)} cannot be meant: days of real operations vary by 5 % "
                    f"to 40 % (at most {units.print_share(MOST_VARIATION)})",
                )


def absence_is_of_this_world(facts: Facts) -> Iterator[Problem]:
    """Spells of sickness are whole days, and nobody is late for half of the time."""
    for name, team in facts.scenario.teams.items():
        lost, path = team.shrinkage, ("teams", name, "shrinkage")
        if lost.sick is not None and lost.sick.spell < units.US_PER_DAY:
            told = units.print_duration(lost.sick.spell)
            yield Problem(
                (*path, "sick", "spell"), f"sickness is counted in whole days: 3 d; found {told}"
            )
        if lost.late > MOST_LATENESS:
            told = units.print_share(lost.late)
            yield Problem((*path, "late"), f"lateness of {told} of hours cannot be meant")


def overtime_is_paid_in_full(facts: Facts) -> Iterator[Problem]:
    """`overtime: 150 %` is what an hour is paid; 50 % would be what comes on top of it."""
    payers = [(("teams", name), team.pay) for name, team in facts.scenario.teams.items()]
    payers += [(("roles", name), role.pay) for name, role in facts.scenario.roles.items()]
    for path, pay in payers:
        if pay is not None and 0.0 < pay.overtime < 1.0:
            whole = units.print_share(round(1.0 + pay.overtime, 9))
            yield Problem(
                (*path, "pay", "overtime"),
                f"this is what an hour of overtime is paid: {whole}, not what comes on top of the "
                "wage (0 % where it is not paid)",
            )


def steps_can_open(facts: Facts) -> Iterator[Problem]:
    """A step that keeps as many idle as there are never opens; one whose team stands in an earlier
    step without conditions adds nothing."""
    teams = facts.scenario.teams
    for key, route in facts.scenario.routing.items():
        before: set[str] = set()
        for number, step in enumerate(route.route):
            path: Path = ("routing", key, "route", number)
            if step.team and set(step.team) <= before:
                message = f"the team '{step.team[0]}' stands in an earlier step; this adds nothing"
                yield Problem(path, message)
            if not step.when_waiting and not step.keep_idle:
                on_call = {name for name, team in teams.items() if team.drawn_from is not None}
                before |= set(step.team) - on_call  # whose steps open after their reaction
            people = [_heads(teams[team]) for team in step.team if team in teams]
            most = max((count for count in people if count is not None), default=0)
            if None not in people and people and step.keep_idle >= most > 0:
                yield Problem(
                    (*path, "keep_idle"),
                    f"the step never opens: of {most} people {step.keep_idle} stay idle",
                )


def _heads(team: Team) -> int | None:
    """How many people a team has, as written or counted by shifts; None where it is not said."""
    counts = list((team.roster or {}).values())
    if team.people is None and counts and all(isinstance(each, int) for each in counts):
        return sum(each for each in counts if isinstance(each, int))
    return team.people


def shares_are_at_most_all(facts: Facts) -> Iterator[Problem]:
    """An expectation that no share can meet."""
    for number, one in enumerate(facts.scenario.expect):
        if one.unit == "share" and one.at_least is not None and one.at_least > 1.0:
            told = units.print_share(one.at_least)
            yield Problem(("expect", number), f"no share is {told} or more: it could never hold")


RULES = (
    handling_takes_hours_at_most,
    short_things_are_short,
    weeks_have_168_hours,
    days_vary_within_bounds,
    absence_is_of_this_world,
    overtime_is_paid_in_full,
    steps_can_open,
    shares_are_at_most_all,
)
