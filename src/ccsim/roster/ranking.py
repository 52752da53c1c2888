"""Counting within groups of rows: number 0, 1, ... of those present, and how many there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Groups:
    """Rows that belong together: those with the same label."""

    def __init__(self, label: NDArray[np.int64]) -> None:
        self._order = np.argsort(label, kind="stable")
        ordered = label[self._order]
        self._place = np.argsort(self._order)
        self._first = np.searchsorted(ordered, label, side="left")
        self._beyond = np.searchsorted(ordered, label, side="right")

    def sums(self, amount: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each row: what the rows of its group before it add up to, and all of its group."""
        sums = np.zeros(len(amount) + 1, dtype=np.int64)
        np.cumsum(amount[self._order], out=sums[1:])
        before = sums[self._first]
        return sums[self._place] - before, sums[self._beyond] - before
