"""The gallery keeps its word: each scenario's answer, as its `about` gives it, is what it shows.

Few replications, fixed seeds: a test asks only for what is far from the edge.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import ccsim
from ccsim.experiment.result import Comparison

GALLERY = Path(__file__).parent.parent.parent / "scenarios"


@lru_cache(maxsize=1)
def compared(name: str, replications: int = 12) -> Comparison:
    return ccsim.compare(GALLERY / name, replications=replications, workers=1)


def value(found: Comparison, design: str, measure: str) -> float:
    estimate = found[design][measure]
    assert estimate.value is not None
    return estimate.value


def bounds(found: Comparison, design: str, measure: str) -> tuple[float, float]:
    """Of the paired difference against the base."""
    difference = found.difference(design, measure).estimate
    assert difference.low is not None
    assert difference.high is not None
    return difference.low, difference.high


def test_tiered_or_pooled() -> None:
    found = compared("tiered-or-pooled.yaml")
    people = {name: value(found, name, "all.heads_with_roles") for name in found.designs}
    assert people["base"] == people["pooled"] == people["pods"]
    salary = 45_000 * 1.21 * 7 / 365.25  # of the dearest agent, for the week
    for design in ("pooled_same_cost", "pods_same_cost"):
        cost = value(found, design, "cost.total") - value(found, "base", "cost.total")
        assert abs(cost) < salary
    assert bounds(found, "pooled", "cost.total")[0] > 0
    assert abs(value(found, "pooled", "phone.service_level") - 0.85) < 0.04
    for design in ("pods", "pods_same_cost"):
        assert bounds(found, design, "phone.service_level")[1] < 0
        estimate = found[design]["phone.service_level"]
        assert estimate.high is not None
        assert estimate.high < 0.80
        assert bounds(found, design, "all.first_contact_resolution")[0] > 0


def test_blended_or_split() -> None:
    found = compared("blended-or-split.yaml")
    level = found["base"]["phone.service_level"]
    assert level.low is not None
    assert level.low > 0.80
    low, high = bounds(found, "split", "phone.service_level")
    assert low < -0.15 < high < -0.05
    assert bounds(found, "split", "chat.service_level")[1] < 0
    week = value(found, "base", "cost.total")
    assert abs(value(found, "split", "cost.total") - week) < 0.01 * week
