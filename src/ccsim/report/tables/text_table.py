"""Tables as lines of text: numbers aligned by their end, designs side by side, nothing cut off.

Where the designs do not fit beside one another, each row takes two lines, the interval under its
value. Where that is too wide still, they continue in a second block under the first, with the row's
names repeated.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from ccsim.report.words.verdicts import MARKS, Status

GAP = "   "
INDENT = "  "
LONGEST_LABEL = 46
NARROW_GAP = "  "
SHORTEST_LABEL = 22  # of the narrow form
NARROW_NAME = 10  # a design's name is folded at its underscores and hyphens to about this


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown for one design: `78.4 %`, `±0.9`, and how its target stands."""

    value: str
    spread: str = ""
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One measure for all designs. `target` is what is to be reached, in the unit of the cells."""

    label: str
    cells: tuple[Cell, ...]
    target: str = ""
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
    targeted = any(row.target for row in table.rows)
    target_width = max([len(row.target) for row in table.rows] + [len("target")]) * targeted
    columns = [_column(table, index, marks) for index in range(len(table.columns))]
    fixed = len(INDENT) + label_width + (len(GAP) + target_width if targeted else 0)
    lines: list[str] = []
    blocks = _blocks(columns, width - fixed)
    if len(blocks) > 1:
        marks = marks and any(cell.status for row in table.rows for cell in row.cells)
        narrow = _narrow(table, marks)
        room = width - len(INDENT) - SHORTEST_LABEL
        narrow_blocks = _blocks(narrow, room, NARROW_GAP)
        if len(narrow_blocks) < len(blocks):
            return _narrow_lines(table, narrow_blocks, width, marks)
    for block in blocks:
        if lines:
            lines.append("")
        for place in range(len(table.rows) + 1):
            name = ["", table.heading] if place == 0 else ["", *labels[place - 1]]
            target = "target" if place == 0 else table.rows[place - 1].target
            parts = [f"{name[-1]:<{label_width}}"]
            if targeted:
                parts.append(f"{target:>{target_width}}")
            lines += [(INDENT + part).rstrip() for part in name[1:-1]]  # a long name's first lines
            lines.append((INDENT + GAP.join([*parts, *(c[place] for c in block)])).rstrip())
    return lines


def _labels(table: Table) -> tuple[list[list[str]], int]:
    wrapped = [folded(row.label, LONGEST_LABEL, break_words=False) or [""] for row in table.rows]
    return wrapped, max([len(part) for parts in wrapped for part in parts] + [len(table.heading)])


def _column(table: Table, index: int, marks: bool) -> list[str]:
    """Heading and cells of one design, padded to one width."""
    cells = [row.cells[index] for row in table.rows]
    values = max(len(cell.value) for cell in cells)
    spreads = max((len(c.spread) for c in cells if not c.spread.startswith("(")), default=0)
    spread = any(cell.spread for cell in cells)  # long ends in brackets widen the column alone
    verdicts = ["" if c.status is None else MARKS[c.status] if marks else c.status for c in cells]
    longest = max(map(len, verdicts))
    lines = [
        " ".join(
            [f"{cell.value:>{values}}"]
            + ([f"{cell.spread:<{spreads}}"] if spread else [])
            + ([f"{verdict:<{longest}}"] if longest else [])
        )
        for cell, verdict in zip(cells, verdicts, strict=True)
    ]
    width = max(max(len(line.rstrip()) for line in lines), len(table.columns[index]))
    body = [f"{line.rstrip():<{width}}" for line in lines]
    return [f"{table.columns[index]:<{width}}", *body]


def _narrow(table: Table, marks: bool) -> list[list[str]]:
    """Each design as a column of lines of one width: its heading (as many lines for all), then for
    each row the value with its mark, the interval, and the status where it is a word."""
    names = [_folded_name(name) for name in table.columns]
    tallest = max(map(len, names))
    deepest = [max(len(_narrow_cell(cell, marks)) for cell in row.cells) for row in table.rows]
    columns = []
    for index, name in enumerate(names):
        lines = [*[""] * (tallest - len(name)), *name]
        for row, depth in zip(table.rows, deepest, strict=True):
            cell = _narrow_cell(row.cells[index], marks)
            lines += [*cell, *[""] * (depth - len(cell))]
        width = max(map(len, lines))
        columns.append([f"{line:>{width}}" for line in lines])
    return columns


def _narrow_cell(cell: Cell, marks: bool) -> list[str]:
    mark = f" {MARKS[cell.status]}" if marks and cell.status is not None else "  " * marks
    lines = [cell.value + mark]
    if cell.spread:
        lines.append(cell.spread.replace(" to ", "–").strip("()") + "  " * marks)
    if cell.status is not None and not marks:
        lines += textwrap.wrap(cell.status, NARROW_NAME)
    return lines


def _folded_name(name: str) -> list[str]:
    """`pooled_same_cost` over two lines: `pooled_`, `same_cost`."""
    lines: list[str] = []
    for piece in re.findall(r"[^_\s-]+[_\s-]*|[_\s-]+", name):
        if lines and len(lines[-1] + piece.rstrip()) <= NARROW_NAME:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.rstrip() for line in lines] or [""]


def _narrow_lines(
    table: Table, blocks: list[list[list[str]]], width: int, marks: bool
) -> list[str]:
    """The blocks in the narrow form; the target stands behind the row's name."""
    widest = max(sum(len(NARROW_GAP) + len(column[0]) for column in block) for block in blocks)
    heading, names = _narrow_names(table)
    longest = min(LONGEST_LABEL, max(map(len, names)))
    label_width = min(max(width - len(INDENT) - widest, SHORTEST_LABEL), longest)
    labels = [folded(name, label_width) for name in names]
    deepest = [max(len(_narrow_cell(cell, marks)) for cell in row.cells) for row in table.rows]
    head = len(blocks[0][0]) - sum(deepest)
    lines: list[str] = []
    for block in blocks:
        lines += [""] if lines else []
        lines += [INDENT + heading] if heading else []
        found = [("", [column[place] for column in block]) for place in range(head)]
        at = head
        for label, depth in zip(labels, deepest, strict=True):
            for place in range(max(len(label), depth)):
                cells = [column[at + place] if place < depth else "" for column in block]
                if place < len(label) or any(cell.strip() for cell in cells):
                    found.append((label[place] if place < len(label) else "", cells))
            at += depth
        for text, cells in found:
            parts = [INDENT + f"{text:<{label_width}}", *cells]
            lines.append(NARROW_GAP.join(parts).rstrip())
    return lines


