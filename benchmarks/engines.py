"""The engines side by side: CPU time, memory and answers of five programs on two workloads.

    python benchmarks/engines.py [--contacts 1000000]

W1: Erlang A: 48 calls a minute, handling 5 min, 240 agents, patience 2 min, all exponential.
W2: two types of 25 a minute each, by teams of 100, 100 and 50 who do both (tried second), priority
to one of them, longest idle; 15 % escalate to a team of 62 that takes 8 min; patience 2 min.

Each program runs in a process of its own. What is timed is the simulation from arrivals at hand to
the last event; `compiled, with records` adds packing and the sorted records. The hand-written C++
program (`desk.cpp`) is built when there is a compiler. W1 is checked against the exact formula.
Parameters are illustrative.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ccsim.erlang import ErlangA
from ccsim.network.draws import contact_keys
from ccsim.network.model import Branch, Label, Network, Queue, Service, Step, Team
from ccsim.network.quantiles import exponential
from ccsim.records import Records
from ccsim.roster.model import SCHEDULE, SPANS, Roster
from ccsim.workload.model import UNOBSERVED, Workload

HERE = Path(__file__).parent
MINUTE = 60_000_000
RATE = {1: 48.0, 2: 50.0}  # a minute
SIZES = {1: (240,), 2: (100, 100, 50, 62)}
PROGRAMS = ("compiled", "compiled, with records", "C++ heap", "reference", "textbook SimPy")
SLOW = {"reference": 20, "textbook SimPy": 20}  # they get so many times fewer contacts
QUICK_US = 20_000_000
TOLERANCE = 0.015  # of the share within 20 s: five standard errors of a run of 1,000,000
Answers = dict[str, float]


def arrivals(workload: int, contacts: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Instants [min] and types."""
    rng = np.random.Generator(np.random.Philox(seed))
    at = np.cumsum(rng.exponential(1.0 / RATE[workload], contacts))
    types = rng.integers(0, 2, contacts) if workload == 2 else np.zeros(contacts, np.int64)
    return at, types.astype(np.int32)


def network_of(workload: int, horizon: int) -> Network:
    effort, patience = exponential(1.0), exponential(2.0 * MINUTE)
    if workload == 1:
        service = Service(5 * MINUTE, 1, ())
        queue = Queue("w1", (Step((0,)),), (service,), effort, patience)
        return Network((queue,), (Team("agents"),), horizon=horizon)
    rows = (Branch(0.15, 2, Label.ESCALATED), Branch(0.85, label=Label.RESOLVED))
    first = Service(5 * MINUTE, 1, rows)
    second = Service(8 * MINUTE, 1, ())
    queues = (
        Queue("x", (Step((0,)), Step((2,))), (first, None, first, None), effort, patience),
        Queue("y", (Step((1,)), Step((2,))), (None, first, first, None), effort, patience, 2),
        Queue("z", (Step((3,)),), (None, None, None, second), effort, patience),
    )
    teams = tuple(Team(name) for name in ("a", "b", "both", "second"))
    return Network(queues, teams, horizon=horizon)


def case_of(workload: int, contacts: int, seed: int) -> tuple[Network, Roster, Workload]:
    minutes, types = arrivals(workload, contacts, seed)
    at = (minutes * MINUTE).astype(np.int64)
    horizon = int(at[-1]) + 240 * MINUTE
    team = np.repeat(np.arange(len(SIZES[workload])), SIZES[workload]).astype(np.int32)
    spans = np.array([(agent, 0, horizon, 1.0, False) for agent in range(len(team))], SPANS)
    none = np.full(contacts, UNOBSERVED, np.int64)
    keys = contact_keys(seed, "contact", contacts)
    roster = Roster(team, spans, np.zeros(0, SCHEDULE))
    return network_of(workload, horizon), roster, Workload(at, types, keys, none, none, none)


def answers_of(records: Records) -> Answers:
    legs = records.legs
    served = legs["answered"] >= 0
    return {
        "abandoned": float(np.mean(legs["exit"] == 2)),
        "within_20_s": float(np.mean(served & (legs["waited"] <= QUICK_US))),
        "mean_wait": float(legs["waited"].mean() / MINUTE),
    }


# --- the programs ---


def compiled(workload: int, contacts: int, seed: int, with_records: bool) -> Answers:
    from ccsim.engine.compiled import Machine, simulate

    simulate(*case_of(workload, 100, seed))  # what is compiled or read from disk is not timed
    case = case_of(workload, contacts, seed)
    if with_records:
        began = time.process_time()
        records = simulate(*case)
        return {"seconds": time.process_time() - began, **answers_of(records)}
    machine = Machine(*case)
    began = time.process_time()
    machine.advance(machine.horizon)
    return {"seconds": time.process_time() - began, **answers_of(machine.records())}


def reference(workload: int, contacts: int, seed: int) -> Answers:
    from ccsim.engine.reference import simulate

    case = case_of(workload, contacts, seed)
    began = time.process_time()
    records = simulate(*case)
    return {"seconds": time.process_time() - began, **answers_of(records)}


