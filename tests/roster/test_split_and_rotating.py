"""Split shifts, rotations and part-time contracts, to the minute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ccsim.roster import Activity, Roster
from ccsim.scenario.clock import HOUR
from tests.roster.scenarios import hours_of, roster_from, spans_of

SPLIT = {
    "days": "daily",
    "parts": [{"from": "08:00", "to": "12:00"}, {"from": "17:00", "to": "21:00"}],
}
THREE = {
    "early": {"days": "daily", "from": "06:00", "to": "14:00"},
    "late": {"days": "daily", "from": "14:00", "to": "22:00"},
    "night": {"days": "daily", "from": "22:00", "to": "06:00"},
}


# --- split ----------------------------------------------------------------------------------------


def test_a_split_shift_is_on_duty_in_its_parts_alone() -> None:
    r = roster_from({"remote": {"roster": {"split": 1}}}, {"split": SPLIT}, days=2)
    assert spans_of(r, 0) == [(8, 12), (17, 21), (32, 36), (41, 45)]
    assert hours_of(r, 0) == 16  # the time between the parts is nobody's: not scheduled, not paid
    assert not r.spans["then_break"].any()


def test_breaks_lie_in_their_part() -> None:
    breaks = [
        {"at": "10:00", "for": "15 min"},
        {"between": ["18:00", "19:00"], "for": "30 min", "paid": False},
        {"into": "12 h", "for": "15 min"},  # since the start of the shift: 20:00
    ]
    r = roster_from(
        {"remote": {"roster": {"split": 1}}}, {"split": SPLIT | {"breaks": breaks}}, days=1
    )
    assert spans_of(r, 0) == [(8, 10), (10.25, 12), (17, 18), (18.5, 20), (20.25, 21)]
    then_break = r.spans[r.spans["agent"] == 0]["then_break"].tolist()
    assert then_break == [True, False, True, True, False]
    assert spans_of(r, 0, Activity.UNPAID_BREAK) == [(18, 18.5)]


def test_a_break_at_the_end_of_a_part_is_no_break_until_the_next_one() -> None:
    breaks = [{"at": "11:45", "for": "15 min"}]
    shifts = {"split": SPLIT | {"breaks": breaks}}
    r = roster_from({"remote": {"roster": {"split": 1}}}, shifts, days=1)
    assert spans_of(r, 0) == [(8, 11.75), (17, 21)]
    assert not r.spans["then_break"].any()


def test_parts_may_pass_midnight_and_the_change_of_the_clock() -> None:
    parts = [{"from": "18:00", "to": "20:00"}, {"from": "23:00", "to": "05:00"}]
    shifts = {"split": {"days": "sat", "parts": parts}}
    team = {"remote": {"roster": {"split": 1}}}
    r = roster_from(team, shifts, start="2027-03-27", days=2, timezone="Europe/Kyiv")
    assert spans_of(r, 0) == [(18, 20), (23, 28)]  # the night has no hour from 03:00 to 04:00
    r = roster_from(team, shifts, start="2027-10-30", days=2, timezone="Europe/Kyiv")
    assert spans_of(r, 0) == [(18, 20), (23, 30)]


# --- rotating -------------------------------------------------------------------------------------


def shift_by_day(roster: Roster, agent: int, days: int) -> str:
    """E, L, N or a dot by day, from the starts of the spans (all of them 8 hours)."""
    found = ["."] * (days + 1)
    for start, until in spans_of(roster, agent):
        assert until - start == 8
        found[int(start // 24) + 1] = {6: "E", 14: "L", 22: "N"}[int(start % 24)]
    return "".join(found[1:])


def test_people_change_shift_by_week() -> None:
    wheel = {"wheel": {"rotates": ["night", "late", "early"]}}
    r = roster_from({"desk": {"people": 3, "roster": {"wheel": "100 %"}}}, THREE | wheel, days=21)
    weeks = [
        [shift_by_day(r, agent, 21)[7 * w : 7 * w + 7] for w in range(3)] for agent in range(3)
    ]
    for agent in range(3):
        # whole weeks from Monday to Sunday, in the order of the rotation
        assert sorted(weeks[agent]) == ["E" * 7, "L" * 7, "N" * 7]
        after = {"N": "L", "L": "E", "E": "N"}
        assert [after[week[0]] for week in weeks[agent][:2]] == [w[0] for w in weeks[agent][1:]]
        # the next person is one place further along
        assert weeks[(agent + 1) % 3] == [after[week[0]] * 7 for week in weeks[agent]]


def test_two_early_two_late_two_night_two_off() -> None:
    turns = ["early", "early", "late", "late", "night", "night", "off", "off"]
    wheel = {"wheel": {"rotates": turns, "every": "1 d"}}
    r = roster_from({"plant": {"people": 8, "roster": {"wheel": "100 %"}}}, THREE | wheel, days=16)
    once = "EELLNN.."
    for agent in range(8):
        shown = shift_by_day(r, agent, 16)
        assert shown in (once * 4) and shown[:8] == shown[8:]
    # at every hour of the sixteen days two people are there
    at = (np.arange(16 * 24) + 0.5) * HOUR
    there = (r.spans["start"][:, None] <= at) & (at < r.spans["until"][:, None])
    assert set(there.sum(axis=0).tolist()) == {2}


def test_days_off_are_spread_over_those_of_a_shift() -> None:
    wheel = {"wheel": {"rotates": ["early", "late"]}}
    team = {"people": 14, "contract": {"works": "5 of 7"}, "roster": {"wheel": "100 %"}}
    r = roster_from({"desk": team}, THREE | wheel, days=14)
    by_start = {hour: [0] * 14 for hour in (6, 14)}
    for agent in range(14):
        spans = spans_of(r, agent)
        assert len(spans) == 10  # five days in each of two weeks
        for start, _ in spans:
            by_start[int(start % 24)][int(start // 24)] += 1
    # seven people on each shift, five of them on every day
    assert by_start == {6: [5] * 14, 14: [5] * 14}


def test_a_rotation_beside_fixed_shifts() -> None:
    wheel = {"wheel": {"rotates": ["early", "late"]}}
    r = roster_from(
        {"desk": {"people": 4, "roster": {"late": "50 %", "wheel": "rest"}}}, THREE | wheel, days=7
    )
    starts = [{int(start % 24) for start, _ in spans_of(r, agent)} for agent in range(4)]
    assert starts[:2] == [{14}, {14}]
    assert sorted(map(min, starts[2:])) == [6, 14] and all(len(s) == 1 for s in starts)


# --- part-time ------------------------------------------------------------------------------------


def weeks_of(roster: Roster, agent: int, weeks: int) -> list[int]:
    """Shifts of an agent in each week."""
    starts = np.array([start for start, _ in spans_of(roster, agent)])
    return [int(((starts // 168) == week).sum()) for week in range(weeks)]


def test_hours_of_a_contract_give_the_days_of_work() -> None:
    unpaid = [{"into": "4 h", "for": "30 min", "paid": False}]
    day: dict[str, Any] = {"days": "daily", "from": "08:00", "to": "16:30", "breaks": unpaid}
    team = {
        "people": 10,
        "contract": {"hours": "20 h / week"},
        "roster": {"day": "100 %"},
    }
    r = roster_from({"part": team}, {"day": day}, days=28)
    for agent in range(10):
        own = [a for a, _ in spans_of(r, agent)]
        weeks = [len({int(a // 24) for a in own if a // 168 == w}) for w in range(4)]
        # two and a half days of eight paid hours: two and three in turn
        assert sorted(weeks) == [2, 2, 3, 3] and weeks[0] != weeks[1]
    paid = hours_of(r, 0) - hours_of(r, 0, Activity.UNPAID_BREAK)
    assert paid == 10 * 4 * 20


@pytest.mark.parametrize(
    ("hours", "days"), [("40 h / week", 5), ("24 h / week", 3), ("60 h / week", 7)]
)
def test_whole_days(hours: str, days: int) -> None:
    team = {"people": 7, "contract": {"hours": hours}, "roster": {"early": "100 %"}}
    r = roster_from({"part": team}, THREE, days=14)
    assert all(weeks_of(r, agent, 2) == [days, days] for agent in range(7))
    by_day = np.bincount((r.spans["start"] // (24 * HOUR)).astype(int), minlength=14)
    assert by_day.tolist() == [days] * 14  # evenly spread, as days off are


def test_stated_days_go_before_hours() -> None:
    contract = {"hours": "20 h / week", "works": "4 of 7"}
    team = {"people": 7, "contract": contract, "roster": {"early": "100 %"}}
    r = roster_from({"part": team}, THREE, days=7)
    assert all(weeks_of(r, agent, 1) == [4] for agent in range(7))
