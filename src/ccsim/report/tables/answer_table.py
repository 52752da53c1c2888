"""The answer table: which rows are shown, and each measure rounded for all designs at once.

About a dozen rows, chosen by rule from the channels, targets and expectations of the scenario;
`full_table` shows every measure. Attempts and customers are never mixed in one row. Estimates come
by design and key: `estimates[design][key]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ccsim.experiment.results.targets import targets
from ccsim.measures.catalogue import known_measures
from ccsim.report.tables.rows import (
    CUT_MEASURES,
    Estimates,
    Scenarios,
    answer_keys,
    channels_of,
    known_keys,
)
from ccsim.report.tables.text_table import Cell, Row, Table
from ccsim.report.words.labels import label_of, short_label
from ccsim.report.words.names import design_label, lower_first, place_of, sentence_case
from ccsim.report.words.rounding import Scale, duration, number, spread
from ccsim.report.words.units import INPUT, Unit, labelled, scaled_row, unit_of
from ccsim.report.words.verdicts import (
    DesignTargets,
    Status,
    TargetResult,
    status_from,
    status_of,
    worst,
)
from ccsim.scenario.side_lines import consulting_roles
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.experiment.results.expectations import Judgement
    from ccsim.scenario.schema import Expectation, Scenario

Judgements = Mapping[str, Sequence["Judgement"]]  # by design, in the order of its `expect`


def design_names(scenarios: Scenarios, base: str | None) -> tuple[str, ...]:
    """Names over the columns; the base is marked where there is something to compare."""
    if len(scenarios) == 1:
        return tuple(
            "result" if name == "base" == label else label
            for name, label in labels_of(scenarios).items()
        )
    return tuple(
        f"{label} (base)" if name == base and label != "base" else label
        for name, label in labels_of(scenarios).items()
    )


def labels_of(scenarios: Scenarios) -> dict[str, str]:
    """What each design is called."""
    return {name: design_label(name, scenario) for name, scenario in scenarios.items()}


def answer_table(
    scenarios: Scenarios,
    estimates: Estimates,
    base: str | None,
    judged: Judgements | None = None,
    deciding: Estimates | None = None,
) -> Table:
    """The answer: about a dozen rows, a column a design, targets beside what was reached.

    `deciding` holds what has a target with the intervals that decide about it, where these are
    others than those shown.
    """
    judged = judged or {}
    rows = [
        _row(
            key,
            label_of(key, _knowing(key, scenarios)),
            scenarios,
            estimates,
            judged=judged,
            deciding=deciding,
        )
        for key in answer_keys(scenarios, estimates)
    ]
    return Table(design_names(scenarios, base), (*rows, *_rows_over_time(scenarios, judged)))


def _expected(
    key: str, scenarios: Scenarios, judged: Judgements, unit: Unit, scale: Scale
) -> tuple[str, dict[str, Status]]:
    """What `expect` asks of a measure for the whole horizon, and how each design stands with it."""
    words: dict[str, None] = {}
    statuses: dict[str, Status] = {}
    for design, judgements in judged.items():
        for each in judgements:
            if each.expectation.measure == key and each.expectation.over is None:
                statuses[design] = worst([statuses.get(design), status_from(each.status)])
                words[bound_words(each.expectation, scenarios[design], unit, scale)] = None
    return ", ".join(words), statuses


def _rows_over_time(scenarios: Scenarios, judged: Judgements) -> list[Row]:
    """One row for each expectation over days, weeks or intervals."""
    found: dict[str, dict[str, Judgement]] = {}
    for design, judgements in judged.items():
        for each in judgements:
            if each.expectation.over is not None:
                words = over_words(each.expectation, scenarios[design])
                found.setdefault(words, {})[design] = each
    rows = []
    for label, by_design in found.items():
        expected = next(iter(by_design.values())).expectation
        key, scenario = expected.measure, _first(scenarios)
        unit = Unit("share") if expected.in_ is not None else unit_of(key, scenario, yearly=False)
        given = [by_design[name].estimate if name in by_design else None for name in scenarios]
        scale, shown = scaled_row(unit, given)
        cells = tuple(
            cell_of(
                estimate,
                scale,
                status_from(by_design[name].status) if name in by_design else None,
            )
            for estimate, name in zip(shown, scenarios, strict=True)
        )
        target = f"{expected.in_ * 100:g} %" if expected.in_ is not None else "each"
        rows.append(Row(label, cells, target, key))
    return rows


def bound_words(
    expected: Expectation, scenario: Scenario, unit: Unit, scale: Scale, *, signed: bool = False
) -> str:
    """The bound in the unit of its row: `80 %`, `at most 2 min`, `at most 1 450`. A lower bound of
    a share says `at least` where `signed`."""
    from ccsim.experiment.results.expectations import bounds

    words = []
    for bound, of_row, sign in zip(
        (expected.at_least, expected.at_most),
        bounds(expected, scenario.calendar),
        ("at least", "at most"),
        strict=True,
    ):
        if bound is None or of_row is None:
            continue
        if expected.unit == "share":
            text = f"{bound * 100:g} %"
            words.append(text if sign == "at least" and not signed else f"{sign} {text}")
        elif expected.unit == "duration":
            words.append(f"{sign} {duration(bound)}")
        else:
            shown = of_row * unit.factor * scale.factor
            decimals = 0 if shown == round(shown) else max(scale.decimals, 1)
            words.append(f"{sign} {number(shown, decimals)}")
    return ", ".join(words)


def over_words(expected: Expectation, scenario: Scenario) -> str:
    """`Days with calls abandoned at most 5 %`, `Each day: calls answered within 20 s at least
    80 %`."""
    unit = unit_of(expected.measure, scenario, yearly=False)
    bound = bound_words(expected, scenario, unit, Scale(1.0, ""), signed=True)
    label = label_of(expected.measure, scenario)
    what = f"{lower_first(label)} {bound}"
    if expected.in_ is None:
        return f"Each {expected.over}: {what}"
    return f"{sentence_case(str(expected.over))}s with {what}"


def full_table(
    scenarios: Scenarios, estimates: Estimates, base: str | None, deciding: Estimates | None = None
) -> Table:
    """Every measure by its key, as it is: costs for the measured days, not for a year."""
    rows = tuple(
        _row(key, key, scenarios, estimates, yearly=False, deciding=deciding)
        for key in known_keys(scenarios)
    )
    return Table(design_names(scenarios, base), rows)


def cut_table(
    scenarios: Scenarios,
    estimates: Estimates,
    base: str | None,
    by: str,
    deciding: Estimates | None = None,
) -> Table:
    """The main measures of every team, contact type or channel."""
    known = known_keys(scenarios)
    if by == "team":
        scopes = list(
            dict.fromkeys(t for s in scenarios.values() for t in (*s.teams, *consulting_roles(s)))
        )
    elif by == "type":
        scopes = list(dict.fromkeys(t for s in scenarios.values() for t in s.contacts))
    else:
        scopes = channels_of(scenarios, known)
    rows = []
    for scope in scopes:
        for name in CUT_MEASURES[by]:
            key = f"{scope}.{name}"
            if key in known:
                where = sentence_case(place_of(scope, _with(scope, scenarios)))
                label = f"{where}: {short_label(key)}"
                rows.append(_row(key, label, scenarios, estimates, deciding=deciding))
    return Table(design_names(scenarios, base), tuple(rows))


def targets_of(table: Table, designs: Sequence[str]) -> list[DesignTargets]:
    """How each column stands with the targets of the table's rows, in their words."""
    return [
        DesignTargets(
            design,
            tuple(
                TargetResult(lower_first(row.label.removesuffix(f" {INPUT}")), status)
                for row in table.rows
                if (status := row.cells[index].status) is not None
            ),
        )
        for index, design in enumerate(designs)
    ]


