"""Sums over replications by group of intervals, of which the cuts by time are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.results.cuts import Groups
from ccsim.measures.parts import Parts

Values = NDArray[np.float64]
AT_ONCE = 1 << 14  # values that are added together: as many as stay in the processor


@dataclass(frozen=True, eq=False)
class TimeSums:
    """Of each cell (`measures.parts`) the sum over replications and that of its square, (R, groups)
    each; of each measure the sum of numerator x denominator, (K, groups). What is never counted
    stays untouched, and so takes no memory."""

    groups: Groups
    parts: Parts
    sums: Values
    squares: Values
    products: Values

    @staticmethod
    def empty(groups: Groups, parts: Parts) -> TimeSums:
        cells, keys = (len(parts.cells), len(groups)), (len(parts.keys), len(groups))
        return TimeSums(groups, parts, np.zeros(cells), np.zeros(cells), np.zeros(keys))

    def copy(self) -> TimeSums:
        own = (each.copy() for each in (self.sums, self.squares, self.products))
        return TimeSums(self.groups, self.parts, *own)

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
        ratios = np.flatnonzero(self.parts.below >= 0)
        for first in range(0, len(ratios), step):
            which = ratios[first : first + step]
            products = values[self.parts.above[which]] * values[self.parts.below[which]]
            if products.any():
                self.products[which] += products

    def of(self, measure: int, replications: int) -> Values:
        """(groups, 5): sums of numerator, denominator, their squares and their product. The
        denominator of a total are the days of each group."""
        above, below = self.parts.above[measure], self.parts.below[measure]
        num, squares = self.sums[above], self.squares[above]
        if below < 0:
            days = self.groups.days
            dens = replications * days, replications * days**2, num * days
        else:
            dens = self.sums[below], self.squares[below], self.products[measure]
        return np.stack([num, dens[0], squares, dens[1], dens[2]], axis=1)
