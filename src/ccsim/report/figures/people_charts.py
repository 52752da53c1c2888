"""Figures of people: a day of the roster as a Gantt chart, occupancy by team and hour."""

from __future__ import annotations

import matplotlib
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ccsim.report.curves.findings import clock
from ccsim.report.curves.people_curves import occupancy_finding, roster_finding
from ccsim.report.curves.shown import OccupancyByHour, RosterDay
from ccsim.report.figures.charts import (
    BLACK,
    BLUE,
    GREY,
    LEFT,
    ORANGE,
    PURPLE,
    RIGHT,
    SKY,
    STYLE,
    VERMILLION,
    framed,
    legend_below,
    time_axis,
)
from ccsim.report.words.rounding import number

ROW = 0.135  # inches of a person
HOUR = 3600
FRAME = 2.6  # inches of title, axis and legend
LEAST, MOST = 5.2, 11.0  # inches, whole figures
TOO_BUSY = 0.88  # the ceiling above which people tire, as the report warns

# what is told apart in a roster: colour and hatching, so that a grey print is readable
KINDS = {
    "on duty": (BLUE, ""),
    "break": ("#CFE8F7", ""),
    "late, training, meeting or elsewhere": (ORANGE, "///"),
    "absent": ("#D9D9D9", "xxx"),
    "planned overtime": (VERMILLION, "..."),
    "on call": (PURPLE, "\\\\\\"),
}
BUSYNESS = LinearSegmentedColormap.from_list("busyness", ["#FFFFFF", SKY, BLUE, "#00324F"])


def roster_figure(table: RosterDay) -> Figure:
    """A row a person: duty, breaks and absence over the day, team by team."""
    with matplotlib.rc_context(STYLE | {"hatch.linewidth": 0.5, "hatch.color": "#FFFFFF"}):
        height = min(max(FRAME + ROW * len(table.rows), LEAST), MOST)
        design = "" if table.design == "base" else f", design {table.design}"
        part = -(-table.people // max(len(table.rows), 1))
        shown = "" if part == 1 else f"; one row for {part} people"
        figure, axes = framed(
            roster_finding(table),
            f"Who is scheduled when on the day with most hours on duty{design}{shown}",
            table.sample,
            height,
        )
        for kind, (colour, hatch) in KINDS.items():
            bars = [
                (place, start, until - start)
                for place, (_, parts) in enumerate(table.rows)
                for start, until, what in parts
                if what == kind
            ]
            if bars:
                places, starts, lengths = zip(*bars, strict=True)
                axes.barh(
                    places, lengths, left=starts, height=0.78, color=colour, hatch=hatch,
                    linewidth=0, label=kind,
                )  # fmt: skip
        _team_names(figure, table)
        axes.set_ylim(len(table.rows) - 0.4, -0.6)
        first = min(start for _, parts in table.rows for start, _, _ in parts) // HOUR * HOUR
        last = max(until for _, parts in table.rows for _, until, _ in parts)
        time_axis(axes, (first,), -(-last // HOUR) * HOUR - first)
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        legend_below(figure, axes)
        return figure


def _team_names(figure: Figure, table: RosterDay) -> None:
    """Each team's name beside its rows, and a line between teams."""
    (axes,) = figure.axes
    names = [team for team, _ in table.rows]
    position = axes.get_position()
    longest = max(len(name) for name in names)
    left = min(max(LEFT, 0.03 + 0.0095 * longest), 0.3)
    axes.set_position((left, position.y0, RIGHT - left, position.height))
    ticks, labels = [], []
    for team in dict.fromkeys(names):
        first = names.index(team)
        last = first + names.count(team) - 1
        ticks.append((first + last) / 2)
        labels.append(team)
        if first:
            axes.axhline(first - 0.5, color=GREY, linewidth=0.8)
    axes.set_yticks(ticks, labels, fontsize=10 if len(names) < 30 else 8)
    axes.tick_params(axis="y", length=0)


def occupancy_figure(table: OccupancyByHour) -> Figure:
    """A cell for each team and hour, darker where more of the capacity is taken."""
    with matplotlib.rc_context(STYLE):
        design = "" if table.design == "base" else f", design {table.design}"
        height = min(max(3.0 + 0.42 * len(table.teams), LEAST - 1.2), MOST)
        figure, axes = framed(
            occupancy_finding(table),
            f"Share of the capacity on duty taken by work, in %, all days together{design}",
            table.sample,
            height,
        )
        longest = max(len(team) for team in table.teams)
        position = axes.get_position()
        left = min(max(LEFT, 0.03 + 0.0095 * longest), 0.3)
        bottom = 0.6 / height
        axes.set_position((left, bottom, RIGHT - left, position.y1 - bottom))
        for row, shares in enumerate(table.shares):
            for hour, share in zip(table.hours, shares, strict=True):
                if share is None:
                    continue
                axes.barh(row, 1, left=hour, height=1, color=BUSYNESS(share), linewidth=0)
                dark = share > 0.55
                axes.text(
                    hour + 0.5, row, number(100 * share, 0),
                    ha="center", va="center", fontsize=8.5,
                    color="#FFFFFF" if dark else BLACK,
                    weight="bold" if share > TOO_BUSY else "normal",
                )  # fmt: skip
        axes.set_xlim(table.hours[0], table.hours[-1] + 1)
        axes.set_ylim(len(table.teams) - 0.5, -0.5)
        axes.set_yticks(range(len(table.teams)), table.teams)
        step = 1 if len(table.hours) <= 14 else 2
        ticks = range(table.hours[0], table.hours[-1] + 2, step)
        axes.set_xticks(ticks, [clock(3600 * hour) for hour in ticks])
        axes.tick_params(axis="both", length=0)
        axes.grid(visible=False)
        axes.set_xlabel(
            f"local time; bold: above {number(100 * TOO_BUSY, 0)} %, which few teams hold for long"
        )
        return figure


__all__ = ["occupancy_figure", "roster_figure"]
