"""Sentences are never stronger than the interval: clear, reversed and open cases."""

from __future__ import annotations

import pytest

from ccsim.report.words.verdicts import (
    DesignChange,
    DesignTargets,
    Status,
    TargetResult,
    against_sentence,
    change_words,
    status_of,
    target_sentences,
)
from tests.report.estimates import interval


@pytest.mark.parametrize(
    ("low", "high", "bounds", "expected"),
    [
        (0.81, 0.85, {"at_least": 0.80}, Status.MET),
        (0.80, 0.85, {"at_least": 0.80}, Status.MET),
        (0.79, 0.85, {"at_least": 0.80}, Status.CLOSE),
        (0.75, 0.80, {"at_least": 0.80}, Status.CLOSE),  # touches: not wholly on the wrong side
        (0.75, 0.79, {"at_least": 0.80}, Status.MISSED),
        (0.01, 0.04, {"at_most": 0.05}, Status.MET),
        (0.04, 0.06, {"at_most": 0.05}, Status.CLOSE),
        (0.06, 0.07, {"at_most": 0.05}, Status.MISSED),
    ],
)
def test_status_is_read_from_the_whole_interval(
    low: float, high: float, bounds: dict[str, float], expected: Status
) -> None:
    assert status_of(interval((low + high) / 2, low, high), **bounds) is expected


def test_an_undefined_value_is_too_close() -> None:
    assert status_of(interval(None), at_least=0.8) is Status.CLOSE


def test_a_certain_value_is_decided() -> None:
    assert status_of(interval(0.8, 0.8, 0.8), at_least=0.8) is Status.MET
    assert status_of(interval(0.79, 0.79, 0.79), at_least=0.8) is Status.MISSED


def test_one_replication_decides_nothing() -> None:
    assert status_of(interval(0.99), at_least=0.8) is Status.CLOSE


PHONE, CHAT = "calls answered within 20 s", "chats answered within 45 s"


def design(name: str, phone: str, chat: str) -> DesignTargets:
    targets = TargetResult(PHONE, Status(phone)), TargetResult(CHAT, Status(chat))
    return DesignTargets(name, targets)


def test_the_only_design_that_meets_all() -> None:
    designs = [
        design("tiered", "missed", "met"),
        design("pooled", "met", "met"),
        design("pods", "missed", "too close to call"),
    ]
    assert target_sentences(designs) == [
        "pooled meets all targets; no other design does.",
        f"tiered and pods miss: {PHONE}.",
    ]


def test_not_called_the_only_one_while_another_is_too_close() -> None:
    designs = [design("tiered", "too close to call", "met"), design("pooled", "met", "met")]
    assert target_sentences(designs) == [
        "pooled meets all targets.",
        f"Too close to call in tiered: {PHONE}.",
    ]


def test_several_meet_all() -> None:
    designs = [
        design("tiered", "met", "met"),
        design("pooled", "met", "met"),
        design("pods", "missed", "missed"),
    ]
    assert target_sentences(designs) == [
        "tiered and pooled meet all targets.",
        f"pods misses: {PHONE} and {CHAT}.",
    ]


def test_all_meet_all() -> None:
    designs = [design(name, "met", "met") for name in ("tiered", "pooled", "pods")]
    assert target_sentences(designs) == ["All designs meet all targets."]
    assert target_sentences(designs[:2]) == ["Both designs meet all targets."]


def test_none_meets_all() -> None:
    designs = [design("tiered", "missed", "met"), design("pooled", "missed", "missed")]
    assert target_sentences(designs) == [
        "No design meets all targets.",
        f"tiered misses: {PHONE}.",
        f"pooled misses: {PHONE} and {CHAT}.",
    ]


def test_too_close_is_not_called_missed_by_all() -> None:
    designs = [design("tiered", "too close to call", "met"), design("pooled", "missed", "met")]
    assert target_sentences(designs) == [
        f"pooled misses: {PHONE}.",
        f"Too close to call in tiered: {PHONE}.",
    ]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("met", "met"), ["Every target is met."]),
        (("met", "missed"), [f"Missed: {CHAT}."]),
        (("too close to call", "met"), [f"Too close to call: {PHONE}."]),
        (("too close to call", "missed"), [f"Missed: {CHAT}.", f"Too close to call: {PHONE}."]),
    ],
)
def test_one_design(statuses: tuple[str, str], expected: list[str]) -> None:
    assert target_sentences([design("base", *statuses)]) == expected


def test_designs_that_stand_alike_share_a_sentence() -> None:
    close = [design(name, "too close to call", "met") for name in "ab"]
    assert target_sentences(close) == [f"Too close to call in a and b: {PHONE}."]
    missed = [design(name, "missed", "met") for name in "ab"]
    assert target_sentences(missed) == [
        "No design meets all targets.",
        f"a and b miss: {PHONE}.",
    ]


def test_no_target_no_sentence() -> None:
    assert target_sentences([DesignTargets("base", ())]) == []


