"""Intervals for values whose variance is reduced: by groups of replications and by controls."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from ccsim.statistics.estimate import LEVEL, Estimate, samples
from ccsim.statistics.reduction import NO_GAINS, Gains, Reduced, Reduction, together
from ccsim.statistics.student import t_quantile
from ccsim.statistics.values import (
    Pool,
    Scale,
    below,
    from_scale,
    mean,
    quantile,
    ratio,
    scale_of,
    to_scale,
)


def reduced_ratio(
    numerators: ArrayLike,
    denominators: ArrayLike,
    how: Reduction,
    level: float = LEVEL,
    *,
    scale: Scale = "log",
    counted: bool = True,
) -> tuple[Estimate, Gains]:
    """The ratio of totals as `ratio` gives it, with what `how` takes off its interval.

    The value moves on the scale of the interval, by the linearised ratio's control, so that a share
    stays a share. Nothing is gained where the ratio is undefined or nothing varies.
    """
    num, den = samples(numerators), samples(denominators)
    found = ratio(num, den, level, scale=scale, counted=counted)
    scale = scale_of(num.sum(axis=0), den.sum(axis=0), scale)
    value = found.value
    if value is None or _nothing_varies(found) or (scale == "logit" and not 0.0 < value < 1.0):
        return found, NO_GAINS
    reduced = how.of((num - value * den) / den.mean())
    if reduced.size > 1:
        of_groups = together(num, reduced.size), together(den, reduced.size)
        found = replace(ratio(*of_groups, level, scale=scale, counted=counted), n=len(num))
    if scale == "logit":
        slope = 1.0 / (value * (1.0 - value))
    else:
        slope = 1.0 / value if scale == "log" else 1.0
    return _with(found, reduced, level, scale, slope), reduced.gains


def reduced_mean(
    values: ArrayLike,
    how: Reduction,
    level: float = LEVEL,
    *,
    within: tuple[float, float] = (-math.inf, math.inf),
) -> tuple[Estimate, Gains]:
    """The mean as `mean` gives it, with what `how` takes off its interval; nothing where it is
    undefined in a replication."""
    array = samples(values)
    found = mean(array, level, within=within)
    if found.missing or _nothing_varies(found):
        return found, NO_GAINS
    assert found.value is not None
    reduced = how.of(array - found.value)
    wide = mean(array, level)
    if reduced.size > 1:
        ones = np.ones_like(array)
        of_groups = together(array, reduced.size), together(ones, reduced.size)
        wide = replace(ratio(*of_groups, level, scale="plain"), n=len(array))
    given = _with(wide, reduced, level, "plain", 1.0)
    assert given.value is not None and given.low is not None and given.high is not None
    value, low, high = (
        min(max(x, within[0]), within[1]) for x in (given.value, given.low, given.high)
    )
    return replace(given, value=value, low=low, high=high), reduced.gains


def reduced_quantile(
    counts: ArrayLike,
    edges: ArrayLike,
    p: float,
    how: Reduction,
    level: float = LEVEL,
    *,
    pool: Pool | None = None,
) -> tuple[Estimate, Gains]:
    """The pooled quantile as `quantile` gives it, from groups of replications where these gain;
    controls are left out."""
    table, bounds = samples(counts), np.asarray(edges, dtype=np.float64)
    found = quantile(table, bounds, p, level, pool=pool)
    if found.value is None or _nothing_varies(found):
        return found, NO_GAINS
    whole = table.sum(axis=1)
    under = below(table, bounds, found.value)
    moves = (under - under.sum() / whole.sum() * whole) / whole.mean()
    reduced = Reduction(how.sizes, np.empty((len(table), 0))).of(moves)
    if reduced.size > 1:
        again = quantile(together(table, reduced.size), bounds, p, level, pool=pool)
        found = replace(again, n=len(table), missing=found.missing, degrees=reduced.degrees)
    return found, reduced.gains


def _nothing_varies(found: Estimate) -> bool:
    return found.low is None or found.low == found.high


def _with(found: Estimate, reduced: Reduced, level: float, scale: Scale, slope: float) -> Estimate:
    """The interval after controls; `slope` is that of the scale at the value."""
    if reduced.plain:
        return found
    words = [f"groups of {reduced.size}"] if reduced.size > 1 else []
    assert found.value is not None and found.low is not None and found.high is not None
    centre, low, high = (_on(x, scale) for x in (found.value, found.low, found.high))
    if reduced.factor != 1.0 and math.isfinite(high - low):
        p, groups = (1.0 + level) / 2.0, -(-found.n // reduced.size)
        student = t_quantile(p, reduced.degrees) / t_quantile(p, groups - 1)
        half = (high - low) / 2.0 * reduced.factor * student
        centre -= reduced.shift * slope
        ends = from_scale(np.array([centre, centre - half, centre + half]), scale).tolist()
        found = replace(found, value=ends[0], low=ends[1], high=ends[2])
        words.append("controlled by arrivals")
    method = ", ".join([found.method, *words])
    return replace(found, method=method, degrees=reduced.degrees)


def _on(x: float, scale: Scale) -> float:
    with np.errstate(divide="ignore"):
        return float(to_scale(np.asarray(x), scale))
