"""People of a role that is asked for help are there on the shifts of those whom they lead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml

from ccsim.network.compile import compile_network
from ccsim.roster import Roster, make_roster
from ccsim.roster.model import Activity
from ccsim.scenario.clock import HOUR
from ccsim.scenario.resolve import load

DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "a desk with leaders",
    "currency": "EUR",
    "calendar": {"start": "2027-03-01", "days": 7},
    "contacts": {"calls": {"arrivals": {"per_day": 10}, "phone": {"handle": "5 min"}}},
    "channels": {"phone": {"patience": "endless"}},
    "teams": {
        "desk": {
            "people": 24,
            "contract": {"full_time": "40 h / week", "works": "5 of 7"},
            "roster": {"early": "50 %", "late": "rest"},
            "shrinkage": {"leave": "50 % of days"},
            "pay": {"wage": "10 / h"},
        },
        "others": {"people": 6, "pay": {"wage": "10 / h"}},
    },
    "routing": {"*": ["desk", "others"]},
    "shifts": {
        "early": {"days": "mon-fri", "from": "07:00", "to": "15:00"},
        "late": {"days": "mon-fri", "from": "13:00", "to": "21:00"},
    },
}


def roster_with(folder: Path, role: dict[str, Any]) -> tuple[Roster, int]:
    """The roster, and the number of the leaders' team."""
    full = {"pay": {"wage": "0 / h"}, "consults": {"share": "5 %", "for": "4 min"}} | role
    path = folder / "desk.yaml"
    path.write_text(yaml.safe_dump(DESK | {"roles": {"leader": full}}), encoding="utf-8")
    design = load(path)
    network = compile_network(design)
    number = [team.name for team in network.teams].index("leader")
    return make_roster(design, network, seed=1, replication=0), number


def heads_at(roster: Roster, team: int, hour: float) -> int:
    spans = roster.spans[roster.team[roster.spans["agent"]] == team]
    at = round(hour * HOUR)
    return int(np.sum((spans["start"] <= at) & (at < spans["until"])))


def test_one_for_so_many_people_on_their_shifts(tmp_path: Path) -> None:
    always = {"leave": "0 % of days"}
    roster, leader = roster_with(tmp_path, {"one_per": 8, "of": ["desk"], "shrinkage": always})
    assert int(np.sum(roster.team == leader)) == 3  # 24 people by name, whoever is on leave
    # two on the early shift (12 : 12 of three is one and a half each, the first takes the rest)
    assert [heads_at(roster, leader, hour) for hour in (6, 8, 14, 16, 22)] == [0, 2, 3, 1, 0]
    weekend = [heads_at(roster, leader, 24 * day + 10) for day in (5, 6)]
    assert weekend == [0, 0]


def test_rounded_up_over_all_teams(tmp_path: Path) -> None:
    roster, leader = roster_with(tmp_path, {"one_per": 14})
    assert int(np.sum(roster.team == leader)) == 3  # 30 people: two and a little


def test_where_nobody_works_shifts_they_are_always_there(tmp_path: Path) -> None:
    roster, leader = roster_with(tmp_path, {"count": 2, "of": ["others"]})
    assert [heads_at(roster, leader, hour) for hour in (0, 50, 167)] == [2, 2, 2]


def test_they_shift_nobody_else(tmp_path: Path) -> None:
    few, _ = roster_with(tmp_path, {"one_per": 24})
    many, _ = roster_with(tmp_path, {"one_per": 4})
    own = [roster.spans[roster.spans["agent"] < 30] for roster in (few, many)]
    assert np.array_equal(own[0], own[1])


def present(roster: Roster, team: int) -> float:
    """The share of scheduled time that a team's people are on duty."""
    rows = roster.schedule[roster.team[roster.schedule["agent"]] == team]
    length = (rows["until"] - rows["start"]).astype(float)
    return float(length[rows["activity"] == Activity.ON_DUTY].sum() / length.sum())


def test_they_are_absent_like_those_whom_they_lead(tmp_path: Path) -> None:
    """Half of the desk is on leave, and so are its leaders; with an hour of meetings out of eight
    in the role's own shrinkage an eighth is away."""
    like_them, leader = roster_with(tmp_path, {"count": 200, "of": ["desk"]})
    assert abs(present(like_them, leader) - 0.5) < 0.1
    meetings = {"meetings": "1 h / day"}
    own, leader = roster_with(tmp_path, {"count": 8, "of": ["desk"], "shrinkage": meetings})
    assert present(own, leader) == 7 / 8


def test_their_absence_is_nobody_elses(tmp_path: Path) -> None:
    there, _ = roster_with(tmp_path, {"count": 5, "shrinkage": {"leave": "0 % of days"}})
    away, _ = roster_with(tmp_path, {"count": 5, "shrinkage": {"leave": "80 % of days"}})
    own = [roster.spans[roster.spans["agent"] < 30] for roster in (there, away)]
    assert np.array_equal(own[0], own[1])
