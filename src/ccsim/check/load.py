"""Load against staff: work offered to each team by interval, heads on duty, heads that it takes.

All of it is a first guess by formula. Work goes to the first team of a route that has somebody on
duty; heads come from the roster itself, averaged over a few replications; the need is that of
Erlang A (C without abandonment) for the strictest promise of the contacts that the team takes live,
and never less than the work itself. Work in gaps (e-mail) is spread over the day's staffed hours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ccsim import erlang
from ccsim.check.entries import Floats, expected_by_day, interval_lengths
from ccsim.check.headcounts import TeamStaff
from ccsim.network.capacity import FULL_RATE
from ccsim.network.explain import duration, share
from ccsim.network.model import Network, Queue, Service
from ccsim.network.quantiles import QuantileTable

if TYPE_CHECKING:
    from ccsim.network.plan import NetworkPlan

FULL = 0.9999  # a target of 100 % is met by no number of agents; this is what is guessed for
SOMEBODY = 0.5  # a team with fewer heads on average than this is taken to have nobody on duty
MOSTLY = 0.5  # where so many never hang up, the formula is that of endless patience
LOWEST_WAIT = 1_000_000.0  # us: a promise of 0 s is judged at one second


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """One team by interval; every array has an entry for each interval of the calendar."""

    team: str
    on_duty: Floats  # heads on duty on average, breaks and shrinkage taken off
    live: Floats  # work of live contacts offered, in agents (Erlangs)
    deferred: Floats  # work that waits for gaps (e-mail), in agents, when it arrives
    needed: Floats  # heads on duty that the promise takes
    shrinkage: float  # share of paid time
    basis: str  # how `needed` was found

    @property
    def offered(self) -> Floats:
        """All work offered, in agents."""
        return self.live + self.deferred

    @property
    def needed_gross(self) -> Floats:
        """`needed` with the people who are away: heads to roster."""
        return np.array([erlang.gross_of(net, self.shrinkage) for net in self.needed.tolist()])

    @property
    def busiest(self) -> int:
        """The interval in which most work is offered."""
        return int(np.argmax(self.offered))

    @property
    def short(self) -> int:
        """Number of intervals with fewer heads on duty than needed."""
        return int(np.sum(self.on_duty < self.needed - 0.5))


def team_loads(
    plan: NetworkPlan, network: Network, entries: Floats, staff: tuple[TeamStaff, ...]
) -> tuple[TeamLoad, ...]:
    """The load of every team. `entries` are contacts expected by (queue, interval)."""
    routed = _shares_of_work(network, staff, entries.shape[1])
    lengths = interval_lengths(plan.clock)
    loads = []
    for number, team in enumerate(network.teams):
        work = _Work(plan, network, number, staff[number], entries * routed[number], lengths)
        loads.append(work.load(team.name))
    return tuple(loads)


def agents_worth(service: Service, units: int, rates: tuple[int, ...], pace: float) -> float:
    """Time (us) of one agent that a contact takes on average, several at once counted in part.

    A contact that takes u of U units is charged u / U of the time that it lasts when the agent is
    full, slow-down included. Transfers that end handling early and wrap-up are in it.
    """
    at_once = max(1, units // service.units)
    worked = sum(row.probability * row.share for row in service.served)
    handling = service.mean * worked * pace * FULL_RATE / rates[at_once - 1]
    return (handling + service.wrap_up) / at_once


def _shares_of_work(network: Network, staff: tuple[TeamStaff, ...], intervals: int) -> list[Floats]:
    """By team: the share of each queue's contacts that it takes, (queues, intervals)."""
    shares = [np.zeros((len(network.queues), intervals)) for _ in network.teams]
    for i, queue in enumerate(network.queues):
        left = np.ones(intervals)
        for teams in _in_turn(queue):
            heads = np.stack([staff[team].on_duty for team in teams])
            there = heads * (heads >= SOMEBODY)
            total = there.sum(axis=0)
            takes = left * (total > 0.0)
            for team, own in zip(teams, there, strict=True):
                shares[team][i] += takes * np.divide(
                    own, total, out=np.zeros(intervals), where=total > 0.0
                )
            left = left - takes
        first = min(queue.route, key=lambda step: step.after).teams  # not those on call
        for team in first:  # nobody is on duty anywhere: it waits for the first
            shares[team][i] += left / len(first)
    return shares


def _in_turn(queue: Queue) -> list[tuple[int, ...]]:
    """The teams of a route in turn, the owners of its customers first."""
    affinity = queue.affinity
    owners = [(affinity.team,)] if affinity is not None and affinity.team >= 0 else []
    return owners + [step.teams for step in queue.route]


