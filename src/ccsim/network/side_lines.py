"""Queues beside a type's stages: callbacks, calls in vain, messages, machines, helpers.

Each is made from the first queue of its type and channel, with what differs.
"""

from __future__ import annotations

from dataclasses import replace

from ccsim.network.capacity import IN_GAPS_BAND
from ccsim.network.conversations import MOST_LEGS, legs_of_conversations
from ccsim.network.exits import closed_rows, limits, served_rows
from ccsim.network.model import (
    LEAVE,
    NO_LIMIT,
    Branch,
    Label,
    LimitClock,
    Queue,
    Service,
    Step,
)
from ccsim.network.names import QueueName
from ccsim.network.plan import NetworkPlan
from ccsim.network.reaction import steps_of
from ccsim.network.services import service_of
from ccsim.network.waiting import (
    alone_after,
    calling_hours_limit,
    help_limit,
    message_limits,
    next_try_rows,
    possible,
    side,
)
from ccsim.scenario.conversations import FIVE_MINUTES, warm_transfer_to
from ccsim.scenario.schema import Distribution, Handle, SelfService
from ccsim.scenario.side_lines import CALLBACK, INFORMED, MACHINES, MESSAGE, TRY


def max_legs(plan: NetworkPlan) -> int:
    """The bound on entries: more for conversations of many turns, and for a list that waits from
    one span of calling hours to the next and enters anew in each."""
    more = legs_of_conversations(plan)
    if any(queue.channel == "outbound" for queue in plan.queues):
        hours = plan.opening_hours("outbound")
        more += 0 if hours is None else len(hours.spans)
    return min(plan.scenario.run.max_legs + more, MOST_LEGS)


def side_queue(plan: NetworkPlan, name: QueueName, first: Queue, route: tuple[Step, ...]) -> Queue:
    """The queue of a side line. `first`: that of the line it stands beside."""
    queue = replace(first, name=str(name), route=route)
    if name.stage in plan.helpers:
        return _helpers(plan, name, queue)
    if name.stage in MACHINES:
        return _machine(plan, name, queue)
    if name.stage == MESSAGE:
        return _message(plan, name, queue)
    if name.stage.startswith(INFORMED):
        return _informed(plan, name, queue)
    return _called(plan, name, queue)


def _called(plan: NetworkPlan, name: QueueName, queue: Queue) -> Queue:
    """Customers to be called: who will answer, or (`try1`, `try2`, ...) a try in vain.

    Nobody leaves such a line. A callback keeps its place: what was waited before counts. Who waits
    in it holds no trunk line; the call takes one.
    """
    channel, outbound = plan.channel(name), plan.scenario.contacts[name.contact].outbound
    callback = channel.callback
    calls_list = name.channel == "outbound"
    queue = replace(
        queue,
        patience=None,
        lines=-1,
        dials=max(queue.lines, queue.dials),
        room=NO_LIMIT,
        hours=None,
        abandoned=(),
        no_line=(),
        no_room=(),
        closed=(),
        limits=(),
    )
    if callback is not None and not calls_list:
        kept = callback.offered_after if callback.keeps_place else 0
        own = queue.priority if callback.priority is None else callback.priority
        queue = replace(
            queue,
            route=steps_of(plan, name, waited=kept),
            head_start=queue.head_start + kept,
            priority=own,
        )
    hours = plan.opening_hours(name.channel)
    if calls_list and hours is not None:
        queue = replace(queue, limits=(calling_hours_limit(plan, name, hours),))
    if name.stage == CALLBACK:
        return replace(queue, services=_services(plan, name, plan.handle(name), None))
    number = int(name.stage.removeprefix(TRY))
    dialled = outbound if calls_list else callback
    assert dialled is not None  # a try in vain belongs to a list or to a callback
    answered = outbound.reached if calls_list and outbound is not None else 1.0
    if callback is not None and not calls_list:
        answered = callback.answered
    connected = plan.index(name.first) if calls_list else side(plan, name, CALLBACK)
    rows = next_try_rows(plan, name, number, dialled.tries, answered, connected)
    handle = Handle(mean=dialled.try_for, family="constant")
    return replace(
        queue,
        effort=plan.tables.effort(handle),
        wrap_up=None,
        services=tuple(
            None
            if service is None
            else replace(service, mean=dialled.try_for, wrap_up=0, consult=None)
            for service in _services(plan, name, handle, rows)
        ),
    )


def _message(plan: NetworkPlan, name: QueueName, queue: Queue) -> Queue:
    """Messages left while the channel was closed: done in the gaps of live work, kept over night,
    never given up."""
    voicemail = plan.scenario.when_closed[name.channel]
    own = queue.priority if voicemail.priority is None else voicemail.priority
    return replace(
        queue,
        services=_services(plan, name, voicemail.handle, None),
        effort=plan.tables.effort(voicemail.handle),
        wrap_up=plan.tables.wrap_up(voicemail.handle),
        effort_by_contact=False,
        patience=None,
        priority=own % IN_GAPS_BAND + IN_GAPS_BAND,
        interruptible=False,
        deferred=True,
        lines=-1,
        dials=queue.lines,
        room=NO_LIMIT,
        hours=None,
        abandoned=(),
        no_line=(),
        no_room=(),
        closed=(),
        limits=(),
    )


