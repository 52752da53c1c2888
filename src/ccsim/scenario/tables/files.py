"""The files of tables that a scenario refers to, read once, inside the scenario's folder only.

A file is CSV of any habit or a workbook (`tables.sheet`); its cells and columns may be written as
other programs export them (`tables.layouts`). Forms (the first row names the columns; `#` begins a
comment line):

- **shape**: weights by time of day. A column `time` (HH:MM in equal steps; what lies outside the
  rows is 0) and a column for each weekday (`mon`, `mon-fri`) or one column `weight` for all;
  without `time` the rows divide the day equally. Weekdays may be rows and times columns.
- **staffing**: the same with whole heads on duty; `heads` for all weekdays.
- **duty_log**: `agent, start, until`: one row a span on duty, local dates and times; with a column
  `date`, times of that day.
- **trace**: `at` (local date and time, or seconds since the calendar's start), and where known
  `channel`, `patience_s`, `handle_s`, `head_start_s`; an empty cell is not known. Rows
  outside the calendar are left out; `check` says how many.
- **sample**: durations in seconds in the first column; an optional second column says whether each
  was observed to its end (`yes`) or is a lower bound (`no`).

A file that is not of its form is refused within a tenth of a second: sizes are bounded by kind, and
of long files the first rows are looked at before the rest is read. Only a trace or a log that goes
wrong after many good rows takes longer, two seconds a million of them.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from ccsim import units
from ccsim.errors import ScenarioError
from ccsim.scenario.parsing.path_safety import file_inside
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path as NodePath
from ccsim.scenario.schema import Arrivals, Block, Distribution, HeadsFile, Scenario, Team
from ccsim.scenario.tables.csv_forms import FORMS, CellError
from ccsim.scenario.tables.habits import UndecidedError
from ccsim.scenario.tables.layouts import LAYOUTS, Layout
from ccsim.scenario.tables.sheet import ENDINGS, MAX_COLUMNS, Row, SheetError, sheet_of

Notes = tuple[str, ...]  # how a file was understood, in words
FileKind = Literal["shape", "staffing", "duty_log", "trace", "sample"]
MAX_FILE_BYTES: Final = 50_000_000
MAX_ALL_BYTES: Final = 200_000_000  # of the files of a scenario together
MAX_FILES: Final = 500
MAX_ROWS: Final[dict[FileKind, int]] = {
    "shape": 2_880,  # every half minute of a day
    "staffing": 2_880,
    "sample": 100_000,  # more say nothing more of a distribution
    "duty_log": 500_000,
    "trace": 2_000_000,
}
FIRST_ROWS: Final = 1_000  # looked at before the rest is read
BY_ROW: Final = ("sample", "duty_log", "trace")  # any first part of these is of the form too


@dataclass(frozen=True, slots=True)
class FileTable:
    """A file of a table: its columns as text, in the order of the file, and its hash for the
    manifest of a run."""

    path: str  # as the scenario names it
    sha256: str
    columns: Mapping[str, tuple[str, ...]]
    notes: Notes = ()  # how it was understood, where it is not in the plain form
    data: bytes = field(default=b"", repr=False, compare=False)  # as it was read: results keep it


@dataclass(frozen=True, slots=True)
class Reference:
    """A file that the scenario names, and where."""

    kind: FileKind
    name: str
    path: NodePath


def references(scenario: Scenario) -> list[Reference]:
    """Every file that the scenario names."""
    return list(_references(scenario, ()))


def _references(block: Block, path: NodePath) -> Iterator[Reference]:
    if isinstance(block, Arrivals):
        if block.trace is not None:
            yield Reference("trace", block.trace, (*path, "trace"))
        for key, name in _shape_files(block.shape):
            yield Reference("shape", name, (*path, "shape", *key))
    elif isinstance(block, Team):
        if isinstance(block.staffing, HeadsFile):
            yield Reference("staffing", block.staffing.file, (*path, "staffing"))
        if block.duty_log is not None:
            yield Reference("duty_log", block.duty_log, (*path, "duty_log"))
    elif isinstance(block, Distribution) and block.file is not None:
        yield Reference("sample", block.file, (*path, "file"))
    for attribute, info in type(block).model_fields.items():
        yield from _below(getattr(block, attribute), (*path, info.alias or attribute))


def _shape_files(shape: object) -> Iterator[tuple[NodePath, str]]:
    if isinstance(shape, str) and shape != "flat":
        yield (), shape
    elif isinstance(shape, Mapping):
        for channel, inner in shape.items():
            for key, name in _shape_files(inner):
                yield (channel, *key), name


def _below(value: object, path: NodePath) -> Iterator[Reference]:
    if isinstance(value, Block):
        yield from _references(value, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _below(inner, (*path, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _below(inner, (*path, index))


class FileReader:
    """Reads each file once, for all designs of a scenario."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._bytes = 0
        self._read: dict[tuple[FileKind, str], FileTable | Problem | list[ScenarioError]] = {}

    def tables(
        self, scenario: Scenario
    ) -> tuple[dict[str, FileTable], list[Problem], list[ScenarioError]]:
        """The tables by name, the problems of references, the problems inside of files."""
        tables: dict[str, FileTable] = {}
        problems: list[Problem] = []
        inside: list[ScenarioError] = []
        for reference in references(scenario):
            found = self._table(reference)
            if isinstance(found, FileTable):
                tables[reference.name] = found
            elif isinstance(found, Problem):
                problems.append(Problem(reference.path, found.message))
            else:
                inside.extend(found)
        return tables, problems, inside

    def _table(self, reference: Reference) -> FileTable | Problem | list[ScenarioError]:
        key = (reference.kind, reference.name)
        if key not in self._read:
            self._read[key] = self._load(reference)
        return self._read[key]

    def _load(self, reference: Reference) -> FileTable | Problem | list[ScenarioError]:
        located = file_inside(self._folder, reference.name, ENDINGS, "CSV or Excel")
        if isinstance(located, str):
            return Problem((), located)
        largest = f"larger than {MAX_FILE_BYTES // 1_000_000} MB"
        try:
            size = located.stat().st_size
            if len(self._read) >= MAX_FILES or self._bytes + size > MAX_ALL_BYTES:
                return Problem((), f"'{reference.name}' is one file too many to be read")
            if size > MAX_FILE_BYTES:
                return Problem((), f"'{reference.name}' is {largest}")
            data = located.read_bytes()
        except OSError as error:
            return Problem((), f"'{reference.name}' cannot be read: {error.strerror}")
        self._bytes += len(data)
        return _parse(data, reference)


