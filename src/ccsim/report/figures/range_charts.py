"""The figures of draws: ranges in panels, and what the spread is made of. Drawn like those of
`figures`."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ccsim.report.figures.charts import (
    BLACK,
    DESIGN_COLOURS,
    GREY,
    HEIGHT,
    LEFT,
    MARKERS,
    RIGHT,
    STYLE,
    framed,
)
from ccsim.report.studies.range_curves import (
    OTHERS,
    RangePanel,
    Ranges,
    SourceShares,
    UncertaintySources,
)
from ccsim.report.tables.text_table import folded
from ccsim.report.words.rounding import number

DIRECTIONS = {  # of differences: on which side of zero a design is better
    "higher": "   (◀ worse · better ▶)",
    "lower": "   (◀ better · worse ▶)",
    None: "",
}
UNKNOWN = "90 % of the draws: uncertain inputs"
CHANCE = "95 % interval by chance"
HEAD = 1.25  # inches: the title and what stands under it, where the title has one line
FOOT = 0.5  # inches of the legend's first line and the room under it
LINE = 0.2  # inches of each further line of the legend
ROW, GAP = 0.3, 0.78  # inches of a design, and of a panel's title and ticks
BAR = 0.62  # inches of a bar with its label
WORD = 0.0087  # of the width: a letter right of the panels
CHANCE_COLOUR, REST_COLOUR = "#BBBBBB", "#EEEEEE"
ROOM = 0.07  # of the whole spread: a part that is wider says its share


def ranges_figure(table: Ranges) -> Figure:
    """A panel a measure, a row a design: the range over draws, and chance within it."""
    with matplotlib.rc_context(STYLE | {"axes.grid.axis": "x"}):
        names = list(dict.fromkeys(row.name for panel in table.panels for row in panel.rows))
        shown = [folded(name, 24) for name in names] if len(names) > 1 else []
        row = ROW * max(1.0, 0.6 * max((len(lines) for lines in shown), default=1))
        sizes = [row * len(panel.rows) + GAP for panel in table.panels]
        figure, head = _framed(table, sum(sizes) + FOOT)
        height = figure.get_figheight()
        left = min(0.3, 0.03 + 0.0098 * max((len(t) for lines in shown for t in lines), default=1))
        written = max(len(row.words) for panel in table.panels for row in panel.rows)
        wide = 0.99 - left - max(0.18, 0.012 + WORD * written)
        top = height - head
        for panel, size in zip(table.panels, sizes, strict=True):
            low = top - size + GAP - 0.34
            box = (left, low / height, wide, row * len(panel.rows) / height)
            _panel(figure.add_axes(box), panel, table.designs, named=len(names) > 1)
            top -= size
        marks = dict.fromkeys(p.mark_words.partition(":")[0] for p in table.panels if p.mark_words)
        handles: list[Line2D | Patch] = [
            Patch(color=GREY, alpha=0.25, linewidth=0, label=UNKNOWN),
            Patch(color=GREY, alpha=0.75, linewidth=0, label=CHANCE),
            *(Line2D([], [], color=BLACK, dashes=(2, 2), label=words) for words in marks),
        ]
        _legend(figure, handles, columns=len(handles))
        return figure


def _panel(axes: Axes, panel: RangePanel, designs: Sequence[str], *, named: bool) -> None:
    factor = panel.scale.factor
    reach: list[float] = [] if panel.mark is None else [panel.mark]
    for place, row in enumerate(panel.rows):
        index = designs.index(row.name) % len(DESIGN_COLOURS)
        colour = DESIGN_COLOURS[index]
        if row.ends is not None:
            low, high = (end * factor for end in row.ends)
            axes.barh(place, high - low, left=low, height=0.66, color=colour, alpha=0.25)
            reach += [low, high]
        mean = row.mean
        if mean.value is None:
            continue
        if mean.low is not None and mean.high is not None:
            low, high = mean.low * factor, mean.high * factor
            axes.barh(place, high - low, left=low, height=0.66, color=colour, alpha=0.6)
            reach += [low, high]
        reach.append(mean.value * factor)
        axes.plot(
            [mean.value * factor], [place], marker=MARKERS[index], color=BLACK, markersize=5,
            linestyle="none",
        )  # fmt: skip
        axes.annotate(
            row.words, (1.0, place), xycoords=("axes fraction", "data"), xytext=(8, 0),
            textcoords="offset points", va="center", fontsize=9,
        )  # fmt: skip
    if panel.mark is not None:
        axes.axvline(panel.mark, color=BLACK, linewidth=1.2, dashes=(2, 2))
    low, high = min(reach, default=0.0), max(reach, default=1.0)
    room = 0.06 * (high - low) or 0.5
    axes.set_xlim(max(low - room, panel.scale.floor), min(high + room, panel.scale.ceiling + 1))
    axes.set_ylim(len(panel.rows) - 0.5, -0.5)
    rows = range(len(panel.rows))
    axes.set_yticks(rows, ["\n".join(folded(row.name, 24)) for row in panel.rows])
    axes.tick_params(axis="y", length=0, labelleft=named)
    axes.tick_params(axis="x", labelsize=8.5)
    axes.spines["left"].set_visible(False)
    target = f"  ({panel.mark_words})" if panel.mark_words.startswith("target") else ""
    axes.set_title(
        panel.label + target + DIRECTIONS[panel.better], fontsize=10, loc="left", weight="bold"
    )
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))


def _tick(value: float, _position: object) -> str:
    """As many decimals as it has."""
    return number(value, 0) if abs(value) >= 1000 else f"{round(value, 9):g}"


def spreads_figure(table: UncertaintySources) -> Figure:
    """A bar a measure, all of its spread: chance, each assumption, and what is left."""
    with matplotlib.rc_context(STYLE | {"axes.grid": False, "hatch.linewidth": 0.5}):
        colours = [
            GREY if name == OTHERS else DESIGN_COLOURS[place % len(DESIGN_COLOURS)]
            for place, name in enumerate(table.assumptions)
        ]
        again = "another day" if table.days == 1 else f"other {table.days:g} days"
        handles = [
            Patch(color=CHANCE_COLOUR, label=f"chance: {again} under the same assumptions"),
            *(
                Patch(color=colour, label="\n".join(folded(name, 100, "", "    ")))
                for name, colour in zip(table.assumptions, colours, strict=True)
            ),
            Patch(
                facecolor=REST_COLOUR, edgecolor=GREY, hatch="///", linewidth=0,
                label="from inputs, not surely from one assumption",
            ),
        ]  # fmt: skip
        lines = sum(1 + str(handle.get_label()).count("\n") for handle in handles)
        foot = FOOT + LINE * lines
        figure, _ = _framed(table, BAR * len(table.rows) + foot + 0.3)
        height = figure.get_figheight()
        box = (LEFT, (foot + 0.3) / height, RIGHT - LEFT, BAR * len(table.rows) / height)
        axes = figure.add_axes(box)
        for place, row in enumerate(table.rows):
            _bar(axes, place, row, colours)
        axes.set_xlim(0, 1)
        axes.set_ylim(len(table.rows) - 0.5, -0.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:.0f} %"))
        axes.set_xlabel("share of the uncertainty (variance) of one result")
        _legend(figure, handles, columns=1)
        return figure


def _bar(axes: Axes, place: int, row: SourceShares, colours: list[str]) -> None:
    axes.text(0, place - 0.26, row.label, fontsize=9.5, va="center", weight="bold")
    looks = [(CHANCE_COLOUR, ""), *((colour, "") for colour in colours), (REST_COLOUR, "///")]
    start = 0.0
    for share, (colour, hatch) in zip((row.chance, *row.parts, row.rest), looks, strict=True):
        axes.barh(
            place + 0.14, share, left=start, height=0.44, color=colour, hatch=hatch,
            edgecolor=GREY if hatch else "#FFFFFF", linewidth=0.0 if hatch else 0.6,
        )  # fmt: skip
        if share > ROOM and not hatch:
            axes.text(
                start + share / 2, place + 0.15, f"{number(100 * share, 0)} %", ha="center",
                va="center", fontsize=8.5,
                color=BLACK if colour in (CHANCE_COLOUR, *DESIGN_COLOURS[3:]) else "#FFFFFF",
            )  # fmt: skip
        start += share


def figure_of_draws(table: Ranges | UncertaintySources) -> Figure:
    """The figure of one of these tables."""
    return ranges_figure(table) if isinstance(table, Ranges) else spreads_figure(table)


def _framed(table: Ranges | UncertaintySources, body: float) -> tuple[Figure, float]:
    """A figure with `body` inches under its head, and how many inches the head takes."""
    height = HEAD + body
    for _ in range(2):  # a title or a sample that folds takes more
        figure, axes = framed(table.title, table.question, table.sample, height)
        head = (1 - axes.get_position().y1) * height - 0.1
        height = head + body
        axes.remove()
    return figure, head


def _legend(figure: Figure, handles: Sequence[Line2D | Patch], columns: int) -> None:
    figure.legend(
        handles=list(handles), loc="lower left", fontsize=9, ncols=columns,
        bbox_to_anchor=(0.01, 0.005 * HEIGHT / figure.get_figheight()),
    )  # fmt: skip


__all__ = ["figure_of_draws", "ranges_figure", "spreads_figure"]
