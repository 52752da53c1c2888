"""Contacts beside the everyday: incidents on some days, campaigns from a date on, seasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, name_key, uniform
from ccsim.numerics.elementary import exact_sum, exp, exps, log1ps, power
from ccsim.scenario.blocks.surges import MONTHS
from ccsim.scenario.clock import DAY, LocalClock
from ccsim.workload.poisson import DayStreams, poisson_counts

if TYPE_CHECKING:
    from ccsim.scenario.schema import Arrivals, Campaign, Incident

GRID = 2.0**-54  # half a step of the grid of uniforms: logarithms stay finite


def season_factor(season: Mapping[str, float] | None, clock: LocalClock, day: int) -> float:
    """The factor of the month, or of the ISO week, in which a day lies; 1 where none is given."""
    if season is None:
        return 1.0
    date = clock.date(day)
    return season.get(MONTHS[date.month - 1], season.get(f"w{date.isocalendar().week}", 1.0))


def campaign_volume(arrivals: Arrivals, clock: LocalClock, day: int) -> float:
    """Contacts expected from campaigns on a day."""
    return exact_sum(
        _of_campaign(campaign, arrivals, clock, day) for campaign in arrivals.campaigns
    )


def _of_campaign(campaign: Campaign, arrivals: Arrivals, clock: LocalClock, day: int) -> float:
    """The day's part: a geometric series over the days from `on` on with contacts of the type."""
    begins = (campaign.on - clock.start).days
    if day < begins or not _comes(arrivals, clock, day):
        return 0.0
    rank = sum(_comes(arrivals, clock, earlier) for earlier in range(begins, day))
    daily = exp(-DAY / campaign.decays_over)
    return campaign.contacts * (1.0 - daily) * power(daily, float(rank))


def _comes(arrivals: Arrivals, clock: LocalClock, day: int) -> bool:
    """Whether contacts of the type come on such a day at all."""
    per_day = arrivals.per_day
    if not isinstance(per_day, Mapping):
        return True
    return per_day.get(clock.demand_weekday(day), 0.0) > 0.0


def incident_window(incident: Incident, clock: LocalClock, day: int) -> tuple[int, int]:
    """Between which instants (us) an incident of a day begins."""
    if incident.between is None:
        return clock.day_start_us(day), clock.day_start_us(day + 1)
    first, last = incident.between.start, incident.between.until
    return clock.instant_us(day, first), clock.instant_us(day + (last <= first), last)


def incident_instants(
    incident: Incident, name: str, clock: LocalClock, day: int, root: int, mirror: bool
) -> NDArray[np.int64]:
    """When the contacts of a day's incident come (us), in the order of their ordinals, also beyond
    the calendar's end; none on a day without one.

    Chance, beginning and number of contacts each have a draw of the day's own key.
    """
    key = name_key(root, "incident", name, day) >> 1 << 1 | int(mirror)
    strikes, begins, size = (uniform(key, n, 0, Purpose.FIRST_WORKLOAD) for n in range(3))
    if strikes >= incident.probability:
        return np.empty(0, dtype=np.int64)
    first, last = incident_window(incident, clock, day)
    count = int(poisson_counts([incident.contacts], [size])[0])
    u = DayStreams(name_key(root, "incident contacts", name), mirror).numbers([day], [count])
    after = -incident.decays_over * log1ps(-np.minimum(u + GRID, 1.0 - GRID))
    return first + int(begins * (last - first)) + after.astype(np.int64)


def expected_of_incidents(
    incident: Incident, clock: LocalClock, edges: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Contacts expected from incidents between neighbouring edges (us)."""
    expected = np.zeros(len(edges) - 1)
    for day in range(clock.days):
        first, last = incident_window(incident, clock, day)
        expected += np.diff(_share_come(edges, first, last, incident.decays_over))
    return expected * incident.probability * incident.contacts


def _share_come(at: NDArray[np.int64], first: int, last: int, decay: int) -> NDArray[np.float64]:
    """The share of an incident's contacts that have come, its beginning uniform in a window: the
    mean of 1 - exp(-(t - x) / decay) over x from `first` to min(t, last)."""
    t = np.maximum(at, first).astype(np.float64)
    until = np.minimum(t, last)
    gone = decay * (exps((until - t) / decay) - exps((first - t) / decay))
    share: NDArray[np.float64] = (until - first - gone) / (last - first)
    return share
