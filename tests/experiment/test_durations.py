"""Distributions kept in wide bins say what the durations themselves would."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ccsim.experiment.results.durations import Durations, coarse, dense, edges_of, flat, from_flat
from ccsim.measures.histogram import Histogram, Histograms
from ccsim.statistics import quantile
from ccsim.statistics.student import t_quantile


@pytest.fixture(scope="module")
def waits() -> list[np.ndarray]:
    """Waits (us) of 40 replications: a third wait nothing, the others longer on busy days."""
    rng = np.random.default_rng(5)
    found = []
    for busy in rng.gamma(20.0, 0.05, 40):
        us = rng.exponential(60e6 * busy**3, 900).astype(np.int64)
        found.append(np.where(rng.random(900) < 1 / 3, 0, us))
    return found


@pytest.fixture(scope="module")
def durations(waits: list[np.ndarray]) -> Durations:
    each = {str(r): Histogram.of(one) for r, one in enumerate(waits)}
    return Durations(Histogram.sum(each.values()), coarse(Histograms.of(each)))


def test_wide_bins_lose_nobody(waits: list[np.ndarray], durations: Durations) -> None:
    for one, (bins, counts) in zip(waits, durations.rows, strict=True):
        assert counts.sum() == len(one)
        assert (np.diff(bins) > 0).all()


def test_everybody_is_between_the_edges_of_a_bin(
    waits: list[np.ndarray], durations: Durations
) -> None:
    edges, (counts,) = dense(durations.rows)
    assert (edges[:, 0] < edges[:, 1]).all() and (edges[1:, 0] >= edges[:-1, 1]).all()
    for one, line in zip(waits, counts, strict=True):
        # (from, until] of whole microseconds
        by_hand = [np.count_nonzero((one > a) & (one <= b)) for a, b in edges]
        assert by_hand == line.tolist()


@pytest.mark.parametrize("p", [0.5, 0.8, 0.95])
def test_the_quantile_is_that_of_the_durations(
    waits: list[np.ndarray], durations: Durations, p: float
) -> None:
    edges, (counts,) = dense(durations.rows)
    found = quantile(counts, edges, p, pool=durations.pool())
    together = np.concatenate(waits)
    exact = float(np.quantile(together, p))
    assert found.value == pytest.approx(exact, rel=1 / 512)
    # Woodruff's interval from the durations themselves, without bins
    shares = np.array([np.mean(one <= exact) for one in waits])
    error = shares.std(ddof=1) / math.sqrt(len(waits))
    half = t_quantile(0.975, len(waits) - 1) * error
    low, high = np.quantile(together, [p - half, p + half])
    assert found.half_width == pytest.approx((high - low) / 2, rel=0.15)


def test_flat_and_back(durations: Durations) -> None:
    bins, counts, sizes = flat(durations)
    back = from_flat(bins, counts, sizes)
    assert back.pooled == durations.pooled
    for ours, theirs in zip(back.rows, durations.rows, strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])
    assert len(edges_of(bins, durations)) == len(bins)


def test_nobody_in_a_replication() -> None:
    both = {"none": Histogram.empty(), "one": Histogram.of(np.array([5], np.int64))}
    edges, (counts,) = dense(coarse(Histograms.of(both)))
    assert counts.tolist() == [[0.0], [1.0]]
    assert edges.tolist() == [[-1.0, 15.0]]
    assert Durations.empty(3).pooled.total == 0


def test_how_many_within_a_time_is_counted(waits: list[np.ndarray], durations: Durations) -> None:
    at = np.array([0.0, 5e6, 20e6, 60e6, 1e12])
    found = durations.within(at)
    exact = np.array([[np.count_nonzero(one <= time) for time in at] for one in waits])
    np.testing.assert_array_equal(found[:, [0, -1]], exact[:, [0, -1]])
    # all together to the fine bins; each replication to the wide ones (1/32 of 20 s)
    np.testing.assert_allclose(found.sum(axis=0), exact.sum(axis=0), rtol=1e-3)
    np.testing.assert_allclose(found, exact, atol=12)


def test_nothing_is_within_a_time_where_nobody_came() -> None:
    assert Durations.empty(3).within(np.array([1.0, 2.0])).tolist() == [[0.0, 0.0]] * 3
