"""Chance and not knowing as a lead reads them: what is expected, within what, and what decides it.

Three tables: each measure by design, the differences, and what each assumption moves. A range of
what is not known is never shown as if it were an interval: it has a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ccsim.check.assumed import ILLUSTRATIVE
from ccsim.experiment.headline import cost_measure
from ccsim.measures.catalogue import describe
from ccsim.report.tables.answer_table import target_of_key
from ccsim.report.tables.text_table import Cell, Row, Table, paragraph, table_lines
from ccsim.report.words.labels import (
    Unit,
    label_of,
    labelled,
    measured_days,
    scaled_row,
    sentence_case,
    unit_of,
)
from ccsim.report.words.rounding import Scale, duration, number, scale_for, spread
from ccsim.report.words.verdicts import joined
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.experiment.uncertain import Uncertain
    from ccsim.statistics.split import Split

FEW = 20  # draws below which a range of 90 % of them is a guess


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
            title = f"What moves {_lower(label_of(key, found.scenario))}"
            lines += ["", *paragraph(f"{title}, from its lowest to its highest value", width)]
            lines += table_lines(table, width, marks=marks)
    lines.append("")
    lines += [line for note in notes(found) for line in paragraph(note, min(width, 110))]
    signs = "  ! " if marks else "  Note: "
    warned = [line for text in warnings(found) for line in paragraph(text, min(width, 110), signs)]
    lines += ["", *warned] if warned else []
    if found.folder is not None:
        lines += ["", f"  {found.folder}   ccsim plot {found.folder} for pictures"]
    return lines


def sample_words(found: Uncertain, *, timed: bool = False) -> str:
    """`7 days · 50 draws of 2 assumptions, 2 replications each · 12.4 s`."""
    days = measured_days(found.scenario)
    many = f"{len(found.paths)} assumption" + ("" if len(found.paths) == 1 else "s")
    parts = [
        f"{days:g} day" + ("" if days == 1 else "s"),
        f"{found.draws} draws of {many}, {found.per_draw} replications each",
    ]
    if found.partial:
        parts[-1] += " (stopped: partial)"
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
    """Each measure of each design: expected, over the draws, how much is not known."""
    names = list(found.results)
    columns = ["expected"] if len(names) == 1 else names
    rows: list[Row] = []
    for key in found.measures:
        unit = unit_of(key, found.scenario, yearly=True)
        splits = [found.split(name, key) if key in found.results[name] else None for name in names]
        label = labelled(label_of(key, found.scenario), _scale(unit, splits), key)
        rows += _rows(label, key, unit, splits)
        targets = {target_of_key(key, found.results[name].scenario) for name in names}
        for target in sorted(each for each in targets if each is not None):
            met = [_met_cell(each, target, larger=True) for each in splits]
            words = f"  {target * 100:g} % or more in so many draws"
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
        label = _lower(label_of(key, found.scenario))
        shown = f"{sentence_case(label)}, {scale.unit}".rstrip(", ")
        rows += _rows(shown, key, unit, splits, signed=True)
        better = describe(key).better
        if better in ("higher", "lower"):
            cells = [_met_cell(each, 0.0, larger=better == "higher") for each in splits]
            rows.append(Row("  better in so many draws", tuple(cells), key=key))
    heading = f"difference to {found.against}"
    return Table(found.others, tuple(rows), heading)


def _rows(
    label: str, key: str, unit: Unit, splits: list[Split | None], *, signed: bool = False
) -> Iterator[Row]:
    """What is expected with its interval by chance; the range over draws; how much is unknown."""
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
    yield Row("  not known, of its spread", tuple(map(_share_cell, shares)), key=key)


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
    where the draws are not told from one another, nor their mean from the bound."""
    worlds, mean = found.worlds[~np.isnan(found.worlds)], found.mean
    if not len(worlds) or mean.low is None or mean.high is None:
        return None
    if not found.unknown > 0 and mean.low <= bound <= mean.high:
        return None
    hits = int((worlds >= bound).sum() if larger else (worlds <= bound).sum())
    return hits / len(worlds)


# --- what each assumption moves -------------------------------------------------------------------


def ranked_keys(found: Uncertain) -> tuple[str, ...]:
    """The first promise and the cost (less revenue, where something is sold): what a decision
    is about."""
    first = [key for key in found.measures if describe(key).unit == "share"][:1]
    return (*first, *(key for key in found.measures if key == cost_measure(found.measures)))


