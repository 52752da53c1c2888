"""The KPIs of one replication, as totals that can be added up before anything is divided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.flows import Passage
from ccsim.measures.histogram import Histogram


@dataclass(frozen=True)
class Kpis:
    """Of one replication of one design.

    `keys` are `scope.measure` of every measure but the quantiles, in the order of
    `catalogue.known_measures`; they depend on the design alone, never on data. `totals` holds
    numerator and denominator, times in seconds, hours where the unit says so. A total has the
    denominator 1; an undefined ratio or extreme has the denominator 0. Ratios over replications,
    days or intervals are ratios of summed totals; extremes and totals are averaged.

    `interval_keys` are the measures that can be cut by interval, and so by day and weekday:
    `by_interval` sums over its middle axis to their `totals` (of a total, the numerator: each of
    its intervals has the denominator 1).

    Quantile measures (`phone.wait_p90`) are read from `histograms`, whose key lacks the quantile
    (`phone.wait`), at `catalogue.quantile_of(key)`; their durations are microseconds.

    `flows` are how many contacts went from which line to which, and how they ended: measures.flows.
    """

    keys: tuple[str, ...]
    totals: NDArray[np.float64]  # (K, 2)
    interval_keys: tuple[str, ...]
    by_interval: NDArray[np.float64]  # (Ki, I, 2)
    histograms: Mapping[str, Histogram]
    flows: Mapping[Passage, int]
