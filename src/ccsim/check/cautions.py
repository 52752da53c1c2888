"""What a lead should know before trusting a run: warnings by rule, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ccsim.check.cautions_people import people_warnings
from ccsim.check.cautions_values import value_warnings
from ccsim.check.entries import Floats, closed_share, expected_by_day, interval_lengths, open_share
from ccsim.check.load import SOMEBODY, TeamLoad
from ccsim.network.capacity import hands_of
from ccsim.network.explain import duration, share
from ccsim.network.hours import opening_hours
from ccsim.network.model import Network
from ccsim.scenario.conversations import LIVE_CHANNELS
from ccsim.scenario.segments import segment_of
from ccsim.units import print_number
from ccsim.workload.lists import calling_begins, expected_on_day
from ccsim.workload.trace import read_trace

if TYPE_CHECKING:
    from ccsim.network.plan import NetworkPlan
    from ccsim.scenario.resolve import Design

BUSY = 0.88  # occupancy above which waits rise fast and people tire
LATE_RETURNS = 0.25  # of the calendar: with longer delays many repeats fall after its end
MISSED = 0.01  # share of a line's contacts that may come while nobody is there
MANY = 0.2  # share of the calls that may find a closed door
IDLE = 0.1  # share of a team's hours that may lie outside all opening hours: opening and closing up
FEW = 0.5  # contacts expected in all, below which nobody is missed


def warnings(
    design: Design,
    plan: NetworkPlan,
    network: Network,
    entries: Floats,
    loads: tuple[TeamLoad, ...],
) -> tuple[str, ...]:
    """All warnings, those that spoil a run first."""
    found = [
        *_turned_away(design, plan),
        *_outside_the_calendar(design, plan),
        *_not_called(design, plan),
        *_nobody_on_duty(plan, network, entries, loads),
        *_on_duty_while_closed(plan, network, loads),
        *_overloaded(plan, loads),
        *_unreached(plan, network),
        *_promises(plan, entries),
        *_bounds(plan, loads),
        *_returns(plan, network),
        *people_warnings(plan),
        *value_warnings(plan),
        *_nothing_reduced(plan),
        *_as_read(design),
    ]
    return tuple(dict.fromkeys(found))


def _as_read(design: Design) -> Iterator[str]:
    """How files were understood that are not in the plain form."""
    for name, table in design.files.items():
        if table.notes:
            yield f"'{name}' was read like this: {'; '.join(table.notes)}."


def _nothing_reduced(plan: NetworkPlan) -> Iterator[str]:
    """Ways to reduce the variance that nothing in the scenario answers to."""
    run, contacts = plan.scenario.run, plan.scenario.contacts.values()
    if run.stratify is not None and not any(each.arrivals.busyness for each in contacts):
        yield "run: no contact type has a busyness that replications could share out (stratify)."
    if run.control is not None and all(each.arrivals.trace or each.outbound for each in contacts):
        yield "run: the mean of no contact type's arrivals is known beforehand (control)."


def _turned_away(design: Design, plan: NetworkPlan) -> Iterator[str]:
    """Mail that is lost because its channel is closed, though it could wait; and calls, where they
    are so many that their shape is hardly the one that was meant."""
    for channel in plan.scenario.opens:
        if channel == "outbound" or channel in plan.scenario.when_closed:
            continue
        part = closed_share(design, channel, plan.clock)
        if channel in LIVE_CHANNELS:
            if part > MANY:
                yield (
                    f"{channel}: {share(part)} of the contacts come while it is closed, and leave; "
                    "is their `shape` that of the opening hours?"
                )
        elif part >= MISSED:
            yield (
                f"{channel}: {share(part)} of the contacts come while it is closed, and are lost; "
                "what waits until somebody is there needs no `opens` (hours of a promise are "
                "`working_hours`)."
            )


def _outside_the_calendar(design: Design, plan: NetworkPlan) -> Iterator[str]:
    """Rows of a log that are not played."""
    for name, contact in design.scenario.contacts.items():
        trace = contact.arrivals.trace
        if trace is not None:
            rows = len(design.files[trace].columns["at"])
            outside = rows - len(read_trace(design.files[trace], plan.clock).at)
            if outside:
                yield (
                    f"{name}: {outside} of {rows} rows of '{trace}' lie outside the calendar and "
                    "are left out."
                )


def _not_called(design: Design, plan: NetworkPlan) -> Iterator[str]:
    """Customers put on a list on days after which no calling hours come."""
    for name, contact in design.scenario.contacts.items():
        if contact.outbound is None:
            continue
        hours = opening_hours(design.scenario, plan.clock, "outbound")
        late = [
            day for day in range(plan.clock.days) if calling_begins(day, hours, plan.clock) is None
        ]
        left_out = sum(expected_on_day(contact.outbound, plan.clock, day) for day in late)
        if left_out:
            yield (
                f"{name}: {print_number(left_out)} on the list at the end of the calendar have no "
                "calling hours left, and are not called."
            )


def _nobody_on_duty(
    plan: NetworkPlan, network: Network, entries: Floats, loads: tuple[TeamLoad, ...]
) -> Iterator[str]:
    """Contacts that come while nobody who takes them is there."""
    for name, queue, coming in zip(plan.queues, network.queues, entries, strict=True):
        teams = sorted({team for step in queue.route for team in step.teams})
        heads = sum((loads[team].on_duty for team in teams), np.zeros(len(coming)))
        if coming.sum() < FEW or any(network.teams[team].unlimited for team in teams):
            continue
        if not (heads >= SOMEBODY).any():
            yield f"{name}: contacts come, but nobody who takes them is ever on duty."
            continue
        missed = coming * (heads < SOMEBODY)
        part = float(missed.sum() / coming.sum())
        waits_over_night = queue.deferred or name.channel not in LIVE_CHANNELS
        if waits_over_night or part < MISSED:
            continue
        when = _local(plan, int(np.argmax(missed)))
        yield (
            f"{name}: {share(part)} of the contacts come while nobody who takes them is on duty "
            f"(most around {when}); should the channel be closed then?"
        )


def _on_duty_while_closed(
    plan: NetworkPlan, network: Network, loads: tuple[TeamLoad, ...]
) -> Iterator[str]:
    """Teams whose people are on duty while every channel that they take is closed. Who also takes
    work that waits (e-mail) has something to do then."""
    lengths = interval_lengths(plan.clock)
    for number, (team, load) in enumerate(zip(network.teams, loads, strict=True)):
        served = [
            queue for queue in network.queues if any(number in step.teams for step in queue.route)
        ]
        if not served or team.unlimited or any(queue.deferred for queue in served):
            continue
        is_open = np.max([open_share(queue.hours, plan.clock) for queue in served], axis=0)
        hours = load.on_duty * lengths
        idle = hours * (is_open == 0.0)
        if hours.sum() > 0.0 and idle.sum() > IDLE * hours.sum():
            when = _local(plan, int(np.argmax(idle)))
            yield (
                f"{team.name}: {share(float(idle.sum() / hours.sum()))} of its hours on duty lie "
                f"where every channel that it takes is closed (most around {when})."
            )


def _overloaded(plan: NetworkPlan, loads: tuple[TeamLoad, ...]) -> Iterator[str]:
    """Days and intervals in which a team cannot keep up."""
    clock = plan.clock
    lengths = interval_lengths(clock)
    for load in loads:
        work = expected_by_day(load.offered * lengths, clock)
        staffed = expected_by_day(load.on_duty * lengths, clock)
        total, hours = float(work.sum()), float(staffed.sum())
        if total <= 0.0 or hours <= 0.0:
            continue
        days = np.flatnonzero((work > staffed) & (staffed > 0.0)).tolist()
        if total > hours:
            yield (
                f"{load.team}: more work than people over the whole calendar, "
                f"{share(total / hours)} of their time on duty; some is given up or left over."
            )
        elif days:
            yield (
                f"{load.team}: on {len(days)} of {clock.days} days more work comes than its people "
                f"have time on duty (first {_date(plan, days[0])})."
            )
        elif total / hours > BUSY:
            busy = share(total / hours)
            yield f"{load.team}: busy {busy} of its time on duty, above {share(BUSY)}."
        team = plan.scenario.teams.get(load.team)
        if team is not None and team.drawn_from is not None:
            continue  # on call: no formula says how few are enough
        working = load.on_duty >= SOMEBODY
        short = working & (load.on_duty < load.needed - 0.5)
        if working.any() and short.sum() > 0.5 * working.sum():
            yield (
                f"{load.team}: in {int(short.sum())} of {int(working.sum())} intervals fewer "
                f"people are on duty than the promise takes by a first guess ({load.basis})."
            )


def _unreached(plan: NetworkPlan, network: Network) -> Iterator[str]:
    routed = {team for queue in plan.queues for team in plan.teams_of(queue)}
    for team in plan.teams:
        if team not in routed:
            yield f"{team}: no route leads to this team; its people take nothing."
    stages = {(name.contact, name.stage) for name in plan.queues}
    for contact, block in plan.scenario.contacts.items():
        for stage in block.stages:
            if (contact, stage) not in stages and not segment_of(contact):
                yield f"{contact}, stage {stage}: no escalation leads there."


def _promises(plan: NetworkPlan, entries: Floats) -> Iterator[str]:
    for channel, block in plan.scenario.channels.items():
        queues = plan.structure.queues
        own = [i for i, queue in enumerate(queues) if queue.channel == channel]
        firsts = [queues[i] for i in own if queues[i].kind.is_first]
        within = [queue.answer_within for queue in firsts]
        targets = [queue.target for queue in firsts]
        if not own or float(entries[own].sum()) < FEW:
            yield f"{channel}: no contacts come by this channel; its promise is never tested."
        elif all(time is None for time in within):
            yield f"{channel}: nothing is promised (answer_within), so nothing is judged."
        elif any(t is not None and g is None for t, g in zip(within, targets, strict=True)):
            yield (
                f"{channel}: promised within {duration(max(t or 0 for t in within))} but for no "
                "share of the contacts (target): whether it is kept is not judged."
            )
        if block.redial is not None and block.lines is None and block.waiting_places is None:
            impatient = any(
                block.patience is not None or plan.on_channel(plan.queues[i]).patience is not None
                for i in own
            )
            if own and not impatient:
                yield f"{channel}: nobody gives up or hears busy, so nobody redials."


def _bounds(plan: NetworkPlan, loads: tuple[TeamLoad, ...]) -> Iterator[str]:
    """Lines and slow-downs that do not fit the people."""
    heads = {load.team: float(load.on_duty.max(initial=0.0)) for load in loads}
    for channel, block in plan.scenario.channels.items():
        queues = [name for name in plan.queues if name.channel == channel]
        teams = {team for name in queues for team in plan.teams_of(name)}
        most = sum(heads[team] for team in teams & set(plan.scenario.teams))
        if block.lines is not None and block.lines < most:
            yield (
                f"{channel}: {block.lines} lines for up to {most:.0f} people; with all lines taken "
                "some of them cannot be reached."
            )
        for team in sorted(teams & set(plan.scenario.teams)):
            hands = hands_of(plan.scenario.teams[team], channel)
            slowdown = plan.scenario.teams[team].slowdown or block.slowdown
            if isinstance(hands, int) and hands > 1 and slowdown is None:
                yield f"{team}: {hands} at once by {channel} without any slow-down."
            elif isinstance(hands, int) and slowdown is not None and len(slowdown) < hands:
                yield (
                    f"{team}: {hands} at once by {channel}, but slow-downs for {len(slowdown)}; "
                    "the last one is taken for more."
                )


def _returns(plan: NetworkPlan, network: Network) -> Iterator[str]:
    for contact, block in plan.scenario.contacts.items():
        if block.again is None or segment_of(contact):
            continue
        delay = plan.tables.mean(block.again.delay)
        if delay > LATE_RETURNS * network.horizon:
            yield (
                f"{contact}: customers come again after {duration(delay)} on average, in a "
                f"calendar of {duration(network.horizon)}: many repeats fall after its end."
            )
        rows = [
            row
            for name, queue in zip(plan.queues, network.queues, strict=True)
            if name.contact == contact
            for service in queue.services
            if service is not None
            for row in service.served
        ]
        if not any(row.delay is not None for row in rows):
            yield f"{contact}: every contact is resolved, so nobody comes again."


def _local(plan: NetworkPlan, interval: int) -> str:
    return plan.clock.local_time(int(plan.clock.interval_starts[interval])).strftime("%a %H:%M")


def _date(plan: NetworkPlan, day: int) -> str:
    return plan.clock.date(day).strftime("%a %d %b")
