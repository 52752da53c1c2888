"""One day of the roster: who is scheduled for what, from the roster that a run would use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.network.compile import compile_network
from ccsim.roster import Activity, Roster, make_roster
from ccsim.scenario.clock import DAY, SECOND, LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design

KINDS: dict[Activity, str] = {  # what is told apart, by activity
    Activity.ON_DUTY: "on duty",
    Activity.OVERTIME: "planned overtime",
    Activity.STANDBY: "on call",
    Activity.PAID_BREAK: "break",
    Activity.UNPAID_BREAK: "break",
    Activity.LEAVE: "absent",
    Activity.SICK: "absent",
    Activity.HOLIDAY: "absent",
    Activity.LATE: "late, training, meeting or elsewhere",
    Activity.TRAINING: "late, training, meeting or elsewhere",
    Activity.MEETING: "late, training, meeting or elsewhere",
    Activity.ELSEWHERE: "late, training, meeting or elsewhere",
}
Part = tuple[int, int, str]  # from, until (seconds after midnight), one of KINDS


@dataclass(frozen=True, slots=True)
class PersonDay:
    """One person's day."""

    team: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class DaySchedule:
    """Everybody who is scheduled on a day, team by team, by the start of the work."""

    day: int  # of the calendar
    length: int  # seconds
    rows: tuple[PersonDay, ...]


def day_schedule(design: Design, seed: int, replication: int = 0) -> DaySchedule:
    """The day with most hours on duty, as drawn for one replication."""
    network = compile_network(design)
    roster = make_roster(design, network, seed, replication)
    clock = LocalClock(design.scenario.calendar)
    day = _busiest(roster, clock)
    start, until = clock.day_start_us(day), clock.day_start_us(day + 1)
    rows = []
    for number, team in enumerate(network.teams):
        own = [
            PersonDay(team.name, parts)
            for agent in np.flatnonzero(roster.team == number).tolist()
            if (parts := _parts(roster.schedule[roster.schedule["agent"] == agent], start, until))
        ]
        rows += sorted(own, key=lambda row: (not _works(row), row.parts[0][0], row.parts[-1][1]))
    return DaySchedule(day, (until - start) // SECOND, tuple(rows))


def _works(row: PersonDay) -> bool:
    return any(kind != "absent" and kind != "break" for _, _, kind in row.parts)


def _parts(rows: NDArray[np.void], start: int, until: int) -> tuple[Part, ...]:
    """What lies within the day; touching parts of one kind are one."""
    parts: list[Part] = []
    for row in rows[(rows["until"] > start) & (rows["start"] < until)]:
        kind = KINDS[Activity(int(row["activity"]))]
        begin = (max(int(row["start"]), start) - start) // SECOND
        end = (min(int(row["until"]), until) - start) // SECOND
        if parts and parts[-1][1:] == (begin, kind):
            parts[-1] = (parts[-1][0], end, kind)
        else:
            parts.append((begin, end, kind))
    return tuple(parts)


def _busiest(roster: Roster, clock: LocalClock) -> int:
    """The first day with most time on duty, of those with 24 hours where there are any."""
    edges = clock.day_starts
    whole = np.diff(edges) == DAY
    spans = roster.spans
    begun = np.minimum(np.maximum(spans["start"][:, None], edges[:-1]), edges[1:])
    ended = np.minimum(np.maximum(spans["until"][:, None], edges[:-1]), edges[1:])
    hours = (ended - begun).sum(axis=0)
    return int(np.argmax(np.where(whole | ~whole.any(), hours, -1)))
