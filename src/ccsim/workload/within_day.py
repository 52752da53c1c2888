"""How the rate wanders within a day: a factor for each half hour, in long swings.

The model is PGnorta of Oreshkin, Regnard and L'Ecuyer (Operations Research 64, 2016, 510-527): the
factors are gamma with mean 1, joined by a normal copula; here its correlation falls exponentially
with the time between, as of an autoregression of order one. The day's factor multiplies them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, name_key, uniforms
from ccsim.numerics.distributions import normal_quantile
from ccsim.numerics.elementary import exact_sum, exp, interpolated
from ccsim.workload.factors import gamma_factors_of_scores
from ccsim.workload.profiles import DayProfile

if TYPE_CHECKING:
    from ccsim.scenario.schema import Busyness

HALF_HOUR = 1_800_000_000  # us of elapsed time since the day's start
GRID = 2.0**-54  # half a step of the grid of uniforms: quantiles stay finite


def factors_within_days(
    busyness: Busyness,
    name: str,
    root: int,
    days: Sequence[int],
    lengths: Sequence[int],
    mirror: bool,
) -> list[NDArray[np.float64]] | None:
    """The factors of the half hours of each of the days (`lengths`: of the days, us); None where
    none differ."""
    within = busyness.within_day
    if within is None or within.cv == 0.0:
        return None
    whose = busyness.shared or name
    keys = [name_key(root, "busyness within", whose, day) >> 1 << 1 | int(mirror) for day in days]
    steps = [-(-length // HALF_HOUR) for length in lengths]
    of_days = np.array(keys, dtype=np.uint64)[:, None]
    u = uniforms(of_days, Purpose.FIRST_WORKLOAD, np.arange(max(steps, default=0))) + GRID
    scores = normal_quantile(u)
    keeps = exp(-HALF_HOUR / within.memory)
    fresh = math.sqrt(1.0 - keeps * keeps)
    for step in range(1, scores.shape[1]):
        scores[:, step] = keeps * scores[:, step - 1] + fresh * scores[:, step]
    factors = gamma_factors_of_scores(within.cv, scores)
    return [factor[:count] for factor, count in zip(factors, steps, strict=True)]


def swung(
    channels: Mapping[str, tuple[float, DayProfile]], factors: NDArray[np.float64]
) -> tuple[float, dict[str, tuple[float, DayProfile]]]:
    """The factor of the day's volume that follows, and the channels with their new shares and
    shapes. With all volume in hours of factor 0 the factor is 0 and the channels are as before."""
    changed = {name: _swung(profile, factors) for name, (_, profile) in channels.items()}
    weights = {name: share * changed[name][0] for name, (share, _) in channels.items()}
    total = exact_sum(weights.values())
    if total <= 0.0:
        return 0.0, dict(channels)
    return total, {
        name: (weights[name] / total, profile)
        for name, (_, profile) in changed.items()
        if weights[name] > 0.0
    }


def _swung(profile: DayProfile, factors: NDArray[np.float64]) -> tuple[float, DayProfile]:
    """The mean factor of a shape, and the shape that it becomes."""
    old = np.append(profile.starts, profile.starts[-1] + profile.lengths[-1])
    grid = np.arange(0, old[-1] + 1, HALF_HOUR, dtype=np.int64)
    edges = np.union1d(old, grid[grid >= old[0]])
    come = interpolated(edges.astype(np.float64), old, profile.cumulated)
    share = np.diff(come) * factors[edges[:-1] // HALF_HOUR]
    total = exact_sum(share)
    if total <= 0.0:
        return 0.0, profile
    cumulated = np.concatenate(([0.0], np.cumsum(share)))
    return total, DayProfile(edges[:-1], np.diff(edges), cumulated / cumulated[-1])
