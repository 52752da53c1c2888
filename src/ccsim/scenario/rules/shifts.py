"""Rules about shifts: plain, split and rotating; breaks, overtime, on call and holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from ccsim import units
from ccsim.scenario.blocks.time import OFF
from ccsim.scenario.holidays import holiday_dates
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.facts import Facts, listed, unknown
from ccsim.scenario.schema import Break, Holidays, Shift, Team

DAY_SECONDS = units.SECONDS_PER_DAY
PLAIN_KEYS = ("days", "from", "to", "parts", "timezone")


def shifts_are_whole(facts: Facts) -> Iterator[Problem]:
    """A shift has from and to, or parts, or is a rotation."""
    for name, shift in facts.scenario.shifts.items():
        path: Path = ("shifts", name)
        if name == OFF:
            yield Problem(path, f"'{OFF}' is a word of the language", at_key=True)
        if shift.is_rotation:
            yield from _rotation_problems(shift, path)
            continue
        if shift.every is not None:
            yield Problem((*path, "every"), "`every` belongs to a rotation (`rotates`)")
        if shift.days is None:
            yield Problem(
                path, "'days' is missing: the weekdays on which it starts, mon-fri, daily"
            )
        yield from _time_problems(shift, path)


def _rotation_problems(shift: Shift, path: Path) -> Iterator[Problem]:
    for key in PLAIN_KEYS:
        if getattr(shift, "from_" if key == "from" else key) is not None:
            yield Problem((*path, key), "a rotation has the times and days of its shifts")
    if shift.breaks:
        yield Problem((*path, "breaks"), "a rotation has the breaks of its shifts")
    if shift.every is not None and shift.every % units.US_PER_DAY:
        yield Problem((*path, "every"), "people change shifts after whole days: 1 week, 2 d")
    names = shift.rotates or ()
    if all(name == OFF for name in names):
        yield Problem((*path, "rotates"), "there is no shift in this rotation")


def _time_problems(shift: Shift, path: Path) -> Iterator[Problem]:
    if shift.parts is not None:
        for key, value in (("from", shift.from_), ("to", shift.to)):
            if value is not None:
                yield Problem((*path, key), "`parts` say when a split shift is; leave this out")
        if len(shift.parts) < 2:
            yield Problem((*path, "parts"), "a split shift has at least two parts")
        elif _length(shift) > DAY_SECONDS or any(
            after[0] == before[1] for before, after in pairwise(shift.wall_spans)
        ):
            yield Problem(
                (*path, "parts"),
                "the parts stand in order, with time between them, and end within a day of the "
                "start",
            )
        return
    if shift.from_ is None and shift.to is None:
        yield Problem(path, "when is it? `from` and `to` are missing, or `parts`, or `rotates`")
    elif shift.from_ is None or shift.to is None:
        key = "from" if shift.from_ is None else "to"
        what = "starts" if key == "from" else "ends"
        yield Problem((*path, key), f"'{key}' is missing: when it {what}, wall-clock time")


def rotations_exist(facts: Facts) -> Iterator[Problem]:
    """A rotation is over plain shifts, and nobody is due before the last shift has ended."""
    shifts = facts.scenario.shifts
    plain = [name for name, shift in shifts.items() if not shift.is_rotation]
    for name, shift in shifts.items():
        names = shift.rotates or ()
        path: Path = ("shifts", name, "rotates")
        for position, other in enumerate(names):
            if other == OFF:
                continue
            if other in shifts and shifts[other].is_rotation:
                yield Problem((*path, position), f"'{other}' is a rotation itself")
                continue
            yield from unknown((*path, position), other, (*plain, OFF), "shift", "shifts")
        for number, (before, after) in enumerate(pairwise([*names, *names[:1]])):
            if before in shifts and after in shifts and _overlap(shifts[before], shifts[after]):
                yield Problem(
                    (*path, (number + 1) % len(names)),
                    f"'{after}' begins before '{before}' of the day before has ended; put '{OFF}' "
                    "between them, or another order",
                )


def _overlap(before: Shift, after: Shift) -> bool:
    if not before.wall_spans or not after.wall_spans or before.timezone != after.timezone:
        return False
    return before.wall_spans[-1][1] > after.wall_spans[0][0] + DAY_SECONDS


def shifts_are_worked(facts: Facts) -> Iterator[Problem]:
    """A team's shifts begin on some day of the calendar, or of the night before it."""
    shifts = facts.scenario.shifts
    for name, team in facts.scenario.teams.items():
        entries = [shifts[entry] for entry in team.roster or {} if entry in shifts]
        if not entries or len(entries) < len(team.roster or {}):
            continue
        worked = {day for shift in _plain(facts, entries) for day in shift.days or ()}
        if not worked & set(facts.weekdays):
            yield Problem(
                ("teams", name, "roster"),
                f"none of these shifts is on a day of the calendar ({listed(facts.weekdays)})",
            )


