"""Heads of a file and their multiples: what a change of `staffing` does. Heads due by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioProblems
from ccsim.roster.staffing import staffed_spans
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.drawn import drawn
from ccsim.scenario.resolve import Design, from_dict, load, load_all, to_plain

HOUR = 3_600_000_000
SCENARIO = """\
ccsim: 1
name: Heads
calendar: {{start: 2027-03-01, days: 1}}
contacts:
  calls: {{arrivals: {{per_day: 90}}, phone: {{handle: 5 min}}}}
channels: {{phone: {{answer_within: 20 s, target: 80 %, patience: 3 min}}}}
teams: {{desk: {{staffing: {staffing}}}}}
routing: {{calls: [desk]}}
designs:
  more: {{teams.desk.staffing: +50 %}}
  less: {{teams.desk: {{staffing: {{times: 50 %}}}}}}
"""


def scenario(folder: Path, staffing: str = "heads.csv", heads: tuple[int, int] = (1, 3)) -> Path:
    morning, evening = heads
    (folder / "heads.csv").write_text(f"time,mon\n00:00,{morning}\n12:00,{evening}\n")
    (folder / "s.yaml").write_text(SCENARIO.format(staffing=staffing))
    return folder / "s.yaml"


def heads(design: Design) -> tuple[int, int]:
    """People on duty in the morning and in the evening."""
    staffing = design.scenario.teams["desk"].staffing
    assert staffing is not None
    spans = staffed_spans(staffing, design.files, LocalClock(design.scenario.calendar))
    at = (6 * HOUR, 18 * HOUR)
    morning, evening = (sum(a <= t < b for own in spans for a, b in own) for t in at)
    return morning, evening


def test_designs_multiply_heads_and_round_half_up(tmp_path: Path) -> None:
    found = {name: heads(design) for name, design in load_all(scenario(tmp_path)).items()}
    assert found == {"base": (1, 3), "more": (2, 5), "less": (1, 2)}  # 1.5 4.5; 0.5 1.5


@pytest.mark.parametrize(
    ("setting", "due"),
    [
        ("teams.desk.staffing=+100 %", (2, 6)),
        ("teams.*.staffing=-34 %", (1, 2)),  # 0.66 1.98
        ("teams.desk.staffing.times=200 %", (2, 6)),
        ("teams.desk.staffing=+100 points", (2, 6)),
        ("teams.desk.staffing=[4, 7]", (4, 7)),
    ],
)
def test_a_file_of_heads_is_changed_by_a_setting(
    tmp_path: Path, setting: str, due: tuple[int, int]
) -> None:
    assert heads(load(scenario(tmp_path), settings=[setting])) == due


def test_changes_multiply_what_is_written(tmp_path: Path) -> None:
    path = scenario(tmp_path, "{file: heads.csv, times: 200 %}")
    assert heads(load(path)) == (2, 6)
    assert heads(load(path, settings=["teams.desk.staffing=+50 %"])) == (3, 9)


def test_heads_in_a_list_change_one_by_one(tmp_path: Path) -> None:
    path = scenario(tmp_path, "[1, 3]")
    path.write_text(path.read_text().split("designs:")[0])
    assert heads(load(path, settings=["teams.desk.staffing=+50 %"])) == (2, 5)
    assert heads(load(path, settings=["teams.desk.staffing.2=8"])) == (1, 8)


@pytest.mark.parametrize(
    ("setting", "stated", "words"),
    [
        ("teams.desk.staffing=-90 %", (1, 3), "nobody is ever there"),
        ("teams.desk.staffing.times=1000 %", (1, 20_000), "200,000 people would be on duty"),
        ("teams.desk.staffing.times=1001 %", (1, 3), "absurdly large"),
        ("teams.desk.staffing.time=200 %", (1, 3), "did you mean 'times'"),
        ("teams.desk.staffing.times=2", (1, 3), "percent sign"),
    ],
)
def test_a_multiple_that_cannot_be_meant_is_refused(
    tmp_path: Path, setting: str, stated: tuple[int, int], words: str
) -> None:
    with pytest.raises(ScenarioProblems) as raised:
        load(scenario(tmp_path, heads=stated), settings=[setting])
    assert words in str(raised.value)


def test_the_resolved_form_keeps_the_multiple(tmp_path: Path) -> None:
    design = load(scenario(tmp_path), "more")
    assert heads(from_dict(to_plain(design), tmp_path)) == (2, 5)


def test_a_range_of_changes_multiplies_the_heads(tmp_path: Path) -> None:
    path = scenario(tmp_path)
    text = path.read_text().split("designs:")[0]
    path.write_text(
        text + "uncertain: {teams.desk.staffing: {by: [-40 %, +60 %], source: a guess}}\n"
    )
    design = load(path)
    assert heads(drawn(design, {"teams.desk.staffing": 0.0})) == (1, 2)  # 0.6 1.8
    assert heads(drawn(design, {"teams.desk.staffing": 1.0})) == (2, 5)  # 1.6 4.8
