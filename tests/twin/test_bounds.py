"""The compiled engine works on raw addresses: what would lead it astray is refused before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ccsim.engine import compiled, order, reference
from ccsim.network.model import (
    Affinity,
    Branch,
    Consult,
    Limit,
    LimitClock,
    Network,
    OwnAgent,
    Queue,
    Service,
    Step,
    Team,
)
from ccsim.roster.model import SCHEDULE, SPANS, Roster
from ccsim.workload.model import Workload, without_history
from tests.networks import Case, table

SECOND = 1_000_000
HORIZON = 1000 * SECOND
ENDS = (Branch(1.0),)
DESK = Queue("desk", (Step((0,)),), (Service(SECOND, 1, ENDS),), table(1.0), None)


def case_with(desk: Queue = DESK, agent_of: int = 0, **columns: Any) -> Case:
    """One contact for one agent of one team, who can take two at once."""
    network = Network((desk,), (Team("A", units=2, rates=(65536, 65536)),), horizon=HORIZON)
    spans = np.array([(0, 0, HORIZON, 1.0, False)], SPANS)
    roster = Roster(np.array([agent_of], np.int32), spans, np.empty(0, SCHEDULE))
    workload = without_history(np.zeros(1, np.int64), np.zeros(1, np.int32), np.ones(1, np.uint64))
    return Case(network, roster, replace(workload, **columns), 1)


def served(*branches: Branch, units: int = 1, consult: Consult | None = None) -> Queue:
    service = Service(SECOND, units, branches or ENDS, consult=consult)
    return replace(DESK, services=(service,))


def limited(count: int) -> Queue:
    each = Limit("message", LimitClock.WAIT, ENDS, after=SECOND)
    return replace(DESK, limits=(each,) * count)


OUT_OF_BOUNDS: dict[str, tuple[Case, str]] = {
    "more units than an agent has": (case_with(served(units=3)), "takes 3 of 2 units of A"),
    "no units": (case_with(served(units=0)), "takes 0 of 2 units of A"),
    "a branch": (case_with(served(Branch(1.0, target=1))), "a branch leads to a queue"),
    "a warm transfer": (
        case_with(served(Branch(1.0, target=0, handover=1))),
        "a branch leads to a queue",
    ),
    "a consult": (case_with(served(consult=Consult(1, 0.5, 0.5))), "helpers are asked in a queue"),
    "owners": (
        case_with(replace(DESK, affinity=Affinity(OwnAgent.NAMED, 0, team=1))),
        "a team or a group of lines",
    ),
    "lines": (case_with(replace(DESK, lines=0)), "a team or a group of lines"),
    "lines of who is called": (case_with(replace(DESK, dials=0)), "a team or a group of lines"),
    "a step": (case_with(replace(DESK, route=(Step((1,)),))), "its route leads to team 1"),
    "services": (case_with(replace(DESK, services=DESK.services * 2)), "2 services"),
    "a contact": (case_with(queue=np.ones(1, np.int32)), "a contact of a queue that is not"),
    "an arrival before the start": (case_with(at=np.full(1, -1)), "none before 0"),
    "an agent": (case_with(agent_of=1), "an agent of a team that is not"),
    "patience": (case_with(patience=np.full(1, (1 << 63) - 1)), "beyond"),
}


@pytest.mark.parametrize("what", OUT_OF_BOUNDS)
def test_what_is_out_of_bounds_is_refused(what: str) -> None:
    case, words = OUT_OF_BOUNDS[what]
    with pytest.raises(ValueError, match=words):
        compiled.simulate(case.network, case.roster, case.workload)


def test_what_is_within_them_is_not() -> None:
    for desk in (DESK, served(units=2), served(Branch(1.0, target=0), consult=Consult(0, 0, 0))):
        case = case_with(desk)
        records = compiled.simulate(case.network, case.roster, case.workload)
        assert records.legs["answered"][0] == 0


@pytest.mark.parametrize("simulate", [compiled.simulate, reference.simulate])
def test_no_more_limits_than_have_draws_of_their_own(
    simulate: Callable[[Network, Roster, Workload], object],
) -> None:
    """With one more, its row and the delay of the exit before all others would be one draw."""
    assert order.MOST_LIMITS == 50
    for count in (50, 51):
        case = case_with(limited(count))
        given = case.network, case.roster, case.workload
        if count == 50:
            simulate(*given)
        else:
            with pytest.raises(ValueError, match="more than 50 limits"):
                simulate(*given)
