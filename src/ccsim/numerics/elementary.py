"""Logarithm, exponential and power of floats and of arrays, the same bits on every processor.

Errors stay below 0.6 units in the last place for logarithms and below 1 for the others. Arguments
are reduced as in fdlibm; the series are Taylor's, so that no constant has to be believed. `logs`,
`exps` and so on take arrays and give what the functions of one float give.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Number = TypeVar("Number", float, Floats)

# ln 2 in two parts: the first has 33 bits, so that its products with exponents are exact.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LOG2_E = 1.4426950408889634
ROOT_HALF = 0.7071067811865476
SPLITTER = 134217729.0  # 2^27 + 1
LEAST, LARGEST = -800.0, 709.782712893384  # below e^x is 0, above infinite
# 2 artanh(s) = 2 s + s^3 (2/3 + 2/5 s^2 + ...) for |s| <= 0.172
ARTANH = tuple(2.0 / (2 * j + 3) for j in range(11))
# e^r = 1 + r + r^2 (1/2! + r/3! + ...) for |r| <= 0.347
EXPONENTIAL = tuple(1.0 / math.factorial(j + 2) for j in range(12))


def log(x: float) -> float:
    """The natural logarithm; -inf of 0, nan of what is negative, as NumPy has it."""
    if not 0.0 < x < math.inf:
        return -math.inf if x == 0.0 else x if x == math.inf else math.nan
    return sum(_log(*_near_one(x)))


def logs(x: ArrayLike) -> Floats:
    """`log` of each."""
    values = np.asarray(x, dtype=np.float64)
    usual = (values > 0.0) & (values < math.inf)
    high, low = _log(*_near_ones(np.where(usual, values, 1.0)))
    unusual = np.where(values == 0.0, -math.inf, np.where(values == math.inf, values, math.nan))
    return np.where(usual, high + low, unusual)


def log1p(x: float) -> float:
    """ln(1 + x) for x > -1, accurate also where x is small."""
    return float(log1ps(x))


def log1ps(x: ArrayLike) -> Floats:
    """`log1p` of each."""
    values = np.asarray(x, dtype=np.float64)
    high, low = log1p_in_two(values)
    return high + low


def log1p_in_two(x: Floats) -> tuple[Floats, Floats]:
    """ln(1 + x) as the sum of two numbers, the second of which is the rounding error of the first
    (some 60 bits in all)."""
    small = (x > -0.29) & (x < 0.41)
    near = _log_near_one(np.where(small, x, 0.0))
    if small.all():
        return two_sum(*near)
    far = 1.0 + np.where(small, 0.0, x)
    lost = np.where(small, 0.0, x - (far - 1.0))
    high, low = _log(*_near_ones(far))
    low = low + lost / far
    high, low = np.where(small, near[0], high), np.where(small, near[1], low)
    return two_sum(high, low)


def log_in_two(x: Floats) -> tuple[Floats, Floats]:
    """The logarithm of positive numbers as the sum of two, as `log1p_in_two`."""
    return _log(*_near_ones(x))


def exp(x: float) -> float:
    """e^x; 0 and infinity where that is out of range."""
    return _exp(x, 0.0)


def exps(x: ArrayLike, low: ArrayLike = 0.0) -> Floats:
    """e^(x + low) of each, where `low` is the rounding error of x."""
    values = np.asarray(x, dtype=np.float64)
    high = np.clip(values, LEAST, LARGEST)
    k = np.rint(high * LOG2_E)
    reduced = _exp_reduced(high, np.asarray(low, dtype=np.float64), k)
    # The largest k, 1024, is no exponent of a number, and goes in two steps.
    found = np.ldexp(reduced * 2.0, k.astype(np.int32) - 1)
    return np.where(values > LARGEST, math.inf, found)


def power(x: float, y: float) -> float:
    """x^y of a number x from 0; 0^0 is 1."""
    if x == 0.0 or y == 0.0:
        return 1.0 if y == 0.0 else 0.0 if y > 0.0 else math.inf
    if not 0.0 < x < math.inf:
        return math.nan
    high, low = _log(*_near_one(x))
    product, error = two_product(high, y)
    return _exp(product, error + low * y)


def powers(x: ArrayLike, y: float) -> Floats:
    """`power` of each, for y other than 0."""
    values = np.asarray(x, dtype=np.float64)
    positive = values > 0.0
    high, low = log_in_two(np.where(positive, values, 1.0))
    product, error = two_product(high, np.asarray(y))
    return np.where(positive, exps(product, error + low * y), 0.0 if y > 0.0 else math.inf)


def exact_sum(values: Iterable[float] | Floats) -> float:
    """The sum, rounded once: no order of summation, which depends on vector units, matters."""
    return math.fsum(values.ravel().tolist() if isinstance(values, np.ndarray) else values)


def interpolated(x: Floats, at: Floats, values: Floats) -> Floats:
    """Values at x on straight lines between neighbours of `at`, which rises; those of the ends
    beyond them. Like `numpy.interp`, whose compiler may fuse a product with a sum."""
    i = np.searchsorted(at[1:-1], x, side="right")
    slope = np.diff(values) / np.diff(at)
    inside: Floats = values[i] + (np.maximum(x, at[0]) - at[i]) * slope[i]
    return np.where(x >= at[-1], values[-1], inside)


def matrix_product(a: Floats, b: Floats) -> Floats:
    """a @ b, summed in the order of the columns of a; columns of zeros are left out."""
    product = np.zeros((a.shape[0], b.shape[1]))
    for k in np.flatnonzero(a.any(axis=0)).tolist():
        rows = np.flatnonzero(a[:, k])
        product[rows] += a[rows, k][:, None] * b[k][None, :]
    return product


def polynomial(coefficients: Sequence[float], x: Number) -> Number:
    """c[0] + c[1] x + c[2] x^2 + ..., by Horner's rule."""
    value = coefficients[-1] * x + coefficients[-2]
    for c in coefficients[-3::-1]:
        value = value * x + c
    return value


