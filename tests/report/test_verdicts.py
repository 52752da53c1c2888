"""Sentences are never stronger than the interval: clear, reversed and undecided cases."""

from __future__ import annotations

import pytest

from ccsim.report.words.verdicts import (
    DesignChange,
    Promise,
    Status,
    against_sentence,
    change_words,
    promise_sentences,
    status_of,
)
from tests.report.estimates import interval


@pytest.mark.parametrize(
    ("low", "high", "bounds", "expected"),
    [
        (0.81, 0.85, {"at_least": 0.80}, Status.KEPT),
        (0.80, 0.85, {"at_least": 0.80}, Status.KEPT),
        (0.79, 0.85, {"at_least": 0.80}, Status.UNSURE),
        (0.75, 0.80, {"at_least": 0.80}, Status.UNSURE),  # touches: not wholly on the wrong side
        (0.75, 0.79, {"at_least": 0.80}, Status.MISSED),
        (0.01, 0.04, {"at_most": 0.05}, Status.KEPT),
        (0.04, 0.06, {"at_most": 0.05}, Status.UNSURE),
        (0.06, 0.07, {"at_most": 0.05}, Status.MISSED),
    ],
)
def test_status_is_read_from_the_whole_interval(
    low: float, high: float, bounds: dict[str, float], expected: Status
) -> None:
    assert status_of(interval((low + high) / 2, low, high), **bounds) is expected


def test_an_undefined_value_is_unsure() -> None:
    assert status_of(interval(None), at_least=0.8) is Status.UNSURE


def test_a_certain_value_is_decided() -> None:
    assert status_of(interval(0.8, 0.8, 0.8), at_least=0.8) is Status.KEPT
    assert status_of(interval(0.79, 0.79, 0.79), at_least=0.8) is Status.MISSED


def test_one_replication_decides_nothing() -> None:
    assert status_of(interval(0.99), at_least=0.8) is Status.UNSURE


PHONE, CHAT = "phone answered within 20 s", "chat answered within 45 s"


def promises(phone: str, chat: str) -> list[Promise]:
    return [Promise(PHONE, Status(phone)), Promise(CHAT, Status(chat))]


def test_the_only_one_that_keeps() -> None:
    designs = [
        ("tiered", promises("missed", "kept")),
        ("pooled", promises("kept", "kept")),
        ("pods", promises("missed", "unsure")),
    ]
    assert promise_sentences(designs) == [
        "pooled keeps every promise; it is the only one that does."
    ]


def test_not_called_the_only_one_while_another_is_undecided() -> None:
    designs = [("tiered", promises("unsure", "kept")), ("pooled", promises("kept", "kept"))]
    assert promise_sentences(designs) == [
        "pooled keeps every promise.",
        f"For tiered it is not decided yet whether it keeps {PHONE}.",
    ]


def test_several_keep() -> None:
    designs = [
        ("tiered", promises("kept", "kept")),
        ("pooled", promises("kept", "kept")),
        ("pods", promises("missed", "missed")),
    ]
    assert promise_sentences(designs) == ["tiered and pooled keep every promise."]


def test_all_keep() -> None:
    designs = [(name, promises("kept", "kept")) for name in ("tiered", "pooled", "pods")]
    assert promise_sentences(designs) == ["All designs keep every promise."]


def test_none_keeps() -> None:
    designs = [("tiered", promises("missed", "kept")), ("pooled", promises("missed", "missed"))]
    assert promise_sentences(designs) == [
        "No design keeps every promise.",
        f"tiered misses: {PHONE}.",
        f"pooled misses: {PHONE} and {CHAT}.",
    ]


def test_undecided_is_not_called_missed_by_all() -> None:
    designs = [("tiered", promises("unsure", "kept")), ("pooled", promises("missed", "kept"))]
    text = " ".join(promise_sentences(designs))
    assert "No design keeps" not in text
    assert f"For tiered it is not decided yet whether it keeps {PHONE}." in text
    assert f"pooled misses: {PHONE}." in text


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("kept", "kept"), ["Every promise is kept."]),
        (("kept", "missed"), [f"Missed: {CHAT}."]),
        (("unsure", "kept"), [f"It is not decided yet whether it keeps {PHONE}."]),
    ],
)
def test_one_design(statuses: tuple[str, str], expected: list[str]) -> None:
    assert promise_sentences([("base", promises(*statuses))]) == expected


def test_designs_that_stand_alike_are_told_together() -> None:
    designs = [("a", promises("unsure", "kept")), ("b", promises("unsure", "kept"))]
    assert promise_sentences(designs) == [
        f"For a and b it is not decided yet whether they keep {PHONE}."
    ]
    designs = [("a", promises("missed", "kept")), ("b", promises("missed", "kept"))]
    assert promise_sentences(designs) == [
        "No design keeps every promise.",
        f"a and b miss: {PHONE}.",
    ]


