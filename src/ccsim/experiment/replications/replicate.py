"""One replication of every design: customers and agents are made, the engine runs, KPIs follow."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ccsim.experiment.replications.executors import raise_if_stopped
from ccsim.records import chunks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccsim.engine.packing import PackedNetwork
    from ccsim.measures.evaluate import KpiEvaluator
    from ccsim.measures.kpis import Kpis
    from ccsim.network.model import Network
    from ccsim.records import Records, Rows
    from ccsim.roster import Roster, RosterBuilder
    from ccsim.scenario.resolve import Design
    from ccsim.workload import Demand, Workload

    Simulate = Callable[[Network, Roster, Workload], Records]

Engine = Literal["compiled", "simpy"]
ENGINES: tuple[Engine, ...] = ("compiled", "simpy")
MOST_READY = 8  # draws whose networks are kept: as many as threads at work on them, and a few more


@dataclass(frozen=True)
class ReplicationPlan:
    """All that determines every replication: designs, seed, engine, first-attempt shares.

    `first_attempts` are the shares that `counts: offered` was reduced by, found once in the base
    design and held for every design; None where no contact type counts offered contacts. With
    `per_draw` the uncertain assumptions are drawn, anew for every so many replications; with 0 they
    are as stated.
    """

    designs: tuple[Design, ...]
    seed: int
    engine: Engine = ENGINES[0]
    first_attempts: Mapping[str, float] | None = None
    keep_records: bool = False
    per_draw: int = 0

    def draw_of(self, replication: int) -> int:
        """The draw that a replication belongs to; 0 where nothing is drawn."""
        return replication // self.per_draw if self.per_draw else 0

    def designs_of(self, replication: int) -> tuple[Design, ...]:
        """The designs as a replication plays them."""
        if not self.per_draw:
            return self.designs
        from ccsim.experiment.replications.draws import design_of

        draw = self.draw_of(replication)
        return tuple(design_of(design, self.seed, draw) for design in self.designs)


@dataclass(frozen=True)
class Outcome:
    """What one replication of one design leaves; `records` only where they were asked for."""

    kpis: Kpis
    records: Records | None = None


@dataclass(frozen=True, slots=True)
class _Played:
    """A design, and all of it that its replications have in common."""

    design: Design
    network: Network
    evaluator: KpiEvaluator
    demand: Demand
    rosters: RosterBuilder
    packed: PackedNetwork | None  # as the compiled engine takes it, where that one runs


class Replicator:
    """A plan made ready to run: what does not depend on the replication is made once.

    May be called by several threads at a time.
    """

    def __init__(self, plan: ReplicationPlan) -> None:
        self.plan = plan
        self._lock = threading.Lock()
        self._ready: dict[int, tuple[_Played, ...]] = {}  # by draw

    def __reduce__(self) -> tuple[type[Replicator], tuple[ReplicationPlan]]:
        return Replicator, (self.plan,)

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """Those of the designs as stated."""
        from ccsim.network.compile import compile_network

        return tuple(compile_network(design) for design in self.plan.designs)

    def __call__(self, replication: int) -> tuple[Outcome, ...]:
        """One outcome for each design, all of the same customers. A pure function of the plan and
        the replication's number (from 0)."""
        return tuple(self._one(played, replication) for played in self._played(replication))

    def _played(self, replication: int) -> tuple[_Played, ...]:
        """What a replication plays; of the last draws it is kept for their other replications."""
        draw = self.plan.draw_of(replication)
        with self._lock:
            if draw not in self._ready:
                while len(self._ready) >= MOST_READY:
                    del self._ready[next(iter(self._ready))]
                self._ready[draw] = self._made(replication)
            return self._ready[draw]

    def _made(self, replication: int) -> tuple[_Played, ...]:
        from ccsim.measures.evaluate import KpiEvaluator
        from ccsim.network.compile import compile_network

        designs = self.plan.designs_of(replication)
        networks = self.networks if not self.plan.per_draw else map(compile_network, designs)
        return tuple(
            _Played(
                design,
                network,
                KpiEvaluator(design, network),
                *self._given(design, network),
                self._packed(network),
            )
            for design, network in zip(designs, networks, strict=True)
        )

    def _given(self, design: Design, network: Network) -> tuple[Demand, RosterBuilder]:
        from ccsim.roster import RosterBuilder
        from ccsim.workload import Demand

        return Demand(design, network, self.plan.first_attempts), RosterBuilder(design, network)

    def _packed(self, network: Network) -> PackedNetwork | None:
        if self.plan.engine != "compiled":
            return None
        from ccsim.engine.packing import PackedNetwork

        return PackedNetwork(network)

    def _one(self, played: _Played, replication: int) -> Outcome:
        """Rows are counted as they come, and kept only where records are asked for."""
        network, evaluator, seed = played.network, played.evaluator, self.plan.seed
        workload = played.demand.workload(seed, replication)
        roster = played.rosters.roster(seed, replication)
        raise_if_stopped()
        accumulator = evaluator.accumulator(roster)
        records: Records | None = None
        if played.packed is not None and not self.plan.keep_records:
            from ccsim.engine.compiled import Machine

            Machine(played.packed, roster, workload, _unless_stopped(accumulator.take)).finish()
        else:
            records = simulate_by(self.plan.engine)(network, roster, workload)
            for rows in chunks_of(records):
                accumulator.take(rows)
        raise_if_stopped()
        kpis = evaluator.kpis(accumulator, roster, workload)
        return Outcome(kpis, records if self.plan.keep_records else None)

    def records(
        self, design: Design, network: Network, replication: int
    ) -> tuple[Workload, Roster, Records]:
        """Customers, agents and records of one replication of a design."""
        demand, rosters = self._given(design, network)
        workload = demand.workload(self.plan.seed, replication)
        roster = rosters.roster(self.plan.seed, replication)
        return workload, roster, simulate_by(self.plan.engine)(network, roster, workload)


def _unless_stopped(take: Callable[[Rows], None]) -> Callable[[Rows], None]:
    """The same, but a thread whose results nobody waits for any longer ends here."""

    def taken(rows: Rows) -> None:
        raise_if_stopped()
        take(rows)

    return taken


def simulate_by(engine: Engine) -> Simulate:
    """The engine's function; ValueError for a name that is none."""
    if engine not in ENGINES:
        raise ValueError(f"there is no engine '{engine}' (engines: {', '.join(ENGINES)})")
    if engine == "compiled":
        from ccsim.engine import compiled

        return compiled.simulate
    from ccsim.engine import reference

    return reference.simulate
