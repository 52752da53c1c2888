"""The CSV files that a scenario refers to, read once, inside the scenario's folder only.

Forms (the first line names the columns; `#` begins a comment line; UTF-8):

- **shape**: weights by time of day. A column `time` (HH:MM from 00:00 in equal steps) and a column
  for each weekday (`mon`, `mon-fri`) or one column `weight` for all; without `time` the rows divide
  the day equally.
- **staffing**: the same with whole heads on duty; `heads` for all weekdays.
- **duty_log**: `agent, start, until`: one row a span on duty, local ISO dates and times.
- **trace**: `at` (local ISO date and time, or seconds since the calendar's start), and where known
  `channel`, `patience_s`, `handle_s`, `head_start_s`; an empty cell is not known.
- **sample**: durations in seconds in the first column; an optional second column says whether each
  was observed to its end (`yes`) or is a lower bound (`no`).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from ccsim.errors import ScenarioError
from ccsim.scenario.csv_forms import FORMS, CellError
from ccsim.scenario.inside import file_inside
from ccsim.scenario.problem import Problem
from ccsim.scenario.schema import Arrivals, Block, Distribution, Scenario, Team
from ccsim.scenario.tree import Path as NodePath

FileKind = Literal["shape", "staffing", "duty_log", "trace", "sample"]
MAX_FILE_BYTES: Final = 50_000_000
MAX_ROWS: Final = 2_000_000


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
        try:
            with located.open("rb") as stream:
                data = stream.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            return Problem((), f"'{reference.name}' cannot be read: {error.strerror}")
        if len(data) > MAX_FILE_BYTES:
            size = MAX_FILE_BYTES // 1_000_000
            return Problem((), f"'{reference.name}' is larger than {size} MB")
        return _parse(data, reference)


def _parse(data: bytes, reference: Reference) -> FileTable | list[ScenarioError]:
    name = reference.name

    def error(line: int, column: int, message: str) -> list[ScenarioError]:
        return [ScenarioError(name, line, column, "", message)]

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        return error(line, 1, "is not UTF-8 text; save the file as UTF-8")
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if row and not row[0].lstrip().startswith("#"):
                rows.append((reader.line_num, row))
            if len(rows) > MAX_ROWS:
                return error(reader.line_num, 1, f"more than {MAX_ROWS:,} rows")
    except csv.Error as problem:
        return error(reader.line_num, 1, f"is not a CSV file: {problem}")
    if not rows:
        return error(1, 1, "the file is empty")
    header = [cell.strip() for cell in rows[0][1]]
    for index, column in enumerate(header):
        if column in header[:index] or not column:
            what = f"the column '{column}' is here twice" if column else "a column has no name"
            return error(rows[0][0], _column(rows[0][1], index), what)
    for line, row in rows[1:]:
        if len(row) != len(header):
            return error(line, 1, f"{len(row)} values in a row of {len(header)} columns")
    columns = {
        name: tuple(row[index].strip() for _, row in rows[1:]) for index, name in enumerate(header)
    }
    try:
        FORMS[reference.kind](columns)
    except CellError as problem:
        line, row = rows[problem.row + 1]
        index = header.index(problem.column) if problem.column in header else 0
        return error(line, _column(row, index), str(problem))
    return FileTable(name, hashlib.sha256(data).hexdigest(), columns, data)


def _column(row: list[str], index: int) -> int:
    """The column of the text at which a cell begins (quotes apart)."""
    return 1 + sum(len(cell) + 1 for cell in row[:index])
