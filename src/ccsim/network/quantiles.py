"""A distribution is a table of quantiles (docs/background/model.md, section 1).

Every family, and every sample from a log, becomes the same thing: a monotone table of its inverse
distribution function. An engine then turns a uniform number into a value by one multiplication
chain and one interpolation, with the same bits whatever the family and whoever computes it.

Accuracy. A table is scaled once so that the mean of the piecewise linear function *is* the mean of
the distribution (to 1e-12, relative). For the families below with a coefficient of variation from
0.1 to 3, the table's coefficient of variation is within 0.25 % of the distribution's, and the
distribution functions differ by less than 0.001. Nothing lies beyond the quantile at 1 - 2^-32.

Values have the unit of the arguments: microseconds for patience and delays, 1 for efforts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ccsim.numerics.distributions import gamma_upper_quantile, log_gamma, normal_quantile
from ccsim.numerics.elementary import exact_sum, exps, log, log1p, logs, powers

BINS = 1024
LEVELS = 3
FOREVER = float(1 << 62)  # a value beyond every horizon: at least network.model.NEVER
TAIL = 2.0**-32  # probability above the last node of an unbounded distribution

Floats = NDArray[np.float64]
Rows = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class QuantileTable:
    """The inverse of a distribution function, piecewise linear on a three-level grid.

    `nodes[0]` are the quantiles at k/1024; its topmost bin is resolved by `nodes[1]`, whose topmost
    is resolved by `nodes[2]`. An atom at the lower end has mass `low_mass` and value `low`, one at
    the upper end `high_mass` and `high`; the grid describes what lies between, with the remaining
    mass.
    """

    nodes: Floats  # (3, 1025), monotone
    low_mass: float = 0.0
    low: float = 0.0
    high_mass: float = 0.0
    high: float = 0.0
    # The nodes and their differences as plain floats: an engine in pure Python reads a table three
    # times a contact, and an element of an array costs five times one of a tuple.
    _start: Rows = field(init=False, repr=False)
    _rise: Rows = field(init=False, repr=False)
    _atoms: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raise ValueError for a table of the wrong shape, not monotone, or with odd masses."""
        if self.nodes.shape != (LEVELS, BINS + 1):
            raise ValueError(f"a quantile table has the shape (3, 1025), not {self.nodes.shape}")
        rises = np.diff(self.nodes, axis=1)
        if not bool(np.all(np.isfinite(self.nodes))) or bool(np.any(rises < 0.0)):
            raise ValueError("quantiles must be finite and must not fall")
        if self.low_mass < 0.0 or self.high_mass < 0.0 or self.low_mass + self.high_mass > 1.0:
            raise ValueError("masses of atoms must not be negative nor total more than 1")
        for name, rows in (("_start", self.nodes[:, :-1]), ("_rise", rises)):
            object.__setattr__(self, name, tuple(tuple(row.tolist()) for row in rows))
        object.__setattr__(self, "_atoms", self.low_mass > 0.0 or self.high_mass > 0.0)

    def value(self, u: float) -> float:
        """The quantile at u in [0, 1)."""
        if self._atoms:
            if u < self.low_mass:
                return self.low
            if u >= 1.0 - self.high_mass:
                return self.high
            u = (u - self.low_mass) / (1.0 - self.low_mass - self.high_mass)
            if u >= 1.0:
                u = 1.0 - 2.0**-53
        x = u * 1024.0
        level = 0
        while level < 2 and x >= 1023.0:
            x = (x - 1023.0) * 1024.0
            level += 1
        i = int(x)
        return self._start[level][i] + (x - i) * self._rise[level][i]

    def mean(self) -> float:
        """The exact mean of `value(u)` over u; infinite where some values are FOREVER."""
        if self.high_mass > 0.0 and self.high >= FOREVER:
            return math.inf
        between = 1.0 - self.low_mass - self.high_mass
        atoms = self.low_mass * self.low + self.high_mass * self.high
        return atoms + between * _grid_moment(self.nodes, 1)

    def cv(self) -> float:
        """The exact coefficient of variation of `value(u)` over u; nan for a mean of 0."""
        mean = self.mean()
        if not 0.0 < mean < math.inf:
            return math.nan
        between = 1.0 - self.low_mass - self.high_mass
        atoms = self.low_mass * self.low * self.low + self.high_mass * self.high * self.high
        square = atoms + between * _grid_moment(self.nodes, 2)
        return math.sqrt(max(square - mean * mean, 0.0)) / mean

    def scaled_to(self, mean: float) -> QuantileTable:
        """The same shape with another mean.

        Raises ValueError where there is nothing to scale: a mean of 0, or values of FOREVER.
        """
        now = self.mean()
        if not 0.0 < now < math.inf:
            raise ValueError(f"a distribution with the mean {now} cannot be scaled")
        k = mean / now
        return replace(self, nodes=self.nodes * k, low=self.low * k, high=self.high * k)

    def with_atoms(self, at_zero: float = 0.0, never: float = 0.0) -> QuantileTable:
        """This distribution for most, 0 for the share `at_zero`, FOREVER for the share `never`.

        The mean of the others stays: 'patience 2.4 min, 3 % hang up at once' means 2.4 min among
        the 97 % who wait. Raises ValueError if shares total more than 1, or atoms exist above 0.
        """
        if self.high_mass > 0.0 or (self.low_mass > 0.0 and self.low != 0.0):
            raise ValueError("the distribution has atoms of its own")
        rest = 1.0 - at_zero - never
        return replace(
            self,
            low_mass=at_zero + rest * self.low_mass,
            low=0.0,
            high_mass=never,
            high=FOREVER if never > 0.0 else 0.0,
        )


