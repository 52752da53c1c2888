"""Sums over replications by group of intervals, of which the cuts by time are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.results.cuts import Groups
from ccsim.measures.components import Components

Values = NDArray[np.float64]
AT_ONCE = 1 << 14  # values that are added together: as many as stay in the processor


@dataclass(frozen=True, eq=False)
class TimeSums:
    """Sums over replications of each component (`measures.components`) and of its square, both
    (R, groups); and of each measure's numerator x denominator, (K, groups). Rows that are never
    counted are never written, and so take no memory."""

    groups: Groups
    components: Components
    sums: Values
    squares: Values
    products: Values

    @staticmethod
    def empty(groups: Groups, components: Components) -> TimeSums:
        cells, keys = (len(components.cells), len(groups)), (len(components.keys), len(groups))
        return TimeSums(groups, components, np.zeros(cells), np.zeros(cells), np.zeros(keys))

    def copy(self) -> TimeSums:
        own = (each.copy() for each in (self.sums, self.squares, self.products))
        return TimeSums(self.groups, self.components, *own)

    def add(self, cells: Values) -> None:
        """Add one replication, (R, I)."""
        values = self.groups.summed(cells)
        step = max(1, AT_ONCE // len(self.groups))
        for first in range(0, len(values), step):
            rows = slice(first, first + step)
            some = values[rows]
            if some.any():  # adding nothing would take memory too
                self.sums[rows] += some
                self.squares[rows] += some * some
        ratios = np.flatnonzero(self.components.below >= 0)
        for first in range(0, len(ratios), step):
            which = ratios[first : first + step]
            products = values[self.components.above[which]] * values[self.components.below[which]]
            if products.any():
                self.products[which] += products

    def of(self, measure: int, replications: int) -> Values:
        """(groups, 5): sums of numerator, denominator, their squares and their product. The
        denominator of a total are the days of each group."""
        above, below = self.components.above[measure], self.components.below[measure]
        num, squares = self.sums[above], self.squares[above]
        if below < 0:
            days = self.groups.days
            dens = replications * days, replications * days**2, num * days
        else:
            dens = self.sums[below], self.squares[below], self.products[measure]
        return np.stack([num, dens[0], squares, dens[1], dens[2]], axis=1)
