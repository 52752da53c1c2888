"""What the compiled engine can run: it works on raw addresses, so whatever it will follow or store
is looked at before. What a scenario compiles to is always within these bounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ccsim.engine import order
from ccsim.network.model import NEVER, NO_QUEUE, STAY, Branch, Network, Queue
from ccsim.network.quantiles import QuantileTable
from ccsim.roster.model import Roster
from ccsim.workload.model import Workload

LONGEST_WORK = 1 << 46  # us: beyond it products do not fit (two years)
LATEST = NEVER  # us: the sum of two fits
AT_HAND = 1 << 14  # contacts that are looked at at a time
MOST_TEAMS, MOST_QUEUES, MOST_AGENTS, MOST_UNITS = 1 << 15, 1 << 20, 1 << 25, 1 << 20


def check_network(network: Network) -> None:
    """Raises ValueError for what is beyond the bounds of `ccsim.engine.order`, of the records'
    words or of 64 bits, a reference to what is not there, or a route to a team that does not serve
    the queue."""
    if not 0 < network.max_legs <= 1 << order.LEG_BITS:
        raise ValueError(f"max_legs is {network.max_legs}, not 1 to {1 << order.LEG_BITS}")
    if network.horizon > LATEST:
        raise ValueError(f"a horizon beyond {LATEST} us")
    units = max((team.units for team in network.teams), default=0)
    for count, most, what in (
        (len(network.teams), MOST_TEAMS, "teams"),
        (len(network.queues), MOST_QUEUES, "queues"),
        (units, MOST_UNITS, "units of an agent"),
    ):
        if count >= most:
            raise ValueError(f"more than {most - 1} {what}")
    for queue in network.queues:
        _check_queue(network, queue)
        _check_references(network, queue)


def longest_work(network: Network) -> float:
    """The longest that any contact is drawn to take at pace 1, us."""
    return max(
        (
            _largest(queue.effort) * service.mean
            for queue in network.queues
            for service in queue.services
            if service is not None
        ),
        default=0.0,
    )


def check_given(network: Network, longest: float, roster: Roster, workload: Workload) -> None:
    """Raises ValueError for a roster or a workload that are beyond such bounds, refer to what is
    not there or are not in order, or where work is longer than two years; `longest` is the
    network's `longest_work`."""
    if len(workload) > 1 << order.CONTACT_BITS:
        raise ValueError(f"more than {1 << order.CONTACT_BITS} contacts in one replication")
    if len(roster.team) >= MOST_AGENTS:
        raise ValueError(f"more than {MOST_AGENTS - 1} agents")
    for column, most, what in (
        (workload.queue, len(network.queues), "a contact of a queue"),
        (roster.team, len(network.teams), "an agent of a team"),
    ):
        if np.min(column, initial=0) < 0 or np.max(column, initial=-1) >= most:
            raise ValueError(f"{what} that is not")
    if not is_sorted(workload.at) or np.any(workload.at[:1] < 0):
        raise ValueError("arrivals must be sorted, none before 0")
    columns = (workload.at, workload.patience, workload.head_start)
    if max(int(np.max(each, initial=0)) for each in columns) > LATEST:
        raise ValueError(f"an instant, patience or head start beyond {LATEST} us")
    pace = max(float(np.max(roster.spans["pace"], initial=1.0)), 1.0)
    longest = max(longest, float(np.max(workload.work, initial=0))) * pace
    if longest >= LONGEST_WORK:
        raise ValueError(f"work of {longest:.3g} us: longer than two years")


def _check_queue(network: Network, queue: Queue) -> None:
    order.check_steps_and_limits(queue)
    if len(queue.services) != len(network.teams):
        raise ValueError(f"{queue.name}: {len(queue.services)} services for other teams")
    for step in queue.route:
        for team in step.teams:
            if not 0 <= team < len(network.teams):
                raise ValueError(f"{queue.name}: its route leads to team {team}, which is not")
            if queue.services[team] is None:
                name = network.teams[team].name
                raise ValueError(f"{queue.name}: its route leads to {name}, no service")
    for number, service in enumerate(queue.services):
        units, name = network.teams[number].units, network.teams[number].name
        if service is not None and not 1 <= service.units <= units:
            raise ValueError(f"{queue.name}: takes {service.units} of {units} units of {name}")


def _check_references(network: Network, queue: Queue) -> None:
    queues, teams, lines = len(network.queues), len(network.teams), len(network.lines)
    for branch in _branches(queue):
        if not STAY <= branch.target < queues or not NO_QUEUE <= branch.handover < queues:
            raise ValueError(f"{queue.name}: a branch leads to a queue that is not")
    asked = [s.consult.queue for s in queue.services if s is not None and s.consult is not None]
    owners = [queue.affinity.team] if queue.affinity is not None else []
    if any(not 0 <= number < queues for number in asked):
        raise ValueError(f"{queue.name}: helpers are asked in a queue that is not")
    if any(number >= teams for number in owners) or max(queue.lines, queue.dials) >= lines:
        raise ValueError(f"{queue.name}: a team or a group of lines that is not")


def _branches(queue: Queue) -> Iterator[Branch]:
    for service in queue.services:
        yield from service.served if service is not None else ()
    for rows in (queue.abandoned, queue.no_line, queue.no_room, queue.closed):
        yield from rows
    for limit in queue.limits:
        yield from limit.branches


def is_sorted(instants: NDArray[np.int64]) -> bool:
    """Whether none is less than the one before; without a second array of that length."""
    return all(
        not np.any(np.diff(instants[begin : begin + AT_HAND + 1]) < 0)
        for begin in range(0, len(instants), AT_HAND)
    )


def _largest(table: QuantileTable) -> float:
    atom = table.high if table.high_mass > 0.0 else 0.0
    return max(float(table.nodes.max()), atom, table.low)
