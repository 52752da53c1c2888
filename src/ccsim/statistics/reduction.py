"""Reducing variance: what stratified replications and known means take off an interval.

Both act on the moves of an estimate: by how much each replication moves it from its value, so that
the mean of the moves is the estimate's error (to first order). What they gain is estimated from
the same replications, and where that is not above 1 the interval is the plain one.

**Groups.** Stratified replications are not independent, but the largest groups of them are. Smaller
ones within these stand apart rather than together, so that an error from them is too large rather
than too small. It comes from the groups' sums, with one degree of freedom less than there are
groups. The plain interval, which takes replications as independent, is too narrow by a factor of
size / (size - 1) in the variance at most (Owen, Annals of Statistics 25, 1997, 1541-1562), so that
switching off is safe.

**Controls.** Columns of known mean 0 (arrivals minus what is expected of them): the estimate less
beta times their mean, beta by least squares over the replications, with one degree of freedom
less for each control. The error is the jackknife's (HC3 of MacKinnon and White, Journal of
Econometrics 29, 1985, 305-325), for days are not linear in their arrivals: with the regression's
own error intervals of 50 replications covered .908 in place of .933. Sources: Lavenberg and Welch,
Management Science 27 (1981) 322-335; ratios by their moves: Lavenberg, Moeller and Welch,
Operations Research 30 (1982) 182-202.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.statistics.estimate import LEVEL
from ccsim.statistics.student import normal_quantile, t_quantile

A_CONTROL = 10  # replications (or groups) that each control needs, and the mean as well

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """How many times more replications the same error would need without it, and within which
    limits that is known (about 95 %). `used` is False where it is not above 1."""

    value: float
    low: float
    high: float
    used: bool


@dataclass(frozen=True, slots=True)
class Gains:
    """Of one estimate; None where it was not asked for, or the replications are too few."""

    stratified: Gain | None = None
    controlled: Gain | None = None


NO_GAINS = Gains()


@dataclass(frozen=True, slots=True)
class Reduced:
    """What becomes of an estimate: replications go together in groups of `size`; `shift` is to be
    taken from the value; `factor` multiplies the error that the groups show, which has `degrees`
    of freedom."""

    size: int
    shift: float
    factor: float
    degrees: int
    gains: Gains

    @property
    def plain(self) -> bool:
        """Nothing is gained."""
        return self.size == 1 and self.factor == 1.0


@dataclass(frozen=True, eq=False)
class Reduction:
    """How the replications of a design may be taken: in nested groups, `sizes` by the number of
    replications from which each serves (none: independent); with `controls` (n, q), columns of
    known mean 0 (q = 0: none)."""

    sizes: Mapping[int, int]
    controls: Floats

    def of(self, moves: Floats) -> Reduced:
        """What is gained for an estimate with these moves, (n,)."""
        size, stratified = self._groups(moves)
        ours, controls = together(moves, size), together(self.controls, size)
        # means of groups, so weighed that their mean is that of all replications
        scale = len(ours) / len(moves)
        shift, factor, degrees, controlled = _controlled(ours * scale, controls * scale)
        return Reduced(size, shift, factor, degrees, Gains(stratified, controlled))

    def _groups(self, moves: Floats) -> tuple[int, Gain | None]:
        n = len(moves)
        size = max((size for size, fewest in self.sizes.items() if n >= fewest), default=1)
        if size == 1:
            return 1, None
        groups = -(-n // size)
        alone = float(moves.var(ddof=1)) / n
        sums = together(moves, size)
        error = float(((sums - sums.mean()) ** 2).sum()) * groups / (groups - 1) / n**2
        if alone == 0.0 or error == 0.0:
            return 1, None
        value, degrees = alone / error, groups - 1
        low, high = (value * _chi_square(p, degrees) / degrees for p in _TAILS)
        return size if value > 1.0 else 1, Gain(value, low, high, value > 1.0)


def together(values: Floats, size: int) -> Floats:
    """Sums over groups of `size` replications in a row; the last group may be smaller."""
    if size == 1:
        return values
    return np.asarray(np.add.reduceat(values, np.arange(0, len(values), size), axis=0))


def _controlled(moves: Floats, controls: Floats) -> tuple[float, float, int, Gain | None]:
    """Shift, factor of the error, degrees of freedom and gain of the controls."""
    n = len(moves)
    off = 0.0, 1.0, n - 1, None
    chosen = _fitting(controls)
    if chosen is None or n < 3:
        return off
    about = moves - moves.mean()
    centred = chosen - chosen.mean(axis=0)
    beta, _, rank, _ = np.linalg.lstsq(centred, about, rcond=1e-9)
    degrees = n - 1 - int(rank)
    residual, whole = float(((about - centred @ beta) ** 2).sum()), float((about**2).sum())
    if whole == 0.0 or degrees < 1:
        return off
    means = chosen.mean(axis=0)
    inverse = np.linalg.pinv(centred.T @ centred, rcond=1e-9)
    left = about - centred @ beta
    weight = 1.0 / n - centred @ inverse @ means
    leverage = 1.0 / n + np.einsum("ij,jk,ik->i", centred, inverse, centred)
    if bool(np.any(leverage > 1.0 - 1e-9)):  # a replication that a control alone explains
        return off
    variance = float(((weight * left / (1.0 - leverage)) ** 2).sum())
    factor = math.sqrt(variance / (whole / (n - 1) / n))
    if factor == 0.0:
        return off
    p = (1.0 + LEVEL) / 2.0
    used = factor * t_quantile(p, degrees) < t_quantile(p, n - 1)
    spread = normal_quantile(p) * 2.0 * math.sqrt(max(0.0, 1.0 - residual / whole) / n)
    value = factor**-2
    gain = Gain(value, value * math.exp(-spread), value * math.exp(spread), used)
    return (float(beta @ means), factor, degrees, gain) if used else (*off[:3], gain)


def _fitting(controls: Floats) -> Floats | None:
    """The controls that so many replications allow: all, or their sum, or none."""
    n = len(controls)
    if controls.shape[1] == 0:
        return None
    varying = controls[:, np.ptp(controls, axis=0) > 0.0]
    if varying.shape[1] > 1 and n < A_CONTROL * (1 + varying.shape[1]):
        varying = varying.sum(axis=1, keepdims=True)
    return varying if varying.shape[1] and n >= A_CONTROL * (1 + varying.shape[1]) else None


_TAILS = ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0)


def _chi_square(p: float, degrees: int) -> float:
    """The quantile of chi-square by the cube-root approximation, right to 8 % from 4 degrees on, to
    3 % from 9 (Wilson and Hilferty, PNAS 17, 1931, 684-688)."""
    part = 2.0 / (9.0 * degrees)
    return float(degrees * (1.0 - part + normal_quantile(p) * math.sqrt(part)) ** 3)
