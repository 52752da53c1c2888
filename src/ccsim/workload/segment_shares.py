"""Which customers belong to a segment: drawn once for each, from the customer's key alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, uniforms
from ccsim.numerics.elementary import exact_sum
from ccsim.scenario.segments import segments_of, variant

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario


class Segments:
    """The segments of one contact type, and where their customers wait."""

    def __init__(self, scenario: Scenario, name: str, queues: Mapping[str, int]) -> None:
        own = segments_of(scenario, name)
        self._cumulated = np.cumsum([segment.share for segment in own.values()])
        size = max(queues.values(), default=-1) + 1
        # by segment: the queue that stands for each of the type's; the last row is for the others
        self._queue = np.tile(np.arange(size, dtype=np.int32), (len(own) + 1, 1))
        for row, segment in enumerate(own):
            for line, number in queues.items():
                contact, dot, rest = line.partition(".")
                if contact == name:
                    other = queues.get(f"{variant(name, segment)}{dot}{rest}", number)
                    self._queue[row, number] = other

    def placed(self, queue: NDArray[np.int32], keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The queue of each customer, given the one where the type's customers would wait."""
        if not len(self._cumulated):
            return queue
        drawn = np.searchsorted(self._cumulated, uniforms(keys, Purpose.SEGMENT), side="right")
        placed: NDArray[np.int32] = self._queue[drawn, queue]
        return placed

    @property
    def shares(self) -> list[float]:
        """The share of each segment, and of the others."""
        own = np.diff(self._cumulated, prepend=0.0).tolist()
        return [*own, max(0.0, 1.0 - exact_sum(own))]

    def of_queue(self, queue: int) -> list[tuple[int, float]]:
        """The queues that stand for one of the type's, each with its share."""
        return [
            (int(row[queue]), share)
            for row, share in zip(self._queue, self.shares, strict=True)
            if share > 0.0
        ]