def _informed(plan: NetworkPlan, name: QueueName, queue: Queue) -> Queue:
    """Who has heard a message and waits on with another patience, at the same place."""
    number = int(name.stage.removeprefix(INFORMED))
    message = plan.channel(name).messages[number - 1]
    later = [
        replace(limit, after=limit.after - message.after)
        for limit in limits(plan, name.first)
        if limit.name in ("promise", "callback") and limit.after > message.after
    ]
    closing = [limit for limit in limits(plan, name.first) if limit.clock is LimitClock.CLOSING]
    return replace(
        queue,
        services=_services(plan, name, plan.handle(name), None),
        patience=plan.tables.patience(message.patience),
        patience_by_contact=False,
        route=steps_of(plan, name, waited=message.after),
        head_start=queue.head_start + message.after,
        hours=None,
        limits=(*later, *message_limits(plan, name.first, heard=number), *closing),
    )


def _machine(plan: NetworkPlan, name: QueueName, queue: Queue) -> Queue:
    """A machine that answers everybody at once. What it does not contain goes on to people, in the
    same call."""
    machine = plan.machine(name)
    assert machine is not None
    takes = machine.takes
    service = Service(
        mean=plan.tables.mean(takes), units=1, served=_machine_rows(plan, name, machine)
    )
    always = machine.always_open
    return replace(
        queue,
        services=_only(plan, name, service),
        effort=plan.tables.effort(takes),
        wrap_up=None,
        effort_by_contact=False,
        patience=None,
        priority=1,
        head_start=0,
        interruptible=False,
        deferred=False,
        abandoned=(),
        no_room=(),
        closed=() if always else closed_rows(plan, name.first),
        limits=(),
        room=NO_LIMIT,
        hours=None if always else plan.opening_hours(name.channel),
        affinity=None,
    )


def _machine_rows(plan: NetworkPlan, name: QueueName, machine: SelfService) -> tuple[Branch, ...]:
    contained = machine.contains
    share = contained[name.contact] if isinstance(contained, dict) else contained
    rows = [Branch(1.0 - share, plan.index(name.first), Label.HANDED_OVER)]
    again = machine.again
    if again is None:
        rows.append(Branch(share, LEAVE, Label.CONTAINED))
        return possible(rows)
    back = Branch(
        share * again.share,
        plan.index(name),
        Label.UNRESOLVED,
        delay=plan.tables.delay(again.delay),
        hours=None if machine.always_open else plan.opening_hours(name.channel),
        at_most=NO_LIMIT if again.at_most is None else again.at_most,
    )
    return possible([*rows, back, Branch(share * (1.0 - again.share), LEAVE, Label.CONTAINED)])


def _helpers(plan: NetworkPlan, name: QueueName, queue: Queue) -> Queue:
    """Where the people of a role are asked for help."""
    consults = plan.scenario.roles[name.stage].consults
    assert consults is not None
    queue = _joining(plan, name, queue, Handle(mean=consults.for_), consults.waits)
    return replace(queue, priority=consults.priority)


def handover_queue(
    plan: NetworkPlan, name: QueueName, queue: Queue, route: tuple[Step, ...]
) -> Queue:
    """Where somebody of a stage is sought to whom the contact is handed over in person: a line
    beside the stage's own, `queue`, with its priority and its people."""
    transfer = warm_transfer_to(plan.scenario, name.contact, name.channel, name.stage)
    assert transfer is not None and transfer.handover is not None  # or there is no such line
    waits = FIVE_MINUTES if transfer.waits is None else transfer.waits
    queue = replace(queue, name=str(name), route=route)
    return _joining(plan, name, queue, transfer.handover, waits)


def consult_queue(
    plan: NetworkPlan, name: QueueName, queue: Queue, route: tuple[Step, ...]
) -> Queue:
    """Where the people of a stage are asked for help: a line beside the stage's own, `queue`, with
    its priority, its people and its work, in which nobody waits without an end."""
    rows, serving = (Branch(1.0, LEAVE, Label.HELPED),), plan.teams_of(name)
    services = tuple(
        replace(service_of(plan, name, team, plan.handle(name), rows), consult=None)
        if team in serving
        else None
        for team in plan.teams
    )
    ends = help_limit(plan, name)
    assert ends is not None  # or there is no such line
    return replace(
        queue, name=str(name), route=route, services=services, limits=(ends,), affinity=None
    )


def _joining(
    plan: NetworkPlan, name: QueueName, queue: Queue, handle: Distribution, waits: int
) -> Queue:
    """A line of those who wait, with a customer, for somebody to join them; not longer than
    `waits`."""
    mean = plan.tables.mean(handle)
    service = Service(mean=mean, units=1, served=(Branch(1.0, LEAVE, Label.HELPED),))
    serving = plan.teams_of(name)
    return replace(
        queue,
        services=tuple(service if team in serving else None for team in plan.teams),
        effort=plan.tables.effort(handle),
        wrap_up=None,
        effort_by_contact=False,
        patience=None,
        head_start=0,
        interruptible=False,
        deferred=False,
        lines=-1,
        dials=-1,
        room=NO_LIMIT,
        hours=None,
        abandoned=(),
        no_line=(),
        no_room=(),
        closed=(),
        limits=(alone_after(waits),),
        affinity=None,
    )


def _services(
    plan: NetworkPlan, name: QueueName, handle: Handle, rows: tuple[Branch, ...] | None
) -> tuple[Service | None, ...]:
    """By team; served like a contact of the first line where no `rows` are given."""
    serving = plan.teams_of(name)
    return tuple(
        service_of(
            plan,
            name,
            team,
            handle,
            served_rows(plan, name.first, team) if rows is None else rows,
        )
        if team in serving
        else None
        for team in plan.teams
    )


def _only(plan: NetworkPlan, name: QueueName, service: Service) -> tuple[Service | None, ...]:
    """The service of a queue that one team takes."""
    (only,) = plan.teams_of(name)
    return tuple(service if team == only else None for team in plan.teams)
