"""Expectations are kept, missed or unsure by the interval, and never by the value alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ccsim.errors import ScenarioProblems
from ccsim.experiment import Comparison, Run, run
from ccsim.experiment.execution.run import load
from ccsim.experiment.results.expectations import bounds, met_in
from ccsim.scenario.schema import Calendar, Expectation


def expecting(desk_file: Path, *lines: str, replications: int = 6) -> Run:
    listed = "[" + ", ".join(lines) + "]"
    return run(desk_file, replications=replications, workers=1, set=[f"expect={listed}"])


def test_kept_missed_and_unsure(desk_file: Path) -> None:
    # The base reaches 84 to 92 % of phone calls in time over six replications
    found = expecting(
        desk_file,
        "phone.service_level >= 70 %",
        "phone.service_level >= 97 %",
        "phone.service_level >= 88 %",
        "phone.service_level <= 97 %",
    )
    low, high = found["phone.service_level"].low, found["phone.service_level"].high
    assert low is not None and high is not None
    assert 0.70 < low < 0.88 < high < 0.97  # what the statuses below rest on
    assert [each.status for each in found.expectations] == [
        "met",
        "missed",
        "too close to call",
        "met",
    ]
    assert found.missed


def test_one_replication_decides_nothing(desk_file: Path) -> None:
    found = expecting(desk_file, "phone.service_level >= 1 %", replications=1)
    assert [each.status for each in found.expectations] == ["too close to call"]
    assert not found.missed


def test_money_a_month_is_money_for_the_horizon(desk_file: Path) -> None:
    # two of 30.4375 days: 900 for the horizon is 13,697 a month
    calendar = load(desk_file)["base"].scenario.calendar
    kept, missed = "cost.pay <= 14 000 / month", "cost.pay <= 13 500 / month"
    found = expecting(desk_file, kept, missed)
    assert [each.status for each in found.expectations] == ["met", "missed"]
    low, high = bounds(found.scenario.expect[0], calendar)
    assert low is None and high == pytest.approx(14_000 * 2 / 30.4375)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("phone.speed_of_answer <= 45 s", None, 45.0),
        ("phone.speed_of_answer <= 1.5 min", None, 90.0),
        ("desk.overtime_hours <= 90 min", None, 1.5),
        ("cost.total <= 7 / week", None, 2.0),
        ("cost.total <= 100", None, 100.0),
        ("phone.service_level >= 80 %", 0.8, None),
        ("all.customers >= 12", 12.0, None),
    ],
)
def test_bounds_are_in_the_measures_unit(text: str, low: float | None, high: float | None) -> None:
    calendar = Calendar.model_validate({"start": "2027-03-01", "days": 3, "warm_up": "1 d"})
    found = bounds(Expectation.model_validate(text), calendar)
    assert found == (
        low if low is None else pytest.approx(low),
        high if high is None else pytest.approx(high),
    )


def test_how_many_days_met_the_bound() -> None:
    num, den = np.array([8.0, 9.0, 0.0, 5.0]), np.array([10.0, 10.0, 0.0, 10.0])
    assert met_in(num, den, 0.8, None) == (2.0, 3.0)  # nobody came on the third day
    assert met_in(num, den, None, 0.5) == (1.0, 3.0)
    assert met_in(num, den, 0.6, 0.85) == (1.0, 3.0)


def test_a_share_of_days_is_judged_over_replications(desk_file: Path) -> None:
    words = "{{measure: phone.service_level, at_least: {} %, over: day, in: {} %}}"
    found = expecting(desk_file, words.format(60, 50), words.format(99, 50), words.format(88, 50))
    assert [each.status for each in found.expectations] == ["met", "missed", "too close to call"]
    first = found.expectations[0]
    assert first.estimate.value == 1.0
    # 12 of 12 days: Clopper-Pearson's lower end (1934), .025^(1/12)
    assert first.estimate.low == pytest.approx(0.025 ** (1 / 12))
    assert first.detail == "share of days that met the bound"


def test_every_day_must_hold_where_no_share_is_said(desk_file: Path) -> None:
    words = "{{measure: phone.service_level, at_least: {} %, over: day}}"
    found = expecting(desk_file, words.format(50), words.format(99))
    assert [each.status for each in found.expectations] == ["met", "missed"]
    assert found.expectations[1].detail.startswith("missed in 2 of 2 days, first 2027-03-01")
    # both days hold together: each at 97.5 %
    assert found.expectations[0].estimate.level == pytest.approx(0.975)


def test_intervals_without_contacts_decide_nothing(desk_file: Path) -> None:
    words = "{measure: phone.service_level, at_least: 1 %, over: interval, in: 10 %}"
    found = expecting(desk_file, words)
    defined = found.result.table.met[0][:, 1]
    assert (defined <= 20).all()  # ten hours on each of two days
    assert found.expectations[0].status == "met"


def test_each_design_is_judged(comparison: Comparison) -> None:
    assert len(comparison.expectations) == 2 * 3
    assert {each.design for each in comparison.expectations} == {"base", "larger"}
    marks = [each.status for each in comparison.expectations]
    assert "missed" not in marks and marks.count("met") >= 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("phone.servise_level >= 80 %", r"servise_level.*did you mean 'phone.service_level'"),
        ("phone.service_level >= 80", r"write a share: 80 %"),
        ("phone.speed_of_answer <= 20", r"write a duration: 45 s"),
        ("all.customers >= 5 %", r"write a number: 12"),
        ("cost.total <= 20 s", r"write an amount"),
        ("cost.per_contact <= 8 / month", r"write an amount without a period"),
        ("{measure: phone.wait_p90, at_most: 20 s, over: day}", r"a quantile and cannot be taken"),
        (
            "{measure: phone.longest_wait, at_most: 9 s, over: day}",
            r"cannot be taken over each day",
        ),
    ],
)
def test_what_cannot_be_judged_is_said_before_anything_runs(
    desk_file: Path, text: str, words: str
) -> None:
    with pytest.raises(ScenarioProblems, match=words):
        expecting(desk_file, text)


@pytest.mark.parametrize("text", ["phone.service_level >= 80", "cost.per_contact <= 8 / month"])
def test_what_cannot_be_judged_is_said_on_loading_at_its_own_place(
    desk_file: Path, tmp_path: Path, text: str
) -> None:
    """`check` simulates nothing, and must not pass what `run` refuses."""
    file = tmp_path / "desk.yaml"
    asked = f"expect:\n  - all.contacts >= 1\n  - {text}\n"
    before = desk_file.read_text(encoding="utf-8").split("\nexpect:")[0]
    file.write_text(f"{before}\n{asked}", encoding="utf-8")
    with pytest.raises(ScenarioProblems) as found:
        load(file)
    (problem,) = found.value.problems
    assert problem.path == "expect.2"
    assert (problem.line, problem.column) == (before.count("\n") + 4, 5)
