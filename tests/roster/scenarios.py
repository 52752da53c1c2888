"""Rosters from the words of a scenario: only people, shifts and the calendar matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccsim.network.compile import compile_network
from ccsim.roster import Activity, Roster, make_roster
from ccsim.scenario.clock import HOUR
from ccsim.scenario.resolve import Design, from_dict
from tests.roster.rosters_by_hand import check_laws

Hours = list[tuple[float, float]]


def design_from(
    teams: Mapping[str, Any], shifts: Mapping[str, Any], calendar: Mapping[str, Any], **blocks: Any
) -> Design:
    """A design in which one team after the other takes a few calls."""
    return from_dict(
        {
            "ccsim": 1,
            "name": "People",
            "calendar": {"start": "2027-03-01", "days": 7, **calendar},
            "contacts": {"calls": {"arrivals": {"per_day": 10}, "phone": {"handle": "5 min"}}},
            "channels": {"phone": {"answer_within": "20 s", "target": "80 %", "patience": "5 min"}},
            "teams": dict(teams),
            "routing": {"*": list(teams)},
            "shifts": dict(shifts),
            **blocks,
        }
    )


def roster_from(
    teams: Mapping[str, Any],
    shifts: Mapping[str, Any],
    replication: int = 0,
    **calendar: Any,
) -> Roster:
    """The roster of a scenario; it keeps the laws of rosters."""
    design = design_from(teams, shifts, calendar)
    roster = make_roster(design, compile_network(design), 1, replication)
    check_laws(roster)
    return roster


def spans_of(roster: Roster, agent: int, *activities: Activity) -> Hours:
    """An agent's spans on duty, or of activities, in hours since the calendar's start."""
    if activities:
        rows = roster.schedule[roster.schedule["agent"] == agent]
        rows = rows[[int(row["activity"]) in activities for row in rows]]
    else:
        rows = roster.spans[roster.spans["agent"] == agent]
    return [(s / HOUR, u / HOUR) for s, u in zip(rows["start"], rows["until"], strict=True)]


def hours_of(roster: Roster, team: int, *activities: Activity) -> float:
    """Scheduled hours of a team, all of it or of activities."""
    rows = roster.schedule[roster.team[roster.schedule["agent"]] == team]
    if activities:
        rows = rows[[int(row["activity"]) in activities for row in rows]]
    return float((rows["until"] - rows["start"]).sum()) / HOUR
