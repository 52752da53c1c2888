"""Stratified busyness: replications that lie together share out the days' busyness evenly.

The uniform u behind the factor of a day (of a type, or of those that share a word) is moved into a
stratum, so that any ten replications in a row (0 to 9, 10 to 19, ...) have it once in every tenth,
any twenty once in every twentieth, and any forty once in every fortieth. Every single u is uniform
as before, and different days and types are shared out independently: a Latin hypercube (McKay,
Beckman and Conover, Technometrics 21, 1979) whose runs are nested like those of a scrambled
sequence (Owen, 1995). Forties are independent. All follows from the seed and the replication's
number, so that a run may be extended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, name_key, root_key, uniforms

TENTHS = 10
FORTY = 40  # replications that are shared out together, four times ten
BELOW_ONE = 1.0 - 2.0**-53  # quantiles stay finite where the sum rounds up


@dataclass(frozen=True, slots=True)
class Strata:
    """Where one replication's days lie."""

    seed: int
    replication: int

    def moved(self, u: NDArray[np.float64], name: str, days: Sequence[int]) -> NDArray[np.float64]:
        """u in [0, 1) of a name's days, each in the replication's fortieth of [0, 1)."""
        forty, place = divmod(self.replication, FORTY)
        ten, place = divmod(place, TENTHS)
        root = root_key(self.seed, forty)
        tenths = _keys([name_key(root, "busyness tenths", name, day, ten) for day in days])
        parts = _keys([name_key(root, "busyness fortieths", name, day) for day in days])
        draws = uniforms(tenths, Purpose.FIRST_WORKLOAD, np.arange(TENTHS))
        tenth = np.argsort(draws, axis=1, kind="stable")[:, place]  # 0 to 9 in random order
        return np.minimum((tenth * 4 + _part(parts, tenth, ten) + u) / FORTY, BELOW_ONE)


def _keys(keys: Sequence[int]) -> NDArray[np.uint64]:
    """A column."""
    return np.array([key >> 1 << 1 for key in keys], dtype=np.uint64)[:, None]


def _part(keys: NDArray[np.uint64], tenth: NDArray[np.int64], ten: int) -> NDArray[np.int64]:
    """Which quarter of the tenth each of the four tens has: the first two have one of each half,
    and so have the last two."""
    draws = uniforms(keys, Purpose.FIRST_WORKLOAD, tenth[:, None] * 4 + np.arange(4))
    heads, tails, lower, upper = (draws < 0.5).astype(np.int64).T
    half = (heads, 1 - heads, tails, 1 - tails)[ten]
    is_last = ten // 2  # of the two that are in a half
    part: NDArray[np.int64] = np.where(half == 0, lower ^ is_last, 2 + (upper ^ is_last))
    return part
