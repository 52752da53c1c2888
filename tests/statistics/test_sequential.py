"""The bound that may be looked at after every replication, against what it promises.

Each row draws 2,000 times 1,500 replications of a known mean and counts how often either one-sided
bound is ever, at any of the 1,451 looks, on the wrong side. The oracle is the error that was asked
for, with three standard errors of the count.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.statistics.samples import of_mean, of_ratio
from ccsim.statistics.sequential import (
    FEWEST_UNLIKE,
    FIRST,
    Evidence,
    half_width,
    largest_share,
)

Values = NDArray[np.float64]
RUNS, LONGEST = 2000, 1500


def _normal(rng: np.random.Generator) -> Values:
    return rng.normal(size=(RUNS, LONGEST))


def _exponential(rng: np.random.Generator) -> Values:
    return rng.exponential(size=(RUNS, LONGEST)) - 1.0


def _binary(rng: np.random.Generator) -> Values:
    return np.asarray((rng.random((RUNS, LONGEST)) < 0.1) - 0.1, dtype=np.float64)


def ever_wrong(
    draw: Callable[[np.random.Generator], Values],
    error: float,
    *,
    skewed: bool = True,
    first: int = FIRST,
    unlike: int = FEWEST_UNLIKE,
    everywhere: bool = True,
) -> float:
    """The share of runs in which the worse of the two bounds is ever on the wrong side.

    The planted faults leave out the term for skewness, begin to look earlier, decide on fewer
    replications that differ, or look with an interval made for one look (`everywhere` false).
    """
    values = draw(np.random.default_rng(11))
    n = np.arange(1, LONGEST + 1)
    sums = [np.cumsum(values**power, axis=1) for power in (1, 2, 3)]
    mean = sums[0] / n
    variance = np.maximum(sums[1] - n * mean**2, 0.0) / np.maximum(1, n - 1)
    third = sums[2] / n - 3.0 * mean * sums[1] / n + 2.0 * mean**3
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.where(variance > 0, third / variance**1.5, 0.0)
        skewness = np.nan_to_num(raw * n / (n - 2) * np.sqrt(n / (n - 1)))
    ones = np.cumsum(values > 0, axis=1)
    decides = (np.minimum(ones, n - ones) >= unlike) & (n >= first)
    plain = np.array([half_width(int(i), 1.0, 0.0, error) for i in n])
    with np.errstate(invalid="ignore"):  # infinite bounds of the first replications
        hall = np.array([half_width(int(i), 1.0, 1.0, error) for i in n]) - plain
    if not everywhere:
        plain = np.full(LONGEST, 1.645 / np.sqrt(n))  # of one look, at 5 %
    wrong = []
    hall = np.nan_to_num(hall)
    with np.errstate(invalid="ignore"):
        for side in (1, -1):
            harm = np.maximum(0.0, -side * skewness) if skewed else np.zeros_like(skewness)
            beyond = side * mean > np.sqrt(variance) * (plain + np.where(harm > 0, harm * hall, 0))
            wrong.append(float((beyond & decides).any(axis=1).mean()))
    return max(wrong)


def allowed(error: float) -> float:
    return error + 3.0 * math.sqrt(error * (1 - error) / RUNS)


@pytest.mark.parametrize("error", [0.05, 0.0125, 0.002])
@pytest.mark.parametrize("draw", [_normal, _exponential, _binary])
def test_the_bound_holds_at_all_looks_together(
    draw: Callable[[np.random.Generator], Values], error: float
) -> None:
    assert ever_wrong(draw, error) <= allowed(error)


def test_an_interval_of_one_look_is_seen_to_fail() -> None:
    assert ever_wrong(_normal, 0.05, everywhere=False) > 3 * allowed(0.05)


def test_without_the_term_for_skewness_the_bound_is_seen_to_fail() -> None:
    assert ever_wrong(_exponential, 0.0125, skewed=False) > allowed(0.0125)


def test_deciding_on_single_events_is_seen_to_fail() -> None:
    assert ever_wrong(_binary, 0.0125, first=10, unlike=1, skewed=False) > allowed(0.0125)


def test_the_width_at_a_hundred_replications() -> None:
    """2.8 standard errors at 5 %, as the formula gives by hand (n = 100, error 0.025 a side)."""
    depth = 2 * math.log(1 / 0.05)
    g = (depth + math.log(1 + depth)) / 200
    a = ((1 + 100 * g) / 0.05**2) ** (1 / 100)
    by_hand = math.sqrt(99 * (a - 1) / (1 - a / (1 + 100 * g)))
    assert half_width(100, 1.0, 0.0, 0.025) * 10 == pytest.approx(by_hand, rel=1e-12)
    assert 2.7 < half_width(100, 1.0, 0.0, 0.05) * 10 < 3.0


def test_too_few_replications_give_no_bound() -> None:
    assert half_width(1, 1.0, 0.0, 0.05) == math.inf
    assert half_width(2, 1.0, 0.0, 0.001) == math.inf
    with pytest.raises(ValueError, match="of a one-sided bound"):
        half_width(10, 1.0, 0.0, 0.5)


@pytest.mark.parametrize("error", [0.05, 0.01])
@pytest.mark.parametrize("chance", [0.02, 0.1])
def test_the_largest_share_holds_at_all_looks(chance: float, error: float) -> None:
    rng = np.random.default_rng(5)
    bounds = {
        (n, seen): largest_share(n, seen, error) for n in (50, 100, 200, 400) for seen in range(50)
    }
    wrong = 0
    for _ in range(RUNS):
        seen = np.cumsum(rng.random(400) < chance)
        wrong += any(bounds[n, min(49, int(seen[n - 1]))] < chance for n in (50, 100, 200, 400))
    assert wrong / RUNS <= allowed(error)


def test_nothing_seen_in_fifty_replications() -> None:
    """1 - 0.025^(1/50) = 7.1 %: what fifty replications without an event still allow."""
    assert largest_share(50, 0, 0.025) == pytest.approx(0.0711, abs=5e-5)


def test_a_share_that_is_whole_in_all_replications() -> None:
    found = of_mean(np.ones(60)).evidence(0.0, 1.0)
    assert found.upper(0.025) == 1.0
    assert found.lower(0.025) == pytest.approx(0.025 ** (1 / 60))


def test_a_difference_that_arose_in_four_replications_is_not_decided() -> None:
    values = np.zeros(100)
    values[:4] = 5.0
    assert of_mean(values).evidence().lower(0.05) == -math.inf
    values[:5] = 5.0
    assert math.isfinite(of_mean(values).evidence().lower(0.05))


def test_a_difference_that_never_varies_is_known() -> None:
    found = of_mean(np.full(50, 3.0)).evidence()
    assert found.lower(0.01) == found.upper(0.01) == 3.0
    assert of_mean(np.full(49, 3.0)).evidence().lower(0.01) == -math.inf


def test_a_ratio_of_totals_is_not_the_mean_of_ratios() -> None:
    """(1 + 30) / (2 + 100) by hand, and moves whose mean is 0."""
    found = of_ratio([1.0, 30.0], [2.0, 100.0])
    assert found.value == pytest.approx(31 / 102)
    assert found.moves.mean() == pytest.approx(0.0, abs=1e-15)
    assert list(found.singles) == [0.5, 0.3]


def test_pairs_are_of_the_same_replications() -> None:
    with pytest.raises(ValueError, match="same replications"):
        of_mean([1.0, 2.0]).less(of_mean([1.0]))


def test_how_many_replications_would_do() -> None:
    found = Evidence(0.0, 50, 1.0, 0.0, 0.0, 50)
    n = found.replications_for(0.025, 0.1)
    assert n is not None
    assert half_width(n, 1.0, 0.0, 0.025) <= 0.1 < half_width(n // 2, 1.0, 0.0, 0.025)
    assert found.replications_for(0.025, 1e-6) is None
