"""The KPIs of one design over its replications, and what can be said from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.results.cuts import By, Cut
from ccsim.experiment.results.durations import Durations, dense
from ccsim.experiment.results.time_sums import TimeSums
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
from ccsim.statistics.reduced import reduced_mean, reduced_quantile, reduced_ratio
from ccsim.statistics.reduction import NO_GAINS, Gains, Reduction
from ccsim.statistics.samples import Sample, of_mean, of_quantile, of_ratio
from ccsim.statistics.values import Scale

SECONDS = 1e-6  # durations are in microseconds, measures in seconds
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class KpiTable:
    """One row per replication for every measure; estimates are made when they are asked for.

    `measures` are all keys that may be asked for, in the order shown. `totals` is (n, K, 2):
    numerator and denominator of each of `keys`; `quantiles` (n, Q) the values of each of
    `quantile_keys` in each replication, s. `durations` are the distributions behind these; `cuts`
    holds sums over replications for `interval_keys`; `flows` how many contacts made each passage
    (measures.flows) in each replication, (n,); `met` by index of an expectation over days
    (intervals, weeks) how many of them met it and how many were defined, (n, 2). `how` is what
    reduces the variance of values and differences of the whole horizon.
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
    how: Reduction | None = None
    _row: dict[str, int] = field(init=False, repr=False, default_factory=dict)
    _known: dict[tuple[str, float], tuple[Estimate, Gains]] = field(
        init=False, repr=False, default_factory=dict
    )

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

    def sample(self, key: str) -> Sample:
        """The measure replication by replication, to be paired with another design's, in the
        measure's unit. KeyError for an unknown key."""
        self._require(key)
        measure = describe(key)
        if measure.kind == "quantile":
            of, p = quantile_of(key)
            durations = self.durations[of]
            edges, (counts,) = _dense(durations)
            found = of_quantile(counts, edges, p, durations.pool())
            value, moves = found.value * SECONDS, found.moves * SECONDS
            return Sample(value, moves, self.by_replication(key))
        if measure.kind == "ratio":
            return of_ratio(*self.columns(key))
        return of_mean(self.by_replication(key))

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
        return self._stated(key, level)[0]

    def gains(self, key: str) -> Gains:
        """What reducing the variance gained for a measure; nothing where nothing was asked for."""
        return self._stated(key, LEVEL)[1]

    def _stated(self, key: str, level: float) -> tuple[Estimate, Gains]:
        known = self._known.get((key, level))
        if known is None:
            self._require(key)
            make = self._estimate if self.how is None else partial(self._reduced, self.how)
            known = self._known[key, level] = make(key, level)
        return known

    def _reduced(self, how: Reduction, key: str, level: float) -> tuple[Estimate, Gains]:
        measure = describe(key)
        if measure.kind == "quantile":
            of, p = quantile_of(key)
            durations = self.durations[of]
            edges, (counts,) = _dense(durations)
            found, gains = reduced_quantile(counts, edges, p, how, level, pool=durations.pool())
            return _above_zero(found.scaled(SECONDS)), gains
        if measure.kind == "ratio":
            columns, counted = self.columns(key), _counted(measure)
            return reduced_ratio(*columns, how, level, scale=_scale(measure), counted=counted)
        return reduced_mean(self.by_replication(key), how, level, within=_within(measure))

    def _estimate(self, key: str, level: float) -> tuple[Estimate, Gains]:
        measure = describe(key)
        if measure.kind == "quantile":
            of, p = quantile_of(key)
            durations = self.durations[of]
            edges, (counts,) = _dense(durations)
            found = quantile(counts, edges, p, level, pool=durations.pool())
            return _above_zero(found.scaled(SECONDS)), NO_GAINS
        if measure.kind == "ratio":
            scale = _scale(measure)
            found = ratio(*self.columns(key), level, scale=scale, counted=_counted(measure))
            return found, NO_GAINS
        return mean(self.by_replication(key), level, within=_within(measure)), NO_GAINS

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
            tables = our_counts, their_counts
            found = difference_of_quantiles(*tables, edges, p, level, pools=pools, how=self.how)
            return replace(found, estimate=found.estimate.scaled(SECONDS))
        if measure.kind == "ratio":
            return difference_of_ratios(*self.columns(key), *other.columns(key), level, self.how)
        columns = self.by_replication(key), other.by_replication(key)
        return difference_of_means(*columns, level, self.how)

    def cut(self, key: str, by: By, level: float = LEVEL) -> Cut:
        """A measure by time. KeyError where it is not counted by interval."""
        if key not in self.interval_keys:
            raise KeyError(key)
        sums = self.cuts[by]
        measure = describe(key)
        band = ratios_of_sums(
            sums.of(self.interval_keys.index(key), self.replications),
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


def _within(measure: Measure) -> tuple[float, float]:
    """Where a mean can lie at all."""
    return 0.0, 1.0 if _is_share(measure) else math.inf


def _counted(measure: Measure) -> bool:
    """Whether the denominator counts contacts, days or the like; for teams it is time."""
    return "team" not in measure.scopes


def _above_zero(found: Estimate) -> Estimate:
    """Durations of 0 stand on (-1 us, 0]; nothing is shown below zero."""
    value, low, high = (
        None if x is None else max(0.0, x) for x in (found.value, found.low, found.high)
    )
    return replace(found, value=value, low=low, high=high)
