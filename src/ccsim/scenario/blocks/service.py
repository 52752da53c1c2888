"""How contacts are served: channels and their targets, routes, expectations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, model_serializer, model_validator
from pydantic.json_schema import SkipJsonSchema

from ccsim import units
from ccsim.scenario.blocks.base import Block, Distribution, HoursByDay, Schemas
from ccsim.scenario.blocks.conversations import Turns
from ccsim.scenario.blocks.demand import AtMost
from ccsim.scenario.blocks.waiting import Callback, QueueMessage, SelfService
from ccsim.scenario.quantities import BY_SHAPE, MAP, TEXT, Count, Duration, Period, Share, Slowdown
from ccsim.scenario.texts import Label, Name, Names, Text, YesNo
from ccsim.scenario.written import Written
from ccsim.units import UnitError

Opening = Annotated[
    Annotated[Literal["always"], TEXT] | Annotated[HoursByDay, MAP],
    BY_SHAPE,
]
Attempt = Literal["abandoned", "busy"]


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Redial(Block):
    """Customers who try again after they gave up or heard busy."""

    share: Share = Field(description="The share that tries again.")
    delay: Distribution = Field(description="After how long.")
    at_most: AtMost | None = Field(default=None, description="How often at most; default no bound.")
    after: Annotated[
        tuple[Attempt, ...],
        Written(
            _one_or_more,
            {
                "anyOf": [
                    {"enum": ["abandoned", "busy"]},
                    {"type": "array", "items": {"enum": ["abandoned", "busy"]}, "minItems": 1},
                ]
            },
        ),
    ] = Field(default=("abandoned", "busy"), description="After what: abandoned, busy, or both.")
    same_customer: YesNo = Field(
        default=False,
        description="Whether patience and handle time stay the same over all attempts.",
    )


class Channel(Block):
    """A channel: its targets, how long its customers wait, and how much there is of it."""

    label: Label | None = Field(
        default=None, description="What people read, in tables and pictures; default its name here."
    )
    answer_within: Duration | None = Field(
        default=None,
        description="The time limit of the target: contacts are to be answered within this.",
    )
    target: Share | None = Field(
        default=None,
        description="The target: the share of contacts to be answered within `answer_within`.",
    )
    promise: Literal["always", "working"] = Field(
        default="always",
        description="Which time `answer_within` counts: `always` all, `working` the channel's "
        "working hours.",
    )
    working_hours: Opening | None = Field(
        default=None,
        description="The hours that `promise: working` counts; default the channel's `opens`.",
    )
    patience: Distribution | None = Field(
        default=None,
        description="How long customers wait before they give up; `endless` where nobody does. "
        "Needed for phone and chat; e-mail waits.",
    )
    resolve_within: Duration | None = Field(
        default=None,
        description="The time limit of resolution: the customer's problem is solved within this, "
        "on the same clock as `answer_within`.",
    )
    turns: Turns | None = Field(
        default=None,
        description="Several replies, with pauses (messaging, social, email, tickets): {mean: 3, "
        "pause: 40 min, same_agent_for: 2 h}; default one reply.",
    )
    redial: Redial | None = Field(default=None, description="Who tries again; default nobody.")
    lines: Count | None = Field(
        default=None,
        description="Trunk lines; a caller beyond them hears busy. Calls to customers (callbacks, "
        "campaigns) take those of the phone too. Default no bound.",
    )
    callback: Callback | None = Field(
        default=None, description="Who waits is offered to be called back (phone); default nobody."
    )
    messages: tuple[QueueMessage, ...] = Field(
        default=(),
        max_length=20,
        description="Messages in the line, and what they change: [{after: 60 s, ...}].",
    )
    ivr: SelfService | None = Field(
        default=None, description="A voice menu that answers before people do (phone)."
    )
    bot: SelfService | None = Field(
        default=None, description="A bot or self-service that answers before people do."
    )
    waiting_places: Count | None = Field(
        default=None, description="How many may wait; 0 is nobody. Default no bound."
    )
    slowdown: Annotated[tuple[Slowdown, ...], Field(min_length=1)] | None = Field(
        default=None,
        description="Handle time with one, two, three... at once: [100 %, 115 %, 140 %]; "
        "default no slow-down.",
    )
    interruptible: YesNo | None = Field(
        default=None,
        description="Whether live contacts interrupt this work; default yes where a team takes it "
        "`in gaps`.",
    )


class RouteStep(Block):
    """A step of a route: who may take a contact, and from when on."""

    short: ClassVar[Schemas] = (
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
    )
    short_key: ClassVar[str | None] = "team"

    team: Names = Field(
        description="A team, or several of equal rank: [frontline, remote]. Of all their people, "
        "who has the largest share of capacity free takes it, then who has been idle longest."
    )
    after: Duration = Field(default=0, description="Open to contacts that have waited this long.")
    when_waiting: Count = Field(
        default=0, description="Open while at least so many wait in this line (itself included)."
    )
    keep_idle: Count = Field(
        default=0, description="Open only while more than so many of the team are free."
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"team": value} if isinstance(value, (str, list, tuple)) else value


class Owner(Block):
    """Each customer has an owner: one person of a team, always the same."""

    team: Name = Field(description="The team of the owners.")
    waits: Duration = Field(
        description="How long a contact waits for its owner alone before others may take it: 60 s."
    )


class Route(Block):
    """Who takes these contacts, in this order. A plain list is the route without anything else."""

    short: ClassVar[Schemas] = (
        {"type": "string"},
        {"type": "array", "items": {"$ref": "#/$defs/RouteStep"}, "minItems": 1},
    )
    short_key: ClassVar[str | None] = "route"

    route: Annotated[tuple[RouteStep, ...], Field(min_length=1)] = Field(
        description="The steps. One whose teams have nobody on duty opens the next at once."
    )
    head_start: Duration = Field(
        default=0,
        description="Its place in the queue is as if it had waited so long; steps open no sooner.",
    )
    owner: Owner | None = Field(
        default=None,
        description="Customers with an owner, who is tried first: {team: managers, waits: 60 s}.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        if isinstance(value, str):
            return {"route": (value,)}
        return {"route": value} if isinstance(value, (list, tuple)) else value


# --- what must hold -------------------------------------------------------------------------------
Unit = Literal["share", "duration", "money", "number"]
_COMPARISON = re.compile(r"\s*([^\s<>=]+)\s*(>=|<=|≥|≤)\s*(.+?)\s*")
EXPECT_NEEDS = (
    "an expectation is written phone.service_level >= 80 %, or cost.total <= 1 000 / month"
)


def parse_bound(value: object) -> tuple[float, Unit, str | None]:
    """A bound with its unit and, for money, its period: 80 %, 45 s, 1 450 000 / month, 12.5."""
    if isinstance(value, str):
        text = value.strip()
        if text.endswith("%"):
            return units.parse_percent(text), "share", None
        if "/" in text:
            amount, per = units.parse_money(text)
            return amount, "money", per
        number = units.parse_number(text)
        if number is not None:
            return float(number), "number", None
        return float(units.parse_duration(text)), "duration", None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnitError(f"a bound is a quantity: 80 %, 45 s, 12; found {units.found(value)}")
    if not abs(value) <= units.MAX_NUMBER:
        raise UnitError("the bound is absurdly large")
    return float(value), "number", None


def print_bound(value: float, unit: Unit, per: str | None) -> str | float:
    if unit == "share":
        return units.print_share(value)
    if unit == "duration":
        return units.print_duration(round(value))
    return units.print_money(value, per) if per else units.print_number(value)


_BOUND_SCHEMA: dict[str, Any] = {"type": ["number", "string"], "examples": ["80 %", "45 s", 12]}


_OF_WHAT = re.compile(r"(.*%)\s+of\s+(days|intervals|weeks)")


def _share_of_them(value: object) -> float:
    """`95 %`, or `95 % of days`."""
    match = _OF_WHAT.fullmatch(value) if isinstance(value, str) else None
    return units.parse_share(match[1] if match else value)


ShareOfThem = Annotated[
    float,
    Written(
        _share_of_them,
        {
            "type": "string",
            "pattern": rf"^{units.NUMBER} *%( +of +(days|intervals|weeks))?$",
            "examples": ["95 % of days", "95 %"],
        },
        units.print_share,
        (int, float),
    ),
]


class Expectation(Block):
    """What must hold: `phone.service_level >= 80 %`, or a map (`over`, `in`, `designs`)."""

    short: ClassVar[Schemas] = (
        {
            "type": "string",
            "pattern": "^ *[^ <>=]+ *(>=|<=|≥|≤) *.+$",
            "examples": ["phone.service_level >= 80 %", "cost.total <= 90 000 / month"],
        },
    )
    derived: ClassVar[frozenset[str]] = frozenset({"unit", "per"})

    measure: Text = Field(description="The measure: scope.measure, as `ccsim measures` lists them.")
    at_least: Annotated[float, Written(lambda v: v, _BOUND_SCHEMA)] | None = Field(
        default=None, description="The lower bound."
    )
    at_most: Annotated[float, Written(lambda v: v, _BOUND_SCHEMA)] | None = Field(
        default=None, description="The upper bound."
    )
    over: Literal["day", "interval", "week"] | None = Field(
        default=None,
        description="Counted for each of these (weeks from the first day measured); default for "
        "the whole horizon.",
    )
    in_: ShareOfThem | None = Field(
        default=None,
        alias="in",
        description="In which share of them it must hold: 95 % of days; default all.",
    )
    designs: Annotated[Names, Field(min_length=1)] | None = Field(
        default=None,
        description="For which designs; `base` is the scenario itself; default all.",
    )
    unit: SkipJsonSchema[Unit] = Field(default="number", description="What the bound is (derived).")
    per: SkipJsonSchema[Period | None] = Field(
        default=None, description="The period of a bound in money (derived); it scales by days."
    )

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, str):
            match = _COMPARISON.fullmatch(value)
            if match is None:
                raise UnitError(f"{EXPECT_NEEDS}; found {units.found(value)}")
            side = "at_least" if match[2] in (">=", "≥") else "at_most"
            value = {"measure": match[1], side: match[3]}
        if not isinstance(value, Mapping) or (info.context is None and "unit" in value):
            return value
        for key in cls.derived & set(value):
            raise UnitError(f"there is no key '{key}' here; the bound says its unit: 80 %, 45 s")
        sides = [side for side in ("at_least", "at_most") if side in value]
        over, match = value.get("over"), _OF_WHAT.fullmatch(str(value.get("in", "")))
        if match is not None and match[2] != f"{over}s":
            raise UnitError(f"`in` counts {match[2]}, but `over` says {units.found(over)}")
        read = {side: parse_bound(value[side]) for side in sides}
        if len(read) == 0:
            raise UnitError("an expectation needs a bound: at_least or at_most")
        if len({bound[1:] for bound in read.values()}) > 1:
            raise UnitError("at_least and at_most must have the same unit")
        _, unit, per = next(iter(read.values()))
        bounds = {side: bound[0] for side, bound in read.items()}
        return {**value, **bounds, "unit": unit, "per": per}

    @model_serializer(mode="plain", when_used="json")
    def _print(self) -> object:
        bounds = {
            side: print_bound(bound, self.unit, self.per)
            for side, bound in (("at_least", self.at_least), ("at_most", self.at_most))
            if bound is not None
        }
        if len(bounds) == 1 and self.over is None and self.in_ is None and self.designs is None:
            sign = ">=" if "at_least" in bounds else "<="
            return f"{self.measure} {sign} {next(iter(bounds.values()))}"
        printed: dict[str, object] = {"measure": self.measure, **bounds}
        if self.over is not None:
            printed["over"] = self.over
        if self.in_ is not None:
            printed["in"] = units.print_share(self.in_)
        if self.designs is not None:
            printed["designs"] = list(self.designs)
        return printed


__all__ = [
    "Channel",
    "Expectation",
    "Opening",
    "Owner",
    "Redial",
    "Route",
    "RouteStep",
    "parse_bound",
]
