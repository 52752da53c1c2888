"""What would turn a verdict first: found where formulas or another way to the same design say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ccsim.experiment import Comparison, compare
from ccsim.experiment.execution.reversal import Statement, Turning
from ccsim.experiment.studies.assumptions import ByPercent, assumptions
from ccsim.experiment.studies.reversal_search import stands, what_would_turn
from ccsim.scenario.drawn import changed, stated_share
from ccsim.scenario.resolve import Design, load, to_plain

WAGES = Path(__file__).parent / "wages.yaml"
KEY = "phone.service_level"


@pytest.fixture(scope="module")
def wages() -> Comparison:
    return compare(WAGES, workers=1)


@pytest.fixture(scope="module")
def decided(desk_file: Path) -> Comparison:
    return compare(desk_file, replications=40, workers=1)


@pytest.fixture(scope="module")
def turning(decided: Comparison) -> Turning:
    return what_would_turn(decided, replications=20, workers=1)


def at(desk_file: Path, setting: str) -> Comparison:
    return compare(desk_file, replications=20, workers=1, set=[setting])


def test_the_wage_at_which_helpers_cost_more_is_found(wages: Comparison) -> None:
    # 160 + 2 w against 200 an hour: at 20. Of 32 steps from 18 to 30 the sixth is the first above.
    found = what_would_turn(wages, workers=1)
    assert found.stated
    assert found.first is not None
    assert found.first.assumption == "teams.helpers.pay.wage"
    assert found.first.at == "20.25 / h"
    assert found.first.share == pytest.approx(6 / 32)
    assert found.first.otherwise == (Statement("cost", "helped", "less", "cost.total"),)
    assert (found.first.holds_at, found.first.turned_at) == ("19.875 / h", "20.25 / h")
    assert [each.turns for each in found.tried] == [False, True]  # to 10 an hour, to 30 an hour
    assert [each.limit for each in found.tried] == ["10 / h", "30 / h"]


def test_what_is_sold_beside_decides_with_the_cost() -> None:
    """Helpers at 25 an hour cost 2 x 5 x 10 h = 100 a day more, and sell for about 10 % of 100 x 29
    more: with revenue taken off they cost less, at any wage of the range (at 30 still 90 less)."""
    sold = [
        "teams.helpers.pay.wage=25 / h",
        "contacts.orders.upsell={share: 10 %, value: 1}",
        "designs.helped.contacts.orders.upsell.value=30",
    ]
    found = compare(WAGES, workers=1, replications=20, set=sold)
    assert found.difference("helped", "cost.total").estimate.low > 0  # type: ignore[operator]
    stand = stands(found)["cost", "helped"]
    assert (stand.measure, stand.figure, stand.sure) == ("cost.net", -1, -1)
    turning = what_would_turn(found, workers=1)
    assert Statement("cost", "helped", "less", "cost.net") in turning.said
    assert all(each.kind != "cost" for each in turning.first.otherwise) if turning.first else True


def test_the_crossing_is_where_the_option_set_says(
    desk_file: Path, decided: Comparison, turning: Turning
) -> None:
    first = turning.first
    assert first is not None
    assert not turning.stated
    assert turning.replications == 20
    paths = {"volumes": "contacts.*.arrivals.per_day", "handle times": "contacts.*.*.handle"}
    step = int(first.at.strip("+ %"))
    statement = first.otherwise[0]
    assert statement == Statement("targets", "base", "met", KEY)
    level = decided["base"][KEY].value
    assert level is not None and level >= 0.8
    before = at(desk_file, f"{paths[first.assumption]}=+{step - 1} %")["base"][KEY].value
    there = at(desk_file, f"{paths[first.assumption]}=+{step} %")["base"][KEY].value
    assert before is not None and there is not None
    assert there < 0.8 <= before


def test_nothing_turns_it_before_the_first(turning: Turning) -> None:
    assert turning.first is not None
    for each in turning.tried:
        assert each.share is None or each.share >= turning.first.share
        assert (each.share is not None) <= each.turns
    assert {each.assumption for each in turning.tried} == {"volumes", "handle times", "patience"}


def test_what_is_not_sure_cannot_turn(comparison: Comparison, turning: Turning) -> None:
    assert turning_said(turning) == {
        ("targets", "base"): "met",
        ("targets", "larger"): "met",
        ("service", "larger"): "more",
        ("cost", "larger"): "more",
    }
    same = compare(
        {"base": comparison.designs["base"], "twin": replace(comparison.designs["base"])},
        replications=2,
        workers=1,
    )
    undecided = replace(same, results={
        name: replace(result, design=_without_promises(result.design))
        for name, result in same.results.items()
    })  # fmt: skip
    found = what_would_turn(undecided)
    assert (found.said, found.first, found.points) == ((), None, 0)


def turning_said(found: Turning) -> dict[tuple[str, str], str]:
    return {(each.kind, each.design): each.was for each in found.said}


def _without_promises(design: Design) -> Design:
    scenario = design.scenario
    channels = {k: block.model_copy(update={"target": None}) for k, block in
                scenario.channels.items()}  # fmt: skip
    bare = scenario.model_copy(update={"channels": channels, "expect": ()})
    return replace(design, scenario=bare)


def test_a_missed_promise_stands_against_the_design(desk_file: Path) -> None:
    strict = compare(desk_file, workers=1, set=["channels.phone.target=99 %"])
    stand = stands(strict)["targets", "base"]
    assert (stand.figure, stand.sure, stand.measure) == (-1, -1, KEY)


def test_a_search_that_is_stopped_says_what_it_knows(comparison: Comparison) -> None:
    def interrupt(point: int, _what: str) -> None:
        if point == 2:
            raise KeyboardInterrupt

    found = what_would_turn(comparison, workers=1, watching=interrupt)
    assert found.stopped
    assert found.points == 2
    assert [each.assumption for each in found.tried] == ["volumes", "volumes"]


def test_it_stands_in_the_json(comparison: Comparison, turning: Turning) -> None:
    assert "turning" not in comparison.to_json()
    told = json.loads(json.dumps(replace(comparison, turning=turning).to_json()))["turning"]
    assert told["first"]["assumption"] == turning.first.assumption  # type: ignore[union-attr]
    assert told["points"] == turning.points


# --- what is moved --------------------------------------------------------------------------------


def test_planners_assumptions_are_those_that_change_anything(desk_file: Path) -> None:
    def names(settings: Sequence[str] = ()) -> list[str]:
        own, moves = assumptions({"base": load(desk_file, settings=settings)})
        assert not own
        return [f"{move.name} {move.written(move.steps)}" for move in moves]

    both = [f"{name} {sign}30 %" for name in ("volumes", "handle times", "patience")
            for sign in "+-"]  # fmt: skip
    assert names() == both
    sick = "teams.desk.shrinkage={sick: 5 % of days}"
    assert names([sick]) == [*both, "absence +30 %", "absence -30 %"]


def test_a_percentage_moves_means_and_leaves_the_rest(desk_file: Path) -> None:
    design = load(desk_file)
    before = to_plain(design)
    move = ByPercent("handle times", ("contacts.*.*.handle", "contacts.*.stages.*.handle"), "+")
    after = to_plain(move.designs({"base": design}, 10)["base"])
    assert before["contacts"]["orders"]["phone"]["handle"]["mean"] == "4 min"
    assert after["contacts"]["orders"]["phone"]["handle"]["mean"] == "4.4 min"
    assert after["contacts"]["orders"]["email"]["handle"]["mean"] == "6.6 min"
    for plain in (before, after):
        for channel in ("phone", "email"):
            plain["contacts"]["orders"][channel]["handle"].pop("mean")
    assert after == before


def test_a_path_that_leads_nowhere_changes_nothing(desk_file: Path) -> None:
    design = load(desk_file)
    assert changed(design, {"teams.*.shrinkage.sick": "+10 %"}).scenario == design.scenario


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("{by: [-10 %, +30 %], source: x}", 0.25),
        ("{by: [-10 %, +0 %, +30 %], source: x}", 0.25),
        ("{range: [10 / h, 30 / h], source: x}", 0.4),
        ("{range: [10 / h, 26 / h, 30 / h], source: x}", 64 / 320),
        ("{range: [10 / h, 14 / h, 30 / h], source: x}", 1 - 144 / 320),
        ("{range: [18 / h, 30 / h], source: x}", 0.0),
    ],
)
def test_the_share_of_draws_below_what_is_stated(line: str, share: float) -> None:
    # uniform, and the triangular distribution function on either side of its top
    design = load(
        WAGES, "helped", settings=[f"uncertain={{only: {{teams.helpers.pay.wage: {line}}}}}"]
    )
    assert stated_share(design, "teams.helpers.pay.wage") == pytest.approx(share)
