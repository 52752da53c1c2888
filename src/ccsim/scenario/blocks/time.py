"""When things happen: the calendar and its holidays, the run, shifts and their breaks."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from ccsim.scenario.blocks.base import Block
from ccsim.scenario.quantities import (
    SPAN_PATTERN,
    TIME_PATTERN,
    Day,
    Days,
    Duration,
    PositiveDuration,
    TimeOfDay,
    whole_number,
)
from ccsim.scenario.texts import Date, Label, Names, Text, TimeZone, YesNo
from ccsim.scenario.written import Written
from ccsim.units import SECONDS_PER_DAY, US_PER_DAY, parse_span, print_time

HALF_HOUR = 1_800_000_000
OFF: Final = "off"  # in a rotation: time without a shift


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


class Holidays(Block):
    """Public holidays: days that are like another weekday."""

    country: Text | None = Field(
        default=None,
        description="The country whose public holidays these are, two letters of ISO 3166: UA. "
        "Needs the extra `holidays`.",
    )
    region: Text | None = Field(
        default=None, description="A region of the country with holidays of its own: BY of DE."
    )
    dates: tuple[Date, ...] = Field(
        default=(), description="Dates of holidays, beside those of the country: [2027-05-01]."
    )
    demand_like: Day | None = Field(
        default=None,
        description="The weekday whose volume and shape they have; default that of the date.",
    )
    shifts_like: Day | None = Field(
        default=None,
        description="The weekday whose shifts are worked; default that of the date. Days off are "
        "those of the date.",
    )
    opens_like: Day | None = Field(
        default=None,
        description="The weekday whose opening hours they have; default that of `shifts_like`.",
    )
    paid: YesNo = Field(
        default=True,
        description="Whether people who would have worked on the date, but have the holiday off, "
        "are paid for it, as for leave.",
    )


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
        description="The first part of the calendar, which is simulated but not measured. "
        "Whole days end at midnight, local time.",
    )
    holidays: Holidays | None = Field(
        default=None, description="Public holidays; without them they are days like others."
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
    stratify: Literal["busyness"] | None = Field(
        default=None,
        description="`busyness`: replications share out the busyness of days evenly, for narrower "
        "intervals; their number is rounded up to tens. Default: each draws its own.",
    )
    control: Literal["arrivals"] | None = Field(
        default=None,
        description="`arrivals`: what is known of the mean number of customers corrects the "
        "estimates (control variates), for narrower intervals. Default: nothing does.",
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


class ShiftPart(Block):
    """One part of a split shift."""

    from_: TimeOfDay = Field(alias="from", description="When it starts, wall-clock time.")
    to: TimeOfDay = Field(
        description="When it ends; a time at or before its start is the next day's."
    )


class Shift(Block):
    """Working hours of a day. A shift belongs to the day it starts; it is paid by elapsed hours.

    It has `from` and `to`, or is split in `parts`, or is a rotation over other shifts (`rotates`).
    """

    label: Label | None = Field(
        default=None, description="What people read, in tables and pictures; default its name here."
    )
    days: Days | None = Field(
        default=None,
        description="The weekdays on which it starts: mon-fri, daily, [mon, wed]. A rotation has "
        "those of its shifts.",
    )
    from_: TimeOfDay | None = Field(
        default=None, alias="from", description="When it starts, wall-clock time."
    )
    to: TimeOfDay | None = Field(
        default=None,
        description="When it ends; a time at or before the start is the next day's.",
    )
    parts: tuple[ShiftPart, ...] | None = Field(
        default=None,
        description="A split shift in place of `from` and `to`: its parts in order, the time "
        'between them unpaid: [{from: "08:00", to: "12:00"}, {from: "17:00", to: "21:00"}].',
    )
    breaks: tuple[Break, ...] = Field(default=(), description="Its breaks.")
    timezone: TimeZone | None = Field(
        default=None,
        description="The time zone of its wall clock; default that of the team who works it.",
    )
    rotates: Names | None = Field(
        default=None,
        description="A rotation: people go from shift to shift in this order, evenly spread over "
        "it; `off` is time without a shift: [early, late, night].",
    )
    every: PositiveDuration | None = Field(
        default=None,
        description="How long a person stays on each shift of a rotation, in whole days; default "
        "1 week, from Monday to Sunday.",
    )

    @property
    def is_rotation(self) -> bool:
        """Whether it stands for other shifts."""
        return self.rotates is not None

    @property
    def wall_spans(self) -> tuple[tuple[int, int], ...]:
        """Its parts in seconds after the midnight of its day, those after the next midnight above
        86 400; empty for a rotation."""
        if self.parts is not None:
            written = [(part.from_, part.to) for part in self.parts]
        elif self.from_ is not None and self.to is not None:
            written = [(self.from_, self.to)]
        else:
            written = []
        spans: list[tuple[int, int]] = []
        for start, until in written:
            while spans and start < spans[-1][1]:
                start += SECONDS_PER_DAY
            spans.append((start, start + ((until - start) % SECONDS_PER_DAY or SECONDS_PER_DAY)))
        return tuple(spans)

    @property
    def period_days(self) -> int:
        """Days that a person stays on each shift of a rotation."""
        return (self.every or 7 * US_PER_DAY) // US_PER_DAY


__all__ = ["OFF", "Break", "Calendar", "Holidays", "RunOptions", "Shift", "ShiftPart"]