# --- families: mean and shape as a person states them -------------------------------------------


def constant(value: float) -> QuantileTable:
    """Always `value`."""
    return QuantileTable(np.full((LEVELS, BINS + 1), float(value)))


def exponential(mean: float) -> QuantileTable:
    """Without memory: cv = 1."""
    return _table(lambda s: -logs(s), mean)


def erlang(mean: float, phases: float) -> QuantileTable:
    """The sum of `phases` equal exponential phases: cv = 1 / sqrt(phases)."""
    if phases < 1.0 or phases != math.floor(phases):
        raise ValueError(f"an Erlang distribution has 1, 2, 3... phases, not {phases:g}")
    return gamma(mean, shape=phases)


def gamma(mean: float, cv: float | None = None, shape: float | None = None) -> QuantileTable:
    """Gamma by its cv or its shape (cv = 1 / sqrt(shape))."""
    k = _one_of(cv, shape, lambda c: 1.0 / (c * c))
    if k is None:
        return constant(mean)
    return _table(lambda s: gamma_upper_quantile(k, s), mean)


def weibull(mean: float, shape: float | None = None, cv: float | None = None) -> QuantileTable:
    """Weibull by its shape (1 is exponential, above 1 impatience grows) or its cv."""
    k = _one_of(cv, shape, _weibull_shape)
    if k is None:
        return constant(mean)
    return _table(lambda s: powers(-logs(s), 1.0 / k), mean)


def lognormal(mean: float, cv: float) -> QuantileTable:
    """Lognormal: sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2."""
    if cv < 0.0:
        raise ValueError("a coefficient of variation is not negative")
    if cv == 0.0:
        return constant(mean)
    sigma = math.sqrt(log1p(cv * cv))
    return _table(lambda s: exps(-sigma * normal_quantile(s)), mean)


def uniform(low: float, high: float) -> QuantileTable:
    """Every value between `low` and `high` alike."""
    if not 0.0 <= low <= high:
        raise ValueError("a uniform distribution lies between 0 <= low <= high")
    return _table(lambda s: high - s * (high - low), (low + high) / 2.0, end=0.0)


