"""Public holidays: days whose demand, shifts and opening hours are those of another weekday."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

import numpy as np
import pytest

from ccsim.errors import ScenarioProblems
from ccsim.network.compile import compile_network
from ccsim.roster import Activity, make_roster
from ccsim.roster.payroll import paid_hours
from ccsim.scenario import holidays as dates
from ccsim.scenario.clock import DAY, LocalClock
from ccsim.workload import make_workload
from ccsim.workload.volumes import expected_volume
from tests.roster.scenarios import design_from, hours_of, roster_from, spans_of

WEDNESDAY = {"dates": ["2027-03-03"], "demand_like": "sun", "shifts_like": "sun"}
SHIFTS = {
    "week": {"days": "mon-fri", "from": "08:00", "to": "16:00"},
    "all": {"days": "daily", "from": "10:00", "to": "18:00"},
}


def test_shifts_are_those_of_the_day_that_it_is_like() -> None:
    teams = {"desk": {"roster": {"week": 1, "all": 1}}}
    r = roster_from(teams, SHIFTS, holidays=WEDNESDAY)
    assert [s // 24 for s, _ in spans_of(r, 0)] == [0, 1, 3, 4]
    assert [s // 24 for s, _ in spans_of(r, 1)] == [0, 1, 2, 3, 4, 5, 6]
    # who has the holiday off is paid as for leave
    assert spans_of(r, 0, Activity.HOLIDAY) == [(56, 64)]
    r = roster_from(teams, SHIFTS, holidays=WEDNESDAY | {"paid": False})
    assert hours_of(r, 0) == 4 * 8 + 7 * 8


@pytest.mark.parametrize("paid", [True, False])
@pytest.mark.parametrize(
    ("works", "people", "hours"),
    [
        ("5 of 7", 7, 7 * 5 * 8),
        ("4 of 7", 7, 7 * 4 * 8),
        ("5 of 7", 3, 3 * 5 * 8),
        ("4 of 8", 8, 224),
    ],
)  # of 4 of 8 four are there on each of seven days
def test_a_holiday_moves_no_days_off(works: str, people: int, hours: float, paid: bool) -> None:
    """A crew of all seven days works the holiday as it would any Wednesday, for the same pay."""
    crew = {"people": people, "contract": {"works": works}, "roster": {"all": "100 %"}}
    r = roster_from({"desk": crew}, SHIFTS, holidays=WEDNESDAY | {"paid": paid})
    assert hours_of(r, 0) == hours
    assert hours_of(r, 0, Activity.HOLIDAY) == 0
    ordinary = roster_from({"desk": crew}, SHIFTS)
    assert [spans_of(r, i) for i in range(people)] == [spans_of(ordinary, i) for i in range(people)]


def test_days_off_by_hand() -> None:
    """Person i of `5 of 7` has the days 2 i and 2 i + 1 of the week off (after Sunday is Monday):
    of seven, two on each day, on Wednesday numbers 1 and 4."""
    teams = {"desk": {"people": 7, "contract": {"works": "5 of 7"}, "roster": {"all": "100 %"}}}
    r = roster_from(teams, SHIFTS, holidays=WEDNESDAY)
    off = [{0, 1, 2, 3, 4, 5, 6} - {int(a // 24) for a, _ in spans_of(r, i)} for i in range(7)]
    assert off == [{0, 1}, {2, 3}, {4, 5}, {6, 0}, {1, 2}, {3, 4}, {5, 6}]


def test_who_has_the_date_off_has_no_holiday_to_be_paid() -> None:
    """Monday to Saturday, one of six days off: on a holiday without work five are paid for it."""
    shifts = {"six": {"days": "mon-sat", "from": "10:00", "to": "18:00"}}
    teams = {"desk": {"people": 6, "contract": {"works": "5 of 7"}, "roster": {"six": "100 %"}}}
    r = roster_from(teams, shifts, holidays=WEDNESDAY)
    assert (hours_of(r, 0), hours_of(r, 0, Activity.HOLIDAY)) == (6 * 5 * 8, 5 * 8)
    assert not spans_of(r, 2, Activity.HOLIDAY)  # whose day off Wednesday is
    r = roster_from(teams, shifts, holidays=WEDNESDAY | {"shifts_like": "sat"})
    assert (hours_of(r, 0), hours_of(r, 0, Activity.HOLIDAY)) == (6 * 5 * 8, 0)


def test_a_holiday_in_a_rotation() -> None:
    """In the week from 1 March 2027 on (105 726 weeks after 1 January of year 1) three people are
    on the shifts 0, 1 and 2 of the wheel."""
    shifts = SHIFTS | {"wheel": {"rotates": ["all", "week", "off"], "every": "1 week"}}
    r = roster_from({"desk": {"roster": {"wheel": 3}}}, shifts, holidays=WEDNESDAY)
    days = [[int(start // 24) for start, _ in spans_of(r, agent)] for agent in range(3)]
    assert days == [[0, 1, 2, 3, 4, 5, 6], [0, 1, 3, 4], []]
    assert [spans_of(r, agent, Activity.HOLIDAY) for agent in range(3)] == [[], [(56, 64)], []]


def test_weekend_staff_work_a_holiday_like_sunday_over_and_above() -> None:
    """Of two who share the weekend, number 0 has Saturdays off and 1 Sundays: number 0 comes."""
    shifts = {"weekend": {"days": "sat-sun", "from": "10:00", "to": "18:00"}}
    teams = {"desk": {"people": 2, "contract": {"works": "1 of 7"}, "roster": {"weekend": "100 %"}}}
    r = roster_from(teams, shifts, holidays=WEDNESDAY)
    assert [[int(a // 24) for a, _ in spans_of(r, i)] for i in range(2)] == [[2, 6], [5]]
    assert hours_of(r, 0) == 3 * 8


def test_hours_with_a_holiday_in_the_warm_up_and_after_it() -> None:
    teams = {"desk": {"people": 7, "contract": {"works": "5 of 7"}, "roster": {"all": "100 %"}}}
    holidays = {"dates": ["2027-03-03", "2027-03-11"], "shifts_like": "sun"}
    design = design_from(teams, SHIFTS, {"days": 14, "warm_up": "7 d", "holidays": holidays})
    roster = make_roster(design, compile_network(design), 1, 0)
    staff = tuple(design.scenario.teams.values())
    weeks = [paid_hours(roster, staff, 7 * DAY * i, 7 * DAY * (i + 1)) for i in range(2)]
    assert weeks == [[280], [280]]


def test_a_holiday_in_the_night_of_the_clock() -> None:
    """In the night to 28 March 2027 the clocks of Kyiv go from three to four: seven hours."""
    shifts = {
        "night": {"days": "daily", "from": "01:00", "to": "09:00"},
        "end": {"days": "fri-sun", "from": "01:00", "to": "09:00"},
    }
    teams = {
        "desk": {"people": 7, "contract": {"works": "5 of 7"}, "roster": {"night": "100 %"}},
        "few": {"roster": {"end": 1}},
    }
    calendar: dict[str, Any] = {"start": "2027-03-22", "timezone": "Europe/Kyiv"}
    for date, hours, few in (("2027-03-28", 0, 7), ("2027-03-27", 0, 8), ("2027-03-24", 0, 0)):
        holidays = {"dates": [date], "shifts_like": "mon"}
        r = roster_from(teams, shifts, **calendar, holidays=holidays)
        assert (hours_of(r, 0), hours_of(r, 0, Activity.HOLIDAY)) == (7 * 5 * 8 - 5, hours)
        assert (hours_of(r, 1), hours_of(r, 1, Activity.HOLIDAY)) == (8 + 8 + 7, few)


def test_demand_and_opening_hours() -> None:
    holidays = WEDNESDAY | {"opens_like": "sat"}
    arrivals = {"per_day": {"mon-sat": 1000, "sun": 100}}
    handled = {"handle": "5 min"}
    design = design_from(
        {"desk": {"roster": {"all": 1}}},
        SHIFTS,
        {"holidays": holidays},
        contacts={"calls": {"arrivals": arrivals, "phone": handled}},
        opens={"phone": {"mon-fri": "08:00-20:00", "sat": "09:00-12:00"}},
    )
    clock = LocalClock(design.scenario.calendar)
    calls = design.scenario.contacts["calls"].arrivals
    volumes = [expected_volume(calls, clock, day) for day in range(7)]
    assert volumes == [1000, 1000, 100, 1000, 1000, 1000, 100]
    network = compile_network(design)
    by_day = np.bincount(make_workload(design, network, 1, 0).at // DAY, minlength=7)
    assert 60 < by_day[2] < 140 and by_day[[0, 1, 3, 4, 5]].min() > 850
    hours = network.queues[0].hours
    assert hours is not None
    assert [(a / DAY * 24 - 48, b / DAY * 24 - 48) for a, b in hours.spans][2] == (9, 12)
    # without a word of its own, opening hours go with the shifts: closed on Sundays
    like_shifts = design_from(
        {"desk": {"roster": {"all": 1}}},
        SHIFTS,
        {"holidays": WEDNESDAY},
        opens={"phone": {"mon-fri": "08:00-20:00", "sat": "09:00-12:00"}},
    )
    hours = compile_network(like_shifts).queues[0].hours
    assert hours is not None
    assert [a // DAY for a, _ in hours.spans] == [0, 1, 3, 4, 5, 7]


def test_a_premium_on_holidays() -> None:
    pay = {"wage": "10 / h", "premium": {"holidays": "100 %", "18:00-24:00": "20 %"}}
    shifts = {"late": {"days": "daily", "from": "16:00", "to": "02:00"}}
    design = design_from(
        {"desk": {"roster": {"late": 1}, "pay": pay}},
        shifts,
        {"holidays": {"dates": ["2027-03-03"]}},
        currency="EUR",
    )
    rows = make_roster(design, compile_network(design), 1, 0).schedule
    hour = DAY / 24
    around = rows[(rows["until"] > 40 * hour) & (rows["start"] < 76 * hour)]
    shown = [
        (float(a / hour), float(b / hour), round(float(p), 6))
        for a, b, p in zip(around["start"], around["until"], around["premium"], strict=True)
    ]
    assert shown == [
        (40, 42, 0.0), (42, 48, 0.2), (48, 50, 1.0),
        (64, 66, 1.0), (66, 72, 1.2), (72, 74, 0.0),
    ]  # fmt: skip


def test_who_has_the_holiday_off_is_paid_without_its_premium() -> None:
    pay = {"wage": "10 / h", "premium": {"holidays": "100 %", "08:00-12:00": "20 %"}}
    design = design_from(
        {"desk": {"roster": {"week": 1}, "pay": pay}},
        SHIFTS,
        {"holidays": WEDNESDAY},
        currency="EUR",
    )
    rows = make_roster(design, compile_network(design), 1, 0).schedule
    off = rows[rows["activity"] == Activity.HOLIDAY]
    assert [(off["start"] / DAY * 24).tolist(), off["premium"].tolist()] == [[56], [0]]


@pytest.mark.parametrize(
    ("available", "hours"), [("50 %", 4), ({"share": "25 %", "by": "hours"}, 2)]
)
def test_shared_people_are_paid_their_share_of_a_holiday(available: Any, hours: float) -> None:
    teams = {"desk": {"roster": {"week": 4}, "available": available}}
    r = roster_from(teams, SHIFTS, holidays=WEDNESDAY)
    assert hours_of(r, 0, Activity.HOLIDAY) == 4 * hours
    teams["desk"]["available"] = {"share": "50 %", "paid": "wholly"}
    assert hours_of(roster_from(teams, SHIFTS, holidays=WEDNESDAY), 0, Activity.HOLIDAY) == 32


def test_teams_may_have_holidays_of_their_own() -> None:
    teams = {
        "kyiv": {"roster": {"week": 1}},
        "manila": {"roster": {"week": 1}, "holidays": "worked"},
        "wien": {
            "roster": {"week": 1},
            "holidays": {"dates": ["2027-03-05"], "shifts_like": "sat"},
        },
    }
    r = roster_from(teams, SHIFTS, holidays=WEDNESDAY)
    days = [[int(start // 24) for start, _ in spans_of(r, agent)] for agent in range(3)]
    assert days == [[0, 1, 3, 4], [0, 1, 2, 3, 4], [0, 1, 2, 3]]


def test_holidays_of_a_country_and_of_a_region() -> None:
    # German Unity Day is a holiday everywhere (Einigungsvertrag, article 2), Epiphany in Bavaria
    # (Feiertagsgesetz, article 1), not in Berlin
    germany = {"country": "DE", "shifts_like": "sun"}
    calendar = design_from(
        {"desk": {"roster": {"all": 1}}},
        SHIFTS,
        {"start": "2027-01-01", "days": 365, "holidays": germany},
    ).scenario.calendar
    clock = LocalClock(calendar)
    assert clock.is_holiday((dt.date(2027, 10, 3) - dt.date(2027, 1, 1)).days)
    assert clock.is_holiday(0) and not clock.is_holiday(5)
    bavaria = calendar.model_copy(
        update={"holidays": calendar.holidays.model_copy(update={"region": "BY"})}  # type: ignore[union-attr]
    )
    assert LocalClock(bavaria).is_holiday(5)


def test_dates_are_added_to_those_of_the_country() -> None:
    holidays = {"country": "DE", "dates": ["2027-03-03"], "shifts_like": "sun"}
    r = roster_from({"desk": {"roster": {"week": 1}}}, SHIFTS, holidays=holidays)
    assert [s // 24 for s, _ in spans_of(r, 0)] == [0, 1, 3, 4]


def problem_of(calendar: dict[str, Any]) -> str:
    with pytest.raises(ScenarioProblems) as caught:
        design_from({"desk": {"roster": {"all": 1}}}, SHIFTS, {"holidays": calendar})
    [problem] = caught.value.problems
    return f"{problem.path}: {problem.message}"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    dates._of_country.cache_clear()
    monkeypatch.setitem(sys.modules, "holidays", None)  # what `import holidays` then cannot find
    said = problem_of({"country": "UA", "shifts_like": "sun"})
    assert said.startswith("calendar.holidays.country: ")
    assert "pip install 'ccsim[holidays]'" in said and "dates" in said
    # written dates need no package
    r = roster_from({"desk": {"roster": {"week": 1}}}, SHIFTS, holidays=WEDNESDAY)
    assert len(spans_of(r, 0)) == 4
    dates._of_country.cache_clear()


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        ({"country": "Ukraine"}, "holidays.country: no holidays are known of 'Ukraine'"),
        ({"country": "DE", "region": "ZZ"}, "holidays.region: DE has no region 'ZZ'"),
        ({"shifts_like": "sun"}, "calendar.holidays: which days?"),
        ({"dates": ["2027-03-03"], "region": "BY"}, "holidays.region: a region of which country?"),
    ],
)
def test_what_is_wrong_with_holidays_is_said(calendar: dict[str, Any], said: str) -> None:
    assert said in problem_of(calendar)
