"""The names of queues and the keys of `routing`, parsed in one place.

A queue holds one contact type on one channel at one stage: `billing.phone`, `billing.phone@tier2`.
A key of `routing` is written `[type or *][#segment][.channel][@stage]`; the most specific one wins.
"""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.scenario.blocks.demand import ContactType
from ccsim.scenario.conversations import base_stage, line_kind
from ccsim.scenario.segments import base_type, segment_of

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


def stages_reached(contact: ContactType, channel: str) -> set[str]:
    """The stages that escalations reach on a channel; "" is the first."""
    reached = {""}
    for _ in contact.escalates:
        reached |= {
            row.to
            for row in contact.escalates
            if (row.from_ or "") in reached and (row.channels is None or channel in row.channels)
        }
    return reached
