"""A sweep over draws as a lead reads it: at each point what is expected, and within what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ccsim.report.curves import Sample
from ccsim.report.layout import Cell, Row, Table, paragraph, table_lines
from ccsim.report.rounding import Scale, spread
from ccsim.report.sweep import SweepCurves, point_words, where_words
from ccsim.report.tables import target_of_key
from ccsim.report.uncertain import notes, sample_words, warnings
from ccsim.report.wording import label_of, labelled, scaled_row, sentence_case, unit_of

if TYPE_CHECKING:
    from ccsim.experiment.sweep_draws import SweepDraws
    from ccsim.statistics.split import Split

OFTEN = 0.95  # the share of draws in which a promise is reached before it is said to be


def sweep_draws_lines(swept: SweepDraws, width: int, *, marks: bool) -> list[str]:
    """The sweep as lines of text."""
    found = swept.found
    title = f"{found.scenario.name}: {', '.join(axis.path for axis in swept.plan.axes)}"
    sample = sample_words(found, timed=True).replace("design", "point")
    lines = [title, *paragraph(sample, width), ""]
    lines += table_lines(points_table(swept), width, marks=marks)
    told = [notes(found)[0], *(shown.title + "." for _, shown in curves_of(swept))]
    lines += ["", *(line for note in told for line in paragraph(note, min(width, 110)))]
    signs = "  ! " if marks else "  Note: "
    cautions = [text for text in warnings(found) if not text.startswith("Not told")]
    lines += [line for text in cautions for line in paragraph(text, min(width, 110), signs)]
    if swept.folder is not None:
        lines += ["", f"  {swept.folder / 'sweep.parquet'}"]
        lines += [f"  {path}" for path in swept.pictures]
    return lines


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


def curves_of(swept: SweepDraws) -> Iterator[tuple[str, SweepCurves]]:
    """What a figure shows of each measure over one path: a curve with its interval by chance in its
    range over draws. Grids are for the table."""
    if len(swept.plan.axes) > 1:
        return
    (axis,) = swept.plan.axes
    scenario = swept.found.scenario
    sample = sample_words(swept.found).replace("design", "point")
    for key in swept.measures:
        if any(key not in swept.found.results[point.name] for point in swept.points):
            continue
        unit = unit_of(key, scenario, yearly=True)
        splits = [swept.split(point, key) for point in swept.points]
        scale, shown = scaled_row(unit, [each.mean for each in splits])
        label = sentence_case(label_of(key, scenario))
        target = target_of_key(key, scenario)
        ranges = tuple(
            (low * unit.factor, high * unit.factor)
            for low, high in (each.range() or (each.mean.value or 0.0,) * 2 for each in splits)
        )
        yield (
            key,
            SweepCurves(
                title=_title(swept, label, target, splits),
                question=f"{label} over {axis.path}, over draws of the uncertain assumptions",
                sample=Sample(scenario.name, f"{scenario.name} · {sample}"),
                across=f"{axis.path}, {axis.unit}" if axis.numbers and axis.unit else axis.path,
                ticks=axis.values,
                at=axis.numbers or tuple(map(float, range(len(axis.values)))),
                curves=((label, tuple(shown)),),
                scale=scale,
                label=labelled(label, scale, key),
                target=None if target is None else target * scale.factor,
                unknown=ranges,
            ),
        )


def _title(swept: SweepDraws, label: str, target: float | None, splits: list[Split]) -> str:
    """At which values the promise is reached in nearly all draws, or how much is not known."""
    (axis,) = swept.plan.axes
    if target is None:
        return f"{label} over {axis.path}, with what is not known"
    often = [float((each.worlds >= target).mean()) >= OFTEN for each in splits]
    where = where_words(often, axis)
    return f"{label}: {target * 100:g} % or more in 19 of 20 draws {where}"


def _value(scale: Scale, value: float | None) -> str:
    text = scale.text(value)
    return f"{text} %" if scale.unit == "%" else text


def _range_words(split: Split | None, factor: float, scale: Scale) -> str:
    ends = None if split is None or not split.unknown > 0 else split.range()
    if ends is None:
        return "–"
    return f"{scale.text(ends[0] * factor)} to {scale.text(ends[1] * factor)}"
