"""People shared with projects, and planned overtime."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.roster import Activity
from ccsim.scenario.clock import HOUR
from tests.roster.scenarios import hours_of, roster_from, spans_of

OFFICE = {
    "day": {
        "days": "mon-fri",
        "from": "08:00",
        "to": "16:30",
        "breaks": [
            {"at": "12:00", "for": "30 min", "paid": False},
            {"at": "10:00", "for": "30 min"},
        ],
    }
}


@pytest.mark.parametrize("share", [20, 50, 60, 100])
def test_whole_days_here_and_whole_days_elsewhere(share: int) -> None:
    team = {"people": 10, "roster": {"day": "100 %"}, "available": f"{share} %"}
    r = roster_from({"engineers": team}, OFFICE, days=70)
    for agent in range(10):
        # of fifty working days, and at no time more than a day ahead or behind
        days = sorted({int(start // 24) for start, _ in spans_of(r, agent)})
        assert len(days) == share / 2
        working = [day for day in range(70) if day % 7 < 5]
        done = np.cumsum([day in days for day in working])
        assert np.abs(done - share / 100 * (np.arange(50) + 1)).max() <= 1
    on_day = np.bincount(
        [int(s // 24) for a in range(10) for s in {24 * (x // 24) for x, _ in spans_of(r, a)}],
        minlength=70,
    )
    assert np.abs(on_day[np.arange(70) % 7 < 5] - share / 10).max() <= 1.001
    # paid by share: what is elsewhere is not scheduled here
    assert hours_of(r, 0) == 10 * share / 2 * 8.5


def test_paid_wholly_the_rest_is_shrinkage() -> None:
    available = {"share": "50 %", "paid": "wholly"}
    team = {"people": 10, "roster": {"day": "100 %"}, "available": available}
    r = roster_from({"engineers": team}, OFFICE, days=14)
    assert hours_of(r, 0) == 10 * 10 * 8.5
    assert hours_of(r, 0, Activity.ELSEWHERE) == 10 * 5 * 8  # breaks are not paid there either
    assert hours_of(r, 0, Activity.ON_DUTY) == 10 * 5 * 7.5


@pytest.mark.parametrize("paid", ["by share", "wholly"])
def test_a_stretch_of_every_shift_is_spent_elsewhere(paid: str) -> None:
    available = {"share": "60 %", "by": "hours", "paid": paid}
    team = {"people": 20, "roster": {"day": "100 %"}, "available": available}
    r = roster_from({"engineers": team}, OFFICE, days=1)
    for agent in range(20):
        duty = spans_of(r, agent, Activity.ON_DUTY)
        assert sum(until - start for start, until in duty) == pytest.approx(0.6 * 7.5, abs=1e-9)
    # at any time outside the breaks the share of them is there, give or take two
    at = (np.arange(8, 16.5, 0.25) + 0.1) * HOUR
    there = ((r.spans["start"][:, None] <= at) & (at < r.spans["until"][:, None])).sum(axis=0)
    breaks = (there == 0) & np.isin(at // (HOUR // 2) / 2, (10, 12))
    assert breaks.sum() == 4 and np.abs(there[~breaks] - 12).max() <= 2
    elsewhere = 20 * 0.4 * 7.5 if paid == "wholly" else 0
    assert hours_of(r, 0, Activity.ELSEWHERE) == pytest.approx(elsewhere, abs=1e-6)


def test_absence_of_shared_people_is_paid_by_share() -> None:
    team = {
        "people": 40,
        "roster": {"day": "100 %"},
        "available": {"share": "60 %", "by": "hours"},
        "shrinkage": {"leave": "30 % of days"},
    }
    r = roster_from({"engineers": team}, OFFICE, days=7)
    for agent in range(40):
        away = spans_of(r, agent, Activity.LEAVE)
        days = {int(start // 24) for start, _ in away}
        # 0.6 of eight paid hours, breaks included
        assert sum(b - a for a, b in away) == pytest.approx(4.8 * len(days), abs=1e-9)


def test_overtime_follows_the_shift() -> None:
    team = {
        "people": 4,
        "roster": {"day": 2, "late": 2},
        "overtime": [{"days": "mon-tue", "for": "1 h", "shifts": ["late"]}],
    }
    shifts = OFFICE | {"late": {"days": "mon-fri", "from": "14:00", "to": "22:00"}}
    r = roster_from({"desk": team}, shifts, days=7)
    for agent in (2, 3):
        assert spans_of(r, agent, Activity.OVERTIME) == [(22, 23), (46, 47)]
        # one stretch on duty with the shift
        assert spans_of(r, agent)[:3] == [(14, 23), (38, 47), (62, 70)]
    assert not spans_of(r, 0, Activity.OVERTIME)


def test_a_share_stays_and_not_always_the_same() -> None:
    team = {
        "people": 8,
        "roster": {"day": 8},
        "overtime": [{"days": "mon-fri", "for": "90 min", "share": "25 %"}],
    }
    r = roster_from({"desk": team}, OFFICE, days=28)
    stays = [{int(a // 24) for a, _ in spans_of(r, g, Activity.OVERTIME)} for g in range(8)]
    by_day = [sum(day in own for own in stays) for day in range(28)]
    assert by_day == [2 if day % 7 < 5 else 0 for day in range(28)]
    assert all(len(own) > 0 for own in stays)


def test_who_is_absent_does_not_stay() -> None:
    team = {
        "people": 30,
        "roster": {"day": 30},
        "overtime": [{"days": "mon-fri", "for": "1 h"}],
        "shrinkage": {"sick": "30 % of days"},
    }
    r = roster_from({"desk": team}, OFFICE, days=14)
    for agent in range(30):
        sick = {int(start // 24) for start, _ in spans_of(r, agent, Activity.SICK)}
        late = {int(start // 24) for start, _ in spans_of(r, agent, Activity.OVERTIME)}
        assert not sick & late and len(sick | late) == 10


def test_every_form_of_shrinkage_at_once() -> None:
    team = {
        "people": 40,
        "roster": {"day": "100 %"},
        "shrinkage": {
            "leave": "10 % of days",
            "sick": {"share": "5 % of days", "spell": "3 d"},
            "late": "2 % of hours",
            "training": "2 h / week",
            "meetings": "30 min / day",
        },
    }
    r = roster_from({"desk": team}, OFFICE, days=28)
    days = {
        what: len({(a, int(s // 24)) for a in range(40) for s, _ in spans_of(r, a, what)})
        for what in Activity
    }
    present = 40 * 20 - days[Activity.LEAVE] - days[Activity.SICK]
    assert hours_of(r, 0, Activity.MEETING) == pytest.approx(0.5 * present)
    # two hours for each person and week in which it was there at all
    weeks = {(a, int(s // 168)) for a in range(40) for s, _ in spans_of(r, a)}
    assert hours_of(r, 0, Activity.TRAINING) == 2 * len(weeks)
    assert days[Activity.LEAVE] > 40 and days[Activity.SICK] > 10
    assert hours_of(r, 0, Activity.LATE) > 0
    assert hours_of(r, 0) == 40 * 20 * 8.5
