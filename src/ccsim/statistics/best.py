"""Multiple comparisons with the best: how far each design is from the best of the others.

For design i the parameter is its value minus the best of the others'. Take simultaneous intervals
of all paired differences, [l_ij, u_ij] for i minus j, larger being better: the difference to the
best of the others lies in [min_j l_ij, min_j u_ij], and Hsu's constrained interval is
[min(0, that), max(0, that)]. A design whose interval ends at 0 is surely not the best; one whose
interval begins at 0 surely is. Sources: Hsu, Multiple Comparisons (1996), chapter 4; under common
random numbers, with Bonferroni's pairs, Yang and Nelson, Operations Research 39 (1991) 583-591.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from ccsim.statistics.differences import Difference
from ccsim.statistics.estimate import LEVEL, simultaneous

Standing = Literal["best", "may be best", "not best"]


@dataclass(frozen=True, slots=True)
class ToBest:
    """A design's value minus the best of the others', in the measure's unit and sign.

    The interval is constrained: it holds 0, and one of its ends is 0 where the design surely is, or
    surely is not, the best.
    """

    design: str
    low: float
    high: float
    standing: Standing
    level: float


def with_the_best(
    designs: Sequence[str],
    difference: Callable[[str, str, float], Difference],
    *,
    larger_is_better: bool,
    level: float = LEVEL,
) -> tuple[ToBest, ...]:
    """Every design against the best of the others, all statements together at `level`.

    `difference(i, j, level)` is the paired difference i minus j at that level. Designs without a
    defined difference to another are left out; nothing is said of fewer than two.
    """
    pairs = list(combinations(designs, 2))
    single = simultaneous(level, len(pairs))
    ends: dict[tuple[str, str], tuple[float, float]] = {}
    for i, j in pairs:
        found = difference(i, j, single).estimate
        if found.low is None or found.high is None:
            continue
        low, high = (found.low, found.high) if larger_is_better else (-found.high, -found.low)
        ends[i, j], ends[j, i] = (low, high), (-high, -low)
    stated = []
    for i in designs:
        others = [ends[i, j] for j in designs if (i, j) in ends]
        if not others or len(others) < len(designs) - 1:
            continue
        low, high = min(low for low, _ in others), min(high for _, high in others)
        standing: Standing = "best" if low > 0 else "not best" if high < 0 else "may be best"
        low, high = min(0.0, low), max(0.0, high)
        if not larger_is_better:
            low, high = -high, -low
        stated.append(ToBest(i, low, high, standing, level))
    return tuple(stated)
