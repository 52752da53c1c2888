"""Columns of CSV files that hold local time: a value by weekday, or instants of a log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ccsim.scenario.clock import SECOND, LocalClock
from ccsim.units import UnitError, parse_days

EVERY_DAY = ("daily", "all", "weight", "heads")  # columns that stand for each weekday


def column_for(weekday: str, columns: Sequence[str]) -> str | None:
    """The column for a weekday: one that names it (`mon`, `mon-fri`), else one for all days
    (`weight`, `heads`, `daily`, `all`), else None."""
    for column in columns:
        try:
            if column not in EVERY_DAY and weekday in parse_days(column):
                return column
        except UnitError:
            continue  # `time`, or a note
    return next((column for column in columns if column in EVERY_DAY), None)


def most_heads(columns: Mapping[str, Sequence[str]]) -> int:
    """The most heads that a file of heads by interval states, on any weekday."""
    cells = (cell for name, column in columns.items() if name != "time" for cell in column)
    return max((int(float(cell)) for cell in cells), default=0)


def instants_of(cells: Sequence[str], clock: LocalClock, column: str) -> NDArray[np.int64]:
    """Instants (us) from local dates and times (`2027-03-01 09:00:03`), or from seconds since the
    calendar's start. Raises ValueError in words, with the name of the column."""
    if not cells:
        return np.empty(0, dtype=np.int64)
    try:
        return rounded_us(np.array(cells, dtype=np.float64))
    except ValueError:
        pass  # not numbers: dates and times
    try:
        written = np.array([cell.strip().replace(" ", "T") for cell in cells], "datetime64[us]")
    except ValueError as problem:
        raise ValueError(
            f"'{column}' holds local dates and times like 2027-03-01 09:00:03, or seconds since "
            f"the calendar's start ({problem})"
        ) from None
    if bool(np.any(np.isnat(written))):
        raise ValueError(f"'{column}' has a row without a time")
    midnight = written.astype("datetime64[D]")
    days = (midnight - np.datetime64(clock.start, "D")).astype(np.int64)
    return clock.instants_us(days, (written - midnight).astype(np.int64))


def rounded_us(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Seconds as whole microseconds. Raises ValueError for what is not finite."""
    if not bool(np.all(np.isfinite(seconds))):
        raise ValueError("times are finite numbers")
    return np.rint(seconds * SECOND).astype(np.int64)