def ranking_table(found: Uncertain, key: str) -> Table:
    """What each assumption moves a measure by, and its share of what is not known; the largest
    first. Of several designs the differences. Effects that cannot be told are dashes."""
    names = list(found.others) or [found.against]
    several = bool(found.others)
    names = [name for name in names if key in found.results[name]]
    does = {name: found.effects(name, key, difference=several) for name in names}
    if not any(does.values()):
        return Table((), ())
    unit = unit_of(key, found.scenario, yearly=True)
    told = {name: {p: e for p, e in does[name].items() if e.told} for name in names}
    moves = [
        Estimate(effect.move * unit.factor, None, None, 0.95, "", found.draws)
        for each in told.values()
        for effect in each.values()
    ]
    scale = scale_for("points" if unit.kind == "share" else unit.kind, moves, signed=True)
    ranks = {
        path: max((each[path].share for each in told.values() if path in each), default=0.0)
        for path in found.paths
        if any(path in each for each in does.values())
    }
    rows = []
    for path in sorted(ranks, key=lambda path: -ranks[path]):
        cells = []
        for name in names:
            effect = told[name].get(path)
            if effect is None:
                cells.append(Cell("–" if path in does[name] else ""))
                continue
            move = f"{_value(scale, effect.move * unit.factor, True)} {scale.unit}".rstrip()
            cells.append(Cell(move, f"({number(100 * effect.share, 0)} %)"))
        rows.append(Row(f"{path}, {range_words(found, path)}", tuple(cells), key=key))
    columns = tuple(f"{name} less {found.against}" if several else "moves it by" for name in names)
    return Table(columns, tuple(rows))


def range_words(found: Uncertain, path: str) -> str:
    """`90 s to 4 min`: the ends as written, of the first design that has the assumption."""
    lines = (each.scenario.uncertain.get(path) for each in found.results.values())
    line = next(each for each in lines if each is not None)
    ends = line.by or line.range or ("", "")
    return f"{ends[0]} to {ends[-1]}"


# --- words ----------------------------------------------------------------------------------------


def notes(found: Uncertain) -> list[str]:
    """What each figure is."""
    days = measured_days(found.scenario)
    once = f"{days:g} day" + ("" if days == 1 else "s")
    told = [
        "± is a 95 % interval by chance alone: more replications would narrow it. 'In 90 % of the "
        "draws' is where the expected value lies when the assumptions are drawn: only knowing more "
        "would narrow it.",
        f"'Not known' is the share of the draws in the spread of the result of {once}; the rest of "
        "that spread is chance.",
    ]
    if any(ranking_table(found, key).rows for key in ranked_keys(found)):
        told.append(
            "In brackets, or below: the share of what is not known that an assumption explains by "
            "itself. – is an effect that so many draws do not tell from none."
        )
    return told


def shared_words(found: Uncertain) -> list[str]:
    """That other replications were played than were asked for, where draws cannot share those."""
    if found.wanted == found.asked:
        return []
    one = found.wanted == 1
    asked = "1 replication (-n) was" if one else f"{found.wanted} replications (-n) were"
    why = (
        "two draws of two each are the fewest that tell chance from not knowing"
        if found.wanted < found.asked
        else "every draw has as many"
    )
    return [f"{asked} asked for and {found.asked} were played: {why}."]


def warnings(found: Uncertain) -> list[str]:
    """What must be known before these figures are believed."""
    told = [*shared_words(found)]
    if found.draws < FEW:
        told.append(f"{found.draws} draws are few: {FEW} or more give a range to go by.")
    unsure = [
        _lower(label_of(key, found.scenario))
        for key in found.measures
        if any(
            key in found.results[name] and not found.split(name, key).told for name in found.results
        )
    ]
    if unsure:
        told.append(
            f"Not told from chance: {joined(unsure)}. The draws differ by no more than chance may "
            "make them (–: by less), and what is not known may be far from its estimate; more "
            "draws (-n) would tell."
        )
    lines: dict[str, str] = {}
    for each in found.results.values():
        lines |= {path: line.source for path, line in each.scenario.uncertain.items()}
    guessed = sum(source.strip().casefold() == ILLUSTRATIVE for source in lines.values())
    if guessed:
        many = f"All {len(lines)}" if guessed == len(lines) else f"{guessed} of {len(lines)}"
        told.append(f"{many} ranges are illustrative: nobody has measured them.")
    return told


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]
