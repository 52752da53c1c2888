"""Warm transfers, traced by hand from the file to the measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccsim.network.explain import describe, network_data
from tests.network.desks import run

MIN = 60 * 10**6


def warm(seniors: int = 1, **more: Any) -> dict[str, Any]:
    """Calls of ten minutes at the desk are passed on after three; seniors take six."""
    row = {
        "share": "100 %",
        "to": "second",
        "how": "warm transfer",
        "at_effort": "30 %",
        "handover": {"mean": "2 min", "family": "constant"},
    }
    return {
        "contacts": {
            "calls": {
                "escalates": [row | more],
                "second": {"handle": {"mean": "6 min", "family": "constant"}},
            }
        },
        "teams": {"desk": {"people": 2}, "seniors": {"people": seniors}},
        "routing": {"*@second": ["seniors"]},
    }


def test_both_agents_are_busy_for_the_handover(tmp_path: Path) -> None:
    found = run(tmp_path, warm(), calls=[0])
    first, second = found.legs[found.legs["part"] == 0]
    (joined,) = found.legs[found.legs["part"] == 1]
    assert (first["answered"], first["ended"]) == (0, 5 * MIN)  # 3 alone and 2 together
    assert (joined["entered"], joined["ended"]) == (3 * MIN, 5 * MIN)
    assert (second["entered"], second["answered"], second["ended"]) == (5 * MIN, 5 * MIN, 11 * MIN)
    assert second["agent"] == joined["agent"]
    kpis = found.kpis
    assert kpis["phone.escalations"] == 1
    assert (kpis["phone.consults"], kpis["phone.consults_helped"]) == (1, 1)
    minutes = {team: kpis[f"{team}.heads_busy"] * 24 * 60 for team in ("desk", "seniors")}
    assert minutes == pytest.approx({"desk": 5, "seniors": 8})
    assert kpis["phone.resolved"] == 1


def test_the_customer_waits_with_the_first_agent(tmp_path: Path) -> None:
    """Of two callers at once the second is handed over when the senior has done with the first, at
    11 minutes; its agent has waited for eight."""
    found = run(tmp_path, warm(waits="10 min"), calls=[0, 0])
    second = found.legs[(found.legs["contact"] == 1) & (found.legs["part"] == 0)]
    assert second["ended"].tolist() == [13 * MIN, 19 * MIN]
    assert found.kpis["phone.consult_wait"] == 4 * 60  # none, and 8 minutes
    assert found.kpis["calls.phone@second.wait"] == 0


def test_after_some_time_the_customer_waits_alone(tmp_path: Path) -> None:
    """For five minutes where nothing is said: at 8 the second caller joins the seniors' line, and
    is taken at 11."""
    found = run(tmp_path, warm(), calls=[0, 0])
    second = found.legs[(found.legs["contact"] == 1) & (found.legs["part"] == 0)]
    assert second["ended"].tolist() == [8 * MIN, 17 * MIN]
    assert found.kpis["phone.consults_helped"] == 0.5


def test_it_is_told_in_words_and_as_data(tmp_path: Path) -> None:
    network = run(tmp_path, warm(), calls=[0]).network
    passed_on = (
        "100 % escalated, after 30 % of the work, in person (whoever comes in "
        "calls.phone@second.handover goes on), to calls.phone@second"
    )
    assert passed_on in describe(network)
    assert "queue calls.phone@second.handover" in describe(network)
    (desk,) = [queue for queue in network_data(network)["queues"] if queue["name"] == "calls.phone"]
    assert desk["served_by"]["desk"]["then"][0]["in_person"] == "calls.phone@second.handover"
