"""Quantiles read from bins: exact where bins hold one value, within 1/512 elsewhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ccsim.measures.accumulate import clock
from ccsim.measures.histogram import Histogram, bin_of, lowest_of, width_of

YEAR_US = 366 * 86_400_000_000
durations = arrays(np.int64, st.integers(1, 60), elements=st.integers(0, YEAR_US))


@given(durations)
def test_every_duration_lies_in_its_bin_and_bins_are_narrow(us: np.ndarray) -> None:
    bins = bin_of(us)
    low, width = lowest_of(bins), width_of(bins)
    assert (low <= us).all() and (us < low + width).all()
    assert ((width == 1) | (width * 512 <= low)).all()


def test_bins_follow_one_another_without_gap() -> None:
    bins = np.arange(512 * 30)
    np.testing.assert_array_equal(lowest_of(bins)[1:], lowest_of(bins)[:-1] + width_of(bins)[:-1])
    np.testing.assert_array_equal(bin_of(lowest_of(bins)), bins)


@pytest.mark.parametrize(
    ("us", "bin_", "lowest", "width"),
    [
        (0, 0, 0, 1),
        (1023, 1023, 1023, 1),  # the last that has a bin of its own
        (1024, 1024, 1024, 2),
        (1025, 1024, 1024, 2),
        (1026, 1025, 1026, 2),
        (2047, 1535, 2046, 2),
        (2048, 1536, 2048, 4),
        (2051, 1536, 2048, 4),
        (2052, 1537, 2052, 4),
        ((1 << 18) - 1, 10 * 512 - 1, (1 << 18) - 256, 256),
        (1 << 18, 10 * 512, 1 << 18, 512),
        ((1 << 26) + 130_000, 18 * 512, 1 << 26, 131_072),
    ],
)
def test_borders_of_bins_by_hand(us: int, bin_: int, lowest: int, width: int) -> None:
    """Below 512 us each has its own; the octave from 2^e us on begins with bin 512 (e - 8)."""
    found = bin_of(np.array([us]))
    plain: Any = clock.bin_of  # of Numba, which has the function of Python as `py_func`
    assert found.tolist() == [bin_] == [plain.py_func(us)]
    assert lowest_of(found).tolist() == [lowest]
    assert width_of(found).tolist() == [width]


@pytest.mark.parametrize(
    ("p", "us"),
    # the value of rank p x 4, which stands on the microsecond up to it; at 0 where that begins
    [(0.0, 9.0), (0.25, 10.0), (0.26, 19.04), (0.5, 20.0), (0.75, 30.0), (0.9, 39.6), (1.0, 40.0)],
)
def test_quantiles_are_values_of_a_rank_by_hand(p: float, us: float) -> None:
    assert Histogram.of(np.array([40, 10, 30, 20])).quantile(p) == pytest.approx(us, rel=1e-12)


@given(durations, durations)
def test_adding_is_pooling(a: np.ndarray, b: np.ndarray) -> None:
    pooled = Histogram.of(np.concatenate([a, b]))
    assert Histogram.of(a) + Histogram.of(b) == pooled
    assert pooled.total == len(a) + len(b)


@given(durations, st.floats(0.01, 1.0))
def test_quantiles_are_those_of_the_sample_within_a_bin(us: np.ndarray, p: float) -> None:
    exact = float(np.quantile(us, p, method="inverted_cdf"))
    got = Histogram.of(us).quantile(p)
    assert abs(got - exact) <= 1 + exact / 512


@given(durations, st.floats(0.0, 1.0))
def test_cdf_inverts_quantile(us: np.ndarray, p: float) -> None:
    histogram = Histogram.of(us)
    assert histogram.cdf(histogram.quantile(p)) >= p - 1e-9


def test_those_who_did_not_wait_are_an_atom_at_zero() -> None:
    histogram = Histogram.of(np.array([0, 0, 0, 700]))
    assert histogram.cdf(0) == 0.75
    assert histogram.quantile(0.7) == 0.0
    assert histogram.quantile(1.0) == 700.0
    assert histogram.cdf(699) == 0.75 and histogram.cdf(700) == 1.0


def test_nobody_came() -> None:
    assert math.isnan(Histogram.empty().quantile(0.5))
    assert math.isnan(Histogram.empty().cdf(1))
    assert Histogram.sum([]) == Histogram.empty() == Histogram.of(np.empty(0, np.int64))


def test_a_probability_beyond_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Histogram.of(np.array([1])).quantile(1.5)
