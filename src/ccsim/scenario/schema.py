"""What a person writes: frozen models, one for each block of a scenario file.

The field descriptions are the language's reference; `ccsim schema` publishes them as JSON Schema.
Quantities arrive as text with a unit and are held as plain numbers: durations in microseconds,
shares as fractions, money as `Money`. DRAFT CONTRACT: names and types are agreed, validation grows.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

# --- quantities: units.py parses them; here they are plain annotated types -----------------------
Duration = Annotated[int, "us"]  # "20 s", "5.2 min", "4 h", "2 d", "12 weeks"
Share = Annotated[float, "fraction"]  # "80 %"
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Money(Block):
    """An amount in the scenario's currency: `14 400 / year`, `18.50 / h`, `0.35 / contact`, `21 000`."""

    amount: float
    per: Literal["once", "minute", "h", "day", "week", "month", "year", "contact"] = "once"


class TimeSpan(Block):
    """Wall-clock times of a day in seconds after midnight; `until` <= `start` ends the next day."""

    start: int
    until: int


class Distribution(Block):
    """A distribution: family and shape; the mean is given where it is used or here."""

    family: Literal["exponential", "lognormal", "gamma", "erlang", "weibull", "uniform", "constant", "hyperexponential", "sample"] | None = None
    mean: Duration | None = None
    cv: Share | None = None  # coefficient of variation: lognormal, gamma, weibull
    shape: float | None = None  # weibull, gamma; erlang: number of phases
    between: tuple[Duration, Duration] | None = None  # uniform
    parts: tuple[tuple[Share, Duration], ...] | None = None  # hyperexponential: shares and means
    file: str | None = None  # sample: a CSV file with one column of durations in seconds
    hangs_up_at_once: Share = 0.0  # patience only: an atom at zero
    never: Share = 0.0  # patience only: who waits for ever
    as_: str | None = Field(None, alias="as")  # a name from `distributions`


class Handle(Distribution):
    wrap_up: Duration = 0
    wrap_up_as: str | None = None  # a name from `distributions` for the spread of wrap-up


class Calendar(Block):
    start: dt.date
    days: int
    timezone: str = "UTC"
    interval: Duration = 1_800_000_000
    warm_up: Duration = 0


class RunOptions(Block):
    replications: int = 100
    seed: int = 1
    max_legs: int = 16


class Busyness(Block):
    cv: Share  # day factor, gamma with mean 1; `shape` of the gamma = 1 / cv^2
    shared: str | None = None  # types with the same name share the factor


class Arrivals(Block):
    counts: Literal["customers", "offered"] = "customers"
    per_day: float | dict[Day, float] | None = None
    shape: Literal["flat"] | str | tuple[float, ...] = "flat"  # file name, or weights by interval
    by_channel: dict[str, Share | Literal["rest"]] | None = None
    busyness: Busyness | None = None
    growth: tuple[float, Literal["week", "month", "year"]] | None = None
    group: int = 1  # contacts that arrive together
    trace: str | None = None  # CSV: at, [channel], [patience], [handle], [head_start]


class Escalation(Block):
    to: str  # a stage of this contact type
    when: Literal["handled", "promise breached"] = "handled"
    at: str | tuple[str, ...] | None = None  # teams that pass on; default: all that serve the first stage
    from_: str | None = Field(None, alias="from")  # stage; default the first
    channels: tuple[str, ...] | None = None
    share: Share = 1.0
    how: Literal["transfer"] = "transfer"
    at_effort: Share = 1.0


class Again(Block):
    share: Share
    delay: Distribution
    at_most: int | None = None


class OnChannel(Block):
    """How a contact type is handled on a channel; overrides of the channel's promise."""

    handle: Handle
    answer_within: Duration | None = None
    target: Share | None = None
    patience: Distribution | None = None
    priority: int | None = None


class Stage(Block):
    handle: Handle
    priority: int | None = None
    head_start: Duration = 0
    resolved: Share | dict[str, Share] | None = None


class ContactType(Block):
    about: str = ""
    arrivals: Arrivals
    phone: OnChannel | None = None
    chat: OnChannel | None = None
    email: OnChannel | None = None
    stages: dict[str, Stage] = {}
    priority: int = 5
    resolved: Share | dict[str, Share] = 1.0
    escalates: tuple[Escalation, ...] = ()
    again: Again | None = None
    lost_if_abandoned: Money | None = None


