"""Demand beside the everyday: incidents, campaigns, seasons, and how a day's rate wanders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from ccsim import units
from ccsim.scenario.blocks.base import Block, TimeSpan
from ccsim.scenario.quantities import Amount, Percent, PositiveDuration, PositivePercent
from ccsim.scenario.texts import Date, Text
from ccsim.scenario.written import Written
from ccsim.units import NUMBER, UnitError

MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
WEEKS: Final = tuple(f"w{number}" for number in range(1, 54))  # of ISO 8601
_A_DAY = re.compile(r"(.*%)\s*/\s*(?:d|day)")


def _chance(value: object) -> float:
    match = _A_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UnitError(f"a chance is written 4 % / day; found {units.found(value)}")
    return units.parse_share(match[1])


ChancePerDay = Annotated[
    float,
    Written(
        _chance,
        {"type": "string", "pattern": rf"^{NUMBER} *% */ *(d|day)$", "examples": ["4 % / day"]},
        lambda share: f"{units.print_share(share)} / day",
        (int, float),
    ),
]


def expand_season(value: object) -> object:
    """`{jun-aug: 80 %, dec: 130 %}` with an entry for each month; weeks the same."""
    if not isinstance(value, Mapping):
        return value
    expanded: dict[str, object] = {}
    for key, factor in value.items():
        for one in months_or_weeks(str(key)):
            if one in expanded:
                raise UnitError(f"{one} is here twice")
            expanded[one] = factor
    if {one in MONTHS for one in expanded} == {True, False}:
        raise UnitError("a season goes by months or by weeks, not by both")
    return expanded


def months_or_weeks(key: str) -> tuple[str, ...]:
    """The months or weeks of a key: jan, jun-aug, w1, w24-w30."""
    first, dash, last = (part.strip() for part in key.partition("-"))
    for names in (MONTHS, WEEKS):
        if first in names and (last in names if dash else True):
            start = names.index(first)
            count = (names.index(last) - start) % len(names) + 1 if dash else 1
            return tuple(names[(start + number) % len(names)] for number in range(count))
    raise UnitError(f"'{key}' is no month or week: jan, jun-aug, w1, w24-w30")


Season = Annotated[
    dict[str, PositivePercent],
    Written(
        expand_season,
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "string"},
            "examples": [{"jan": "90 %", "jun-aug": "80 %"}],
        },
    ),
]


class Incident(Block):
    """Something breaks: on some days many contacts come at once, ever fewer as it is repaired."""

    probability: ChancePerDay = Field(
        description="The chance that a day brings an incident: 4 % / day."
    )
    contacts: Amount = Field(description="How many contacts an incident brings on average.")
    decays_over: PositiveDuration = Field(
        description="How fast they cease: the rate falls exponentially, and this is its time "
        "constant. Within this time come 63 % of them, within three times as much 95 %."
    )
    between: TimeSpan | None = Field(
        default=None,
        description='When in the day incidents begin: "08:00-20:00"; default at any time.',
    )


class Campaign(Block):
    """A mailing, an advertisement, a price change: contacts beside the usual from a date on."""

    about: Text = Field(default="", description="What it is, for people.")
    on: Date = Field(description="Its first day: 2027-03-10.")
    contacts: Amount = Field(
        description="How many contacts it brings on average in all, also beyond the calendar."
    )
    decays_over: PositiveDuration = Field(
        description="How fast they cease: from each day to the next one on which contacts come, by "
        "exp(-1 day / this). Within a day they follow the type's `shape`."
    )


class WithinDay(Block):
    """Within a day the rate wanders about its profile: a busy half hour is followed by busy ones.

    Each half hour has a factor of mean 1 (a gamma), and those of one day hang together by a normal
    copula whose correlation falls exponentially: the model PGnorta of Oreshkin, Regnard and
    L'Ecuyer, Operations Research 64 (2016), 510-527, with the factor of the day beside it.
    """

    cv: Percent = Field(description="Coefficient of variation of the factor of a half hour.")
    memory: PositiveDuration = Field(
        description="How long it lasts: half hours so far apart correlate by 37 % (of normal "
        "scores)."
    )


__all__ = ["MONTHS", "WEEKS", "Campaign", "Incident", "Season", "WithinDay", "expand_season"]