def _row(
    key: str,
    label: str,
    scenarios: Scenarios,
    estimates: Estimates,
    *,
    yearly: bool = True,
    judged: Judgements | None = None,
    deciding: Estimates | None = None,
) -> Row:
    scenario = _first(scenarios)
    unit = unit_of(key, scenario, yearly=yearly)
    scale, shown = scaled_row(unit, [estimates[name].get(key) for name in scenarios])
    asked, statuses = _expected(key, scenarios, judged or {}, unit, scale)
    cells = tuple(
        cell_of(
            estimate,
            scale,
            _either(
                statuses.get(name),
                target_status(key, design, (deciding or estimates)[name].get(key)),
            ),
        )
        for estimate, (name, design) in zip(shown, scenarios.items(), strict=True)
    )
    target = target_words(key, scenario)
    if asked and asked != target:  # a lower `expect` bound does not make the target met
        target = f"{target}, expected {asked}" if target else asked
    return Row(labelled(label, scale, key), cells, target, key)


def _either(*statuses: Status | None) -> Status | None:
    """The worst status of those that there are."""
    given = [status for status in statuses if status is not None]
    return worst(given) if given else None


def cell_of(estimate: Estimate, scale: Scale, status: Status | None = None) -> Cell:
    """Value and spread of one estimate in the row's scale."""
    value = scale.text(estimate.value)
    if scale.unit == "%" and estimate.value is not None:
        value += " %"
    return Cell(value, spread(estimate, scale), status)


def target_status(key: str, scenario: Scenario, estimate: Estimate | None) -> Status | None:
    """How the estimate stands against its target; None where there is none."""
    target = target_of_key(key, scenario)
    if target is None or estimate is None:
        return None
    return status_of(estimate, at_least=target)


def target_of_key(key: str, scenario: Scenario) -> float | None:
    """The target of a measure; None where it has none."""
    return targets(scenario).get(key)


def target_words(key: str, scenario: Scenario) -> str:
    """What stands in the column of targets: `80 %`."""
    target = target_of_key(key, scenario)
    return "" if target is None else f"{target * 100:g} %"


def _with(scope: str, scenarios: Scenarios) -> Scenario:
    """The first scenario that has the team, type or channel, else the first."""
    having = [
        scenario
        for scenario in scenarios.values()
        if scope in (*scenario.teams, *scenario.roles, *scenario.contacts, *scenario.channels)
    ]
    return having[0] if having else _first(scenarios)


def _knowing(key: str, scenarios: Scenarios) -> Scenario:
    """The first scenario that has a measure, else the first."""
    return next((s for s in scenarios.values() if key in known_measures(s)), _first(scenarios))


def _first(scenarios: Scenarios) -> Scenario:
    return next(iter(scenarios.values()))
