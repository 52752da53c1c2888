"""The figure of what designs cost by kind: a stacked bar a design, its total with the interval."""

from __future__ import annotations

import math

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ccsim.report.curves.cost_curves import REVENUE, cost_finding, kind_words
from ccsim.report.curves.shown import CostByKind
from ccsim.report.figures.charts import (
    BLACK,
    BLUE,
    GREEN,
    HEIGHT,
    LEFT,
    ORANGE,
    PURPLE,
    RIGHT,
    SKY,
    STYLE,
    VERMILLION,
    YELLOW,
    arms_of,
    framed,
    legend_below,
    thousands,
)
from ccsim.report.tables.text_table import folded
from ccsim.report.words.rounding import money_factor, number, scale_for, spread

COLOURS = (BLUE, SKY, ORANGE, GREEN, PURPLE, YELLOW, VERMILLION)
HATCHES = ("", "///", "...", "xxx")  # of the second, third ... time that a colour is used
DARK = (BLUE, GREEN, VERMILLION)
EARNED = "#D0D0D0"  # of revenue, which is no kind of cost
ROOM = 0.075  # of the axis: a part that is wider says its amount
ROW = 0.62  # inches of a design


def cost_figure(table: CostByKind) -> Figure:
    """Bars from the left, the largest kind first; what is earned stands left of zero."""
    with matplotlib.rc_context(STYLE | {"axes.grid.axis": "x", "hatch.linewidth": 0.5}):
        names = [design for design, _ in table.amounts]
        height = max(2.9 + ROW * len(names), HEIGHT - 1.4)
        figure, axes = framed(
            cost_finding(table), "What does a year cost, and for what?", table.sample, height
        )
        factor, word = money_factor([total.value for total in table.totals])
        _bars(axes, table, factor)
        _totals(axes, table, factor)
        axes.set_ylim(len(names) - 0.45, -0.55)
        axes.set_yticks(range(len(names)), ["\n".join(folded(name, 24)) for name in names])
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(thousands))
        axes.set_xlabel(f"cost a year, {word}{table.currency}")
        legend_below(figure, axes, columns=4)
        longest = max(len(line) for name in names for line in folded(name, 24))
        left = min(max(LEFT, 0.03 + 0.0095 * longest), 0.3)
        box = axes.get_position()
        axes.set_position((left, box.y0, RIGHT - left, box.height))
        return figure


def _bars(axes: Axes, table: CostByKind, factor: float) -> None:
    ends = [[0.0, 0.0] for _ in table.amounts]  # how far each bar reaches: right, left
    widest = factor * max(sum(x for x in amounts if x > 0) for _, amounts in table.amounts)
    for place, kind in enumerate(table.kinds):
        colour = COLOURS[place % len(COLOURS)]
        hatch = HATCHES[place // len(COLOURS) % len(HATCHES)]
        if kind == REVENUE:
            colour, hatch = EARNED, ""
        for row, (_, amounts) in enumerate(table.amounts):
            size = amounts[place] * factor
            side = int(size < 0)
            start, ends[row][side] = ends[row][side], ends[row][side] + size
            axes.barh(
                row, size, left=start, height=0.62, color=colour, hatch=hatch,
                edgecolor="#FFFFFF", linewidth=0.6, label=kind_words(kind) if row == 0 else None,
            )  # fmt: skip
            if abs(size) > ROOM * widest:
                axes.text(
                    start + size / 2, row, number(size, 0), ha="center", va="center", fontsize=8.5,
                    color="#FFFFFF" if colour in DARK else BLACK,
                )  # fmt: skip
    least = min(left for _, left in ends)
    axes.set_xlim(1.04 * least, 1.22 * widest)
    if least < 0:
        axes.axvline(0, color=BLACK, linewidth=1)


def _totals(axes: Axes, table: CostByKind, factor: float) -> None:
    """The total of each design right of its bar, its interval at the bar's end; of what is left
    of the cost, which lies among the amounts, at the foot of the bar."""
    scale = scale_for(f"money:{table.currency}", table.totals)
    what, foot = ("cost less revenue", 0.31) if table.net else ("total", 0.0)
    labelled = False
    for row, (total, (_, amounts)) in enumerate(zip(table.totals, table.amounts, strict=True)):
        if total.value is None:
            continue
        arms = arms_of(total, factor)
        reach = max(total.value, total.high or 0.0, sum(x for x in amounts if x > 0)) * factor
        words = f"{scale.text(total.value)} {spread(total, scale)}".strip()
        axes.text(
            reach + 0.012 * math.fabs(axes.get_xlim()[1]), row, words, va="center", fontsize=9,
            weight="bold",
        )  # fmt: skip
        if arms is not None:
            axes.errorbar(
                total.value * factor, row + foot, xerr=arms, color=BLACK, capsize=4, linewidth=1.2,
                label=None if labelled else f"{what} with its 95 % interval",
            )  # fmt: skip
            labelled = True


__all__ = ["cost_figure"]
