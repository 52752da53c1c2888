"""Intervals for the value of one measure in one design, over independent replications.

The unit of independence is the replication: contacts of one day share its weather. The methods,
their sources and how often they cover are on the page docs/background/statistics.md.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ccsim.statistics.estimate import LEVEL, Band, Estimate, number, samples, undefined
from ccsim.statistics.student import normal_quantile, t_quantile

Scale = Literal["logit", "log", "plain"]
BOUND = 1.5  # how much larger than the delta method's error the jackknife's may be
NOISE = 1e-12  # relative spread below which replications differ by rounding alone


def mean(
    values: ArrayLike, level: float = LEVEL, *, within: tuple[float, float] = (-math.inf, math.inf)
) -> Estimate:
    """The mean over replications with Student's interval, NaN values left out and counted.

    values: (n,). `within` is where the measure can lie at all, (0, inf) for times and costs: the
    interval is cut there, which takes nothing from its coverage.
    """
    given = samples(values)
    array = given[~np.isnan(given)]
    n, missing = len(array), len(given) - len(array)
    method = "Student's t over replications"
    if n == 0:
        return undefined(level, method, 0, missing)
    value = float(array.mean())
    if n == 1:
        return Estimate(value, None, None, level, method, 1, missing)
    spread = float(array.std(ddof=1))
    spread = 0.0 if spread <= NOISE * abs(value) else spread
    half = t_quantile((1 + level) / 2, n - 1) * spread / math.sqrt(n)
    low, high = max(within[0], value - half), min(within[1], value + half)
    return Estimate(value, low, high, level, method, n, missing)


def ratio(
    numerators: ArrayLike,
    denominators: ArrayLike,
    level: float = LEVEL,
    *,
    scale: Scale = "log",
    counted: bool = True,
) -> Estimate:
    """The ratio of totals, sum(num) / sum(den), of one measure: see `ratios`."""
    num, den = samples(numerators), samples(denominators)
    missing = int(np.count_nonzero(den == 0.0))
    return replace(ratios(num, den, level, scale=scale, counted=counted).at(), missing=missing)


def ratios(
    numerators: ArrayLike,
    denominators: ArrayLike,
    level: float = LEVEL,
    *,
    scale: Scale = "log",
    counted: bool = True,
) -> Band:
    """Ratios of totals with jackknife intervals on a scale that keeps them where they can lie.

    numerators, denominators: (n, ...) with the replications first. `logit` is for shares (num <=
    den), `log` for what cannot be negative, `plain` for the rest.

    A ratio is undefined where the total of the denominators is 0. Where the total of the
    numerators is 0 (or a share is whole) no variation between replications was seen; a share of
    things that are `counted` (contacts, days; not hours) then gets the exact binomial bound
    1 - (alpha / 2)^(1 / sum(den)), any other ratio no width.
    """
    num, den = samples(numerators), samples(denominators)
    total_num, total_den = num.sum(axis=0), den.sum(axis=0)
    scale = scale_of(total_num, total_den, scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(total_den != 0, total_num / total_den, np.nan)
        residual = ((num - value * den) ** 2).sum(axis=0)
        left_out = (total_num - num) / (total_den - den)
        error = _delta_error(residual, total_den, value, num.shape[0], scale)
        if scale != "plain":
            error = _jackknife_error(left_out, error, scale)
    return _band(value, error, total_den, num.shape[0], level, scale, counted, _METHOD[scale])


def ratios_of_sums(
    sums: NDArray[np.float64], n: int, level: float = LEVEL, *, scale: Scale, counted: bool = True
) -> Band:
    """Ratios of totals from what was summed over n replications, without the replications.

    sums: (..., 5): sum of num, of den, of num^2, of den^2, of num x den. As `ratios`, with the
    delta method in place of the jackknife, which would need every replication.
    """
    total_num, total_den, squares_num, squares_den, products = np.moveaxis(sums, -1, 0)
    scale = scale_of(total_num, total_den, scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(total_den != 0, total_num / total_den, np.nan)
        residual = squares_num - 2.0 * value * products + value**2 * squares_den
        # what is left of equal numbers after subtraction is rounding, not spread
        residual = np.where(residual <= 1e-13 * squares_num, 0.0, residual)
        error = _delta_error(residual, total_den, value, n, scale)
    method = f"ratio of totals, delta method on the {scale} scale"
    return _band(value, error, total_den, n, level, scale, counted, method)


def scale_of(total_num: NDArray[np.float64], total_den: NDArray[np.float64], scale: Scale) -> Scale:
    """Shares that overtime lifts above 1 are no shares after all."""
    return "log" if scale == "logit" and bool(np.any(total_num > total_den)) else scale


def _band(
    value: NDArray[np.float64],
    error: NDArray[np.float64],
    total_den: NDArray[np.float64],
    n: int,
    level: float,
    scale: Scale,
    counted: bool,
    method: str,
) -> Band:
    """The interval of value plus or minus t errors on its scale, with the cases of no spread."""
    if n < 2:
        nothing = np.full_like(value, np.nan)
        return Band(value, nothing, nothing.copy(), level, method, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = t_quantile((1 + level) / 2, n - 1) * error
        centre = to_scale(value, scale)
        certain = (half <= NOISE) | ((value <= 0.0) & (scale != "plain"))
        certain |= (value >= 1.0) & (scale == "logit")
        low = np.where(certain, value, from_scale(centre - half, scale))
        high = np.where(certain, value, from_scale(centre + half, scale))
        if scale == "logit" and counted:
            bound = 1.0 - ((1 - level) / 2) ** (1.0 / np.maximum(total_den, 1.0))
            low = np.where(value >= 1.0, 1.0 - bound, low)
            high = np.where(value <= 0.0, bound, high)
    return Band(value, low, high, level, method, n)


_METHOD: dict[str, str] = {
    "logit": "ratio of totals, jackknife on the logit scale",
    "log": "ratio of totals, jackknife on the log scale",
    "plain": "ratio of totals, delta method",
}


def to_scale(x: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    if scale == "logit":
        return np.asarray(np.log(x) - np.log1p(-x))
    return np.asarray(np.log(x)) if scale == "log" else x


def from_scale(y: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        if scale == "logit":
            return np.asarray(1.0 / (1.0 + np.exp(-y)))
        return np.asarray(np.exp(y)) if scale == "log" else y


def _delta_error(
    residual: NDArray[np.float64],
    total_den: NDArray[np.float64],
    value: NDArray[np.float64],
    n: int,
    scale: Scale,
) -> NDArray[np.float64]:
    """The standard error on the scale, from the sum of (num - R den)^2."""
    delta = np.sqrt(residual / max(n - 1, 1) * n) / total_den
    if scale == "plain":
        return np.asarray(delta)
    return np.asarray(delta / (value * (1.0 - value)) if scale == "logit" else delta / value)


def _jackknife_error(
    left_out: NDArray[np.float64], delta: NDArray[np.float64], scale: Scale
) -> NDArray[np.float64]:
    """The jackknife's standard error on the scale, from the ratios with one replication left out.

    It sees the skewness that the delta method linearises away (measured: .93 against .89 coverage
    at n = 5). Where the only bad replication is left out, a share moves towards 1 and its logit
    without bound (98 % had an interval from 5 % to 100 %), so the error is at most `BOUND` times
    the delta method's; that takes its place where the scale does not hold what is left, be it but
    for rounding.
    """
    n = len(left_out)
    moved = to_scale(left_out, scale)
    if scale == "logit":
        moved = np.where(left_out < 1.0 - NOISE, moved, np.inf)
    jackknife = np.sqrt((n - 1) / n * ((moved - moved.mean(axis=0)) ** 2).sum(axis=0))
    bounded = np.minimum(jackknife, BOUND * delta)
    error: NDArray[np.float64] = np.where(np.isfinite(jackknife), bounded, delta)
    return error


Pool = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Counts (bins,) and edges (bins, 2) of all replications together."""


