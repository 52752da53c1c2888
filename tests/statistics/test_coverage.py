"""How often intervals hold the truth, on cases whose truth is known exactly.

Replications are days of random busyness, so contacts of one day go together, as in a contact
center. The judge allows the binomial error of the count of repetitions; it is itself tested: every
interval shrunk by 15 % must fail it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from ccsim.statistics import (
    Estimate,
    chance,
    difference_of_means,
    difference_of_quantiles,
    difference_of_ratios,
    mean,
    order_statistic,
    quantile,
    ratio,
    ratios_of_sums,
)

LEVEL = 0.95
REPLICATIONS = 200
QUICK, THOROUGH = 800, 2000

# Busyness of a day, its chance, the share answered in time and the mean wait on such a day, in
# design a and in design b. 1,000 contacts come on an average day.
BUSY = np.array([0.75, 1.0, 1.35])
CHANCE = np.array([0.3, 0.5, 0.2])
SHARE = {"a": np.array([0.93, 0.82, 0.55]), "b": np.array([0.95, 0.87, 0.63])}
WAIT = {"a": np.array([10.0, 25.0, 70.0]), "b": np.array([8.0, 20.0, 60.0])}
PER_DAY = 1000.0
EDGES = np.column_stack([np.arange(0, 900, 2.0), np.arange(2, 902, 2.0)])  # s

Draw = Callable[[np.random.Generator, int], Estimate]


def _days(rng: np.random.Generator, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    kind = rng.choice(3, size=n, p=CHANCE)
    return kind, rng.poisson(PER_DAY * BUSY[kind])


def true_share(design: str) -> float:
    """E[successes] / E[contacts]."""
    return float((CHANCE * BUSY) @ SHARE[design] / (CHANCE @ BUSY))


def true_quantile(design: str, p: float) -> float:
    """The p quantile over contacts of the mixture of exponential waits, by bisection."""
    weight = CHANCE * BUSY / (CHANCE @ BUSY)
    low, high = 0.0, 1000.0
    for _ in range(100):
        middle = (low + high) / 2
        reached = weight @ (1 - np.exp(-middle / WAIT[design])) >= p
        low, high = (low, middle) if reached else (middle, high)
    return high


def draw_mean(rng: np.random.Generator, n: int = REPLICATIONS) -> Estimate:
    return mean(rng.normal(7.0, 3.0, n))


def draw_share(rng: np.random.Generator, n: int = REPLICATIONS) -> Estimate:
    kind, contacts = _days(rng, n)
    return ratio(rng.binomial(contacts, SHARE["a"][kind]), contacts, scale="logit")


def draw_share_of_sums(rng: np.random.Generator, n: int = REPLICATIONS) -> Estimate:
    kind, contacts = _days(rng, n)
    num, den = rng.binomial(contacts, SHARE["a"][kind]).astype(float), contacts.astype(float)
    sums = np.array([num.sum(), den.sum(), num @ num, den @ den, num @ den])
    return ratios_of_sums(sums, n, scale="logit").at()


def draw_mean_wait(rng: np.random.Generator, n: int = REPLICATIONS) -> Estimate:
    kind, contacts = _days(rng, n)
    return ratio(rng.gamma(contacts, WAIT["a"][kind]), contacts)


def _histogram(rng: np.random.Generator, contacts: NDArray[np.int64], wait: NDArray[np.float64]):  # type: ignore[no-untyped-def]
    ends = np.append(EDGES[:, 0], np.inf)
    chances = -np.diff(np.exp(-ends[None, :] / wait[:, None]), axis=1)
    return rng.multinomial(contacts, chances / chances.sum(axis=1, keepdims=True))


def draw_quantile(rng: np.random.Generator, n: int = REPLICATIONS) -> Estimate:
    kind, contacts = _days(rng, n)
    return quantile(_histogram(rng, contacts, WAIT["a"][kind]), EDGES, 0.9)


def draw_difference_of_shares(rng: np.random.Generator, n: int = REPLICATIONS) -> Estimate:
    # The same customers: whoever is served in time in a is so in b.
    kind, contacts = _days(rng, n)
    in_a = rng.binomial(contacts, SHARE["a"][kind])
    more = (SHARE["b"] - SHARE["a"]) / (1 - SHARE["a"])
    in_b = in_a + rng.binomial(contacts - in_a, more[kind])
    return difference_of_ratios(in_b, contacts, in_a, contacts).estimate


def draw_difference_of_means(rng: np.random.Generator, n: int = REPLICATIONS) -> Estimate:
    common = rng.normal(0.0, 5.0, n)
    ours, theirs = rng.normal(2.0, 1.0, (2, n)) + common
    return difference_of_means(ours, theirs).estimate


def draw_difference_of_quantiles(rng: np.random.Generator, n: int = REPLICATIONS) -> Estimate:
    kind, contacts = _days(rng, n)
    ours = _histogram(rng, contacts, WAIT["b"][kind])
    theirs = _histogram(rng, contacts, WAIT["a"][kind])
    return difference_of_quantiles(ours, theirs, EDGES, 0.9).estimate


CASES: dict[str, tuple[Draw, float]] = {
    "mean": (draw_mean, 7.0),
    "share": (draw_share, true_share("a")),
    "mean wait": (draw_mean_wait, float((CHANCE * BUSY) @ WAIT["a"] / (CHANCE @ BUSY))),
    "quantile": (draw_quantile, true_quantile("a", 0.9)),
    "difference of shares": (draw_difference_of_shares, true_share("b") - true_share("a")),
    "difference of means": (draw_difference_of_means, 0.0),
    "difference of quantiles": (
        draw_difference_of_quantiles,
        true_quantile("b", 0.9) - true_quantile("a", 0.9),
    ),
    "share from sums": (draw_share_of_sums, true_share("a")),
}


def held(estimate: Estimate, truth: float, shrunk: float = 1.0) -> bool:
    """Whether the interval, shrunk towards its value, holds the truth."""
    value, low, high = estimate.value, estimate.low, estimate.high
    assert value is not None and low is not None and high is not None
    return value - shrunk * (value - low) <= truth <= value + shrunk * (high - value)


def adequate(hits: int, repetitions: int) -> bool:
    """Whether so many hits fit the level: within 2.3 binomial errors below, 3.5 above.

    2.3 below lets 1 % of good intervals fail (seeds are fixed, so it is decided once) and catches
    an interval shrunk by 15 % (coverage .904) nearly always at 2,000 repetitions.
    """
    error = math.sqrt(LEVEL * (1 - LEVEL) / repetitions)
    return LEVEL - 2.3 * error <= hits / repetitions <= LEVEL + 3.5 * error


def count(case: str, repetitions: int, seed: int, n: int = REPLICATIONS) -> tuple[int, int]:
    """Hits of the interval from n replications as it is, and shrunk by 15 %."""
    draw, truth = CASES[case]
    rng = np.random.default_rng([seed, list(CASES).index(case)])
    drawn = [draw(rng, n) for _ in range(repetitions)]
    return sum(held(e, truth) for e in drawn), sum(held(e, truth, 0.85) for e in drawn)


@pytest.mark.parametrize("case", CASES)
def test_coverage_and_that_a_shrunk_interval_is_caught(case: str) -> None:
    hits, shrunk = count(case, QUICK, seed=1)
    assert adequate(hits, QUICK), f"{case}: {hits} of {QUICK} intervals hold the truth"
    assert not adequate(shrunk, QUICK), f"{case}: the planted fault went unseen ({shrunk})"


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_coverage_thoroughly(case: str) -> None:
    hits, shrunk = count(case, THOROUGH, seed=2)
    assert adequate(hits, THOROUGH), f"{case}: {hits} of {THOROUGH} intervals hold the truth"
    assert not adequate(shrunk, THOROUGH), f"{case}: the planted fault went unseen ({shrunk})"


# --- few replications -----------------------------------------------------------------------------

# Hits of 2,000 intervals from so many replications, seed 2; as docs/background/statistics.md shows
# them, and as `python -m tests.statistics.test_coverage` prints them.
FIGURES: dict[int, dict[str, int]] = {
    10: {
        "mean": 1896,
        "share": 1766,
        "mean wait": 1725,
        "quantile": 1704,
        "difference of shares": 1840,
        "difference of means": 1900,
        "difference of quantiles": 1770,
        "share from sums": 1739,
    },
    20: {
        "mean": 1902,
        "share": 1887,
        "mean wait": 1896,
        "quantile": 1790,
        "difference of shares": 1879,
        "difference of means": 1892,
        "difference of quantiles": 1837,
        "share from sums": 1865,
    },
    50: {
        "mean": 1906,
        "share": 1902,
        "mean wait": 1921,
        "quantile": 1856,
        "difference of shares": 1894,
        "difference of means": 1903,
        "difference of quantiles": 1884,
        "share from sums": 1897,
    },
    200: {
        "mean": 1916,
        "share": 1896,
        "mean wait": 1915,
        "quantile": 1893,
        "difference of shares": 1890,
        "difference of means": 1888,
        "difference of quantiles": 1885,
        "share from sums": 1899,
    },
}
SHOWN = (
    "mean", "share", "share from sums", "mean wait", "quantile",
    "difference of shares", "difference of means", "difference of quantiles",
)  # fmt: skip
PAGE = Path(__file__).parents[2] / "docs" / "background" / "statistics.md"


def within(found: int, figure: int) -> bool:
    """Whether two counts of 2,000 agree within four errors of their difference."""
    p = (found + figure) / (2 * THOROUGH)
    return abs(found - figure) <= 4 * math.sqrt(2 * THOROUGH * p * (1 - p))


def row_of(n: int) -> str:
    return f"| {n} | " + " | ".join(f"{FIGURES[n][c] / THOROUGH:.3f}"[1:] for c in SHOWN) + " |"


def test_the_page_shows_the_figures() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [n for n in FIGURES if row_of(n) not in page] == []


def test_what_two_hundred_replications_cover() -> None:
    # what is asked of the project: between 93 and 97 %, for values, ratios, quantiles, differences
    assert {case for case, hits in FIGURES[200].items() if not 0.93 <= hits / THOROUGH <= 0.97} == (
        set()
    )


def test_figures_of_shrunk_intervals_would_not_agree() -> None:
    for hits in FIGURES[200].values():
        shrunk = math.erf(0.85 * 1.96 / math.sqrt(2)) * hits / LEVEL  # about .904
        assert not within(round(shrunk), hits)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", CASES)
def test_other_seeds_agree_with_the_figures(case: str) -> None:
    for n, figures in FIGURES.items():
        hits, _ = count(case, THOROUGH, 3, n)
        assert within(hits, figures[case]), f"{case} at {n}: {hits}, and {figures[case]} before"


def test_wilson_covers_what_its_authors_say() -> None:
    # Exact, no simulation: the coverage at p sums the binomial chances of the counts whose
    # interval holds p; averaged over p it is near the level (Brown, Cai and DasGupta 2001, fig. 5).
    n = 100
    intervals = [chance(hits, n) for hits in range(n + 1)]
    grid = np.linspace(0.05, 0.95, 181)

    def coverage(shrunk: float) -> float:
        holds = np.array([[held(e, p, shrunk) for e in intervals] for p in grid])
        return float((holds * stats.binom.pmf(np.arange(n + 1), n, grid[:, None])).sum(1).mean())

    assert coverage(1.0) == pytest.approx(LEVEL, abs=0.005, rel=0)
    assert coverage(0.85) < LEVEL - 0.03


@pytest.mark.parametrize(("n", "p"), [(100, 0.9), (60, 0.5), (365, 0.95), (200, 0.05)])
def test_order_statistics_cover_at_least_their_level(n: int, p: float) -> None:
    # With the values 1..n as ranks, [X_low, X_high] holds the quantile when low <= B < high for
    # B of the binomial (n, p): exact.
    found = order_statistic(np.arange(1.0, n + 1), p)
    assert found.low is not None and found.high is not None
    covered = stats.binom.cdf(found.high - 1, n, p) - stats.binom.cdf(found.low - 1, n, p)
    narrower = stats.binom.cdf(found.high - 2, n, p) - stats.binom.cdf(found.low, n, p)
    assert covered >= LEVEL
    assert narrower < LEVEL


if __name__ == "__main__":
    for n in (10, 20, 50, 200):
        print(f"    {n}: { ({case: count(case, THOROUGH, 2, n)[0] for case in CASES}) },")
