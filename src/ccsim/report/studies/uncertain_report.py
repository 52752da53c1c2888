"""The tables of uncertain inputs: expected values and ranges, differences, and what drives them.

Three tables: each measure by design, the differences, and what each assumption changes. A range
over draws is never shown as if it were a confidence interval: it has a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ccsim.check.assumed import ILLUSTRATIVE
from ccsim.experiment.results.headline import cost_measure
from ccsim.measures.catalogue import describe
from ccsim.report.tables.answer_table import target_of_key
from ccsim.report.tables.text_table import Cell, Row, Table, paragraph, table_lines
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import (
    design_label,
    joined,
    lower_first,
    measured_days,
    path_words,
    printable,
    sentence_case,
)
from ccsim.report.words.rounding import Scale, duration, number, scale_for, spread
from ccsim.report.words.units import Unit, labelled, scaled_row, unit_of
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.experiment.studies.uncertain import Uncertain
    from ccsim.statistics.split import Split

FEW = 20  # draws below which a range of 90 % of them is a guess
CHANCE = "Too close to call"  # begins the caution on draws that differ by no more than chance


def uncertain_lines(
    found: Uncertain, width: int, *, marks: bool, everything: bool = False
) -> list[str]:
    """All of it as lines of text; with `everything` every measure of the first design."""
    if everything:
        found = replace(found, measures=tuple(found.results[found.against]))
    lines = [found.scenario.name, *paragraph(sample_words(found, timed=True), width), ""]
    lines += table_lines(values_table(found), width, marks=marks)
    if found.others:
        lines += ["", *table_lines(differences_table(found), width, marks=marks)]
    for key in ranked_keys(found):
        table = ranking_table(found, key)
        if table.rows:
            title = f"What changes {lower_first(label_of(key, found.scenario))}"
            lines += ["", *paragraph(f"{title}, from its lowest to its highest value", width)]
            lines += table_lines(table, width, marks=marks)
    lines.append("")
    lines += [line for note in notes(found) for line in paragraph(note, min(width, 110))]
    signs = "  ! " if marks else "  Note: "
    warned = [line for text in warnings(found) for line in paragraph(text, min(width, 110), signs)]
    lines += ["", *warned] if warned else []
    if found.folder is not None:
        lines += ["", f"  {found.folder}   ccsim plot {found.folder} for pictures"]
    return [printable(line) for line in lines]


def sample_words(found: Uncertain, *, timed: bool = False) -> str:
    """`7 days · 50 draws of 2 assumptions, 2 replications each · 12.4 s`."""
    days = measured_days(found.scenario)
    many = f"{len(found.paths)} assumption" + ("" if len(found.paths) == 1 else "s")
    parts = [
        f"{days:g} day" + ("" if days == 1 else "s"),
        f"{found.draws} draws of {many}, {found.per_draw} replications each",
    ]
    if found.partial:
        parts[-1] += " (stopped early: partial)"
    if timed and found.from_store:
        whole = found.from_store == found.draws * found.per_draw
        parts[-1] += " (from the store)" if whole else f" ({found.from_store} from the store)"
    if found.others:
        parts.append("same customers and same draws for every design")
    if timed and found.seconds:
        seconds = found.seconds
        parts.append(f"{seconds:.1f} s" if seconds < 100 else duration(round(seconds / 60) * 60e6))
    return " · ".join(parts)


def values_table(found: Uncertain) -> Table:
    """Each measure of each design: expected, over the draws, and how much comes from the inputs."""
    names = list(found.results)
    columns = ["expected"] if len(names) == 1 else [_label(found, name) for name in names]
    rows: list[Row] = []
    for key in found.measures:
        unit = unit_of(key, found.scenario, yearly=True)
        splits = [found.split(name, key) if key in found.results[name] else None for name in names]
        label = labelled(label_of(key, found.scenario), _scale(unit, splits), key)
        rows += _rows(label, key, unit, splits)
        targets = {target_of_key(key, found.results[name].scenario) for name in names}
        for target in sorted(each for each in targets if each is not None):
            met = [_met_cell(each, target, larger=True) for each in splits]
            words = f"  target of {target * 100:g} % met in this share of draws"
            rows.append(Row(words, tuple(met), key=key))
    return Table(tuple(columns), tuple(rows))


def differences_table(found: Uncertain) -> Table:
    """Each measure of each design less that of the base, draw by draw."""
    rows: list[Row] = []
    for key in found.measures:
        if key not in found.results[found.against]:
            continue
        unit = unit_of(key, found.scenario, yearly=True)
        unit = Unit("points" if unit.kind == "share" else unit.kind, unit.factor)
        has = [key in found.results[name] for name in found.others]
        splits = [
            found.difference(name, key) if there else None
            for name, there in zip(found.others, has, strict=True)
        ]
        scale = _scale(unit, splits, signed=True)
        label = lower_first(label_of(key, found.scenario))
        shown = f"{sentence_case(label)}, {scale.unit}".rstrip(", ")
        rows += _rows(shown, key, unit, splits, signed=True)
        better = describe(key).better
        if better in ("higher", "lower"):
            cells = [_met_cell(each, 0.0, larger=better == "higher") for each in splits]
            rows.append(Row("  better in this share of draws", tuple(cells), key=key))
    heading = f"difference to {_label(found, found.against)}"
    return Table(tuple(_label(found, name) for name in found.others), tuple(rows), heading)


def _rows(
    label: str, key: str, unit: Unit, splits: list[Split | None], *, signed: bool = False
) -> Iterator[Row]:
    """The expected value with its interval by chance; range over draws; share from inputs."""
    scale = _scale(unit, splits, signed=signed)
    means = [None if each is None else unit.of(each.mean) for each in splits]
    cells = [
        Cell("") if mean is None else Cell(_value(scale, mean.value, signed), spread(mean, scale))
        for mean in means
    ]
    yield Row(label, tuple(cells), key=key)
    ranges = tuple(_range_cell(each, unit, scale, signed) for each in splits)
    yield Row("  in 90 % of the draws", ranges, key=key)
    shares = [None if each is None else each.share for each in splits]
    yield Row("  share of uncertainty from your inputs", tuple(map(_share_cell, shares)), key=key)


def _range_cell(found: Split | None, unit: Unit, scale: Scale, signed: bool) -> Cell:
    """The range over draws; a dash where their means differ by no more than chance makes them."""
    if found is None:
        return Cell("")
    ends = found.range()
    if ends is None or not found.unknown > 0:
        return Cell("–")
    low, high = (_value(scale, end * unit.factor, signed) for end in ends)
    return Cell(f"{low} to {high}")


def _scale(unit: Unit, splits: list[Split | None], *, signed: bool = False) -> Scale:
    given = [None if each is None else each.mean for each in splits]
    if not signed:
        return scaled_row(unit, given)[0]
    return scale_for(unit.kind, [unit.of(each) for each in given if each is not None], signed=True)


def _value(scale: Scale, value: float | None, signed: bool) -> str:
    text = scale.text(value)
    sign = "+" if signed and value is not None and value > 0 and text.strip("0.") else ""
    return f"{sign}{text} {scale.unit}".rstrip() if scale.unit == "%" else f"{sign}{text}"


def _share_cell(share: Estimate | None) -> Cell:
    if share is None or share.value is None:
        return Cell("–" if share is not None else "")
    return Cell(f"{number(100 * share.value, 0)} %")


def _met_cell(found: Split | None, bound: float, *, larger: bool) -> Cell:
    """In how many of the draws the expected value lies on the better side of a bound."""
    if found is None:
        return Cell("")
    share = share_of_draws(found, bound, larger=larger)
    return Cell("–" if share is None else f"{number(100 * share, 0)} %")


def share_of_draws(found: Split, bound: float, *, larger: bool) -> float | None:
    """The share of the draws in which the expected value lies on the better side of a bound. None
    where draws differ by no more than chance and their mean is too close to the bound."""
    worlds, mean = found.worlds[~np.isnan(found.worlds)], found.mean
    if not len(worlds) or mean.low is None or mean.high is None:
        return None
    if not found.unknown > 0 and mean.low <= bound <= mean.high:
        return None
    hits = int((worlds >= bound).sum() if larger else (worlds <= bound).sum())
    return hits / len(worlds)


# --- what each assumption changes -----------------------------------------------------------------


def ranked_keys(found: Uncertain) -> tuple[str, ...]:
    """The first share and the cost (less revenue, where something is sold), which decide."""
    first = [key for key in found.measures if describe(key).unit == "share"][:1]
    return (*first, *(key for key in found.measures if key == cost_measure(found.measures)))


def ranking_table(found: Uncertain, key: str) -> Table:
    """By how much each assumption changes a measure, and its share of the uncertainty from inputs;
    the largest first. Of several designs the differences. Effects too close to call are dashes."""
    names = list(found.others) or [found.against]
    several = bool(found.others)
    names = [name for name in names if key in found.results[name]]
    does = {name: found.effects(name, key, difference=several) for name in names}
    if not any(does.values()):
        return Table((), ())
    unit = unit_of(key, found.scenario, yearly=True)
    sure = {name: {p: e for p, e in does[name].items() if e.told} for name in names}
    moves = [
        Estimate(effect.move * unit.factor, None, None, 0.95, "", found.draws)
        for each in sure.values()
        for effect in each.values()
    ]
    scale = scale_for("points" if unit.kind == "share" else unit.kind, moves, signed=True)
    ranks = {
        path: max((each[path].share for each in sure.values() if path in each), default=0.0)
        for path in found.paths
        if any(path in each for each in does.values())
    }
    rows = []
    for path in sorted(ranks, key=lambda path: -ranks[path]):
        cells = []
        for name in names:
            effect = sure[name].get(path)
            if effect is None:
                cells.append(Cell("–" if path in does[name] else ""))
                continue
            move = f"{_value(scale, effect.move * unit.factor, True)} {scale.unit}".rstrip()
            cells.append(Cell(move, f"({number(100 * effect.share, 0)} %)"))
        words = f"{path_words(path, found.scenario)}, {range_words(found, path)}"
        rows.append(Row(words, tuple(cells), key=key))
    columns = tuple(
        f"{_label(found, name)} less {_label(found, found.against)}" if several else "changes it by"
        for name in names
    )
    return Table(columns, tuple(rows))


def range_words(found: Uncertain, path: str) -> str:
    """`90 s to 4 min`: the ends as written, of the first design that has the assumption."""
    lines = (each.scenario.uncertain.get(path) for each in found.results.values())
    line = next(each for each in lines if each is not None)
    ends = line.by or line.range or ("", "")
    return f"{ends[0]} to {ends[-1]}"


# --- words ----------------------------------------------------------------------------------------


def notes(found: Uncertain) -> list[str]:
    """How to read the tables."""
    days = measured_days(found.scenario)
    once = f"{days:g} day" + ("" if days == 1 else "s")
    found_notes = [
        "± is the 95 % confidence interval for chance alone: more replications would narrow it. "
        "'In 90 % of the draws' is the range of the expected value when the uncertain inputs are "
        "drawn: only better inputs would narrow it.",
        "'Share of uncertainty from your inputs': 42 % means that 42 % of the uncertainty in the "
        f"result of {once} comes from your inputs; the rest is chance.",
    ]
    if any(ranking_table(found, key).rows for key in ranked_keys(found)):
        found_notes.append(
            "In brackets, or below: the share of the uncertainty from inputs that an assumption "
            "explains by itself. – is an effect that is too close to call with so many draws."
        )
    return found_notes


def shared_words(found: Uncertain) -> list[str]:
    """Why another number of replications was run than was requested with -n."""
    if found.wanted == found.asked:
        return []
    one = found.wanted == 1
    asked = "1 replication (-n) was" if one else f"{found.wanted} replications (-n) were"
    why = (
        "two draws of two each are the fewest that separate chance from uncertain inputs"
        if found.wanted < found.asked
        else "every draw has as many"
    )
    return [f"{asked} requested and {found.asked} were run: {why}."]


def warnings(found: Uncertain) -> list[str]:
    """What a reader must know before relying on these figures."""
    cautions = [*shared_words(found)]
    if found.draws < FEW:
        cautions.append(f"{found.draws} draws are few: use {FEW} or more for a reliable range.")
    close = [
        lower_first(label_of(key, found.scenario))
        for key in found.measures
        if any(
            key in found.results[name] and not found.split(name, key).told for name in found.results
        )
    ]
    if close:
        cautions.append(
            f"{CHANCE}: {joined(close)}. The draws differ by no more than chance explains (–: by "
            "less), so the share from your inputs is uncertain itself; more draws (-n) would help."
        )
    lines: dict[str, str] = {}
    for each in found.results.values():
        lines |= {path: line.source for path, line in each.scenario.uncertain.items()}
    guessed = sum(source.strip().casefold() == ILLUSTRATIVE for source in lines.values())
    if guessed:
        many = f"All {len(lines)}" if guessed == len(lines) else f"{guessed} of {len(lines)}"
        cautions.append(f"{many} ranges are illustrative, not measured.")
    return cautions


def _label(found: Uncertain, design: str) -> str:
    return design_label(design, found.results[design].scenario)
