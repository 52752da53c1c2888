"""The oracles give the figures of `cases.json`, computed elsewhere from the same literature."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.theory import formulas
from tests.theory.formulas import Floats

CASES = {
    case["id"]: case for case in json.loads(Path(__file__).with_name("cases.json").read_text())
}


def expected(case: str, measure: str) -> float:
    return float(CASES[case]["expected"][measure]["value"])


def agrees(case: str, found: dict[str, float], rel: float = 5e-9) -> None:
    for measure, value in found.items():
        wanted = expected(case, measure)
        assert math.isclose(value, wanted, rel_tol=rel, abs_tol=1e-12), (measure, value, wanted)


def lognormal_stays(mean: float, scv: float) -> Callable[[Floats], Floats]:
    sigma = math.sqrt(math.log1p(scv))
    mu = math.log(mean) - sigma**2 / 2

    def stays(x: Floats) -> Floats:
        from scipy.special import ndtr

        with np.errstate(divide="ignore"):
            return np.asarray(ndtr((mu - np.log(x)) / sigma), dtype=np.float64)

    return stays


def test_constant_patience() -> None:
    found = formulas.mmn_g(
        10, 2, 20, lambda x: (x < 2.0).astype(np.float64), 0.5, 6.0, breaks=(2.0,)
    )
    agrees("X16-MMn+D", found, 2e-8)


def test_uniform_patience() -> None:
    found = formulas.mmn_g(
        11,
        2,
        20,
        lambda x: np.clip(1 - x / 5, 0.0, 1.0).astype(np.float64),
        0.5,
        12.0,
        breaks=(5.0,),
    )
    agrees("X17-MMn+U", found, 2e-8)


def test_lognormal_patience() -> None:
    found = formulas.mmn_g(10, 3, 30, lognormal_stays(3.0, 2.0), 1 / 3, 20.0)
    agrees("X19-MMn+LN", found, 2e-8)


def test_single_agent() -> None:
    assert math.isclose(
        formulas.pollaczek_khinchine(0.25, 3.0, 1.5),
        expected("X05-MG1-lognormal", "mean_wait"),
        rel_tol=1e-9,
    )


def test_constant_handling() -> None:
    agrees("X06-MDc", formulas.mdc(4, 1, 5))


def test_paced_arrivals() -> None:
    agrees("X08-DM1", formulas.gi_m_1(lambda s: math.exp(-1.25 * s), 1.0))


def test_priorities() -> None:
    waits = formulas.cobham([1, 1.5, 1.5], 1, 5)
    agrees("X21-cobham", {f"mean_wait_class{i + 1}": wait for i, wait in enumerate(waits)})
    one = formulas.cobham_one([0.2, 0.3], [1, 1.5], [1, 0.5])
    agrees("X22-cobham-MG1", {f"mean_wait_class{i + 1}": wait for i, wait in enumerate(one)})


def test_interruption() -> None:
    times = formulas.preemptive_resume([0.3, 0.4], [1, 1])
    agrees("X23-preemptive", {f"mean_sojourn_class{i + 1}": t for i, t in enumerate(times)})


def test_finite_sources() -> None:
    agrees("X12-engset", formulas.engset(20, 0.1, 1, 5))
    agrees("X13-finite-source-queue", formulas.finite_source(20, 0.05, 2, 3))


def test_a_wrong_figure_is_noticed() -> None:
    with pytest.raises(AssertionError, match="occupancy"):
        agrees("X06-MDc", {"occupancy": 0.8001})
