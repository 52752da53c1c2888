"""Closed forms against published and independently computed figures.

`cases.json` holds the cases, each with its source; numbers written here have theirs beside them.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from ccsim.erlang import (
    Counting,
    ErlangA,
    ErlangC,
    agents_needed,
    erlang_b,
    erlang_c,
    gross_of,
)
from tests.theory.formulas import erlang_a_states

CASES = {
    case["id"]: case for case in json.loads(Path(__file__).with_name("cases.json").read_text())
}
PRINTED = 5e-9  # figures of the cases have ten digits


def parameters(case: str) -> dict[str, Any]:
    return dict(CASES[case]["parameters"])


def expected(case: str, measure: str) -> float:
    return float(CASES[case]["expected"][measure]["value"])


def close(value: float, wanted: float, rel: float = PRINTED) -> bool:
    return math.isclose(value, wanted, rel_tol=rel, abs_tol=0.0)


def test_a_wrong_digit_is_noticed() -> None:
    assert close(0.4817053726, 0.48170537261)
    assert not close(0.4817053726, 0.4817053826)


@pytest.mark.parametrize(
    ("case", "unit"),
    [("X01-erlangC-14", "min"), ("X02-erlangC-55", "s"), ("X03-erlangC-heavy", "min")],
)
def test_erlang_c(case: str, unit: str) -> None:
    p = parameters(case)
    queue = ErlangC(p[f"arrival_rate_per_{unit}"], p[f"mean_handle_{unit}"], p["agents"])
    within = p[f"sl_threshold_{unit}"]
    found = {
        "p_wait": queue.wait_probability,
        "mean_wait": queue.mean_wait,
        "mean_wait_given_wait": queue.mean_wait_of_waiting,
        "mean_queue": queue.mean_in_line,
        "occupancy": queue.occupancy,
        "service_level": queue.service_level(within),
    }
    for measure, value in found.items():
        assert close(value, expected(case, measure)), measure


ERLANG_A = {
    "X14-erlangA": 0.0,
    "X15-erlangA-overload": 0.0,
    "X20-balk+patience": 0.1,
}


@pytest.mark.parametrize("case", ERLANG_A)
def test_erlang_a(case: str) -> None:
    p = parameters(case)
    queue = ErlangA(
        p["arrival_rate_per_min"],
        p["mean_handle_min"],
        p["agents"],
        p["mean_patience_min"],
        hangs_up_at_once=ERLANG_A[case],
    )
    within = p["sl_threshold_min"]
    found = {
        "p_delay": queue.wait_probability,
        "p_abandon": queue.abandoned,
        "mean_wait_all": queue.mean_wait,
        "mean_queue": queue.mean_in_line,
        "mean_wait_served": queue.mean_wait_answered,
        "occupancy": queue.occupancy,
        "sl_answered_in_T_over_offered": queue.service_level(within, Counting.OF_OFFERED),
        "sl_answered_in_T_over_served": queue.service_level(within, Counting.OF_ANSWERED),
        "sl_answered_in_T_over_offered_less_short_abandons": queue.service_level(
            within, Counting.SHORT_ABANDONS_OUT
        ),
        "p_abandon_within_T": queue.abandoned_within(within),
    }
    for measure, value in found.items():
        assert close(value, expected(case, measure)), measure


@pytest.mark.parametrize(
    ("rate", "handle", "agents", "patience"),
    [(300.0, 1.0, 300, 0.5), (300.0, 1.0, 280, 3.0), (800.0, 0.5, 420, 2.0), (0.5, 2.0, 1, 4.0)],
)
def test_erlang_a_equals_its_birth_and_death_process(
    rate: float, handle: float, agents: int, patience: float
) -> None:
    queue = ErlangA(rate, handle, agents, patience)
    states = erlang_a_states(rate, 1.0 / handle, agents, 1.0 / patience)
    assert close(queue.wait_probability, states["p_wait"], 1e-10)
    assert close(queue.mean_in_line, states["mean_in_line"], 1e-10)
    assert close(queue.abandoned, states["p_abandon"], 1e-9)


def test_endless_patience_is_erlang_c() -> None:
    patient, endless = ErlangA(4, 3, 14, 1e7), ErlangC(4, 3, 14)
    assert close(patient.wait_probability, endless.wait_probability, 1e-5)
    assert close(patient.service_level(0.5), endless.service_level(0.5), 1e-5)


def test_extremes_stay_within_bounds() -> None:
    for queue in (
        ErlangA(1.0, 10.0, 500, 1.0),  # hardly anybody comes: B is below the smallest double
        ErlangA(1000.0, 1.0, 300, 500.0),  # three times too many, who wait for ever
        ErlangA(0.001, 1.0, 1, 1.0),
    ):
        for share in (queue.wait_probability, queue.abandoned, queue.service_level(0.1)):
            assert 0.0 <= share <= 1.0
    assert ErlangA(1.0, 10.0, 500, 1.0).service_level(0.0) == 1.0
    assert math.isclose(ErlangA(1000.0, 1.0, 300, 500.0).abandoned, 0.7, rel_tol=1e-6)


def test_erlang_b() -> None:
    case = "X10-erlangB-insensitive"
    p = parameters(case)
    assert close(erlang_b(p["offered_erlang"], p["lines"]), expected(case, "p_block"))
    assert erlang_b(2.0, 0) == 1.0
    assert erlang_b(0.0, 3) == 0.0


def test_erlang_c_without_a_steady_state() -> None:
    assert erlang_c(12.0, 12) == 1.0
    overloaded = ErlangC(4, 3, 12)
    assert overloaded.mean_wait == math.inf
    assert overloaded.service_level(100.0) == 0.0


def test_agents_as_pyworkforce_counts_them() -> None:
    case = "T01-pyworkforce"
    p = parameters(case)
    rate = p["calls"] / p["interval_min"]
    within, handle, target = p["threshold_min"], p["aht_min"], p["sl_target"]
    agents = agents_needed(rate, handle, within, target, most_occupied=0.85)
    assert agents == expected(case, "raw_positions")
    assert gross_of(agents, p["shrinkage"]) == expected(case, "positions")
    queue = ErlangC(rate, handle, agents)
    assert abs(queue.service_level(within) - expected(case, "service_level")) < 5e-4
    assert abs(queue.wait_probability - expected(case, "waiting_probability")) < 5e-4
    # the notes of the case: with occupancy at most 70 % it is 15 and, gross, 22
    tighter = agents_needed(rate, handle, within, target, most_occupied=0.70)
    assert (tighter, gross_of(tighter, p["shrinkage"])) == (15, 22)


def test_agents_as_turbotab_counts_them() -> None:
    p = parameters("T02-turbotab")
    agents = agents_needed(p["calls"] / p["interval_s"], p["aht_s"], 20.0, 0.80)
    assert agents == expected("T02-turbotab", "agents")


def test_mean_waits_of_herzog() -> None:
    case = "T03-herzog-erlangC"
    p = parameters(case)
    rate, handle, agents = p["arrival_rate_per_min"], p["mean_handle_min"], p["agents"]
    without = 60.0 * ErlangC(rate, handle, agents).mean_wait
    patience = p["mean_patience_min_second_case"]
    having = 60.0 * ErlangA(rate, handle, agents, patience).mean_wait
    assert abs(without - expected(case, "mean_wait_s_no_patience")) <= 0.01
    assert abs(having - expected(case, "mean_wait_s_with_patience")) <= 0.01


def test_agents_needed_is_the_fewest() -> None:
    for patience in (None, 2.0):
        agents = agents_needed(30.0, 4.0, 1 / 3, 0.80, patience=patience)
        level = {
            n: (ErlangC(30.0, 4.0, n) if patience is None else ErlangA(30.0, 4.0, n, patience))
            for n in (agents - 1, agents)
        }
        assert level[agents].service_level(1 / 3) >= 0.80 > level[agents - 1].service_level(1 / 3)


def test_patience_spares_agents() -> None:
    assert agents_needed(30.0, 4.0, 1 / 3, 0.8, patience=1.0) < agents_needed(30.0, 4.0, 1 / 3, 0.8)


def test_nobody_needs_nobody() -> None:
    assert agents_needed(0.0, 3.0, 0.3, 0.8) == 0


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="target"):
        agents_needed(1.0, 1.0, 0.3, 1.0)
    with pytest.raises(ValueError, match="shrinkage"):
        gross_of(10, 1.0)
    with pytest.raises(ValueError, match="negative"):
        erlang_b(-1.0, 3)


def test_gross_of_rounds_up_but_not_by_rounding_errors() -> None:
    assert gross_of(14, 0.3) == 20
    assert gross_of(7, 0.3) == 10  # 7 / 0.7 is 10.000000000000002 in floating point
    assert gross_of(0, 0.3) == 0
