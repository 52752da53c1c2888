"""What a design with many lines needs for its plan of measures grows with its lines."""

from __future__ import annotations

import tracemalloc
from typing import Any

from ccsim.measures.evaluate import KpiEvaluator
from ccsim.network.compile import compile_network
from ccsim.scenario.resolve import Design, from_dict


def desk_of(types: int) -> Design:
    """So many types of contact, for each pair of them a team of its own."""
    contact = {
        "arrivals": {"per_day": 20, "by_channel": {"phone": "50 %", "chat": "rest"}},
        "phone": {"handle": "5 min"},
        "chat": {"handle": "5 min"},
        "escalates": [{"share": "10 %", "to": "tier2"}],
        "stages": {"tier2": {"handle": "9 min"}},
    }
    data: dict[str, Any] = {
        "ccsim": 1,
        "name": "Many",
        "calendar": {"start": "2027-03-01", "days": 1, "timezone": "UTC"},
        "contacts": {f"t{i}": contact for i in range(types)},
        "channels": {"phone": {"patience": "3 min"}, "chat": {"patience": "3 min"}},
        "teams": {f"g{i}": {"people": 6} for i in range(types // 2)},
        "routing": {f"t{i}": [f"g{i // 2}"] for i in range(types)},
    }
    return from_dict(data)


def most_memory(types: int) -> int:
    """Bytes that making a evaluator takes at most."""
    design = desk_of(types)
    network = compile_network(design)
    KpiEvaluator(design, network)  # what is made once for all designs
    tracemalloc.start()
    try:
        KpiEvaluator(design, network)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_plan_of_many_lines_takes_memory_by_lines() -> None:
    """Every cell compared with every term of every line took 400 MB for 100 types of contact; the
    tables that say which line belongs to which scope are small beside that."""
    assert most_memory(20) < 8e6