def hyperexponential(parts: Sequence[tuple[float, float]]) -> QuantileTable:
    """A mixture of exponentials: (share, mean) for each kind; shares total 1. Kinds with a mean of
    0 are an exact atom at 0. Raises ValueError for negative values and for other totals."""
    if not parts or any(share < 0.0 or mean < 0.0 for share, mean in parts):
        raise ValueError("shares and means of a hyperexponential distribution are not negative")
    if abs(exact_sum(share for share, _ in parts) - 1.0) > 1e-9:
        raise ValueError("shares of a hyperexponential distribution total 100 %")
    above = [(share, mean) for share, mean in parts if share > 0.0 and mean > 0.0]
    at_zero = exact_sum(share for share, mean in parts if mean == 0.0)
    if not above:
        return constant(0.0)
    shares = np.array([share for share, _ in above])
    means = np.array([mean for _, mean in above])
    if at_zero > 0.0:
        shares = shares / exact_sum(shares)

    def quantiles(survival: Floats) -> Floats:
        # log of a mixture of exponentials is convex and falls: Newton from 0 rises to the root.
        t = np.zeros_like(survival)
        for _ in range(200):
            left, slope = np.zeros_like(t), np.zeros_like(t)
            for share, mean in zip(shares.tolist(), means.tolist(), strict=True):
                of_kind = share * exps(-t / mean)
                left, slope = left + of_kind, slope + of_kind / mean
            step = logs(left / survival) * left / slope
            t = t + np.maximum(step, 0.0)
            if bool(np.all(step <= 1e-14 * (t + means.min()))):
                break
        return t

    table = _table(quantiles, exact_sum(shares * means))
    return replace(table, low_mass=at_zero) if at_zero > 0.0 else table


# --- samples from logs --------------------------------------------------------------------------


def sample(values: ArrayLike, observed: ArrayLike | None = None) -> QuantileTable:
    """The values as they were seen (not negative), each alike; zeros are an exact atom.

    With `observed`, those that are False are lower bounds (see `kaplan_meier`).
    """
    if observed is not None:
        return kaplan_meier(values, observed)
    x = np.sort(_durations(values))
    zeros = int(np.searchsorted(x, 0.0, side="right"))
    if zeros == len(x):
        return constant(0.0)
    positive = x[zeros:]
    n = len(positive)

    def quantiles(survival: Floats) -> Floats:
        rank = np.ceil((1.0 - survival) * n).astype(np.int64) - 1
        return positive[np.clip(rank, 0, n - 1)]

    table = _table(quantiles, exact_sum(positive) / n, end=0.0)
    return replace(table, low_mass=zeros / len(x)) if zeros else table


def kaplan_meier(times: ArrayLike, events: ArrayLike) -> QuantileTable:
    """What would be seen if nothing were censored: the product-limit estimate of a distribution.

    `times` are waits (not negative); `events` tells which ended by the event itself (the customer
    hung up) and which by something else (an agent answered). Kaplan and Meier, JASA 53 (1958);
    at equal times events come before censorings.

    Where the longest times are censored the estimate ends above 0, at S(t_max). The rest follows
    the exponential tail through that point, S(t) = exp(t ln S(t_max) / t_max): the completion of
    Brown, Hollander and Korwar (1974). The mean is that of the completed curve. Raises ValueError
    if there is no event to learn from.
    """
    t = _durations(times)
    died = np.asarray(events, dtype=bool).ravel()
    if died.shape != t.shape:
        raise ValueError("every time needs its event")
    if not died.any():
        raise ValueError("nobody's patience was seen to end: there is no event in the sample")
    at, deaths = np.unique(t[died], return_counts=True)
    at_risk = len(t) - np.searchsorted(np.sort(t), at, side="left")
    survival_after = np.cumprod(1.0 - deaths / at_risk)
    zero_mass = 0.0
    if at[0] == 0.0:
        zero_mass = float(deaths[0] / at_risk[0])
        at, survival_after = at[1:], survival_after[1:]
        if zero_mass >= 1.0:
            return constant(0.0)
        survival_after = survival_after / (1.0 - zero_mass)
    last, left = float(t.max()), float(survival_after[-1]) if len(at) else 1.0
    if not len(at):
        raise ValueError("nobody's patience was seen to end after a wait")
    steps = np.concatenate(([1.0], survival_after))
    widths = np.diff(np.concatenate(([0.0], at, [last])))
    mean = exact_sum(steps * widths)
    if left > 0.0:
        mean += left * last / -log(left)

    def quantiles(survival: Floats) -> Floats:
        # the first event after which no more than `survival` is left
        first = np.searchsorted(-survival_after, -survival * (1.0 + 1e-12), side="left")
        inside = at[np.minimum(first, len(at) - 1)]
        if left <= 0.0:
            return inside
        tail = last * logs(np.minimum(survival, left)) / log(left)
        return np.where(first < len(at), inside, tail)

    table = _table(quantiles, mean, end=TAIL if left > 0.0 else 0.0)
    return replace(table, low_mass=zero_mass) if zero_mass else table


