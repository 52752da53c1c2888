"""An ACD's counts: the first attempts found by the pilot give back what was counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ccsim.experiment import compare, run
from ccsim.experiment.execution.run import load
from ccsim.experiment.replications.offered import counts_offered, first_attempts

OFFERED = ("contacts.orders.arrivals.counts=offered",)


def test_customers_need_no_pilot(desk_file: Path) -> None:
    design = load(desk_file)["base"]
    assert counts_offered(design) == ()
    assert first_attempts(design, seed=1) is None
    assert run(design, replications=1).first_attempts is None


def test_the_shares_give_back_the_counts(desk_file: Path) -> None:
    design = load(desk_file, OFFERED)["base"]
    found = first_attempts(design, seed=11)
    assert found is not None
    assert set(found.shares) == {"orders.phone", "orders.email"}
    assert found.miss <= 0.01
    # 15 % are unresolved and 40 % of these come again, nothing else returns: a customer makes at
    # most 1 / (1 - .06) attempts, so .94 are first ones; about 700 e-mails leave a standard error
    # of .01, and those who would come after the end make it more
    assert all(0.94 - 0.04 < share < 1.0 for share in found.shares.values())


def test_attempts_of_a_run_are_what_was_offered(desk_file: Path) -> None:
    # The same seeds without returns: what the stated volume would be as customers
    stated = run(desk_file, seed=11, workers=1, set=["contacts.orders.resolved=100 %"])
    found = run(desk_file, seed=11, workers=1, set=OFFERED)
    offered = stated["all.attempts"].value
    assert offered is not None
    assert found["all.attempts"].value == pytest.approx(offered, rel=0.03)
    customers = found["all.customers"].value
    assert customers is not None and customers < 0.98 * offered


def test_every_design_has_the_base_designs_customers(desk_file: Path) -> None:
    found = compare(desk_file, replications=2, workers=1, set=OFFERED)
    ours, theirs = (found[name].table.columns("all.customers")[0] for name in ("larger", "base"))
    np.testing.assert_array_equal(ours, theirs)
    alone = run(desk_file, replications=2, workers=1, set=OFFERED)
    assert found.first_attempts == alone.first_attempts


def test_the_pilot_is_deterministic(desk_file: Path) -> None:
    design = load(desk_file, OFFERED)["base"]
    again = first_attempts(design, seed=11)
    assert first_attempts(design, seed=11) == again


REPEATS = """\
ccsim: 1
name: Offered volumes and the warm-up
calendar: {start: 2027-01-04, days: 7}
run: {replications: 40, seed: 1}
contacts:
  calls:
    arrivals: {counts: offered, per_day: 1000}
    phone: {handle: 3 min}
    resolved: 50 %
    again: {share: 100 %, delay: 2 d}
channels: {phone: {answer_within: 20 s, patience: endless}}
teams: {desk: {staffing: [8]}}
routing: {calls: [desk]}
"""


@pytest.mark.parametrize("warm_up", [0, 7, 14])
def test_a_warm_up_does_not_change_what_is_offered_a_day(tmp_path: Path, warm_up: int) -> None:
    """Half of the customers come again after two days on average, so that repeats build up over the
    first week: 1,000 attempts are due on each day that is measured, whatever came before."""
    (tmp_path / "s.yaml").write_text(REPEATS, encoding="utf-8")
    setting = [f"calendar.days={warm_up + 7}", f"calendar.warm_up={warm_up} d"]
    found = run(tmp_path / "s.yaml", workers=1, set=setting)
    attempts = found["calls.attempts"].value
    assert attempts is not None
    assert attempts / 7 == pytest.approx(1000, rel=0.015)  # the pilot's own error is some 0.7 %
