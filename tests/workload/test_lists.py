"""Lists of customers to be called: whole customers whose number is right on average."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ccsim.check.check import check
from ccsim.network.compile import compile_network
from ccsim.network.plan import NetworkPlan
from ccsim.scenario.resolve import Design, all_from_dict
from ccsim.workload.arrivals import make_workload
from ccsim.workload.lists import counts_by_day


def design_of(listed: Any, days: int = 7) -> Design:
    data = {
        "ccsim": 1,
        "name": "Lists",
        "calendar": {"start": "2027-03-01", "days": days},
        "contacts": {
            "w": {"outbound": {"list": listed, "reached": "100 %", "handle": "4 min"}},
        },
        "channels": {"phone": {"patience": "endless"}},
        "opens": {"outbound": {"mon-sat": "10:00-19:00"}},
        "teams": {"a": {"staffing": [3], "hands": {"outbound": "in gaps"}}},
        "routing": {"*": ["a"]},
    }
    return all_from_dict(data)["base"]


@pytest.mark.parametrize(
    ("listed", "mean"),
    [
        ({"daily": 0.4}, 2.4),  # of seven days, but Sunday's cannot be called before the end
        ({"daily": 2.5}, 15.0),
        ({"mon": 0.1, "tue-fri": 0, "sat": 0.7, "sun": 0}, 0.8),
        (0.25, 0.25),
        ({"daily": 3}, 18.0),
    ],
)
def test_fractions_of_a_customer_come_on_average(listed: Any, mean: float) -> None:
    design = design_of(listed)
    network = compile_network(design)
    counts = [len(make_workload(design, network, 7, number)) for number in range(400)]
    assert set(np.diff(sorted(set(counts)))) <= {1}, "at most one more or less"
    # The number is a rounding of the mean, up or down: its standard deviation is below 1/2.
    assert abs(np.mean(counts) - mean) < 4 * 0.5 / 20
    assert check(design).entries.sum() == pytest.approx(mean)


def test_whole_customers_do_not_depend_on_chance() -> None:
    outbound = design_of({"mon": 40, "tue-sun": 20}).scenario.contacts["w"].outbound
    clock = NetworkPlan(design_of(3)).clock
    assert outbound is not None
    for offset in (0.0, 0.5, 1.0 - 2.0**-53):
        assert counts_by_day(outbound, clock, offset) == [40, 20, 20, 20, 20, 20, 20]


def test_who_cannot_be_called_any_more_is_warned_of() -> None:
    text = " ".join(check(design_of({"fri": 10, "sun": 20})).warnings)
    assert "w: 20 on the list at the end of the calendar have no calling hours left" in text
    assert "calling hours left" not in " ".join(check(design_of({"fri": 10, "sun": 0})).warnings)
