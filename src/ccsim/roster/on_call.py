"""On call: the people of another team stand by in turns, week by week.

Simplified: whoever is absent has swapped the turn; who was called out at night works the next shift
like anybody; a person who stands by and one who finishes a last contact after the shift may be the
same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ccsim.roster.shift_times import people_by_shift
from ccsim.roster.staffing import Span
from ccsim.scenario.clock import LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.quantities import Day
    from ccsim.scenario.schema import Team, TimeSpan


def on_call_turns(
    clock: LocalClock, team: Team, source: Team, planned: Sequence[Span]
) -> list[list[Span]]:
    """The spans (us) in which each person of the source team stands by.

    In week w, counted from Monday 00:00 on the team's clock, the `people_at_once` persons from
    number w x people_at_once on have the turn. `planned` are the spans of its shifts, sorted.
    """
    count = sum(people_by_shift(source).values()) if source.roster else source.people or 0
    at_once = min(team.people_at_once or 1, count)
    spans: list[list[Span]] = [[] for _ in range(count)]
    written = team.hours
    if isinstance(written, dict):
        when = _by_weekday(clock, written)
    else:
        when = _outside(planned, clock.horizon_us)
    for number, week in enumerate(_weeks(clock)):
        for j in range(at_once):
            own = spans[(number * at_once + j) % count]
            for start, until in when:
                _append(own, max(start, week[0]), min(until, week[1]))
    return spans


def _outside(planned: Sequence[Span], horizon: int) -> list[Span]:
    """What of the calendar no shift covers."""
    free: list[Span] = []
    at = 0
    for start, until in planned:
        _append(free, at, min(start, horizon))
        at = max(at, until)
    _append(free, at, horizon)
    return free


def _by_weekday(clock: LocalClock, written: Mapping[Day, tuple[TimeSpan, ...]]) -> list[Span]:
    """The hours of each weekday; a span belongs to the day it starts on."""
    found = []
    for day in clock.staffed_days:
        for span in written.get(clock.shifts_weekday(day), ()):
            end = span.until + 86_400 * (span.until <= span.start)
            start, until = clock.instant_us(day, span.start), clock.instant_us(day, end)
            found.append((max(start, 0), min(until, clock.horizon_us)))
    merged: list[Span] = []
    for start, until in sorted(found):
        _append(merged, start, until)
    return merged


def _weeks(clock: LocalClock) -> list[Span]:
    """The calendar cut at Mondays 00:00."""
    days = clock.staffed_days
    mondays = [
        clock.day_start_us(day)
        for day in range(days.start, days.stop + 1)
        if clock.date(day).weekday() == 0
    ]
    edges = [0, *(at for at in mondays if 0 < at < clock.horizon_us), clock.horizon_us]
    return list(pairwise(edges))


def _append(spans: list[Span], start: int, until: int) -> None:
    """Add a span, joined to the last one where they touch; one without length is none."""
    if until <= start:
        return
    if spans and start <= spans[-1][1]:
        spans[-1] = (spans[-1][0], max(spans[-1][1], until))
    else:
        spans.append((start, until))
