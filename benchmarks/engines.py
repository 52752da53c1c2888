"""The engines side by side: CPU time, memory and answers of eight programs on two workloads.

    python benchmarks/engines.py [--contacts 1000000] [--repeat 3] [--small]

The workloads are those of `workloads.py`, the programs those of `programs.py`. Programs take turns,
so that whatever else the machine does meets all of them; of each the fastest of its runs counts,
the only figure that other work on the machine can but lengthen. W1 is checked against the exact
formula, W2 among the programs.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import sys
from collections.abc import Callable

import numpy as np
from programs import PROGRAMS, QUICK, Answers, measured, played_here
from workloads import HANDLE, PATIENCE, RATE, SIZES

from ccsim.erlang import ErlangA

BASE = "C++, a heap"
SLOW = {"reference": 20, "textbook SimPy": 20, "Ciw": 20, "salabim": 50}  # times fewer contacts
TOLERANCE = 0.015  # of the share within 20 s: five standard errors of a run of 1,000,000
HEAD = f"{'':24}{'ns a contact':>13}{'of C++':>9}{'peak MB':>9}{'abandoned':>11}{'in 20 s':>9}"


def versions() -> str:
    """What the figures were measured with."""
    found = [f"{platform.machine()}, Python {platform.python_version()}"]
    for name in ("numpy", "numba", "simpy", "ciw", "salabim"):
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"no {name}")
    return ", ".join(found)


def best_of(
    workload: int, contacts: int, repeat: int, play: Callable[..., Answers | None] = measured
) -> dict[str, Answers]:
    """Of each program that runs the workload: least time a contact [ns], answers as means."""
    runs: dict[str, list[Answers]] = {program: [] for program in PROGRAMS}
    for seed in range(repeat):
        for program, found in runs.items():
            if seed and not found:
                continue  # it did not run the first time
            size = contacts // SLOW.get(program, 1)
            answers = play(program, workload, size, seed)
            if answers is not None:
                found.append(answers | {"ns": 1e9 * answers["seconds"] / size})
    return {
        program: {key: float(np.mean([run[key] for run in found])) for key in found[0]}
        | {"ns": min(run["ns"] for run in found)}
        for program, found in runs.items()
        if found
    }


def print_table(rows: dict[str, Answers]) -> None:
    base = rows.get(BASE, {}).get("ns")
    print(f"{HEAD}{'wait [s]':>9}")
    for program, row in rows.items():
        ratio = f"{row['ns'] / base:9.2f}" if base else f"{'':9}"
        print(
            f"{program:24}{row['ns']:13,.0f}{ratio}{row['peak_mb']:9,.0f}{row['abandoned']:11.4f}"
            f"{row['within_20_s']:9.4f}{row['mean_wait'] * 60:9.2f}"
        )


def disagreements(rows: dict[str, Answers], within: float) -> list[str]:
    """Programs that ran in full and whose share within 20 s is not the expected one."""
    return [
        f"{program} answers {row['within_20_s']:.4f} within 20 s, not {within:.4f}"
        for program, row in rows.items()
        if program not in SLOW and abs(row["within_20_s"] - within) > TOLERANCE
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--contacts", type=int, default=1_000_000)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--small", action="store_true", help="1,000 contacts, once")
    given = options.parse_args()
    if given.small:
        given.contacts, given.repeat = 1_000, 1
    print(versions())
    wrong = []
    for workload in (1, 2):
        print(
            f"\nW{workload}: the best of {given.repeat}, {given.contacts:,} contacts; the reference"
        )
        print("SimPy and Ciw had a twentieth of them, salabim a fiftieth")
        play = played_here if given.small else measured
        rows = best_of(workload, given.contacts, given.repeat, play)
        print_table(rows)
        expected = float(np.median([row["within_20_s"] for row in rows.values()]))
        if workload == 1:
            exact = ErlangA(RATE[1], HANDLE, SIZES[1][0], PATIENCE)
            expected = exact.answered_within(QUICK)
            print(f"{'exact':24}{'':31}{exact.abandoned:11.4f}{expected:9.4f}", end="")
            print(f"{exact.mean_wait * 60:9.2f}")
        if given.contacts >= 1_000_000:
            wrong += disagreements(rows, expected)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
