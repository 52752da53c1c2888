"""What the figures show, as tables: a figure draws one of these and computes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.report.verdicts import Change
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
    where nobody came in any replication.
    """

    channel: str  # `phone`
    contacts: str  # `calls`
    within: str  # the promise in words: `20 s`
    target: float | None
    starts: tuple[int, ...]
    length: int  # s
    curves: tuple[tuple[str, tuple[Estimate | None, ...]], ...]  # (design, by start)
    sample: Sample


@dataclass(frozen=True, slots=True)
class StaffByTime:
    """Heads on duty, the work and the heads it takes, by interval of one day, for one team.

    `on_duty` is simulated. `load`, in agents, is either what is expected to come (contacts x
    handle time / interval), or, `in_hand`, what was simulated to be in hand. `required` is what a
    formula says that the expected load takes; None with work in hand, and for teams all of whose
    work may wait (e-mail).
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


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Yearly cost against service level, one point a design, with differences from the base."""

    channel: str
    contacts: str
    within: str
    target: float | None
    currency: str
    points: tuple[tuple[str, Estimate, Estimate], ...]  # (design, service, cost a year); base first
    changes: tuple[tuple[str, Change, Change], ...]  # (design, service, cost) against the base
    sample: Sample


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

    `None` where nobody is on duty at that hour on any day.
    """

    design: str
    teams: tuple[str, ...]
    hours: tuple[int, ...]  # hours of the day, local time
    shares: tuple[tuple[float | None, ...], ...]  # (team, hour)
    sample: Sample
