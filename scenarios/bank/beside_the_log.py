"""The simulated bank beside its log: `python scenarios/bank/beside_the_log.py [-n REPLICATIONS]`.

Runs `replay.yaml` and `bank.yaml` and prints, for each, what the log of February 1999 shows, what
the simulation shows, both with a standard error, and the difference; then the reasons for it.
Of the log the error is that over its days (each day one cluster: a month is a sample too), of the
simulation that over its replications. Both are errors of a ratio of totals by the delta method.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import fit  # beside this file
import numpy as np
from numpy.typing import NDArray

from ccsim.engine.reference import simulate
from ccsim.network.compile import compile_network
from ccsim.network.model import Exit, Network
from ccsim.records import Records
from ccsim.roster import make_roster
from ccsim.scenario.resolve import Design
from ccsim.scenario.resolve import load as load_design
from ccsim.workload import make_workload

Floats = NDArray[np.float64]

SECOND_US, DAY_US = 1_000_000, 86_400_000_000
PROMISE_S = 20
MERGED = {"preferred": "regular", "preferred_stock": "stock"}  # the log cannot tell them apart
KINDS = ("all", "regular", "stock", "newcomer", "called_back")

WHY = {
    "replay": """\
Why they differ: in the simulation every agent takes every call, the longest waiting first; in the
bank some agents took no newcomers and few took stock exchange calls. Priority is recorded almost
only for calls that waited, so that a preferred customer who did not wait in reality, and does in
the simulation, has no head start. Who was on duty is inferred from conversations.""",
    "bank": """\
