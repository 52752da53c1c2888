"""KPIs of replications, taken in one after the other, as a table whose memory hardly grows.

By interval only sums over replications are kept, of each cell once, for the cells of one
replication are many. What needs single replications is kept for each: totals, quantiles,
distributions in wide bins, and how many days met an expectation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.experiment.results.cuts import cuts_of
from ccsim.experiment.results.durations import Durations, Row, coarse
from ccsim.experiment.results.expectations import bounds, met_in
from ccsim.experiment.results.table import SECONDS, KpiTable
from ccsim.experiment.results.time_sums import TimeSums
from ccsim.measures.catalogue import describe, known_measures, quantile_of
from ccsim.measures.components import Components
from ccsim.measures.flows import Passage
from ccsim.measures.histogram import Histogram, Histograms
from ccsim.measures.kpis import Kpis

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario


class Tally:
    """The replications of one design, added in their order: sums do not depend on who was first."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.measures = known_measures(scenario)
        self.keys = tuple(key for key in self.measures if describe(key).kind != "quantile")
        self.quantile_keys = tuple(key for key in self.measures if describe(key).kind == "quantile")
        self._asked = [quantile_of(key) for key in self.quantile_keys]
        self.components = Components.of(scenario)
        groups = cuts_of(scenario.calendar)
        self.cuts = {by: TimeSums.empty(each, self.components) for by, each in groups.items()}
        self._shared = False  # the sums are also a table's
        self._totals: list[NDArray[np.float64]] = []
        self._quantiles: list[NDArray[np.float64]] = []
        self._rows: list[tuple[Row, ...]] = []
        self._names: tuple[str, ...] = ()
        self._pooled = np.zeros((0, 0), np.int64)  # (histograms, bins)
        self._flows: list[Mapping[Passage, int]] = []
        self._met: dict[int, list[tuple[float, float]]] = {
            i: [] for i, each in enumerate(scenario.expect) if each.over and each.in_ is not None
        }

    def __len__(self) -> int:
        return len(self._totals)

    def add(self, kpis: Kpis) -> None:
        """Take in the next replication. ValueError where its measures are others."""
        if kpis.keys != self.keys or kpis.components.keys != self.components.keys:
            raise ValueError("replications of one design have the same measures")
        self._totals.append(kpis.totals)
        self._flows.append(kpis.flows)
        self._add_durations(kpis.histograms)
        if self._shared:
            self.cuts = {by: sums.copy() for by, sums in self.cuts.items()}
            self._shared = False
        for sums in self.cuts.values():
            sums.add(kpis.cells)
        for i in self._met:
            self._add_met(i, kpis)

    def _add_durations(self, histograms: Histograms) -> None:
        place = {name: i for i, name in enumerate(histograms.names)}
        which, ps = [place[of] for of, _ in self._asked], [p for _, p in self._asked]
        self._quantiles.append(histograms.quantiles(which, ps) * SECONDS)
        self._rows.append(coarse(histograms))
        self._names = histograms.names
        bins = int(histograms.bins.max(initial=-1)) + 1
        if self._pooled.shape[0] < len(histograms) or self._pooled.shape[1] < bins:
            larger = np.zeros((len(histograms), bins), np.int64)
            larger[: self._pooled.shape[0], : self._pooled.shape[1]] = self._pooled
            self._pooled = larger
        whose = np.repeat(np.arange(len(histograms)), histograms.sizes)
        self._pooled[whose, histograms.bins] += histograms.counts

    def _add_met(self, i: int, kpis: Kpis) -> None:
        expected = self.scenario.expect[i]
        assert expected.over is not None
        groups = self.cuts[expected.over].groups
        num, den = groups.summed(kpis.by_interval(expected.measure))
        if describe(expected.measure).kind == "total":
            den = groups.days
        low, high = bounds(expected, self.scenario.calendar)
        self._met[i].append(met_in(num, den, low, high))

    def table(self) -> KpiTable:
        """The table of what was added; at least one replication."""
        n = len(self)
        self._shared = True
        return KpiTable(
            measures=self.measures,
            keys=self.keys,
            totals=np.stack(self._totals),
            quantile_keys=self.quantile_keys,
            quantiles=np.array(self._quantiles, dtype=np.float64).reshape(n, -1),
            durations={
                key: Durations(_pooled(self._pooled[i]), tuple(rows[i] for rows in self._rows))
                for i, key in enumerate(self._names)
            },
            interval_keys=self.components.keys,
            cuts=self.cuts,
            flows={
                passage: np.array([flows.get(passage, 0) for flows in self._flows], np.float64)
                for passage in sorted({passage for flows in self._flows for passage in flows})
            },
            met={i: np.array(rows, dtype=np.float64) for i, rows in self._met.items()},
        )


def _pooled(counts: NDArray[np.int64]) -> Histogram:
    bins = np.flatnonzero(counts)
    return Histogram(bins, counts[bins])