# --- how a table is made ------------------------------------------------------------------------


def _table(quantiles: Callable[[Floats], Floats], mean: float, end: float = TAIL) -> QuantileTable:
    """The table of a quantile function of the survival probability, scaled to `mean`.

    Survival (1 - p) is the argument because 1 - 2^-30 in p has lost the digits that the tail needs.
    `end` is the survival at the last node: 0 for what is bounded, TAIL for what is not.
    """
    if not 0.0 <= mean < math.inf:
        raise ValueError(f"a mean is a number from 0, not {mean}")
    if mean == 0.0:
        return constant(0.0)
    survival = np.arange(BINS, -1, -1) / BINS
    levels = np.stack([survival, survival / BINS, survival / BINS**2])
    levels[:, -1] = end
    nodes = quantiles(levels.ravel()).reshape(levels.shape)
    # The lowest bin is not resolved further. A line from the smallest value there is would make
    # narrow distributions too wide, so the line gets the mean that this bin has.
    lowest = quantiles(1.0 - (np.arange(64) + 0.5) / (64 * BINS))
    mean_lowest = exact_sum(lowest) / len(lowest)
    nodes[0, 0] = min(max(2.0 * mean_lowest - nodes[0, 1], 0.0), nodes[0, 1])
    nodes = np.maximum.accumulate(nodes, axis=1)
    return QuantileTable(nodes * (mean / _grid_moment(nodes, 1)))


def _grid_moment(nodes: Floats, power: int) -> float:
    """The first or second moment of the piecewise linear function, with one rounding at the end."""
    parts: list[float] = []
    for level in range(LEVELS):
        bins = BINS if level == LEVELS - 1 else BINS - 1
        a, b = nodes[level, :bins], nodes[level, 1 : bins + 1]
        if power == 1:
            parts += ((a + b) * (0.5 * BINS ** -(level + 1))).tolist()
        else:
            parts += ((a * a + a * b + b * b) * (BINS ** -(level + 1) / 3.0)).tolist()
    return exact_sum(parts)


def _durations(values: ArrayLike) -> Floats:
    x = np.asarray(values, dtype=np.float64).ravel()
    if not len(x):
        raise ValueError("a sample needs at least one value")
    if not bool(np.all(np.isfinite(x))) or bool(np.any(x < 0.0)):
        raise ValueError("values of a sample are numbers from 0")
    return x


def _one_of(
    cv: float | None, shape: float | None, from_cv: Callable[[float], float]
) -> float | None:
    """The shape, given as such or by the cv; None for a cv of 0 (a constant)."""
    if (cv is None) == (shape is None):
        raise ValueError("state either the shape or the coefficient of variation")
    if cv is not None:
        if cv < 0.0:
            raise ValueError("a coefficient of variation is not negative")
        return None if cv == 0.0 else from_cv(cv)
    assert shape is not None
    if shape <= 0.0:
        raise ValueError("a shape is positive")
    return shape


def _weibull_shape(cv: float) -> float:
    """The k with 1 + cv^2 = Gamma(1 + 2/k) / Gamma(1 + 1/k)^2, by bisection; falls in k."""

    def excess(k: float) -> float:
        return log_gamma(1.0 + 2.0 / k) - 2.0 * log_gamma(1.0 + 1.0 / k) - spread

    spread = log1p(cv * cv)
    low, high = 0.05, 1e4
    if not excess(low) >= 0.0 >= excess(high):
        raise ValueError(f"no Weibull distribution has the coefficient of variation {cv:g}")
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return math.sqrt(low * high)
