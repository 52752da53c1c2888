"""The KPIs of one replication, as totals that can be added up before anything is divided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.components import Components
from ccsim.measures.flows import Passage
from ccsim.measures.histogram import Histograms


@dataclass(frozen=True)
class Kpis:
    """Of one replication of one design.

    `keys` are `scope.measure` of every measure but the quantiles, in the order of
    `catalogue.known_measures`; they depend on the design alone, never on data. `totals` holds
    numerator and denominator, times in seconds, hours where the unit says so. A total has the
    denominator 1; an undefined ratio or extreme has the denominator 0. Ratios over replications,
    days or intervals are ratios of summed totals; extremes and totals are averaged.

    `components` says which measures can be cut by interval, and so by day and weekday, and of which
    `cells` they are made; `by_interval` sums to their `totals`.

    Quantile measures (`phone.wait_p90`) are read from `histograms`, whose key lacks the quantile
    (`phone.wait`), at `catalogue.quantile_of(key)`; their durations are microseconds.

    `flows` are how many contacts went from which line to which, and how they ended: measures.flows.
    """

    keys: tuple[str, ...]
    totals: NDArray[np.float64]  # (K, 2)
    components: Components
    cells: NDArray[np.float64]  # (R, I)
    histograms: Histograms
    flows: Mapping[Passage, int]

    def by_interval(self, key: str) -> NDArray[np.float64]:
        """(2, I): numerators and denominators of a measure of `components`; those of a total are 1.
        ValueError where it is none."""
        row = self.components.keys.index(key)
        above, below = self.components.above[row], self.components.below[row]
        ones = np.ones(self.cells.shape[1])
        return np.stack([self.cells[above], ones if below < 0 else self.cells[below]])
