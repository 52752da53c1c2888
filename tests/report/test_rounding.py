"""Digits that the interval supports: cases worked by hand from the rule in rounding.py."""

from __future__ import annotations

import pytest

from ccsim.report.words.rounding import duration, number, scale_for, spread
from ccsim.statistics.estimate import Estimate
from tests.report.estimates import around, certain, interval


@pytest.mark.parametrize(
    ("unit", "row", "shown_unit", "expected"),
    [
        # half-widths 0.9, 0.7 and 1.2 points: typically 0.9, so one decimal for all three
        (
            "share",
            [around(0.784, 0.009), around(0.861, 0.007), around(0.71, 0.012)],
            "%",
            [("78.4", "±0.9"), ("86.1", "±0.7"), ("71.0", "±1.2")],
        ),
        ("share", [around(0.8123, 0.043)], "%", [("81", "±4")]),
        ("share", [around(0.71834, 0.0016)], "%", [("71.8", "±0.2")]),
        ("share", [around(0.00234, 0.0003)], "%", [("0.23", "±0.03")]),  # rare: two decimals
        ("share", [around(0.8123, 0.013)], "%", [("81.2", "±1.3")]),  # a leading 1 keeps two
        ("share", [around(0.5, 0.00001)], "%", [("50.0", "±0.1")]),  # never ±0.0
        ("share", [certain(0.8)], "%", [("80.0", "")]),  # certain: no ±
        ("us", [around(14.2e6, 0.4e6)], "s", [("14.2", "±0.4")]),
        (
            "us",
            [around(14.2e6, 0.4e6), around(150e6, 9e6)],
            "min",
            [("0.24", "±0.01"), ("2.50", "±0.15")],
        ),
        ("us", [around(5.5 * 3600e6, 0.3 * 3600e6)], "h", [("5.5", "±0.3")]),
        ("s", [around(14.2, 0.4)], "s", [("14.2", "±0.4")]),
        ("money:UAH", [around(2_142_300, 940)], "thousand UAH", [("2 142.3", "±0.9")]),
        ("money:UAH", [around(2_142_300, 4_000)], "thousand UAH", [("2 142", "±4")]),
        ("money:UAH", [around(41_300, 400)], "UAH", [("41 300", "±400")]),
        ("sum:UAH", [around(141_234, 1_900)], "UAH", [("141 200", "±1 900")]),
        ("sum:UAH", [around(59_173, 5_860)], "UAH", [("59 000", "±6 000")]),
        ("price:UAH", [around(6.118, 0.021)], "UAH", [("6.12", "±0.02")]),
        ("FTE", [certain(62.0), certain(60.5)], "FTE", [("62.0", ""), ("60.5", "")]),
        ("people", [certain(62.0)], "people", [("62", "")]),
        ("share", [interval(None)], "%", [("–", "")]),
        ("contacts", [around(10_432.2, 31)], "contacts", [("10 430", "±30")]),
    ],
)
def test_digits_follow_the_interval(
    unit: str, row: list[Estimate], shown_unit: str, expected: list[tuple[str, str]]
) -> None:
    scale = scale_for(unit, row)
    assert scale.unit == shown_unit
    assert [(scale.text(cell.value), spread(cell, scale)) for cell in row] == expected


def test_a_share_near_its_bound_shows_its_ends_instead_of_leaving_it() -> None:
    cell = interval(0.995, 0.97, 0.999)
    assert spread(cell, scale_for("share", [cell])) == "(97.0 to 99.9)"


def test_ends_beyond_the_bounds_are_not_shown() -> None:
    share = interval(0.01, -0.02, 0.04)
    wait = interval(2e6, -1e6, 5e6)
    assert spread(share, scale_for("share", [share])) == "(0 to 4)"
    assert spread(wait, scale_for("us", [wait])) == "(0 to 5)"


def test_ends_are_rounded_outward() -> None:
    cell = interval(1.0, 0.99984, 1.0)
    assert spread(cell, scale_for("share", [cell])) == "(99.9 to 100.0)"
    cell = interval(0.0, 0.0, 0.00003)
    assert spread(cell, scale_for("share", [cell])) == "(0.00 to 0.01)"


def test_differences_may_be_negative() -> None:
    cell = around(-0.077, 0.006)
    scale = scale_for("points", [cell])
    assert (scale.text(cell.value), spread(cell, scale), scale.unit) == ("-7.7", "±0.6", "points")


def test_no_minus_before_zero() -> None:
    assert number(-0.004, 1) == "0.0"
    assert number(-0.06, 1) == "-0.1"


@pytest.mark.parametrize(
    ("us", "text"),
    [
        (20e6, "20 s"),
        (90e6, "90 s"),
        (60e6, "1 min"),
        (45 * 60e6, "45 min"),
        (4 * 3600e6, "4 h"),
        (90 * 60e6, "1.5 h"),
        (24 * 3600e6, "24 h"),
        (48 * 3600e6, "2 d"),
        (0.5e6, "0.5 s"),
    ],
)
def test_durations_as_people_write_them(us: float, text: str) -> None:
    assert duration(us) == text