def _plain(facts: Facts, entries: list[Shift]) -> Iterator[Shift]:
    """The shifts, those of rotations in their place."""
    for entry in entries:
        if entry.rotates is None:
            yield entry
        else:
            known = facts.scenario.shifts
            yield from (known[name] for name in entry.rotates if name in known)


def breaks_fit_their_shift(facts: Facts) -> Iterator[Problem]:
    for name, shift in facts.scenario.shifts.items():
        path: Path = ("shifts", name)
        for where, start in ((("from",), shift.from_), (("parts", 0, "from"), _first(shift))):
            if start == DAY_SECONDS:
                yield Problem((*path, *where), 'a shift cannot begin at 24:00; write "00:00"')
        if not shift.wall_spans or _length(shift) > DAY_SECONDS:
            continue
        total = 0
        for number, one in enumerate(shift.breaks):
            total += one.for_ // units.US_PER_SECOND
            yield from _break_problems(one, shift, (*path, "breaks", number))
        yield from _overlapping_breaks(shift, path)
        if total >= sum(until - start for start, until in shift.wall_spans):
            yield Problem((*path, "breaks"), "the breaks are as long as the shift")


def _first(shift: Shift) -> int | None:
    """When the first part of a split shift starts."""
    return shift.parts[0].from_ if shift.parts else None


def _overlapping_breaks(shift: Shift, path: Path) -> Iterator[Problem]:
    """Nobody is on two breaks at once: the times in which breaks may lie stand apart."""
    spans = sorted(
        (*_break_span(one, shift), number)
        for number, one in enumerate(shift.breaks)
        if sum(key is not None for key in (one.between, one.at, one.into)) == 1
    )
    for (_, ends, first), (begins, _, second) in pairwise(spans):
        if begins < ends:
            later, earlier = max(first, second), min(first, second)
            when = units.print_time(_break_span(shift.breaks[earlier], shift)[0] % DAY_SECONDS)
            yield Problem(
                (*path, "breaks", later),
                f"it may overlap the break that can begin at {when}; let their times stand apart",
            )


def _break_span(one: Break, shift: Shift) -> tuple[int, int]:
    """From when to when a break may last, seconds after the midnight of the shift's day."""
    begins = shift.wall_spans[0][0]
    seconds = one.for_ // units.US_PER_SECOND
    if one.into is not None:
        start = end = begins + one.into // units.US_PER_SECOND
    else:
        first, last = one.between if one.between is not None else (one.at or 0, one.at or 0)
        start = begins + (first - begins) % DAY_SECONDS
        end = start + (last - first) % DAY_SECONDS - (seconds if one.between is not None else 0)
    return start, end + seconds


def _length(shift: Shift) -> int:
    """From the first start of a shift to its last end on the wall clock, seconds."""
    spans = shift.wall_spans
    return spans[-1][1] - spans[0][0] if spans else 0


def _break_problems(one: Break, shift: Shift, path: Path) -> Iterator[Problem]:
    given = [key for key in ("between", "at", "into") if getattr(one, key) is not None]
    if len(given) != 1:
        what = f"found {listed(given)}" if given else "none is given"
        yield Problem(path, f"a break has one of between, at and into; {what}")
        return
    seconds = one.for_ // units.US_PER_SECOND
    begins = shift.wall_spans[0][0]
    if one.into is not None:
        start = end = one.into // units.US_PER_SECOND
    else:
        first, last = one.between if one.between is not None else (one.at or 0, one.at or 0)
        start = (first - begins) % DAY_SECONDS
        end = start + (last - first) % DAY_SECONDS
    parts = [(a - begins, b - begins) for a, b in shift.wall_spans]
    if one.between is not None and end - start < seconds:
        yield Problem((*path, "between"), "the break is longer than the time that it lies in")
    elif not any(a <= start and max(start + seconds, end) <= b for a, b in parts):
        hours = " and ".join(
            f"{units.print_time(a % DAY_SECONDS)} to {units.print_time(b % DAY_SECONDS or b)}"
            for a, b in shift.wall_spans
        )
        yield Problem((*path, given[0]), f"the break lies outside the shift ({hours})")


