"""The JSON Schema of the document of `ccsim run --json` and `ccsim compare --json`."""

from __future__ import annotations

from typing import Any

from ccsim.report.documents.answer_document import FORMAT
from ccsim.report.words.verdicts import Status

NUMBER = {"type": ["number", "null"]}
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
STATUS = {"enum": [status.value for status in Status]}
ESTIMATE = {
    "mean": NUMBER | {"description": "The estimate; null where nothing defines it."},
    "low": NUMBER | {"description": "Lower end of the 95 % interval."},
    "high": NUMBER | {"description": "Upper end of the 95 % interval."},
    "unit": TEXT | {"description": "share (a fraction), s, h, a currency, or what is counted."},
}
BOUNDS = {
    "at_least": NUMBER | {"description": "The lower bound, in the unit of the measure."},
    "at_most": NUMBER | {"description": "The upper bound, in the unit of the measure."},
    "status": STATUS | {"description": "All statuses of a document hold together at 95 %."},
}
KEY = TEXT | {"description": "Scope and measure, such as phone.service_level."}
LABEL = TEXT | {"description": "What people read; may change between versions."}
GAINS = {"type": "object", "description": "What stratifying and controls gained."}


def answer_schema() -> dict[str, Any]:
    """The schema; keys may be added within a `format`, so that unknown ones are allowed."""
    properties = {
        "format": {"const": FORMAT},
        "kind": {"enum": ["run", "compare"]},
        "scenario": TEXT | {"description": "The name of the scenario."},
        "days": {"type": "number", "description": "Days that were measured, without the warm-up."},
        "replications": {"type": "integer", "minimum": 1},
        "asked": {"type": "integer", "description": "Replications that were asked for."},
        "partial": {"type": "boolean", "description": "Whether it was stopped early."},
        "seed": {"type": "integer"},
        "against": {"type": ["string", "null"], "description": "The design compared with."},
        "folder": {"type": ["string", "null"], "description": "Where the results are."},
        "designs": {"type": "object", "additionalProperties": _design(), "minProperties": 1},
        "differences": {"type": "array", "items": _difference()},
        "verdict": _object({"bottom_line": TEXTS, "sentences": TEXTS}),
        "notes": TEXTS,
        "warnings": TEXTS,
        "cuts": {"type": "array", "items": _cut()},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The answer of ccsim run and ccsim compare",
        "description": "Numbers are not rounded: shares are fractions, times are seconds unless "
        "the unit says hours, money is for the days that were simulated.",
    } | _object(properties, further={"precision": {"type": "array"}, "turning": {"type": "object"}})


def _object(properties: dict[str, Any], further: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object that has all of the properties, and may have `further` ones."""
    return {
        "type": "object",
        "properties": properties | (further or {}),
        "required": list(properties),
    }


def _design() -> dict[str, Any]:
    target = {
        "measure": KEY,
        "label": LABEL,
        "over": {"type": ["string", "null"], "description": "`share of days`, `worst week`, ..."},
    }
    kpi = {"label": LABEL, **ESTIMATE, "definition": TEXT}
    return _object(
        {
            "label": LABEL,
            "status": {"enum": [*STATUS["enum"], None], "description": "The worst of its targets."},
            "targets": {"type": "array", "items": _object(target | ESTIMATE | BOUNDS)},
            "kpis": {
                "type": "object",
                "additionalProperties": _object(kpi, further=BOUNDS | {"gains": GAINS}),
            },
        }
    )


def _difference() -> dict[str, Any]:
    of = {"design": TEXT, "against": TEXT, "measure": KEY}
    return _object(of | ESTIMATE, further={"gains": GAINS})


def _cut() -> dict[str, Any]:
    numbers = {"type": "array", "items": NUMBER}
    at = TEXTS | {"description": "Dates as 2027-03-01, times of day as 07:30, weekdays as mon."}
    by = {"enum": ["interval", "time", "day", "weekday", "week"]}
    of = {"design": TEXT, "measure": KEY, "label": LABEL, "by": by, "at": at}
    return _object(of | {"mean": numbers, "low": numbers, "high": numbers})
