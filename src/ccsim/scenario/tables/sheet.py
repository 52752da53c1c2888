"""Files of tables as rows of text, whatever program wrote them: CSV of any habit, and workbooks.

A CSV file may be UTF-8 (with or without a byte order mark), UTF-16 with one, or Windows-1252; its
cells may be separated by commas, semicolons, tabs or bars. Of a workbook (`.xlsx`) the first sheet
is read. What was not the plain form (UTF-8, commas) is reported in words as a `note`, so that the
user sees how the file was understood.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ccsim import units

ENDINGS: Final = (".csv", ".tsv", ".xlsx")
WORKBOOK: Final = ".xlsx"
DELIMITERS: Final = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}
LOOKED_AT: Final = 50  # rows from which the delimiter is found
MAX_LINE: Final = 10_000  # characters
MAX_COLUMNS: Final = 400  # a column a date, for a year
MAX_COMMENTS: Final = 10_000  # lines of comments and blank ones
MAX_UNPACKED: Final = 400_000_000  # bytes of a workbook's parts: its XML is many times its file


class SheetError(Exception):
    """A file that is no table: line, column and the reason in words."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.line, self.column = line, column
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its line number (from 1) and its cells as text."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file in order, comments left out, and how the file was understood."""

    rows: Iterator[Row]
    notes: tuple[str, ...]
    is_workbook: bool = False


def sheet_of(data: bytes, name: str, most: int) -> Sheet:
    """The rows of a file with so many bytes; `name` says by its ending what it is.

    No more than `most` rows beside the header are read. Raises SheetError in words, also while the
    rows are read.
    """
    if name.lower().endswith(WORKBOOK):
        return _workbook(data, most)
    text, notes = _decoded(data)
    if data.count(b"\n") > most + MAX_COMMENTS + 1:
        raise SheetError(1, 1, f"more than {most:,} rows")
    delimiter = _delimiter(text)
    if delimiter != ",":
        notes = (*notes, f"cells are separated by {DELIMITERS[delimiter]}")
    return Sheet(_csv_rows(text, delimiter, most), notes)


# --- text ---------------------------------------------------------------------------------------


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ("the text is UTF-16",)
        except UnicodeDecodeError:
            raise SheetError(1, 1, "begins like UTF-16 text and is not; save it as UTF-8") from None
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
    if b"\0" in data:
        raise SheetError(line, 1, "is not text; save the file as CSV UTF-8")
    try:
        return data.decode("cp1252"), (f"the text is Windows-1252 (line {line} is not UTF-8)",)
    except UnicodeDecodeError:
        raise SheetError(line, 1, "is not UTF-8 text; save the file as CSV UTF-8") from None


def _delimiter(text: str) -> str:
    """The separator that gives the first rows equally many cells, more than one; a comma where
    none does. Commas are tried last: with another separator they are decimal commas."""
    head = [
        line
        for line in _first_lines(text)
        if line.strip() and not line.lstrip().startswith("#") and len(line) <= MAX_LINE
    ][:LOOKED_AT]
    for delimiter in DELIMITERS:
        counts = {len(row) for row in csv.reader(head, delimiter=delimiter)}
        if len(counts) == 1 and counts.pop() > 1:
            return delimiter
    # Rows of unequal lengths: the separator of the header, so that the faulty row is named.
    first = head[0] if head else ""
    return max(DELIMITERS, key=lambda each: (first.count(each), each == ","))


def _first_lines(text: str) -> list[str]:
    return io.StringIO(text[: LOOKED_AT * MAX_LINE], newline="").readlines(LOOKED_AT * 200)


def _csv_rows(text: str, delimiter: str, most: int) -> Iterator[Row]:
    reader = csv.reader(_lines(text), strict=True, delimiter=delimiter)
    count = passed = 0
    try:
        for cells in reader:
            if any(cells) and not cells[0].lstrip().startswith("#"):
                count += 1
                yield Row(reader.line_num, cells)
            else:
                passed += 1
            if count > most + 1:
                raise SheetError(reader.line_num, 1, f"more than {most:,} rows")
            if passed > MAX_COMMENTS:
                message = f"more than {MAX_COMMENTS:,} lines without data"
                raise SheetError(reader.line_num, 1, message)
    except csv.Error as problem:
        message = f"is not a CSV file: {problem}"
        raise SheetError(max(reader.line_num, 1), 1, message) from None


def _lines(text: str) -> Iterator[str]:
    """The lines, none of them longer than a row can be."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > MAX_LINE:
            raise SheetError(number, 1, f"a line of more than {MAX_LINE:,} characters")
        yield line


# --- workbooks ----------------------------------------------------------------------------------


def _workbook(data: bytes, most: int) -> Sheet:
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        message = (
            "reading a workbook needs the extra `xlsx`: pip install 'ccsim[xlsx]'; or save the "
            "sheet as CSV UTF-8"
        )
        raise SheetError(1, 1, message) from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED:
            raise SheetError(1, 1, f"unpacks to {unpacked // 1_000_000:,} MB; save it as CSV")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except SheetError:
        raise
    except Exception:  # the library raises whatever the parts of a damaged file lead to
        raise SheetError(1, 1, "is not a workbook that can be read; save it as CSV") from None
    others = len(book.sheetnames) - 1
    notes = (f"the sheet {units.found(sheet.title)} is read, not the other {others}",)
    return Sheet(_sheet_rows(sheet, most), notes if others else (), is_workbook=True)


def _sheet_rows(sheet: object, most: int) -> Iterator[Row]:
    count = passed = 0
    try:
        for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):  # type: ignore[attr-defined]
            cells = [_text_of(value) for value in row[:MAX_COLUMNS]]
            while cells and not cells[-1]:
                cells.pop()
            if cells and not cells[0].startswith("#"):
                count += 1
                yield Row(line, cells)
            else:
                passed += 1
            if count > most + 1:
                raise SheetError(line, 1, f"more than {most:,} rows")
            if passed > MAX_COMMENTS:
                raise SheetError(line, 1, f"more than {MAX_COMMENTS:,} lines without data")
    except SheetError:
        raise
    except Exception:  # as above
        raise SheetError(count + passed + 1, 1, "this row of the workbook is damaged") from None


def _text_of(value: object) -> str:
    """A cell of a workbook as a CSV file would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return f"{value:%Y-%m-%d}"
        return value.isoformat(sep=" ", timespec="microseconds" if value.microsecond else "seconds")
    if isinstance(value, dt.time):
        return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return str(value).strip()
