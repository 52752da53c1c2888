"""The shape of a day: when, within a local day, its contacts come.

Weights belong to equal steps of the wall clock. On the two odd days of a year a step that the clock
skips gives its weight to its neighbours, half each, and one that comes twice spreads it over both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.draws import Purpose, uniforms
from ccsim.numerics.elementary import exact_sum
from ccsim.scenario.clock import DAY, LocalClock, Stretch
from ccsim.scenario.tables.timetables import column_for

if TYPE_CHECKING:
    from ccsim.scenario.schema import Arrivals
    from ccsim.scenario.tables.files import FileTable


@dataclass(frozen=True, slots=True)
class DayProfile:
    """A distribution of instants over a day, uniform within each piece."""

    starts: NDArray[np.int64]  # (pieces,) us since the day's start
    lengths: NDArray[np.int64]  # (pieces,) us
    cumulated: NDArray[np.float64]  # (pieces + 1,) from 0 to 1


Channels = Mapping[str, tuple[float, DayProfile]]  # of a day, each with its share and its shape


class ChannelsOfDays:
    """The channels of several kinds of days, in which many contacts are looked up at once."""

    def __init__(self, kinds: Sequence[Channels], queue_of: Mapping[str, int]) -> None:
        self._most = max((len(kind) for kind in kinds), default=1)
        self._limits = np.full((len(kinds), self._most - 1), np.inf)
        self._queue = np.zeros((len(kinds), self._most), dtype=np.int32)
        profiles = [profile for kind in kinds for _, profile in kind.values()]
        pieces = max((len(profile.starts) for profile in profiles), default=1)
        self._width = 1 << (pieces - 1).bit_length()
        # Rows of pieces, those of the first kind's channels before those of the next kind's; the
        # pieces that fill a row up begin above all numbers.
        shape = (len(kinds), self._most, self._width)
        self._above, self._share = np.full(shape, np.inf), np.ones(shape)
        self._start, self._length = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, kind in enumerate(kinds):
            self._limits[row, : len(kind) - 1] = np.cumsum([share for share, _ in kind.values()])[
                :-1
            ]
            self._queue[row, : len(kind)] = [queue_of[channel] for channel in kind]
            for place, (_, profile) in enumerate(kind.values()):
                own = row, place, slice(len(profile.starts))
                self._above[own] = profile.cumulated[:-1]
                self._share[own] = np.diff(profile.cumulated)
                self._start[own], self._length[own] = profile.starts, profile.lengths

    def looked_up(
        self, kind: NDArray[np.intp], keys: NDArray[np.uint64], u: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """When contacts come, us since the start of their day, and into which queue. Given are the
        kind of the day of each, its key, which draws the channel, and u in [0, 1), at which the
        channel's profile is taken; instants are rounded down."""
        place = np.zeros(len(u), dtype=np.intp)
        if self._most > 1:
            drawn = uniforms(keys, Purpose.CHANNEL)
            for limits in self._limits.T:
                place += limits[kind] <= drawn
        piece = (kind * self._most + place) * self._width
        above, step = self._above.ravel(), self._width // 2
        while step:  # the last piece that begins at u or below
            piece += step * (above[piece + step] <= u)
            step //= 2
        within = (u - above[piece]) / self._share.ravel()[piece]
        length = self._length.ravel()[piece]
        at = np.minimum((within * length).astype(np.int64), length - 1)
        at += self._start.ravel()[piece]
        return at, self._queue[kind, place]


def weights_of(
    shape: str | tuple[float, ...], weekday: str, files: Mapping[str, FileTable]
) -> NDArray[np.float64]:
    """The weights by step of a day for a weekday.

    `shape` is `flat`, a list of weights, or the name of a file: a row for each step from midnight
    on and a column of weights for each weekday (`mon`, `mon-fri`, or `daily` for all); a first
    column `time` is for the reader. Raises ValueError in words for what is not a shape.
    """
    if shape == "flat":
        return np.ones(1)
    if isinstance(shape, str):
        column = column_for(weekday, tuple(files[shape].columns))
        if column is None:
            raise ValueError(f"{shape} has no column for {weekday}")
        try:
            weights = np.array(files[shape].columns[column], dtype=np.float64)
        except ValueError:
            raise ValueError(
                f"{shape}: column {column} holds something else than numbers"
            ) from None
    else:
        weights = np.asarray(shape, dtype=np.float64)
    if not len(weights) or 86_400 % len(weights):
        raise ValueError(f"{len(weights)} weights do not divide a day into equal steps of seconds")
    if bool(np.any(~np.isfinite(weights))) or bool(np.any(weights < 0.0)):
        raise ValueError("weights are numbers from 0")
    return weights


def day_profile(clock: LocalClock, day: int, weights: NDArray[np.float64]) -> DayProfile | None:
    """The profile of one day from its weights; None if they are all 0."""
    whole = exact_sum(weights)
    if whole <= 0.0:
        return None
    step = DAY // len(weights)
    pieces = [piece for stretch in clock.stretches(day) for piece in _pieces(stretch, step)]
    starts = np.array([start for start, _, _ in pieces], dtype=np.int64)
    lengths = np.array([length for _, length, _ in pieces], dtype=np.int64)
    steps = np.array([k for _, _, k in pieces], dtype=np.int64)
    covered = np.bincount(steps, weights=lengths, minlength=len(weights))
    moved = _moved_to_neighbours(weights / whole, covered > 0.0)
    share = moved[steps] * lengths / covered[steps]
    cumulated = np.concatenate(([0.0], np.cumsum(share)))
    return DayProfile(starts - clock.day_start_us(day), lengths, cumulated / cumulated[-1])


def channels_of_day(
    arrivals: Arrivals,
    shares: Mapping[str, float],
    files: Mapping[str, FileTable],
    clock: LocalClock,
    day: int,
) -> dict[str, tuple[float, DayProfile]]:
    """The channels through which contacts come on a day, each with its share and its shape.

    A channel whose weights are all 0 on the weekday takes nobody: its share goes to the others.
    Raises ValueError in words where no channel has any weight.
    """
    weekday = clock.demand_weekday(day)
    profiles = {}
    for channel in shares:
        shape = arrivals.shape
        if isinstance(shape, Mapping):
            shape = shape.get(channel, "flat")
        profile = day_profile(clock, day, weights_of(shape, weekday, files))
        if profile is not None and shares[channel] > 0.0:
            profiles[channel] = profile
    if not profiles:
        raise ValueError(f"contacts come on {weekday}, but all weights are 0")
    total = exact_sum(shares[channel] for channel in profiles)
    return {channel: (shares[channel] / total, profile) for channel, profile in profiles.items()}


def _pieces(stretch: Stretch, step: int) -> list[tuple[int, int, int]]:
    """(start, length, step number) of the parts of steps in an even stretch of the clock."""
    end = stretch.wall + stretch.until - stretch.start
    shift = stretch.start - stretch.wall
    out = []
    for k in range(stretch.wall // step, -(-end // step)):
        a, b = max(k * step, stretch.wall), min((k + 1) * step, end)
        out.append((a + shift, b - a, k))
    return out


def _moved_to_neighbours(
    weights: NDArray[np.float64], exists: NDArray[np.bool_]
) -> NDArray[np.float64]:
    out = np.where(exists, weights, 0.0)
    there = np.flatnonzero(exists)
    for k in np.flatnonzero(~exists).tolist():
        before, after = there[there < k][-1:], there[there > k][:1]
        neighbours = np.concatenate((before, after))
        out[neighbours] += weights[k] / len(neighbours)
    return out
