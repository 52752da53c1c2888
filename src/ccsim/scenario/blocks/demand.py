"""What customers do: contact types, arrivals, escalation, resolution, repeats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, model_validator

from ccsim.scenario.blocks.base import Block, Distribution, Fee, Handle, Loss, Schemas
from ccsim.scenario.blocks.conversations import Backlog, Reopened, Turns, WaitsFor
from ccsim.scenario.blocks.surges import Campaign, Incident, Season, WithinDay
from ccsim.scenario.quantities import (
    BY_LIST,
    LIST,
    MAP,
    NUMBER_TAG,
    SHARE_PATTERN,
    TEXT,
    Amount,
    Day,
    Duration,
    Growth,
    Percent,
    PositiveDuration,
    Share,
    ShareByTeam,
    ShareOrRest,
    expand_days,
    number_or_map,
    shape_of,
    whole_number,
)
from ccsim.scenario.texts import Label, Name, Names, Text
from ccsim.scenario.written import Written

INBOUND = ("phone", "chat", "messaging", "social", "email", "tickets")  # customers come by these
CHANNELS = (*INBOUND, "outbound")

Priority = Annotated[int, whole_number(1, 99, "a priority")]
AtMost = Annotated[int, whole_number(0, 1000, "how often at most")]
HALF_MINUTE = 30_000_000
THREE_HOURS = 10_800_000_000

_VOLUME_SCHEMA: dict[str, Any] = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": ["number", "string"]},
}


Volume = Annotated[
    Annotated[Amount, NUMBER_TAG]
    | Annotated[dict[Day, Amount], Written(expand_days, _VOLUME_SCHEMA), MAP],
    Discriminator(number_or_map),
]
_Weights = Annotated[
    Annotated[Text, TEXT] | Annotated[tuple[Amount, ...], LIST],
    BY_LIST,
]
Shape = Annotated[
    Annotated[Text, TEXT]
    | Annotated[tuple[Amount, ...], LIST]
    | Annotated[dict[Name, _Weights], MAP],
    Discriminator(shape_of),
]


class Busyness(Block):
    """Days differ: a factor of mean 1, drawn for each day, multiplies the day's volume."""

    short: ClassVar[Schemas] = ({"type": "string", "pattern": SHARE_PATTERN},)
    short_key: ClassVar[str | None] = "cv"

    cv: Percent = Field(description="Coefficient of variation of the day's factor (a gamma).")
    shared: Name | None = Field(
        default=None, description="Types with the same word here share the factors of a day."
    )
    within_day: WithinDay | None = Field(
        default=None,
        description="How the rate wanders within a day: {cv: 20 %, memory: 2 h}; default not at "
        "all.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        short = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        return {"cv": value} if short else value


class Arrivals(Block):
    """How many come, when, and on which channel; or a trace of what was observed."""

    counts: Literal["customers", "offered"] = Field(
        default="customers",
        description="What `per_day` counts: customers (first attempts), or `offered`: what an ACD "
        "counts, redials and repeats included, which the model makes itself.",
    )
    per_day: Volume | None = Field(
        default=None,
        description="Contacts a day: one number, or one for each weekday (mon-fri: 1200).",
    )
    shape: Shape = Field(
        default="flat",
        description="How a day's contacts spread over it: `flat`, a CSV file of weights by "
        "interval with a column for each weekday, or a list of weights; or one of these for each "
        "channel. Weights are normalised.",
    )
    by_channel: dict[Name, ShareOrRest] | None = Field(
        default=None,
        description="Shares of the channels, together 100 %; one may be `rest`. Not needed where "
        "the type has one channel.",
    )
    busyness: Busyness | None = Field(
        default=None, description="How much days differ beyond chance; default not at all."
    )
    growth: Growth | None = Field(
        default=None, description="Growth from the calendar's start, compounded: 1 % / month."
    )
    season: Season | None = Field(
        default=None,
        description="Factors of the volume by month or by ISO week: {jan: 90 %, jun-aug: 80 %}, "
        "{w1: 70 %, w24-w30: 85 %}; 100 % where none is given.",
    )
    campaigns: tuple[Campaign, ...] = Field(
        default=(), description="What brings contacts beside the usual from a date on."
    )
    incident: Incident | None = Field(
        default=None,
        description="Surges on some days: {probability: 4 % / day, contacts: 900, "
        "decays_over: 3 h}; default none.",
    )
    group: Annotated[int, whole_number(1, 10_000, "a group")] = Field(
        default=1, description="How many arrive together."
    )
    trace: Text | None = Field(
        default=None,
        description="A CSV file of observed contacts, in place of `per_day`: at, and where known "
        "channel, patience_s, handle_s, head_start_s.",
    )


class Escalation(Block):
    """Contacts that go on to another stage of their type."""

    to: Name = Field(description="The stage they go to.")
    when: Literal["handled", "promise breached"] = Field(
        default="handled",
        description="`handled`: a share of the handled contacts is passed on. `promise breached`: "
        "who waited longer than `answer_within` goes to the stage's line at once.",
    )
    at: Names | None = Field(
        default=None,
        description="The teams that pass on; default all that serve the stage it leaves.",
    )
    from_: Name | None = Field(
        default=None, alias="from", description="The stage it leaves; default the first."
    )
    channels: Names | None = Field(default=None, description="On which channels; default all.")
    share: Share = Field(
        default=1.0, description="Which share of the handled contacts is passed on."
    )
    how: Literal["transfer", "warm transfer", "consult"] = Field(
        default="transfer",
        description="`transfer`: the contact waits in the next stage's line. `warm transfer`: the "
        "first agent stays with the customer until somebody of that stage has joined and been "
        "told (`handover`). `consult`: a helper from that line joins, and the contact stays with "
        "the first agent.",
    )
    handover: Distribution | None = Field(
        default=None,
        description="Warm transfer: how long both agents talk before the first one leaves: 90 s. "
        "Then the stage's own handling begins.",
    )
    waits: PositiveDuration | None = Field(
        default=None,
        description="How long the first agent waits for somebody: with a warm transfer, before "
        "letting the contact wait in the next stage's line alone; with a consult, before going on "
        "without help. Default 5 min.",
    )
    at_effort: Share = Field(
        default=1.0,
        description="The share of its handle time that the first stage takes before passing on.",
    )


class Again(Block):
    """Unresolved customers who come again."""

    share: Share = Field(description="The share of unresolved customers who come again.")
    delay: Distribution = Field(description="After how long.")
    at_most: AtMost | None = Field(default=None, description="How often at most; default no bound.")


class OnChannel(Block):
    """How a contact type is handled on a channel, and what differs from the channel's target."""

    handle: Handle = Field(description="Handle time: talk plus hold.")
    answer_within: Duration | None = Field(
        default=None,
        description="The time limit of this type on this channel; default the channel's.",
    )
    target: Share | None = Field(
        default=None,
        description="The share to be answered within the time limit; default the channel's.",
    )
    patience: Distribution | None = Field(
        default=None, description="How long customers of this type wait; default the channel's."
    )
    priority: Priority | None = Field(
        default=None, description="The priority on this channel; default the type's."
    )
    resolve_within: Duration | None = Field(
        default=None,
        description="The time limit of resolution of this type on this channel; default the "
        "channel's.",
    )
    turns: Turns | None = Field(
        default=None,
        description="Several replies, with pauses (messaging, social, email, tickets); default the "
        "channel's.",
    )
    waits_for: WaitsFor | None = Field(
        default=None,
        description="What cannot go on until others have done something; default nothing.",
    )
    backlog: Backlog | None = Field(
        default=None,
        description="Contacts that are there when the calendar starts: 40, or {contacts: 40, age: "
        "6 h}; default none.",
    )


class Outbound(OnChannel):
    """A campaign: a list of customers who are called when people have time."""

    list: Volume = Field(
        description="How many are to be called: one number, there from the first day on, or one "
        "for each weekday (on holidays that of `demand_like`), added when its calling hours begin."
    )
    reached: Share = Field(
        description="The share of tries at which the right person answers: 25 %."
    )
    tries: Annotated[int, whole_number(1, 9, "the number of tries")] = Field(
        default=1, description="How often each is called at most."
    )
    try_for: Duration = Field(
        default=HALF_MINUTE, description="What a try in vain takes of the agent; default 30 s."
    )
    again_after: Distribution = Field(
        default=Distribution(mean=THREE_HOURS, family="constant"),
        description="How long after a try in vain comes the next one, in calling hours "
        "(`opens: {outbound: ...}`); default 3 h.",
    )


class KeepsCase(Block):
    """Who handled a case at this stage keeps it."""

    waits: Duration = Field(
        description="How long a customer who comes again waits for that person alone: 2 h."
    )


class Stage(Block):
    """A later stage of a contact type, reached by escalation: fresh work in a line of its own."""

    label: Label | None = Field(
        default=None, description="What people read, in tables and pictures; default its name here."
    )
    handle: Handle = Field(description="Handle time at this stage.")
    priority: Priority | None = Field(
        default=None, description="The priority at this stage; default the type's."
    )
    head_start: Duration = Field(
        default=0,
        description="Its place in the queue is as if it had waited so long; steps open no sooner.",
    )
    resolved: ShareByTeam | None = Field(
        default=None, description="The share resolved at this stage; default the type's `resolved`."
    )
    turns: Turns | None = Field(
        default=None,
        description="Several replies at this stage, with pauses; default those of the channel.",
    )
    waits_for: WaitsFor | None = Field(
        default=None,
        description="What cannot go on at this stage until others have done something; default "
        "nothing.",
    )
    keeps_case: KeepsCase | None = Field(
        default=None,
        description="Customers whose problem remains come back to this stage, to who had the case: "
        "{waits: 2 h}. Default they begin anew.",
    )


class Upsell(Block):
    """What is sold beside: a share of the contacts that end resolved, and what one is worth."""

    share: ShareByTeam = Field(
        description="The share of resolved contacts with a sale: one share, or one for each team "
        "that resolved it (teams that are not named sell nothing)."
    )
    value: Fee = Field(description="What a sale is worth, its margin: 40.")


class ContactType(Block):
    """A kind of contact: why customers come, how many, and what it takes to help them."""

    other: ClassVar[type[Block] | None] = Stage

    label: Label | None = Field(
        default=None, description="What people read, in tables and pictures; default its name here."
    )
    about: Text = Field(default="", description="What it is, for people.")
    arrivals: Arrivals = Field(
        default=Arrivals(),
        description="How many come, when and on which channel; not for a campaign alone.",
    )
    phone: OnChannel | None = Field(default=None, description="How it is handled by phone.")
    chat: OnChannel | None = Field(default=None, description="How it is handled by chat.")
    messaging: OnChannel | None = Field(
        default=None, description="How it is handled by messages: one reply."
    )
    social: OnChannel | None = Field(
        default=None, description="How it is handled on social media: one reply."
    )
    email: OnChannel | None = Field(default=None, description="How it is handled by e-mail.")
    tickets: OnChannel | None = Field(
        default=None, description="How it is handled as a ticket: one reply."
    )
    outbound: Outbound | None = Field(
        default=None, description="A list of customers who are called: a campaign."
    )
    stages: dict[Name, Stage] = Field(
        default={},
        description="Later stages by name. A stage that an escalation names may also stand "
        "directly under the contact type: `tier2: {handle: 14 min}`.",
    )
    priority: Priority = Field(default=5, description="1 is served before 2.")
    resolved: ShareByTeam = Field(
        default=1.0,
        description="The share resolved of the contacts that are handled and not passed on: one "
        "share, or one for each team.",
    )
    escalates: tuple[Escalation, ...] = Field(
        default=(), description="What is passed on to other stages."
    )
    again: Again | None = Field(
        default=None, description="Unresolved customers who come again; default none."
    )
    reopened: Reopened | None = Field(
        default=None, description="Resolved contacts that come back; default none."
    )
    lost_if_abandoned: Loss | None = Field(
        default=None, description="What is lost with a customer who gave up, in the currency."
    )
    upsell: Upsell | None = Field(
        default=None,
        description="Revenue from what is sold beside: {share: 6 %, value: 40}; default none.",
    )

    def on(self, channel: str) -> OnChannel | None:
        """How the type is handled on a channel; None where it does not come by it."""
        block: OnChannel | None = getattr(self, channel)
        return block

    @model_validator(mode="before")
    @classmethod
    def _stages_under_their_names(cls, value: object) -> object:
        """`tier2: {...}` beside `escalates: [{to: tier2}]` is `stages: {tier2: {...}}`."""
        if not isinstance(value, Mapping) or not isinstance(value.get("escalates"), (list, tuple)):
            return value
        rows = [row.get("to") for row in value["escalates"] if isinstance(row, Mapping)]
        named = {to for to in rows if isinstance(to, str)}
        own = {key for key in value if key in named and key not in cls.model_fields}
        stages = value.get("stages", {})
        if not own or not isinstance(stages, Mapping) or own & set(stages):
            return value
        kept = {key: content for key, content in value.items() if key not in own}
        return {**kept, "stages": {**stages, **{key: value[key] for key in value if key in own}}}


__all__ = [
    "CHANNELS",
    "Again",
    "Arrivals",
    "Busyness",
    "ContactType",
    "Escalation",
    "KeepsCase",
    "OnChannel",
    "Outbound",
    "Priority",
    "Stage",
    "Upsell",
]
