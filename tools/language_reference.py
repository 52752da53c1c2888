"""The reference page of the language, made from the models: every key, its form and its default.

`python -m tools.language_reference > docs/reference/language.md` writes it; a test holds the page
to the models.
"""

# ruff: noqa: E501 - rows of Markdown tables cannot be broken
from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from ccsim.scenario.language.json_schema import Schema, all_blocks, json_schema
from ccsim.scenario.language.unsupported import LATER
from ccsim.scenario.schema import Block, Scenario
from ccsim.scenario.tables import csv_forms, files
from ccsim.scenario.texts import Name
from ccsim.scenario.written import schema_of

HEAD = """\
# The scenario language: every key

<!-- Made by `python -m tools.language_reference`; do not edit. -->

A scenario is one YAML file in the words of the trade. `ccsim init` writes a commented one to start
from, `ccsim check --explain` says what a scenario means, and `ccsim schema` prints the JSON Schema
with which editors complete and explain every key on this page.

## How values are written

| what | how | |
|---|---|---|
| durations | `20 s`, `5.2 min`, `4 h`, `2 d`, `12 weeks`, `1 h 30 min`, `250 ms` | a bare number is an error; months (30.4375 d) and years only for tenures |
| shares | `80 %`, `12.5 %` | between 0 % and 100 %, except where more makes sense: `115 %`, at most 1000 % |
| changes | `-15 %`, `+10 %` multiply; `-2 points`, `+1 point` add to a share | only in designs and `--set`: signed is a change, unsigned a value |
| money | `21 000`, `14 400 / year`, `18.50 / h`, `0.35 / contact` | in the scenario's `currency`, with its period where it has one; spaces as thousands |
| times of day | `"07:00"`, `"24:00"`; spans `"07:00-21:00"`, `"22:00-06:00"` | local time; a span that ends at or before its start ends the next day |
| days | `mon-fri`, `sat`, `daily`, `weekdays`, `weekends`, `mon, wed`, `[mon, wed]` | |
| counts | `46`, `1 240` | whole numbers; after a percent change rounded, halves up |
| answers | `yes`, `no` | |

Names of types, teams, channels, shifts, roles and distributions are letters, digits, `_` and `-`,
with a letter first. Types, teams and channels need names of their own, since measures go by them
(`phone.service_level`); so do the words `all`, `cost`, `tier1`, ... that measures use.

YAML is read by its version 1.2 with `yes` and `no` as booleans: `07:00` and `010` are what they look
like. Refused, each with its place: anchors, aliases, tags, merge keys, equal keys, several
documents, tabs as indentation, nesting beyond 64, files beyond 500 kB or 10 000 values, texts beyond
10 000 characters, NaN, infinity, and numbers beyond 10^15. A number has no `+` (a change is `+10 %`).
At most 400 entries stand in a map and 1 440 in a list; less of contact types, teams and shifts (200
each), designs (100), segments (20) and the like, and no more than 400 lines to wait in. Nothing that
runs a real center comes near; whatever goes beyond is refused within a tenth of a second. A key without a value is an error; so is every key that is not on this page.

## Designs and `--set`

`designs:` holds alternatives by name, each of which says only what differs from the scenario.
`base` is the scenario itself.

- Maps merge; lists and values replace; `none` removes; `{only: {...}}` replaces a whole map.
- `-15 %` multiplies what stands there, `-2 points` adds to a share. On a map of numbers (volumes by
  weekday, shares by team) or a list a change applies to each; on a block that has a short form it
  applies to what the short form says: to the mean of a `handle` or a `patience`, to the share of
  `sick`. A count that a change makes broken is rounded, halves up.
- A design may begin from another: `like: pooled`. `about` says what it is.
- A key may be a dotted path: `teams.frontline.people: 40`, `"teams.*.shrinkage.sick": -20 %`. `*`
  stands for every name and must match something; items of lists count from 1
  (`routing.billing.phone.2.after`). Names with dots are found where they exist.
- `--set PATH=VALUE` does the same from the command line, for every design that has what the path
  names, after its patch;
  `--set designs.pooled.teams.generalists.people=50` for one.
- The order is: the files of `extends`, the scenario, the designs that a design is `like`, the design, `--set`. What is
  resolved resolves to itself: `run.json` holds it in the words of this page.
- A paid team that no route reaches, or a route to a team that does not exist, is an error in that
  design. Errors in a patch point to the patch and name the design.

## Scenarios in parts

`extends: base.yaml`, or a list of files, goes on from other files of the scenario's folder: later
ones lie over earlier ones, and what this file says lies over all of them, by the same laws as a
design. Such a file may be a whole scenario or only its teams, and may itself go on from others. A
design with the name of one of theirs replaces it, `designs: {pooled: none}` leaves it out. All names
of files, also those in parts, are relative to the folder of the scenario that is run, and lie inside
of it.

## Files

Data files are CSV, named relative to the scenario's folder and inside of it.

"""

TAIL = """\
## Errors

All problems are told at once, each with file, line, column, the path in words, what was found and
what would be right; then nothing is run:

```
scenarios/desk.yaml:41:9  teams.frontline.roster.erly: there is no shift 'erly'; did you mean 'early'? (shifts: early, mid, late)
scenarios/desk.yaml:57:18  channels.phone.patience.mean: a duration needs a unit: 90 s, 2.5 min, 1 h; found the bare number 3
2 problems, nothing was run
```
"""


