"""Points spread over many paths at once: which path moves a measure, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.report.curves.shown import Sample
from ccsim.report.tables.text_table import Cell, Row, Table
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import path_words, sentence_case
from ccsim.report.words.rounding import Scale, number, scale_for
from ccsim.report.words.units import labelled, scaled_row, unit_of
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.experiment.studies.sweep import Sweep

Move = tuple[float, float]  # by how much a path moves a measure, and its share of the spread
STEPS = np.linspace(0.0, 1.0, 41)  # where a drawn curve is known
PANELS = 6  # paths of a figure: those that explain most


@dataclass(frozen=True, slots=True)
class EffectPanel:
    """A measure at every point, over one of the paths; the curve is what that path does by itself.

    `values` and `curve` are in the unit of the scale's factor 1.
    """

    across: str
    at: tuple[float, ...]
    values: tuple[Estimate, ...]
    steps: tuple[float, ...]
    curve: tuple[float, ...]
    words: str  # its share of the spread, and by how much it moves the measure


@dataclass(frozen=True, slots=True)
class MainEffects:
    """A measure over points that were spread: a panel for each path, the most important first."""

    title: str
    question: str
    sample: Sample
    panels: tuple[EffectPanel, ...]
    scale: Scale
    label: str


def short_path(path: str) -> str:
    """The last two words of a path: `frontline.people`."""
    return ".".join(path.split(".")[-2:])


def points_table(found: Sweep) -> Table:
    """A row for each point: the value of each path, then each measure."""
    scenario = found.comparison.scenario
    names = ["base", *(point.name for point in found.points)]
    paths = [axis.path for axis in found.plan.axes]
    columns = [short_path(path) for path in paths]
    cells = [[Cell("")] * len(paths)]
    cells += [[Cell(point.settings[path]) for path in paths] for point in found.points]
    for key in found.measures:
        unit = unit_of(key, scenario, yearly=True)
        scale, shown = scaled_row(unit, [found.comparison[name].get(key) for name in names])
        columns.append(labelled(label_of(key, scenario), scale, key))
        for row, estimate in zip(cells, shown, strict=True):
            text = scale.text(estimate.value)
            row.append(Cell(f"{text} %" if scale.unit == "%" else text))
    labels = ["as it is", *(str(i) for i in range(1, len(names)))]
    rows = (Row(label, tuple(row)) for label, row in zip(labels, cells, strict=True))
    return Table(tuple(columns), tuple(rows), "point")


def effects_table(found: Sweep) -> Table:
    """By how much each path moves each measure from end to end, and its share of the spread."""
    columns: list[str] = []
    cells: list[list[Cell]] = [[] for _ in found.plan.axes]
    for key in found.measures:
        scale, moves = _moves(found, key)
        label = sentence_case(label_of(key, found.comparison.scenario))
        columns.append(f"{label}, {scale.unit}".rstrip(", "))
        for row, move in zip(cells, moves, strict=True):
            row.append(Cell("–") if move is None else Cell(*_move_words(scale, move)))
    rows = (
        Row(f"{axis.path}, {_ends_words(found, i)}", tuple(cells[i]))
        for i, axis in enumerate(found.plan.axes)
    )
    return Table(tuple(columns), tuple(rows))


def effects_shown(found: Sweep, key: str) -> MainEffects | None:
    """What a figure shows of a measure; None where there are too few points."""
    does = found.effects(key)
    if does is None:
        return None
    scenario = found.comparison.scenario
    unit = unit_of(key, scenario, yearly=True)
    scale, shown = scaled_row(unit, [found.estimate(point, key) for point in found.points])
    move_scale, moves = _moves(found, key)
    label = sentence_case(label_of(key, scenario))
    order = np.argsort(-np.where(does.told, does.shares, 0.0), kind="stable").tolist()
    panels = tuple(
        _panel(found, i, tuple(shown), does.curve(i, STEPS) * unit.factor, move_scale, moves[i])
        for i in order[:PANELS]
    )
    return MainEffects(
        title=_title(found, label, order[0], move_scale, moves),
        question=f"{label} at {len(found.points)} points; line: what the path does by itself",
        sample=_sample(found),
        panels=panels,
        scale=scale,
        label=labelled(label, scale, key),
    )


def _panel(
    found: Sweep,
    which: int,
    values: tuple[Estimate, ...],
    curve: NDArray[np.float64],
    scale: Scale,
    move: Move | None,
) -> EffectPanel:
    axis, scenario = found.plan.axes[which], found.comparison.scenario
    assert axis.ends is not None
    low, width = float(axis.ends.low), float(axis.ends.high - axis.ends.low)
    words = "effect too close to call"
    if move is not None:
        words = " ".join(_move_words(scale, move, with_unit=True))
    return EffectPanel(
        across=f"{path_words(axis.path, scenario)}, {axis.ends.unit}".rstrip(", "),
        at=tuple((low + width * found.places()[:, which]).tolist()),
        values=values,
        steps=tuple((low + width * STEPS).tolist()),
        curve=tuple(curve.tolist()),
        words=words,
    )


def _moves(found: Sweep, key: str) -> tuple[Scale, list[Move | None]]:
    """By how much each input changes a measure, and its share; None if too close to call."""
    unit = unit_of(key, found.comparison.scenario, yearly=True)
    kind = "points" if unit.kind == "share" else unit.kind
    does = found.effects(key)
    moves: list[Move | None] = [None] * len(found.plan.axes)
    if does is not None:
        each = [does.of(i) for i in range(len(moves))]
        moves = [(e.move * unit.factor, e.share) if e.told else None for e in each]
    shown = [
        Estimate(move[0], move[0] * 0.9, move[0] * 1.1, 0.95, "", len(found.points))
        for move in moves
        if move is not None
    ]
    return scale_for(kind, shown, signed=True), moves


def _move_words(scale: Scale, move: Move, *, with_unit: bool = False) -> tuple[str, str]:
    """`-8.2`, `(61 %)`."""
    sign = "+" if move[0] > 0 else ""
    unit = f" {scale.unit}" if with_unit and scale.unit else ""
    return f"{sign}{scale.text(move[0])}{unit}", f"({number(100 * move[1], 0)} %)"


def _ends_words(found: Sweep, which: int) -> str:
    axis = found.plan.axes[which]
    return f"{axis.at(0.0)} to {axis.at(1.0)}"


def _title(
    found: Sweep,
    label: str,
    first: int,
    scale: Scale,
    moves: list[Move | None],
) -> str:
    move = moves[first]
    if move is None:
        return f"{label}: no input surely changes it"
    words, _ = _move_words(scale, move, with_unit=True)
    path = path_words(found.plan.axes[first].path, found.comparison.scenario)
    return f"{label}: {path} changes it most, by {words} from end to end"


def _sample(found: Sweep) -> Sample:
    name = found.comparison.scenario.name
    count = found.comparison.replications
    return Sample(name, f"{name} · {count} replications of every point, the same customers")
