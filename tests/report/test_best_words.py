"""Under --all: which design is or may be the best, and what the same customers saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.experiment import Comparison, compare
from ccsim.report.text.answer import answer, best_words, pairing_words

DESK = Path(__file__).parent.parent / "experiment" / "desk.yaml"


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    path = tmp_path_factory.mktemp("three") / "desk.yaml"
    more = "  largest: {about: three more people, teams: {desk: {people: 6}}}\n"
    path.write_text(DESK.read_text(encoding="utf-8") + more, encoding="utf-8")
    return compare(path, replications=12, workers=1)


def test_the_best_is_named_where_it_is_sure(three: Comparison) -> None:
    key = "phone.service_level"
    standings = {each.design: each.standing for each in three.best(key)}
    assert standings == {"base": "not best", "larger": "not best", "largest": "best"}
    (words,) = best_words(three)
    assert "Calls answered within 20 s: largest is" in words
    assert "Cost a year: base is" in words
    # in e-mail no difference is sure: every design may be the best
    for each in three.best(key):
        assert each.low <= 0.0 <= each.high


def test_neither_direction_is_better_for_a_count_of_customers(three: Comparison) -> None:
    assert three.best("all.customers") == ()


def test_the_gain_of_pairing_is_told(three: Comparison) -> None:
    (words,) = pairing_words(three)
    gain = three.gain("larger", "phone.service_level")
    assert gain is not None
    assert f"Calls answered within 20 s: larger {gain:.{0 if gain >= 10 else 1}f}, largest" in words


def test_only_everything_shows_them(three: Comparison) -> None:
    text = " ".join(answer(three, everything=True).footnotes)
    assert "The best of all designs" in text and "so many times the replications" in text
    assert "The best of all designs" not in " ".join(answer(three).footnotes)


def test_two_designs_have_a_verdict_and_no_best(three: Comparison) -> None:
    assert best_words(compare(DESK, replications=3, workers=1)) == []
