"""The arithmetic of people over a week with a change of the clock, to the minute and the unit of
currency: paid and net hours, full-time equivalents, premiums, overtime, standing by.

The weeks are those of Monday, 22 March 2027, and Monday, 25 October 2027, in Kyiv; on Sunday the
clock goes from 03:00 to 04:00, or from 04:00 back to 03:00, so that they have 167 and 169 hours.
Nobody calls but one customer on Tuesday at 02:00, whom somebody on call serves for half an hour,
and one on Wednesday at 23:00, for the night crew.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from ccsim.experiment.replications.replicate import ReplicationPlan, Replicator
from ccsim.scenario.resolve import from_dict

HALF_AN_HOUR = {"handle": {"family": "constant", "mean": "30 min"}}
WAGE = {"wage": "10 / h", "on_top": "25 %"}
SCENARIO: dict[str, Any] = {
    "ccsim": 1,
    "name": "A week of pay",
    "currency": "EUR",
    "calendar": {"start": "2027-03-22", "days": 7, "timezone": "Europe/Kyiv"},
    "contacts": {
        "calls": {"arrivals": {"trace": "calls.csv"}, "phone": HALF_AN_HOUR},
        "orders": {"arrivals": {"trace": "orders.csv"}, "phone": HALF_AN_HOUR},
    },
    "channels": {"phone": {"patience": "endless"}},
    "teams": {
        "nights": {
            "roster": {"night": 3},
            "pay": WAGE | {"premium": {"22:00-06:00": "20 %", "sun": "50 %"}},
        },
        "desk": {
            "roster": {"day": 2},
            "pay": WAGE | {"overtime": "150 %"},
            "overtime": [{"days": "mon", "for": "1 h"}],
        },
        "part": {
            "people": 4,
            "contract": {"hours": "20 h / week"},
            "roster": {"evening": "100 %"},
            "pay": WAGE,
            "shrinkage": {"meetings": "30 min / day"},
        },
        "shared": {
            "people": 2,
            "roster": {"day": "100 %"},
            "available": {"share": "40 %", "by": "days"},
            "pay": {"salary": "26 089.285714 / year"},
        },
        "call": {"drawn_from": "desk", "reaction": "10 min", "standby_pay": "3 / h"},
    },
    "routing": {"calls": [["desk", "part", "shared"], "call"], "orders": ["nights"]},
    "shifts": {
        "night": {
            "days": "daily",
            "from": "22:00",
            "to": "07:00",
            "breaks": [{"into": "3 h", "for": "30 min", "paid": False}],
        },
        "day": {"days": "mon-fri", "from": "09:00", "to": "17:00"},
        "evening": {"days": "mon-fri", "from": "17:00", "to": "21:00"},
    },
}
SPRING, AUTUMN = "2027-03-22", "2027-10-25"  # the Mondays
MORE = {SPRING: -1, AUTUMN: 1}  # hours that the night to Sunday has more than others


def expected(monday: str) -> dict[str, float]:
    """What the week comes to, by hand."""
    more = MORE[monday]
    week = (168 + more) / 168  # of a week of contracts
    # a person by night: 7 h from the night before the calendar, five nights of 9 h, Saturday's
    # longer or shorter by an hour, 2 h of Sunday's; the break at 01:00 falls into seven of them
    night = 7 + 5 * 9 + (9 + more) + 2 - 7 * 0.5
    # at night hours: 6, 5 x 8, Saturday's 8 and the change, 2, less the breaks; on Sunday from
    # 00:00 to 07:00 (7 h and the change) less a break, and 2 h
    premium = 0.2 * (6 + 5 * 8 + (8 + more) + 2 - 7 * 0.5) + 0.5 * ((7 + more) - 0.5 + 2)
    pay = {"nights": 3 * night * 10, "desk": 80 * 10, "part": 80 * 10, "shared": 2 * 2 * 8 * 12.5}
    # planned overtime of two people on Monday, and half an hour of work on call, at 150 %
    overtime = 2 * 15 + 0.5 * 15
    standby_hours = 168 + more - 5 * 8
    standby = standby_hours * 3
    return {
        "nights.paid_hours": 3 * night,
        "nights.duty_hours": 3 * night,
        "nights.paid_fte": 3 * night / (40 * week),
        "nights.net_fte": 3 * night / (40 * week),
        "desk.paid_hours": 80,
        "desk.duty_hours": 82,
        "desk.overtime_hours": 2,
        "desk.paid_fte": 2 / week,
        "part.paid_hours": 80,
        "part.duty_hours": 70,
        "part.paid_fte": 2 / week,  # four people of 20 hours are two of 40
        "part.net_fte": 70 / 40 / week,
        "part.shrinkage": 1 / 8,
        "shared.paid_hours": 32,  # two of five days each
        "call.standby_hours": standby_hours,
        "call.overtime_hours": 0.5,
        "call.paid_hours": 0,
        "call.duty_hours": 0.5,
        "call.occupancy": 1,
        "call.heads": 0,
        "desk.heads": 2,
        "all.heads": 3 + 2 + 4 + 2,
        "all.standby_hours": standby_hours,
        "cost.pay": sum(pay.values()),
        "cost.premiums": 3 * premium * 10,
        "cost.overtime": overtime,
        "cost.standby": standby,
        "cost.on_costs": 0.25 * (
            sum(pay.values()) - pay["shared"] + 3 * premium * 10 + overtime + standby
        ),
        "nights.people_cost": 1.25 * (pay["nights"] + 3 * premium * 10),
        "desk.people_cost": 1.25 * (pay["desk"] + 30),
        "call.people_cost": 1.25 * (7.5 + standby),
    }  # fmt: skip


EXPECTED = expected(SPRING)


@pytest.fixture(scope="module", params=[SPRING, AUTUMN])
def monday(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def counted(monday: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    folder = tmp_path_factory.mktemp("pay")
    return measures_of(changed(SCENARIO, ("calendar", "start"), monday), folder)


def measures_of(scenario: dict[str, Any], folder: Path) -> dict[str, float]:
    first = dt.date.fromisoformat(scenario["calendar"]["start"])
    tuesday, wednesday = first + dt.timedelta(days=1), first + dt.timedelta(days=2)
    (folder / "calls.csv").write_text(f"at\n{tuesday} 02:00:00\n", encoding="utf-8")
    (folder / "orders.csv").write_text(f"at\n{wednesday} 23:00:00\n", encoding="utf-8")
    [outcome] = Replicator(ReplicationPlan((from_dict(scenario, folder),), seed=1))(0)
    kpis = outcome.kpis
    return {
        key: float(kpis.totals[k, 0] / kpis.totals[k, 1])
        for k, key in enumerate(kpis.keys)
        if kpis.totals[k, 1]
    }


@pytest.mark.parametrize("key", EXPECTED)
def test_a_week_of_pay(counted: dict[str, float], monday: str, key: str) -> None:
    # to a tenth of a second and of a cent
    assert counted[key] == pytest.approx(expected(monday)[key], rel=1e-6, abs=1e-4)


def test_the_weeks_differ_by_what_two_hours_are_worth() -> None:
    """The autumn's night crew is paid two hours more than the spring's, each with both premiums."""
    spring, autumn = expected(SPRING), expected(AUTUMN)
    assert autumn["nights.paid_hours"] - spring["nights.paid_hours"] == 3 * 2
    assert autumn["cost.premiums"] - spring["cost.premiums"] == pytest.approx(3 * 2 * 0.7 * 10)
    assert autumn["cost.standby"] - spring["cost.standby"] == 2 * 3
    assert autumn["desk.paid_hours"] == spring["desk.paid_hours"] == 80


def test_the_total_is_the_sum_of_its_kinds(counted: dict[str, float]) -> None:
    kinds = ("pay", "overtime", "standby", "premiums", "on_costs")
    assert counted["cost.total"] == pytest.approx(sum(counted[f"cost.{kind}"] for kind in kinds))


def test_the_call_at_night_waited_for_the_person_on_call(counted: dict[str, float]) -> None:
    assert counted["calls.speed_of_answer"] == pytest.approx(600)


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("calendar", "timezone"), "UTC", "nights.paid_hours"),  # no change of the clock
        (("teams", "nights", "pay"), WAGE, "cost.premiums"),
        (("teams", "desk", "overtime"), [], "desk.overtime_hours"),
        (("teams", "call", "standby_pay"), "4 / h", "cost.standby"),
        (("teams", "part", "contract"), {"hours": "16 h / week"}, "part.paid_hours"),
        (("teams", "shared", "available"), "60 %", "shared.paid_hours"),
    ],
)
def test_the_comparison_sees_other_people(
    tmp_path: Path, path: tuple[str, ...], value: Any, key: str
) -> None:
    """Planted faults: every change of the scenario changes what it should."""
    data = changed(SCENARIO, path, value)
    assert abs(measures_of(data, tmp_path)[key] - EXPECTED[key]) > 1e-3


def changed(data: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The data with another value at a path."""
    first, *rest = path
    return {**data, first: changed(data[first], tuple(rest), value) if rest else value}
