"""Who is at hand beside the plain shifts: shared people, planned overtime, on call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from ccsim.scenario.blocks.base import Block, HoursByDay, Schemas
from ccsim.scenario.blocks.time import Holidays
from ccsim.scenario.quantities import BY_SHAPE, MAP, TEXT, Days, PositiveDuration, Share
from ccsim.scenario.texts import Names
from ccsim.scenario.written import schema_of

OUTSIDE_SHIFTS = "outside shifts"
WORKED = "worked"


class Available(Block):
    """People who are shared with projects or with another operation."""

    short: ClassVar[Schemas] = (schema_of(Share),)
    short_key: ClassVar[str | None] = "share"

    share: Share = Field(description="The share of their working time that is at hand here: 50 %.")
    by: Literal["days", "hours"] = Field(
        default="days",
        description="Whole `days` here and whole days elsewhere, in turn and spread evenly over "
        "people; or `hours`: a stretch of every shift is spent elsewhere, at different times for "
        "different people.",
    )
    paid: Literal["by share", "wholly"] = Field(
        default="by share",
        description="What is paid here: `by share` the time at hand; `wholly` also the time "
        "elsewhere, which then counts as shrinkage.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return value if isinstance(value, (Mapping, Available)) else {"share": value}


class PlannedOvertime(Block):
    """Overtime as policy: shifts that begin on certain days end later, paid as overtime."""

    days: Days = Field(description="The weekdays on which the shifts begin: mon, mon-fri.")
    for_: PositiveDuration = Field(alias="for", description="How much later they end: 1 h.")
    shifts: Names | None = Field(
        default=None, description="Which shifts of the team's roster; default all."
    )
    share: Share = Field(
        default=1.0,
        description="The share of those present who stay, different people on different days.",
    )


OnCallHours = Annotated[
    Annotated[Literal["outside shifts"], TEXT] | Annotated[HoursByDay, MAP],
    BY_SHAPE,
]
TeamHolidays = Annotated[
    Annotated[Literal["worked"], TEXT] | Annotated[Holidays, MAP],
    BY_SHAPE,
]

__all__ = [
    "OUTSIDE_SHIFTS",
    "WORKED",
    "Available",
    "OnCallHours",
    "PlannedOvertime",
    "TeamHolidays",
]
