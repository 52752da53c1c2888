"""Cases without chance, from other projects' test suites: exact to the microsecond."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.experiment.replications.replicate import Engine
from ccsim.network.model import Exit
from ccsim.records import Presence
from tests.theory.runs import Replication, replications

MINUTE = 60_000_000


def only(name: str, engine: Engine) -> Replication:
    (run,) = replications(name, engine, count=1)
    return run


BOTH = pytest.mark.parametrize("engine", ["compiled", "simpy"])


@BOTH
def test_one_and_a_half_minutes_of_work_every_minute(engine: Engine) -> None:
    """T06, simmer: every second contact is turned away."""
    run = only("T06-simmer-deterministic", engine)
    legs, work = run.records.legs, run.records.work
    assert (legs["exit"] == Exit.SERVED).sum() == 50
    assert (legs["exit"] == Exit.NO_ROOM).sum() == 50
    assert legs["ended"].max() == 100.5 * MINUTE
    assert (work["until"] - work["start"]).sum() == 75 * MINUTE


@BOTH
def test_released_before_seized(engine: Engine) -> None:
    """T07, simmer: who is released at an instant can be seized at it."""
    legs = only("T07-simmer-tie", engine).records.legs
    assert (legs["exit"] == Exit.SERVED).sum() == len(legs) == 10


@BOTH
def test_balking_when_three_are_present(engine: Engine) -> None:
    """T08, Ciw: times in minutes until 51."""
    legs = only("T08-ciw-baulking", engine).records.legs
    balked = legs["entered"][legs["exit"] == Exit.NO_ROOM] // MINUTE
    assert balked.tolist() == [20, 25, 35, 40, 45]
    done = legs[(legs["exit"] == Exit.SERVED) & (legs["ended"] < 51 * MINUTE)]
    assert (done["waited"] // MINUTE).tolist() == [0, 16]
    assert (done["ended"] // MINUTE).tolist() == [26, 47]


@BOTH
def test_one_contact_is_finished_in_overtime(engine: Engine) -> None:
    """T10, ContactCenters: staff falls from 20 to 5 while six contacts are in hand."""
    run = only("T10-cc-group-volume", engine)
    work, duty = run.records.work, run.records.duty
    assert (work["until"] - work["start"]).sum() == 60 * MINUTE
    assert (duty["until"] - duty["start"]).sum() == 1175 * MINUTE
    overtime = duty[duty["presence"] == Presence.OVERTIME]
    assert (overtime["until"] - overtime["start"]).tolist() == [5 * MINUTE]
    assert np.all(work["start"] == 45 * MINUTE)
