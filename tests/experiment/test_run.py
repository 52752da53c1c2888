"""Runs and comparisons: the same content however they are computed, and what they say."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import ccsim
from ccsim.errors import ScenarioProblems
from ccsim.experiment import Comparison, Run, compare, run
from ccsim.experiment.execution.result import Experiment
from ccsim.experiment.execution.run import load
from ccsim.experiment.results.durations import Durations
from ccsim.experiment.results.table import KpiTable
from ccsim.measures.catalogue import describe, known_measures
from ccsim.statistics import Estimate


def content(found: Experiment) -> dict[str, list[object]]:
    """Everything that a run found, by design, as plain data that can be compared."""
    return {name: _content(result.table) for name, result in found.results.items()}


def _content(table: KpiTable) -> list[object]:
    durations = [
        [key, *(part.tolist() for row in (_pooled(its), *its.rows) for part in row)]
        for key, its in sorted(table.durations.items())
    ]
    rows = range(len(table.interval_keys))
    cuts = [
        (by, [cut.of(row, table.replications).tolist() for row in rows])
        for by, cut in table.cuts.items()
    ]
    quantiles = np.nan_to_num(table.quantiles, nan=-1.0).tolist()
    flows = [(passage, counts.tolist()) for passage, counts in table.flows.items()]
    return [table.keys, table.totals.tolist(), quantiles, durations, cuts, list(table.met), flows]


def _pooled(its: Durations) -> tuple[np.ndarray, np.ndarray]:
    return its.pooled.bins, its.pooled.counts


# --- the same content -----------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_content(desk_file: Path, comparison: Comparison) -> None:
    assert content(compare(desk_file, workers=1)) == content(comparison)


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_change_nothing(desk_file: Path, comparison: Comparison, workers: int) -> None:
    assert content(compare(desk_file, workers=workers)) == content(comparison)


def test_the_order_of_replications_changes_nothing(
    desk_file: Path, comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    def backwards(work, numbers) -> Iterator[tuple[int, object]]:  # type: ignore[no-untyped-def]
        for number in reversed(numbers):
            yield number, work(number)

    monkeypatch.setattr("ccsim.experiment.execution.runner.serial", backwards)
    assert content(compare(desk_file, workers=1)) == content(comparison)


def test_another_seed_gives_another_content(desk_file: Path, desk: Run) -> None:
    other = run(desk_file, seed=12, workers=1)
    assert content(other) != content(desk)
    assert other.keys() == desk.keys()


def test_more_replications_go_on_where_fewer_ended(desk_file: Path, desk: Run) -> None:
    fewer = run(desk_file, replications=3, workers=1).result.table
    np.testing.assert_array_equal(fewer.totals, desk.result.table.totals[:3])


def test_a_design_is_the_same_alone_and_compared(desk: Run, comparison: Comparison) -> None:
    assert content(desk)["base"] == content(comparison)["base"]


# --- what they hold -------------------------------------------------------------------------------


def test_a_run_maps_every_measure_to_an_estimate(desk: Run, desk_file: Path) -> None:
    assert tuple(desk) == known_measures(load(desk_file)["base"].scenario)
    assert desk.replications == desk.asked == 6
    assert not desk.partial
    for key, estimate in desk.items():
        if estimate.value is None:
            continue
        assert estimate.low is not None and estimate.high is not None, key
        assert 0.0 <= estimate.low <= estimate.value <= estimate.high, key
        if describe(key).unit == "share":
            assert estimate.high <= 1.0, key


def test_ratios_are_ratios_of_totals(desk: Run) -> None:
    num, den = desk.result.table.columns("phone.service_level")
    assert desk["phone.service_level"].value == pytest.approx(num.sum() / den.sum(), rel=1e-12)


def test_quantiles_lie_between_what_replications_had(desk: Run) -> None:
    values = desk.result.table.by_replication("phone.first_response_time_p95")
    value = desk["phone.first_response_time_p95"].value
    assert value is not None
    assert values.min() <= value <= values.max()


def test_both_designs_see_the_same_customers(comparison: Comparison) -> None:
    ours = comparison["larger"].table.columns("all.customers")[0]
    theirs = comparison["base"].table.columns("all.customers")[0]
    np.testing.assert_array_equal(ours, theirs)
    said = comparison.verdict("larger", "all.customers")
    assert said.word == "same"


def test_one_more_person_is_better_service_at_more_cost(comparison: Comparison) -> None:
    assert comparison.verdict("larger", "phone.service_level").word == "better"
    assert comparison.verdict("larger", "cost.total").word == "worse"
    gain = comparison.gain("larger", "phone.service_level")
    assert gain is not None and gain > 1.0
    # a wage of 15 an hour, 10 hours on each of 2 days
    assert comparison.difference("larger", "cost.pay").estimate.value == pytest.approx(300.0)


def test_against_another_design_the_sign_turns(desk_file: Path, comparison: Comparison) -> None:
    turned = compare(desk_file, designs=["base"], against="larger", workers=1)
    assert list(turned.results) == ["larger", "base"]
    assert turned.others == ("base",)
    key = "phone.service_level"
    ours, theirs = turned.difference("base", key), comparison.difference("larger", key)
    assert ours.estimate.value == pytest.approx(-(theirs.estimate.value or 0.0), rel=1e-12)
    assert ours.gain == pytest.approx(theirs.gain)
    assert turned.verdict("base", key).word == "worse"


def test_results_are_short_to_look_at(desk: Run, comparison: Comparison) -> None:
    said = "<Comparison of 'Small desk, for tests': base, larger; seed 11, 6 replications>"
    assert repr(comparison) == said
    assert repr(desk).startswith("<Run of")
    assert repr(desk.result) == f"<base: {len(desk)} measures over 6 replications>"


def test_asked_measures_hold_together(comparison: Comparison) -> None:
    asked = comparison.asked_measures
    assert asked == (
        "phone.service_level",
        "email.service_level",
        "all.abandoned_by_customer",
        "cost.total",
        "cost.per_resolved_contact",
        "phone.abandoned",
    )
    assert comparison.level_of("phone.service_level") == pytest.approx(1 - 0.05 / 6)
    assert comparison.level_of("phone.wait") == 0.95
    alone = comparison.asking(["phone.service_level"])
    assert alone.level_of("phone.service_level") == pytest.approx(0.95)
    key = "phone.service_level"
    narrow = alone.difference("larger", key).estimate.half_width
    wide = comparison.difference("larger", key).estimate.half_width
    assert narrow is not None and wide is not None and narrow < wide


def test_a_difference_is_that_of_the_two_estimates(comparison: Comparison) -> None:
    for key in ("phone.service_level", "phone.wait_p95", "cost.total", "phone.longest_wait"):
        found = comparison.difference("larger", key).estimate.value
        ours, theirs = comparison["larger"][key].value, comparison["base"][key].value
        assert found is not None and ours is not None and theirs is not None
        assert found == pytest.approx(ours - theirs, rel=1e-9, abs=1e-5)


def test_json_is_the_documented_document(comparison: Comparison, desk: Run) -> None:
    said = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    assert set(said) == {"scenario", "replications", "seed", "designs", "differences"}
    assert (said["scenario"], said["replications"], said["seed"]) == (
        "Small desk, for tests",
        6,
        11,
    )
    assert list(said["designs"]) == ["base", "larger"]
    kpi = said["designs"]["base"]["kpis"]["phone.service_level"]
    assert set(kpi) == {"mean", "low", "high", "unit", "definition"}
    assert said["designs"]["base"]["kpis"]["cost.total"]["unit"] == "EUR"
    assert said["designs"]["base"]["kpis"]["email.wait_abandoned"]["mean"] is None
    assert set(said["differences"][0]) == {
        "design", "against", "measure", "mean", "low", "high", "unit",
    }  # fmt: skip
    alone = desk.to_json()
    assert list(alone["designs"]) == ["base"]
    assert alone["differences"] == []


# --- progress and stopping ------------------------------------------------------------------------


def test_progress_tells_how_far_and_what_so_far(desk_file: Path) -> None:
    seen: list[tuple[int, int, Estimate]] = []
    run(desk_file, replications=3, workers=1, progress=lambda *said: seen.append(said))
    assert [(done, total) for done, total, _ in seen] == [(1, 3), (2, 3), (3, 3)]
    assert seen[-1][2].n == 3


class Stop:
    """A progress callback that is a Ctrl-C after so many replications."""

    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, done: int, total: int, main: Estimate) -> None:
        if done == self.after:
            raise KeyboardInterrupt


def test_stopping_keeps_what_is_finished(desk_file: Path, comparison: Comparison) -> None:
    found = compare(desk_file, workers=1, progress=Stop(after=2))
    assert (found.replications, found.asked, found.partial) == (2, 6, True)
    whole = comparison["larger"].table.totals
    np.testing.assert_array_equal(found["larger"].table.totals, whole[:2])


def test_stopping_keeps_only_replications_in_a_row(
    desk_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gap(work, numbers) -> Iterator[tuple[int, object]]:  # type: ignore[no-untyped-def]
        for number in (0, 1, 3, 4, 2):
            yield number, work(number)

    monkeypatch.setattr("ccsim.experiment.execution.runner.serial", gap)
    found = run(desk_file, workers=1, progress=Stop(after=4))  # has 0, 1, 3, 4
    assert found.replications == 2


def test_stopping_before_anything_is_finished_keeps_nothing(
    desk_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: object, replication: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ccsim.experiment.replications.replicate.Replicator.__call__", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(desk_file, workers=1, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --- what is refused ------------------------------------------------------------------------------


def test_an_unknown_design_names_the_known_ones(desk_file: Path) -> None:
    with pytest.raises(ScenarioProblems, match=r"no design 'lager'.*did you mean 'larger'"):
        compare(desk_file, designs=["lager"])


def test_one_design_is_nothing_to_compare(desk_file: Path) -> None:
    with pytest.raises(ScenarioProblems, match="nothing to compare"):
        compare(desk_file, designs=["base"])


def test_designs_of_different_calendars_are_not_compared(desk_file: Path) -> None:
    with pytest.raises(ScenarioProblems, match="another calendar"):
        compare(desk_file, set=["designs.larger.calendar.days=3"])


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("currency=SEK", "counts in another currency than 'base'; write all costs in one"),
        ("run.seed=99", r"has another seed than 'base'; it is one for all \(--seed\)"),
        ("run.replications=7", "has another number of replications than 'base'"),
    ],
)
def test_what_is_one_for_all_designs_is_not_left_aside(
    desk_file: Path, setting: str, words: str
) -> None:
    """It was: two currencies had a difference in money, and a design's own seed was not heard."""
    with pytest.raises(ScenarioProblems, match=f"design 'larger' {words}"):
        compare(desk_file, set=[f"designs.larger.{setting}"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"replications": 0},
        {"replications": 1.5},
        {"replications": True},
        {"workers": 0},
        {"workers": "2"},
        {"engine": "guess"},
        {"seed": -1},
        {"seed": 2**64 + 11},  # it was played as if it were 11
        {"seed": 1.5},
        {"seed": "3"},
        {"seed": True},
    ],
)
def test_nonsense_is_refused_before_anything_runs(
    desk_file: Path, wrong: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=r"at least one|no engine|a whole number"):
        run(desk_file, **wrong)  # type: ignore[arg-type]


