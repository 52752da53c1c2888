"""Runs of the cases' scenarios: the same pipeline that `ccsim run` uses, with its records kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from ccsim.experiment.replications.replicate import Engine, simulate_by
from ccsim.measures.kpis import Kpis
from ccsim.network.compile import compile_network
from ccsim.network.model import Network
from ccsim.records import Records
from ccsim.roster import make_roster
from ccsim.roster.model import Roster
from ccsim.scenario.resolve import Design, load
from ccsim.workload import make_workload
from ccsim.workload.model import Workload
from tests.evaluated import evaluate

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Replication:
    """One replication of a case with all that went in and came out."""

    design: Design
    network: Network
    roster: Roster
    workload: Workload
    records: Records

    @property
    def warm_up(self) -> int:
        return self.design.scenario.calendar.warm_up

    @cached_property
    def kpis(self) -> Kpis:
        return evaluate(self.design, self.network, self.roster, self.workload, self.records)

    def queue(self, name: str) -> int:
        return [queue.name for queue in self.network.queues].index(name)

    def team(self, name: str) -> int:
        return [team.name for team in self.network.teams].index(name)

    def work_of(self, legs: NDArray[np.void]) -> NDArray[np.float64]:
        """The work required of each leg, recomputed from the draws: effort x mean, us."""
        from ccsim.network.draws import Purpose, uniforms

        queue = self.network.queues[0]
        service = next(service for service in queue.services if service is not None)
        u = uniforms(self.workload.key[legs["contact"]], Purpose.EFFORT)  # leg 0
        return np.array([queue.effort.value(x) * service.mean for x in u.tolist()])


# Every case is held against both engines: the compiled one in every run of the tests, the
# reference, which takes minutes, in the slow set.
ENGINES = pytest.mark.parametrize(
    "engine", ["compiled", pytest.param("simpy", marks=pytest.mark.slow)]
)


def replications(
    name: str, engine: Engine, count: int | None = None, settings: tuple[str, ...] = ()
) -> Iterator[Replication]:
    """The replications of a case's scenario file, one after the other."""
    simulate = simulate_by(engine)
    design = load(CASES / f"{name}.yaml", settings=settings)
    network = compile_network(design)
    seed = design.scenario.run.seed
    for r in range(count or design.scenario.run.replications):
        roster = make_roster(design, network, seed, r)
        workload = make_workload(design, network, seed, r)
        yield Replication(design, network, roster, workload, simulate(network, roster, workload))


@dataclass(frozen=True)
class Judged:
    """A ratio of totals over replications, and how far its error lets it be from the truth."""

    value: float
    error: float  # standard error by the delta method over replications
    errors: float = 3.0  # how many of them are allowed

    def agrees(self, expected: float, floor: float = 0.0) -> bool:
        """Within three standard errors, or within the floor (relative) that the case states."""
        return abs(self.value - expected) <= max(self.errors * self.error, floor * abs(expected))

    def sharp(self, expected: float, floor: float) -> bool:
        """Whether the run is long enough that agreement says something."""
        return self.error <= floor * abs(expected)


def judge(ratios: list[tuple[float, float]]) -> Judged:
    num, den = np.array(ratios, dtype=np.float64).T
    value = float(num.sum() / den.sum())
    residuals = (num - value * den) / den.mean()
    error = float(residuals.std(ddof=1) / np.sqrt(len(ratios)))
    # Three errors of a normal law; as rare with an error that few replications estimate.
    return Judged(value, error, float(stdtrit(len(ratios) - 1, ndtr(3.0))))


def totals(run: Replication, key: str) -> tuple[float, float]:
    num, den = run.kpis.totals[run.kpis.keys.index(key)]
    return float(num), float(den)