Why they differ, the largest first. Staffing is the mean number of agents at work in a half hour
over four weeks, in whole heads, the same each week: in the log a day can be two agents short for
an hour, and the waits of such hours are not made good by hours with two more; and the agents come
and go at half hours, not when the line is long. Calls are spread evenly over a half hour, days
differ only by one common factor: incidents and lunch-time crowds are smoothed. Every agent takes
every call. The preferred are told apart by chance, with the share found among those who waited.
Patience and handle time are drawn apart from each other and from the hour.""",
}


@dataclass(frozen=True, slots=True)
class Count:
    """What happened to the calls of one kind in one unit: a day of the log, a replication."""

    calls: float = 0.0
    abandoned: float = 0.0
    waited_s: float = 0.0
    in_time: float = 0.0
    answered: float = 0.0
    handled_s: float = 0.0


MEASURES: Mapping[str, tuple[Callable[[Count], float], Callable[[Count], float], float, str]] = {
    # name: numerator, denominator, factor, unit
    "abandoned": (lambda c: c.abandoned, lambda c: c.calls, 100.0, "%"),
    "answered within 20 s": (lambda c: c.in_time, lambda c: c.calls, 100.0, "%"),
    "mean wait": (lambda c: c.waited_s, lambda c: c.calls, 1.0, "s"),
    "mean handle time": (lambda c: c.handled_s, lambda c: c.answered, 1.0, "s"),
}


def ratio(
    counts: Sequence[Count],
    numerator: Callable[[Count], float],
    denominator: Callable[[Count], float],
) -> tuple[float, float]:
    """sum / sum and its standard error by the delta method, the counts being independent."""
    above = np.array([numerator(count) for count in counts])
    below = np.array([denominator(count) for count in counts])
    n, value = len(counts), float(above.sum() / below.sum())
    residual = above - value * below
    return value, float(math.sqrt(n / (n - 1) * (residual**2).sum()) / below.sum())


def log_days(calls: Iterable[fit.Call]) -> dict[int, dict[str, Count]]:
    """The log's counts by day and kind."""
    days: dict[int, dict[str, list[fit.Call]]] = {}
    for call in calls:
        day = days.setdefault(fit.arrival(call) // fit.DAY_S, {kind: [] for kind in KINDS})
        day["all"].append(call)
        day[fit.TYPES[call.type]].append(call)
    return {
        day: {kind: _of_log(own) for kind, own in by_kind.items()} for day, by_kind in days.items()
    }


def _of_log(calls: Sequence[fit.Call]) -> Count:
    known = [call.handled for call in calls if call.handle_known]
    waits = [(call.waited if call.queued is not None else 0, call.abandoned) for call in calls]
    return Count(
        calls=len(calls),
        abandoned=sum(abandoned for _, abandoned in waits),
        waited_s=sum(wait for wait, _ in waits),
        in_time=sum(not abandoned and wait <= PROMISE_S for wait, abandoned in waits),
        answered=len(known),
        handled_s=sum(known),
    )


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts of one replication that were decided, as columns."""

    day: NDArray[np.int64]
    kind: NDArray[np.str_]
    wait_s: Floats
    abandoned: NDArray[np.bool_]
    handled_s: Floats

    def counted(self, where: NDArray[np.bool_]) -> Count:
        wait, abandoned = self.wait_s[where], self.abandoned[where]
        return Count(
            calls=float(where.sum()),
            abandoned=float(abandoned.sum()),
            waited_s=float(wait.sum()),
            in_time=float((~abandoned & (wait <= PROMISE_S)).sum()),
            answered=float((~abandoned).sum()),
            handled_s=float(self.handled_s[where & ~self.abandoned].sum()),
        )

    def by_kind(self) -> dict[str, Count]:
        everything = np.ones(len(self.day), dtype=np.bool_)
        return {k: self.counted(everything if k == "all" else self.kind == k) for k in KINDS}

    def by_day(self) -> dict[int, Count]:
        return {int(day): self.counted(self.day == day) for day in np.unique(self.day)}


def attempts_of(network: Network, records: Records) -> Attempts:
    """Every leg is an attempt here: nobody redials, returns or is passed on."""
    legs = records.legs[np.isin(records.legs["exit"], (Exit.SERVED, Exit.ABANDONED))]
    kinds = [queue.name.partition(".")[0] for queue in network.queues]
    names = np.array([MERGED.get(kind, kind) for kind in kinds])
    return Attempts(
        day=legs["entered"] // DAY_US,
        kind=names[legs["queue"]],
        wait_s=legs["waited"] / SECOND_US,
        abandoned=legs["exit"] == Exit.ABANDONED,
        handled_s=(legs["ended"] - legs["answered"]) / SECOND_US,
    )


def load(scenario: str) -> tuple[Design, Network]:
    """A scenario of this folder, and its network."""
    design = load_design(fit.HERE / scenario)
    return design, compile_network(design)


def simulated(design: Design, network: Network, replications: Iterable[int]) -> list[Attempts]:
    """What customers lived through in each of these replications."""
    seed = design.scenario.run.seed
    runs = []
    for replication in replications:
        workload = make_workload(design, network, seed, replication)
        roster = make_roster(design, network, seed, replication)
        runs.append(attempts_of(network, simulate(network, roster, workload)))
    return runs


def rows(log: Sequence[Mapping[str, Count]], runs: Sequence[Mapping[str, Count]]) -> list[str]:
    """The table, a line for each measure and kind."""
    lines = [f"{'':34}{'log':>18}{'simulation':>18}{'difference':>18}"]
    for name, (numerator, denominator, factor, unit) in MEASURES.items():
        for kind in KINDS:
            seen, error = ratio([count[kind] for count in log], numerator, denominator)
            made, noise = ratio([count[kind] for count in runs], numerator, denominator)
            both = math.hypot(error, noise)
            lines.append(
                f"{name + ', ' + unit:24}{kind:12}"
                + "".join(
                    f"{factor * value:{sign}10.1f} ± {factor * se:4.1f}"
                    for value, se, sign in (
                        (seen, error, ""),
                        (made, noise, ""),
                        (made - seen, both, "+"),
                    )
                )
            )
    return lines


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("-n", "--replications", type=int, default=20)
    n = max(arguments.parse_args().replications, 2)
    calls = fit.counted(fit.read_log())
    replayed = [call for call in calls if fit.in_replay(fit.arrival(call))]
    for scenario, own in (("replay", replayed), ("bank", calls)):
        runs = [run.by_kind() for run in simulated(*load(f"{scenario}.yaml"), range(n))]
        print(f"{scenario}.yaml, {n} replications; ± one standard error")
        print("\n".join(rows(list(log_days(own).values()), runs)))
        print(f"\n{WHY[scenario]}\n")


if __name__ == "__main__":
    main()
