"""A bound for a mean that may be looked at after every replication, for skewed and rare values too.

The bound is a mixture of Student's t over normal effect sizes with the right Haar prior on the
standard deviation: a martingale whatever the standard deviation is, so that it holds at all looks
together (Lai, Annals of Statistics 4 (1976) 265-280; Wang and Ramdas, Electronic Journal of
Statistics 19 (2025)). A term of Hall's (Annals of Statistics 20 (1992) 695-711) widens it where
the values are skewed in the direction that would deceive. Nothing is decided before `FIRST`
replications, nor from a difference that arose in fewer than `FEWEST_UNLIKE` of them: what happens
in fewer than three of fifty replications cannot decide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FIRST = 50
FEWEST_UNLIKE = 5
SHARPEST_AT = 200
"""The number of replications at which the mixture is narrowest: a constant, never taken from the
data, since tuning it at each look would break the martingale."""
MOST = 1_000_000  # beyond this no number of replications is named


def half_width(n: int, spread: float, skewness: float, error: float) -> float:
    """The half-width of a one-sided bound for a mean that holds at all looks together.

    n: replications so far; spread: their standard deviation (n - 1); skewness: bias-corrected and
    signed so that a positive one is in the harmful direction (minus that of the values for a lower
    bound, plus for an upper one); error: the chance that the bound is ever on the wrong side, in
    (0, 0.5). Infinite where so few replications give no bound. ValueError for other errors.
    """
    if not 0.0 < error < 0.5:
        raise ValueError(f"the error of a one-sided bound lies between 0 and 0.5, not {error}")
    if n < 2:
        return math.inf
    depth = 2.0 * math.log(1.0 / (2.0 * error))
    weight = n * (depth + math.log1p(depth)) / SHARPEST_AT
    reach = math.exp((math.log1p(weight) + depth) / n)  # ((1 + weight) / (2 error)^2)^(1/n)
    if reach >= 1.0 + weight:
        return math.inf
    t = math.sqrt((n - 1) * (reach - 1.0) / (1.0 - reach / (1.0 + weight)))
    hall = max(0.0, skewness) * (2.0 * t * t + 1.0) / (6.0 * math.sqrt(n))
    return spread / math.sqrt(n) * (t + hall)


def largest_share(n: int, seen: int, error: float) -> float:
    """The upper bound for the chance of an event that was seen in `seen` of n replications.

    It holds at all looks together: without any it is 1 - error^(1/n), else it inverts the mixture
    of binomials over Jeffreys' prior (Robbins, Annals of Mathematical Statistics 41 (1970)).
    """
    if seen == 0:
        return float(1.0 - error ** (1.0 / n)) if n else 1.0
    if seen == n:
        return 1.0

    def evidence(p: float) -> float:
        """The logarithm of the mixture's likelihood over that of p."""
        likelihood = seen * math.log(p) + (n - seen) * math.log1p(-p)
        mixed = math.lgamma(seen + 0.5) + math.lgamma(n - seen + 0.5) - math.lgamma(n + 1)
        return mixed - 2.0 * math.lgamma(0.5) - likelihood

    low, high = seen / n, 1.0 - 1e-15
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if evidence(middle) >= -math.log(error) else (middle, high)
    return high


@dataclass(frozen=True, slots=True)
class Evidence:
    """What n replications say of one value, and the bounds that follow.

    spread and skewness are those of what each replication moves the value by. `usual` is the most
    frequent value of a single replication, and `unlike` how many replications differ from it.
    floor, ceiling: where a single replication's value can lie at all (0 and 1 for a share).
    """

    value: float
    n: int
    spread: float
    skewness: float
    usual: float
    unlike: int
    floor: float = -math.inf
    ceiling: float = math.inf

    def lower(self, error: float) -> float:
        """The lower bound of the value that holds at all looks together, but for `error`."""
        return self._bound(error, -1)

    def upper(self, error: float) -> float:
        """The upper bound, likewise."""
        return self._bound(error, +1)

    def _bound(self, error: float, side: int) -> float:
        if self.n < FIRST or math.isnan(self.value):
            return side * math.inf
        end = self.ceiling if side > 0 else self.floor
        if self.unlike < FEWEST_UNLIKE:
            if math.isfinite(end):
                return self.usual + largest_share(self.n, self.unlike, error) * (end - self.usual)
            return side * math.inf if self.unlike else self.value
        bound = self.value + side * half_width(self.n, self.spread, side * self.skewness, error)
        return min(bound, self.ceiling) if side > 0 else max(bound, self.floor)

    def replications_for(self, error: float, length: float) -> int | None:
        """About how many replications make a bound lie `length` from the value, as things stand;
        None where more than `MOST` would not do. length: above 0, in the measure's unit."""
        n = max(self.n, FIRST)
        while n <= MOST:
            if half_width(n, self.spread, abs(self.skewness), error) <= length:
                return n
            n = math.ceil(1.1 * n)
        return None
