"""Words never say more than the interval."""

import pytest

from ccsim.statistics import Estimate, Verdict, replications_for, target_status, verdict


def estimate(value: float | None, low: float | None, high: float | None, n: int = 100) -> Estimate:
    return Estimate(value, low, high, 0.95, "given", n)


@pytest.mark.parametrize(
    ("low", "high", "better", "word"),
    [
        (0.01, 0.03, "higher", "better"),
        (0.01, 0.03, "lower", "worse"),
        (-0.03, -0.01, "higher", "worse"),
        (-0.03, -0.01, "lower", "better"),
        (0.01, 0.03, "neither", "higher"),
        (-0.03, -0.01, "neither", "lower"),
        (0.0, 0.03, "higher", "not distinguishable"),  # zero is not excluded
        (-0.01, 0.03, "higher", "not distinguishable"),
        (0.0, 0.0, "higher", "same"),
    ],
)
def test_words(low: float, high: float, better: str, word: str) -> None:
    assert verdict(estimate((low + high) / 2, low, high), better).word == word  # type: ignore[arg-type]


def test_not_distinguishable_says_what_is_excluded_and_what_it_would_take() -> None:
    # half-width .02 with 100 replications; .01 needs 100 x (2)^2 = 400
    said = verdict(estimate(0.01, -0.01, 0.03), "higher")
    assert said == Verdict("not distinguishable", 0.03, 0.01, 400)
    assert str(said) == (
        "not distinguishable: any difference above 0.03 is excluded;"
        " about 400 replications would tell a difference of 0.01"
    )
    # for .005 instead: 1,600
    assert verdict(estimate(0.01, -0.01, 0.03), "higher", matters=0.005).replications == 1600


def test_undefined_and_single_replications_claim_nothing() -> None:
    assert verdict(estimate(None, None, None), "higher").word == "undefined"
    one = verdict(estimate(0.5, None, None, n=1), "higher")
    assert one.word == "not distinguishable"
    assert "one replication" in str(one)


@pytest.mark.parametrize(
    ("low", "high", "at_least", "at_most", "word"),
    [
        (0.80, 0.84, 0.80, None, "met"),
        (0.79, 0.84, 0.80, None, "too close to call"),
        (0.75, 0.7999, 0.80, None, "missed"),
        (0.75, 0.80, 0.80, None, "too close to call"),
        (0.02, 0.05, None, 0.05, "met"),
        (0.02, 0.06, None, 0.05, "too close to call"),
        (0.051, 0.06, None, 0.05, "missed"),
        (0.70, 0.80, 0.60, 0.90, "met"),
        (0.70, 0.80, 0.60, 0.75, "too close to call"),
        (0.70, 0.80, 0.60, 0.65, "missed"),
    ],
)
def test_promises(
    low: float, high: float, at_least: float | None, at_most: float | None, word: str
) -> None:
    assert target_status(estimate((low + high) / 2, low, high), at_least, at_most) == word


def test_a_promise_without_interval_is_unsure_and_without_value_undefined() -> None:
    assert target_status(estimate(0.9, None, None, n=1), at_least=0.8) == "too close to call"
    assert target_status(estimate(None, None, None), at_least=0.8) == "undefined"
    with pytest.raises(ValueError, match="bound"):
        target_status(estimate(0.9, 0.8, 1.0))


def test_replications_by_the_square_root_law() -> None:
    # n (w / x)^2 (t_n' / t_n)^2, t at .975: 50 x 4 x (1.972 / 2.010)^2 = 193; 50 x 11.11 x
    # (1.964 / 2.010)^2 = 531: to two digits, upwards
    assert replications_for(estimate(0.5, 0.4, 0.6, n=50), 0.05) == 200
    assert replications_for(estimate(0.5, 0.4, 0.6, n=50), 0.03) == 540
    assert replications_for(estimate(0.5, 0.4, 0.6, n=50), 0.0) is None
    assert replications_for(estimate(0.5, None, None, n=1), 0.05) is None


def test_few_replications_do_not_ask_for_too_many_more() -> None:
    # From half-width 1 at n = 2 the spread is sqrt(2) / 12.706 = .1113; t spread / sqrt(n) is
    # 4.303 x .1113 / sqrt(3) = .277 at 3 and 3.182 x .1113 / 2 = .177 at 4. The square-root law
    # alone would ask for 2 x 5^2 = 50.
    assert replications_for(estimate(0.0, -1.0, 1.0, n=2), 0.2) == 4


def test_the_number_asked_for_reaches_the_width() -> None:
    from scipy import stats

    for n, half, wanted in ((10, 0.05, 0.01), (5, 1.0, 0.4), (100, 0.02, 0.015)):
        needed = replications_for(estimate(0.5, 0.5 - half, 0.5 + half, n=n), wanted)
        assert needed is not None
        spread = half * n**0.5 / stats.t.ppf(0.975, n - 1)
        assert stats.t.ppf(0.975, needed - 1) * spread / needed**0.5 <= wanted * 1.0001
        fewer = max(2, int(needed * 0.85))
        assert stats.t.ppf(0.975, fewer - 1) * spread / fewer**0.5 > wanted
