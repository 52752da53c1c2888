"""Names of queues and the lines of `routing` that apply to them.

A queue holds one contact type on one channel at one stage: `billing.phone`, `billing.phone@tier2`.
A line of `routing` is written `[type or *][#segment][.channel][@stage]`; the most specific one
wins.
"""

from __future__ import annotations

from collections.abc import Iterable

from ccsim.scenario.conversations import conversation_lines, line_kind
from ccsim.scenario.queue_names import (
    QueueName,
    RouteKey,
    parse_queue_name,
    parse_route_key,
    stages_reached,
)
from ccsim.scenario.schema import CHANNELS, ContactType, Escalation, Scenario
from ccsim.scenario.side_lines import consulting_roles, machine_of, side_stages


def route_key_of(queue: QueueName, keys: Iterable[str]) -> str | None:
    """The most specific of the routing keys that cover the queue; None if none does."""
    covering = [key for key in keys if parse_route_key(key).covers(queue)]
    return max(covering, key=lambda key: parse_route_key(key).specificity, default=None)


def queue_names(scenario: Scenario) -> tuple[QueueName, ...]:
    """All queues of a scenario: by type in the order of the file, by channel, first stage first.

    A stage has a queue on a channel when an escalation can lead there; after the stages stand the
    side lines (callbacks, messages, machines, helpers; later turns, resumed work, a backlog, warm
    transfers, consults).
    """
    names = []
    for type_name, contact in scenario.contacts.items():
        for channel in CHANNELS:
            if contact.on(channel) is None:
                continue
            names.append(QueueName(type_name, channel))
            reached = stages_reached(contact, channel)
            names.extend(
                QueueName(type_name, channel, stage) for stage in contact.stages if stage in reached
            )
            side = side_stages(scenario, type_name, channel)
            names.extend(QueueName(type_name, channel, stage) for stage in side)
            stages = [stage for stage in ("", *contact.stages) if stage in reached]
            lines = conversation_lines(scenario, type_name, channel, stages)
            names.extend(QueueName(type_name, channel, stage) for stage in lines)
    return tuple(names)


def kind_of(scenario: Scenario, queue: QueueName) -> str:
    """What a queue is: "" for a first stage, `stage`, or which side line (side_lines.py): callback,
    try, message, informed, ivr, bot, help; or turns, resumed, backlog, handover,
    consult (conversations.py)."""
    if not queue.stage:
        return ""
    if line_kind(queue.stage):
        return line_kind(queue.stage)
    if queue.stage in scenario.contacts[queue.contact].stages:
        return "stage"
    if queue.stage in consulting_roles(scenario):
        return "help"
    return queue.stage.rstrip("0123456789")


def entry_name(scenario: Scenario, contact: str, channel: str) -> str:
    """The name of the queue into which contacts of a type come on a channel: the machine's where
    one answers before people do, else the first."""
    machine = machine_of(scenario, contact, channel)
    return f"{contact}.{channel}" + (f"@{machine}" if machine else "")


def escalations_from(contact: ContactType, queue: QueueName, when: str) -> tuple[Escalation, ...]:
    """The escalations of a type that leave this queue, in the order of the file."""
    return tuple(
        escalation
        for escalation in contact.escalates
        if escalation.when == when
        and (escalation.from_ or "") == queue.stage
        and (escalation.channels is None or queue.channel in escalation.channels)
    )


__all__ = [
    "CHANNELS",
    "QueueName",
    "RouteKey",
    "entry_name",
    "escalations_from",
    "kind_of",
    "parse_queue_name",
    "parse_route_key",
    "queue_names",
    "route_key_of",
]
