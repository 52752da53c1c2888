"""Logarithms, powers and quantiles against values that are known to the last bit."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from ccsim.numerics import distributions, elementary
from tests.numerics import known

EPSILON = 2.0**-52
KNOWN = known.stored()
Function = Callable[..., float]


def one(function: Callable[..., np.ndarray]) -> Function:
    return lambda *arguments: float(function(*arguments))


# The largest relative error that is allowed: half a unit is that of a value rounded once.
FUNCTIONS: dict[str, tuple[Function, float]] = {
    "log": (elementary.log, 0.6 * EPSILON),
    "exp": (elementary.exp, 1.0 * EPSILON),
    "log1p": (elementary.log1p, 0.6 * EPSILON),
    "power": (elementary.power, 1.0 * EPSILON),
    "log_gamma": (distributions.log_gamma, 3e-14),
    "normal_cdf": (one(distributions.normal_cdf), 3e-14),
    "normal_quantile": (one(distributions.normal_quantile), 1e-15),
    "gamma_cdf": (one(lambda a, x: distributions.gamma_tails(a, x)[0]), 1e-13),
    "gamma_upper_quantile": (one(distributions.gamma_upper_quantile), 3e-13),
}


def errors(name: str, function: Function) -> list[float]:
    """Relative errors, of gamma quantiles of those of x^shape where the shape is below 1; of values
    below 1e-280 (quantiles of tiny shapes) none."""
    return [
        abs(function(*arguments) - value)
        / abs(value)
        * (min(arguments[0], 1.0) if name == "gamma_upper_quantile" else 1.0)
        for *arguments, value in KNOWN[name]
        if abs(value) > 1e-280
    ]


@pytest.mark.parametrize("name", KNOWN)
def test_values_are_the_known_ones(name: str) -> None:
    function, allowed = FUNCTIONS[name]
    assert max(errors(name, function)) <= allowed


@pytest.mark.parametrize("name", KNOWN)
def test_the_comparison_catches_a_wrong_function(name: str) -> None:
    function, allowed = FUNCTIONS[name]

    def wrong(*arguments: float) -> float:
        return function(*arguments) * (1.0 + 8.0 * allowed)

    assert max(errors(name, wrong)) > allowed


@pytest.mark.parametrize(
    ("array", "scalar", "values"),
    [
        (elementary.logs, elementary.log, [0.0, 1e-300, 0.3, 1.0, 7.0, 1e300, math.inf]),
        (elementary.exps, elementary.exp, [-900.0, -40.0, -0.1, 0.0, 0.5, 3.0, 700.0, 900.0]),
        (elementary.log1ps, elementary.log1p, [-0.9, -0.1, 0.0, 1e-9, 0.4, 0.5, 9.0]),
    ],
)
def test_arrays_and_numbers_agree_to_the_bit(
    array: Callable[[list[float]], np.ndarray], scalar: Function, values: list[float]
) -> None:
    assert array(values).tolist() == [scalar(x) for x in values]


def test_powers_of_arrays_and_numbers_agree_to_the_bit() -> None:
    values = [0.0, 1e-9, 0.7, 1.0, 2.0, 1e5]
    for y in (0.5, 3.0, -0.25):
        assert elementary.powers(values, y).tolist() == [elementary.power(x, y) for x in values]
    assert elementary.power(0.0, 0.0) == 1.0


def test_ends_of_the_domains() -> None:
    assert elementary.log(0.0) == -math.inf and math.isnan(elementary.log(-1.0))
    assert np.isnan(elementary.logs([-1.0])).all()
    assert elementary.exp(1000.0) == math.inf and elementary.exp(-1000.0) == 0.0
    assert distributions.normal_quantile([0.0, 0.5, 1.0]).tolist() == [-math.inf, 0.0, math.inf]
    assert distributions.gamma_quantile(3.0, [0.0]).tolist() == [0.0]
    assert distributions.gamma_upper_quantile(3.0, [1.0]).tolist() == [0.0]
    assert distributions.gamma_tails(2.0, [0.0])[0].tolist() == [0.0]


@pytest.mark.parametrize("shape", known.SHAPES)
def test_a_quantile_does_not_depend_on_its_neighbours(shape: float) -> None:
    u = np.append((np.arange(40) + 0.5) / 40, [1e-12, 1.0 - 2.0**-40])
    together = distributions.gamma_quantile(shape, u)
    assert together.tolist() == [float(distributions.gamma_quantile(shape, x)) for x in u.tolist()]
    assert np.all(np.diff(together[:40]) > 0.0)


def test_tails_add_up_and_quantiles_undo_them() -> None:
    for shape in (0.7, 4.0, 60.0):
        x = distributions.gamma_quantile(shape, [0.05, 0.5, 0.98])
        lower, upper = distributions.gamma_tails(shape, x)
        assert lower == pytest.approx([0.05, 0.5, 0.98], rel=1e-13)
        assert lower + upper == pytest.approx([1.0, 1.0, 1.0], rel=1e-15)


def test_interpolation_and_products_by_hand() -> None:
    at, values = np.array([0.0, 2.0, 4.0]), np.array([0.0, 1.0, 5.0])
    x = np.array([-1.0, 0.0, 1.0, 2.0, 3.5, 4.0, 9.0])
    assert elementary.interpolated(x, at, values).tolist() == [0.0, 0.0, 0.5, 1.0, 4.0, 5.0, 5.0]
    a, b = np.array([[1.0, 0.0], [2.0, 3.0]]), np.array([[4.0, 5.0], [6.0, 7.0]])
    assert elementary.matrix_product(a, b).tolist() == [[4.0, 5.0], [26.0, 31.0]]
    assert elementary.exact_sum([1e16, 1.0, -1e16]) == 1.0
    assert elementary.exact_sum(np.array([[1e16, 1.0], [-1e16, 1.0]])) == 2.0
