"""The types of fields: how each quantity is read, held, printed and described to an editor.

Every type is an annotated plain type: a validator from text, a printer back to text, and a JSON
Schema with the pattern of the text. Values that already have the held form pass only when a model
is built in Python; a file has to write its units (`FROM_FILE` in the validation context).
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    Discriminator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    ValidationInfo,
)
from pydantic_core import core_schema

from ccsim import errors, units
from ccsim.units import NUMBER, UnitError

FROM_FILE: Final = {"units": "written"}

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
MOST_TITLE: Final = 200  # letters of a scenario's name
MOST_LABEL: Final = 60  # letters of a label, which heads columns and rows
NAME_PATTERN: Final = r"^[^\W\d_]([\w-]*[^\W_])?$"


@dataclass(frozen=True, eq=False)
class Written:
    """The annotation of a type that is written as text: how it is read, printed and described.

    `held` are the types that pass unread when a model is built in Python.
    """

    read: Callable[[Any], object]
    schema: Mapping[str, object]
    show: Callable[[Any], object] | None = None
    held: tuple[type, ...] = ()

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        serialization = None
        if self.show is not None:
            serialization = core_schema.plain_serializer_function_ser_schema(
                self.show, when_used="json"
            )
        return core_schema.with_info_before_validator_function(
            self._validate, handler(source), serialization=serialization
        )

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.schema)

    def _validate(self, value: object, info: ValidationInfo) -> object:
        if info.context is None and isinstance(value, self.held) and not isinstance(value, bool):
            return value
        return self.read(value)


def schema_of(annotated: Any) -> dict[str, Any]:
    """The JSON Schema of a type with a `Written` annotation, for blocks with a short form."""
    written: Written = annotated.__metadata__[0]
    return dict(written.schema)


def _pattern(pattern: str, *examples: str) -> dict[str, object]:
    return {"type": "string", "pattern": pattern, "examples": list(examples)}


def _positive_duration(value: object) -> int:
    us = units.parse_duration(value)
    if us == 0:
        raise UnitError(f"{units.found(value)}: this cannot be zero")
    return us


def _duration(read: Callable[[Any], object]) -> Written:
    schema = _pattern(f"^{_DURATION}$", "20 s", "5 min", "4 h")
    return Written(read, schema, units.print_duration, (int,))


Duration = Annotated[int, _duration(units.parse_duration)]
PositiveDuration = Annotated[int, _duration(_positive_duration)]
LongDuration = Annotated[
    int,
    Written(
        lambda value: units.parse_duration(value, long=True),
        _pattern(rf"^{_N}{_S}{_LONG}({_S}{_N}{_S}{_LONG})*$", "12 weeks", "3 months"),
        units.print_duration,
        (int,),
    ),
]


def _times(per: str, example: str) -> Written:
    return Written(
        lambda value: units.parse_rate(value, per, example),
        _pattern(rf"^{_DURATION}{_S}/{_S}{per}$", example),
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
    return Written(read, _pattern(SHARE_PATTERN, *examples), units.print_share, (int, float))


Share = Annotated[float, _percent(units.parse_share, "80 %", "12.5 %")]
Percent = Annotated[float, _percent(units.parse_percent, "115 %", "85 %")]
PositivePercent = Annotated[float, _percent(_positive_percent, "135 %")]
Slowdown = Annotated[float, _percent(_slow_factor, "100 %", "140 %")]


def _share_of(of: str) -> Written:
    return Written(
        lambda value: units.parse_share_of(value, of),
        _pattern(rf"^{_N}{_S}% +of +{of}$", f"5 % of {of}"),
        lambda share: f"{units.print_share(share)} of {of}",
        (int, float),
    )


ShareOfDays = Annotated[float, _share_of("days")]
ShareOfHours = Annotated[float, _share_of("hours")]

TimeOfDay = Annotated[
    int, Written(units.parse_time, _pattern(TIME_PATTERN, "07:00"), units.print_time, (int,))
]
WorkingDays = Annotated[
    tuple[int, int],
    Written(
        units.parse_of,
        _pattern(r"^[1-9][0-9]* +of +[1-9][0-9]*$", "5 of 7"),
        lambda pair: f"{pair[0]} of {pair[1]}",
        (tuple,),
    ),
]
Growth = Annotated[
    tuple[float, Literal["week", "month", "year"]],
    Written(
        units.parse_growth,
        _pattern(rf"^[+\-−]?{_N}{_S}%{_S}/{_S}(week|month|year)$", "1 % / month"),
        units.print_growth,
        (tuple,),
    ),
]
_DAYS_TEXT: Final = _pattern(DAYS_PATTERN, "mon-fri", "daily")
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


# --- names, dates, zones --------------------------------------------------------------------------
def read_name(value: object) -> object:
    if isinstance(value, str) and not re.match(NAME_PATTERN, value):
        raise UnitError(
            f"the name {units.found(value)} will not do: letters, digits, _ and - only, "
            "a letter first, no _ at the end"
        )
    return value


def _date(value: object) -> object:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            date = dt.date.fromisoformat(value)
        except ValueError:
            raise UnitError(f"there is no day '{value}'") from None
        if not 1970 <= date.year <= 2200:
            raise UnitError(f"the year lies between 1970 and 2200; found '{value}'")
        return date
    raise UnitError(f"a date is written 2027-03-01; found {units.found(value)}")


@functools.cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(zoneinfo.available_timezones()))


def _zone(value: object) -> object:
    if not isinstance(value, str):
        raise UnitError(f"a time zone is a name: Europe/Kyiv; found {units.found(value)}")
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        city = [zone for zone in _zones() if zone.rpartition("/")[2] == value.strip().title()]
        meant = city[0] if city else errors.nearest(value, _zones())
        hint = f"; did you mean '{meant}'?" if meant else " (names are like Europe/Kyiv)"
        raise UnitError(f"there is no time zone {units.found(value)}{hint}") from None
    return value


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise UnitError(f"text is expected (put it in quotes); found {units.found(value)}")
    return value


def read_text(value: object) -> str:
    """Text of any length and of several lines. UnitError where it is no text, or holds characters
    that cannot be seen."""
    text = _string(value)
    if errors.escaped(text, keep="\n\r\t") != text:
        raise UnitError("this text holds a character that cannot be seen; remove it")
    return text


def one_line(most: int, what: str) -> Callable[[object], str]:
    """A reader of text that stands in headings and tables: one line of letters that can be seen, at
    most so many. UnitError names it as `what`."""

    def read(value: object) -> str:
        text = _string(value)
        if not text.strip() or errors.escaped(text) != text:
            raise UnitError(f"{what} of printable letters is expected, in one line")
        if len(text) > most:
            raise UnitError(f"{what} has at most {most} letters; this one has {len(text)}")
        return text

    return read


read_label: Final = one_line(MOST_LABEL, "a label")


def _answer(value: object) -> object:
    if not isinstance(value, bool):
        raise UnitError(f"yes or no is expected; found {units.found(value)}")
    return value


Name = Annotated[str, Written(read_name, {"type": "string", "pattern": "^[^\\s.@*/]+$"})]
Text = Annotated[str, Written(read_text, {"type": "string"})]
Title = Annotated[str, Written(one_line(MOST_TITLE, "a title"), {"type": "string", "minLength": 1})]
Label = Annotated[
    str, Written(read_label, {"type": "string", "minLength": 1, "maxLength": MOST_LABEL})
]
Date = Annotated[dt.date, Written(_date, _pattern(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2027-03-01"))]
TimeZone = Annotated[str, Written(_zone, {"type": "string", "examples": ["Europe/Kyiv"]})]
# an editor's YAML 1.2 reads `yes` as text, ours as the boolean that it is
YesNo = Annotated[bool, Written(_answer, {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]})]


def _one_or_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[
    tuple[Name, ...],
    Written(
        _one_or_list,
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    ),
]


# --- forms that depend on what is written ---------------------------------------------------------
def shape_of(value: object) -> str:
    """The tag of a field that takes a map, a list or anything else (a text)."""
    if isinstance(value, Mapping) or hasattr(type(value), "model_fields"):
        return "<map>"
    if isinstance(value, (list, tuple)):
        return "<list>"
    return "<text>"


def one_or_map(value: object) -> str:
    return "<map>" if shape_of(value) == "<map>" else "<text>"


def list_or_text(value: object) -> str:
    return "<list>" if shape_of(value) == "<list>" else "<text>"


def _rest_or_share(value: object) -> str:
    return "<rest>" if value == "rest" else "<share>"


def _heads(value: object) -> str:
    if value == "rest":
        return "<rest>"
    number = isinstance(value, str) and units.parse_number(value.strip()) is not None
    written = isinstance(value, str) and not number and ("%" in value or not units.signed(value))
    held = isinstance(value, float) and not isinstance(value, Changed)
    return "<share>" if written or held else "<number>"


def _hands(value: object) -> str:
    return "<number>" if isinstance(value, (int, float)) else "<text>"


MAP: Final = Tag("<map>")
LIST: Final = Tag("<list>")
TEXT: Final = Tag("<text>")
NUMBER_TAG: Final = Tag("<number>")
BY_SHAPE: Final = Discriminator(one_or_map)
BY_LIST: Final = Discriminator(list_or_text)

_Rest = Annotated[Literal["rest"], Tag("<rest>")]
ShareOrRest = Annotated[
    _Rest | Annotated[Share, Tag("<share>")],
    Discriminator(_rest_or_share),
]
Heads = Annotated[
    _Rest | Annotated[Share, Tag("<share>")] | Annotated[Count, NUMBER_TAG],
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
