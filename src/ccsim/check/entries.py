"""How many contacts are expected in each queue and interval, before anything is simulated.

Volumes follow the scenario exactly (weekday, growth, shape, channel, trace). What follows a contact
(transfers, repeats) is counted in the interval of its first attempt, by the first team of each
route, as if everybody were answered: a first guess, not a simulation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.hours import opening_hours
from ccsim.network.model import NO_QUEUE, Hours, Network
from ccsim.network.names import CHANNELS, entry_name
from ccsim.network.returns import mean_visits
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.conversations import BACKLOG
from ccsim.scenario.side_lines import TRY
from ccsim.workload.lists import calling_begins, expected_on_day
from ccsim.workload.profiles import channels_of_day
from ccsim.workload.segment_shares import Segments
from ccsim.workload.surges import expected_of_incidents
from ccsim.workload.trace import read_trace
from ccsim.workload.volumes import channel_shares, expected_volume

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import ContactType, Outbound

Floats = NDArray[np.float64]


def expected_entries(design: Design, network: Network, clock: LocalClock) -> Floats:
    """Contacts expected to enter each queue in each interval: (queues, intervals)."""
    visits = mean_visits(network)
    entries = np.zeros((len(network.queues), len(clock.interval_starts)))
    index = {queue.name: i for i, queue in enumerate(network.queues)}
    for name, contact in design.scenario.contacts.items():
        segments = Segments(design.scenario, name, index)
        for channel, stated in _stated(design, contact, clock).items():
            first = index.get(entry_name(design.scenario, name, channel))
            if first is None:
                continue
            stated = stated * open_share(network.queues[first].hours, clock)
            if contact.arrivals.counts == "offered":
                stated = stated / visits[first, first]
            for own, share in segments.of_queue(first):
                entries += visits[own][:, None] * stated[None, :] * share
        for channel in CHANNELS:
            number, block = index.get(f"{name}.{channel}@{BACKLOG}"), contact.on(channel)
            if number is not None and block is not None and block.backlog is not None:
                for own, share in segments.of_queue(number):
                    entries[:, 0] += visits[own] * block.backlog.contacts * share
        if contact.outbound is not None:
            for first, listed in _listed(design, network, name, contact.outbound, clock):
                entries += visits[first][:, None] * listed[None, :]
    return _with_consults(network, entries)


def closed_share(design: Design, channel: str, clock: LocalClock) -> float:
    """The share of a channel's customers who are expected to come while it is closed."""
    hours = opening_hours(design.scenario, clock, channel)
    contacts = design.scenario.contacts.values()
    stated = [_stated(design, contact, clock).get(channel) for contact in contacts]
    coming = sum((each for each in stated if each is not None), np.zeros(1))
    total = float(coming.sum())
    return float((coming * (1.0 - open_share(hours, clock))).sum()) / total if total else 0.0


def _listed(
    design: Design, network: Network, name: str, outbound: Outbound, clock: LocalClock
) -> Iterator[tuple[int, Floats]]:
    """A campaign's list, in the queue of those who answer the first call and in the other."""
    index = {queue.name: i for i, queue in enumerate(network.queues)}
    hours = opening_hours(design.scenario, clock, "outbound")
    coming = np.zeros(len(clock.interval_starts))
    for day in range(clock.days):
        begins = calling_begins(day, hours, clock)
        if begins is not None:
            at = int(clock.interval_of(np.array([begins]))[0])
            coming[at] += expected_on_day(outbound, clock, day)
    first = index[f"{name}.outbound"]
    yield first, coming * outbound.reached
    in_vain = index.get(f"{name}.outbound@{TRY}1")
    if in_vain is not None:
        yield in_vain, coming * (1.0 - outbound.reached)


