"""What a statement about many replications consists of: a value, an interval, and how it came."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95  # of an interval, unless another is asked for


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its confidence interval, in the unit of the measure.

    `value` is None where the measure is undefined (nobody came). `low` and `high` are None where
    the sample gives no bound: one replication, or a quantile beyond what the order of so few
    values can tell. `n` counts the replications (or values) used, `missing` those in which the
    measure was undefined (a mean leaves them out of n; totals hold them as nothing). `degrees` of
    freedom are given where they are not n - 1.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    method: str
    n: int
    missing: int = 0
    degrees: int | None = None

    @property
    def half_width(self) -> float | None:
        """Half the length of the interval; None where an end is missing."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2

    def scaled(self, factor: float) -> Estimate:
        """The same statement in another unit: every number times `factor` (> 0)."""
        if factor <= 0:
            raise ValueError(f"a unit's factor is positive, not {factor}")

        def times(x: float | None) -> float | None:
            return None if x is None else x * factor

        return replace(self, value=times(self.value), low=times(self.low), high=times(self.high))


@dataclass(frozen=True, slots=True)
class Band:
    """Many estimates of one kind at once (by interval, by day): arrays of one shape, NaN where an
    `Estimate` has None."""

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    level: float
    method: str
    n: int

    def at(self, index: int | tuple[int, ...] | tuple[()] = ()) -> Estimate:
        """One of them as an Estimate."""
        return Estimate(
            value=number(float(self.value[index])),
            low=number(float(self.low[index])),
            high=number(float(self.high[index])),
            level=self.level,
            method=self.method,
            n=self.n,
        )


def number(x: float) -> float | None:
    """A plain float, or None for NaN."""
    return None if np.isnan(x) else float(x)


def undefined(level: float, method: str, n: int, missing: int = 0) -> Estimate:
    return Estimate(None, None, None, level, method, n, missing)


def samples(values: ArrayLike) -> NDArray[np.float64]:
    """Values over replications as float64 with the replications first.

    Raises ValueError for a scalar."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0:
        raise ValueError("values over replications are expected, not a single number")
    return array


def simultaneous(level: float, statements: int) -> float:
    """The level of each of so many intervals that all hold at once with `level` (Bonferroni)."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    return 1.0 - (1.0 - level) / max(1, statements)
