"""Tables as other programs export them: read as what they are, reported, or refused with what to
do. Each case holds the same numbers as a file in the plain form; what is due was written by hand."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest

from ccsim.errors import ScenarioProblems
from ccsim.scenario.resolve import load
from ccsim.scenario.tables.files import FileTable

SCENARIO = """\
ccsim: 1
name: Tables
calendar: {{start: 2027-03-01, days: 3}}
contacts:
  calls: {{arrivals: {{{arrivals}}}, phone: {{handle: {handle}}}}}
channels: {{phone: {{answer_within: 20 s, target: 80 %, patience: endless}}}}
teams: {{desk: {{{team}}}}}
routing: {{calls: [desk]}}
"""
PLAIN = {"arrivals": "per_day: 9", "handle": "5 min", "team": "people: 2"}
NAMED = {
    "shape": {"arrivals": "per_day: 9, shape: {file}"},
    "staffing": {"team": "staffing: {file}"},
    "duty_log": {"team": "duty_log: {file}"},
    "trace": {"arrivals": "trace: {file}"},
    "sample": {"handle": "{{file: {file}}}"},
}


def read(folder: Path, kind: str, data: bytes | str, name: str = "x.csv") -> FileTable:
    """The table of a file with this content. Raises ScenarioProblems."""
    parts = PLAIN | {key: value.format(file=name) for key, value in NAMED[kind].items()}
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    (folder / "s.yaml").write_text(SCENARIO.format(**parts), encoding="utf-8")
    return load(folder / "s.yaml").files[name]


def workbook(*rows: list[object], others: int = 0) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for _ in range(others):
        book.create_sheet()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEADS = {"time": ("00:00", "06:00", "12:00", "18:00"), "mon": ("1", "4", "5", "2")}
ROWS = "00:00,1 06:00,4 12:00,5 18:00,2"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("time,mon\n" + ROWS.replace(" ", "\n"), ""),
        ("time;mon\n" + ROWS.replace(",", ";").replace(" ", "\n"), "separated by semicolons"),
        ("time\tmon\n" + ROWS.replace(",", "\t").replace(" ", "\n"), "separated by tabs"),
        ("Time,Monday\r\n" + ROWS.replace(" ", "\r\n") + "\r\n", ""),
        ("Interval,MON\n00:00-06:00,1\n06:00 - 12:00,4\n12:00–18:00,5\n18:00-00:00,2\n", ""),
        ("Interval start,Mon\n12:00 AM,1\n6:00 AM,4\n12:00 PM,5\n6:00 pm,2\n", ""),
        ("time,mon\n00:00:00,1\n6:00:00,4\n12:00:00,5\n18:00:00,2\n", ""),
        ("weekday,00:00,06:00,12:00,18:00\nMonday,1,4,5,2\n", "its rows are weekdays"),
        (("time;mon\n" + ROWS.replace(",", ";").replace(" ", "\n")).encode("utf-16"), "UTF-16"),
        (b"\xef\xbb\xbftime,mon\n" + ROWS.replace(" ", "\n").encode(), ""),
        (b"# caf\xe9\ntime,mon\n" + ROWS.replace(" ", "\n").encode(), "Windows-1252"),
        ("time,mon\n\n" + ROWS.replace(" ", "\n") + "\n,\n\n", ""),
    ],
)
def test_heads_of_any_habit(tmp_path: Path, text: str | bytes, note: str) -> None:
    # the scenario runs from Monday to Wednesday, and only Monday is named: closed on the others
    with pytest.raises(ScenarioProblems) as raised:
        read(tmp_path, "staffing", text)
    assert "tue" in str(raised.value)  # the cells were read: what is missing are other weekdays
    both = text.replace(b"mon", b"mon-wed") if isinstance(text, bytes) else text
    del both
    table = _read_any(tmp_path, text)
    assert {name: tuple(cells) for name, cells in table.columns.items()} == HEADS
    assert note in "; ".join(table.notes)
    assert bool(table.notes) == bool(note)