def _with_consults(network: Network, entries: Floats) -> Floats:
    """The entries with those of helpers and of who takes over in person, asked by the first team
    of each route."""
    asked = entries.copy()
    for queue, coming in zip(network.queues, entries, strict=True):
        service = queue.services[queue.route[0].teams[0]]
        if service is not None and service.consult is not None:
            asked[service.consult.queue] += coming * service.consult.probability
        for row in service.served if service is not None else ():
            if row.handover != NO_QUEUE:
                asked[row.handover] += coming * row.probability
    return asked


def expected_by_day(values: Floats, clock: LocalClock) -> Floats:
    """Sums over the intervals of each day, along the last axis."""
    first = np.searchsorted(clock.interval_starts, clock.day_starts[:-1])
    return np.add.reduceat(values, first, axis=-1)


def interval_lengths(clock: LocalClock) -> NDArray[np.int64]:
    """Length of each interval, us."""
    return np.diff(np.append(clock.interval_starts, clock.horizon_us))


def overlap(spans: list[tuple[int, int]], clock: LocalClock) -> Floats:
    """Time (us) within each interval that spans cover, added up over the spans."""
    edges = np.append(clock.interval_starts, clock.horizon_us)
    starts = np.sort(np.array([start for start, _ in spans], dtype=np.int64))
    ends = np.sort(np.array([until for _, until in spans], dtype=np.int64))
    covered = _time_since(starts, edges) - _time_since(ends, edges)
    return np.diff(covered).astype(np.float64)


def _time_since(instants: NDArray[np.int64], edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum over the instants of max(0, edge - instant), for each edge."""
    passed = np.searchsorted(instants, edges, side="right")
    sums = np.concatenate(([0], np.cumsum(instants)))
    result: NDArray[np.int64] = passed * edges - sums[passed]
    return result


def _stated(design: Design, contact: ContactType, clock: LocalClock) -> dict[str, Floats]:
    """Stated volume by channel and interval."""
    shares = channel_shares(contact)
    arrivals = contact.arrivals
    if arrivals.trace is not None:
        trace = read_trace(design.files[arrivals.trace], clock)
        place = clock.interval_of(trace.at)
        said = np.array(trace.channel, dtype=np.str_)
        unsaid = _counted(place[said == ""], clock)
        return {
            channel: _counted(place[said == channel], clock) + unsaid * share
            for channel, share in shares.items()
        }
    days = [_day(design, contact, shares, clock, day) for day in range(clock.days)]
    stated = {channel: np.concatenate([day[channel] for day in days]) for channel in shares}
    if arrivals.incident is not None:
        edges = np.append(clock.interval_starts, clock.horizon_us)
        more = expected_of_incidents(arrivals.incident, clock, edges)
        stated = {channel: stated[channel] + share * more for channel, share in shares.items()}
    return stated


def _counted(places: NDArray[np.int64], clock: LocalClock) -> Floats:
    return np.bincount(places, minlength=len(clock.interval_starts)).astype(np.float64)


def _day(
    design: Design, contact: ContactType, shares: dict[str, float], clock: LocalClock, day: int
) -> dict[str, Floats]:
    """Expected contacts of one day by channel and interval."""
    start, end = clock.day_start_us(day), clock.day_start_us(day + 1)
    edges = np.append(np.arange(start, end, clock.interval_us), end)
    expected = {channel: np.zeros(len(edges) - 1) for channel in shares}
    volume = expected_volume(contact.arrivals, clock, day)
    if volume == 0.0:
        return expected
    channels = channels_of_day(contact.arrivals, shares, design.files, clock, day)
    for channel, (share, profile) in channels.items():
        times = np.concatenate(([profile.starts[0]], profile.starts + profile.lengths))
        cumulated = np.interp(edges - start, times, profile.cumulated)
        expected[channel] = volume * share * np.diff(cumulated)
    return expected


def open_share(hours: Hours | None, clock: LocalClock) -> Floats:
    """Share of each interval in which the queue takes contacts."""
    if hours is None:
        return np.ones(len(clock.interval_starts))
    return overlap(list(hours.spans), clock) / interval_lengths(clock)
