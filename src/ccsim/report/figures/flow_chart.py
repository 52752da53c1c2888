"""The flow of contacts as a picture: places in layers, ribbons as wide as what goes along them.

A ribbon that passes a layer without stopping there has a lane of its own in it, so that no ribbon
runs behind a place. Every layer holds all contacts, in places or lanes; all of them are as high.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from ccsim.report.curves.flow_curves import AGAIN, GOOD, OPEN, UNRESOLVED, flow_finding
from ccsim.report.curves.shown import FlowNode, FlowOfContacts
from ccsim.report.figures.charts import (
    BLACK,
    GREEN,
    GREY,
    HEIGHT,
    ORANGE,
    PURPLE,
    SKY,
    STYLE,
    VERMILLION,
    WIDTH,
    framed,
)
from ccsim.report.tables.text_table import folded
from ccsim.report.words.rounding import number, scale_for, spread

FLOW = 2.6  # inches: all contacts in a layer
LINE = 0.165  # inches of a line of a label
GAP, LANE_GAP = 0.08, 0.05  # inches between places, between lanes
BAR = 0.13  # inches: the width of a place at either side
BOX = 1.16  # inches: the width of a line's box, with its words in it
IN_BOX = 0.063  # inches of a letter in a box
BETWEEN = 0.5  # inches at least for ribbons between two layers: many layers make a wide picture
SIDE = 1.75  # inches at the left and the right for labels
LEGEND = 0.42  # inches below
SWEEPS = 6
SHADE = 0.45
KINDS = {  # of ribbons, in the order of the legend: what they lead to, and its colour
    "in progress": SKY,
    "resolved": GREEN,
    "contacts again": ORANGE,
    "unresolved": PURPLE,
    "not answered": VERMILLION,
    "still open": GREY,
}


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place, or a lane of ribbons to a place, in a layer."""

    node: int  # the place, or the one that the lane leads to
    layer: int
    lane: bool
    size: float  # contacts
    words: tuple[str, ...]  # the label, line by line; none of a lane

    @property
    def key(self) -> tuple[int, int]:
        return self.node, self.layer


def flow_figure(table: FlowOfContacts) -> Figure:
    """Ways of coming at the left, lines between, ways of ending at the right."""
    with matplotlib.rc_context(STYLE | {"axes.grid": False}):
        slots, steps = _slots(table)
        layers = _ordered(table, slots, steps)
        scale = FLOW / max(sum(slot.size for slot in layer) for layer in layers)
        tall = max(_height(layer, scale) for layer in layers)
        height = max(tall + 1.75, HEIGHT - 0.6)
        gaps = BETWEEN * (table.layers - 1)
        width = max(
            WIDTH, 2 * SIDE + sum(_width(table.layers, i) for i in range(table.layers)) + gaps
        )
        design = "" if table.design == "base" else f" in {table.design}"
        question = (
            f"Where do contacts go{design}, and how do they end? Contacts a {table.period} with "
            "their 95 % interval, and share of all"
        )
        figure, axes = framed(flow_finding(table), question, table.sample, height)
        # a title and a question of several lines leave less room than there should be
        lacking = tall + LEGEND - height * axes.get_position().y1
        if lacking > 0:
            height += lacking
            figure, axes = framed(flow_finding(table), question, table.sample, height)
        figure.set_figwidth(width)
        top = axes.get_position().y1
        bottom = LEGEND / height
        axes.set_position((0, bottom, 1, top - bottom))
        axes.set_xlim(0, width)
        axes.set_ylim(height * (top - bottom), 0)
        axes.set_axis_off()
        places = _places(layers, scale, width, height * (top - bottom))
        _ribbons(axes, table, steps, places, scale)
        for layer in layers:
            for slot in layer:
                if not slot.lane:
                    _place(axes, table, slot, places[slot.key], scale)
        used = {_kind(table, table.nodes[leads]) for _, _, leads, _ in steps}
        patches = [
            Patch(facecolor=colour, alpha=SHADE, label=kind)
            for kind, colour in KINDS.items()
            if kind in used
        ]
        figure.legend(
            handles=patches, loc="lower left", bbox_to_anchor=(0.01, 0.01), fontsize=8.5,
            ncols=len(patches), handlelength=1.2, columnspacing=1.0,
        )  # fmt: skip
        return figure


Steps = list[tuple[tuple[int, int], tuple[int, int], int, float]]
"""From slot, to slot, the place that it leads to, and how many contacts."""


