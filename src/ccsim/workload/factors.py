"""Factors by which days and half hours are busier than expected: gamma with mean 1.

Types that share their busyness, and designs, ask for the same factors: the latest are kept.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ccsim.numerics.distributions import gamma_quantile, normal_cdf
from ccsim.numerics.elementary import Floats

KEPT = 64


def gamma_factors(cv: float, u: Floats) -> Floats:
    """The quantiles at u in [0, 1) of the gamma distribution with mean 1 and this coefficient of
    variation (above 0)."""
    return _factors(cv, u.tobytes(), False).reshape(u.shape)


def gamma_factors_of_scores(cv: float, scores: Floats) -> Floats:
    """The same quantiles at the probabilities of normal scores."""
    return _factors(cv, scores.tobytes(), True).reshape(scores.shape)


@lru_cache(maxsize=KEPT)
def _factors(cv: float, values: bytes, are_scores: bool) -> Floats:
    shape = 1.0 / (cv * cv)
    given = np.frombuffer(values)
    found = gamma_quantile(shape, normal_cdf(given) if are_scores else given) / shape
    found.flags.writeable = False
    return found
