"""Quantities as people write them: parse and print.

Held values: durations in integer microseconds, shares as fractions, times of day in seconds after
midnight, money as (amount, period). Printing is exact: parsing what was printed gives the same
value bit for bit. All parsers raise `UnitError` with a message for people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Final

US_PER_SECOND: Final = 1_000_000
US_PER_MINUTE: Final = 60 * US_PER_SECOND
US_PER_HOUR: Final = 60 * US_PER_MINUTE
US_PER_DAY: Final = 24 * US_PER_HOUR
US_PER_WEEK: Final = 7 * US_PER_DAY
DAYS_PER_MONTH: Final = 30.4375  # a twelfth of 365.25 days
DAYS_PER_YEAR: Final = 365.25
US_PER_MONTH: Final = int(DAYS_PER_MONTH * US_PER_DAY)
US_PER_YEAR: Final = int(DAYS_PER_YEAR * US_PER_DAY)
SECONDS_PER_DAY: Final = 86_400
MAX_NUMBER: Final = 10**15  # nothing that is counted or paid is larger; floats are exact below

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS: Final = {
    "daily": WEEKDAYS,
    "weekdays": WEEKDAYS[:5],
    "weekends": WEEKDAYS[5:],
}

_SPACES = " \u00a0\u2009\u202f"
NUMBER: Final = rf"(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d{{1,15}})(?:\.\d{{1,12}})?"
_GAP = rf"[{_SPACES}]*"
_NUMBER = re.compile(NUMBER)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d\d0")  # a slip of those who write 14.400 for 14 400
_SIGNED = re.compile(rf"[{_SPACES}]*[+\-−][{_SPACES}]*[0-9.]")

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

PERIODS: Final = ("minute", "h", "day", "week", "month", "year", "contact")
_PERIOD_WORDS: Final[dict[str, str]] = {
    "min": "minute",
    "hour": "h",
    "d": "day",
    **{period: period for period in PERIODS},
}


class UnitError(ValueError):
    """A quantity that cannot be read; the text says what would be read."""


def _found(value: object) -> str:
    """What was written, short enough for one line of an error."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = str(value)
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"


found = _found


CHANGES: Final = "a value is written without a sign; a change of what stands there is a percentage"


def signed(value: object) -> bool:
    """Whether a number has a sign, `+1`: a change that is none, for only percentages change."""
    return isinstance(value, str) and _SIGNED.match(value) is not None


def _text(value: object, needs: str) -> str:
    """The stripped text of a quantity; a bare number, map or list is an error saying `needs`."""
    if isinstance(value, str):
        return value.strip(_SPACES + "\t\n")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise UnitError(f"{needs}; found the bare number {_found(value)[1:-1]}")
    raise UnitError(f"{needs}; found {_found(value)}")


def parse_number(text: str) -> Decimal | None:
    """`1 450 000.5` with spaces or thin spaces as thousands; None where it is no number."""
    if not _NUMBER.fullmatch(text):
        return None
    if _THOUSANDS.fullmatch(text):
        other = f"{text.replace('.', ' ')} or {text.rstrip('0').rstrip('.')}"
        why = "a point is the decimal sign, and thousands are written with a space"
        raise UnitError(f"'{text}' could be {other}: {why}")
    return Decimal(re.sub(f"[{_SPACES}]", "", text))


