"""Cases with known answers, each a scenario file run through the whole pipeline.

The numbers are those of cases.json (formulas, published tables, other projects' tests, with their
sources there). Agreement: within three standard errors of the run itself, or within the relative
floor that the case states; and the run must be long enough that agreement says something.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ccsim.experiment.replications.replicate import Engine
from ccsim.scenario.resolve import load
from tests.theory.runs import CASES, ENGINES, Judged, Replication, judge, replications, totals
from tests.theory.steady import STEADY, Row

KNOWN = {c["id"]: c for c in json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))}
SHARPNESS = 0.15  # a run's standard error is at most this part of the value
LONGER = 4  # times as many replications by the compiled engine, where it is at most half of that


def case_of(name: str) -> dict[str, Any]:
    """The case that a scenario file belongs to: X10-erlangB-constant -> X10-erlangB-insensitive."""
    number = name.split("-")[0]
    return next(case for key, case in KNOWN.items() if key.split("-")[0] == number)


def expected_of(name: str, metric: str) -> tuple[float, float, float]:
    """Value, standard error of the source, and relative floor; `metric#i` is entry i of a list or
    the same number for a further type."""
    base, _, index = metric.partition("#")
    entry = case_of(name)["expected"][base]
    value = entry["value"]
    if isinstance(value, list):
        value = value[int(index)]
    percent = re.search(r"([\d.]+) ?%", entry.get("tol", ""))
    source_error = entry.get("ci95_halfwidth", 0.0) / 1.96
    return float(value), source_error, float(percent[1]) / 100 if percent else 0.0


def observed_of(runs: list[Replication], row: Row) -> Judged:
    if callable(row):
        return judge([row(run) for run in runs])
    key, factor = row
    found = judge([totals(run, key) for run in runs])
    return replace(found, value=found.value / factor, error=found.error / factor)


def complaints(name: str, runs: list[Replication], sharpness: float = SHARPNESS) -> list[str]:
    """Every expected number that the runs do not agree with, in words."""
    found = []
    for metric, row in STEADY[name].items():
        value, source_error, floor = expected_of(name, metric)
        seen = observed_of(runs, row)
        seen = replace(seen, error=(seen.error**2 + source_error**2) ** 0.5)
        if not seen.agrees(value, floor):
            z = (seen.value - value) / seen.error if seen.error else float("inf")
            found.append(f"{metric}: {seen.value:.6g}, expected {value:.6g} (z = {z:.1f})")
        if value > 1e-3 and not seen.sharp(value, max(sharpness, floor)):
            found.append(f"{metric}: the run says little, {seen.value:.4g} +- {seen.error:.2g}")
    return found


@ENGINES
@pytest.mark.parametrize("name", sorted(STEADY))
def test_case(name: str, engine: Engine) -> None:
    longer = LONGER if engine == "compiled" else 1
    count = longer * load(CASES / f"{name}.yaml").scenario.run.replications
    runs = list(replications(name, engine, count))
    assert not complaints(name, runs, SHARPNESS / longer**0.5)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("X01-erlangC-14", ("teams.agents.staffing=[15]",)),
        ("X14-erlangA", ("channels.phone.patience.mean=1.2 min",)),
        ("X05-MG1-lognormal", ("contacts.calls.phone.handle.cv=100 %",)),
        ("X23-preemptive", ("channels.email.interruptible=no",)),
        ("X29-hetero-agents", ("routing.calls=[slow, fast]",)),
    ],
)
def test_the_comparison_catches(name: str, settings: tuple[str, ...]) -> None:
    """The planted faults: an agent too many, other patience, other spread, no interruption."""
    assert complaints(name, list(replications(name, "compiled", settings=settings)))


def test_every_scenario_file_is_run_and_every_case_is_accounted_for() -> None:
    files = {path.stem for path in CASES.glob("*.yaml")}
    assert files == STEADY.keys() | ELSEWHERE
    covered = {name.split("-")[0] for name in files} | {name.split("-")[0] for name in FORMULAS}
    covered |= {name.split("-")[0] for name in LEFT_OUT}
    assert {name.split("-")[0].rstrip("ab") for name in KNOWN} == {n.rstrip("ab") for n in covered}


# Scenario files that other test files of this folder run.
ELSEWHERE = {
    "P01-cc-MMC", "P02-cc-MMCAb", "P03-cc-MMCBlocked", "P04-cc-MMCClrQ", "P05-cc-CallCC",
    "P06-ssj-CallCenter400", "P07-cc-singleQueue", "P10-cc-Bilingual", "X31-MtMinf", "X32-MtDinf",
    "X33-MtMsM-theta=mu", "X35-opening-backlog", "X38-gamma-busyness-10",
    "X38-gamma-busyness-400", "T06-simmer-deterministic", "T07-simmer-tie", "T08-ciw-baulking",
    "T10-cc-group-volume",
}  # fmt: skip
# Cases of closed forms alone (test_erlang.py) and of the bank's log (test_bank.py).
FORMULAS = {"T01-pyworkforce", "T02-turbotab", "T03-herzog-erlangC", "D-february-1999-replay"}
# What the machine or the language cannot say yet, and why.
LEFT_OUT = {
    "X37-vacations": "a break taken whenever the line is empty is no roster",
    "X42-ccmath-chat": "load rebalanced over agents at every instant is no behaviour of agents",
    "P13-cc-Blend": "a predictive dialler, of the next issue",
    "P14-ssj-BankEv": "balking with a probability that depends on the length of the line",
}
