"""The CSV files that a scenario refers to, read once, inside the scenario's folder only.

Forms (the first line names the columns; `#` begins a comment line; UTF-8):

- **shape**: weights by time of day. A column `time` (HH:MM from 00:00 in equal steps) and a column
  for each weekday (`mon`, `mon-fri`) or one column `weight` for all; without `time` the rows divide
  the day equally.
- **staffing**: the same with whole heads on duty; `heads` for all weekdays.
- **duty_log**: `agent, start, until`: one row a span on duty, local ISO dates and times.
- **trace**: `at` (local ISO date and time, or seconds since the calendar's start), and where known
  `channel`, `patience_s`, `handle_s`, `head_start_s`; an empty cell is not known. Rows
  outside the calendar are left out; `check` says how many.
- **sample**: durations in seconds in the first column; an optional second column says whether each
  was observed to its end (`yes`) or is a lower bound (`no`).

A file that is not of its form is refused within a tenth of a second: sizes are bounded by kind, and
of long files the first rows are looked at before the rest is read. Only a trace or a log that goes
wrong after many good rows takes longer, two seconds a million of them.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from ccsim import units
from ccsim.errors import ScenarioError
from ccsim.scenario.parsing.path_safety import file_inside
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path as NodePath
from ccsim.scenario.schema import Arrivals, Block, Distribution, Scenario, Team
from ccsim.scenario.tables.csv_forms import FORMS, CellError

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
MAX_LINE: Final = 10_000  # characters
MAX_COLUMNS: Final = 50
MAX_COMMENTS: Final = 10_000  # lines of comments and blank ones
FIRST_ROWS: Final = 1_000  # looked at before the rest is read
BY_ROW: Final = ("sample", "duty_log", "trace")  # any first part of these is of the form too


@dataclass(frozen=True, slots=True)
class FileTable:
    """A CSV file: its columns as text, in the order of the file, and what it was (for run.json)."""

    path: str  # as the scenario names it
    sha256: str
    columns: Mapping[str, tuple[str, ...]]
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
        if isinstance(block.staffing, str):
            yield Reference("staffing", block.staffing, (*path, "staffing"))
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
        located = file_inside(self._folder, reference.name, (".csv",), "CSV")
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


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """What ends the reading of a file: line, column and what is wrong."""


def _parse(data: bytes, reference: Reference) -> FileTable | list[ScenarioError]:
    try:
        columns = _columns(data, reference.kind)
    except _Refused as refused:
        line, column, message = refused.args
        return [ScenarioError(reference.name, line, column, "", message)]
    return FileTable(reference.name, hashlib.sha256(data).hexdigest(), columns, data)


def _columns(data: bytes, kind: FileKind) -> Mapping[str, tuple[str, ...]]:
    """The columns of a file that is of its form; raises `_Refused`."""
    most = MAX_ROWS[kind]
    if data.count(b"\n") > most + MAX_COMMENTS + 1:
        raise _Refused(1, 1, f"more than {most:,} rows")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise _Refused(line, 1, "is not UTF-8 text; save the file as UTF-8") from None
    rows = _rows(text, most)
    try:
        first_line, first = next(rows)
    except StopIteration:
        raise _Refused(1, 1, "the file is empty") from None
    header = _header(first_line, first)
    read: list[tuple[int, list[str]]] = []
    for line, row in rows:
        if len(row) != len(header):
            raise _Refused(line, 1, f"{len(row)} values in a row of {len(header)} columns")
        read.append((line, row))
        if len(read) == FIRST_ROWS and kind in BY_ROW:
            _of_its_form(kind, header, (first_line, first), read)
    return _of_its_form(kind, header, (first_line, first), read)


def _rows(text: str, most: int) -> Iterator[tuple[int, list[str]]]:
    """The rows with their line numbers; the names of the columns first, comments left out."""
    reader = csv.reader(_lines(text), strict=True)
    count = passed = 0
    try:
        for row in reader:
            if row and not row[0].lstrip().startswith("#"):
                count += 1
                yield reader.line_num, row
            else:
                passed += 1
            if count > most + 1:
                raise _Refused(reader.line_num, 1, f"more than {most:,} rows")
            if passed > MAX_COMMENTS:
                raise _Refused(reader.line_num, 1, f"more than {MAX_COMMENTS:,} lines without data")
    except csv.Error as problem:
        raise _Refused(max(reader.line_num, 1), 1, f"is not a CSV file: {problem}") from None


def _lines(text: str) -> Iterator[str]:
    """The lines, none of them longer than a row can be."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > MAX_LINE:
            raise _Refused(number, 1, f"a line of more than {MAX_LINE:,} characters")
        yield line


def _header(line: int, row: list[str]) -> list[str]:
    header = [cell.strip() for cell in row]
    if len(header) > MAX_COLUMNS:
        raise _Refused(line, 1, f"{len(header)} columns; no more than {MAX_COLUMNS} can be")
    for index, column in enumerate(header):
        if column in header[:index] or not column:
            what = (
                f"the column {units.found(column)} is here twice"
                if column
                else "a column has no name"
            )
            raise _Refused(line, _column(row, index), what)
    return header


def _of_its_form(
    kind: FileKind,
    header: Sequence[str],
    first: tuple[int, list[str]],
    rows: Sequence[tuple[int, list[str]]],
) -> Mapping[str, tuple[str, ...]]:
    columns = {
        name: tuple(row[index].strip() for _, row in rows) for index, name in enumerate(header)
    }
    try:
        FORMS[kind](columns)
    except CellError as problem:
        line, row = rows[problem.row] if problem.row >= 0 else first
        index = header.index(problem.column) if problem.column in header else 0
        raise _Refused(line, _column(row, index), str(problem)) from None
    return columns


def _column(row: list[str], index: int) -> int:
    """The column of the text at which a cell begins (quotes apart)."""
    return 1 + sum(len(cell) + 1 for cell in row[:index])
