"""What must hold between the parts of a scenario: one small function for each rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ccsim.scenario.files import FileTable
from ccsim.scenario.problem import Problem
from ccsim.scenario.schema import Scenario


def check(
    scenario: Scenario,
    files: Mapping[str, FileTable],
    known_measures: Callable[[Scenario], Sequence[str]] | None = None,
) -> list[Problem]:
    """All problems at once."""
    return []
