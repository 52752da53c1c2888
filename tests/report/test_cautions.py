"""Each warning appears where its rule holds, and not just beside it."""

from __future__ import annotations

import pytest

from ccsim.report.text.cautions import cautions, closed_sentences, grows
from ccsim.statistics.estimate import Estimate
from tests.report.desks import desk
from tests.report.estimates import around, interval


def found(
    estimates: dict[str, Estimate], replications: int = 100, **backlog: list[Estimate]
) -> list[str]:
    return cautions({"base": desk()}, {"base": estimates}, replications, {"base": backlog})


def test_nothing_to_say() -> None:
    assert found({"frontline.occupancy_live": around(0.80, 0.01)}) == []


@pytest.mark.parametrize(
    ("estimate", "warned"),
    [(around(0.90, 0.01), True), (around(0.885, 0.01), False), (interval(0.95), False)],
)
def test_occupancy_above_88_percent_when_the_interval_says_so(
    estimate: Estimate, warned: bool
) -> None:
    assert bool(found({"frontline.occupancy_live": estimate})) is warned


def test_gaps_filled_on_purpose_are_not_called_busy() -> None:
    assert found({"frontline.occupancy": around(0.99, 0.001)}) == []


@pytest.mark.parametrize(("days", "warned"), [(7, False), (14, False), (5, True), (60, False)])
def test_a_part_of_a_week_is_not_taken_for_a_year_unsaid(days: int, warned: bool) -> None:
    """Two people for 80 h from Monday to Friday would be 2.8 FTE, and cost 73 such weeks a year."""
    scenario = desk(calendar={"start": "2027-03-01", "days": days})
    text = cautions({"base": scenario}, {"base": {}}, 100, {"base": {}}, ["cost.total"])
    assert bool(text) is warned
    assert cautions({"base": scenario}, {"base": {}}, 100, {"base": {}}, ["phone.wait"]) == []


@pytest.mark.parametrize(
    ("replications", "words"),
    [
        (1, "no intervals"),
        (49, "at worst about 90 of 100"),
        (20, "at worst about 90 of 100"),
        (19, "at worst about 85 of"),
        (10, "about 85"),
        (9, "fewer than 85 of 100"),
    ],
)
def test_few_replications(replications: int, words: str) -> None:
    (text,) = found({}, replications)
    assert words in text


def test_fifty_replications_are_enough() -> None:
    assert found({}, 50) == []


@pytest.mark.parametrize(
    ("days", "growing"),
    [
        ([10, 20, 30, 40], True),
        ([10, 20, 19, 40], False),  # not by the day
        ([40, 30, 20, 10], False),
        ([10, 11, 12, 13], False),  # not half as much again
        ([10, 40], False),  # two days are no trend
        ([0.1, 0.2, 0.3, 0.4], False),  # not one contact
    ],
)
def test_backlog_that_grows(days: list[float], growing: bool) -> None:
    assert grows([around(day, day / 50) for day in days]) is growing


def test_a_growing_backlog_is_said_once() -> None:
    days = [around(day, 1) for day in (10, 20, 30, 40)]
    estimates = {"email.backlog_end": around(50, 1), "email.attempts": around(900, 5)}
    (text,) = found(estimates, email=days)
    assert "grows every day (from 10 to 40)" in text


@pytest.mark.parametrize(("left", "warned"), [(50, True), (5, False)])
def test_contacts_cut_off_at_the_end(left: float, warned: bool) -> None:
    estimates = {"email.backlog_end": around(left, 1), "email.attempts": around(900, 5)}
    texts = found(estimates)
    assert bool(texts) is warned
    if warned:
        assert "50 e-mails (6 % of those that came)" in texts[0]


@pytest.mark.parametrize(("share", "noted"), [(0.25, False), (0.03, True), (0.005, False)])
def test_contacts_that_find_it_closed_stand_in_the_verdict_where_they_are_many(
    share: float, noted: bool
) -> None:
    estimates = {"phone.closed": around(share, 0.001)}
    texts = found(estimates)
    assert bool(texts) is noted
    if noted:
        assert texts[0].startswith("3 % of calls find it closed")
    sentences = closed_sentences({"base": desk()}, {"base": estimates})
    assert bool(sentences) is (share > 0.05)
    if sentences:
        assert sentences[0].endswith("25 % of calls find it closed.")


def test_what_holds_of_several_designs_is_said_once() -> None:
    designs = {"tiered": desk(), "pooled": desk(), "pods": desk()}
    estimates = {
        "tiered": {"phone.closed": around(0.04, 0.001)},
        "pooled": {"phone.closed": around(0.02, 0.001)},
        "pods": {},
    }
    (text,) = cautions(designs, estimates, 100, {})
    assert text.startswith("2 to 4 % of calls in tiered and pooled find it closed")
    estimates["pods"] = estimates["tiered"]
    (text,) = cautions(designs, estimates, 100, {})
    assert text.startswith("2 to 4 % of calls find it closed")
