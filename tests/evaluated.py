"""The KPIs of one replication from its whole records, for tests that write or keep records."""

from __future__ import annotations

from ccsim.measures.evaluate import KpiEvaluator
from ccsim.measures.kpis import Kpis
from ccsim.network.model import Network
from ccsim.records import Records, chunks_of
from ccsim.roster.model import Roster
from ccsim.scenario.resolve import Design
from ccsim.workload.model import Workload


def evaluate(
    design: Design, network: Network, roster: Roster, workload: Workload, records: Records
) -> Kpis:
    """All measures of one replication, from its records. Which keys there are depends on the
    design alone."""
    evaluator = KpiEvaluator(design, network)
    accumulator = evaluator.accumulator(roster)
    for rows in chunks_of(records):
        accumulator.take(rows)
    return evaluator.kpis(accumulator, roster, workload)
