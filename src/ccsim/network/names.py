"""Names of queues and the lines of `routing` that apply to them.

A queue holds one contact type on one channel at one stage: `billing.phone`, `billing.phone@tier2`.
A line of `routing` is written `[type or *][#segment][.channel][@stage]`; the most specific one
wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ccsim.scenario.conversations import base_stage, conversation_lines, line_kind
from ccsim.scenario.schema import ContactType, Escalation, OnChannel, Scenario
from ccsim.scenario.segments import base_type, segment_of
from ccsim.scenario.side_lines import consulting_roles, machine_of, side_stages

CHANNELS = ("phone", "chat", "messaging", "social", "email", "tickets", "outbound")
ANY = "*"


@dataclass(frozen=True, slots=True, order=True)
class QueueName:
    """Which contacts a queue holds. `stage` is "" for the first stage."""

    contact: str
    channel: str
    stage: str = ""

    def __str__(self) -> str:
        return f"{self.contact}.{self.channel}" + (f"@{self.stage}" if self.stage else "")

    @property
    def first(self) -> QueueName:
        """The queue in which a contact of this type begins on this channel."""
        return QueueName(self.contact, self.channel)


@dataclass(frozen=True, slots=True)
class RouteKey:
    """A parsed key of `routing`; an empty channel or stage stands for all of them."""

    contact: str
    channel: str
    stage: str

    def covers(self, queue: QueueName) -> bool:
        return (
            base_type(self.contact) in (ANY, base_type(queue.contact))
            and segment_of(self.contact) in ("", segment_of(queue.contact))
            and self.channel in ("", queue.channel)
            and self.stage in ("", queue.stage, base_stage(queue.stage))
        )

    @property
    def specificity(self) -> tuple[int, bool, bool, bool]:
        """Greater is more specific: a named stage (more so a line beside it), then a named segment,
        a named type, a named channel."""
        stage = (self.stage != "") + (line_kind(self.stage) != "")
        named = base_type(self.contact) != ANY
        return (stage, segment_of(self.contact) != "", named, self.channel != "")


def parse_queue_name(text: str) -> QueueName:
    """The reverse of `str` of a queue's name."""
    head, _, stage = text.partition("@")
    contact, _, channel = head.rpartition(".")
    return QueueName(contact, channel, stage)


def parse_route_key(text: str) -> RouteKey:
    """`technical.phone@tier2` in its three parts; `.chat` and `@tier2` mean any type."""
    head, _, stage = text.partition("@")
    contact, _, channel = head.partition(".")
    return RouteKey(contact or ANY, channel, stage)


def route_key_of(queue: QueueName, keys: Iterable[str]) -> str | None:
    """The most specific of the routing keys that cover the queue; None if none does."""
    covering = [key for key in keys if parse_route_key(key).covers(queue)]
    return max(covering, key=lambda key: parse_route_key(key).specificity, default=None)


def on_channel(contact: ContactType, channel: str) -> OnChannel | None:
    """How the type is handled on the channel, None if it does not come that way."""
    block: OnChannel | None = getattr(contact, channel)
    return block


def queue_names(scenario: Scenario) -> tuple[QueueName, ...]:
    """All queues of a scenario: by type in the order of the file, by channel, first stage first.

    A stage has a queue on a channel when an escalation can lead there; after the stages stand the
    side lines (callbacks, messages, machines, helpers; later turns, resumed work, a backlog, warm
    transfers, consults).
    """
    names = []
    for type_name, contact in scenario.contacts.items():
        for channel in CHANNELS:
            if on_channel(contact, channel) is None:
                continue
            names.append(QueueName(type_name, channel))
            reached = _stages_reached(contact, channel)
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


def _stages_reached(contact: ContactType, channel: str) -> set[str]:
    reached: set[str] = {""}
    for _ in contact.escalates:
        reached |= {
            escalation.to
            for escalation in contact.escalates
            if (escalation.from_ or "") in reached
            and (escalation.channels is None or channel in escalation.channels)
        }
    return reached
