"""Measures of simulated records obey the identities that tie them to the records' own columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ccsim.engine.reference import simulate
from ccsim.measures.kpis import Kpis
from ccsim.network.compile import compile_network
from ccsim.network.model import Exit
from ccsim.records import Records
from ccsim.roster import make_roster
from ccsim.workload import make_workload
from tests.evaluated import evaluate
from tests.measures.desk import HORIZON, Blocks, S, design, parts

BUSY: Blocks = {
    "contacts": {
        "billing": {
            "arrivals": {"per_day": 700.0, "by_channel": {"phone": 0.8, "email": "rest"}},
            "resolved": 0.7,
            "again": {"share": 0.5, "delay": {"family": "exponential", "mean": 3600 * S}},
        },
        "technical": {"arrivals": {"per_day": 300.0}},
    },
    "channels": {
        "phone": {
            "patience": {"family": "exponential", "mean": 60 * S},
            "redial": {"share": 0.5, "delay": {"family": "exponential", "mean": 600 * S}},
            "lines": 6,
        }
    },
    "teams": {"frontline": {"people": 3}},
}


@pytest.fixture(scope="module")
def simulated() -> tuple[Records, Kpis]:
    made: Any = design(BUSY)
    network = compile_network(made)
    workload = make_workload(made, network, 7, 0)
    roster = make_roster(made, network, 7, 0)
    records = simulate(network, roster, workload)
    return records, evaluate(made, network, roster, workload, records)


def test_littles_law_as_an_identity(simulated: tuple[Records, Kpis]) -> None:
    records, kpis = simulated
    legs = records.legs[records.legs["part"] == 0]
    assert legs["waited"].sum() > 10_000 * S
    assert parts(kpis, "all.backlog_mean") == pytest.approx((legs["waited"].sum() / S, HORIZON))


def test_capacity_taken_is_that_of_the_work(simulated: tuple[Records, Kpis]) -> None:
    records, kpis = simulated
    held = (records.work["freed"] - records.work["start"]).sum() / S  # one unit each
    assert parts(kpis, "all.heads_busy")[0] == pytest.approx(held)
    assert parts(kpis, "all.concurrency") == pytest.approx((held, held))
    assert parts(kpis, "all.heads_on_duty") == pytest.approx((4 * HORIZON, HORIZON))


def test_every_entry_has_one_fate(simulated: tuple[Records, Kpis]) -> None:
    records, kpis = simulated
    exits = records.legs["exit"]
    assert parts(kpis, "all.contacts_handled")[0] == (exits == Exit.SERVED).sum()
    assert parts(kpis, "all.blocked")[0] == (exits == Exit.NO_LINE).sum() > 0
    unanswered = parts(kpis, "all.abandoned")[0] + parts(kpis, "technical.phone@tier2.abandoned")[0]
    assert unanswered == (exits == Exit.ABANDONED).sum() > 0
    again = parts(kpis, "all.attempts")[0] - parts(kpis, "all.customers")[0]
    assert again == parts(kpis, "all.redials")[0] + parts(kpis, "all.repeats")[0] > 0


def test_those_in_line_at_the_end_are_the_last_level_of_the_line(
    simulated: tuple[Records, Kpis],
) -> None:
    records, kpis = simulated
    legs = records.legs
    waiting = np.isin(legs["state"], (1, 4))
    assert parts(kpis, "all.backlog_end")[0] == waiting.sum()
    assert parts(kpis, "all.backlog_peak")[0] >= waiting.sum()
