"""Chance and not knowing: the nested one-way random-effects model, and what each assumption does.

Each of D draws of the uncertain assumptions is played r times. The spread of replications within a
draw is chance; what the means of draws differ by more than chance explains is not knowing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.statistics.estimate import LEVEL, Estimate, simultaneous
from ccsim.statistics.student import t_quantile

Values = NDArray[np.float64]
WORLDS = 0.90  # the share of draws that a range of what is not known holds
WIDE = 3  # draws for each coefficient from which curved effects are fitted


@dataclass(frozen=True)
class Split:
    """A measure over D draws of r replications each, in the measure's unit.

    `mean` is the mean over draws with its interval by chance alone: what more replications of the
    same draws would narrow. `chance` is the variance of one replication within a draw, `unknown`
    the variance of the expected value over draws; the unbiased estimate may be negative. `share`
    is that of not knowing in the variance of one replication, with its exact interval. `worlds`
    are the draws' means, drawn together until their variance is `unknown`; NaN where undefined.
    """

    mean: Estimate
    chance: float
    unknown: float
    share: Estimate
    worlds: Values  # (D,)
    raw: Values  # (D,) the draws' means as they are
    per_draw: int

    @property
    def told(self) -> bool:
        """Whether not knowing can be told from chance."""
        return bool(self.share.low)

    def range(self, level: float = WORLDS) -> tuple[float, float] | None:
        """Between which values the expected value lies in that share of the draws; None where
        there are fewer than two."""
        known = self.worlds[~np.isnan(self.worlds)]
        if len(known) < 2:
            return None
        tail = (1 - level) / 2
        low, high = np.quantile(known, [tail, 1 - tail], method="median_unbiased")
        return float(low), float(high)


def split(values: Values, level: float = LEVEL) -> Split:
    """The split of values (D, r), D and r at least 2; draws with a NaN are left out.

    MSB and MSW are the mean squares between and within draws; `unknown` is (MSB - MSW) / r, and
    the interval of its share follows from MSB / MSW being F times a constant (Searle, Casella,
    McCulloch, *Variance Components*, 1992, section 3.5). The draws' means spread by chance too:
    they are drawn to the mean by the factor that leaves `unknown` of their variance. ValueError
    for another shape.
    """
    if values.ndim != 2 or values.shape[1] < 2:
        raise ValueError("values by draw and replication are needed, at least two of each")
    raw = values.mean(axis=1)
    known = ~np.isnan(raw)
    table, r = values[known], values.shape[1]
    draws, missing = len(table), int(np.count_nonzero(~known))
    method = "mean over draws, Student's t within draws"
    if draws < 2:
        nothing = Estimate(None, None, None, level, method, draws, missing)
        return Split(nothing, math.nan, math.nan, nothing, raw, raw, r)
    means = table.mean(axis=1)
    centre = float(means.mean())
    within = float(((table - means[:, None]) ** 2).sum()) / (draws * (r - 1))
    between = r * float(((means - centre) ** 2).sum()) / (draws - 1)
    within, between = (0.0 if x <= 1e-24 * centre**2 else x for x in (within, between))
    half = t_quantile((1 + level) / 2, draws * (r - 1)) * math.sqrt(within / (draws * r))
    unknown = (between - within) / r
    kept = math.sqrt(max(0.0, unknown) * r / between) if between > 0 else 0.0
    return Split(
        mean=Estimate(centre, centre - half, centre + half, level, method, draws, missing),
        chance=within,
        unknown=unknown,
        share=_share(within, between, draws, r, level),
        worlds=centre + kept * (raw - centre),
        raw=raw,
        per_draw=r,
    )


def _share(within: float, between: float, draws: int, r: int, level: float) -> Estimate:
    """The intraclass correlation with its exact interval under the normal model."""
    from scipy.special import fdtri

    method = "share of variance, one-way random effects, F"
    if within == 0.0:
        value = None if between == 0.0 else 1.0
        return Estimate(value, value, value, level, method, draws)
    ratio = between / within
    free = draws - 1, draws * (r - 1)
    ends = (ratio / float(fdtri(*free, p)) for p in ((1 + level) / 2, (1 - level) / 2))
    value, low, high = (max(0.0, (f - 1) / (f - 1 + r)) for f in (ratio, *ends))
    return Estimate(value, low, high, level, method, draws)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one assumption does: its share of what is not known (kept within [0, 1]), by how much it
    moves the measure from its lowest to its highest value, and whether that can be told."""

    share: float
    move: float
    told: bool


