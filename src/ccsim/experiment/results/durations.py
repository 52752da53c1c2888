"""Distributions of durations over replications, small enough to keep for every replication.

A quantile's value comes from all replications pooled, in the fine bins of the measures (1/512 of a
value). Its interval needs the distribution of each replication, for which wider bins (1/32 of a
value) do: what is read from them is a share of contacts, interpolated inside a bin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.histogram import Histogram, Histograms, lowest_of, width_of
from ccsim.statistics.values import Pool

COARSER = 4  # bits: neighbouring bins 16k .. 16k + 15 become one
Row = tuple[NDArray[np.int32], NDArray[np.int32]]  # bins (ascending) and counts of a replication
_NONE = np.empty(0, np.int32)


@dataclass(frozen=True, eq=False)
class Durations:
    """The durations behind one quantile measure: pooled finely, and by replication coarsely."""

    pooled: Histogram
    rows: tuple[Row, ...]

    def pool(self) -> Pool:
        """Counts and edges (us) of all replications together."""
        return self.pooled.counts.astype(np.float64), _edges(self.pooled.bins, self.pooled.bins)

    def within(self, at_us: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, times): how many durations of each replication do not exceed each time, us.

        Linear inside a wide bin, then scaled so that all replications together are as many as the
        fine bins say.
        """
        edges, (counts,) = dense(self.rows)
        pooled, fine = self.pool()
        by_replication = counts @ _reached(edges, at_us)
        total = by_replication.sum(axis=0)
        exact = pooled @ _reached(fine, at_us)
        factor = np.divide(exact, total, out=np.ones_like(total), where=total > 0)
        most = counts.sum(axis=1, keepdims=True)
        found: NDArray[np.float64] = np.minimum(by_replication * factor, most)
        return found

    @staticmethod
    def empty(replications: int) -> Durations:
        return Durations(Histogram.empty(), ((_NONE, _NONE),) * replications)


def coarse(histograms: Histograms) -> tuple[Row, ...]:
    """Each histogram of a replication in the wider bins."""
    whose = np.repeat(np.arange(len(histograms)), histograms.sizes)
    wide = histograms.bins >> COARSER
    first = np.flatnonzero((np.diff(wide, prepend=-1) != 0) | (np.diff(whose, prepend=-1) != 0))
    if not len(first):
        return ((_NONE, _NONE),) * len(histograms)
    bins = wide[first].astype(np.int32)
    counts = np.add.reduceat(histograms.counts, first).astype(np.int32)
    ends = np.searchsorted(whose[first], np.arange(len(histograms) + 1)).tolist()
    return tuple((bins[a:b], counts[a:b]) for a, b in pairwise(ends))


def dense(
    *tables: Sequence[Row],
) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """The edges (bins, 2) in us of the wide bins that any replication uses, and for each table the
    counts as (n, bins)."""
    used = [bins for table in tables for bins, _ in table]
    bins = np.unique(np.concatenate(used)) if used else np.empty(0, np.int32)
    counts = []
    for table in tables:
        matrix = np.zeros((len(table), len(bins)))
        for line, (its_bins, its_counts) in zip(matrix, table, strict=True):
            line[np.searchsorted(bins, its_bins)] = its_counts
        counts.append(matrix)
    lowest = bins.astype(np.int64) << COARSER
    return _edges(lowest, lowest + (1 << COARSER) - 1), counts


def flat(durations: Durations) -> tuple[NDArray[np.int64], NDArray[np.int64], list[int]]:
    """Bins and counts of the pool and then of every replication in one row, and how many each has.

    Bins of replications are named by the lowest fine bin that they hold.
    """
    rows = durations.rows
    bins = [durations.pooled.bins, *(its.astype(np.int64) << COARSER for its, _ in rows)]
    counts = [durations.pooled.counts, *(its.astype(np.int64) for _, its in rows)]
    return np.concatenate(bins), np.concatenate(counts), [len(its) for its in bins]


def from_flat(bins: NDArray[np.int64], counts: NDArray[np.int64], sizes: list[int]) -> Durations:
    """The reverse of `flat`."""
    ends = np.cumsum([0, *sizes]).tolist()
    parts = [(bins[a:b], counts[a:b]) for a, b in pairwise(ends)]
    rows = tuple(
        ((its >> COARSER).astype(np.int32), how.astype(np.int32)) for its, how in parts[1:]
    )
    return Durations(Histogram(*parts[0]), rows)


def edges_of(bins: NDArray[np.int64], durations: Durations) -> NDArray[np.float64]:
    """The edges (us) of the bins that `flat` gives."""
    last = bins.copy()
    last[len(durations.pooled.bins) :] += (1 << COARSER) - 1
    return _edges(bins, last)


def _reached(edges: NDArray[np.float64], at_us: NDArray[np.float64]) -> NDArray[np.float64]:
    """(bins, times): which part of each bin lies at or below each time."""
    if not len(edges):
        return np.zeros((0, len(at_us)))
    first, last = edges[:, :1], edges[:, 1:]
    return np.clip((at_us - first) / (last - first), 0.0, 1.0)


def _edges(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.float64]:
    """From where to where bins first..last stand, us: the integers lo..hi stand on (lo - 1, hi]."""
    until = lowest_of(last) + width_of(last) - 1
    return np.column_stack([lowest_of(first) - 1, until]).astype(np.float64)
