"""Arrivals of one replication: how many customers come, when, and through which channel.

Each contact type makes its own, day by day: a Poisson process whose expected number is the day's
volume (weekday x growth x season x busyness, and campaigns) and whose instants follow the day's
shape, both by inversion; incidents come beside it.

Everything about the customer number j of a day (its instant within the day's shape, its key, hence
its channel, patience and effort) depends on the replication, the type, the day and j alone. A day
with more volume has the same customers and some more; no other day and no other type moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import ScenarioError, ScenarioProblems
from ccsim.network.draws import Purpose, contact_keys, name_key, root_key, uniform, uniforms
from ccsim.network.hours import opening_hours
from ccsim.network.names import entry_name
from ccsim.network.spreads import Spreads
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.conversations import BACKLOG
from ccsim.workload.backlog import backlog_of
from ccsim.workload.lists import list_of
from ccsim.workload.model import Workload, concatenated, in_order, without_history
from ccsim.workload.poisson import DayStream, poisson_counts
from ccsim.workload.profiles import DayProfile, channels_of_day
from ccsim.workload.segments import Segments
from ccsim.workload.strata import Strata
from ccsim.workload.surges import campaign_volume, incident_instants, season_factor
from ccsim.workload.trace import Trace, read_trace
from ccsim.workload.within_day import factors_within_day, swung

if TYPE_CHECKING:
    from ccsim.network.model import Network
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import Arrivals, ContactType, Incident

CHANNELS = ("phone", "chat", "messaging", "social", "email", "tickets")
DAYS_OF = {"week": 7.0, "month": 30.4375, "year": 365.25}
ORDINALS_PER_DAY = 1 << 32  # ordinals of a day begin at day x this, whatever came before


def make_workload(
    design: Design,
    network: Network,
    seed: int,
    replication: int,
    first_attempt_share: Mapping[str, float] | None = None,
    antithetic: bool = False,
) -> Workload:
    """The arrivals of one replication, sorted by (instant, type's place in the file, ordinal).

    `first_attempt_share` says, by type or by `type.channel`, which part of the stated volume are
    first attempts (1 where it is silent): for types whose `counts` is `offered`. `antithetic` turns
    every u into 1 - u, in the arrivals and in all later draws about the same contacts.
    Raises ScenarioProblems for files that do not hold what the scenario says.
    """
    return Demand(design, network, first_attempt_share).workload(seed, replication, antithetic)


class Demand:
    """What the workloads of a design have in common over its replications, made once.

    May be asked by several threads at a time. The arguments are those of `make_workload`.
    """

    def __init__(
        self, design: Design, network: Network, first_attempt_share: Mapping[str, float] | None
    ) -> None:
        clock = LocalClock(design.scenario.calendar)
        queues = {queue.name: index for index, queue in enumerate(network.queues)}
        self._network = network
        self._is_stratified = design.scenario.run.stratify is not None
        self._expected = [
            _Expected(design, name, contact, clock, queues, first_attempt_share or {})
            for name, contact in design.scenario.contacts.items()
        ]

    def workload(self, seed: int, replication: int, antithetic: bool = False) -> Workload:
        """That of one replication. Raises ScenarioProblems as `make_workload` does."""
        root = root_key(seed, replication)
        strata = Strata(seed, replication) if self._is_stratified else None
        parts = []
        for expected in self._expected:
            source = _Source(expected, root, antithetic, strata)
            parts.append(source.rows())
            if expected.contact.outbound is not None:
                parts.append(source.listed())
            parts += source.left_over(self._network)
        # parts are in the order of types, then ordinals
        return in_order(concatenated(parts))


def expected_volume(arrivals: Arrivals, clock: LocalClock, day: int) -> float:
    """Contacts expected on a day as stated: weekday x growth x season, and campaigns. 0 for a
    trace; incidents are apart."""
    per_day = arrivals.per_day or 0.0
    volume = per_day.get(clock.demand_weekday(day), 0.0) if isinstance(per_day, dict) else per_day
    if arrivals.growth is not None:
        rate, period = arrivals.growth
        volume *= (1.0 + rate) ** (day / DAYS_OF[period])
    volume *= season_factor(arrivals.season, clock, day)
    return float(volume) + campaign_volume(arrivals, clock, day)


def channel_shares(contact: ContactType) -> dict[str, float]:
    """The share of a type's contacts by channel, in the order of the file; they total 1."""
    stated = contact.arrivals.by_channel
    if stated is None:
        channels = [c for c in CHANNELS if getattr(contact, c) is not None]
        return {channel: 1.0 / len(channels) for channel in channels}
    rest = 1.0 - sum(share for share in stated.values() if share != "rest")
    return {c: max(rest, 0.0) if share == "rest" else share for c, share in stated.items()}


def busyness_factor(
    contact: ContactType,
    name: str,
    root: int,
    day: int,
    mirror: bool,
    strata: Strata | None = None,
) -> float:
    """The day's factor: gamma with mean 1 and the stated cv, by inversion of one uniform, which
    `strata` moves where replications share out the busyness."""
    busyness = contact.arrivals.busyness
    if busyness is None or busyness.cv == 0.0:
        return 1.0
    from scipy.special import gammaincinv

    key = name_key(root, "busyness", busyness.shared or name, day) >> 1 << 1
    u = uniform(key | int(mirror), 0, 0, Purpose.FIRST_WORKLOAD)
    if strata is not None:
        u = strata.moved(u, busyness.shared or name, day)
    shape = busyness.cv**-2
    return float(gammaincinv(shape, u)) / shape


class _Expected:
    """What is expected of one contact type, whatever the replication."""

    def __init__(
        self,
        design: Design,
        name: str,
        contact: ContactType,
        clock: LocalClock,
        queues: Mapping[str, int],
        first_attempt_share: Mapping[str, float],
    ) -> None:
        self.design, self.name, self.contact, self.clock = design, name, contact, clock
        self.queues = queues
        self.stated = channel_shares(contact)
        self.segments = Segments(design.scenario, name, queues)
        self.queue_of = {
            channel: queues[entry_name(design.scenario, name, channel)] for channel in self.stated
        }
        default = first_attempt_share.get(name, 1.0)
        kept = {
            channel: share * first_attempt_share.get(f"{name}.{channel}", default)
            for channel, share in self.stated.items()
        }
        self.first_attempts = sum(kept.values())
        """The part of the stated volume that are first attempts."""
        total = self.first_attempts or 1.0
        self.shares = {channel: share / total for channel, share in kept.items()}
        """The share of the first attempts by channel."""
        self._channels: dict[tuple[str, int], dict[str, tuple[float, DayProfile]]] = {}

    @cached_property
    def volumes(self) -> tuple[float, ...]:
        """Contacts expected on each day, as stated."""
        days = range(self.clock.days)
        return tuple(expected_volume(self.contact.arrivals, self.clock, day) for day in days)

    def channels(self, day: int) -> dict[str, tuple[float, DayProfile]]:
        """Shares and shapes of a day's channels; equal for equal weekdays but for DST days.

        A thread that finds them anew finds the same: they need no lock.
        """
        odd = len(self.clock.stretches(day)) > 1
        kind = (self.clock.demand_weekday(day), day if odd else -1)
        known = self._channels.get(kind)
        if known is None:
            try:
                known = channels_of_day(
                    self.contact.arrivals, self.shares, self.design.files, self.clock, day
                )
            except ValueError as problem:
                raise self.problem("shape", str(problem)) from None
            self._channels[kind] = known
        return known

    def problem(self, field: str, message: str) -> ScenarioProblems:
        """Something wrong with a field of the type's arrivals, at its place in the file."""
        path = f"contacts.{self.name}.arrivals.{field}"
        file, line, column = self.design.places.get(path, (self.design.name, 0, 0))
        return ScenarioProblems([ScenarioError(str(file), line, column, path, message)])


class _Source:
    """The arrivals of one contact type in one replication."""

    def __init__(
        self, expected: _Expected, root: int, antithetic: bool, strata: Strata | None
    ) -> None:
        self.expected, self.root = expected, root
        self.antithetic, self.strata = antithetic, strata
        self.design, self.name = expected.design, expected.name
        self.contact, self.clock = expected.contact, expected.clock
        self.queue_of = expected.queue_of
        self._queues, self._segments = expected.queues, expected.segments

    def listed(self) -> Workload:
        """The customers of a campaign's list."""
        outbound = self.contact.outbound
        assert outbound is not None
        hours = opening_hours(self.design.scenario, self.clock, "outbound")
        found = list_of(
            outbound, self.name, hours, self.clock, self._queues, self.root, self.antithetic
        )
        return without_history(found.at, found.queue, found.key)

    def left_over(self, network: Network) -> list[Workload]:
        """The backlogs of the type, channel by channel."""
        found = []
        for channel in self.expected.stated:
            backlog = getattr(self.contact, channel).backlog
            number = self._queues.get(f"{self.name}.{channel}@{BACKLOG}")
            if backlog is None or number is None:
                continue
            spreads = Spreads(self.design)
            name = f"{self.name}.{channel}"
            queue = network.queues[number]
            own = backlog_of(backlog, name, queue, spreads, self.root, self.antithetic)
            at = np.zeros(len(own.key), dtype=np.int64)
            placed = self._segments.placed(np.full(len(at), number, dtype=np.int32), own.key)
            rows = without_history(at, placed, own.key)
            found.append(replace(rows, head_start=own.head_start))
        return found

    def rows(self) -> Workload:
        if self.contact.arrivals.trace is not None:
            return self._from_trace(self.contact.arrivals.trace)
        if self.expected.first_attempts <= 0.0:
            return concatenated([])
        means = np.array([self._mean_of_day(day) for day in range(self.clock.days)])
        means *= self.expected.first_attempts
        stream_key = name_key(self.root, "arrivals", self.name)
        streams = [DayStream(stream_key, d, self.antithetic) for d in range(self.clock.days)]
        first = np.array([stream.next(1)[0] for stream in streams])
        counts = poisson_counts(means / self.contact.arrivals.group, first)
        everyday = [
            self._day(day, stream.next(count))
            for day, (stream, count) in enumerate(zip(streams, counts.tolist(), strict=True))
            if count
        ]
        incident = self.contact.arrivals.incident
        return concatenated(everyday + (self._of_incidents(incident) if incident else []))

    def _of_incidents(self, incident: Incident) -> list[Workload]:
        """The contacts of each day's incident; their ordinals are the upper half of the day's."""
        found, shares = [], self.expected.shares
        for day in range(self.clock.days):
            at = incident_instants(incident, self.name, self.clock, day, self.root, self.antithetic)
            begin = day * ORDINALS_PER_DAY + ORDINALS_PER_DAY // 2
            keys = contact_keys(self.root, self.name, len(at), start=begin)
            if self.antithetic:
                keys = keys | np.uint64(1)
            kept = at < self.clock.horizon_us
            picked = _picked(uniforms(keys[kept], Purpose.CHANNEL), list(shares.values()))
            queue = np.array([self.queue_of[c] for c in shares], dtype=np.int32)[picked]
            placed = self._segments.placed(queue, keys[kept])
            found.append(without_history(at[kept], placed, keys[kept]))
        return found

    def _mean_of_day(self, day: int) -> float:
        volume = self.expected.volumes[day]
        if volume == 0.0:
            return 0.0
        factor = busyness_factor(
            self.contact, self.name, self.root, day, self.antithetic, self.strata
        )
        return volume * factor * self._swung(day)[0]

    def _swung(self, day: int) -> tuple[float, Mapping[str, tuple[float, DayProfile]]]:
        """The factor that the day's swings give its volume; the channels' shares and shapes."""
        busyness = self.contact.arrivals.busyness
        if busyness is None or busyness.within_day is None:
            return 1.0, self.expected.channels(day)
        length = self.clock.day_start_us(day + 1) - self.clock.day_start_us(day)
        factors = factors_within_day(busyness, self.name, self.root, day, length, self.antithetic)
        channels = self.expected.channels(day)
        return (1.0, channels) if factors is None else swung(channels, factors)

    def _day(self, day: int, u: NDArray[np.float64]) -> Workload:
        """The contacts of a day; `u` has one number for each group that comes together."""
        group = self.contact.arrivals.group
        keys = contact_keys(self.root, self.name, len(u) * group, start=day * ORDINALS_PER_DAY)
        if self.antithetic:
            keys = keys | np.uint64(1)
        _, channels = self._swung(day)
        at, queue = self._instants(u, keys[::group], channels)
        at += self.clock.day_start_us(day)
        if group > 1:
            at, queue = np.repeat(at, group), np.repeat(queue, group)
        return in_order(without_history(at, self._segments.placed(queue, keys), keys))

    def _instants(
        self,
        u: NDArray[np.float64],
        keys: NDArray[np.uint64],
        channels: Mapping[str, tuple[float, DayProfile]],
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """When within the day each group comes, and where to. Those who come together come through
        one channel: that of the first one, whose keys are given."""
        queues = np.array([self.queue_of[channel] for channel in channels], dtype=np.int32)
        profiles = [profile for _, profile in channels.values()]
        if len(profiles) == 1:
            return profiles[0].instants(u), np.full(len(u), queues[0])
        picked = _picked(uniforms(keys, Purpose.CHANNEL), [share for share, _ in channels.values()])
        at = np.empty(len(u), dtype=np.int64)
        for number, profile in enumerate(profiles):
            mine = picked == number
            at[mine] = profile.instants(u[mine])
        return at, queues[picked]

    def _from_trace(self, path: str) -> Workload:
        try:
            trace = read_trace(self.design.files[path], self.clock)
        except ValueError as problem:
            raise self.expected.problem("trace", f"{path}: {problem}") from None
        last = int(trace.row[-1]) + 1 if len(trace.row) else 0
        keys = contact_keys(self.root, self.name, last)[trace.row]
        if self.antithetic:
            keys = keys | np.uint64(1)
        placed = self._segments.placed(self._trace_queues(trace, path, keys), keys)
        rows = without_history(trace.at, placed, keys)
        return replace(rows, work=trace.work, patience=trace.patience, head_start=trace.head_start)

    def _trace_queues(self, trace: Trace, path: str, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        unknown = sorted(set(trace.channel) - set(self.queue_of) - {""})
        if unknown:
            raise self.expected.problem(
                "trace", f"{path}: {self.name} does not come by '{unknown[0]}'"
            )
        queues = np.array(list(self.queue_of.values()), dtype=np.int32)
        drawn = queues[
            _picked(uniforms(keys, Purpose.CHANNEL), list(self.expected.stated.values()))
        ]
        stated = [self.queue_of.get(channel, -1) for channel in trace.channel]
        return np.where(np.array(stated, dtype=np.int32) >= 0, stated, drawn).astype(np.int32)


def _picked(u: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.int64]:
    """The first share whose cumulated sum is above u; the last one where rounding leaves none."""
    cumulated = np.cumsum(shares)
    return np.minimum(np.searchsorted(cumulated, u, side="right"), len(shares) - 1)
