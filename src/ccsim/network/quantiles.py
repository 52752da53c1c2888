"""A distribution is a table of quantiles (docs/background/model.md, section 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 1024


@dataclass(frozen=True, slots=True, eq=False)
class QuantileTable:
    """The inverse of a distribution function, piecewise linear on a three-level grid.

    `nodes[0]` are the quantiles at k/1024; its topmost bin is resolved by `nodes[1]`, whose topmost
    is resolved by `nodes[2]`. An atom at the lower end has mass `low_mass` and value `low`, one at the upper
    end `high_mass` and `high`; the grid describes what lies between, with the remaining mass.
    """

    nodes: NDArray[np.float64]  # (3, 1025), monotone
    low_mass: float = 0.0
    low: float = 0.0
    high_mass: float = 0.0
    high: float = 0.0

    def value(self, u: float) -> float:
        """The quantile at u in [0, 1)."""
        if self.low_mass > 0.0 or self.high_mass > 0.0:
            if u < self.low_mass:
                return self.low
            if u >= 1.0 - self.high_mass:
                return self.high
            u = (u - self.low_mass) / (1.0 - self.low_mass - self.high_mass)
            if u >= 1.0:
                u = 1.0 - 2.0**-53
        x = u * BINS
        level = 0
        while level < 2 and x >= BINS - 1:
            x = (x - (BINS - 1)) * BINS
            level += 1
        i = int(x)
        row = self.nodes[level]
        return float(row[i] + (x - i) * (row[i + 1] - row[i]))
