"""Chance and uncertain inputs in words: what stands in the tables, and what is not claimed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ccsim.experiment.studies.uncertain import Uncertain, uncertain
from ccsim.report.studies.uncertain_report import (
    differences_table,
    ranking_table,
    sample_words,
    uncertain_lines,
    values_table,
    warnings,
)
from ccsim.scenario.resolve import all_from_dict
from ccsim.statistics.split import Split, split

DESK = Path(__file__).parents[1] / "experiment" / "desk.yaml"
VOLUME, HANDLE = "contacts.orders.arrivals.per_day", "contacts.orders.phone.handle"


@pytest.fixture(scope="module")
def found() -> Uncertain:
    from ccsim.scenario.parsing.read import read_file

    plain = read_file(DESK, "desk.yaml").plain()
    assert isinstance(plain, dict)
    lines = {
        VOLUME: {"by": ["-30 %", "+30 %"], "source": "illustrative"},
        HANDLE: {"range": ["3 min", "4 min", "6 min"], "source": "a log"},
    }
    return uncertain(
        all_from_dict({**plain, "uncertain": lines}), draws=24, replications=48, workers=1
    )


def with_split(found: Uncertain, values: np.ndarray) -> Uncertain:
    """The same with other values of the service level of the base."""
    changed = replace(found)
    changed._splits["base", "phone.service_level", False] = split(values)
    return changed


def test_every_measure_has_its_chance_its_range_and_its_share(found: Uncertain) -> None:
    rows = {(row.key, row.label.strip()): row for row in values_table(found).rows}
    for key in found.measures:
        assert (key, "in 90 % of the draws") in rows
        assert (key, "share of uncertainty from your inputs") in rows
    level = next(row for row in rows.values() if row.label.startswith("Calls answered"))
    shown = found.split("base", "phone.service_level")
    assert shown.mean.value is not None
    assert float(level.cells[0].value.split()[0]) == pytest.approx(100 * shown.mean.value, abs=0.5)
    assert level.cells[0].spread.startswith("±")
    met = rows["phone.service_level", "target of 80 % met in this share of draws"].cells[0].value
    assert met == f"{round(100 * (shown.worlds >= 0.8).mean())} %"


def test_differences_are_signed_and_say_which_is_better(found: Uncertain) -> None:
    table = differences_table(found)
    assert table.columns == ("larger",)
    rows = {row.label.strip(): row for row in table.rows if row.key == "phone.service_level"}
    assert rows["Calls answered within 20 s, points"].cells[0].value.startswith("+")
    assert rows["better in this share of draws"].cells[0].value == "100 %"
    cost = {row.label.strip(): row for row in table.rows if row.key == "cost.total"}
    assert cost["better in this share of draws"].cells[0].value == "0 %"


def test_assumptions_are_ranked_by_what_they_explain(found: Uncertain) -> None:
    alone = replace(found, results={"base": found.results["base"]})
    table = ranking_table(alone, "phone.service_level")
    assert table.rows[0].label == "arrivals per day (orders), -30 % to +30 %"
    assert table.rows[0].cells[0].value.startswith("-") and "points" in table.rows[0].cells[0].value
    share = int(table.rows[0].cells[0].spread.strip("()% "))
    assert share >= int((table.rows[1].cells[0].spread or "0").strip("()% ") or 0)


def test_what_cannot_be_told_is_not_claimed(found: Uncertain) -> None:
    """Draws that differ by less than chance: no range, no share of draws, and a warning."""
    chance = np.random.default_rng(0)
    values = 0.8 + 0.1 * chance.standard_normal((24, 2))
    values -= values.mean(axis=1, keepdims=True) - 0.8
    unsure = with_split(replace(found, results={"base": found.results["base"]}), values)
    rows = {row.label.strip(): row.cells[0].value for row in values_table(unsure).rows[:4]}
    assert rows["in 90 % of the draws"] == "–"
    assert rows["target of 80 % met in this share of draws"] == "–"
    assert any(text.startswith("Too close to call: calls answered") for text in warnings(unsure))
    sure = split(np.repeat(np.linspace(0.5, 0.9, 24)[:, None], 2, axis=1))
    assert isinstance(sure, Split) and sure.told


def test_warnings(found: Uncertain) -> None:
    assert any(text.startswith("1 of 2 ranges are illustrative") for text in warnings(found))
    few = replace(found, per_draw=4)
    assert any(text.startswith("12 draws are few") for text in warnings(few))
    assert not any("few" in text for text in warnings(found))


def test_the_lines_fit_and_tell_both_apart(found: Uncertain) -> None:
    lines = uncertain_lines(found, 100, marks=True)
    text = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= 100
    assert "±  is" not in text and "for chance alone" in text
    assert "only better inputs would narrow it" in text
    assert "24 draws of 2 assumptions, 2 replications each" in sample_words(found)
    everything = uncertain_lines(found, 100, marks=True, everything=True)
    assert len(everything) > 3 * len(lines)


def test_an_ordinary_run_says_what_it_does_not_know(found: Uncertain) -> None:
    """Where the scenario has assumptions; the note names the option that draws them."""
    import ccsim
    from ccsim.report.text.answer import answer

    assumed = ccsim.run(found.results["base"].design, replications=2, workers=1)
    plain = ccsim.run(DESK, replications=2, workers=1)
    notes = [" ".join(answer(run).footnotes) for run in (assumed, plain)]
    assert ["--uncertain adds that" in note for note in notes] == [True, False]
