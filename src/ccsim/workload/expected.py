"""How many customers are expected: the known means by which estimates are controlled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ccsim.numerics.elementary import exact_sum, interpolated
from ccsim.scenario.clock import LocalClock
from ccsim.workload.profiles import channels_of_day
from ccsim.workload.surges import expected_of_incidents
from ccsim.workload.volumes import channel_shares, expected_volume

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import ContactType


def expected_customers(
    design: Design, first_attempt_share: Mapping[str, float] | None = None
) -> dict[str, float]:
    """The mean of the measure `customers` by contact type, where chance decides it: volumes with
    growth, seasons, campaigns and incidents, busyness having the mean 1, after the warm-up.

    Types that follow a trace, or of which customers are called, are left out. `first_attempt_share`
    as in `make_workload`.
    """
    clock = LocalClock(design.scenario.calendar)
    return {
        name: _expected(design, name, contact, clock, first_attempt_share or {})
        for name, contact in design.scenario.contacts.items()
        if contact.arrivals.trace is None and contact.outbound is None
    }


def _expected(
    design: Design,
    name: str,
    contact: ContactType,
    clock: LocalClock,
    first_attempt_share: Mapping[str, float],
) -> float:
    default = first_attempt_share.get(name, 1.0)
    shares = {
        channel: share * first_attempt_share.get(f"{name}.{channel}", default)
        for channel, share in channel_shares(contact).items()
    }
    total = exact_sum(shares.values())
    if total <= 0.0:
        return 0.0
    shares = {channel: share / total for channel, share in shares.items()}
    warm_up = clock.warm_up_us
    days = (
        expected_volume(contact.arrivals, clock, day) * part
        for day in range(clock.days)
        if (part := _part_after(design, contact, shares, clock, day, warm_up)) > 0.0
    )
    expected = total * exact_sum(days)
    if contact.arrivals.incident is not None:
        edges = np.array([warm_up, clock.horizon_us], dtype=np.int64)
        expected += float(expected_of_incidents(contact.arrivals.incident, clock, edges)[0])
    return expected


def _part_after(
    design: Design,
    contact: ContactType,
    shares: Mapping[str, float],
    clock: LocalClock,
    day: int,
    warm_up: int,
) -> float:
    """The part of a day's contacts that comes after the warm-up (us)."""
    start, end = clock.day_start_us(day), clock.day_start_us(day + 1)
    if end <= warm_up or start >= warm_up:
        return float(start >= warm_up)
    if expected_volume(contact.arrivals, clock, day) == 0.0:
        return 0.0
    channels = channels_of_day(contact.arrivals, shares, design.files, clock, day)
    before = 0.0
    for share, profile in channels.values():
        ends = np.append(profile.starts, profile.starts[-1] + profile.lengths[-1])
        passed = np.array([warm_up - start], dtype=np.float64)
        before += share * float(interpolated(passed, ends, profile.cumulated)[0])
    return 1.0 - before
