"""The catalogue of measures as people read it, and as a document for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from ccsim.errors import suggestion
from ccsim.measures.catalogue import MEASURES, Measure
from ccsim.report.words.labels import short_label

SCOPE_WORDS = {
    "all": "all together",
    "channel": "a channel",
    "type": "a contact type",
    "type.channel": "a type on a channel",
    "queue": "a later stage",
    "team": "a team",
    "tier": "a tier",
    "cost": "cost",
    "revenue": "revenue",
}


def find_measures(names: Sequence[str]) -> tuple[Measure, ...]:
    """Measures by name or by key (`phone.service_level`), all when no name is given.

    Raises LookupError, with the nearest name, when there is no such measure.
    """
    if not names:
        return MEASURES
    by_name = {measure.name: measure for measure in MEASURES}
    found = []
    for name in names:
        measure = by_name.get(name.rpartition(".")[2])
        if measure is None:
            hint = suggestion(name.rpartition(".")[2], list(by_name), "measures")
            raise LookupError(f"there is no measure '{name}'{hint}")
        found.append(measure)
    return tuple(dict.fromkeys(found))


def measure_document(measures: Iterable[Measure]) -> list[dict[str, Any]]:
    """The measures as plain data."""
    return [
        {
            "name": measure.name,
            "label": short_label(f"{measure.scopes[0]}.{measure.name}"),
            "unit": measure.unit,
            "kind": measure.kind,
            "scopes": list(measure.scopes),
            "better": measure.better,
            "definition": measure.definition,
            "numerator": measure.numerator,
            "denominator": measure.denominator or None,
            "assumed": measure.assumed,
            "by_interval": measure.by_interval,
        }
        for measure in measures
    ]


def measure_lines(measures: Sequence[Measure], *, in_full: bool, width: int) -> list[str]:
    """One measure a line or two, or (`in_full`) all that defines it."""
    if in_full:
        return [line for measure in measures for line in _in_full(measure, width)]
    name_width = max(len(measure.name) for measure in measures) + 2
    unit_width = max(len(measure.unit) for measure in measures) + 2
    indent = " " * (name_width + unit_width)
    lines = []
    for measure in measures:
        head = f"{measure.name:<{name_width}}{measure.unit:<{unit_width}}"
        lines += textwrap.wrap(
            head + measure.definition, width, subsequent_indent=indent, drop_whitespace=True
        )
    return [
        *lines,
        "",
        "A key is a scope and a measure: phone.service_level, frontline.occupancy, cost.total.",
        "`ccsim measures NAME` shows what is divided by what; `--of SCENARIO` lists its keys.",
    ]


def _in_full(measure: Measure, width: int) -> list[str]:
    parts = {
        "called": short_label(f"{measure.scopes[0]}.{measure.name}"),
        "means": measure.definition,
        "unit": measure.unit,
        "numerator" if measure.denominator else "counts": measure.numerator,
        "denominator": measure.denominator,
        "taken over": ", ".join(SCOPE_WORDS[scope] for scope in measure.scopes),
        "better": measure.better or "",
        "rests on": "the scenario's assumptions alone" if measure.assumed else "",
        "by interval": "yes" if measure.by_interval else "no",
    }
    lines = [measure.name]
    for name, text in parts.items():
        if text:
            lines += textwrap.wrap(f"  {name + ':':<13} {text}", width, subsequent_indent=" " * 16)
    return [*lines, ""]
