"""Every file of `valid/` is played, by both engines alike, and its customers come and go."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ccsim.engine import compiled, reference
from ccsim.experiment.execution.run import load
from ccsim.experiment.replications.replicate import ReplicationPlan, Replicator
from ccsim.network.compile import compile_network
from tests.evaluated import evaluate

FILES = sorted((Path(__file__).parent / "valid").glob("*.yaml"))
ENDED = ("all.contacts", "all.abandoned", "all.closed", "all.blocked", "all.backlog_end")


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_valid_scenario_is_played_by_both_engines_alike(path: Path) -> None:
    design = load(path)["base"]
    network = compile_network(design)
    replicator = Replicator(ReplicationPlan((design,), seed=3))
    workload, roster, fast = replicator.records(design, network, 0)
    slow = reference.simulate(network, roster, workload)
    for name in ("legs", "work", "duty"):
        np.testing.assert_array_equal(getattr(fast, name), getattr(slow, name), err_msg=name)
    kpis = evaluate(design, network, roster, workload, fast)
    totals = dict(zip(kpis.keys, kpis.totals[:, 0].tolist(), strict=True))
    assert totals["all.customers"] > 0
    assert sum(totals[key] for key in ENDED) > 0
    assert np.isfinite(kpis.totals).all()
    assert compiled.simulate(network, roster, workload).legs.tobytes() == fast.legs.tobytes()
