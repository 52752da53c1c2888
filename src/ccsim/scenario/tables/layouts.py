"""Tables in the layouts that people's programs export, brought to the one that ccsim reads.

What is undone here: names of columns in other words (`Monday`, `Interval`, `Employee`), weekdays
as rows, times as intervals (`08:00-08:30`) or on a 12-hour clock, tables of opening hours only,
a date and a time in two columns, decimal commas, and dates with the day or the month first.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ccsim import units
from ccsim.scenario.tables import habits
from ccsim.scenario.tables.csv_forms import ALL_DAYS, TRACE_COLUMNS, CellError

SECONDS_PER_DAY: Final = units.SECONDS_PER_DAY
ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "agent": ("agent", "agents", "name", "employee", "person", "agent name", "agent id"),
    "start": ("start", "begin", "from", "start time", "login", "shift start"),
    "until": ("until", "end", "to", "end time", "logout", "shift end"),
    "date": ("date", "day", "shift date"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """A table: names of columns, rows of equally many cells, the line of each row, how the file
    was understood."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The cells of each column, from the first row to the last."""
        if not self.rows:
            return dict.fromkeys(self.header, ())
        return dict(zip(self.header, zip(*self.rows, strict=True), strict=True))

    def with_columns(self, columns: Mapping[str, Sequence[str]], *notes: str) -> Layout:
        """The same rows with other columns."""
        rows = tuple(zip(*columns.values(), strict=True)) if columns else ()
        return Layout(tuple(columns), rows, self.lines, (*self.notes, *notes))


def by_time_of_day(table: Layout) -> Layout:
    """Weights or heads by time of day: a row each step from midnight on, columns by weekday."""
    table = _upright(table)
    named = {_time_column(name) or habits.weekday_name(name): name for name in table.header}
    if len(named) == len(table.header):  # else the same day is here twice, which is reported
        table = replace(table, header=tuple(named))
    columns: dict[str, Sequence[str]] = dict(table.columns)
    if "time" in columns:
        columns["time"] = habits.clock_times(columns["time"])
    numeric = {name: cells for name, cells in columns.items() if name != "time"}
    table = _with_points(table.with_columns(columns), tuple(numeric))
    return _whole_day(table) if "time" in columns else table


def duty_log(table: Layout) -> Layout:
    """Spans on duty: agent, start, until; with a column `date`, times of that day."""
    table = _renamed(table, ("agent", "start", "until", "date"))
    columns: dict[str, Sequence[str]] = dict(table.columns)
    if not {"start", "until"} <= columns.keys():
        return table
    count = len(table.rows)
    if "date" in columns:
        days, note = habits.dates(columns.pop("date"), "date")
        starts, ends = (habits.clock_times(columns[name]) for name in ("start", "until"))
        columns["start"] = [f"{day}T{time}" for day, time in zip(days, starts, strict=True)]
        columns["until"] = [
            f"{day if time > start else _next_day(day)}T{time}"
            for day, start, time in zip(days, starts, ends, strict=True)
        ]
    else:
        both, note = habits.dates([*columns["start"], *columns["until"]], "start")
        columns["start"], columns["until"] = both[:count], both[count:]
    return table.with_columns(columns, *filter(None, [note]))


def trace(table: Layout) -> Layout:
    """Observed contacts: `at`, or a `date` and a `time`; durations in seconds."""
    columns: dict[str, Sequence[str]] = dict(table.columns)
    note = ""
    if "at" not in columns and {"date", "time"} <= columns.keys():
        days, note = habits.dates(columns.pop("date"), "date")
        times = habits.clock_times(columns.pop("time"))
        columns = {"at": [f"{d}T{t}" for d, t in zip(days, times, strict=True)], **columns}
    elif "at" in columns:
        columns["at"], note = habits.dates(columns["at"], "at")
    table = table.with_columns(columns, *filter(None, [note]))
    numeric = tuple(n for n in columns if n in TRACE_COLUMNS and n != "channel")
    return _with_points(table, numeric)


