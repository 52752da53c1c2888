"""What the figures show, as tables: a figure draws one of these and computes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ccsim.report.words.verdicts import DesignChange
from ccsim.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Sample:
    """What the figure rests on: `7 days · 100 replications · 95 % intervals`."""

    scenario: str
    words: str


@dataclass(frozen=True, slots=True)
class ServiceByTime:
    """Share of contacts answered in time, by interval of the day, for each design.

    `starts` are seconds after local midnight; every curve has one entry for each start, `None`
    where no contact came in any replication. `off_duty` are the intervals in which no design has
    anybody on duty on any day: a target that is missed there is not short of people.
    """

    key: str  # of the channel
    contacts: str  # `calls`
    within: str  # the target time in words: `20 s`
    target: float | None
    starts: tuple[int, ...]
    length: int  # s
    curves: tuple[tuple[str, tuple[Estimate | None, ...]], ...]  # (design, by start)
    sample: Sample
    off_duty: tuple[bool, ...] = ()  # by start; () where somebody is there all the time


@dataclass(frozen=True, slots=True)
class StaffByTime:
    """Heads on duty, the work and the heads it takes, by interval of one day, for one team.

    `on_duty` is simulated. `load`, in agents, is either what is expected to come (contacts x
    handle time / interval), or, `in_hand`, what was simulated to be in hand. `required` is what a
    formula says that the expected load takes; None with work in hand, and for teams all of whose
    work may wait (e-mail). Where a team has both, `load` is the live work alone, and `all_work` has
    what may wait on top of it.
    """

    team: str
    design: str
    day: str  # `Mon 01 Mar 2027`, the team's busiest
    starts: tuple[int, ...]
    length: int  # s
    on_duty: tuple[Estimate, ...]
    load: tuple[Estimate, ...]
    in_hand: bool
    required: tuple[float, ...] | None
    required_words: str  # how it was found: `Erlang A, phone 80 % within 20 s`
    sample: Sample
    all_work: tuple[float, ...] | None = None  # None where all of it is live, or may wait


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Yearly cost against service level, one point a design, with differences from the base; `net`:
    revenue is taken off the cost."""

    key: str  # of the channel
    contacts: str
    within: str
    target: float | None
    currency: str
    points: tuple[tuple[str, Estimate, Estimate], ...]  # (design, service, cost a year); base first
    changes: tuple[
        tuple[str, DesignChange, DesignChange], ...
    ]  # (design, service, cost) against the base
    sample: Sample
    net: bool = False


@dataclass(frozen=True, slots=True)
class RosterDay:
    """Who is scheduled for what on one day, a row a person, team by team.

    Parts are (from, until, kind) in seconds after midnight. In large operations every second,
    third, ... of the `people` has a row.
    """

    design: str
    day: str  # `Mon 01 Mar 2027`
    length: int  # s
    rows: tuple[tuple[str, tuple[tuple[int, int, str], ...]], ...]  # (team, parts)
    people: int
    sample: Sample


@dataclass(frozen=True, slots=True)
class OccupancyByHour:
    """Share of the capacity on duty that is taken by work, by team and hour of the day.

    `None` where no agent is on duty at that hour on any day.
    """

    design: str
    teams: tuple[str, ...]
    hours: tuple[int, ...]  # hours of the day, local time
    shares: tuple[tuple[float | None, ...], ...]  # (team, hour)
    sample: Sample


@dataclass(frozen=True, slots=True)
class AnsweredWithin:
    """Share of contacts that are answered within a time, for each design.

    Times `at` are seconds on the clock of the target (`working`: only the hours that it counts).
    `in_time` is the service level of each design where there is one target time (`within_s`, s);
    `median` and `most` are what half and 90 % of the answered do not exceed, s.
    """

    key: str  # of the scope: `phone`, `billing.phone`
    contacts: str  # `calls`
    within: str | None  # the target time in words: `20 s`
    within_s: float | None
    target: float | None
    working: bool
    live: bool  # the customer waits in the line, and may hang up
    at: tuple[float, ...]
    curves: tuple[tuple[str, tuple[Estimate, ...]], ...]  # (design, by time)
    in_time: tuple[Estimate, ...]  # of each design; empty without one target time
    differ: bool  # the best and the worst of `in_time` surely differ, paired
    median: tuple[Estimate, ...]
    most: tuple[Estimate, ...]
    sample: Sample


@dataclass(frozen=True, slots=True)
class CostByKind:
    """What each design costs a year, kind by kind; the base first.

    `kinds` are those of the catalogue that add up to the total, the largest first. `change` is of
    the design whose cost differs most from the base, with that of its largest part. `net`: the last
    kind is revenue, below zero, and totals and changes are what is left of the cost.
    """

    currency: str
    kinds: tuple[str, ...]
    amounts: tuple[tuple[str, tuple[float, ...]], ...]  # (design, by kind)
    totals: tuple[Estimate, ...]
    change: CostChange | None
    sample: Sample
    net: bool = False


@dataclass(frozen=True, slots=True)
class CostChange:
    """The paired difference in yearly cost of a design from the base, and where most of it is."""

    design: str
    base: str
    total: DesignChange
    kind: str
    part: DesignChange


@dataclass(frozen=True, slots=True)
class BacklogByTime:
    """Contacts in line over the days of the calendar, for each design.

    `at` are instants in seconds since the calendar's start, `days` the local midnights on the same
    clock with their dates. `by_day` is what each working day leaves, on which it is judged whether
    the backlog of a design `grows`.
    """

    key: str  # of the channel
    contacts: str
    at: tuple[float, ...]
    labels: tuple[str, ...]  # of each instant, local time: `2027-03-01 07:30`, `2027-03-01`
    each: str  # what values are the means of: `half hours`, `days`
    curves: tuple[tuple[str, tuple[Estimate, ...]], ...]  # (design, by instant)
    days: tuple[tuple[float, dt.date], ...]
    by_day: tuple[tuple[Estimate, ...], ...]  # of each design
    grows: tuple[bool, ...]
    sample: Sample


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A place in the flow: where contacts come from, a line, or how they end."""

    name: str
    layer: int
    count: Estimate  # contacts through it, in a period
    share: float  # of all that come


@dataclass(frozen=True, slots=True)
class FlowOfContacts:
    """How many contacts go from where to where in a period, for one design.

    Layer 0 holds the ways of coming, the last layer the ways of ending, lines stand between; every
    link leads to a later layer. `links` are (from, to, contacts), by the numbers of nodes.
    """

    design: str
    period: str  # `week`, `day`
    nodes: tuple[FlowNode, ...]
    links: tuple[tuple[int, int, float], ...]
    resolved: Estimate | None  # share of contacts that come that end resolved or settled
    sample: Sample

    @property
    def layers(self) -> int:
        return 1 + max(node.layer for node in self.nodes)
