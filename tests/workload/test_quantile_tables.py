"""Quantile tables against the distributions they stand for (oracle: scipy.stats, formulas)."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ccsim.network import model, quantiles
from ccsim.network.quantiles import FOREVER, QuantileTable

GRID = (np.arange(4001) + 0.5) / 4001


def lognormal(cv: float) -> Any:
    sigma = math.sqrt(math.log1p(cv * cv))
    return stats.lognorm(sigma, scale=5.0 * math.exp(-sigma * sigma / 2))


def weibull(shape: float) -> Any:
    return stats.weibull_min(shape, scale=5.0 / math.gamma(1 + 1 / shape))


CASES: list[tuple[str, QuantileTable, Any]] = [
    ("exponential", quantiles.exponential(5.0), stats.expon(scale=5.0)),
    ("uniform", quantiles.uniform(2.0, 8.0), stats.uniform(2.0, 6.0)),
    ("erlang", quantiles.erlang(5.0, 3), stats.gamma(3, scale=5 / 3)),
    *[
        (f"gamma cv {cv}", quantiles.gamma(5.0, cv), stats.gamma(cv**-2, scale=5 * cv * cv))
        for cv in (0.1, 0.5, 2.0, 3.0)
    ],
    *[
        (f"lognormal cv {cv}", quantiles.lognormal(5.0, cv), lognormal(cv))
        for cv in (0.1, 0.85, 2.0, 3.0)
    ],
    *[(f"weibull shape {k}", quantiles.weibull(5.0, shape=k), weibull(k)) for k in (0.5, 1.4, 8.0)],
]


def distance(table: QuantileTable, truth: Any) -> float:
    """The largest gap between distribution functions, looked at on a grid of probabilities."""
    values = np.array([table.value(u) for u in GRID.tolist()])
    return float(np.max(np.abs(truth.cdf(values) - GRID)))


@pytest.mark.parametrize(("table", "truth"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_table_has_the_moments_and_the_form_of_its_distribution(
    table: QuantileTable, truth: Any
) -> None:
    assert table.mean() == pytest.approx(truth.mean(), rel=1e-12, abs=0)
    assert table.cv() == pytest.approx(truth.std() / truth.mean(), rel=0.0025, abs=0)
    assert distance(table, truth) < 0.001


def test_the_comparison_catches_a_wrong_table() -> None:
    wrong = quantiles.lognormal(5.0, 0.86)
    assert distance(wrong, lognormal(0.85)) > 0.001
    assert wrong.cv() != pytest.approx(0.85, rel=0.0025, abs=0)


def test_mean_is_the_mean_of_what_value_returns() -> None:
    # midpoints of 2^20 equal bins see every bin of the first two levels
    u = (np.arange(1 << 20) + 0.5) / (1 << 20)
    table = quantiles.lognormal(1.0, 1.5)
    assert np.mean([table.value(x) for x in u.tolist()]) == pytest.approx(1.0, rel=1e-4)


def test_the_tail_is_resolved() -> None:
    table = quantiles.exponential(1.0)
    for u in (1 - 2.0**-9.7, 1 - 2.0**-15.3, 1 - 2.0**-25.1):
        assert table.value(u) == pytest.approx(-math.log(1 - u), rel=0.01, abs=0)
    assert table.value(1 - 2.0**-53) == pytest.approx(32 * math.log(2), rel=0.001, abs=0)


def test_values_never_fall() -> None:
    for _, table, _ in CASES:
        for u0 in (0.0, 1 - 2.0**-10, 1 - 2.0**-20):
            u = np.linspace(u0, min(u0 + (1 - u0) * 1.001, 1 - 2.0**-53), 3000)
            u[u >= 1] = 1 - 2.0**-53
            assert np.all(np.diff([table.value(x) for x in u.tolist()]) >= 0)


def test_hyperexponential() -> None:
    table = quantiles.hyperexponential([(0.9, 1.0), (0.1, 20.0)])
    mean, square = 0.9 + 2.0, 2 * (0.9 + 0.1 * 400)
    assert table.mean() == pytest.approx(mean, rel=1e-12, abs=0)
    assert table.cv() == pytest.approx(math.sqrt(square / mean**2 - 1), rel=0.0025, abs=0)
    for u in (0.05, 0.5, 0.93, 0.999, 0.999999):
        t = table.value(u)
        assert 0.9 * math.exp(-t) + 0.1 * math.exp(-t / 20) == pytest.approx(1 - u, rel=0.01)


def test_constant_and_no_spread() -> None:
    for table in (
        quantiles.constant(7.0),
        quantiles.lognormal(7.0, 0.0),
        quantiles.gamma(7.0, 0.0),
        quantiles.uniform(7.0, 7.0),
    ):
        assert {table.value(u) for u in (0.0, 0.4, 1 - 2.0**-53)} == {7.0}
        assert table.mean() == 7.0 and table.cv() == 0.0


def test_weibull_by_its_cv() -> None:
    by_cv = quantiles.weibull(3.0, cv=1.0)
    assert by_cv.value(0.5) == pytest.approx(3 * math.log(2), rel=1e-3, abs=0)


def test_atoms_are_exact_and_the_others_keep_their_mean() -> None:
    table = quantiles.exponential(100.0).with_atoms(at_zero=0.03, never=0.25)
    assert table.value(0.0) == 0.0 and table.value(math.nextafter(0.03, 0)) == 0.0
    assert 0.0 <= table.value(0.03) < 0.01
    assert table.value(0.75) == FOREVER >= model.NEVER
    assert table.value(math.nextafter(0.75, 0)) < FOREVER
    assert table.mean() == math.inf
    # the middle of those who wait and hang up one day
    assert table.value(0.03 + 0.72 / 2) == pytest.approx(100 * math.log(2), rel=1e-3, abs=0)
    some = quantiles.exponential(100.0).with_atoms(at_zero=0.1)
    assert some.mean() == pytest.approx(90.0, rel=1e-12, abs=0)
    # second moment of the mixture: 0.9 x 2 x 100^2
    assert some.cv() == pytest.approx(math.sqrt(0.9 * 2e4 / 8100 - 1), rel=0.001, abs=0)


def test_scaled() -> None:
    table = quantiles.lognormal(7.0, 0.8).scaled_to(1.0)
    assert table.mean() == pytest.approx(1.0, rel=1e-12, abs=0)
    assert table.value(0.3) == pytest.approx(quantiles.lognormal(1.0, 0.8).value(0.3), rel=1e-12)
    with pytest.raises(ValueError, match="cannot be scaled"):
        quantiles.constant(0.0).scaled_to(1.0)


def test_a_small_sample_keeps_its_values() -> None:
    table = quantiles.sample([0.0, 60.0, 0.0, 60.0, 300.0])
    assert table.mean() == pytest.approx(84.0, rel=1e-12, abs=0)
    assert table.value(0.39) == 0.0
    assert table.value(0.6) == pytest.approx(60.0, rel=0.002, abs=0)
    assert table.value(0.9) == pytest.approx(300.0, rel=0.002, abs=0)
    assert table.cv() == pytest.approx(float(np.std([0, 0, 60, 60, 300])) / 84, rel=0.003)
    assert quantiles.sample([0.0, 0.0]).mean() == 0.0


def test_a_large_sample_is_followed() -> None:
    x = stats.gamma(2.0).ppf((np.arange(20_000) + 0.5) / 20_000)
    table = quantiles.sample(x)
    assert table.mean() == pytest.approx(float(x.mean()), rel=1e-12, abs=0)
    assert table.cv() == pytest.approx(float(x.std() / x.mean()), rel=0.0025, abs=0)
    assert distance(table, stats.gamma(2.0)) < 0.001


def test_kaplan_meier_by_hand() -> None:
    # S: 1 until 1, 3/4 until 3 (the wait of 2 is censored), 3/4 x 1/2 = 3/8 until 4, then 0
    table = quantiles.kaplan_meier([1, 2, 3, 4], [True, False, True, True])
    assert table.mean() == pytest.approx(1 + 2 * 0.75 + 1 * 0.375, rel=1e-12, abs=0)
    found = [table.value(u) for u in (0.2, 0.3, 0.6, 0.65, 0.99)]
    assert found == pytest.approx([1, 3, 3, 4, 4], rel=0.002, abs=0)
    assert quantiles.sample([1, 2, 3, 4], [True, False, True, True]).mean() == table.mean()


def test_kaplan_meier_tail_is_exponential() -> None:
    # S falls to 3/4 x 1/2 = 3/8 at 3 and the longest wait, 4, is censored
    table = quantiles.kaplan_meier([1, 2, 3, 4], [True, False, True, False])
    rate = -math.log(0.375) / 4
    assert table.mean() == pytest.approx(1 + 1.5 + 0.375 + 0.375 / rate, rel=1e-12, abs=0)
    assert table.value(0.9) == pytest.approx(-math.log(0.1) / rate, rel=0.002, abs=0)


def test_kaplan_meier_without_censoring_is_the_sample() -> None:
    x = [5.0, 1.0, 0.0, 2.5, 2.5, 0.0, 9.0]
    a, b = quantiles.kaplan_meier(x, [True] * 7), quantiles.sample(x)
    assert a.mean() == pytest.approx(b.mean(), rel=1e-12, abs=0)
    assert a.low_mass == pytest.approx(2 / 7, rel=1e-12, abs=0)
    for u in GRID[::10].tolist():
        assert a.value(u) == pytest.approx(b.value(u), rel=1e-9, abs=1e-12)


def test_kaplan_meier_recovers_an_exponential_from_censored_waits() -> None:
    # patience exponential with mean 5, cut by offered waits of mean 2: quantiles of both, crossed
    n = 150
    u = (np.arange(n) + 0.5) / n
    patience, offered = np.meshgrid(-5 * np.log1p(-u), -2 * np.log1p(-u))
    times = np.minimum(patience, offered)
    table = quantiles.kaplan_meier(times, patience <= offered)
    assert table.value(0.5) == pytest.approx(5 * math.log(2), rel=0.02, abs=0)
    assert float(times.mean()) < 1.5  # what a table of the waits themselves would say
    with pytest.raises(ValueError, match="no event"):
        quantiles.kaplan_meier([1.0, 2.0], [False, False])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: quantiles.gamma(1.0),
        lambda: quantiles.gamma(1.0, cv=1.0, shape=1.0),
        lambda: quantiles.weibull(1.0, shape=-1.0),
        lambda: quantiles.lognormal(1.0, -0.1),
        lambda: quantiles.erlang(1.0, 2.5),
        lambda: quantiles.uniform(3.0, 1.0),
        lambda: quantiles.hyperexponential([(0.5, 1.0), (0.4, 2.0)]),
        lambda: quantiles.exponential(-1.0),
        lambda: quantiles.sample([]),
        lambda: quantiles.sample([1.0, -2.0]),
        lambda: quantiles.exponential(1.0).with_atoms(0.6, 0.6),
        lambda: QuantileTable(np.zeros((3, 1024))),
        lambda: QuantileTable(np.tile(np.arange(1025.0)[::-1], (3, 1))),
    ],
)
def test_what_is_no_distribution_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError):
        wrong()


def test_tables_travel_between_processes() -> None:
    table = quantiles.gamma(2.0, 0.7).with_atoms(0.1)
    copy = pickle.loads(pickle.dumps(table))
    assert [copy.value(u) for u in GRID[::100]] == [table.value(u) for u in GRID[::100]]
