"""Stratified busyness and controls in an experiment: asked for, gained, saved, told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ccsim import load_run
from ccsim.errors import ScenarioProblems
from ccsim.experiment import Run, compare, run
from ccsim.experiment.replications.replicate import ReplicationPlan
from ccsim.experiment.storage.replication_key import described
from ccsim.report.text.variance_text import reduction_words
from ccsim.scenario.resolve import load
from ccsim.statistics.reduction import Reduction

BOTH = ("run.stratify=busyness", "run.control=arrivals")
KEY = "phone.service_level"


@pytest.fixture(scope="module")
def even(desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("even") / "results"
    return run(desk_file, 47, workers=1, set=BOTH, out=folder)


def test_replications_are_rounded_up_to_tens(even: Run) -> None:
    assert (even.replications, even.asked, even.partial) == (50, 50, False)


def test_each_way_says_what_it_gained(even: Run) -> None:
    gains = even.result.gains(KEY)
    assert gains.stratified is not None
    assert gains.stratified.low < gains.stratified.value < gains.stratified.high
    assert gains.controlled is None  # five groups are too few for a control
    assert "groups of 10" in even[KEY].method
    assert even[KEY].degrees == 4
    told = json.loads(json.dumps(even.to_json()))["designs"]["base"]["kpis"][KEY]["gains"]
    assert told == {"stratified": {
        "value": gains.stratified.value, "low": gains.stratified.low,
        "high": gains.stratified.high, "used": True,
    }}  # fmt: skip


def test_it_is_read_back_as_it_was(even: Run) -> None:
    assert even.folder is not None
    again = load_run(even.folder)
    for key in even:
        assert again.results["base"][key] == even[key], key
        assert again.results["base"].gains(key) == even.result.gains(key), key


def test_without_them_nothing_is_reduced(desk: Run) -> None:
    assert desk.result.table.how is None
    assert "gains" not in desk.to_json()["designs"]["base"]["kpis"][KEY]
    assert reduction_words(desk) == []


def test_a_control_changes_no_replication_and_needs_no_other_store(desk_file: Path) -> None:
    def mark(*settings: str) -> object:
        design = load(desk_file, settings=settings)
        return described(design, ReplicationPlan((design,), 1))["design"]

    assert mark("run.control=arrivals") == mark()
    assert mark("run.stratify=busyness") != mark()


def test_designs_share_out_the_busyness_alike(desk_file: Path) -> None:
    settings = ["designs.larger.run.stratify=busyness"]
    with pytest.raises(ScenarioProblems, match="does not share out the busyness as 'base'"):
        compare(desk_file, set=settings)


def test_words_tell_the_gain_or_that_it_is_off(even: Run) -> None:
    stratified, controlled = reduction_words(even)
    gain = even.result.gains(KEY).stratified
    assert gain is not None
    assert stratified.startswith(
        "Busy and quiet days are spread evenly over replications: as good as "
    )
    assert f"Calls answered within 20 s {gain.value:.0f} ({gain.low:.1f} to " in stratified
    assert controlled == (
        "Results are corrected for the contacts that came: too few replications to use it."
    )
    # moves that control nothing: the column is without relation to any measure
    table, n = even.result.table, even.replications
    column = np.random.default_rng(1).normal(size=(n, 1))
    alone = replace(even.result, table=replace(table, how=Reduction({}, column)))
    words = reduction_words(replace(even, results={"base": alone}))
    assert "none, switched off" in words[-1]