def service(value: float, low: float, high: float) -> DesignChange:
    return DesignChange(
        interval(value, low, high),
        "points",
        "more calls answered in time",
        "fewer calls answered in time",
        "calls answered in time",
        "higher",
        0.01,
    )


def cost(value: float, low: float, high: float, equal: float | None = None) -> DesignChange:
    return DesignChange(
        interval(value, low, high),
        "price:UAH",
        "more a year",
        "less a year",
        "cost",
        "lower",
        equal,
    )


def test_better_and_dearer() -> None:
    sentence = against_sentence(
        "tiered", "pooled", [service(0.077, 0.071, 0.083)], [cost(141_000, 139_000, 143_000)]
    )
    assert sentence == (
        "pooled compared with tiered: better: 7.7 points more calls answered in time (7.1 to 8.3); "
        "costs 141 000 UAH more a year (139 000 to 143 000)."
    )


def test_reversed_says_fewer_with_the_ends_in_order() -> None:
    assert change_words(service(-0.031, -0.037, -0.025)) == (
        "3.1 points fewer calls answered in time (2.5 to 3.7)"
    )


def test_worse_and_dearer_does_not_read_as_a_trade() -> None:
    sentence = against_sentence(
        "tiered", "pods", [service(-0.031, -0.037, -0.025)], [cost(9_000, 8_000, 10_000)]
    )
    assert sentence.startswith("pods compared with tiered: worse: 3.1 points fewer")
    assert sentence.endswith("; yet costs 9 000 UAH more a year (8 000 to 10 000).")


def test_cost_after_revenue_follows_the_cost() -> None:
    """A design that costs more and leaves more money is not only called dearer."""
    net = DesignChange(
        interval(-52_000, -60_000, -44_000),
        "price:UAH",
        "more a year after revenue",
        "less a year after revenue",
        "cost after revenue",
        "lower",
    )
    sentence = against_sentence(
        "base", "sellers", [service(-0.031, -0.037, -0.025)], [cost(19_000, 12_000, 26_000), net]
    )
    assert sentence == (
        "sellers compared with base: worse: 3.1 points fewer calls answered in time (2.5 to 3.7); "
        "yet costs 19 000 UAH more a year (12 000 to 26 000), "
        "52 000 UAH less a year after revenue (44 000 to 60 000)."
    )


def test_a_sure_difference_never_reads_as_one_from_zero_on() -> None:
    assert change_words(service(-0.037, -0.072, -0.002)) == (
        "3.7 points fewer calls answered in time (0.2 to 7.2)"
    )


def test_what_is_excluded_is_rounded_up() -> None:
    words = change_words(service(0.02, -0.10, 0.142))  # above 14 points is not excluded
    assert words.startswith("calls answered in time too close to call (within 15 points)")


def test_practically_equal_only_where_every_larger_difference_is_excluded() -> None:
    assert change_words(service(0.002, -0.006, 0.010)) == (
        "calls answered in time practically equal (within 1.0 points)"
    )
    # 100 replications gave ±0.9 points; ±0.2 needs (0.9 / 0.2)^2 = 20 times as many
    assert change_words(service(0.002, -0.007, 0.011)) == (
        "calls answered in time too close to call (within 1.1 points)"
        "; about 2 000 replications would show a difference of 0.2 points"
    )
    assert change_words(cost(100, -200, 400, equal=500)) == (
        "cost practically equal (within 400 UAH a year)"
    )
    assert "too close to call" in change_words(cost(100, -200, 400, equal=300))
    assert "too close to call" in change_words(cost(100, -200, 400))


def test_one_replication_decides_no_difference() -> None:
    one = DesignChange(interval(0.1), "points", "more x", "fewer x", "x")
    assert change_words(one) == "x too close to call (no interval)"


def test_exactly_equal_is_said_plainly() -> None:
    assert change_words(cost(0, 0, 0)) == "cost the same"


def test_a_channel_that_loses_stands_beside_the_one_that_gains() -> None:
    sentence = against_sentence(
        "tiered",
        "pooled",
        [service(0.077, 0.071, 0.083), service(-0.02, -0.03, -0.01), service(0.0, -0.1, 0.1)],
        [cost(900, 800, 1000)],
    )
    assert sentence == (
        "pooled compared with tiered: worse: 2.0 points fewer calls answered in time (1.0 to 3.0); "
        "better: 7.7 points more calls answered in time (7.1 to 8.3); "
        "costs 900 UAH more a year (800 to 1 000)."
    )


def test_service_alone_and_cost_alone() -> None:
    better = [service(0.077, 0.071, 0.083)]
    assert against_sentence("a", "b", better, []).endswith("(7.1 to 8.3).")
    assert against_sentence("a", "b", [], [cost(9, 8, 10)]) == (
        "b compared with a: costs 9.0 UAH more a year (8.0 to 10.0)."
    )
    assert against_sentence("a", "b", [], []) == ""
