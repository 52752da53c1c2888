"""Quantiles against printed tables and against SciPy's independent implementation."""

import pytest

from ccsim.statistics.student import EXPANSION_FROM, normal_quantile, t_quantile

# Fisher and Yates, Statistical Tables (1963), table III: two-sided 5 % points.
PRINTED = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 9: 2.262, 10: 2.228, 29: 2.045, 120: 1.980}


@pytest.mark.parametrize(("degrees", "quantile"), PRINTED.items())
def test_printed_table(degrees: int, quantile: float) -> None:
    assert t_quantile(0.975, degrees) == pytest.approx(quantile, abs=5.1e-4, rel=0)


@pytest.mark.parametrize("p", [0.01, 0.3, 0.75, 0.9, 0.975, 0.995, 0.9999, 1 - 1e-6])
@pytest.mark.parametrize(
    "degrees",
    [1, 2, 3, 4, 5, 10, 19, 20, 49, 99, 100, 999, EXPANSION_FROM - 1, EXPANSION_FROM, 10**5],
)
def test_against_scipy(p: float, degrees: int) -> None:
    from scipy import stats

    # stats.t.ppf polishes nothing, so compare through its distribution function as well as directly
    ours = t_quantile(p, degrees)
    assert stats.t.sf(ours, degrees) == pytest.approx(1 - p, rel=2e-9, abs=0)
    assert ours == pytest.approx(float(stats.t.ppf(p, degrees)), rel=1e-10, abs=0)


def test_symmetry_and_median() -> None:
    assert t_quantile(0.5, 7) == 0.0
    assert t_quantile(0.025, 7) == pytest.approx(-t_quantile(0.975, 7), rel=1e-12, abs=0)


def test_normal_quantile_is_the_printed_one() -> None:
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054, rel=1e-14, abs=0)


@pytest.mark.parametrize(("p", "degrees"), [(0.0, 5), (1.0, 5), (0.9, 0)])
def test_what_has_no_quantile_is_refused(p: float, degrees: int) -> None:
    with pytest.raises(ValueError, match=r"lies between|at least 1"):
        t_quantile(p, degrees)
