"""Costs of the desk, to the currency unit, by hand.

Paid: frontline 212 700 s, specialists 2 700 s; overtime outside it: frontline 100 s.
Horizon: two days.
"""

from __future__ import annotations

from typing import Any

import pytest

from ccsim.roster.model import Activity
from ccsim.roster.pay import hourly_pay, over_time
from ccsim.scenario.schema import Contract, Money, Pay
from tests.measures.desk import DAY, HOUR, Blocks, S, kpis, parts, schedule

PAID: Blocks = {
    "currency": "UAH",
    "teams": {
        # 36 / h with 25 % on top, overtime at 150 %
        "frontline": {
            "pay": {"wage": {"amount": 36.0, "per": "h"}, "on_top": 0.25, "overtime": 1.5}
        },
        # 40 h a week in 365.25 / 7 weeks: 20 871.43 a year are 10 / h
        "specialists": {"pay": {"salary": {"amount": 40 * 365.25 / 7 * 10, "per": "year"}}},
    },
    "roles": {
        "leader": {
            "one_per": 2,
            "of": ("frontline", "specialists"),
            "pay": {"salary": {"amount": 3652.5, "per": "year"}, "on_top": 0.1},
        },
        "analyst": {"count": 1, "pay": {"wage": {"amount": 7.0, "per": "h"}}},
    },
    "costs": {
        "seat": {"amount": 304.375, "per": "month"},
        "tools": {"amount": 91.3125, "per": "month"},
        "penalties": ({"of": "phone", "costs": {"amount": 15.0, "per": "day"}},),
        "phone_minute": {"amount": 0.6, "per": "minute"},
        "overhead": 0.1,
    },
    "contacts": {"billing": {"lost_if_abandoned": {"amount": 38.0, "per": "once"}}},
}
PAY = 212_700 / HOUR * 36 + 2700 / HOUR * 10
OVERTIME = 100 / HOUR * 36 * 1.5
ON_COSTS = 0.25 * (212_700 / HOUR * 36 + OVERTIME)
# two leaders for three agents at 10 a day, 10 % on top; an analyst of 40 h a week at 7
ROLES = 2 * 10 * 2 * 1.1 + 40 * 2 / 7 * 7
SEATS = (3 + 2 + 1) * 20  # 10 a day
TOOLS = (3 + 2 + 1) * 6  # 3 a day
# billing: 210 + 10 + 200 + 100 + 60 s; technical: 65 + 400, 20 + 180, 800, 10, 100, 300
MINUTES = (210 + 10 + 200 + 100 + 60 + 465 + 200 + 800 + 10 + 100 + 300) / 60
TELECOM = MINUTES * 0.6
BEFORE = PAY + OVERTIME + ON_COSTS + ROLES + SEATS + TOOLS + TELECOM
PENALTIES = 2 * 15.0  # below the target on both days
EXPECTED = {
    "pay": PAY,
    "overtime": OVERTIME,
    "standby": 0.0,
    "premiums": 0.0,
    "on_costs": ON_COSTS,
    "roles": ROLES,
    "seats": SEATS,
    "tools": TOOLS,
    "telecom": TELECOM,
    "overhead": 0.1 * BEFORE,
    "penalties": PENALTIES,
    "total": 1.1 * BEFORE + PENALTIES,
    "value_lost": 2 * 38.0,  # busy and cut off; the closed door is another matter
}


@pytest.fixture(scope="module")
def paid() -> Any:
    return kpis(PAID)


@pytest.mark.parametrize("kind", EXPECTED)
def test_by_hand(paid: Any, kind: str) -> None:
    assert parts(paid, f"cost.{kind}") == pytest.approx((EXPECTED[kind], 1.0), rel=1e-12)


