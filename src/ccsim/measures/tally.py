"""Adding up by group and interval: events where they fall, stretches of time where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SECOND = 1_000_000  # us
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Window:
    """The measured part of the horizon, cut into the calendar's intervals."""

    edges: Ints  # (I + 1,) us: starts of the intervals, and the horizon
    day: Ints  # (I,) the calendar's day of each interval
    from_us: int  # the end of the warm-up
    until_us: int  # the horizon

    @property
    def intervals(self) -> int:
        return len(self.edges) - 1

    @property
    def measured_us(self) -> int:
        return max(0, self.until_us - self.from_us)

    @property
    def length_us(self) -> Floats:
        """Measured time of each interval, us: nothing in the warm-up."""
        return np.diff(np.maximum(self.edges, self.from_us)).astype(np.float64)

    def interval_of(self, us: Ints) -> Ints:
        """The interval of each instant of the horizon."""
        found: Ints = np.searchsorted(self.edges, us, side="right").astype(np.int64) - 1
        return np.clip(found, 0, self.intervals - 1)


def sum_events(
    window: Window, place: Ints, groups: int, weight: NDArray[np.generic] | None = None
) -> Floats:
    """(groups, I): events, or their weights, by place = group x I + interval."""
    size = groups * window.intervals
    if weight is None or weight.dtype != np.bool_:
        return np.bincount(place, weight, size).astype(np.float64).reshape(groups, -1)
    return np.bincount(place[weight], minlength=size).astype(np.float64).reshape(groups, -1)


def sum_time(
    window: Window, start: Ints, until: Ints, group: Ints, groups: int, weight: Ints | None = None
) -> Floats:
    """(groups, I): us of the stretches from `start` to `until` that lie in each interval, times
    their weights. What lies outside the measured window is cut off."""
    start, until = np.maximum(start, window.from_us), np.minimum(until, window.until_us)
    kept = start < until
    start, until, group = start[kept], until[kept], group[kept].astype(np.int64)
    times = np.ones(len(start)) if weight is None else weight[kept].astype(np.float64)
    first, last = window.interval_of(start), window.interval_of(until - 1)
    n = window.intervals
    size = groups * n
    long = first != last
    head = np.where(long, window.edges[first + 1], until) - start
    out = np.bincount(group * n + first, head * times, size).astype(np.float64)
    if long.any():
        group, first, last, until, times = (x[long] for x in (group, first, last, until, times))
        out += np.bincount(group * n + last, (until - window.edges[last]) * times, size)
        # Whole intervals between: +1 where they begin, -1 where they end, cumulated.
        steps = np.bincount(group * (n + 1) + first + 1, times, groups * (n + 1))
        steps -= np.bincount(group * (n + 1) + last, times, groups * (n + 1))
        whole = np.cumsum(steps.reshape(groups, n + 1), axis=1)[:, :-1]
        out += (whole * np.diff(window.edges)).ravel()
    return np.asarray(out, np.float64).reshape(groups, n)


def peak(start: Ints, until: Ints) -> int:
    """The most stretches at one time; one that ends where another starts does not meet it.

    `start` and `until` are each sorted, and hold no stretch of no length.
    """
    if not len(start):
        return 0
    ended = np.searchsorted(until, start, side="right")
    return int((np.arange(1, len(start) + 1) - ended).max())
