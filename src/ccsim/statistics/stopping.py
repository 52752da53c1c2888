"""How many replications: a sequential rule for a half-width that is asked for.

At least `FIRST` replications; then more, as long as the interval at hand is wider than asked. The
half-width may be absolute (beta), or relative to the value (gamma); the relative one is compared
with gamma / (1 + gamma), so that the error relative to the *true* value is at most gamma.
Source: Law, Simulation Modeling and Analysis (2015), 9.4.1, after Chow and Robbins, Annals of
Mathematical Statistics 36 (1965) 457-462. It looks after batches, not after each replication, and
the sizes of these follow from the intervals alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ccsim.statistics.estimate import Estimate

FIRST = 50  # with n0 of 5, 10 and 20 a nominal 95 % covered .66-.71, .76 and .81-.86
FEWEST, PART = 5, 0.1  # a batch is at least 5 replications and a tenth of those at hand


@dataclass(frozen=True, slots=True)
class HalfWidth:
    """A half-width that is asked for: `absolute` in the measure's unit, or `relative`, a share of
    the value."""

    absolute: float | None = None
    relative: float | None = None

    def __post_init__(self) -> None:
        given = [x for x in (self.absolute, self.relative) if x is not None]
        if len(given) != 1 or not given[0] > 0 or not math.isfinite(given[0]):
            raise ValueError("a half-width above zero is needed, absolute or relative")

    def around(self, value: float) -> float:
        """The half-width asked for at this value, in its unit."""
        if self.absolute is not None:
            return self.absolute
        assert self.relative is not None
        return self.relative / (1 + self.relative) * abs(value)

    def times_too_wide(self, estimate: Estimate) -> float:
        """How many times wider the interval is than asked; at most 1 when it will do.

        Infinite where there is no interval: nobody came, or one replication.
        """
        if estimate.value is None or estimate.half_width is None:
            return math.inf
        if estimate.half_width == 0.0:
            return 0.0
        wanted = self.around(estimate.value)
        return estimate.half_width / wanted if wanted > 0 else math.inf


def next_size(n: int, times_too_wide: float, at_most: int) -> int:
    """How many replications to have at the next look, after n; n itself when it is enough.

    As many as the square-root law asks for, but at least a batch more, and at most twice as many:
    an estimate of the spread is not to be trusted further.
    """
    if times_too_wide <= 1 or n >= at_most:
        return n
    needed = 2 * n if times_too_wide >= 2 else math.ceil(n * times_too_wide**2)
    batch = max(FEWEST, math.ceil(PART * n))
    return min(max(n + batch, min(needed, 2 * n)), at_most)