@dataclass(frozen=True)
class Effects:
    """What each of k assumptions does to the draws' means, by itself.

    `shares` is the share of the variance over draws that each explains (first-order Sobol'
    indices; an unbiased estimate may be slightly negative), `moves` by how much the measure
    changes from the lowest to the highest value of the assumption, `told` whether the effect can
    be told from nothing (all of them together at the level). `curves` holds the coefficients by
    (assumption, degree).
    """

    shares: Values  # (k,)
    moves: Values  # (k,)
    told: NDArray[np.bool_]  # (k,)
    curves: Values  # (k, degrees)
    centre: float

    def of(self, which: int) -> Effect:
        """That of one assumption."""
        move, told = float(self.moves[which]), bool(self.told[which])
        return Effect(min(1.0, max(0.0, float(self.shares[which]))), move, told)

    def curve(self, which: int, u: Values) -> Values:
        """The mean of the measure where assumption `which` is at the shares `u` of its draws."""
        return np.asarray(self.centre + _legendre(u, self.curves.shape[1]) @ self.curves[which])


def effects(at: Values, means: Values, unknown: float, level: float = LEVEL) -> Effects | None:
    """Least squares of the draws' means (D,) on orthonormal Legendre polynomials of where each
    assumption was drawn, `at` (D, k) in [0, 1]: to the second degree, or to the first where there
    are few draws. None where there are too few for that too.

    The squares of the coefficients less the squares of their errors add up to the variance that an
    assumption explains by itself, as the polynomials are orthonormal (Sudret, Reliability
    Engineering and System Safety 93 (2008) 964-979). Shares are of `unknown`, the whole variance
    over draws, or of what the effects that can be told explain, where that is more.
    """
    known = ~np.isnan(means)
    at, means = at[known], means[known]
    draws, k = at.shape
    level = simultaneous(level, k)
    degrees = next((d for d in (2, 1) if draws >= WIDE * (1 + k * d)), 0)
    if not degrees or k == 0:
        return None
    columns = np.concatenate([_legendre(at[:, i], degrees) for i in range(k)], axis=1)
    full = np.column_stack([np.ones(draws), columns])
    coefficients, left = _fitted(full, means)
    free = draws - full.shape[1]
    inverse = np.linalg.pinv(full.T @ full)
    error = left / free * np.diag(inverse)[1:]
    curves = coefficients[1:].reshape(k, degrees)
    explained = (curves**2 - error.reshape(k, degrees)).sum(axis=1)
    ends = _legendre(np.array([0.0, 1.0]), degrees)
    told = np.array(
        [
            _told(full, means, slice(1 + i * degrees, 1 + (i + 1) * degrees), left, free, level)
            for i in range(k)
        ]
    )
    whole = max(unknown, float(explained[told].sum()))
    return Effects(
        shares=explained / whole if whole > 0 else np.zeros(k),
        moves=curves @ (ends[1] - ends[0]),
        told=told,
        curves=curves,
        centre=float(coefficients[0]),
    )


def _told(
    full: Values, means: Values, columns: slice, left: float, free: int, level: float
) -> bool:
    """The F test of leaving columns out."""
    from scipy.special import fdtri

    count = columns.stop - columns.start
    _, without = _fitted(np.delete(full, columns, axis=1), means)
    if left <= 0.0:
        return without > 0.0
    return bool((without - left) / count / (left / free) > float(fdtri(count, free, level)))


def _fitted(columns: Values, values: Values) -> tuple[Values, float]:
    """Coefficients and the sum of squares that is left."""
    found, *_ = np.linalg.lstsq(columns, values, rcond=None)
    return np.asarray(found, np.float64), float(((values - columns @ found) ** 2).sum())


def _legendre(u: Values, degrees: int) -> Values:
    """Shifted Legendre polynomials of degree 1 and 2, orthonormal over [0, 1]: (n, degrees)."""
    x = 2.0 * np.asarray(u) - 1.0
    return np.stack([math.sqrt(3) * x, math.sqrt(5) * (3 * x**2 - 1) / 2][:degrees], axis=-1)
