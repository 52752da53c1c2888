"""Figures are functions of tables: what is drawn, what it is called, and that nothing overlaps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from ccsim.report.curves.shown import Sample, ServiceByTime, StaffByTime, TradeOff
from ccsim.report.figures.charts import (
    DESIGN_COLOURS,
    LINES,
    MARKERS,
    save,
    service_figure,
    staff_figure,
    trade_off_figure,
)
from ccsim.report.words.verdicts import DesignChange
from tests.report.drawn import xs, ys
from tests.report.estimates import around, certain, interval

SAMPLE = Sample("Desk", "Helpdesk · 7 days · 100 replications · same customers for every design")
STARTS = tuple(range(7 * 3600, 21 * 3600, 1800))


def service_table(designs: int = 3) -> ServiceByTime:
    def curve(dip: float, depth: float) -> tuple[object, ...]:
        values = [0.95 - depth * math.exp(-((s / 3600 - dip) ** 2)) for s in STARTS]
        return (*(around(value, 0.03) for value in values[:-1]), None)

    curves = tuple((f"design number {i}", curve(11 + i, 0.3 * i)) for i in range(designs))
    return ServiceByTime("phone", "calls", "20 s", 0.8, STARTS, 1800, curves, SAMPLE)  # type: ignore[arg-type]


def staff_table() -> StaffByTime:
    n = len(STARTS)
    return StaffByTime(
        "frontline",
        "tiered",
        "Mon 01 Mar 2027",
        STARTS,
        1800,
        tuple(around(10 + i % 5, 0.3) for i in range(n)),
        tuple(certain(8.0 + i % 3) for i in range(n)),
        False,
        tuple(11.0 for _ in range(n)),
        "Erlang A, phone 80 % within 20 s; Erlang A, chat 85 % within 45 s; Erlang C, e-mail",
        SAMPLE,
    )


def trade_off_table() -> TradeOff:
    more = ("more calls answered in time", "fewer calls answered in time", "calls answered in time")
    cost = ("more a year", "less a year", "cost")
    points = tuple(
        (f"design number {i}", around(0.75 + i / 30, 0.01), around(2e6 + 9e4 * i, 4000))
        for i in range(4)
    )
    changes = tuple(
        (
            f"design number {i}",
            DesignChange(around(0.033 * i, 0.008), "points", *more),
            DesignChange(around(9e4 * i, 2000), "sum:UAH", *cost),
        )
        for i in range(1, 4)
    )
    return TradeOff("phone", "calls", "20 s", 0.8, "UAH", points, changes, SAMPLE)


FIGURES: dict[str, Callable[[], Figure]] = {
    "service": lambda: service_figure(service_table()),
    "service of one": lambda: service_figure(service_table(1)),
    "service of six": lambda: service_figure(service_table(6)),
    "staff": lambda: staff_figure(staff_table()),
    "staff in hand": lambda: staff_figure(replace(staff_table(), required=None, in_hand=True)),
    "cost": lambda: trade_off_figure(trade_off_table()),
}


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every visible text with the rectangle that it covers, in dots."""
    canvas: Any = FigureCanvasAgg(figure)  # its methods have no types
    canvas.draw()
    renderer = canvas.get_renderer()
    beyond = {  # matplotlib makes labels beyond the ends of an axis and does not draw them
        label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]
        for label in (tick.label1, tick.label2)
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in beyond
    ]


def overlaps(found: list[tuple[str, Bbox]]) -> list[tuple[str, str]]:
    """Pairs of texts that share more than a hair's breadth."""
    pairs = []
    for (one, a), (other, b) in combinations(found, 2):
        both = Bbox.intersection(a, b)
        if both is not None and both.width > 1 and both.height > 1:
            pairs.append((one, other))
    return pairs


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_overlaps_or_leaves_the_figure(name: str) -> None:
    figure = FIGURES[name]()
    found = boxes(figure)
    assert overlaps(found) == []
    width, height = figure.bbox.width, figure.bbox.height
    outside = [t for t, b in found if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height]
    assert outside == []


def test_the_check_for_overlaps_finds_one() -> None:
    figure = FIGURES["service"]()
    figure.text(0.02, 0.96, "a text across the title")
    assert overlaps(boxes(figure))


@pytest.mark.parametrize("name", FIGURES)
def test_texts_do_not_cover_the_axes(name: str) -> None:
    figure = FIGURES[name]()
    found = boxes(figure)
    (axes,) = figure.axes
    plot = axes.get_window_extent()
    inside = Bbox.from_extents(plot.x0 + 2, plot.y0 + 2, plot.x1 - 2, plot.y1 - 2)
    assert [text for text, box in found if box.overlaps(inside)] == []
    assert plot.height > 0.35 * figure.bbox.height


@pytest.mark.parametrize("name", FIGURES)
def test_what_a_reader_needs_is_there(name: str) -> None:
    texts = " ".join(text for text, _ in boxes(FIGURES[name]()))
    assert "100 replications" in texts
    assert "target: 80 %" in texts or "people on duty" in texts
    assert "local time" in texts or "cost a year, thousand UAH" in texts


def test_the_curves_are_the_tables() -> None:
    table = service_table()
    (axes,) = service_figure(table).axes
    for line, (_, curve) in zip(axes.get_lines(), table.curves, strict=False):
        expected = [math.nan if cell is None else 100 * (cell.value or 0) for cell in curve]
        np.testing.assert_allclose(ys(line), expected, rtol=1e-12, atol=0, equal_nan=True)
    middles = [start + 900 for start in table.starts]
    assert xs(axes.get_lines()[0]).tolist() == middles


def test_the_finding_is_the_title() -> None:
    texts = [text.replace("\n", " ") for text, _ in boxes(FIGURES["cost"]())]
    assert (
        "Design number 3 compared with design number 0: 9.9 points more calls answered in time, "
        "for 270 000 UAH more a year" in texts
    )


def test_paired_differences_stand_in_the_legend() -> None:
    texts = " ".join(text.replace("\n", " ") for text, _ in boxes(FIGURES["cost"]()))
    assert "3.3 points more calls answered in time (2.5 to 4.1)" in texts


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_same_table_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(service_figure(service_table()), tmp_path / f"{name}.{ending}")
    first, second = ((tmp_path / f"{name}.{ending}").read_bytes() for name in ("a", "b"))
    assert first == second
    assert len(first) > 10_000


def test_svg_holds_no_date(tmp_path: Path) -> None:
    save(service_figure(service_table()), tmp_path / "a.svg")
    assert "<dc:date>" not in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    save(staff_figure(staff_table()), tmp_path / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_designs_are_told_apart_without_colour() -> None:
    assert len(set(LINES)) == len(set(MARKERS)) == len(DESIGN_COLOURS)
    grey = [np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)) for colour in DESIGN_COLOURS]
    assert max(grey) < 0.75, "pale on paper"


def test_one_replication_is_drawn_without_bands() -> None:
    starts = STARTS[:2]
    curve = (interval(0.9), interval(0.8))
    table = ServiceByTime("phone", "calls", "20 s", 0.8, starts, 1800, (("base", curve),), SAMPLE)
    assert boxes(service_figure(table))
