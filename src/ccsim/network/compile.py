"""From a scenario in the trade's words to the network that the engines run.

One queue for each contact type, channel and stage (names.py); its route and services here; what
follows each exit in exits.py; what a person may hold at once in capacity.py; opening hours in
hours.py; distributions in spreads.py. Equal designs give equal networks, and nothing is random.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ccsim.network.capacity import IN_GAPS, IN_GAPS_BAND, hands_of, rates_of, units_of_agent
from ccsim.network.conversations import conversation_queue
from ccsim.network.exits import closed_rows, limits, redial_rows, served_rows
from ccsim.network.facts import QueueFacts, TargetClock
from ccsim.network.model import (
    NO_LIMIT,
    Affinity,
    Branch,
    Hours,
    Network,
    OwnAgent,
    Queue,
    Service,
    Take,
    Team,
)
from ccsim.network.names import CHANNELS, QueueName
from ccsim.network.plan import NetworkPlan
from ccsim.network.reaction import steps_of
from ccsim.network.services import service_of
from ccsim.network.side_lines import consult_queue, handover_queue, max_legs, side_queue
from ccsim.scenario.conversations import CONSULT, HANDOVER, base_stage, line_kind
from ccsim.scenario.schema import Distribution

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design

DEFERRED_CHANNELS = frozenset(
    {"email", "tickets"}
)  # work that goes back to its line at the end of duty


def compile_network(design: Design) -> Network:
    """The network of a resolved design that has passed its rules."""
    plan = NetworkPlan(design)
    limited = tuple(
        channel
        for channel in CHANNELS
        if channel in plan.scenario.channels and plan.scenario.channels[channel].lines is not None
    )
    structure = plan.structure
    return Network(
        queues=tuple(
            replace(
                _line(plan, queue, limited), facts=facts, target_hours=_target_hours(plan, facts)
            )
            for queue, facts in zip(plan.queues, structure.queues, strict=True)
        ),
        teams=tuple(replace(_team(plan, each.name), facts=each) for each in structure.teams),
        lines=tuple(plan.scenario.channels[channel].lines or 0 for channel in limited),
        max_legs=max_legs(plan),
        horizon=plan.clock.horizon_us,
        targets=structure.targets,
    )


def _target_hours(plan: NetworkPlan, queue: QueueFacts) -> Hours | None:
    """The hours that the targets of a queue count; None when their clock always runs. Messages are
    answered in opening hours, whatever the channel's targets count."""
    if queue.clock is TargetClock.OPEN:
        return plan.opening_hours(queue.channel)
    return plan.promise_hours(queue.channel)


def _line(plan: NetworkPlan, name: QueueName, limited: tuple[str, ...]) -> Queue:
    """A queue of a type's stages, or one beside them."""
    if line_kind(name.stage):
        base = _queue(plan, QueueName(name.contact, name.channel, base_stage(name.stage)), limited)
        if line_kind(name.stage) == HANDOVER:
            return handover_queue(plan, name, base, steps_of(plan, name))
        if line_kind(name.stage) == CONSULT:
            return consult_queue(plan, name, base, steps_of(plan, name))
        rows = {team: _after_resumed(plan, name, team) for team in plan.teams_of(name)}
        return conversation_queue(plan, name, base, steps_of(plan, name), rows)
    if plan.is_side_line(name):
        return side_queue(plan, name, _queue(plan, name.first, limited), steps_of(plan, name))
    return _queue(plan, name, limited)


def _after_resumed(plan: NetworkPlan, name: QueueName, team: str) -> tuple[Branch, ...]:
    stage = QueueName(name.contact, name.channel, base_stage(name.stage))
    return served_rows(plan, stage, team, resumed=True)