def sample(table: Layout) -> Layout:
    """Durations in seconds in the first column, which need not have a name."""
    if len(table.header) <= 2 and _is_number(table.header[0]):
        names = ("seconds", "observed")[: len(table.header)]
        note = "its columns have no names; the first row is data"
        rows, lines = (table.header, *table.rows), (1, *table.lines)
        table = Layout(names, rows, lines, (*table.notes, note))
    return _with_points(table, table.header[:1])


LAYOUTS: Final[dict[str, Callable[[Layout], Layout]]] = {
    "shape": by_time_of_day,
    "staffing": by_time_of_day,
    "duty_log": duty_log,
    "trace": trace,
    "sample": sample,
}


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"\d+(?:[.,]\d+)?", cell) is not None


def _time_column(name: str) -> str | None:
    return "time" if name.strip().lower() in habits.TIME_NAMES else None


def _upright(table: Layout) -> Layout:
    """A table with a row each weekday and a column each interval, turned."""
    times = habits.clock_times(table.header[1:])
    days = [habits.weekday_name(row[0]) for row in table.rows]
    if len(times) < 2 or (list(times) == list(table.header[1:]) and not _are_times(times)):
        return table
    if not _are_times(times) or not all(_is_day(day) for day in days):
        return table
    rows = tuple(
        (time, *(row[place] for row in table.rows)) for place, time in enumerate(times, start=1)
    )
    lines = (table.lines[0],) * len(rows)
    return Layout(("time", *days), rows, lines, (*table.notes, "its rows are weekdays"))


def _are_times(cells: Sequence[str]) -> bool:
    return all(len(cell) in (5, 8) and cell[2] == ":" for cell in cells)


def _is_day(name: str) -> bool:
    if name in ALL_DAYS:
        return True
    try:
        units.parse_days(name)
    except units.UnitError:
        return False
    return True


def _renamed(table: Layout, wanted: Sequence[str]) -> Layout:
    """The columns under the names of the form, where they bear a usual other one."""
    taken = set(table.header)
    header = []
    for name in table.header:
        plain = " ".join(name.lower().replace("_", " ").split())
        word = next((each for each in wanted if plain in ALIASES[each]), name)
        if word != name and (word in taken or word in header):
            word = name
        header.append(word)
    return replace(table, header=tuple(header))


def _with_points(table: Layout, names: Sequence[str]) -> Layout:
    """The columns of numbers with decimal points."""
    columns: dict[str, Sequence[str]] = dict(table.columns)
    numeric = {name: columns[name] for name in names if name in columns}
    comma = habits.has_decimal_commas(numeric)
    for name, cells in numeric.items():
        columns[name] = [habits.number(cell, comma) for cell in cells]
    if columns == table.columns:
        return table
    return table.with_columns(columns, *(["its numbers have decimal commas"] if comma else []))


def _whole_day(table: Layout) -> Layout:
    """A table of opening hours as one of the whole day, with 0 in all other intervals."""
    times = [_seconds(cell) for cell in table.columns["time"]]
    if len(times) < 2 or None in times:
        return table
    known = [time for time in times if time is not None]
    step = known[1] - known[0]
    regular = all(b - a == step for a, b in itertools.pairwise(known))
    if step <= 0 or not regular or SECONDS_PER_DAY % step or known[0] % step:
        return table
    count = SECONDS_PER_DAY // step
    if len(known) == count:
        return table
    place = table.header.index("time")
    first = known[0] // step

    def row(number: int) -> tuple[str, ...]:
        if first <= number < first + len(known):
            return table.rows[number - first]
        cells = ["0"] * len(table.header)
        cells[place] = units.print_time(number * step)
        return tuple(cells)

    lines = tuple(
        table.lines[min(max(number - first, 0), len(known) - 1)] for number in range(count)
    )
    until = units.print_time((known[-1] + step) % SECONDS_PER_DAY)
    note = f"outside {units.print_time(known[0])} to {until} its values are 0"
    return Layout(table.header, tuple(map(row, range(count))), lines, (*table.notes, note))


def _seconds(cell: str) -> int | None:
    try:
        return units.parse_time(cell)
    except units.UnitError:
        return None


def _next_day(day: str) -> str:
    try:
        return f"{dt.date.fromisoformat(day) + dt.timedelta(days=1)}"
    except (ValueError, OverflowError):
        return day


__all__ = ["LAYOUTS", "CellError", "Layout"]
