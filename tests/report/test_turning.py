"""What would turn a verdict first, in words: each consequence, how sure it is, what would not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ccsim.experiment import Comparison, compare
from ccsim.experiment.execution.reversal import Kind, Statement, Tried, Turn, Turning, Was
from ccsim.report.text.reversal_text import turning_words

DESK = Path(__file__).parents[1] / "experiment" / "desk.yaml"
SL = "phone.service_level"
SAID = (Statement("cost", "larger", "more", "cost.total"),)
TRIED = (
    Tried("volumes", "+30 %", True, "+12 %", 0.4),
    Tried("volumes", "-30 %", False),
    Tried("handle times", "+30 %", True),
    Tried("handle times", "-30 %", False),
    Tried("patience", "+30 %", False),
    Tried("absence", "+30 %", False),
)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(DESK, replications=2, workers=1)


def first(at: str = "+12 %", assumption: str = "volumes", *otherwise: Statement) -> Turn:
    return Turn(assumption, at, 0.4, otherwise or SAID, "+9 %", "+15 %")


def words(comparison: Comparison, turning: Turning) -> str:
    return " ".join(turning_words(replace(comparison, turning=turning)))


def found(first: Turn | None, **given: object) -> Turning:
    return replace(Turning(first, TRIED, SAID, False, 30, 21), **given)  # type: ignore[arg-type]


def test_nothing_is_said_that_was_not_looked_for(comparison: Comparison) -> None:
    assert turning_words(comparison) == []


def test_the_whole_of_it(comparison: Comparison) -> None:
    assert words(comparison, found(first())) == (
        "What would reverse this first: if volumes were 12 % higher, larger would cost less than "
        "base."
        " (30 replications of each of 21 points: all of it surely holds at 9 % and it is surely"
        " reversed at 15 %.) Handle times would reverse it too, but no sooner. Patience and"
        " absence would each alone not reverse it within 30 % either way."
    )


@pytest.mark.parametrize(
    ("kind", "was", "measure", "said"),
    [
        ("cost", "more", "cost.net", "would cost less than base after revenue"),
        ("cost", "more", "cost.total", "would cost less than base. "),
        ("targets", "met", SL, "larger would miss a target (calls answered within 20 s)"),
        ("targets", "missed", SL, "larger would meet all targets"),
        ("service", "more", SL, "larger would have fewer calls answered within 20 s than base"),
        ("service", "less", SL, "larger would have more calls answered within 20 s than base"),
        ("service", "more", "phone.speed_of_answer", "larger would have shorter waits of calls"),
        ("cost", "less", "cost.total", "larger would cost more than base"),
    ],
)
def test_consequences(
    comparison: Comparison, kind: Kind, was: Was, measure: str, said: str
) -> None:
    turn = first("+12 %", "volumes", Statement(kind, "larger", was, measure))
    assert said in words(comparison, found(turn))


@pytest.mark.parametrize(
    ("assumption", "at", "said"),
    [
        ("volumes", "-7 %", "if volumes were 7 % lower,"),
        ("handle times", "+7 %", "if handle times were 7 % longer,"),
        ("patience", "-20 %", "if customers were 20 % less patient,"),
        ("absence", "+20 %", "if absence were 20 % higher,"),
        ("channels.phone.patience", "95 s", "if patience (phone) were 95 s,"),
        ("teams.*.pay.wage", "+4 %", "if pay wage (all teams) were 4 % higher,"),
        (
            "contacts.orders.resolved",
            "-4 points",
            "if resolved (orders) were 4 points lower",
        ),
    ],
)
def test_assumptions(comparison: Comparison, assumption: str, at: str, said: str) -> None:
    assert said in words(comparison, found(first(at, assumption)))


def test_what_is_not_known_surely_is_not_said(comparison: Comparison) -> None:
    unsure = replace(first(), holds_at=None, turned_at=None)
    assert "exactly where is too close to call.)" in words(comparison, found(unsure))
    half = replace(first(), turned_at=None)
    assert "all of it surely holds at 9 %.)" in words(comparison, found(half))


def test_where_nothing_turns_it(comparison: Comparison) -> None:
    tried = tuple(replace(each, turns=False, at=None, share=None) for each in TRIED)
    assert words(comparison, found(None, tried=tried)) == (
        "Volumes, handle times, patience or absence alone would not reverse it within 30 % either "
        "way."
    )
    said = words(comparison, found(None, tried=tried, stated=True))
    assert said.endswith("would not reverse it anywhere in the range given in the scenario.")
    path = "channels.phone.patience"
    own = tuple(replace(each, assumption=path) for each in tried)
    assert words(comparison, found(None, tried=own, stated=True)).startswith(
        "Patience (phone) alone would"
    )
    assert words(comparison, found(None, tried=())) == (
        "There is no assumption that could be moved to see what would reverse it."
    )


def test_nothing_decided_and_a_search_that_was_stopped(comparison: Comparison) -> None:
    assert words(comparison, found(None, said=())) == (
        "Nothing is decided yet that a wrong assumption could reverse."
    )
    assert words(comparison, found(first(), stopped=True)).endswith(
        "The search was stopped early: an assumption not yet tried may reverse it sooner."
    )
