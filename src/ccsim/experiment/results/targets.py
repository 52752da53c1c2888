"""What a scenario promises: targets of channels and of types, and what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.network.structure import structure_of

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario


def targets(scenario: Scenario) -> dict[str, float]:
    """The share that a measure should reach, by its key: the targets of channels, types, segments
    and messages."""
    return {
        target.key: target.share
        for target in structure_of(scenario).targets
        if target.share is not None
    }


def promises(scenario: Scenario) -> int:
    """How many statements of kept or missed are made of a design."""
    return len(targets(scenario)) + len(scenario.expect)
