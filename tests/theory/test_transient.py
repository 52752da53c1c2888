"""Systems that change with time: counts at chosen instants against exact expectations."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.experiment.replications.replicate import Engine
from tests.theory.observed import at_instant
from tests.theory.runs import ENGINES, judge, replications

KNOWN = {c["id"]: c for c in json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))}
MINUTE, HOUR = 60_000_000, 3_600_000_000


def counts(
    name: str, instants: list[int], engine: Engine, settings: tuple[str, ...] = ()
) -> NDArray[np.int64]:
    """(replications, instants, 2): in the system, and of these in line."""
    runs = replications(name, engine, settings=settings)
    return np.array([[at_instant(run, t) for t in instants] for run in runs])


def disagreements(name: str, seen: NDArray[np.int64], times: list[str], agents: int) -> list[str]:
    """Expectations that the counts miss by more than three standard errors. The error of a small
    probability is taken at the expected value: few or no replications may show the event."""
    found = []
    for index, time in enumerate(times):
        system, line = seen[:, index, 0], seen[:, index, 1]
        for metric, sample in (
            (f"EN_{time}", system),
            (f"mean_in_system_{time}", system),
            (f"mean_queue_{time}", line),
            (f"p_all_busy_{time}", system >= agents),
        ):
            entry = KNOWN[name]["expected"].get(metric)
            if entry is None:
                continue
            judged = judge([(float(x), 1.0) for x in sample])
            error = max(judged.error, float(np.sqrt(entry["value"] / len(sample)) / 3))
            if abs(judged.value - entry["value"]) > 3 * error:
                found.append(f"{metric}: {judged.value:.5g}, expected {entry['value']:.5g}")
    return found


@ENGINES
@pytest.mark.parametrize("name", ["X31-MtMinf", "X32-MtDinf", "X33-MtMsM-theta=mu"])
def test_sinusoidal_arrivals(name: str, engine: Engine) -> None:
    instants = [int(t * HOUR) for t in KNOWN[name]["parameters"]["times"]]
    seen = counts(name, instants, engine)
    assert not disagreements(name, seen, ["t1", "t2", "t4", "t7.854"], agents=105)


MORNING = [30 * MINUTE, 60 * MINUTE, 120 * MINUTE]


@ENGINES
def test_a_backlog_in_the_morning(engine: Engine) -> None:
    seen = counts("X35-opening-backlog", MORNING, engine)
    assert not disagreements("X35-opening-backlog", seen, ["t30", "t60", "t120"], agents=5)


def test_the_comparison_catches_a_slower_team() -> None:
    seen = counts("X35-opening-backlog", MORNING, "compiled", ("teams.agents.staffing=[4]",))
    assert disagreements("X35-opening-backlog", seen, ["t30", "t60", "t120"], agents=5)


@pytest.mark.parametrize(("shape", "case"), [(10, "X38a"), (400, "X38b")])
def test_busy_days(shape: int, case: str) -> None:
    """Mixed Poisson: the variance of a day's volume is m + m^2 / shape."""
    from ccsim.network.compile import compile_network
    from ccsim.scenario.resolve import load
    from ccsim.workload import make_workload
    from tests.theory.runs import CASES

    design = load(CASES / f"X38-gamma-busyness-{shape}.yaml")
    network = compile_network(design)
    volumes = np.array([len(make_workload(design, network, 1999, r)) for r in range(4000)])
    expected = KNOWN[f"{case}-gamma-busyness"]["expected"]
    error = volumes.std(ddof=1) / np.sqrt(len(volumes))
    assert abs(volumes.mean() - expected["mean"]["value"]) < 3 * error
    assert volumes.std(ddof=1) == pytest.approx(expected["sd"]["value"], rel=0.03)
