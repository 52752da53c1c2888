"""Penalties and revenue of the desk, to the currency unit, by hand.

The phone's promise of 20 s was missed with four contacts of billing (hung up, 30 s, busy, cut off)
and kept with two, missed with three of technical (100 s, still waiting, hung up) and kept with two;
on the first day kept with three of eight, on the second with one of three.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.measures.desk import DAY, Blocks, S, kpis, parts

PAID: Blocks = {
    "currency": "EUR",
    "teams": {
        "frontline": {"pay": {"wage": {"amount": 36.0, "per": "h"}}},
        "specialists": {"pay": {"wage": {"amount": 36.0, "per": "h"}}},
    },
}
RESOLUTION: Blocks = {"channels": {"phone": {"resolve_within": 400 * S}}}
SECOND_DAY: Blocks = {"calendar": {"warm_up": DAY * S}}


def owed(of: str, amount: float, per: str, *patches: Blocks, **more: Any) -> float:
    penalty = {"of": of, "costs": {"amount": amount, "per": per}, **more}
    got = kpis(PAID, *patches, {"costs": {"penalties": (penalty,)}})
    without = kpis(PAID, *patches)
    added = parts(got, "cost.total")[0] - parts(without, "cost.total")[0]
    found, one = parts(got, "cost.penalties")
    assert added == pytest.approx(found) and one == 1.0
    return found


@pytest.mark.parametrize(
    ("of", "missed"), [("phone", 7), ("billing", 4), ("technical.phone", 3), ("all", 7)]
)
def test_each_contact_whose_promise_was_missed(of: str, missed: int) -> None:
    """No e-mail: one was answered in time, one still has its hour of working time."""
    assert owed(of, 12.0, "contact") == pytest.approx(12 * missed)


def test_it_is_what_the_service_level_lacks() -> None:
    kept, decided = parts(kpis(), "phone.service_level")
    assert owed("phone", 12.0, "contact") == pytest.approx(12 * (decided - kept))


def test_each_day_on_which_too_few_were_in_time() -> None:
    assert owed("phone", 100.0, "day") == 200  # both days are below the target of 40 %
    assert owed("phone", 100.0, "day", under=0.35) == 100
    assert owed("phone", 100.0, "day", under=0.375) == 100  # three of eight are 37.5 %
    assert owed("phone", 100.0, "day", under=0.3) == 0


def test_parts_of_weeks_and_months_count_in_proportion() -> None:
    """Two days of one week and of one month, in all 4 of 11 kept; with a day of warm-up, one."""
    assert owed("phone", 700.0, "week") == pytest.approx(700 * 2 / 7)
    assert owed("phone", 3100.0, "month") == pytest.approx(3100 * 2 / 31)
    assert owed("phone", 3100.0, "month", under=0.35) == 0
    assert owed("phone", 700.0, "week", SECOND_DAY) == pytest.approx(700 / 7)
    assert owed("phone", 700.0, "day", SECOND_DAY) == pytest.approx(700)


def test_two_months_are_two() -> None:
    """The first day is the last of February, the second the first of March."""
    start: Blocks = {"calendar": {"start": dt.date(2027, 2, 28)}}
    assert owed("phone", 2800.0, "month", start) == pytest.approx(2800 / 28 + 2800 / 31)


def test_missed_promises_of_resolution() -> None:
    """Within 400 s one is resolved; two are late, four gone without, one waits since 800 s."""
    per_contact = owed("phone", 10.0, "contact", RESOLUTION, promise="resolution")
    kept, settled = parts(kpis(RESOLUTION), "phone.resolved_within")
    assert (kept, settled) == (1, 8)
    assert per_contact == 70
    by_day = owed("phone", 10.0, "day", RESOLUTION, promise="resolution", under=0.2)
    assert by_day == 20  # one of six, none of two


def test_overhead_is_not_put_on_penalties() -> None:
    assert owed("phone", 100.0, "day", {"costs": {"overhead": 0.5}}) == 200


def test_tools_are_paid_for_each_person() -> None:
    leader = {"count": 2, "pay": {"wage": {"amount": 0.0, "per": "h"}}}
    tools: Blocks = {"costs": {"tools": {"amount": 91.3125, "per": "month"}}}  # 3 a day
    got = kpis(PAID, tools, {"roles": {"leader": leader}})
    assert parts(got, "cost.tools") == pytest.approx(((3 + 2) * 3 * 2, 1.0))
    assert parts(got, "cost.seats")[0] == 0


class TestUpselling:
    """Resolved by people: billing three (one by e-mail), technical one, by the specialists."""

    def sold(self, *patches: Blocks) -> tuple[float, float]:
        got = kpis(PAID, *patches)
        revenue = parts(got, "revenue.upselling")[0]
        net = parts(got, "cost.net")[0]
        assert net == pytest.approx(parts(got, "cost.total")[0] - revenue)
        return revenue, parts(got, "cost.total")[0]

    def test_a_share_of_the_resolved(self) -> None:
        sale = {"upsell": {"share": 0.5, "value": {"amount": 40.0, "per": "contact"}}}
        revenue, total = self.sold({"contacts": {"billing": sale}})
        assert revenue == 3 * 0.5 * 40
        assert total == parts(kpis(PAID), "cost.total")[0]  # a cost is a cost

    def test_teams_sell_differently(self) -> None:
        def of(team: str) -> float:
            sale = {"share": {team: 0.25}, "value": {"amount": 100.0, "per": "contact"}}
            return self.sold({"contacts": {"technical": {"upsell": sale}}})[0]

        assert of("specialists") == 25
        assert of("frontline") == 0

    def test_nothing_is_sold_in_the_warm_up(self) -> None:
        sale = {"upsell": {"share": 0.5, "value": {"amount": 40.0, "per": "contact"}}}
        assert self.sold({"contacts": {"billing": sale}}, SECOND_DAY)[0] == 0

    def test_without_sales_there_is_no_revenue(self) -> None:
        keys = kpis(PAID).keys
        assert "cost.penalties" in keys
        assert not {"cost.net", "revenue.upselling"} & set(keys)
