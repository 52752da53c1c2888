"""Multiple comparisons with the best: by hand, and how often they are right."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.statistics import Difference, Estimate, difference_of_means
from ccsim.statistics.best import ToBest, with_the_best

# i minus j, as intervals: a is 3 to 5 above b, b is not told from c
INTERVALS = {("a", "b"): (3.0, 5.0), ("a", "c"): (1.0, 6.0), ("b", "c"): (-2.0, 1.0)}


def given(i: str, j: str, level: float) -> Difference:
    low, high = INTERVALS[i, j]
    return Difference(Estimate((low + high) / 2, low, high, level, "by hand", 9), None)


def test_by_hand_where_more_is_better() -> None:
    found = with_the_best("abc", given, larger_is_better=True)
    assert [(e.design, e.low, e.high, e.standing) for e in found] == [
        ("a", 0.0, 5.0, "best"),  # min of [3, 5] and [1, 6] is [1, 5]
        ("b", -5.0, 0.0, "not best"),  # min of [-5, -3] and [-2, 1] is [-5, -3]
        ("c", -6.0, 0.0, "not best"),  # min of [-6, -1] and [-1, 2] is [-6, -1]
    ]


def test_by_hand_where_less_is_better() -> None:
    found = with_the_best("abc", given, larger_is_better=False)
    assert [(e.design, e.low, e.high, e.standing) for e in found] == [
        ("a", 0.0, 6.0, "not best"),
        ("b", -2.0, 1.0, "may be best"),  # max of b - a in [-5, -3] and b - c in [-2, 1]
        ("c", -1.0, 2.0, "may be best"),  # max of c - a in [-6, -1] and c - b in [-1, 2]
    ]


def test_all_pairs_share_the_level() -> None:
    levels: list[float] = []

    def noted(i: str, j: str, level: float) -> Difference:
        levels.append(level)
        return given(i, j, level)

    with_the_best("abc", noted, larger_is_better=True)
    assert levels == pytest.approx([1 - 0.05 / 3] * 3)


def test_what_has_no_interval_is_left_out() -> None:
    def undefined(i: str, j: str, level: float) -> Difference:
        if "c" in (i, j):
            return Difference(Estimate(None, None, None, level, "by hand", 0), None)
        return given(i, j, level)

    assert with_the_best("abc", undefined, larger_is_better=True) == ()
    assert with_the_best("a", given, larger_is_better=True) == ()


def test_the_true_best_is_seldom_called_not_best() -> None:
    """Means 1, .9, .9 and .9 under common random numbers: all the 95 % statements hold at once in
    19 of 20 cases. The same intervals shrunk by half must be caught (planted fault)."""
    truth = np.array([1.0, 0.9, 0.9, 0.9])
    rng = np.random.default_rng(4)
    wrong = shrunk_wrong = 0
    for _ in range(600):
        common = rng.normal(0.0, 3.0, (30, 1))
        values = truth + common + rng.normal(0.0, 0.3, (30, 4))

        def paired(i: str, j: str, level: float, v: np.ndarray = values) -> Difference:
            return difference_of_means(v[:, int(i)], v[:, int(j)], level)

        def halved(i: str, j: str, level: float, v: np.ndarray = values) -> Difference:
            found = difference_of_means(v[:, int(i)], v[:, int(j)], level).estimate
            assert found.value is not None and found.half_width is not None
            low, high = found.value - found.half_width / 2, found.value + found.half_width / 2
            return Difference(Estimate(found.value, low, high, level, "halved", found.n), None)

        wrong += _wrong(with_the_best("0123", paired, larger_is_better=True), truth)
        shrunk_wrong += _wrong(with_the_best("0123", halved, larger_is_better=True), truth)
    assert wrong <= 30 + 3 * 5.3  # 5 % of 600 and three binomial errors
    assert shrunk_wrong > 30 + 3 * 5.3


def _wrong(found: tuple[ToBest, ...], truth: np.ndarray) -> bool:
    others = [truth[i] - np.delete(truth, i).max() for i in range(len(truth))]
    return any(not each.low <= others[int(each.design)] <= each.high for each in found)
