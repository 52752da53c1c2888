"""Scenarios in several files: what wins, what is refused, and where it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioProblems
from ccsim.scenario.resolve import load, load_all

FOLDER = Path(__file__).parent / "valid"
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


def written(folder: Path, **files: str) -> Path:
    """The files in a folder; returns the first one."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / f"{next(iter(files))}.yaml"


def told(path: Path) -> list[str]:
    with pytest.raises(ScenarioProblems) as raised:
        load_all(path)
    return [f"{Path(p.file).name}:{p.line}:{p.column} {p.message}" for p in raised.value.problems]


def test_a_file_is_a_patch_over_those_that_it_goes_on_from() -> None:
    designs = load_all(FOLDER / "extends.yaml")
    assert list(designs) == ["base", "more", "fewer"]
    base = designs["base"].scenario
    assert base.name == "In parts"
    assert base.contacts["orders"].arrivals.per_day == pytest.approx(440.0)
    assert list(base.teams) == ["desk"] and base.teams["desk"].people == 11
    assert designs["more"].scenario.teams["desk"].people == 12
    assert designs["fewer"].scenario.teams["desk"].people == 9
    # files are named from the scenario's folder, also in its parts
    assert list(designs["base"].files) == ["profiles/billing-day.csv"]
    assert designs["base"].places["shifts.early.from"][0].endswith("parts/desk.yaml")


def test_later_files_lie_over_earlier_ones_and_settings_over_all(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        main="extends: [one.yaml, two.yaml]\nname: Main\n",
        one=WHOLE,
        two="teams: {desk: {people: 20}}\ncontacts: {orders: {phone: {handle: 6 min}}}\n",
    )
    assert load(path).scenario.teams["desk"].people == 20
    assert load(path).scenario.contacts["orders"].phone is not None
    assert load(path).scenario.name == "Main"
    assert load(path, settings=["teams.desk.people=30"]).scenario.teams["desk"].people == 30


@pytest.mark.parametrize(
    ("extends", "message"),
    [
        ("../one.yaml", "is not in the scenario's folder"),
        ("/etc/passwd.yaml", "is not in the scenario's folder"),
        ("none.yaml", "there is no file 'none.yaml'"),
        ("one.csv", "is not a scenario file"),
        ("12", "a file of this folder is expected"),
        ("{one: 1}", "a file of this folder is expected"),
        ("[main.yaml]", "round in a circle"),
        ("list.yaml", "is not a map"),
        ("broken.yaml", "quote"),
    ],
)
def test_what_cannot_be_gone_on_from(tmp_path: Path, extends: str, message: str) -> None:
    path = written(
        tmp_path, main=f"extends: {extends}\n{WHOLE}", one=WHOLE, list="- 1\n", broken='a: "x\n'
    )
    found = told(path)
    assert len(found) == 1 and message in found[0], found


def test_a_circle_over_two_files_is_told_once(tmp_path: Path) -> None:
    path = written(
        tmp_path, main=f"extends: a.yaml\n{WHOLE}", a="extends: b.yaml\n", b="extends: a.yaml\n"
    )
    assert told(path) == ["b.yaml:1:10 the files go round in a circle: 'a.yaml'"]


def test_what_is_wrong_in_a_part_is_told_of_the_part(tmp_path: Path) -> None:
    path = written(
        tmp_path, main="extends: one.yaml\nname: X\n", one=WHOLE.replace("5 min", "5 mun")
    )
    (problem,) = told(path)
    assert problem.startswith("one.yaml:5:") and "mun" in problem
    path = written(tmp_path, main="extends: one.yaml\nteams: {gone: none}\n", one=WHOLE)
    assert told(path) == ["main.yaml:2:15 there is nothing here to remove"]


def test_the_words_of_designs_hold_over_parts(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        main="""\
extends: one.yaml
"teams.*.people": +50 %
contacts: {only: {returns: {arrivals: {per_day: 10}, phone: {handle: 2 min}}}}
routing: {only: {"*": [desk]}}
channels: {phone: {patience: -20 %, target: none}}
""",
        one=WHOLE,
    )
    scenario = load(path).scenario
    assert list(scenario.contacts) == ["returns"] and list(scenario.routing) == ["*"]
    assert scenario.teams["desk"].people == 15
    phone = scenario.channels["phone"]
    assert phone.patience is not None and phone.patience.mean == 144_000_000
    assert phone.target is None and phone.answer_within == 20_000_000


def test_a_link_may_not_lead_out(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "one.yaml").write_text(WHOLE, encoding="utf-8")
    (inside / "one.yaml").symlink_to(tmp_path / "one.yaml")
    path = written(inside, main="extends: one.yaml\n")
    assert "leads out of the scenario's folder" in told(path)[0]


def test_many_files_are_refused(tmp_path: Path) -> None:
    long = "{" + ", ".join(f"k{n}: {'x' * 5000}" for n in range(60)) + "}"
    path = written(
        tmp_path,
        main="extends: [one.yaml, two.yaml]\n",
        one=f"name: {long}\n",
        two=f"about: {long}\n",
    )
    (problem,) = told(path)
    assert "goes on from more than 50 files, or 500 kB or 10000 values in all" in problem
    names = ", ".join(["one.yaml"] * 51)
    path = written(tmp_path, main=f"extends: [{names}]\n", one=WHOLE)
    (problem,) = told(path)
    assert "more than 50 files" in problem