def _slots(table: FlowOfContacts) -> tuple[dict[tuple[int, int], _Slot], Steps]:
    """Places and lanes, and the steps between neighbouring layers."""
    found = {
        (i, node.layer): _Slot(
            i, node.layer, False, node.count.value or 0.0, _label(node, table.layers)
        )
        for i, node in enumerate(table.nodes)
    }
    lanes: dict[tuple[int, int], float] = defaultdict(float)
    steps: dict[tuple[tuple[int, int], tuple[int, int]], float] = defaultdict(float)
    for start, to, count in table.links:
        before = (start, table.nodes[start].layer)
        for layer in range(table.nodes[start].layer + 1, table.nodes[to].layer):
            lanes[to, layer] += count
            steps[before, (to, layer)] += count
            before = (to, layer)
        steps[before, (to, table.nodes[to].layer)] += count
    for (node, layer), count in lanes.items():
        found[node, layer] = _Slot(node, layer, True, count, ())
    return found, [(start, to, to[0], count) for (start, to), count in steps.items()]


def _ordered(
    table: FlowOfContacts, slots: dict[tuple[int, int], _Slot], steps: Steps
) -> list[list[_Slot]]:
    """Slots of each layer from top to bottom: those that exchange contacts at the same height.

    The first layer and the last keep the order of the table.
    """
    layers: list[list[_Slot]] = [[] for _ in range(table.layers)]
    for slot in sorted(slots.values(), key=lambda slot: (slot.lane, slot.node)):
        layers[slot.layer].append(slot)
    height = {slot.key: float(i) for layer in layers for i, slot in enumerate(layer)}
    for _ in range(SWEEPS):
        for layer in layers[1:-1]:
            pulled = {slot.key: _pulled(slot, steps, height) for slot in layer}
            layer.sort(key=lambda slot: (pulled[slot.key], slot.node))
            at = 0.0
            for slot in layer:
                height[slot.key] = at + slot.size / 2
                at += slot.size
        for layer in (layers[0], layers[-1]):
            at = 0.0
            for slot in layer:
                height[slot.key] = at + slot.size / 2
                at += slot.size
    return layers


def _pulled(slot: _Slot, steps: Steps, height: dict[tuple[int, int], float]) -> float:
    """The mean height of what a slot exchanges contacts with, by their number."""
    pulls = [(height[start], n) for start, to, _, n in steps if to == slot.key]
    pulls += [(height[to], n) for start, to, _, n in steps if start == slot.key]
    total = sum(n for _, n in pulls)
    return sum(at * n for at, n in pulls) / total if total else height[slot.key]


def _room(slot: _Slot, scale: float) -> tuple[float, float]:
    """Inches that a slot takes, and the gap behind it."""
    size = slot.size * scale
    return (size, LANE_GAP) if slot.lane else (max(size, _tall(slot)), GAP)


def _tall(slot: _Slot) -> float:
    """Inches of the label."""
    return LINE * len(slot.words) + 0.03


def _height(layer: list[_Slot], scale: float) -> float:
    return sum(sum(_room(slot, scale)) for slot in layer)


def _width(layers: int, layer: int) -> float:
    """Inches from the left edge of the places of a layer to the right one."""
    if layer in (0, layers - 1):
        return BAR
    return BOX


def _places(
    layers: list[list[_Slot]], scale: float, wide: float, tall: float
) -> dict[tuple[int, int], tuple[float, float, float]]:
    """Left edge, width and top of the flow through each slot, inches; each layer in the middle."""
    found = {}
    widths = [_width(len(layers), i) for i in range(len(layers))]
    between = (wide - 2 * SIDE - sum(widths)) / max(len(layers) - 1, 1)
    for number_, layer in enumerate(layers):
        left = SIDE + sum(widths[:number_]) + number_ * between
        at = max(0.0, (tall - _height(layer, scale)) / 2)
        for slot in layer:
            room, gap = _room(slot, scale)
            found[slot.key] = (left, widths[number_], at + (room - slot.size * scale) / 2)
            at += room + gap
    return found


