"""Shifts, days off and breaks, to the minute."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from ccsim.roster import Activity
from ccsim.roster.shift_plan import ShiftDays, ShiftPlans
from ccsim.roster.shift_times import ShiftDay, largest_remainder, people_by_shift
from ccsim.roster.working_days import WorkingDays
from ccsim.scenario.blocks.people import HeadsFile
from ccsim.scenario.clock import DAY, HOUR, MINUTE
from tests.roster.rosters_by_hand import a_break, hours, roster_of, shift, team

MON_FRI = ("mon", "tue", "wed", "thu", "fri")


def of_agent(rows: Any, agent: int) -> list[tuple[float, float]]:
    """Spans of one agent in hours since the calendar's start."""
    mine = rows[rows["agent"] == agent]
    return [(s / HOUR, u / HOUR) for s, u in zip(mine["start"], mine["until"], strict=True)]


def works_on(shift: Any, works: tuple[int, int], person: int, date: dt.date) -> bool:
    """Whether a person of a team of forty on one shift works on a date."""
    one = team(people=40, roster={"one": 1.0}, contract={"works": works})
    return bool(WorkingDays(one, {"one": shift}).on(date)[person] == 0)


# --- people into shifts -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "shares", "counts"),
    [
        # quotas 20.7, 13.8, 11.5: 20 + 13 + 11 = 44, two more go to .8 and .7
        (46, [0.45, 0.30, 0.25], [21, 14, 11]),
        # equal remainders: in order
        (3, [0.5, 0.5], [2, 1]),
        (7, [1 / 3, 1 / 3, 1 / 3], [3, 2, 2]),
        (100, [0.29, 0.71], [29, 71]),
        (0, [0.4, 0.6], [0, 0]),
        # Alabama's paradox belongs to the method (Balinski and Young, Fair Representation)
        (10, [6 / 14, 6 / 14, 2 / 14], [4, 4, 2]),
        (11, [6 / 14, 6 / 14, 2 / 14], [5, 5, 1]),
    ],
)
def test_largest_remainder(total: int, shares: list[float], counts: list[int]) -> None:
    assert largest_remainder(total, shares) == counts


def test_people_by_shift() -> None:
    shares = {"early": 0.45, "mid": 0.3, "late": "rest"}
    assert people_by_shift(team(people=46, roster=shares)) == {"early": 21, "mid": 14, "late": 11}
    assert people_by_shift(team(roster={"early": 3, "late": 2})) == {"early": 3, "late": 2}
    assert people_by_shift(team(people=9, roster={"a": 3, "b": "rest"})) == {"a": 3, "b": 6}
    assert people_by_shift(team(people=9, roster={"a": "rest"})) == {"a": 9}


# --- days off -----------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 3, 7, 10, 23])
@pytest.mark.parametrize("count", [4, 5, 6])
def test_days_off_are_spread_evenly(people: int, count: int) -> None:
    daily = shift("08:00", "16:00")
    monday = dt.date(2027, 3, 1)
    table = np.array(
        [
            [works_on(daily, (count, 7), p, monday + dt.timedelta(days=d)) for d in range(7)]
            for p in range(people)
        ]
    )
    assert np.all(table.sum(axis=1) == count)
    per_day = table.sum(axis=0)
    assert per_day.max() - per_day.min() <= 1
    # the same in the next week
    assert [works_on(daily, (count, 7), 2, monday + dt.timedelta(days=d)) for d in range(7)] == [
        works_on(daily, (count, 7), 2, monday + dt.timedelta(days=d + 7)) for d in range(7)
    ]


def test_days_off_are_consistent_with_the_days_of_the_shift() -> None:
    monday = dt.date(2027, 3, 1)
    office = shift("08:00", "16:00", days=MON_FRI)
    six = shift("08:00", "16:00", days=(*MON_FRI, "sat"))
    week = [monday + dt.timedelta(days=d) for d in range(7)]
    assert [works_on(office, (5, 7), 3, date) for date in week] == [True] * 5 + [False] * 2
    # of six days a person has one off, the next person the next one
    assert [works_on(six, (5, 7), 0, date) for date in week] == [False, *[True] * 5, False]
    assert [works_on(six, (5, 7), 1, date) for date in week] == [
        True, False, True, True, True, True, False,
    ]  # fmt: skip


