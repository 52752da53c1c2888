"""Random counts and instants that outlive a release of NumPy.

Only the raw 64-bit output of the counter-based generator Philox (Salmon and others, SC 2011) is
used; everything made of it is made here, by inversion.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIRROR = np.uint64((1 << 53) - 1)


class DayStream:
    """Uniform numbers in [0, 1) for one day of one stream; every day has its own counters."""

    def __init__(self, key: int, day: int, antithetic: bool = False) -> None:
        self._bits = np.random.Philox(key=key, counter=[0, 0, 0, day])
        self._antithetic = antithetic

    def next(self, count: int) -> NDArray[np.float64]:
        """The next `count` numbers on the grid of 2^-53; mirrored for an antithetic partner."""
        raw = np.asarray(self._bits.random_raw(count), dtype=np.uint64) >> np.uint64(11)
        if self._antithetic:
            raw ^= MIRROR
        return raw.astype(np.float64) * 2.0**-53


def poisson_counts(means: ArrayLike, u: ArrayLike) -> NDArray[np.int64]:
    """Poisson counts by inversion: the smallest k with P(N <= k) > u, for each mean and u.

    P(N <= k) is the regularised incomplete gamma function Q(k + 1, mean); bisection on it costs the
    same for a mean of 1 and of 1,000,000, and a larger mean never gives a smaller count.
    """
    from scipy.special import gammaincc

    mean, at = np.broadcast_arrays(
        np.asarray(means, dtype=np.float64), np.asarray(u, dtype=np.float64)
    )
    low = np.full(mean.shape, -1, dtype=np.int64)  # P(N <= low) <= u
    high = np.ceil(mean + 12.0 * np.sqrt(mean) + 60.0).astype(np.int64)
    while bool(np.any(high - low > 1)):
        middle = (low + high) // 2
        above = np.asarray(gammaincc(middle + 1.0, mean)) > at
        high = np.where(above, middle, high)
        low = np.where(above, low, middle)
    return np.where(mean > 0.0, high, 0)
