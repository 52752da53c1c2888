"""Campaigns: lists of customers to be called, there when calling hours begin.

Whether the right person answers at the first try is drawn here, once for each customer; it decides
in which of the two lines of the campaign the customer begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, contact_keys, name_key, uniform, uniforms
from ccsim.network.model import Hours
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.schema import Outbound
from ccsim.scenario.side_lines import TRY

ORDINALS_PER_DAY = 1 << 32  # ordinals of a day begin at day x this, whatever came before
_PARTS = 1_000_000  # of a customer: fractions are added up in whole numbers


@dataclass(frozen=True, slots=True)
class Listed:
    """Customers to be called, in the order of the days on which they are put on the list."""

    at: NDArray[np.int64]  # us since the calendar's start
    queue: NDArray[np.int32]
    key: NDArray[np.uint64]


def expected_on_day(outbound: Outbound, clock: LocalClock, day: int) -> float:
    """How many customers are put on the list on a day, on average: a plain number on the first day;
    on a holiday as many as on the weekday that the demand is like."""
    if isinstance(outbound.list, Mapping):
        return outbound.list.get(clock.demand_weekday(day), 0.0)
    return outbound.list if day == 0 else 0.0


def calling_begins(day: int, hours: Hours | None, clock: LocalClock) -> int | None:
    """When the customers put on the list on a day can first be called, us: in the next calling
    hours. None where the calendar ends before."""
    start = clock.day_start_us(day)
    begins = start if hours is None else hours.open_after(start, 0)
    return begins if begins < clock.horizon_us else None


def counts_by_day(outbound: Outbound, clock: LocalClock, offset: float) -> list[int]:
    """Whole customers put on the list on each day. Fractions (0.4 a day) are carried over to the
    next days; with an `offset` uniform in [0, 1) each day has its expected number on average."""
    parts = [round(expected_on_day(outbound, clock, day) * _PARTS) for day in range(clock.days)]
    sums = [(total + int(offset * _PARTS)) // _PARTS for total in accumulate(parts, initial=0)]
    return [after - before for before, after in pairwise(sums)]


def list_of(
    outbound: Outbound,
    name: str,
    hours: Hours | None,
    clock: LocalClock,
    queues: Mapping[str, int],
    root: int,
    antithetic: bool,
) -> Listed:
    """The list of a contact type. Who is put on it on a day without calling hours waits for the
    next ones; who would wait beyond the calendar's end is left out."""
    first = queues[f"{name}.outbound"]
    in_vain = queues.get(f"{name}.outbound@{TRY}1", first)
    stream = name_key(root, "list", name) & ~1 | int(antithetic)
    counts = counts_by_day(outbound, clock, uniform(stream, 0, 0, Purpose.FIRST_WORKLOAD))
    at, keys = [], []
    for day, count in enumerate(counts):
        begins = calling_begins(day, hours, clock)
        if count and begins is not None:
            at.append(np.full(count, begins, dtype=np.int64))
            begin = day * ORDINALS_PER_DAY
            keys.append(contact_keys(root, f"{name}.outbound", count, start=begin))
    key = np.concatenate([np.empty(0, dtype=np.uint64), *keys])
    if antithetic:
        key = key | np.uint64(1)
    answers = uniforms(key, Purpose.ANSWERS) < outbound.reached
    return Listed(
        at=np.concatenate([np.empty(0, dtype=np.int64), *at]),
        queue=np.where(answers, first, in_vain).astype(np.int32),
        key=key,
    )
