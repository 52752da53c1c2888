"""Expected values over draws, their ranges, and each assumption's share, as tables for figures.

A finding is said by rule: in how many of the draws a target is met or a design is better, and which
assumption explains most of the uncertainty; where draws differ by no more than chance, that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.experiment.results.headline import cost_measure
from ccsim.measures.catalogue import describe
from ccsim.measures.measure import Better
from ccsim.report.curves.shown import Sample
from ccsim.report.studies.uncertain_report import (
    range_words,
    ranked_keys,
    sample_words,
    share_of_draws,
)
from ccsim.report.tables.answer_table import target_of_key
from ccsim.report.words.labels import label_of
from ccsim.report.words.names import (
    design_label,
    joined,
    lower_first,
    measured_days,
    path_words,
    sentence_case,
)
from ccsim.report.words.rounding import Scale, number, scale_for, spread
from ccsim.report.words.units import Unit, scaled_row, unit_of

if TYPE_CHECKING:
    from ccsim.experiment.studies.uncertain import Uncertain
    from ccsim.statistics.estimate import Estimate
    from ccsim.statistics.split import Split

MOST_ROWS = 24  # of a picture; further measures are in the table on the screen
MOST_DESIGNS = 12
MOST_TITLED = 3  # designs that a title names
MOST_NAMED = 6  # assumptions with a colour of their own: the others stand together
OTHERS = "other assumptions"
ONLY_CHANCE = "draws differ by no more than chance"
WHENCE = (
    "Where does the uncertainty come from? Grey is chance: other days under the same inputs would "
    "differ, too. A colour is an input that you gave as a range."
)
AT_THE_RIGHT = "At the right: expected, and in brackets where it is in 90 % of the draws"


@dataclass(frozen=True, slots=True)
class Range:
    """A measure of one design: expected with its interval by chance, and its range in 90 % of the
    draws (None where they differ by no more than chance), in the unit of the panel's scale at
    factor 1."""

    name: str
    mean: Estimate
    ends: tuple[float, float] | None
    words: str  # `84.2 (71.0 to 93.1)`; `84.2 ±0.6` without ends


@dataclass(frozen=True, slots=True)
class RangePanel:
    """One measure: a row a design. `mark` is a target, or the zero of differences,
    as it is shown on the axis."""

    label: str
    scale: Scale
    rows: tuple[Range, ...]
    mark: float | None
    mark_words: str = ""
    better: Better = None  # of differences: which direction is good


@dataclass(frozen=True, slots=True)
class Ranges:
    """The ranges of several measures, or of their differences; `designs` are all that there are, in
    the order of their colours."""

    title: str
    question: str
    sample: Sample
    designs: tuple[str, ...]
    panels: tuple[RangePanel, ...]


@dataclass(frozen=True, slots=True)
class SourceShares:
    """What the spread of one measure of one calendar is made of; shares that add up to 1."""

    label: str
    chance: float
    parts: tuple[float, ...]  # by assumption, in the order of `UncertaintySources.assumptions`
    rest: float  # from inputs, but not surely from one assumption


@dataclass(frozen=True, slots=True)
class UncertaintySources:
    """What chance and each assumption make of the spread of several measures, of results of so many
    `days`."""

    title: str
    question: str
    sample: Sample
    days: float
    assumptions: tuple[str, ...]
    rows: tuple[SourceShares, ...]


# --- ranges ---------------------------------------------------------------------------------------


def values_ranges(found: Uncertain) -> Ranges | None:
    """Each measure of each design; None where nothing was measured, or designs are too many."""
    names = list(found.results)
    panels = []
    for key in _shown(found, len(names)):
        unit = unit_of(key, found.scenario, yearly=True)
        has = [name for name in names if key in found.results[name]]
        splits = [found.split(name, key) for name in has]
        scale = scaled_row(unit, [each.mean for each in splits])[0]
        target = target_of_key(key, found.scenario)
        panels.append(
            RangePanel(
                label=_titled(label_of(key, found.scenario), scale),
                scale=scale,
                rows=tuple(_range(*each, unit, scale) for each in zip(has, splits, strict=True)),
                mark=None if target is None else target * scale.factor,
                mark_words="" if target is None else f"target: {target * 100:g} %",
            )
        )
    if not panels:
        return None
    question = f"What is to be expected, as far as anybody knows? {AT_THE_RIGHT}"
    return Ranges(_values_title(found), question, _sample(found), tuple(names), tuple(panels))


def difference_ranges(found: Uncertain) -> Ranges | None:
    """Each measure of each design less that of the design they are compared with; None without."""
    panels = []
    for key in _shown(found, len(found.others)):
        has = [name for name in found.others if _differs(found, name, key)]
        if not has:
            continue
        unit = _of_difference(unit_of(key, found.scenario, yearly=True))
        splits = [found.difference(name, key) for name in has]
        scale = scale_for(unit.kind, [unit.of(each.mean) for each in splits], signed=True)
        panels.append(
            RangePanel(
                label=_titled(label_of(key, found.scenario), scale),
                scale=scale,
                rows=tuple(
                    _range(*each, unit, scale, signed=True)
                    for each in zip(has, splits, strict=True)
                ),
                better=describe(key).better,
                mark=0.0,
                mark_words=f"as {found.against}",
            )
        )
    if not panels:
        return None
    question = f"What changes against {found.against}, draw by draw? {AT_THE_RIGHT}"
    designs = tuple(found.results)
    return Ranges(_difference_title(found), question, _sample(found), designs, tuple(panels))


def _shown(found: Uncertain, rows: int) -> Sequence[str]:
    """The measures that a picture has room for, at so many rows each; none of the many points of a
    sweep, which has pictures of its own."""
    if not 0 < rows <= len(found.results) <= MOST_DESIGNS:
        return ()
    return found.measures[: max(2, MOST_ROWS // rows)]


def _differs(found: Uncertain, name: str, key: str) -> bool:
    return key in found.results[name] and key in found.results[found.against]


def _of_difference(unit: Unit) -> Unit:
    return Unit("points" if unit.kind == "share" else unit.kind, unit.factor)


def _range(name: str, split: Split, unit: Unit, scale: Scale, *, signed: bool = False) -> Range:
    mean = unit.of(split.mean)
    ends = split.range() if split.unknown > 0 else None
    shown = None if ends is None else (ends[0] * unit.factor, ends[1] * unit.factor)

    def text(value: float | None) -> str:
        plus = "+" if signed and value is not None and value > 0 else ""
        return plus + scale.text(value)

    words = f"{text(mean.value)} {spread(mean, scale)}".rstrip()
    if shown is not None:  # the interval by chance lies within it, and is drawn
        words = f"{text(mean.value)} ({text(shown[0])} to {text(shown[1])})"
    return Range(name, mean, shown, words)


def _titled(label: str, scale: Scale) -> str:
    return f"{label}, {scale.unit}".rstrip(", ")


# --- what carries how much ------------------------------------------------------------------------


def spreads(found: Uncertain) -> UncertaintySources | None:
    """What the spread of each measure (of designs that are compared: of each difference) is made
    of; None where no effect was looked for, or nothing varies."""
    several = bool(found.others)
    names = list(found.others) or [found.against]
    split_up: list[tuple[str, Split, dict[str, float]]] = []
    shown = _shown(found, len(names))
    for key in ranked_keys(found) if len(names) > 1 and shown else shown:
        for name in names:
            if not (_differs(found, name, key) if several else key in found.results[name]):
                continue
            split = found.difference(name, key) if several else found.split(name, key)
            effects = found.effects(name, key, difference=several)
            if split.share.value is None or not effects:
                continue
            label = label_of(key, found.scenario)
            label += f": {_versus(found, name)}" if several else ""
            own = {path: each.share for path, each in effects.items() if each.told}
            split_up.append((label, split, own))
    if not split_up:
        return None
    most = {path: max(own.get(path, 0.0) for _, _, own in split_up) for path in found.paths}
    order = sorted((path for path in most if most[path] > 0), key=lambda path: -most[path])
    named, others = order[:MOST_NAMED], order[MOST_NAMED:]
    rows = tuple(_spread(label, split, own, named, others) for label, split, own in split_up)
    columns = [
        f"{sentence_case(path_words(path, found.scenario))}, {range_words(found, path)}"
        for path in named
    ] + [OTHERS] * bool(others)
    title = _spreads_title(found, several)
    days = measured_days(found.scenario)
    return UncertaintySources(title, WHENCE, _sample(found), days, tuple(columns), rows)


def _spread(
    label: str, split: Split, own: dict[str, float], named: list[str], others: list[str]
) -> SourceShares:
    """Shares of the whole spread. Effects are estimated one by one: where they come to more than
    the uncertainty from inputs, they share that."""
    unknown = split.share.value or 0.0
    whole = max(1.0, sum(own.values()))
    parts = [unknown * own.get(path, 0.0) / whole for path in named]
    if others:
        parts.append(unknown * sum(own.get(path, 0.0) for path in others) / whole)
    return SourceShares(label, 1 - unknown, tuple(parts), max(0.0, unknown - sum(parts)))


# --- findings -------------------------------------------------------------------------------------


def _first(found: Uncertain) -> str:
    """The measure of the title: the first with a target, else the cost, else the first."""
    targeted = [k for k in found.measures if target_of_key(k, found.scenario) is not None]
    cost = cost_measure(found.measures)
    return next(iter([*targeted, *(k for k in found.measures if k == cost), *found.measures]))


def _values_title(found: Uncertain) -> str:
    key = _first(found)
    label = label_of(key, found.scenario)
    target = target_of_key(key, found.scenario)
    has = [name for name in found.results if key in found.results[name]]
    splits = {name: found.split(name, key) for name in has}
    if target is None:
        unit = unit_of(key, found.scenario, yearly=True)
        scale = scaled_row(unit, [each.mean for each in splits.values()])[0]
        ends = splits[has[0]].range() if splits[has[0]].unknown > 0 else None
        if ends is None:
            return f"{label}: {ONLY_CHANCE}"
        low, high = (scale.text(end * unit.factor) for end in ends)
        whose = f" ({_label(found, has[0])})" if len(has) > 1 else ""
        return f"{label}: {low} to {high} {scale.unit} in 90 % of the draws{whose}"
    often = {
        _label(found, name): _share_of_draws(each, target, larger=True)
        for name, each in splits.items()
    }
    words = _often(often)
    if words == ONLY_CHANCE:
        return f"{label}: {words}"
    return f"{label}: target of {target * 100:g} % met {words}"


def _difference_title(found: Uncertain) -> str:
    """In how many draws each design is better, in service and in cost."""
    said: list[str] = []
    for key in dict.fromkeys((_first(found), cost_measure(found.measures))):
        has = [name for name in found.others if _differs(found, name, key)]
        better = describe(key).better
        if key not in found.measures or better not in ("higher", "lower") or not has:
            continue
        often = {
            _label(found, name): _share_of_draws(
                found.difference(name, key), 0.0, larger=better == "higher"
            )
            for name in has
        }
        money = describe(key).unit == "money"
        word, words = "less" if money else "better", _often(often)
        if words == "in no draw":
            word, words = "not less" if money else "not better", "in any draw"
        label = label_of(key, found.scenario)
        words = f"{word} {words}" if words != ONLY_CHANCE else words
        said.append(f"{label if not said else lower_first(label)}: {words}")
    if not said:
        return f"Difference to {_label(found, found.against)}, over the draws"
    base = _label(found, found.against)
    one = f"{_label(found, found.others[0])} against {base}: " if len(found.others) == 1 else ""
    return sentence_case(one + "; ".join(lower_first(each) if one else each for each in said))


def _share_of_draws(split: Split, bound: float, *, larger: bool) -> float | None:
    """The share of draws on the better side of a bound; None where chance may explain it."""
    low, high = split.mean.low, split.mean.high
    if low is None or high is None or (not split.told and low <= bound <= high):
        return None
    return share_of_draws(split, bound, larger=larger)


def _often(often: dict[str, float | None]) -> str:
    """`in 62 % of the draws`, `in 62 % (base) and 71 % (larger) of the draws`."""
    known = {name: share for name, share in often.items() if share is not None}
    alike: dict[str, list[str]] = {}
    for name, share in known.items():
        alike.setdefault(_percent(share), []).append(name)
    if not known:
        return ONLY_CHANCE
    first = next(iter(known.values()))
    if len(known) == len(often) and set(known.values()) in ({0.0}, {1.0}):
        return "in every draw" if first else "in no draw"
    if len(often) == 1:
        return f"in {_percent(first)} of the draws"
    each = [f"{percent} ({', '.join(names)})" for percent, names in alike.items()]
    if len(known) > MOST_TITLED and len(each) > 1:
        by_share = sorted(known, key=lambda name: known[name])
        least, most = (f"{_percent(known[by_share[i]])} ({by_share[i]})" for i in (0, -1))
        return f"in {least} to {most} of the draws"
    return f"in {joined(each)} of the draws"


def _percent(share: float) -> str:
    return f"{number(100 * share, 0)} %"


def _spreads_title(found: Uncertain, several: bool) -> str:
    """Which assumption explains most of the uncertainty from inputs in the first measure, in the
    design in which it explains most."""
    key = _first(found)
    what = lower_first(label_of(key, found.scenario))
    moves = []
    for name in found.others or (found.against,):
        if not (_differs(found, name, key) if several else key in found.results[name]):
            continue
        split = found.difference(name, key) if several else found.split(name, key)
        for path, effect in found.effects(name, key, difference=several).items():
            if effect.told:
                part = effect.share * (split.share.value or 0.0)
                moves.append((split.told, part, name, path, effect, split))
    if not moves:
        return f"No assumption surely changes {what}"
    _, _, name, path, effect, split = max(moves, key=lambda move: move[:2])
    what += f" ({_versus(found, name)})" if several else ""
    whole, share = _percent(split.share.value or 0.0), _percent(effect.share)
    if not split.told:
        return f"Mostly chance: your inputs explain {whole} of the uncertainty in {what}"
    whence = f"{share} of that from {path_words(path, found.scenario)}"
    return f"{whole} of the uncertainty in {what} comes from your inputs, {whence}"


def _label(found: Uncertain, design: str) -> str:
    return design_label(design, found.results[design].scenario)


def _versus(found: Uncertain, design: str) -> str:
    return f"{_label(found, design)} less {_label(found, found.against)}"


def _sample(found: Uncertain) -> Sample:
    name = found.scenario.name
    return Sample(name, f"{name} · {sample_words(found)}")


def range_tables(
    found: Uncertain, kinds: Sequence[str]
) -> Iterator[tuple[str, Ranges | UncertaintySources]]:
    """What is drawn of these kinds, with the names of the files."""
    makers = {"range": values_ranges, "difference": difference_ranges, "assumptions": spreads}
    for kind, make in makers.items():
        table = make(found) if kind in kinds else None
        if table is not None:
            yield kind, table