def textbook_simpy(workload: int, contacts: int, seed: int) -> Answers:
    """As in SimPy's own examples: a process for each customer, agents in a store, `wait | timeout`.

    In W2 each type has a store of its own team and then one of those who do both; whoever waits
    asks both, and gives back what is not needed.
    """
    import random

    import simpy

    rng = random.Random(seed)
    env = simpy.Environment()
    stores = []
    for size in SIZES[workload]:
        store = simpy.PriorityResource(env, capacity=size)
        stores.append(store)
    routes = ((0,),) if workload == 1 else ((0, 2), (1, 2), (3,))
    waits: deque[tuple[float, bool]] = deque()

    def customer(queue: int):  # type: ignore[no-untyped-def]
        entered = env.now
        requests = [stores[team].request(priority=queue) for team in routes[queue]]
        patience = env.timeout(rng.expovariate(1 / 2.0))
        yield env.any_of([*requests, patience])
        got = next((request for request in requests if request.triggered), None)
        for request in requests:
            if request is not got:
                request.cancel() if not request.triggered else request.resource.release(request)
        waits.append((env.now - entered, got is not None))
        if got is None:
            return
        yield env.timeout(rng.expovariate(1 / (8.0 if queue == 2 else 5.0)))
        got.resource.release(got)
        if workload == 2 and queue < 2 and rng.random() < 0.15:
            env.process(customer(2))

    def source():  # type: ignore[no-untyped-def]
        for at, queue in zip(instants.tolist(), types.tolist(), strict=True):
            yield env.timeout(at - env.now)
            env.process(customer(queue))

    instants, types = arrivals(workload, contacts, seed)
    env.process(source())
    began = time.process_time()
    env.run()
    seconds = time.process_time() - began
    return {
        "seconds": seconds,
        "abandoned": sum(not served for _, served in waits) / len(waits),
        "within_20_s": sum(served and wait <= 1 / 3 for wait, served in waits) / len(waits),
        "mean_wait": sum(wait for wait, _ in waits) / len(waits),
    }


def hand_written(workload: int, contacts: int, seed: int) -> Answers:
    """Builds and runs `desk.cpp`."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        raise SystemExit("no C++ compiler")
    with tempfile.TemporaryDirectory() as folder:
        program, data = Path(folder) / "desk", Path(folder) / "arrivals"
        flags = ["-O3", "-march=native", "-std=c++17"]
        subprocess.run([compiler, *flags, str(HERE / "desk.cpp"), "-o", str(program)], check=True)
        at, types = arrivals(workload, contacts, seed)
        data.write_bytes(at.tobytes() + types.tobytes())
        arguments = [str(program), str(workload), str(data), str(contacts), str(seed)]
        said = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    return {name: float(value) for name, value in (line.split("=") for line in said.splitlines())}


RUN: dict[str, Callable[[int, int, int], Answers]] = {
    "compiled": lambda *given: compiled(*given, with_records=False),
    "compiled, with records": lambda *given: compiled(*given, with_records=True),
    "C++ heap": hand_written,
    "reference": reference,
    "textbook SimPy": textbook_simpy,
}


# --- the table ---


def measured(program: str, workload: int, contacts: int, seed: int) -> Answers | None:
    arguments = [sys.executable, __file__, "--one", program, str(workload), str(contacts)]
    done = subprocess.run([*arguments, str(seed)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{program}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    answers: Answers = json.loads(done.stdout.splitlines()[-1])
    return answers


def run_one(program: str, workload: int, contacts: int, seed: int) -> None:
    answers = RUN[program](workload, contacts, seed)
    unit = 1024.0 * (1024.0 if sys.platform == "darwin" else 1.0)
    answers.setdefault("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
    print(json.dumps(answers))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--contacts", type=int, default=1_000_000)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        program, *numbers = given.one
        run_one(program, *map(int, numbers))
        return
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}")
    exact = ErlangA(rate=48.0, handle=5.0, agents=240, patience=2.0)
    for workload in (1, 2):
        print(
            f"\nW{workload}: medians of {given.repeat}, {given.contacts:,} contacts "
            f"(reference and SimPy a twentieth of that)"
        )
        print(
            f"{'':24}{'ns a contact':>13}{'of C++':>8}{'peak MB':>9}"
            f"{'abandoned':>11}{'in 20 s':>9}{'wait [s]':>9}"
        )
        base = None
        rows = {}
        for program in PROGRAMS:
            contacts = given.contacts // SLOW.get(program, 1)
            runs = [measured(program, workload, contacts, seed) for seed in range(given.repeat)]
            found = [run for run in runs if run is not None]
            if found:
                rows[program] = {
                    key: float(np.median([run[key] for run in found])) for key in found[0]
                } | {"each": 1e9 / contacts}
        if "C++ heap" in rows:
            base = rows["C++ heap"]["seconds"] * rows["C++ heap"]["each"]
        for program, row in rows.items():
            each = row["seconds"] * row["each"]
            ratio = f"{each / base:8.2f}" if base else " " * 8
            print(
                f"{program:24}{each:13,.0f}{ratio}{row['peak_mb']:9,.0f}{row['abandoned']:11.4f}"
                f"{row['within_20_s']:9.4f}{row['mean_wait'] * 60:9.2f}"
            )
        if workload == 1:
            within, wait = exact.answered_within(1 / 3), exact.mean_wait * 60
            print(f"{'exact':24}{'':30}{exact.abandoned:11.4f}{within:9.4f}{wait:9.2f}")
            for program, row in rows.items():
                if program not in SLOW and abs(row["within_20_s"] - within) > TOLERANCE:
                    raise SystemExit(f"{program} is not Erlang A: {row['within_20_s']:.4f}")


if __name__ == "__main__":
    main()
