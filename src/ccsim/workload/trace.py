"""Arrivals from a log: instants, and where known patience, handle time and head start.

Columns: `at` (local date and time such as `2027-03-01 09:00:03`, or seconds since the calendar's
start), and as far as they are known `channel`, `patience_s`, `handle_s`, `head_start_s` (seconds;
an empty cell is not known). Rows outside the calendar are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.scenario.clock import LocalClock
from ccsim.scenario.tables.timetables import instants_of, rounded_us
from ccsim.workload.model import UNOBSERVED

if TYPE_CHECKING:
    from ccsim.scenario.tables.files import FileTable

COLUMNS = ("at", "channel", "patience_s", "handle_s", "head_start_s")


@dataclass(frozen=True, slots=True)
class Trace:
    """The rows of a log within the calendar, in the order of the file."""

    at: NDArray[np.int64]  # us since the calendar's start
    row: NDArray[np.int64]  # row of the file, from 0
    channel: tuple[str, ...]  # "" where the file does not say
    patience: NDArray[np.int64]  # us or UNOBSERVED
    work: NDArray[np.int64]
    head_start: NDArray[np.int64]


def read_trace(file: FileTable, clock: LocalClock) -> Trace:
    """The trace in a file. Raises ValueError in words for what cannot be read."""
    unknown = [name for name in file.columns if name not in COLUMNS]
    if unknown:
        raise ValueError(f"a trace has the columns {', '.join(COLUMNS)}, not '{unknown[0]}'")
    if "at" not in file.columns:
        raise ValueError("a trace needs the column 'at'")
    at = instants_of(file.columns["at"], clock, "at")
    row = np.flatnonzero((at >= 0) & (at < clock.horizon_us))
    channels = file.columns.get("channel", ("",) * len(at))
    return Trace(
        at=at[row],
        row=row,
        channel=tuple(channels[i].strip() for i in row.tolist()),
        patience=_durations(file, "patience_s")[row],
        work=_durations(file, "handle_s")[row],
        head_start=_durations(file, "head_start_s")[row],
    )


def _durations(file: FileTable, column: str) -> NDArray[np.int64]:
    cells = file.columns.get(column)
    rows = len(file.columns["at"])
    if cells is None:
        return np.full(rows, UNOBSERVED, dtype=np.int64)
    try:
        seconds = np.array([cell.strip() or "nan" for cell in cells], dtype=np.float64)
    except ValueError:
        raise ValueError(f"'{column}' holds something else than seconds") from None
    known = ~np.isnan(seconds)
    if bool(np.any(seconds[known] < 0.0)):
        raise ValueError(f"'{column}' holds a negative time")
    return np.where(known, rounded_us(np.where(known, seconds, 0.0)), UNOBSERVED)
