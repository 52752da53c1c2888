"""Random counts and instants that outlive a release of NumPy.

Only the raw 64-bit output of the counter-based generator Philox (Salmon and others, SC 2011) is
used; everything made of it is made here, by inversion.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIRROR = np.uint64((1 << 53) - 1)
LEAST = 2.0**-54  # half a step of the grid of uniforms: 0 is no probability of a count
TOO_CLOSE = 1e-10  # far more than SciPy's incomplete gamma function is wrong by
EXACTLY = Context(prec=50, Emin=MIN_EMIN, Emax=MAX_EMAX)


class DayStreams:
    """Uniform numbers in [0, 1) for the days of one stream; every day has its own counters."""

    def __init__(self, key: int, antithetic: bool = False) -> None:
        self._bits = np.random.Philox(key=key)
        self._state: Any = self._bits.state  # before the first number of day 0
        self._antithetic = antithetic

    def numbers(
        self, days: Sequence[int], counts: Sequence[int], first: int = 0
    ) -> NDArray[np.float64]:
        """So many numbers of each day as counted, from its number `first` on, day after day; on the
        grid of 2^-53, mirrored for an antithetic partner."""
        found = [np.empty(0, dtype=np.uint64)]
        for day, count in zip(days, counts, strict=True):
            # set back is ten times quicker than made anew
            self._state["state"]["counter"][3] = day
            self._bits.state = self._state
            found.append(self._bits.random_raw(first + count)[first:])
        raw = np.concatenate(found) >> np.uint64(11)
        if self._antithetic:
            raw ^= MIRROR
        return raw.astype(np.float64) * 2.0**-53


def poisson_counts(means: ArrayLike, u: ArrayLike) -> NDArray[np.int64]:
    """Poisson counts by inversion: the smallest k with P(N <= k) > u, for each mean and u.

    P(N <= k) is the regularised incomplete gamma function Q(k + 1, mean); bisection on it costs the
    same for a mean of 1 and of 1,000,000, and a larger mean never gives a smaller count. SciPy's
    function differs between processors in its last digits; where these might decide, the terms are
    added up in decimal arithmetic instead.
    """
    from scipy.special import gammaincc

    mean, at = np.broadcast_arrays(
        np.asarray(means, dtype=np.float64), np.maximum(np.asarray(u, dtype=np.float64), LEAST)
    )
    close = np.zeros(mean.shape, dtype=np.bool_)
    low = np.full(mean.shape, -1, dtype=np.int64)  # P(N <= low) <= u
    high = np.ceil(mean + 12.0 * np.sqrt(mean) + 60.0).astype(np.int64)
    while bool(np.any(high - low > 1)):
        middle = (low + high) // 2
        at_most = np.asarray(gammaincc(middle + 1.0, mean))
        close |= np.abs(at_most - at) < TOO_CLOSE
        above = at_most > at
        high = np.where(above, middle, high)
        low = np.where(above, low, middle)
    for place in np.argwhere(close & (mean > 0.0)).tolist():
        high[tuple(place)] = exact_count(float(mean[tuple(place)]), float(at[tuple(place)]))
    return np.where(mean > 0.0, high, 0)


def exact_count(mean: float, u: float) -> int:
    """The smallest k with P(N <= k) > u, from 50 digits; slow for large means."""
    with localcontext(EXACTLY):
        expected, below = Decimal(mean), Decimal(u)
        count, term = 0, (-expected).exp()
        so_far = term
        while so_far <= below:
            count += 1
            term = term * expected / count
            so_far += term
        return count