def print_number(value: float | Decimal, thousands: str = "") -> str:
    """The shortest exact decimal, without exponent: 0.5, 1450000 (or '1 450 000')."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, point, rest = text.partition(".")
    if thousands and len(whole.lstrip("-")) > 4:
        whole = f"{int(whole):,}".replace(",", thousands)
    return whole + point + rest


# --- durations ------------------------------------------------------------------------------------
DURATION_NEEDS: Final = "a duration needs a unit: 90 s, 2.5 min, 1 h"
_DURATION_PART = re.compile(rf"({NUMBER}){_GAP}([a-zµμ]+){_GAP}")


def parse_duration(value: object, *, long: bool = False) -> int:
    """`20 s`, `5.2 min`, `1 h 30 min`, `2 d`, `12 weeks` in us (rounded to the nearest).

    `long` also takes months (30.4375 days) and years (365.25 days), for tenures.
    """
    text = _text(value, DURATION_NEEDS)
    if signed(text):
        raise UnitError(f"{_found(value)}: {CHANGES}, +10 % or -15 %")
    units = {**_UNITS, **_LONG_UNITS} if long else _UNITS
    total, at, last = Decimal(0), 0, 2**63
    while at < len(text):
        part = _DURATION_PART.match(text, at)
        if part is None:
            if "," in text:
                raise UnitError(f"{_found(value)} is no duration: decimals have a point, 2.5 min")
            raise UnitError(f"{DURATION_NEEDS}; found {_found(value)}")
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
            raise UnitError(f"{_found(value)} is no duration: write larger units first, 1 h 30 min")
        last = units[unit]
        number = parse_number(part[1])
        assert number is not None  # the pattern is made of NUMBER
        total += number * last
        at = part.end()
    if at == 0:
        raise UnitError(f"{DURATION_NEEDS}; found {_found(value)}")
    us = int(total.to_integral_value(ROUND_HALF_EVEN))
    if us > MAX_DURATION:
        raise UnitError(f"{_found(value)} is longer than 100 years")
    return us


def print_duration(us: int) -> str:
    """The largest unit that says it exactly in at most two decimals: 5.2 min, 90 s, 2 d."""
    if us == 0:
        return "0 s"
    for name, size in _PRINT_UNITS:
        if abs(us) >= size and us * 100 % size == 0:
            return f"{print_number(Decimal(us * 100 // size) / 100)} {name}"
    return f"{us} us"


# --- shares and changes ---------------------------------------------------------------------------
_SHARE = re.compile(rf"({NUMBER}){_GAP}%")
_CHANGE = re.compile(rf"([+\-−])({NUMBER}){_GAP}(%|points?)")


def parse_percent(value: object, what: str = "a share", most: int = 1000) -> float:
    """`80 %` as a fraction; `most` is the largest percentage that can be meant."""
    needs = f"{what} needs a percent sign: 80 %, 12.5 %"
    text = _text(value, needs)
    match = _SHARE.fullmatch(text)
    if match is None:
        if _CHANGE.fullmatch(text):
            raise UnitError(f"{_found(value)} is a change; here {what} is written without a sign")
        raise UnitError(f"{needs}; found {_found(value)}")
    number = parse_number(match[1])
    assert number is not None
    if number > most:
        raise UnitError(f"{_found(value)} is absurdly large: at most {most} %")
    return float(number / 100)


def parse_share(value: object) -> float:
    """A percentage that must lie in 0..100 %."""
    share = parse_percent(value)
    if share > 1:
        raise UnitError(f"{_found(value)}: a share lies between 0 % and 100 %")
    return share


def print_share(fraction: float) -> str:
    return f"{print_number(Decimal(repr(float(fraction))) * 100)} %"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a quantity: `-15 %` multiplies by `factor`, `-2 points` adds `points` %."""

    factor: Decimal = Decimal(1)
    points: Decimal | None = None


def parse_change(value: object) -> Change | None:
    """`-15 %`, `+10 %`, `-2 points`; None where it is no change (unsigned `15 %` is none)."""
    if not isinstance(value, str):
        return None
    match = _CHANGE.fullmatch(value.strip(_SPACES))
    if match is None:
        return None
    number = parse_number(match[2])
    assert number is not None
    signed = number if match[1] == "+" else -number
    return Change(1 + signed / 100) if match[3] == "%" else Change(points=signed)


_LEADING = re.compile(rf"({NUMBER})({_GAP}(%?).*)", re.DOTALL)


