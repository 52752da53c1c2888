"""What stratified busyness and arrivals as controls gain on a published day.

The day of P06 (SSJ's CallCenter) with the busyness of P05 (gamma, shape 10), 1,660 calls expected.
Known beforehand, from 1,500 independent days grouped by the busyness that each had: with forty
strata the share answered in time has an eleventh of the variance.
"""

from __future__ import annotations

import pytest

from ccsim import run
from ccsim.experiment import Run
from ccsim.statistics.reduction import Gain
from tests.theory.test_synchronisation import FILE, SHAPE_10

KEYS = ("phone.service_level", "phone.speed_of_answer", "phone.abandoned")
# what docs/background/statistics.md shows, from 800 days
STRATIFIED = {
    "phone.service_level": (13.69, 6.41, 23.67),
    "phone.speed_of_answer": (4.71, 2.20, 8.15),
    "phone.abandoned": (9.42, 4.41, 16.29),
}
CONTROLLED = {
    "phone.service_level": (2.53, 2.26, 2.83),
    "phone.speed_of_answer": (1.32, 1.21, 1.44),
    "phone.abandoned": (1.86, 1.68, 2.06),
}


def days(n: int, *settings: str, seed: int = 95884) -> Run:
    return run(FILE, n, seed=seed, set=[SHAPE_10, *settings])


def found(gain: Gain | None) -> tuple[float, float, float]:
    assert gain is not None
    return gain.value, gain.low, gain.high


def test_both_gain_on_a_hundred_days_and_agree_with_plain_ones() -> None:
    plain, even = days(100), days(100, "run.stratify=busyness")
    controlled = days(100, "run.control=arrivals")
    for key in KEYS[:1]:
        (_, _, high), (_, low, _) = (
            found(even.result.gains(key).stratified),
            found(controlled.result.gains(key).controlled),
        )
        assert high > 3.0  # tens, which say too little
        assert low > 1.3
        for other in (even, controlled):
            ours, theirs = plain[key], other[key]
            assert ours.value is not None and theirs.value is not None
            assert ours.half_width is not None and theirs.half_width is not None
            assert theirs.half_width < ours.half_width
            assert abs(ours.value - theirs.value) < 2 * ours.half_width


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_gains_thoroughly() -> None:
    even, free = days(800, "run.stratify=busyness"), days(800, "run.control=arrivals")
    stratified = {key: found(even.result.gains(key).stratified) for key in KEYS}
    controlled = {key: found(free.result.gains(key).controlled) for key in KEYS}
    for key in KEYS:
        assert stratified[key] == pytest.approx(STRATIFIED[key], rel=0.02), stratified
        assert controlled[key] == pytest.approx(CONTROLLED[key], rel=0.02), controlled
    assert stratified["phone.service_level"][1] < 11.0 < stratified["phone.service_level"][2]
