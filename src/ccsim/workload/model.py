"""What customers do in one replication: arrivals, sorted by (instant, contact type, ordinal)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNOBSERVED = -1


@dataclass(frozen=True, slots=True)
class Workload:
    """One row a contact; the row's index is the contact's number. Columns in which nothing was
    observed may be `unobserved`, which takes no memory."""

    at: NDArray[np.int64]  # (n,) us since the calendar's start
    queue: NDArray[np.int32]  # (n,) the queue it enters first
    key: NDArray[np.uint64]  # (n,) from which all its draws come
    work: NDArray[np.int64]  # (n,) us of handling observed in a trace (leg 0), or UNOBSERVED
    patience: NDArray[np.int64]  # (n,) us observed in a trace (leg 0), or UNOBSERVED
    head_start: NDArray[np.int64]  # (n,) us, in place of the queue's (leg 0), or UNOBSERVED

    def __len__(self) -> int:
        return len(self.at)


def unobserved(contacts: int) -> NDArray[np.int64]:
    """A column of a workload in which nothing was observed; it cannot be written to."""
    column: NDArray[np.int64] = np.broadcast_to(np.int64(UNOBSERVED), contacts)
    return column
