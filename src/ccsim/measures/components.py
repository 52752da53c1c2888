"""What measures are made of: two quantities each, of which every one is counted once.

A quantity is counted by interval, and by line (queue) or by team; what it means is written in
`counts`, `calling`, `work` and `staff`. A *cell* is a quantity of a scope by interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ccsim.measures.catalogue import definition_of, interval_measures, split_key
from ccsim.measures.measure import Pair
from ccsim.measures.window import Ints

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

TIME = "time_s"  # measured, the same everywhere
KEPT = ("kept", "came_to")  # intervals that reached the target, and those with anybody in them


def pair_of(measure: str) -> Pair:
    """The quantities of a measure that is a ratio or total of some. KeyError for others."""
    pair = definition_of(measure).of
    if pair is None:
        raise KeyError(measure)
    return pair


def cell_of(scope: str, quantity: str) -> str:
    """The name of a cell: `phone.answered`."""
    return quantity if quantity == TIME else f"{scope}.{quantity}"


@dataclass(frozen=True, eq=False)
class Components:
    """Of which cells the measures of a scenario are made that are cut by time: those of two
    measures are the same one where they count the same."""

    keys: tuple[str, ...]  # measures, as `catalogue.interval_measures`
    cells: tuple[str, ...]
    above: Ints  # (K,) numerators, places among the cells
    below: Ints  # (K,) denominators; -1: a total, whose denominator is 1 in every interval

    @staticmethod
    def of(scenario: Scenario) -> Components:
        keys = interval_measures(scenario)
        places: dict[str, int] = {}
        found = [
            [places.setdefault(cell_of(scope, name), len(places)) if name else -1 for name in pair]
            for scope, measure in map(split_key, keys)
            for pair in [pair_of(measure)]
        ]
        above, below = np.array(found, np.int64).reshape(-1, 2).T
        return Components(keys, tuple(places), above, below)
