"""Writes the tables of docs/reference/measures.md from the definitions of the measures.

`python -m tools.measures_reference docs/reference/measures.md` (or `make pages`) renews them, and a
test fails while the page differs from the definitions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from ccsim.measures.definitions import GROUPS
from ccsim.measures.flows import MEANING
from ccsim.measures.measure import QUANTILES, Measure

BEGIN = "<!-- made from src/ccsim/measures/definitions.py; do not edit below -->"
END = "<!-- end of what is made -->"
SCOPES = {
    "all": "`all`",
    "channel": "channel",
    "type": "type",
    "type.channel": "type on channel",
    "queue": "later stage",
    "team": "team",
    "tier": "tier",
    "cost": "`cost`",
    "revenue": "`revenue`",
}
CALLED = {  # what is left open in a label, by an example
    "contacts": "calls",
    "within": "20 s",
    "resolve": "2 d",
    "intervals": "half-hours",
    "machine": "the bot",
}
FLOWS = """\
Not measures but counts for each replication, from line to line: `flows.parquet` in the folder of
the results, and `ccsim plot --kind flow`. They hold the contacts that came after the warm-up, with
all that follows; in every line as many come in as go out. A redial or a repeat is a new coming."""
NEEDS = {
    "promise": "where `answer_within` is given",
    "target": "where `target` is given",
    "value": "where `lost_if_abandoned` is given",
    "sales": "where `upsell` is given",
    "pay": "where `pay` is given",
    "callback": "where callbacks are offered",
    "resolution": "where `resolve_within` is given",
    "turns": "where contacts have several `turns`",
    "reopened": "where `reopened` is given",
    "machine": "where a bot or voice menu answers first",
    "message": "where messages can be left",
    "calls": "where customers are called",
    "help": "where help can be asked for",
}


def tables() -> str:
    """Returns a table for each group of measures; all quantiles of a measure share one row."""
    parts = []
    for title, measures in GROUPS:
        parts.append(f"### {title}\n")
        parts.append("| Measure | Called | Unit | Numerator | Denominator | Scopes | Notes |")
        parts.append("|---|---|---|---|---|---|---|")
        parts += [_row(measure) for measure in _one_of_each(measures)]
        parts.append("")
    return "\n".join([*parts, *_flows()])


def _flows() -> list[str]:
    """Returns the section on the flow of contacts, in the words of `flows.parquet`."""
    lines = ["### Flow of contacts", "", FLOWS, "", "| How | Meaning |", "|---|---|"]
    return [*lines, *(f"| {how} | {meaning} |" for how, meaning in MEANING.items()), ""]


def renewed(page: str) -> str:
    """Returns the page with new tables. ValueError: the page has no marks between which they go."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page does not say where the tables begin and end")
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


def _one_of_each(measures: Iterable[Measure]) -> list[Measure]:
    others = {f"_p{percent}" for percent in QUANTILES[1:]}
    return [
        measure
        for measure in measures
        if measure.kind != "quantile" or measure.name[-4:] not in others
    ]


def _row(measure: Measure) -> str:
    name, definition, numerator = f"`{measure.name}`", measure.definition, measure.numerator
    called = measure.label.replace(", {place}", "").replace("{a_year}", "")
    for field, words in CALLED.items():
        called = called.replace(f"{{{field}}}", words)
    if measure.kind == "quantile":
        of = measure.name.removesuffix(f"_p{QUANTILES[0]}")
        name = ", ".join(f"`{of}_p{percent}`" for percent in QUANTILES)
        definition = definition.replace(f"{QUANTILES[0]} %", "so many percent")
        numerator = numerator.replace(f"{QUANTILES[0]} % ", "")
        called = called.replace(f"{QUANTILES[0]}th percentile", "percentile")
    under = measure.denominator if measure.kind == "ratio" else ""
    cells = (
        f"{name}<br>{definition}",
        called,
        measure.unit,
        numerator,
        under or "-",
        ", ".join(SCOPES[scope] for scope in measure.scopes),
        "; ".join(_notes(measure)),
    )
    return "| " + " | ".join(cells) + " |"


def _notes(measure: Measure) -> list[str]:
    notes = []
    if measure.kind == "longest":
        notes.append("extreme of a replication")
    if measure.better is not None:
        notes.append(f"{measure.better} is better")
    if measure.assumed:
        notes.append("assumed")
    if measure.by_interval:
        notes.append("by interval")
    if measure.needs:
        notes.append(NEEDS[measure.needs])
    return notes


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(renewed(path.read_text("utf-8")), "utf-8")
