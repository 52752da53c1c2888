"""What nobody knows for sure: ranges of the scenario's numbers, each with its source."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ccsim import units
from ccsim.scenario.blocks.base import Block
from ccsim.scenario.quantities import CHANGE_PATTERN
from ccsim.scenario.written import Written
from ccsim.units import UnitError


def _signed(value: object) -> object:
    if units.parse_change(value) is None:
        raise UnitError(f"a change has a sign: -10 %, +15 %, -2 points; found {units.found(value)}")
    return value


def _bound(value: object) -> object:
    """A quantity of any kind as its text; a number without a unit too."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return units.print_number(value)
    if not isinstance(value, str) or not value.strip():
        raise UnitError(
            f"a value is written like the one that it is about: 4.6 min; found {units.found(value)}"
        )
    return value.strip()


def _source(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise UnitError("say where that is from: a survey, a log, a name, or `illustrative`")
    return value.strip()


Signed = Annotated[
    str,
    Written(
        _signed,
        {"type": "string", "pattern": CHANGE_PATTERN, "examples": ["-10 %", "+15 %"]},
        held=(str,),
    ),
]
Bound = Annotated[
    str,
    Written(
        _bound,
        {"anyOf": [{"type": "number"}, {"type": "string", "examples": ["4.6 min", "6 min"]}]},
        held=(str,),
    ),
]
Source = Annotated[str, Written(_source, {"type": "string", "minLength": 1})]


class Assumption(Block):
    """A number that is not known for sure. What the scenario states is what is simulated. Where
    assumptions are drawn, every draw takes a value between the lowest and the highest, all equally
    likely, or by a triangle where the most likely one stands between them.
    """

    by: Annotated[tuple[Signed, ...], Field(min_length=2, max_length=3)] | None = Field(
        default=None,
        description="By how much what stands there may be off: [-10 %, +15 %], or with the most "
        "likely in the middle [-10 %, +0 %, +15 %]. On a map or a list each of its numbers.",
    )
    range: Annotated[tuple[Bound, ...], Field(min_length=2, max_length=3)] | None = Field(
        default=None,
        description="The lowest and the highest value, written like what stands there: "
        "[4.6 min, 6 min], or with the most likely in the middle [4.6 min, 5 min, 6 min].",
    )
    source: Source = Field(
        description="Where that is from: a survey, a log, a name. `illustrative` says that nobody "
        "has measured it."
    )


__all__ = ["Assumption"]
