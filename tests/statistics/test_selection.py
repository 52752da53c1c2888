"""The choice among designs, against designs whose true values are known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.statistics.samples import Sample, of_mean
from ccsim.statistics.selection import Bound, Selection

Values = NDArray[np.float64]


def choose(
    table: Values, within: float, most: int | None = None, *, first: int = 50
) -> tuple[Selection, int]:
    """Play the rule on (replications, designs) values, larger being better, without targets."""
    names = [str(i) for i in range(table.shape[1])]
    rule = Selection(names, True, within, most or len(table), first=first)
    n = 0
    while not rule.finished:
        n = rule.after(n)
        rule.look(n, {name: of_mean(table[:n, int(name)]) for name in rule.alive}, {})
    return rule, n


def good_selections(
    draw: Callable[[np.random.Generator], Values], means: Values, runs: int
) -> float:
    """How often the design chosen is within 0.5 of the best in truth."""
    rng = np.random.default_rng(3)
    good = 0
    for _ in range(runs):
        rule, _ = choose(draw(rng), 0.5)
        assert rule.leader is not None
        good += means[int(rule.leader)] >= means.max() - 0.5
    return good / runs


def _means(kind: str, k: int) -> Values:
    """Slippage: one is better by just more than what matters; monotone: each a step worse."""
    if kind == "slippage":
        return np.array([0.0] * (k - 1) + [0.51])
    return np.zeros(k) if kind == "equal" else -0.4 * np.arange(k, dtype=np.float64)


@pytest.mark.parametrize("kind", ["slippage", "equal", "monotone"])
@pytest.mark.parametrize("k", [2, 5])
def test_the_selection_is_good(kind: str, k: int) -> None:
    means = _means(kind, k)

    def draw(rng: np.random.Generator) -> Values:
        return rng.normal(size=(1500, 1)) + means + rng.normal(size=(1500, k))

    runs = 150
    assert good_selections(draw, means, runs) >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / runs)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["slippage", "equal", "monotone"])
@pytest.mark.parametrize("k", [2, 10, 50])
def test_the_selection_is_good_in_many_repetitions(kind: str, k: int) -> None:
    means = _means(kind, k)

    def draw(rng: np.random.Generator) -> Values:
        return 0.5 * rng.normal(size=(600, 1)) + means + 0.5 * rng.normal(size=(600, k))

    runs = 2000 if k < 50 else 300
    assert good_selections(draw, means, runs) >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / runs)


def _lean(share: float, rng: np.random.Generator) -> Values:
    """A lean design (1) a little better in ordinary weeks, far worse in so many bad ones."""
    ordinary = rng.normal(0.6, 0.5, size=400)
    bad = rng.random(400) < share
    lean = np.where(bad, 0.6 - 1.2 / share, ordinary)
    return np.stack([np.zeros(400), lean], axis=1)


def test_a_bad_week_in_ten_decides() -> None:
    rng = np.random.default_rng(8)
    good = sum(choose(_lean(0.1, rng), 0.5)[0].leader == "0" for _ in range(300))
    assert good / 300 >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 300)


def test_a_first_look_at_ten_is_seen_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccsim.statistics.sequential.FIRST", 10)
    rng = np.random.default_rng(8)
    good = sum(choose(_lean(0.1, rng), 0.5, first=10)[0].leader == "0" for _ in range(300))
    assert good / 300 < 0.9


def test_a_constant_difference_is_decided_at_the_first_look() -> None:
    """Planned pay is known without noise."""
    rng = np.random.default_rng(1)
    shared = rng.normal(size=(200, 1))
    rule, n = choose(shared + np.array([0.0, -1.0, -2.0]), 0.5)
    assert (rule.leader, n) == ("0", 50)
    assert [rule.stands[name].standing for name in "012"] == ["best", "worse", "worse"]
    assert rule.stands["2"].low == pytest.approx(2.0)
    assert rule.stands["2"].out_after == 50


def test_identical_designs_are_a_tie() -> None:
    rng = np.random.default_rng(1)
    rule, n = choose(np.repeat(rng.normal(size=(200, 1)), 2, axis=1), 0.0)
    assert n == 50
    assert rule.stands["1"].standing == "as good"
    assert rule.regret == 0.0


def test_at_the_limit_it_says_what_may_be_lost_and_how_many_would_do() -> None:
    rng = np.random.default_rng(2)
    rule, n = choose(rng.normal(size=(100, 2)), 0.01)
    assert n == 100
    assert {stand.standing for stand in rule.stands.values()} == {"undecided"}
    assert rule.regret is not None and rule.regret > 0.01
    assert rule.wanted is not None and rule.wanted > 100


def _bound(value: float, at_least: float, n: int = 60) -> Bound:
    rng = np.random.default_rng(4)
    noise = rng.normal(0.0, 0.01, size=n)
    return Bound("phone", of_mean(value + noise - noise.mean()).evidence(0.0, 1.0), at_least)


def _costs(**costs: float) -> dict[str, Sample]:
    return {name: of_mean(np.full(60, cost)) for name, cost in costs.items()}


def test_the_cheapest_that_meets_its_targets_is_chosen() -> None:
    rule = Selection(["base", "lean", "rich"], False, 1.0, 400)
    values = _costs(base=100.0, lean=50.0, rich=150.0)
    bounds = {
        "base": [_bound(0.85, 0.8)], "lean": [_bound(0.7, 0.8)], "rich": [_bound(0.95, 0.8)]
    }  # fmt: skip
    rule.look(60, values, bounds)
    assert rule.finished
    assert rule.leader == "base"
    assert rule.stands["lean"].standing == "misses"
    (miss,) = rule.stands["lean"].misses
    assert miss.key == "phone" and miss.low < 0.1 < miss.high
    assert rule.stands["rich"].standing == "worse"


def test_without_a_design_that_surely_meets_there_is_no_leader() -> None:
    rule = Selection(["base", "lean"], False, 1.0, 400)
    rule.look(
        60, _costs(base=100.0, lean=50.0),
        {"base": [_bound(0.8, 0.8)], "lean": [_bound(0.5, 0.8)]},
    )  # fmt: skip
    assert (rule.leader, rule.alive, rule.finished) == (None, ["base"], False)
    assert rule.stands["base"].targets == "undecided"


def test_where_all_miss_the_selection_ends() -> None:
    rule = Selection(["base", "lean"], False, 1.0, 400)
    rule.look(
        60, _costs(base=100.0, lean=50.0),
        {"base": [_bound(0.6, 0.8)], "lean": [_bound(0.5, 0.8)]},
    )  # fmt: skip
    assert (rule.leader, rule.alive, rule.finished) == (None, [], True)


def test_a_value_within_the_tolerance_meets() -> None:
    short = _bound(0.7995, 0.8, n=400)
    assert not short.meets(0.01)
    assert Bound("phone", short.evidence, 0.8, tolerance=0.005).meets(0.01)


def test_a_wrong_kind_of_missing_is_seen_for_upper_bounds() -> None:
    waits = of_mean(30.0 + np.random.default_rng(4).normal(size=60)).evidence()
    by = Bound("wait", waits, at_most=20.0).missed_by(0.01)
    assert by is not None and by[0] < 10.0 < by[1]
    assert Bound("wait", waits, at_most=40.0).meets(0.01)


@pytest.mark.parametrize("within", [-1.0, math.inf, math.nan])
def test_nonsense_is_refused(within: float) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        Selection(["a"], True, within, 100)


def test_looks_are_fixed_before() -> None:
    rule = Selection(["a", "b"], True, 0.1, 70)
    assert [rule.after(0), rule.after(50), rule.after(55), rule.after(61), rule.after(68)] == [
        50, 56, 61, 68, 70,
    ]  # fmt: skip
