"""Which rows are shown, by rule; labels, units and marks."""

from __future__ import annotations

from ccsim.experiment.results.expectations import Judgement
from ccsim.measures.catalogue import describe, known_measures
from ccsim.report.tables.answer_table import answer_table, cut_table, full_table, targets_of
from ccsim.report.tables.rows import UNSERVED, answer_keys
from ccsim.report.tables.text_table import Row
from ccsim.report.words.verdicts import Status
from ccsim.scenario.schema import Penalty, Scenario, Upsell
from ccsim.statistics.estimate import Estimate
from ccsim.statistics.verdict import TargetStatus
from tests.report.desks import DESK, desk
from tests.report.estimates import around, certain, interval


def every(scenario: Scenario, **given: Estimate) -> dict[str, Estimate]:
    """An estimate for every key, some of them given (dots written as __)."""
    plain = {
        "share": around(0.85, 0.008),
        "money": around(41_000.0, 40.0),
        "s": around(30.0, 0.5),
        "people": certain(20),
    }
    found = {
        key: plain.get(describe(key).unit, around(12.0, 0.3)) for key in known_measures(scenario)
    }
    found |= {key: certain(0.0) for key in found if key.rpartition(".")[2] in UNSERVED}
    return found | {name.replace("__", "."): value for name, value in given.items()}


def row_of(rows: tuple[Row, ...], key: str) -> Row:
    return next(row for row in rows if row.key == key)


def test_about_a_dozen_rows_chosen_from_channels_and_targets() -> None:
    scenario = desk()
    keys = answer_keys({"base": scenario}, {"base": every(scenario)})
    assert keys == [
        "all.heads",
        "all.paid_fte",
        "phone.service_level",
        "email.service_level",
        "phone.intervals_kept",
        "phone.speed_of_answer",
        "email.backlog_end",
        "all.abandoned_by_customer",
        "all.escalated",
        "all.first_contact_resolution",
        "all.occupancy_live",
        "cost.total",
        "cost.per_resolved_contact",
    ]


def test_penalties_and_sales_are_shown_where_there_are_any() -> None:
    scenario = desk()
    owed = Penalty.model_validate({"of": "phone", "costs": {"amount": 5.0, "per": "day"}})
    sale = Upsell.model_validate({"share": 0.1, "value": {"amount": 5.0, "per": "contact"}})
    contacts = {
        name: contact.model_copy(update={"upsell": sale})
        for name, contact in scenario.contacts.items()
    }
    costs = scenario.costs.model_copy(update={"penalties": (owed,)})
    scenario = scenario.model_copy(update={"contacts": contacts, "costs": costs})
    keys = answer_keys({"base": scenario}, {"base": every(scenario)})
    assert keys[-3:] == ["cost.penalties", "revenue.upselling", "cost.net"]


def test_rows_that_could_not_be_otherwise_are_left_out() -> None:
    scenario = desk()
    estimates = every(
        scenario,
        all__escalated=interval(0.0, 0.0, 0.001),
        all__first_contact_resolution=certain(1.0),
    )
    keys = answer_keys({"base": scenario}, {"base": estimates})
    assert "all.escalated" not in keys
    assert "all.first_contact_resolution" not in keys


def test_what_is_expected_is_shown() -> None:
    scenario = desk(expect=("phone.wait_p90 <= 2 min",))
    assert "phone.wait_p90" in answer_keys({"base": scenario}, {"base": every(scenario)})


def test_no_money_no_cost_rows() -> None:
    team = {k: v for k, v in DESK["teams"]["frontline"].items() if k != "pay"}
    scenario = desk(teams={"frontline": team}, currency=None)
    keys = answer_keys({"base": scenario}, {"base": every(scenario)})
    assert not [key for key in keys if key.startswith("cost.")]


