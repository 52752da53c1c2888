"""Known answers as formulas: oracles for the tests, written apart from what they test.

All times share one unit; `rate` is contacts per that unit, `mean` the mean handling time.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def erlang_a_states(rate: float, mu: float, agents: int, theta: float) -> dict[str, float]:
    """M/M/n+M by its birth and death process: births `rate`, deaths min(n, j) mu + (j - n)+ theta.

    Source: Palm 1946; Garnett, Mandelbaum, Reiman 2002.
    """
    logs = [0.0]
    for state in range(1, 200_000):
        deaths = min(state, agents) * mu + max(0, state - agents) * theta
        logs.append(logs[-1] + math.log(rate / deaths))
        if state > agents and logs[-1] < max(logs) - 50.0:
            break
    weights = np.exp(np.array(logs) - max(logs))
    shares = weights / weights.sum()
    line = np.maximum(np.arange(len(shares)) - agents, 0)
    in_line = float(shares @ line)
    return {
        "p_wait": float(shares[agents:].sum()),
        "mean_in_line": in_line,
        "p_abandon": theta * in_line / rate,
    }


def mmn_g(
    rate: float,
    mean: float,
    agents: int,
    stays: Callable[[Floats], Floats],
    within: float,
    longest: float,
    breaks: tuple[float, ...] = (),
) -> dict[str, float]:
    """M/M/n+G: patience longer than x has the probability stays(x).

    Source: Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005, table 2. The offered wait has
    the density rate x exp(rate x integral of stays - n x / mean) / (1/B + rate J); here by the
    trapezium rule on a fine grid to `longest`, with `breaks` (jumps of stays) and `within` on it.
    """
    edges = sorted({0.0, within, longest, *breaks})
    parts = [np.linspace(a, b, 200_001, dtype=np.float64) for a, b in itertools.pairwise(edges)]
    inverse_b = 1.0
    for n in range(1, agents):
        inverse_b = 1.0 + inverse_b * n / (rate * mean)
    until, total, answered, sums, early, early_left = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    answered_wait = 0.0
    for x in parts:
        middle = (x[1:] + x[:-1]) / 2
        stay = stays(middle)
        width = x[1] - x[0]
        ahead = until + np.concatenate(([0.0], np.cumsum(stay * width)))
        half = (ahead[1:] + ahead[:-1]) / 2
        density = rate * np.exp(rate * half - agents / mean * middle) * width
        total += float(density.sum())
        answered += float(density @ stay)
        answered_wait += float(density @ (stay * middle))
        sums += float(density @ half)
        if x[-1] <= within:
            early += float(density @ stay)
            early_left += float(density @ (1.0 - stay))
        until = float(ahead[-1])
    whole = inverse_b + total
    beyond = total - early - early_left
    left_within = early_left + beyond * (1.0 - float(stays(np.array([within]))[0]))
    served = (inverse_b + answered) / whole
    in_time = (inverse_b + early) / whole
    return {
        "p_delay": total / whole,
        "p_abandon": 1.0 - served,
        "mean_wait_all": sums / whole,
        "mean_wait_served": answered_wait / whole / served,
        "mean_wait_abandoned": (sums - answered_wait) / whole / (1.0 - served),
        "occupancy": rate * mean * served / agents,
        "sl_answered_in_T_over_offered": in_time,
        "sl_answered_in_T_over_served": in_time / served,
        "sl_answered_in_T_over_offered_less_short_abandons": in_time / (1.0 - left_within / whole),
        "p_abandon_within_T": left_within / whole,
    }


def pollaczek_khinchine(rate: float, mean: float, scv: float) -> float:
    """Mean wait in M/G/1; `scv` is the squared coefficient of variation of handling."""
    load = rate * mean
    return load * mean * (1.0 + scv) / (2.0 * (1.0 - load))


def cobham(rates: list[float], mean: float, agents: int) -> list[float]:
    """Mean waits by class in M/M/c with priorities, nobody interrupted (Cobham 1954)."""
    load = sum(rates) * mean
    inverse_b = 1.0
    for n in range(1, agents + 1):
        inverse_b = 1.0 + inverse_b * n / load
    blocked = 1.0 / inverse_b
    waiting = blocked / (1.0 - load / agents * (1.0 - blocked))
    work = waiting * mean / agents
    shares = [0.0, *np.cumsum([rate * mean / agents for rate in rates]).tolist()]
    return [work / ((1.0 - above) * (1.0 - own)) for above, own in itertools.pairwise(shares)]


def cobham_one(rates: list[float], means: list[float], scvs: list[float]) -> list[float]:
    """Mean waits by class in M/G/1 with priorities, nobody interrupted (Cobham 1954)."""
    kinds = list(zip(rates, means, scvs, strict=True))
    work = sum(rate * mean**2 * (1.0 + scv) / 2.0 for rate, mean, scv in kinds)
    shares = [0.0, *np.cumsum([rate * mean for rate, mean, _ in kinds]).tolist()]
    return [work / ((1.0 - above) * (1.0 - own)) for above, own in itertools.pairwise(shares)]


def preemptive_resume(rates: list[float], means: list[float]) -> list[float]:
    """Mean times in system by class in M/M/1 where a better class interrupts and work resumes."""
    result = []
    above, work = 0.0, 0.0
    for rate, mean in zip(rates, means, strict=True):
        own = above + rate * mean
        work += rate * mean**2
        result.append(mean / (1.0 - above) + work / ((1.0 - above) * (1.0 - own)))
        above = own
    return result


def mdc(rate: float, mean: float, agents: int) -> dict[str, float]:
    """M/D/c by the chain of the number in system one handling time later (Crommelin 1932)."""
    arrivals = np.exp(
        [k * math.log(rate * mean) - rate * mean - math.lgamma(k + 1) for k in range(400)]
    )
    size = 400
    chain = np.zeros((size, size))
    for state in range(size):
        left = max(state - agents, 0)
        chain[state, left:] = arrivals[: size - left]
        chain[state, -1] += 1.0 - chain[state].sum()
    system = np.vstack([chain.T - np.eye(size), np.ones(size)])
    shares = np.linalg.lstsq(system, np.append(np.zeros(size), 1.0), rcond=None)[0]
    in_line = float(shares @ np.maximum(np.arange(size) - agents, 0))
    return {
        "mean_queue": in_line,
        "mean_wait": in_line / rate,
        "p_wait": float(shares[agents:].sum()),
        "occupancy": rate * mean / agents,
    }


def engset(sources: int, idle_rate: float, mean: float, lines: int) -> dict[str, float]:
    """Loss with a finite number of callers, each calling at `idle_rate` while free."""
    load = idle_rate * mean
    weights = [math.comb(sources, n) * load**n for n in range(lines + 1)]
    others = [math.comb(sources - 1, n) * load**n for n in range(lines + 1)]
    busy = sum(n * weight for n, weight in enumerate(weights)) / sum(weights)
    return {
        "time_congestion": weights[-1] / sum(weights),
        "call_congestion": others[-1] / sum(others),
        "occupancy": busy / lines,
    }


def finite_source(customers: int, idle_rate: float, mean: float, agents: int) -> dict[str, float]:
    """The closed queue M/M/c//N (machine repair)."""
    weights = [1.0]
    for n in range(1, customers + 1):
        weights.append(weights[-1] * (customers - n + 1) * idle_rate * mean / min(n, agents))
    shares = np.array(weights) / sum(weights)
    states = np.arange(customers + 1)
    busy = float(shares @ np.minimum(states, agents))
    in_line = float(shares @ np.maximum(states - agents, 0))
    seen = shares * (customers - states)
    throughput = busy / mean
    return {
        "throughput": throughput,
        "mean_queue": in_line,
        "mean_wait": in_line / throughput,
        "occupancy": busy / agents,
        "p_wait_arrival": float(seen[agents:].sum() / seen.sum()),
    }


def gi_m_1(transform: Callable[[float], float], mean: float) -> dict[str, float]:
    """GI/M/1; `transform` is the Laplace transform of the time between arrivals."""
    root = 0.5
    for _ in range(10_000):
        root = transform((1.0 - root) / mean)
    return {"p_wait": root, "mean_wait": mean * root / (1.0 - root)}
