"""Agents on duty as stated by interval, or as observed: net of shrinkage, without shifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ccsim.scenario.blocks.people import HeadsFile
from ccsim.scenario.clock import DAY, SECOND, LocalClock
from ccsim.scenario.tables.timetables import column_for, instants_of

if TYPE_CHECKING:
    from ccsim.scenario.tables.files import FileTable

DUTY_COLUMNS = ("agent", "start", "until")
Span = tuple[int, int]


def staffed_spans(
    staffing: HeadsFile | Sequence[int], files: Mapping[str, FileTable], clock: LocalClock
) -> list[list[Span]]:
    """Spans on duty of agents 0, 1, ... where heads by interval are stated.

    `staffing` is a list of heads by equal steps of every day, or a file with a row for each
    step and a column for each weekday (`mon`, `mon-fri`, or `daily` for all). Agent j is on
    duty wherever there are more than j heads. Steps are of the wall clock. Raises ValueError in
    words.
    """
    spans: list[list[Span]] = []
    for day in clock.staffed_days:
        if clock.day_start_us(day + 1) <= 0 or clock.day_start_us(day) >= clock.horizon_us:
            continue
        heads = _heads(staffing, clock.shifts_weekday(day), files)
        step = DAY // len(heads) // SECOND
        edges = [clock.instant_us(day, k * step) for k in range(len(heads))]
        edges.append(clock.day_start_us(day + 1))
        while len(spans) < max(heads):
            spans.append([])
        for count, start, until in zip(heads, edges[:-1], edges[1:], strict=True):
            start, until = max(start, 0), min(until, clock.horizon_us)
            if until > start:
                for mine in spans[:count]:
                    _append(mine, start, until)
    return spans


def _heads(
    staffing: HeadsFile | Sequence[int], weekday: str, files: Mapping[str, FileTable]
) -> list[int]:
    if isinstance(staffing, HeadsFile):
        columns = files[staffing.file].columns
        column = column_for(weekday, tuple(columns))
        if column is None:
            return [0]  # the rules ask for every day on which something is open
        try:
            heads = [staffing.heads(int(cell)) for cell in columns[column]]
        except ValueError:
            raise ValueError(f"{staffing.file}: column {column} holds no whole numbers") from None
    else:
        heads = list(staffing)
    if not heads or 86_400 % len(heads):
        raise ValueError(f"{len(heads)} numbers do not divide a day into equal steps of seconds")
    if min(heads) < 0:
        raise ValueError("heads are whole numbers from 0")
    return heads


def logged_spans(file: FileTable, clock: LocalClock) -> list[list[Span]]:
    """Spans on duty from a log with the columns agent, start, until, agents in order of appearance.

    Times are local dates and times, or seconds since the calendar's start. Spans of one agent that
    touch or overlap are one; spans wholly outside the calendar are left out. Raises ValueError in
    words.
    """
    missing = [name for name in DUTY_COLUMNS if name not in file.columns]
    if missing:
        raise ValueError(f"a duty log needs the column '{missing[0]}'")
    starts = instants_of(file.columns["start"], clock, "start")
    untils = instants_of(file.columns["until"], clock, "until")
    if bool(np.any(untils < starts)):
        row = int(np.argmax(untils < starts)) + 1
        raise ValueError(f"row {row} of the duty log ends before it begins")
    by_agent: dict[str, list[Span]] = {name: [] for name in file.columns["agent"]}
    rows = zip(file.columns["agent"], starts.tolist(), untils.tolist(), strict=True)
    for agent, start, until in sorted(rows, key=lambda row: (row[1], row[2])):
        if until > max(start, 0) and start < clock.horizon_us:
            _append(by_agent[agent], start, until)
    return list(by_agent.values())


def _append(spans: list[Span], start: int, until: int) -> None:
    if spans and start <= spans[-1][1]:
        spans[-1] = (spans[-1][0], max(spans[-1][1], until))
    else:
        spans.append((start, until))
