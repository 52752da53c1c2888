"""What a person writes: frozen models, one for each block of a scenario file.

The field descriptions are the language's reference; `ccsim schema` publishes them as JSON Schema.
Quantities arrive as text with a unit and are held as plain numbers: durations in microseconds,
shares as fractions, money as `Money`. The blocks stand in `scenario/blocks/`, by subject.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ccsim.scenario.blocks.base import Block, Distribution, Handle, Money, TimeSpan
from ccsim.scenario.blocks.conversations import Backlog, Reopened, Turns, WaitsFor
from ccsim.scenario.blocks.demand import (
    CHANNELS,
    INBOUND,
    Again,
    Arrivals,
    Busyness,
    ContactType,
    Escalation,
    KeepsCase,
    OnChannel,
    Outbound,
    Stage,
    Upsell,
)
from ccsim.scenario.blocks.money import Costs, Penalty
from ccsim.scenario.blocks.people import (
    Consults,
    Contract,
    HeadsFile,
    Pay,
    Role,
    Shrinkage,
    Sick,
    Team,
    Tenure,
)
from ccsim.scenario.blocks.segments import Segment
from ccsim.scenario.blocks.service import (
    Channel,
    Expectation,
    Opening,
    Owner,
    Redial,
    Route,
    RouteStep,
)
from ccsim.scenario.blocks.surges import Campaign, Incident, WithinDay
from ccsim.scenario.blocks.time import Break, Calendar, Holidays, RunOptions, Shift, ShiftPart
from ccsim.scenario.blocks.uncertain import Assumption
from ccsim.scenario.blocks.waiting import Callback, QueueMessage, SelfService, WhenClosed
from ccsim.scenario.quantities import Day, Duration, Share
from ccsim.scenario.texts import Label, Name, Text, Title
from ccsim.units import UnitError, found

AtClose = Literal["finish the line", "clear the line"]
FORMAT = 1  # the version of the language, apart from the package's


class Scenario(Block):
    """A scenario file: an operation and what is asked of it."""

    ccsim: Literal[1] = Field(description="The version of the language: 1.")
    name: Title = Field(description="The title of the scenario.")
    label: Label | None = Field(
        default=None,
        description="What `base` is called where designs stand side by side; default base.",
    )
    about: Text = Field(default="", description="The question, the sources, what is illustrative.")
    currency: Text | None = Field(
        default=None,
        description="The currency of all money, for instance UAH; needed where money is.",
    )
    calendar: Calendar = Field(description="Which days are simulated.")
    run: RunOptions = Field(default=RunOptions(), description="How often, and from which seed.")
    opens: dict[Name, Opening] = Field(
        default={},
        description="When each channel takes contacts: `always` (the default), or hours by "
        'weekday: {mon-fri: "07:00-21:00"}.',
    )
    at_close: dict[Name, AtClose] = Field(
        default={},
        description="What happens to those who wait when a channel closes; default finish.",
    )
    when_closed: dict[Name, WhenClosed] = Field(
        default={},
        description="What those can do who come while a channel is closed (phone): voicemail.",
    )
    distributions: dict[Name, Distribution] = Field(
        default={}, description="Distributions with a name, to be used with `as`."
    )
    contacts: dict[Name, ContactType] = Field(
        min_length=1, description="The contact types by name."
    )
    segments: dict[Name, Segment] = Field(
        default={},
        description="Shares of the customers with targets and priorities of their own: "
        "{enterprise: {share: 15 %, of: [technical], answer_within: {email: 1 h}}}.",
    )
    channels: dict[Name, Channel] = Field(
        min_length=1, description="The channels: phone, chat, messaging, social, email, tickets."
    )
    teams: dict[Name, Team] = Field(min_length=1, description="The teams by name.")
    routing: dict[str, Route] = Field(
        min_length=1,
        description="Who takes what: type[#segment][.channel][@stage], `*` for every type; the "
        "most specific line wins.",
    )
    shifts: dict[Name, Shift] = Field(default={}, description="The shifts by name.")
    roles: dict[Name, Role] = Field(default={}, description="People who take no contacts, by role.")
    costs: Costs = Field(default=Costs(), description="What is paid beside people.")
    uncertain: dict[str, Assumption] = Field(
        default={},
        description="Numbers that nobody knows for sure, by their dotted path (`*`: every name): "
        "{contacts.billing.arrivals.per_day: {by: [-10 %, +15 %], source: illustrative}}. What one "
        "line covers moves together.",
    )
    expect: tuple[Expectation, ...] = Field(
        default=(), description="What must hold; `ccsim run` says whether it does."
    )

    @model_validator(mode="before")
    @classmethod
    def _this_format(cls, value: object) -> object:
        if not isinstance(value, dict):
            raise UnitError(
                f"a scenario is a map that begins with `ccsim: 1`; found {found(value)}"
            )
        if value and not set(value) & set(cls.model_fields):
            first = found(str(next(iter(value))))
            raise UnitError(
                f"a scenario begins with `ccsim: 1`; this file has no key of one, but {first}"
            )
        return value

    @model_validator(mode="after")
    def _on_call_as_drawn(self) -> Scenario:
        """People on call are those of their team: what is not written of them is as there."""
        teams = {
            name: team.as_drawn_from(self.teams[team.drawn_from])
            if team.drawn_from in self.teams and team.drawn_from != name
            else team
            for name, team in self.teams.items()
        }
        return self if teams == self.teams else self.model_copy(update={"teams": teams})


__all__ = [
    "CHANNELS",
    "FORMAT",
    "INBOUND",
    "Again",
    "Arrivals",
    "Assumption",
    "AtClose",
    "Backlog",
    "Block",
    "Break",
    "Busyness",
    "Calendar",
    "Callback",
    "Campaign",
    "Channel",
    "Consults",
    "ContactType",
    "Contract",
    "Costs",
    "Day",
    "Distribution",
    "Duration",
    "Escalation",
    "Expectation",
    "Handle",
    "HeadsFile",
    "Holidays",
    "Incident",
    "KeepsCase",
    "Money",
    "OnChannel",
    "Opening",
    "Outbound",
    "Owner",
    "Pay",
    "Penalty",
    "QueueMessage",
    "Redial",
    "Reopened",
    "Role",
    "Route",
    "RouteStep",
    "RunOptions",
    "Scenario",
    "Segment",
    "SelfService",
    "Share",
    "Shift",
    "ShiftPart",
    "Shrinkage",
    "Sick",
    "Stage",
    "Team",
    "Tenure",
    "TimeSpan",
    "Turns",
    "Upsell",
    "WaitsFor",
    "WhenClosed",
    "WithinDay",
]
