"""Which assumption would reverse the verdict first, in sentences no stronger than the search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ccsim.experiment.results.headline import NET
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import (
    contacts_of,
    design_label,
    joined,
    lower_first,
    path_words,
    sentence_case,
)
from ccsim.report.words.rounding import number

if TYPE_CHECKING:
    from ccsim.experiment.execution.result import Comparison
    from ccsim.experiment.execution.reversal import Statement, Turn, Turning
    from ccsim.scenario.schema import Scenario

MOVED = {  # of the assumptions that are always tried: up, down
    "volumes": ("volumes were {} higher", "volumes were {} lower"),
    "handle times": ("handle times were {} longer", "handle times were {} shorter"),
    "patience": ("customers were {} more patient", "customers were {} less patient"),
    "absence": ("absence were {} higher", "absence were {} lower"),
}


def turning_words(comparison: Comparison) -> list[str]:
    """Which assumption would reverse the verdict first, how sure that is, and which would not."""
    found = comparison.turning
    if found is None:
        return []
    if not found.said:
        return ["Nothing is decided yet that a wrong assumption could reverse."]
    words = (
        [_nothing(comparison, found)]
        if found.first is None
        else [*_first(comparison, found, found.first)]
    )
    if found.stopped:
        words.append(
            "The search was stopped early: an assumption not yet tried may reverse it sooner."
        )
    return words


def _first(comparison: Comparison, found: Turning, first: Turn) -> Iterator[str]:
    then = joined([_otherwise(comparison, each) for each in first.otherwise])
    moved = _moved(comparison.scenario, first.assumption, first.at)
    yield f"What would reverse this first: if {moved}, {then}."
    edges = []
    if first.holds_at is not None:
        edges.append(f"all of it surely holds at {_by(first.holds_at)}")
    if first.turned_at is not None:
        edges.append(f"it is surely reversed at {_by(first.turned_at)}")
    size = number(found.replications, 0)
    limits = joined(edges) if edges else "exactly where is too close to call"
    yield f"({size} replications of each of {found.points} points: {limits}.)"
    later = _names(comparison, found, turning=True, besides=first.assumption)
    never = _names(comparison, found, turning=False, besides=first.assumption)
    if later:
        yield f"{sentence_case(joined(later))} would reverse it too, but no sooner."
    if never:
        yield f"{sentence_case(joined(never))} {_would(never)} not reverse it {_within(found)}."


def _nothing(comparison: Comparison, found: Turning) -> str:
    names = _names(comparison, found, turning=False)
    if not names:
        return "There is no assumption that could be moved to see what would reverse it."
    return f"{sentence_case(joined(names, 'or'))} alone would not reverse it {_within(found)}."


def _would(names: list[str]) -> str:
    return "alone would" if len(names) == 1 else "would each alone"


def _within(found: Turning) -> str:
    if found.stated:
        return "anywhere in the range given in the scenario"
    return f"within {found.tried[0].limit.lstrip('+-')} either way"


def _names(
    comparison: Comparison, found: Turning, *, turning: bool, besides: str = ""
) -> list[str]:
    """The assumptions that reverse the verdict within their limits, or (not `turning`) do not."""
    by_name: dict[str, bool] = {}
    for each in found.tried:
        by_name[each.assumption] = by_name.get(each.assumption, False) or each.turns
    return [
        path_words(name, comparison.scenario)
        for name, turns in by_name.items()
        if turns == turning and name != besides
    ]


def _moved(scenario: Scenario, assumption: str, at: str) -> str:
    """`volumes were 12 % higher`, `patience (phone) were 95 s`."""
    if assumption in MOVED:
        return MOVED[assumption][at.startswith("-")].format(at.lstrip("+-"))
    name = path_words(assumption, scenario)
    if at[0] in "+-":
        return f"{name} were {at.lstrip('+-')} {'lower' if at[0] == '-' else 'higher'}"
    return f"{name} were {at}"


def _by(at: str) -> str:
    return at.lstrip("+-") if at.endswith("%") else at


def _otherwise(comparison: Comparison, each: Statement) -> str:
    """What changes then: `pooled would miss a target (calls answered within 20 s)`."""
    scenario = comparison.results[each.design].scenario

    def name_of(design: str) -> str:
        return design_label(design, comparison.scenarios[design])

    if each.kind == "targets":
        if each.was == "missed":
            return f"{name_of(each.design)} would meet all targets"
        label = label_of(each.measure, scenario)
        return f"{name_of(each.design)} would miss a target ({lower_first(label)})"
    if each.kind == "cost":
        much = "less" if each.was == "more" else "more"
        said = f"{name_of(each.design)} would cost {much} than {name_of(comparison.against)}"
        return f"{said} after revenue" if each.measure == NET else said
    scope, _, name = each.measure.rpartition(".")
    if name == "service_level":
        much = "fewer" if each.was == "more" else "more"
        what = f"{much} {lower_first(label_of(each.measure, scenario))}"
    else:
        waits = "shorter" if each.was == "more" else "longer"
        what = f"{waits} waits of {contacts_of(scope, scenario)}"
    return f"{name_of(each.design)} would have {what} than {name_of(comparison.against)}"
