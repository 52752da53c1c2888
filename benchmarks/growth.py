"""How the cost grows with contacts, agents, queues and replications: a plot and fitted exponents.

    python benchmarks/growth.py [--out benchmarks/growth.png]

One thing grows at a time, the rest stays: W1's load for contacts, agents (and demand with them) and
queues (as many contact types, all served by one team), a week of the tiered helpdesk for
replications. Of each size the fastest of several runs counts, sizes taking turns; the exponent is
the slope of log(CPU time) against log(size) by least squares. 1 is 'twice as much, twice as long'.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from engines import versions
from workloads import scaled

CONTACTS = (20_000, 60_000, 200_000, 600_000, 2_000_000)
AGENTS = (24, 80, 240, 800, 2_400)
QUEUES = (1, 4, 16, 48)
REPLICATIONS = (8, 16, 32, 64, 128)
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
FIXED = 200_000  # contacts, where something else grows
SCENARIO = Path(__file__).parent.parent / "scenarios" / "tiered-or-pooled.yaml"


def kernel_seconds(agents: int, queues: int, contacts: int) -> float:
    """CPU time of the compiled engine from the first event to the last."""
    from ccsim.engine.compiled import Machine
    from ccsim.engine.packing import PackedNetwork

    network, roster, workload = scaled(agents, queues, contacts, seed=1)
    machine = Machine(PackedNetwork(network), roster, workload)
    began = time.process_time()
    machine.advance(machine.horizon)
    return time.process_time() - began


def run_seconds(replications: int) -> float:
    """CPU time of `ccsim.run` on one worker, from the scenario file to the results."""
    import ccsim

    began = time.process_time()
    ccsim.run(SCENARIO, replications=replications, workers=1)
    return time.process_time() - began


GROWTHS: dict[str, tuple[tuple[int, ...], Callable[[int], float]]] = {
    "contacts": (CONTACTS, lambda size: kernel_seconds(240, 1, size)),
    "agents": (AGENTS, lambda size: kernel_seconds(size, 1, FIXED)),
    "queues": (QUEUES, lambda size: kernel_seconds(240, size, FIXED)),
    "replications": (REPLICATIONS, run_seconds),
}


def fitted(sizes: tuple[int, ...], seconds: list[float]) -> float:
    slope: float = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
    return slope


def drawn(found: dict[str, list[float]], path: Path) -> None:
    """Size and time as multiples of the smallest, so that all four stand in one picture."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.0, 5.0), layout="constrained")
    axes = figure.subplots()
    most = max(sizes[-1] / sizes[0] for sizes, _ in GROWTHS.values())
    axes.loglog((1, most), (1, most), ":", color="0.5", label="in proportion (exponent 1)")
    for (name, seconds), colour, mark in zip(found.items(), COLOURS, "osD^", strict=True):
        sizes = GROWTHS[name][0]
        label = f"{name}, {sizes[0]:,} to {sizes[-1]:,} (exponent {fitted(sizes, seconds):.2f})"
        times = np.array(seconds) / seconds[0]
        axes.loglog(np.array(sizes) / sizes[0], times, f"{mark}-", color=colour, label=label)
    axes.set_xlabel("so many times the smallest size")
    axes.set_ylabel("so many times its CPU time")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_title("How the cost of a simulation grows with its size", loc="left")
    axes.legend(frameon=False)
    axes.grid(visible=True, alpha=0.3)
    figure.savefig(path, dpi=110)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--out", type=Path, default=Path(__file__).with_name("growth.png"))
    options.add_argument("--repeat", type=int, default=3)
    given = options.parse_args()
    print(versions())
    kernel_seconds(24, 1, 100)  # what is compiled or read from disk is not timed
    run_seconds(1)
    found = {}
    for name, (sizes, seconds_of) in GROWTHS.items():
        turns = [[seconds_of(size) for size in sizes] for _ in range(given.repeat)]
        found[name] = np.min(turns, axis=0).tolist()
        told = ", ".join(f"{n:,}: {s:.3f} s" for n, s in zip(sizes, found[name], strict=True))
        print(f"{name:14} exponent {fitted(sizes, found[name]):5.2f}   {told}")
    drawn(found, given.out)


if __name__ == "__main__":
    main()
