"""Contacts of several replies: conversations with pauses, waiting on others, what comes back."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from ccsim import units
from ccsim.scenario.blocks.base import Block, Distribution, Handle, Schemas
from ccsim.scenario.quantities import Count, Duration, Share
from ccsim.scenario.texts import Text
from ccsim.scenario.written import Written
from ccsim.units import UnitError

MOST_TURNS = 100


def _turns(value: object) -> float:
    if isinstance(value, str):
        number = units.parse_number(value.strip())
        value = float(number) if number is not None else value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnitError(f"a mean number of turns is expected: 2.5; found {units.found(value)}")
    if not 1 <= value <= MOST_TURNS:
        raise UnitError(
            f"a conversation has from 1 to {MOST_TURNS} turns on average; found {value}"
        )
    return float(value)


MeanTurns = Annotated[
    float,
    Written(
        _turns,
        {
            "anyOf": [
                {"type": "number", "minimum": 1, "maximum": MOST_TURNS},
                {"type": "string", "pattern": f"^{units.NUMBER}$"},
            ],
            "examples": [2.5],
        },
    ),
]


class Turns(Block):
    """A contact of several replies. After each the customer pauses, nobody is held up meanwhile,
    and the next turn waits in a line of its own (`orders.messaging@turns`), which is routed like
    the first. `handle` is the work of one reply.
    """

    mean: MeanTurns = Field(
        description="Replies of a contact on average, at each stage. After every reply the "
        "customer writes again with the same chance, 1 - 1 / mean."
    )
    pause: Distribution = Field(
        description="How long the customer takes to write again, by day and night."
    )
    same_agent_for: Duration | None = Field(
        default=None,
        description="How long a later turn waits for who wrote the last reply, also while that "
        "person is away, before others may take it; when a break or the end of duty comes, those "
        "who wait for that person wait no longer. Default it does not.",
    )


class WaitsFor(Block):
    """Work that cannot go on until somebody else has done something: developers, a supplier, the
    customer's papers. It is taken up again in a line of its own (`technical.email@resumed`)."""

    who: Text = Field(default="", description="Whom it waits for, for people.")
    share: Share = Field(
        description="The share of contacts that wait, once each, after the last reply."
    )
    delay: Distribution = Field(description="How long until it can go on, by day and night.")
    handle: Handle | None = Field(
        default=None, description="The work when it goes on; default that of the line it left."
    )
    same_agent_for: Duration | None = Field(
        default=None,
        description="How long it then waits for who had it before, before others may take it; "
        "default it does not.",
    )


class Backlog(Block):
    """Contacts that are there when the calendar starts. They are work, and wait in a line of their
    own (`technical.email@backlog`), but they came before: no attempt of the calendar's."""

    short: ClassVar[Schemas] = ({"type": "integer", "minimum": 0},)
    short_key: ClassVar[str | None] = "contacts"

    contacts: Count = Field(description="How many there are.")
    age: Distribution | None = Field(
        default=None,
        description="How long they have waited: who waited longer is first. Default they have "
        "just come.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        short = isinstance(value, (int, float, str)) and not isinstance(value, bool)
        return {"contacts": value} if short else value


class Reopened(Block):
    """Contacts that counted as resolved and come back."""

    share: Share = Field(description="The share of the resolved that is reopened, each time.")
    delay: Distribution = Field(description="After how long, in the channel's opening hours.")


__all__ = ["Backlog", "Reopened", "Turns", "WaitsFor"]
