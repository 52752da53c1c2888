"""Quantiles of Student's t and of the normal distribution, without SciPy (which costs start-up).

Every interval here has a whole number of degrees of freedom, so the distribution function is a
finite sum (Abramowitz & Stegun 26.7.3 and 26.7.4); above `EXPANSION_FROM` degrees the asymptotic
expansion 26.7.5 is exact to double precision.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

EXPANSION_FROM = 2000  # the first term left out of 26.7.5 is below 1e-13 from here on
_STANDARD = NormalDist()


def normal_quantile(p: float) -> float:
    """The standard normal quantile at `p`, 0 < p < 1."""
    return _STANDARD.inv_cdf(p)


@lru_cache(maxsize=4096)
def t_quantile(p: float, degrees: int) -> float:
    """The quantile of Student's t at `p` (0 < p < 1) with a whole number of degrees of freedom.

    Accurate to 1e-10 relative (measured against scipy.stats.t for p up to 1 - 1e-6).
    Raises ValueError outside these ranges.
    """
    if not 0.0 < p < 1.0:
        raise ValueError(f"a probability lies between 0 and 1, not {p}")
    if degrees < 1:
        raise ValueError(f"degrees of freedom are at least 1, not {degrees}")
    if p < 0.5:
        return -t_quantile(1.0 - p, degrees)
    if p == 0.5:
        return 0.0
    if degrees == 1:
        return math.tan(math.pi * (p - 0.5))
    if degrees == 2:
        return (2.0 * p - 1.0) * math.sqrt(2.0 / (4.0 * p * (1.0 - p)))
    if degrees >= EXPANSION_FROM:
        return _expanded(normal_quantile(p), degrees)
    return _solved(p, degrees)


def _solved(p: float, degrees: int) -> float:
    # The central probability is concave in t > 0 and the normal quantile lies left of the root, so
    # Newton's steps approach it from the left and cannot overshoot.
    wanted = 2.0 * p - 1.0
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2))
    scale *= 2.0 / math.sqrt(degrees * math.pi)
    t = normal_quantile(p)
    for _ in range(60):
        density = scale * (1.0 + t * t / degrees) ** (-(degrees + 1) / 2)
        step = (wanted - _central(t, degrees)) / density
        t += step
        if abs(step) <= 1e-13 * t:
            break
    return t


def _central(t: float, degrees: int) -> float:
    """P(|T| <= t), Abramowitz & Stegun 26.7.3 (odd) and 26.7.4 (even degrees)."""
    angle = math.atan(t / math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    square = cosine * cosine
    odd = degrees % 2 == 1
    term = cosine if odd else 1.0
    total = term
    for k in range(3 if odd else 2, degrees - 1, 2):
        term *= (k - 1) / k * square
        total += term
    return 2.0 / math.pi * (angle + sine * total) if odd else sine * total


def _expanded(x: float, degrees: int) -> float:
    """Abramowitz & Stegun 26.7.5, `x` being the normal quantile."""
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + math.fsum(term / degrees**power for power, term in enumerate(terms, start=1))
