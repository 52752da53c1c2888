"""Files that mean ill, or went wrong beyond sense: refused within a tenth of a second, at their
place, in words. Time is that of this process from reading to the list of problems."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ccsim.errors import MOST_TOLD, ScenarioProblems
from ccsim.measures.catalogue import known_measures
from ccsim.scenario.parsing.read import MAX_BYTES
from ccsim.scenario.resolve import load_all
from ccsim.scenario.tables.files import MAX_FILE_BYTES

SECONDS = 0.1
LOOP, LOOP_SECONDS = 300_000, 0.03  # objects made, and what that takes of the machine in mind
WHOLE = """\
ccsim: 1
name: Whole
calendar: {start: 2027-03-01, days: 7}
contacts:
  orders: {arrivals: {per_day: 400}, phone: {handle: 5 min}}
channels:
  phone: {answer_within: 20 s, target: 80 %, patience: 3 min}
teams:
  desk: {people: 10}
routing:
  orders: [desk]
"""
File = str | bytes
Case = tuple[File | dict[str, File], str, int, int, str]  # files, then file:line:column and words
EXTENDS_MOST = "goes on from more than 50 files"


def changed(old: str, new: str) -> str:
    """WHOLE with one thing otherwise."""
    assert WHOLE.count(old) == 1
    return WHOLE.replace(old, new)


def many(count: int, form: str, between: str = ", ") -> str:
    """`form` with the numbers from 0 on in place of #."""
    return between.join(form.replace("#", str(number)) for number in range(count))


def with_csv(old: str, new: str, data: File) -> dict[str, File]:
    return {"s.yaml": changed(old, new), "x.csv": data}


def sample(data: File) -> dict[str, File]:
    return with_csv("handle: 5 min", "handle: {file: x.csv}", data)


def shape(data: File) -> dict[str, File]:
    return with_csv("per_day: 400", "per_day: 400, shape: x.csv", data)


def trace(data: File) -> dict[str, File]:
    return with_csv("per_day: 400", "trace: x.csv", data)


def named(*files: tuple[str, File]) -> dict[str, File]:
    return dict(files)


