"""The mean of the measure `customers`, known beforehand, against many workloads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ccsim.network.compile import compile_network
from ccsim.scenario.resolve import Design, load
from ccsim.workload import make_workload
from ccsim.workload.expected import expected_customers

FILE = Path(__file__).parent / "surges.yaml"
SHARES = {"cards.phone": 0.7, "cards.email": 0.9}
WARM_UP = 20 * 3600 * 1_000_000  # in the first day's last hours
REPLICATIONS = 2000


def counted(design: Design, seed: int, shares: dict[str, float]) -> dict[str, np.ndarray]:
    """Customers after the warm-up by type, (n,)."""
    network = compile_network(design)
    names = [queue.name.partition(".")[0] for queue in network.queues]
    found = {name: np.zeros(REPLICATIONS) for name in design.scenario.contacts}
    for r in range(REPLICATIONS):
        workload = make_workload(design, network, seed, r, shares)
        at = workload.at[workload.at >= WARM_UP]
        queue = workload.queue[workload.at >= WARM_UP]
        assert (at < 4 * 86_400_000_000).all()
        for index, count in enumerate(np.bincount(queue, minlength=len(names))):
            found[names[index]][r] += count
    return found


@pytest.fixture(scope="module")
def design() -> Design:
    return load(FILE)


@pytest.fixture(scope="module")
def counts(design: Design) -> dict[str, np.ndarray]:
    return counted(design, 4, SHARES)


def test_expected_customers_are_those_of_a_long_simulation(
    design: Design, counts: dict[str, np.ndarray]
) -> None:
    expected = expected_customers(design, SHARES)
    assert set(expected) == {"calls", "cards", "groups"}  # not what is observed, not who is called
    for name, mean in expected.items():
        error = counts[name].std() / np.sqrt(REPLICATIONS)
        assert abs(counts[name].mean() - mean) < 4 * error, name


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("calls", "contacts.calls.arrivals.incident.contacts=80"),
        ("calls", "contacts.calls.arrivals.growth=0 % / year"),
        ("cards", "calendar.warm_up=19 h"),
        ("groups", "contacts.groups.arrivals.per_day=41"),
    ],
)
def test_a_wrong_mean_is_caught(counts: dict[str, np.ndarray], name: str, setting: str) -> None:
    wrong = expected_customers(load(FILE, settings=[setting]), SHARES)[name]
    error = counts[name].std() / np.sqrt(REPLICATIONS)
    assert abs(counts[name].mean() - wrong) > 4 * error


def test_nobody_is_expected_where_all_volume_are_redials(design: Design) -> None:
    assert expected_customers(design, {"cards": 0.0})["cards"] == 0.0


def test_stratified_busyness_has_the_same_mean(design: Design) -> None:
    run = design.scenario.run.model_copy(update={"stratify": "busyness"})
    even = replace(design, scenario=design.scenario.model_copy(update={"run": run}))
    found, expected = counted(even, 5, SHARES), expected_customers(even, SHARES)
    for name, mean in expected.items():
        error = found[name].std() / np.sqrt(REPLICATIONS)  # too large, for these are shared out
        assert abs(found[name].mean() - mean) < 4 * error, name
