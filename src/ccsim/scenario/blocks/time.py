"""When things happen: the calendar, the run, shifts and their breaks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ccsim.scenario.blocks.base import Block
from ccsim.scenario.quantities import (
    SPAN_PATTERN,
    TIME_PATTERN,
    Date,
    Days,
    Duration,
    PositiveDuration,
    TimeOfDay,
    TimeZone,
    Written,
    YesNo,
    whole_number,
)
from ccsim.units import parse_span, print_time

HALF_HOUR = 1_800_000_000


def _between(value: object) -> object:
    """`"09:00-10:30"` or `["09:00", "10:30"]`."""
    return tuple(map(print_time, parse_span(value))) if isinstance(value, str) else value


_TIME: dict[str, Any] = {"type": "string", "pattern": TIME_PATTERN, "examples": ["07:00"]}
_BETWEEN_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "array", "items": _TIME, "minItems": 2, "maxItems": 2},
        {"type": "string", "pattern": SPAN_PATTERN, "examples": ["11:30-13:30"]},
    ]
}


Between = Annotated[tuple[TimeOfDay, TimeOfDay], Written(_between, _BETWEEN_SCHEMA)]


class Calendar(Block):
    """The days that are simulated, in local time."""

    start: Date = Field(description="The first day; it begins at midnight, local time.")
    days: Annotated[int, whole_number(1, 3700, "the number of days")] = Field(
        description="How many days are simulated."
    )
    timezone: TimeZone = Field(
        default="UTC",
        description="The time zone of all times of day, with its daylight saving time.",
    )
    interval: PositiveDuration = Field(
        default=HALF_HOUR,
        description="The length of the intervals in which measures and staffing are counted; "
        "it divides a day.",
    )
    warm_up: Duration = Field(
        default=0,
        description="The first part of the calendar, which is simulated but not measured.",
    )


class RunOptions(Block):
    """How often the scenario is repeated, and from which seed."""

    replications: Annotated[int, whole_number(1, 1_000_000, "the number of replications")] = Field(
        default=100, description="How many independent repetitions."
    )
    seed: Annotated[int, whole_number(0, 2**53, "the seed")] = Field(
        default=1, description="The seed from which all chance follows."
    )
    max_legs: Annotated[int, whole_number(1, 4096, "the bound")] = Field(
        default=16, description="How often one contact may enter queues at most."
    )


class Break(Block):
    """A break of a shift: exactly one of `between`, `at` and `into` says when."""

    for_: PositiveDuration = Field(alias="for", description="How long it is.")
    between: Between | None = Field(
        default=None,
        description="A span of the day in which people take it in turns, in steps of five "
        'minutes: ["09:00", "10:30"].',
    )
    at: TimeOfDay | None = Field(default=None, description="The time at which all take it at once.")
    into: Duration | None = Field(
        default=None, description="How long after the start of the shift it begins."
    )
    paid: YesNo = Field(default=True, description="Whether it is paid.")


class Shift(Block):
    """Working hours of a day. A shift belongs to the day it starts; it is paid by elapsed hours."""

    days: Days = Field(description="The weekdays on which it starts: mon-fri, daily, [mon, wed].")
    from_: TimeOfDay = Field(alias="from", description="When it starts, wall-clock time.")
    to: TimeOfDay = Field(
        description="When it ends; a time at or before the start is the next day's."
    )
    breaks: tuple[Break, ...] = Field(default=(), description="Its breaks.")


__all__ = ["Break", "Calendar", "RunOptions", "Shift"]