CASES: dict[str, Case] = {
    # YAML
    "brackets": ("[" * 400_000, "s.yaml", 1, 65, "nested more than 64 deep"),
    "braces": ("{a: " * 100_000, "s.yaml", 1, 257, "nested more than 64 deep"),
    "blocks": (
        "".join(" " * depth + f"k{depth}:\n" for depth in range(900)),
        *("s.yaml", 65, 65, "nested more than 64 deep"),
    ),
    "dashes": ("- " * 200_000, "s.yaml", 1, 129, "nested more than 64 deep"),
    "billion laughs": (
        "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*a, *a]\n" for c in "bcdefghij"),
        *("s.yaml", 1, 4, "anchors (&name) are not used here"),
    ),
    "alias to itself": ("a: &a {b: *a}\n", "s.yaml", 1, 4, "anchors"),
    "values": (
        "{" + many(40_000, "k#: 1") + "}",
        "s.yaml",
        1,
        len("{" + many(5000, "k#: 1")),
        "more than 10000 values",
    ),
    "values in lines": (many(40_000, "k#: 1", "\n"), "s.yaml", 5_000, 8, "more than 10000 values"),
    "duplicates": ("a: 1\n" * 90_000, "s.yaml", 2, 1, "here twice (first in line 1)"),
    "long number": ("a: " + "9" * 490_000, "s.yaml", 1, 4, "a text of more than 10000"),
    "long text": ("a: " + "x" * 490_000, "s.yaml", 1, 4, "a text of more than 10000"),
    "long key": ("a: 1\n" + "k" * 900 + ": 1\n", "s.yaml", 2, 1, "a key of more than 200"),
    "escapes": ('a: "' + "\\x41" * 90_000 + '"', "s.yaml", 1, 4, "a text of more than 10000"),
    "pipes": ("a: |\n" + " x\n" * 90_000, "s.yaml", 1, 4, "a text of more than 10000"),
    "too large": ("# " + "x" * MAX_BYTES, "s.yaml", 0, 0, "larger than 500 kB"),
    "hundreds of MB": (b"\0" * 300_000_000, "s.yaml", 0, 0, "larger than 500 kB"),
    "quotes": ("a: " + "'" * 400_001, "s.yaml", 1, 4, "a quote is not closed"),
    "colons": ("a: " * 150_000, "s.yaml", 1, 5, "a second ':'"),
    "questions": ("? " * 200_000, "s.yaml", 1, 3, "a key must be one word"),
    "comments": ("#\n" * 200_000, "s.yaml", 1, 1, "the file holds comments only"),
    "documents": ("---\n" * 100_000, "s.yaml", 2, 1, "a second document"),
    "tag": ("a: !!python/object/apply:os.system [ls]\n", "s.yaml", 1, 4, "tags (!name)"),
    "binary": (bytes(range(128, 256)) * 3000, "s.yaml", 1, 1, "is not UTF-8"),
    "NUL": ("a: " + "x" * 400_000 + "\0", "s.yaml", 1, 400_004, "U+0000"),
    "UTF-16": (("a: 1\n" * 40_000).encode("utf-16"), "s.yaml", 1, 1, "UTF-16"),
    "NaN": (changed("5 min", ".nan"), "s.yaml", 5, 54, "'.nan' is no number here"),
    "infinity": (changed("400", "-.inf"), "s.yaml", 5, 32, "'-.inf' is no number here"),
    "huge number": (changed("400", "1e300"), "s.yaml", 5, 32, "absurdly large"),
    # quantities
    "digits": (changed("5 min", "9" * 9000 + " min"), "s.yaml", 5, 54, "a duration needs a unit"),
    "duration of parts": (changed("5 min", "1 s " * 2000), "s.yaml", 5, 54, "larger units first"),
    "volume": (changed("400", "'999 999 999 999'"), "s.yaml", 5, 32, "7e+12 contacts in 7 days"),
    "year": (changed("2027-03-01", "9999-12-31"), "s.yaml", 3, 19, "between 1970 and 2200"),
    "days": (changed("days: 7", "days: 1000000"), "s.yaml", 3, 37, "between 1 and 3700"),
    "interval of a second": (
        changed("days: 7", "days: 366, interval: 1 s"),
        *("s.yaml", 3, 52, "1 s does not divide a day; from 1 min up"),
    ),
    "spread": (
        changed("handle: 5 min", "handle: {mean: 5 min, cv: 99999999 %}"),
        *("s.yaml", 5, 72, "absurdly large"),
    ),
    # numbers of things
    "unknown keys": (
        changed("people: 10", "people: 10, " + many(3000, "peple#: 1")),
        *("s.yaml", 9, 3, "3001 are written here; no more than 400 can be"),
    ),
    "teams": (
        changed("  desk:", many(400, "  team#: {people: 1}", "\n") + "\n  desk:"),
        *("s.yaml", 8, 1, "401 are written here; no more than 200 can be"),
    ),
    "route": (
        changed("[desk]", "[" + many(5000, "t#") + "]"),
        *("s.yaml", 11, 3, "5000 are written here; no more than 30 can be"),
    ),
    "weights": (
        changed("400", "400, shape: [" + many(9000, "1") + "]"),
        *("s.yaml", 5, 37, "9000 are written here; no more than 1440 can be"),
    ),
    "designs": (
        WHOLE + "designs:\n" + many(2000, "  d#: {run.seed: #}", "\n"),
        *("s.yaml", 12, 1, "2000 are written here; no more than 100 can be"),
    ),
    "designs over designs": (
        WHOLE
        + "designs:\n  d0: {run.seed: 5}\n"
        + "".join(f"  d{n}: {{like: d{n - 1}, run.seed: {n}}}\n" for n in range(1, 1500)),
        *("s.yaml", 12, 1, "1500 are written here; no more than 100 can be"),
    ),
    "escalations": (
        WHOLE.replace(
            "}, phone: {handle: 5 min}",
            "}, tier2: {handle: 5 min}, escalates: ["
            + many(2400, "{to: tier2}")
            + "], phone: {handle: 5 min}",
        ),
        *("s.yaml", 5, 62, "2400 are written here; no more than 50 can be"),
    ),
    "lines": (
        changed(
            "contacts:",
            "segments: {" + many(20, "g#: {share: 1 %}") + "}\ncontacts:",
        ).replace(
            "  orders: {",
            many(100, "  o#: {arrivals: {per_day: 4}, phone: {handle: 5 min}}", "\n")
            + "\n  orders: {",
        ),
        *("s.yaml", 5, 1, "2121 contact types by channel, stage and segment"),
    ),
    "wildcards": (
        WHOLE + "designs:\n" + many(90, "  d#: {'" + "*." * 60 + "x': 5}", "\n"),
        *("s.yaml", 13, 8, "matches nothing"),
    ),
    # files
    "extends itself": ("extends: s.yaml\n" + WHOLE, "s.yaml", 1, 10, "round in a circle"),
    "extends a tree": (
        named(
            ("s.yaml", "extends: [t0.yaml, t0.yaml]\n"),
            *((f"t{n}.yaml", f"extends: [t{n + 1}.yaml, t{n + 1}.yaml]\n") for n in range(30)),
        ),
        *("t27.yaml", 1, 11, EXTENDS_MOST),
    ),
    "extends a chain": (
        named(
            ("s.yaml", "extends: t0.yaml\n"),
            *((f"t{n}.yaml", f"extends: t{n + 1}.yaml\n") for n in range(90)),
        ),
        *("t49.yaml", 1, 10, EXTENDS_MOST),
    ),
    "extends what is large": (
        named(
            ("s.yaml", "extends: [t0.yaml, t1.yaml]\n"),
            ("t0.yaml", "a: [" + many(9000, "1") + "]"),
            ("t1.yaml", "b: [" + many(9000, "1") + "]"),
        ),
        *("s.yaml", 1, 20, EXTENDS_MOST),
    ),
    "outside": (
        "extends: ../../etc/passwd.yaml\n",
        "s.yaml",
        1,
        10,
        "not in the scenario's folder",
    ),
    "CSV of any size": (
        sample(b"1\n" * (MAX_FILE_BYTES // 2 + 1)),
        *("s.yaml", 5, 61, "'x.csv' is larger than 50 MB"),
    ),
    "CSV of rows": (sample("s\n" + "1\n" * 900_000), "x.csv", 1, 1, "more than 100,000 rows"),
    "CSV of comments": (sample("# x\n" * 50_000), "x.csv", 10_001, 1, "10,000 lines without data"),
    "CSV with a quote": (
        sample('seconds\n"' + "1\n" * 99_000),
        *("x.csv", 65_538, 1, "is not a CSV file: field larger than field limit"),
    ),
    "CSV ragged": (sample("s,o\n1,yes\n1\n" + "1,no\n" * 90_000), "x.csv", 3, 1, "1 values in a"),
    "CSV wrong early": (
        trace("at\n1\nx\n" + "1\n" * 1_900_000),
        *("x.csv", 3, 1, "a local date and time is written"),
    ),
    "CSV of columns": (shape(many(5000, "c#", ",")), "x.csv", 1, 1, "a line of more than 10,000"),
    "CSV of a cell": (sample("s\n" + "9" * 9_000_000), "x.csv", 2, 1, "a line of more than 10,000"),
    "CSV binary": (sample(bytes(range(128, 256)) * 90_000), "x.csv", 1, 1, "is not UTF-8"),
    "CSV of NULs": (sample(b"s\n" + b"\0" * 9_000_000), "x.csv", 2, 1, "a line of more than"),
    "CSV by the second": (
        shape("weight\n" + "1\n" * 86_400),
        "x.csv",
        1,
        1,
        "more than 2,880 rows",
    ),
}


def written(folder: Path, files: File | dict[str, File]) -> Path:
    for name, content in (files if isinstance(files, dict) else {"s.yaml": files}).items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder / "s.yaml"


def _work() -> None:
    for number in range(LOOP):
        {str(number): [number]}


def takes(what: Callable[[], object], tries: int = 10) -> float:
    """The least seconds of this process that it took, on a machine that runs LOOP in LOOP_SECONDS;
    a slow or busy machine is measured at the same time, and counts as much slower as it is."""
    least = float("inf")
    for _ in range(tries):
        before = time.process_time()
        _work()
        between = time.process_time()
        what()
        spent = time.process_time() - between
        least = min(least, spent * LOOP_SECONDS / max(between - before, 1e-9))
        if least < SECONDS:
            break
    return least


@pytest.mark.parametrize("name", CASES)
def test_hostile_files_are_refused_fast_and_in_words(name: str, tmp_path: Path) -> None:
    files, file, line, column, words = CASES[name]
    path = written(tmp_path, files)
    raised: list[ScenarioProblems] = []

    def refused() -> None:
        with pytest.raises(ScenarioProblems) as found:
            load_all(path, known_measures=known_measures)
        raised.append(found.value)

    seconds = takes(refused)
    told = raised[0].problems
    place = [(Path(one.file).name, one.line, one.column) for one in told]
    assert (file, line, column) in place, (place[:3], told[0].message[:200])
    assert words in told[place.index((file, line, column))].message
    printed = str(raised[0])
    assert printed.endswith("nothing was run")
    assert len(printed.splitlines()) <= MOST_TOLD + 1 and len(printed) < 100_000
    assert seconds < SECONDS


def test_the_measurement_sees_what_is_slow() -> None:
    def slower() -> None:
        for _ in range(12):
            _work()

    assert takes(slower, tries=2) > SECONDS
    assert takes(lambda: None) < SECONDS / 10


def test_hundreds_of_problems_are_counted_and_not_all_told(tmp_path: Path) -> None:
    teams = many(150, "  team#: {people: 1}", "\n")
    path = written(tmp_path, changed("  desk:", f"{teams}\n  desk:"))
    with pytest.raises(ScenarioProblems) as raised:
        load_all(path)
    assert len(raised.value.problems) == 150
    lines = str(raised.value).splitlines()
    assert lines[-1] == "150 problems, the first 100 are told; nothing was run"
    assert len(lines) == MOST_TOLD + 1
    keys = many(390, "peple#: 1")
    path = written(tmp_path, changed("people: 10", f"people: 10, {keys}"))
    with pytest.raises(ScenarioProblems) as raised:
        load_all(path)
    assert str(raised.value).endswith(
        "200 problems or more, the first 100 are told; nothing was run"
    )


def test_pipes_and_devices_are_no_parts(tmp_path: Path) -> None:
    """A pipe below the folder would be waited for without end."""
    os.mkfifo(tmp_path / "part.yaml")
    os.mkfifo(tmp_path / "x.csv")
    for text in ("extends: part.yaml\n", changed("handle: 5 min", "handle: {file: x.csv}")):
        with pytest.raises(ScenarioProblems, match="there is no file"):
            load_all(written(tmp_path, text))
