"""Counts of durations in bins of bounded relative width, from which quantiles are read.

The bins are those of an HDR histogram: every integer below 1024 us has its own; above, a bin holds
2^e integers and begins at 512 x 2^e or later, so that its width is at most 1/512 of its values.
Two histograms add up to that of the pooled durations, whatever the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

BITS = 9  # bins an octave: 2^9, relative width at most 1/512


def bin_of(durations_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """The bin of each duration (us, >= 0 and below 2^53)."""
    _, exponent = np.frexp(durations_us.astype(np.float64))  # exact below 2^53
    shift = np.maximum(exponent.astype(np.int64) - (BITS + 1), 0)
    return (shift << BITS) + (durations_us >> shift)


def lowest_of(bins: NDArray[np.int64]) -> NDArray[np.int64]:
    """The lowest duration, us, that falls into each bin."""
    shift = _shift_of(bins)
    lowest: NDArray[np.int64] = (bins - (shift << BITS)) << shift
    return lowest


def width_of(bins: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many whole microseconds each bin holds."""
    width: NDArray[np.int64] = np.left_shift(np.int64(1), _shift_of(bins))
    return width


def _shift_of(bins: NDArray[np.int64]) -> NDArray[np.int64]:
    shift: NDArray[np.int64] = np.maximum((bins >> BITS) - 1, 0)
    return shift


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many durations fell into each bin that is not empty.

    Durations are microseconds throughout, also what `quantile` returns and `cdf` takes.
    """

    bins: NDArray[np.int64]  # ascending
    counts: NDArray[np.int64]  # positive, same length

    @staticmethod
    def of(durations_us: NDArray[np.int64]) -> Histogram:
        bins, counts = np.unique(bin_of(durations_us), return_counts=True)
        return Histogram(bins, counts.astype(np.int64))

    @staticmethod
    def empty() -> Histogram:
        return Histogram(np.empty(0, np.int64), np.empty(0, np.int64))

    @staticmethod
    def sum(histograms: Iterable[Histogram]) -> Histogram:
        """The histogram of all durations together."""
        parts = [part for part in histograms if len(part.bins)]
        if not parts:
            return Histogram.empty()
        bins, place = np.unique(np.concatenate([part.bins for part in parts]), return_inverse=True)
        counts = np.zeros(len(bins), np.int64)
        np.add.at(counts, place, np.concatenate([part.counts for part in parts]))
        return Histogram(bins, counts)

    def __add__(self, other: Histogram) -> Histogram:
        return Histogram.sum((self, other))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Histogram):
            return NotImplemented
        return np.array_equal(self.bins, other.bins) and np.array_equal(self.counts, other.counts)

    __hash__ = None  # type: ignore[assignment]  # holds arrays

    @property
    def total(self) -> int:
        """How many durations were counted."""
        return int(self.counts.sum())

    def cdf(self, duration_us: float) -> float:
        """Share of durations <= `duration_us`, linear inside a bin; NaN when there are none."""
        if not len(self.bins):
            return float("nan")
        # A bin of the integers lo..hi stands on (lo - 1, hi]: at hi all of them are counted.
        below = lowest_of(self.bins) - 1
        part = np.clip((duration_us - below) / width_of(self.bins), 0.0, 1.0)
        return float(part @ self.counts) / self.total

    def quantile(self, p: float) -> float:
        """The smallest duration, us, with cdf >= p (0 <= p <= 1); NaN when nothing was counted."""
        return float(self.quantiles([p])[0])

    def quantiles(self, ps: Sequence[float]) -> NDArray[np.float64]:
        """`quantile` of each p."""
        return Histograms.of({"": self}).quantiles([0] * len(ps), ps)


@dataclass(frozen=True, eq=False)
class Histograms(Mapping[str, Histogram]):
    """Several histograms in one row, one after the other; as a mapping, each by its name."""

    names: tuple[str, ...]
    sizes: NDArray[np.int64]  # bins of each that are not empty
    bins: NDArray[np.int64]
    counts: NDArray[np.int64]

    @staticmethod
    def of(histograms: Mapping[str, Histogram]) -> Histograms:
        none = np.empty(0, np.int64)
        return Histograms(
            tuple(histograms),
            np.array([len(each.bins) for each in histograms.values()], np.int64),
            np.concatenate([none, *(each.bins for each in histograms.values())]),
            np.concatenate([none, *(each.counts for each in histograms.values())]),
        )

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each begins, and where the last one ends."""
        return np.concatenate([[0], np.cumsum(self.sizes)])

    def __getitem__(self, name: str) -> Histogram:
        if name not in self.names:
            raise KeyError(name)
        place = self.names.index(name)
        mine = slice(self.starts[place], self.starts[place + 1])
        return Histogram(self.bins[mine], self.counts[mine])

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def quantiles(self, which: Sequence[int], ps: Sequence[float]) -> NDArray[np.float64]:
        """`Histogram.quantile` of each pair of a place and a p. ValueError for a p that is none."""
        wrong = [p for p in ps if not 0.0 <= p <= 1.0]
        if wrong:
            raise ValueError(f"a probability lies between 0 and 1, not {wrong[0]}")
        place = np.asarray(which, np.int64)
        cumulated = np.concatenate([[0], np.cumsum(self.counts)])
        before = cumulated[self.starts[place]]
        total = cumulated[self.starts[place + 1]] - before
        found = np.full(len(place), np.nan)
        some = total > 0
        wanted = (np.asarray(ps, np.float64) * total)[some]
        # by whole numbers, so that those before do not round what is looked for
        rank = np.maximum(np.ceil(wanted), 1).astype(np.int64)
        i = np.searchsorted(cumulated, before[some] + rank) - 1
        bins = self.bins[i]
        part = (wanted - (cumulated[i] - before[some])) / self.counts[i]
        found[some] = np.maximum(0.0, lowest_of(bins) - 1.0 + part * width_of(bins))
        return found
