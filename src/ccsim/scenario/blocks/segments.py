"""Segments: shares of the customers with targets and priorities of their own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ccsim.scenario.blocks.base import Block, Loss
from ccsim.scenario.blocks.demand import Priority, Upsell
from ccsim.scenario.quantities import BY_SHAPE, MAP, TEXT, Duration, Share
from ccsim.scenario.texts import Label, Name, Names, Text

ByChannel = Annotated[
    Annotated[Duration, TEXT] | Annotated[dict[Name, Duration], MAP],
    BY_SHAPE,
]
TargetByChannel = Annotated[
    Annotated[Share, TEXT] | Annotated[dict[Name, Share], MAP],
    BY_SHAPE,
]


class Segment(Block):
    """A part of the customers of some types: `enterprise`. Who belongs to it is drawn once for each
    customer, the same in every design. They wait in lines of their own
    (`technical#enterprise.email`), which are routed like those of the type unless a line of
    `routing` names them: `technical#enterprise: [...]`, `"*#enterprise": [...]`.
    """

    label: Label | None = Field(
        default=None, description="What people read, in tables and pictures; default its name here."
    )
    about: Text = Field(default="", description="Who they are, for people.")
    share: Share = Field(description="The share of each type's customers that belongs to it.")
    of: Names | None = Field(
        default=None, description="The contact types it is a part of; default all."
    )
    priority: Priority | None = Field(
        default=None,
        description="Their priority, on every channel and at every stage; default "
        "that of the others.",
    )
    answer_within: ByChannel | None = Field(
        default=None,
        description="Their time limit, on all channels or by channel: {email: 1 h}; default that "
        "of the others.",
    )
    target: TargetByChannel | None = Field(
        default=None,
        description="The share of them to be answered within the time limit, on all channels or by "
        "channel; default that of the others.",
    )
    resolve_within: ByChannel | None = Field(
        default=None,
        description="Their time limit of resolution, on all channels or by channel; default that "
        "of the others.",
    )
    lost_if_abandoned: Loss | None = Field(
        default=None,
        description="What is lost with one of them who gave up; default as with the others.",
    )
    upsell: Upsell | None = Field(
        default=None, description="What is sold to them beside; default as to the others."
    )


__all__ = ["Segment"]