def apply_change(change: Change, value: object) -> str | int | float:
    """The changed quantity, in the words of the old one: -15 % on '5.2 min' is '4.42 min'.

    Whole numbers stay numbers (1450 becomes 1232.5); who needs a whole number rounds half up.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise UnitError(f"a change needs a quantity to change; here stands {_found(value)}")
    if isinstance(value, (int, float)):
        if change.points is not None:
            raise UnitError(f"points are added to shares; here stands the number {value}")
        if not abs(value) <= MAX_NUMBER:
            raise UnitError("the number is absurdly large")
        changed = Decimal(repr(value)) * change.factor
        _not_negative(changed)
        whole = changed == changed.to_integral_value()
        return int(changed) if whole and isinstance(value, int) else float(changed)
    match = _LEADING.fullmatch(value.strip(_SPACES))
    number = parse_number(match[1]) if match else None
    if match is None or number is None:
        raise UnitError(f"a change needs a quantity to change; here stands {_found(value)}")
    if change.points is not None:
        if not match[3]:
            raise UnitError(f"points are added to shares; here stands {_found(value)}")
        changed = number + change.points
    else:
        changed = number * change.factor
    _not_negative(changed)
    if changed > MAX_NUMBER:
        raise UnitError(f"the change makes {_found(value)} absurdly large")
    return print_number(round(changed, 9)) + match[2]


def _not_negative(value: Decimal) -> None:
    if value < 0:
        raise UnitError(f"the change makes the quantity negative ({print_number(value)})")


def round_half_up(value: float) -> int:
    """A count after a percent change: 41.5 people are 42."""
    return int(Decimal(repr(value)).to_integral_value(ROUND_HALF_UP))


# --- money ----------------------------------------------------------------------------------------
_MONEY = re.compile(rf"({NUMBER})(?:{_GAP}/{_GAP}([a-z]+))?")
MONEY_NEEDS: Final = "money is a number, with its period where it has one: 21 000, 18.50 / h"


def parse_money(value: object) -> tuple[float, str]:
    """`14 400 / year` as (14400.0, 'year'); without a period ('once')."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not value <= MAX_NUMBER:
            raise UnitError("the amount of money is absurdly large")
        if value < 0:
            raise UnitError(f"{_found(value)}: an amount of money cannot be negative here")
        return float(value), "once"
    text = _text(value, MONEY_NEEDS)
    if signed(text):
        raise UnitError(f"{_found(value)}: {CHANGES}, +10 % or -15 %")
    match = _MONEY.fullmatch(text)
    if match is None:
        raise UnitError(f"{MONEY_NEEDS}; found {_found(value)}")
    number = parse_number(match[1])
    assert number is not None
    if match[2] is None:
        return float(number), "once"
    if match[2] not in _PERIOD_WORDS:
        raise UnitError(f"there is no period '{match[2]}' (periods: {', '.join(PERIODS)})")
    return float(number), _PERIOD_WORDS[match[2]]


def print_money(amount: float, per: str = "once") -> str:
    text = print_number(amount, thousands=" ")
    return text if per == "once" else f"{text} / {per}"


# --- times and days -------------------------------------------------------------------------------
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
TIME_NEEDS: Final = 'a time of day is written "07:00"'
SPAN_NEEDS: Final = 'a span of the day is written "07:00-21:00"'


def parse_time(value: object) -> int:
    """`"07:00"` in seconds after midnight; `"24:00"` is the end of the day."""
    text = _text(value, TIME_NEEDS)
    match = _TIME.fullmatch(text)
    if match is None:
        raise UnitError(f"{TIME_NEEDS}; found {_found(value)}")
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    if minutes > 59 or seconds > 59 or hours * 3600 + minutes * 60 + seconds > SECONDS_PER_DAY:
        raise UnitError(f"there is no time of day {_found(value)}")
    return hours * 3600 + minutes * 60 + seconds


def print_time(seconds: int) -> str:
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return text if seconds % 60 == 0 else f"{text}:{seconds % 60:02d}"


def parse_span(value: object) -> tuple[int, int]:
    """`"07:00-21:00"` in seconds after midnight; an end <= the start is the next day's."""
    text = _text(value, SPAN_NEEDS)
    start, dash, until = re.sub("[–—]", "-", text).partition("-")
    if not dash:
        raise UnitError(f"{SPAN_NEEDS}; found {_found(value)}")
    try:
        span = parse_time(start), parse_time(until)
    except UnitError as error:
        raise UnitError(f"{SPAN_NEEDS}; found {_found(value)}") from error
    if span[0] == SECONDS_PER_DAY:
        raise UnitError(f"{_found(value)}: a span cannot begin at 24:00; write 00:00")
    return span


