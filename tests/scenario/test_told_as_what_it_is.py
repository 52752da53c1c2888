"""What is given by mistake is named as what it is: other kinds of files, quotes that are not
closed, words of the language as names, offsets for zones, days on which everything is closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccsim.check.check import check
from ccsim.cli.main import run
from ccsim.errors import ScenarioProblems
from ccsim.scenario.comparable import why_not_comparable
from ccsim.scenario.resolve import all_from_dict, load_all
from tests.scenario.named import named

SMALL = """\
ccsim: 1
name: Small
calendar: {start: 2027-03-01, days: 7}
contacts: {q: {arrivals: {per_day: {mon-fri: 10}}, phone: {handle: 5 min}}}
channels: {phone: {answer_within: 20 s, target: 80 %, patience: 2 min}}
opens: {phone: {mon-fri: "08:00-16:00"}}
teams: {desk: {people: 3, roster: {day: 100 %}}}
routing: {q: [desk]}
shifts: {day: {days: mon-fri, from: "08:00", to: "16:00"}}
"""


def told(path: Path) -> list[str]:
    with pytest.raises(ScenarioProblems) as raised:
        load_all(path)
    return [str(problem).removeprefix(str(path)) for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"date,volume\n2027-03-01,5\n2027-03-02,6\n", "a table (CSV)"),
        (b"\xef\xbb\xbftime;mon;tue\n00:00;5;4\n12:00;6;1\n", "a table (CSV)"),
        (b"at\tchannel\n2027-03-01 08:00:00\tphone\n2027-03-01 09:00:00\tphone\n", "a table (CSV)"),
        (b"PK\x03\x04\x14\x00\x06\x00", "a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x1f\x8b\x08\x00", "a compressed file"),
        (b"PAR1\x15\x04", "a table of results"),
        (b'{"format": 2, "scenario": "x"}', "this is JSON, as results are written"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"services:\n  web: {image: nginx}\n", "no key of one, but 'services'"),
    ],
)
def test_a_file_of_another_kind_is_one_error_that_names_it(
    tmp_path: Path, data: bytes, what: str
) -> None:
    path = tmp_path / "given"
    path.write_bytes(data)
    (found,) = told(path)
    assert (what in found and "YAML" in found) or "`ccsim: 1`" in found


def test_no_scenario_is_taken_for_a_table() -> None:
    for folder in ("scenarios", "tests/scenario/valid"):
        for path in (Path(__file__).parents[2] / folder).glob("*.yaml"):
            load_all(path)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"08:00-16:00"}', '"08:00-16:00}', "6:26"),
        ('"08:00-16:00"}', "'08:00-16:00}\nat_close: {phone: 'clear the line'}", ":6:26"),
        ("name: Small", 'name: "Small', ":2:7"),
        ("name: Small", "name: 'Small\nabout: it's small", ":2:7"),
        ('from: "08:00"', 'from: "08:00', ":9:"),
        ("days: 7}", 'days: 7, timezone: "Europe/Kyiv}', ":3:"),
    ],
)
def test_a_quote_that_is_not_closed_is_told_where_it_opens(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    assert old in SMALL
    path = tmp_path / "s.yaml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    (found,) = told(path)
    assert "quote" in found and where in found


@pytest.mark.parametrize("place", ["contact", "team", "shift", "role", "distribution", "stage"])
def test_words_of_the_language_are_no_names(place: str) -> None:
    for name in ("yes", "no", "true", "false", "null", "none", "only"):
        with pytest.raises(ScenarioProblems) as raised:
            all_from_dict(named(**{place: name}))
        words = [problem.message for problem in raised.value.problems]
        assert any(f"'{name}' is a word of the language (" in word for word in words)


def test_a_missing_item_has_no_comma_before_it() -> None:
    data = named()
    data["routing"]["orders"] = [None]
    with pytest.raises(ScenarioProblems) as raised:
        all_from_dict(data)
    assert "comma" not in str(raised.value)


def zone_problem(zone: str) -> str:
    data = named()
    data["calendar"]["timezone"] = zone
    with pytest.raises(ScenarioProblems) as raised:
        all_from_dict(data)
    return raised.value.problems[0].message


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        # GMT+3 is three hours ahead of Greenwich, which the database of zones calls Etc/GMT-3.
        ("GMT+3", "write a city, whose daylight saving is counted (Europe/Kyiv), or 'Etc/GMT-3'"),
        ("UTC-5", "or 'Etc/GMT+5' for the fixed offset -5 h"),
        ("+02:00", "or 'Etc/GMT-2' for the fixed offset +2 h"),
        ("UTC+05:30", "write a city, whose daylight saving is counted (Europe/Kyiv)"),
        ("Berlin", "did you mean 'Europe/Berlin'?"),
        ("right/Europe/Berlin", "write 'Europe/Berlin'"),
        ("localtime", "of the machine at hand"),
        ("Factory", "the zone of no place"),
    ],
)
def test_an_offset_is_no_zone(zone: str, hint: str) -> None:
    assert zone_problem(zone).endswith(hint) or hint in zone_problem(zone)
    assert "Etc/GMT+3" not in zone_problem("GMT+3")


def closed_on_sundays(**changes: Any) -> dict[str, Any]:
    data = named()
    data["contacts"]["orders"]["arrivals"] = {"per_day": {"mon-sat": 40}}
    data["opens"] = {"phone": {"mon-sat": "08:00-16:00"}}
    return data | changes


def test_a_day_on_which_everything_is_closed_needs_no_volume() -> None:
    assert all_from_dict(closed_on_sundays())


@pytest.mark.parametrize(
    "changes",
    [
        {"opens": {"phone": "always"}},
        {"opens": {}},
        {"opens": {"phone": {"mon-fri": "08:00-16:00", "sat": "20:00-04:00"}}},  # into Sunday
        {"opens": {"phone": {"mon-fri": "08:00-16:00", "sun": "08:00-12:00"}}},
        {
            "when_closed": {
                "phone": {"leaves_message": "20 %", "handle": "4 min", "answer_within": "4 h"}
            }
        },
        {
            "calendar": {
                "start": "2027-03-01",
                "days": 7,
                "holidays": {"dates": ["2027-03-03"], "demand_like": "sun"},
            }
        },
    ],
)
def test_a_day_on_which_somebody_may_come_needs_one(changes: dict[str, Any]) -> None:
    with pytest.raises(ScenarioProblems) as raised:
        all_from_dict(closed_on_sundays(**changes))
    assert any("no volume is given for" in problem.message for problem in raised.value.problems)


def test_a_table_needs_no_column_for_a_day_on_which_nobody_comes(tmp_path: Path) -> None:
    (tmp_path / "heads.csv").write_text("time,mon-sat\n00:00,0\n08:00,3\n16:00,0\n")
    (tmp_path / "shape.csv").write_text("time,mon-sat\n00:00,0\n08:00,1\n16:00,0\n")
    data = closed_on_sundays()
    data["contacts"]["orders"]["arrivals"]["shape"] = "shape.csv"
    for team in ("desk", "experts"):
        data["teams"][team] = {"staffing": "heads.csv", "pay": {"wage": "20 / h"}}
    data["designs"] = {}
    assert all_from_dict(data, tmp_path)
    data["opens"] = {}
    with pytest.raises(ScenarioProblems) as raised:
        all_from_dict(data, tmp_path)
    assert "'heads.csv' has no column for sun" in str(raised.value)


@pytest.mark.parametrize(
    "patch",
    [
        {"calendar": {"days": 14}},
        {"currency": "UAH"},
        {"run": {"seed": 5}},
        {"run": {"replications": 5}},
    ],
)
def test_check_refuses_what_compare_refuses(
    tmp_path: Path, patch: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    data = named()
    data["designs"]["bigger"] |= patch
    assert [each.path for each in why_not_comparable(all_from_dict(data))]
    path = tmp_path / "s.yaml"
    path.write_text(SMALL + f"designs: {{other: {patch}}}\n".replace("'", ""), encoding="utf-8")
    for command in (["check"], ["compare", "-n", "2", "--no-store"]):
        assert run([*command, str(path)]) == 2
        assert "other" in capsys.readouterr().err


def test_people_on_duty_while_everything_is_closed_are_warned_of() -> None:
    data = closed_on_sundays()  # the shift is worked daily, Sundays too: a seventh of the hours
    (warned,) = [w for w in check(all_from_dict(data)["base"]).warnings if w.startswith("desk: 14")]
    assert "every channel that it takes is closed (most around Sun" in warned
    data["shifts"]["day"]["days"] = "mon-sat"
    assert "takes is closed" not in " ".join(check(all_from_dict(data)["base"]).warnings)


def test_a_trace_outside_the_calendar_is_refused(tmp_path: Path) -> None:
    data = named()
    data["contacts"]["orders"]["arrivals"] = {"trace": "t.csv"}
    path = tmp_path / "t.csv"
    path.write_text("at\n2026-03-01T10:00:00\n2026-03-01T11:00:00\n")
    with pytest.raises(ScenarioProblems) as raised:
        all_from_dict(data, tmp_path)
    (problem,) = {each.path: each for each in raised.value.problems}.values()
    assert problem.path == "contacts.orders.arrivals.trace"
    assert "none of the 2 rows lies in the calendar (2027-03-01 to 2027-03-07)" in problem.message
    path.write_text("at\n2026-03-01T10:00:00\n2027-03-07T23:59:59\n")
    assert all_from_dict(data, tmp_path)