def _ribbons(
    axes: Axes,
    table: FlowOfContacts,
    steps: Steps,
    places: dict[tuple[int, int], tuple[float, float, float]],
    scale: float,
) -> None:
    """Those that leave and those that reach a slot from top to bottom, as the other ends lie."""
    leaves = {key: top for key, (_, _, top) in places.items()}
    reaches = dict(leaves)
    starts: dict[int, float] = {}
    for i in sorted(range(len(steps)), key=lambda i: (steps[i][0], places[steps[i][1]][2])):
        start, _, _, count = steps[i]
        starts[i] = leaves[start]
        leaves[start] += count * scale
    for i in sorted(range(len(steps)), key=lambda i: (steps[i][1], places[steps[i][0]][2])):
        start, to, leads, count = steps[i]
        x0, width, _ = places[start]
        x1, across, _ = places[to]
        ends = (x0 + width, starts[i]), (x1, reaches[to])
        through = across if table.nodes[to[0]].layer != to[1] else 0.0  # along a lane
        reaches[to] += count * scale
        _ribbon(axes, *ends, through, count * scale, KINDS[_kind(table, table.nodes[leads])])


def _ribbon(
    axes: Axes,
    start: tuple[float, float],
    to: tuple[float, float],
    through: float,
    wide: float,
    colour: str,
) -> None:
    """From one point to another, and straight on for `through`; both are its upper edge."""
    (x0, y0), (x1, y1) = start, to
    middle, on = (x0 + x1) / 2, x1 + through
    corners = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1), (on, y1), (on, y1 + wide),
        (x1, y1 + wide), (middle, y1 + wide), (middle, y0 + wide), (x0, y0 + wide), (x0, y0),
    ]  # fmt: skip
    curve, line = [Path.CURVE4] * 3, [Path.LINETO]
    codes = [Path.MOVETO, *curve, *line * 3, *curve, Path.CLOSEPOLY]
    patch = PathPatch(Path(corners, codes), facecolor=colour, alpha=SHADE, linewidth=0.15)
    patch.set_edgecolor(colour)
    axes.add_patch(patch)


def _kind(table: FlowOfContacts, node: FlowNode) -> str:
    """What a ribbon to a place is: a key of KINDS."""
    if node.layer < table.layers - 1:
        return "in progress"
    if node.name in GOOD:
        return "resolved"
    if node.name in AGAIN or node.name.startswith("back to "):
        return "contacts again"
    if node.name == OPEN:
        return "still open"
    return "unresolved" if node.name == UNRESOLVED else "not answered"


def _place(
    axes: Axes, table: FlowOfContacts, slot: _Slot, at: tuple[float, float, float], scale: float
) -> None:
    """A bar with its name beside it, or a box with its name in it; contacts and their share."""
    x, width, y = at
    size = slot.size * scale
    middle = y + size / 2
    inside = 0 < slot.layer < table.layers - 1
    words = "\n".join(slot.words)
    if inside:
        tall = max(size, _tall(slot))
        axes.add_patch(
            Rectangle((x, middle - tall / 2), width, tall, facecolor="#FFFFFF", edgecolor=BLACK,
                      linewidth=0.9)
        )  # fmt: skip
        axes.text(x + width / 2, middle, words, ha="center", va="center", fontsize=8)
        return
    thick = max(size, 0.012)
    axes.add_patch(Rectangle((x, middle - thick / 2), width, thick, facecolor=BLACK, linewidth=0))
    side, place = ("right", x - 0.07) if slot.layer == 0 else ("left", x + width + 0.07)
    axes.text(place, middle, words, ha=side, va="center", fontsize=8.5)


def _label(node: FlowNode, layers: int) -> tuple[str, ...]:
    """The name, and `1 240 ±12 (34 %)`, without the interval where a box has no room for it."""
    scale = scale_for("contacts", [node.count])
    sure = spread(node.count, scale)
    percent = 100 * node.share
    share = "<1 %" if 0 < percent < 0.95 else f"{number(percent, 0)} %"
    value = scale.text(node.count.value)
    if not sure:  # the same in every replication
        value = number(node.count.value or 0.0, 0 if (node.count.value or 0.0) >= 10 else 1)
    full = f"{value} {sure} ({share})" if sure.startswith("±") else f"{value} ({share})"
    letters = int((_width(layers, node.layer) if 0 < node.layer < layers - 1 else SIDE) / IN_BOX)
    count = full if len(full) <= letters else f"{value} ({share})"
    name = folded(node.name.replace("_", "_ "), letters)  # a long name breaks at its underscores
    return (*(line.replace("_ ", "_") for line in name), count)


__all__ = ["flow_figure"]
