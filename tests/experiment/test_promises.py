"""Marks of kept and missed hold together: over all promises and expectations of all designs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ccsim.experiment import Comparison, Run, run
from ccsim.experiment.results.targets import promises, targets
from ccsim.report.text.answer import answer
from ccsim.report.words.verdicts import Status
from ccsim.statistics import LEVEL, Estimate, target_status

KEY = "phone.service_level"


def test_what_is_promised(comparison: Comparison) -> None:
    assert targets(comparison.scenario) == {KEY: 0.8, "email.service_level": 0.9}
    assert promises(comparison.scenario) == 2 + 3


def test_the_level_of_a_mark(comparison: Comparison, desk: Run) -> None:
    assert desk.mark_level == pytest.approx(1 - 0.05 / 5)
    assert comparison.mark_level == pytest.approx(1 - 0.025 / 10)  # half is left to differences
    single = desk.promised["base"][KEY]
    assert single == desk.result.estimate(KEY, desk.mark_level)
    assert single.level == desk.mark_level


def barely(found: Run, status: str) -> Run:
    """The run with a target that a single interval clears, and the simultaneous one does not."""
    narrow, wide = found.result.estimate(KEY), found.promised["base"][KEY]
    assert narrow.low is not None and wide.low is not None
    assert narrow.high is not None and wide.high is not None
    target = (narrow.low + wide.low if status == "met" else narrow.high + wide.high) / 2
    assert target_status(narrow, at_least=target) == status
    scenario = found.scenario.model_copy(deep=True)
    channels = dict(scenario.channels)
    channels["phone"] = channels["phone"].model_copy(update={"target": target})
    expect = [each.model_copy(update={"at_least": target}) for each in scenario.expect[:1]]
    updates = {"channels": channels, "expect": (*expect, *scenario.expect[1:])}
    design = replace(found.result.design, scenario=scenario.model_copy(update=updates))
    return replace(found, results={"base": replace(found.result, design=design)})


@pytest.mark.parametrize("status", ["met", "missed"])
def test_what_one_interval_alone_would_decide_is_unsure(desk_file: Path, status: str) -> None:
    found = barely(run(desk_file, 40, workers=1), status)
    first = found.expectations[0]
    assert first.status == "too close to call"
    assert first.estimate.level == LEVEL  # what is shown is the usual interval
    row = next(row for row in answer(found).tables[0].rows if row.key == KEY)
    assert row.cells[0].status is Status.CLOSE
    assert not found.missed
    # with this promise alone there is nothing to hold together, and it is decided
    scenario = found.scenario
    channels = {name: block.model_copy(update={"target": None}) for name, block in
                scenario.channels.items()}  # fmt: skip
    alone = scenario.model_copy(update={"channels": channels, "expect": scenario.expect[:1]})
    design = replace(found.result.design, scenario=alone)
    single = replace(found, results={"base": replace(found.result, design=design)})
    assert [each.status for each in single.expectations] == [status]


def test_marks_of_five_promises_err_in_one_of_twenty_cases() -> None:
    # five promises that are exactly met: each single 95 % interval clears its bound now and then
    rng = np.random.default_rng(4)
    from ccsim.statistics import mean, simultaneous

    def decided(estimate: Estimate) -> bool:
        return target_status(estimate, at_least=0.0) != "too close to call"

    def wrong(level: float) -> float:
        days = rng.normal(size=(3000, 5, 50))
        return float(np.mean([any(decided(mean(x, level)) for x in each) for each in days[:800]]))

    assert wrong(simultaneous(LEVEL, 5)) < 0.07
    assert wrong(LEVEL) > 0.15  # the planted fault: one by one
