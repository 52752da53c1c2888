"""Reading: YAML 1.2's scalars with the language's booleans, places, and what is refused fast."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ccsim.errors import ScenarioError, ScenarioProblems
from ccsim.scenario.parsing.read import read_bytes, read_file, read_text


def problem_of(data: bytes | str) -> ScenarioError:
    raw = data.encode() if isinstance(data, str) else data
    with pytest.raises(ScenarioProblems) as raised:
        read_bytes(raw, "x.yaml")
    (problem,) = raised.value.problems
    return problem


@pytest.mark.parametrize(
    ("written", "value"),
    [
        # YAML 1.2 core schema, section 10.3 of the specification, with yes and no added
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("+12", "+12"),  # no number of the language has a sign
        ("9:30", "9:30"),
        ("07:00", "07:00"),
        ("1_000", "1_000"),
        ("12e3", 12_000.0),
        ("-.5", -0.5),
        ("yes", True),
        ("no", False),
        ("true", True),
        ("False", False),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("~", None),
        ("null", None),
        ("", None),
        ("2027-03-01", "2027-03-01"),
        ("21 000", "21 000"),
        ("'12'", "12"),
        ('"yes"', "yes"),
        ("none", "none"),
    ],
)
def test_scalars(written: str, value: object) -> None:
    assert read_text(f"key: {written}\n", "x.yaml").plain() == {"key": value}
    assert type(read_text(f"- {written}\n", "x.yaml").items[0].content) is type(value)


def test_keys_are_text() -> None:
    assert read_text("{no: 1, 12: 2, on: 3}", "x.yaml").plain() == {"no": 1, "12": 2, "on": 3}


def test_places() -> None:
    root = read_text("a: 1\nb:\n  - x\n  - {c: зн, d: 2}\n", "x.yaml")
    second = root.entries["b"].value.items[1]
    assert (second.place.line, second.place.column) == (4, 5)
    assert (second.entries["d"].key_place.line, second.entries["d"].key_place.column) == (4, 13)
    assert (second.entries["d"].value.place.line, second.entries["d"].value.place.column) == (4, 16)
    assert second.place.file == "x.yaml"


def test_a_byte_order_mark_and_windows_lines_are_welcome() -> None:
    root = read_bytes(b"\xef\xbb\xbfa: 1\r\nb: [2]\r\n", "x.yaml")
    assert root.plain() == {"a": 1, "b": (2,)}
    assert root.entries["a"].key_place.column == 1


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b"a: 1\nb: caf\xe9\n", 2, 7, "not UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, 1, "UTF-16"),
        ("a: x\0y\n", 1, 5, "U+0000"),
        ("a: 1\nb: \x1b[31m\n", 2, 4, "U+001B"),
        ("a: 1\na: 2\n", 2, 1, "the key 'a' is here twice (first in line 1)"),
        ("a: {b: 1, b: 2}\n", 1, 11, "the key 'b' is here twice"),
        ("a: &x 1\n", 1, 4, "anchors"),
        ("a: &x [1]\nb: *x\n", 1, 4, "anchors"),
        ("a: *x\n", 1, 4, "aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, 4, "tags"),
        ("a: !x 1\n", 1, 4, "tags"),
        ("<<: {a: 1}\n", 1, 1, "merge keys"),
        ("---\na: 1\n---\nb: 1\n", 3, 1, "second document"),
        ("a:\n\tb: 1\n", 2, 1, "a tab"),
        ("a:\n  b: 1\n \tc: 1\n", 3, 2, "a tab"),
        ("? {a: 1}\n: b\n", 1, 3, "a key must be one word"),
        ("a: -.inf\n", 1, 4, "is no number"),
        ("a: 1e16\n", 1, 4, "absurdly large"),
        ("a: 123456789012345678901\n", 1, 4, "more than 20 digits"),
        ("a: 'b\n", 1, 4, "a quote is not closed"),
        ("a: [1, 2\n", 1, 4, "this list [...] is not closed"),
        ("a: {b: 1\n", 1, 4, "this map {...} is not closed"),
        ("a: b: c\n", 1, 5, "a second ':'"),
        ("a: @b\n", 1, 4, "put the text in quotes"),
        ("", 1, 1, "empty"),
        ("# only words\n", 1, 1, "holds comments only"),
        ("~\n", 1, 1, "empty"),
    ],
)
def test_what_is_refused(data: bytes | str, line: int, column: int, words: str) -> None:
    problem = problem_of(data)
    assert (problem.line, problem.column) == (line, column)
    assert words in problem.message


def test_what_is_no_file(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path, "a folder"),
        (tmp_path / "no.yaml", "no such file"),
        (tmp_path / ("n" * 300), "cannot be read"),
        (tmp_path / "nul\0", "cannot be read"),
    ):
        with pytest.raises(ScenarioProblems, match=words):
            read_file(path, str(path))


def test_many_lines_are_read_in_good_time() -> None:
    lines = "".join(f"type{i}:\n  per_day: {i}\n  handle: 5 min\n" for i in range(1_600))
    start = time.process_time()
    assert len(read_text(lines, "x.yaml").entries) == 1_600
    assert time.process_time() - start < 2.0