def print_span(start: int, until: int) -> str:
    return f"{print_time(start)}-{print_time(until)}"


DAYS_NEEDS: Final = "days are written mon-fri, sat, daily, or [mon, wed]"


def parse_days(value: object) -> tuple[str, ...]:
    """`mon-fri`, `sat`, `daily`, `weekdays`, `mon, wed`, `sat-mon`, in the order of the week."""
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    chosen: set[str] = set()
    for item in items:
        for piece in _text(item, DAYS_NEEDS).replace("–", "-").split(","):
            days = _days_of(piece.strip(_SPACES), item)
            if chosen & set(days):
                raise UnitError(f"{_found(value)} names {min(chosen & set(days))} twice")
            chosen |= set(days)
    return tuple(day for day in WEEKDAYS if day in chosen)


def _days_of(piece: str, whole: object) -> Sequence[str]:
    if piece in DAY_WORDS:
        return DAY_WORDS[piece]
    first, dash, last = (part.strip(_SPACES) for part in piece.partition("-"))
    for name in (first, last) if dash else (first,):
        if name not in WEEKDAYS:
            raise UnitError(f"there is no day {_found(name or whole)}; {DAYS_NEEDS}")
    if not dash:
        return (first,)
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    return [WEEKDAYS[(begin + step) % 7] for step in range((end - begin) % 7 + 1)]


def print_days(days: Sequence[str]) -> str:
    """`mon-fri`, `daily`, `mon, wed`."""
    for word, members in (("daily", WEEKDAYS), ("mon-fri", WEEKDAYS[:5])):
        if tuple(days) == members:
            return word
    return ", ".join(days)


# --- forms with a reference -----------------------------------------------------------------------
def parse_of(value: object) -> tuple[int, int]:
    """`5 of 7` as (5, 7)."""
    needs = "working days are written 5 of 7"
    match = re.fullmatch(r"(\d{1,3})\s+of\s+(\d{1,3})", _text(value, needs))
    if match is None:
        raise UnitError(f"{needs}; found {_found(value)}")
    works, of = int(match[1]), int(match[2])
    if not 0 < works <= of:
        raise UnitError(f"{_found(value)}: nobody works {works} days of {of}")
    return works, of


def parse_rate(value: object, per: str, example: str) -> int:
    """`40 h / week`: the duration in us; the period must be `per`."""
    needs = f"write a time for each {per}: {example}"
    head, slash, tail = _text(value, needs).partition("/")
    if not slash or tail.strip(_SPACES) != per:
        raise UnitError(f"{needs}; found {_found(value)}")
    return parse_duration(head)


def parse_share_of(value: object, of: str) -> float:
    """`10 % of days`: a share that names what it is a share of."""
    needs = f"write a share of {of}: 5 % of {of}"
    text = _text(value, needs)
    match = re.fullmatch(rf"(.*%)\s+of\s+{of}", text)
    if match is None:
        raise UnitError(f"{needs}; found {_found(value)}")
    return parse_share(match[1])


def parse_growth(value: object) -> tuple[float, str]:
    """`1 % / month`, `-2 % / year` as (0.01, 'month')."""
    needs = "growth is a percentage with its period: 1 % / month, -2 % / year"
    text = _text(value, needs)
    match = re.fullmatch(rf"([+\-−]?)({NUMBER}){_GAP}%{_GAP}/{_GAP}(week|month|year)", text)
    if match is None:
        raise UnitError(f"{needs}; found {_found(value)}")
    number = parse_number(match[2])
    assert number is not None
    sign = 1 if match[1] in ("", "+") else -1
    if number > (1000 if sign > 0 else 99):
        raise UnitError(f"{_found(value)} is absurd growth")
    return sign * float(number / 100), match[3]


def print_growth(growth: tuple[float, str]) -> str:
    return f"{print_share(growth[0])} / {growth[1]}"