# --- sums and products without a rounding error (Knuth; Dekker) -------------------------------


def two_sum(a: Number, b: Number) -> tuple[Number, Number]:
    """a + b rounded, and the error of the rounding."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def two_product(a: Number, b: Number) -> tuple[Number, Number]:
    """a b rounded, and the error of the rounding; for factors below 1e300."""
    p = a * b
    a_high, b_high = _upper_half(a), _upper_half(b)
    a_low, b_low = a - a_high, b - b_high
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def _upper_half(a: Number) -> Number:
    big = a * SPLITTER
    return big - (big - a)


# --- the series ---------------------------------------------------------------------------------


def _near_one(x: float) -> tuple[float, float]:
    """f and k with x = (1 + f) 2^k and 1 + f between the roots of 1/2 and of 2."""
    m, k = math.frexp(x)
    if m < ROOT_HALF:
        m, k = 2.0 * m, k - 1
    return m - 1.0, float(k)


def _near_ones(x: Floats) -> tuple[Floats, Floats]:
    m, k = np.frexp(x)
    small = m < ROOT_HALF
    return np.where(small, 2.0 * m, m) - 1.0, np.where(small, k - 1, k).astype(np.float64)


def _log(f: Number, k: Number) -> tuple[Number, Number]:
    """ln((1 + f) 2^k) as the sum of two numbers, the second below the last place of the first."""
    near, rest = _log_near_one(f)
    high, low = two_sum(k * LN2_HIGH, near)
    return two_sum(high, low + (k * LN2_LOW + rest))


def _log_near_one(f: Number) -> tuple[Number, Number]:
    """ln(1 + f) = 2 artanh(f / (2 + f)), its main term and the rest."""
    d = 2.0 + f
    d_low = f - (d - 2.0)
    s = f / d
    p, error = two_product(s, d)
    s_low = ((f - p) - error - s * d_low) / d
    z = s * s
    return 2.0 * s, 2.0 * s_low + s * z * polynomial(ARTANH, z)


def _exp(high: float, low: float) -> float:
    if high > LARGEST:
        return math.inf
    high = max(high, LEAST)
    k = round(high * LOG2_E)
    return math.ldexp(_exp_reduced(high, low, float(k)) * 2.0, k - 1)


def _exp_reduced(high: Number, low: Number, k: Number) -> Number:
    """e^(high + low) / 2^k."""
    main, rest = high - k * LN2_HIGH, low - k * LN2_LOW
    r = main + rest
    return 1.0 + (main + (rest + r * r * polynomial(EXPONENTIAL, r)))
