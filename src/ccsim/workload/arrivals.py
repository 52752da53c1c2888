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
from ccsim.network.draws import Purpose, contact_keys, keys_of, name_key, root_key, uniforms
from ccsim.network.hours import opening_hours
from ccsim.network.names import entry_name
from ccsim.network.spreads import Spreads
from ccsim.numerics.elementary import exact_sum
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.conversations import BACKLOG
from ccsim.workload.backlog import backlog_of
from ccsim.workload.lists import list_of
from ccsim.workload.model import Workload, merged, without_history
from ccsim.workload.poisson import DayStreams, poisson_counts
from ccsim.workload.profiles import Channels, ChannelsOfDays, channels_of_day
from ccsim.workload.segment_shares import Segments
from ccsim.workload.strata import Strata
from ccsim.workload.surges import incident_instants
from ccsim.workload.trace import Trace, read_trace
from ccsim.workload.volumes import busyness_factors, channel_shares, expected_volume
from ccsim.workload.within_day import factors_within_days, swung

if TYPE_CHECKING:
    from ccsim.network.model import Hours, Network
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import ContactType

AT_A_TIME = 1 << 16  # contacts that are made together: whole days, one at least
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
        self._is_stratified = design.scenario.run.stratify is not None
        self._expected = [
            _Expected(design, name, contact, clock, queues, first_attempt_share or {})
            for name, contact in design.scenario.contacts.items()
        ]

    def workload(self, seed: int, replication: int, antithetic: bool = False) -> Workload:
        """That of one replication. Raises ScenarioProblems as `make_workload` does."""
        root = root_key(seed, replication)
        strata = Strata(seed, replication) if self._is_stratified else None
        sources = [_Source(expected, root, antithetic, strata) for expected in self._expected]
        means, u = zip(*(source.days() for source in sources), strict=True)
        # the days of all types together: many times quicker than one type after another
        counts = poisson_counts(np.concatenate(means), np.concatenate(u))
        ends = np.cumsum([len(days) for days in means])
        parts: list[Workload] = []
        for source, own in zip(sources, np.split(counts, ends[:-1]), strict=True):
            parts += source.rows(own)
            parts += source.listed()
            parts += source.left_over()
        # parts are in the order of types, then ordinals
        return merged(parts)


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
        self.first_attempts = exact_sum(kept.values())
        """The part of the stated volume that are first attempts."""
        total = self.first_attempts or 1.0
        self.shares = {channel: share / total for channel, share in kept.items()}
        """The share of the first attempts by channel."""
        busyness = contact.arrivals.busyness
        self.swings = busyness is not None and busyness.within_day is not None
        """Whether the rate wanders within a day."""

    @cached_property
    def volumes(self) -> NDArray[np.float64]:
        """First attempts expected on each day as stated; none where a trace says who comes."""
        arrivals, days = self.contact.arrivals, range(self.clock.days)
        if arrivals.trace is not None or self.first_attempts <= 0.0:
            return np.zeros(len(days))
        return np.array([expected_volume(arrivals, self.clock, day) for day in days])

    @cached_property
    def days(self) -> NDArray[np.int64]:
        """The days on which somebody is expected."""
        return np.flatnonzero(self.volumes)

    @cached_property
    def channels(self) -> tuple[tuple[Channels, ...], NDArray[np.intp]]:
        """Shares and shapes of the channels on days of several kinds; the kind of each of `days`.
        Equal weekdays are of one kind, but for DST days."""
        numbers: dict[tuple[str, int], int] = {}
        kinds: list[Channels] = []
        found = []
        for day in self.days.tolist():
            odd = len(self.clock.stretches(day)) > 1
            kind = (self.clock.demand_weekday(day), day if odd else -1)
            if kind not in numbers:
                numbers[kind] = len(kinds)
                kinds.append(self._channels_of(day))
            found.append(numbers[kind])
        return tuple(kinds), np.array(found, dtype=np.intp)

    @cached_property
    def known(self) -> ChannelsOfDays:
        """The `channels` as stated, for looking contacts up."""
        return ChannelsOfDays(self.channels[0], self.queue_of)

    @cached_property
    def trace(self) -> Trace:
        """The log that says who comes."""
        path = self.contact.arrivals.trace
        assert path is not None
        try:
            trace = read_trace(self.design.files[path], self.clock)
        except ValueError as problem:
            raise self.problem("trace", f"{path}: {problem}") from None
        unknown = sorted(set(trace.channel) - set(self.queue_of) - {""})
        if unknown:
            raise self.problem("trace", f"{path}: {self.name} does not come by '{unknown[0]}'")
        return trace

    @cached_property
    def stated_queues(self) -> NDArray[np.int32]:
        """The queue of each row of the `trace`; -1 where the log is silent about the channel."""
        stated = [self.queue_of.get(channel, -1) for channel in self.trace.channel]
        return np.array(stated, dtype=np.int32)

    @cached_property
    def calling_hours(self) -> Hours | None:
        """When customers on lists are called; None is always."""
        return opening_hours(self.design.scenario, self.clock, "outbound")

    def _channels_of(self, day: int) -> Channels:
        arrivals = self.contact.arrivals
        try:
            return channels_of_day(arrivals, self.shares, self.design.files, self.clock, day)
        except ValueError as problem:
            raise self.problem("shape", str(problem)) from None

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
        self._streams = DayStreams(name_key(root, "arrivals", self.name), antithetic)
        self._swings = self._swung() if expected.swings else None

    def listed(self) -> list[Workload]:
        """The customers of a campaign's list."""
        outbound = self.contact.outbound
        if outbound is None:
            return []
        hours, mirror = self.expected.calling_hours, self.antithetic
        found = list_of(outbound, self.name, hours, self.clock, self._queues, self.root, mirror)
        return [without_history(found.at, found.queue, found.key)]

    def left_over(self) -> list[Workload]:
        """The backlogs of the type, channel by channel."""
        found = []
        for channel in self.expected.stated:
            backlog = getattr(self.contact, channel).backlog
            number = self._queues.get(f"{self.name}.{channel}@{BACKLOG}")
            if backlog is None or number is None:
                continue
            spreads = Spreads(self.design)
            name = f"{self.name}.{channel}"
            own = backlog_of(backlog, name, spreads, self.root, self.antithetic)
            at = np.zeros(len(own.key), dtype=np.int64)
            placed = self._segments.placed(np.full(len(at), number, dtype=np.int32), own.key)
            rows = without_history(at, placed, own.key)
            found.append(replace(rows, head_start=own.head_start))
        return found

    def days(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How many groups are expected on each of the days, and the uniform number that decides how
        many come."""
        expected = self.expected
        days = expected.days.tolist()
        means = expected.volumes[expected.days] * busyness_factors(
            self.contact, self.name, self.root, days, self.antithetic, self.strata
        )
        if self._swings is not None:
            means *= [factor for factor, _ in self._swings]
        means *= expected.first_attempts
        return means / self.contact.arrivals.group, self._streams.numbers(days, [1] * len(days))

    def rows(self, counts: NDArray[np.int64]) -> list[Workload]:
        """Who comes; `counts` are the groups of each of the days."""
        if self.contact.arrivals.trace is not None:
            return [self._from_trace()]
        some = np.flatnonzero(counts)
        block = (np.cumsum(counts[some]) - 1) // AT_A_TIME
        parts = np.split(some, np.flatnonzero(np.diff(block)) + 1)
        return [*(self._on_days(part, counts[part]) for part in parts), *self._of_incidents()]

    def _on_days(self, numbers: NDArray[np.intp], counts: NDArray[np.int64]) -> Workload:
        """Who comes on days with these numbers among the days on which somebody is expected;
        `counts` are the groups of each, none of them 0."""
        expected, group = self.expected, self.contact.arrivals.group
        days = expected.days[numbers]
        u = self._streams.numbers(days.tolist(), counts.tolist(), first=1)
        number = np.repeat(np.arange(len(days)), counts)  # of the day of each group
        contacts = counts * group
        first = days * ORDINALS_PER_DAY - (np.cumsum(contacts) - contacts)
        ordinals = np.arange(len(u) * group) + np.repeat(first, contacts)
        keys = keys_of(self.root, self.name, ordinals.view(np.uint64))
        if self.antithetic:
            keys |= np.uint64(1)
        # those who come together come through one channel: that of the first one
        if self._swings is None:
            kinds = expected.channels[1][numbers]
            at, queue = expected.known.looked_up(kinds[number], keys[::group], u)
        else:
            swung = [self._swings[day][1] for day in numbers.tolist()]
            at, queue = ChannelsOfDays(swung, self.queue_of).looked_up(number, keys[::group], u)
        at += self.clock.day_starts[days][number]
        if group > 1:
            at, queue = np.repeat(at, group), np.repeat(queue, group)
        return without_history(at, self._segments.placed(queue, keys), keys)

    def _of_incidents(self) -> list[Workload]:
        """The contacts of each day's incident; their ordinals are the upper half of the day's."""
        incident, shares = self.contact.arrivals.incident, self.expected.shares
        if incident is None or self.expected.first_attempts <= 0.0:
            return []
        found = []
        for day in range(self.clock.days):
            at = incident_instants(incident, self.name, self.clock, day, self.root, self.antithetic)
            if not len(at):
                continue
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

    def _swung(self) -> list[tuple[float, Channels]]:
        """The factors that the days' swings give their volumes; the channels' shares and shapes."""
        busyness, expected = self.contact.arrivals.busyness, self.expected
        assert busyness is not None
        kinds, kind = expected.channels
        days = expected.days.tolist()
        lengths = [self.clock.day_start_us(d + 1) - self.clock.day_start_us(d) for d in days]
        factors = factors_within_days(
            busyness, self.name, self.root, days, lengths, self.antithetic
        )
        if factors is None:
            return [(1.0, kinds[own]) for own in kind.tolist()]
        return [
            swung(kinds[own], factor) for own, factor in zip(kind.tolist(), factors, strict=True)
        ]

    def _from_trace(self) -> Workload:
        trace = self.expected.trace
        last = int(trace.row[-1]) + 1 if len(trace.row) else 0
        keys = contact_keys(self.root, self.name, last)[trace.row]
        if self.antithetic:
            keys = keys | np.uint64(1)
        placed = self._segments.placed(self._trace_queues(keys), keys)
        rows = without_history(trace.at, placed, keys)
        return replace(rows, work=trace.work, patience=trace.patience, head_start=trace.head_start)

    def _trace_queues(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        queues = np.array(list(self.queue_of.values()), dtype=np.int32)
        drawn = queues[
            _picked(uniforms(keys, Purpose.CHANNEL), list(self.expected.stated.values()))
        ]
        stated = self.expected.stated_queues
        return np.where(stated >= 0, stated, drawn)


def _picked(u: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.int64]:
    """The first share whose cumulated sum is above u; the last one where rounding leaves none."""
    cumulated = np.cumsum(shares)
    return np.minimum(np.searchsorted(cumulated, u, side="right"), len(shares) - 1)
