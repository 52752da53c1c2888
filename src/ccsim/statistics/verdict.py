"""What may be said in words, by rule from an interval and never stronger than it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ccsim.statistics.estimate import Estimate
from ccsim.statistics.student import normal_quantile, t_quantile

Better = Literal["higher", "lower", "neither"] | None
Word = Literal["better", "worse", "higher", "lower", "same", "not distinguishable", "undefined"]
TargetStatus = Literal["met", "missed", "too close to call", "undefined"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word, and with `not distinguishable` the two numbers that make it useful.

    `excluded_above`: any difference larger than this, in either direction, is excluded at the
    interval's level. `for_difference` and `replications`: about so many replications would
    distinguish a difference of that size.
    """

    word: Word
    excluded_above: float | None = None
    for_difference: float | None = None
    replications: int | None = None

    def __str__(self) -> str:
        if self.word != "not distinguishable":
            return self.word
        if self.excluded_above is None:
            return "not distinguishable: one replication gives no interval"
        text = f"not distinguishable: any difference above {self.excluded_above:.3g} is excluded"
        if self.for_difference is not None and self.replications is not None:
            text += (
                f"; about {self.replications} replications would tell a difference"
                f" of {self.for_difference:.3g}"
            )
        return text


def verdict(difference: Estimate, better: Better, matters: float | None = None) -> Verdict:
    """What a difference (ours minus theirs) says, given which direction is better.

    `matters` is the smallest difference that would matter; without it the observed difference is
    the one that more replications would have to distinguish. Where neither direction is better
    the words are `higher` and `lower`; `same` is said where nothing differs in any replication.
    """
    value, low, high = difference.value, difference.low, difference.high
    if value is None:
        return Verdict("undefined")
    if low is None or high is None:
        return Verdict("not distinguishable")
    if low == high == 0.0:
        return Verdict("same")
    if low > 0.0 or high < 0.0:
        direction: Literal["higher", "lower"] = "higher" if low > 0.0 else "lower"
        if better is None or better == "neither":
            return Verdict(direction)
        return Verdict("better" if direction == better else "worse")
    wanted = abs(matters) if matters else abs(value)
    return Verdict(
        "not distinguishable",
        excluded_above=max(abs(low), abs(high)),
        for_difference=wanted or None,
        replications=replications_for(difference, wanted),
    )


def target_status(
    estimate: Estimate, at_least: float | None = None, at_most: float | None = None
) -> TargetStatus:
    """Kept when the whole interval clears the bound, missed when all of it lies beyond.

    With both bounds the promise is kept when both are and missed when either is. Raises
    ValueError without a bound.
    """
    if at_least is None and at_most is None:
        raise ValueError("a promise needs a bound: at_least, at_most or both")
    low, high = estimate.low, estimate.high
    if estimate.value is None:
        return "undefined"
    if low is None or high is None:
        return "too close to call"
    if (at_least is not None and high < at_least) or (at_most is not None and low > at_most):
        return "missed"
    if (at_least is None or low >= at_least) and (at_most is None or high <= at_most):
        return "met"
    return "too close to call"


def replications_for(estimate: Estimate, half_width: float) -> int | None:
    """About how many replications give an interval of `half_width`, to two digits, upwards.

    From the interval at hand by the square-root law, with Student's factor for that many. None
    where that says nothing (no interval, no width asked for).
    """
    if estimate.half_width is None or half_width <= 0.0 or estimate.n < 2:
        return None
    p = (1 + estimate.level) / 2
    student = t_quantile(p, estimate.degrees or estimate.n - 1)
    spread = estimate.half_width * math.sqrt(estimate.n) / student
    needed = (normal_quantile(p) * spread / half_width) ** 2
    if needed > 1e12:  # nobody will; and 10 ** 12 replications is not a number to print
        return None
    for _ in range(50):
        degrees = max(1, math.ceil(needed) - 1)
        more = (t_quantile(p, degrees) * spread / half_width) ** 2
        if more <= needed:
            break
        needed = min(more, needed + max(1.0, needed / 2))
    # The interval at hand does not do, so at least one more is asked for.
    needed = max(needed, estimate.n + 1)
    step: int = 10 ** max(0, math.floor(math.log10(needed)) - 1)
    return math.ceil(needed / step) * step
