"""What customers do in one replication: arrivals, sorted by (instant, contact type, ordinal)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

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
    head_start: NDArray[np.int64]  # (n,) us waited before (leg 0), or UNOBSERVED

    def __len__(self) -> int:
        return len(self.at)


def unobserved(contacts: int) -> NDArray[np.int64]:
    """A column of a workload in which nothing was observed; it cannot be written to."""
    column: NDArray[np.int64] = np.broadcast_to(np.int64(UNOBSERVED), contacts)
    return column


def without_history(
    at: NDArray[np.int64], queue: NDArray[np.int32], key: NDArray[np.uint64]
) -> Workload:
    """Contacts of whom nothing was observed."""
    nothing = unobserved(len(at))
    return Workload(at, queue, key, nothing, nothing, nothing)


def merged(parts: list[Workload]) -> Workload:
    """All contacts by instant; those of one instant in the order of the parts. The list is emptied,
    and each column let go of as soon as it is part of the whole."""
    none = without_history(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.uint64))
    names = [field.name for field in fields(Workload)]
    columns = {name: [getattr(part, name) for part in (none, *parts)] for name in names}
    parts.clear()
    at = _joined(columns["at"])
    order = _order(at)
    ordered: dict[str, Any] = {"at": at if order is None else at[order]}
    del at
    for name in names[1:]:
        column = _joined(columns[name])
        in_place = order is None or _is_unobserved(column)
        ordered[name] = column if in_place else column[order]
    return Workload(**ordered)


def _order(at: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """The places of instants (us) in ascending order; None where they are in order."""
    if not len(at) or bool(np.all(at[1:] >= at[:-1])):
        return None
    first, last = int(at.min()), int(at.max())
    bits = len(at).bit_length()
    if (last - first).bit_length() + bits > 64:  # the earlier half of the time, then the later
        is_late = at > (first + last) // 2
        halves = np.flatnonzero(~is_late), np.flatnonzero(is_late)
        orders = [_order(at[half]) for half in halves]
        return np.concatenate(
            [half if own is None else half[own] for half, own in zip(halves, orders, strict=True)]
        )
    # Sorting numbers is many times faster than sorting places by them.
    both = (at - first).view(np.uint64)
    both <<= np.uint64(bits)
    both |= np.arange(len(at), dtype=np.uint64)
    both.sort()
    both &= np.uint64((1 << bits) - 1)
    return both.view(np.int64)


def _joined(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """One after the other; the list is emptied."""
    if all(_is_unobserved(column) for column in columns):
        return unobserved(sum(len(column) for column in columns))
    joined = np.concatenate(columns)
    columns.clear()
    return joined


def _is_unobserved(column: NDArray[Any]) -> bool:
    """Whether a column is one of `unobserved`: an empty one of keys or queues is not, for it has
    another type, and a key that is added to numbers of another type is no key."""
    return column.dtype == np.int64 and column.strides == (0,)
