"""The document of `--json`: the whole answer as plain data.

Numbers are as they are (`Experiment.to_json`), and beside them stands what people read: labels,
targets with how they stand, bottom line, verdict, notes and warnings in plain English, the folder,
and the cut that was asked for. `answer_schema` describes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ccsim.experiment.execution.result import Comparison, Experiment
from ccsim.experiment.results.cuts import By
from ccsim.report.documents.figures import Figure, iso, targets_of
from ccsim.report.tables.answer_table import labels_of
from ccsim.report.tables.time_table import TIMES
from ccsim.report.text.answer import Answer, answer
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import measured_days
from ccsim.report.words.verdicts import Status, worst

FORMAT = 1  # changes when a key goes or changes its meaning, not when one is added


def answer_document(experiment: Experiment, by: str | None = None) -> dict[str, Any]:
    """The answer of a run or comparison; `by` as of `answer`, of which only cuts by time add
    numbers: those of teams, types and channels are among the measures."""
    shown, numbers = answer(experiment, by=by), experiment.to_json()
    kind = "compare" if isinstance(experiment, Comparison) else "run"
    return (
        {"format": FORMAT, "kind": kind}
        | numbers
        | {
            "designs": {name: _design(experiment, name, numbers) for name in experiment.results},
            "days": measured_days(experiment.scenario),
            "asked": experiment.asked,
            "partial": experiment.partial,
            "against": experiment.against if isinstance(experiment, Comparison) else None,
            "folder": None if experiment.folder is None else str(experiment.folder),
            "verdict": _verdict(shown),
            "notes": list(shown.footnotes),
            "warnings": list(shown.cautions),
            "cuts": [*_cuts(experiment, TIMES[by])] if by in TIMES else [],
        }
    )


def _design(experiment: Experiment, name: str, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The measures of a design with their labels and bounds, and its targets one by one."""
    scenario, targets = experiment.results[name].scenario, targets_of(experiment, name)
    bounds = {figure.measure: _bound(figure) for figure in targets if not figure.cut}
    statuses = [Status(figure.status) for figure in targets]
    return {
        "label": labels_of(experiment.scenarios)[name],
        "status": worst(statuses).value if statuses else None,
        "targets": [_target(figure) for figure in targets],
        "kpis": {
            key: {"label": label_of(key, scenario, yearly=False)} | kpi | bounds.get(key, {})
            for key, kpi in numbers["designs"][name]["kpis"].items()
        },
    }


def _target(figure: Figure) -> dict[str, Any]:
    """A target or an expectation, and how the design stands with it."""
    return {
        "measure": figure.measure,
        "label": figure.label,
        "over": figure.cut or None,
        "mean": figure.value,
        "low": figure.lower,
        "high": figure.upper,
        "unit": figure.unit,
    } | _bound(figure)


def _bound(figure: Figure) -> dict[str, Any]:
    return {"at_least": figure.at_least, "at_most": figure.at_most, "status": figure.status}


def _verdict(shown: Answer) -> dict[str, list[str]]:
    return {"bottom_line": list(shown.bottom_line), "sentences": list(shown.verdict)}


def _cuts(experiment: Experiment, by: By) -> Iterator[dict[str, Any]]:
    """Each measure of each design in the parts of a cut."""
    for name, result in experiment.results.items():
        for key in result.table.interval_keys:
            cut = result.cut(key, by)
            found = [cut.band.at(place) for place in range(len(cut.labels))]
            yield {
                "design": name,
                "measure": key,
                "label": label_of(key, result.scenario, yearly=False),
                "by": by,
                "at": [iso(label) for label in cut.labels],
                "mean": [each.value for each in found],
                "low": [each.low for each in found],
                "high": [each.high for each in found],
            }
