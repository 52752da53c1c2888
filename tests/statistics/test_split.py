"""Chance and not knowing told apart, against models whose variances are known exactly."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.statistics.split import effects, split

Values = NDArray[np.float64]


def drawn(draws: int, r: int, between: float, within: float, seed: int) -> Values:
    chance = np.random.default_rng(seed)
    worlds = 5.0 + np.sqrt(between) * chance.standard_normal((draws, 1))
    return np.asarray(worlds + np.sqrt(within) * chance.standard_normal((draws, r)))


def test_by_hand() -> None:
    """Two draws (1, 3) and (5, 7): MSW = 2, MSB = 2 (4 + 4) = 16, unknown = (16 - 2) / 2 = 7."""
    found = split(np.array([[1.0, 3.0], [5.0, 7.0]]))
    assert (found.mean.value, found.chance, found.unknown) == (4.0, 2.0, 7.0)
    assert found.share.value == pytest.approx(7 / 9)
    # t of 2 degrees of freedom at .975 is 4.302653, the error sqrt(2 / 4)
    assert found.mean.half_width == pytest.approx(4.302653 * 0.5**0.5, rel=1e-6)
    # means 2 and 6 have the variance 8, of which 7 is not chance
    assert found.worlds.var(ddof=1) == pytest.approx(7.0)
    assert found.worlds.mean() == pytest.approx(4.0)


def variances(between: float, within: float, *, fault: str = "") -> tuple[float, float, float]:
    """Means over 400 repetitions: unknown, chance, and how often the interval holds the share."""
    held, unknown, chance = 0, [], []
    for seed in range(400):
        values = drawn(25, 2, between, within, seed)
        if fault == "one mean for all":  # who forgets that replications share their draw
            values = np.random.default_rng(seed).permuted(values, axis=None)
        found = split(values)
        unknown.append(found.unknown + (found.chance / 2 if fault == "chance counted" else 0.0))
        chance.append(found.chance)
        assert found.share.low is not None and found.share.high is not None
        held += found.share.low <= between / (between + within) <= found.share.high
    return float(np.mean(unknown)), float(np.mean(chance)), held / 400


def right(between: float, within: float, found: tuple[float, float, float]) -> bool:
    unknown, chance, held = found
    # standard errors of a mean of 400 estimates of variance with 24 and 25 degrees of freedom
    error = (2 / 24) ** 0.5 * (between + within / 2) / 20
    return (
        abs(unknown - between) < 4 * error
        and abs(chance - within) < 4 * (2 / 25) ** 0.5 * within / 20
        and 0.92 < held < 0.98
    )


@pytest.mark.parametrize(("between", "within"), [(4.0, 1.0), (1.0, 4.0), (0.0, 1.0)])
def test_variances_of_the_normal_model(between: float, within: float) -> None:
    assert right(between, within, variances(between, within))


@pytest.mark.parametrize("fault", ["one mean for all", "chance counted"])
def test_planted_faults_are_seen(fault: str) -> None:
    assert not right(4.0, 4.0, variances(4.0, 4.0, fault=fault))


def test_the_interval_of_the_mean_is_of_chance_alone() -> None:
    """Over repetitions with the same draws the interval holds their mean 95 times in 100."""
    worlds = np.random.default_rng(1).normal(5.0, 3.0, (20, 1))
    held = 0
    for seed in range(600):
        chance = np.random.default_rng(1000 + seed).standard_normal((20, 2))
        mean = split(worlds + chance).mean
        assert mean.low is not None and mean.high is not None
        held += mean.low <= worlds.mean() <= mean.high
    assert 0.925 < held / 600 < 0.975


def test_the_range_is_that_of_expected_values() -> None:
    """Expected values uniform on [0, 1], much chance: 90 % of them lie in [.05, .95]."""
    chance = np.random.default_rng(3)
    worlds = chance.random((4000, 1))
    found = split(worlds + 0.5 * chance.standard_normal((4000, 4)))
    ends = found.range()
    assert ends is not None
    # the chance that is left is normal, so that the ends are somewhat further out
    assert ends == pytest.approx((0.05, 0.95), abs=0.04)
    raw = np.quantile(found.raw, [0.05, 0.95])
    assert raw[0] < -0.05 and raw[1] > 1.05  # what it would be with chance in it


def test_nothing_unknown() -> None:
    same = np.tile(np.arange(6.0).reshape(1, -1), (10, 1))
    found = split(same)
    assert found.unknown < 0 and found.share.value == 0.0 and not found.told
    assert found.range() == (2.5, 2.5)
    certain = split(np.full((5, 2), 3.0))
    assert certain.share.value is None and not certain.told


def test_no_chance() -> None:
    found = split(np.repeat(np.arange(5.0)[:, None], 3, axis=1))
    assert found.share.value == 1.0 and found.told and found.chance == 0.0
    assert found.unknown == pytest.approx(2.5)


def test_draws_without_a_value_are_left_out_and_counted() -> None:
    values = drawn(10, 2, 1.0, 1.0, 5)
    values[3, 1] = np.nan
    found = split(values)
    assert found.mean.missing == 1 and found.mean.n == 9
    assert np.isnan(found.worlds[3])
    assert split(np.full((4, 2), np.nan)).mean.value is None


def test_shape_is_checked() -> None:
    with pytest.raises(ValueError, match="at least two"):
        split(np.ones((5, 1)))


# --- what each assumption does --------------------------------------------------------------------


def test_a_quadratic_has_the_indices_of_its_formula() -> None:
    """y = 3 a + b^2 + noise, uniform: variances 9/12, 4/45, and none of c."""
    chance = np.random.default_rng(11)
    u = chance.random((2000, 3))
    y = 3 * u[:, 0] + u[:, 1] ** 2
    means = y + 0.3 * chance.standard_normal(2000)
    whole = 9 / 12 + 4 / 45
    found = effects(u, means, whole)
    assert found is not None
    assert found.shares == pytest.approx([9 / 12 / whole, 4 / 45 / whole, 0.0], abs=0.04)
    assert found.moves[:2] == pytest.approx([3.0, 1.0], abs=0.2)
    assert found.told.tolist() == [True, True, False]
    assert found.curve(0, np.array([0.0, 1.0])) == pytest.approx([1 / 3, 10 / 3], abs=0.15)


def test_chance_is_not_counted_as_an_effect() -> None:
    """The mean over repetitions of the share of an assumption that does nothing is 0; the squares
    of its coefficients alone (the planted fault) are not."""
    fair, naive = [], []
    for seed in range(300):
        chance = np.random.default_rng(seed)
        u = chance.random((40, 2))
        found = effects(u, u[:, 0] + chance.standard_normal(40), 1 / 12)
        assert found is not None
        fair.append(found.shares[1])
        naive.append((found.curves[1] ** 2).sum() / (1 / 12))
    error = float(np.std(fair)) / 300**0.5
    assert abs(np.mean(fair)) < 4 * error
    assert np.mean(naive) > 4 * error


def test_few_draws_allow_straight_lines_or_nothing() -> None:
    u = np.random.default_rng(0).random((12, 3))
    straight = effects(u, u[:, 0], 1 / 12)
    assert straight is not None and straight.curves.shape == (3, 1)
    assert effects(u[:8], u[:8, 0], 1 / 12) is None
    nothing = effects(u, np.ones(12), 0.0)
    assert nothing is not None and not nothing.told.any() and not nothing.shares.any()
