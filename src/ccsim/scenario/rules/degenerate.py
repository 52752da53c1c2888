"""Rules about values that can be read and undo what they stand in: no line at all, a promise to
nobody, a name twice in a list, a bound that always holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccsim import units
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.facts import Facts, on_channels
from ccsim.scenario.schema import Tenure

SHORTEST_WEEK = units.US_PER_HOUR  # of a full-time person


def somebody_gets_through(facts: Facts) -> Iterator[Problem]:
    """Without a line everybody hears busy."""
    for name, channel in facts.scenario.channels.items():
        if channel.lines == 0:
            yield Problem(
                ("channels", name, "lines"),
                "without a line nobody gets through; leave it out where lines are never short",
            )


def promises_are_to_somebody(facts: Facts) -> Iterator[Problem]:
    """A target of 0 % is kept whatever happens."""
    scenario = facts.scenario
    found: list[tuple[Path, float | None]] = [
        (("channels", name, "target"), channel.target)
        for name, channel in scenario.channels.items()
    ]
    for name, contact in scenario.contacts.items():
        for channel, block in on_channels(contact).items():
            found.append((("contacts", name, channel, "target"), block.target))
    for name, segment in scenario.segments.items():
        if isinstance(segment.target, dict):
            for channel, target in segment.target.items():
                found.append((("segments", name, "target", channel), target))
        else:
            found.append((("segments", name, "target"), segment.target))
    for channel, closed in scenario.when_closed.items():
        found.append((("when_closed", channel, "target"), closed.target))
    for path, share in found:
        if share == 0.0:
            yield Problem(path, "0 % promises nothing to anybody; leave it out, or write 80 %")


def weeks_have_hours(facts: Facts) -> Iterator[Problem]:
    """Who has a contract works; and a full-time week has hours."""
    for name, team in facts.scenario.teams.items():
        contract, path = team.contract, ("teams", name, "contract")
        if contract is None:
            continue
        if contract.hours == 0:
            yield Problem((*path, "hours"), "nobody works 0 h a week; leave the people out instead")
        if contract.full_time < SHORTEST_WEEK:
            told = units.print_duration(contract.full_time)
            yield Problem((*path, "full_time"), f"a full-time week of {told} cannot be meant: 40 h")


def new_people_are_new(facts: Facts) -> Iterator[Problem]:
    """Who is new for no time at all is not new."""
    for name, team in facts.scenario.teams.items():
        tenure = team.handle_time
        if isinstance(tenure, Tenure) and tenure.until == 0:
            path = ("teams", name, "handle_time", "until")
            yield Problem(path, "nobody would ever be new; write a share alone: handle_time: 110 %")


def somebody_is_helped_at_last(facts: Facts) -> Iterator[Problem]:
    """Where nothing is ever resolved and everybody comes again, everybody comes again for ever.

    A finite population is written so; who means one says how often: `at_most`, or `max_legs`.
    """
    if "max_legs" in facts.scenario.run.model_fields_set:
        return
    for name, contact in facts.scenario.contacts.items():
        again = contact.again
        if again is None or again.share < 1.0 or again.at_most is not None:
            continue
        if contact.resolved == 0.0:
            yield Problem(
                ("contacts", name, "again", "share"),
                "nothing is resolved and everybody comes again, for ever; `at_most` bounds it, or "
                "max_legs under run where a finite population is meant",
            )


def bounds_can_be_missed(facts: Facts) -> Iterator[Problem]:
    """An expectation that holds whatever happens."""
    for number, one in enumerate(facts.scenario.expect):
        path: Path = ("expect", number)
        if one.in_ == 0.0:
            yield Problem((*path, "in"), "in 0 % of them it always holds")
        if one.unit != "share":
            continue
        if one.at_least == 0.0 and one.at_most is None:
            yield Problem(path, "no share is less than 0 %: it always holds")
        if one.at_most is not None and one.at_most >= 1.0 and one.at_least is None:
            yield Problem(path, "no share is more than 100 %: it always holds")


def nothing_stands_twice(facts: Facts) -> Iterator[Problem]:
    """Names in lists, dates, penalties and expectations stand there once."""
    for path, items in _lists(facts):
        for position, item in enumerate(items):
            if item in items[:position]:
                told = units.found(item) if isinstance(item, str) else "the same"
                yield Problem((*path, position), f"{told} stands here twice")


def _lists(facts: Facts) -> Iterator[tuple[Path, Sequence[object]]]:
    scenario = facts.scenario
    for name, contact in scenario.contacts.items():
        for number, row in enumerate(contact.escalates):
            for key in ("at", "channels"):
                yield ("contacts", name, "escalates", number, key), getattr(row, key) or ()
        yield ("contacts", name, "arrivals", "campaigns"), contact.arrivals.campaigns
    for name, channel in scenario.channels.items():
        if channel.redial is not None:
            yield ("channels", name, "redial", "after"), channel.redial.after
    for name, segment in scenario.segments.items():
        yield ("segments", name, "of"), segment.of or ()
    for name, team in scenario.teams.items():
        for number, planned in enumerate(team.overtime):
            yield ("teams", name, "overtime", number, "shifts"), planned.shifts or ()
    for name, role in scenario.roles.items():
        yield ("roles", name, "of"), role.of
    if scenario.calendar.holidays is not None:
        yield ("calendar", "holidays", "dates"), scenario.calendar.holidays.dates
    yield ("costs", "penalties"), scenario.costs.penalties
    yield ("expect",), scenario.expect
    for number, one in enumerate(scenario.expect):
        yield ("expect", number, "designs"), one.designs or ()


RULES = (
    somebody_gets_through,
    promises_are_to_somebody,
    weeks_have_hours,
    new_people_are_new,
    somebody_is_helped_at_last,
    bounds_can_be_missed,
    nothing_stands_twice,
)
