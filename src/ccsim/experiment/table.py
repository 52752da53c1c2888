"""The KPIs of one design over its replications, and what can be said from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.cuts import By, Cut, Groups
from ccsim.experiment.durations import Durations, dense
from ccsim.measures.catalogue import Measure, describe, quantile_of
from ccsim.measures.flows import Passage
from ccsim.statistics import (
    LEVEL,
    Band,
    Difference,
    Estimate,
    difference_of_means,
    difference_of_quantiles,
    difference_of_ratios,
    mean,
    quantile,
    ratio,
    ratios,
    ratios_of_sums,
)
from ccsim.statistics.values import Scale

SECONDS = 1e-6  # durations are in microseconds, measures in seconds
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TimeSums:
    """What cuts by time are made of: (keys, groups, 5) sums over replications of numerator,
    denominator, their squares and their product."""

    groups: Groups
    sums: Values


@dataclass(frozen=True, eq=False)
class KpiTable:
    """One row per replication for every measure; estimates are made when they are asked for.

    `measures` are all keys that may be asked for, in the order shown. `totals` is (n, K, 2):
    numerator and denominator of each of `keys`; `quantiles` (n, Q) the values of each of
    `quantile_keys` in each replication, s. `durations` are the distributions behind these; `cuts`
    holds sums over replications for `interval_keys`; `flows` how many contacts made each passage
    (measures.flows) in each replication, (n,); `met` by index of an expectation over days
    (intervals, weeks) how many of them met it and how many were defined, (n, 2).
    """

    measures: tuple[str, ...]
    keys: tuple[str, ...]
    totals: Values
    quantile_keys: tuple[str, ...]
    quantiles: Values
    durations: Mapping[str, Durations]
    interval_keys: tuple[str, ...]
    cuts: Mapping[By, TimeSums]
    met: Mapping[int, Values]
    flows: Mapping[Passage, Values]
    _row: dict[str, int] = field(init=False, repr=False, default_factory=dict)
    _known: dict[tuple[str, float], Estimate] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._row.update({key: i for i, key in enumerate(self.keys)})

    @property
    def replications(self) -> int:
        return len(self.totals)

    def __contains__(self, key: object) -> bool:
        return key in self.measures

    # --- values of single replications ----------------------------------------------------------

    def columns(self, key: str) -> tuple[Values, Values]:
        """Numerators and denominators of a measure, each (n,). KeyError for quantiles."""
        row = self._row[key]
        return self.totals[:, row, 0], self.totals[:, row, 1]

    def by_replication(self, key: str) -> Values:
        """The value of a measure in each replication, (n,); NaN where it is undefined."""
        self._require(key)
        if describe(key).kind == "quantile":
            return self.quantiles[:, self.quantile_keys.index(key)]
        num, den = self.columns(key)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(den != 0, num / den, np.nan))

    def answered_within(self, scope: str, after_s: Values, level: float = LEVEL) -> Band:
        """Share of a scope's contacts that were answered within each of these times, s, on the
        clock of their promise; of all contacts that `service_level` counts where each of them has a
        promise, else of all that were offered. KeyError for a scope without answers."""
        durations = self.durations[f"{scope}.answer_time"]
        offered, promised = f"{scope}.answered", f"{scope}.service_level"
        if promised in self._row and np.array_equal(
            self.columns(f"{scope}.service_level_answered")[1], self.columns(offered)[0]
        ):
            offered = promised
        under = self.columns(offered)[1]
        in_time = durations.within(np.asarray(after_s) / SECONDS)
        return ratios(in_time, np.broadcast_to(under[:, None], in_time.shape), level, scale="logit")

    # --- statements over replications -----------------------------------------------------------

    def estimate(self, key: str, level: float = LEVEL) -> Estimate:
        """The measure with its interval, in the measure's unit. KeyError for an unknown key."""
        known = self._known.get((key, level))
        if known is None:
            known = self._known[key, level] = self._estimate(key, level)
        return known

    def _estimate(self, key: str, level: float) -> Estimate:
        self._require(key)
        measure = describe(key)
        if measure.kind == "quantile":
            of, p = quantile_of(key)
            durations = self.durations[of]
            edges, (counts,) = _dense(durations)
            found = quantile(counts, edges, p, level, pool=durations.pool())
            return _above_zero(found.scaled(SECONDS))
        if measure.kind == "ratio":
            scale = _scale(measure)
            return ratio(*self.columns(key), level, scale=scale, counted=_counted(measure))
        within = (0.0, 1.0 if _is_share(measure) else math.inf)
        return mean(self.by_replication(key), level, within=within)

    def difference(self, other: KpiTable, key: str, level: float = LEVEL) -> Difference:
        """This design minus the other, paired by replication. KeyError where one lacks the key;
        ValueError where the replications are not the same number."""
        self._require(key)
        other._require(key)
        measure = describe(key)
        if measure.kind == "quantile":
            of, p = quantile_of(key)
            ours, theirs = self.durations[of], other.durations[of]
            edges, (our_counts, their_counts) = _dense(ours, theirs)
            pools = ours.pool(), theirs.pool()
            found = difference_of_quantiles(our_counts, their_counts, edges, p, level, pools=pools)
            return Difference(found.estimate.scaled(SECONDS), found.gain)
        if measure.kind == "ratio":
            return difference_of_ratios(*self.columns(key), *other.columns(key), level)
        return difference_of_means(self.by_replication(key), other.by_replication(key), level)

    def cut(self, key: str, by: By, level: float = LEVEL) -> Cut:
        """A measure by time. KeyError where it is not counted by interval."""
        if key not in self.interval_keys:
            raise KeyError(key)
        sums = self.cuts[by]
        measure = describe(key)
        band = ratios_of_sums(
            sums.sums[self.interval_keys.index(key)],
            self.replications,
            level,
            scale=_scale(measure),
            counted=_counted(measure),
        )
        return Cut(key, sums.groups, band)

    def _require(self, key: str) -> None:
        if key not in self.measures:
            raise KeyError(key)


@lru_cache(maxsize=2)
def _dense(*durations: Durations) -> tuple[Values, list[Values]]:
    # The quantiles of one distribution are asked for one after the other, and share this.
    return dense(*(each.rows for each in durations))


def _is_share(measure: Measure) -> bool:
    return measure.unit == "share"


def _scale(measure: Measure) -> Scale:
    return "logit" if _is_share(measure) else "log"


def _counted(measure: Measure) -> bool:
    """Whether the denominator counts contacts, days or the like; for teams it is time."""
    return "team" not in measure.scopes


def _above_zero(found: Estimate) -> Estimate:
    """Durations of 0 stand on (-1 us, 0]; nothing is shown below zero."""
    value, low, high = (
        None if x is None else max(0.0, x) for x in (found.value, found.low, found.high)
    )
    return Estimate(value, low, high, found.level, found.method, found.n, found.missing)
