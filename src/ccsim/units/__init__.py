"""Quantities as people write them: parse and print.

Durations are held in whole microseconds, shares as fractions, times of day in seconds after
midnight, money as (amount, period). Printing is exact: parsing what was printed gives the same
value bit for bit. All parsers raise `UnitError`, whose text is for the author of the scenario.
"""

from ccsim.units.durations import (
    US_PER_DAY,
    US_PER_HOUR,
    US_PER_MINUTE,
    US_PER_SECOND,
    US_PER_WEEK,
    US_PER_YEAR,
    parse_duration,
    print_duration,
)
from ccsim.units.money import (
    PERIODS,
    parse_money,
    print_money,
)
from ccsim.units.numbers import (
    CHANGES,
    MAX_NUMBER,
    NUMBER,
    UnitError,
    found,
    parse_number,
    print_number,
    round_half_up,
    signed,
)
from ccsim.units.rates import (
    parse_growth,
    parse_of,
    parse_rate,
    parse_share_of,
    print_growth,
)
from ccsim.units.shares import (
    Change,
    apply_change,
    parse_change,
    parse_percent,
    parse_share,
    print_share,
)
from ccsim.units.times import (
    SECONDS_PER_DAY,
    WEEKDAYS,
    parse_days,
    parse_span,
    parse_time,
    print_days,
    print_span,
    print_time,
)

__all__ = [
    "CHANGES",
    "MAX_NUMBER",
    "NUMBER",
    "PERIODS",
    "SECONDS_PER_DAY",
    "US_PER_DAY",
    "US_PER_HOUR",
    "US_PER_MINUTE",
    "US_PER_SECOND",
    "US_PER_WEEK",
    "US_PER_YEAR",
    "WEEKDAYS",
    "Change",
    "UnitError",
    "apply_change",
    "found",
    "parse_change",
    "parse_days",
    "parse_duration",
    "parse_growth",
    "parse_money",
    "parse_number",
    "parse_of",
    "parse_percent",
    "parse_rate",
    "parse_share",
    "parse_share_of",
    "parse_span",
    "parse_time",
    "print_days",
    "print_duration",
    "print_growth",
    "print_money",
    "print_number",
    "print_share",
    "print_span",
    "print_time",
    "round_half_up",
    "signed",
]
