"""Tables as lines of text: numbers aligned by their end, designs side by side, nothing cut off.

Where the designs do not fit beside one another, they continue in a second block under the first,
with the row's names repeated.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from ccsim.report.verdicts import MARKS, Status

GAP = "   "
INDENT = "  "
LONGEST_LABEL = 46


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown for one design: `78.4 %`, `±0.9`, and how its promise stands."""

    value: str
    spread: str = ""
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One measure for all designs. `promise` is what was promised, in the unit of the cells."""

    label: str
    cells: tuple[Cell, ...]
    promise: str = ""
    key: str = ""  # the measure's key, for readers of the data


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the names of the designs; `heading` stands over the rows' names."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    heading: str = ""


def table_lines(table: Table, width: int, *, marks: bool) -> list[str]:
    """The table in at most `width` columns where it can be; `marks` are signs, else words."""
    if not table.rows:
        return []
    labels, label_width = _labels(table)
    promised = any(row.promise for row in table.rows)
    promise_width = max([len(row.promise) for row in table.rows] + [len("promise")]) * promised
    columns = [_column(table, index, marks) for index in range(len(table.columns))]
    fixed = len(INDENT) + label_width + (len(GAP) + promise_width if promised else 0)
    lines: list[str] = []
    for block in _blocks(columns, width - fixed):
        if lines:
            lines.append("")
        for place in range(len(table.rows) + 1):
            name = ["", table.heading] if place == 0 else ["", *labels[place - 1]]
            promise = "promise" if place == 0 else table.rows[place - 1].promise
            parts = [f"{name[-1]:<{label_width}}"]
            if promised:
                parts.append(f"{promise:>{promise_width}}")
            lines += [(INDENT + part).rstrip() for part in name[1:-1]]  # a long name's first lines
            lines.append((INDENT + GAP.join([*parts, *(c[place] for c in block)])).rstrip())
    return lines


def _labels(table: Table) -> tuple[list[list[str]], int]:
    wrapped = [
        textwrap.wrap(row.label, LONGEST_LABEL, break_long_words=False) or [""]
        for row in table.rows
    ]
    return wrapped, max([len(part) for parts in wrapped for part in parts] + [len(table.heading)])


def _column(table: Table, index: int, marks: bool) -> list[str]:
    """Heading and cells of one design, padded to one width."""
    cells = [row.cells[index] for row in table.rows]
    values = max(len(cell.value) for cell in cells)
    spreads = max((len(c.spread) for c in cells if not c.spread.startswith("(")), default=0)
    verdicts = ["" if c.status is None else MARKS[c.status] if marks else c.status for c in cells]
    longest = max(map(len, verdicts))
    lines = [
        " ".join(
            [f"{cell.value:>{values}}"]
            + ([f"{cell.spread:<{spreads}}"] if spreads else [])
            + ([f"{verdict:<{longest}}"] if longest else [])
        )
        for cell, verdict in zip(cells, verdicts, strict=True)
    ]
    width = max(max(len(line.rstrip()) for line in lines), len(table.columns[index]))
    body = [f"{line.rstrip():<{width}}" for line in lines]
    return [f"{table.columns[index]:<{width}}", *body]


def _blocks(columns: Sequence[list[str]], room: int) -> list[list[list[str]]]:
    """As many columns side by side as fit, at least one."""
    blocks: list[list[list[str]]] = [[]]
    used = 0
    for column in columns:
        needed = len(GAP) + len(column[0])
        if blocks[-1] and used + needed > room:
            blocks.append([])
            used = 0
        blocks[-1].append(column)
        used += needed
    return blocks


def paragraph(text: str, width: int, indent: str = INDENT) -> list[str]:
    """A sentence folded to the width, its further lines under its first word."""
    return folded(text, max(width, 40), indent, " " * len(indent))


def folded(text: str, width: int, first: str = "", later: str = "") -> list[str]:
    """Lines of at most `width`; a number stays with its other digits and with its unit."""
    kept = re.sub(
        r"(?<=\d) (?=\d|%|[A-Z]{3}\b|points\b|(?:s|min|h|d)\b)", "\N{NO-BREAK SPACE}", text
    )
    lines = textwrap.wrap(kept, width, initial_indent=first, subsequent_indent=later)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
