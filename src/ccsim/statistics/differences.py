"""How two designs differ, replication by replication under the same customers.

Because both designs see the same customers, the two columns of a measure move together, and the
interval of the difference is that of the paired differences: narrower than two separate intervals
by the gain that every `Difference` reports.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ccsim.statistics.estimate import LEVEL, Estimate, samples, undefined
from ccsim.statistics.reduction import NO_GAINS, Gains, Reduction, together
from ccsim.statistics.samples import of_ratio, quantile_moves
from ccsim.statistics.student import t_quantile
from ccsim.statistics.values import NOISE, Pool, quantile


@dataclass(frozen=True, slots=True)
class Difference:
    """A design's value minus the other's.

    `gain` is var(independent) / var(paired): how many times more replications the same interval
    would need if the designs saw different customers. None where nothing varies in the difference.
    `gains` are those of a reduction of the variance beyond pairing.
    """

    estimate: Estimate
    gain: float | None
    gains: Gains = NO_GAINS


def difference_of_means(
    ours: ArrayLike, theirs: ArrayLike, level: float = LEVEL, how: Reduction | None = None
) -> Difference:
    """mean(ours - theirs), paired by replication; pairs with a NaN are left out and counted.

    ours, theirs: (n,) of the same replications. Where a pair is left out `how` is, too.
    """
    a, b = _pair(samples(ours), samples(theirs))
    both = ~(np.isnan(a) | np.isnan(b))
    missing = int(np.count_nonzero(~both))
    a, b = a[both], b[both]
    method = "paired Student's t over replications"
    if len(a) == 0:
        return Difference(undefined(level, method, 0, missing), None)
    means = float(a.mean()), float(b.mean())
    how = None if missing else how
    return _paired(means, a - means[0], b - means[1], level, method, missing, how)


def difference_of_ratios(
    our_numerators: ArrayLike,
    our_denominators: ArrayLike,
    their_numerators: ArrayLike,
    their_denominators: ArrayLike,
    level: float = LEVEL,
    how: Reduction | None = None,
) -> Difference:
    """The difference of two ratios of totals, by the delta method on the four totals.

    Each (n,) of the same replications. With R = sum(num) / sum(den), replication i moves R by
    e_i = (num_i - R den_i) / mean(den); the variance of the difference is that of the paired
    e_i, which holds all covariances of the four totals. Source: Asmussen and Glynn, Stochastic
    Simulation (2007), III.3-4.
    """
    method = "paired ratios of totals, delta method"
    num_a, den_a = _pair(samples(our_numerators), samples(our_denominators))
    num_b, den_b = _pair(samples(their_numerators), samples(their_denominators))
    _pair(num_a, num_b)
    missing = int(np.count_nonzero((den_a == 0) | (den_b == 0)))
    if den_a.sum() == 0 or den_b.sum() == 0:
        return Difference(undefined(level, method, len(num_a), missing), None)
    a, b = of_ratio(num_a, den_a), of_ratio(num_b, den_b)
    return _paired((a.value, b.value), a.moves, b.moves, level, method, missing, how)


def difference_of_quantiles(
    our_counts: ArrayLike,
    their_counts: ArrayLike,
    edges: ArrayLike,
    p: float,
    level: float = LEVEL,
    *,
    pools: tuple[Pool, Pool] | None = None,
    how: Reduction | None = None,
) -> Difference:
    """The difference of two pooled quantiles over contacts, paired by replication.

    our_counts, their_counts: (n, bins); edges: (bins, 2); `pools` as in `quantile`, ours and
    theirs. Replication i moves a quantile by the error of F(q) in it times the slope of the
    quantile function, taken from the design's own Woodruff interval: (high - low) / 2t over the
    standard error of F(q).
    """
    method = "paired pooled quantiles, Woodruff slopes"
    tables = samples(our_counts), samples(their_counts)
    n = len(tables[0])
    wholes = _pair(tables[0].sum(axis=1), tables[1].sum(axis=1))
    missing = int(np.count_nonzero((wholes[0] == 0) | (wholes[1] == 0)))
    bounds = np.asarray(edges, dtype=np.float64)
    ours, theirs = (
        quantile(table, bounds, p, level, pool=pools[i] if pools else None)
        for i, table in enumerate(tables)
    )
    if ours.value is None or theirs.value is None:
        return Difference(undefined(level, method, n, missing), None)
    values = ours.value, theirs.value
    if n < 2:
        value = values[0] - values[1]
        return Difference(Estimate(value, None, None, level, method, n, missing), None)
    moves = quantile_moves(tables[0], bounds, ours), quantile_moves(tables[1], bounds, theirs)
    return _paired(values, *moves, level, method, missing, how)


def _pair(
    a: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if a.shape != b.shape:
        raise ValueError(
            f"paired values come from the same replications: {a.shape} against {b.shape}"
        )
    return a, b


def _paired(
    values: tuple[float, float],
    moves_a: NDArray[np.float64],
    moves_b: NDArray[np.float64],
    level: float,
    method: str,
    missing: int,
    how: Reduction | None,
) -> Difference:
    n, value = len(moves_a), values[0] - values[1]
    if n < 2:
        return Difference(Estimate(value, None, None, level, method, n, missing), None)
    moves = moves_a - moves_b
    paired = float(moves.var(ddof=1))
    if math.sqrt(paired) <= NOISE * (abs(values[0]) + abs(values[1])):
        return Difference(Estimate(value, value, value, level, method, n, missing), None)
    apart = float(moves_a.var(ddof=1) + moves_b.var(ddof=1))
    degrees, gains, error = n - 1, NO_GAINS, math.sqrt(paired / n)
    if how is not None:
        reduced = how.of(moves)
        degrees, gains, value = reduced.degrees, reduced.gains, value - reduced.shift
        sums = together(moves, reduced.size)
        error = float(sums.std(ddof=1)) * math.sqrt(len(sums)) / n * reduced.factor
    half = t_quantile((1 + level) / 2, degrees) * error
    other = None if degrees == n - 1 else degrees
    estimate = Estimate(value, value - half, value + half, level, method, n, missing, other)
    return Difference(estimate, apart / paired, gains)
