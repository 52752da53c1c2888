"""What designs cost by kind: the catalogue's kinds, bars as the table says, titles by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from ccsim.experiment.execution.result import Comparison
from ccsim.experiment.execution.run import compare, run
from ccsim.measures.catalogue import MEASURES
from ccsim.report.curves.cost_curves import (
    KINDS,
    OTHER,
    REVENUE,
    cost_finding,
    cost_table,
    kind_words,
)
from ccsim.report.curves.shown import CostByKind, CostChange, Sample
from ccsim.report.figures.charts import trade_off_figure
from ccsim.report.figures.cost_chart import EARNED as EARNED_COLOUR
from ccsim.report.figures.cost_chart import cost_figure
from ccsim.report.pictures import trade_off_table
from ccsim.report.words.units import year_factor
from ccsim.report.words.verdicts import DesignChange
from ccsim.scenario.resolve import all_from_dict, from_dict
from tests.report.drawn import bars
from tests.report.estimates import around
from tests.report.test_figures import boxes, overlaps

SAMPLE = Sample("Desk", "Helpdesk · 7 days · 100 replications · same customers for every design")
MANY = ("pay", "on_costs", "seats", "roles", "overhead", "telecom", "overtime", "premiums", "other")


def change(total: float, part: float, half: float = 1000.0, kind: str = "pay") -> CostChange:
    words = ("money:EUR", "more a year", "less a year", "cost")
    return CostChange(
        "pooled", "base", DesignChange(around(total, half), *words), kind,
        DesignChange(around(part, half), *words),
    )  # fmt: skip


def table(designs: int = 2, kinds: int = 3, **changes: Any) -> CostByKind:
    amounts = [tuple((1e6 + 1e5 * d) / 2**place for place in range(kinds)) for d in range(designs)]
    made = CostByKind(
        "EUR",
        MANY[:kinds],
        tuple((f"design_number_{d}", each) for d, each in enumerate(amounts)),
        tuple(around(sum(each), 3000) for each in amounts),
        change(90_000, 60_000) if designs > 1 else None,
        SAMPLE,
    )
    return replace(made, **changes)


EARNED = (1e6, 4e5, -2e5)
FIGURES: dict[str, Callable[[], Figure]] = {
    "one": lambda: cost_figure(table(1)),
    "two": lambda: cost_figure(table()),
    "nine kinds in six designs": lambda: cost_figure(table(6, 9)),
    "with what is earned": lambda: cost_figure(
        table(1, amounts=(("base", EARNED),), totals=(around(sum(EARNED), 5000),))
    ),
    "long names": lambda: cost_figure(
        table(1, kinds=2, amounts=(("everyone_takes_everything_at_night_too", (1e6, 5e5)),))
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_overlaps_or_leaves_the_figure(name: str) -> None:
    figure = FIGURES[name]()
    found = boxes(figure)
    assert overlaps(found) == []
    width, height = figure.bbox.width, figure.bbox.height
    outside = [t for t, b in found if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height]
    assert outside == []


def test_bars_are_the_amounts_and_end_where_the_next_begins() -> None:
    (axes,) = cost_figure(table(2, 9)).axes
    for row, (_, amounts) in enumerate(table(2, 9).amounts):
        own = [bar for bar in bars(axes) if abs(bar.get_y() + bar.get_height() / 2 - row) < 0.1]
        assert [bar.get_width() for bar in own] == pytest.approx([x / 1000 for x in amounts])
        ends = [bar.get_x() + bar.get_width() for bar in own]
        assert [bar.get_x() for bar in own] == pytest.approx([0.0, *ends[:-1]])


def test_what_is_earned_stands_left_of_nothing() -> None:
    (axes,) = FIGURES["with what is earned"]().axes
    assert min(bar.get_x() + bar.get_width() for bar in bars(axes)) == pytest.approx(-200)
    assert "1 200 ±5" in [text.get_text() for text in axes.texts]


def test_kinds_that_share_a_colour_differ_by_hatching() -> None:
    (axes,) = cost_figure(table(1, 9)).axes
    looks = [(bar.get_facecolor(), bar.get_hatch()) for bar in axes.patches]
    assert len(set(looks)) == 9


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        (table(1), "Pay is 57 % of the 1 750 thousand EUR of cost a year"),
        (table(), "Pooled costs 90 000 EUR more a year than base, 67 % of it pay"),
        (
            table(change=change(-90_000, -88_000)),
            "Pooled costs 90 000 EUR less a year than base, 98 % of it pay",
        ),
        (
            table(change=change(40_000, 90_000)),
            "Pooled costs 40 000 EUR more a year than base; pay alone 90 000 EUR more a year",
        ),
        (
            table(change=change(90_000, 600)),  # the part is not sure
            "Pooled costs 90 000 EUR more a year than base",
        ),
        (table(change=change(500, 400)), "Pooled compared with base: cost too close to call"),
        (table(change=change(0, 0, half=0)), "Pooled costs as much as base"),
    ],
)
def test_findings(shown: CostByKind, title: str) -> None:
    assert cost_finding(shown) == title


def test_what_is_left_is_titled_and_its_revenue_is_no_kind_of_cost() -> None:
    kinds, amounts = ("pay", "seats", REVENUE), (1e6, 2e5, -3e5)
    sold = table(1, kinds=3, net=True, amounts=(("base", amounts),), totals=(around(9e5, 5000),))
    sold = replace(sold, kinds=kinds)
    title = "Pay is 83 % of the 1 200 thousand EUR of cost a year; revenue covers 25 % of it"
    assert cost_finding(sold) == title
    (axes,) = cost_figure(sold).axes
    assert to_hex(axes.patches[-1].get_facecolor()).upper() == EARNED_COLOUR
    assert "900 ±5" in [text.get_text() for text in axes.texts]
    change_ = change(-29_000, -73_000, kind=REVENUE)
    assert cost_finding(table(net=True, change=change_)) == (
        "Pooled costs 29 000 EUR less a year than base after revenue; "
        "revenue alone 73 000 EUR less a year"
    )


# --- from results ---------------------------------------------------------------------------------

DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "currency": "EUR",
    "calendar": {"start": "2027-03-01", "days": 7},
    "contacts": {
        "orders": {"arrivals": {"per_day": 200}, "phone": {"handle": {"mean": "3 min"}}},
    },
    "channels": {"phone": {"answer_within": "20 s", "patience": {"mean": "2 min"}}},
    "teams": {
        "desk": {
            "people": 4,
            "roster": {"day": "100 %"},
            "pay": {"wage": "20 / h", "on_top": "25 %", "premium": {"18:00-20:00": "50 %"}},
        },
    },
    "roles": {"leader": {"count": 1, "pay": {"salary": "52 000 / year"}}},
    "routing": {"orders": ["desk"]},
    "shifts": {"day": {"days": "daily", "from": "08:00", "to": "20:00"}},
    "costs": {"seat": "100 / month", "phone_minute": 0.01, "overhead": "10 %"},
    "designs": {"more": {"teams": {"desk": {"people": 6}}}},
}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(all_from_dict(DESK), replications=4, workers=1)


def test_the_kinds_are_those_that_make_the_total(comparison: Comparison) -> None:
    """A kind that the catalogue adds without saying that it is a part of the total shows here."""
    for result in comparison.results.values():
        parts = [result[f"cost.{kind}"].value or 0.0 for kind in KINDS if f"cost.{kind}" in result]
        assert sum(parts) == pytest.approx(result["cost.total"].value)
    money = {m.name for m in MEASURES if m.unit == "money" and m.scopes == ("cost",)}
    apart = {m.name for m in MEASURES if m.kind == "total" and not m.part_of} & money
    assert "total" in apart and "value_lost" in apart
    assert set(KINDS) <= money - apart


def test_a_table_is_the_measures_of_a_year(comparison: Comparison) -> None:
    found = cost_table(comparison)
    assert found is not None
    factor = year_factor(comparison.scenario)
    assert found.kinds[0] == "pay" and found.kinds[-1] == OTHER  # phone minutes, overtime
    for (name, amounts), total in zip(found.amounts, found.totals, strict=True):
        result = comparison.results[name]
        for kind, amount in zip(found.kinds[:-1], amounts, strict=False):
            assert amount == pytest.approx((result[f"cost.{kind}"].value or 0) * factor)
        assert sum(amounts) == pytest.approx(total.value)
        assert total.value == pytest.approx((result["cost.total"].value or 0) * factor)


def test_what_is_sold_beside_is_taken_off_where_every_design_sells() -> None:
    sells = {**DESK, "designs": {"more": {"contacts.orders.upsell.share": "40 %"}}}
    orders = {**DESK["contacts"]["orders"], "upsell": {"share": "10 %", "value": 50}}
    found = compare(
        all_from_dict({**sells, "contacts": {"orders": orders}}),
        replications=4,
        workers=1,
    )
    shown, factor = cost_table(found), year_factor(found.scenario)
    assert shown is not None and shown.change is not None and shown.net
    assert shown.kinds[-1] == REVENUE
    for (name, amounts), total in zip(shown.amounts, shown.totals, strict=True):
        earned = (found[name]["revenue.upselling"].value or 0.0) * factor
        assert amounts[-1] == pytest.approx(-earned) and earned > 0
        assert total.value == pytest.approx((found[name]["cost.net"].value or 0) * factor)
        assert sum(amounts) == pytest.approx(total.value)
    assert shown.change.kind == REVENUE
    trade = trade_off_table(found)
    assert trade is not None and trade.net
    for name, _, cost in trade.points:
        assert cost.value == pytest.approx((found[name]["cost.net"].value or 0) * factor)
    (axes,) = trade_off_figure(trade).axes
    assert axes.get_xlabel().startswith("cost less revenue, a year")
    difference = found.difference("more", "cost.net").estimate.value or 0.0
    ((_, _, change_),) = trade.changes
    assert change_.difference.value == pytest.approx(difference * factor)


def test_the_title_is_the_paired_difference(comparison: Comparison) -> None:
    found = cost_table(comparison)
    assert found is not None and found.change is not None
    assert (found.change.design, found.change.kind) == ("more", "pay")
    # two people more, of 48 hours a week each (12 hours, four of seven days) or so, at 20 an hour
    title = cost_finding(found)
    assert title.startswith("More costs ") and " more a year than base" in title
    assert title.endswith(" % of it pay")


def test_without_prices_there_is_no_picture() -> None:
    free = {k: v for k, v in DESK.items() if k not in ("costs", "roles", "designs", "currency")}
    free["teams"] = {"desk": {"people": 4, "roster": {"day": "100 %"}}}
    assert cost_table(run(from_dict(free), replications=1, workers=1)) is None


def test_words_of_kinds() -> None:
    assert kind_words("on_costs") == "on-costs"
    assert kind_words("roles") == "leads and support"
