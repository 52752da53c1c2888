"""Opening hours as spans of UTC time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ccsim.network.model import Hours
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.quantities import Day
from ccsim.scenario.schema import Channel, Scenario, TimeSpan

SECONDS_OF_DAY = 86_400
WrittenHours = Literal["always"] | Mapping[Day, tuple[TimeSpan, ...]]


def hours_as_spans(written: WrittenHours | None, clock: LocalClock) -> Hours | None:
    """The spans in which something is open, us since the calendar's start; None is always.

    A span belongs to the local day it starts on. The day before the calendar is included for what
    is still open at midnight, and the day after its end so that clocks of open hours run on; spans
    begin at 0 at the earliest. Touching and overlapping spans are one.
    """
    if written is None or isinstance(written, str):
        return None
    spans = sorted(
        (_instant(clock, day, span.start), _end(clock, day, span))
        for day in range(-1, clock.days + 1)
        for span in written.get(clock.opening_weekday(day), ())
    )
    merged: list[tuple[int, int]] = []
    for start, until in ((max(start, 0), until) for start, until in spans if until > 0):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        elif until > start:
            merged.append((start, until))
    return Hours(tuple(merged))


def opening_hours(scenario: Scenario, clock: LocalClock, channel: str) -> Hours | None:
    """When the channel takes contacts; None is always."""
    return hours_as_spans(scenario.opens.get(channel), clock)


def promise_hours(scenario: Scenario, clock: LocalClock, channel: str) -> Hours | None:
    """The hours that the channel's promise counts; None when its clock always runs.

    With `promise: working` these are the channel's `working_hours`, else its opening hours.
    """
    block = scenario.channels.get(channel, Channel())
    if block.promise != "working":
        return None
    if block.working_hours is not None:
        return hours_as_spans(block.working_hours, clock)
    return opening_hours(scenario, clock, channel)


def _instant(clock: LocalClock, day: int, second: int) -> int:
    if second >= SECONDS_OF_DAY:
        return clock.day_start_us(day + 1)
    return clock.instant_us(day, second)


def _end(clock: LocalClock, day: int, span: TimeSpan) -> int:
    return _instant(clock, day if span.until > span.start else day + 1, span.until)