def language_page() -> str:
    """The page as Markdown."""
    schema = json_schema()
    _SHARED.update({name: one for name, one in schema["$defs"].items() if name.islower()})
    parts = [HEAD, _files(), "## The blocks\n\n", *_blocks(schema), _later(), TAIL]
    return "".join(parts)


def _files() -> str:
    text = (files.__doc__ or "").split("\n\n", 2)[2]
    trace = ", ".join(f"`{column}`" for column in csv_forms.TRACE_COLUMNS)
    return f"{text.strip()}\n\nThe columns of a trace are {trace}.\n\n"


def _blocks(schema: Schema) -> Iterator[str]:
    """A section for each block, the scenario first, then in the order in which they are met."""
    known = {block.__name__: block for block in all_blocks()}
    order: list[str] = ["Scenario"]
    for name in order:
        for met in _references(_schema_of(schema, name)):
            if met not in order and met in known and not known[met].only_short:
                order.append(met)
    for name in order:
        yield _section(known[name], _schema_of(schema, name))


def _schema_of(schema: Schema, name: str) -> Schema:
    found: Schema = schema["else"] if name == Scenario.__name__ else schema["$defs"][name]
    return found


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.removeprefix("#/$defs/")
            elif key != "$defs":
                yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _section(block: type[Block], schema: Schema) -> str:
    full = schema if "properties" in schema else schema["anyOf"][-1]
    required = full.get("required", ())
    lines = [f"### {block.__name__}", "", " ".join((block.__doc__ or "").split()), ""]
    if block.short:
        forms = " or ".join(dict.fromkeys(form for form in map(form_of, block.short) if form))
        what = f", which stands for its `{block.short_key}`" if block.short_key else ""
        lines += [f"Also written short: {forms}{what}.", ""]
    if block.other is not None:
        link = _link(block.other.__name__)
        lines += [f"Other keys, where an escalation names them, are stages: {link}.", ""]
    lines += ["| key | written | default | meaning |", "|---|---|---|---|"]
    for key, value in full["properties"].items():
        default = "needed" if key in required else _default(value)
        about = " ".join(value.get("description", "").split()).replace("|", "\\|")
        lines.append(f"| `{key}` | {form_of(value)} | {default} | {about} |")
    return "\n".join([*lines, "", ""])


def _default(schema: Schema) -> str:
    default = schema.get("default")
    if default is None:
        return ""
    if isinstance(default, bool):
        return "`yes`" if default else "`no`"
    if isinstance(default, dict):
        return ", ".join(f"`{key}: {value}`" for key, value in default.items())
    if isinstance(default, list):
        return ", ".join(f"`{value}`" for value in default)
    return f"`{default}`"


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def form_of(schema: Schema, examples: int = 2) -> str:
    """How a value is written, in a few words; quantities by so many examples."""
    for key in ("anyOf", "allOf"):
        if key in schema:
            forms = [form_of(each, examples) for each in schema[key]]
            return " or ".join(dict.fromkeys(form for form in forms if form))
    if "$ref" in schema:
        return _reference(schema["$ref"].removeprefix("#/$defs/"), examples)
    if schema.get("type") == "string" and "pattern" in schema and "description" in schema:
        schema = {key: value for key, value in schema.items() if key != "description"}
    if "const" in schema or "enum" in schema:
        words = schema.get("enum", [schema.get("const")])
        return ", ".join(f"`{word}`" for word in words)
    if "examples" in schema:
        return ", ".join(f"`{example}`" for example in schema["examples"][:examples])
    return _plain_form(schema)


_SHARED: Schema = {}  # the quantities that the schema defines once


def _reference(name: str, examples: int) -> str:
    block = next((block for block in all_blocks() if block.__name__ == name), None)
    if name == "DesignPatch":
        return "a patch"
    if name in _SHARED:
        return form_of(_SHARED[name], examples)
    if block is not None and block.only_short:
        return " or ".join(
            form for form in (form_of(short, examples) for short in block.short) if form
        )
    return _link(name)


def _plain_form(schema: Schema) -> str:
    kind = schema.get("type")
    if kind == "array":
        items = schema.get("items")
        if isinstance(items, list):
            return "[" + ", ".join(form_of(item, 1) for item in items) + "]"
        return f"a list of {form_of(items, 1)}" if items else "a list"
    if kind == "object":
        held = schema.get("additionalProperties")
        return f"a map of {form_of(held)}" if isinstance(held, dict) and held else "a map"
    if kind in ("integer", "number"):
        least, most = schema.get("minimum", 0), schema.get("maximum")
        what = "a whole number" if kind == "integer" else "a number"
        return f"{what}, {least} to {most}" if most and most < 10**6 else what
    if kind == "boolean":
        return "`yes`, `no`"
    if kind == ["number", "string"]:
        return "a number"
    if "pattern" in schema:
        return "a name" if schema == schema_of(Name) else ""
    return "text"


def _later() -> str:
    lines = [
        "## Not supported yet",
        "",
        "These keys are known, and refused with what they will be:",
        "",
        "| key | what it will be |",
        "|---|---|",
    ]
    lines += [f"| `{path}` | {what} |" for path, what in LATER.items()]
    return "\n".join([*lines, "", ""])


if __name__ == "__main__":
    sys.stdout.write(language_page())