def test_cells_labels_and_marks() -> None:
    scenario = desk()
    designs = {"tiered": scenario, "pooled": scenario}
    estimates = {
        "tiered": every(scenario, phone__service_level=around(0.784, 0.009)),
        "pooled": every(scenario, phone__service_level=around(0.861, 0.007)),
    }
    table = answer_table(designs, estimates, "tiered")
    assert table.columns == ("tiered (base)", "pooled")
    row = row_of(table.rows, "phone.service_level")
    assert (row.label, row.target) == ("Calls answered within 20 s", "80 %")
    assert [(c.value, c.spread, c.status) for c in row.cells] == [
        ("78.4 %", "±0.9", Status.MISSED),
        ("86.1 %", "±0.7", Status.MET),
    ]
    assert row_of(table.rows, "phone.speed_of_answer").label == "Average wait, answered calls, s"
    assert row_of(table.rows, "all.first_contact_resolution").label == (
        "Customers resolved at first contact (your input)"
    )


def test_cost_is_scaled_to_a_year_of_365_and_a_quarter_days() -> None:
    scenario = desk()  # 7 days: 41 000 x 365.25 / 7 = 2 139 321.4, ±40 x 52.18 = ±2 087
    table = answer_table({"base": scenario}, {"base": every(scenario)}, "base")
    row = row_of(table.rows, "cost.total")
    assert row.label == "Cost a year, thousand UAH"
    assert (row.cells[0].value, row.cells[0].spread) == ("2 139", "±2")


def test_warm_up_is_no_part_of_the_measured_days() -> None:
    calendar = DESK["calendar"] | {"warm_up": "2 d"}  # 5 days: 41 000 x 73.05 = 2 995 050
    scenario = desk(calendar=calendar)
    table = answer_table({"base": scenario}, {"base": every(scenario)}, "base")
    assert row_of(table.rows, "cost.total").cells[0].value == "2 995"


def test_every_measure_is_shown_by_its_key_and_unscaled() -> None:
    scenario = desk()
    table = full_table({"base": scenario}, {"base": every(scenario)}, "base")
    assert tuple(row.key for row in table.rows) == known_measures(scenario)
    assert row_of(table.rows, "cost.total").cells[0].value == "41 000"


def test_a_design_without_a_team_shows_nothing_for_it() -> None:
    other = desk(teams={"crew": DESK["teams"]["frontline"]}, routing={"billing": ("crew",)})
    designs = {"tiered": desk(), "pooled": other}
    estimates = {name: every(scenario) for name, scenario in designs.items()}
    table = cut_table(designs, estimates, "tiered", "team")
    values = [cell.value for cell in row_of(table.rows, "frontline.occupancy").cells]
    assert values == ["85.0 %", "–"]


def test_no_contacts_are_shown_as_nothing_and_decide_nothing() -> None:
    scenario = desk()
    estimates = {"base": every(scenario, phone__service_level=interval(None))}
    table = answer_table({"base": scenario}, estimates, "base")
    cell = row_of(table.rows, "phone.service_level").cells[0]
    assert (cell.value, cell.spread, cell.status) == ("–", "", Status.CLOSE)


def test_targets_in_words() -> None:
    scenario = desk()
    estimates = {"base": every(scenario, phone__service_level=around(0.7, 0.01))}
    (found,) = targets_of(answer_table({"base": scenario}, estimates, "base"), ["base"])
    assert [(each.what, each.status) for each in found.targets] == [
        ("calls answered within 20 s", Status.MISSED),
        ("e-mails answered within 4 h", Status.MISSED),
    ]


def judgement(
    scenario: Scenario, index: int, status: TargetStatus, estimate: Estimate
) -> Judgement:
    return Judgement("base", scenario.expect[index], status, estimate)


