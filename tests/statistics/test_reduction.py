"""Groups and controls against exact cases: unbiased, covering, gaining what the formulas say."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from ccsim.experiment.results.reduction import TOGETHER
from ccsim.statistics import Estimate, difference_of_means, difference_of_ratios, mean, ratio
from ccsim.statistics.reduced import reduced_mean, reduced_quantile, reduced_ratio
from ccsim.statistics.reduction import Gains, Reduction, _chi_square, together
from ccsim.workload.strata import Strata
from tests.statistics.test_coverage import adequate, held

Values = NDArray[np.float64]


def groups(n: int) -> Reduction:
    return Reduction(TOGETHER, np.empty((n, 0)))


def controls(*columns: Values) -> Reduction:
    return Reduction({}, np.column_stack(columns))


def shared_out(rng: np.random.Generator, n: int) -> Values:
    """Uniforms that replications share out evenly."""
    seed, fresh = int(rng.integers(1 << 40)), rng.random(n)
    moved = [Strata(seed, r).moved(fresh[r : r + 1], "calls", [0]) for r in range(n)]
    return np.concatenate(moved)


# --- the parts ------------------------------------------------------------------------------------


def test_groups_are_sums_in_a_row_and_the_last_may_be_short() -> None:
    assert together(np.arange(25.0), 10).tolist() == [45.0, 145.0, 110.0]
    assert together(np.ones((20, 3)), 10).tolist() == [[10.0] * 3] * 2


@pytest.mark.parametrize("degrees", [4, 9, 24, 99])
@pytest.mark.parametrize("p", [0.025, 0.975])
def test_chi_square_against_scipy(degrees: int, p: float) -> None:
    near = 0.08 if degrees < 9 else 0.03
    assert _chi_square(p, degrees) == pytest.approx(stats.chi2.ppf(p, degrees), rel=near)


@pytest.mark.parametrize(
    ("n", "size"), [(49, 1), (50, 10), (199, 10), (200, 20), (799, 20), (800, 40)]
)
def test_the_more_replications_the_larger_the_groups(n: int, size: int) -> None:
    # moves that each ten in a row have alike but for a trace: any group gains
    moves = np.resize(np.arange(10.0) - 4.5, n) + 1e-3 * np.random.default_rng(1).normal(size=n)
    assert groups(n).of(moves).size == size


def test_too_few_replications_for_the_controls_take_their_sum_or_none() -> None:
    rng = np.random.default_rng(2)
    columns = rng.normal(size=(60, 6))
    about = columns.sum(axis=1) + 0.01 * rng.normal(size=60)
    assert Reduction({}, columns).of(about).degrees == 58  # one control, the sum
    assert Reduction({}, columns[:19]).of(about[:19]).gains.controlled is None
    assert Reduction({}, columns[:, :5]).of(about).degrees == 54  # ten for each, and for the mean


def test_columns_that_never_vary_or_repeat_are_no_controls() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=100)
    about = a + rng.normal(size=100)
    assert controls(a, a, np.zeros(100)).of(about).degrees == 98
    assert controls(np.zeros(100)).of(about).gains.controlled is None


def test_the_interval_is_that_of_a_regressions_intercept() -> None:
    # the value is the intercept of a regression on the controls (Lavenberg and Welch 1981), and its
    # error the sandwich of that regression with residuals e / (1 - h) (HC3)
    rng = np.random.default_rng(4)
    n = 40
    known = rng.normal(size=(n, 2))
    y = 3.0 + known @ [1.0, -2.0] + 0.5 * rng.normal(size=n)
    x = np.column_stack([np.ones(n), known])
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    left = (y - x @ beta) / (1.0 - np.diag(x @ inverse @ x.T))
    error = math.sqrt((inverse @ x.T @ np.diag(left**2) @ x @ inverse)[0, 0])
    found, gains = reduced_mean(y, controls(known))
    half = stats.t.ppf(0.975, n - 3) * error
    assert found.value == pytest.approx(beta[0])
    assert found.low == pytest.approx(beta[0] - half)
    assert found.high == pytest.approx(beta[0] + half)
    assert found.degrees == n - 3
    assert gains.controlled is not None
    assert gains.controlled.used
    assert gains.controlled.value == pytest.approx(y.var(ddof=1) / n / error**2)


# --- switched off ---------------------------------------------------------------------------------


def test_what_gains_nothing_is_switched_off_and_says_so() -> None:
    rng = np.random.default_rng(5)
    y, other = rng.normal(size=(2, 200))
    # the sample correlation is all but removed, so that nothing can be gained
    y = y - np.polyval(np.polyfit(other, y, 1), other)
    found, gains = reduced_mean(y, controls(other))
    assert gains.controlled is not None
    assert not gains.controlled.used
    assert gains.controlled.value <= 1.0
    assert found == mean(y)
    # groups whose sums vary more than replications do apart
    drifting = np.repeat(rng.normal(size=20), 10) + 0.1 * rng.normal(size=200)
    found, gains = reduced_mean(drifting, groups(200))
    assert gains.stratified is not None
    assert not gains.stratified.used
    assert gains.stratified.value < 1.0
    assert found == mean(drifting)


@pytest.mark.parametrize("num", [0.0, 10.0])
def test_a_share_of_nothing_or_all_stays_as_it_is(num: float) -> None:
    den = np.full(100, 10.0)
    how = controls(np.random.default_rng(6).normal(size=100))
    assert reduced_ratio(np.full(100, num), den, how, scale="logit") == (
        ratio(np.full(100, num), den, scale="logit"),
        Gains(),
    )


def test_a_controlled_share_stays_a_share_and_a_time_above_zero() -> None:
    rng = np.random.default_rng(7)
    for _ in range(50):
        busy = rng.gamma(2.0, 0.5, 20)
        den = rng.poisson(100 * busy) + 1.0
        num = np.where(busy > 1.8, 0.4 * den, 0.995 * den)
        found, _ = reduced_ratio(num, den, controls(busy - 1.0), scale="logit")
        assert found.low is not None and found.high is not None and found.value is not None
        assert 0.0 < found.low <= found.value <= found.high < 1.0
        waits, _ = reduced_ratio(den * np.expm1(busy), den, controls(busy - 1.0))
        assert waits.low is not None
        assert waits.low > 0.0


def test_no_difference_is_no_difference() -> None:
    rng = np.random.default_rng(8)
    y = rng.normal(size=100)
    found = difference_of_means(y, y, how=controls(y))
    assert (found.estimate.low, found.estimate.high) == (0.0, 0.0)


# --- coverage and gain on exact cases -------------------------------------------------------------

N, MANY = 100, 800
Draw = Callable[[np.random.Generator], tuple[Estimate, Gains]]


def day(rng: np.random.Generator, u: Values) -> tuple[Values, Values, Values]:
    """Busyness (gamma, shape 10), contacts (1,000 on average) and those in time of each day."""
    busy = stats.gamma.ppf(u, 10) / 10
    contacts = rng.poisson(1000 * busy).astype(float)
    in_time = rng.binomial(contacts.astype(int), share_at(busy)).astype(float)
    return busy, contacts, in_time


def share_at(busy: Values) -> Values:
    return np.asarray(1.0 / (1.0 + np.exp(4.0 * (busy - 1.4))))


def true_share() -> float:
    """E[contacts x share] / E[contacts] over the gamma."""
    grid = (np.arange(200_000) + 0.5) / 200_000
    busy = stats.gamma.ppf(grid, 10) / 10
    return float((busy * share_at(busy)).mean())


def stratified_share(rng: np.random.Generator, n: int = N) -> tuple[Estimate, Gains]:
    _, contacts, in_time = day(rng, shared_out(rng, n))
    return reduced_ratio(in_time, contacts, groups(n), scale="logit")


def controlled_share(rng: np.random.Generator) -> tuple[Estimate, Gains]:
    _, contacts, in_time = day(rng, rng.random(N))
    return reduced_ratio(in_time, contacts, controls(contacts - 1000.0), scale="logit")


def both_share(rng: np.random.Generator) -> tuple[Estimate, Gains]:
    _, contacts, in_time = day(rng, shared_out(rng, 2 * N))
    how = Reduction(TOGETHER, (contacts - 1000.0)[:, None])
    return reduced_ratio(in_time, contacts, how, scale="logit")


def controlled_mean(rng: np.random.Generator) -> tuple[Estimate, Gains]:
    known = rng.normal(size=N)
    return reduced_mean(7.0 + known + rng.normal(size=N), controls(known))  # gain 2


def useless_control(rng: np.random.Generator) -> tuple[Estimate, Gains]:
    known, y = rng.normal(size=(2, N))
    return reduced_mean(y, controls(known))  # gain 1: on in half of all cases


def useless_groups(rng: np.random.Generator) -> tuple[Estimate, Gains]:
    return reduced_mean(rng.normal(size=N), groups(N))


def stratified_mean(rng: np.random.Generator) -> tuple[Estimate, Gains]:
    u = shared_out(rng, N)
    return reduced_mean(12.0 * u + rng.normal(size=N), groups(N))


def controlled_difference(rng: np.random.Generator) -> tuple[Estimate, Gains]:
    _, contacts, in_time = day(rng, rng.random(N))
    better = in_time + rng.binomial((contacts - in_time).astype(int), 0.3)
    columns = better, contacts, in_time, contacts
    found = difference_of_ratios(*columns, how=controls(contacts - 1000.0))
    return found.estimate, found.gains


def stratified_difference(rng: np.random.Generator) -> tuple[Estimate, Gains]:
    u = shared_out(rng, N)
    _, contacts, in_time = day(rng, u)
    better = in_time + rng.binomial((contacts - in_time).astype(int), 0.3)
    found = difference_of_ratios(better, contacts, in_time, contacts, how=groups(N))
    return found.estimate, found.gains


EDGES = np.column_stack([np.arange(0.0, 400.0), np.arange(1.0, 401.0)])


def stratified_quantile(rng: np.random.Generator) -> tuple[Estimate, Gains]:
    busy = stats.gamma.ppf(shared_out(rng, N), 10) / 10
    chances = np.diff(1 - np.exp(-np.append(EDGES[:, 0], 400.0)[None, :] / (20 * busy[:, None])))
    chances[:, -1] += 1 - chances.sum(axis=1)
    counts = rng.multinomial(rng.poisson(1000 * busy), chances)
    return reduced_quantile(counts, EDGES, 0.9, groups(N))


def true_quantile() -> float:
    """The .9 quantile of exponential waits of mean 20 x busyness, weighed by contacts."""
    busy = stats.gamma.ppf((np.arange(20_000) + 0.5) / 20_000, 10) / 10
    low, high = 0.0, 400.0
    for _ in range(60):
        middle = (low + high) / 2
        reached = float((busy * (1 - np.exp(-middle / (20 * busy)))).mean()) >= 0.9
        low, high = (low, middle) if reached else (middle, high)
    return high


CONTROLLED: dict[str, tuple[Draw, float, float]] = {
    # how drawn, truth, the least that the median of the gain is
    "share": (controlled_share, true_share(), 3.0),
    "mean": (controlled_mean, 7.0, 1.8),
    "mean without use": (useless_control, 0.0, 0.9),
    "difference": (controlled_difference, 0.3 * (1 - true_share()), 2.0),
}
STRATIFIED: dict[str, tuple[Draw, float, float]] = {
    "share": (stratified_share, true_share(), 4.0),
    "share, controlled too": (both_share, true_share(), 4.0),
    "mean": (stratified_mean, 6.0, 4.0),
    "difference": (stratified_difference, 0.3 * (1 - true_share()), 3.0),
    "quantile": (stratified_quantile, true_quantile(), 2.0),
}


def unbiased(drawn: list[tuple[Estimate, Gains]], truth: float) -> bool:
    """Within four standard errors, and a thousandth of the truth (a ratio's bias is of 1 / n)."""
    errors = np.array([each.value for each, _ in drawn if each.value is not None]) - truth
    return bool(abs(errors.mean()) < 4 * errors.std() / math.sqrt(len(drawn)) + 1e-3 * abs(truth))


@pytest.mark.parametrize("case", CONTROLLED)
def test_controlled_intervals_cover_and_a_shrunk_one_is_caught(case: str) -> None:
    draw, truth, least = CONTROLLED[case]
    rng = np.random.default_rng([9, list(CONTROLLED).index(case)])
    drawn = [draw(rng) for _ in range(1500)]
    hits, shrunk = (sum(held(each, truth, by) for each, _ in drawn) for by in (1.0, 0.85))
    assert adequate(hits, 1500), f"{case}: {hits}"
    assert not adequate(shrunk, 1500), f"{case}: the planted fault went unseen ({shrunk})"
    assert unbiased(drawn, truth)
    gains = [each.controlled.value for _, each in drawn if each.controlled is not None]
    assert np.median(gains) >= least


@pytest.mark.parametrize("case", STRATIFIED)
def test_stratified_intervals_cover_at_least_their_level(case: str) -> None:
    # tens within forties stand apart, so that what they show is more than the error is
    draw, truth, least = STRATIFIED[case]
    rng = np.random.default_rng([10, list(STRATIFIED).index(case)])
    drawn = [draw(rng) for _ in range(200)]
    assert sum(held(each, truth) for each, _ in drawn) >= 184
    assert unbiased(drawn, truth)
    gains = [each.stratified.value for _, each in drawn if each.stratified is not None]
    assert np.median(gains) >= least


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_forties_cover_their_level_and_a_shrunk_interval_is_caught() -> None:
    rng, truth = np.random.default_rng(12), true_share()
    drawn = [stratified_share(rng, MANY)[0] for _ in range(1000)]
    hits, shrunk = (sum(held(each, truth, by) for each in drawn) for by in (1.0, 0.85))
    assert adequate(hits, 1000), f"{hits}"
    assert not adequate(shrunk, 1000), f"the planted fault went unseen ({shrunk})"


def test_replications_that_lie_together_for_no_reason_cost_two_points_at_most() -> None:
    rng = np.random.default_rng(10)
    hits = sum(held(useless_groups(rng)[0], 0.0) for _ in range(4000))
    assert 0.92 < hits / 4000 < 0.955


def test_the_limits_of_a_gain_hold_it() -> None:
    rng = np.random.default_rng(11)
    found = [gains.controlled for _, gains in (controlled_mean(rng) for _ in range(800))]
    hits = sum(each.low <= 2.0 <= each.high for each in found if each is not None)
    assert 0.9 < hits / 800 < 0.98
