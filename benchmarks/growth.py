"""How the cost grows with contacts, agents, queues and replications: a plot and fitted exponents.

    python benchmarks/growth.py [--out benchmarks/growth.png] [--small]

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


Growth = tuple[tuple[int, ...], Callable[[int], float]]  # sizes, and CPU seconds of a size


def growths(small: bool) -> dict[str, Growth]:
    """What grows, by name. `small`: the two least sizes, with few contacts."""
    fixed, shrunk = (2_000, 10) if small else (FIXED, 1)
    found: dict[str, Growth] = {
        "contacts": (CONTACTS, lambda size: kernel_seconds(240, 1, size // shrunk)),
        "agents": (AGENTS, lambda size: kernel_seconds(size, 1, fixed)),
        "queues": (QUEUES, lambda size: kernel_seconds(240, size, fixed)),
        "replications": (REPLICATIONS, lambda size: run_seconds(size // min(shrunk, 8))),
    }
    return {name: (sizes[:2], call) for name, (sizes, call) in found.items()} if small else found


def fitted(sizes: tuple[int, ...], seconds: list[float]) -> float:
    slope: float = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
    return slope


def draw(growing: dict[str, Growth], found: dict[str, list[float]], path: Path) -> None:
    """Saves the picture: size and time as multiples of the smallest, so that all four fit."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.0, 5.0), layout="constrained")
    axes = figure.subplots()
    most = max(sizes[-1] / sizes[0] for sizes, _ in growing.values())
    axes.loglog((1, most), (1, most), ":", color="0.5", label="in proportion (exponent 1)")
    for (name, seconds), colour, mark in zip(found.items(), COLOURS, "osD^", strict=True):
        sizes = growing[name][0]
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
    options.add_argument("--small", action="store_true", help="once, with the least sizes")
    given = options.parse_args()
    repeat = 1 if given.small else given.repeat
    growing = growths(given.small)
    print(versions())
    kernel_seconds(24, 1, 100)  # what is compiled or read from disk is not timed
    run_seconds(1)
    found = {}
    for name, (sizes, seconds_of) in growing.items():
        turns = [[seconds_of(size) for size in sizes] for _ in range(repeat)]
        found[name] = np.min(turns, axis=0).tolist()
        times = ", ".join(f"{n:,}: {s:.3f} s" for n, s in zip(sizes, found[name], strict=True))
        print(f"{name:14} exponent {fitted(sizes, found[name]):5.2f}   {times}")
    draw(growing, found, given.out)


if __name__ == "__main__":
    main()
