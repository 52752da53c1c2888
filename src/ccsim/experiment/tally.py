"""KPIs of replications, taken in one after the other, as a table whose memory hardly grows.

By interval only sums over replications are kept: a week of half hours has a hundred thousand cells
a design, too many to keep for every replication. What needs single replications is kept for each:
totals, quantiles, distributions in wide bins, and how many days met an expectation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.cuts import CUTS, By, groups_of
from ccsim.experiment.durations import Durations, Row, coarse
from ccsim.experiment.expectations import bounds, met_in
from ccsim.experiment.table import SECONDS, KpiTable, TimeSums
from ccsim.measures.catalogue import describe, interval_measures, known_measures, quantile_of
from ccsim.measures.flows import Passage
from ccsim.measures.histogram import Histogram
from ccsim.measures.kpis import Kpis

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

Asked = dict[str, tuple[list[int], list[float]]]  # by histogram: columns and probabilities

POOLED_AT_ONCE = 16  # replications whose histograms are added up together
KEYS_AT_ONCE = 32  # measures whose sums are added together, so that they stay in the processor


class Tally:
    """The replications of one design, added in their order: sums do not depend on who was first."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.measures = known_measures(scenario)
        self.keys = tuple(key for key in self.measures if describe(key).kind != "quantile")
        self.quantile_keys = tuple(key for key in self.measures if describe(key).kind == "quantile")
        self._asked = _asked(self.quantile_keys)
        self.interval_keys = interval_measures(scenario)
        self.is_total = np.array([describe(key).kind == "total" for key in self.interval_keys])
        self.groups = {by: groups_of(scenario.calendar, by) for by in CUTS}
        # (K, groups, 5); in memory each of the five sums by itself, to be added to in one go
        self.sums: dict[By, NDArray[np.float64]] = {
            by: np.zeros((5, len(self.interval_keys), len(groups))).transpose(1, 2, 0)
            for by, groups in self.groups.items()
        }
        self._totals: list[NDArray[np.float64]] = []
        self._quantiles: list[NDArray[np.float64]] = []
        self._rows: dict[str, list[Row]] = {}
        self._pooled: dict[str, list[Histogram]] = defaultdict(list)
        self._flows: list[Mapping[Passage, int]] = []
        self._met: dict[int, list[tuple[float, float]]] = {
            i: [] for i, each in enumerate(scenario.expect) if each.over and each.in_ is not None
        }

    def __len__(self) -> int:
        return len(self._totals)

    def add(self, kpis: Kpis) -> None:
        """Take in the next replication. ValueError where its measures are others."""
        if kpis.keys != self.keys or kpis.interval_keys != self.interval_keys:
            raise ValueError("replications of one design have the same measures")
        self._totals.append(kpis.totals)
        self._flows.append(kpis.flows)
        self._add_durations(kpis)
        for first in range(0, len(self.interval_keys), KEYS_AT_ONCE):
            self._add_sums(slice(first, first + KEYS_AT_ONCE), kpis.by_interval)
        for i in self._met:
            self._add_met(i, kpis.by_interval)

    def _add_sums(self, keys: slice, by_interval: NDArray[np.float64]) -> None:
        over, under = (np.ascontiguousarray(by_interval[keys, :, part]) for part in (0, 1))
        for by, groups in self.groups.items():
            num, den = groups.summed(over), groups.summed(under)
            den[self.is_total[keys]] = groups.days  # totals are per day, not per interval
            sums = self.sums[by][keys].transpose(2, 0, 1)
            for each, more in zip(sums, (num, den, num * num, den * den, num * den), strict=True):
                each += more

    def _add_durations(self, kpis: Kpis) -> None:
        values = np.empty(len(self.quantile_keys))
        for of, (columns, ps) in self._asked.items():
            values[columns] = kpis.histograms[of].quantiles(ps) * SECONDS
        self._quantiles.append(values)
        for key, histogram in kpis.histograms.items():
            self._rows.setdefault(key, []).append(coarse(histogram))
            waiting = self._pooled[key]
            waiting.append(histogram)
            if len(waiting) > POOLED_AT_ONCE:
                self._pooled[key] = [Histogram.sum(waiting)]

    def _add_met(self, i: int, by_interval: NDArray[np.float64]) -> None:
        expected = self.scenario.expect[i]
        assert expected.over is not None
        groups = self.groups[expected.over]
        row = self.interval_keys.index(expected.measure)
        num, den = groups.summed(by_interval[row].T)
        if self.is_total[row]:
            den = groups.days
        low, high = bounds(expected, self.scenario.calendar)
        self._met[i].append(met_in(num, den, low, high))

    def table(self) -> KpiTable:
        """The table of what was added; at least one replication."""
        n = len(self)
        return KpiTable(
            measures=self.measures,
            keys=self.keys,
            totals=np.stack(self._totals),
            quantile_keys=self.quantile_keys,
            quantiles=np.array(self._quantiles, dtype=np.float64).reshape(n, -1),
            durations={
                key: Durations(Histogram.sum(self._pooled[key]), tuple(rows))
                for key, rows in self._rows.items()
            },
            interval_keys=self.interval_keys,
            cuts={by: TimeSums(groups, self.sums[by].copy()) for by, groups in self.groups.items()},
            flows={
                passage: np.array([flows.get(passage, 0) for flows in self._flows], np.float64)
                for passage in sorted({passage for flows in self._flows for passage in flows})
            },
            met={i: np.array(rows, dtype=np.float64) for i, rows in self._met.items()},
        )


def _asked(quantile_keys: Sequence[str]) -> Asked:
    """Which quantiles are read from each histogram, and where they go."""
    asked: Asked = {}
    for column, key in enumerate(quantile_keys):
        of, p = quantile_of(key)
        columns, ps = asked.setdefault(of, ([], []))
        columns.append(column)
        ps.append(p)
    return asked
