"""Pictures of draws: the ranges are the splits', shares add up, titles say no more than is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

import ccsim
from ccsim.experiment.studies.uncertain import Uncertain
from ccsim.report.curves.shown import Sample
from ccsim.report.figures.range_charts import figure_of_draws, ranges_figure, spreads_figure
from ccsim.report.pictures import KINDS_OF_DRAWS, plot
from ccsim.report.studies.range_curves import (
    OTHERS,
    Range,
    RangePanel,
    Ranges,
    SourceShares,
    UncertaintySources,
    difference_ranges,
    spreads,
    values_ranges,
)
from ccsim.report.words.rounding import Scale
from ccsim.report.words.units import year_factor
from ccsim.statistics.split import split
from tests.report.drawn import bars as drawn_bars
from tests.report.estimates import around
from tests.report.test_figures import boxes, overlaps
from tests.report.test_uncertain import HANDLE, VOLUME, found, with_split

VOLUME_WORDS, HANDLE_WORDS = "Arrivals per day (orders)", "Handle ("

__all__ = ["found"]  # the fixture of the tables: desks over 24 draws
SAMPLE = Sample("Desk", "Helpdesk · 7 days · 100 draws of 3 assumptions, 2 replications each")
KEY = "phone.service_level"


def made(designs: int, panels: int, name: str = "design_{}") -> Ranges:
    names = tuple(name.format(i) for i in range(designs))
    rows = tuple(
        Range(each, around(0.7 + i / 30, 0.02), (0.6, 0.9), "70.0 ±2.0; 60.0 to 90.0")
        for i, each in enumerate(names)
    )
    panel = RangePanel(
        "Calls answered within 20 s, %", Scale(100, "%", 1, 0, 100), rows, 80, "target: 80 %"
    )
    return Ranges("A title", "A question?", SAMPLE, names, (panel,) * panels)


def bars(parts: int) -> UncertaintySources:
    names = tuple(f"contacts.orders_{i}.arrivals.per_day, -10 % to +15 %" for i in range(parts))
    shares = tuple(0.5 / parts for _ in names)
    rows = (SourceShares("Calls answered within 20 s: pooled less base", 0.4, shares, 0.1),) * 5
    return UncertaintySources("A title", "A question?", SAMPLE, 7, (*names[:-1], OTHERS), rows)


FIGURES: dict[str, Callable[[], Figure]] = {
    "one design": lambda: ranges_figure(made(1, 6)),
    "four designs": lambda: ranges_figure(made(4, 6)),
    "points": lambda: ranges_figure(made(12, 2, "teams.desk.people={}, channels.phone.lines=12")),
    "a long title": lambda: ranges_figure(replace(made(2, 2), title="A long finding " * 9)),
    "large amounts": lambda: ranges_figure(
        replace(made(3, 1), panels=(replace(made(3, 1).panels[0], rows=tuple(
            replace(row, words="+1 082 700 ±20 000; +1 034 000 to +1 139 500")
            for row in made(3, 1).panels[0].rows)),))
    ),
    "nothing told": lambda: ranges_figure(
        replace(made(1, 1), panels=(replace(made(1, 1).panels[0], mark=None, mark_words="", rows=(
            Range("design_0", around(0.7, 0.0), None, "70.0"),)),))
    ),
    "three assumptions": lambda: spreads_figure(bars(3)),
    "seven assumptions": lambda: spreads_figure(bars(7)),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_overlaps_or_leaves_the_figure(name: str) -> None:
    figure = FIGURES[name]()
    shown = boxes(figure)
    assert overlaps(shown) == []
    width, height = figure.bbox.width, figure.bbox.height
    outside = [t for t, b in shown if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height]
    assert outside == []


# --- from results ---------------------------------------------------------------------------------
def test_a_row_is_the_split(found: Uncertain) -> None:
    table = values_ranges(found)
    assert table is not None
    assert table.designs == ("base", "larger")
    assert len(table.panels) == len(found.measures)
    for key, panel in zip(found.measures, table.panels, strict=True):
        factor = year_factor(found.scenario) if key.startswith("cost.total") else 1.0
        for row in panel.rows:
            known = found.split(row.name, key)
            assert row.mean.value == pytest.approx((known.mean.value or 0) * factor)
            if known.unknown > 0:
                ends = known.range() or (0.0, 0.0)
                assert row.ends == pytest.approx([end * factor for end in ends])
            else:
                assert row.ends is None
    assert table.panels[0].mark == pytest.approx(80)
    figure = ranges_figure(table)
    wide, narrow = drawn_bars(figure.axes[0])[:2]
    low, high = found.split("base", KEY).range() or (0.0, 0.0)
    assert (wide.get_x(), wide.get_x() + wide.get_width()) == pytest.approx((100 * low, 100 * high))
    mean = found.split("base", KEY).mean
    assert mean.low is not None and mean.high is not None
    assert narrow.get_width() == pytest.approx(100 * (mean.high - mean.low))


def test_differences_are_of_the_same_draw_and_from_nothing(found: Uncertain) -> None:
    table = difference_ranges(found)
    assert table is not None
    panel = table.panels[found.measures.index(KEY)]
    (row,) = panel.rows
    assert row.mean.value == pytest.approx(found.difference("larger", KEY).mean.value)
    assert (panel.mark, panel.mark_words, panel.scale.unit) == (0.0, "as base", "points")
    assert row.words.startswith("+")
    alone = replace(found, results={"base": found.results["base"]})
    assert difference_ranges(alone) is None


def test_shares_add_up_and_are_those_of_the_assumptions(found: Uncertain) -> None:
    alone = replace(found, results={"base": found.results["base"]})
    table = spreads(alone)
    assert table is not None
    for row in table.rows:
        assert row.chance + sum(row.parts) + row.rest == pytest.approx(1)
        assert min(row.chance, row.rest, *row.parts) >= 0
    first = table.rows[0]
    share = alone.split("base", KEY).share.value
    assert first.chance == pytest.approx(1 - (share or 0))
    effects = alone.effects("base", KEY)
    (name,) = [name for name in table.assumptions if name.startswith(VOLUME_WORDS)]
    whole = max(1.0, sum(each.share for each in effects.values() if each.told))
    expected = (share or 0) * effects[VOLUME].share / whole if effects[VOLUME].told else 0.0
    assert first.parts[table.assumptions.index(name)] == pytest.approx(expected)
    (axes,) = spreads_figure(table).axes
    assert drawn_bars(axes)[0].get_width() == pytest.approx(first.chance)


# --- titles ---------------------------------------------------------------------------------------
def level(found: Uncertain, of_volume: float, noise: float, mean: float = 0.8) -> Uncertain:
    """The base alone, its service level a line in the volume with so much chance."""
    alone = replace(found, results={"base": found.results["base"]})
    at = alone.at[:, alone.paths.index(VOLUME)]
    chance = noise * np.random.default_rng(1).standard_normal((len(at), 2))
    return with_split(alone, mean + of_volume * (at[:, None] - at.mean()) + chance)


def test_titles_tell_what_is_told(found: Uncertain) -> None:
    clear = level(found, -0.2, 1e-4)
    at = clear.at[:, clear.paths.index(VOLUME)]
    share = np.mean(0.8 - 0.2 * (at - at.mean()) >= 0.8)
    table = values_ranges(clear)
    assert table is not None
    assert (
        table.title
        == f"Calls answered within 20 s: target of 80 % met in {100 * share:.0f} % of the draws"
    )
    parts = spreads(clear)
    assert parts is not None
    assert parts.title.startswith(
        "100 % of the uncertainty in calls answered within 20 s comes from your inputs, "
    )
    assert parts.title.endswith(" of that from arrivals per day (orders)")


@pytest.mark.parametrize(
    ("mean", "words"), [(0.95, "in every draw"), (0.5, "in no draw"), (0.8, "no more than chance")]
)
def test_titles_are_no_stronger_than_chance_allows(
    found: Uncertain, mean: float, words: str
) -> None:
    table = values_ranges(level(found, 0.0, 0.02, mean))
    assert table is not None and words in table.title
    parts = spreads(level(found, 0.0, 0.02, mean))
    assert parts is None or "No assumption surely changes calls" in parts.title


def test_a_difference_that_chance_may_have_made_is_not_counted(found: Uncertain) -> None:
    changed = replace(found)
    values = 0.02 * np.random.default_rng(1).standard_normal((24, 2))
    changed._splits["larger", KEY, True] = split(values)
    table = difference_ranges(changed)
    assert table is not None
    assert table.title.startswith(
        "Larger against base: calls answered within 20 s: draws differ by no more than chance; cost"
    )
    assert table.title.endswith("cost a year: not less in any draw")


def test_a_title_names_the_worst_and_the_best_of_many(found: Uncertain) -> None:
    many = replace(found, results={f"p{i}": found.results["base"] for i in range(5)}, against="p0")
    at = found.at[:, found.paths.index(VOLUME)] - 0.5
    for i in range(5):
        worlds = (0.76 + 0.02 * i - 0.2 * at)[:, None] + 1e-6 * np.array([1.0, -1.0])
        many._splits[f"p{i}", KEY, False] = split(worlds)
    shares = [np.mean(0.76 + 0.02 * i - 0.2 * at >= 0.8) for i in (0, 4)]
    table = values_ranges(many)
    assert table is not None
    worst, best = (f"{100 * share:.0f} %" for share in shares)
    assert table.title.endswith(f"in {worst} (p0) to {best} (p4) of the draws")


def test_designs_alike_are_named_together(found: Uncertain) -> None:
    three = replace(found, results={f"p{i}": found.results["base"] for i in range(3)}, against="p0")
    for i, mean in enumerate((0.7, 0.9, 0.91)):
        noise = 1e-3 * np.random.default_rng(i).standard_normal((24, 2))
        three._splits[f"p{i}", KEY, False] = split(mean + noise)
    table = values_ranges(three)
    assert table is not None
    assert table.title.endswith("met in 0 % (p0) and 100 % (p1, p2) of the draws")


def test_the_assumption_of_the_title_is_that_of_the_design_it_moves_most(found: Uncertain) -> None:
    three = replace(found, results={f"p{i}": found.results["base"] for i in range(3)}, against="p0")
    at = found.at - 0.5
    noise = 1e-4 * np.random.default_rng(1).standard_normal((24, 2))
    volume, handle = (at[:, [found.paths.index(path)]] for path in (VOLUME, HANDLE))
    three._splits["p1", KEY, True] = split(1e-5 * volume + noise)
    three._splits["p2", KEY, True] = split(0.1 * handle + noise)
    table = spreads(three)
    assert table is not None
    what = "calls answered within 20 s (p2 less p0)"
    assert table.title.startswith(f"100 % of the uncertainty in {what} comes from your inputs, ")
    assert table.title.endswith(" of that from handle (orders, phone)")
    # the designs are one, so only what was changed varies at all
    assert [row.label for row in table.rows] == [
        f"Calls answered within 20 s: {name} less p0" for name in ("p1", "p2")
    ]


# --- files ----------------------------------------------------------------------------------------
def test_pictures_are_drawn_of_what_is_read_back(found: Uncertain, tmp_path: Path) -> None:
    paths = plot(found, tmp_path)
    assert [path.stem for path in paths] == list(KINDS_OF_DRAWS)
    assert [path.stem for path in plot(found, tmp_path / "one", ["difference"])] == ["difference"]
    assert plot(found, tmp_path / "none", ["service", "money"]) == []


def test_many_points_have_their_own_pictures(found: Uncertain) -> None:
    many = replace(found, results={f"p{i}": found.results["base"] for i in range(13)}, against="p0")
    assert values_ranges(many) is None and difference_ranges(many) is None


def test_long_paths_do_not_leave_the_bars(found: Uncertain) -> None:
    table = spreads(replace(found, results={"base": found.results["base"]}))
    assert table is not None and all(
        name.startswith((VOLUME_WORDS, HANDLE_WORDS)) for name in table.assumptions
    )
    assert overlaps(boxes(figure_of_draws(table))) == []


def test_plot_is_the_apis(found: Uncertain, tmp_path: Path) -> None:
    assert ccsim.plot(found, tmp_path, kinds=["range"])[0].exists()