def _queue(plan: NetworkPlan, name: QueueName, limited: tuple[str, ...]) -> Queue:
    channel = plan.channel(name)
    handle = plan.handle(name)
    outbound = name.channel == "outbound"
    in_gaps = _done_in_gaps(plan, name.channel) and not outbound
    same_customer = channel.redial is not None and channel.redial.same_customer
    busy = redial_rows(plan, name, "busy")
    # Campaigns are called over the lines of the phone; who is passed on in the call keeps one.
    over = "phone" if outbound else name.channel
    lines = limited.index(over) if over in limited else -1
    dialled = outbound and not name.stage
    return Queue(
        name=str(name),
        route=steps_of(plan, name),
        services=_services(plan, name),
        effort=plan.tables.effort(handle),
        patience=plan.tables.patience(_patience(plan, name)),
        priority=_priority(plan, name) + (IN_GAPS_BAND if in_gaps or outbound else 0),
        head_start=plan.head_start(name),
        interruptible=in_gaps if channel.interruptible is None else channel.interruptible,
        deferred=name.channel in DEFERRED_CHANNELS,
        effort_by_contact=same_customer,
        patience_by_contact=same_customer,
        wrap_up=plan.tables.wrap_up(handle),
        abandoned=redial_rows(plan, name, "abandoned"),
        no_line=busy,
        no_room=busy,
        closed=closed_rows(plan, name),
        limits=limits(plan, name),
        lines=-1 if dialled else lines,
        dials=lines if dialled else -1,
        # A contact passed on is inside already: neither a full room nor the closing hour stops it.
        room=NO_LIMIT if name.stage or channel.waiting_places is None else channel.waiting_places,
        hours=_entry_hours(plan, name),
        affinity=_affinity(plan, name),
    )


def _entry_hours(plan: NetworkPlan, name: QueueName) -> Hours | None:
    """When the queue takes contacts. Where a machine answers first and keeps the channel's hours,
    the door is there; who is handed over is inside already, unless the line has been cleared."""
    machine = plan.machine(name)
    cleared = plan.scenario.at_close.get(name.channel) == "clear the line"
    if name.stage or (machine is not None and not machine.always_open and not cleared):
        return None
    return plan.opening_hours(name.channel)


def _affinity(plan: NetworkPlan, name: QueueName) -> Affinity | None:
    """Whom the contacts are held for: the owner of a case, or of the customer."""
    stage, owner = plan.stage(name), plan.route(name).owner
    if stage is not None and stage.keeps_case is not None:
        return Affinity(OwnAgent.LAST, stage.keeps_case.waits)
    if owner is not None:
        return Affinity(OwnAgent.NAMED, owner.waits, plan.team_index(owner.team))
    return None


def _team(plan: NetworkPlan, name: str) -> Team:
    if name in plan.helpers:
        return Team(name)
    if name not in plan.scenario.teams:
        return Team(name, unlimited=True)
    team = plan.scenario.teams[name]
    return Team(
        name=name,
        units=units_of_agent(team),
        rates=rates_of(plan.scenario, team, _channels_of(plan, name)),
        take=Take.HOME_FIRST if team.take == "home_first" else Take.PRIORITY,
        keep_break_length=team.late_breaks == "full length",
    )


def _services(plan: NetworkPlan, name: QueueName) -> tuple[Service | None, ...]:
    handle = plan.handle(name)
    serving = plan.teams_of(name)
    return tuple(
        service_of(plan, name, team, handle, served_rows(plan, name, team))
        if team in serving
        else None
        for team in plan.teams
    )


def _patience(plan: NetworkPlan, name: QueueName) -> Distribution | None:
    own = plan.on_channel(name).patience
    return plan.channel(name).patience if own is None else own


def _priority(plan: NetworkPlan, name: QueueName) -> int:
    """The stage's priority, else the type's on this channel, else the type's."""
    contact = plan.scenario.contacts[name.contact]
    stage = plan.stage(name)
    if stage is not None and stage.priority is not None:
        return stage.priority
    own = plan.on_channel(name).priority
    return contact.priority if own is None else own


def _done_in_gaps(plan: NetworkPlan, channel: str) -> bool:
    """Whether a team that is routed to takes this channel in gaps. It holds for all queues of the
    channel alike, so that their order among themselves stays as written."""
    return any(
        hands_of(plan.scenario.teams[team], channel) == IN_GAPS
        for queue in plan.queues
        if queue.channel == channel and not plan.is_side_line(queue)
        for team in plan.teams_of(queue)
    )


def _channels_of(plan: NetworkPlan, team: str) -> tuple[str, ...]:
    """The channels of which the team takes contacts."""
    taken = {queue.channel for queue in plan.queues if team in plan.teams_of(queue)}
    return tuple(channel for channel in CHANNELS if channel in taken)
