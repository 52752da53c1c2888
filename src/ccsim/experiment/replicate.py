"""One replication of every design: customers and agents are made, the engine runs, KPIs follow."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ccsim.experiment.executors import raise_if_stopped
from ccsim.records import chunks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccsim.measures.evaluate import Meter
    from ccsim.measures.kpis import Kpis
    from ccsim.network.model import Network
    from ccsim.records import Records, Rows
    from ccsim.roster.model import Roster
    from ccsim.scenario.resolve import Design
    from ccsim.workload.model import Workload

    Simulate = Callable[[Network, Roster, Workload], Records]

Engine = Literal["compiled", "simpy"]
ENGINES: tuple[Engine, ...] = ("compiled", "simpy")


@dataclass(frozen=True)
class Plan:
    """All that determines every replication: designs, seed, engine, first-attempt shares.

    `first_attempts` are the shares that `counts: offered` was reduced by, found once in the base
    design and held for every design; None where no contact type counts offered contacts.
    """

    designs: tuple[Design, ...]
    seed: int
    engine: Engine = ENGINES[0]
    first_attempts: Mapping[str, float] | None = None
    keep_records: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one replication of one design leaves; `records` only where they were asked for."""

    kpis: Kpis
    records: Records | None = None


class Replicator:
    """A plan made ready to run: what does not depend on the replication is made once.

    May be called by several threads at a time.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Replicator], tuple[Plan]]:
        return Replicator, (self.plan,)

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        from ccsim.network.compile import compile_network

        return tuple(compile_network(design) for design in self.plan.designs)

    @cached_property
    def _meters(self) -> tuple[Meter, ...]:
        from ccsim.measures.evaluate import Meter

        return tuple(
            Meter(design, network)
            for design, network in zip(self.plan.designs, self.networks, strict=True)
        )

    def __call__(self, replication: int) -> tuple[Outcome, ...]:
        """One outcome for each design, all of the same customers. A pure function of the plan and
        the replication's number (from 0)."""
        with self._lock:
            meters = self._meters
        return tuple(
            self._one(design, network, meter, replication)
            for design, network, meter in zip(self.plan.designs, self.networks, meters, strict=True)
        )

    def _one(self, design: Design, network: Network, meter: Meter, replication: int) -> Outcome:
        """Rows are counted as they come, and kept only where records are asked for."""
        workload, roster = self._given(design, network, replication)
        books = meter.books(roster)
        records: Records | None = None
        if self.plan.engine == "compiled" and not self.plan.keep_records:
            from ccsim.engine.compiled import Machine

            Machine(network, roster, workload, _unless_stopped(books.take)).finish()
        else:
            records = simulate_by(self.plan.engine)(network, roster, workload)
            for rows in chunks_of(records):
                books.take(rows)
        kpis = meter.kpis(books, roster, workload)
        return Outcome(kpis, records if self.plan.keep_records else None)

    def records(
        self, design: Design, network: Network, replication: int
    ) -> tuple[Workload, Roster, Records]:
        """Customers, agents and records of one replication of a design."""
        workload, roster = self._given(design, network, replication)
        return workload, roster, simulate_by(self.plan.engine)(network, roster, workload)

    def _given(self, design: Design, network: Network, replication: int) -> tuple[Workload, Roster]:
        from ccsim.roster import make_roster
        from ccsim.workload import make_workload

        plan = self.plan
        workload = make_workload(
            design, network, plan.seed, replication, first_attempt_share=plan.first_attempts
        )
        return workload, make_roster(design, network, plan.seed, replication)


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
