"""The common frame of the figures and three of them; Matplotlib is imported in this room only.

Every figure is a function of one table of `curves`: nothing is computed here. Colours are
Okabe and Ito's (https://jfly.uni-koeln.de/color/, 2008), told apart by most who see colour
otherwise; designs differ by line style and marker too, so that a grey print is readable. SVG is
written with a fixed hash salt and without a date: the same table gives the same bytes.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from ccsim.experiment.storage.disk import write_whole
from ccsim.report.curves.findings import (
    clock,
    service_finding,
    spans,
    staff_finding,
    trade_off_finding,
)
from ccsim.report.curves.shown import Sample, ServiceByTime, StaffByTime, TradeOff
from ccsim.report.figures.fonts import choose_fonts
from ccsim.report.tables.text_table import folded
from ccsim.report.words.rounding import money_factor, number
from ccsim.report.words.verdicts import DesignChange, brief_words
from ccsim.statistics.estimate import Estimate

__all__ = ["Figure", "save", "service_figure", "staff_figure", "trade_off_figure"]

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILLION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
DESIGN_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)  # yellow is too pale for paper
LINES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (3, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P")
BAND_WORDS = "bands: 95 % intervals"
GREY = "#555555"
STYLE: Any = {
    "font.family": "DejaVu Sans",  # shipped with matplotlib: the same on every machine
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "svg.hashsalt": "ccsim",
    "svg.fonttype": "path",
    "path.sketch": None,
    "text.parse_math": False,  # a $ in a name is a $
}
WIDTH, HEIGHT = 8.6, 5.2  # inches
LEFT, RIGHT, BOTTOM, TOP = 0.085, 0.955, 0.225, 0.79  # of the figure, left for the axes


def service_figure(table: ServiceByTime) -> Figure:
    """Service level by time of day with its band, against the target."""
    with matplotlib.rc_context(STYLE):
        figure, axes = framed(
            service_finding(table),
            f"Share of {table.contacts} answered within {table.within}, by time of arrival",
            table.sample,
        )
        middles = [start + table.length / 2 for start in table.starts]
        lowest = table.target if table.target is not None else 1.0
        for index, (name, curve) in enumerate(table.curves):
            style = design_style(index)
            values, lows, highs = columns_of(curve, 100)
            axes.fill_between(middles, lows, highs, color=style["color"], alpha=0.18, linewidth=0)
            one = len(table.curves) == 1
            axes.plot(
                middles, values, label=f"answered within {table.within}" if one else name, **style
            )
            lowest = min([lowest, *(x / 100 for x in lows if x == x)])
        axes.fill_between([], [], [], color=GREY, alpha=0.25, linewidth=0, label=BAND_WORDS)
        target_line(axes, table.target)
        _shade_off_duty(axes, table)
        bottom = max(0.0, 10 * ((100 * lowest - 5) // 10))
        axes.set_ylim(min(bottom, 70), 101)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
        time_axis(axes, table.starts, table.length)
        legend_below(figure, axes)
        return figure


def _shade_off_duty(axes: Axes, table: ServiceByTime) -> None:
    """Grey behind the times at which nobody is on duty."""
    words: str | None = "not staffed"
    for start, until in spans(table.starts, table.length, table.off_duty) if table.off_duty else ():
        axes.axvspan(
            start, until, facecolor="#EEEEEE", linewidth=0,
            zorder=0, label=words,
        )  # fmt: skip
        words = None  # once in the legend


def staff_figure(table: StaffByTime) -> Figure:
    """People on duty against the work and the people that the target requires."""
    with matplotlib.rc_context(STYLE):
        design = "" if table.design == "base" else f", design {table.design}"
        figure, axes = framed(
            staff_finding(table),
            f"People and work in {table.team} on {table.day}, its busiest day{design}",
            table.sample,
        )
        edges = [*table.starts, table.starts[-1] + table.length]
        duty, low, high = columns_of(table.on_duty, 1)
        low, high = _or(low, duty), _or(high, duty)
        label = "people on duty, without the absent (simulated)"
        axes.stairs(duty, edges, fill=True, color=SKY, alpha=0.45, label=label)
        axes.stairs(high, edges, baseline=low, fill=True, color=BLUE, alpha=0.35)
        axes.stairs(duty, edges, color=BLUE, linewidth=1.2)
        if table.required is not None:
            words = f"people required, by formula ({table.required_words})"
            axes.stairs(
                table.required,
                edges,
                baseline=None,
                color=BLACK,
                linewidth=1.6,
                linestyle="--",
                label="\n".join(folded(words, 100)),
            )
        middles = [start + table.length / 2 for start in table.starts]
        load, least, most = columns_of(table.load, 1)
        axes.fill_between(middles, least, most, color=VERMILLION, alpha=0.25, linewidth=0)
        words = "work in progress, in agents (simulated)"
        if not table.in_hand:
            words = "incoming work, in agents (expected)"
        if table.all_work is not None:
            words = "incoming live work, in agents (expected)"
            label = "with work that can wait, which fills the gaps"
            axes.plot(middles, table.all_work, color=VERMILLION, linestyle=":", label=label)
        axes.plot(middles, load, color=VERMILLION, marker="o", markersize=3.5, label=words)
        tallest = max([1.0, *high, *load, *(table.required or ()), *(table.all_work or ())])
        axes.set_ylim(0, 1.08 * tallest)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
        axes.set_ylabel("people")
        time_axis(axes, table.starts, table.length)
        legend_below(figure, axes, columns=1)
        return figure


def trade_off_figure(table: TradeOff) -> Figure:
    """One point a design: cost a year against service level, both with their intervals."""
    with matplotlib.rc_context(STYLE):
        figure, axes = framed(
            trade_off_finding(table),
            f"Which design answers more {table.contacts} within {table.within}, and at what cost?",
            table.sample,
        )
        factor, word = money_factor([cost.value for _, _, cost in table.points])
        changes = {design: (service, cost) for design, service, cost in table.changes}
        for index, (name, service, cost) in enumerate(table.points):
            if service.value is None or cost.value is None:
                continue
            style = design_style(index) | {"linestyle": "none", "markersize": 9}
            axes.errorbar(
                cost.value * factor,
                service.value * 100,
                xerr=arms_of(cost, factor),
                yerr=arms_of(service, 100),
                capsize=3,
                label=_difference_label(name, changes),
                **style,
            )
        if table.target is not None:
            words = f"target: {table.target * 100:g} %"
            axes.axhline(table.target * 100, color=BLACK, linewidth=1.2, dashes=(2, 2), label=words)
        axes.margins(x=0.12, y=0.15)
        axes.grid(axis="x")
        low, high = axes.get_ylim()
        axes.set_ylim(max(low, -1), min(high, 101))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(thousands))
        what = "cost less revenue, a year" if table.net else "cost a year"
        axes.set_xlabel(f"{what}, {word}{table.currency} (bars: 95 % intervals)")
        legend_below(figure, axes, columns=1)
        return figure


def save(figure: Figure, path: Path) -> frozenset[str]:
    """Write PNG (200 dots per inch) or SVG by the ending of `path`; whole or not at all. Returns
    the characters that no font of this machine draws."""
    buffer = io.BytesIO()
    kind = path.suffix.removeprefix(".")
    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # said in words instead
        missing = choose_fonts(figure)
        for text in figure.findobj(Text):
            if isinstance(text, Text):
                text.set_parse_math(False)  # a $ in a name is a $, also in ticks made outside
        if kind == "svg":
            figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        else:
            figure.savefig(buffer, format=kind, dpi=200, metadata={"Software": None})
    write_whole(path, lambda file: file.write(buffer.getvalue()), durable=False)
    return missing


def title_of(figure: Figure) -> str:
    """The finding over a figure, in one line."""
    titles = (text for text in figure.texts if text.get_gid() == "title")
    return next((text.get_text().replace("\n", " ") for text in titles), "")


# --- the common frame ----------------------------------------------------------------------------


def framed(
    title: str, question: str, sample: Sample, height: float = HEIGHT
) -> tuple[Figure, Axes]:
    """A figure with its finding as the title, its question and sample under it."""
    figure = Figure(figsize=(WIDTH, height))
    part = HEIGHT / height  # texts keep their size in figures of any height
    axes = figure.add_axes((LEFT, BOTTOM, RIGHT - LEFT, TOP - BOTTOM))
    lines = folded(title, 72)
    top = 1 - 0.025 * part
    figure.text(
        0.02, top, "\n".join(lines), fontsize=13, weight="bold", va="top", ha="left", gid="title"
    )
    below = top - (0.052 * len(lines) + 0.006) * part
    subtitle = "\n".join(line for text in (question, sample.words) for line in folded(text, 105))
    figure.text(
        0.02, below, subtitle, fontsize=9.5, color=GREY, va="top", ha="left", gid="subtitle"
    )
    used = below - (0.038 * (subtitle.count("\n") + 1) + 0.02) * part
    axes.set_position((LEFT, BOTTOM, RIGHT - LEFT, min(1 - (1 - TOP) * part, used) - BOTTOM))
    return figure, axes


def design_style(index: int) -> dict[str, Any]:
    turn = index % len(DESIGN_COLOURS)
    return {
        "color": DESIGN_COLOURS[turn],
        "linestyle": LINES[turn],
        "marker": MARKERS[turn],
        "markersize": 3.5,
        "linewidth": 1.8,
    }


def columns_of(
    curve: Sequence[Estimate | None], factor: float
) -> tuple[list[float], list[float], list[float]]:
    """Values, lows and highs; NaN, which is not drawn, where there is nothing."""
    nan = float("nan")

    def column(pick: Callable[[Estimate], float | None]) -> list[float]:
        values = [None if cell is None else pick(cell) for cell in curve]
        return [nan if value is None else value * factor for value in values]

    return column(lambda c: c.value), column(lambda c: c.low), column(lambda c: c.high)


def _or(values: Sequence[float], instead: Sequence[float]) -> list[float]:
    """The values, with others where there are none (one replication has no interval)."""
    pairs = zip(values, instead, strict=True)
    return [other if math.isnan(value) else value for value, other in pairs]


def target_line(axes: Axes, target: float | None) -> None:
    if target is not None:
        words = f"target: {target * 100:g} %"
        axes.axhline(target * 100, color=BLACK, linewidth=1.2, dashes=(2, 2), label=words)


def _difference_label(name: str, changes: Mapping[str, tuple[DesignChange, DesignChange]]) -> str:
    """The design with its paired differences from the base, the base by its name."""
    if name not in changes:
        return f"{name} (base)" if changes and name != "base" else name
    return f"{name}: " + "\n".join(
        line for line in folded("; ".join(map(brief_words, changes[name])), 100, "", "    ")
    )


def arms_of(interval: Estimate, factor: float) -> list[list[float]] | None:
    if interval.value is None or interval.low is None or interval.high is None:
        return None
    lower = max(0.0, interval.value - interval.low) * factor
    return [[lower], [max(0.0, interval.high - interval.value) * factor]]


def thousands(value: float, _position: object) -> str:
    return number(value, 0 if float(value).is_integer() else 1)


def time_axis(axes: Axes, starts: Sequence[int], length: int) -> None:
    """Local time of day, ticks at whole hours, at most a dozen of them."""
    axes.set_xlim(starts[0], starts[-1] + length)
    hours = (starts[-1] + length - starts[0]) / 3600
    step = next((h for h in (0.25, 0.5, 1, 2, 3, 4) if hours / h <= 13), 6)
    axes.xaxis.set_major_locator(MultipleLocator(step * 3600))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: clock(round(seconds))))
    axes.set_xlabel("local time")


def legend_below(figure: Figure, axes: Axes, columns: int = 3, ticks: int = 1) -> None:
    """Under the axes, in words, clear of the axis labels, which have `ticks` lines."""
    handles, labels = axes.get_legend_handles_labels()
    longest = max(map(len, labels), default=0)
    fitting = max(1, min(columns, len(labels), int(118 // (longest + 8))))
    # Legends fill by column; people read by row.
    order = [i for column in range(fitting) for i in range(column, len(labels), fitting)]
    handles, labels = [handles[i] for i in order], [labels[i] for i in order]
    part = HEIGHT / figure.get_figheight()
    place = (0.01, 0.005 * part)
    figure.legend(
        handles, labels, loc="lower left", bbox_to_anchor=place, ncols=fitting, fontsize=9
    )
    rows = -(-len(labels) // fitting) + sum(label.count("\n") for label in labels)
    position = axes.get_position()
    bottom = (0.125 + 0.043 * rows + 0.035 * (ticks - 1)) * part
    axes.set_position((position.x0, bottom, position.width, position.y1 - bottom))
