"""A sweep over uncertain assumptions: at each point the expected value and its range over draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from ccsim.report.curves.shown import Sample
from ccsim.report.studies.sweep_report import SweepCurves, SweepMap, point_words, where_words
from ccsim.report.studies.uncertain_report import CHANCE, notes, sample_words, warnings
from ccsim.report.tables.answer_table import target_of_key
from ccsim.report.tables.text_table import Cell, Row, Table, paragraph, table_lines
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import path_words, printable, sentence_case
from ccsim.report.words.rounding import Scale, spread
from ccsim.report.words.units import Unit, labelled, scaled_row, unit_of

if TYPE_CHECKING:
    from ccsim.experiment.studies.sweep_draws import SweepDraws
    from ccsim.statistics.estimate import Estimate
    from ccsim.statistics.split import Split

Each = TypeVar("Each")
OFTEN = 0.95  # the share of draws in which a target is met before a point is called so


def sweep_draws_lines(swept: SweepDraws, width: int, *, marks: bool) -> list[str]:
    """The sweep as lines of text."""
    found = swept.found
    title = f"{found.scenario.name}: {', '.join(axis.path for axis in swept.plan.axes)}"
    sample = sample_words(found, timed=True).replace("design", "point")
    lines = [title, *paragraph(sample, width), ""]
    lines += table_lines(points_table(swept), width, marks=marks)
    written = [notes(found)[0], *(shown.title + "." for _, shown in shown_of_draws(swept))]
    lines += ["", *(line for note in written for line in paragraph(note, min(width, 110)))]
    signs = "  ! " if marks else "  Note: "
    cautions = [text for text in warnings(found) if not text.startswith(CHANCE)]
    lines += [line for text in cautions for line in paragraph(text, min(width, 110), signs)]
    if swept.folder is not None:
        lines += ["", f"  {swept.folder / 'sweep.parquet'}"]
        lines += [f"  {path}" for path in swept.pictures]
    return [printable(line) for line in lines]


def points_table(swept: SweepDraws) -> Table:
    """Two rows for each point, what is expected and the range over draws; a column a measure."""
    scenario = swept.found.scenario
    names = ["base", *(point.name for point in swept.points)]
    columns: list[str] = []
    cells: list[list[Cell]] = [[] for _ in range(2 * len(names))]
    for key in swept.measures:
        unit = unit_of(key, scenario, yearly=True)
        splits = [
            swept.found.split(name, key) if key in swept.found.results[name] else None
            for name in names
        ]
        scale, means = scaled_row(unit, [None if each is None else each.mean for each in splits])
        columns.append(labelled(label_of(key, scenario), scale, key))
        for i, (split, mean) in enumerate(zip(splits, means, strict=True)):
            cells[2 * i].append(Cell(_value(scale, mean.value), spread(mean, scale)))
            cells[2 * i + 1].append(Cell(_range_words(split, unit.factor, scale)))
    labels = ["as it is", *(point_words(swept.plan, point) for point in swept.points)]
    rows = [
        Row(text, tuple(row))
        for text, row in zip(
            [part for label in labels for part in (label, "  in 90 % of the draws")],
            cells,
            strict=True,
        )
    ]
    return Table(tuple(columns), tuple(rows))


def shown_of_draws(swept: SweepDraws) -> Iterator[tuple[str, SweepCurves | SweepMap]]:
    """What a figure shows of each measure: over one path a curve with its interval by chance in its
    range over draws, over two a map. A grid of three and more is for the table."""
    for key in swept.measures if len(swept.plan.axes) <= 2 else ():
        if all(key in swept.found.results[point.name] for point in swept.points):
            yield key, _curves(swept, key) if len(swept.plan.axes) == 1 else _map(swept, key)


def _curves(swept: SweepDraws, key: str) -> SweepCurves:
    (axis,) = swept.plan.axes
    label, unit, splits, scale, shown = _measured(swept, key)
    target = target_of_key(key, swept.found.scenario)
    ranges = tuple(
        (low * unit.factor, high * unit.factor)
        for low, high in (each.range() or (each.mean.value or 0.0,) * 2 for each in splits)
    )
    words = path_words(axis.path, swept.found.scenario)
    title = f"{label} over {words}, with uncertain inputs"
    if target is not None:
        where = where_words(_often(splits, target), axis, swept.found.scenario)
        title = f"{label}: {_frequently(target)} {where}"
    return SweepCurves(
        title=title,
        question=f"{label} over {words}, over draws of the uncertain assumptions",
        sample=_sample(swept),
        across=sentence_case(f"{words}, {axis.unit}" if axis.numbers and axis.unit else words),
        ticks=axis.values,
        at=axis.numbers or tuple(map(float, range(len(axis.values)))),
        curves=((label, tuple(shown)),),
        scale=scale,
        label=labelled(label, scale, key),
        target=None if target is None else target * scale.factor,
        unknown=ranges,
    )


def _map(swept: SweepDraws, key: str) -> SweepMap:
    down, across = swept.plan.axes
    label, unit, splits, scale, shown = _measured(swept, key)
    target = target_of_key(key, swept.found.scenario)
    width = len(across.values)
    often = [] if target is None else _often(splits, target)
    values = [each.value for each in shown if each.value is not None]
    title = f"{label} is undefined"
    if values:
        ends = f"{scale.text(min(values))} to {scale.text(max(values))} {scale.unit}".rstrip()
        title = f"{label}: {ends} expected"
    if target is not None:
        many = f"at {sum(often)} of {len(often)} points"
        many = "at every point" if all(often) else many if any(often) else "at no point"
        title = f"{label}: {_frequently(target)} {many}"
    on_rows, on_columns = (path_words(axis.path, swept.found.scenario) for axis in (down, across))
    return SweepMap(
        title=title,
        question=f"{label} over {on_rows} and {on_columns}: expected, "
        "and where it is in 90 % of the draws",
        sample=_sample(swept),
        across=sentence_case(on_columns),
        down=sentence_case(on_rows),
        columns=across.values,
        rows=down.values,
        cells=_in_rows(shown, width),
        scale=scale,
        label=labelled(label, scale, key),
        ranges=_in_rows([_range_words(each, unit.factor, scale) for each in splits], width),
        framed=_in_rows(often, width),
        frame="" if target is None or not any(often) else _frequently(target),
    )


def _measured(swept: SweepDraws, key: str) -> tuple[str, Unit, list[Split], Scale, list[Estimate]]:
    """A measure at every point: what it is called, its unit, the splits, and the means as shown."""
    scenario = swept.found.scenario
    unit = unit_of(key, scenario, yearly=True)
    splits = [swept.split(point, key) for point in swept.points]
    scale, shown = scaled_row(unit, [each.mean for each in splits])
    return sentence_case(label_of(key, scenario)), unit, splits, scale, shown


def _in_rows(cells: Sequence[Each], width: int) -> tuple[tuple[Each, ...], ...]:
    return tuple(tuple(cells[i : i + width]) for i in range(0, len(cells), width))


def _often(splits: Sequence[Split], target: float) -> list[bool]:
    """At which points the target is met in nearly all draws."""
    return [float((each.worlds >= target).mean()) >= OFTEN for each in splits]


def _frequently(target: float) -> str:
    return f"target of {target * 100:g} % met in 19 of 20 draws"


def _sample(swept: SweepDraws) -> Sample:
    name = swept.found.scenario.name
    return Sample(name, f"{name} · {sample_words(swept.found).replace('design', 'point')}")


def _value(scale: Scale, value: float | None) -> str:
    text = scale.text(value)
    return f"{text} %" if scale.unit == "%" else text


def _range_words(split: Split | None, factor: float, scale: Scale) -> str:
    ends = None if split is None or not split.unknown > 0 else split.range()
    if ends is None:
        return "–"
    return f"{scale.text(ends[0] * factor)} to {scale.text(ends[1] * factor)}"