class _Work:
    """One team's work by interval, and the heads that it takes."""

    def __init__(
        self,
        plan: NetworkPlan,
        network: Network,
        number: int,
        staff: TeamStaff,
        contacts: Floats,
        lengths: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    ) -> None:
        self.plan, self.network, self.staff, self.lengths = plan, network, staff, lengths
        self.contacts = contacts  # taken by this team: (queues, intervals)
        self.team = network.teams[number]
        self.worth = np.array(
            [
                agents_worth(service, self.team.units, self.team.rates, staff.pace)
                if (service := queue.services[number]) is not None
                else 0.0
                for queue in network.queues
            ]
        )
        self.at_once = [
            self.team.units // service.units if (service := queue.services[number]) else 1
            for queue in network.queues
        ]
        self.is_live = np.array(
            [
                not queue.deferred and name.channel != "outbound"
                for name, queue in zip(plan.queues, network.queues, strict=True)
            ]
        )

    def load(self, name: str) -> TeamLoad:
        """The team's load with the heads that it needs."""
        work = self.contacts * self.worth[:, None] / self.lengths
        live, deferred = work[self.is_live].sum(axis=0), work[~self.is_live].sum(axis=0)
        promises = self._promises()
        floor = np.ceil(live + self._smoothed(deferred) - 1e-9)
        needed = floor
        if promises and not self.team.unlimited:
            needed = np.maximum(floor, self._by_formula(promises, live))
        if self.team.unlimited:
            needed = np.zeros_like(floor)
        words = dict.fromkeys(promise.words for promise in promises)
        basis = "; ".join(words) or "the work alone: no promise"
        return TeamLoad(
            name, self.staff.on_duty, live, deferred, needed, self.staff.shrinkage, basis
        )

    def _by_formula(self, promises: list[_Promise], live: Floats) -> Floats:
        own = self.contacts[self.is_live]
        count = own.sum(axis=0)
        asked = [at for at, mine in zip(self.at_once, self.is_live, strict=True) if mine]
        used = [at for at, row in zip(asked, own, strict=True) if row.any()]
        at_once = min(used, default=1)
        needed = np.zeros(len(live))
        for i in np.flatnonzero(count > 0.0).tolist():
            rate = float(count[i] / self.lengths[i])
            handle = float(live[i] / rate) * at_once  # of one of the slots that an agent has
            slots = max(promise.slots(rate, handle) for promise in promises)
            needed[i] = math.ceil(slots / at_once)
        return needed

    def _promises(self) -> list[_Promise]:
        """The different promises of the live contacts that the team takes."""
        found: dict[tuple[float, ...], _Promise] = {}
        for i, (name, queue) in enumerate(zip(self.plan.queues, self.network.queues, strict=True)):
            facts = self.plan.facts(name)
            within, target = facts.answer_within, facts.target
            if queue.deferred or within is None or target is None or not self.contacts[i].any():
                continue
            promise = _Promise.of(name.channel, float(within), target, queue)
            found.setdefault(promise.key, promise)
        return list(found.values())

    def _smoothed(self, deferred: Floats) -> Floats:
        """Deferred work of each day spread over the day's staffed hours, in agents."""
        clock = self.plan.clock
        staffed = self.staff.on_duty * self.lengths
        work = expected_by_day(deferred * self.lengths, clock)
        hours = expected_by_day(staffed, clock)
        by_hour = np.divide(work, hours, out=np.zeros_like(work), where=hours > 0.0)
        return by_hour[clock.day_of(clock.interval_starts)] * self.staff.on_duty


@dataclass(frozen=True, slots=True)
class _Promise:
    """A service level to be kept, and the patience of those who wait for it. Times in us."""

    channel: str
    within: float
    target: float
    patience: float | None
    hangs_up_at_once: float

    @classmethod
    def of(cls, channel: str, within: float, target: float, queue: Queue) -> _Promise:
        patience = queue.patience
        mean = 0.0 if patience is None else QuantileTable(patience.nodes).mean()
        if patience is None or patience.high_mass >= MOSTLY or mean <= 0.0:
            return cls(channel, within, target, None, 0.0)
        at_once = patience.low_mass if patience.low == 0.0 else 0.0
        return cls(channel, within, target, mean, at_once)

    @property
    def key(self) -> tuple[float, ...]:
        return (self.within, self.target, self.patience or -1.0, self.hangs_up_at_once)

    @property
    def words(self) -> str:
        formula = "Erlang C" if self.patience is None else "Erlang A"
        return f"{formula}, {self.channel} {share(self.target)} within {duration(self.within)}"

    def slots(self, rate: float, handle: float) -> int:
        """Servers needed for contacts at `rate` that occupy one for `handle`."""
        return _agents(
            float(f"{rate:.5g}"),
            float(f"{handle:.5g}"),
            max(self.within, LOWEST_WAIT),
            min(self.target, FULL),
            self.patience,
            self.hangs_up_at_once,
        )


@lru_cache(maxsize=65_536)
def _agents(
    rate: float,
    handle: float,
    within: float,
    target: float,
    patience: float | None,
    hangs_up_at_once: float,
) -> int:
    return erlang.agents_needed(rate, handle, within, target, patience, hangs_up_at_once)
