"""Who serves: teams and what they may hold, and roles beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from ccsim import units
from ccsim.scenario.blocks.base import Block, Salary, Schemas, Wage
from ccsim.scenario.blocks.duty import Available, OnCallHours, PlannedOvertime, TeamHolidays
from ccsim.scenario.quantities import (
    BY_LIST,
    BY_SHAPE,
    LIST,
    MAP,
    TEXT,
    Count,
    Duration,
    Heads,
    InHand,
    LongDuration,
    Percent,
    PerDay,
    PerWeek,
    PositiveCount,
    PositiveDuration,
    PositivePercent,
    Share,
    ShareOfDays,
    ShareOfHours,
    Slowdown,
    WorkingDays,
    whole_number,
)
from ccsim.scenario.texts import Label, Name, Names, Text, TimeZone
from ccsim.scenario.written import Written, schema_of
from ccsim.units import UnitError

FULL_TIME = 40 * units.US_PER_HOUR
OF_THE_SOURCE = ("hands", "handle_time", "slowdown", "contract", "pay", "timezone")  # on call
HOLIDAYS = "holidays"  # the key of a premium that is paid on public holidays


def _premium_keys(value: object) -> object:
    """Keys are spans of the day, days or holidays; spans are printed in one form."""
    if not isinstance(value, Mapping):
        return value
    read: dict[str, object] = {}
    for key, share in value.items():
        text = str(key)
        if text == HOLIDAYS:
            name = text
        elif ":" in text:
            name = units.print_span(*units.parse_span(text))
        else:
            name = units.print_days(units.parse_days(text))
        if name in read:
            raise UnitError(f"the premium for {name} is here twice")
        read[name] = share
    return read


_PREMIUM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": schema_of(Percent),
}


class Contract(Block):
    """What a person works, and what counts as full time."""

    full_time: PerWeek = Field(
        default=FULL_TIME, description="Hours a week of one full-time equivalent: 40 h / week."
    )
    hours: PerWeek | None = Field(
        default=None,
        description="Hours a week of one person, for part-time people: 20 h / week. Without "
        "`works` a person works so many of the shift's days that its paid hours come to this on "
        "average (2.5 days a week are two and three in turn).",
    )
    works: WorkingDays = Field(
        default=(7, 7),
        description="On how many of the days a person works: 5 of 7. Days off are spread evenly "
        "over people. Default what `hours` gives, else all days on which the shift is worked.",
    )


class Pay(Block):
    """What a person costs: a salary, or a wage by the hour; one of them."""

    salary: Salary | None = Field(
        default=None, description="Salary of one full-time person: 14 400 / year."
    )
    wage: Wage | None = Field(default=None, description="Wage for each paid hour: 18.50 / h.")
    on_top: Percent = Field(
        default=0.0, description="What the employer pays on top (social charges), a share of pay."
    )
    overtime: Percent = Field(
        default=1.0, description="What an hour of overtime costs, a share of the usual hour: 150 %."
    )
    premium: Annotated[dict[str, Percent], Written(_premium_keys, _PREMIUM_SCHEMA)] = Field(
        default={},
        description='Paid on top at certain hours or days: {"22:00-06:00": 20 %, sun: 50 %, '
        "holidays: 100 %}. Where several apply they add up.",
    )


class Tenure(Block):
    """New people take longer."""

    new: PositivePercent = Field(description="Handle time of new people: 135 %.")
    experienced: PositivePercent = Field(
        default=1.0, description="Handle time of the experienced; default 100 %."
    )
    until: LongDuration = Field(description="How long a person counts as new: 12 weeks.")
    new_now: Share = Field(
        default=0.0, description="The share of the people who are new at the start."
    )


class Sick(Block):
    """Sickness comes in spells of days, drawn for each person."""

    short: ClassVar[Schemas] = (schema_of(ShareOfDays),)
    short_key: ClassVar[str | None] = "share"

    share: ShareOfDays = Field(description="The share of working days: 5 % of days.")
    spell: PositiveDuration = Field(
        default=units.US_PER_DAY, description="The mean length of a spell, in days; default 1 d."
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return value if isinstance(value, (Mapping, Sick)) else {"share": value}


class Shrinkage(Block):
    """Paid time in which nobody serves contacts, breaks apart."""

    leave: ShareOfDays = Field(default=0.0, description="Planned, paid absence: 10 % of days.")
    sick: Sick | None = Field(
        default=None, description="Sickness: 5 % of days, or {share: 5 % of days, spell: 3 d}."
    )
    late: ShareOfHours = Field(default=0.0, description="Lateness: 2 % of hours.")
    training: PerWeek = Field(default=0, description="Training: 2 h / week.")
    meetings: PerDay = Field(default=0, description="Meetings: 30 min / day.")


HandleTime = Annotated[
    Annotated[PositivePercent, TEXT] | Annotated[Tenure, MAP],
    BY_SHAPE,
]
Roster = Annotated[dict[Name, Heads], Field(min_length=1)]


class HeadsFile(Block):
    """Heads on duty by interval as a file states them, or a multiple of them."""

    short: ClassVar[Schemas] = (schema_of(Text),)
    short_key: ClassVar[str | None] = "file"
    scale_key: ClassVar[str | None] = "times"

    file: Text = Field(description="A CSV file with a column of heads for each weekday.")
    times: Percent = Field(
        default=1.0,
        description="What the heads of every interval are multiplied by, each rounded half up: "
        "150 %. A change of `staffing` (`+50 %`) changes this.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"file": value} if isinstance(value, str) else value

    def heads(self, stated: int) -> int:
        """The heads on duty where the file states so many."""
        return units.round_half_up(stated * self.times)


HeadsByInterval = Annotated[
    Annotated[HeadsFile, TEXT] | Annotated[tuple[Count, ...], LIST],
    BY_LIST,
]


class Team(Block):
    """People with the same skills, pay and shifts."""

    label: Label | None = Field(
        default=None, description="What people read, in tables and pictures; default its name here."
    )
    about: Text = Field(default="", description="Who they are, for people.")
    tier: Annotated[int, whole_number(0, 20, "a tier")] = Field(
        default=1, description="Their tier; measures are also given by tier."
    )
    people: PositiveCount | None = Field(
        default=None,
        description="How many are on the payroll, gross of shrinkage. Not needed where `roster` "
        "counts them, or where `staffing` or `duty_log` says who is there.",
    )
    contract: Contract | None = Field(
        default=None, description="Hours of a full-time person and days off; default 40 h a week."
    )
    roster: Roster | None = Field(
        default=None,
        description="The shifts they work, as shares of the people (largest remainder; together "
        "100 %, one may be `rest`) or as counts, which then define `people`.",
    )
    staffing: HeadsByInterval | None = Field(
        default=None,
        description="In place of `roster`: heads on duty by interval, net of shrinkage, as a CSV "
        "file with a column for each weekday (`{file: heads.csv, times: 150 %}` for a multiple of "
        "it) or as a list.",
    )
    duty_log: Text | None = Field(
        default=None,
        description="In place of `roster`: a CSV file of observed spans on duty: agent, start, "
        "until.",
    )
    timezone: TimeZone | None = Field(
        default=None,
        description="The time zone of their wall clock: of shifts, days off, overtime and premium "
        "hours; default the calendar's.",
    )
    holidays: TeamHolidays | None = Field(
        default=None,
        description="Public holidays of their own in place of the calendar's, for their shifts and "
        "premiums; or `worked`: days like others.",
    )
    available: Available | None = Field(
        default=None,
        description="People shared with projects: the share of their working time that is at hand "
        "here, 50 %, or {share: 50 %, by: hours, paid: wholly}. Needs a `roster`.",
    )
    overtime: tuple[PlannedOvertime, ...] = Field(
        default=(),
        description="Planned overtime: [{days: mon, for: 1 h, shifts: late, share: 50 %}]. Paid at "
        "the rate `pay.overtime`. Work that is finished after duty is overtime too, unplanned.",
    )
    drawn_from: Name | None = Field(
        default=None,
        description="On call: the team whose people take turns, week by week. `hands`, "
        "`handle_time`, `slowdown`, `contract`, `pay` and `timezone` are that team's where they "
        "are not written.",
    )
    people_at_once: PositiveCount | None = Field(
        default=None, description="On call: how many people at a time; default 1."
    )
    hours: OnCallHours | None = Field(
        default=None,
        description="On call: when, `outside shifts` (the default: while no shift of `drawn_from` "
        'is worked) or hours by weekday: {mon-fri: "18:00-08:00", sat-sun: "00:00-24:00"}.',
    )
    reaction: Duration | None = Field(
        default=None,
        description="On call: how long a contact waits at least until somebody on call has been "
        "reached and starts: 10 min.",
    )
    standby_pay: Wage | None = Field(
        default=None,
        description="On call: what an hour of standing by is paid, 3.00 / h. Time at work is paid "
        "as overtime on top.",
    )
    hands: dict[Name, InHand] = Field(
        default={},
        description="What one person may hold at once, by channel: `alone` fills a person, a "
        "number allows so many, `in gaps` gives way to everything live. Default phone and chat "
        "alone, e-mail in gaps.",
    )
    slowdown: Annotated[tuple[Slowdown, ...], Field(min_length=1)] | None = Field(
        default=None,
        description="Handle time with one, two, three... at once; default the channel's.",
    )
    pay: Pay | None = Field(default=None, description="What one person costs.")
    handle_time: HandleTime | None = Field(
        default=None,
        description="Handle time of this team against the contact type's: 110 %, or by tenure: "
        "{new: 135 %, until: 12 weeks, new_now: 25 %}. Default 100 %.",
    )
    shrinkage: Shrinkage = Field(
        default=Shrinkage(), description="Paid time in which they do not serve; default none."
    )
    take: Literal["priority", "home_first"] = Field(
        default="priority",
        description="What a freed person takes: by `priority`, then the longest wait; or "
        "`home_first`: first the lines in whose routes the team stands earliest.",
    )
    late_breaks: Literal["planned end", "full length"] = Field(
        default="planned end",
        description="A break that begins late ends as planned, or keeps its full length. Work into "
        "an unpaid break is paid as overtime, but for as much as the break then takes paid time.",
    )

    def as_drawn_from(self, source: Team) -> Team:
        """People on call with what is not written of them as in the team that they are from."""
        taken = {
            key: getattr(source, key)
            for key in OF_THE_SOURCE
            if key not in self.model_fields_set and key in source.model_fields_set
        }
        return self.model_copy(update=taken) if taken else self


def _one_per(value: object) -> object:
    """`12 people` is 12."""
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,6}) +people", value.strip())
        if match:
            return int(match[1])
        raise UnitError(f"write one_per: 12 people; found {units.found(value)}")
    return value


_ONE_PER_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "integer", "minimum": 1},
        {"type": "string", "pattern": "^[0-9]{1,6} +people$"},
    ]
}


class Consults(Block):
    """People of a role who are asked for help while a contact is being handled."""

    share: Share = Field(description="The share of handled contacts at which they are asked: 6 %.")
    for_: PositiveDuration = Field(alias="for", description="How long they help on average: 4 min.")
    at_effort: Share = Field(
        default=0.5, description="After which share of the handling they are asked; default 50 %."
    )
    waits: PositiveDuration = Field(
        default=5 * units.US_PER_MINUTE,
        description="How long the agent waits for help before going on without; default 5 min.",
    )
    priority: Annotated[int, whole_number(1, 99, "a priority")] = Field(
        default=5, description="The priority among those who ask for help."
    )


class Role(Block):
    """People who take no contacts, or are only asked for help, and what they cost."""

    label: Label | None = Field(
        default=None, description="What people read, in tables and pictures; default its name here."
    )
    count: Count | None = Field(default=None, description="How many; or `one_per`.")
    one_per: Annotated[PositiveCount, Written(_one_per, _ONE_PER_SCHEMA)] | None = Field(
        default=None,
        description="One for so many people of the teams in `of`, rounded up: 12 people.",
    )
    of: Names = Field(default=(), description="The teams that `one_per` counts; default all.")
    pay: Pay = Field(description="What one of them costs.")
    about: Text = Field(default="", description="What they do, for people.")
    consults: Consults | None = Field(
        default=None,
        description="How often the agents of the teams in `of` ask them for help. They work the "
        "shifts of those teams.",
    )
    shrinkage: Shrinkage | None = Field(
        default=None,
        description="Those who are asked for help: paid time in which they are away; default as in "
        "the first of the teams that they work the shifts of.",
    )


__all__ = ["Consults", "Contract", "Pay", "Role", "Shrinkage", "Sick", "Team", "Tenure"]
