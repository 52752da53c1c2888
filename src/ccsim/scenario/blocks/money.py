"""What is paid beside people: places, tools, calls, penalties."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ccsim.scenario.blocks.base import Block, Forfeit, MinutePrice, Rent
from ccsim.scenario.quantities import Percent, Share
from ccsim.scenario.texts import Text


class Penalty(Block):
    """What is owed for a target that is missed: for each contact, or for each day, week or month
    in which too few were served in time."""

    of: Text = Field(
        description="Whose target: a channel, a type, a type on a channel or `all`, as measures "
        "name them: phone, enterprise, orders.email."
    )
    promise: Literal["answer", "resolution"] = Field(
        default="answer", description="Which time limit: `answer_within` or `resolve_within`."
    )
    costs: Forfeit = Field(
        description="How much: `12 / contact` for each contact that missed the time limit (late, "
        "given up, turned away), or `5 000 / month` (day, week) for each in which fewer than "
        "`under` had it kept. Parts of a week or month count in proportion."
    )
    under: Share | None = Field(
        default=None,
        description="With a period: the share of contacts that must meet the time limit; default "
        "the `target` there.",
    )


class Costs(Block):
    """Costs beside pay."""

    seat: Rent | None = Field(
        default=None, description="Place and equipment of one person: 290 / month."
    )
    tools: Rent | None = Field(
        default=None, description="Licences and tools of one person: 120 / month."
    )
    phone_minute: MinutePrice | None = Field(
        default=None, description="Telephone charge for a minute of talk or waiting on a line."
    )
    penalties: tuple[Penalty, ...] = Field(
        default=(),
        description="What is owed for missed targets: [{of: phone, costs: 5 000 / month}].",
    )
    overhead: Percent = Field(
        default=0.0,
        description="On top of all other costs, penalties apart, a share of them.",
    )


__all__ = ["Costs", "Penalty"]