class UndecidedSheetError(SheetError):
    """A file whose first rows can be read in two ways."""


def _parse(data: bytes, reference: Reference) -> FileTable | list[ScenarioError]:
    try:
        columns, notes = _columns(data, reference)
    except SheetError as refused:
        return [ScenarioError(reference.name, refused.line, refused.column, "", str(refused))]
    return FileTable(reference.name, hashlib.sha256(data).hexdigest(), columns, notes, data)


def _columns(data: bytes, reference: Reference) -> tuple[dict[str, tuple[str, ...]], Notes]:
    """The columns of a file that is of its form, and how it was understood; raises SheetError."""
    kind = reference.kind
    sheet = sheet_of(data, reference.name, MAX_ROWS[kind])
    first = next(sheet.rows, None)
    if first is None:
        raise SheetError(1, 1, "the file is empty")
    header = _header(first)
    rows: list[Row] = []
    for row in sheet.rows:
        if len(row.cells) < len(header) and sheet.is_workbook:
            row = Row(row.line, (*row.cells, *[""] * (len(header) - len(row.cells))))
        if len(row.cells) != len(header):
            message = f"{len(row.cells)} values in a row of {len(header)} columns"
            raise SheetError(row.line, 1, message)
        rows.append(row)
        if len(rows) == FIRST_ROWS and kind in BY_ROW:
            with contextlib.suppress(UndecidedSheetError):
                _of_its_form(kind, first, rows)
    found = _of_its_form(kind, first, rows)
    return found.columns, (*sheet.notes, *found.notes)


def _header(first: Row) -> list[str]:
    header = [cell.strip() for cell in first.cells]
    if len(header) > MAX_COLUMNS:
        message = f"{len(header)} columns; no more than {MAX_COLUMNS} can be"
        raise SheetError(first.line, 1, message)
    for index, column in enumerate(header):
        if column in header[:index] or not column:
            what = (
                f"the column {units.found(column)} is here twice"
                if column
                else "a column has no name"
            )
            raise SheetError(first.line, _column(first, index), what)
    return header


def _of_its_form(kind: FileKind, first: Row, rows: Sequence[Row]) -> Layout:
    """The rows in the layout that ccsim reads. Raises SheetError, and UndecidedSheetError where a
    later row may decide how a column is read."""
    header = tuple(cell.strip() for cell in first.cells)
    cells = tuple(tuple(cell.strip() for cell in row.cells) for row in rows)
    table = as_written = Layout(header, cells, tuple(row.line for row in rows))
    try:
        table = LAYOUTS[kind](as_written)
        FORMS[kind](table.columns)
    except UndecidedError as problem:
        raise UndecidedSheetError(*_place(problem, as_written, first, rows), str(problem)) from None
    except CellError as problem:
        raise SheetError(*_place(problem, table, first, rows), str(problem)) from None
    return table


def _place(problem: CellError, table: Layout, first: Row, rows: Sequence[Row]) -> tuple[int, int]:
    """Line and column of a bad cell in the file."""
    header = [cell.strip() for cell in first.cells]
    index = header.index(problem.column) if problem.column in header else 0
    if problem.row < 0 or problem.row >= len(table.lines):
        return first.line, _column(first, index)
    line = table.lines[problem.row]
    row = next((row for row in rows if row.line == line), first)
    return line, _column(row, index)


def _column(row: Row, index: int) -> int:
    """The column of the text at which a cell begins (quotes apart)."""
    return 1 + sum(len(cell) + 1 for cell in row.cells[:index])
