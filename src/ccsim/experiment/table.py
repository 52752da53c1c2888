"""The KPIs of one design over its replications, and what can be said from them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.catalogue import Measure, describe, quantile_of
from ccsim.measures.histogram import Histogram, lowest_of, width_of
from ccsim.measures.kpis import Kpis
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
)
from ccsim.statistics.values import Scale

SECONDS = 1e-6  # histograms are in microseconds, measures in seconds
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class KpiTable:
    """One row per replication for every measure; estimates are made when they are asked for.

    `totals` is (n, K, 2): numerator and denominator of each of `keys`; `by_interval` is
    (n, Ki, I, 2) for `interval_keys`; `histograms` holds n histograms for each of its keys.
    `measures` are all keys that may be asked for, quantiles included, in the order shown.
    """

    measures: tuple[str, ...]
    keys: tuple[str, ...]
    totals: Values
    interval_keys: tuple[str, ...]
    by_interval: Values
    histograms: Mapping[str, tuple[Histogram, ...]]
    _row: dict[str, int] = field(init=False, repr=False)
    _row_by_interval: dict[str, int] = field(init=False, repr=False)
    _known: dict[tuple[str, float], Estimate] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_row", {key: i for i, key in enumerate(self.keys)})
        rows = {key: i for i, key in enumerate(self.interval_keys)}
        object.__setattr__(self, "_row_by_interval", rows)

    @staticmethod
    def collect(measures: Sequence[str], kpis: Sequence[Kpis]) -> KpiTable:
        """The table of these replications, in their order. At least one is needed."""
        first = kpis[0]
        if any(other.keys != first.keys for other in kpis):
            raise ValueError("replications of one design have the same measures")
        return KpiTable(
            measures=tuple(measures),
            keys=first.keys,
            totals=np.stack([one.totals for one in kpis]),
            interval_keys=first.interval_keys,
            by_interval=np.stack([one.by_interval for one in kpis]),
            histograms={
                key: tuple(one.histograms[key] for one in kpis) for key in first.histograms
            },
        )

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
        if describe(key).kind == "quantile":
            of, p = quantile_of(key)
            found = [one.quantile(p) * SECONDS for one in self.histograms[of]]
            return np.array(found, dtype=np.float64)
        num, den = self.columns(key)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(den != 0, num / den, np.nan))

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
            bins, (counts,) = dense(self.histograms[of])
            found = quantile(counts, edges_of(bins), p, level)
            return _above_zero(found.scaled(SECONDS))
        if measure.kind == "ratio":
            scale: Scale = "logit" if _is_share(measure) else "log"
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
            bins, (ours, theirs) = dense(self.histograms[of], other.histograms[of])
            found = difference_of_quantiles(ours, theirs, edges_of(bins), p, level)
            return Difference(found.estimate.scaled(SECONDS), found.gain)
        if measure.kind == "ratio":
            return difference_of_ratios(*self.columns(key), *other.columns(key), level)
        return difference_of_means(self.by_replication(key), other.by_replication(key), level)

    def grouped(
        self, key: str, groups: NDArray[np.int64], days: Values, level: float = LEVEL
    ) -> Band:
        """Estimates over groups of intervals: `groups` (I,) holds the group of each interval, or -1
        for none; `days` (groups,) how many days each group covers. Totals are per day.

        KeyError for a measure that is not counted by interval.
        """
        num, den = self.group_totals(key, groups, days)
        measure = describe(key)
        scale: Scale = "logit" if _is_share(measure) else "log"
        return ratios(num, den, level, scale=scale, counted=_counted(measure))

    def group_totals(
        self, key: str, groups: NDArray[np.int64], days: Values
    ) -> tuple[Values, Values]:
        """Numerators and denominators by group of intervals, each (n, groups)."""
        table = self.by_interval[:, self._row_by_interval[key]]
        used = groups >= 0
        num, den = np.zeros((2, self.replications, len(days)))
        np.add.at(num.T, groups[used], table[:, used, 0].T)
        np.add.at(den.T, groups[used], table[:, used, 1].T)
        if describe(key).kind == "total":
            den = np.broadcast_to(days, den.shape)
        return num, den

    def _require(self, key: str) -> None:
        if key not in self.measures:
            raise KeyError(key)


def dense(*tables: Sequence[Histogram]) -> tuple[NDArray[np.int64], list[Values]]:
    """The bins that any histogram uses, and for each table the counts as (n, bins)."""
    parts = [one.bins for table in tables for one in table]
    bins = np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
    counts = []
    for table in tables:
        rows = np.zeros((len(table), len(bins)))
        for row, one in zip(rows, table, strict=True):
            row[np.searchsorted(bins, one.bins)] = one.counts
        counts.append(rows)
    return bins, counts


def edges_of(bins: NDArray[np.int64]) -> Values:
    """Where each bin begins and ends, us: the integers lo..hi stand on (lo - 1, hi]."""
    below = lowest_of(bins) - 1
    return np.column_stack([below, below + width_of(bins)]).astype(np.float64)


def _is_share(measure: Measure) -> bool:
    return measure.unit == "share"


def _counted(measure: Measure) -> bool:
    """Whether the denominator counts contacts, days or the like; for teams it is time."""
    return "team" not in measure.scopes


def _above_zero(found: Estimate) -> Estimate:
    """Durations of 0 stand on (-1 us, 0]; nothing is shown below zero."""
    value, low, high = (
        None if x is None else max(0.0, x) for x in (found.value, found.low, found.high)
    )
    return Estimate(value, low, high, found.level, found.method, found.n, found.missing)
