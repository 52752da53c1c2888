"""Rules about service: routes that reach, promises that can be kept, hours, what must hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from ccsim import units
from ccsim.errors import nearest, suggestion
from ccsim.scenario.blocks.base import TimeSpan
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.conversations import LIVE_CHANNELS
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.queue_names import RouteKey
from ccsim.scenario.rules.facts import CHANNELS, Facts, listed, on_channels, unknown
from ccsim.scenario.schema import Expectation
from ccsim.scenario.segments import MARK, base_type, segment_of

DAY = units.US_PER_DAY
MOST_OF_A_DAY = dt.timedelta(hours=20)


def calendar_is_whole(facts: Facts) -> Iterator[Problem]:
    calendar = facts.scenario.calendar
    minute = units.US_PER_MINUTE
    divides = calendar.interval >= minute and DAY % calendar.interval == 0
    if not divides:
        shown = units.print_duration(calendar.interval)
        yield Problem(
            ("calendar", "interval"),
            f"{shown} does not divide a day; from 1 min up, such as 15 min, 30 min or 1 h",
        )
    is_all = calendar.warm_up >= calendar.days * DAY
    if divides and not is_all:  # what is left has to hold the beginning of an interval
        clock = LocalClock(calendar)
        is_all = bool(clock.interval_starts[-1] < clock.warm_up_us)
    if is_all:
        yield Problem(("calendar", "warm_up"), "nothing is left to measure after the warm-up")
    zone, first = ZoneInfo(calendar.timezone), dt.datetime.combine(calendar.start, dt.time())
    offsets = [(first + dt.timedelta(days=d)).replace(tzinfo=zone) for d in (0, calendar.days)]
    before, after = (at.utcoffset() or dt.timedelta() for at in offsets)
    if after - before > MOST_OF_A_DAY:
        yield Problem(
            ("calendar", "timezone"),
            f"a day of this calendar was left out in {calendar.timezone}, where the date line "
            "moved; begin after it, or end before",
        )


def routing_names_exist(facts: Facts) -> Iterator[Problem]:
    """type[#segment][.channel] of types, segments and channels that exist."""
    for key, parsed in facts.route_keys.items():
        yield from _unknown_names(facts, key, parsed)


def _unknown_names(facts: Facts, key: str, parsed: RouteKey) -> Iterator[Problem]:
    path: Path = ("routing", key)
    named, segment = base_type(parsed.contact), segment_of(parsed.contact)
    if named != "*":
        contacts = facts.scenario.contacts
        yield from unknown(path, named, contacts, "contact type", "contact types", True)
    if segment or MARK in parsed.contact:
        yield from unknown(path, segment, facts.scenario.segments, "segment", "segments", True)
    if parsed.channel:
        yield from unknown(path, parsed.channel, CHANNELS, "channel", "channels", True)


def routing_keys_mean_something(facts: Facts) -> Iterator[Problem]:
    """Stages that exist; and each key covers some line."""
    contacts = facts.scenario.contacts
    stages = tuple(dict.fromkeys(stage for each in contacts.values() for stage in each.stages))
    for key, parsed in facts.route_keys.items():
        path: Path = ("routing", key)
        named = base_type(parsed.contact)
        wrong: list[Problem] = []
        if parsed.stage or key.endswith("@"):
            own = contacts.get(named)
            side = [line.stage for line in facts.lines if named in ("*", base_type(line.contact))]
            there = (*(own.stages if own is not None else stages), *side)
            named_stages = tuple(stage for stage in dict.fromkeys(there) if stage)
            wrong += unknown(path, parsed.stage, named_stages, "stage", "stages", True)
        yield from wrong
        covers = any(parsed.covers(line) for line in facts.lines)
        if not wrong and not covers and not any(_unknown_names(facts, key, parsed)):
            yield Problem(path, "no contacts come this way", at_key=True)


def every_line_has_a_route(facts: Facts) -> Iterator[Problem]:
    for line in facts.lines:
        of_type = replace(line, contact=base_type(line.contact))
        said = of_type != line and facts.route_key(of_type) is None
        if facts.route_key(line) is None and not said:
            yield Problem(
                ("routing",),
                f"no line covers {line}; write {line}: [team], or '*': [team] for all",
            )


def paid_teams_are_reached(facts: Facts) -> Iterator[Problem]:
    """A paid team that no route reaches would cost money and do nothing."""
    for name, team in facts.scenario.teams.items():
        if not facts.channels_of.get(name):
            what = "paid, but " if team.pay is not None else ""
            reached = [other for other in facts.scenario.teams if facts.channels_of.get(other)]
            meant = nearest(name, reached)  # a slip of the pen in a design makes a new team
            hint = f"; did you mean '{meant}'?" if meant else ""
            yield Problem(
                ("teams", name),
                f"the team '{name}' is {what}reached by no route{hint}",
                at_key=True,
            )


def steps_name_a_team_once(facts: Facts) -> Iterator[Problem]:
    for key, route in facts.scenario.routing.items():
        for number, step in enumerate(route.route):
            path: Path = ("routing", key, "route", number)
            if not step.team:
                yield Problem(path, "a step without a team")
            elif len(set(step.team)) < len(step.team):
                yield Problem(path, "a team is named twice in one step")


def promises_have_hours(facts: Facts) -> Iterator[Problem]:
    """`promise: working` counts hours that must be limited somewhere."""
    scenario = facts.scenario
    for name, channel in scenario.channels.items():
        path: Path = ("channels", name)
        limited = channel.working_hours or scenario.opens.get(name)
        if channel.promise == "working" and not isinstance(limited, dict):
            yield Problem(
                (*path, "promise"),
                "which hours? give `working_hours` here, or limit the channel under `opens`",
            )
        if channel.promise != "working" and channel.working_hours is not None:
            yield Problem((*path, "working_hours"), "only `promise: working` counts working hours")
        own = [
            block
            for contact in scenario.contacts.values()
            for key, block in on_channels(contact).items()
            if key == name
        ]
        answers = channel.answer_within is not None or any(
            each.answer_within is not None for each in own
        )
        resolves = channel.resolve_within is not None or any(
            each.resolve_within is not None for each in own
        )
        for key, given in (
            ("target", channel.target is not None and not answers),
            ("promise", channel.promise == "working" and not (answers or resolves)),
        ):
            if given:
                yield Problem((*path, key), "there is no promise: 'answer_within' is missing")


def patience_is_given(facts: Facts) -> Iterator[Problem]:
    """How long live customers wait is a fact; `endless` says that nobody gives up."""
    for name, contact in facts.scenario.contacts.items():
        for channel, block in on_channels(contact).items():
            of_channel = facts.scenario.channels.get(channel)
            if channel not in LIVE_CHANNELS or of_channel is None or of_channel.waiting_places == 0:
                continue  # letters wait; where nobody can wait, patience says nothing
            if block.patience is None and of_channel.patience is None:
                yield Problem(
                    ("channels", channel),
                    f"'patience' is missing (contacts '{name}'): patience: 2.4 min, or "
                    "patience: endless where nobody gives up",
                )


def _overlap(spans: Sequence[TimeSpan]) -> bool:
    ends = 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start < ends:
            return True
        ends = span.until if span.until > span.start else span.until + 86_400
    return False


def hours_make_sense(facts: Facts) -> Iterator[Problem]:
    """Opening hours are not empty and do not overlap."""
    scenario = facts.scenario
    tables: list[tuple[Path, object]] = [
        (("opens", name), hours) for name, hours in scenario.opens.items()
    ]
    tables += [
        (("channels", name, "working_hours"), channel.working_hours)
        for name, channel in scenario.channels.items()
    ]
    for path, hours in tables:
        if not isinstance(hours, dict):
            continue
        overlap = [day for day, spans in hours.items() if _overlap(spans)]
        if overlap:
            yield Problem((*path, overlap[0]), f"the spans of {listed(overlap)} overlap")
        if not any(spans for spans in hours.values()):
            yield Problem(path, "is never open")
    for name in scenario.at_close:
        if not isinstance(scenario.opens.get(name), dict) and name in scenario.channels:
            yield Problem(("at_close", name), f"{name} never closes: `opens` does not limit it")


def slowdown_fits_hands(facts: Facts) -> Iterator[Problem]:
    """A slow-down has a number for each of as many at once as a person may hold."""
    scenario = facts.scenario
    for name, team in scenario.teams.items():
        held = {
            channel: hands
            for channel, hands in team.hands.items()
            if isinstance(hands, int) and channel in facts.channels_of.get(name, ())
        }
        if team.slowdown is not None and len(team.slowdown) < max(held.values(), default=1):
            most = max(held.values())
            yield Problem(
                ("teams", name, "slowdown"),
                f"{len(team.slowdown)} numbers, but the team holds up to {most} at once",
            )
        for channel, most in held.items():
            block = scenario.channels.get(channel)
            own = team.slowdown is not None or block is None or block.slowdown is None
            if not own and block is not None and len(block.slowdown or ()) < most:
                yield Problem(
                    ("channels", channel, "slowdown"),
                    f"{len(block.slowdown or ())} numbers, but the team '{name}' holds up to "
                    f"{most} at once",
                )


def busy_can_happen(facts: Facts) -> Iterator[Problem]:
    for name, channel in facts.scenario.channels.items():
        redial = channel.redial
        if channel.lines is not None or channel.waiting_places is not None or redial is None:
            continue
        if redial.after == ("busy",):
            yield Problem(
                ("channels", name, "redial", "after"),
                "nobody hears busy: `lines` or `waiting_places` is missing",
            )


# --- what must hold -------------------------------------------------------------------------------
def expectations_can_be_tested(facts: Facts) -> Iterator[Problem]:
    by_scope = _measures_by_scope(facts)
    scopes = tuple(by_scope) or _scopes(facts)
    for number, one in enumerate(facts.scenario.expect):
        path: Path = ("expect", number)
        scope = one.measure.rpartition(".")[0]
        if not scope or scope not in scopes:
            yield _nothing_called(one, path, scopes)
        elif by_scope and one.measure not in by_scope[scope]:
            hint = suggestion(one.measure, tuple(by_scope[scope]), "measures")
            yield Problem(path, f"there is no measure {units.found(one.measure)}{hint}")


def expectations_have_bounds(facts: Facts) -> Iterator[Problem]:
    for number, one in enumerate(facts.scenario.expect):
        yield from _bounds(one, ("expect", number))


def expectations_name_something(facts: Facts) -> Iterator[Problem]:
    """Of a scenario that is not whole: what is measured is there, or may be."""
    scopes = tuple(_measures_by_scope(facts)) or _scopes(facts)
    for number, one in enumerate(facts.scenario.expect):
        if one.measure.rpartition(".")[0] not in (*scopes, *_scopes(facts)):
            yield _nothing_called(one, ("expect", number), scopes)


def _measures_by_scope(facts: Facts) -> dict[str, dict[str, None]]:
    """The measures of each scope, where they are known."""
    by_scope: dict[str, dict[str, None]] = {}
    if facts.scenario.expect and facts.known_measures is not None:
        for key in facts.known_measures(facts.scenario):
            by_scope.setdefault(key.rpartition(".")[0], {})[key] = None
    return by_scope


def _nothing_called(one: Expectation, path: Path, scopes: tuple[str, ...]) -> Problem:
    scope = one.measure.rpartition(".")[0]
    if not scope:
        shown = units.found(one.measure)
        return Problem(path, f"{shown} is no measure: scope.measure, phone.service_level")
    hint = suggestion(scope, scopes, "scopes")
    return Problem(path, f"there is nothing called {units.found(scope)} to measure{hint}")


def _scopes(facts: Facts) -> tuple[str, ...]:
    """The scopes of measures, where the list of measures is not at hand."""
    scenario = facts.scenario
    tiers = sorted({team.tier for team in scenario.teams.values()})
    return (
        "all",
        *scenario.channels,
        *scenario.contacts,
        *scenario.segments,
        *(name for name in facts.whole.contacts if MARK in name),
        *map(str, facts.lines),
        *scenario.teams,
        *(f"tier{tier}" for tier in tiers),
        "cost",
    )


def _bounds(one: Expectation, path: Path) -> Iterator[Problem]:
    if one.in_ is not None and one.over is None:
        yield Problem((*path, "in"), "`in` needs `over`: in 95 % of days, intervals or weeks")
    if one.at_least is not None and one.at_most is not None and one.at_least > one.at_most:
        yield Problem(path, "at_least is above at_most")
    if one.per in ("h", "minute", "contact"):
        yield Problem(path, "a bound in money is for a day, a week, a month or a year")


RULES = (
    calendar_is_whole,
    routing_names_exist,
    routing_keys_mean_something,
    every_line_has_a_route,
    paid_teams_are_reached,
    steps_name_a_team_once,
    promises_have_hours,
    patience_is_given,
    hours_make_sense,
    slowdown_fits_hands,
    busy_can_happen,
    expectations_can_be_tested,
    expectations_have_bounds,
)
