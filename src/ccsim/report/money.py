"""What designs cost by kind, for figures: the kinds are those that the catalogue adds up."""

from __future__ import annotations

from ccsim.experiment.result import Comparison, Experiment
from ccsim.measures.catalogue import MEASURES
from ccsim.report.curves import CostByKind, CostChange
from ccsim.report.rounding import money_factor, number, scale_for
from ccsim.report.verdicts import Change
from ccsim.report.waits import sample_of
from ccsim.report.wording import sentence_case, year_factor

SMALL = 0.01  # of the largest total: kinds that are never more are shown together
KINDS: tuple[str, ...] = tuple(m.name for m in MEASURES if m.part_of == "total")
OTHER = "other"
MORE_THAN_ALL = 1.05  # a part of a difference that others make smaller again
WORDS = {
    "pay": "pay",
    "on_costs": "on-costs",
    "standby": "standing by",
    "seats": "seats",
    "telecom": "phone lines",
    "machines": "bots and menus",
    "roles": "leaders and support",
}


def kind_words(kind: str) -> str:
    """What a kind of cost is called in a picture."""
    return WORDS.get(kind, kind.replace("_", " "))


def cost_table(experiment: Experiment) -> CostByKind | None:
    """Cost a year by kind; None where a design costs nothing that is known."""
    results = experiment.results
    if not all("cost.total" in result for result in results.values()):
        return None
    order = (
        [experiment.against, *experiment.others]
        if isinstance(experiment, Comparison)
        else [*results]
    )
    factor = year_factor(experiment.scenario)
    amounts = {
        design: {
            kind: (results[design][f"cost.{kind}"].value or 0.0) * factor
            for kind in KINDS
            if f"cost.{kind}" in results[design]
        }
        for design in order
    }
    totals = [results[design]["cost.total"].scaled(factor) for design in order]
    largest = max(total.value or 0.0 for total in totals)
    if largest <= 0:
        return None
    most = {kind: max(abs(amounts[d].get(kind, 0.0)) for d in order) for kind in KINDS}
    shown = sorted((k for k in KINDS if most[k] > SMALL * largest), key=lambda k: -most[k])
    small = [kind for kind in KINDS if 0 < most[kind] <= SMALL * largest]
    if len(small) == 1:
        shown, small = [*shown, *small], []
    rows = [
        (
            design,
            tuple(amounts[design].get(kind, 0.0) for kind in shown)
            + ((sum(amounts[design].get(kind, 0.0) for kind in small),) if small else ()),
        )
        for design in order
    ]
    return CostByKind(
        experiment.scenario.currency or "",
        (*shown, *([OTHER] if small else [])),
        tuple(rows),
        tuple(totals),
        _change(experiment, factor) if isinstance(experiment, Comparison) else None,
        sample_of(experiment),
    )


def _change(comparison: Comparison, factor: float) -> CostChange | None:
    """The largest sure difference in cost from the base, and the kind that makes most of it; of
    none that is sure the largest."""
    unit = f"money:{comparison.scenario.currency or ''}"
    found = []
    for design in comparison.others:
        difference = comparison.difference(design, "cost.total").estimate.scaled(factor)
        total = Change(difference, unit, "more a year", "less a year", "cost")
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
    sign = 1 if (total.difference.value or 0.0) >= 0 else -1
    kind = max(parts, key=lambda k: sign * (parts[k].value or 0.0))
    part = Change(parts[kind], unit, "more a year", "less a year", kind_words(kind))
    return CostChange(design, comparison.against, total, kind, part)


def cost_finding(table: CostByKind) -> str:
    """The largest kind of one design; of several, the largest sure difference and its main part."""
    if table.change is None:
        (_, amounts), total = table.amounts[0], table.totals[0].value or 0.0
        factor, word = money_factor([total])
        unit = f"{word}{table.currency}".strip()
        share = number(100 * amounts[0] / total, 0)
        value = number(total * factor, 1 if total * factor < 100 else 0)
        kind = kind_words(table.kinds[0])
        return sentence_case(f"{kind} is {share} % of the {value} {unit} that a year costs")
    change = table.change
    design, base = change.design, change.base
    if change.total.verdict.word == "same":
        return sentence_case(f"{design} costs as much as {base}")
    if not change.total.direction:
        return sentence_case(f"what {design} and {base} cost cannot be told apart")
    word = change.total.more if change.total.direction > 0 else change.total.less
    said = f"{design} costs {_amount(change.total)} {word} than {base}"
    if change.part.direction != change.total.direction:
        return sentence_case(said)
    of_it = (change.part.difference.value or 0.0) / (change.total.difference.value or 1.0)
    words = kind_words(change.kind)
    if of_it > MORE_THAN_ALL:
        return sentence_case(f"{said}; {words} alone {_amount(change.part)} {word}")
    return sentence_case(f"{said}, {number(100 * min(of_it, 1.0), 0)} % of it {words}")


def _amount(change: Change) -> str:
    scale = scale_for(change.unit, [change.difference], signed=True)
    value = abs(change.difference.value or 0.0) * scale.factor
    return f"{number(value, scale.decimals)} {scale.unit}".strip()


__all__ = ["KINDS", "OTHER", "cost_finding", "cost_table", "kind_words"]
