"""A share to which a scenario leaves no way is 0 and surely so; one that did not come up is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.experiment import Run, run
from ccsim.measures.catalogue import known_measures
from ccsim.measures.structural_zeros import is_structural_zero


@pytest.mark.parametrize(
    "key", ["all.escalated", "phone.redial_share", "orders.phone.blocked", "phone.cut_off"]
)
def test_what_cannot_happen_has_no_interval(desk: Run, key: str) -> None:
    found = desk[key]
    assert is_structural_zero(key, desk.scenario)
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


def test_what_has_not_happened_yet_keeps_its_interval(desk_file: Path) -> None:
    sets = ["channels.phone.lines=90", "at_close.phone=clear the line"]
    found = run(desk_file, replications=2, workers=1, set=sets)
    for key in ("phone.blocked", "all.blocked", "orders.phone.cut_off"):
        estimate = found[key]
        assert estimate.value == 0.0
        assert estimate.high is not None and estimate.high > 0.0, key


def test_no_share_that_was_seen_is_said_to_be_impossible(desk: Run) -> None:
    seen = [key for key in known_measures(desk.scenario) if desk[key].value]
    assert "phone.abandoned" in seen and "all.repeat_share" in seen
    assert not [key for key in seen if is_structural_zero(key, desk.scenario)]


def test_the_way_there_is_found_type_by_type_and_channel_by_channel(desk_file: Path) -> None:
    sets = [
        "contacts.orders.stages={second: {handle: 5 min}}",
        "contacts.orders.escalates=[{to: second, share: 10 %}]",
        "routing.orders@second=[desk]",
    ]
    found = run(desk_file, replications=1, workers=1, set=sets)
    assert not is_structural_zero("orders.escalated", found.scenario)
    assert not is_structural_zero("orders.phone.escalated", found.scenario)
    assert is_structural_zero("all.promoted", found.scenario)
    assert is_structural_zero("email.closed", found.scenario)
    assert not is_structural_zero("phone.closed", found.scenario)
