"""Contacts per second of CPU: the tiered helpdesk (scenarios/tiered-or-pooled.yaml), W3 as a year.

    python benchmarks/helpdesk.py [--weeks 1] [--replications 10]
    python benchmarks/helpdesk.py --weeks 52 --replications 2
    python benchmarks/helpdesk.py --small

Each part of a replication is timed apart in one process, and the engines side by side on the same
customers: medians over replications after one that is not counted. What a run makes once for all
its replications is not timed. A contact is a row of the workload (a first attempt); its redials,
repeats and transfers are legs.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SCENARIO = Path(__file__).parent.parent / "scenarios" / "tiered-or-pooled.yaml"


def timed(seconds: list[float], call: Callable[..., Any], *given: Any) -> Any:
    start = time.process_time()
    found = call(*given)
    seconds.append(time.process_time() - start)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weeks", type=int, default=1)
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--small", action="store_true", help="one day, one replication")
    given = parser.parse_args()
    days, replications = (1, 1) if given.small else (7 * given.weeks, given.replications)

    import numpy
    import simpy

    from ccsim.engine import compiled, reference
    from ccsim.engine.packing import PackedNetwork
    from ccsim.measures.evaluate import KpiEvaluator
    from ccsim.measures.kpis import Kpis
    from ccsim.network.compile import compile_network
    from ccsim.records import Records, chunks_of
    from ccsim.roster import Roster, RosterBuilder
    from ccsim.scenario.resolve import load
    from ccsim.workload import Demand, Workload

    design = load(SCENARIO, settings=(f"calendar.days={days}",))
    network = compile_network(design)
    rosters, demand, evaluator = (
        RosterBuilder(design, network),
        Demand(design, network, None),
        KpiEvaluator(design, network),
    )
    packed = PackedNetwork(network)
    engines: dict[str, Callable[[Roster, Workload], Records]] = {
        "engine compiled": lambda r, w: compiled.Machine(packed, r, w).records(),
        "engine simpy": lambda r, w: reference.simulate(network, r, w),
    }

    def measured(roster: Roster, work: Workload, records: Records) -> Kpis:
        accumulator = evaluator.accumulator(roster)
        for rows in chunks_of(records):
            accumulator.take(rows)
        return evaluator.kpis(accumulator, roster, work)

    seconds: dict[str, list[float]] = {
        part: [] for part in ("roster", "arrivals", *engines, "measures")
    }
    contacts, legs = [], []
    for r in range(replications + 1):
        roster = timed(seconds["roster"], rosters.roster, 1, r)
        work = timed(seconds["arrivals"], demand.workload, 1, r)
        for name, simulate in engines.items():
            records = timed(seconds[name], simulate, roster, work)
        timed(seconds["measures"], measured, roster, work, records)
        contacts.append(len(work))
        legs.append(len(records.legs))

    n, m = statistics.median(contacts[1:]), statistics.median(legs[1:])
    print(
        f"{design.scenario.name} Days: {days}; {n:,.0f} contacts, {m:,.0f} legs, "
        f"{replications} replications"
    )
    print(
        f"{platform.machine()}, Python {platform.python_version()}, NumPy {numpy.__version__}, ",
        end="",
    )
    print(f"SimPy {simpy.__version__}; CPU time, medians")
    for part, values in seconds.items():
        median = statistics.median(values[1:])
        print(f"  {part:16} {median * 1e3:8.1f} ms   {n / median:12,.0f} contacts per CPU second")


if __name__ == "__main__":
    main()
