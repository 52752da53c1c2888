"""Cells as people's programs write them, brought to one form: numbers, times of day, dates.

Each function takes the cells of one column and returns them in the form that the rest of ccsim
reads (`3.5`, `08:30`, `2027-03-01T08:30:00`), or raises `CellError` where a cell could mean two
things; cells that are nothing of the kind are returned as they are, for the form of the file to
refuse with its own words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final

from ccsim import units
from ccsim.scenario.tables.csv_forms import CellError


class UndecidedError(CellError):
    """A column whose cells can be read in two ways; a later row may decide."""


_DECIMAL_COMMA = re.compile(r"-?\d+(?:\.\d{3})*,\d+")
_GROUPED = re.compile(r"\d{1,3}(?:[,' \u00a0\u202f]\d{3})+(?:\.\d+)?")  # 1,234.5 or 1 234
_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:[.,]0+)?)?\s*([ap])?\.?m?\.?", re.I)
_NUMERIC_DATE = re.compile(r"(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?:[T\s,]+(.+))?")
WEEKDAY_NAMES: Final = {
    name: short
    for short, names in zip(
        units.WEEKDAYS,
        (
            ("monday",),
            ("tuesday", "tues"),
            ("wednesday",),
            ("thursday", "thur", "thurs"),
            ("friday",),
            ("saturday",),
            ("sunday",),
        ),
        strict=True,
    )
    for name in (short, *names)
}
TIME_NAMES: Final = ("time", "interval", "hour", "start", "from", "time of day", "interval start")


def has_decimal_commas(columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether the numbers of a file have decimal commas; all its columns of numbers decide
    together. CellError for `1,234`, which may be either, where no other cell decides."""
    cells = [(row, name, cell) for name, own in columns.items() for row, cell in enumerate(own)]
    commas = [each for each in cells if "," in each[2]]
    if not commas:
        return False
    if any(re.fullmatch(r"\d*\.\d{1,2}|\d*\.\d{4,}|.*,.*\..*", cell) for _, _, cell in cells):
        return False  # there are decimal points
    doubtful = [each for each in commas if re.fullmatch(r"[1-9]\d{0,2},\d{3}", each[2])]
    if len(doubtful) < len(commas):
        return any(_DECIMAL_COMMA.fullmatch(cell) for _, _, cell in commas)
    row, name, cell = doubtful[0]
    wanted = f"{cell.replace(',', '.')} or {cell.replace(',', '')}"
    raise UndecidedError(f"'{cell}' may be {wanted}; write one of these", row, name)


def number(cell: str, decimal_comma: bool) -> str:
    """A number with a decimal point and without separators of thousands; other cells unchanged."""
    if decimal_comma and _DECIMAL_COMMA.fullmatch(cell):
        return cell.replace(".", "").replace(",", ".")
    if _GROUPED.fullmatch(cell):
        return re.sub(r"[,' \u00a0\u202f]", "", cell)
    return cell


def weekday_name(header: str) -> str:
    """A header as the language writes days: `Monday` and `MON` are `mon`, `Mon-Fri` is
    `mon-fri`; other headers in lower case."""
    name = header.strip().lower()
    parts = re.split(r"\s*[-–]\s*", name)
    if parts and all(part.rstrip(".") in WEEKDAY_NAMES for part in parts):
        return "-".join(WEEKDAY_NAMES[part.rstrip(".")] for part in parts)
    return name


def clock_times(cells: Sequence[str]) -> list[str]:
    """Times of day as `HH:MM` (`HH:MM:SS` where there are seconds): `8:00`, `8.00`, `8:00 AM`,
    `08:00:00`, and the beginning of `08:00-08:30`."""
    return [_clock_time(cell) or cell for cell in cells]


def _clock_time(cell: str) -> str | None:
    text = re.split(r"\s*(?:-|–|to|bis)\s*(?=\d)", cell.strip(), maxsplit=1)[0]
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second else "")


def dates(cells: Sequence[str], column: str) -> tuple[list[str], str]:
    """Dates, with or without a time, in ISO form; and how their order was read in words, empty
    where they were ISO already. CellError where `03/04/2027` could be April or March."""
    serials = _from_serials(cells)
    if serials is not None:
        return serials, "a spreadsheet's numbers for dates are read as dates"
    matches = [_NUMERIC_DATE.fullmatch(cell.strip()) for cell in cells]
    if all(match is None or len(match[1]) == 4 for match in matches):
        return [_iso(cell, match, "ymd") for cell, match in zip(cells, matches, strict=True)], ""
    first = [int(match[1]) for match in matches if match and len(match[1]) < 4]
    second = [int(match[3]) for match in matches if match and len(match[1]) < 4]
    day_first, month_first = max(first) > 12, max(second) > 12
    if not day_first and not month_first and any(match and match[2] == "." for match in matches):
        day_first = True  # nobody writes the month first with points
    if day_first == month_first:
        row = next(row for row, match in enumerate(matches) if match)
        other = " and others the month" if day_first else ""
        what = f"some rows have the day first{other}" if day_first else "it may be day or month"
        raise UndecidedError(
            f"the order of {units.found(cells[row])} cannot be told: {what}; write 2027-04-03",
            row,
            column,
        )
    order = "dmy" if day_first else "mdy"
    read = [_iso(cell, match, order) for cell, match in zip(cells, matches, strict=True)]
    return read, "the day comes first in its dates" if day_first else "the month comes first"


def _from_serials(cells: Sequence[str]) -> list[str] | None:
    """Dates as a spreadsheet counts them (days since 1899-12-30), where all cells are such numbers
    of the years 2009 to 2063 with a part of a day; None where they are not.

    Seconds since the calendar's start look alike only if every single one lies in the same six
    hours of the first day, and each has a fraction that is a whole second of a day; the user is
    told by a note of the file.
    """
    if not cells or not all(re.fullmatch(r"[45]\d{4}(?:\.\d+)?", cell) for cell in cells):
        return None
    if not any("." in cell for cell in cells):
        return None
    found = []
    for cell in cells:
        seconds = float(cell) * 86_400
        if abs(seconds - round(seconds)) > max(0.05, 43_200 / 10.0 ** len(cell[6:])):
            return None  # not a whole second, however many digits are written
        at = dt.datetime(1899, 12, 30) + dt.timedelta(seconds=round(seconds))
        found.append(f"{at:%Y-%m-%dT%H:%M:%S}")
    return found


def _iso(cell: str, match: re.Match[str] | None, order: str) -> str:
    if match is None:
        return cell
    order = "ymd" if len(match[1]) == 4 else order
    parts = dict(zip(order, (match[1], match[3], match[4]), strict=True))
    year = parts["y"] if len(parts["y"]) == 4 else f"20{parts['y']}"
    try:
        date = dt.date(int(year), int(parts["m"]), int(parts["d"]))
    except ValueError:
        return cell
    if match[5] is None:
        return f"{date}"
    time = _clock_time(match[5])
    if time is None:
        return f"{date}T{match[5].strip()}"
    return f"{date}T{time if len(time) > 5 else time + ':00'}"
