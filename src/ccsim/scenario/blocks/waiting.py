"""What is offered to those who wait, or come while nobody is there: callbacks, messages, voicemail,
and machines that answer before people do."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ccsim.scenario.blocks.base import Block, Distribution, Fee, Handle
from ccsim.scenario.blocks.demand import Again, Priority
from ccsim.scenario.quantities import (
    Duration,
    PositiveDuration,
    PositivePercent,
    Share,
    ShareByTeam,
    whole_number,
)
from ccsim.scenario.texts import YesNo

Tries = Annotated[int, whole_number(1, 9, "the number of tries")]
HALF_MINUTE = 30_000_000
QUARTER = 900_000_000


class Callback(Block):
    """Those who have waited are offered to be called back. Who accepts hangs up, frees the trunk
    line, and is called by the people who take the calls."""

    offered_after: PositiveDuration = Field(description="After this wait it is offered: 90 s.")
    accepted: Share = Field(description="The share that accepts; the others stay in line.")
    keeps_place: YesNo = Field(
        default=True, description="Whether the place in line is kept; default yes."
    )
    promise: Duration | None = Field(
        default=None, description="Called back within this, counted from the acceptance: 2 h."
    )
    answered: Share = Field(
        default=1.0, description="The share of tries at which the customer answers: 80 %."
    )
    tries: Tries = Field(
        default=1, description="How often the customer is called at most; then nobody tries again."
    )
    try_for: Duration = Field(
        default=HALF_MINUTE, description="What a try in vain takes of the agent; default 30 s."
    )
    again_after: Distribution = Field(
        default=Distribution(mean=QUARTER, family="constant"),
        description="How long after a try in vain the customer is called again; default 15 min.",
    )
    priority: Priority | None = Field(
        default=None, description="The priority of those to be called; default that of the call."
    )


class QueueMessage(Block):
    """A message in the line: some leave when they hear it, the others may wait more patiently."""

    after: PositiveDuration = Field(description="After this wait it is heard: 60 s.")
    leaves: Share = Field(default=0.0, description="The share that leaves at once: 8 %.")
    patience: Distribution | None = Field(
        default=None,
        description="The patience of those who stay, from the message on; default unchanged.",
    )


class WhenClosed(Block):
    """What those can do who come while the channel is closed."""

    leaves_message: Share = Field(
        description="The share that leaves a message: work of its own, done when people are there."
    )
    handle: Handle = Field(description="Handle time of a message, the call to the customer too.")
    answer_within: Duration | None = Field(
        default=None,
        description="The time limit for answering messages, in the channel's opening hours: 4 h.",
    )
    target: Share | None = Field(
        default=None, description="The share of messages to be answered within the time limit."
    )
    priority: Priority | None = Field(
        default=None,
        description="The priority among what is done in gaps; default that of the call.",
    )


class SelfService(Block):
    """A machine that answers first: a bot, a voice menu (IVR), self-service. What it does not
    contain goes on to people. It takes everybody at once; volumes are those before it."""

    contains: ShareByTeam = Field(
        description="The share that needs nobody afterwards: one share, or one for each type."
    )
    takes: Distribution = Field(description="How long it takes.")
    harder_rest: PositivePercent = Field(
        default=1.0,
        description="Handle time of what it passes on, against the written one: 115 %.",
    )
    cost: Fee | None = Field(default=None, description="What one contact costs: 0.35 / contact.")
    again: Again | None = Field(
        default=None,
        description="Of the contained, those whose problem remains and who come again.",
    )
    always_open: YesNo = Field(
        default=False,
        description="Whether it also answers while the channel is closed; default no.",
    )


__all__ = ["Callback", "QueueMessage", "SelfService", "Tries", "WhenClosed"]