def test_no_promise_no_sentence() -> None:
    assert promise_sentences([("base", [])]) == []


def service(value: float, low: float, high: float) -> DesignChange:
    return DesignChange(
        interval(value, low, high),
        "points",
        "more calls answered in time",
        "fewer calls answered in time",
        "calls answered in time",
    )


def cost(value: float, low: float, high: float) -> DesignChange:
    return DesignChange(
        interval(value, low, high), "price:UAH", "more a year", "less a year", "cost"
    )


def test_clear() -> None:
    sentence = against_sentence(
        "tiered",
        "pooled",
        [service(0.077, 0.071, 0.083)],
        [cost(141_000, 139_000, 143_000)],
        several=False,
    )
    assert sentence == (
        "Against tiered: 7.7 points more calls answered in time (7.1 to 8.3), "
        "for 141 000 UAH more a year (139 000 to 143 000)."
    )


def test_reversed_says_fewer_with_the_ends_in_order() -> None:
    assert change_words(service(-0.031, -0.037, -0.025)) == (
        "3.1 points fewer calls answered in time (2.5 to 3.7)"
    )


def test_worse_and_dearer_does_not_read_as_a_trade() -> None:
    sentence = against_sentence(
        "tiered",
        "pods",
        [service(-0.031, -0.037, -0.025)],
        [cost(9_000, 8_000, 10_000)],
        several=True,
    )
    assert sentence.startswith("Against tiered, pods: 3.1 points fewer")
    assert ", and still 9 000 UAH more a year (8 000 to 10 000)." in sentence


def test_what_is_sold_beside_is_told_after_the_cost() -> None:
    """A design that costs more and leaves more money is not only called dearer."""
    net = DesignChange(
        interval(-52_000, -60_000, -44_000),
        "price:UAH",
        "more a year with revenue taken off",
        "less a year with revenue taken off",
        "cost less revenue",
    )
    sentence = against_sentence(
        "base",
        "sellers",
        [service(-0.031, -0.037, -0.025)],
        [cost(19_000, 12_000, 26_000), net],
        several=False,
    )
    assert sentence == (
        "Against base: 3.1 points fewer calls answered in time (2.5 to 3.7), "
        "and still 19 000 UAH more a year (12 000 to 26 000), "
        "and 52 000 UAH less a year with revenue taken off (44 000 to 60 000)."
    )


def test_a_sure_difference_never_reads_as_one_from_zero_on() -> None:
    assert change_words(service(-0.037, -0.072, -0.002)) == (
        "3.7 points fewer calls answered in time (0.2 to 7.2)"
    )


def test_what_is_excluded_is_rounded_up() -> None:
    words = change_words(service(0.02, -0.10, 0.142))  # above 14 points is not excluded
    assert "(any above 15 points is excluded)" in words


def test_undecided_names_what_is_excluded_and_what_would_decide() -> None:
    # 100 replications gave ±0.8 points; ±0.2 needs (0.8 / 0.2)^2 = 16 times as many
    words = change_words(service(0.002, -0.006, 0.010))
    assert words == (
        "no difference in calls answered in time can be told (any above 1.0 points is excluded)"
        "; about 1 600 replications would tell a difference of 0.2 points"
    )


def test_undecided_is_one_sentence_with_its_cost() -> None:
    sentence = against_sentence(
        "tiered", "pooled", [service(0.002, -0.006, 0.010)], [cost(900, 800, 1000)], several=False
    )
    assert sentence.endswith("a difference of 0.2 points; and 900 UAH more a year (800 to 1 000).")


def test_one_replication_says_nothing() -> None:
    one = DesignChange(interval(0.1), "points", "more x", "fewer x", "x")
    assert change_words(one) == "nothing can be said about x"


def test_exactly_equal_is_said_plainly() -> None:
    assert change_words(cost(0, 0, 0)) == "no difference in cost"


def test_a_channel_that_loses_is_told_beside_the_one_that_gains() -> None:
    sentence = against_sentence(
        "tiered",
        "pooled",
        [service(0.077, 0.071, 0.083), service(-0.02, -0.03, -0.01), service(0.0, -0.1, 0.1)],
        [cost(900, 800, 1000)],
        several=False,
    )
    assert sentence == (
        "Against tiered: 7.7 points more calls answered in time (7.1 to 8.3), 2.0 points fewer "
        "calls answered in time (1.0 to 3.0), and 900 UAH more a year (800 to 1 000)."
    )


def test_service_alone_and_cost_alone() -> None:
    better = [service(0.077, 0.071, 0.083)]
    assert against_sentence("a", "b", better, [], several=False).endswith("(7.1 to 8.3).")
    assert against_sentence("a", "b", [], [cost(9, 8, 10)], several=False) == (
        "Against a: 9.0 UAH more a year (8.0 to 10.0)."
    )
    assert against_sentence("a", "b", [], [], several=False) == ""
