"""Teams in several time zones: each by its own wall clock, on one axis of time.

In 2027 the clock goes forward on 14 March in New York (02:00 to 03:00) and on 28 March in Kyiv
(03:00 to 04:00); Manila has no daylight saving time.
"""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.network.compile import compile_network
from ccsim.roster import Roster, make_roster
from ccsim.scenario.clock import DAY, HOUR
from tests.roster.scenarios import design_from, roster_from, spans_of

DAY_SHIFT = {"day": {"days": "daily", "from": "08:00", "to": "16:00"}}
SUN = {
    "kyiv": {"roster": {"day": 1}, "timezone": "Europe/Kyiv"},
    "new_york": {"roster": {"day": 1}, "timezone": "America/New_York"},
    "manila": {"roster": {"day": 1}, "timezone": "Asia/Manila"},
}


def heads(roster: Roster, hours: int) -> list[int]:
    """Heads on duty at the half of each hour."""
    at = (np.arange(hours) + 0.5) * HOUR
    spans = roster.spans
    there = (spans["start"][:, None] <= at) & (at < spans["until"][:, None])
    found: list[int] = there.sum(axis=0).tolist()
    return found


def test_a_team_works_by_its_own_clock() -> None:
    r = roster_from(
        {"manila": {"roster": {"early": 1}, "timezone": "Asia/Manila"}},
        {"early": {"days": "daily", "from": "07:00", "to": "15:00"}},
        start="2027-03-22",
        days=8,
        timezone="Europe/Kyiv",
    )
    # 07:00 in Manila is 23:00 UTC, an hour after midnight in Kyiv (22:00 UTC on the first day);
    # what the clock of Kyiv does on Sunday changes nothing
    assert spans_of(r, 0) == [(24 * k + 1, 24 * k + 9) for k in range(8)]


def test_the_weekdays_are_those_of_the_team() -> None:
    r = roster_from(
        {"auckland": {"roster": {"early": 1}, "timezone": "Pacific/Auckland"}},
        {"early": {"days": "mon-fri", "from": "07:00", "to": "15:00"}},
        timezone="America/Los_Angeles",  # Monday to Sunday; Auckland is 21 hours ahead
    )
    # Monday 07:00 in Auckland was Sunday 10:00 in Los Angeles: the first before the calendar, the
    # last on its last day
    assert spans_of(r, 0) == [(10 + 24 * k, 18 + 24 * k) for k in (0, 1, 2, 3, 6)]


def test_shifts_may_have_a_zone_of_their_own() -> None:
    r = roster_from(
        {"desk": {"roster": {"day": 1, "remote": 1}}},
        {
            "day": {"days": "mon", "from": "08:00", "to": "16:00"},
            "remote": {
                "days": "mon", "from": "08:00", "to": "16:00", "timezone": "Asia/Manila",
            },
        },
        timezone="Europe/Kyiv",
    )  # fmt: skip
    assert spans_of(r, 0) == [(8, 16)]
    assert spans_of(r, 1) == [(2, 10)]  # six hours ahead


def test_follow_the_sun_leaves_gaps_where_clocks_disagree() -> None:
    # in summer Kyiv is UTC+3, New York UTC-4 and Manila UTC+8: 05-13, 12-20 and 00-08 UTC
    r = roster_from(SUN, DAY_SHIFT, start="2027-07-05", days=2)
    by_hour = [1] * 5 + [2] * 3 + [1] * 4 + [2] + [1] * 7 + [0] * 4
    assert heads(r, 48) == by_hour * 2
    # in winter UTC+2, UTC-5, UTC+8: 06-14, 13-21, 00-08
    r = roster_from(SUN, DAY_SHIFT, start="2027-01-11", days=2)
    assert heads(r, 48) == ([1] * 6 + [2] * 2 + [1] * 5 + [2] + [1] * 7 + [0] * 3) * 2
    # between the two changes of March: Kyiv UTC+2, New York UTC-4
    r = roster_from(SUN, DAY_SHIFT, start="2027-03-22", days=2)
    assert heads(r, 48) == ([1] * 6 + [2] * 2 + [1] * 4 + [2] * 2 + [1] * 6 + [0] * 4) * 2


def test_the_night_in_which_the_clock_of_the_team_changes() -> None:
    night = {"night": {"days": "daily", "from": "22:00", "to": "06:00"}}
    crew = {"crew": {"roster": {"night": 1}, "timezone": "America/New_York"}}
    r = roster_from(crew, night, start="2027-03-13", days=2, timezone="Europe/Kyiv")
    # 22:00 in New York is 03:00 UTC, five hours after midnight in Kyiv; the second of these nights
    # (from Saturday, the 13th) is an hour short, and the next one begins an hour earlier
    assert spans_of(r, 0) == [(5, 13), (29, 36)]
    r = roster_from(crew, night, start="2027-11-06", days=2, timezone="Europe/Kyiv")
    assert spans_of(r, 0)[:2] == [(4, 12), (28, 37)]  # and in November an hour longer


def test_premiums_go_by_the_clock_of_the_team() -> None:
    pay = {"wage": "10 / h", "premium": {"22:00-06:00": "20 %", "sun": "50 %"}}
    team = {"roster": {"day": 1}, "timezone": "Asia/Manila", "pay": pay}
    shifts = {"day": {"days": "sun", "from": "04:00", "to": "12:00"}}
    calendar = {"start": "2027-03-06", "days": 2, "timezone": "Europe/Kyiv"}
    design = design_from({"manila": team}, shifts, calendar, currency="EUR")
    rows = make_roster(design, compile_network(design), 1, 0).schedule
    # Sunday 04:00 in Manila is Saturday 22:00 in Kyiv; two hours of night, eight of Sunday
    shown = zip(rows["start"] / HOUR, rows["until"] / HOUR, rows["premium"], strict=True)
    assert [(s, u, round(float(p), 6)) for s, u, p in shown] == [(22, 24, 0.7), (24, 30, 0.5)]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Kyiv", "UTC"])
def test_every_zone_is_staffed_to_the_edges_of_the_calendar(zone: str) -> None:
    r = roster_from(
        {"all_round": {"roster": {"early": 1, "late": 1, "night": 1}, "timezone": zone}},
        {
            "early": {"days": "daily", "from": "06:00", "to": "14:00"},
            "late": {"days": "daily", "from": "14:00", "to": "22:00"},
            "night": {"days": "daily", "from": "22:00", "to": "06:00"},
        },
        timezone="Europe/Kyiv",
    )
    assert heads(r, 7 * 24) == [1] * (7 * 24)
    assert r.spans["until"].min() > 0 and r.spans["start"].max() < 7 * DAY


def test_heads_by_interval_go_by_the_clock_of_the_team() -> None:
    r = roster_from(
        {"manila": {"staffing": [0, 2, 0, 0], "timezone": "Asia/Manila"}},
        {},
        timezone="UTC",
        days=2,
    )
    # 06:00 to 12:00 in Manila is 22:00 to 04:00 UTC, cut at the edges of the calendar
    assert spans_of(r, 0) == spans_of(r, 1) == [(0, 4), (22, 28), (46, 48)]