def test_a_cycle_that_is_no_week() -> None:
    daily = shift("08:00", "20:00")
    dates = [dt.date(2027, 3, 1) + dt.timedelta(days=d) for d in range(16)]
    two = np.array([[works_on(daily, (4, 8), p, date) for date in dates] for p in (0, 1)])
    assert two.sum(axis=1).tolist() == [8, 8]
    assert np.all(two.sum(axis=0) == 1)  # the second works when the first is off


# --- wall clocks --------------------------------------------------------------------------------


def test_a_day_shift() -> None:
    r = roster_of(
        {"t": team(people=1, roster={"day": 1.0})}, {"day": shift("07:00", "15:30")}, days=2
    )
    assert of_agent(r.spans, 0) == [(7, 15.5), (31, 39.5)]
    assert r.team.tolist() == [0]


def test_night_crews_are_there_at_midnight() -> None:
    r = roster_of(
        {"t": team(people=1, roster={"night": 1.0})}, {"night": shift("22:00", "07:00")}, days=2
    )
    assert of_agent(r.spans, 0) == [(-2, 7), (22, 31), (46, 55)]


def test_a_shift_belongs_to_the_day_it_starts() -> None:
    night = shift("22:00", "07:00", days=("sun",))
    # the calendar starts on a Monday: the crew of Sunday night is there, nobody on Monday night
    r = roster_of({"t": team(people=1, roster={"night": 1.0})}, {"night": night}, days=3)
    assert of_agent(r.spans, 0) == [(-2, 7)]


@pytest.mark.parametrize(
    ("start", "night_hours"), [(dt.date(2027, 3, 27), 8), (dt.date(2027, 10, 30), 10)]
)
def test_a_week_with_a_change_of_the_clock(start: dt.date, night_hours: int) -> None:
    # Kyiv; the clock changes in the night from Saturday to Sunday
    shifts = {
        "night": shift("22:00", "07:00", a_break(30, into=3 * HOUR, paid=False)),
        "day": shift("07:00", "15:00"),
    }
    teams = {"t": team(people=2, roster={"night": 1, "day": 1})}
    r = roster_of(teams, shifts, start=start, days=7, timezone="Europe/Kyiv")
    night = r.schedule[r.schedule["agent"] == 0]
    by_shift = [hours(night[i : i + 3]) for i in range(0, len(night), 3)]
    # Friday night begins before the calendar, then Saturday night with the change, five more,
    # and the one that begins on the last day
    assert by_shift == [9, night_hours, 9, 9, 9, 9, 9, 9]
    # the break begins three hours into the shift, in elapsed time
    assert all(night["start"][1::3] - night["start"][0::3] == 3 * HOUR)
    day = r.schedule[r.schedule["agent"] == 1]
    assert [hours(day[i : i + 1]) for i in range(len(day))] == [8] * 7


