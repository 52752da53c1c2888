"""Designs that a rule leaves out between two looks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import ccsim
from ccsim.experiment.execution.options import Options
from ccsim.experiment.execution.runner import Runner


def three(desk_file: Path) -> Mapping[str, Any]:
    base = ccsim.load(desk_file)["base"]
    return {"base": base, "one": base, "two": base}


def test_the_others_go_on_and_what_was_played_stays(desk_file: Path, tmp_path: Path) -> None:
    designs = three(desk_file)
    how = Options(replications=3, workers=1, store=tmp_path)
    with Runner(designs, designs["base"], how) as runner:

        def rule(results: Mapping[str, Any]) -> int:
            runner.leave_out(["base", "two"])
            return 5

        results, _ = runner.play(rule)
    assert [results[name].table.replications for name in designs] == [3, 5, 3]
    whole = ccsim.run(desk_file, 5, workers=1)
    assert results["one"]["all.attempts"] == whole["all.attempts"]
    assert runner.from_cache == 0
    with Runner(designs, designs["base"], how) as again:
        again.play()
    assert again.from_cache == 3


def test_one_design_stays(desk_file: Path) -> None:
    designs = three(desk_file)
    with (
        Runner(designs, designs["base"], Options(replications=1, workers=1)) as runner,
        pytest.raises(ValueError, match="at least one design"),
    ):
        runner.leave_out(list(designs))
