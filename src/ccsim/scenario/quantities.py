"""The types of fields: how each quantity is read, held, printed and described to an editor.

Every type is an annotated plain type: a validator from text, a printer back to text, and a JSON
Schema with the pattern of the text. Values that already have the held form pass only when a model
is built in Python; a file has to write its units (`FROM_FILE` in the validation context).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    Discriminator,
    Tag,
)

from ccsim import units
from ccsim.scenario.texts import Name
from ccsim.scenario.written import Written, pattern_of
from ccsim.units import NUMBER, UnitError

Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Period: TypeAlias = Literal["once", "minute", "h", "day", "week", "month", "year", "contact"]

# JSON Schema's regular expressions know no possessive forms; spaces are any of four kinds
_S = "[ \\u00a0\\u2009\\u202f]*"
_N = NUMBER
_UNITS = "(us|µs|μs|ms|s|sec|seconds?|min|minutes?|h|hours?|d|days?|weeks?)"
_LONG = "(us|µs|μs|ms|s|sec|seconds?|min|minutes?|h|hours?|d|days?|weeks?|months?|years?)"
_DURATION = rf"{_N}{_S}{_UNITS}({_S}{_N}{_S}{_UNITS})*"
_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
DAYS_PATTERN: Final = rf"^({_DAY}([-–]{_DAY})?|daily|weekdays|weekends)(, *({_DAY}([-–]{_DAY})?))*$"
TIME_PATTERN: Final = r"^([01]?[0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9])?$"
_TIME = r"([01]?[0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9])?"
SPAN_PATTERN: Final = rf"^{_TIME} *[-–—] *{_TIME}$"
SHARE_PATTERN: Final = rf"^{_N}{_S}%$"
CHANGE_PATTERN: Final = rf"^[+\-−]{_N}{_S}(%|points?)$"


def _positive_duration(value: object) -> int:
    us = units.parse_duration(value)
    if us == 0:
        raise UnitError(f"{units.found(value)}: this cannot be zero")
    return us


def _duration(read: Callable[[Any], object]) -> Written:
    schema = pattern_of(f"^{_DURATION}$", "20 s", "5 min", "4 h")
    return Written(read, schema, units.print_duration, (int,))


Duration = Annotated[int, _duration(units.parse_duration)]
PositiveDuration = Annotated[int, _duration(_positive_duration)]
LongDuration = Annotated[
    int,
    Written(
        lambda value: units.parse_duration(value, long=True),
        pattern_of(rf"^{_N}{_S}{_LONG}({_S}{_N}{_S}{_LONG})*$", "12 weeks", "3 months"),
        units.print_duration,
        (int,),
    ),
]


def _times(per: str, example: str) -> Written:
    return Written(
        lambda value: units.parse_rate(value, per, example),
        pattern_of(rf"^{_DURATION}{_S}/{_S}{per}$", example),
        lambda us: f"{units.print_duration(us)} / {per}",
        (int,),
    )


PerWeek = Annotated[int, _times("week", "40 h / week")]
PerDay = Annotated[int, _times("day", "30 min / day")]


def _slow_factor(value: object) -> float:
    # who shares one processor among 200 is 200 times slower with each
    factor = units.parse_percent(value, "a slow-down", 20_000)
    if factor < 1:
        raise UnitError(f"{units.found(value)}: several at once are not faster; 100 % or more")
    return factor


def _positive_percent(value: object) -> float:
    percent = units.parse_percent(value)
    if percent == 0:
        raise UnitError(f"{units.found(value)}: this cannot be zero")
    return percent


def _percent(read: Callable[[Any], object], *examples: str) -> Written:
    return Written(read, pattern_of(SHARE_PATTERN, *examples), units.print_share, (int, float))


Share = Annotated[float, _percent(units.parse_share, "80 %", "12.5 %")]
Percent = Annotated[float, _percent(units.parse_percent, "115 %", "85 %")]
PositivePercent = Annotated[float, _percent(_positive_percent, "135 %")]
Slowdown = Annotated[float, _percent(_slow_factor, "100 %", "140 %")]


def _share_of(of: str) -> Written:
    return Written(
        lambda value: units.parse_share_of(value, of),
        pattern_of(rf"^{_N}{_S}% +of +{of}$", f"5 % of {of}"),
        lambda share: f"{units.print_share(share)} of {of}",
        (int, float),
    )


ShareOfDays = Annotated[float, _share_of("days")]
ShareOfHours = Annotated[float, _share_of("hours")]

TimeOfDay = Annotated[
    int, Written(units.parse_time, pattern_of(TIME_PATTERN, "07:00"), units.print_time, (int,))
]
WorkingDays = Annotated[
    tuple[int, int],
    Written(
        units.parse_of,
        pattern_of(r"^[1-9][0-9]* +of +[1-9][0-9]*$", "5 of 7"),
        lambda pair: f"{pair[0]} of {pair[1]}",
        (tuple,),
    ),
]
Growth = Annotated[
    tuple[float, Literal["week", "month", "year"]],
    Written(
        units.parse_growth,
        pattern_of(rf"^[+\-−]?{_N}{_S}%{_S}/{_S}(week|month|year)$", "1 % / month"),
        units.print_growth,
        (tuple,),
    ),
]
_DAYS_TEXT: Final = pattern_of(DAYS_PATTERN, "mon-fri", "daily")
Days = Annotated[
    tuple[Day, ...],
    Written(
        units.parse_days,
        {"anyOf": [_DAYS_TEXT, {"type": "array", "items": _DAYS_TEXT, "minItems": 1}]},
        units.print_days,
    ),
]


# --- numbers --------------------------------------------------------------------------------------
class Changed(float):
    """A number that a percent change made: a count takes the nearest whole one (half up)."""


def _whole(least: int, most: int, what: str) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, Changed):
            value = units.round_half_up(float(value))
        if isinstance(value, str):
            number = units.parse_number(value.strip())
            value = int(number) if number is not None and number == int(number) else value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if units.signed(value):
            raise UnitError(f"{units.found(value)}: {units.CHANGES}: +10 %, rounded")
        if isinstance(value, bool) or not isinstance(value, int):
            raise UnitError(f"{what} is a whole number; found {units.found(value)}")
        if not least <= value <= most:
            raise UnitError(f"{what} lies between {least} and {most}; found {value}")
        return value

    return read


def whole_number(least: int, most: int, what: str = "this") -> Written:
    """The annotation of a bounded whole number."""
    schema = {
        "anyOf": [
            {"type": "integer", "minimum": least, "maximum": most},
            {"type": "string", "pattern": rf"^{_N}$"},
        ]
    }
    return Written(_whole(least, most, what), schema)


Count = Annotated[int, whole_number(0, 100_000, "a count")]
PositiveCount = Annotated[int, whole_number(1, 100_000, "a count")]


def _amount(value: object) -> float:
    if isinstance(value, str):
        number = units.parse_number(value.strip())
        value = float(number) if number is not None else value
    if units.signed(value):
        raise UnitError(f"{units.found(value)}: {units.CHANGES}, +10 % or -15 %")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnitError(f"a number is expected; found {units.found(value)}")
    if not 0 <= value <= 1e12:
        raise UnitError(f"a number from 0 to 10^12 is expected; found {value}")
    return float(value)


def _print_amount(value: float) -> int | float:
    return int(value) if value.is_integer() else value


_AMOUNT_SCHEMA: Final = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1e12},
        {"type": "string", "pattern": f"^{_N}$"},
    ]
}
Amount = Annotated[float, Written(_amount, _AMOUNT_SCHEMA, _print_amount)]


# --- forms that depend on what is written ---------------------------------------------------------
# The tags of a field's forms stand among the keys in a validator's places: they begin with a
# character that no key of a file can hold.
TAG_SIGN: Final = "\0"
_MAP_TAG: Final = f"{TAG_SIGN}map"
_LIST_TAG: Final = f"{TAG_SIGN}list"
_TEXT_TAG: Final = f"{TAG_SIGN}text"
_NUMBER_TAG: Final = f"{TAG_SIGN}number"
_REST_TAG: Final = f"{TAG_SIGN}rest"
_SHARE_TAG: Final = f"{TAG_SIGN}share"


def shape_of(value: object) -> str:
    """The tag of a field that takes a map, a list or anything else (a text)."""
    if isinstance(value, Mapping) or hasattr(type(value), "model_fields"):
        return _MAP_TAG
    if isinstance(value, (list, tuple)):
        return _LIST_TAG
    return _TEXT_TAG


def one_or_map(value: object) -> str:
    return _MAP_TAG if shape_of(value) == _MAP_TAG else _TEXT_TAG


def number_or_map(value: object) -> str:
    """The tag of a field that takes a map or a number."""
    return _MAP_TAG if shape_of(value) == _MAP_TAG else _NUMBER_TAG


def list_or_text(value: object) -> str:
    return _LIST_TAG if shape_of(value) == _LIST_TAG else _TEXT_TAG


def _rest_or_share(value: object) -> str:
    return _REST_TAG if value == "rest" else _SHARE_TAG


def _heads(value: object) -> str:
    if value == "rest":
        return _REST_TAG
    number = isinstance(value, str) and units.parse_number(value.strip()) is not None
    written = isinstance(value, str) and not number and ("%" in value or not units.signed(value))
    held = isinstance(value, float) and not isinstance(value, Changed)
    return _SHARE_TAG if written or held else _NUMBER_TAG


def _hands(value: object) -> str:
    return _NUMBER_TAG if isinstance(value, (int, float)) else _TEXT_TAG


MAP: Final = Tag(_MAP_TAG)
LIST: Final = Tag(_LIST_TAG)
TEXT: Final = Tag(_TEXT_TAG)
NUMBER_TAG: Final = Tag(_NUMBER_TAG)
BY_SHAPE: Final = Discriminator(one_or_map)
BY_LIST: Final = Discriminator(list_or_text)

_Rest = Annotated[Literal["rest"], Tag(_REST_TAG)]
ShareOrRest = Annotated[
    _Rest | Annotated[Share, Tag(_SHARE_TAG)],
    Discriminator(_rest_or_share),
]
Heads = Annotated[
    _Rest | Annotated[Share, Tag(_SHARE_TAG)] | Annotated[Count, NUMBER_TAG],
    Discriminator(_heads),
]
InHand = Annotated[
    Annotated[Literal["alone", "in gaps"], TEXT]
    | Annotated[int, whole_number(1, 200, "how many at once"), NUMBER_TAG],
    Discriminator(_hands),
]
ShareByTeam = Annotated[
    Annotated[Share, TEXT] | Annotated[dict[Name, Share], MAP],
    BY_SHAPE,
]


def expand_days(value: object) -> object:
    """`{mon-fri: 10, sat: 5}` with one entry for each weekday; other data pass."""
    if not isinstance(value, Mapping):
        return value
    expanded: dict[str, object] = {}
    for key, content in value.items():
        for day in units.parse_days(key):
            if day in expanded:
                raise UnitError(f"{day} is here twice")
            expanded[day] = content
    return expanded