def test_around_the_clock_leaves_no_gap() -> None:
    shifts = {
        "early": shift("06:00", "14:00"),
        "late": shift("14:00", "22:00"),
        "night": shift("22:00", "06:00"),
    }
    teams = {"t": team(people=3, roster={"early": 1, "late": 1, "night": 1})}
    r = roster_of(teams, shifts, start=dt.date(2027, 3, 27), days=3, timezone="Europe/Kyiv")
    on_duty = np.zeros(71, dtype=int)  # hours of the calendar
    for start, until in zip(r.spans["start"], r.spans["until"], strict=True):
        on_duty[max(start // HOUR, 0) : max(until // HOUR, 0)] += 1
    assert np.all(on_duty == 1)


def test_a_shift_of_24_hours_is_one_span() -> None:
    r = roster_of(
        {"t": team(people=1, roster={"all": 1.0})}, {"all": shift("08:00", "08:00")}, days=3
    )
    assert of_agent(r.spans, 0) == [(-16, 80)]


# --- breaks -------------------------------------------------------------------------------------


def test_breaks_between_spread_people_in_steps_of_five_minutes() -> None:
    day = shift("08:00", "16:00", a_break(15, between=("09:00", "10:30")))
    # first start 09:00, last 10:15: 16 slots. Of 4 people rank r takes slot floor(r x 16 / 4).
    r = roster_of({"t": team(people=4, roster={"day": 1.0})}, {"day": day}, days=1)
    breaks = r.schedule[r.schedule["activity"] == Activity.PAID_BREAK]
    assert (breaks["start"] // MINUTE - 540).tolist() == [0, 20, 40, 60]
    assert np.all(breaks["until"] - breaks["start"] == 15 * MINUTE)
    assert of_agent(r.spans, 1) == [(8, 9 + 20 / 60), (9 + 35 / 60, 16)]
    assert r.spans["then_break"].tolist() == [True, False] * 4


def test_breaks_at_and_into() -> None:
    night = shift("22:00", "06:00", a_break(30, at="02:00", paid=False), a_break(10, into=HOUR))
    r = roster_of({"t": team(people=2, roster={"night": 1.0})}, {"night": night}, days=1)
    mine = r.schedule[(r.schedule["agent"] == 1) & (r.schedule["start"] > 0)]
    # the night that begins on day 0, at 22:00
    mine = mine[mine["start"] >= 22 * HOUR]
    shown = [(s / HOUR, a) for s, a in zip(mine["start"], mine["activity"], strict=True)]
    assert shown == [
        (22, Activity.ON_DUTY),
        (23, Activity.PAID_BREAK),
        (23 + 10 / 60, Activity.ON_DUTY),
        (26, Activity.UNPAID_BREAK),
        (26.5, Activity.ON_DUTY),
    ]


def test_breaks_between_past_midnight() -> None:
    night = shift("20:00", "06:00", a_break(30, between=("23:30", "01:00")))
    r = roster_of({"t": team(people=3, roster={"night": 1.0})}, {"night": night}, days=1)
    breaks = r.schedule[r.schedule["activity"] == Activity.PAID_BREAK]
    tonight = breaks[breaks["start"] > 12 * HOUR]["start"]
    # 13 slots from 23:30 to 00:30: ranks 0, 1, 2 take slots 0, 4, 8
    assert ((tonight - int(23.5 * HOUR)) // MINUTE).tolist() == [0, 20, 40]


def test_breaks_are_spread_over_those_present() -> None:
    day = shift("08:00", "16:00", a_break(30, between=("11:00", "13:00")))
    away = {"leave": 0.5}
    r = roster_of({"t": team(people=40, roster={"day": 1.0}, shrinkage=away)}, {"day": day}, days=1)
    breaks = r.schedule[r.schedule["activity"] == Activity.PAID_BREAK]
    present = len(breaks)
    assert 5 < present < 35
    expected = [(660 + 5 * (rank * 19 // present)) * MINUTE for rank in range(present)]
    assert breaks["start"].tolist() == expected


def test_overlapping_and_overhanging_breaks_stay_within_the_shift() -> None:
    day = shift(
        "08:00", "16:00",
        a_break(30, at="12:00"), a_break(30, at="12:15", paid=False), a_break(60, at="15:30"),
    )  # fmt: skip
    r = roster_of({"t": team(people=1, roster={"day": 1.0})}, {"day": day}, days=1)
    assert of_agent(r.schedule, 0) == [(8, 12), (12, 12.5), (12.5, 13), (13, 15.5), (15.5, 16)]
    assert of_agent(r.spans, 0) == [(8, 12), (13, 15.5)]
    # after the last span comes no further duty of this shift: it is time off
    assert r.spans["then_break"].tolist() == [True, False]


# --- activities within a shift ------------------------------------------------------------------


def plan() -> ShiftPlans:
    """08:00 to 16:00 with breaks at 10:00 (15 min) and 12:00 (30 min): 7:15 h on duty."""
    windows = (
        (10 * HOUR, 15 * MINUTE),
        (12 * HOUR, 30 * MINUTE),
    )
    from ccsim.roster.shift_times import BreakWindow

    day = ShiftDay(
        ((8 * HOUR, 16 * HOUR),), tuple(BreakWindow(at, 1, n, True) for at, n in windows)
    )
    one, none = np.ones(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    return ShiftPlans.of(ShiftDays([day]), none, none, rank=none, present=one)


def of_kind(p: ShiftPlans, activity: Activity) -> list[tuple[float, float]]:
    mine = p.what == activity
    return [(s / HOUR, u / HOUR) for s, u in zip(p.start[mine], p.until[mine], strict=True)]


def us(amount: float) -> Any:
    """What is given for each of the shifts: here one."""
    return np.array([int(amount)])


def test_lateness_is_taken_from_the_start_of_duty() -> None:
    p = plan()
    p.begin_late(us(2.5 * HOUR))
    assert of_kind(p, Activity.LATE) == [(8, 10), (10.25, 10.75)]
    assert of_kind(p, Activity.PAID_BREAK) == [(10, 10.25), (12, 12.5)]
    assert p.duty.tolist() == [int(4.75 * HOUR)]


@pytest.mark.parametrize(
    ("position", "minutes", "expected"),
    [
        (0.0, 30, [(8, 8.5)]),
        (0.9999, 30, [(15 + 25 / 60, 15 + 55 / 60)]),
        # it would begin at 1:55 of duty and meet the break: it ends at the break
        (0.285, 30, [(9.5, 10)]),
        # two hours do not fit between the breaks: they end at the first break
        (0.3, 120, [(8, 10)]),
        # three hours fit after the second break only
        (0.0, 180, [(12.5, 15.5)]),
        # five hours fit nowhere in one piece
        (0.0, 300, [(8, 10), (10.25, 12), (12.5, 13.75)]),
        (0.0, 900, [(8, 10), (10.25, 12), (12.5, 16)]),
    ],
)
def test_meetings_stay_away_from_breaks(
    position: float, minutes: int, expected: list[tuple[float, float]]
) -> None:
    p = plan()
    before = int(p.duty[0])
    p.place(Activity.MEETING, us(minutes * MINUTE), np.array([position]))
    minutes_of = [(round(s * 60), round(u * 60)) for s, u in expected]
    assert of_kind(p, Activity.MEETING) == [(s / 60, u / 60) for s, u in minutes_of]
    assert before - int(p.duty[0]) == min(minutes * MINUTE, before)
    assert (p.until - p.start).sum() == 8 * HOUR


def test_an_absence_takes_the_whole_shift() -> None:
    p = plan()
    p.away(np.array([Activity.SICK], dtype=np.int8))
    assert of_kind(p, Activity.SICK) == [(8, 16)]
    assert len(p.what) == 1


# --- heads by interval and logs -----------------------------------------------------------------


def test_staffing_by_list() -> None:
    r = roster_of({"t": team(staffing=(1, 3, 2, 0))}, days=2)
    assert len(r.team) == 3
    assert of_agent(r.spans, 0) == [(0, 18), (24, 42)]
    assert of_agent(r.spans, 1) == [(6, 18), (30, 42)]
    assert of_agent(r.spans, 2) == [(6, 12), (30, 36)]


def test_staffing_of_constant_heads_is_one_span() -> None:
    r = roster_of(
        {"t": team(staffing=(2,))}, start=dt.date(2027, 3, 27), days=3, timezone="Europe/Kyiv"
    )
    assert of_agent(r.spans, 0) == [(0, 71)] == of_agent(r.spans, 1)


def test_staffing_by_weekday_on_a_short_day() -> None:
    columns = {
        "time": tuple(f"{h:02}:00" for h in range(24)),
        "mon-sat": ("1",) * 24,
        "sun": tuple("2" if h == 3 else "1" if h == 4 else "0" for h in range(24)),
    }
    # Kyiv, Sunday 2027-03-28: 03:00 is skipped, nobody works two heads
    r = roster_of(
        {"t": team(staffing=HeadsFile(file="s.csv"))},
        start=dt.date(2027, 3, 27), days=3, timezone="Europe/Kyiv", files={"s.csv": columns},
    )  # fmt: skip
    assert of_agent(r.spans, 0) == [(0, 24), (27, 28), (47, 71)]
    assert of_agent(r.spans, 1) == []
    assert r.team.tolist() == [0, 0]


def test_a_duty_log() -> None:
    columns = {
        "agent": ("ann", "bob", "ann", "ann", "eve"),
        "start": (
            "2027-03-01T09:00:00", "2027-02-28 22:00", "2027-03-01T08:00:00",
            "2027-03-01T11:00:00", "2027-03-09T08:00",
        ),
        "until": (
            "2027-03-01T10:30:00", "2027-03-01 06:00", "2027-03-01T09:00:00",
            "2027-03-01T12:00:00", "2027-03-09T09:00",
        ),
    }  # fmt: skip
    r = roster_of({"t": team(duty_log="d.csv")}, days=1, files={"d.csv": columns})
    assert of_agent(r.spans, 0) == [(8, 10.5), (11, 12)]
    assert of_agent(r.spans, 1) == [(-2, 6)]
    assert of_agent(r.spans, 2) == []
    assert not r.spans["then_break"].any()


def test_people_without_shifts_are_always_there() -> None:
    r = roster_of({"t": team(people=2, handle_time=1.5)}, days=2)
    assert of_agent(r.spans, 1) == [(0, 48)]
    assert set(r.spans["pace"].tolist()) == {1.5}


@pytest.mark.parametrize(
    ("fields", "columns", "message"),
    [
        ({"staffing": (1,) * 7}, {}, "do not divide a day"),
        ({"staffing": HeadsFile(file="f.csv")}, {"daily": ("1.5",)}, "no whole numbers"),
        ({"staffing": HeadsFile(file="f.csv")}, {"daily": ("-1",)}, "whole numbers from 0"),
        ({"duty_log": "f.csv"}, {"agent": ("a",), "start": ("1",)}, "needs the column 'until'"),
        (
            {"duty_log": "f.csv"},
            {"agent": ("a",), "start": ("5",), "until": ("4",)},
            "ends before it begins",
        ),
        (
            {"duty_log": "f.csv"},
            {"agent": ("a",), "start": ("noon",), "until": ("4",)},
            "'start' holds local dates",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    fields: dict[str, Any], columns: dict[str, Any], message: str
) -> None:
    from ccsim.errors import ScenarioProblems

    with pytest.raises(ScenarioProblems) as caught:
        roster_of({"t": team(**fields)}, files={"f.csv": columns})
    [problem] = caught.value.problems
    assert message in problem.message and problem.path.startswith("teams.t.")


# --- tenure -------------------------------------------------------------------------------------


def test_newcomers_become_experienced_one_after_the_other() -> None:
    tenure = {"new": 1.35, "experienced": 1.0, "until": 8 * DAY, "new_now": 0.4}
    t = team(people=10, roster={"day": 1.0}, handle_time=tenure)
    r = roster_of({"t": t}, {"day": shift("08:00", "16:00")}, days=10)
    new_days = [
        int((r.spans["pace"][r.spans["agent"] == agent] == 1.35).sum()) for agent in range(10)
    ]
    # four of ten, spread over the team; they turn on days 1, 3, 5 and 7
    assert [agent for agent in range(10) if new_days[agent]] == [1, 3, 6, 8]
    assert [n for n in new_days if n] == [1, 3, 5, 7]


def test_a_plain_share_of_handle_time() -> None:
    r = roster_of(
        {"t": team(people=2, roster={"d": 1.0}, handle_time=0.9)}, {"d": shift("08:00", "16:00")}
    )
    assert set(r.spans["pace"].tolist()) == {0.9}


@pytest.mark.parametrize("fields", [{"roster": {"all": 1.0}}, {}, {"staffing": (4,)}])
def test_people_who_are_there_day_and_night_learn(fields: dict[str, Any]) -> None:
    # Four newcomers are experienced at 1.75, 5.25, 8.75 and 12.25 days: from the next midnight on
    learning = {"new": 2.0, "experienced": 1.0, "until": 14 * DAY, "new_now": 1.0}
    people = {} if "staffing" in fields else {"people": 4}
    all_day = shift("00:00", "24:00")
    r = roster_of({"t": team(handle_time=learning, **people, **fields)}, {"all": all_day}, days=28)
    slow = r.spans[r.spans["pace"] == 2.0]
    assert [of_agent(slow, agent)[-1][1] / 24 for agent in range(4)] == [2, 6, 9, 13]
    assert hours(r.spans) == 4 * 28 * 24
