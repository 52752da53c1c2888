"""Segments, from the scenario's words to the measures: lines, promises, who belongs to them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from ccsim.check import check
from ccsim.engine.reference import simulate
from ccsim.experiment.replications.offered import first_attempts
from ccsim.measures.catalogue import known_measures
from ccsim.network.compile import compile_network
from ccsim.network.names import QueueName, route_key_of
from ccsim.roster import make_roster
from ccsim.scenario.resolve import Design, from_dict, to_plain
from ccsim.workload import make_workload
from tests.evaluated import evaluate
from tests.network.test_conversations import merged

HOUR = 3600 * 10**6
DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "calendar": {"start": "2027-03-01", "days": 2},
    "contacts": {
        "technical": {
            "arrivals": {"per_day": 900, "by_channel": {"phone": "60 %", "email": "rest"}},
            "phone": {"handle": "4 min"},
            "email": {"handle": "6 min", "backlog": 200},
            "escalates": [{"share": "20 %", "to": "tier2"}],
            "stages": {"tier2": {"handle": "10 min", "priority": 3}},
        },
        "billing": {"arrivals": {"per_day": 300}, "phone": {"handle": "3 min"}},
    },
    "channels": {
        "phone": {"answer_within": "20 s", "target": "80 %", "patience": "4 min"},
        "email": {"answer_within": "4 h"},
    },
    "segments": {
        "enterprise": {
            "share": "15 %",
            "of": "technical",
            "answer_within": {"email": "1 h"},
            "resolve_within": "1 d",
            "priority": 1,
        },
        "trial": {"share": "40 %", "answer_within": "2 min"},
    },
    "teams": {"desk": {"staffing": [9]}, "senior": {"staffing": [3]}},
    "routing": {"*": ["desk"], "technical#enterprise": ["senior", "desk"]},
}


def design_of(patch: dict[str, Any] | None = None) -> Design:
    return from_dict(merged(DESK, patch or {}), known_measures=known_measures)


def test_lines_of_segments_stand_beside_those_of_their_type() -> None:
    network = compile_network(design_of())
    queues = {queue.name: queue for queue in network.queues}
    firsts = [name for name in queues if "@" not in name]
    assert firsts == [
        "technical.phone", "technical.email",
        "technical#enterprise.phone", "technical#enterprise.email",
        "technical#trial.phone", "technical#trial.email",
        "billing.phone", "billing#trial.phone",
    ]  # fmt: skip
    assert queues["technical#enterprise.phone"].priority == 1
    assert queues["technical#enterprise.phone@tier2"].priority == 1
    assert (queues["technical.phone"].priority, queues["technical.phone@tier2"].priority) == (5, 3)
    # e-mail is done in gaps: in a band of its own, first there
    assert queues["technical#enterprise.email"].priority == 101
    assert [step.teams for step in queues["technical#enterprise.phone"].route] == [(1,), (0,)]
    assert [step.teams for step in queues["technical#trial.phone"].route] == [(0,)]


@pytest.mark.parametrize(
    ("keys", "winner"),
    [
        (["*", "technical"], "technical"),
        (["technical", "*#enterprise"], "*#enterprise"),
        (["technical.phone", "*#enterprise"], "*#enterprise"),
        (["*#enterprise", "technical#enterprise"], "technical#enterprise"),
        (["technical#enterprise", "technical#enterprise.phone"], "technical#enterprise.phone"),
        (["technical#enterprise", "*@tier2"], "technical#enterprise"),
        (["technical#trial", "*"], "*"),
    ],
)
def test_the_most_specific_line_of_routing_wins(keys: list[str], winner: str) -> None:
    assert route_key_of(QueueName("technical#enterprise", "phone"), keys) == winner


def test_customers_belong_to_a_segment_by_their_key_in_every_design() -> None:
    designs = (
        design_of(),
        design_of(
            {"segments": {"enterprise": {"share": "30 %"}}, "teams": {"desk": {"staffing": [20]}}}
        ),
        design_of({"contacts": {"billing": {"arrivals": {"per_day": 500}}}}),
    )  # fmt: skip
    segments, keys = [], []
    for design in designs:
        network = compile_network(design)
        workload = make_workload(design, network, 5, 0)
        names = np.array([queue.name for queue in network.queues])[workload.queue]
        own = np.char.startswith(names, "technical")
        segments.append(np.char.startswith(names, "technical#enterprise")[own])
        keys.append(workload.key[own])
    assert keys[0].tolist() == keys[1].tolist() == keys[2].tolist()
    assert segments[0].tolist() == segments[2].tolist()
    assert (segments[1] | ~segments[0]).all()  # a larger share has the same customers and more
    n = len(segments[0])
    assert abs(segments[0].mean() - 0.15) < 3.5 * math.sqrt(0.15 * 0.85 / n)
    assert abs(segments[1].mean() - 0.30) < 3.5 * math.sqrt(0.30 * 0.70 / n)


def test_without_the_segments_the_same_customers_come_at_the_same_instants() -> None:
    plain = {key: value for key, value in DESK.items() if key != "segments"}
    plain["routing"] = {"*": ["desk"], "technical@tier2": ["senior"]}
    columns = []
    for design in (design_of(), from_dict(plain)):
        workload = make_workload(design, compile_network(design), 5, 0)
        columns.append((workload.key.tolist(), workload.at.tolist(), workload.head_start.tolist()))
    assert columns[0] == columns[1]


def test_each_segment_is_measured_by_its_own_promise() -> None:
    design = design_of()
    network = compile_network(design)
    workload, roster = make_workload(design, network, 1, 0), make_roster(design, network, 1, 0)
    records = simulate(network, roster, workload)
    kpis = evaluate(design, network, roster, workload, records)
    totals = dict(zip(kpis.keys, kpis.totals.tolist(), strict=True))
    for measure in ("attempts", "contacts", "service_level"):
        # a type is its segments and the others; a segment is its part of each type
        parts = [totals[f"{scope}.{measure}"][0] for scope in
                 ("technical#enterprise", "technical#trial")]  # fmt: skip
        assert 0 < sum(parts) < totals[f"technical.{measure}"][0]
        whole = totals[f"technical.{measure}"][0] + totals[f"billing.{measure}"][0]
        assert whole == totals[f"all.{measure}"][0]
        assert totals[f"trial.{measure}"][0] == (
            totals[f"technical#trial.{measure}"][0] + totals[f"billing#trial.{measure}"][0]
        )
        assert totals[f"enterprise.{measure}"] == totals[f"technical#enterprise.{measure}"]
    legs = records.legs[records.legs["part"] == 0]
    names = [queue.name for queue in network.queues]
    for line, promise in (
        ("technical#enterprise.email", HOUR),
        ("technical#trial.email", HOUR // 30),
        ("technical#trial.phone", HOUR // 30),
        ("billing#trial.phone", HOUR // 30),
    ):
        mine = legs[legs["queue"] == names.index(line)]
        in_time = (mine["answered"] >= 0) & (mine["answered"] - mine["entered"] <= promise)
        assert totals[f"{line}.service_level"][0] == in_time.sum()
    assert "technical#enterprise.resolved_within" in totals
    assert "technical#trial.resolved_within" not in totals
    assert "enterprise.resolved_within" in totals and "trial.resolved_within" not in totals


def test_expected_entries_are_shared_out() -> None:
    explained = check(design_of())
    entries = {
        queue.name: float(coming.sum())
        for queue, coming in zip(explained.network.queues, explained.entries, strict=True)
    }
    assert entries["technical#enterprise.phone"] == pytest.approx(2 * 900 * 0.6 * 0.15)
    assert entries["technical#trial.phone"] == pytest.approx(2 * 900 * 0.6 * 0.40)
    assert entries["technical.phone"] == pytest.approx(2 * 900 * 0.6 * 0.45)
    assert entries["billing#trial.phone"] == pytest.approx(2 * 300 * 0.4)
    assert entries["technical#enterprise.email@backlog"] == pytest.approx(200 * 0.15)


def test_a_resolved_design_says_segments_as_they_are_written() -> None:
    design = design_of()
    plain = to_plain(design)
    assert set(plain["contacts"]) == {"technical", "billing"}
    assert from_dict(plain).scenario == design.scenario


def test_what_a_machine_contains_of_a_type_it_contains_of_its_segments() -> None:
    bot = {"contains": {"technical": "30 %"}, "takes": "2 min"}
    network = compile_network(design_of({"channels": {"phone": {"bot": bot}}}))
    names = [queue.name for queue in network.queues]
    assert "technical#enterprise.phone@bot" in names and "billing#trial.phone@bot" not in names
    design = design_of({"channels": {"phone": {"bot": bot}}})
    workload = make_workload(design, network, 1, 0)
    came = {names[queue] for queue in np.unique(workload.queue).tolist()}
    assert "technical#enterprise.phone@bot" in came and "technical#enterprise.phone" not in came


def test_first_attempts_are_found_for_a_type_with_all_of_its_segments() -> None:
    counts = {"technical": {"arrivals": {"counts": "offered"}, "resolved": "80 %",
                            "again": {"share": "50 %", "delay": "1 h"}}}  # fmt: skip
    found = first_attempts(design_of({"contacts": counts}), seed=1)
    assert found is not None
    assert {"technical.phone", "technical.email"} <= set(found.shares)
    assert not any("#" in name for name in found.shares)
    # of those who stay at the first stage a tenth comes again: near 1 - 0.1, less at the end
    assert 0.85 < found.shares["technical.phone"] < 0.97
