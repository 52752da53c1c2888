"""Desks written as a person would, run through the whole pipeline: scenario to measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from ccsim.engine.reference import simulate
from ccsim.measures.catalogue import known_measures
from ccsim.network.compile import compile_network
from ccsim.network.model import Network
from ccsim.roster import make_roster
from ccsim.scenario.resolve import load
from ccsim.workload import make_workload
from tests.evaluated import evaluate

BASE: dict[str, Any] = {
    "ccsim": 1,
    "name": "by hand",
    "currency": "EUR",
    "calendar": {"start": "2027-03-01", "days": 1},
    "contacts": {"calls": {"phone": {"handle": {"mean": "10 min", "family": "constant"}}}},
    "channels": {"phone": {"answer_within": "20 s", "target": "80 %", "patience": "endless"}},
    "teams": {"desk": {"people": 1}},
    "routing": {"*": ["desk"]},
}


@dataclass(frozen=True)
class Run:
    """One replication: its network, the legs and the measures by key."""

    network: Network
    legs: NDArray[np.void]
    kpis: Mapping[str, float]

    def legs_of(self, queue: str) -> NDArray[np.void]:
        """The legs in a queue, in the order of contacts."""
        index = [each.name for each in self.network.queues].index(queue)
        found: NDArray[np.void] = self.legs[self.legs["queue"] == index]
        return found


def merged(base: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the maps of `patch` merged in; other values replace, None removes."""
    result = dict(base)
    for key, value in patch.items():
        old = result.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            value = merged(old, value)
        result[key] = value
    return {key: value for key, value in result.items() if value is not None}


def run(
    folder: Path,
    patch: Mapping[str, Any],
    calls: Sequence[int] = (),
    type_name: str = "calls",
    replication: int = 0,
) -> Run:
    """Run BASE with a patch; `calls` are the seconds after midnight at which its type calls."""
    blocks = merged(deepcopy(BASE), patch)
    if calls:
        rows = "\n".join(["at", *map(str, calls)])
        (folder / "trace.csv").write_text(rows + "\n", encoding="utf-8")
        contact = blocks["contacts"][type_name]
        blocks["contacts"][type_name] = {**contact, "arrivals": {"trace": "trace.csv"}}
    path = folder / "desk.yaml"
    path.write_text(yaml.safe_dump(blocks, sort_keys=False), encoding="utf-8")
    design = load(path, known_measures=known_measures)
    network = compile_network(design)
    seed = design.scenario.run.seed
    roster = make_roster(design, network, seed, replication)
    workload = make_workload(design, network, seed, replication)
    records = simulate(network, roster, workload, check_laws=len(workload) < 50)
    kpis = evaluate(design, network, roster, workload, records)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = kpis.totals[:, 0] / kpis.totals[:, 1]
    return Run(network, records.legs, dict(zip(kpis.keys, values.tolist(), strict=True)))
