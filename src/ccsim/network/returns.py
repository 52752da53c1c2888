"""How often a contact enters each queue, if everybody is answered: transfers and repeats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.network.model import Network
from ccsim.numerics.elementary import matrix_product


def mean_visits(network: Network) -> NDArray[np.float64]:
    """Mean number of entries into each queue (column) of a contact that begins in a queue (row).

    The sum I + P + P^2 + ... with as many terms as a contact has legs; P are the probabilities of
    going from queue to queue after handling by the team that each route names first. Nobody gives
    up, no promise is breached, and no delay reaches past the horizon.
    """
    size = len(network.queues)
    onward = np.zeros((size, size))
    for i, queue in enumerate(network.queues):
        first = min(queue.route, key=lambda step: step.after)  # not those on call
        service = queue.services[first.teams[0]]
        for row in service.served if service is not None else ():
            if row.target >= 0:
                onward[i, row.target] += row.probability
    return _power_sum(onward, network.max_legs)


def _power_sum(matrix: NDArray[np.float64], terms: int) -> NDArray[np.float64]:
    """I + M + ... + M^(terms - 1), by doubling."""
    identity = np.eye(len(matrix))
    total, power = np.zeros_like(matrix), identity
    for bit in bin(terms)[2:]:
        total, power = total + matrix_product(power, total), matrix_product(power, power)
        if bit == "1":
            total, power = total + power, matrix_product(power, matrix)
    return total
