"""First attempts from an ACD's counts (`counts: offered`).

An ACD counts every attempt: redials of those who gave up and repeats of those whose problem
remained are in its numbers. The model makes these itself, so the volume that it starts from must be
smaller. How much smaller depends on waits, hence on staffing, hence on the model: the shares of
first attempts are the fixed point of a pilot run in the base design. They are properties of the
customers and are then held fixed in every design.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ccsim.network.model import Network
from ccsim.network.returns import mean_visits
from ccsim.numerics.elementary import power

Pilot = Callable[[Mapping[str, float]], Mapping[str, float]]
"""Given the share of the stated volume that are first attempts, by queue, the attempts that a run
counts (entries into the queue, those while it is closed apart), by queue."""


@dataclass(frozen=True, slots=True)
class FirstAttempts:
    """The shares of first attempts by queue, and how well they give the counts."""

    shares: dict[str, float]
    counted: dict[str, float]  # attempts that the last pilot counted with these shares
    miss: float  # the largest relative difference from the counts to be met
    rounds: int  # pilots that were run


def solve_first_attempts(
    offered: Mapping[str, float],
    pilot: Pilot,
    start: Mapping[str, float] | None = None,
    tolerance: float = 1e-3,
    most_rounds: int = 20,
) -> FirstAttempts:
    """The shares of first attempts with which the pilot counts what the ACD `offered`, by queue.

    Each round multiplies a queue's share by (offered / counted) ^ step. The step begins at 1 and is
    halved whenever a round misses by more than the one before: counts may answer more than in
    proportion, for congestion breeds redials. The pilot should use the same seeds each time. The
    best round is returned, also when its `miss` is above the tolerance. Queues offered
    nothing keep the share 1.
    """
    wanted = {queue: count for queue, count in offered.items() if count > 0.0}
    shares = {queue: (start or {}).get(queue, 1.0) for queue in offered}
    best: FirstAttempts | None = None
    step, before = 1.0, np.inf
    for rounds in range(1, most_rounds + 1):
        counted = {queue: float(count) for queue, count in pilot(dict(shares)).items()}
        ratios = {queue: _ratio(count, counted.get(queue, 0.0)) for queue, count in wanted.items()}
        miss = max((abs(1.0 / ratio - 1.0) for ratio in ratios.values()), default=0.0)
        if best is None or miss < best.miss:
            best = FirstAttempts(dict(shares), counted, miss, rounds)
        if miss <= tolerance:
            break
        if miss > before:
            step /= 2.0
            shares = dict(best.shares)
            ratios = {
                queue: _ratio(count, best.counted.get(queue, 0.0))
                for queue, count in wanted.items()
            }
        before = best.miss
        for queue, ratio in ratios.items():
            shares[queue] *= power(ratio, step)
    assert best is not None  # most_rounds is at least 1
    return FirstAttempts(best.shares, best.counted, best.miss, rounds)


def first_guess(network: Network) -> dict[str, float]:
    """Shares of first attempts if everybody was answered and no delay reached past the horizon:
    1 / N, where one attempt with its repeats makes N attempts in all (`returns.mean_visits`)."""
    attempts = np.diag(mean_visits(network))
    return {
        queue.name: 1.0 / float(count)
        for queue, count in zip(network.queues, attempts, strict=True)
    }


def _ratio(offered: float, counted: float) -> float:
    """By how much the counts fall short; a queue that counted nothing is doubled."""
    return offered / counted if counted > 0.0 else 2.0