def _narrow_names(table: Table) -> tuple[str, list[str]]:
    """The heading and the rows' names with their targets; one that all share stands once."""
    targets = {row.target for row in table.rows}
    if table.heading and len(targets) == 1 and "" not in targets:
        return f"{table.heading}; target {targets.pop()}", [row.label for row in table.rows]
    names = [f"{row.label}; target {row.target}" if row.target else row.label for row in table.rows]
    return table.heading, names


def _blocks(columns: Sequence[list[str]], room: int, gap: str = GAP) -> list[list[list[str]]]:
    """As many columns side by side as fit, at least one."""
    blocks: list[list[list[str]]] = [[]]
    used = 0
    for column in columns:
        needed = len(gap) + len(column[0])
        if blocks[-1] and used + needed > room:
            blocks.append([])
            used = 0
        blocks[-1].append(column)
        used += needed
    return blocks


def paragraph(text: str, width: int, indent: str = INDENT) -> list[str]:
    """A sentence folded to the width, its further lines under its first word."""
    return folded(text, max(width, 40), indent, " " * len(indent))


def folded(
    text: str, width: int, first: str = "", later: str = "", *, break_words: bool = True
) -> list[str]:
    """Lines of at most `width`; a number stays with its other digits and with its unit."""
    bound = re.sub(
        r"(?<=\d) (?=\d|%|[A-Z]{3}\b|points\b|(?:s|min|h|d)\b)|(?<=\(your) (?=input\))",
        "\N{NO-BREAK SPACE}",
        text,
    )
    lines = textwrap.wrap(
        bound,
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=break_words,
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
