"""Paired differences worked by hand."""

import math

import numpy as np
import pytest

from ccsim.statistics import (
    difference_of_means,
    difference_of_quantiles,
    difference_of_ratios,
    mean,
    quantile,
)

T_975_2 = 4.302652729749464


def test_means_are_paired() -> None:
    # differences 1, 2, 3: mean 2, s = 1; apart var(3,6,9) + var(2,4,6) = 9 + 4; gain 13 / 1
    found = difference_of_means([3.0, 6.0, 9.0], [2.0, 4.0, 6.0])
    assert found.estimate.value == 2.0
    assert found.estimate.half_width == pytest.approx(T_975_2 / math.sqrt(3), rel=1e-12)
    assert found.gain == pytest.approx(13.0)


def test_pairs_with_a_gap_are_left_out() -> None:
    found = difference_of_means([3.0, 6.0, math.nan, 9.0], [2.0, 4.0, 1.0, 6.0])
    assert (found.estimate.value, found.estimate.n, found.estimate.missing) == (2.0, 3, 1)


def test_ratios_use_the_four_totals() -> None:
    # R_a = 12/6 = 2, R_b = 9/9 = 1. e_a = (num - 2 den)/2 = (-1, 0, 1);
    # e_b = (num - den)/3 = (-1/3, 0, 1/3); paired -2/3, 0, 2/3: variance 4/9; apart 1 + 1/9.
    found = difference_of_ratios([2.0, 4.0, 6.0], [2.0, 2.0, 2.0], [2.0, 3.0, 4.0], [3.0, 3.0, 3.0])
    assert found.estimate.value == 1.0
    assert found.estimate.half_width == pytest.approx(T_975_2 * math.sqrt(4 / 9 / 3), rel=1e-12)
    assert found.gain == pytest.approx((10 / 9) / (4 / 9))


def test_ratios_with_constant_denominators_are_means() -> None:
    a, b, ones = [3.0, 5.0, 4.0], [1.0, 2.5, 2.5], [1.0, 1.0, 1.0]
    by_ratio = difference_of_ratios(a, ones, b, ones).estimate
    by_mean = difference_of_means(a, b).estimate
    assert by_ratio.low == pytest.approx(by_mean.low, rel=1e-12)
    assert by_ratio.high == pytest.approx(by_mean.high, rel=1e-12)


def test_a_design_against_itself_is_exactly_nothing() -> None:
    num, den = [3.0, 4.0, 8.0], [9.0, 8.0, 10.0]
    found = difference_of_ratios(num, den, num, den)
    assert (found.estimate.value, found.estimate.low, found.estimate.high) == (0.0, 0.0, 0.0)
    assert found.gain is None


def test_a_constant_difference_has_no_width_and_no_gain() -> None:
    found = difference_of_means([0.3, 0.1 + 0.2, 0.3], [0.1, 0.1, 0.1])
    assert found.estimate.half_width == 0.0
    assert found.gain is None


def test_undefined_on_one_side_is_undefined() -> None:
    found = difference_of_ratios([1.0, 1.0], [2.0, 2.0], [0.0, 0.0], [0.0, 0.0])
    assert (found.estimate.value, found.estimate.low, found.gain) == (None, None, None)


def test_quantiles_against_a_constant_design_have_the_quantiles_own_width() -> None:
    edges = [[0.0, 50.0], [50.0, 100.0]]
    moving = [[40.0, 60.0], [50.0, 50.0], [60.0, 40.0]]
    still = [[50.0, 50.0]] * 3
    found = difference_of_quantiles(moving, still, edges, 0.5)
    alone = quantile(moving, edges, 0.5)
    assert found.estimate.value == 0.0
    assert found.estimate.half_width == pytest.approx(alone.half_width, rel=1e-9)


def test_quantiles_of_the_same_customers_differ_by_nothing() -> None:
    edges = [[0.0, 1.0], [1.0, 2.0], [2.0, 4.0]]
    counts = [[5.0, 3.0, 1.0], [4.0, 4.0, 4.0], [9.0, 1.0, 0.0]]
    found = difference_of_quantiles(counts, counts, edges, 0.8)
    assert (found.estimate.value, found.estimate.half_width) == (0.0, 0.0)


def test_different_replications_are_refused() -> None:
    with pytest.raises(ValueError, match="same replications"):
        difference_of_means([1.0, 2.0], [1.0, 2.0, 3.0])


def test_pairing_gains_what_the_correlation_says() -> None:
    # var apart = 2 s^2, paired = 2 s^2 (1 - r): the gain is 1 / (1 - r) with equal variances.
    rng = np.random.default_rng(11)
    common, own = rng.normal(size=(2, 4000))
    ours = 10 + math.sqrt(0.9) * common + math.sqrt(0.1) * own
    theirs = 9 + math.sqrt(0.9) * common - math.sqrt(0.1) * own
    # r = (.9 - .1) / 1 = .8: gain 5; its relative error at n = 4000 is about 2 x sqrt(2/4000)
    assert difference_of_means(ours, theirs).gain == pytest.approx(5.0, rel=0.15)


def test_one_replication_gives_a_value_and_no_interval() -> None:
    found = difference_of_means([2.0], [1.0])
    assert (found.estimate.value, found.estimate.low, found.gain) == (1.0, None, None)
    assert mean([2.0]).low is None
