"""Draws of the uncertain assumptions: where each lies in each draw, the same for all designs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ccsim.network.draws import name_key, root_key, uniform

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design

FIRST = 1 << 41  # replications of this number and beyond are draws: no customers come from them


def share_of(path: str, seed: int, draw: int) -> float:
    """Below which share of its distribution an assumption lies in a draw: a pure function of the
    root seed, its path and the draw, whatever else is uncertain and in whichever design."""
    return uniform(name_key(root_key(seed, FIRST + draw), "uncertain", path), 0, 0, 0)


def shares_of(design: Design, seed: int, draw: int) -> Mapping[str, float]:
    """Where each assumption of a design lies in a draw."""
    return {path: share_of(path, seed, draw) for path in design.scenario.uncertain}


def design_of(design: Design, seed: int, draw: int) -> Design:
    """The design as a draw has it. ScenarioProblems where its values make no scenario."""
    from ccsim.scenario.drawn import drawn

    return drawn(design, shares_of(design, seed, draw))


def place_of(path: str, seed: int) -> float:
    """By how much the points of a sweep are moved along a path: a function of seed and path."""
    return uniform(name_key(root_key(seed, FIRST - 1), "fill", path), 0, 0, 0)
