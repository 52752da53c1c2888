"""Stratified busyness: even shares of the days' busyness, and nothing else changed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pytest
from scipy import stats

from ccsim.network.draws import uniform
from ccsim.scenario.schema import RunOptions
from ccsim.workload import make_workload
from ccsim.workload.strata import FORTY, Strata
from tests.workload.workloads_by_hand import design_of, network_of

TYPES: dict[str, dict[str, Any]] = {
    "calls": {"per_day": 200.0, "busyness": {"cv": 0.3}},
    "cards": {"per_day": 50.0, "busyness": {"cv": 0.3, "shared": "market"}},
    "loans": {"per_day": 50.0, "busyness": {"cv": 0.3, "shared": "market"}},
    "steady": {"per_day": 50.0},
}


def us(seed: int, replications: int, name: str = "calls", day: int = 0) -> list[float]:
    """The uniforms of a name's day in each replication."""
    draws = [uniform(2 * r + 2, 0, 0, 6) for r in range(replications)]
    return [moved(seed, r, u, name, day) for r, u in enumerate(draws)]


def moved(seed: int, replication: int, u: float, name: str, day: int) -> float:
    return float(Strata(seed, replication).moved(np.array([u]), name, [day])[0])


def volumes(
    stratify: Literal["busyness"] | None, replications: int, seed: int = 1
) -> np.ndarray[Any, Any]:
    """Contacts of each replication, type and day: (replications, types, days)."""
    plain = design_of(TYPES, days=2)
    scenario = plain.scenario.model_copy(update={"run": RunOptions(stratify=stratify)})
    design: Any = SimpleNamespace(**{**vars(plain), "scenario": scenario})
    network = network_of(design)
    found = []
    for r in range(replications):
        made = make_workload(design, network, seed, r)
        day = made.at // 86_400_000_000
        found.append([[np.sum((made.queue == q) & (day == d)) for d in range(2)] for q in range(4)])
    return np.array(found)


@pytest.mark.parametrize("run", [10, 20, 40])
def test_every_run_of_replications_has_each_stratum_once(run: int) -> None:
    for seed in range(5):
        found = np.array(us(seed, 3 * FORTY))
        for start in range(0, len(found), run):
            strata = np.floor(found[start : start + run] * run).astype(int)
            assert sorted(strata) == list(range(run))


def test_replications_that_lie_otherwise_do_not() -> None:
    # the test above can fail: runs of ten that begin in the middle have strata twice
    found = np.array(us(1, 20))[5:15]
    assert len(set(np.floor(found * 10).astype(int))) < 10


def test_each_place_is_uniform_over_seeds() -> None:
    for place in (0, 7, 13, 29, 38):
        found = [us(seed, place + 1)[place] for seed in range(400)]
        assert stats.kstest(found, "uniform").pvalue > 0.002


def test_names_days_and_forties_are_shared_out_independently() -> None:
    mine = np.array([us(seed, FORTY) for seed in range(60)]).ravel()
    other = np.array([us(seed, FORTY, "loans") for seed in range(60)]).ravel()
    tomorrow = np.array([us(seed, FORTY, day=1) for seed in range(60)]).ravel()
    later = np.array([us(seed, 2 * FORTY)[FORTY:] for seed in range(60)]).ravel()
    for found in (other, tomorrow, later):
        strata = (np.floor(each * FORTY) for each in (mine, found))
        assert abs(np.corrcoef(*strata)[0, 1]) < 4 / np.sqrt(len(mine))


def test_a_sum_that_rounds_up_stays_below_one() -> None:
    assert max(moved(1, r, 1 - 2.0**-53, "calls", 0) for r in range(FORTY)) < 1.0


def test_days_are_moved_together_as_they_are_one_by_one() -> None:
    u = np.array([0.1, 0.5, 0.9])
    together = Strata(3, 17).moved(u, "calls", [4, 0, 9])
    assert together.tolist() == [
        moved(3, 17, each, "calls", day) for each, day in zip(u.tolist(), (4, 0, 9), strict=True)
    ]


def test_days_are_shared_out_and_types_of_one_word_go_together() -> None:
    even, free = volumes("busyness", FORTY), volumes(None, FORTY)
    # the volume of a day's forty is far nearer to its mean than by chance: 30 % of 200 over the
    # root of 40 is 9.5; Poisson's part of that is 2.2, and within fortieths hardly more
    assert np.abs(even[:, 0].mean(axis=0) - 200).max() < 4 * 2.6
    assert np.abs(even[:, 0].mean(axis=0) - 200).max() < np.abs(free[:, 0].mean(axis=0) - 200).max()
    assert np.corrcoef(even[:, 1, 0], even[:, 2, 0])[0, 1] > 0.6
    assert abs(np.corrcoef(even[:, 0, 0], even[:, 1, 0])[0, 1]) < 0.5
    assert (even[:, 3] == free[:, 3]).all()  # a type without busyness is as it was


def test_a_longer_run_goes_on_where_a_shorter_one_ended() -> None:
    assert us(3, 100)[:37] == us(3, 37)
