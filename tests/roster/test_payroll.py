"""Premiums and paid hours, to the minute and the unit of currency."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ccsim.roster import Activity
from ccsim.roster.payroll import gross_up, hours_by_activity, paid_hours, shrinkage_share
from ccsim.scenario.clock import DAY, HOUR, MINUTE
from tests.roster.rosters_by_hand import a_break, hours, roster_of, shift, team

NIGHT = {"night": shift("22:00", "07:00", a_break(30, at="02:00", paid=False))}


def test_night_premium_splits_the_schedule() -> None:
    t = team(people=1, roster={"night": 1.0}, pay={"premium": {"22:00-06:00": 0.2}})
    r = roster_of({"t": t}, NIGHT, days=1)
    rows = r.schedule[r.schedule["start"] >= 12 * HOUR]
    shown = [
        (s / HOUR, u / HOUR, int(a), round(float(p), 6))
        for s, u, a, p in zip(
            rows["start"], rows["until"], rows["activity"], rows["premium"], strict=True
        )
    ]
    assert shown == [
        (22, 26, Activity.ON_DUTY, 0.2),
        (26, 26.5, Activity.UNPAID_BREAK, 0.0),
        (26.5, 30, Activity.ON_DUTY, 0.2),
        (30, 31, Activity.ON_DUTY, 0.0),
    ]
    # in the whole roster: 7 of 8 hours of the night carry the premium
    weighted = hours_by_activity(r, 1, 12 * HOUR, 48 * HOUR, premium=True)
    assert weighted.sum() == pytest.approx(7.5 * 0.2, rel=1e-12, abs=0)  # to the cent


def test_premiums_of_hours_and_days_add_up() -> None:
    premium = {"22:00-06:00": 0.2, "sun": 0.5}
    t = team(people=1, roster={"night": 1.0}, pay={"premium": premium})
    sunday = dt.date(2027, 3, 7)
    r = roster_of({"t": t}, NIGHT, days=1, start=sunday)
    tonight = r.schedule[(r.schedule["start"] >= 12 * HOUR)]
    assert (tonight["start"] / HOUR).tolist() == [22, 24, 26, 26.5, 30]
    assert tonight["premium"].tolist() == pytest.approx([0.7, 0.2, 0.0, 0.2, 0.0], abs=1e-6)


def test_the_night_premium_of_a_night_with_a_change_of_the_clock() -> None:
    t = team(people=1, roster={"night": 1.0}, pay={"premium": {"22:00-06:00": 0.25}})
    plain = {"night": shift("22:00", "07:00", days=("sat",))}
    for start, expected in ((dt.date(2027, 3, 27), 7), (dt.date(2027, 10, 30), 9)):
        r = roster_of({"t": t}, plain, start=start, days=2, timezone="Europe/Kyiv")
        with_premium = r.schedule[r.schedule["premium"] > 0]
        assert hours(with_premium) == expected
        assert hours(r.schedule) == expected + 1


def test_bands_that_touch_midnight_do_not_cut() -> None:
    premium = {"22:00-00:00": 0.2, "00:00-06:00": 0.2}
    t = team(people=1, roster={"night": 1.0}, pay={"premium": premium})
    r = roster_of({"t": t}, {"night": shift("22:00", "07:00")}, days=1)
    assert (r.schedule["start"] / HOUR).tolist() == [-2, 6, 22, 30]
    assert (r.schedule["until"] / HOUR).tolist() == [6, 7, 30, 31]


def test_a_premium_on_every_hour_changes_no_hours() -> None:
    t = team(people=2, roster={"night": 1.0}, pay={"premium": {"daily": 0.1}})
    r = roster_of({"t": t}, NIGHT, days=3)
    plain = roster_of({"t": team(people=2, roster={"night": 1.0})}, NIGHT, days=3)
    assert r.schedule[["agent", "start", "until", "activity"]].tolist() == (
        plain.schedule[["agent", "start", "until", "activity"]].tolist()
    )
    paid = r.schedule[r.schedule["activity"] != Activity.UNPAID_BREAK]
    assert np.unique(paid["premium"]) == pytest.approx([0.1], rel=1e-6, abs=0)


def test_paid_hours_of_a_week() -> None:
    breaks = (a_break(30, at="12:00", paid=False), a_break(15, at="10:00"))
    day = {"day": shift("08:00", "16:30", *breaks)}
    t = team(people=10, roster={"day": 1.0}, contract={"works": (5, 7)})
    r = roster_of({"t": t}, day, days=7)
    # ten people, five days of eight paid hours
    assert paid_hours(r, (t,), 0, 7 * DAY) == [400.0]
    table = hours_by_activity(r, 1, 0, 7 * DAY)
    assert table[0, Activity.ON_DUTY] == 50 * 7.75
    assert table[0, Activity.PAID_BREAK] == 50 * 0.25
    assert table[0, Activity.UNPAID_BREAK] == 50 * 0.5
    # at 20 an hour and 25 % on top, to the unit of currency
    assert paid_hours(r, (t,), 0, 7 * DAY)[0] * 20 * 1.25 == 10_000


def test_hours_are_cut_to_the_window() -> None:
    t = team(people=1, roster={"night": 1.0})
    r = roster_of({"t": t}, NIGHT, days=1)
    # 00:00-07:00 of the crew of the day before, less the break, and 22:00-24:00
    assert paid_hours(r, (t,), 0, DAY) == [pytest.approx(8.5)]
    assert paid_hours(r, (t,), 30 * MINUTE, 90 * MINUTE) == [pytest.approx(1.0)]


def test_people_by_staffing_are_grossed_up() -> None:
    away = {
        "leave": 0.10,
        "sick": {"share": 0.05, "spell": DAY},
        "late": 0.02,
        "training": 2 * HOUR,
        "meetings": 30 * MINUTE,
    }
    t = team(staffing=(4,), shrinkage=away)
    # 0.85 of the days x (1 - 0.02 - 2/40 - 0.5/8) of the hours
    assert shrinkage_share(t) == pytest.approx(1 - 0.85 * (1 - 0.02 - 0.05 - 0.0625), rel=1e-12)
    r = roster_of({"t": t}, days=1)
    assert paid_hours(r, (t,), 0, DAY) == [pytest.approx(96 / (1 - shrinkage_share(t)))]
    assert gross_up(team(people=3, roster={"night": 1.0}, shrinkage=away)) == 1.0


def test_absence_is_paid_as_the_shift_would_be() -> None:
    t = team(people=30, roster={"night": 1.0}, shrinkage={"leave": 0.4})
    r = roster_of({"t": t}, NIGHT, days=7)
    whole = roster_of({"t": team(people=30, roster={"night": 1.0})}, NIGHT, days=7)
    assert paid_hours(r, (t,), 0, 7 * DAY) == paid_hours(whole, (t,), 0, 7 * DAY)
    assert hours(r.spans) < hours(whole.spans)
