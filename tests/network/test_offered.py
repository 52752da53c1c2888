"""First attempts from an ACD's counts, with pilots whose answer is known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ccsim.network.offered import first_guess, solve_first_attempts
from tests.network.designs import HOUR, MINUTE, compiled


def test_repeats_alone_are_a_geometric_series() -> None:
    """With 30 % coming again after each contact, N = 1 / 0.7 contacts for each first one."""

    def pilot(shares: Mapping[str, float]) -> dict[str, float]:
        return {"calls.phone": 1000.0 * shares["calls.phone"] / 0.7}

    found = solve_first_attempts({"calls.phone": 1000.0}, pilot)
    assert found.miss <= 1e-9
    assert found.shares["calls.phone"] == pytest.approx(0.7, rel=1e-9)
    assert found.rounds == 2  # proportional: one correction suffices


def crowd(x: float, y: float) -> tuple[float, float]:
    """Two types share agents: redials grow with the square of what both bring."""
    redialled = 0.35 * ((x + y) / 1500.0) ** 2
    return x * (1 + redialled), y * (1 + redialled) + 0.05 * x


def test_congestion_breeds_redials() -> None:
    x, y = 800.0, 400.0
    offered = dict(zip(("a.phone", "b.phone"), crowd(x, y), strict=True))

    def pilot(shares: Mapping[str, float]) -> dict[str, float]:
        counts = crowd(
            offered["a.phone"] * shares["a.phone"], offered["b.phone"] * shares["b.phone"]
        )
        return dict(zip(offered, counts, strict=True))

    found = solve_first_attempts(offered, pilot, tolerance=1e-6)
    assert found.miss <= 1e-6
    assert found.shares["a.phone"] * offered["a.phone"] == pytest.approx(x, rel=1e-5)
    assert found.shares["b.phone"] * offered["b.phone"] == pytest.approx(y, rel=1e-5)


def test_a_steep_answer_is_damped() -> None:
    """Counts as the cube of the share: the undamped iteration swings ever wider."""

    def pilot(shares: Mapping[str, float]) -> dict[str, float]:
        return {"a.phone": 100.0 * shares["a.phone"] ** 3.5 / 0.5**3.5}

    found = solve_first_attempts({"a.phone": 100.0}, pilot, tolerance=1e-4, most_rounds=60)
    assert found.miss <= 1e-4
    assert found.shares["a.phone"] == pytest.approx(0.5, rel=1e-3)


def test_what_cannot_be_met_is_said() -> None:
    found = solve_first_attempts(
        {"a.phone": 100.0}, lambda shares: {"a.phone": 50.0}, most_rounds=4
    )
    assert found.miss > 1e-3
    assert found.miss == pytest.approx(0.5)
    assert found.rounds == 4


def test_nothing_offered_keeps_its_share() -> None:
    found = solve_first_attempts({"a.phone": 0.0}, lambda shares: {"a.phone": 0.0})
    assert found.shares == {"a.phone": 1.0}
    assert found.miss <= 0.0


def test_first_guess_by_hand() -> None:
    """40 % unresolved, half of them again: each attempt brings 0.2 more, N = 1.25. Of a tier: 25 %
    go up, there 10 % unresolved, all again: 0.75 x 0.2 + 0.25 x 0.1 = 0.175, N = 1 / 0.825."""
    plain = {
        "contacts": {"calls": {"resolved": 0.6, "again": {"share": 0.5, "delay": {"mean": HOUR}}}}
    }
    assert first_guess(compiled(plain)) == pytest.approx({"calls.phone": 0.8})
    tiers = {
        "contacts": {
            "calls": {
                "stages": {"tier2": {"handle": {"mean": 14 * MINUTE}, "resolved": 0.9}},
                "escalates": ({"to": "tier2", "share": 0.25},),
                "resolved": 0.8,
                "again": {"share": 1.0, "delay": {"mean": HOUR}},
            }
        }
    }
    assert first_guess(compiled(tiers))["calls.phone"] == pytest.approx(0.825)


def test_who_returns_for_ever_has_as_many_attempts_as_legs() -> None:
    endless = {
        "run": {"max_legs": 10},
        "contacts": {"calls": {"resolved": 0.0, "again": {"share": 1.0, "delay": {"mean": HOUR}}}},
    }
    assert first_guess(compiled(endless)) == pytest.approx({"calls.phone": 0.1})
