"""What each kind of CSV file must hold; a check raises `CellError` at the first bad cell."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from ccsim import units
from ccsim.scenario.blocks.demand import INBOUND

Columns: TypeAlias = Mapping[str, tuple[str, ...]]
ALL_DAYS: Final = ("weight", "heads", "daily", "all")  # columns that stand for every weekday
TRACE_COLUMNS: Final = ("at", "channel", "patience_s", "handle_s", "head_start_s")
OBSERVED: Final = ("yes", "no", "0", "1", "true", "false")
MAX_SECONDS: Final = 1e9


class CellError(Exception):
    """A cell that will not do: row of data (-1: the names of the columns) and column."""

    def __init__(self, message: str, row: int = -1, column: str = "") -> None:
        self.row, self.column = row, column
        super().__init__(message)


def _number(columns: Columns, column: str, row: int, what: str, most: float = 1e12) -> float:
    text = columns[column][row]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= most or "_" in text or not text.isascii():
        raise CellError(f"{what} is a number, 0 or more; found {units.found(text)}", row, column)
    return value


def _rows(columns: Columns) -> int:
    rows = len(next(iter(columns.values())))
    if rows == 0:
        raise CellError("the file has names of columns, but no rows")
    return rows


def unequal_steps(count: int, what: str) -> str:
    """What is wrong with so many rows or weights of a day, which are equal parts of it."""
    return (
        f"{count} {what} do not divide a day into equal steps of whole seconds; each stands for an "
        "equal part of the day from midnight on: 24 are hours, 48 half hours"
    )


def _time_of_day(columns: Columns) -> None:
    """Equal steps from midnight that divide the day."""
    rows = _rows(columns)
    if 86_400 % rows:
        raise CellError(unequal_steps(rows, "rows"))
    step = 86_400 // rows
    for row, text in enumerate(columns.get("time", ())):
        try:
            time = units.parse_time(text)
        except units.UnitError as error:
            raise CellError(str(error), row, "time") from None
        if time != row * step:
            wanted = units.print_time(row * step)
            raise CellError(
                f"{rows} rows divide the day in equal steps; here {wanted} is due, not '{text}'",
                row,
                "time",
            )


def _by_weekday(columns: Columns) -> list[str]:
    """The columns of values; each weekday at most once."""
    named: dict[str, str] = {}
    values = [column for column in columns if column != "time"]
    for column in values:
        try:
            days = units.WEEKDAYS if column in ALL_DAYS else units.parse_days(column)
        except units.UnitError:
            known = "time, mon..sun, mon-fri, weight (heads)"
            raise CellError(
                f"there is no column {units.found(column)} here (columns: {known})", column=column
            ) from None
        for day in days:
            if day in named:
                raise CellError(f"{day} is in two columns: {named[day]}, {column}", column=column)
            named[day] = column
    if not values:
        raise CellError("there is no column of values: mon..sun, or weight (heads) for all days")
    return values


def weekdays_of(columns: Columns) -> set[str]:
    """The weekdays that the columns of a shape or a staffing file cover."""
    covered: set[str] = set()
    for column in columns:
        if column in ALL_DAYS:
            covered.update(units.WEEKDAYS)
        elif column != "time":
            covered.update(units.parse_days(column))
    return covered


def shape(columns: Columns) -> None:
    """Weights by time of day; not all zero on all days."""
    _time_of_day(columns)
    rows = _rows(columns)
    for column in _by_weekday(columns):
        for row in range(rows):
            _number(columns, column, row, "a weight")


def staffing(columns: Columns) -> None:
    """Heads on duty by time of day."""
    _time_of_day(columns)
    rows = _rows(columns)
    for column in _by_weekday(columns):
        for row in range(rows):
            if not _number(columns, column, row, "heads", 100_000).is_integer():
                text = columns[column][row]
                raise CellError(f"heads are a whole number; found {units.found(text)}", row, column)


def _instant(columns: Columns, column: str, row: int) -> dt.datetime:
    text = columns[column][row]
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or len(text) < 16:
        raise CellError(
            f"a local date and time is written 2027-03-01T09:00:00; found {units.found(text)}",
            row,
            column,
        )
    if instant.tzinfo is not None:
        raise CellError(f"times are local, without a zone; found {units.found(text)}", row, column)
    return instant


def _time_in_log(columns: Columns, column: str, row: int) -> dt.datetime | float:
    """A local date and time, or seconds since the calendar's start."""
    if columns[column][row].replace(".", "", 1).isdecimal() and columns[column][row].isascii():
        return _number(columns, column, row, "an instant", MAX_SECONDS)
    return _instant(columns, column, row)


def _times_in_log(columns: Columns, column: str) -> list[dt.datetime | float]:
    """The instants of a column, all written in the same way."""
    found: list[dt.datetime | float] = []
    for row in range(len(columns[column])):
        found.append(_time_in_log(columns, column, row))
        if type(found[-1]) is not type(found[0]):
            way = "seconds" if isinstance(found[0], float) else "dates and times"
            text = columns[column][row]
            raise CellError(f"the rows above are {way}; found {units.found(text)}", row, column)
    return found


def _required(columns: Columns, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for column in columns:
        if column not in known:
            raise CellError(
                f"there is no column {units.found(column)} here (columns: {', '.join(known)})",
                column=column,
            )
    for name in names:
        if name not in columns:
            raise CellError(f"the column '{name}' is missing (columns: {', '.join(known)})")


def duty_log(columns: Columns) -> None:
    """Spans on duty."""
    names = ("agent", "start", "until")
    _required(columns, names, names)
    _rows(columns)
    starts, ends = _times_in_log(columns, "start"), _times_in_log(columns, "until")
    for row, (start, until) in enumerate(zip(starts, ends, strict=True)):
        if not columns["agent"][row]:
            raise CellError("the agent has no name", row, "agent")
        if type(start) is type(until) and until < start:  # type: ignore[operator]
            raise CellError("the span ends before it begins", row, "until")


def trace(columns: Columns) -> None:
    """Observed contacts; a trace may be empty."""
    _required(columns, ("at",), TRACE_COLUMNS)
    _times_in_log(columns, "at")
    for column in ("patience_s", "handle_s", "head_start_s"):
        for row, text in enumerate(columns.get(column, ())):
            if text:
                _number(columns, column, row, "a duration in seconds", MAX_SECONDS)
    for row, text in enumerate(columns.get("channel", ())):
        if text and text not in INBOUND:
            raise CellError(
                f"there is no channel {units.found(text)} (channels: {', '.join(INBOUND)})",
                row,
                "channel",
            )


def sample(columns: Columns) -> None:
    """Durations in seconds, and perhaps whether each was observed to its end."""
    names = list(columns)
    if len(names) > 2:
        raise CellError(
            "a sample has one column of seconds, and perhaps one of yes and no", column=names[2]
        )
    for row in range(_rows(columns)):
        _number(columns, names[0], row, "a duration in seconds", MAX_SECONDS)
    for row, text in enumerate(columns[names[1]] if len(names) == 2 else ()):
        if text.lower() not in OBSERVED:
            raise CellError(
                f"observed to its end: yes or no; found {units.found(text)}", row, names[1]
            )


FORMS: Final[dict[str, Callable[[Columns], None]]] = {
    "shape": shape,
    "staffing": staffing,
    "duty_log": duty_log,
    "trace": trace,
    "sample": sample,
}
