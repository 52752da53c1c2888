"""Random people under the laws of rosters: whatever zones, shifts, contracts and days there are."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from ccsim.errors import ScenarioProblems
from ccsim.network.compile import compile_network
from ccsim.roster import make_roster, shift_team
from ccsim.roster.model import PAID, Activity
from tests.roster.rosters_by_hand import check_laws
from tests.roster.scenarios import design_from

ZONES = ("UTC", "Europe/Kyiv", "America/New_York", "Asia/Manila", "Pacific/Kiritimati",
         "Etc/GMT+12", "Australia/Lord_Howe", "America/Santiago")  # fmt: skip
STARTS = ("2027-03-12", "2027-03-26", "2027-10-29", "2027-11-05", "2027-04-02", "2027-06-01")


def at(chance: random.Random, first: int = 0, last: int = 23) -> str:
    return f"{chance.randint(first, last):02d}:{chance.choice(('00', '15', '30'))}"


def a_shift(chance: random.Random) -> dict[str, Any]:
    shift: dict[str, Any] = {
        "days": chance.choice(("daily", "mon-fri", "sat-sun", "mon, wed, sat"))
    }
    if chance.random() < 0.3:
        shift["parts"] = [
            {"from": at(chance, 6, 8), "to": at(chance, 10, 12)},
            {"from": at(chance, 16, 18), "to": at(chance, 20, 23)},
        ]
    else:
        shift |= {"from": at(chance), "to": at(chance)}
        if chance.random() < 0.5:
            shift["breaks"] = [{"into": "1 h", "for": "15 min", "paid": chance.random() < 0.5}]
    if chance.random() < 0.2:
        shift["timezone"] = chance.choice(ZONES)
    return shift


def a_team(chance: random.Random, shifts: list[str]) -> dict[str, Any]:
    team: dict[str, Any] = {
        "people": chance.randint(1, 9),
        "roster": {chance.choice(shifts): "40 %", "wheel": "rest"},
    }
    options: dict[str, tuple[Any, ...]] = {
        "timezone": ZONES,
        "contract": (
            {"hours": "20 h / week"},
            {"works": "5 of 7"},
            {"works": "4 of 9", "hours": "30 h / week"},
        ),
        "available": ("50 %", {"share": "30 %", "by": "hours"},
                      {"share": "70 %", "by": "days", "paid": "wholly"}),
        "overtime": ([{"days": "daily", "for": "45 min", "share": "50 %"}],),
        "shrinkage": ({"leave": "10 % of days", "sick": "10 % of days", "late": "3 % of hours",
                       "training": "2 h / week", "meetings": "30 min / day"},),
        "holidays": ("worked", {"dates": ["2027-03-28", "2027-04-04"], "shifts_like": "sat"}),
        "pay": ({"wage": "10 / h", "premium": {"22:00-06:00": "20 %", "sun": "50 %"}},),
    }  # fmt: skip
    for key, values in options.items():
        if chance.random() < 0.5:
            team[key] = chance.choice(values)
    team.setdefault("pay", {"wage": "9 / h"})
    return team


def scenario(seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    shifts = {f"s{i}": a_shift(chance) for i in range(3)}
    turns = [*shifts, *chance.choices((*shifts, "off"), k=3)]
    shifts["wheel"] = {"rotates": turns, "every": chance.choice(("1 d", "2 d", "1 week"))}
    teams = {f"t{i}": a_team(chance, ["s0", "s1"]) for i in range(3)}
    teams["call"] = {"drawn_from": "t0", "standby_pay": "3 / h", "timezone": chance.choice(ZONES)}
    calendar = {
        "start": chance.choice(STARTS),
        "days": chance.randint(1, 16),
        "timezone": chance.choice(ZONES),
        "holidays": {"dates": ["2027-03-29", "2027-11-07"], "shifts_like": "sun"},
    }
    return {"teams": teams, "shifts": shifts, "calendar": calendar, "currency": "EUR"}


@pytest.mark.parametrize("block", range(4))
def test_laws_of_rosters_hold_for_random_people(block: int) -> None:
    made = 0
    for seed in range(100 * block, 100 * block + 100):
        try:
            design = design_from(**scenario(seed))
        except ScenarioProblems:  # a rotation without rest, a break outside, ...
            continue
        made += 1
        network = compile_network(design)
        roster = make_roster(design, network, 1, seed)
        check_laws(roster)
        again = make_roster(design, network, 1, seed)
        assert all(
            np.array_equal(getattr(again, name), getattr(roster, name))
            for name in ("team", "spans", "schedule")
        )
        rows = roster.schedule
        within = (rows["until"] > 0) & (rows["start"] < network.horizon)
        # a shift that reaches into the calendar is there whole: its parts may lie outside, no
        # further away than a day
        day = 86_400 * 10**6
        assert rows["until"].min(initial=0) > -day
        assert rows["start"].max(initial=0) < network.horizon + day
        assert within.any() or not len(rows)
        assert not rows["premium"][rows["activity"] == Activity.STANDBY].any()
        assert (rows["premium"][np.isin(rows["activity"], PAID)] >= 0).all()
    assert made >= 30


def test_rosters_do_not_depend_on_how_many_are_planned_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0
    for seed in range(60):
        try:
            design = design_from(**scenario(seed))
        except ScenarioProblems:
            continue
        network = compile_network(design)
        together = make_roster(design, network, 1, 0)
        with monkeypatch.context() as few:
            few.setattr(shift_team, "AT_A_TIME", 7)  # shifts: one person after the other
            apart = make_roster(design, network, 1, 0)
        assert together.spans.tolist() == apart.spans.tolist()
        assert together.schedule.tolist() == apart.schedule.tolist()
        compared += 1
    assert compared > 2
