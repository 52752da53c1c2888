"""Quantiles and distribution functions of the normal and the gamma distribution, the same bits on
every processor; relative errors some 1e-14.

The shape of a gamma distribution is one number, its scale is 1. Each element is solved by itself.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ccsim.numerics.elementary import (
    Floats,
    exps,
    log,
    log1p_in_two,
    log_in_two,
    logs,
    polynomial,
    powers,
    two_product,
    two_sum,
)

Polynomial = list[Fraction]  # coefficients, lowest power first

# --- the normal distribution --------------------------------------------------------------------

# Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics
# 37 (1988): numerators and denominators of PPND16, lowest power first.
CENTRE = (
    (
        *(3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946),
        *(45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227),
    ),
    (
        *(1.0, 42.31333070160091, 687.1870074920579, 5394.196021424751),
        *(21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854),
    ),
)
MIDDLE = (
    (
        *(1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045),
        *(1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414),
    ),
    (
        *(1.0, 2.053191626637759, 1.6763848301838038, 0.6897673349851),
        *(0.14810397642748008, 0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-09),
    ),
)
FAR = (
    (
        *(6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487),
        *(0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-05),
        2.0103343992922881e-07,
    ),
    (
        *(1.0, 0.599832206555888, 0.1369298809227358, 0.014875361290850615),
        *(0.0007868691311456133, 1.8463183175100548e-05, 1.421511758316446e-07),
        2.0442631033899397e-15,
    ),
)
CENTRAL = 0.425  # distance from 1/2 up to which CENTRE holds


def normal_quantile(p: ArrayLike) -> Floats:
    """The z with P(Z <= z) = p, for p in [0, 1]; infinite at the ends."""
    values = np.asarray(p, dtype=np.float64)
    q = values - 0.5
    central = np.abs(q) <= CENTRAL
    found = np.empty(values.shape)
    inner = q[central]
    r = CENTRAL * CENTRAL - inner * inner
    found[central] = inner * polynomial(CENTRE[0], r) / polynomial(CENTRE[1], r)
    outer = values[~central]
    beyond = np.minimum(outer, 1.0 - outer)
    r = np.sqrt(-logs(np.where(beyond > 0.0, beyond, 1.0)))
    middle, far = (
        polynomial(top, r - start) / polynomial(bottom, r - start)
        for (top, bottom), start in ((MIDDLE, 1.6), (FAR, 5.0))
    )
    z = np.where(beyond > 0.0, np.where(r <= 5.0, middle, far), math.inf)
    found[~central] = np.where(outer < 0.5, -z, z)
    return found


def normal_cdf(z: ArrayLike) -> Floats:
    """P(Z <= z), accurate in the lower tail too."""
    values = np.asarray(z, dtype=np.float64)
    beyond = 0.5 * gamma_tails(0.5, values * values * 0.5)[1]  # P(Z > |z|)
    return np.where(values > 0.0, 1.0 - beyond, beyond)


# --- the gamma distribution ---------------------------------------------------------------------

SMOOTH = 16.0  # from here Stirling's series has the last bit
# ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2) = sum of B(2n) / (2n (2n - 1) x^(2n - 1))
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400)
HALF_LOG_TWO_PI = 0.9189385332046728
ENOUGH = 2.0**-56  # terms of a sum that are smaller, in parts of it, leave it as it is
ONE_BIT = 2.0**-52
AT_A_TIME = 1 << 18  # terms that are held at a time
TAIL = 1e-3  # upper tails below are computed as such: 1 - P would lose too many digits
CLOSE = 1e-8  # the next step, of third order, would change nothing
MOST_STEPS = 60
LARGE_SHAPE = 1e4  # from here quantiles are expanded in powers of 1 / sqrt(shape)
EXPANDED = 10  # so many powers, for normal scores up to 9


def log_gamma(x: float) -> float:
    """ln Gamma(x) for x > 0."""
    factor = 1.0
    while x < SMOOTH:
        factor *= x
        x += 1.0
    return (x - 0.5) * log(x) - x + HALF_LOG_TWO_PI + _stirling(x) - log(factor)


def gamma_tails(shape: float, x: ArrayLike) -> tuple[Floats, Floats]:
    """P(X <= x) and P(X > x), the regularised incomplete gamma functions, for x from 0."""
    values = np.asarray(x, dtype=np.float64)
    at = values.ravel()
    lower, upper = np.zeros(at.shape), np.ones(at.shape)
    border = max(shape + 1.0, 2.0)  # below 2 the fraction needs many steps, and the sum few
    for some, sums in (((at > 0.0) & (at <= border), True), (at > border, False)):
        tail = _sum_below(shape, at[some]) if sums else _fraction_above(shape, at[some])
        tail = np.minimum(tail * _front(shape, at[some]), 1.0)
        lower[some], upper[some] = (tail, 1.0 - tail) if sums else (1.0 - tail, tail)
    return lower.reshape(values.shape), upper.reshape(values.shape)


def gamma_quantile(shape: float, p: ArrayLike) -> Floats:
    """The x with P(X <= x) = p, for p in [0, 1)."""
    values = np.asarray(p, dtype=np.float64)
    return _quantiles(shape, values.ravel(), 1.0 - values.ravel()).reshape(values.shape)


def gamma_upper_quantile(shape: float, q: ArrayLike) -> Floats:
    """The x with P(X > x) = q, for q in (0, 1], accurate where q is small."""
    values = np.asarray(q, dtype=np.float64)
    return _quantiles(shape, 1.0 - values.ravel(), values.ravel()).reshape(values.shape)


def _quantiles(shape: float, p: Floats, q: Floats) -> Floats:
    """x by the probabilities below and above; of two that round, the smaller one counts."""
    found = np.zeros(p.shape)
    some = np.flatnonzero(p > 0.0)
    p, q = p[some], q[some]
    z = np.where(p < q, 1.0, -1.0) * normal_quantile(np.minimum(p, q))
    if shape >= LARGE_SHAPE:
        found[some] = _expanded(shape, z)
        return found
    x = _start(shape, p, q, z)
    front = (q < TAIL) & (x > max(shape + 1.0, 1.0))
    active = np.flatnonzero(x > 1e-290)  # below that the start is exact
    for _ in range(MOST_STEPS):
        if not len(active):
            break
        at = x[active]
        step = _halley_step(shape, at, p[active], q[active], front[active])
        x[active] = np.where(step < at, at - step, at / 2.0)
        active = active[np.abs(step) > CLOSE * at]
    found[some] = x
    return found


def _halley_step(
    shape: float, x: Floats, p: Floats, q: Floats, by_upper: NDArray[np.bool_]
) -> Floats:
    """By how much x is too large, to third order."""
    front = _front(shape, x)
    density = front * shape / x
    above = np.empty(x.shape)  # P(X <= x) - p
    above[~by_upper] = front[~by_upper] * _sum_below(shape, x[~by_upper]) - p[~by_upper]
    above[by_upper] = q[by_upper] - front[by_upper] * _fraction_above(shape, x[by_upper])
    newton = above / density
    return newton / (1.0 - 0.5 * np.minimum(1.0, newton * ((shape - 1.0) / x - 1.0)))


def _start(shape: float, p: Floats, q: Floats, z: Floats) -> Floats:
    """A first guess: Wilson and Hilferty's cube where it is good, else the power law at 0 or the
    exponential tail."""
    low = powers(p, 1.0 / shape) * exps(log_gamma(shape + 1.0) / shape)
    if shape < 1.0:
        share = 1.0 - shape * (0.253 + shape * 0.12)  # of what lies below 1, about
        return np.where(p < share, powers(p / share, 1.0 / shape), 1.0 - logs(q / (1.0 - share)))
    root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * math.sqrt(shape))
    return np.where(root > 0.3, shape * root * root * root, low)


def _front(shape: float, x: Floats) -> Floats:
    """x^shape e^-x / Gamma(shape + 1) for x > 0, without the cancellation of large terms (Loader,
    "Fast and accurate computation of binomial probabilities", 2000)."""
    if shape < SMOOTH:
        high, low = log_in_two(x)
        product, error = two_product(high, np.asarray(shape))
        main, rest = two_sum(product, -x)
        main, lost = two_sum(main, np.full(x.shape, -log_gamma(shape + 1.0)))
        return exps(main, lost + (rest + (error + low * shape)))
    above = (x - shape) / shape
    high, low = log1p_in_two(above)
    scale = exps(-_stirling(shape)) / math.sqrt(2.0 * math.pi * shape)
    return scale * exps(-shape * ((above - high) - low))


def _stirling(x: float) -> float:
    return polynomial(STIRLING, 1.0 / (x * x)) / x


def _sum_below(shape: float, x: Floats) -> Floats:
    """1 + x / (shape + 1) + x^2 / ((shape + 1)(shape + 2)) + ...: P(X <= x) over `_front`."""
    if not len(x):
        return np.empty(0)
    largest, n, term, so_far = float(x.max()), 0, 1.0, 1.0
    while term > ENOUGH * so_far or largest > shape + n:
        n += 1
        term *= largest / (shape + n)
        so_far += term
    below = shape + np.arange(n + 1.0)
    found = np.empty(len(x))
    rows = max(AT_A_TIME // (n + 1), 1)
    for first in range(0, len(x), rows):
        terms = x[first : first + rows, None] / below
        terms[:, 0] = 1.0
        np.cumprod(terms, axis=1, out=terms)
        # The largest terms come first: what others of the array need is too small to change a sum.
        found[first : first + rows] = np.cumsum(terms, axis=1, out=terms)[:, -1]
    return found


def _fraction_above(shape: float, x: Floats) -> Floats:
    """P(X > x) over `_front`, for x > shape + 1: Legendre's continued fraction, by Lentz's rule."""
    b = x + 1.0 - shape
    c, d = np.full(x.shape, 1e300), 1.0 / b
    found = d.copy()
    active = np.ones(x.shape, dtype=np.bool_)
    n = 0
    while active.any():
        n += 1
        a = -n * (n - shape)
        b = b + 2.0
        d, c = 1.0 / (a * d + b), b + a / c
        factor = c * d
        found = np.where(active, found * factor, found)
        active &= np.abs(factor - 1.0) > ONE_BIT
    return found * shape


def _expanded(shape: float, z: Floats) -> Floats:
    """The quantile at the normal score z as a series in 1 / sqrt(shape) (Cornish and Fisher)."""
    root = math.sqrt(shape)
    terms = [polynomial(coefficients, z) for coefficients in _cornish_fisher()]
    return shape + root * polynomial(terms, np.asarray(1.0 / root))  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def _cornish_fisher() -> tuple[tuple[float, ...], ...]:
    """The polynomials w_0(z) = z, w_1(z) = (z^2 - 1) / 3, ... with X = a + sqrt(a) sum w_j e^j of
    the gamma distribution with shape a, where e = 1 / sqrt(a).

    Equal probabilities, phi(z) dz = g(w) dw, give the equation that w satisfies,
    (1 + e w) w'' + z w' (1 + e w) - w'^2 (w + e) = 0; in the power j of e the polynomial w_j stands
    in w_j'' - z w_j' - w_j only, whose coefficients are solved from the highest down.
    """
    found: list[Polynomial] = [[Fraction(0), Fraction(1)]]

    def times(a: Polynomial, b: Polynomial) -> Polynomial:
        product = [Fraction(0)] * (len(a) + len(b) - 1)
        for i, left in enumerate(a):
            for j, right in enumerate(b):
                product[i + j] += left * right
        return product

    def slope(a: Polynomial) -> Polynomial:
        return [i * c for i, c in enumerate(a)][1:] or [Fraction(0)]

    for j in range(1, EXPANDED + 1):
        rest = [Fraction(0)] * (j + 4)

        def add(a: Polynomial, sign: int, rest: Polynomial = rest) -> None:
            for i, c in enumerate(a):
                if c:
                    rest[i] += sign * c

        w = [*found, [Fraction(0)]]
        first = [slope(p) for p in w]
        for i in range(j):  # the power i of e times the power j - 1 - i
            add(times(w[i], slope(first[j - 1 - i])), 1)
            add(times([Fraction(0), *w[i]], first[j - 1 - i]), 1)
            add(times(first[i], first[j - 1 - i]), -1)
        for i in range(j + 1):
            for k in range(j + 1 - i):
                add(times(times(first[i], first[k]), w[j - i - k]), -1)
        own = [Fraction(0)] * (j + 6)
        for i in range(j + 3, -1, -1):
            own[i] = ((i + 2) * (i + 1) * own[i + 2] + rest[i]) / (i + 1)
        found.append(own)
    return tuple(tuple(float(c) for c in p) for p in found)
