"""The figures of a sweep: curves with bands, maps, tornados. Drawn like those of `figures`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from ccsim.report.figures.charts import (
    BAND_WORDS,
    BLACK,
    DESIGN_COLOURS,
    GREY,
    HEIGHT,
    STYLE,
    arms_of,
    columns_of,
    design_style,
    framed,
    legend_below,
    save,
    thousands,
)
from ccsim.report.figures.fonts import font_words
from ccsim.report.studies.fill_report import MainEffects
from ccsim.report.studies.sweep_report import Shown, SweepCurves, SweepMap, Tornado, shown_of
from ccsim.report.tables.text_table import folded
from ccsim.report.words.file_names import distinct, slug
from ccsim.report.words.rounding import spread
from ccsim.report.words.verdicts import MARKS

if TYPE_CHECKING:
    from ccsim.experiment.studies.sweep import Sweep


UNKNOWN_WORDS = "wide band: 90 % of the draws"
MARKED = "   ".join(f"{mark} target {status}" for status, mark in MARKS.items()).replace(
    "target too", "too"
)
CHANCE_WORDS = "narrow band: 95 % interval by chance"


def draw(
    found: Sweep, folder: Path, notice: Callable[[str], object] | None = None
) -> tuple[Path, ...]:
    """Write a picture for each measure; returns their paths. `notice` as in `pictures.plot`."""
    return write_pictures(shown_of(found), folder, notice)


def write_pictures(
    tables: Iterable[tuple[str, Shown]],
    folder: Path,
    notice: Callable[[str], object] | None = None,
) -> tuple[Path, ...]:
    """Write the picture of each table, named by its measure; returns their paths."""
    written: dict[str, Path] = {}
    missing: set[str] = set()
    for key, shown in tables:
        folder.mkdir(parents=True, exist_ok=True)
        name = distinct(slug(key), written)
        written[name] = folder / f"{name}.png"
        missing |= save(figure_of(shown), written[name])
    if missing and notice is not None:
        notice(font_words(missing))
    return tuple(written.values())


def figure_of(shown: Shown) -> Figure:
    """The figure of one of these tables."""
    if isinstance(shown, MainEffects):
        return effects_figure(shown)
    if isinstance(shown, Tornado):
        return tornado_figure(shown)
    return map_figure(shown) if isinstance(shown, SweepMap) else curves_figure(shown)


def effects_figure(table: MainEffects) -> Figure:
    """Every point over each path in a panel of its own, and what that path does by itself."""
    columns = min(3, len(table.panels))
    rows = -(-len(table.panels) // columns)
    with matplotlib.rc_context(STYLE):
        height = HEIGHT if rows == 1 else 1.6 * HEIGHT
        figure, whole = framed(table.title, table.question, table.sample, height)
        box = whole.get_position()
        whole.remove()
        part = HEIGHT / height
        left, gap, low = 0.075, 0.03, 0.17 * part
        width = (0.98 - left - gap * (columns - 1)) / columns
        between = 0.26 * part
        tall = (box.y1 - 0.07 * part - low - between * (rows - 1)) / rows
        first: Axes | None = None
        for number, panel in enumerate(table.panels):
            row, column = divmod(number, columns)
            corner = (
                left + column * (width + gap),
                box.y1 - 0.07 * part - tall - row * (tall + between),
            )
            axes = figure.add_axes((*corner, width, tall), sharey=first)
            first = first or axes
            factor = table.scale.factor
            values, lows, highs = columns_of(panel.values, factor)
            axes.vlines(panel.at, lows, highs, color=DESIGN_COLOURS[0], alpha=0.25, linewidth=1.5)
            axes.plot(panel.at, values, "o", color=DESIGN_COLOURS[0], markersize=4, alpha=0.8)
            curve = [value * factor for value in panel.curve]
            axes.plot(panel.steps, curve, color=DESIGN_COLOURS[1], linewidth=2.2)
            axes.set_title(panel.words, fontsize=10, loc="left")
            axes.set_xlabel("\n".join(folded(panel.across, 38)), fontsize=9)
            axes.yaxis.set_major_formatter(FuncFormatter(thousands))
            axes.tick_params(labelleft=column == 0)
            if column == 0:
                axes.set_ylabel(table.scale.unit)
        marks = "dot: a point, with its 95 % interval; in brackets the share of the variation"
        figure.text(0.02, 0.02 * part, marks, fontsize=9, color=GREY)
        return figure


def curves_figure(table: SweepCurves) -> Figure:
    """A measure over the values that were tried, with its band."""
    with matplotlib.rc_context(STYLE):
        figure, axes = framed(table.title, table.question, table.sample)
        for index, (name, curve) in enumerate(table.curves):
            style = design_style(index) | {"markersize": 5}
            values, lows, highs = columns_of(curve, table.scale.factor)
            if table.unknown:
                least, most = (
                    [pair[side] * table.scale.factor for pair in table.unknown] for side in (0, 1)
                )
                shade = {"color": style["color"], "alpha": 0.12, "linewidth": 0}
                axes.fill_between(table.at, least, most, label=UNKNOWN_WORDS, **shade)
            alpha = 0.3 if table.unknown else 0.18
            axes.fill_between(table.at, lows, highs, color=style["color"], alpha=alpha, linewidth=0)
            axes.plot(table.at, values, label=name, **style)
        words = CHANCE_WORDS if table.unknown else BAND_WORDS
        axes.fill_between([], [], [], color=GREY, alpha=0.25, linewidth=0, label=words)
        if table.target is not None:
            words = f"target: {table.target:g} %"
            axes.axhline(table.target, color=BLACK, linewidth=1.2, dashes=(2, 2), label=words)
        step = -(-len(table.at) // 12)  # at most a dozen values are written
        axes.set_xticks(table.at[::step], table.ticks[::step])
        axes.set_xlabel(table.across)
        axes.set_ylabel(table.scale.unit)
        axes.yaxis.set_major_formatter(FuncFormatter(thousands))
        legend_below(figure, axes)
        return figure


def map_figure(table: SweepMap) -> Figure:
    """A measure over two axes: the darker the more, with the number, its ± (or its range over
    draws) and how it stands with the target in each cell, and a key of the colours."""
    with matplotlib.rc_context(STYLE | {"axes.grid": False}):
        figure, axes = framed(table.title, table.question, table.sample)
        values = [
            [math.nan if cell.value is None else cell.value * table.scale.factor for cell in row]
            for row in table.cells
        ]
        image = axes.imshow(values, aspect="auto", cmap="cividis_r", origin="lower")
        low, high = image.get_clim()
        cells = max(len(table.columns), len(table.rows))
        size = 11 if cells <= 6 else 8 if cells <= 10 else 6
        for down, row in enumerate(table.cells):
            for across, cell in enumerate(row):
                dark = values[down][across] > (low + high) / 2
                below = table.ranges[down][across] if table.ranges else spread(cell, table.scale)
                mark = MARKS[table.statuses[down][across]] + " " if table.statuses else ""
                words = (mark + table.scale.text(cell.value), below)
                axes.text(
                    across,
                    down,
                    "\n".join(filter(None, words)),
                    ha="center",
                    va="center",
                    fontsize=size,
                    color="white" if dark else BLACK,
                )
        axes.set_xticks(range(len(table.columns)), table.columns)
        axes.set_yticks(range(len(table.rows)), table.rows)
        axes.set_xlabel(table.across)
        axes.set_ylabel(table.down)
        for down, across in _framed_cells(table):
            corner = across - 0.47, down - 0.46
            axes.add_patch(
                Rectangle(corner, 0.94, 0.92, fill=False, edgecolor=DESIGN_COLOURS[1], linewidth=3)
            )
        key = MARKED if table.statuses else f"framed: {table.frame}" if table.frame else ""
        figure.text(0.02, 0.02, key, fontsize=9, color=GREY)
        low = 0.17 if key else 0.13
        position = axes.get_position()
        axes.set_position((0.12, low, position.width - 0.125, position.y1 - low))
        bar = figure.colorbar(image, cax=figure.add_axes((0.9, low, 0.018, position.y1 - low)))
        bar.ax.yaxis.set_major_formatter(FuncFormatter(thousands))
        bar.ax.set_title(table.scale.unit, fontsize=9)
        bar.outline.set_visible(False)
        return figure


def _framed_cells(table: SweepMap) -> Iterator[tuple[int, int]]:
    for down, row in enumerate(table.framed):
        for across, framed_ in enumerate(row):
            if framed_:
                yield down, across


def tornado_figure(table: Tornado) -> Figure:
    """A bar for each change of a path, from the unchanged design; the longest on top."""
    with matplotlib.rc_context(STYLE | {"axes.grid.axis": "x"}):
        figure, axes = framed(table.title, table.question, table.sample)
        names, place = [], 0.0
        for path, moves in table.bars:
            for index, (value, move) in enumerate(moves):
                names.append((place, f"{path} = {value}"))
                if move.value is not None:
                    size = move.value * table.scale.factor
                    colour = DESIGN_COLOURS[index % 2]
                    axes.barh(place, size, color=colour, alpha=0.6, height=0.8)
                    arms = arms_of(move, table.scale.factor)
                    axes.errorbar(size, place, xerr=arms, color=BLACK, capsize=3, linewidth=1)
                place -= 1
            place -= 0.5
        axes.axvline(0, color=BLACK, linewidth=1)
        axes.set_yticks([at for at, _ in names], [name for _, name in names], fontsize=8)
        axes.set_xlabel(table.label)
        axes.xaxis.set_major_formatter(FuncFormatter(thousands))
        left = min(0.5, 0.03 + 0.0098 * max(len(name) for _, name in names))
        position = axes.get_position()
        axes.set_position((left, 0.13, 0.96 - left, position.y1 - 0.13))
        return figure
