"""Half-widths on request: read, reached, reported, kept; and never dependent on workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioProblems
from ccsim.experiment import compare, load_run, run
from ccsim.experiment.execution.precision import parse
from ccsim.experiment.execution.result import Run
from ccsim.experiment.execution.run import load
from ccsim.report.text.answer import precision_words
from ccsim.statistics.stopping import HalfWidth
from tests.experiment.test_run import Stop, content


@pytest.mark.parametrize(
    ("text", "key", "width", "difference"),
    [
        ("phone.service_level: 0.5 points", "phone.service_level", {"absolute": 0.005}, False),
        ("phone.service_level: 1 point", "phone.service_level", {"absolute": 0.01}, False),
        ("phone.speed_of_answer: 5 %", "phone.speed_of_answer", {"relative": 0.05}, False),
        ("phone.speed_of_answer: 1.5 s", "phone.speed_of_answer", {"absolute": 1.5}, False),
        ("phone.wait_p90: 0.1 min", "phone.wait_p90", {"absolute": 6.0}, False),
        ("desk.overtime_hours: 90 min", "desk.overtime_hours", {"absolute": 1.5}, False),
        ("cost.total: 1 500", "cost.total", {"absolute": 1500.0}, False),
        ("difference cost.total: 500", "cost.total", {"absolute": 500.0}, True),
        ("all.customers: 2", "all.customers", {"absolute": 2.0}, False),
    ],
)
def test_half_widths_are_read_in_the_measures_unit(
    text: str, key: str, width: dict[str, float], difference: bool, desk_file: Path
) -> None:
    (found,) = parse([text], load(desk_file), several=True)
    assert (found.key, found.width, found.difference) == (key, HalfWidth(**width), difference)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("phone.service_level", "write a measure and a half-width"),
        ("phone.servise_level: 1 point", "did you mean 'phone.service_level'"),
        ("phone.service_level: 5 %", "half-width above zero: points: 0.5 points"),
        ("phone.service_level: 0 points", "above zero"),
        ("phone.speed_of_answer: 5", r"a time \(1 s\)"),
        ("cost.total: -5", "an amount"),
        ("difference phone.speed_of_answer: 5 %", r"a time \(1 s\)\n"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, words: str, desk_file: Path) -> None:
    with pytest.raises(ScenarioProblems, match=words):
        parse([text], load(desk_file), several=True)


def test_all_that_is_wrong_is_said_at_once(desk_file: Path) -> None:
    with pytest.raises(ScenarioProblems) as found:
        parse(["nothing", "difference cost.total: 5"], load(desk_file), several=False)
    assert len(found.value.problems) == 2
    assert "no difference where one design is run" in str(found.value)


def test_replications_are_added_until_it_is_reached(desk_file: Path) -> None:
    asked = ["phone.service_level: 3 points"]
    found = run(desk_file, replications=5, precision=asked, at_most=60, workers=1)
    before = run(desk_file, replications=5, workers=1)
    wide, narrow = before["phone.service_level"].half_width, found["phone.service_level"].half_width
    assert wide is not None and narrow is not None
    assert narrow <= 0.03 < wide  # what the statement rests on
    (stands,) = found.precision
    assert (stands.enough, stands.wanted, stands.got) == (True, 0.03, narrow)
    assert found.asked == found.replications > 5 and not found.partial
    same = run(desk_file, replications=found.replications, workers=1)
    assert content(same) == content(found)


def test_workers_do_not_change_where_it_stops(desk_file: Path) -> None:
    asked = ["phone.service_level: 3 points"]
    one, two = (
        run(desk_file, replications=5, precision=asked, at_most=60, workers=workers)
        for workers in (1, 2)
    )
    assert content(one) == content(two)


def test_the_limit_is_kept_and_told(desk_file: Path) -> None:
    found = run(
        desk_file, replications=4, precision=["phone.service_level: 0.1 points"], at_most=6,
        workers=1,
    )  # fmt: skip
    assert found.replications == 6 and not found.partial
    (stands,) = found.precision
    assert not stands.enough and (stands.replications or 0) > 100
    (words,) = precision_words(found)
    assert words.startswith("Asked for phone.service_level: 0.1 points: not reached, ±")
    assert "replications would do" in words


def test_differences_have_the_level_at_which_they_are_shown(desk_file: Path) -> None:
    asked = ["difference phone.service_level: 4 points", "all.customers: 50 %"]
    found = compare(desk_file, replications=4, precision=asked, at_most=40, workers=1)
    shown = found.difference("larger", "phone.service_level").estimate
    assert shown.level == pytest.approx(1 - 0.05 / 6)
    assert [each.enough for each in found.precision] == [True, True]
    assert found.precision[0].got == shown.half_width
    assert found.precision[0].design == "larger"


def test_it_is_kept_with_the_results(desk_file: Path, tmp_path: Path) -> None:
    asked = ["phone.service_level: 3 points"]
    found = run(
        desk_file, replications=5, precision=asked, at_most=60, workers=1, out=tmp_path / "out"
    )
    back = load_run(tmp_path / "out")
    assert isinstance(back, Run)
    assert (back.precision, back.asked) == (found.precision, found.asked)
    assert back.to_json() == found.to_json()
    assert found.to_json()["precision"][0]["enough"] is True


def test_stopping_keeps_what_is_finished(desk_file: Path) -> None:
    found = run(
        desk_file, replications=4, precision=["phone.service_level: 0.1 points"], at_most=50,
        workers=1, progress=Stop(after=6),
    )  # fmt: skip
    assert (found.replications, found.partial) == (6, True)


def test_a_limit_without_a_precision_is_refused(desk_file: Path) -> None:
    with pytest.raises(ValueError, match="needs a precision"):
        run(desk_file, at_most=10)
    with pytest.raises(ValueError, match="fewer than"):
        run(desk_file, replications=20, at_most=10, precision=["cost.total: 5"])
