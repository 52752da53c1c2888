"""How well designs are synchronised: the less they differ, the less their difference varies.

The day of P06 (SSJ's CallCenter) with the busyness of P05 (gamma, shape 10), 1,660 calls expected.
Compared is how many calls are answered in time, by one more agent in one hour and by service that
is 1 % and 0.1 % longer. The gain is var(independent) / var(paired). Random numbers that belong to
streams instead of contacts get out of step at the first difference: then the variance of the
difference stops shrinking with the change, which is what the planted fault shows.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.experiment.replications.replicate import ReplicationPlan, Replicator
from ccsim.scenario.resolve import Design, load
from tests.theory.runs import CASES

REPLICATIONS = 1000
SHAPE_10 = "contacts.calls.arrivals.busyness.cv=31.6227766 %"
MEAN = "contacts.calls.phone.handle.mean"
HOUR = 10  # 10:00 to 11:00, before the busiest hours
FILE = CASES / "P06-ssj-CallCenter400.yaml"
# what docs/background/statistics.md shows: gain and its standard error
FIGURES = {
    "one more agent": (946.3, 112.1),
    "1 % longer": (986.4, 82.6),
    "0.1 % longer": (16_510.0, 1868.0),
}

Values = NDArray[np.float64]


def designs() -> dict[str, Design]:
    plain = load(FILE, settings=[SHAPE_10])
    stated = plain.scenario.teams["agents"].staffing
    assert isinstance(stated, tuple)
    staffing = list(stated)
    staffing[HOUR] += 1
    settings: dict[str, list[str]] = {
        "base": [],
        "one more agent": [f"teams.agents.staffing={staffing}"],
        "1 % longer": [f"{MEAN}=101 s"],
        "0.1 % longer": [f"{MEAN}=100.1 s"],
    }
    return {
        name: replace(load(FILE, settings=[SHAPE_10, *given]), name=name)
        for name, given in settings.items()
    }


def answered_in_time(found: dict[str, Design], seed: int, n: int) -> dict[str, Values]:
    """Calls answered in time, (n,) for each design."""
    replicate = Replicator(ReplicationPlan(tuple(found.values()), seed))
    rows = []
    for replication in range(n):
        outcomes = replicate(replication)
        place = outcomes[0].kpis.keys.index("phone.service_level")
        rows.append([outcome.kpis.totals[place, 0] for outcome in outcomes])
    return dict(zip(found, np.array(rows).T, strict=True))


def gain(ours: Values, theirs: Values) -> tuple[float, float]:
    """var(independent) / var(paired), and its standard error by the jackknife on the log scale."""

    def log_ratio(a: Values, b: Values) -> float:
        return float(np.log((a.var(ddof=1) + b.var(ddof=1)) / (a - b).var(ddof=1)))

    n = len(ours)
    groups = min(n, 100)
    group = np.arange(n) % groups
    left_out = np.array([log_ratio(ours[group != g], theirs[group != g]) for g in range(groups)])
    error = np.sqrt((groups - 1) / groups * ((left_out - left_out.mean()) ** 2).sum())
    value = np.exp(log_ratio(ours, theirs))
    return float(value), float(value * error)


def test_the_gain_of_two_columns_by_formula() -> None:
    # b = a + e with independent parts: (2 var a + var e) / var e
    rng = np.random.default_rng(8)
    a = rng.normal(0.0, 10.0, 20_000)
    value, error = gain(a + rng.normal(0.0, 1.0, 20_000), a)
    assert abs(value - 201.0) < 4 * error < 30.0


def test_a_smaller_change_varies_less() -> None:
    found = designs()
    counts = answered_in_time(found, seed=5, n=60)
    gains = {name: gain(counts[name], counts["base"])[0] for name in FIGURES}
    assert gains["0.1 % longer"] > gains["1 % longer"] > 100
    # planted fault: other customers for one of the designs
    other = answered_in_time({"base": found["base"]}, seed=6, n=60)["base"]
    assert gain(counts["1 % longer"], other)[0] < 3


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_synchronisation_thoroughly() -> None:
    counts = answered_in_time(designs(), seed=95884, n=REPLICATIONS)
    found = {name: gain(counts[name], counts["base"]) for name in FIGURES}
    for name, (value, error) in found.items():
        assert (value, error) == pytest.approx(FIGURES[name], rel=0.02), f"{name}: {found}"
    assert found["one more agent"][0] >= 300
    assert found["1 % longer"][0] >= 300
    assert found["0.1 % longer"][0] > found["1 % longer"][0]
