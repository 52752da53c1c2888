"""Durations as people write them (`5.2 min`), held in whole microseconds."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from ccsim.units.numbers import (
    CHANGES,
    GAP,
    NUMBER,
    UnitError,
    found,
    parse_number,
    print_number,
    signed,
    text_of,
)

US_PER_SECOND: Final = 1_000_000
US_PER_MINUTE: Final = 60 * US_PER_SECOND
US_PER_HOUR: Final = 60 * US_PER_MINUTE
US_PER_DAY: Final = 24 * US_PER_HOUR
US_PER_WEEK: Final = 7 * US_PER_DAY
DAYS_PER_MONTH: Final = 30.4375  # a twelfth of 365.25 days
DAYS_PER_YEAR: Final = 365.25
US_PER_MONTH: Final = int(DAYS_PER_MONTH * US_PER_DAY)
US_PER_YEAR: Final = int(DAYS_PER_YEAR * US_PER_DAY)

_UNITS: Final[dict[str, int]] = {
    **dict.fromkeys(("us", "µs", "μs"), 1),
    "ms": 1000,
    **dict.fromkeys(("s", "sec", "second", "seconds"), US_PER_SECOND),
    **dict.fromkeys(("min", "minute", "minutes"), US_PER_MINUTE),
    **dict.fromkeys(("h", "hour", "hours"), US_PER_HOUR),
    **dict.fromkeys(("d", "day", "days"), US_PER_DAY),
    **dict.fromkeys(("week", "weeks"), US_PER_WEEK),
}
_LONG_UNITS: Final[dict[str, int]] = {
    **dict.fromkeys(("month", "months"), US_PER_MONTH),
    **dict.fromkeys(("year", "years"), US_PER_YEAR),
}
_PRINT_UNITS: Final = (
    ("d", US_PER_DAY),
    ("h", US_PER_HOUR),
    ("min", US_PER_MINUTE),
    ("s", US_PER_SECOND),
    ("ms", 1000),
    ("us", 1),
)
MAX_DURATION: Final = 100 * US_PER_YEAR

DURATION_NEEDS: Final = "a duration needs a unit: 90 s, 2.5 min, 1 h"
_DURATION_PART = re.compile(rf"({NUMBER}){GAP}([a-zµμ]+){GAP}")


def parse_duration(value: object, *, long: bool = False) -> int:
    """Reads `20 s`, `5.2 min`, `1 h 30 min`, `2 d`, `12 weeks`, in us (rounded to the nearest).

    long: months (30.4375 days) and years (365.25 days) are units too, for tenures.
    UnitError: the text is no duration, or is longer than 100 years.
    """
    text = text_of(value, DURATION_NEEDS)
    if signed(text):
        raise UnitError(f"{found(value)}: {CHANGES}, +10 % or -15 %")
    units = {**_UNITS, **_LONG_UNITS} if long else _UNITS
    total, at, last = Decimal(0), 0, 2**63
    while at < len(text):
        part = _DURATION_PART.match(text, at)
        if part is None:
            if "," in text:
                raise UnitError(f"{found(value)} is no duration: decimals have a point, 2.5 min")
            raise UnitError(f"{DURATION_NEEDS}; found {found(value)}")
        unit = part[2]
        if unit not in units:
            if unit in _LONG_UNITS:
                raise UnitError(
                    f"a {unit.rstrip('s')} has no fixed length here; write it in d or h"
                )
            raise UnitError(
                f"there is no unit of time '{unit}' (units: us, ms, s, min, h, d, weeks)"
            )
        if units[unit] >= last:
            raise UnitError(f"{found(value)} is no duration: write larger units first, 1 h 30 min")
        last = units[unit]
        number = parse_number(part[1])
        assert number is not None  # the pattern is made of NUMBER
        total += number * last
        at = part.end()
    if at == 0:
        raise UnitError(f"{DURATION_NEEDS}; found {found(value)}")
    us = int(total.to_integral_value(ROUND_HALF_EVEN))
    if us > MAX_DURATION:
        raise UnitError(f"{found(value)} is longer than 100 years")
    return us


def print_duration(us: int) -> str:
    """Prints in the largest unit that needs at most two decimals: 5.2 min, 90 s, 2 d."""
    if us == 0:
        return "0 s"
    for name, size in _PRINT_UNITS:
        if abs(us) >= size and us * 100 % size == 0:
            return f"{print_number(Decimal(us * 100 // size) / 100)} {name}"
    return f"{us} us"
