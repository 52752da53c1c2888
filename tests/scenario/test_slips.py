"""What somebody writes who never wrote YAML: each slip is told at its line and column, in words
that say what to write instead. One scenario, one slip at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ccsim.errors import ScenarioProblems
from ccsim.scenario.parsing import read
from ccsim.scenario.resolve import load_all

RIGHT = """\
ccsim: 1
name: Base
calendar: {start: 2027-03-01, days: 7}
contacts:
  orders:
    arrivals: {per_day: 400}
    phone: {handle: 5 min}
channels:
  phone:
    answer_within: 20 s
    target: 80 %
    patience: 3 min
teams:
  desk:
    people: 10
    roster: {early: 50 %, late: rest}
routing:
  orders: [desk]
shifts:
  early: {days: mon-fri, from: "08:00", to: "16:00"}
  late: {days: mon-fri, from: "10:00", to: "18:00"}
"""
# what is written, what it becomes, and what is told: line, column, part of the message
Slip = tuple[str, str, int, int, str]
SLIPS: dict[str, Slip] = {
    # spaces
    "tab": ("    people: 10", "\tpeople: 10", 15, 1, "a tab; indent with spaces"),
    "tab after spaces": ("    people: 10", "  \tpeople: 10", 15, 3, "a tab; indent with spaces"),
    "hard spaces": ("    people", "\xa0\xa0\xa0\xa0people", 15, 1, "of another kind (U+00A0)"),
    "hard space": ("people: 10", "people:\xa010", 15, 12, "a space of another kind"),
    "zero width": ("people: 10", "people\u200b: 10", 15, 11, "an invisible character (U+200B)"),
    "too little": (
        "    people: 10",
        "   people: 10",
        16,
        5,
        "indented by 4, and the line above by",
    ),
    "too much": ("    target:", "      target:", 11, 7, "indented by 6, and the line above by 4"),
    "no indentation": ("    target:", "target:", 12, 5, "indented by 4, and the line above by 0"),
    "like its parent": ("    people: 10", "  people: 10", 16, 5, "begin in the same column"),
    "indented block": ("teams:", " teams:", 13, 2, "indented by 1, which none of the lines above"),
    # colons
    "no space": ("people: 10", "people:10", 15, 12, "a space is missing after the ':'"),
    "no space, first": ("name: Base", "name:Base", 2, 6, "a space is missing after the ':'"),
    "no space in {}": ("per_day: 400", "per_day:400", 6, 16, "a space is missing after the ':'"),
    "no space, one key": ("orders: [desk]", "orders:[desk]", 18, 3, "a space is missing after"),
    "equals": ("people: 10", "people = 10", 15, 12, "not with '='"),
    "equals, first": ("name: Base", "name = Base", 2, 6, "not with '='"),
    "equals in {}": ("per_day: 400", "per_day = 400", 6, 16, "in place of the '='"),
    "wide colon": ("people: 10", "people\uff1a 10", 15, 11, "this is another character than ':'"),
    "colon in a text": ("name: Base", "name: Base: one", 2, 11, "a second ':' in the line"),
    "two keys": ("people: 10", "people: 10 tier: 1", 15, 20, "or begin a new line"),
    "value below": ("people: 10", "people:\n    10", 16, 5, "write the value behind its key"),
    "text goes on": ("name: Base", "name: A desk\nof all", 3, 1, "a key without its ':'"),
    # quotes
    "quote open": ('from: "08:00"', 'from: "08:00', 20, 32, "one is missing, or one too many"),
    "quote too many": (
        'from: "08:00"',
        'from: "08:00""',
        20,
        39,
        "one is missing, or one too many",
    ),
    "quotes unlike": ('from: "08:00"', "from: \"08:00'", 20, 32, "one is missing, or one too many"),
    "single open": ('from: "08:00"', "from: '08:00", 20, 32, "a quote is not closed"),
    "after a quote": ("name: Base", 'name: "Base" desk', 2, 14, "put the whole value in quotes"),
    "typographic": ('from: "08:00"', "from: \u201c08:00\u201d", 20, 32, "typographic quotes"),
    "low quotes": ('from: "08:00"', "from: \u201e08:00\u201c", 20, 32, "typographic quotes"),
    "backslash": ("name: Base", 'name: "C:\\desk"', 2, 10, "use single quotes"),
    # brackets and commas
    "[ open": ("[desk]", "[desk", 18, 11, "this list [...] is not closed"),
    "{ open": ("{per_day: 400}", "{per_day: 400", 6, 15, "this map {...} is not closed"),
    "{ open, last": ('to: "18:00"}', 'to: "18:00"', 21, 9, "this map {...} is not closed"),
    "[ }": ("[desk]", "[desk}", 18, 16, "what began with '[' ends with '}'"),
    "] too many": ("[desk]", "[desk]]", 18, 17, "a ']' too many"),
    "} too many": ("{per_day: 400}", "{per_day: 400}}", 6, 29, "a '}' too many"),
    "( )": ("[desk]", "(desk)", 18, 11, "a list is written [a, b]"),
    "no comma": ("mon-fri, from", "mon-fri from", 20, 25, "a comma is missing before this"),
    "no comma after quotes": ('"08:00", to', '"08:00" to', 20, 40, "a comma is missing before"),
    "two commas": ("mon-fri, from", "mon-fri,, from", 20, 25, "two commas"),
    "comma at the end": ("people: 10", "people: 10,", 15, 13, "leave the ',' at its end out"),
    "semicolon": ("people: 10", "people: 10;", 15, 13, "leave the ';' at its end out"),
    "decimal comma": ("patience: 3 min", "patience: 3,5 min", 12, 15, "decimals have a point"),
    "thousands": ("per_day: 400", "per_day: 1,400", 6, 27, "thousands are written with a space"),
    # lists
    "dash too many": ("  desk:", "  - desk:", 13, 1, "leave the '-' or the [ ] out"),
    "dash as value": ("name: Base", "name: - Base", 2, 7, "items have lines of their own"),
    "dash without space": ("[desk]", "\n    -desk", 19, 5, "an item of a list begins with '- '"),
    "long dash": ("[desk]", "\n    \u2013 desk", 19, 5, "an item of a list begins with '- '"),
    "bullet": ("[desk]", "\n    \u2022 desk", 19, 5, "an item of a list begins with '- '"),
    "key in a list": ("[desk]", "\n    - desk\n    team: x", 20, 5, "keys of a map do not"),
    "dash elsewhere": ("[desk]", "\n    - desk\n   - desk", 20, 4, "this line is indented by 3"),
    # characters that mean something else
    "@": ("name: Base", "name: @home", 2, 7, "cannot begin with '@'; put the text in quotes"),
    "%": ("target: 80 %", "target: %80", 11, 13, "a share is written 80 %"),
    "*": ("orders: [desk]", "*: [desk]", 18, 3, "what begins with '*' stands in quotes"),
    "*@": ("orders: [desk]", "*@late: [desk]", 18, 3, "what begins with '*' stands in quotes"),
    "*name": ("name: Base", "name: *Base", 2, 7, "text with a * stands in quotes"),
    "&": ("name: Base", "name: &Base", 2, 7, "text with a & stands in quotes"),
    "!": ("name: Base", "name: !Base", 2, 7, "text with a ! stands in quotes"),
    "`": ("name: Base", "name: `Base`", 2, 7, "cannot begin with '`'"),
    "|": ("name: Base", "name: | Base", 2, 7, "cannot begin with '|'"),
    ">": ("name: Base", "name: > Base", 2, 7, "cannot begin with '>'"),
    "?": ("name: Base", "name: ? Base", 2, 7, "cannot begin with '?'"),
    "#": ("name: Base", "name: #1 desk", 2, 1, "what follows a # is a comment"),
    "# without space": ("people: 10", "people: 10# heads", 15, 13, "needs a space before its #"),
    "//": ("people: 10", "people: 10 // heads", 15, 13, "a comment begins with #"),
    "// first": ("ccsim: 1", "// our desk: phone\nccsim: 1", 1, 1, "a comment begins with #"),
    "Markdown": ("ccsim: 1", "```yaml\nccsim: 1", 1, 1, "belongs to Markdown"),
    # what is no such value
    "date with dots": ("2027-03-01", "01.03.2027", 3, 19, "a date is written 2027-03-01"),
    "date with slashes": ("2027-03-01", "03/01/2027", 3, 19, "a date is written 2027-03-01"),
    "no": ("name: Base", "name: no", 2, 7, "put it in quotes"),
    "twice": ("    people: 10", "    people: 10\n    people: 12", 16, 5, "is here twice"),
    "capital": ("people: 10", "People: 10", 15, 5, "did you mean 'people'"),
}
CODINGS = {  # how a file was saved, and what is told; None: nothing is wrong
    "utf-8-sig": None,
    "utf-16": "saved as UTF-16",
    "utf-16-le": "saved as UTF-16",
    "utf-16-be": "saved as UTF-16",
    "utf-32": "saved as UTF-32",
}
ALLOWED = {  # what other readers of YAML take for something else
    "010": ("people: 10", "people: 010"),
    "unquoted time": ('from: "08:00"', "from: 08:00"),
    "short time": ('from: "08:00"', "from: 8:00"),
    "no space before %": ("80 %", "80%"),
    "long dash in days": ("mon-fri", "mon\u2013fri"),
    "hard space in a value": ("20 s", "20\xa0s"),
    "space before a colon": ("people: 10", "people : 10"),
}


def with_slip(old: str, new: str) -> str:
    assert old in RIGHT
    return RIGHT.replace(old, new, 1)


def told(path: Path, data: bytes) -> list[tuple[int, int, str]]:
    path.write_bytes(data)
    try:
        load_all(path)
    except ScenarioProblems as problems:
        return [(each.line, each.column, each.message) for each in problems.problems]
    return []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_where_it_is(slip: str, end: str, tmp_path: Path) -> None:
    old, new, line, column, words = SLIPS[slip]
    found = told(tmp_path / "desk.yaml", with_slip(old, new).replace("\n", end).encode())
    assert any(at[:2] == (line, column) and words in at[2] for at in found), found


@pytest.mark.parametrize("slip", SLIPS)
def test_without_the_fast_parser_too(
    slip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the library has no C parser, the same is told."""
    monkeypatch.setattr(read, "_LOADER", yaml.SafeLoader)
    old, new, line, _, words = SLIPS[slip]
    found = told(tmp_path / "desk.yaml", with_slip(old, new).encode())
    assert any(at[0] == line and words in at[2] for at in found), found


@pytest.mark.parametrize("coding", CODINGS)
def test_how_a_file_was_saved(coding: str, tmp_path: Path) -> None:
    found, words = told(tmp_path / "desk.yaml", RIGHT.encode(coding)), CODINGS[coding]
    assert (found == []) if words is None else (found[0][:2] == (1, 1) and words in found[0][2])


@pytest.mark.parametrize("what", ALLOWED)
def test_what_is_understood(what: str, tmp_path: Path) -> None:
    desk = tmp_path / "desk.yaml"
    desk.write_text(RIGHT, encoding="utf-8")
    right = load_all(desk)["base"].scenario
    desk.write_text(with_slip(*ALLOWED[what]), encoding="utf-8")
    assert load_all(desk)["base"].scenario == right


def test_nothing_is_told_without_a_slip(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        assert told(tmp_path / "desk.yaml", RIGHT.replace("\n", end).encode()) == []


def test_a_list_in_place_of_a_map_is_one_mistake(tmp_path: Path) -> None:
    found = told(tmp_path / "desk.yaml", with_slip("  desk:", "  - desk:").encode())
    assert [message for *_, message in found] == [
        "a map (lines of `key: value`) is expected; found a list; leave the '-' or the [ ] out"
    ]
