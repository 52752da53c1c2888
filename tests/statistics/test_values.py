"""Small examples worked by hand, with the formula beside each number."""

import math

import numpy as np
import pytest

from ccsim.statistics import (
    chance,
    mean,
    order_statistic,
    quantile,
    ratio,
    ratios,
    ratios_of_sums,
    simultaneous,
)

T_975_2 = 4.302652729749464  # t at .975 with 2 degrees: sqrt(2) x .95 / sqrt(2 x .025 x .975 x 2)


def test_mean_is_students() -> None:
    # mean 4, s^2 = ((2-4)^2 + 0 + (6-4)^2) / 2 = 4, half = t s / sqrt(3)
    estimate = mean([2.0, 4.0, 6.0])
    assert estimate.value == 4.0
    assert estimate.high == pytest.approx(4 + T_975_2 * 2 / math.sqrt(3), rel=1e-12)
    assert estimate.low == pytest.approx(4 - T_975_2 * 2 / math.sqrt(3), rel=1e-12)
    assert (estimate.n, estimate.missing, estimate.level) == (3, 0, 0.95)


def test_mean_leaves_out_what_is_undefined_and_counts_it() -> None:
    with_gap = mean([2.0, math.nan, 4.0, 6.0])
    assert (with_gap.value, with_gap.n, with_gap.missing) == (4.0, 3, 1)
    assert with_gap.low == mean([2.0, 4.0, 6.0]).low
    nobody = mean([math.nan, math.nan])
    assert (nobody.value, nobody.low, nobody.high, nobody.missing) == (None, None, None, 2)


def test_mean_of_one_replication_has_no_interval() -> None:
    assert (mean([5.0]).value, mean([5.0]).low, mean([5.0]).high) == (5.0, None, None)


def test_the_interval_stays_where_the_measure_can_lie() -> None:
    assert mean([0.0, 0.0, 9.0]).low == pytest.approx(3 - T_975_2 * math.sqrt(27) / math.sqrt(3))
    cut = mean([0.0, 0.0, 9.0], within=(0.0, 8.0))
    assert (cut.low, cut.high) == (0.0, 8.0)


def test_ratio_on_the_log_scale_by_hand() -> None:
    # Totals 12 / 6 = 2. Leaving one out: 10/4, 8/4, 6/4 -> logs; jackknife variance = (n-1)/n x
    # sum of squares about their mean (Efron 1982, The Jackknife, formula 3.1).
    logs = np.log([2.5, 2.0, 1.5])
    error = math.sqrt(2 / 3 * ((logs - logs.mean()) ** 2).sum())
    estimate = ratio([2.0, 4.0, 6.0], [2.0, 2.0, 2.0])
    assert estimate.value == 2.0
    assert estimate.low == pytest.approx(2 * math.exp(-T_975_2 * error), rel=1e-12)
    assert estimate.high == pytest.approx(2 * math.exp(T_975_2 * error), rel=1e-12)


def test_share_on_the_logit_scale_by_hand() -> None:
    # 15 of 30; leaving one out 12/20, 10/20, 8/20: logits ln 1.5, 0, -ln 1.5
    error = math.sqrt(2 / 3 * 2 * math.log(1.5) ** 2)
    estimate = ratio([3.0, 5.0, 7.0], [10.0, 10.0, 10.0], scale="logit")
    assert estimate.value == 0.5
    assert estimate.high == pytest.approx(1 / (1 + math.exp(-T_975_2 * error)), rel=1e-12)
    assert estimate.high is not None
    assert estimate.low == pytest.approx(1 - estimate.high, rel=1e-9)


def test_one_bad_week_does_not_blow_the_interval_up() -> None:
    # 18 weeks without a miss, one with 1 % and one with 30 %: p = .9845, the error of the share is
    # s / sqrt(20), and on the logit scale at most 1.5 times that over p (1 - p)
    weeks = [100.0] * 18 + [99.0, 70.0]
    estimate = ratio(weeks, [100.0] * 20, scale="logit")
    p = 0.9845
    error = np.std(weeks, ddof=1) / 100 / math.sqrt(20)
    half = 2.093024054 * 1.5 * error / (p * (1 - p))  # t quantile .975 at 19, printed tables
    assert estimate.low == pytest.approx(1 / (1 + math.exp(half - math.log(p / (1 - p)))), rel=1e-6)


def test_plain_ratio_is_the_delta_method_by_hand() -> None:
    # R = -12 / 6; residuals num - R den = (0, 2, -2); the mean of den is 2, so the variance is
    # (0 + 4 + 4) / (n - 1) / n / 2^2 = 1/3 (Cochran, Sampling Techniques, 1977, 6.4)
    estimate = ratio([-4.0, 0.0, -8.0], [2.0, 1.0, 3.0], scale="plain")
    assert estimate.value == -2.0
    assert estimate.high == pytest.approx(-2 + T_975_2 * math.sqrt(1 / 3), rel=1e-12)


