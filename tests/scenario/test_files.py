"""CSV files: only below the scenario's folder, and errors at the line and column of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError, ScenarioProblems
from ccsim.scenario.resolve import Design, load
from ccsim.scenario.tables.files import MAX_ROWS

SCENARIO = """\
ccsim: 1
name: From a file
calendar: {{start: 2027-03-01, days: 7}}
contacts: {{calls: {{arrivals: {{{arrivals}}}, phone: {{handle: {handle}}}}}}}
channels: {{phone: {{patience: endless}}}}
teams: {{desk: {{{team}}}}}
routing: {{calls: desk}}
"""
USES = {
    "shape": {"arrivals": "per_day: 9, shape: x.csv"},
    "staffing": {"team": "staffing: x.csv"},
    "duty_log": {"team": "duty_log: x.csv"},
    "trace": {"arrivals": "trace: x.csv"},
    "sample": {"handle": "{file: x.csv}"},
}


def loaded(folder: Path, kind: str, content: bytes | str) -> Design:
    """A scenario that uses a file with the content."""
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "x.csv").write_bytes(data)
    filled = {"arrivals": "per_day: 9", "handle": "5 min", "team": "people: 2"} | USES[kind]
    (folder / "s.yaml").write_text(SCENARIO.format(**filled), encoding="utf-8")
    return load(folder / "s.yaml")


def problems(folder: Path, kind: str, content: bytes | str) -> tuple[ScenarioError, ...]:
    with pytest.raises(ScenarioProblems) as raised:
        loaded(folder, kind, content)
    return raised.value.problems


@pytest.mark.parametrize(
    ("kind", "content", "rows"),
    [
        ("shape", "time,weight\n00:00,1\n12:00,2\n", 2),
        ("shape", "weight\n1\n2\n3\n", 3),
        ("shape", "time,mon-fri,sat,sun\n00:00,1,1,0\n08:00,2,0,1\n16:00,1.5,1,0\n", 3),
        ("staffing", "# made by hand\ntime,heads\n00:00,1\n06:00,2\n12:00,3\n18:00,0\n", 4),
        ("duty_log", "agent,start,until\nA,2027-03-01T08:00,2027-03-01T09:00\n", 1),
        ("duty_log", "agent,start,until\nA,0,3600\nB,10.5,20\n", 2),
        ("trace", "at\n", 0),
        (
            "trace",
            "at,channel,patience_s,handle_s,head_start_s\n2027-03-01 08:00:00,phone,,5,\n",
            1,
        ),
        ("sample", "\ufeffseconds\r\n1\r\n2.5\r\n", 2),
        ("sample", "seconds,observed\n1,yes\n2,no\n3,1\n", 3),
        ("sample", 'seconds\n"1"\n', 1),
    ],
)
def test_good_files(tmp_path: Path, kind: str, content: str, rows: int) -> None:
    table = loaded(tmp_path, kind, content).files["x.csv"]
    assert {len(column) for column in table.columns.values()} == {rows}


@pytest.mark.parametrize(
    ("kind", "content", "line", "column", "words"),
    [
        ("shape", "", 1, 1, "the file is empty"),
        ("shape", "time,mon\n", 1, 1, "no rows"),
        (
            "shape",
            "time,weight\n00:00,1\n12:00,x\n",
            3,
            7,
            "a weight is a number, 0 or more; found 'x'",
        ),
        ("shape", "time,weight\n00:00,1\n12:00,-1\n", 3, 7, "0 or more"),
        ("shape", "time,weight\n00:00,nan\n12:00,1\n", 2, 7, "0 or more"),
        ("shape", "time,weight\n00:00,1\n11:00,1\n", 3, 1, "here 12:00 is due, not '11:00'"),
        ("shape", "time,weight\n00:00,1\n12:00,1,1\n", 3, 1, "3 values in a row of 2 columns"),
        ("shape", "time,mon,monday\n00:00,1,1\n", 1, 10, "there is no column 'monday'"),
        ("shape", "time,mon,mon\n00:00,1,1\n", 1, 10, "the column 'mon' is here twice"),
        ("shape", "time,mon,mon-fri\n00:00,1,1\n", 1, 10, "mon is in two columns"),
        ("shape", "time,mon,\n00:00,1,1\n", 1, 10, "a column has no name"),
        ("shape", "time\n00:00\n", 1, 1, "no column of values"),
        ("shape", "weight\n" + "1\n" * 7, 1, 1, "7 rows do not divide a day"),
        ("shape", b"weight\n1\n\xff\n", 3, 1, "a weight is a number"),
        ("shape", b"weight\n1\n\xff\x00\n", 3, 1, "is not text"),
        ("shape", 'weight\n"1\n', 2, 1, "not a CSV file"),
        ("staffing", "time,heads\n00:00,1.5\n", 2, 7, "heads are a whole number; found '1.5'"),
        ("duty_log", "agent,start\nA,0\n", 1, 1, "the column 'until' is missing"),
        ("duty_log", "agent,start,until\nA,5,2\n", 2, 5, "the span ends before it begins"),
        ("duty_log", "agent,start,until\n,0,2\n", 2, 1, "the agent has no name"),
        ("duty_log", "agent,start,until\nA,0,noon\n", 2, 5, "a local date and time is written"),
        ("trace", "when\n1\n", 1, 1, "there is no column 'when'"),
        ("trace", "at,handle_s\n1,\n2,x\n", 3, 3, "a duration in seconds is a number"),
        ("trace", "at\n2027-03-01T09:00:00+02:00\n", 2, 1, "times are local, without a zone"),
        ("trace", "at\n2027-03-01T09:00\n3600\n", 3, 1, "the rows above are dates and times"),
        ("duty_log", "agent,start,until\nA,0,9\nB,2027-03-01T09:00,12\n", 3, 3, "are seconds"),
        ("trace", "at,channel\n1,fax\n", 2, 3, "there is no channel 'fax'"),
        ("sample", "seconds\n1\n-2\n", 3, 1, "a duration in seconds is a number"),
        ("sample", "seconds,observed\n1,perhaps\n", 2, 3, "yes or no; found 'perhaps'"),
        ("sample", "a,b,c\n1,1,1\n", 1, 5, "a sample has one column of seconds"),
    ],
)
def test_bad_files(
    tmp_path: Path, kind: str, content: bytes | str, line: int, column: int, words: str
) -> None:
    (problem,) = problems(tmp_path, kind, content)
    assert words in problem.message
    assert (problem.file, problem.line, problem.column) == ("x.csv", line, column)


def test_comments_and_blank_lines_keep_the_lines_right(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "sample", "# two\n# comments\nseconds\n1\n\n# one more\nx\n")
    assert problem.line == 7


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/etc/passwd.csv", "not in the scenario's folder"),
        ("../x.csv", "not in the scenario's folder"),
        ("a/../../x.csv", "not in the scenario's folder"),
        ("C:/x.csv", "not in the scenario's folder"),
        ('"a\\\\x.csv"', "write / between folders"),
        ("x.txt", "is not a CSV or Excel file"),
        ("no.csv", "there is no file 'no.csv'"),
        ("folder.csv", "there is no file 'folder.csv'"),
        ("link.csv", "leads out of the scenario's folder"),
        ("linked/x.csv", "leads out of the scenario's folder"),
    ],
)
def test_only_files_below_the_folder(tmp_path: Path, name: str, words: str) -> None:
    folder = tmp_path / "scenarios"
    (folder / "folder.csv").mkdir(parents=True)
    (tmp_path / "x.csv").write_text("weight\n1\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "x.csv")
    (folder / "linked").symlink_to(tmp_path)
    text = SCENARIO.format(arrivals=f"per_day: 9, shape: {name}", handle="5 min", team="people: 2")
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioProblems) as raised:
        load(folder / "s.yaml")
    (problem,) = raised.value.problems
    assert words in problem.message
    assert (problem.line, problem.column) == (4, text.splitlines()[3].index(name) + 1)


def test_a_link_inside_the_folder_is_welcome(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("weight\n1\n", encoding="utf-8")
    (tmp_path / "y.csv").symlink_to(tmp_path / "x.csv")
    text = SCENARIO.format(arrivals="per_day: 9, shape: y.csv", handle="5 min", team="people: 2")
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "s.yaml").files["y.csv"].columns == {"weight": ("1",)}


def test_files_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccsim.scenario.tables.files.MAX_FILE_BYTES", 1000)
    (problem,) = problems(tmp_path, "sample", "seconds\n" + "1\n" * 600)
    assert "is larger than" in problem.message
    monkeypatch.setitem(MAX_ROWS, "sample", 10)
    (problem,) = problems(tmp_path, "sample", "seconds\n" + "1\n" * 20)
    assert "more than 10 rows" in problem.message