def test_an_unknown_key_is_a_key_error(desk: Run) -> None:
    with pytest.raises(KeyError):
        desk["phone.happiness"]
    with pytest.raises(KeyError):
        desk.cut("phone.wait_p90", "day")


# --- the public page ------------------------------------------------------------------------------


def test_the_public_page_holds_what_it_says(desk_file: Path) -> None:
    assert all(getattr(ccsim, name) is not None for name in ccsim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ccsim.nothing
    assert list(ccsim.load(desk_file)) == ["base", "larger"]
    found = ccsim.check_designs(desk_file)
    assert list(found) == ["base", "larger"]


def test_settings_reach_every_design(desk_file: Path) -> None:
    found = compare(desk_file, replications=2, workers=1, set=["run.seed=3"])
    assert found.seed == 3
    assert math.isclose(found["larger"]["all.heads"].value or 0, 4.0)


def test_answered_within_the_promise_is_the_service_level(comparison: Comparison) -> None:
    """The curve over times goes through the measure, value and interval."""
    for result in comparison.results.values():
        for channel, promise in (("phone", 20.0), ("email", 4 * 3600.0)):
            level = result[f"{channel}.service_level"]
            band = result.table.answered_within(channel, np.array([0.0, promise, 1e9]))
            assert band.at(1).value == pytest.approx(level.value, abs=2e-3)
            assert band.at(1).low == pytest.approx(level.low, abs=5e-3)
            assert band.at(1).high == pytest.approx(level.high, abs=5e-3)
            assert band.value[0] <= band.value[1] <= band.value[2]


def test_a_line_without_a_promise_has_its_curve_of_all_that_were_offered(
    comparison: Comparison,
) -> None:
    table = comparison.results["base"].table
    unpromised = replace(table, keys=tuple(k.replace("service_level", "x") for k in table.keys))
    ever = unpromised.answered_within("phone", np.array([1e9])).at(0)
    assert ever.value == pytest.approx(table.estimate("phone.answered").value)
