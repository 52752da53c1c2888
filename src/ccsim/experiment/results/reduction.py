"""What a scenario's `run` says of reducing variance, applied to the table of a design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ccsim.experiment.results.table import KpiTable
from ccsim.statistics.reduction import Reduction
from ccsim.workload.expected import expected_customers
from ccsim.workload.strata import FORTY, TENTHS

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design

TOGETHER = {TENTHS: 50, 2 * TENTHS: 200, FORTY: 800}
"""How many replications are taken together, from how many on: forties are independent, and twenty
of them make a good interval; fewer replications go in smaller groups, which say too much spread."""


def reduced(
    table: KpiTable, design: Design, first_attempts: Mapping[str, float] | None
) -> KpiTable:
    """The table with what `run.stratify` and `run.control` of its design ask for."""
    options = design.scenario.run
    if options.stratify is None and options.control is None:
        return table
    controls = np.empty((table.replications, 0))
    if options.control is not None:
        known = expected_customers(design, first_attempts)
        columns = [table.columns(f"{name}.customers")[0] - mean for name, mean in known.items()]
        controls = np.column_stack([controls, *columns])
    sizes = TOGETHER if options.stratify is not None else {}
    return replace(table, how=Reduction(sizes, controls))


def whole(replications: int, design: Design) -> int:
    """So many replications, in whole tens where these share out the busyness."""
    if design.scenario.run.stratify is None:
        return replications
    return -(-replications // TENTHS) * TENTHS
