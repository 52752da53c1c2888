"""The workloads of the benchmarks: the same customers for every program.

W1: Erlang A: 48 calls a minute, handling 5 min, 240 agents, patience 2 min, all exponential.
W2: two types of 25 a minute each, by teams of 100, 100 and 50 who do both (tried second), priority
to one of them, longest idle; 15 % escalate to a team of 62 that takes 8 min; patience 2 min.
W1 scaled: the same load on fewer or more agents, or as many types in lines of their own.
Parameters are illustrative.
"""

from __future__ import annotations

import numpy as np

from ccsim.network.draws import contact_keys
from ccsim.network.model import Branch, Label, Network, Queue, Service, Step, Team
from ccsim.network.quantiles import exponential
from ccsim.roster.model import SCHEDULE, SPANS, Roster
from ccsim.workload.model import UNOBSERVED, Workload

MINUTE = 60_000_000
RATE = {1: 48.0, 2: 50.0}  # a minute
SIZES = {1: (240,), 2: (100, 100, 50, 62)}
HANDLE, SECOND, PATIENCE, ESCALATES = 5.0, 8.0, 2.0, 0.15  # minutes, share
Case = tuple[Network, Roster, Workload]


def arrivals(workload: int, contacts: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Instants [min] and types."""
    rng = np.random.Generator(np.random.Philox(seed))
    at = np.cumsum(rng.exponential(1.0 / RATE[workload], contacts))
    types = rng.integers(0, 2, contacts) if workload == 2 else np.zeros(contacts, np.int64)
    return at, types.astype(np.int32)


def network_of(workload: int, horizon: int) -> Network:
    effort, patience = exponential(1.0), exponential(PATIENCE * MINUTE)
    if workload == 1:
        service = Service(round(HANDLE * MINUTE), 1, ())
        queue = Queue("w1", (Step((0,)),), (service,), effort, patience)
        return Network((queue,), (Team("agents"),), horizon=horizon)
    rows = (
        Branch(ESCALATES, 2, Label.ESCALATED),
        Branch(1.0 - ESCALATES, label=Label.RESOLVED),
    )
    first = Service(round(HANDLE * MINUTE), 1, rows)
    second = Service(round(SECOND * MINUTE), 1, ())
    queues = (
        Queue("x", (Step((0,)), Step((2,))), (first, None, first, None), effort, patience),
        Queue("y", (Step((1,)), Step((2,))), (None, first, first, None), effort, patience, 2),
        Queue("z", (Step((3,)),), (None, None, None, second), effort, patience),
    )
    teams = tuple(Team(name) for name in ("a", "b", "both", "second"))
    return Network(queues, teams, horizon=horizon)


def case_of(workload: int, contacts: int, seed: int) -> Case:
    minutes, types = arrivals(workload, contacts, seed)
    at = (minutes * MINUTE).astype(np.int64)
    horizon = int(at[-1]) + 240 * MINUTE
    return _case(network_of(workload, horizon), SIZES[workload], at, types, seed)


def scaled(agents: int, queues: int, contacts: int, seed: int) -> Case:
    """W1's load on `agents` in one team, in so many lines of equal demand, all served by it."""
    rng = np.random.Generator(np.random.Philox(seed))
    rate = RATE[1] * agents / SIZES[1][0]
    at = (np.cumsum(rng.exponential(1.0 / rate, contacts)) * MINUTE).astype(np.int64)
    effort, patience = exponential(1.0), exponential(PATIENCE * MINUTE)
    service = Service(round(HANDLE * MINUTE), 1, ())
    lines = tuple(
        Queue(f"w{number}", (Step((0,)),), (service,), effort, patience) for number in range(queues)
    )
    network = Network(lines, (Team("agents"),), horizon=int(at[-1]) + 240 * MINUTE)
    return _case(network, (agents,), at, rng.integers(0, queues, contacts).astype(np.int32), seed)


def _case(
    network: Network, sizes: tuple[int, ...], at: np.ndarray, types: np.ndarray, seed: int
) -> Case:
    team = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    everyone = [(agent, 0, network.horizon, 1.0, False) for agent in range(len(team))]
    none = np.full(len(at), UNOBSERVED, np.int64)
    keys = contact_keys(seed, "contact", len(at))
    roster = Roster(team, np.array(everyone, SPANS), np.zeros(0, SCHEDULE))
    return network, roster, Workload(at, types, keys, none, none, none)
