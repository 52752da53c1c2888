"""On call: turns, hours outside the shifts, the time until somebody is reached."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ccsim.engine.reference import simulate
from ccsim.network.compile import compile_network
from ccsim.roster import Activity, make_roster
from ccsim.scenario.clock import HOUR, MINUTE, SECOND
from ccsim.scenario.resolve import from_dict
from ccsim.workload import make_workload
from tests.roster.scenarios import roster_from, spans_of

DESK = {"roster": {"day": 3}}
DAY = {"day": {"days": "mon-fri", "from": "08:00", "to": "18:00"}}
CALL = {"drawn_from": "desk"}


def standing_by(roster: Any, team: int) -> list[tuple[float, float]]:
    """The spans on call of all people of a team, in order, joined where they touch."""
    agents = np.flatnonzero(roster.team == team)
    spans = sorted(s for a in agents.tolist() for s in spans_of(roster, a, Activity.STANDBY))
    joined: list[tuple[float, float]] = []
    for start, until in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], until)
        else:
            joined.append((start, until))
    return joined


def test_outside_shifts_is_when_no_shift_is_worked() -> None:
    r = roster_from({"desk": DESK, "call": CALL}, DAY)
    nights = [(24 * k + 18, 24 * k + 32) for k in range(4)]
    assert standing_by(r, 1) == [(0, 8), *nights, (4 * 24 + 18, 7 * 24)]


def test_a_split_shift_leaves_its_gap_to_those_on_call() -> None:
    parts = [{"from": "08:00", "to": "12:00"}, {"from": "16:00", "to": "20:00"}]
    shifts = {"split": {"days": "daily", "parts": parts}}
    r = roster_from({"desk": {"roster": {"split": 2}}, "call": CALL}, shifts, days=1)
    assert standing_by(r, 1) == [(0, 8), (12, 16), (20, 24)]


def test_absence_of_the_day_crew_calls_nobody_in() -> None:
    away = DESK | {"shrinkage": {"leave": "95 % of days"}}
    r = roster_from({"desk": away, "call": CALL}, DAY, days=1)
    assert standing_by(r, 1) == [(0, 8), (18, 24)]


def test_people_take_turns_week_by_week() -> None:
    r = roster_from({"desk": DESK, "call": CALL}, DAY, start="2027-03-03", days=26)
    turns = []
    for agent in (3, 4, 5):
        for start, until in spans_of(r, agent):
            # days since Monday, 1 March; the calendar begins on a Wednesday
            turns.append((int((start + 48) // 168), int((until - 0.5 + 48) // 168), agent))
    assert all(first == last for first, last, _ in turns)  # nobody beyond Monday 00:00
    assert sorted({(week, agent) for week, _, agent in turns}) == [(0, 3), (1, 4), (2, 5), (3, 3)]


def test_two_at_a_time() -> None:
    call = {"drawn_from": "desk", "people_at_once": 2}
    r = roster_from({"desk": DESK, "call": call}, DAY, days=21)
    by_week = [
        sorted(a for a in (3, 4, 5) if any(w * 168 <= s < w * 168 + 168 for s, _ in spans_of(r, a)))
        for w in range(3)
    ]
    assert by_week == [[3, 4], [3, 5], [4, 5]]
    at = 3 * HOUR
    assert ((r.spans["start"] <= at) & (at < r.spans["until"])).sum() == 2


def test_stated_hours() -> None:
    call = {
        "drawn_from": "desk",
        "hours": {"mon-fri": "20:00-06:00", "sun": ["00:00-06:00", "20:00-24:00"]},
    }
    r = roster_from({"desk": {"people": 3}, "call": call}, {}, days=7)
    nights = [(24 * k + 20, 24 * k + 30) for k in range(5)]
    assert standing_by(r, 1) == [*nights, (144, 150), (164, 168)]


def test_the_weekend_in_which_the_clock_changes() -> None:
    calendar: dict[str, Any] = {"start": "2027-03-26", "days": 3, "timezone": "Europe/Kyiv"}
    r = roster_from({"desk": DESK, "call": CALL}, DAY, **calendar)
    assert standing_by(r, 1) == [(0, 8), (18, 71)]  # Sunday has 23 hours
    calendar["start"] = "2027-10-29"
    r = roster_from({"desk": DESK, "call": CALL}, DAY, **calendar)
    assert standing_by(r, 1) == [(0, 8), (18, 73)]


def called(tmp_path: Any, seconds: list[int], **routing: Any) -> list[tuple[int, int]]:
    """(wait in s, agent) of calls of ten minutes at given instants of Monday."""
    rows = "\n".join(["at", *(str(second) for second in seconds)])
    (tmp_path / "calls.csv").write_text(rows + "\n", encoding="utf-8")
    design = from_dict(
        {
            "ccsim": 1,
            "name": "Night",
            "calendar": {"start": "2027-03-01", "days": 1},
            "contacts": {
                "calls": {
                    "arrivals": {"trace": "calls.csv"},
                    "phone": {"handle": {"family": "constant", "mean": "10 min"}},
                }
            },
            "channels": {"phone": {"patience": "endless"}},
            "teams": {
                "desk": {"roster": {"day": 1}},
                "call": {"drawn_from": "desk", "reaction": "15 min"},
            },
            "routing": {"calls": {"route": ["desk", "call"], **routing}},
            "shifts": DAY,
        },
        tmp_path,
    )
    network = compile_network(design)
    workload = make_workload(design, network, 1, 0)
    legs = simulate(network, make_roster(design, network, 1, 0), workload).legs
    return [((row["answered"] - row["entered"]) // SECOND, int(row["agent"])) for row in legs]


def test_at_night_a_call_waits_until_somebody_is_reached(tmp_path: Any) -> None:
    night, minute = 2 * 3600, 60
    # the second comes while the first is handled; the third is answered when the second is done
    # (02:15, to 02:25, to 02:35), it has waited for longer than it takes to reach somebody
    assert called(tmp_path, [night, night + 5 * minute, night + 6 * minute]) == [
        (15 * minute, 1),
        (20 * minute, 1),
        (29 * minute, 1),
    ]


def test_by_day_nobody_is_called(tmp_path: Any) -> None:
    # the second waits for the only one at the desk
    assert called(tmp_path, [36_000, 36_300]) == [(0, 0), (300, 0)]


def test_who_called_just_before_the_day_is_taken_by_the_day_crew(tmp_path: Any) -> None:
    assert called(tmp_path, [8 * 3600 - 300]) == [(300, 0)]


def test_a_head_start_does_not_reach_anybody_sooner(tmp_path: Any) -> None:
    assert called(tmp_path, [7200], head_start="5 min") == [(900, 1)]


def test_the_step_of_people_on_call_opens_after_their_reaction() -> None:
    teams = {"desk": DESK, "call": {"drawn_from": "desk", "reaction": "10 min"}}
    steps = [["desk", "call"], {"team": "call", "after": "20 min"}]
    data: dict[str, Any] = {
        "ccsim": 1,
        "name": "Night",
        "calendar": {"start": "2027-03-01", "days": 7},
        "contacts": {"calls": {"arrivals": {"per_day": 9}, "phone": {"handle": "5 min"}}},
        "channels": {"phone": {"patience": "endless"}},
        "teams": teams,
        "shifts": DAY,
        "routing": {"calls": steps},
    }
    route = compile_network(from_dict(data)).queues[0].route
    assert [(step.teams, step.after) for step in route] == [
        ((1,), 30 * MINUTE),
        ((1,), 10 * MINUTE),
        ((0,), 0),
    ]
    data["routing"] = {"calls": {"route": ["desk", "call"], "head_start": "2 min"}}
    route = compile_network(from_dict(data)).queues[0].route
    # a head start moves the place in line and opens no step
    assert [step.after for step in route] == [10 * MINUTE, 0]


def test_people_on_call_are_like_those_of_their_team() -> None:
    teams = {
        "desk": DESK
        | {
            "hands": {"phone": 2},
            "handle_time": "120 %",
            "pay": {"wage": "10 / h", "overtime": "200 %"},
            "contract": {"full_time": "38 h / week"},
        },
        "call": {"drawn_from": "desk", "standby_pay": "2 / h"},
        "other": {"drawn_from": "desk", "standby_pay": "2 / h", "handle_time": "90 %"},
    }
    data: dict[str, Any] = {
        "ccsim": 1,
        "name": "Night",
        "currency": "EUR",
        "calendar": {"start": "2027-03-01", "days": 7},
        "contacts": {"calls": {"arrivals": {"per_day": 9}, "phone": {"handle": "5 min"}}},
        "channels": {"phone": {"patience": "endless"}},
        "teams": teams,
        "shifts": DAY,
        "routing": {"calls": ["desk", "call", "other"]},
    }
    design = from_dict(data)
    scenario = design.scenario
    for key in ("hands", "pay", "contract"):
        assert getattr(scenario.teams["call"], key) == getattr(scenario.teams["desk"], key)
    assert scenario.teams["call"].handle_time == pytest.approx(1.2)
    assert scenario.teams["other"].handle_time == pytest.approx(0.9)
    r = make_roster(design, compile_network(design), 1, 0)
    pace = {int(r.team[row["agent"]]): float(row["pace"]) for row in r.spans}
    assert pace == {0: 1.2, 1: 1.2, 2: 0.9}