def test_for_each_contact_and_each_resolved_one(paid: Any) -> None:
    total = EXPECTED["total"]
    assert parts(paid, "cost.per_contact") == pytest.approx((total, 3 + 3 + 1))
    assert parts(paid, "cost.per_resolved_contact") == pytest.approx((total, 2 + 1 + 1))


def test_the_people_of_a_team(paid: Any) -> None:
    own = (212_700 / HOUR * 36 + OVERTIME) * 1.25
    assert parts(paid, "frontline.people_cost")[0] == pytest.approx(own)
    assert parts(paid, "tier2.people_cost")[0] == pytest.approx(7.5)
    assert parts(paid, "all.people_cost")[0] == pytest.approx(own + 7.5)
    assert parts(paid, "all.heads_with_roles") == (6.0, 1.0)


def test_kinds_add_up_to_the_total(paid: Any) -> None:
    kinds = [kind for kind in EXPECTED if kind not in ("total", "value_lost")]
    assert sum(parts(paid, f"cost.{kind}")[0] for kind in kinds) == pytest.approx(
        parts(paid, "cost.total")[0]
    )


def test_premiums_are_paid_for_the_hours_that_carry_them_within_the_horizon() -> None:
    night = schedule(
        (0, -2 * HOUR, 3 * HOUR, Activity.ON_DUTY, 0.25),
        (0, 3 * HOUR, 4 * HOUR, Activity.UNPAID_BREAK, 0.0),
        (0, 4 * HOUR, 6 * HOUR, Activity.ON_DUTY, 0.0),
    )
    got = kpis(PAID, scheduled=night)
    assert parts(got, "cost.premiums")[0] == pytest.approx(3 * 36 * 0.25)
    assert parts(got, "frontline.paid_hours")[0] == pytest.approx(5)


NET: Blocks = {
    "teams": {
        "frontline": {
            "people": None,
            "staffing": (2,),
            "shrinkage": {"leave": 0.1, "late": 0.2},
        }
    }
}


def test_premiums_of_people_counted_net_are_those_of_paid_hours() -> None:
    """An hour of absence by night carries the premium, as it does where absence is scheduled."""
    night = schedule((0, 0, 3 * HOUR, Activity.ON_DUTY, 0.25))
    got = kpis(PAID, NET, scheduled=night)
    assert parts(got, "cost.premiums")[0] == pytest.approx(3 / (0.9 * 0.8) * 36 * 0.25)


def test_people_counted_net_are_paid_gross() -> None:
    got = kpis(PAID, NET)
    gross = 212_700 / (0.9 * 0.8)  # the schedule's own absence is paid like the rest
    assert parts(got, "frontline.paid_hours")[0] == pytest.approx(gross / HOUR)
    assert parts(got, "frontline.shrinkage")[1] == pytest.approx(gross)


def test_without_prices_there_is_no_money() -> None:
    assert not [key for key in kpis().keys if "cost" in key]


@pytest.mark.parametrize(
    ("per", "days", "expected"),
    [("year", 365.25, 12.0), ("month", 30.4375, 12.0), ("week", 14, 24.0), ("day", 1, 12.0),
     ("h", 1, 288.0), ("once", 400, 12.0)],
)  # fmt: skip
def test_amounts_over_time(per: Any, days: float, expected: float) -> None:
    money = Money(amount=12.0, per=per)
    assert over_time(money, days * DAY * S) == pytest.approx(expected)


def test_an_amount_for_each_contact_is_not_paid_by_time() -> None:
    with pytest.raises(ValueError, match="contact"):
        over_time(Money(amount=1.0, per="contact"), 1.0)


def test_a_wage_by_the_day_is_for_a_day_of_the_full_time_week() -> None:
    pay = Pay.model_validate({"wage": {"amount": 80.0, "per": "day"}})
    assert hourly_pay(pay, Contract()) == pytest.approx(10.0)
    four_days = Contract(full_time=32 * HOUR * S, works=(4, 7))
    assert hourly_pay(pay, four_days) == pytest.approx(10.0)
