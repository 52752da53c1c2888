"""What replications have in common is made once: none of them is another for those before it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ccsim.network.compile import compile_network
from ccsim.roster import Roster, RosterBuilder, make_roster
from ccsim.scenario.resolve import load
from ccsim.workload import Demand, Workload, make_workload

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = ("software-helpdesk", "follow-the-sun", "bank-managers")
ORDER = (3, 0, 2, 0, 1, 3)  # replications, some more than once and none in a row


def is_equal(one: Any, other: Any) -> bool:
    columns = one.__slots__
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in columns)


def in_turn(make: Callable[[int], Any]) -> list[Any]:
    return [make(replication) for replication in ORDER]


def by_threads(make: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(make, ORDER))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("play", [in_turn, by_threads])
def test_rosters_and_arrivals_are_those_of_their_replication_alone(
    name: str, play: Callable[[Callable[[int], Any]], list[Any]]
) -> None:
    design = load(SCENARIOS / f"{name}.yaml")
    network = compile_network(design)
    builder, demand = RosterBuilder(design, network), Demand(design, network, None)
    rosters: list[Roster] = play(lambda replication: builder.roster(7, replication))
    workloads: list[Workload] = play(lambda replication: demand.workload(7, replication))
    for replication, roster, workload in zip(ORDER, rosters, workloads, strict=True):
        assert is_equal(roster, make_roster(design, network, 7, replication))
        assert is_equal(workload, make_workload(design, network, 7, replication))
    assert not is_equal(workloads[0], workloads[1])
    assert len({roster.schedule.tobytes() for roster in rosters}) == len(set(ORDER))