def test_expectations_mark_their_rows() -> None:
    scenario = desk(
        expect=(
            "phone.wait_p90 <= 2 min",
            {"measure": "phone.abandoned", "at_most": "5 %", "over": "day", "in": "95 %"},
        )
    )
    judged = {
        "base": [
            judgement(scenario, 0, "met", around(100.0, 2.0)),
            judgement(scenario, 1, "too close to call", around(0.94, 0.03)),
        ]
    }
    estimates = {"base": every(scenario, phone__wait_p90=around(100.0, 2.0))}
    table = answer_table({"base": scenario}, estimates, "base", judged)
    row = row_of(table.rows, "phone.wait_p90")
    assert (row.target, row.cells[0].status) == ("at most 2 min", Status.MET)
    row = row_of(table.rows, "phone.abandoned")
    assert row.label == "Days with calls abandoned at most 5 %"
    assert (row.target, row.cells[0].value) == ("95 %", "94 %")
    assert row.cells[0].status is Status.CLOSE


def test_an_expectation_below_the_target_does_not_make_the_target_met() -> None:
    scenario = desk(expect=("phone.service_level >= 60 %",))
    target = scenario.channels["phone"].target
    assert target is not None and target > 0.75
    reached = around(0.70, 0.01)
    judged = {"base": [judgement(scenario, 0, "met", reached)]}
    estimates = {"base": every(scenario, phone__service_level=reached)}
    row = row_of(
        answer_table({"base": scenario}, estimates, "base", judged).rows, "phone.service_level"
    )
    assert (row.target, row.cells[0].status) == (
        f"{target * 100:g} %, expected 60 %",
        Status.MISSED,
    )


def test_a_bound_over_days_says_which_side_it_is_on() -> None:
    asked = {"measure": "phone.service_level", "at_least": "10 %", "over": "day"}
    scenario = desk(expect=(asked,))
    judged = {"base": [judgement(scenario, 0, "met", around(0.7, 0.01))]}
    table = answer_table({"base": scenario}, {"base": every(scenario)}, "base", judged)
    assert table.rows[-1].label == "Each day: calls answered within 20 s at least 10 %"


def test_a_type_with_a_target_of_its_own_is_held_to_it() -> None:
    contacts = {
        "vip": {
            "arrivals": {"per_day": 10},
            "phone": {"handle": "5 min", "answer_within": "10 s", "target": "95 %"},
        }
    }
    scenario = desk(contacts=contacts, routing={"*": ("frontline",)})
    reached = around(0.85, 0.01)  # more than the channel's target, less than its own
    estimates = {"base": every(scenario, vip__phone__service_level=reached)}
    row = row_of(
        answer_table({"base": scenario}, estimates, "base").rows, "vip.phone.service_level"
    )
    assert row.label == "Vip calls answered within 10 s"
    assert (row.target, row.cells[0].status) == ("95 %", Status.MISSED)


def test_paid_time_is_not_said_to_be_that_of_leaders_too() -> None:
    """The row above counts leaders where there are any; paid time never does."""
    scenario = desk(roles={"lead": {"count": 3, "pay": {"wage": "20 / h"}}})
    rows = answer_table({"base": scenario}, {"base": every(scenario)}, "base").rows
    assert [row.key for row in rows[:2]] == ["all.heads_with_roles", "all.paid_fte"]
    assert rows[0].label == "Headcount incl. leads and support"
    assert rows[1].label == "Paid agent FTE"


def test_the_worst_of_two_expectations_of_one_measure_is_shown() -> None:
    scenario = desk(expect=("phone.abandoned >= 1 %", "phone.abandoned <= 5 %"))
    judged = {
        "base": [
            judgement(scenario, 0, "missed", around(0.001, 0.0001)),
            judgement(scenario, 1, "met", around(0.001, 0.0001)),
        ]
    }
    table = answer_table({"base": scenario}, {"base": every(scenario)}, "base", judged)
    assert row_of(table.rows, "phone.abandoned").cells[0].status is Status.MISSED


def test_an_expected_cost_stands_in_the_unit_of_its_row() -> None:
    # 200 000 a month is 200 000 x 12 a year, whatever the number of days
    scenario = desk(expect=("cost.total <= 200 000 / month",))
    judged = {"base": [judgement(scenario, 0, "met", around(41_000.0, 40.0))]}
    table = answer_table({"base": scenario}, {"base": every(scenario)}, "base", judged)
    assert row_of(table.rows, "cost.total").target == "at most 2 400"
