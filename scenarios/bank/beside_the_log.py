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
Why they differ. One patience for all callers, as the case has it: newcomers hang up sooner than
that, customers later; together they come out right. Customers who left a message are called back
when agents have time, in the simulation they stand in line like everybody. Priority is recorded
almost only for calls that waited, so a preferred customer who did not wait in reality, and does in
the simulation, has no head start. Who was on duty, and who takes what, is inferred from
conversations; the simulation has an agent answer at once where the bank's had an idle moment.""",
    "bank": """\
Why they differ. In the bank staff follows the calls: in the same half hour of the same weekday the
number of agents differs from week to week by 1.1 (standard deviation), and goes with the calls
(correlation 0.43); in the scenario it is the mean of four weeks in whole heads, and busy days meet
the same staff as quiet ones. Patience is drawn by type, apart from what callers know or hear (with
one patience for all, as in the replay, the mean wait is 6 s less). Customers who left a message
stand in line; in the bank they are called when agents have time. Every agent takes every call; in
the bank stock exchange calls and newcomers wait for those who take them. Days differ by one common
factor (without it the mean wait is 1 s less); outages and rushes are smoothed.""",
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
