"""Times of day, spans of the day and days of the week as people write them.

A time of day is held in seconds after midnight.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ccsim.units.numbers import SPACES, UnitError, found, text_of

SECONDS_PER_DAY: Final = 86_400
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS: Final = {
    "daily": WEEKDAYS,
    "weekdays": WEEKDAYS[:5],
    "weekends": WEEKDAYS[5:],
}

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
TIME_NEEDS: Final = 'a time of day is written "07:00"'
SPAN_NEEDS: Final = 'a span of the day is written "07:00-21:00"'


def parse_time(value: object) -> int:
    """Reads `"07:00"` in seconds after midnight; `"24:00"` is the end of the day."""
    text = text_of(value, TIME_NEEDS)
    match = _TIME.fullmatch(text)
    if match is None:
        raise UnitError(f"{TIME_NEEDS}; found {found(value)}")
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    if minutes > 59 or seconds > 59 or hours * 3600 + minutes * 60 + seconds > SECONDS_PER_DAY:
        raise UnitError(f"there is no time of day {found(value)}")
    return hours * 3600 + minutes * 60 + seconds


def print_time(seconds: int) -> str:
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return text if seconds % 60 == 0 else f"{text}:{seconds % 60:02d}"


def parse_span(value: object) -> tuple[int, int]:
    """Reads `"07:00-21:00"` in seconds after midnight; an end <= the start is on the next day."""
    text = text_of(value, SPAN_NEEDS)
    start, dash, until = re.sub("[–—]", "-", text).partition("-")
    if not dash:
        raise UnitError(f"{SPAN_NEEDS}; found {found(value)}")
    try:
        span = parse_time(start), parse_time(until)
    except UnitError as error:
        raise UnitError(f"{SPAN_NEEDS}; found {found(value)}") from error
    if span[0] == SECONDS_PER_DAY:
        raise UnitError(f"{found(value)}: a span cannot begin at 24:00; write 00:00")
    return span


def print_span(start: int, until: int) -> str:
    return f"{print_time(start)}-{print_time(until)}"


DAYS_NEEDS: Final = "days are written mon-fri, sat, daily, or [mon, wed]"


def parse_days(value: object) -> tuple[str, ...]:
    """Reads `mon-fri`, `sat`, `daily`, `weekdays`, `mon, wed`, `sat-mon`, in the order of the week.

    UnitError: a day is unknown or named twice.
    """
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    chosen: set[str] = set()
    for item in items:
        for piece in text_of(item, DAYS_NEEDS).replace("–", "-").split(","):
            days = _days_of(piece.strip(SPACES), item)
            if chosen & set(days):
                raise UnitError(f"{found(value)} names {min(chosen & set(days))} twice")
            chosen |= set(days)
    return tuple(day for day in WEEKDAYS if day in chosen)


def _days_of(piece: str, whole: object) -> Sequence[str]:
    if piece in DAY_WORDS:
        return DAY_WORDS[piece]
    first, dash, last = (part.strip(SPACES) for part in piece.partition("-"))
    for name in (first, last) if dash else (first,):
        if name not in WEEKDAYS:
            raise UnitError(f"there is no day {found(name or whole)}; {DAYS_NEEDS}")
    if not dash:
        return (first,)
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    return [WEEKDAYS[(begin + step) % 7] for step in range((end - begin) % 7 + 1)]


def print_days(days: Sequence[str]) -> str:
    """Prints `mon-fri`, `daily`, `mon, wed`."""
    for word, members in (("daily", WEEKDAYS), ("mon-fri", WEEKDAYS[:5])):
        if tuple(days) == members:
            return word
    return ", ".join(days)
