"""Estimates made by hand, for tests of what is shown."""

from __future__ import annotations

from ccsim.statistics.estimate import Estimate


def interval(
    value: float | None, low: float | None = None, high: float | None = None, n: int = 100
) -> Estimate:
    """A value with its ends; the ends are missing where they are left out."""
    return Estimate(value, low, high, 0.95, "by hand", n)


def around(value: float, half: float, n: int = 100) -> Estimate:
    """value ± half."""
    return interval(value, value - half, value + half, n)


def certain(value: float) -> Estimate:
    """The same in every replication."""
    return interval(value, value, value)
