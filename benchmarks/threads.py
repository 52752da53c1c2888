"""How replications scale over threads: wall time of one worker over that of two, and of four.

    python benchmarks/threads.py [--replications 20] [--repeat 3] [--small]

W1 for a fortnight (`w1.yaml`, 968 000 contacts a replication), and W3: the tiered helpdesk for a
year (290 000 contacts) and for a week (5 500), of which most is Python that holds the interpreter's
lock. Numbers of workers take turns; the fastest counts. The machine must have nothing else to do.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from engines import versions

HERE = Path(__file__).parent
HELPDESK = HERE.parent / "scenarios" / "tiered-or-pooled.yaml"
SCENARIOS: dict[str, tuple[Path, tuple[str, ...]]] = {
    "W1, a fortnight": (HERE / "w1.yaml", ()),
    "W3, a year": (HELPDESK, ("calendar.days=364",)),
    "W3, a week": (HELPDESK, ()),
}


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--replications", type=int, default=20)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--small", action="store_true", help="once, two replications of one day")
    given = options.parse_args()
    if given.small:
        given.replications, given.repeat = 2, 1
    import ccsim

    cores = os.cpu_count() or 1
    workers = sorted({1, 2, cores})
    print(f"{versions()}; {cores} cores, load {os.getloadavg()[0]:.1f}")
    for name, (scenario, settings) in SCENARIOS.items():
        settings = ("calendar.days=1",) if given.small else settings
        ccsim.run(scenario, 1, workers=1, set=settings)  # compiles, and reads what is kept
        seconds: dict[int, float] = {}
        for _ in range(given.repeat):
            for number in workers:
                began = time.perf_counter()
                ccsim.run(scenario, given.replications, workers=number, set=settings)
                took = time.perf_counter() - began
                seconds[number] = min(took, seconds.get(number, took))
        for number in workers:
            gain = seconds[1] / seconds[number]
            print(f"{name:16} {number} workers {seconds[number]:8.2f} s   {gain:5.2f} times")


if __name__ == "__main__":
    main()