def test_ratio_is_of_totals_not_the_mean_of_ratios() -> None:
    # Days of 1 and 99 contacts: 1/1 and 0/99. The mean of daily ratios would be .5.
    assert ratio([1.0, 0.0], [1.0, 99.0], scale="logit").value == pytest.approx(0.01)


def test_undefined_ratios_are_missing_and_counted() -> None:
    nobody = ratio([0.0, 0.0], [0.0, 0.0], scale="logit")
    assert (nobody.value, nobody.low, nobody.high, nobody.missing) == (None, None, None, 2)
    some = ratio([0.0, 3.0, 5.0], [0.0, 10.0, 10.0], scale="logit")
    assert (some.value, some.missing, some.n) == (0.4, 1, 3)


def test_a_share_without_a_failure_gets_the_exact_binomial_bound() -> None:
    # Clopper and Pearson (1934) for 20 of 20: low = (alpha/2)^(1/20)
    whole = ratio([12.0, 8.0], [12.0, 8.0], scale="logit")
    assert (whole.value, whole.high) == (1.0, 1.0)
    assert whole.low == pytest.approx(0.025 ** (1 / 20), rel=1e-12)
    none = ratio([0.0, 0.0], [12.0, 8.0], scale="logit")
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 20), rel=1e-12)


def test_a_share_of_time_without_any_has_no_such_bound() -> None:
    none = ratio([0.0, 0.0], [3600.0, 3600.0], scale="logit", counted=False)
    assert (none.value, none.low, none.high) == (0.0, 0.0, 0.0)


def test_what_differs_by_rounding_alone_is_certain() -> None:
    third = 1 / 3
    for estimate in (
        ratio([third * 3, 1.0, 0.1 * 3 / 0.3], [0.8, 0.8, 0.8]),
        mean([0.3, 0.1 + 0.2, 0.3]),
    ):
        assert estimate.low == estimate.high == estimate.value


def test_a_share_that_is_whole_without_one_replication_does_not_hang_on_the_last_bit() -> None:
    """What is left of the totals is 1, or an instant less or more; its logit is 37 or there is
    none: the same agents were busy from 6 to 100 in 10,000 or in 100 million."""
    dens = [80_088.0, 129_942.0]
    found = [
        ratio([80_088.0, busy], dens, scale="logit", counted=False)
        for busy in (118_656.474848, float(np.nextafter(118_656.474848, 0.0)))
    ]
    lows = [each.low for each in found]
    assert lows[0] == pytest.approx(lows[1], rel=1e-9)


def test_shares_stay_inside_and_keep_an_interval_at_one_bad_replication() -> None:
    # Every failure lies in one replication: leaving it out leaves 100 %, and delta takes over.
    estimate = ratio([10.0, 10.0, 9.0], [10.0, 10.0, 10.0], scale="logit")
    assert estimate.low is not None and estimate.high is not None
    assert 0.0 < estimate.low < 29 / 30 < estimate.high < 1.0


def test_a_share_above_one_is_no_share() -> None:
    # Overtime: 11 h worked of 10 h planned
    estimate = ratio([11.0, 12.0], [10.0, 10.0], scale="logit")
    assert estimate.value == pytest.approx(1.15)
    assert "log scale" in estimate.method


def test_many_ratios_at_once_equal_one_by_one() -> None:
    num = np.array([[3.0, 0.0], [5.0, 0.0], [7.0, 2.0]])
    den = np.array([[10.0, 0.0], [10.0, 0.0], [10.0, 4.0]])
    band = ratios(num, den, scale="logit")
    for column in range(2):
        alone = ratio(num[:, column], den[:, column], scale="logit")
        assert (band.at(column).value, band.at(column).low) == (alone.value, alone.low)


def test_ratios_of_sums_are_the_delta_method_on_the_scale() -> None:
    # 15 of 30 with residuals (-2, 0, 2) about R den: variance = 8 / 2 / 3 / 10^2 = 1/75 of R, so
    # the error of the logit is sqrt(1/75) / (1/2 x 1/2)
    num, den = np.array([3.0, 5.0, 7.0]), np.full(3, 10.0)
    sums = np.array([num.sum(), den.sum(), (num**2).sum(), (den**2).sum(), (num * den).sum()])
    band = ratios_of_sums(sums, 3, scale="logit")
    assert band.at().high == pytest.approx(
        1 / (1 + math.exp(-T_975_2 * 4 * math.sqrt(1 / 75))), rel=1e-9
    )


def test_ratios_of_sums_know_equal_numbers_from_spread() -> None:
    num, den = np.full(5, 0.1), np.full(5, 0.7)
    sums = np.array([num.sum(), den.sum(), (num**2).sum(), (den**2).sum(), (num * den).sum()])
    found = ratios_of_sums(sums, 5, scale="log").at()
    assert found.low == found.high == found.value


def test_quantile_takes_its_value_from_the_finer_pool() -> None:
    counts, edges = [[6.0, 4.0], [4.0, 6.0]], [[0.0, 1.0], [1.0, 2.0]]
    fine = np.array([10.0, 5.0, 5.0]), np.array([[0.0, 1.0], [1.0, 1.1], [1.9, 2.0]])
    assert quantile(counts, edges, 0.75, pool=fine).value == 1.1


