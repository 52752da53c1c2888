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

from dataclasses import dataclass

from ccsim.network.draws import Purpose, name_key, root_key, uniform

TENTHS = 10
FORTY = 40  # replications that are shared out together, four times ten
BELOW_ONE = 1.0 - 2.0**-53  # quantiles stay finite where the sum rounds up


@dataclass(frozen=True, slots=True)
class Strata:
    """Where one replication's days lie."""

    seed: int
    replication: int

    def moved(self, u: float, name: str, day: int) -> float:
        """u in [0, 1) of a name's day, in the replication's fortieth of [0, 1)."""
        forty, place = divmod(self.replication, FORTY)
        ten, place = divmod(place, TENTHS)
        root = root_key(self.seed, forty)
        tenth = _shuffled(name_key(root, "busyness tenths", name, day, ten))[place]
        part = _parts(name_key(root, "busyness fortieths", name, day), tenth)[ten]
        return min((tenth * 4 + part + u) / FORTY, BELOW_ONE)


def _shuffled(key: int) -> list[int]:
    """The numbers 0 to 9 in random order."""
    draws = [uniform(key >> 1 << 1, n, 0, Purpose.FIRST_WORKLOAD) for n in range(TENTHS)]
    return sorted(range(TENTHS), key=draws.__getitem__)


def _parts(key: int, tenth: int) -> tuple[int, int, int, int]:
    """Which quarter of the tenth each of the four tens has: the first two have one of each half,
    and so have the last two."""
    first = tenth * 4
    heads, tails, lower, upper = (
        int(uniform(key >> 1 << 1, first + n, 0, Purpose.FIRST_WORKLOAD) < 0.5) for n in range(4)
    )
    quarter = [[lower, 1 - lower], [2 + upper, 3 - upper]]  # of each half: for the first two, last
    return quarter[heads][0], quarter[1 - heads][0], quarter[tails][1], quarter[1 - tails][1]
