"""From the words of a scenario to people on duty: one small operation, followed by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from ccsim.network.compile import compile_network
from ccsim.roster import Activity, make_roster
from ccsim.roster.payroll import paid_hours
from ccsim.scenario.clock import DAY, HOUR, MINUTE
from ccsim.scenario.resolve import from_dict
from ccsim.workload import make_workload
from tests.roster.rosters_by_hand import check_laws

SCENARIO: dict[str, Any] = {
    "ccsim": 1,
    "name": "A small desk",
    "currency": "EUR",
    "calendar": {"start": "2027-03-22", "days": 7, "timezone": "Europe/Kyiv"},
    "contacts": {
        "calls": {
            "arrivals": {
                "per_day": {"mon-sat": 400, "sun": 100},
                "shape": [0, 1, 1, 0],
                "busyness": "10 %",
                "growth": "2 % / month",
            },
            "phone": {"handle": {"mean": "4 min", "cv": "80 %"}},
        }
    },
    "channels": {"phone": {"answer_within": "20 s", "target": "80 %", "patience": "3 min"}},
    "teams": {
        "desk": {
            "people": 10,
            "contract": {"full_time": "40 h / week", "works": "5 of 7"},
            "roster": {"early": "65 %", "night": "rest"},
            "pay": {"wage": "20 / h", "premium": {"22:00-06:00": "25 %"}},
            "handle_time": {"new": "130 %", "until": "12 weeks", "new_now": "20 %"},
            "shrinkage": {"meetings": "15 min / day"},
        }
    },
    "routing": {"*": ["desk"]},
    "shifts": {
        "early": {
            "days": "daily",
            "from": "07:00",
            "to": "15:30",
            "breaks": [
                {"between": ["11:00", "13:00"], "for": "30 min", "paid": False},
                {"at": "09:30", "for": "15 min"},
            ],
        },
        "night": {"days": "daily", "from": "22:00", "to": "07:00"},
    },
}


def test_hours_of_a_week_with_a_change_of_the_clock() -> None:
    design = from_dict(SCENARIO)
    roster = make_roster(design, compile_network(design), 1, 0)
    check_laws(roster)
    # 6.5 and 3.5 people: equal remainders go to the first, so seven early and three by night
    assert len(roster.team) == 10
    early = roster.schedule[roster.schedule["agent"] < 7]
    paid = early[early["activity"] != Activity.UNPAID_BREAK]
    assert (paid["until"] - paid["start"]).sum() == 7 * 5 * 8 * HOUR
    meetings = roster.schedule[roster.schedule["activity"] == Activity.MEETING]
    assert set((meetings["until"] - meetings["start"]).tolist()) == {15 * MINUTE}
    # nights from Sunday before the calendar (-1) to Sunday (6): of three people two nights off
    # each a week, in turn: mon-tue, wed-thu, fri-sat. The clock goes forward in the night that
    # begins on Saturday, the 27th (day 5).
    night = roster.schedule[roster.schedule["agent"] >= 7]
    lengths = {}
    for agent in (7, 8, 9):
        mine = night[night["agent"] == agent]
        # premium and meetings cut a night in pieces; on the last day 22:00 is 21 h after midnight
        nights = (mine["start"] + 3 * HOUR) // DAY
        lengths[agent] = [
            float((mine["until"] - mine["start"])[nights == n].sum() / HOUR)
            for n in np.unique(nights)
        ]
    assert lengths[7] == [9, 9, 9, 9, 8, 9]
    assert lengths[8] == [9, 9, 9, 9, 8, 9]
    assert lengths[9] == [9, 9, 9, 9, 9, 9]
    # within the calendar: 00:00-07:00 of the first night, 22:00-24:00 (21:00 elapsed) of the last
    week = 7 * DAY - HOUR
    in_calendar = sum(sum(hours) for hours in lengths.values()) - 3 * (2 + 7)
    assert paid_hours(roster, tuple(design.scenario.teams.values()), 0, week) == [280 + in_calendar]
    assert set(roster.spans["pace"].tolist()) == {1.0, 1.3}


def test_arrivals_of_the_same_scenario() -> None:
    design = from_dict(SCENARIO)
    workload = make_workload(design, compile_network(design), 1, 0)
    by_day = np.bincount(workload.at // DAY, minlength=7)
    assert by_day.min() > 40 and 1800 < len(workload) < 3200
    weekdays = workload.at[workload.at < 6 * DAY] % DAY
    assert weekdays.min() >= 6 * HOUR and weekdays.max() < 18 * HOUR
