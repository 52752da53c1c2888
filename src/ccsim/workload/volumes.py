"""What a scenario states about the arrivals of a contact type: volumes, channels, busyness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, name_key, uniforms
from ccsim.numerics.elementary import exact_sum, power
from ccsim.scenario.blocks.demand import INBOUND
from ccsim.scenario.clock import LocalClock
from ccsim.workload.factors import gamma_factors
from ccsim.workload.strata import Strata
from ccsim.workload.surges import campaign_volume, season_factor

if TYPE_CHECKING:
    from ccsim.scenario.schema import Arrivals, ContactType

DAYS_OF = {"week": 7.0, "month": 30.4375, "year": 365.25}


def expected_volume(arrivals: Arrivals, clock: LocalClock, day: int) -> float:
    """Returns the contacts expected on a day: weekday x growth x season, and campaigns.

    It is 0 for a trace; incidents are not included.
    """
    per_day = arrivals.per_day or 0.0
    volume = per_day.get(clock.demand_weekday(day), 0.0) if isinstance(per_day, dict) else per_day
    if arrivals.growth is not None:
        rate, period = arrivals.growth
        volume *= power(1.0 + rate, day / DAYS_OF[period])
    volume *= season_factor(arrivals.season, clock, day)
    return float(volume) + campaign_volume(arrivals, clock, day)


def channel_shares(contact: ContactType) -> dict[str, float]:
    """Returns the share of a type's contacts by channel, in the order of the file; the sum is 1."""
    stated = contact.arrivals.by_channel
    if stated is None:
        channels = [c for c in INBOUND if getattr(contact, c) is not None]
        return {channel: 1.0 / len(channels) for channel in channels}
    rest = 1.0 - exact_sum(share for share in stated.values() if share != "rest")
    return {c: max(rest, 0.0) if share == "rest" else share for c, share in stated.items()}


def busyness_factors(
    contact: ContactType,
    name: str,
    root: int,
    days: Sequence[int],
    mirror: bool,
    strata: Strata | None = None,
) -> NDArray[np.float64]:
    """Returns a factor of busyness for each day: gamma with mean 1 and the stated cv.

    Each comes by inversion of one uniform number (`mirror` turns u into 1 - u), which `strata`
    moves into the replication's stratum where replications stratify the busyness.
    """
    busyness = contact.arrivals.busyness
    if busyness is None or busyness.cv == 0.0:
        return np.ones(len(days))
    whose = busyness.shared or name
    keys = [name_key(root, "busyness", whose, day) >> 1 << 1 | int(mirror) for day in days]
    u = uniforms(np.array(keys, dtype=np.uint64), Purpose.FIRST_WORKLOAD)
    if strata is not None:
        u = strata.moved(u, whose, days)
    return gamma_factors(busyness.cv, u)
