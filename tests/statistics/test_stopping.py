"""The sequential rule: how large a half-width is, how many more, and how often what it stops at
holds the truth."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.statistics import Estimate, difference_of_ratios, mean, quantile, ratio
from ccsim.statistics.stopping import FIRST, HalfWidth, next_size
from tests.statistics.test_coverage import (
    BUSY,
    CHANCE,
    EDGES,
    PER_DAY,
    SHARE,
    WAIT,
    _histogram,
    held,
    true_quantile,
    true_share,
)


def estimate(value: float | None, half: float | None) -> Estimate:
    if value is None or half is None:
        return Estimate(value, None, None, 0.95, "by hand", 50)
    return Estimate(value, value - half, value + half, 0.95, "by hand", 50)


def test_absolute_and_relative_half_widths() -> None:
    assert HalfWidth(absolute=0.5).times_too_wide(estimate(10.0, 1.0)) == 2.0
    # Law 9.4.1: 5 % asked, so half-width / value must be at most .05 / 1.05
    at_the_bound = estimate(-100.0, 5.0 / 1.05)
    assert HalfWidth(relative=0.05).times_too_wide(at_the_bound) == pytest.approx(1.0)
    assert HalfWidth(relative=0.05).around(-100.0) == pytest.approx(4.7619, rel=1e-4)


def test_what_has_no_interval_is_never_enough() -> None:
    for each in (estimate(None, None), estimate(3.0, None)):
        assert HalfWidth(absolute=1.0).times_too_wide(each) == math.inf
    assert HalfWidth(relative=0.1).times_too_wide(estimate(0.0, 1.0)) == math.inf
    assert HalfWidth(relative=0.1).times_too_wide(estimate(0.0, 0.0)) == 0.0


@pytest.mark.parametrize("wrong", [{}, {"absolute": 1.0, "relative": 0.1}, {"absolute": 0.0}])
def test_nonsense_half_widths_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="half-width"):
        HalfWidth(**wrong)


@pytest.mark.parametrize(
    ("n", "times", "at_most", "expected"),
    [
        (50, 1.0, 1000, 50),  # enough
        (50, 1.01, 1000, 55),  # a batch: a tenth, at least five
        (20, 1.01, 1000, 25),
        (50, 1.2, 1000, 72),  # the square-root law: 50 x 1.44
        (50, 3.0, 1000, 100),  # at most twice as many
        (50, math.inf, 1000, 100),
        (50, 3.0, 80, 80),  # the limit
        (80, 3.0, 80, 80),
    ],
)
def test_batches(n: int, times: float, at_most: int, expected: int) -> None:
    assert next_size(n, times, at_most) == expected


# --- coverage -------------------------------------------------------------------------------------

Days = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Days]
Judge = Callable[[Days], Estimate]


def _days(rng: np.random.Generator, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    kind = rng.choice(3, size=n, p=CHANCE)
    return kind, rng.poisson(PER_DAY * BUSY[kind])


def draw_exponential(rng: np.random.Generator, n: int) -> Days:
    return rng.exponential(4.0, (n, 1))


def draw_share(rng: np.random.Generator, n: int) -> Days:
    kind, contacts = _days(rng, n)
    in_a = rng.binomial(contacts, SHARE["a"][kind])
    more = (SHARE["b"] - SHARE["a"]) / (1 - SHARE["a"])
    in_b = in_a + rng.binomial(contacts - in_a, more[kind])  # the same customers
    return np.column_stack([in_a, contacts, in_b]).astype(float)


def draw_wait(rng: np.random.Generator, n: int) -> Days:
    kind, contacts = _days(rng, n)
    return np.column_stack([rng.gamma(contacts, WAIT["a"][kind]), contacts])


def draw_counts(rng: np.random.Generator, n: int) -> Days:
    kind, contacts = _days(rng, n)
    return np.asarray(_histogram(rng, contacts, WAIT["a"][kind]), dtype=float)


TRUE_WAIT = float((CHANCE * BUSY) @ WAIT["a"] / (CHANCE @ BUSY))
# name: (days, interval, truth, what is asked, how often it covered in 2,000 repetitions from 50
# replications on and from 10 on: the figures of docs/background/statistics.md)
CASES: dict[str, tuple[Draw, Judge, float, HalfWidth, float, float]] = {
    "mean, exponential, 20 %": (
        draw_exponential, lambda d: mean(d[:, 0]), 4.0, HalfWidth(relative=0.20), 0.9365, 0.941,
    ),
    "share, 3 points": (
        draw_share, lambda d: ratio(d[:, 0], d[:, 1], scale="logit"), true_share("a"),
        HalfWidth(absolute=0.03), 0.9395, 0.897,
    ),
    "mean wait, 14 %": (
        draw_wait, lambda d: ratio(d[:, 0], d[:, 1]), TRUE_WAIT,
        HalfWidth(relative=0.14), 0.9525, 0.935,
    ),
    "90th percentile of wait, 16 %": (
        draw_counts, lambda d: quantile(d, EDGES, 0.9), true_quantile("a", 0.9),
        HalfWidth(relative=0.16), 0.951, 0.911,
    ),
    "difference of shares, 0.4 points": (
        draw_share,
        lambda d: difference_of_ratios(d[:, 2], d[:, 1], d[:, 0], d[:, 1]).estimate,
        true_share("b") - true_share("a"), HalfWidth(absolute=0.004), 0.95, 0.9395,
    ),
}  # fmt: skip
REPETITIONS = 2000


def stopped_at(case: str, rng: np.random.Generator, first: int) -> Estimate:
    """The interval at which the rule stops, on new days."""
    draw, judge, _, asked, _, _ = CASES[case]
    days = draw(rng, first)
    while True:
        found = judge(days)
        wanted = next_size(len(days), asked.times_too_wide(found), at_most=20 * FIRST)
        if wanted == len(days):
            return found
        days = np.concatenate([days, draw(rng, wanted - len(days))])


def covered(case: str, first: int, repetitions: int) -> tuple[float, float, float]:
    """Shares of intervals that hold the truth, as they are and shrunk by 15 %; mean size."""
    rng = np.random.default_rng([7, first, list(CASES).index(case)])
    found = [stopped_at(case, rng, first) for _ in range(repetitions)]
    truth = CASES[case][2]
    return (
        float(np.mean([held(each, truth) for each in found])),
        float(np.mean([held(each, truth, 0.85) for each in found])),
        float(np.mean([each.n for each in found])),
    )


def test_the_rule_stops_where_it_is_narrow_enough() -> None:
    for case, (_, _, _, asked, _, _) in CASES.items():
        found = stopped_at(case, np.random.default_rng(3), 20)
        assert asked.times_too_wide(found) <= 1.0, case


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_coverage_where_the_rule_stops(case: str) -> None:
    *_, from_50, from_10 = CASES[case]
    error = math.sqrt(0.95 * 0.05 / REPETITIONS)
    hits, shrunk, _ = covered(case, FIRST, REPETITIONS)
    assert hits == pytest.approx(from_50, abs=0.004, rel=0), "the committed figure"
    assert hits >= 0.95 - 4.5 * error, "stopping early costs at most two points"
    assert shrunk < 0.95 - 4.5 * error, "the planted fault went unseen"
    assert covered(case, 10, REPETITIONS)[0] == pytest.approx(from_10, abs=0.004, rel=0)
