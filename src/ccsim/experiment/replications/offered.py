"""`counts: offered`: which part of an ACD's counts are first attempts, found by a pilot.

The shares are properties of the customers. They are found once, in the base design, on replications
that no run uses, and hold for every design that is compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.replications.replicate import ENGINES, Engine, ReplicationPlan, Replicator
from ccsim.network.model import Exit, Hours, Network
from ccsim.network.offered import FirstAttempts, first_guess, solve_first_attempts
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.segments import base_type, without_segment

if TYPE_CHECKING:
    from ccsim.records import Records
    from ccsim.scenario.resolve import Design
    from ccsim.workload.model import Workload

ENOUGH = 20_000  # contacts that a round of the pilot simulates, where so many replications suffice
FEWEST, MOST = 2, 8  # replications of a round
PILOT = 1 << 40  # numbers of the pilot's replications begin here
TOLERANCE = 0.002  # relative; far below the day-to-day variation of any count


def counts_offered(design: Design) -> tuple[str, ...]:
    """The contact types of the design whose volumes are an ACD's counts."""
    return tuple(
        name
        for name, contact in design.scenario.contacts.items()
        if contact.arrivals.counts == "offered"
    )


def first_attempts(design: Design, seed: int, engine: Engine = ENGINES[0]) -> FirstAttempts | None:
    """The shares of first attempts by queue, or None where no type counts offered contacts.

    Deterministic: the same design and seed give the same shares.
    """
    types = counts_offered(design)
    if not types:
        return None
    network = Replicator(ReplicationPlan((design,), seed, engine)).networks[0]
    chosen = [
        i
        for i, queue in enumerate(network.queues)
        if base_type(queue.name.partition(".")[0]) in types
    ]
    stated = _Pilot(design, network, seed, engine, chosen)
    guess = first_guess(network)
    names = {without_segment(network.queues[i].name) for i in chosen}
    start = {name: share for name, share in guess.items() if name in names}
    return solve_first_attempts(stated.offered, stated, start, TOLERANCE, most_rounds=10)


class _Pilot:
    """Attempts by queue over a few replications, given the shares of first attempts."""

    def __init__(
        self, design: Design, network: Network, seed: int, engine: Engine, chosen: list[int]
    ) -> None:
        from ccsim.workload import make_workload

        self.design, self.network, self.seed, self.engine = design, network, seed, engine
        self.chosen = chosen
        self.warm_up = LocalClock(design.scenario.calendar).warm_up_us
        total = 0
        counts = []
        for replication in range(MOST):
            workload = make_workload(design, network, seed, PILOT + replication)
            counts.append(_stated(network, workload, self.warm_up))
            total += len(workload)
            if total >= ENOUGH and replication + 1 >= FEWEST:
                break
        self.replications = len(counts)
        stated = np.sum(counts, axis=0)
        self.offered = self._by_line(stated)

    def __call__(self, shares: Mapping[str, float]) -> dict[str, float]:
        plan = ReplicationPlan((self.design,), self.seed, self.engine, dict(shares))
        replicate = Replicator(plan)
        counted = np.zeros(len(self.network.queues))
        for replication in range(self.replications):
            _, _, records = replicate.records(self.design, self.network, PILOT + replication)
            counted += _counted(self.network, records, self.warm_up)
        return self._by_line(counted)

    def _by_line(self, counts: NDArray[np.float64]) -> dict[str, float]:
        """Counts by queue, those of segments with their type's."""
        found: dict[str, float] = {}
        for i in self.chosen:
            name = without_segment(self.network.queues[i].name)
            found[name] = found.get(name, 0.0) + float(counts[i])
        return found


def _stated(network: Network, workload: Workload, warm_up: int) -> NDArray[np.float64]:
    """Contacts of the stated volume that come after the warm-up [us], while their queue is open, by
    queue. Repeats build up during a warm-up, so that counts that include it would be too low."""
    counts = np.zeros(len(network.queues))
    for i, queue in enumerate(network.queues):
        at = workload.at[(workload.queue == i) & (workload.at >= warm_up)]
        counts[i] = np.count_nonzero(_open(at, queue.hours))
    return counts


def _open(at: NDArray[np.int64], hours: Hours | None) -> NDArray[np.bool_]:
    if hours is None:
        return np.ones(len(at), dtype=np.bool_)
    edges = np.array(hours.spans, dtype=np.int64).reshape(-1)
    return np.asarray(np.searchsorted(edges, at, side="right") % 2 == 1)


def _counted(network: Network, records: Records, warm_up: int) -> NDArray[np.float64]:
    """Entries into each queue after the warm-up [us] that an ACD would count: all but those while
    it is closed."""
    legs = records.legs
    is_measured = legs["entered"] >= warm_up
    entries = legs[is_measured & (legs["part"] == 0) & (legs["exit"] != Exit.CLOSED)]
    return np.bincount(entries["queue"], minlength=len(network.queues)).astype(np.float64)