def quantile(
    counts: ArrayLike,
    edges: ArrayLike,
    p: float,
    level: float = LEVEL,
    *,
    pool: Pool | None = None,
) -> Estimate:
    """The pooled quantile over contacts with Woodruff's interval.

    counts: (n, bins) of contacts per replication; edges: (bins, 2), where each bin begins and ends
    in the measure's unit, ascending (gaps between bins hold nobody). `pool` gives counts and edges
    of all replications together in finer bins, where there are such. The interval inverts the
    pooled distribution at p plus or minus t standard errors of F(q), the error being that of a
    ratio of totals on the logit scale, so that it stays in (0, 1).
    Source: Woodruff, JASA 47 (1952) 635-646.
    """
    table, bounds = samples(counts), np.asarray(edges, dtype=np.float64)
    n = table.shape[0]
    method = "pooled quantile, Woodruff"
    missing = int(np.count_nonzero(table.sum(axis=1) == 0))
    pooled, ends = pool if pool is not None else (table.sum(axis=0), bounds)
    if pooled.sum() == 0:
        return undefined(level, method, n, missing)
    value = quantile_of(pooled, ends, p)
    share = ratio(below(table, bounds, value), table.sum(axis=1), level, scale="logit")
    if share.low is None or share.high is None or share.value is None:
        return Estimate(value, None, None, level, method, n, missing)
    # F at the pooled quantile is p up to an atom's mass; the error is moved to p itself.
    low, high = (
        quantile_of(pooled, ends, _shift(p, share.value, x)) for x in (share.low, share.high)
    )
    return Estimate(value, min(value, low), max(value, high), level, method, n, missing)


