"""Cost by kind for figures: the kinds are those that the catalogue adds up to the total."""

from __future__ import annotations

from dataclasses import replace

from ccsim.experiment.execution.result import Comparison, Experiment
from ccsim.experiment.results.headline import NET, TOTAL, cost_measure
from ccsim.measures.catalogue import MEASURES
from ccsim.report.curves.shown import CostByKind, CostChange
from ccsim.report.curves.wait_curves import sample_of
from ccsim.report.tables.answer_table import labels_of
from ccsim.report.text.decision import EQUAL_COST
from ccsim.report.words.labels import short_label
from ccsim.report.words.names import sentence_case
from ccsim.report.words.rounding import money_factor, number, scale_for
from ccsim.report.words.units import year_factor
from ccsim.report.words.verdicts import DesignChange
from ccsim.statistics.estimate import Estimate

SMALL = 0.01  # of the largest total: kinds that are never more are shown together
KINDS: tuple[str, ...] = tuple(m.name for m in MEASURES if m.part_of == "total")
OTHER = "other"
REVENUE = "revenue"  # stands with the kinds, below zero
EARNED = "revenue.upselling"
MORE_THAN_ALL = 1.05  # a part of a difference that others make smaller again


def kind_words(kind: str) -> str:
    """What a kind of cost is called in a picture."""
    return kind if kind in (OTHER, REVENUE) else short_label(f"cost.{kind}", yearly=False)


def cost_table(experiment: Experiment) -> CostByKind | None:
    """Cost a year by kind; None where a design has no costs. Where every design sells something,
    revenue stands with the kinds, and the total is cost less revenue."""
    results = experiment.results
    if not all(TOTAL in result for result in results.values()):
        return None
    order = (
        [experiment.against, *experiment.others]
        if isinstance(experiment, Comparison)
        else [*results]
    )
    factor, labels = year_factor(experiment.scenario), labels_of(experiment.scenarios)
    amounts = {
        design: {
            kind: (results[design][f"cost.{kind}"].value or 0.0) * factor
            for kind in KINDS
            if f"cost.{kind}" in results[design]
        }
        for design in order
    }
    largest = max((results[design][TOTAL].value or 0.0) * factor for design in order)
    if largest <= 0:
        return None
    most = {kind: max(abs(amounts[d].get(kind, 0.0)) for d in order) for kind in KINDS}
    shown = sorted((k for k in KINDS if most[k] > SMALL * largest), key=lambda k: -most[k])
    small = [kind for kind in KINDS if 0 < most[kind] <= SMALL * largest]
    if len(small) == 1:
        shown, small = [*shown, *small], []
    decisive = cost_measure(set.intersection(*(set(result) for result in results.values())))
    net = decisive == NET
    rows = [
        (
            labels[design],
            tuple(amounts[design].get(kind, 0.0) for kind in shown)
            + ((sum(amounts[design].get(kind, 0.0) for kind in small),) if small else ())
            + ((-(results[design][EARNED].value or 0.0) * factor,) if net else ()),
        )
        for design in order
    ]
    return CostByKind(
        experiment.scenario.currency or "",
        (*shown, *([OTHER] if small else []), *([REVENUE] if net else [])),
        tuple(rows),
        tuple(results[design][decisive].scaled(factor) for design in order),
        _change(experiment, factor, decisive) if isinstance(experiment, Comparison) else None,
        sample_of(experiment),
        net,
    )


def _change(comparison: Comparison, factor: float, decisive: str) -> CostChange | None:
    """The largest sure difference in cost from the base, and the kind (or the revenue) that makes
    most of it; where none is sure, the largest."""
    unit = f"money:{comparison.scenario.currency or ''}"
    found = []
    base_cost = comparison.results[comparison.against][decisive].value
    equal = None if base_cost is None else EQUAL_COST * abs(base_cost) * factor
    for design in comparison.others:
        difference = comparison.difference(design, decisive).estimate.scaled(factor)
        total = DesignChange(difference, unit, "more a year", "less a year", "cost", "lower", equal)
        found.append((bool(total.direction), abs(difference.value or 0.0), design, total))
    if not found:
        return None
    _, _, design, total = max(found, key=lambda each: each[:2])
    ours, base = comparison.results[design].table, comparison.results[comparison.against].table
    parts = {
        kind: ours.difference(base, f"cost.{kind}").estimate.scaled(factor)
        for kind in KINDS
        if f"cost.{kind}" in ours and f"cost.{kind}" in base
    }
    if decisive == NET:
        parts[REVENUE] = _taken_off(ours.difference(base, EARNED).estimate.scaled(factor))
    sign = 1 if (total.difference.value or 0.0) >= 0 else -1
    kind = max(parts, key=lambda k: sign * (parts[k].value or 0.0))
    part = DesignChange(parts[kind], unit, "more a year", "less a year", kind_words(kind), "lower")
    labels = labels_of(comparison.scenarios)
    return CostChange(labels[design], labels[comparison.against], total, kind, part)


def _taken_off(revenue: Estimate) -> Estimate:
    """The same with the other sign: its effect on cost less revenue."""
    value, low, high = (
        None if end is None else -end for end in (revenue.value, revenue.high, revenue.low)
    )
    return replace(revenue, value=value, low=low, high=high)


def cost_finding(table: CostByKind) -> str:
    """The largest kind of one design; of several, the largest sure difference and its main part."""
    if table.change is None:
        _, amounts = table.amounts[0]
        earned = -amounts[-1] if table.net else 0.0
        total = (table.totals[0].value or 0.0) + earned
        factor, word = money_factor([total])
        unit = f"{word}{table.currency}".strip()
        share = number(100 * amounts[0] / total, 0)
        value = number(total * factor, 1 if total * factor < 100 else 0)
        kind = kind_words(table.kinds[0])
        said = f"{kind} is {share} % of the {value} {unit} of cost a year"
        if table.net:
            said += f"; revenue covers {number(100 * earned / total, 0)} % of it"
        return sentence_case(said)
    change = table.change
    design, base = change.design, change.base
    left = " after revenue" if table.net else ""
    if change.total.verdict.word == "same":
        return sentence_case(f"{design} costs as much as {base}{left}")
    if not change.total.direction:
        equal = "practically equal" if change.total.standing == "equal" else "too close to call"
        return sentence_case(f"{design} compared with {base}: cost{left} {equal}")
    word = change.total.more if change.total.direction > 0 else change.total.less
    said = f"{design} costs {_amount(change.total)} {word} than {base}{left}"
    if change.part.direction != change.total.direction:
        return sentence_case(said)
    of_it = (change.part.difference.value or 0.0) / (change.total.difference.value or 1.0)
    words = kind_words(change.kind)
    if of_it > MORE_THAN_ALL:
        return sentence_case(f"{said}; {words} alone {_amount(change.part)} {word}")
    return sentence_case(f"{said}, {number(100 * min(of_it, 1.0), 0)} % of it {words}")


def _amount(change: DesignChange) -> str:
    scale = scale_for(change.unit, [change.difference], signed=True)
    value = abs(change.difference.value or 0.0) * scale.factor
    return f"{number(value, scale.decimals)} {scale.unit}".strip()


__all__ = ["KINDS", "OTHER", "cost_finding", "cost_table", "kind_words"]