def test_quantile_pools_contacts_and_interpolates() -> None:
    # 10 contacts in [0, 1), 10 in [1, 2): the 75th percentile is 1.5 whatever the replications
    counts = [[6.0, 4.0], [4.0, 6.0]]
    estimate = quantile(counts, [[0.0, 1.0], [1.0, 2.0]], 0.75)
    assert estimate.value == 1.5


def test_quantile_interval_inverts_the_distribution() -> None:
    # One bin of width 100 for everybody below, so F is linear: F(q) = q / 100. Replications with
    # 40, 50, 60 of 100 contacts in the lower half. F at the median by replication: .4 .5 .6.
    counts = [[40.0, 60.0], [50.0, 50.0], [60.0, 40.0]]
    estimate = quantile(counts, [[0.0, 50.0], [50.0, 100.0]], 0.5)
    share = ratio([40.0, 50.0, 60.0], [100.0] * 3, scale="logit")
    assert estimate.value == 50.0
    assert share.low is not None and share.high is not None
    assert estimate.low == pytest.approx(100 * share.low, rel=1e-12)
    assert estimate.high == pytest.approx(100 * share.high, rel=1e-12)


def test_the_interval_of_a_quantile_is_moved_to_the_share_that_was_asked_for() -> None:
    # Fine bins put the 75th percentile at 1.1. There the coarse ones, on which alone replications
    # are compared, count 6.4, 5.5 and 4.6 of 10: 55 %, whose error is moved to 75 % on the scale.
    counts, edges = [[6.0, 4.0], [5.0, 5.0], [4.0, 6.0]], [[0.0, 1.0], [1.0, 2.0]]
    fine = np.array([15.0, 7.5, 7.5]), np.array([[0.0, 1.0], [1.0, 1.1], [1.9, 2.0]])
    estimate = quantile(counts, edges, 0.75, level=0.6, pool=fine)
    share = ratio([6.4, 5.5, 4.6], [10.0] * 3, 0.6, scale="logit")
    assert share.value == pytest.approx(0.55) and share.low is not None and share.high is not None

    def moved(end: float) -> float:
        odds = 0.75 / 0.25 * (end / (1 - end)) / (0.55 / 0.45)
        return odds / (1 + odds)

    assert 0.5 < moved(share.low) < 0.75 < moved(share.high) < 1.0
    assert estimate.value == pytest.approx(1.1, rel=1e-12)
    assert estimate.low == pytest.approx(1.0 + 0.1 * (moved(share.low) - 0.5) / 0.25, rel=1e-9)
    assert estimate.high == pytest.approx(1.9 + 0.1 * (moved(share.high) - 0.75) / 0.25, rel=1e-9)


def test_quantile_of_nobody_is_undefined() -> None:
    estimate = quantile([[0.0], [0.0]], [[0.0, 1.0]], 0.9)
    assert (estimate.value, estimate.low, estimate.missing) == (None, None, 2)


def test_wilson_against_the_published_example() -> None:
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3: 81 of 263 -> .2553 to
    # .3662; 15 of 148 -> .0624 to .1605; 0 of 20 -> 0 to .1611; 1 of 29 -> .0061 to .1718
    for hits, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605),
                               (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):  # fmt: skip
        estimate = chance(hits, n)
        assert estimate.low == pytest.approx(low, abs=5.1e-5, rel=0)
        assert estimate.high == pytest.approx(high, abs=5.1e-5, rel=0)


def test_wilson_of_nothing_and_of_nonsense() -> None:
    assert chance(0, 0).value is None
    with pytest.raises(ValueError, match="not a count"):
        chance(3, 2)


def test_order_statistics_for_the_median_of_ten() -> None:
    # B(10, 1/2): P(B <= 1) = 11/1024 <= .025 < P(B <= 2) = 56/1024, so ranks 2 and 9
    # (David and Nagaraja 2003, section 7.1)
    estimate = order_statistic([float(i) for i in range(1, 11)], 0.5)
    assert (estimate.value, estimate.low, estimate.high) == (5.5, 2.0, 9.0)


def test_order_statistics_say_when_the_sample_has_no_bound() -> None:
    # P(B >= 20) of B(20, .95) = .358: twenty days give no upper end for a bad day in twenty
    estimate = order_statistic([float(i) for i in range(20)], 0.95)
    assert estimate.high is None
    assert estimate.low is not None
    assert order_statistic([], 0.5).value is None


def test_bonferroni() -> None:
    assert simultaneous(0.95, 1) == pytest.approx(0.95)
    assert simultaneous(0.95, 10) == pytest.approx(0.995)
    with pytest.raises(ValueError, match="level"):
        simultaneous(1.0, 3)


def test_scaling_changes_the_unit_of_every_number() -> None:
    minutes = mean([60.0, 120.0, 180.0]).scaled(1 / 60)
    assert minutes.value == 2.0
    assert minutes.half_width == pytest.approx(T_975_2 / math.sqrt(3))
