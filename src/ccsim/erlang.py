"""Closed forms for one queue and one group of agents in steady state.

Erlang B (no waiting), Erlang C (everybody waits) and Erlang A (patience runs out). `check` rates
teams by them, and tests take them as oracles; the simulation does not use them. All times of a
call share one unit (`rate` is contacts per that unit), loads are in agents (Erlangs), shares are
fractions.

Sources: Erlang 1917 (B, C); Palm 1946 and Garnett, Mandelbaum, Reiman, "Designing a call center
with impatient customers", MSOM 4 (2002) (A); Zeltyn and Mandelbaum, "Call centers with impatient
customers: exact analysis and many-server asymptotics of the M/M/n+G queue", Queueing Systems 51
(2005), Theorem 2.1 and table 2 (the integrals by which A is computed here).
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANELS = 24  # of 16 nodes each, on each side of the integrand's peak
_NEGLIGIBLE = 46.0  # e-folds below the peak at which an integrand is cut: 1e-20


class Counting(enum.Enum):
    """Definitions of service level: what is divided by what. T is the promised time."""

    OF_OFFERED = "answered within T / offered: every abandonment counts against it"
    OF_ANSWERED = "answered within T / answered"
    SHORT_ABANDONS_OUT = "answered within T / (offered - abandoned within T)"
    SHORT_ABANDONS_GOOD = "(answered or abandoned within T) / offered"


def erlang_b(load: float, agents: int) -> float:
    """Share of contacts that find all agents (lines) taken, where nobody may wait.

    `load` is rate x mean holding time. The recursion on B is stable for any number of agents.
    """
    _check(load, agents)
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """Share of contacts that wait, where everybody does; 1 if the load is not below the agents."""
    if load >= agents:
        return 1.0
    blocked = erlang_b(load, agents)
    return blocked / (1.0 - load / agents * (1.0 - blocked))


@dataclass(frozen=True)
class ErlangC:
    """M/M/c: nobody leaves. Without a steady state (load >= agents) everybody waits for ever."""

    rate: float
    handle: float  # mean, wrap-up included
    agents: int

    @property
    def load(self) -> float:
        return self.rate * self.handle

    @cached_property
    def wait_probability(self) -> float:
        return erlang_c(self.load, self.agents)

    @property
    def abandoned(self) -> float:
        return 0.0

    @property
    def mean_wait_of_waiting(self) -> float:
        spare = self.agents - self.load
        return self.handle / spare if spare > 0.0 else math.inf

    @property
    def mean_wait(self) -> float:
        """Mean wait of all contacts, zeros included."""
        return self.wait_probability * self.mean_wait_of_waiting

    @property
    def mean_in_line(self) -> float:
        """Mean number of waiting contacts."""
        return self.rate * self.mean_wait

    @property
    def occupancy(self) -> float:
        return min(1.0, self.load / self.agents)

    def service_level(self, within: float, counting: Counting = Counting.OF_OFFERED) -> float:
        """Share answered within a time; all countings agree, for nobody abandons."""
        if self.load >= self.agents:
            return 0.0
        return 1.0 - self.wait_probability * math.exp(-within / self.mean_wait_of_waiting)


@dataclass(frozen=True)
class ErlangA:
    """M/M/c+M: patience is exponential, but a share of those who would wait hang up at once."""

    rate: float
    handle: float  # mean, wrap-up included
    agents: int
    patience: float  # mean of those who do not hang up at once
    hangs_up_at_once: float = 0.0

    @property
    def load(self) -> float:
        return self.rate * self.handle

    @cached_property
    def wait_probability(self) -> float:
        """Share that find no free agent, those included who then hang up."""
        return min(1.0, self._longer_than(0.0))

    @cached_property
    def abandoned(self) -> float:
        """Share of all contacts that leave unanswered."""
        return 1.0 - self._answered

    @property
    def occupancy(self) -> float:
        return self.load * self._answered / self.agents

    @cached_property
    def mean_wait(self) -> float:
        """Mean wait of all contacts, answered or not."""
        return self._mean(self._until_patience)

    @property
    def mean_in_line(self) -> float:
        return self.rate * self.mean_wait

    @cached_property
    def mean_wait_answered(self) -> float:
        """Mean wait of those who are answered (speed of answer)."""
        return self._mean(lambda x: x * self._stay(x)) / self._answered

    def answered_within(self, within: float) -> float:
        """Share of all contacts that are answered within a time."""
        return max(0.0, 1.0 - self.wait_probability + self._mean(self._stay, 0.0, within))

    def abandoned_within(self, within: float) -> float:
        """Share of all contacts that leave within a time."""
        left = 1.0 - float(self._stay(np.array([within]))[0])
        return self._mean(lambda x: 1.0 - self._stay(x), 0.0, within) + left * self._longer_than(
            within
        )

    def service_level(self, within: float, counting: Counting = Counting.OF_OFFERED) -> float:
        """Service level by one of its definitions."""
        answered, left = self.answered_within(within), self.abandoned_within(within)
        return {
            Counting.OF_OFFERED: answered,
            Counting.OF_ANSWERED: answered / self._answered,
            Counting.SHORT_ABANDONS_OUT: answered / (1.0 - left),
            Counting.SHORT_ABANDONS_GOOD: answered + left,
        }[counting]

    # The density of the offered wait V is proportional to exp(height(x)),
    # height(x) = rate x (mean of min(patience, x)) - (agents / handle) x; that V is positive at all
    # has odds of  rate x integral of exp(height)  to  1 / B(agents - 1).

    @cached_property
    def _answered(self) -> float:
        return min(1.0, 1.0 - self.wait_probability + self._mean(self._stay))

    def _stay(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        stay: NDArray[np.float64] = (1.0 - self.hangs_up_at_once) * np.exp(-x / self.patience)
        return stay

    def _until_patience(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean of min(patience, x)."""
        gone: NDArray[np.float64] = -np.expm1(-x / self.patience)
        return (1.0 - self.hangs_up_at_once) * self.patience * gone

    def _height(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.rate * self._until_patience(x) - self.agents / self.handle * x

    @cached_property
    def _peak(self) -> float:
        """Where the density is highest: where those who stay arrive as fast as agents work."""
        drift = self.load * (1.0 - self.hangs_up_at_once) / self.agents
        return self.patience * math.log(drift) if drift > 1.0 else 0.0

    @cached_property
    def _top(self) -> float:
        return float(self._height(np.array([self._peak]))[0])

    @cached_property
    def _end(self) -> float:
        """Beyond this wait nothing is left of the density."""
        step = self.handle / self.agents
        while self._top - float(self._height(np.array([self._peak + step]))[0]) < _NEGLIGIBLE:
            step *= 1.5
        return self._peak + step

    @cached_property
    def _log_integral(self) -> float:
        whole = self._integral(lambda x: np.ones_like(x), 0.0, self._end)
        return self._top + math.log(self.rate * whole)

    @cached_property
    def _log_scale(self) -> float:
        """Logarithm of what turns integrals of exp(height - top) into shares of all contacts."""
        idle = erlang_b(self.load, self.agents - 1)
        if idle == 0.0:
            return -math.inf
        odds = self._log_integral + math.log(idle)
        return self._top + math.log(self.rate) + math.log(idle) - float(np.logaddexp(0.0, odds))

    def _longer_than(self, wait: float) -> float:
        return self._mean(lambda x: np.ones_like(x), wait)

    def _mean(
        self,
        of: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        start: float = 0.0,
        end: float = math.inf,
    ) -> float:
        """Mean over all contacts of a function of the offered wait, where start < V <= end."""
        if start >= self._end or self._log_scale == -math.inf:
            return 0.0
        return math.exp(self._log_scale) * self._integral(of, start, min(end, self._end))

    def _integral(
        self, of: Callable[[NDArray[np.float64]], NDArray[np.float64]], start: float, end: float
    ) -> float:
        """Of of(x) exp(height(x) - top), by Gauss-Legendre on panels on both sides of the peak."""
        middle = min(max(self._peak, start), end)
        total = 0.0
        for low, high in ((start, middle), (middle, end)):
            if high > low:
                edges = np.linspace(low, high, _PANELS + 1)
                half = (high - low) / (2 * _PANELS)
                x = ((edges[:-1] + half)[:, None] + half * _NODES[None, :]).ravel()
                y = of(x) * np.exp(self._height(x) - self._top)
                total += half * float(y.reshape(_PANELS, -1).sum(axis=0) @ _WEIGHTS)
        return total


def agents_needed(
    rate: float,
    handle: float,
    within: float,
    target: float,
    patience: float | None = None,
    hangs_up_at_once: float = 0.0,
    most_occupied: float = 1.0,
    counting: Counting = Counting.OF_OFFERED,
) -> int:
    """The fewest agents that answer the share `target` within the time `within`.

    By Erlang A with a mean `patience`, by Erlang C without; `most_occupied` is an upper bound of
    occupancy. 0 agents for no contacts. Raises ValueError for a target of 1 or more, which no
    number of agents reaches for certain.
    """
    if not 0.0 <= target < 1.0:
        raise ValueError(f"a target is a share below 1, not {target}")
    if rate <= 0.0 or handle <= 0.0:
        return 0

    def enough(agents: int) -> bool:
        queue: ErlangA | ErlangC
        if patience is None:
            queue = ErlangC(rate, handle, agents)
        else:
            queue = ErlangA(rate, handle, agents, patience, hangs_up_at_once)
        kept = queue.service_level(within, counting) >= target
        return kept and queue.occupancy <= most_occupied + 1e-12

    low, high = 0, max(1, math.ceil(rate * handle))
    while not enough(high):
        low, high = high, high + max(1, math.ceil(math.sqrt(high)))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def gross_of(net: float, shrinkage: float) -> int:
    """People to roster so that `net` are on duty when the share `shrinkage` of time is not."""
    if not 0.0 <= shrinkage < 1.0:
        raise ValueError(f"shrinkage is a share below 1, not {shrinkage}")
    return math.ceil(net / (1.0 - shrinkage) - 1e-9)


def _check(load: float, agents: int) -> None:
    if load < 0.0 or agents < 0:
        raise ValueError("load and number of agents are not negative")
