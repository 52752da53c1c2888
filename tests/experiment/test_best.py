"""The best of several designs: what the rule makes of designs whose order is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import ccsim
from ccsim.cli.best import command
from ccsim.errors import ScenarioProblems
from ccsim.report.studies.best_report import best_lines

PEOPLE = "teams.desk.people=2..5"
FEW = {"workers": 1, "at_most": 50}


@pytest.fixture
def answer(desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> ccsim.Best:
    return ccsim.best(desk_file, within=1.0, workers=1, at_most=60)


def test_the_cheapest_that_meets_its_targets_is_found(desk_file: Path) -> None:
    """With two people the phone is missed by far; pay is by the head, so that the fewest people
    that meet the targets are the cheapest."""
    found = ccsim.best(
        desk_file, vary=[PEOPLE], set=["channels.email.target=60 %", "expect=[]"],
        workers=1, at_most=60,
    )  # fmt: skip
    points = {name: stand for name, stand in found.stands.items() if name != "base"}
    assert found.name is not None
    met = [name for name, stand in points.items() if stand.targets == "meets"]
    by_people = sorted(met, key=lambda name: int(name.rpartition("=")[2]))
    assert found.name in ("base", by_people[0])
    assert points["teams.desk.people=2"].standing == "misses"
    assert points["teams.desk.people=5"].standing == "worse"
    miss = points["teams.desk.people=2"].misses[0]
    assert 0.0 < miss.low < miss.high


def test_regardless_of_targets_the_cheapest_is_that_with_fewest_people(desk_file: Path) -> None:
    found = ccsim.best(desk_file, vary=[PEOPLE], regardless=True, **FEW)  # type: ignore[arg-type]
    assert found.name == "teams.desk.people=2"
    assert found.decided
    assert {s.standing for s in found.stands.values()} == {"best", "worse"}
    assert all(stand.out_after in (None, 50) for stand in found.stands.values())


def test_designs_that_drop_out_play_no_more(desk_file: Path) -> None:
    found = ccsim.best(
        desk_file, "phone.service_level", 0.0, ["base", "larger"], regardless=True,
        workers=1, at_most=60,
    )  # fmt: skip
    assert found.name == "larger"
    assert found.played == {"base": 50, "larger": 50}


def test_equal_designs_are_a_tie(desk_file: Path) -> None:
    base = ccsim.load(desk_file)["base"]
    found = ccsim.best({"base": base, "twin": base}, regardless=True, **FEW)  # type: ignore[arg-type]
    assert found.decided
    assert found.stands["twin"].standing == "as good"
    assert found.regret == 0.0
    assert any("as good" in line for line in best_lines(found, 80))


def test_where_no_design_meets_its_targets_none_is_named(desk_file: Path) -> None:
    found = ccsim.best(desk_file, set=["channels.phone.target=99.9 %"], **FEW)  # type: ignore[arg-type]
    assert (found.name, found.alive, found.decided) == (None, (), False)
    assert "No design meets all targets." in "\n".join(best_lines(found, 100))


def test_the_same_seed_and_store_say_the_same(desk_file: Path, tmp_path: Path) -> None:
    one = ccsim.best(desk_file, regardless=True, store=tmp_path, **FEW)  # type: ignore[arg-type]
    again = ccsim.best(desk_file, regardless=True, store=tmp_path, **FEW)  # type: ignore[arg-type]
    assert one.to_json() == again.to_json()
    assert (one.from_store, again.from_store) == (0, 50)


def test_a_difference_of_money_is_of_a_year(desk_file: Path) -> None:
    """Two days of 365.25: 1,000 a year are 1,000 x 2 / 365.25 for the days that are measured."""
    found = ccsim.best(desk_file, within="1000", regardless=True, **FEW)  # type: ignore[arg-type]
    assert found.within == pytest.approx(1000 * 2 / 365.25)
    points = ccsim.best(
        desk_file, "phone.service_level", "0.5 points", regardless=True, **FEW  # type: ignore[arg-type]
    )  # fmt: skip
    assert points.within == pytest.approx(0.005)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"within": "-5"}, "needs a difference of at least zero"),
        ({"within": "many"}, "an amount, of totals for a year"),
        ({"measure": "phone.service_level", "within": "5"}, "'0.5 points'"),
        ({"measure": "phone.servise_level"}, "phone.service_level"),
        ({"designs": ["larger", "lager"]}, "there is no design 'lager'"),
        ({"designs": ["larger"]}, "is the only design"),
        ({"measure": "all.attempts"}, "neither more nor less is better"),
    ],
)
def test_what_cannot_be_chosen_by_is_refused(
    said: dict[str, object], words: str, desk_file: Path
) -> None:
    with pytest.raises(ScenarioProblems) as refused:
        ccsim.best(desk_file, **said)  # type: ignore[arg-type]
    assert words in str(refused.value)


def test_a_limit_below_the_first_look_is_refused(desk_file: Path) -> None:
    with pytest.raises(ValueError, match="fewer than 50 at first"):
        ccsim.best(desk_file, at_most=40)


def test_the_command_prints_the_answer_and_its_code(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [str(desk_file), "--regardless", "--at-most", "100", "--workers", "1"]
    done = CliRunner().invoke(command, words, standalone_mode=False)
    assert done.return_value == 0
    assert "base is the cheapest, to within" in done.output
    assert "larger" in done.output and "dearer by" in done.output
    data = CliRunner().invoke(command, [*words, "--json"], standalone_mode=False)
    said = json.loads(data.output)
    assert (said["best"], said["decided"]) == ("base", True)
    assert set(said["designs"]) == {"base", "larger"}
    missed = CliRunner().invoke(
        command, [*words[:1], *words[2:], "--set", "channels.phone.target=99.9 %"],
        standalone_mode=False,
    )  # fmt: skip
    assert missed.return_value == 1


def test_lines_keep_to_eighty_columns(answer: ccsim.Best) -> None:
    assert all(len(line) <= 80 for line in best_lines(answer, 80))


def test_stopped_before_the_first_look_nothing_is_decided(desk_file: Path) -> None:
    def stop(done: int, *_: object) -> None:
        if done == 3:
            raise KeyboardInterrupt

    found = ccsim.best(desk_file, workers=1, progress=stop)
    assert found.stopped and not found.decided
    assert found.replications == 3
    assert best_lines(found, 100)
