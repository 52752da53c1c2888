"""Contacts that are there when the calendar starts, with how long they have waited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, contact_keys, uniforms
from ccsim.network.spreads import Spreads

if TYPE_CHECKING:
    from ccsim.scenario.schema import Backlog


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A backlog, the oldest first; all of it enters at instant 0."""

    key: NDArray[np.uint64]
    head_start: NDArray[np.int64]  # us: the age


def backlog_of(
    backlog: Backlog, name: str, spreads: Spreads, root: int, antithetic: bool
) -> LeftOver:
    """The backlog of a line, `name` being that of its type and channel."""
    keys = contact_keys(root, f"{name} backlog", backlog.contacts)
    if antithetic:
        keys = keys | np.uint64(1)
    ages = np.zeros(len(keys), dtype=np.int64)
    if backlog.age is not None:
        table = spreads.delay(backlog.age)
        u = uniforms(keys, Purpose.FIRST_WORKLOAD)
        ages = np.array([int(table.value(each)) for each in u.tolist()], dtype=np.int64)
    # who is free at the first instant takes who enters first
    oldest_first = np.argsort(-ages, kind="stable")
    return LeftOver(keys[oldest_first], ages[oldest_first])
