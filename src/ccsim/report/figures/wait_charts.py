"""Figures of waiting: who is answered within what time, and how many are in line over the days."""

from __future__ import annotations

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ccsim.report.curves.shown import AnsweredWithin, BacklogByTime
from ccsim.report.curves.wait_curves import answered_finding, backlog_finding
from ccsim.report.figures.charts import (
    BLACK,
    GREY,
    STYLE,
    columns_of,
    design_style,
    framed,
    legend_below,
    target_line,
    thousands,
)
from ccsim.report.words.rounding import US

MEAN_BAND = "bands: 95 % intervals of the mean"
MOST_TICKS = 14  # days that are named
FEW_DAYS, HOURS = 3, ("06:00", "12:00", "18:00")  # in short calendars these are named too


def answered_figure(table: AnsweredWithin) -> Figure:
    """The share answered within each time, with the target time and the target."""
    with matplotlib.rc_context(STYLE):
        figure, axes = framed(
            answered_finding(table),
            f"Share of {table.contacts} answered, by time until the answer",
            table.sample,
        )
        unit = _unit(table)
        length = US[unit] / 1e6
        at = [seconds / length for seconds in table.at]
        lowest = 100.0 if table.target is None else 100 * table.target
        for index, (name, curve) in enumerate(table.curves):
            style = design_style(index) | {"markevery": (3 * index, 16)}
            values, lows, highs = columns_of(curve, 100)
            shade = _shade(len(table.curves))
            axes.fill_between(at, lows, highs, color=style["color"], alpha=shade, linewidth=0)
            lowest = min([lowest, *(x for x in lows[:1] if x == x)])
            one = len(table.curves) == 1
            axes.plot(at, values, label="answered" if one else name, **style)
        axes.fill_between([], [], [], color=GREY, alpha=0.25, linewidth=0, label=MEAN_BAND)
        target_line(axes, table.target)
        if table.within_s is not None:
            words = f"target time: {table.within}"
            axes.axvline(table.within_s / length, color=BLACK, linewidth=1.0, label=words)
        axes.set_xlim(0, at[-1])
        axes.set_ylim(min(max(0.0, 10 * ((lowest - 5) // 10)), 70), 101)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
        axes.xaxis.set_major_formatter(FuncFormatter(thousands))
        hours = ", working hours only" if table.working else ""
        gone = " (callers who hang up are never answered)" if table.live else ""
        axes.set_xlabel(f"time until the answer, {unit}{hours}{gone}")
        legend_below(figure, axes)
        return figure


def _shade(curves: int) -> float:
    """How dark a band is: bands of many designs lie on one another."""
    return 0.2 if curves < 3 else 0.1


def _unit(table: AnsweredWithin) -> str:
    longest = table.at[-1]
    for unit, limit in (("s", 300.0), ("min", 3 * 3600.0), ("h", 4 * 86_400.0)):
        if longest <= limit:
            return unit
    return "d"


def backlog_figure(table: BacklogByTime) -> Figure:
    """Contacts waiting over the days, with lines at local midnight."""
    with matplotlib.rc_context(STYLE):
        figure, axes = framed(
            backlog_finding(table),
            f"How many {table.contacts} are waiting, unanswered or interrupted? "
            f"Averages of {table.each} over all replications",
            table.sample,
        )
        few = len(table.at) <= MOST_TICKS
        for index, (name, curve) in enumerate(table.curves):
            marks = {"markevery": 1 if few else (12 * index, 48)}
            style = design_style(index) | marks
            values, lows, highs = columns_of(curve, 1)
            shade = _shade(len(table.curves))
            axes.fill_between(table.at, lows, highs, color=style["color"], alpha=shade, linewidth=0)
            one = len(table.curves) == 1
            axes.plot(table.at, values, label="waiting" if one else name, **style)
        axes.fill_between([], [], [], color=GREY, alpha=0.25, linewidth=0, label=MEAN_BAND)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(FuncFormatter(thousands))
        axes.set_ylabel(table.contacts)
        legend_below(figure, axes, ticks=_day_axis(axes, table))
        return figure


def _day_axis(axes: Axes, table: BacklogByTime) -> int:
    """Local midnights, named by their day; every second, seventh ... where there are many. Returns
    how many lines the names have."""
    first = max(i for i, (at, _) in enumerate(table.days) if at <= table.at[0])  # after a warm-up
    shown = table.days[first:]
    axes.set_xlim(shown[0][0], shown[-1][0])
    step = next((s for s in (1, 2, 7, 14, 28) if len(shown) / s <= MOST_TICKS), 56)
    form = "%a\n%d %b" if step <= 2 else "%d %b"
    named = shown[::step]
    axes.set_xticks([at for at, _ in named], [f"{date:{form}}" for _, date in named])
    if len(shown) <= FEW_DAYS + 1:
        half = (table.at[1] - table.at[0]) / 2 if len(table.at) > 1 else 0.0
        hours = [
            (at - half, label[-5:])
            for at, label in zip(table.at, table.labels, strict=True)
            if label.endswith(HOURS)
        ]
        axes.set_xticks([at for at, _ in hours], [hour for _, hour in hours], minor=True)
        axes.tick_params(axis="x", which="minor", labelsize=8.5)
    axes.grid(visible=True, axis="x")
    axes.set_xlabel("local time; lines at midnight")
    return 1 + form.count("\n")


__all__ = ["answered_figure", "backlog_figure"]
