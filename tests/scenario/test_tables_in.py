"""Tables as other programs export them: read as what they are, reported, or refused with advice.

Each case holds the same numbers as a file in the plain form; what is due was written by hand."""

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
calendar: {{start: 2027-03-01, days: 1}}
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


def refused(folder: Path, kind: str, data: bytes | str, name: str = "x.csv") -> str:
    with pytest.raises(ScenarioProblems) as raised:
        read(folder, kind, data, name)
    return str(raised.value)


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
ROWS = "00:00,1\n06:00,4\n12:00,5\n18:00,2\n"
SEMICOLONS = "time;mon\n" + ROWS.replace(",", ";")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("time,mon\n" + ROWS, ""),
        (SEMICOLONS, "separated by semicolons"),
        (SEMICOLONS.replace(";", "\t"), "separated by tabs"),
        (SEMICOLONS.replace(";", "|"), "separated by bars"),
        ("Time,Monday\r\n" + ROWS.replace("\n", "\r\n"), ""),
        ("Interval,MON\n00:00-06:00,1\n06:00 - 12:00,4\n12:00–18:00,5\n18:00-00:00,2\n", ""),
        ("Interval start,Mon.\n12:00 AM,1\n6:00 AM,4\n12:00 PM,5\n6:00 pm,2\n", ""),
        ("time,mon\n00:00:00,1\n6:00:00,4\n12:00:00,5\n18:00:00,2\n", ""),
        ("weekday,00:00,06:00,12:00,18:00\nMonday,1,4,5,2\n", "its rows are weekdays"),
        (SEMICOLONS.encode("utf-16"), "the text is UTF-16"),
        (b"\xef\xbb\xbftime,mon\n" + ROWS.encode(), ""),
        (b"# caf\xe9\ntime,mon\n" + ROWS.encode(), "Windows-1252"),
        ("time,mon\n\n" + ROWS + "\n,\n\n", ""),
    ],
)
def test_heads_of_any_habit(tmp_path: Path, text: str | bytes, note: str) -> None:
    table = read(tmp_path, "staffing", text)
    assert table.columns == HEADS
    assert note in "; ".join(table.notes)
    assert bool(table.notes) == bool(note)


def test_opening_hours_only_are_a_day_with_nobody_outside(tmp_path: Path) -> None:
    table = read(tmp_path, "staffing", "time,mon\n08:00,3\n09:00,4\n10:00,2\n")
    assert table.columns["mon"] == ("0",) * 8 + ("3", "4", "2") + ("0",) * 13
    assert table.notes == ("outside 08:00 to 11:00 its values are 0",)


def test_a_hole_in_a_day_is_no_opening_hours(tmp_path: Path) -> None:
    words = refused(tmp_path, "staffing", "time,mon\n08:00,3\n10:00,2\n11:00,2\n")
    assert "x.csv" in words


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("time;mon\n00:00;1,5\n12:00;2,25\n", ("1.5", "2.25")),
        ("time;mon\n00:00;1.234,5\n12:00;2\n", ("1234.5", "2")),
        ('time,mon\n00:00,"1,234.5"\n12:00,2\n', ("1234.5", "2")),
        ('time,mon\n00:00,"1,234"\n12:00,0.5\n', ("1234", "0.5")),
        ("time;mon\n00:00;1 234\n12:00;12\n", ("1234", "12")),
        ("time;mon\n00:00;0,125\n12:00;0,250\n", ("0.125", "0.250")),
    ],
)
def test_numbers_of_any_habit(tmp_path: Path, text: str, weights: tuple[str, ...]) -> None:
    assert read(tmp_path, "shape", text).columns["mon"] == weights


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("shape", "time;mon\n00:00;1,234\n12:00;2\n", "'1,234' may be 1.234 or 1234"),
        ("trace", "at\n03/04/2027 09:00\n", "it may be day or month; write 2027-04-03"),
        ("trace", "at\n13/04/2027 09:00\n04/13/2027 09:00\n", "others the month"),
        ("staffing", "time,mon\n00:00,1.5\n12:00,2\n", "heads are a whole number"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(
    tmp_path: Path, kind: str, text: str, words: str
) -> None:
    assert words in refused(tmp_path, kind, text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("at\n2027-03-01 09:00\n", "2027-03-01T09:00:00"),
        ("at\n13.03.2027 9:00\n01.03.2027 09:00\n", "2027-03-13T09:00:00"),
        ("at\n01.03.2027 9:05\n", "2027-03-01T09:05:00"),
        ("at\n3/1/2027 9:00 PM\n3/13/2027 09:00 AM\n", "2027-03-01T21:00:00"),
        ("at\n1/3/27 21:00:07\n13/3/27 09:00\n", "2027-03-01T21:00:07"),
        ("date;time\n01.03.2027;09:00\n", "2027-03-01T09:00"),
    ],
)
def test_dates_of_any_habit(tmp_path: Path, text: str, first: str) -> None:
    text += "2027-03-01 10:00\n" if text.startswith("at\n2027") else ""
    assert read(tmp_path, "trace", text).columns["at"][0] == first


