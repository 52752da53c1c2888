"""The answer table: which rows are shown, and each measure rounded for all designs at once.

About a dozen rows, chosen by rule from the channels, targets and expectations of the scenario;
`full_table` shows every measure. Attempts and customers are never mixed in one row. Estimates come
by design and key: `estimates[design][key]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ccsim.experiment.promises import targets
from ccsim.measures.catalogue import known_measures, split_key
from ccsim.report.tables.text_table import Cell, Row, Table
from ccsim.report.words.labels import label_of, short_label
from ccsim.report.words.names import LIVE, design_label, lower_first, place_of, sentence_case
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
    from ccsim.experiment.expectations import Judgement
    from ccsim.scenario.schema import Expectation, Scenario

# How attempts end without an answer beside giving up, and the share from which that has a row.
UNSERVED = ("closed", "blocked", "cut_off")
SHOWN_FROM = 0.01
Estimates = Mapping[str, Mapping[str, Estimate]]
Scenarios = Mapping[str, "Scenario"]
Judgements = Mapping[str, Sequence["Judgement"]]  # by design, in the order of its `expect`

CUT_MEASURES: dict[str, tuple[str, ...]] = {
    "team": (
        "heads",
        "heads_on_duty",
        "paid_fte",
        "contacts_handled",
        "handle_time",
        "occupancy",
        "occupancy_live",
        "overtime_hours",
        "people_cost",
    ),
    "type": (
        "customers",
        "service_level",
        "speed_of_answer",
        "abandoned_by_customer",
        "first_contact_resolution",
        "escalated",
        "agent_time_per_contact",
    ),
    "channel": (
        "attempts",
        "service_level",
        "intervals_kept",
        "worst_day",
        "speed_of_answer",
        "wait_p90",
        "longest_wait",
        "abandoned",
        "backlog_end",
        "handle_time",
    ),
}


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


def answer_keys(scenarios: Scenarios, estimates: Estimates) -> list[str]:
    """The keys of the answer's rows: people, targets, who is not served, outcomes, load, cost."""
    known = _known(scenarios)
    channels = [
        scope for scope in _scopes(known) if any(_has(s, scope) for s in scenarios.values())
    ]
    live = [channel for channel in channels if channel in LIVE]
    written = [channel for channel in channels if channel not in LIVE]
    roles = any(scenario.roles for scenario in scenarios.values())
    keys = ["all.heads_with_roles" if roles else "all.heads", "all.paid_fte"]
    keys += [f"{channel}.service_level" for channel in channels]
    keys += dict.fromkeys(key for s in scenarios.values() for key in targets(s))
    keys += [f"{channel}.intervals_kept" for channel in live[:1]]
    keys += [f"{channel}.speed_of_answer" for channel in live]
    keys += [f"{channel}.backlog_end" for channel in written]
    unserved = [f"{channel}.{name}" for channel in channels for name in UNSERVED]
    keys += [key for key in unserved if _highest(estimates, key) > SHOWN_FROM]
    keys += ["all.abandoned_by_customer", "outbound.answered"]
    keys += ["all.escalated", "all.first_contact_resolution"]
    beside = ("callbacks_kept", "contained")
    keys += [f"{channel}.{name}" for name in beside for channel in channels]
    differing = ["all.repeat_share", *(f"{channel}.callback_wait" for channel in channels)]
    keys += [key for key in differing if _differs(estimates, key)]
    keys += ["all.consult_wait"]
    keys += ["all.occupancy_live" if written and live else "all.occupancy"]
    machines = any(f"{channel}.contained" in known for channel in channels)
    keys += ["cost.total", "cost.per_customer" if machines else "cost.per_resolved_contact"]
    keys += ["cost.penalties"] * any(s.costs.penalties for s in scenarios.values())
    keys += ["revenue.upselling", "cost.net"]
    silent = {"all.escalated": 0.0, "all.first_contact_resolution": 1.0}
    chosen = [
        key
        for key in keys
        if key in known and not (key in silent and _always(estimates, key, silent[key]))
    ]
    expected = [
        each.measure
        for scenario in scenarios.values()
        for each in scenario.expect
        if each.over is None and each.measure in known
    ]
    return list(dict.fromkeys([*chosen, *expected]))


def _highest(estimates: Estimates, key: str) -> float:
    """The largest value of a key over the designs, 0 where none has it."""
    return max(_values(estimates, key), default=0.0)


def _differs(estimates: Estimates, key: str) -> bool:
    """Whether designs differ in a key by enough to be seen: by 1 % of the largest value."""
    values = _values(estimates, key)
    return len(values) > 1 and max(values) - min(values) > 0.01 * max(values)


def _values(estimates: Estimates, key: str) -> list[float]:
    found = [by_key[key].value for by_key in estimates.values() if key in by_key]
    return [value for value in found if value is not None]


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
    from ccsim.experiment.expectations import bounds

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
        for key in _known(scenarios)
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
    known = _known(scenarios)
    if by == "team":
        scopes = list(
            dict.fromkeys(t for s in scenarios.values() for t in (*s.teams, *consulting_roles(s)))
        )
    elif by == "type":
        scopes = list(dict.fromkeys(t for s in scenarios.values() for t in s.contacts))
    else:
        scopes = [
            scope for scope in _scopes(known) if any(_has(s, scope) for s in scenarios.values())
        ]
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


def _known(scenarios: Scenarios) -> tuple[str, ...]:
    keys = dict.fromkeys(k for scenario in scenarios.values() for k in known_measures(scenario))
    return tuple(keys)


def _scopes(known: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(split_key(key)[0] for key in known))


def _has(scenario: Scenario, channel: str) -> bool:
    return (
        any(contact.on(channel) is not None for contact in scenario.contacts.values())
        and channel in scenario.channels
    )


def _always(estimates: Estimates, key: str, value: float) -> bool:
    found = [by_key[key] for by_key in estimates.values() if key in by_key]
    return all(estimate.value == value for estimate in found)
