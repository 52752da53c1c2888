"""The window of time that is measured, and the arrays in which is counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
