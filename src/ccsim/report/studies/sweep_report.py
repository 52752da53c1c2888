"""A sweep as a lead reads it: one row a point, one column a measure; and what its figures show.

A finding is said by rule from the intervals: from which value on a target is met, or how far a
measure moved; a move that its interval does not tell from zero is said to be none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.report.curves.shown import Sample
from ccsim.report.studies.fill_report import (
    MainEffects,
    effects_shown,
    effects_table,
    points_table,
    short_path,
)
from ccsim.report.tables.answer_table import cell_of, target_of_key, target_status
from ccsim.report.tables.text_table import Cell, Row, Table, paragraph, table_lines
from ccsim.report.text.answer import precision_words, sample_words
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import lower_first, path_words, printable, sentence_case
from ccsim.report.words.rounding import Scale, scale_for
from ccsim.report.words.units import labelled, scaled_row, unit_of
from ccsim.report.words.verdicts import Status, status_of
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.experiment.studies.axes import Axis
    from ccsim.experiment.studies.sweep import Sweep
    from ccsim.experiment.studies.sweep_plan import Point, SweepPlan
    from ccsim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class SweepCurves:
    """A measure over the values of the first axis, a curve for each value of the second."""

    title: str
    question: str
    sample: Sample
    across: str  # the path on the axis, with its unit
    ticks: tuple[str, ...]
    at: tuple[float, ...]  # where the values stand on the axis
    curves: tuple[tuple[str, tuple[Estimate, ...]], ...]  # in the unit of the scale's factor 1
    scale: Scale
    label: str
    target: float | None
    unknown: tuple[tuple[float, float], ...] = ()  # of one curve, where assumptions were drawn


@dataclass(frozen=True, slots=True)
class SweepMap:
    """A measure over two axes: rows by columns, `cells[row][column]`, and where it has a target how
    each cell stands with it.

    Where assumptions were drawn, `ranges` are the words of each cell's range over draws, in place
    of its interval, and `framed` the cells in which the target is met in nearly all draws, as
    `frame` says.
    """

    title: str
    question: str
    sample: Sample
    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[Estimate, ...], ...]
    scale: Scale
    label: str
    statuses: tuple[tuple[Status, ...], ...] = ()
    ranges: tuple[tuple[str, ...], ...] = ()
    framed: tuple[tuple[bool, ...], ...] = ()
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Tornado:
    """How far a measure moves from the unchanged design, one path at a time, largest first.

    `bars`: (path, ((value as written, paired difference), ...)).
    """

    title: str
    question: str
    sample: Sample
    bars: tuple[tuple[str, tuple[tuple[str, Estimate], ...]], ...]
    scale: Scale
    label: str


Shown = SweepCurves | SweepMap | Tornado | MainEffects


def sweep_lines(found: Sweep, width: int, *, marks: bool) -> list[str]:
    """The sweep as lines of text."""
    comparison = found.comparison
    title = f"{comparison.scenario.name}: {', '.join(a.path for a in found.plan.axes)}"
    sample = sample_words(comparison, timed=True).replace("design", "point")
    table = points_table(found) if found.plan.fill else sweep_table(found)
    lines = [title, *paragraph(sample, width), "", *table_lines(table, width, marks=marks)]
    notes = ["± is a 95 % interval, each by itself; the first row is the design as it is."]
    if found.plan.fill:
        lines += [
            "",
            *paragraph("What each input changes, from end to end, over all points", width),
        ]
        lines += table_lines(effects_table(found), width, marks=marks)
        notes = [
            "The first row is the design as it is. In brackets, or below: the share of the "
            "variation over the points that an input explains by itself; – is an effect too close "
            "to call. Intervals are in the table on disk."
        ]
    notes += [shown.title + "." for _, shown in shown_of(found)]
    notes += [words.replace(" in base", " as it is") for words in precision_words(comparison)]
    lines += [""] + [part for note in notes for part in paragraph(note, min(width, 110))]
    if found.folder is not None:
        lines += ["", f"  {found.folder / 'sweep.parquet'}"]
        lines += [f"  {path}" for path in found.pictures]
    return [printable(line) for line in lines]


def sweep_table(found: Sweep) -> Table:
    """A row for each point, a column for each measure."""
    comparison = found.comparison
    names = ["base", *(point.name for point in found.points)]
    columns: list[str] = []
    cells: list[list[Cell]] = [[] for _ in names]
    for key in found.measures:
        unit = unit_of(key, comparison.scenario, yearly=True)
        given = [comparison[name].get(key) for name in names]
        scale, shown = scaled_row(unit, given)
        columns.append(labelled(label_of(key, comparison.scenario), scale, key))
        for row, estimate, raw, name in zip(cells, shown, given, names, strict=True):
            status = target_status(key, comparison[name].scenario, raw)
            row.append(cell_of(estimate, scale, status))
    labels = ["as it is", *(point_words(found.plan, point) for point in found.points)]
    rows = tuple(Row(label, tuple(row)) for label, row in zip(labels, cells, strict=True))
    return Table(tuple(columns), rows)


def shown_of(found: Sweep) -> Iterator[tuple[str, Shown]]:
    """What a figure shows of each measure: a tornado, what each path does over points that were
    spread, curves (one axis), or a map (two axes). A grid of three and more is for the table."""
    for key in found.measures:
        if any(key not in found.comparison[name] for name in found.comparison):
            continue
        if found.plan.fill:
            shown = effects_shown(found, key)
            if shown is not None:
                yield key, shown
        elif found.plan.tornado:
            yield key, _tornado(found, key)
        elif len(found.plan.axes) == 1:
            yield key, _curve(found, key)
        elif len(found.plan.axes) == 2:
            yield key, _map(found, key)


def _curve(found: Sweep, key: str) -> SweepCurves:
    (axis,) = found.plan.axes
    label, scale, shown = _measured(found, key)
    numbers = axis.numbers or tuple(map(float, range(len(axis.values))))
    target = target_of_key(key, found.comparison.scenario)
    words = path_words(axis.path, found.comparison.scenario)
    return SweepCurves(
        title=_curve_title(found, key, label, shown, target, scale),
        question=f"{label} over {words}",
        sample=_sample(found),
        across=sentence_case(f"{words}, {axis.unit}" if axis.numbers and axis.unit else words),
        ticks=axis.values,
        at=numbers,
        curves=((label, tuple(shown)),),
        scale=scale,
        label=labelled(label, scale, key),
        target=None if target is None else target * scale.factor,
    )


def _map(found: Sweep, key: str) -> SweepMap:
    down, across = found.plan.axes
    label, scale, shown = _measured(found, key)
    measured = f"{label}, {scale.unit}," if scale.unit else label  # cells hold bare numbers
    width = len(across.values)
    rows = tuple(tuple(shown[i : i + width]) for i in range(0, len(shown), width))
    values = [each.value for each in shown if each.value is not None]
    ends = [scale_for_words(scale, value) for value in (min(values), max(values))] if values else []
    said = f" lies between {ends[0]} and {ends[1]}" if ends else " is undefined"
    scenario = found.comparison.scenario
    on_rows, on_columns = path_words(down.path, scenario), path_words(across.path, scenario)
    target = target_of_key(key, scenario)
    statuses: tuple[Status, ...] = ()
    if target is not None:
        statuses = tuple(status_of(each, at_least=target) for each in shown)
        met = statuses.count(Status.MET)
        where = f"at {met} of {len(shown)} points" if met else "at no point"
        said = f": the target of {target * 100:g} % is surely met {where}"
    return SweepMap(
        title=f"{label}{said}",
        question=f"{measured} over {on_rows} and {on_columns}; ± is a 95 % interval",
        sample=_sample(found),
        across=sentence_case(on_columns),
        down=sentence_case(on_rows),
        columns=across.values,
        rows=down.values,
        cells=rows,
        scale=scale,
        label=labelled(label, scale, key),
        statuses=tuple(statuses[i : i + width] for i in range(0, len(statuses), width)),
    )


def _tornado(found: Sweep, key: str) -> Tornado:
    comparison = found.comparison
    unit = unit_of(key, comparison.scenario, yearly=True)
    bars = []
    for axis in found.plan.axes:
        moves = [
            (value, unit.of(comparison.difference(point.name, key).estimate))
            for value in axis.values
            for point in found.points
            if dict(point.settings) == {axis.path: value}
        ]
        bars.append((axis.path, tuple(moves)))
    bars.sort(key=lambda bar: -max((abs(move.value or 0.0) for _, move in bar[1]), default=0.0))
    kind = "points" if unit.kind == "share" else unit.kind
    scale = scale_for(kind, [move for _, moves in bars for _, move in moves], signed=True)
    label = label_of(key, comparison.scenario)
    path, first = bars[0]
    value, largest = max(first, key=lambda move: abs(move[1].value or 0.0))
    title = f"{label}: no input surely changes it"
    if (
        largest.low is not None
        and largest.high is not None
        and not largest.low <= 0 <= largest.high
    ):
        moved = scale_for_words(scale, largest.value or 0.0)
        words = path_words(path, comparison.scenario)
        title = f"{label}: {words} = {value} changes it most, by {moved}"
    return Tornado(
        title=title,
        question="Differences to the design as it is, one change at a time; lines: 95 % intervals",
        sample=_sample(found),
        bars=tuple((path_words(path, comparison.scenario), moves) for path, moves in bars),
        scale=scale,
        label=f"change in {lower_first(label)}, {scale.unit}".rstrip(", "),
    )


def _curve_title(
    found: Sweep,
    key: str,
    label: str,
    shown: list[Estimate],
    target: float | None,
    scale: Scale,
) -> str:
    """From which value on the target is met, or from where to where the measure goes."""
    (axis,), scenario = found.plan.axes, found.comparison.scenario
    if target is not None:
        met = [status_of(each, at_least=target) is Status.MET for each in shown]
        surely = "" if all(met) else "surely "
        where = where_words(met, axis, scenario)
        return f"{label}: the target of {target * 100:g} % is {surely}met {where}"
    ends = [scale_for_words(scale, each.value) for each in (shown[0], shown[-1])]
    between = f"from {axis.values[0]} to {axis.values[-1]}"
    what = path_words(axis.path, scenario)
    change = found.comparison.results[found.points[-1].name].table.difference(
        found.comparison.results[found.points[0].name].table, key
    )
    low, high = change.estimate.low, change.estimate.high
    if low is None or high is None or low <= 0 <= high:
        return f"{label}: the difference {between} is too close to call ({what})"
    return f"{label}: {ends[0]} to {ends[1]}, with {what} {between}"


def where_words(holds: list[bool], axis: Axis, scenario: Scenario) -> str:
    """At which values of an axis something holds: `from 12 on, people (desk)`."""
    what = path_words(axis.path, scenario)
    if all(holds):
        return f"at every value of {what}"
    if not any(holds):
        return f"at no value of {what}"
    first, last = holds.index(True), len(holds) - 1 - holds[::-1].index(True)
    if all(holds[first : last + 1]) and (first == 0 or last == len(holds) - 1):
        where = f"from {axis.values[first]} on" if first else f"up to {axis.values[last]}"
        return f"{where}, {what}"
    return f"at some values of {what}"


def scale_for_words(scale: Scale, value: float | None) -> str:
    """A value with its unit."""
    return f"{scale.text(value)} {scale.unit}".rstrip()


def _measured(found: Sweep, key: str) -> tuple[str, Scale, list[Estimate]]:
    scenario = found.comparison.scenario
    unit = unit_of(key, scenario, yearly=True)
    scale, shown = scaled_row(unit, [found.comparison[p.name].get(key) for p in found.points])
    return sentence_case(label_of(key, scenario)), scale, shown


def point_words(plan: SweepPlan, point: Point) -> str:
    """The values of a point; with one axis (or one at a time) its path too."""
    last = {axis.path: short_path(axis.path) for axis in plan.axes}
    return ", ".join(f"{last[path]} = {value}" for path, value in point.settings.items())


def _sample(found: Sweep) -> Sample:
    words = sample_words(found.comparison).replace("design", "point")
    name = found.comparison.scenario.name
    return Sample(name, f"{name} · {words}")