# --- overtime, on call ----------------------------------------------------------------------------
def overtime_is_of_the_roster(facts: Facts) -> Iterator[Problem]:
    for name, team in facts.scenario.teams.items():
        entries = [
            facts.scenario.shifts[e] for e in team.roster or {} if e in facts.scenario.shifts
        ]
        worked = dict.fromkeys(
            other
            for entry in team.roster or {}
            if entry in facts.scenario.shifts
            for other in facts.scenario.shifts[entry].rotates or (entry,)
        )
        for number, row in enumerate(team.overtime):
            path: Path = ("teams", name, "overtime", number)
            for position, shift in enumerate(row.shifts or ()):
                if entries:
                    yield from unknown(
                        (*path, "shifts", position), shift, worked, "shift", "shifts of the team"
                    )
            longest = max((_length(shift) for shift in _plain(facts, entries)), default=0)
            if longest + row.for_ // units.US_PER_SECOND > DAY_SECONDS:
                yield Problem((*path, "for"), "with it a shift is longer than a day")


def on_call_is_drawn_from_a_team(facts: Facts) -> Iterator[Problem]:
    """On call: a team that exists, has people and shifts, and is not on call itself."""
    for name, team in facts.scenario.teams.items():
        path: Path = ("teams", name)
        if team.drawn_from is None:
            for key in ("people_at_once", "hours", "reaction", "standby_pay"):
                if getattr(team, key) is not None:
                    yield Problem(
                        (*path, key),
                        "this belongs to people on call; `drawn_from` is "
                        "missing: the team that they are from",
                    )
            continue
        yield from unknown(
            (*path, "drawn_from"), team.drawn_from, facts.scenario.teams, "team", "teams"
        )
        source = facts.scenario.teams.get(team.drawn_from)
        if source is not None:
            yield from _source_problems(facts, team, source, path)


def _source_problems(facts: Facts, team: Team, source: Team, path: Path) -> Iterator[Problem]:
    where = (*path, "drawn_from")
    if source.drawn_from is not None:
        yield Problem(where, f"'{team.drawn_from}' is on call itself")
        return
    if source.roster is None and source.people is None:
        yield Problem(where, f"how many people '{team.drawn_from}' has is not known: a `roster`")
        return
    if source.roster is None and not isinstance(team.hours, dict):
        yield Problem(
            where, f"'{team.drawn_from}' works no shifts; say the hours on call by weekday"
        )
    counts = [n for n in (source.roster or {}).values() if isinstance(n, int)]
    people = source.people if source.people is not None else sum(counts)
    if (team.people_at_once or 1) > people:
        yield Problem((*path, "people_at_once"), f"'{team.drawn_from}' has {people} people")
    if team.standby_pay is None and (team.pay is not None or source.pay is not None):
        yield Problem(
            path, "'standby_pay' is missing: what an hour of standing by is paid (0 / h if nothing)"
        )


def on_call_stands_last(facts: Facts) -> Iterator[Problem]:
    """Who has to be reached first is the last resort of a route."""
    teams = facts.scenario.teams
    slow = {name for name, team in teams.items() if team.drawn_from is not None and team.reaction}
    for key, route in facts.scenario.routing.items():
        reached = False
        for number, step in enumerate(route.route):
            if reached and not set(step.team) <= slow:
                yield Problem(
                    ("routing", key, "route", number),
                    "people on call who have to be reached first stand last in a route",
                )
                break
            reached = reached or bool(set(step.team) & slow)


# --- holidays -------------------------------------------------------------------------------------
def holidays_are_known(facts: Facts) -> Iterator[Problem]:
    calendar = facts.scenario.calendar
    last = calendar.start + timedelta(days=min(calendar.days, 40_000))
    found: list[tuple[Path, Holidays | None]] = [(("calendar", "holidays"), calendar.holidays)]
    found += [
        (("teams", name, "holidays"), team.holidays)
        for name, team in facts.scenario.teams.items()
        if team.holidays is not None and not isinstance(team.holidays, str)
    ]
    for path, holidays in found:
        if holidays is None:
            continue
        if holidays.country is None and not holidays.dates:
            yield Problem(path, "which days? `country` is missing, or `dates`")
        if holidays.region is not None and holidays.country is None:
            yield Problem((*path, "region"), "a region of which country? `country` is missing")
        try:
            holiday_dates(holidays, calendar.start, last)
        except ValueError as problem:
            key = "region" if "no region" in str(problem) else "country"
            yield Problem((*path, key), str(problem))
    if calendar.holidays is None:
        yield from _premiums_without_holidays(facts)


def _premiums_without_holidays(facts: Facts) -> Iterator[Problem]:
    for name, team in facts.scenario.teams.items():
        if team.pay is not None and "holidays" in team.pay.premium and team.holidays is None:
            path = ("teams", name, "pay", "premium", "holidays")
            yield Problem(path, "which holidays? `calendar.holidays` is missing", at_key=True)


RULES = (
    shifts_are_whole,
    rotations_exist,
    shifts_are_worked,
    breaks_fit_their_shift,
    overtime_is_of_the_roster,
    on_call_is_drawn_from_a_team,
    on_call_stands_last,
    holidays_are_known,
)
