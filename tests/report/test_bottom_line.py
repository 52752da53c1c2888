"""The bottom line: only what is sure, nothing that gets worse left out, and no praise for a closed
door. Which design is cheaper, or misses, is known from how the designs are made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import ccsim
from ccsim.experiment.execution.result import Comparison
from ccsim.experiment.execution.run import compare
from ccsim.report.tables.answer_table import answer_table, targets_of
from ccsim.report.text.answer import answer
from ccsim.report.text.bottom_line import bottom_line
from ccsim.report.text.decision import Decision
from ccsim.report.words.verdicts import DesignTargets, Status, TargetResult
from ccsim.scenario.resolve import all_from_dict

DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "currency": "EUR",
    "calendar": {"start": "2027-03-01", "days": 7},
    "contacts": {
        "orders": {
            "arrivals": {"per_day": 200, "shape": "flat"},
            "phone": {"handle": {"family": "exponential", "mean": "3 min"}},
            "resolved": "90 %",
            "again": {"share": "50 %", "delay": "20 h", "at_most": 1},
        }
    },
    "channels": {
        "phone": {
            "answer_within": "20 s",
            "target": "80 %",
            "patience": {"family": "exponential", "mean": "2 min"},
        }
    },
    "opens": {"phone": {"daily": "08:00-20:00"}},
    "shifts": {"day": {"days": "daily", "from": "08:00", "to": "20:00"}},
    "teams": {
        "desk": {
            "roster": {"day": 3},
            "hands": {"phone": "alone"},
            "pay": {"wage": "20 / h"},
        }
    },
    "routing": {"orders": ["desk"]},
}


def people(count: int) -> dict[str, Any]:
    return {"teams": {"desk": {"roster": {"day": count}}}}


DESIGNS: dict[str, Any] = {
    "plenty": people(5),
    "too_few": people(1),
    "two_hours": {
        "opens": {"phone": {"daily": "08:00-10:00"}},
        "shifts": {"day": {"from": "08:00", "to": "10:00"}},
    },
}


def compared(*names: str, replications: int = 60, **base: Any) -> Comparison:
    designs = {name: DESIGNS[name] for name in names}
    return played({**DESK, **base, "designs": designs}, replications)


def played(scenario: dict[str, Any], replications: int = 60) -> Comparison:
    found = compare(all_from_dict(scenario), replications=replications, workers=1)
    assert isinstance(found, Comparison)
    return found


def shown(found: Comparison) -> tuple[str, str]:
    """The bottom line and the verdict."""
    made = answer(found)
    return " ".join(made.bottom_line), " ".join(made.verdict)


def test_a_desk_that_opens_two_hours_is_not_praised() -> None:
    found = compared("plenty", "too_few", "two_hours")
    first, verdict = shown(found)
    alone = found.results["two_hours"]
    assert alone["phone.service_level"].value > 0.9  # type: ignore[operator]
    closed = alone["phone.closed"].value
    assert closed is not None and closed > 0.8
    assert first.startswith("Bottom line: base is the cheapest design that meets all targets.")
    assert "two_hours is left out: its targets count only who comes while it is open" in first
    assert f"{100 * closed:.0f} % of calls find it closed (" in first
    row = next(r for r in answer(found).tables[0].rows if r.key == "phone.closed")
    assert row.cells[-1].value == f"{100 * closed:.1f} %"
    said = verdict[verdict.index("two_hours compared with base: worse: ") :]
    assert "more calls that found it closed" in said.split("better")[0]
    assert "Targets count only who comes while it is open" in verdict


def test_a_single_design_that_is_mostly_closed_says_so() -> None:
    opens = {"opens": {"phone": {"daily": "08:00-10:00"}}}
    shifts = {"shifts": {"day": {"days": "daily", "from": "08:00", "to": "10:00"}}}
    design = all_from_dict({**DESK, **opens, **shifts})["base"]
    met, closed = answer(ccsim.run(design, replications=10, workers=1)).verdict
    assert met == "Every target is met."
    assert closed.startswith("Targets count only who comes while it is open: 9")


def test_the_cheapest_names_what_gets_worse_with_it() -> None:
    """From the side of the larger desk: fewer people cost less, and serve worse."""
    five = {"desk": {**DESK["teams"]["desk"], "roster": {"day": 5}}}
    first, _ = shown(played({**DESK, "teams": five, "designs": {"fewer": people(3)}}))
    assert first.startswith("Bottom line: fewer is the cheapest design that meets all targets.")
    assert "Against base: costs" in first and "EUR less a year" in first
    assert "what gets worse: " in first and "fewer calls answered within 20 s" in first


def test_no_bottom_line_below_fifty_replications() -> None:
    assert shown(compared("plenty", replications=20))[0] == (
        "No bottom line yet: 20 replications of the 50 that a decision needs (-n 50)."
    )


def test_without_a_target_there_is_none() -> None:
    phone = {"phone": {"patience": DESK["channels"]["phone"]["patience"]}}
    found = compared("plenty", replications=50, channels=phone)
    assert shown(found)[0].startswith("No bottom line: no target is set")


@pytest.fixture(scope="module")
def two() -> Comparison:
    return compared("plenty")


@pytest.mark.parametrize(
    ("statuses", "starts"),
    [
        ("MM", "base is the cheapest design that meets all targets."),
        ("MX", "base is the only design that meets all targets."),
        ("XM", "plenty is the only design that meets all targets."),
        ("MC", "base is the cheapest design that meets all targets."),  # plenty is dearer
        ("CM", "plenty is the only design that surely meets all targets; too close to call: base"),
        ("CC", "no design surely meets all targets; too close to call: base and plenty"),
        ("CX", "no design surely meets all targets; too close to call: base"),
        ("XX", "no design meets all targets."),
    ],
)
def test_every_way_in_which_two_designs_can_stand(
    statuses: str, starts: str, two: Comparison
) -> None:
    word = {"M": Status.MET, "X": Status.MISSED, "C": Status.CLOSE}
    stand = {
        name: DesignTargets(name, (TargetResult("calls answered within 20 s", word[letter]),))
        for name, letter in zip(two.results, statuses, strict=True)
    }
    assert bottom_line(Decision(two), stand)[0].startswith(f"Bottom line: {starts}")


def test_equal_designs_are_not_ranked() -> None:
    """The same desk under two names: neither is called cheaper, better or worse."""
    first, verdict = shown(played({**DESK, "designs": {"twin": {"about": "the same"}}}, 50))
    assert first.startswith(
        "Bottom line: base and twin meet all targets; cost practically the same"
    )
    assert "worse" not in verdict and "better" not in verdict


def test_all_that_is_stated_holds_together(two: Comparison) -> None:
    """Half of the 5 % goes to the marks, half to the differences, shared out over all of them."""
    decision = Decision(two)
    statements = len(decision.keys) + len(decision.money)  # one pair of designs
    assert decision.level == pytest.approx(1 - 0.025 / statements)
    stated = decision.difference("plenty", "base", "phone.service_level")
    assert stated.level == pytest.approx(decision.level)
    marks = [each for by_key in two.promised.values() for each in by_key.values()]
    assert {each.level for each in marks} == {1 - 0.025 / 2}


def test_a_design_without_a_channel_is_left_out() -> None:
    orders = {
        **DESK["contacts"]["orders"],
        "arrivals": {"per_day": 200, "by_channel": {"phone": "80 %", "email": "rest"}},
        "email": {"handle": "3 min"},
    }
    mail = {"answer_within": "8 h", "target": "80 %"}
    hands = {"phone": "alone", "email": "in gaps"}
    found = compared(
        "plenty",
        replications=50,
        contacts={"orders": orders},
        channels={**DESK["channels"], "email": mail},
        teams={"desk": {**DESK["teams"]["desk"], "hands": hands}},
    )
    plenty = found.results["plenty"]
    channels = {n: b for n, b in plenty.scenario.channels.items() if n != "email"}
    scenario = plenty.scenario.model_copy(update={"channels": channels})
    changed = replace(plenty, design=replace(plenty.design, scenario=scenario))
    decision = Decision(replace(found, results={**found.results, "plenty": changed}))
    assert decision.not_offered("plenty") == ["email"]
    assert decision.not_offered("base") == []


def test_the_stand_of_designs_is_that_of_the_table(two: Comparison) -> None:
    table = answer_table(two.scenarios, two.results, "base", two.judged, two.promised)
    for stand, index in zip(targets_of(table, ["base", "plenty"]), (0, 1), strict=True):
        marks = [row.cells[index].status for row in table.rows if row.cells[index].status]
        assert [each.status for each in stand.targets] == marks
