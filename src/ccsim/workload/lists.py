"""Campaigns: lists of customers to be called, there when calling hours begin.

Whether the right person answers at the first try is drawn here, once for each customer; it decides
in which of the two lines of the campaign the customer begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, contact_keys, uniforms
from ccsim.network.model import Hours
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.schema import Outbound
from ccsim.scenario.side_lines import TRY

ORDINALS_PER_DAY = 1 << 32  # ordinals of a day begin at day x this, whatever came before


@dataclass(frozen=True, slots=True)
class Listed:
    """Customers to be called, in the order of the days on which they are put on the list."""

    at: NDArray[np.int64]  # us since the calendar's start
    queue: NDArray[np.int32]
    key: NDArray[np.uint64]


def customers_of_day(outbound: Outbound, clock: LocalClock, day: int) -> int:
    """How many are put on the list on a day: a plain number on the first one; on a holiday as many
    as on the weekday that the demand is like."""
    if isinstance(outbound.list, Mapping):
        return round(outbound.list.get(clock.demand_weekday(day), 0.0))
    return round(outbound.list) if day == 0 else 0


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
    at, keys = [], []
    for day in range(clock.days):
        count = customers_of_day(outbound, clock, day)
        start = clock.day_start_us(day)
        begins = start if hours is None else hours.open_after(start, 0)
        if count and begins < clock.horizon_us:
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