class Redial(Block):
    share: Share
    delay: Distribution
    at_most: int | None = None
    after: tuple[Literal["abandoned", "busy"], ...] = ("abandoned", "busy")
    same_customer: bool = False  # keeps patience and handle time over attempts


class Channel(Block):
    answer_within: Duration | None = None
    target: Share | None = None
    promise: Literal["always", "working"] = "always"
    patience: Distribution | None = None
    redial: Redial | None = None
    lines: int | None = None  # trunk lines
    waiting_places: int | None = None  # how many may wait; 0: none
    slowdown: tuple[Share, ...] | None = None
    interruptible: bool | None = None  # default: email yes, else no


class Contract(Block):
    full_time: Duration = 40 * 3_600_000_000  # per week
    works: tuple[int, int] = (7, 7)  # "5 of 7"


class Pay(Block):
    salary: Money | None = None
    wage: Money | None = None
    on_top: Share = 0.0
    overtime: Share = 1.0
    premium: dict[str, Share] = {}


class Tenure(Block):
    new: Share
    experienced: Share = 1.0
    until: Duration
    new_now: Share = 0.0


class Sick(Block):
    share: Share  # of days
    spell: Duration = 86_400_000_000


class Shrinkage(Block):
    leave: Share = 0.0  # of days
    sick: Sick | None = None  # also `5 % of days`
    late: Share = 0.0  # of hours
    training: Duration = 0  # per week
    meetings: Duration = 0  # per day


class Team(Block):
    about: str = ""
    tier: int = 1
    people: int | None = None
    contract: Contract | None = None
    roster: dict[str, Share | int | Literal["rest"]] | None = None
    staffing: str | tuple[int, ...] | None = None  # heads on duty by interval: CSV or list
    duty_log: str | None = None  # CSV of observed on-duty spans: agent, start, until
    hands: dict[str, Literal["alone", "in gaps"] | int] = {}
    slowdown: tuple[Share, ...] | None = None
    pay: Pay | None = None
    handle_time: Tenure | Share | None = None
    shrinkage: Shrinkage = Shrinkage()
    take: Literal["priority", "home_first"] = "priority"
    late_breaks: Literal["planned end", "full length"] = "planned end"


class RouteStep(Block):
    team: str | tuple[str, ...]
    after: Duration = 0
    when_waiting: int = 0
    keep_idle: int = 0


class Route(Block):
    """The plain list form `[a, b]` is the same with the other fields left at their defaults."""

    route: tuple[RouteStep, ...]
    head_start: Duration = 0


class Break(Block):
    for_: Duration = Field(alias="for")
    between: tuple[int, int] | None = None  # seconds after midnight
    at: int | None = None
    into: Duration | None = None
    paid: bool = True


class Shift(Block):
    days: tuple[Day, ...]
    from_: int = Field(alias="from")  # seconds after midnight
    to: int  # <= from: the next day
    breaks: tuple[Break, ...] = ()


class Role(Block):
    count: int | None = None
    one_per: int | None = None
    of: tuple[str, ...] = ()
    pay: Pay
    about: str = ""


class Costs(Block):
    seat: Money | None = None
    phone_minute: Money | None = None
    overhead: Share = 0.0


class Expectation(Block):
    """`phone.service_level >= 80 %`"""

    measure: str
    at_least: float | None = None
    at_most: float | None = None
    over: Literal["day", "interval", "week"] | None = None
    in_: Share | None = Field(None, alias="in")


class Scenario(Block):
    ccsim: Literal[1]
    name: str
    about: str = ""
    currency: str | None = None
    calendar: Calendar
    run: RunOptions = RunOptions()
    opens: dict[str, Literal["always"] | dict[str, tuple[TimeSpan, ...]]] = {}
    at_close: dict[str, Literal["finish the line", "clear the line"]] = {}
    distributions: dict[str, Distribution] = {}
    contacts: dict[str, ContactType]
    channels: dict[str, Channel]
    teams: dict[str, Team]
    routing: dict[str, Route]
    shifts: dict[str, Shift] = {}
    roles: dict[str, Role] = {}
    costs: Costs = Costs()
    expect: tuple[Expectation, ...] = ()