def test_serial_dates_of_a_spreadsheet_are_dates(tmp_path: Path) -> None:
    # 46447 is 2027-03-01 in the 1900 system of workbooks: 2027-03-01 is 46447 days after 1899-12-30
    assert (dt.date(2027, 3, 1) - dt.date(1899, 12, 30)).days == 46447
    table = read(tmp_path, "trace", "at\n46447.375\n46448.5\n46449.39583\n")
    assert table.columns["at"] == (
        "2027-03-01T09:00:00",
        "2027-03-02T12:00:00",
        "2027-03-03T09:30:00",
    )
    assert "a spreadsheet's numbers for dates" in "; ".join(table.notes)


def test_seconds_since_the_start_stay_seconds(tmp_path: Path) -> None:
    table = read(tmp_path, "trace", "at\n46447.375\n52000\n99999.5\n12\n")
    assert table.columns["at"][0] == "46447.375"


def test_a_roster_with_a_date_and_times(tmp_path: Path) -> None:
    text = "Employee;Date;Start;End\nAnn;01.03.2027;8:00;16:30\nBen;01.03.2027;22:00;06:00\n"
    table = read(tmp_path, "duty_log", text)
    assert table.columns == {
        "agent": ("Ann", "Ben"),
        "start": ("2027-03-01T08:00", "2027-03-01T22:00"),
        "until": ("2027-03-01T16:30", "2027-03-02T06:00"),
    }


def test_a_sample_without_a_name_for_its_column_loses_no_value(tmp_path: Path) -> None:
    table = read(tmp_path, "sample", "500\n50\n50\n")
    assert [float(cell) for (*cells,) in table.columns.values() for cell in cells] == [500, 50, 50]
    assert "the first row is data" in "; ".join(table.notes)


def test_a_workbook_is_read_like_the_same_csv(tmp_path: Path) -> None:
    data = workbook(
        ["Time", "Monday"],
        [dt.time(0), 1],
        [dt.time(6), 4.0],
        [dt.time(12), 5],
        [dt.time(18), 2],
        others=1,
    )
    table = read(tmp_path, "staffing", data, "x.xlsx")
    assert table.columns == HEADS
    assert table.notes == ("the sheet 'Sheet' is read, not the other 1",)


def test_dates_in_a_workbook(tmp_path: Path) -> None:
    data = workbook(["at", "handle_s"], [dt.datetime(2027, 3, 1, 9, 30), 12.5])
    table = read(tmp_path, "trace", data, "x.xlsx")
    assert table.columns["handle_s"] == ("12.5",)
    assert table.columns["at"][0].replace(" ", "T") == "2027-03-01T09:30:00"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"not a workbook", workbook()])
def test_a_broken_workbook_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    words = refused(tmp_path, "staffing", data, "x.xlsx")
    assert "workbook" in words or "is empty" in words


@pytest.mark.parametrize(
    ("opens", "columns", "hint"),
    [
        ("mon-sat", "mon-sat", "; if nobody comes while it is closed, write per_day: {mon-sat: 9}"),
        ("mon-sat", "mon-fri", ""),  # sat is open: its weights are forgotten
        ("daily", "mon-sat", ""),
    ],
)
def test_a_closed_day_without_weights_is_refused_with_what_to_write(
    tmp_path: Path, opens: str, columns: str, hint: str
) -> None:
    (tmp_path / "x.csv").write_text(f"time,{columns}\n00:00,1\n12:00,3\n")
    text = SCENARIO.format(**PLAIN | {"arrivals": "per_day: 9, shape: x.csv"})
    text = text.replace("days: 1", "days: 7") + f'opens: {{phone: {{{opens}: "08:00-20:00"}}}}\n'
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(ScenarioProblems) as raised:
        load(tmp_path / "s.yaml")
    missing = "sat and sun" if columns == "mon-fri" else "sun"
    assert f"'x.csv' has no column for {missing}{hint}\n" in f"{raised.value}\n"
    if hint:  # what the hint says is accepted, and the heads of a team need no column either
        team = text.replace("people: 2", "staffing: x.csv")
        (tmp_path / "s.yaml").write_text(team.replace("per_day: 9", "per_day: {mon-sat: 9}"))
        load(tmp_path / "s.yaml")
