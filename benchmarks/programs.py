"""The programs that the benchmarks compare, each run in a process of its own.

    python benchmarks/programs.py PROGRAM WORKLOAD CONTACTS SEED

prints one line of JSON: seconds of CPU of the simulation alone (from arrivals at hand to the last
event), peak memory, and answers. Libraries that are not installed say so and are left out; so do
the C++ programs where there is no compiler. Ciw and salabim run W1 only: a route over two teams
with priorities is not in their language.
"""

from __future__ import annotations

import importlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from workloads import ESCALATES, HANDLE, MINUTE, PATIENCE, RATE, SECOND, SIZES, arrivals, case_of

from ccsim.records import Records

if TYPE_CHECKING:
    import ccsim

HERE = Path(__file__).parent
DAY = 1440  # minutes
QUICK = 1 / 3  # answered in so many minutes
Answers = dict[str, float]


class UnplayableError(Exception):
    """A program cannot play a workload here: a library or compiler is missing, or it is W1 only."""


def measured(program: str, workload: int, contacts: int, seed: int) -> Answers | None:
    """Plays the program in a fresh process. None when it fails; its last line goes to stderr."""
    arguments = [sys.executable, __file__, program, str(workload), str(contacts), str(seed)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        print((done.stderr.strip() or f"{program}: failed").splitlines()[-1], file=sys.stderr)
        return None
    answers: Answers = json.loads(done.stdout.splitlines()[-1])
    return answers


def played_here(program: str, workload: int, contacts: int, seed: int) -> Answers | None:
    """Plays the program in this process, whose peak memory is then that of all programs so far.

    None when it cannot run here; the reason goes to stderr.
    """
    try:
        answers = PROGRAMS[program](workload, contacts, seed)
    except UnplayableError as reason:
        print(f"{program}: {reason}", file=sys.stderr)
        return None
    unit = 1024.0 * (1024.0 if sys.platform == "darwin" else 1.0)
    answers.setdefault("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
    return answers


# --- ccsim's own ---


def compiled(workload: int, contacts: int, seed: int) -> Answers:
    """The kernel from the first event to the last; its rows are written and not kept, packing is
    not timed, answers are those of a second run."""
    from ccsim.engine.compiled import Machine, simulate
    from ccsim.engine.packing import PackedNetwork

    simulate(*case_of(workload, 100, seed))  # what is compiled or read from disk is not timed
    network, roster, customers = case = case_of(workload, contacts, seed)
    machine = Machine(PackedNetwork(network), roster, customers, take=lambda rows: None)
    began = time.process_time()
    machine.advance(machine.horizon)
    return {"seconds": time.process_time() - began, **answers_of(simulate(*case))}


def compiled_with_records(workload: int, contacts: int, seed: int) -> Answers:
    from ccsim.engine.compiled import simulate

    simulate(*case_of(workload, 100, seed))
    case = case_of(workload, contacts, seed)
    began = time.process_time()
    records = simulate(*case)
    return {"seconds": time.process_time() - began, **answers_of(records)}


def end_to_end(workload: int, contacts: int, seed: int) -> Answers:
    """`ccsim.run` of the same workload as a scenario: arrivals, roster, engine, all measures.

    Its days are whole, so that it has nearly, not exactly, so many contacts; seconds are scaled.
    """
    import ccsim

    def run(days: int) -> ccsim.Run:
        scenario = HERE / f"w{workload}.yaml"
        return ccsim.run(scenario, 1, seed=seed, workers=1, set=[f"calendar.days={days}"])

    run(1)
    days = max(1, round(contacts / (RATE[workload] * DAY)))
    began = time.process_time()
    found = run(days)
    seconds = time.process_time() - began
    return {
        "seconds": seconds * contacts / (days * RATE[workload] * DAY),
        "abandoned": value_of(found, "phone.abandoned"),
        "within_20_s": value_of(found, "phone.service_level"),
        "mean_wait": value_of(found, "phone.wait") / 60.0,
    }


def value_of(run: ccsim.Run, measure: str) -> float:
    """Returns a measure's estimate. ValueError: it is undefined, since nothing was counted."""
    value = run[measure].value
    if value is None:
        raise ValueError(f"{measure} is undefined")
    return value


def reference(workload: int, contacts: int, seed: int) -> Answers:
    from ccsim.engine.reference import simulate

    case = case_of(workload, contacts, seed)
    began = time.process_time()
    records = simulate(*case)
    return {"seconds": time.process_time() - began, **answers_of(records)}


def answers_of(records: Records) -> Answers:
    legs = records.legs
    served = legs["answered"] >= 0
    return {
        "abandoned": float(np.mean(legs["exit"] == 2)),
        "within_20_s": float(np.mean(served & (legs["waited"] <= QUICK * MINUTE))),
        "mean_wait": float(legs["waited"].mean() / MINUTE),
    }


# --- libraries ---


def library(name: str) -> Any:
    """Imports a library. UnplayableError: it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise UnplayableError(f"{missing.name} is not installed") from None


def textbook_simpy(workload: int, contacts: int, seed: int) -> Answers:
    """As in SimPy's own examples: a process for each customer, teams are resources, `any_of`.

    In W2 whoever waits asks both teams of the route, and gives back what is not needed.
    """
    import random

    import simpy

    rng = random.Random(seed)
    env = simpy.Environment()
    teams = [simpy.PriorityResource(env, capacity=size) for size in SIZES[workload]]
    routes = ((0,),) if workload == 1 else ((0, 2), (1, 2), (3,))
    waits: deque[tuple[float, bool]] = deque()

    def customer(queue: int) -> Generator[simpy.Event, Any, None]:
        entered = env.now
        requests = [teams[team].request(priority=queue) for team in routes[queue]]
        patience = env.timeout(rng.expovariate(1 / PATIENCE))
        yield env.any_of([*requests, patience])
        got = next((request for request in requests if request.triggered), None)
        for request in requests:
            if request is not got:
                request.cancel() if not request.triggered else request.resource.release(request)
        waits.append((env.now - entered, got is not None))
        if got is None:
            return
        yield env.timeout(rng.expovariate(1 / (SECOND if queue == 2 else HANDLE)))
        got.resource.release(got)
        if workload == 2 and queue < 2 and rng.random() < ESCALATES:
            env.process(customer(2))

    def source() -> Generator[simpy.Event, Any, None]:
        for at, queue in zip(instants.tolist(), types.tolist(), strict=True):
            yield env.timeout(at - env.now)
            env.process(customer(queue))

    instants, types = arrivals(workload, contacts, seed)
    env.process(source())
    began = time.process_time()
    env.run()
    return {"seconds": time.process_time() - began, **answers_from(waits)}


def ciw(workload: int, contacts: int, seed: int) -> Answers:
    """W1 in Ciw's own words: a node with reneging."""
    if workload != 1:
        raise UnplayableError("W1 only")
    ciw = library("ciw")
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(RATE[1])],
        service_distributions=[ciw.dists.Exponential(1 / HANDLE)],
        number_of_servers=list(SIZES[1]),
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE)],
    )
    simulation = ciw.Simulation(network)
    began = time.process_time()
    simulation.simulate_until_max_customers(contacts, method="Finish")
    seconds = time.process_time() - began
    records = simulation.get_all_records(only=["service", "renege"])
    waits = ((record.waiting_time, record.record_type == "service") for record in records)
    return {"seconds": seconds, **answers_from(deque(waits))}


