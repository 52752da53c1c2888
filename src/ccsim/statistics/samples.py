"""Values replication by replication, as ratios, means and quantiles of several designs are paired.

Each replication moves a statistic of all of them by so much: a mean by its deviation, a ratio of
totals and a pooled quantile by the delta method. The moves of two designs under the same customers
are paired, so that the spread of a difference is that of the paired moves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ccsim.statistics.estimate import LEVEL, Estimate, samples
from ccsim.statistics.sequential import Evidence
from ccsim.statistics.student import t_quantile
from ccsim.statistics.values import NOISE, Pool, below, quantile


@dataclass(frozen=True, eq=False)
class Sample:
    """One value of one design, replication by replication, to be paired with another design's.

    value: in the measure's unit. moves: (n,), how far each replication moves the value (for a mean
    its deviation, for a ratio of totals the delta method's). singles: (n,), the value of each
    replication alone, which shows how often it is unlike the others; NaN where undefined.
    """

    value: float
    moves: NDArray[np.float64]
    singles: NDArray[np.float64]

    def evidence(self, floor: float = -math.inf, ceiling: float = math.inf) -> Evidence:
        """What the replications say of the value; see `Evidence` for floor and ceiling."""
        n = len(self.moves)
        usual, unlike = self._usual()
        spread = float(self.moves.std(ddof=1)) if n > 1 else 0.0
        known = self.singles[~np.isnan(self.singles)]
        largest = max(abs(self.value), float(np.max(np.abs(known), initial=0.0)))
        if not spread > NOISE * largest:
            spread = 0.0
        skewness = 0.0
        if n > 2 and spread:
            raw = float(((self.moves - self.moves.mean()) ** 3).mean()) / spread**3
            skewness = raw * n / (n - 2) * math.sqrt(n / (n - 1))
        return Evidence(self.value, n, spread, skewness, usual, unlike, floor, ceiling)

    def _usual(self) -> tuple[float, int]:
        """The most frequent value of a single replication, and how many are unlike it."""
        known = self.singles[~np.isnan(self.singles)]
        if not len(known):
            return self.value, 0
        values, counts = np.unique(known, return_counts=True)
        usual = float(values[int(np.argmax(counts))])
        alike = np.abs(known - usual) <= NOISE * max(1.0, abs(usual))
        return usual, int(len(known) - np.count_nonzero(alike))

    def less(self, other: Sample) -> Sample:
        """The sample of the paired difference. ValueError where replications differ in number."""
        if len(self.moves) != len(other.moves):
            raise ValueError("paired values come from the same replications")
        return Sample(
            self.value - other.value, self.moves - other.moves, self.singles - other.singles
        )

    def turned(self) -> Sample:
        """The sample of minus the value: where smaller is better."""
        return Sample(-self.value, -self.moves, -self.singles)


def of_mean(values: ArrayLike) -> Sample:
    """The sample of a mean over replications, (n,); undefined replications move nothing."""
    singles = samples(values)
    known = ~np.isnan(singles)
    value = float(singles[known].mean()) if known.any() else math.nan
    return Sample(value, np.where(known, singles - value, 0.0), singles)


def of_ratio(numerators: ArrayLike, denominators: ArrayLike) -> Sample:
    """The sample of a ratio of totals over replications, each (n,), by the delta method."""
    num, den = samples(numerators), samples(denominators)
    total = float(den.sum())
    if total == 0.0:
        return Sample(math.nan, np.zeros(len(num)), np.full(len(num), math.nan))
    value = float(num.sum()) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        singles = np.where(den != 0.0, num / den, math.nan)
    return Sample(value, (num - value * den) / float(den.mean()), singles)


def of_quantile(counts: ArrayLike, edges: ArrayLike, p: float, pool: Pool | None = None) -> Sample:
    """The sample of a pooled quantile over contacts; arguments as in `quantile`."""
    table, bounds = samples(counts), np.asarray(edges, dtype=np.float64)
    found = quantile(table, bounds, p, LEVEL, pool=pool)
    n = len(table)
    if found.value is None:
        return Sample(math.nan, np.zeros(n), np.full(n, math.nan))
    moves = quantile_moves(table, bounds, found)
    return Sample(found.value, moves, found.value + moves)


def quantile_moves(
    table: NDArray[np.float64], edges: NDArray[np.float64], found: Estimate
) -> NDArray[np.float64]:
    """By how much each replication moves the pooled quantile that was found (mean 0)."""
    n = len(table)
    assert found.value is not None  # the caller has contacts in both designs
    whole = table.sum(axis=1)
    under = below(table, edges, found.value)
    share = under.sum() / whole.sum()
    moves: NDArray[np.float64] = (under - share * whole) / whole.mean()
    error = float(moves.std(ddof=1)) / math.sqrt(n)
    if error == 0.0 or found.half_width is None:
        return np.zeros(n)
    slope = found.half_width / (t_quantile((1 + found.level) / 2, n - 1) * error)
    return -slope * moves