def _shift(p: float, seen: float, end: float) -> float:
    """`end`, an end of the interval around `seen`, moved along the logit scale to be around p."""
    if not (0.0 < seen < 1.0 and 0.0 < end < 1.0):
        return end
    moved = _logit(p) + _logit(end) - _logit(seen)
    return 1.0 / (1.0 + math.exp(-moved))


def _logit(x: float) -> float:
    return math.log(x) - math.log1p(-x)


def quantile_of(pooled: NDArray[np.float64], edges: NDArray[np.float64], p: float) -> float:
    """Where the distribution of a histogram that is not empty reaches p, linear within a bin."""
    cumulated = np.cumsum(pooled)
    goal = p * float(cumulated[-1])
    bin_ = min(int(np.searchsorted(cumulated, goal, side="left")), int(np.flatnonzero(pooled)[-1]))
    before = float(cumulated[bin_] - pooled[bin_])
    inside = (goal - before) / float(pooled[bin_]) if pooled[bin_] else 0.0
    left, right = edges[bin_]
    return float(left + min(1.0, max(0.0, inside)) * (right - left))


def below(
    counts: NDArray[np.float64], edges: NDArray[np.float64], value: float
) -> NDArray[np.float64]:
    """How many contacts of each replication lie at or below `value`, linear within its bin."""
    part = np.clip((value - edges[:, 0]) / (edges[:, 1] - edges[:, 0]), 0.0, 1.0)
    return np.asarray(counts @ part)


def chance(hits: int, n: int, level: float = LEVEL) -> Estimate:
    """The chance of an event seen in `hits` of n independent replications: Wilson's interval.

    Source: Wilson, JASA 22 (1927) 209-212; Brown, Cai and DasGupta, Stat. Science 16 (2001).
    """
    method = "Wilson over replications"
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is not a count of events")
    if n == 0:
        return undefined(level, method, 0)
    z2 = normal_quantile((1 + level) / 2) ** 2
    p = hits / n
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == n else centre + half
    return Estimate(p, low, high, level, method, n)


def order_statistic(values: ArrayLike, p: float, level: float = LEVEL) -> Estimate:
    """A quantile over days or replications (a bad day in twenty), whatever their distribution.

    values: (n,), NaN left out and counted. The interval runs between two of the sorted values; it
    holds with at least `level`, and has no end where the values are too few to give one.
    Source: David and Nagaraja, Order Statistics (2003), section 7.1.
    """
    given = samples(values)
    array = np.sort(given[~np.isnan(given)])
    n, missing = len(array), len(given) - len(array)
    method = "order statistics"
    if n == 0:
        return undefined(level, method, 0, missing)
    value = number(np.quantile(array, p))
    cumulated = np.minimum(1.0, np.cumsum(_binomial(n, p)))  # P(B <= k) for k = 0..n
    tail = (1 - level) / 2
    lower = int(np.searchsorted(cumulated, tail, side="right"))  # the largest rank that serves
    above = 1.0 - cumulated  # P(B > k): rank k + 1 serves once this is at most the tail
    fits = np.flatnonzero(above[:-1] <= tail)
    low = float(array[lower - 1]) if lower >= 1 else None
    high = float(array[fits[0]]) if len(fits) else None
    return Estimate(value, low, high, level, method, n, missing)


def _binomial(n: int, p: float) -> NDArray[np.float64]:
    """The probabilities of 0..n successes of n with chance p, 0 < p < 1."""
    if not 0.0 < p < 1.0:
        raise ValueError(f"a quantile's share lies between 0 and 1, not {p}")
    logs = [
        math.lgamma(n + 1)
        - math.lgamma(k + 1)
        - math.lgamma(n - k + 1)
        + k * math.log(p)
        + (n - k) * math.log1p(-p)
        for k in range(n + 1)
    ]
    return np.asarray(np.exp(np.array(logs)))
