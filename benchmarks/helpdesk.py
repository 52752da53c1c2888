"""Contacts per second of CPU: the tiered helpdesk (scenarios/tiered-or-pooled.yaml), W3 as a year.

    python benchmarks/helpdesk.py [--weeks 1] [--replications 10]
    python benchmarks/helpdesk.py --weeks 52 --replications 2

Each part of a replication is timed apart in one process, and the engines side by side on the same
customers: medians over replications after one that is not counted. A contact is a row of the
workload (a first attempt); its redials, repeats and transfers are legs.
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
    given = parser.parse_args()
    replications = given.replications

    import numpy
    import simpy

    from ccsim.experiment.replicate import ENGINES, simulate_by
    from ccsim.measures.evaluate import evaluate
    from ccsim.network.compile import compile_network
    from ccsim.roster import make_roster
    from ccsim.scenario.resolve import load
    from ccsim.workload import make_workload

    design = load(SCENARIO, settings=(f"calendar.days={7 * given.weeks}",))
    network = compile_network(design)
    engines = {f"engine {name}": simulate_by(name) for name in ENGINES}
    seconds: dict[str, list[float]] = {
        part: [] for part in ("roster", "arrivals", *engines, "measures")
    }
    contacts, legs = [], []
    for r in range(replications + 1):
        roster = timed(seconds["roster"], make_roster, design, network, 1, r)
        work = timed(seconds["arrivals"], make_workload, design, network, 1, r)
        for name, simulate in engines.items():
            records = timed(seconds[name], simulate, network, roster, work)
        timed(seconds["measures"], evaluate, design, network, roster, work, records)
        contacts.append(len(work))
        legs.append(len(records.legs))

    n, m = statistics.median(contacts[1:]), statistics.median(legs[1:])
    print(
        f"{design.scenario.name} Weeks: {given.weeks}; {n:,.0f} contacts, {m:,.0f} legs, "
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