def salabim(workload: int, contacts: int, seed: int) -> Answers:
    """W1 in salabim's own words: a component for each call, a request with a `fail_delay`."""
    if workload != 1:
        raise UnplayableError("W1 only")
    import random

    sim = library("salabim")
    sim.yieldless(False)
    rng = random.Random(seed)
    instants, _ = arrivals(1, contacts, seed)
    env = sim.Environment(trace=False, random_seed=seed)
    agents = sim.Resource("agents", capacity=SIZES[1][0], monitor=False)
    waits: deque[tuple[float, bool]] = deque()

    # A process of salabim is a subclass of its Component, which has no types.
    class Call(sim.Component):  # type: ignore[misc,name-defined]
        def process(self) -> Iterator[Any]:
            entered = env.now()
            yield self.request(agents, fail_delay=rng.expovariate(1 / PATIENCE))
            served = not self.failed()
            waits.append((env.now() - entered, served))
            if served:
                yield self.hold(rng.expovariate(1 / HANDLE))
                self.release()

    class Source(sim.Component):  # type: ignore[misc,name-defined]
        def process(self) -> Iterator[Any]:
            for at in instants.tolist():
                yield self.hold(till=at)
                Call()

    Source()
    began = time.process_time()
    env.run()
    return {"seconds": time.process_time() - began, **answers_from(waits)}


def answers_from(waits: deque[tuple[float, bool]]) -> Answers:
    """Of (wait [min], served) for each entry into a queue."""
    return {
        "abandoned": sum(not served for _, served in waits) / len(waits),
        "within_20_s": sum(served and wait <= QUICK for wait, served in waits) / len(waits),
        "mean_wait": sum(wait for wait, _ in waits) / len(waits),
    }


# --- hand-written ---


def hand_written(source: str) -> Callable[[int, int, int], Answers]:
    """A program of C++ is built for this machine, and run on the same arrivals."""

    def run(workload: int, contacts: int, seed: int) -> Answers:
        compiler = shutil.which("g++") or shutil.which("clang++")
        if compiler is None:
            raise UnplayableError("no C++ compiler")
        with tempfile.TemporaryDirectory() as folder:
            program, data = Path(folder) / "program", Path(folder) / "arrivals"
            flags = ["-O3", "-march=native", "-std=c++17", "-o", str(program)]
            subprocess.run([compiler, str(HERE / source), *flags], check=True)
            at, types = arrivals(workload, contacts, seed)
            data.write_bytes(at.tobytes() + types.tobytes())
            arguments = [str(program), str(workload), str(data), str(contacts), str(seed)]
            said = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        pairs = (line.split("=") for line in said.splitlines())
        return {name: float(value) for name, value in pairs}

    return run


PROGRAMS: dict[str, Callable[[int, int, int], Answers]] = {
    "C++, a heap": hand_written("desk.cpp"),
    "C++, specialised": hand_written("floor.cpp"),
    "compiled": compiled,
    "compiled, with records": compiled_with_records,
    "ccsim.run, end to end": end_to_end,
    "reference": reference,
    "textbook SimPy": textbook_simpy,
    "Ciw": ciw,
    "salabim": salabim,
}


def main(program: str, workload: str, contacts: str, seed: str) -> None:
    answers = played_here(program, int(workload), int(contacts), int(seed))
    if answers is None:
        sys.exit(1)
    print(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
