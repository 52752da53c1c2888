"""Content hashes of results: what a change that should alter no figure is held against.

One hash for each measure of each design of a scenario, over all scopes of the measure: its values,
numerators and denominators in two replications and its values by interval (in the gallery also by
time of day, day, weekday and week), to the last bit. Both engines give the same hashes. The records
of one small run have one hash for each column.

A change that must alter figures makes the hashes anew, for the scenarios that it concerns::

    python -m tests.law_hashes --update telecom bank     # or without a name: all
    python -m tests.law_hashes telecom                   # what differs, measure by measure
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as parquet

import ccsim

if TYPE_CHECKING:
    from ccsim.experiment.results.cuts import By
    from ccsim.experiment.results.design_result import DesignResult

ROOT = Path(__file__).parent.parent
STORED = Path(__file__).parent / "law_of_results.json"
GALLERY = {
    path.stem: path
    for path in (
        *sorted((ROOT / "scenarios").glob("*.yaml")),
        ROOT / "scenarios/bank/bank.yaml",
        ROOT / "scenarios/bank/replay.yaml",
    )
}
THEORY = {path.stem: path for path in sorted((ROOT / "tests/theory/cases").glob("*.yaml"))}
SCENARIOS = GALLERY | THEORY
RECORDS = "records of P10-cc-Bilingual"
CUTS: tuple[By, ...] = ("interval", "time", "day", "weekday", "week")
REPLICATIONS = 2

Hashes = dict[str, str]  # by measure (or column): eight hexadecimal digits


def hashes(name: str, engine: Any = "compiled", only: str | None = None) -> dict[str, Hashes]:
    """By design, the hashes of a scenario's measures; with `only`, those of that design alone."""
    designs = ccsim.load(SCENARIOS[name])
    chosen = {only: designs[only]} if only else designs
    how: dict[str, Any] = {"replications": REPLICATIONS, "workers": 1, "engine": engine}
    if len(chosen) == 1:
        found = ccsim.run(next(iter(chosen.values())), **how).results.values()
    else:
        found = ccsim.compare(chosen, **how).results.values()
    cuts = CUTS if name in GALLERY else CUTS[:1]
    return {design: hashes_of(each, cuts) for design, each in zip(chosen, found, strict=True)}


def hashes_of(result: DesignResult, cuts: Sequence[By] = CUTS) -> Hashes:
    """By measure, the hash of all figures of all its scopes."""
    sums: dict[str, Any] = defaultdict(hashlib.sha256)
    for key in sorted(result):
        digest = sums[key.rpartition(".")[2]]
        digest.update(key.encode())
        for part, figures in figures_of(result, key, cuts):
            digest.update(part.encode())
            digest.update(canonical(figures))
    return {measure: digest.hexdigest()[:8] for measure, digest in sorted(sums.items())}


def figures_of(result: DesignResult, key: str, cuts: Sequence[By]) -> Iterator[tuple[str, Any]]:
    """All figures that are stored of a measure, named."""
    table = result.table
    yield "values", table.by_replication(key)
    if key in table.keys:
        numerators, denominators = table.columns(key)
        yield "numerators", numerators
        yield "denominators", denominators
    if key in table.interval_keys:
        for by in cuts:
            yield by, result.cut(key, by).band.value


def canonical(figures: Any) -> bytes:
    """Little-endian doubles, all NaN alike, and 0 without a sign."""
    values = np.array(figures, dtype="<f8") + 0.0
    values[np.isnan(values)] = np.nan
    return values.tobytes()


def hashes_of_records() -> dict[str, Hashes]:
    """By table, the hashes of the columns that a small run saves of its records."""
    with tempfile.TemporaryDirectory() as folder:
        ccsim.run(
            SCENARIOS["P10-cc-Bilingual"],
            replications=1,
            workers=1,
            keep_records=True,
            save=True,
            out=Path(folder) / "run",
        )
        tables = {
            name: parquet.read_table(Path(folder) / "run" / f"{name}.parquet")
            for name in ("legs", "work", "duty")
        }
    return {
        name: {
            column: hashlib.sha256(json.dumps(values.to_pylist()).encode()).hexdigest()[:8]
            for column, values in zip(table.column_names, table.columns, strict=True)
        }
        for name, table in tables.items()
    }


def stored() -> dict[str, dict[str, Hashes]]:
    """The hashes that are kept beside this file: by scenario, design and measure."""
    found: dict[str, dict[str, Hashes]] = json.loads(STORED.read_text("utf-8"))
    return found


def differences(
    due: Mapping[str, Mapping[str, str]], found: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """`design: measure` wherever the hashes are not alike. A measure that is new differs from
    nothing; one that is gone does."""
    return [
        f"{design}: {measure}"
        for design, hashed in due.items()
        for measure, hash_ in hashed.items()
        if found.get(design, {}).get(measure) != hash_
    ] + [f"{design}: a new design" for design in found if design not in due]


def compute(name: str) -> dict[str, Hashes]:
    return hashes_of_records() if name == RECORDS else hashes(name)


def write(all_hashes: Mapping[str, Any]) -> None:
    """One line a design, so that a change in Git shows whose figures moved."""
    lines = [
        f" {json.dumps(name)}: {{\n"
        + ",\n".join(f"  {json.dumps(d)}: {json.dumps(h)}" for d, h in designs.items())
        + "\n }"
        for name, designs in sorted(all_hashes.items())
    ]
    STORED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Hashes of the results of scenarios.")
    parser.add_argument("names", nargs="*", help="scenarios (default: all)")
    parser.add_argument("--update", action="store_true", help="write them")
    asked = parser.parse_args(None if arguments is None else list(arguments))
    names = asked.names or [*SCENARIOS, RECORDS]
    known = stored() if STORED.exists() else {}
    differs = False
    for name in names:
        found = compute(name)
        for line in differences(known.get(name, {}), found):
            differs = True
            print(f"{name}: {line}")
        known[name] = found
    if asked.update:
        write(known)
    return int(differs and not asked.update)


if __name__ == "__main__":
    raise SystemExit(main())
