"""Figures as CSV files: RFC 4180, numbers as they are, and nothing that a spreadsheet would run.

A cell of text that begins as a formula does (=, +, -, @, a tab or a line's end) is written behind
an apostrophe, since labels come from scenarios that others may have written. A file with letters
beyond ASCII begins with a byte order mark, without which a spreadsheet misreads them.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from ccsim.experiment.execution.result import Experiment
from ccsim.experiment.results.cuts import By
from ccsim.report.documents.figures import Figure, figures_by, figures_of

if TYPE_CHECKING:
    from ccsim.experiment.studies.sweep import Sweep

Value = str | float | int | None
COLUMNS = tuple(each.name for each in fields(Figure))
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
SUFFIX = ".csv"
CUTS: tuple[By, ...] = ("time", "day", "weekday", "week")  # by interval a file may have gigabytes


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """The rows under their columns as RFC 4180 writes them; undefined numbers are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Value) -> str | int:
    if value is None or isinstance(value, float):
        return repr(value) if value is not None and math.isfinite(value) else ""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def write_figures(experiment: Experiment, where: Path, by: By | None = None) -> list[Path]:
    """The figures of a run or comparison in one file (a path that ends in `.csv`: all days, and the
    parts of the cut `by`), or in a folder, which is made where it is missing: `figures.csv` and a
    file for each of CUTS. Returns what was written; OSError where that is not possible."""
    if where.suffix.lower() == SUFFIX:
        rows = [*figures_of(experiment), *(figures_by(experiment, by) if by else ())]
        return [_write(where, COLUMNS, _values(rows))]
    where.mkdir(parents=True, exist_ok=True)
    written = [_write(where / "figures.csv", COLUMNS, _values(figures_of(experiment)))]
    for cut in CUTS:
        rows = [*figures_by(experiment, cut)]
        written.append(_write(where / f"by-{cut}.csv", COLUMNS, _values(rows)))
    return written


def write_sweep(found: Sweep, where: Path) -> list[Path]:
    """The figures of a sweep, a column for each path that varies: in the file, or as `figures.csv`
    in the folder. Differences are against the design as it is."""
    paths = [axis.path for axis in found.plan.axes]
    settings: dict[str, Mapping[str, str]] = {each.name: each.settings for each in found.points}
    rows = (
        (*(settings.get(row.design, {}).get(path, "") for path in paths), *values)
        for row in figures_of(found.comparison)
        for values in _values([row])
    )
    if where.suffix.lower() != SUFFIX:
        where.mkdir(parents=True, exist_ok=True)
        where = where / "figures.csv"
    return [_write(where, (*paths, *COLUMNS), rows)]


def _values(figures: Iterable[Figure]) -> Iterator[tuple[Value, ...]]:
    for figure in figures:
        yield tuple(getattr(figure, name) for name in COLUMNS)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Path:
    text = csv_text(columns, rows)
    path.write_bytes(text.encode("ascii" if text.isascii() else "utf-8-sig"))
    return path
